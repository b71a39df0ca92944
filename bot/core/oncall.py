"""Who is on call: one pure function of a schedule and an instant, and everything that follows from it.

Handoffs, starts and windows are wall-clock times of the schedule's zone. Each takes effect at the first instant at
which the zone's clock reads it or later: a time that the clock skips counts at the moment of the jump, one that
comes twice counts the first time. Periods are half-open. Covers and swaps are kept as instants.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LENGTHS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
FAR = timedelta(days=400)
"""How far ahead a change is looked for."""

NEAR = 2
"""Days around an instant in which a window that matters then can begin: a zone may skip a whole day."""


@dataclass(frozen=True)
class Window:
    """On the `days` (0 is Monday) from `start` on; `end` at or before it is on the next day."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True)
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
            return ((local.year - self.grid.year) * 12 + local.month - self.grid.month) // self.months
        return (local - self.grid) // self.length


@dataclass(frozen=True)
class Layer:
    rotation: Rotation
    participants: tuple[tuple[str, ...], ...]
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Override:
    """`user` from `start` until `end`: instead of everybody (a cover), or only of `replaces` (a swap)."""

    user: str
    start: datetime
    end: datetime
    replaces: str | None = None


@dataclass(frozen=True)
class Segment:
    """`people` from `start` until `end`, both UTC; an empty list is a gap."""

    start: datetime
    end: datetime
    people: list[str]


@dataclass(frozen=True)
class Schedule:
    """`layers`: the last one that has somebody decides. `overrides`: applied in their order, oldest first."""

    zone: ZoneInfo
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = field(default=())

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


# ---- answers ---------------------------------------------------------------------------------


def who(schedule: Schedule, at: datetime) -> list[str]:
    """Everyone on call at the instant `at`; an empty list means nobody."""
    at = _instant(at)
    people: tuple[str, ...] = ()
    for layer in reversed(schedule.layers):
        people = _visible(schedule.zone, layer, at)
        if people:
            break
    for override in schedule.overrides:
        if override.start <= at < override.end:
            if override.replaces is None:
                people = (override.user,)
            else:
                people = tuple(override.user if person == override.replaces else person for person in people)
    return list(dict.fromkeys(people))


def next_change(schedule: Schedule, at: datetime) -> tuple[datetime, list[str]] | None:
    """The first instant strictly after `at` at which the answer changes, with the new answer; None within 400 days."""
    at = _instant(at)
    now, moment = who(schedule, at), at
    while True:
        following = _next_edge(schedule, moment)
        if following is None or following - at > FAR:
            return None
        moment = following
        people = who(schedule, moment)
        if people != now:
            return moment, people


def final(schedule: Schedule, start: datetime, end: datetime) -> list[Segment]:
    """Adjoining segments from `start` to `end`, gaps as empty lists, equal neighbours merged."""
    start, end = _instant(start), _instant(end)
    found: list[Segment] = []
    moment = start
    while moment < end:
        people = who(schedule, moment)
        following = _next_edge(schedule, moment)
        until = end if following is None else min(following, end)
        if found and found[-1].people == people:
            found[-1] = Segment(found[-1].start, until, people)
        else:
            found.append(Segment(moment, until, people))
        moment = until
    return found


def seconds(schedule: Schedule, start: datetime, end: datetime) -> dict[str, float]:
    """How long each person is on call from `start` to `end`; each member of a group counts in full."""
    total: dict[str, float] = {}
    for segment in final(schedule, start, end):
        for person in segment.people:
            total[person] = total.get(person, 0.0) + (segment.end - segment.start).total_seconds()
    return total


# ---- wall-clock times ------------------------------------------------------------------------


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: an instant is needed")
    return at.astimezone(UTC)


