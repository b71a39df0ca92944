"""Turns and windows of other programs as layers of ours: same handoffs, same order, same person in each turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import gcd
from typing import Any

from bot.core.oncall import DAYS, Schedule

DAY = 24 * 60
WEEK = 7 * DAY
ALWAYS = (1 << WEEK) - 1
"""Every minute of a week."""

MOST = 200
"""Participants of one layer that a person still can read."""

People = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Window:
    """From `start` on each of `days` (0 is Monday), for `length`: both in minutes, at most a week."""

    days: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True)
class Layer:
    """One layer in the written form, its people by the vendor's ids.

    `week`: the minutes in which it shows. `begins`, `ends`: local, as the vendor has them; ours has no end.
    """

    name: str
    rotation: dict[str, Any]
    people: People
    windows: tuple[dict[str, Any], ...]
    week: int
    begins: datetime
    ends: datetime | None

    def table(self, ids: Mapping[str, str]) -> dict[str, Any]:
        """The written form; `ids` of people by the vendor's."""
        people = [[ids[one] for one in group] for group in self.people]
        table: dict[str, Any] = {
            "rotation": self.rotation,
            "participants": [group[0] if len(group) == 1 else group for group in people],
        }
        return {**table, "restrictions": list(self.windows)} if self.windows else table


@dataclass
class Part:
    """Layers of which at most one is on call at a time, lowest precedence first."""

    name: str
    layers: list[Layer] = field(default_factory=list)


class Inexpressible(ValueError):
    """What can't be written as a layer; its text completes “…: ”."""


# ---- turns -------------------------------------------------------------------------------------


