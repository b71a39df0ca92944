"""Who is on call: one pure function of a schedule and an instant, and everything that follows from it.

Handoffs, starts and windows are wall-clock times of the schedule's zone. Each takes effect at the first instant at
which the zone's clock reads it or later: a time that the clock skips counts at the moment of the jump, one that
comes twice counts the first time. Periods are half-open. Covers and swaps are kept as instants.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LENGTHS = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": WEEK}
KINDS = frozenset({*LENGTHS, "monthly", "custom"})
FAR = timedelta(days=400)
"""How far ahead a change is looked for."""

LONGEST = timedelta(days=10_000)
"""Of a turn of kind `custom`: what local dates can still hold."""

Steps = list[tuple[datetime, tuple[str, ...]]]
"""Who from which instant on, in order."""

_MOMENT = timedelta(microseconds=1)

NEAR = 2
"""Days around an instant in which a window that matters then can begin: a zone may skip a whole day."""


@dataclass(frozen=True, slots=True)
class Window:
    """On the `days` (0 is Monday) from `start` on; `end` at or before it is on the next day."""

    days: frozenset[int]
    start: time
    end: time

    def on(self, zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
        """The window that begins on `day`, as instants."""
        last = day if self.end > self.start else day + timedelta(days=1)
        return arrival(zone, datetime.combine(day, self.start)), arrival(
            zone, datetime.combine(last, self.end)
        )


@dataclass(frozen=True, slots=True)
class Rotation:
    """`grid` is where turn 0 begins, at or before `start`; `months` is 0 where turns have a `length`."""

    start: datetime
    grid: datetime
    length: timedelta
    months: int
    monthday: int

    def begins(self, turn: int) -> datetime:
        """The local time at which `turn` begins."""
        if not self.months:
            return self.grid + turn * self.length
        month = self.grid.year * 12 + self.grid.month - 1 + turn * self.months
        year, month = divmod(month, 12)
        day = min(self.monthday, _last_day(year, month + 1))
        return self.grid.replace(year=year, month=month + 1, day=day)

    def near(self, local: datetime) -> int:
        """The turn in which `local` lies, as far as local times alone can tell."""
        if self.months:
            turn = ((local.year - self.grid.year) * 12 + local.month - self.grid.month) // self.months
            return turn if self.begins(turn) <= local else turn - 1
        return (local - self.grid) // self.length


@dataclass(frozen=True, slots=True)
class Layer:
    """`shift` turns of the order stand before turn 0: so a changed list goes on from whoever is on call."""

    rotation: Rotation
    participants: tuple[tuple[str, ...], ...]
    windows: tuple[Window, ...] = ()
    shift: int = 0

    def holding(self, turn: int) -> tuple[str, ...]:
        """Who holds `turn`; there must be participants."""
        return self.participants[(turn + self.shift) % len(self.participants)]


@dataclass(frozen=True, slots=True)
class Override:
    """`user` from `start` until `end`: instead of everybody (a cover, with `others`), or only of `replaces` (a swap)."""

    user: str
    start: datetime
    end: datetime
    replaces: str | None = None
    others: tuple[str, ...] = ()

    def over(self, people: tuple[str, ...]) -> tuple[str, ...]:
        """Who answers instead of `people` while it lasts."""
        if self.replaces is None:
            return (self.user, *self.others)
        return tuple(self.user if person == self.replaces else person for person in people)


@dataclass(frozen=True, slots=True)
class Segment:
    """`people` from `start` until `end`, both UTC; an empty list is a gap."""

    start: datetime
    end: datetime
    people: list[str]


@dataclass(frozen=True, slots=True)
class Schedule:
    """`layers`: the last one that has somebody decides. `overrides`: applied in their order, oldest first.

    `versions`: what it was changed to, each from an instant on, oldest first. A later change adds one and leaves
    the answers before it as they were; the overrides of the schedule itself lie over them all.
    """

    zone: ZoneInfo
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()
    versions: tuple[tuple[datetime, "Schedule"], ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Schedule":
        """The written form of a schedule. Raises one ValueError that names every mistake and its place."""
        reader = _Reader()
        schedule = reader.schedule(data)
        if reader.wrong:
            raise ValueError("; ".join(reader.wrong))
        return schedule

    def with_overrides(self, overrides: Iterable[Override]) -> "Schedule":
        """The same with further covers and swaps, oldest first."""
        return replace(self, overrides=(*self.overrides, *overrides))

    def with_versions(self, versions: Iterable[tuple[datetime, "Schedule"]]) -> "Schedule":
        """The same until the first of `versions` takes effect; each is (UTC, its schedule), oldest first."""
        return replace(self, versions=(*self.versions, *versions))

    def at(self, moment: datetime) -> "Schedule":
        """The version whose layers are in force at `moment`."""
        found = self
        for since, version in self.versions:
            if since > moment:
                break
            found = version
        return found


# ---- answers ---------------------------------------------------------------------------------


def who(schedule: Schedule, at: datetime) -> list[str]:
    """Everyone on call at the instant `at`; an empty list means nobody."""
    at = _instant(at)
    people: tuple[str, ...] = ()
    version = schedule.at(at) if schedule.versions else schedule
    there = at.astimezone(version.zone)
    local, twice = there.replace(tzinfo=None, fold=0), bool(there.fold)
    for layer in reversed(version.layers):
        people = _visible(version.zone, layer, at, local, twice)
        if people:
            break
    overrides = schedule.overrides if version is schedule else (*version.overrides, *schedule.overrides)
    for override in overrides:
        if override.start <= at < override.end:
            people = override.over(people)
    return list(dict.fromkeys(people))


def next_change(schedule: Schedule, at: datetime) -> tuple[datetime, list[str]] | None:
    """The first instant strictly after `at` at which the answer changes, with the new answer; None within 400 days."""
    at = _instant(at)
    # Most changes are near: each look goes further only where the one before saw none.
    for days in (2, 8, 33, 401):
        found = final(schedule, at, at + min(timedelta(days=days), FAR + _MOMENT))
        if len(found) > 1:
            return found[1].start, found[1].people
    return None


def final(schedule: Schedule, start: datetime, end: datetime) -> list[Segment]:
    """Adjoining segments from `start` to `end`, gaps as empty lists, equal neighbours merged."""
    start, end = _instant(start), _instant(end)
    if end <= start:
        return []
    steps: Steps = []
    edges = [since for since, _ in schedule.versions if start < since < end]
    for begin, until in pairwise((start, *edges, end)):
        version = schedule.at(begin)
        answer: Steps = [(begin, ())]
        for layer in version.layers:
            answer = _above(_shown(version.zone, layer, begin, until), answer)
        steps += answer if version is schedule else _laid(version.overrides, answer, begin, until)
    steps = _laid(schedule.overrides, steps, start, end)
    found: list[Segment] = []
    last: list[str] | None = None
    for moment, people in steps:
        once = list(dict.fromkeys(people)) if len(people) > 1 else list(people)
        if once != last:
            found.append(Segment(moment, end, once))
            last = once
    return [
        Segment(one.start, after.start, one.people)
        for one, after in pairwise([*found, Segment(end, end, [])])
    ]


def seconds(schedule: Schedule, start: datetime, end: datetime) -> dict[str, float]:
    """How long each person is on call from `start` to `end`; each member of a group counts in full."""
    total: dict[str, float] = {}
    for segment in final(schedule, start, end):
        for person in segment.people:
            total[person] = total.get(person, 0.0) + (segment.end - segment.start).total_seconds()
    return total


def named(schedule: Schedule) -> set[str]:
    """Everyone who may ever be on call in it: of its layers, versions, covers and swaps."""
    versions = (schedule, *(version for _, version in schedule.versions))
    listed = (
        person for v in versions for layer in v.layers for group in layer.participants for person in group
    )
    standing = (person for v in versions for one in v.overrides for person in (one.user, *one.others))
    return {*listed, *standing}


# ---- wall-clock times ------------------------------------------------------------------------


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: an instant is needed")
    return at.astimezone(UTC)


def arrival(zone: ZoneInfo, local: datetime) -> datetime:
    """The first instant at which the clock of `zone` reads `local` or later."""
    before, after = zone.utcoffset(local), zone.utcoffset(local.replace(fold=1))
    assert before is not None
    assert after is not None
    if before >= after:
        # The clock reads it, once or (before > after) twice: the first time counts.
        return (local - before).replace(tzinfo=UTC)
    return _jump(zone, local, (local - after).replace(tzinfo=UTC), (local - before).replace(tzinfo=UTC))


@lru_cache(maxsize=4096)
def _jump(zone: ZoneInfo, local: datetime, before: datetime, after: datetime) -> datetime:
    """The clock skips `local`: the jump lies between the instants that the two offsets give, on a whole second."""
    before = before.replace(microsecond=0) - timedelta(seconds=1)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def _last_day(year: int, month: int) -> int:
    return ((date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)).day


# ---- one instant -----------------------------------------------------------------------------
#
# Whatever the clock reads now or read before has arrived. So local times decide alone, and only in an hour that
# comes twice (fold) can something of a later reading have arrived already.


def turn_at(zone: ZoneInfo, rotation: Rotation, at: datetime) -> int:
    """The turn that holds at `at`, which must not lie before the rotation's start; the cost is the same at any age."""
    local = at.astimezone(zone)
    turn = rotation.near(local.replace(tzinfo=None, fold=0))
    if local.fold:
        while arrival(zone, rotation.begins(turn + 1)) <= at:
            turn += 1
    return turn


