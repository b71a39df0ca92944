"""Four weeks at a glance: who is on call on which day, as a calendar of weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.oncall import Schedule, arrival, final
from bot.core.timeline import Name

WEEKS = 4
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHANGED, NOBODY = "⇄", "nobody"


@dataclass(frozen=True)
class Part:
    """From `start` (local, None: from the day's beginning) `people` are on call; `changed` by a cover or a swap."""

    start: time | None
    people: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class Day:
    date: date
    parts: tuple[Part, ...]


def midnights(now: datetime, zone: ZoneInfo, *, weeks: int = WEEKS) -> list[datetime]:
    """Where the days of whole weeks begin, from the Monday of this one; the last is where they end."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday())
    days = (first + timedelta(days=n) for n in range(7 * weeks + 1))
    return [arrival(zone, datetime.combine(day, time())) for day in days]


def month(schedule: Schedule, now: datetime, zone: ZoneInfo, *, weeks: int = WEEKS) -> list[list[Day]]:
    """Whole weeks from the Monday of this one, in the days of `zone`; each week has seven days."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday())
    begins = midnights(now, zone, weeks=weeks)
    answer = final(schedule, begins[0], begins[-1])
    as_written = final(_without_covers(schedule), begins[0], begins[-1])
    edges = sorted({s.start for s in (*answer, *as_written)} | {*begins})
    parts: dict[date, list[Part]] = {}
    at = {"answer": 0, "written": 0}
    for start, end in pairwise(edges):
        while answer[at["answer"]].end <= start:
            at["answer"] += 1
        while as_written[at["written"]].end <= start:
            at["written"] += 1
        people, usual = answer[at["answer"]].people, as_written[at["written"]].people
        if end <= start:
            continue
        here = start.astimezone(zone)
        since = None if start in begins else here.time().replace(tzinfo=None)
        day = parts.setdefault(here.date(), [])
        new = Part(since, tuple(people), people != usual)
        if not day or (day[-1].people, day[-1].changed) != (new.people, new.changed):
            day.append(new)
    return [
        [Day(on, tuple(parts.get(on, ()))) for on in (first + timedelta(days=7 * week + n) for n in range(7))]
        for week in range(weeks)
    ]


def _without_covers(schedule: Schedule) -> Schedule:
    return Schedule(schedule.zone, schedule.layers, (), schedule.versions)


def cell(day: Day, name: Name) -> str:
    """`24: Alice, 17:00 Bob ⇄`: a cover or a swap is marked."""
    words = []
    for part in day.parts:
        who = " + ".join(map(name, part.people)) or NOBODY
        words.append(
            f"{f'{part.start:%H:%M} ' if part.start else ''}{who}{f' {CHANGED}' if part.changed else ''}"
        )
    head = f"{day.date.day} {day.date:%b}" if day.date.day == 1 else str(day.date.day)
    return f"{head}: {', '.join(words)}" if words else head


def as_text(weeks: Sequence[Sequence[Day]], name: Name) -> list[str]:
    """The same for a terminal: one line for each day on which somebody else answers than on the day before."""
    lines: list[str] = []
    last: tuple[tuple[str, ...], ...] = ()
    for week in weeks:
        for day in week:
            people = tuple(part.people for part in day.parts)
            if people != last or len(people) > 1 or day.date.weekday() == 0:
                lines.append(f"{day.date:%a %d %b}  {cell(day, name).partition(': ')[2]}")
            last = people[-1:]
    return lines
