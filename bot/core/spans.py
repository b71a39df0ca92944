"""The times that people type for covers and swaps: “friday 18:00 - monday 09:00”, “tonight”, “next 2 hours”.

A small grammar of our own, since dateparser and parsedatetime misread such ranges, read 03/04 and “31 feb” as some
date without asking, and the first takes 100 ms to import. What one time or day means stands in `bot.core.when`. A
start without a date is today's, even if it is past, or the next if the whole span would be over. An end without a
date is the first such time after the start. “mon to fri” has both days in full; “until friday” lacks a time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import Refused
from bot.core.oncall import arrival
from bot.core.when import (
    DAY,
    FURTHEST,
    HOUR,
    LONGEST,
    UNTIL,
    WHOLE,
    Length,
    Reader,
    When,
    clock_time,
    wall_time,
)


@dataclass(frozen=True)
class Span:
    """From `start` until `end`, which is not part of it and lies after `start`; both UTC."""

    start: datetime
    end: datetime


def span(words: str, now: datetime, zone: ZoneInfo) -> Span:
    """What `words` mean to somebody in `zone`. It may have begun already, but not be over.

    Raises Refused where two readings would differ, and for spans longer than 60 days or further ahead than 400.
    """
    return _Spans(words, now, zone).span()


def moment(words: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The one instant that `words` name. It is past only where a date, or “today”, was said with it."""
    return _Spans(words, now, zone).moment()


def spoken(span: Span, zone: ZoneInfo, now: datetime) -> str:
    """A short confirmation in `zone`: “Fri 27 Nov 18:00 – Mon 30 Nov 09:00 GMT”."""
    start, end, year = span.start.astimezone(zone), span.end.astimezone(zone), now.astimezone(zone).year
    first = f"{_day(start, year)} {start:%H:%M}"
    if _name(start) != _name(end):
        first += f" {_name(start)}"
    last = f"{end:%H:%M} {_name(end)}"
    return f"{first} – {last}" if start.date() == end.date() else f"{first} – {_day(end, year)} {last}"


def _day(at: datetime, year: int) -> str:
    return f"{at:%a} {at.day} {at:%b}" + (f" {at.year}" if at.year != year else "")


def _name(at: datetime) -> str:
    name = at.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name