def _visible(zone: ZoneInfo, layer: Layer, at: datetime, local: datetime, twice: bool) -> tuple[str, ...]:
    rotation = layer.rotation
    if not layer.participants:
        return ()
    if local < rotation.start and not (twice and arrival(zone, rotation.start) <= at):
        return ()
    if layer.windows and not _is_open(zone, layer.windows, at, local, twice):
        return ()
    if len(layer.participants) == 1:
        return layer.participants[0]
    return layer.holding(turn_at(zone, rotation, at) if twice else rotation.near(local))


def _is_open(zone: ZoneInfo, windows: Sequence[Window], at: datetime, local: datetime, twice: bool) -> bool:
    # A window ends on the day after it begins at the latest; in an hour that comes twice, tomorrow's may have begun.
    today = local.date()
    for back in (0, 1, -1) if twice else (0, 1):
        day = today - timedelta(days=back)
        weekday = day.weekday()
        for window in windows:
            if weekday in window.days and (twice or window.start <= local.time() or back):
                start, end = window.on(zone, day)
                if start <= at < end:
                    return True
    return False


def _windows(
    zone: ZoneInfo, windows: Sequence[Window], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Every window that can matter from `start` to `end`, as instants."""
    first = start.astimezone(zone).date() - timedelta(days=NEAR)
    days = (end.astimezone(zone).date() - first).days + NEAR
    for offset in range(days + 1):
        day = first + timedelta(days=offset)
        for window in windows:
            if day.weekday() in window.days:
                yield window.on(zone, day)


# ---- a span: who, as steps from one instant to the next ------------------------------------------


def _shown(zone: ZoneInfo, layer: Layer, start: datetime, end: datetime) -> Steps:
    """Whom the layer shows from `start` to `end`; its first step is at `start`."""
    steps = _turns(zone, layer, start, end)
    if not layer.windows or steps == [(start, ())]:
        return steps
    found: Steps = [(start, ())]
    turn, people = 0, steps[0][1]
    for opens, closes in _merged(_windows(zone, layer.windows, start, end)):
        if closes <= start or opens >= end:
            continue
        opens = max(opens, start)
        while turn + 1 < len(steps) and steps[turn + 1][0] <= opens:
            turn += 1
        people = steps[turn][1]
        if found[-1][0] == opens:
            found.pop()
        found.append((opens, people))
        while turn + 1 < len(steps) and steps[turn + 1][0] < closes:
            turn += 1
            found.append(steps[turn])
        if closes < end:
            found.append((closes, ()))
    return found


def _turns(zone: ZoneInfo, layer: Layer, start: datetime, end: datetime) -> Steps:
    rotation = layer.rotation
    begins = arrival(zone, rotation.start)
    if not layer.participants or begins >= end:
        return [(start, ())]
    found: Steps = [(start, ())] if begins > start else []
    moment = max(begins, start)
    if len(layer.participants) == 1:
        return [*found, (moment, layer.participants[0])]
    turn = turn_at(zone, rotation, moment)
    while moment < end:
        if found and found[-1][0] == moment:
            found.pop()  # a jump left that turn without length
        found.append((moment, layer.holding(turn)))
        turn += 1
        moment = arrival(zone, rotation.begins(turn))
    return found


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same time as spans that neither touch nor overlap; those that a jump left without length are gone."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _above(upper: Steps, lower: Steps) -> Steps:
    """`upper` where it has somebody, else `lower`; both begin at the same instant."""
    if upper == [(upper[0][0], ())]:
        return lower
    found: Steps = []
    high, low = 0, 0
    moment = upper[0][0]
    while True:
        found.append((moment, upper[high][1] or lower[low][1]))
        then_high = upper[high + 1][0] if high + 1 < len(upper) else None
        then_low = lower[low + 1][0] if low + 1 < len(lower) else None
        if then_high is None and then_low is None:
            return found
        if then_low is None or (then_high is not None and then_high <= then_low):
            assert then_high is not None
            low += then_high == then_low
            high += 1
            moment = then_high
        else:
            low += 1
            moment = then_low


def _laid(overrides: Sequence[Override], steps: Steps, start: datetime, end: datetime) -> Steps:
    """`steps` with covers and swaps laid over them, one after another."""
    for override in overrides:
        begins, until = max(override.start, start), min(override.end, end)
        if begins >= until:
            continue
        found: Steps = []
        for (moment, people), (after, _) in pairwise([*steps, (end, ())]):
            if after <= begins or moment >= until:
                found.append((moment, people))
                continue
            if moment < begins:
                found.append((moment, people))
            found.append((max(moment, begins), override.over(people)))
            if after > until:
                found.append((until, people))
        steps = found
    return steps


# ---- the written form ------------------------------------------------------------------------


_SCHEDULE, _ZONE = frozenset({"tz", "layers", "overrides"}), frozenset({"tz"})
_LAYER = frozenset({"rotation", "participants", "restrictions", "shift"})
_LAYER_NEEDS = frozenset({"rotation", "participants"})
_ROTATION = frozenset({"kind", "length", "handoff", "weekday", "monthday", "start"})
_ROTATION_NEEDS = frozenset({"kind", "length", "handoff", "start"})
_CUSTOM = frozenset({"days", "hours", "minutes"})
_WINDOW = frozenset({"days", "from", "to"})
_OVERRIDE = frozenset({"user", "replaces", "start", "end"})
_OVERRIDE_NEEDS = frozenset({"user", "start", "end"})


class _Reader:
    """Reads the written form and notes every mistake with its place."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def say(self, place: str, what: str, key: str = "") -> None:
        """Note `what` is wrong at `place`, or at its `key`: the two are joined only here, where a mistake was found."""
        self.wrong.append(f"{'.'.join(filter(None, (place, key)))}: {what}")

    def table(
        self, place: str, data: Any, known: frozenset[str], needed: frozenset[str] = frozenset()
    ) -> Mapping[str, Any]:
        if not (type(data) is dict or isinstance(data, Mapping)):
            self.say(place or "schedule", "must be a table")
            return {}
        if needed <= data.keys() <= known:
            return data
        dot = f"{place}." if place else ""
        for key in data:
            if key not in known:
                self.say(f"{dot}{key}", f"is not known; use {', '.join(sorted(known))}")
        for key in sorted(needed - data.keys()):
            self.say(f"{dot}{key}", "is missing")
        return data

    def rows(self, place: str, key: str, data: Any) -> Sequence[Any]:
        if not isinstance(data, (list, tuple)):  # a union would be built anew each time
            self.say(place, "must be a list", key)
            return ()
        return data

    def schedule(self, data: Any) -> Schedule:
        table = self.table("", data, _SCHEDULE, _ZONE)
        try:
            zone = ZoneInfo(str(table.get("tz", "UTC")))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.say("tz", f"{table.get('tz')!r} is no time zone; use an IANA name such as Europe/London")
            zone = ZoneInfo("UTC")
        layers = [
            self.layer(f"layers[{n}]", row)
            for n, row in enumerate(self.rows("", "layers", table.get("layers", [])))
        ]
        given = self.rows("", "overrides", table.get("overrides", []))
        overrides = [self.override(f"overrides[{n}]", row) for n, row in enumerate(given)]
        return Schedule(zone, tuple(x for x in layers if x), tuple(x for x in overrides if x))

    def layer(self, place: str, data: Any) -> Layer | None:
        table = self.table(place, data, _LAYER, _LAYER_NEEDS)
        rotation = (
            self.rotation(f"{place}.rotation", table.get("rotation", {})) if "rotation" in table else None
        )
        people: list[tuple[str, ...]] = []
        for one in self.rows(place, "participants", table.get("participants", [])):
            if type(one) is str and one:
                people.append(_alone(one))
            elif isinstance(one, list | tuple) and one and {*map(type, one)} == {str} and all(one):
                people.append(tuple(one))
            else:
                position = f"{place}.participants[{len(people)}]"
                self.say(position, "must be a person or a list of people")
                people.append(())
        windows: tuple[Window, ...] = ()
        if "restrictions" in table:
            rows = self.rows(place, "restrictions", table["restrictions"])
            read = [self.window(f"{place}.restrictions[{n}]", row) for n, row in enumerate(rows)]
            windows = tuple(window for window in read if window)
        shift = table.get("shift", 0)
        if not _whole(shift):
            self.say(f"{place}.shift", f"{shift!r} is no whole number")
            shift = 0
        return Layer(rotation, tuple(people), windows, shift) if rotation else None

    def rotation(self, place: str, data: Any) -> Rotation | None:
        table = self.table(place, data, _ROTATION, _ROTATION_NEEDS)
        kind, before = str(table.get("kind")), len(self.wrong)
        if kind not in KINDS and "kind" in table:
            self.say(place, f"{kind!r} is not known; use hourly, daily, weekly, monthly or custom", "kind")
        handoff = self.clock(place, "handoff", table.get("handoff"))
        start = self.local(place, "start", table.get("start"))
        length, months = self.length(place, kind, table.get("length"))
        weekday, monthday = str(table.get("weekday")), table.get("monthday")
        if kind == "weekly" and weekday not in DAYS:
            what = f"{weekday!r} is not a weekday" if "weekday" in table else "is missing"
            self.say(place, f"{what}; use {', '.join(DAYS)}", "weekday")
        if kind == "monthly" and not (_whole(monthday) and 1 <= monthday <= 31):
            what = f"{monthday!r} is not a day of the month" if "monthday" in table else "is missing"
            self.say(place, f"{what}; use 1 to 31", "monthday")
        for key, only in (("weekday", "weekly"), ("monthday", "monthly")):
            if key in table and kind != only:
                self.say(place, f"goes with kind = {only!r} alone", key)
        if len(self.wrong) > before or handoff is None or start is None:
            return None
        grid = _last_handoff(kind, start, handoff, weekday, monthday)
        if not months and length < DAY:
            # Turns can be shorter than a day: turn 0 is the one of them that contains the start.
            grid += (start - grid) // length * length
        return Rotation(start, grid, length, months, monthday or 0)

    def length(self, place: str, kind: Any, given: Any) -> tuple[timedelta, int]:
        """A turn as a length of time, or as months."""
        if kind == "custom":
            table = self.table(f"{place}.length", given, _CUSTOM)
            if not all(_whole(value) and value >= 0 for value in table.values()):
                self.say(place, "days, hours and minutes are whole numbers from 0 on", "length")
                return DAY, 0
            parts = {key: min(value, 10**9) for key, value in table.items() if key in _CUSTOM}
            total = timedelta(**parts) if parts.get("days", 0) <= LONGEST.days else LONGEST * 2
            if not timedelta(0) < total <= LONGEST:
                self.say(place, "must be longer than nothing and at most 10,000 days", "length")
                return DAY, 0
            return total, 0
        if not _whole(given) or not 1 <= given <= 10_000:
            self.say(place, f"{given!r} is no length; use a whole number from 1 on", "length")
            return DAY, 0
        return (DAY, given) if kind == "monthly" else (LENGTHS.get(kind, DAY) * given, 0)

    def window(self, place: str, data: Any) -> Window | None:
        table = self.table(place, data, _WINDOW, _WINDOW)
        days: list[int] = []
        for day in self.rows(place, "days", table.get("days", [])):
            if day in DAYS:
                days.append(DAYS.index(day))
            else:
                self.say(place, f"{day!r} is not a weekday; use {', '.join(DAYS)}", "days")
        start, end = self.clock(place, "from", table.get("from")), self.clock(place, "to", table.get("to"))
        if start is None or end is None:
            return None
        return Window(frozenset(days), start, end)

    def override(self, place: str, data: Any) -> Override | None:
        table = self.table(place, data, _OVERRIDE, _OVERRIDE_NEEDS)
        start = self.moment(place, "start", table.get("start"))
        end = self.moment(place, "end", table.get("end"))
        given, replaces = table.get("user"), table.get("replaces")
        users: list[Any] = given if isinstance(given, list) and replaces is None else [given]
        for key, names in (("user", users), ("replaces", [replaces])):
            if key in table and not (names and all(isinstance(name, str) and name for name in names)):
                self.say(place, f"{table[key]!r} is no person", key)
                return None
        if start is None or end is None or "user" not in table:
            return None
        if end <= start:
            self.say(place, "ends before it starts")
            return None
        return Override(users[0], start, end, replaces, tuple(users[1:]))

    def clock(self, place: str, key: str, given: Any) -> time | None:
        found = _clock(str(given))
        if found is None and given is not None:
            self.say(place, f"{given!r} is no time of day; use HH:MM", key)
        return found

    def local(self, place: str, key: str, given: Any) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(given))
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or not 1900 <= found.year <= 2900:
            if given is not None:
                what = f"{given!r} is no local date and time; use 2026-01-05T09:00, without an offset"
                self.say(place, what, key)
            return None
        return found

    def moment(self, place: str, key: str, given: Any) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(given))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            if given is not None:
                what = f"{given!r} is no instant; use 2026-03-01T09:00:00+00:00, with an offset"
                self.say(place, what, key)
            return None
        return found.astimezone(UTC)


@lru_cache(maxsize=4096)
def _alone(person: str) -> tuple[str, ...]:
    """A group of one, shared by all schedules that name the person: their number is what parsing many costs."""
    return (person,)


@lru_cache(maxsize=4096)
def _clock(given: str) -> time | None:
    try:
        hour, minute = given.split(":")
        return time(int(hour), int(minute))
    except ValueError:
        return None


def _whole(value: Any) -> TypeGuard[int]:
    return type(value) is int


def _last_handoff(kind: str, start: datetime, handoff: time, weekday: str, monthday: Any) -> datetime:
    """The last matching local time at or before `start`."""
    found = datetime.combine(start, handoff)
    if kind == "monthly":
        here = found.replace(day=min(monthday, _last_day(found.year, found.month)))
        if here <= start:
            return here
        before = found.replace(day=1) - DAY
        return before.replace(day=min(monthday, before.day))
    if kind == "weekly":
        found -= (found.weekday() - DAYS.index(weekday)) % 7 * DAY
    return found if found <= start else found - (WEEK if kind == "weekly" else DAY)
