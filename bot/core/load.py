"""How heavy on call is for each person: hours, pages by the time of their day, interrupted nights, crowded hours."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

from bot.core.oncall import Segment
from bot.core.timeline import Name
from bot.models import Severity


class Band(StrEnum):
    """Parts of the week; what they are stands in `BANDS`."""

    WORK = "work"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"


NIGHT_ENDS, WORK_BEGINS, WORK_ENDS, NIGHT_BEGINS = time(6), time(8), time(18), time(22)
NOON = time(12)

Bands = tuple[tuple[time, Band], ...]
WEEKDAY: Bands = (
    (time(0), Band.NIGHT),
    (NIGHT_ENDS, Band.EVENING),
    (WORK_BEGINS, Band.WORK),
    (WORK_ENDS, Band.EVENING),
    (NIGHT_BEGINS, Band.NIGHT),
)
WEEKEND: Bands = ((time(0), Band.NIGHT), (NIGHT_ENDS, Band.WEEKEND), (NIGHT_BEGINS, Band.NIGHT))
BANDS: tuple[Bands, ...] = (*(WEEKDAY,) * 5, *(WEEKEND,) * 2)
"""By weekday, Monday first: each band from its time until the next. What the clock reads decides, public holidays
aside; a night is a night on every day of the week, and early mornings count as evening."""

MOST_SHARE = 0.25
"""Of the time on call: more is marked."""

MOST_INCIDENTS, SHIFT = 2, timedelta(hours=12)
"""More incidents than this within so long are marked: two leave the time to deal with each of them.
https://sre.google/sre-book/being-on-call/"""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Woken:
    """`person` was paged for an incident of `team` at the instant `at`."""

    person: str
    team: str
    incident: int
    at: datetime
    severity: Severity


@dataclass(frozen=True)
class Facts:
    """What on call was for `person` from `start` to `end`; `zone` is theirs.

    `on_call` counts time on several schedules once, `teams` has it for each. `bands` counts pages and names every
    band. `nights` are the interrupted ones, by the date of their evening. `crowded` is the most incidents that
    paged them within 12 hours, first at `crowded_at` (None without any).
    """

    person: str
    zone: ZoneInfo
    start: datetime
    end: datetime
    on_call: timedelta
    teams: Mapping[str, timedelta]
    bands: Mapping[Band, int]
    incidents: int
    nights: tuple[date, ...]
    crowded: int
    crowded_at: datetime | None

    @property
    def share(self) -> float:
        """Of the time from `start` to `end`, 0 to 1."""
        return self.on_call / (self.end - self.start)

    @property
    def pages(self) -> int:
        return sum(self.bands.values())

    @property
    def all_nights(self) -> int:
        """Of how many `nights` are: those of which the time from `start` to `end` has some part."""
        first, last = self.start.astimezone(self.zone), self.end.astimezone(self.zone)
        begins = first.date() - _DAY * (first.time() < NIGHT_ENDS)
        ends = last.date() - _DAY * (last.time() <= NIGHT_BEGINS)
        return (ends - begins).days + 1

    @property
    def is_long(self) -> bool:
        return self.share > MOST_SHARE

    @property
    def is_crowded(self) -> bool:
        return self.crowded > MOST_INCIDENTS

    @property
    def burden(self) -> tuple[int, int, int, float]:
        """The heaviest first: a lost night, then pages in one's own time, then pages, then time on call."""
        return len(self.nights), self.pages - self.bands[Band.WORK], self.pages, self.share


@dataclass(frozen=True)
class Medians:
    """Of `people`, each of whom was on call or paged."""

    people: int
    share: float
    pages: float
    nights: float


# ---- when ------------------------------------------------------------------------------------


def band(at: datetime, zone: ZoneInfo) -> Band:
    """The one band in which the instant lies for somebody in `zone`."""
    here = at.astimezone(zone)
    bands = BANDS[here.weekday()]
    return bands[bisect_right(bands, here.time(), key=lambda each: each[0]) - 1][1]


def night(at: datetime, zone: ZoneInfo) -> date | None:
    """The date on whose evening the night of `at` began; None outside 22:00 to 06:00."""
    here = at.astimezone(zone)
    if here.time() >= NIGHT_BEGINS:
        return here.date()
    return here.date() - _DAY if here.time() < NIGHT_ENDS else None


# ---- facts -----------------------------------------------------------------------------------