@lru_cache(maxsize=65536)
def arrival(zone: ZoneInfo, local: datetime) -> datetime:
    """The first instant at which the clock of `zone` reads `local` or later."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # The clock skips it: the jump lies between the instants that the two offsets give. It falls on a whole second.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), first
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


# ---- layers ----------------------------------------------------------------------------------


def _turn(zone: ZoneInfo, rotation: Rotation, at: datetime) -> int:
    """The turn that holds at `at`: found from local times, then put right by a few arrivals, whatever its age."""
    turn = rotation.near(at.astimezone(zone).replace(tzinfo=None))
    while arrival(zone, rotation.begins(turn + 1)) <= at:
        turn += 1
    while turn > 0 and arrival(zone, rotation.begins(turn)) > at:
        turn -= 1
    return turn


def _visible(zone: ZoneInfo, layer: Layer, at: datetime) -> tuple[str, ...]:
    if not layer.participants or arrival(zone, layer.rotation.start) > at:
        return ()
    if layer.windows and not any(start <= at < end for start, end in _open(zone, layer.windows, at, NEAR)):
        return ()
    if len(layer.participants) == 1:
        return layer.participants[0]
    return layer.participants[_turn(zone, layer.rotation, at) % len(layer.participants)]


def _open(
    zone: ZoneInfo, windows: Sequence[Window], at: datetime, ahead: int
) -> Iterator[tuple[datetime, datetime]]:
    """The windows that begin from NEAR days before `at` to `ahead` days after it, as instants."""
    today = at.astimezone(zone).date()
    for window in windows:
        for offset in range(-NEAR, ahead + 1):
            day = today + timedelta(days=offset)
            if day.weekday() in window.days:
                last = day if window.end > window.start else day + timedelta(days=1)
                yield (
                    arrival(zone, datetime.combine(day, window.start)),
                    arrival(zone, datetime.combine(last, window.end)),
                )


def _next_edge(schedule: Schedule, at: datetime) -> datetime | None:
    """The next instant after `at` at which anything might change; None when nothing ever does."""
    edges = [edge for o in schedule.overrides for edge in (o.start, o.end) if edge > at]
    for layer in schedule.layers:
        edges += [edge for edge in _edges(schedule.zone, layer, at) if edge > at]
    return min(edges, default=None)


def _edges(zone: ZoneInfo, layer: Layer, at: datetime) -> Iterator[datetime]:
    if not layer.participants:
        return
    begins = arrival(zone, layer.rotation.start)
    if begins > at:
        yield begins
        return
    if len(layer.participants) > 1:
        turn = _turn(zone, layer.rotation, at)
        yield next(edge for n in count(1) if (edge := arrival(zone, layer.rotation.begins(turn + n))) > at)
    if layer.windows:
        # A week and the days around it hold the next edge of any window.
        for start, end in _open(zone, layer.windows, at, 7 + NEAR):
            yield start
            yield end


# ---- the written form ------------------------------------------------------------------------


class _Reader:
    """Reads the written form and notes every mistake with its place."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def say(self, place: str, what: str) -> None:
        self.wrong.append(f"{place}: {what}")

    def table(
        self, place: str, data: Any, known: Iterable[str], needed: Iterable[str] = ()
    ) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self.say(place or "schedule", "must be a table")
            return {}
        dot = f"{place}." if place else ""
        for key in data:
            if key not in known:
                self.say(f"{dot}{key}", f"is not known; use {', '.join(known)}")
        for key in needed:
            if key not in data:
                self.say(f"{dot}{key}", "is missing")
        return data

    def rows(self, place: str, data: Any) -> Sequence[Any]:
        if not isinstance(data, list | tuple):
            self.say(place, "must be a list")
            return ()
        return data

    def schedule(self, data: Any) -> Schedule:
        table = self.table("", data, ("tz", "layers", "overrides"), ("tz",))
        try:
            zone = ZoneInfo(str(table.get("tz", "UTC")))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.say("tz", f"{table.get('tz')!r} is no time zone; use an IANA name such as Europe/London")
            zone = ZoneInfo("UTC")
        layers = [
            self.layer(f"layers[{n}]", row)
            for n, row in enumerate(self.rows("layers", table.get("layers", [])))
        ]
        given = self.rows("overrides", table.get("overrides", []))
        overrides = [self.override(f"overrides[{n}]", row) for n, row in enumerate(given)]
        return Schedule(zone, tuple(x for x in layers if x), tuple(x for x in overrides if x))

    def layer(self, place: str, data: Any) -> Layer | None:
        known = ("rotation", "participants", "restrictions")
        table = self.table(place, data, known, ("rotation", "participants"))
        rotation = (
            self.rotation(f"{place}.rotation", table.get("rotation", {})) if "rotation" in table else None
        )
        people = []
        for n, one in enumerate(self.rows(f"{place}.participants", table.get("participants", []))):
            group = tuple(one) if isinstance(one, list | tuple) else (one,)
            if not all(isinstance(person, str) and person for person in group):
                self.say(f"{place}.participants[{n}]", "must be a person or a list of people")
            else:
                people.append(group)
        rows = self.rows(f"{place}.restrictions", table.get("restrictions", []))
        windows = [self.window(f"{place}.restrictions[{n}]", row) for n, row in enumerate(rows)]
        return Layer(rotation, tuple(people), tuple(w for w in windows if w)) if rotation else None

    def rotation(self, place: str, data: Any) -> Rotation | None:
        known = ("kind", "length", "handoff", "weekday", "monthday", "start")
        table = self.table(place, data, known, ("kind", "length", "handoff", "start"))
        kind, before = str(table.get("kind")), len(self.wrong)
        if kind not in {*LENGTHS, "monthly", "custom"} and "kind" in table:
            self.say(f"{place}.kind", f"{kind!r} is not known; use hourly, daily, weekly, monthly or custom")
        handoff, start = (
            self.clock(f"{place}.handoff", table.get("handoff")),
            self.local(f"{place}.start", table.get("start")),
        )
        length, months = self.length(f"{place}.length", kind, table.get("length"))
        weekday, monthday = str(table.get("weekday")), table.get("monthday")
        if kind == "weekly" and weekday not in DAYS:
            self.say(f"{place}.weekday", f"{weekday!r} is not a weekday; use {', '.join(DAYS)}")
        if kind == "monthly" and not (_whole(monthday) and 1 <= monthday <= 31):
            self.say(f"{place}.monthday", f"{monthday!r} is not a day of the month; use 1 to 31")
        for key, only in (("weekday", "weekly"), ("monthday", "monthly")):
            if key in table and kind != only:
                self.say(f"{place}.{key}", f"goes with kind = {only!r} alone")
        if len(self.wrong) > before or handoff is None or start is None:
            return None
        day = _first_day(kind, start, handoff, weekday, monthday)
        return Rotation(start, datetime.combine(day, handoff), length, months, monthday or 0)

    def length(self, place: str, kind: Any, given: Any) -> tuple[timedelta, int]:
        """A turn as a length of time, or as months."""
        nothing = timedelta(days=1), 0
        if kind == "custom":
            table = self.table(place, given, ("days", "hours", "minutes"))
            if not all(_whole(value) and value >= 0 for value in table.values()):
                self.say(place, "days, hours and minutes are whole numbers from 0 on")
                return nothing
            total = timedelta(
                **{str(key): value for key, value in table.items() if key in {"days", "hours", "minutes"}}
            )
            if not total:
                self.say(place, "must be longer than nothing")
                return nothing
            return total, 0
        if not _whole(given) or not 1 <= given <= 10_000:
            self.say(place, f"{given!r} is no length; use a whole number from 1 on")
            return nothing
        return (
            (timedelta(days=1), given)
            if kind == "monthly"
            else (LENGTHS.get(kind, timedelta(days=1)) * given, 0)
        )

    def window(self, place: str, data: Any) -> Window | None:
        table = self.table(place, data, ("days", "from", "to"), ("days", "from", "to"))
        days = self.rows(f"{place}.days", table.get("days", []))
        for day in days:
            if day not in DAYS:
                self.say(f"{place}.days", f"{day!r} is not a weekday; use {', '.join(DAYS)}")
        start, end = (
            self.clock(f"{place}.from", table.get("from")),
            self.clock(f"{place}.to", table.get("to")),
        )
        if start is None or end is None:
            return None
        return Window(frozenset(DAYS.index(day) for day in days if day in DAYS), start, end)

    def override(self, place: str, data: Any) -> Override | None:
        table = self.table(place, data, ("user", "replaces", "start", "end"), ("user", "start", "end"))
        start, end = (
            self.moment(f"{place}.start", table.get("start")),
            self.moment(f"{place}.end", table.get("end")),
        )
        if not isinstance(table.get("user"), str) or start is None or end is None:
            return None
        if end <= start:
            self.say(place, "ends before it starts")
            return None
        return Override(table["user"], start, end, table.get("replaces"))

    def clock(self, place: str, given: Any) -> time | None:
        try:
            hour, minute = str(given).split(":")
            return time(int(hour), int(minute))
        except ValueError:
            if given is not None:
                self.say(place, f"{given!r} is no time of day; use HH:MM")
            return None

    def local(self, place: str, given: Any) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(given))
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or not 1900 <= found.year <= 2900:
            if given is not None:
                self.say(
                    place, f"{given!r} is no local date and time; use 2026-01-05T09:00, without an offset"
                )
            return None
        return found

    def moment(self, place: str, given: Any) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(given))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            if given is not None:
                self.say(place, f"{given!r} is no instant; use 2026-03-01T09:00:00+00:00, with an offset")
            return None
        return found.astimezone(UTC)


def _whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _first_day(kind: Any, start: datetime, handoff: time, weekday: Any, monthday: Any) -> date:
    """The day of the last matching handoff at or before `start`."""
    day = start.date()
    if kind == "weekly":
        day -= timedelta(days=(day.weekday() - DAYS.index(weekday)) % 7)
        return day if datetime.combine(day, handoff) <= start else day - timedelta(days=7)
    if kind == "monthly":
        here = day.replace(day=min(monthday, _last_day(day.year, day.month)))
        if datetime.combine(here, handoff) <= start:
            return here
        before = day.replace(day=1) - timedelta(days=1)
        return before.replace(day=min(monthday, before.day))
    return day if datetime.combine(day, handoff) <= start else day - timedelta(days=1)