def layer(
    name: str,
    *,
    grid: datetime,
    length: timedelta,
    since: datetime,
    people: People,
    windows: Sequence[Window] = (),
    now: datetime,
    ends: datetime | None = None,
) -> Layer:
    """The layer whose turn 0 begins at `grid`, each turn lasting `length`, and which is in force from `since` on.

    All times are local, without an offset. A layer that has begun by `now` starts at the turn it then was in: nobody
    is asked about the time before. Raises Inexpressible.
    """
    grid, asked = grid.replace(second=0, microsecond=0), since
    if length % timedelta(minutes=1) or length <= timedelta(0):
        raise Inexpressible(
            f"turns of {length.total_seconds():g} seconds can't be expressed, only whole minutes"
        )
    turn = (since - grid) // length
    begins = grid + turn * length
    people = _from(people, turn)
    unit, kind = _unit(length)
    if since <= now:
        since = begins
    elif since - begins >= unit:
        # Our grid is found by its time of day (and weekday) at or before the start, so a turn that is entered later
        # than that is written as shorter turns of the same person.
        piece = unit if not length % unit else _piece(length)
        if len(people) * (length // piece) > MOST:
            raise Inexpressible("it begins in the middle of a long turn, which can't be expressed")
        people = tuple(group for group in people for _ in range(length // piece))
        within = (since - begins) // piece
        begins, people, length = begins + within * piece, _from(people, within), piece
        unit, kind = _unit(length)
    rotation = {"kind": kind, "length": _length(kind, length), "handoff": f"{begins:%H:%M}"}
    if kind == "weekly":
        rotation["weekday"] = DAYS[begins.weekday()]
    rotation["start"] = since.isoformat(timespec="seconds" if since.second else "minutes")
    return _checked(name, rotation, people, windows, asked, ends)


def monthly(
    name: str,
    *,
    grid: datetime,
    months: int,
    monthday: int,
    since: datetime,
    people: People,
    ends: datetime | None,
) -> Layer:
    """Turns of so many whole months, in force from `since` on, local. Raises Inexpressible."""
    rotation = {
        "kind": "monthly",
        "length": months,
        "handoff": f"{grid:%H:%M}",
        "monthday": monthday,
        "start": grid.replace(second=0, microsecond=0).isoformat(timespec="minutes"),
    }
    return _checked(name, rotation, people, (), since, ends)


def _checked(
    name: str,
    rotation: dict[str, Any],
    people: People,
    windows: Sequence[Window],
    begins: datetime,
    ends: datetime | None,
) -> Layer:
    """The layer, if our own reader takes it."""
    if not people:
        raise Inexpressible("nobody is in it")
    week = 0
    for window in windows:
        week |= _minutes(window)
    written = () if not windows or week == ALWAYS else tuple(_windows(windows))
    table = {
        "rotation": rotation,
        "participants": [list(group) for group in people],
        "restrictions": list(written),
    }
    try:
        Schedule.parse({"tz": "UTC", "layers": [table]})
    except (ValueError, OverflowError) as error:
        raise Inexpressible(f"it can't be expressed ({error})") from None
    return Layer(name, rotation, people, written, week if written else ALWAYS, begins, ends)


def filled(turns: Sequence[tuple[str, ...]]) -> People:
    """The turns, those without anybody held by whoever has the one before; none at all if nobody has any."""
    last = next((turn for turn in reversed(turns) if turn), ())
    found: list[tuple[str, ...]] = []
    for turn in turns if last else ():
        last = turn or last
        found.append(last)
    return tuple(found)


def _from(people: People, turn: int) -> People:
    """The same order, beginning with whoever holds `turn`."""
    at = turn % len(people) if people else 0
    return people[at:] + people[:at]


def _unit(length: timedelta) -> tuple[timedelta, str]:
    """How far back our grid is looked for, and the kind of such turns."""
    if not length % timedelta(days=7):
        return timedelta(days=7), "weekly"
    if not length % timedelta(days=1):
        return timedelta(days=1), "daily"
    return timedelta(days=1), "custom" if length % timedelta(hours=1) else "hourly"


def _piece(length: timedelta) -> timedelta:
    """The longest part of at most a day that divides `length`."""
    minutes = length // timedelta(minutes=1)
    parts = next(parts for parts in range(1, minutes + 1) if not minutes % parts and minutes // parts <= DAY)
    return timedelta(minutes=minutes // parts)


def _length(kind: str, length: timedelta) -> int | dict[str, int]:
    if kind != "custom":
        return (
            length
            // {"weekly": timedelta(days=7), "daily": timedelta(days=1), "hourly": timedelta(hours=1)}[kind]
        )
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    days, hours = divmod(hours, 24)
    parts = {"days": days, "hours": hours, "minutes": minutes}
    return {key: value for key, value in parts.items() if value}


def together(sequences: Sequence[Sequence[tuple[str, ...]]]) -> list[tuple[str, ...]] | None:
    """Sequences of turns that go on side by side, as one of groups; None if that would be too long a list."""
    period = 1
    for sequence in sequences:
        period = period * len(sequence) // gcd(period, len(sequence))
    if period > MOST:
        return None
    return [
        tuple(dict.fromkeys(one for sequence in sequences for one in sequence[turn % len(sequence)]))
        for turn in range(period)
    ]


# ---- windows -----------------------------------------------------------------------------------


def _minutes(window: Window) -> int:
    """The minutes of the week, from Monday 00:00 on, as bits."""
    length, found = min(window.length, WEEK), 0
    for day in window.days:
        bits = ((1 << length) - 1) << (day * DAY + window.start)
        found |= (bits | bits >> WEEK) & ALWAYS
    return found


def _windows(windows: Iterable[Window]) -> Iterable[dict[str, Any]]:
    """In the written form, where each lasts a day at most."""
    days: dict[tuple[int, int], set[int]] = {}
    for window in windows:
        whole, rest = divmod(window.length, DAY)
        for day in window.days:
            for later in range(whole):
                days.setdefault((window.start, window.start), set()).add((day + later) % 7)
            if rest:
                ends = (window.start + rest) % DAY
                days.setdefault((window.start, ends), set()).add((day + whole) % 7)
    for (start, end), begins in days.items():
        yield {"days": [DAYS[day] for day in sorted(begins)], "from": clock(start), "to": clock(end)}


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


# ---- precedence --------------------------------------------------------------------------------


def parts(name: str, levels: Sequence[Sequence[Layer]]) -> list[Part]:
    """Schedules of ours that together have on call whom one schedule of levels has.

    Layers of one level are on call together; a level that has somebody hides those before it. Those of one level that
    never meet share a part; for the others each part is a schedule of its own.
    """
    sorted_out = [_apart(level) for level in levels if level]
    count = max((len(level) for level in sorted_out), default=0)
    found: list[Part] = []
    for number in range(count):
        part = Part(name)
        for height, level in enumerate(sorted_out):
            mine = level[number] if number < len(level) else level[-1]
            if height:
                # All of the level stand here, so that it hides the levels below wherever it has somebody.
                part.layers += [one for others in level if others is not mine for one in others]
            if height or number < len(level):
                part.layers += mine
        if number and part.layers:
            part.name = f"{name} ({part.layers[-1].name})" if part.layers[-1].name else f"{name} {number + 1}"
        found.append(part)
    return found


def _apart(level: Sequence[Layer]) -> list[list[Layer]]:
    """The layers in groups within which none meets another; what takes over from another stands above it."""
    groups: list[list[Layer]] = []
    for one in sorted(level, key=lambda layer: layer.begins):
        home = next((group for group in groups if not any(_meet(other, one) for other in group)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return groups


def _meet(earlier: Layer, later: Layer) -> bool:
    return bool(earlier.week & later.week) and not _takes_over(earlier, later)


def _takes_over(earlier: Layer, later: Layer) -> bool:
    """Whether the end of `earlier` needs no word, because `later` then is there whenever it would be."""
    return (
        earlier.ends is not None and later.begins >= earlier.ends and not earlier.week & ~later.week & ALWAYS
    )


def unending(found: Iterable[Part]) -> list[Layer]:
    """The layers that go on here after their end, because none above begins by then that hides them."""
    return list(
        {
            id(one): one
            for part in found
            for height, one in enumerate(part.layers)
            if one.ends is not None
            and not any(
                over.begins <= one.ends and not one.week & ~over.week & ALWAYS
                for over in part.layers[height + 1 :]
            )
        }.values()
    )
