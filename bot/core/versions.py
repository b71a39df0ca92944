"""A rotation that is edited: what holds from when on, so that turns go on and the past keeps its answers.

A version is a schedule's written form (ONCALL.md §7) from an instant on; its layers may carry a `shift`, which
lets a changed order go on from whoever is on call. Versions are kept and never changed once they are in force.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.oncall import Schedule, Segment, arrival, final, turn_at
from bot.models import Secondment

Written = Mapping[str, Any]

PREVIEW = timedelta(weeks=4)
"""How far ahead an edit shows what it changes."""


@dataclass(frozen=True)
class Version:
    """`written` is in force from `since` (UTC) until the next version."""

    since: datetime
    written: Written


def successors(old: Written, new: Written, at: datetime) -> list[Version]:
    """What follows when the schedule `old`, in force at `at`, is edited to `new`; the first begins at `at`.

    Participants changed: handoffs stay. Whoever is on call and still listed finishes their turn and the new order
    goes on from their place; otherwise the next of the old order who is still listed takes over at once, or else
    the first of the new list. The same when handoffs change. A rotation with another `start` begins as it is
    written, once the turn that runs has ended and its start has come.
    """
    now: list[Written] = []
    later: list[tuple[datetime, int, Written]] = []
    for place, (layer, before) in enumerate(_paired(new["layers"], old["layers"])):
        if before is None:
            now.append(layer)
            continue
        waits = _waits(before, layer, old["tz"], new["tz"], at)
        if waits is None:
            now.append(_shifted(layer, _shift(before, layer, old["tz"], new["tz"], at)))
        else:
            now.append(before)
            later.append((waits, place, layer))
    found = [Version(at, {**new, "layers": now})]
    for moment in sorted({moment for moment, _, _ in later}):
        layers = list(found[-1].written["layers"])
        for _, place, layer in (one for one in later if one[0] == moment):
            layers[place] = layer
        found.append(Version(moment, {**new, "layers": layers}))
    return found


def planned(old: Written | None, new: Written, stays: Sequence[Secondment], at: datetime) -> list[Version]:
    """Everything that follows from an edit at `at`: `old` becomes `new`, which `stays` join for their spans.

    The first version begins at `at`. `old` is None for a schedule that had no version before: it holds as written.
    """
    zone = Schedule.parse(new).zone
    spans = [
        (arrival(zone, datetime.fromisoformat(s.start)), arrival(zone, datetime.fromisoformat(s.end)), s)
        for s in stays
    ]
    found: list[Version] = []
    for moment in (at, *sorted({edge for start, end, _ in spans for edge in (start, end) if edge > at})):
        wanted = _joined(new, [s.person for start, end, s in spans if start <= moment < end])
        kept = [version for version in found if version.since < moment]
        before = kept[-1].written if kept else old
        found = [*kept, *(successors(before, wanted, moment) if before else [Version(moment, wanted)])]
    return found


def _joined(written: Written, people: Sequence[str]) -> Written:
    """The schedule with `people` at the end of its lowest layer's order."""
    layers = list(written["layers"])
    if not layers or not people:
        return {**written, "layers": layers}
    joined = {**layers[0], "participants": [*layers[0]["participants"], *people]}
    return {**written, "layers": [joined, *layers[1:]]}


def in_force(versions: Sequence[Version]) -> Schedule:
    """One schedule that answers with each of `versions` from its instant on, and with the first before that too."""
    first, *later = versions
    return Schedule.parse(first.written).with_versions((v.since, Schedule.parse(v.written)) for v in later)


# ---- which layer became which ------------------------------------------------------------------


def _paired(new: Sequence[Written], old: Sequence[Written]) -> Iterator[tuple[Written, Written | None]]:
    """Each new layer with the old one that it changes: by place, or by what it rotates where layers came and went."""
    if len(new) == len(old):
        yield from zip(new, old, strict=True)
        return
    left = list(old)
    for layer in new:
        same = next((one for one in left if one["rotation"] == layer["rotation"]), None)
        if same is not None:
            left.remove(same)
        yield layer, same


def _groups(layer: Written) -> list[tuple[str, ...]]:
    return [tuple(one) if isinstance(one, list | tuple) else (one,) for one in layer["participants"]]


