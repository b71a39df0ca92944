"""The events of an iCal text, its rules unfolded: in a process of its own, for such a text can keep a reader busy.

RFC 5545 lets a few characters stand for centuries of seconds, or for a rule that never matches, and the libraries
then search for minutes without a pause. So that no calendar ever delays a page, a child reads it, within PATIENCE.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core import Refused
from bot.core.oncall import arrival

LARGEST = 5_000_000
"""Characters of a calendar; ten years of shifts are far below."""

MOST = 20_000
"""Events in the time that is read, each repetition counted."""

PASSES = 1_000_000
"""Repetitions since the rules began that may have to be gone through, all rules together."""

PATIENCE = 20.0
"""Seconds for one calendar; the largest honest ones need a few."""

MEMORY = 1_000_000_000
"""Bytes for one calendar."""

CROWD, WORDS = 50, 500
"""Attendees, and characters of a summary, that are looked at: those who are on call are far fewer."""

OFTEN = {"YEARLY": 1, "MONTHLY": 1, "WEEKLY": 1, "DAILY": 1, "HOURLY": 24}
"""How often in a day, at most, a rule of this kind is gone through."""

NEAR = timedelta(days=2)
"""How far times of unlike zones, or without any, can be apart."""

WHEN = ("DTSTART", "DTEND", "RECURRENCE-ID")
USED = (*WHEN, "DURATION", "RRULE", "RDATE", "EXDATE", "UID", "SEQUENCE", "STATUS", "SUMMARY")


@dataclass(frozen=True)
class Event:
    """`start` and `end` in UTC; `attendees`: (address, name), either can be ""."""

    start: datetime
    end: datetime
    summary: str
    attendees: tuple[tuple[str, str], ...] = ()


def events(text: str, start: datetime, end: datetime, zone: str) -> list[Event]:
    """The events between `start` and `end`, as `unfolded` says, read by a child that is ended after PATIENCE."""
    if len(text) > LARGEST:
        raise Refused(f"it is larger than {LARGEST // 1_000_000} MB")
    asked = {"text": text, "start": start.isoformat(), "end": end.isoformat(), "zone": zone}
    try:
        done = subprocess.run(  # our own interpreter and our own module
            [sys.executable, "-P", "-m", "bot.calendars.reading"],
            input=json.dumps(asked).encode(),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"it takes longer than {PATIENCE:g} s to read: its rules are no rota's") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(
            f"it can't be read ({told[-1] if told else f'the reader ended with {done.returncode}'})"
        )
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return [
        Event(
            datetime.fromisoformat(begins),
            datetime.fromisoformat(ends),
            summary,
            tuple((address, name) for address, name in attendees),
        )
        for begins, ends, summary, attendees in answer["events"]
    ]


def unfolded(text: str, start: datetime, end: datetime, zone: str) -> list[Event]:
    """The events between `start` and `end`, cut to them, in order. Cancelled ones and those without length are gone.

    Times without a zone are of the one that the calendar names as its own, else of `zone`. Raises Refused for what
    is no calendar, and for one of which a part can't be read: a turn that is left out unsaid is a page that is lost.
    """
    found: list[Event] = []
    for calendar in _parsed(text):
        here = _zone_of(calendar, zone)
        plain, recurring = _sorted_out(calendar, start, end)
        for event in (*plain, *_occurrences(calendar, recurring, start, end)):
            begins, ends = (max(_instant(each, here), start) for each in _span(event))
            ends = min(ends, end)
            if begins < ends and str(event.get("STATUS", "")).upper() != "CANCELLED":
                found.append(Event(begins, ends, str(event.get("SUMMARY", "")).strip(), _attendees(event)))
                if len(found) > MOST:
                    raise Refused(f"it has more than {MOST:,} events in {(end - start).days} days")
    return sorted(found, key=lambda event: (event.start, event.end, event.summary))


def _parsed(text: str) -> list[Any]:
    from icalendar import Calendar

    text = text.lstrip("\ufeff \t\r\n")
    if text[:1] == "<":
        raise Refused("it is no calendar but a web page: use the calendar's address in iCal format")
    if text[:15].upper() != "BEGIN:VCALENDAR":
        raise Refused("it is no calendar: it does not begin with BEGIN:VCALENDAR")
    if text.rstrip()[-13:].upper() != "END:VCALENDAR":
        raise Refused("it is cut off: it does not end with END:VCALENDAR")
    return Calendar.from_ical(text, multiple=True)


def _zone_of(calendar: Any, given: str) -> ZoneInfo:
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE", given)).strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(given)


# ---- before the rules are unfolded -----------------------------------------------------------------


def _sorted_out(calendar: Any, start: datetime, end: datetime) -> tuple[list[Any], list[Any]]:
    """The events that happen once, and those of rules with their exceptions; none that can't reach the time read."""
    series: dict[str, list[Any]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        series.setdefault(str(event.get("UID", number)), []).append(_light(event))
    plain, recurring, passes = [], [], 0
    for group in series.values():
        if not any(event.get(word) for event in group for word in ("RRULE", "RDATE", "RECURRENCE-ID")):
            # The later version of an event replaces it. Two of the same version are two events under one name:
            # exporters do that, and a turn too many is seen where one too few is not.
            last = max(_sequence(event) for event in group)
            plain += [
                event for event in group if _sequence(event) == last and _reaches(_span(event), start, end)
            ]
        elif len(group) > 1 or _goes_on(group[0], start):
            passes += sum(_passes(event, end) for event in group)
            recurring += group
    if passes > PASSES:
        raise Refused("it repeats so often that it can't be a rota")
    for event in (*plain, *recurring):
        _must_name_its_zone(event)
    return plain, recurring


def _light(event: Any) -> Any:
    """The event with what is used of it alone: a rule copies all of it, a thousand times over. Refuses broken parts."""
    from icalendar import Event as Component

    title = f"“{str(event.get('SUMMARY', ''))[:80] or 'without a summary'}”"
    for word, _ in event.errors:
        if word in USED:
            raise Refused(f"the {word} of its event {title} can't be read")
    found: Any = Component()
    for word in USED:
        if word in event:
            found[word] = event[word]
    for word in (*WHEN, "DURATION"):
        if isinstance(event.get(word), list):
            raise Refused(f"its event {title} has more than one {word}")
    if "DTSTART" not in found:
        raise Refused(f"its event {title} has no DTSTART")
    found["SUMMARY"] = str(event.get("SUMMARY", ""))[:WORDS]
    given = event.get("ATTENDEE", [])
    found["ATTENDEE"] = (given if isinstance(given, list) else [given])[:CROWD]
    begins, ends = _span(found)
    if _instant(ends, ZoneInfo("UTC")) <= _instant(begins, ZoneInfo("UTC")):
        # The library would turn an event round that ends before it begins; it stays, since it may replace another.
        found.pop("DURATION", None)
        found["DTEND"] = found["DTSTART"]
    return found


def _sequence(event: Any) -> int:
    given = event.get("SEQUENCE", -1)
    return int(given) if isinstance(given, int) else -1


def _reaches(span: tuple[Any, Any], start: datetime, end: datetime) -> bool:
    begins, ends = (_instant(each, ZoneInfo("UTC")) for each in span)
    return begins < end + NEAR and ends > start - NEAR


def _rules(event: Any) -> list[Any]:
    given = event.get("RRULE", [])
    return given if isinstance(given, list) else [given]


def _until(rule: Any) -> datetime | None:
    given = rule.get("UNTIL")
    given = given[0] if isinstance(given, list) else given
    return _instant(given, ZoneInfo("UTC")) if isinstance(given, date) else None


def _goes_on(event: Any, start: datetime) -> bool:
    """Whether a rule without exceptions can still have somebody after `start`."""
    if event.get("RDATE") or not _rules(event):
        return True
    begins, ends = (_instant(each, ZoneInfo("UTC")) for each in _span(event))
    last = [_until(rule) for rule in _rules(event)]
    return any(each is None or max(each, begins) + (ends - begins) > start - NEAR for each in last)


def _passes(event: Any, end: datetime) -> int:
    begins = _instant(_span(event)[0], ZoneInfo("UTC"))
    total = 0
    for rule in _rules(event):
        freq = rule.get("FREQ")
        kind = str(freq[0] if isinstance(freq, list) and freq else freq).upper()
        if kind not in OFTEN:
            raise Refused(f"one of its events repeats so often ({kind.lower()}) that it can't be a rota")
        often = OFTEN[kind]
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            given = rule.get(part, [])
            often *= max(1, len(given) if isinstance(given, list) else 1)
        total += often * max(1, (min(_until(rule) or end, end) - begins).days)
    return total


def _must_name_its_zone(event: Any) -> None:
    for word in WHEN:
        if word in event:
            zone, moment = event[word].params.get("TZID"), event[word].dt
            if zone and isinstance(moment, datetime) and moment.tzinfo is None:
                raise Refused(
                    f"it has times of the zone “{zone}”, which it does not explain and nobody knows"
                )


# ---- times -------------------------------------------------------------------------------------------


def _occurrences(calendar: Any, recurring: list[Any], start: datetime, end: datetime) -> Iterator[Any]:
    from icalendar import Calendar
    from recurring_ical_events import of

    if not recurring:
        return
    rules: Any = Calendar()
    if "X-WR-TIMEZONE" in calendar:
        # Rules in UTC are meant in the calendar's own zone; the library knows.
        rules["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]
    for event in recurring:
        rules.add_component(event)
    yield from of(rules).between(start - NEAR, end + NEAR)


def _span(event: Any) -> tuple[date | datetime, date | datetime]:
    begins = event["DTSTART"].dt
    if event.get("DTEND") is not None:
        return begins, event["DTEND"].dt
    if event.get("DURATION") is not None:
        return begins, begins + event["DURATION"].dt
    return begins, begins if isinstance(begins, datetime) else begins + timedelta(days=1)


def _instant(moment: date | datetime, here: ZoneInfo) -> datetime:
    """The instant; a wall-clock time that `here`, or its own zone, skips or has twice is taken as everywhere else."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    zone = moment.tzinfo or here
    if isinstance(zone, ZoneInfo):
        return arrival(zone, moment.replace(tzinfo=None, fold=0))
    return moment.astimezone(UTC)


def _attendees(event: Any) -> tuple[tuple[str, str], ...]:
    """Rooms and projectors are invited too, but never on call."""
    return tuple(
        (str(one).strip(), str(one.params.get("CN", "")).strip())
        for one in event.get("ATTENDEE", [])
        if str(one.params.get("CUTYPE", "")).upper() not in ("ROOM", "RESOURCE")
    )


# ---- the child ---------------------------------------------------------------------------------------


def answered(text: str, start: datetime, end: datetime, zone: str) -> dict[str, Any]:
    try:
        found = unfolded(text, start, end, zone)
    except Refused as refused:
        return {"refused": str(refused)}
    except Exception as error:  # the libraries raise whatever the broken value made them stumble over
        return {"refused": f"it is no calendar that can be read ({type(error).__name__})"}
    return {
        "events": [
            (event.start.isoformat(), event.end.isoformat(), event.summary, event.attendees)
            for event in found
        ]
    }


def main() -> None:
    import resource

    # The parent may be killed first: the child then ends by itself.
    resource.setrlimit(resource.RLIMIT_CPU, (int(PATIENCE) + 5, int(PATIENCE) + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.load(sys.stdin.buffer)
    start, end = (datetime.fromisoformat(asked[word]) for word in ("start", "end"))
    answer = answered(asked["text"], start, end, asked["zone"])
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
