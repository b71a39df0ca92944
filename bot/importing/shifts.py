"""Shifts that come again by a recurrence rule, as layers: the same people in the same hours, turn by turn."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.importing.layers import (
    DAY,
    MOST,
    Inexpressible,
    Layer,
    People,
    Window,
    filled,
    layer,
    monthly,
    together,
)

NOBODY: tuple[str, ...] = ()
LENGTHS = {"hourly": 60, "daily": DAY, "weekly": 7 * DAY}


@dataclass(frozen=True)
class Shift:
    """Every `interval` hours, days, weeks or months from `start` on somebody is on call for `length` minutes.

    `groups` in turn. `start`, `since` (when it takes effect) and `until` are local times. `by_day`: 0 is Monday.
    """

    what: str
    name: str
    start: datetime
    since: datetime
    length: int
    frequency: str
    interval: int
    groups: People
    by_day: tuple[int, ...] = ()
    week_start: int = 6
    monthdays: tuple[int, ...] = ()
    by_month: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class _Turns:
    """`turns` of `length` from `grid` on, over and over; a turn without anybody is an empty one."""

    shift: Shift
    grid: datetime
    length: timedelta
    turns: People
    windows: tuple[Window, ...] = field(default=())


def layers_of(shifts: list[Shift], now: datetime) -> tuple[list[Layer], list[str]]:
    """The layers of shifts of one level, and what could not be said. Shifts that fill each other's gaps are one layer."""
    told: list[str] = []
    found: list[Layer] = []
    turns: list[_Turns] = []
    for shift in shifts:
        try:
            if shift.frequency == "monthly":
                found.append(_monthly(shift, told))
            else:
                turns += _turns(shift)
        except Inexpressible as error:
            told.append(f"{shift.what}: left out: {error}")
    for one in _merged(turns, now):
        if NOBODY in one.turns and any(one.turns):
            told.append(
                f"{one.shift.what}: in some of its turns nobody is on call, which layers can't say; "
                "whoever has the turn before keeps it"
            )
        try:
            found.append(
                layer(
                    one.shift.name,
                    grid=one.grid,
                    length=one.length,
                    since=max(one.shift.since, one.shift.start),
                    people=filled(one.turns),
                    windows=one.windows,
                    now=now,
                    ends=one.shift.until,
                )
            )
        except Inexpressible as error:
            told.append(f"{one.shift.what}: left out: {error}")
    return found, told