def facts(
    rotas: Mapping[str, Sequence[Segment]],
    pages: Sequence[Woken],
    start: datetime,
    end: datetime,
    *,
    zone: Callable[[str], ZoneInfo],
) -> list[Facts]:
    """Everyone who was on call or paged from `start` to `end`, the heaviest burden first.

    `rotas`: the final schedule of each team, by its id. What lies outside the time is left out, whatever is given;
    nothing for a time without length.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return []
    duties: dict[str, dict[str, list[tuple[datetime, datetime]]]] = {}
    for team, segments in rotas.items():
        for segment in segments:
            since, until = max(segment.start, start), min(segment.end, end)
            for person in segment.people if since < until else ():
                duties.setdefault(person, {}).setdefault(team, []).append((since, until))
    woken: dict[str, list[Woken]] = {}
    for page in sorted(pages, key=lambda page: page.at):
        if start <= page.at < end:
            woken.setdefault(page.person, []).append(page)
    found = [
        _facts(person, duties.get(person, {}), woken.get(person, []), start, end, zone(person))
        for person in {**duties, **woken}
    ]
    return sorted(sorted(found, key=lambda each: each.person), key=lambda each: each.burden, reverse=True)


def _facts(
    person: str,
    duties: Mapping[str, Sequence[tuple[datetime, datetime]]],
    pages: Sequence[Woken],
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> Facts:
    bands = dict.fromkeys(Band, 0)
    for page in pages:
        bands[band(page.at, zone)] += 1
    nights = sorted({on for page in pages if (on := night(page.at, zone)) is not None})
    most, since = _crowd(pages)
    return Facts(
        person,
        zone,
        start,
        end,
        _length([stretch for stretches in duties.values() for stretch in stretches]),
        {team: _length(stretches) for team, stretches in duties.items()},
        bands,
        len({page.incident for page in pages}),
        tuple(nights),
        most,
        since,
    )


def _length(stretches: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How long they last together, what overlaps counted once."""
    total, reached = timedelta(), datetime.min.replace(tzinfo=UTC)
    for start, end in sorted(stretches):
        total += max(end - max(start, reached), timedelta())
        reached = max(reached, end)
    return total


def _crowd(pages: Sequence[Woken]) -> tuple[int, datetime | None]:
    """The most distinct incidents in any 12 hours, and the first page of the first such time. In order of `at`."""
    most, since, first = 0, None, 0
    inside: dict[int, int] = {}
    for page in pages:
        inside[page.incident] = inside.get(page.incident, 0) + 1
        while page.at - pages[first].at >= SHIFT:
            gone = pages[first].incident
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        if len(inside) > most:
            most, since = len(inside), pages[first].at
    return most, since


def medians(found: Sequence[Facts]) -> Medians | None:
    """What is usual among these people; None without any."""
    if not found:
        return None
    return Medians(
        len(found),
        median(each.share for each in found),
        median(each.pages for each in found),
        median(len(each.nights) for each in found),
    )


# ---- sentences ---------------------------------------------------------------------------------


def marks(found: Sequence[Facts], name: Name = str) -> list[str]:
    """What of it is too much, a sentence each, in the order given; `name` is what people call them."""
    usual = medians(found)
    lines: list[str] = []
    for each in found:
        who = name(each.person)
        if each.nights:
            lines.append(f"{who} was woken on {_many(len(each.nights), 'night')} in {_span(each)}")
        if each.is_crowded and each.crowded_at is not None:
            since = each.crowded_at.astimezone(each.zone)
            lines.append(
                f"{who} had {each.crowded} incidents within 12 hours, from {since:%a} {since.day} {since:%b %H:%M} "
                f"on; more than {MOST_INCIDENTS} are too many"
            )
        if each.is_long and usual is not None:
            hour = timedelta(hours=1)
            compared = f"; the median of {usual.people} people is {usual.share:.0%}" if len(found) > 1 else ""
            lines.append(
                f"{who} was on call {each.share:.0%} of {_span(each)} ({each.on_call / hour:.0f} of "
                f"{(each.end - each.start) / hour:.0f} h), more than {MOST_SHARE:.0%}{compared}"
            )
    return lines


def _span(each: Facts) -> str:
    length = each.end - each.start
    days, hours = round(length / _DAY), round(length / timedelta(hours=1))
    return _many(days, "day") if length >= 2 * _DAY else _many(hours, "hour")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def rough_night(person: str, pages: Sequence[Woken], now: datetime, zone: ZoneInfo) -> str | None:
    """What to say to `person` on the morning after they were paged at night, offering cover for the next.

    None after a quiet night, and at any time but 06:00 to 12:00 of their clock: it is either night still, or they
    have long found out how they are.
    """
    here = now.astimezone(zone)
    if not NIGHT_ENDS <= here.time() < NOON:
        return None
    last = here.date() - _DAY
    mine = sorted(
        (page for page in pages if page.person == person and night(page.at, zone) == last),
        key=lambda page: page.at,
    )
    if not mine:
        return None
    first, final = (page.at.astimezone(zone) for page in (mine[0], mine[-1]))
    if len(mine) == 1:
        return (
            f"You were woken last night, at {first:%H:%M}. Shall the team be asked to cover for you tonight?"
        )
    incidents = _many(len({page.incident for page in mine}), "incident")
    return (
        f"You were woken last night: {len(mine)} pages for {incidents} between {first:%H:%M} and {final:%H:%M}. "
        "Shall the team be asked to cover for you tonight?"
    )
