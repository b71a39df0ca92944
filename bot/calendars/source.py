"""Reads who is on call from another program's calendar: each event is a turn, its people are who is on call."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from recurring_ical_events import of

from bot.core import Refused
from bot.models import Person

MOST = 20_000
"""Occurrences of a calendar in the time that is read."""

LARGEST = 5_000_000

READABLE = 500_000
"""Occurrences of one event since it began that may have to be gone through."""

SPLIT = re.compile(r"\s*(?:[,+/&;|]|\band\b)\s*|\s+[-–—]\s+|\s*:\s+", re.IGNORECASE)
NOISE = re.compile(
    r"\b(?:is\s+)?(?:on[ -]?call|oncall|primary|secondary|shift|schedule|rotation|for)\b", re.IGNORECASE
)
EMAIL = re.compile(r"[^\s<>@,;:]+@[^\s<>@,;:]+")

Known = Callable[[str], str | None]
Shift = tuple[str, datetime, datetime]


@dataclass(frozen=True)
class Read:
    """`shifts`: person, from, to (UTC), in order. `unknown`: names and addresses that are nobody in the catalog."""

    shifts: tuple[Shift, ...]
    unknown: tuple[str, ...]


def matcher(people: Iterable[Person]) -> Known:
    """Finds a person by id, e-mail or name, however it is capitalised."""
    found: dict[str, str] = {}
    for person in people:
        for word in (person.name, person.called, person.email, person.id):
            if word:
                found[word.casefold()] = person.id
    return lambda word: found.get(" ".join(word.split()).casefold())


def read(text: str, *, start: datetime, end: datetime, known: Known, zone: str = "UTC") -> Read:
    """The turns of a calendar between `start` and `end`. Times without a zone are of `zone`.

    Cancelled events are left out. Raises Refused for what is no calendar, and for one that would never end.
    """
    if len(text) > LARGEST:
        raise Refused(f"the calendar is larger than {LARGEST // 1_000_000} MB")
    try:
        return _read(_parsed(text), start, end, known, ZoneInfo(zone))
    except Refused:
        raise
    except Exception as error:  # the libraries raise whatever the broken value made them stumble over
        raise Refused(f"it is no calendar that can be read ({type(error).__name__})") from error


def _read(calendar: Any, start: datetime, end: datetime, known: Known, here: ZoneInfo) -> Read:
    found: list[Shift] = []
    unknown: dict[str, None] = {}
    for event in _events(calendar, start, end):
        span = _span(event, here)
        if span is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        begins, ends = max(span[0], start), min(span[1], end)
        if ends <= begins:
            continue
        people, strangers = _people(event, known)
        unknown.update(dict.fromkeys(strangers))
        found += [(person, begins, ends) for person in people]
    return Read(tuple(sorted(set(found), key=lambda shift: (shift[1], shift[2], shift[0]))), tuple(unknown))


def _parsed(text: str) -> Any:
    if "BEGIN:VCALENDAR" not in text.upper():
        raise Refused("it is no calendar: it does not begin with BEGIN:VCALENDAR")
    return Calendar.from_ical(text)


def _events(calendar: Any, start: datetime, end: datetime) -> list[Any]:
    _must_end(calendar, end)
    found = []
    for event in of(calendar, skip_bad_series=True).after(start - timedelta(days=31)):
        if _instant(event["DTSTART"].dt, ZoneInfo("UTC")) >= end + timedelta(days=1):
            break
        found.append(event)
        if len(found) > MOST:
            raise Refused(f"it has more than {MOST:,} turns in {(end - start).days} days")
    return found


def _must_end(calendar: Any, end: datetime) -> None:
    """Rules that make more turns than any rota would keep a reader busy for ever: they are refused unread."""
    for event in calendar.walk("VEVENT"):
        given = event.get("RRULE", [])
        begins = event.get("DTSTART")
        if not given or begins is None:
            continue
        days = max(1, (end - _instant(begins.dt, ZoneInfo("UTC"))).days)
        for rule in given if isinstance(given, list) else [given]:
            often = {"HOURLY": 24, "MINUTELY": 1440, "SECONDLY": 86400}.get(
                str(rule.get("FREQ", [""])[0]).upper(), 1
            )
            for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
                often *= max(1, len(rule.get(part, [])))
            if often * days > READABLE:
                raise Refused("one of its events repeats so often that it can't be a rota")


def _span(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if event.get("DTSTART") is None:
        return None
    begins = event["DTSTART"].dt
    if event.get("DTEND") is not None:
        ends = event["DTEND"].dt
    elif event.get("DURATION") is not None:
        ends = begins + event["DURATION"].dt
    else:
        ends = begins + timedelta(days=1) if not isinstance(begins, datetime) else begins
    return _instant(begins, zone), _instant(ends, zone)


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _people(event: Any, known: Known) -> tuple[list[str], list[str]]:
    """The catalog ids of an event's people, and what stands there for nobody we know."""
    given = event.get("ATTENDEE", [])
    attendees = [
        re.sub(r"(?i)^mailto:", "", str(one)) for one in (given if isinstance(given, list) else [given])
    ]
    by_mail = [person for person in map(known, attendees) if person]
    if by_mail:
        return list(dict.fromkeys(by_mail)), [a for a in attendees if not known(a)]
    summary = str(event.get("SUMMARY", "")).strip()
    whole = known(summary)
    if whole:
        return [whole], []
    named = [person for person in map(known, EMAIL.findall(summary)) if person]
    parts = [" ".join(NOISE.sub(" ", part).split()) for part in SPLIT.split(EMAIL.sub(" ", summary))]
    named += [person for person in map(known, filter(None, parts)) if person]
    if named:
        return list(dict.fromkeys(named)), []
    return [], [summary[:80] or "an event without a summary"]