def _merged(turns: list[_Turns], now: datetime) -> Iterator[_Turns]:
    """Those that have gaps, together with others of the same grid and hours; the rest as they are."""
    left = list(turns)
    while left:
        one = left.pop(0)
        mates = [other for other in left if NOBODY in one.turns and _fit(one, other, now)]
        grid = max(each.grid for each in (one, *mates))
        sequences = []
        for each in (one, *mates):
            later = ((grid - each.grid) // each.length) % len(each.turns)
            sequences.append(each.turns[later:] + each.turns[:later])
        joined = together(sequences) if mates else None
        if joined is None:
            yield one
            continue
        left = [other for other in left if other not in mates]
        yield replace(one, grid=grid, turns=tuple(joined))


def _fit(one: _Turns, other: _Turns, now: datetime) -> bool:
    begun = max(one.shift.since, one.shift.start, other.shift.since, other.shift.start) <= now
    same = (one.length, one.windows, one.shift.until) == (other.length, other.windows, other.shift.until)
    near = abs(max(one.shift.start, one.shift.since) - max(other.shift.start, other.shift.since))
    return same and not (one.grid - other.grid) % one.length and (begun or near < one.length * len(one.turns))


def _turns(shift: Shift) -> list[_Turns]:
    if shift.by_month or shift.monthdays:
        raise Inexpressible("it comes only in some months or on some days of the month")
    if shift.frequency not in LENGTHS or not 1 <= shift.interval <= MOST or not shift.groups:
        raise Inexpressible("it needs a frequency (hourly, daily, weekly, monthly), an interval and users")
    if shift.by_day and len(shift.by_day) < 7:
        if shift.frequency == "weekly":
            return [_weekdays(shift)]
        if shift.frequency == "daily":
            return list(_day_by_day(shift))
        raise Inexpressible("hours on some weekdays only")
    return [_plain(shift)] if shift.frequency != "weekly" or not shift.by_day else [_weekdays(shift)]


def _plain(shift: Shift) -> _Turns:
    """Every so many hours, days or weeks, for as long as that or shorter."""
    unit = LENGTHS[shift.frequency]
    whole = unit * shift.interval
    if shift.length > whole:
        raise Inexpressible(
            "its turns are longer than the time between them, so that several are on call at once"
        )
    if shift.length == whole:
        return _Turns(shift, shift.start, timedelta(minutes=whole), shift.groups)
    if shift.frequency == "hourly":
        raise Inexpressible("its turns are shorter than the hours between them")
    minute = shift.start.hour * 60 + shift.start.minute
    if shift.length <= unit:
        days = tuple(range(7)) if shift.frequency == "daily" else (shift.start.weekday(),)
        windows: tuple[Window, ...] = (Window(days, minute, shift.length),) if shift.length < unit else ()
        busy = 1
    elif shift.length % unit:
        raise Inexpressible("its turns end in the middle of a day or a week between two of them")
    else:
        windows, busy = (), shift.length // unit
    turns = tuple(
        one for group in shift.groups for one in (*([group] * busy), *([NOBODY] * (shift.interval - busy)))
    )
    return _Turns(shift, shift.start, timedelta(minutes=unit), turns, windows)


def _weekdays(shift: Shift) -> _Turns:
    """On some weekdays, the same people for a week, which begins on `week_start`. They change when its first turn does."""
    offsets = [(day - shift.week_start) % 7 for day in shift.by_day]
    if max(offsets) * DAY + shift.length > 7 * DAY + min(offsets) * DAY:
        raise Inexpressible("its turns are longer than the time between them")
    back = (shift.start.weekday() - shift.week_start) % 7
    minute = shift.start.hour * 60 + shift.start.minute
    windows = (Window(shift.by_day, minute, shift.length),)
    turns = tuple(one for group in shift.groups for one in (group, *([NOBODY] * (shift.interval - 1))))
    grid = shift.start + timedelta(days=min(offsets) - back)
    return _Turns(shift, grid, timedelta(days=7), turns, windows)


def _day_by_day(shift: Shift) -> Iterator[_Turns]:
    """On some weekdays, the next people each time (or each `interval` times): the same over some weeks, day by day."""
    if shift.length > DAY:
        raise Inexpressible("its turns are longer than a day")
    minute = shift.start.hour * 60 + shift.start.minute
    ahead = sorted((day - shift.start.weekday()) % 7 for day in shift.by_day)
    weeks = len(shift.groups) * shift.interval
    if weeks * len(ahead) > 4 * MOST:
        raise Inexpressible("its turns come round only after years")
    if len(set(shift.groups)) == 1:
        yield _Turns(
            shift,
            shift.start,
            timedelta(days=7),
            shift.groups[:1],
            (Window(shift.by_day, minute, shift.length),),
        )
        return
    for number, days in enumerate(ahead):
        turns = tuple(
            shift.groups[((week * len(ahead) + number) // shift.interval) % len(shift.groups)]
            for week in range(weeks)
        )
        grid = shift.start + timedelta(days=days)
        windows = (Window((grid.weekday(),), minute, shift.length),)
        yield _Turns(shift, grid, timedelta(days=7), _shortest(turns), windows)


def _shortest(turns: People) -> People:
    """The same endless order, written once."""
    length = next(
        n for n in range(1, len(turns) + 1) if not len(turns) % n and turns == turns[:n] * (len(turns) // n)
    )
    return turns[:length]


def _monthly(shift: Shift, told: list[str]) -> Layer:
    if shift.by_month or shift.by_day or len(shift.monthdays) > 1 or not 1 <= shift.interval <= 120:
        raise Inexpressible("it comes only in some months or on several days of a month")
    monthday = shift.monthdays[0] if shift.monthdays else shift.start.day
    if not 1 <= monthday <= 31 or not shift.groups or not all(shift.groups):
        raise Inexpressible("it needs users and a day of the month counted from its beginning")
    if shift.length < 28 * DAY * shift.interval:
        raise Inexpressible("its turns are shorter than a month")
    if shift.length < 31 * DAY * shift.interval:
        told.append(
            f"{shift.what}: in long months its turns leave days without anybody; here they are whole months"
        )
    return monthly(
        shift.name,
        grid=shift.start,
        months=shift.interval,
        monthday=monthday,
        since=max(shift.start, shift.since),
        people=shift.groups,
        ends=shift.until,
    )
