"""Who is on call, once more: slow, plain, and sharing no code with `bot.core.oncall`, which is held against it.

Reads a schedule's written form. Nothing is computed that can be walked: turns from the first one on, windows day by
day, the clock of a zone in stretches of one offset, found by looking at it from UTC.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LOOK = DAY
"""How often the clock is looked at: no zone of the tz database changes it twice within four."""

Answer = tuple[datetime, datetime, list[str]]


# ---- the clock -------------------------------------------------------------------------------


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).replace(tzinfo=UTC) - instant


@cache
def stretches(zone: ZoneInfo, year: int) -> list[tuple[datetime, datetime, timedelta]]:
    """The year, as UTC counts it, cut where the clock jumps: from, until, and how far the clock is ahead of UTC."""
    begins, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found, seen = [], begins
    while seen < end:
        then = min(seen + LOOK, end)
        before, after, ahead = seen, then, offset(zone, begins)
        if offset(zone, after) != ahead:
            while after - before > SECOND:
                middle = (before + (after - before) / 2).replace(microsecond=0)
                before, after = (middle, after) if offset(zone, middle) == ahead else (before, middle)
            if after < end:
                found.append((begins, after, ahead))
                begins = after
        seen = then
    found.append((begins, end, offset(zone, begins)))
    return found


def jumps(zone: ZoneInfo, first: int, last: int) -> list[datetime]:
    """Every instant of these years at which the clock jumps."""
    cut = [stretch for year in range(first, last + 1) for stretch in stretches(zone, year)]
    return [then[0] for one, then in pairwise(cut) if one[2] != then[2]]


def arrival(zone: ZoneInfo, local: datetime) -> datetime:
    """The first instant at which the clock reads `local` or later."""
    for year in sorted({(local - 2 * DAY).year, (local + 2 * DAY).year}):
        for begins, ends, ahead in stretches(zone, year):
            first = max(begins, local.replace(tzinfo=UTC) - ahead)
            if first < ends:
                return first
    raise AssertionError(f"{local} never comes in {zone}")


# ---- turns -----------------------------------------------------------------------------------


def clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def handoffs(rotation: dict[str, Any]) -> Iterator[datetime]:
    """The local times at which turns begin, from turn 0 on: the turn that contains the start."""
    kind, start, length = rotation["kind"], datetime.fromisoformat(rotation["start"]), rotation["length"]

    def matches(day: date) -> bool:
        if kind == "weekly":
            return WEEKDAYS[day.weekday()] == str(rotation["weekday"])
        if kind == "monthly":
            return day.day == min(int(rotation["monthday"]), monthrange(day.year, day.month)[1])
        return True

    day = start.date()
    while not (matches(day) and datetime.combine(day, clock(rotation["handoff"])) <= start):
        day -= DAY
    grid = datetime.combine(day, clock(rotation["handoff"]))

    def mark(number: int) -> datetime:
        if kind == "monthly":
            years, month = divmod(grid.month - 1 + number * length, 12)
            year, month = grid.year + years, month + 1
            return grid.replace(
                year=year, month=month, day=min(rotation["monthday"], monthrange(year, month)[1])
            )
        if kind == "custom":
            return grid + number * timedelta(**length)
        unit = {"hourly": DAY / 24, "daily": DAY, "weekly": 7 * DAY}[str(kind)]
        return grid + number * int(length) * unit

    first = 0
    while mark(first + 1) <= start:
        first += 1
    return (mark(number) for number in count(first))


class Turns:
    """The turns of one layer up to `until`, and its windows."""

    def __init__(self, zone: ZoneInfo, layer: dict[str, Any], until: datetime) -> None:
        self.zone, self.windows = zone, layer.get("restrictions") or []
        self.groups = [[who] if isinstance(who, str) else list(who) for who in layer["participants"]]
        self.starts = arrival(zone, datetime.fromisoformat(layer["rotation"]["start"]))
        self.begins: list[datetime] = []
        if self.starts > until:
            return
        for local in handoffs(layer["rotation"]):
            begins = arrival(zone, local)
            if begins > until:
                break
            assert not self.begins or self.begins[-1] <= begins
            self.begins.append(begins)

    def opened(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for window in self.windows:
            if WEEKDAYS[day.weekday()] in window["days"]:
                opens, closes = clock(window["from"]), clock(window["to"])
                last = day + DAY if closes <= opens else day
                yield (
                    arrival(self.zone, datetime.combine(day, opens)),
                    arrival(self.zone, datetime.combine(last, closes)),
                )

    def around(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every window that begins within three days of `instant`: more than any of them can reach."""
        for days in range(-3, 4):
            yield from self.opened(instant.date() + days * DAY)

    def people(self, instant: datetime) -> list[str]:
        if instant < self.starts or not self.groups:
            return []
        if self.windows and not any(opens <= instant < closes for opens, closes in self.around(instant)):
            return []
        turn = bisect_right(self.begins, instant) - 1  # the last that has begun by now
        return self.groups[turn % len(self.groups)]

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        yield self.starts
        yield from self.begins[bisect_right(self.begins, start) :]
        day = start.date() - 3 * DAY
        while self.windows and day <= end.date() + 3 * DAY:
            for opens, closes in self.opened(day):
                yield from (opens, closes)
            day += DAY


class Brute:
    """Answers about the schedule `written` at any instant up to `until`."""

    def __init__(self, written: dict[str, Any], until: datetime) -> None:
        zone = ZoneInfo(written["tz"])
        self.layers = [Turns(zone, layer, until) for layer in written["layers"]]
        self.overrides = [
            (datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]), row)
            for row in written.get("overrides", [])
        ]
        self.until = until

    def who(self, instant: datetime) -> list[str]:
        assert instant <= self.until
        people: list[str] = []
        for layer in self.layers:  # a higher one that has somebody replaces the lower ones
            people = layer.people(instant) or people
        for begins, ends, row in self.overrides:
            if begins <= instant < ends:
                if "replaces" in row:
                    people = [row["user"] if person == row["replaces"] else person for person in people]
                else:
                    people = [row["user"]]
        return [person for place, person in enumerate(people) if person not in people[:place]]

    def edges(self, start: datetime, end: datetime) -> list[datetime]:
        """Every instant after `start` and before `end` at which the answer may change."""
        found = {edge for layer in self.layers for edge in layer.edges(start, end)}
        found |= {edge for begins, ends, _ in self.overrides for edge in (begins, ends)}
        return sorted(edge for edge in found if start < edge < end)

    def final(self, start: datetime, end: datetime) -> list[Answer]:
        found: list[Answer] = []
        for begins, ends in pairwise([start, *self.edges(start, end), end]):
            people = self.who(begins)
            if found and found[-1][2] == people:
                begins = found.pop()[0]
            found.append((begins, ends, people))
        return found

    def next_change(self, at: datetime) -> tuple[datetime, list[str]] | None:
        now, far = self.who(at), at + 400 * DAY
        for edge in self.edges(at, far + timedelta(microseconds=1)):
            if self.who(edge) != now:
                return edge, self.who(edge)
        return None