def _shifted(layer: Written, shift: int) -> Written:
    return {**{k: v for k, v in layer.items() if k != "shift"}, **({"shift": shift} if shift else {})}


def _turn(layer: Written, tz: str, at: datetime) -> int | None:
    """The turn that runs at `at`; None before the start and without participants."""
    parsed = Schedule.parse({"tz": tz, "layers": [layer]})
    one = parsed.layers[0]
    if not one.participants or arrival(parsed.zone, one.rotation.start) > at:
        return None
    return turn_at(parsed.zone, one.rotation, at)


def _shift(old: Written, new: Written, old_tz: str, new_tz: str, at: datetime) -> int:
    """The shift with which `new` goes on from whoever `old` has at `at`."""
    before, after = _turn(old, old_tz, at), _turn(new, new_tz, at)
    people, order = _groups(old), _groups(new)
    if before is None or after is None:
        return int(new.get("shift", 0))
    place = (before + int(old.get("shift", 0))) % len(people)
    if people == order:
        return (place - after) % len(order)
    for step in range(len(people)):
        holder = people[(place + step) % len(people)]
        found = _place(holder, order, place)
        if found is not None:
            return (found - after) % len(order)
    return -after % len(order)


def _place(holder: tuple[str, ...], order: Sequence[tuple[str, ...]], near: int) -> int | None:
    """Where `holder` stands in the new order: the group itself, else the first place with somebody of it."""
    same = [place for place, group in enumerate(order) if group == holder]
    if not same:
        same = [place for place, group in enumerate(order) if set(group) & set(holder)]
    # A name may stand twice: the place that is nearest to the old one is meant.
    return min(same, key=lambda place: abs(place - near), default=None)


def _waits(old: Written, new: Written, old_tz: str, new_tz: str, at: datetime) -> datetime | None:
    """Until when the old layer goes on because the new one begins elsewhere; None: the change takes effect at once."""
    if old["rotation"].get("start") == new["rotation"].get("start"):
        return None
    before = _turn(old, old_tz, at)
    if before is None:
        return None
    people = _groups(old)
    holder = people[(before + int(old.get("shift", 0))) % len(people)]
    begun = Schedule.parse({"tz": new_tz, "layers": [new]})
    begins = arrival(begun.zone, begun.layers[0].rotation.start)
    if _place(holder, _groups(new), 0) is None and begins <= at:
        return None
    zone, rotation = (
        (parsed := Schedule.parse({"tz": old_tz, "layers": [old]})).zone,
        parsed.layers[0].rotation,
    )
    ends = next(edge for n in range(1, 10**6) if (edge := arrival(zone, rotation.begins(before + n))) > at)
    return max(ends, begins) if len(people) > 1 or begins > at else None


# ---- what it changes ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """From `start` until `end` another person answers than before the edit."""

    start: datetime
    end: datetime
    before: list[str]
    after: list[str]


def differences(old: Schedule, new: Schedule, start: datetime, end: datetime) -> list[Difference]:
    """Where two schedules give other answers between `start` and `end`, equal neighbours merged."""
    was, will = final(old, start, end), final(new, start, end)
    edges = sorted({s.start for s in (*was, *will)} | {end})
    found: list[Difference] = []
    for a, b in pairwise(edges):
        before, after = _during(was, a), _during(will, a)
        if before == after:
            continue
        if found and found[-1].end == a and (found[-1].before, found[-1].after) == (before, after):
            found[-1] = Difference(found[-1].start, b, before, after)
        else:
            found.append(Difference(a, b, before, after))
    return found


def _during(segments: Sequence[Segment], moment: datetime) -> list[str]:
    return next(s.people for s in segments if s.start <= moment < s.end)


def told(
    found: Sequence[Difference], called: Callable[[str], str], zone: ZoneInfo, *, most: int = 8
) -> list[str]:
    """The differences as people read them, times in the team's zone; at most `most`, and how many more there are."""

    def names(people: Sequence[str]) -> str:
        return ", ".join(map(called, people)) or "nobody"

    lines = [
        f"{one.start.astimezone(zone):%a %d %b %H:%M} – {one.end.astimezone(zone):%a %d %b %H:%M}: "
        f"{names(one.after)} instead of {names(one.before)}"
        for one in found[:most]
    ]
    return lines + ([f"and {len(found) - most} more"] if len(found) > most else [])
