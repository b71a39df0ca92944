"""A schedule as a calendar that phones subscribe to: one event a turn, in UTC, so that no client reckons with zones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vDuration

from bot.core.oncall import Segment

REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Shift:
    """`uid` stays the same for the same turn, so that a client moves an event instead of doubling it."""

    start: datetime
    end: datetime
    summary: str
    uid: str
    description: str = ""


def shifts_of_team(team: str, segments: Iterable[Segment], called: Callable[[str], str] = str) -> list[Shift]:
    """One event for each segment; a gap is an event too, since it is what somebody has to see."""
    return [
        Shift(
            segment.start,
            segment.end,
            f"{', '.join(map(called, segment.people))} on call for {team}"
            if segment.people
            else f"Nobody is on call for {team}",
            f"{team} {segment.start:%Y%m%dT%H%M%SZ}",
        )
        for segment in segments
    ]


def shifts_of_person(person: str, teams: Iterable[tuple[str, Iterable[Segment]]]) -> list[Shift]:
    """Only theirs; what follows itself in one team, because others came and went beside them, is one event."""
    found: list[Shift] = []
    for team, segments in teams:
        open_since: datetime | None = None
        last: datetime | None = None
        for segment in segments:
            if person not in segment.people or segment.start != last:
                _close(found, team, person, open_since, last)
                open_since = None
            if person in segment.people:
                open_since = open_since or segment.start
                last = segment.end
        _close(found, team, person, open_since, last)
    return found


def _close(found: list[Shift], team: str, person: str, start: datetime | None, end: datetime | None) -> None:
    if start is not None and end is not None:
        uid = f"{team} {person} {start:%Y%m%dT%H%M%SZ}"
        found.append(Shift(start, end, f"On call for {team}", uid))


def feed(name: str, shifts: Sequence[Shift], *, now: datetime, refresh: timedelta = REFRESH) -> bytes:
    """The calendar, named `name`, as RFC 5545 has it. Events don't block anybody's time: a turn is no meeting."""
    calendar = Calendar()
    calendar.add("prodid", "-//Writeback//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(refresh), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for shift in shifts:
        event = Event()
        event.add("uid", f"{shift.uid.replace(' ', '-')}@writeback")
        event.add("dtstamp", now.replace(microsecond=0))
        event.add("dtstart", shift.start)
        event.add("dtend", shift.end)
        event.add("summary", shift.summary)
        if shift.description:
            event.add("description", shift.description)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