class _Spans(Reader):
    """Reads a whole text as a span or as one moment."""

    def moment(self) -> datetime:
        when = self.when()
        if self.peek().kind != "end":
            raise self.unread()
        if when.until is not None:
            raise Refused(f"“{when.text}” is no single time: write “{self.short(when.on)} 09:00”.")
        found = self.begins(when)
        if found < self.now and when.again:
            found = self.begins(replace(when, on=when.on + when.again * DAY))
        if found - self.now > FURTHEST:
            raise self.too_far(when.text)
        return found

    def span(self) -> Span:
        here = When("now", self.today, timedelta(0), exact=self.now)
        self.take("for")
        self.skip()
        if length := self.length(1 if self.peek().text == "next" else 0):
            start = self.when() if self.peek().kind != "end" else here
            return self.checked(start, length)
        if self.take(*UNTIL):
            return self.ended(here, spaced=True)
        start = self.when()
        lasting = self.take("for")
        if length := self.length(0):
            return self.checked(start, length)
        if lasting:
            raise self.unread()
        if self.peek().kind == "end":
            if start.until is None:
                raise Refused(f"“{start.text}” has no end: write “{start.text} to {self.later(start)}”.")
            return self.checked(start, start)
        return self.ended(start, spaced=self.take(*UNTIL))

    def ended(self, start: When, *, spaced: bool) -> Span:
        """The span from `start` to what is read next; `spaced` when a word or dash stood between them."""
        end = self.when()
        if self.peek().kind != "end":
            raise self.unread()
        dated = end.exact is not None or end.again != 1
        unclear = not spaced and ((start.clock_first and not dated) or end.until is not None)
        if end.until is not None and start.until is None:
            raise Refused(
                f"Until which time of “{end.text}”? Write “{start.text} to {self.short(end.on)} 09:00”."
            )
        if end.clock_first and start.again == 1 and start.exact is None:
            if end.begin <= start.begin:
                example = (
                    f"{self.short(end.on - DAY)} {start.text} to {self.short(end.on)} {clock_time(end.begin)}"
                )
                raise Refused(f"On which day does it start? Write “{example}”.")
            start = replace(start, on=end.on, again=end.again)
        if start.until and (start.begin, start.until) == WHOLE and end.clock and end.clock.open and not dated:
            raise Refused(f"When on {start.text}? Write “{start.text} 9:00 to {clock_time(end.begin)}”.")
        found = self.checked(start, end)
        if unclear:
            raise Refused(f"Where does it end? Write “to” before it: “{start.text} to {end.text}”.")
        return found

    def checked(self, start: When, end: When | Length) -> Span:
        """The first span with that start that isn't over, within bounds."""
        if isinstance(end, Length) and (self.peek().kind != "end" or (start.until and end.elapsed)):
            if self.peek().kind != "end":
                raise self.unread()
            raise Refused(f"When on {start.text}? Write “{start.text} 9:00 for 2h”.")
        begins, ends = self.between(start, end)
        if ends <= self.now and start.again:
            begins, ends = self.between(replace(start, on=start.on + start.again * DAY), end)
        typed = self.said(0)
        if ends <= self.now and ends != begins:
            raise Refused(f"“{typed}” is over already: write “tomorrow 9:00 to 17:00”.")
        if ends <= begins:
            local = self.local(begins)
            raise Refused(
                f"“{typed}” ends before it has begun: write “{self.short(local.date())} {local:%H:%M} for 8h”."
            )
        if min(ends - begins, self.local(ends) - self.local(begins)) > LONGEST:
            raise Refused(f"“{typed}” is longer than 60 days: write “next 60 days”.")
        if ends - self.now > FURTHEST:
            raise self.too_far(typed)
        return Span(begins, ends)

    def between(self, start: When, end: When | Length) -> tuple[datetime, datetime]:
        begins = self.begins(start)
        local = self.local(begins) if start.exact else wall_time(start.on, start.begin)
        if isinstance(end, Length):
            later = arrival(self.zone, local + end.days) if end.days else begins
            return begins, later + end.elapsed
        if end.exact:
            return begins, end.exact
        on = end.on
        if end.again:
            on = local.date() + (on - local.date()).days % end.again * DAY
        wall = wall_time(on, end.begin if end.until is None else end.until)
        if end.again and wall <= local:
            wall += end.again * DAY
        self.undoubted(start, end, local, wall)
        ends = arrival(self.zone, wall)
        if wall > local and ends <= begins:
            raise Refused(
                f"The clocks change then: say it with an offset, from “{begins:%Y-%m-%dT%H:%MZ}” on."
            )
        return begins, ends

    def undoubted(self, start: When, end: When, local: datetime, wall: datetime) -> None:
        """Refuses “9-5” and “2-5pm”, where the other half of the day would make a shorter span."""
        half = 12 * HOUR
        if end.again == 1 and end.clock and end.clock.open and wall - half > local:
            raise Refused(
                f"“{end.text}” could be {wall:%H:%M} or {wall - half:%H:%M}: "
                f"write “{start.text} to {wall - half:%H:%M}”."
            )
        near = end.again == 1 or end.clock_first
        if near and end.clock and end.clock.half and start.clock and start.clock.open and local + half < wall:
            day = "" if start.again == 1 else f"{self.short(local.date())} "
            raise Refused(
                f"“{start.text}” could be {local:%H:%M} or {local + half:%H:%M}: "
                f"write “{day}{local + half:%H:%M} to {wall:%H:%M}”."
            )
