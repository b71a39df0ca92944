"""What people type for one time or day: “fri 18:00”, “27.11. 9:30”, “tonight at 10”, “next week”, “in 2 hours”.

How words are meant: weeks begin on Monday. “friday” is today or the next one, “this friday” is in this week, “next
friday”, “next weekend” and “next week” are in the week after it. A day is 00:00 to 24:00, a weekend Saturday and
Sunday. Morning is 06:00 to 12:00, afternoon to 18:00, evening to 24:00, and tonight or a night 18:00 to 09:00. A
date without a year is the first one from a month ago on. Hours and minutes are elapsed time, days and weeks are
days on the clock. Times of day follow the arrival rule of `bot.core.oncall`.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from bot.core import Refused
from bot.core.oncall import arrival

LONGEST = timedelta(days=60)
FURTHEST = timedelta(days=400)
"""How long a span may be, and how far ahead it may end."""

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NIGHT = (18 * HOUR, 33 * HOUR)

_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS = "january february march april may june july august september october november december"
WEEKDAYS = {name[:n]: day for day, name in enumerate(_DAYS.split()) for n in range(3, len(name) + 1)}
MONTHS = {name[:n]: month for month, name in enumerate(_MONTHS.split(), 1) for n in range(3, len(name) + 1)}
"""Also by their first letters, from three on."""
NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1}
PARTS = {
    "morning": (6 * HOUR, 12 * HOUR),
    "afternoon": (12 * HOUR, 18 * HOUR),
    "evening": (18 * HOUR, DAY),
    "night": NIGHT,
}
WHOLE = (timedelta(0), DAY)
LONG = {"weekend": (5, 2), "week": (0, 7)}
"""Of a week: the day on which it begins, and its days."""
ELAPSED = {
    **dict.fromkeys(["h", "hr", "hrs", "hour", "hours"], HOUR),
    **dict.fromkeys(["m", "min", "mins", "minute", "minutes"], HOUR / 60),
}
ON_THE_CLOCK = {
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * DAY),
}
NAMED = {"noon": 12 * HOUR, "midday": 12 * HOUR, "midnight": DAY}
AM, PM = ("am", "a.m.", "a.m"), ("pm", "p.m.", "p.m")
UNTIL = ("to", "until", "till", "til", "through", "thru", "-")
FROM = ("from", "since", "starting", "at", "on", "the")
ZONES = ("utc", "gmt", "bst", "est", "edt", "cst", "cdt", "pst", "pdt", "cet", "cest")
KNOWN = [
    *f"{_DAYS} {_MONTHS} hours minutes after tonight".split(),
    *(
        word
        for words in (NEAR, PARTS, LONG, ON_THE_CLOCK, NAMED, UNTIL, FROM)
        for word in words
        if len(word) > 3
    ),
]
"""What a misspelt word is compared with."""

_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?"
_TOKEN = re.compile(
    rf"""(?P<instant> \d{{4}}-\d\d-\d\d (?: t{_CLOCK}(?:z|[+-]\d\d:?\d\d(?![\d-])) | \s+{_CLOCK}(?:z|\+\d\d:?\d\d) ) )
    | (?P<date> \d{{4}}-\d\d?-\d\d?(?!\d) ) (?:t(?=\d\d:))?
    | (?P<slashed> \d+/\d+(?:/\d+)? )
    | (?P<dotted> \d+\.\d+(?:\.\d*)? )
    | (?P<clock> {_CLOCK}(?![\d:]) )
    | (?P<ordinal> \d+(?:st|nd|rd|th)\b )
    | (?P<number> \d+ )
    | (?P<nothing> [\s,.]+ | of\b )
    | (?P<word> [ap]\.m\.? | [a-z]+ )
    | (?P<dash> -[->]* | [‐‑‒–—−→] )
    | (?P<other> . )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Clock:
    """`after` midnight. `open`: a bare hour that can also be meant in the other half of the day."""

    after: timedelta
    open: bool = False
    half: bool = False
    """With am or pm."""
    midnight: bool = False


@dataclass(frozen=True)
class When:
    """A moment (`until` is None) or a period: wall-clock times after midnight of `on`, or one `exact` instant."""

    text: str
    on: date
    begin: timedelta
    until: timedelta | None = None
    again: int = 0
    """Days until it comes again: 7 for a weekday, 1 where no day was said, 0 where it is one certain day."""
    clock: Clock | None = None
    clock_first: bool = False
    exact: datetime | None = None


@dataclass(frozen=True)
class Length:
    days: timedelta
    elapsed: timedelta


class Reader:
    """Reads one text. Each method takes the words that it understands and gives None, with nothing taken, if none."""

    def __init__(self, words: str, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now.astimezone(UTC), zone
        self.today = self.local(self.now).date()
        self.text, self.at = " ".join(words.lower().split()), 0
        if len(words) > 200:
            raise Refused("That is too long for a time: write “tomorrow 9:00 to 17:00”.")
        found = (Token(m.lastgroup or "", m[m.lastgroup or 0], *m.span()) for m in _TOKEN.finditer(self.text))
        self.tokens = [token for token in found if token.kind != "nothing"]
        if not self.tokens:
            raise Refused("Say from when until when: write “tomorrow 9:00 to 17:00”.")
        self.share_month()

    def share_month(self) -> None:
        """“27-29 nov” and “nov 27-29” name the month once for both days."""
        begin = next((n for n, token in enumerate(self.tokens) if token.text not in (*FROM, "for")), 0)
        kinds = [
            "month" if t.text in MONTHS else "to" if t.text in UNTIL or t.kind == "dash" else t.kind
            for t in self.tokens[begin:]
        ]
        shape = " ".join(kinds).replace("ordinal", "number")
        if shape in ("number to number month", "number to number month number"):
            self.tokens[begin + 1 : begin + 1] = self.tokens[begin + 3 :]
        elif shape == "month number to number":
            self.tokens.insert(begin + 3, self.tokens[begin])

    # ---- words -------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else Token("end", "", 0, 0)

    def take(self, *words: str) -> bool:
        """Whether the next word is one of `words`; it is taken then."""
        token = self.peek()
        hit = token.text in words or (token.kind == "dash" and "-" in words)
        self.at += hit
        return hit

    def said(self, since: int) -> str:
        """What was typed from token `since` to here."""
        if since == self.at:
            return ""
        return self.text[self.tokens[since].start : self.tokens[self.at - 1].end]

    def unread(self) -> Refused:
        """Why the next word can't be read."""
        token = self.peek()
        if token.kind == "end":
            return Refused(f"“{self.said(0)}” breaks off: write “tomorrow 9:00 to 17:00”.")
        near = get_close_matches(token.text, KNOWN, 1, 0.75) if token.kind == "word" else []
        if token.text in ZONES:
            there = f"{self.today}T09:00Z"
            return Refused(f"Times are read in {self.zone.key}: instead of “{token.text}” write “{there}”.")
        if near and near[0] != token.text:
            return Refused(f"“{token.text}” was not understood: did you mean “{near[0]}”?")
        text = token.text if token.text.isprintable() else "?"
        where = f" after “{self.said(0)}”" if self.at else ""
        return Refused(f"“{text}” was not understood{where}: write “tomorrow 9:00 to 17:00”.")

    # ---- one time or day ---------------------------------------------------------------------

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)

    def begins(self, when: When) -> datetime:
        return when.exact or arrival(self.zone, wall_time(when.on, when.begin))

    def later(self, when: When) -> str:
        """A time of day that could end what begins with `when`."""
        return f"{self.local(self.begins(when)) + 3 * HOUR:%H:%M}"

    def short(self, on: date) -> str:
        """“Fri 27 Nov”, with the year where it would be read as another's."""
        year = "" if -31 <= (on - self.today).days < 300 else f" {on.year}"
        return f"{on:%a} {on.day} {on:%b}{year}"

    def skip(self) -> None:
        while self.take(*FROM):
            pass

    def when(self) -> When:
        """Raises Refused if the next words are no time."""
        self.skip()
        since = self.at
        if self.take("now"):
            return When("now", self.today, timedelta(0), exact=self.now)
        if self.peek().text == "in" and (length := self.length(1)):
            later = arrival(self.zone, self.local(self.now) + length.days) if length.days else self.now
            return When(self.said(since), self.today, timedelta(0), exact=later + length.elapsed)
        if self.peek().kind == "instant":
            return self.instant()
        if day := self.day():
            mark = self.at
            self.skip()
            if clock := self.clock():
                return self.timed(day, clock, since)
            self.at = mark
            return day
        clock = self.clock()
        if clock is None:
            raise self.unread()
        mark = self.at
        self.skip()
        if day := self.day():
            return replace(self.timed(day, clock, since), clock_first=True)
        self.at = mark
        return When(self.said(since), self.today, clock.after, again=1, clock=clock)

    def timed(self, day: When, clock: Clock, since: int) -> When:
        """The time `clock` of `day`, both read from token `since` on."""
        text = self.said(since)
        if day.until is None or (day.begin, day.until) == WHOLE:
            fitting = [] if clock.midnight else [clock.after]
        elif (day.begin, day.until) in PARTS.values():
            hours = (clock.after, clock.after + DAY, *([clock.after + 12 * HOUR] if clock.open else []))
            fitting = sorted({after for after in hours if day.begin <= after < day.until})
        else:
            raise Refused(
                f"On which day of “{day.text}”? Write “{self.short(day.on)} {clock_time(clock.after)}”."
            )
        if len(fitting) != 1:
            example = f"{self.short(day.on)} {clock_time(fitting[0] % DAY if fitting else clock.after)}"
            raise Refused(f"“{text}” can't be one certain time: write “{example}”.")
        return replace(day, text=text, begin=fitting[0], until=None, clock=clock)

    def instant(self) -> When:
        text = self.peek().text
        self.at += 1
        try:
            exact = datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Refused(f"“{text}” is no time with an offset: write “{self.today}T09:00+00:00”.") from None
        return When(text, self.close(exact.date(), text), timedelta(0), exact=exact)

    def clock(self) -> Clock | None:
        token, then = self.peek(), self.peek(1).text
        if token.text in NAMED:
            self.at += 1
            return Clock(NAMED[token.text], midnight=token.text == "midnight")
        bare = token.kind == "number" and len(token.text) <= 2
        if bare and (then in ELAPSED or then in ON_THE_CLOCK or then in MONTHS):
            return None
        if not (bare or token.kind == "clock" or (token.kind == "dotted" and self.dotted() is None)):
            return None
        since = self.at
        self.at += 1
        hour, minute, second = (*re.split("[:.]", token.text, maxsplit=2), "0", "0")[:3]
        after = int(hour) * HOUR + timedelta(minutes=int(minute), seconds=float(second))
        right = after <= DAY and int(minute) < 60 and float(second) < 60
        half = self.take(*AM, *PM)
        if half:
            right = right and 1 <= int(hour) <= 12
            after += ((then in PM) - (int(hour) == 12)) * 12 * HOUR
        if not right:
            text = self.said(since)
            raise Refused(f"“{text}” is no time of day: write one from “00:00” to “24:00”.")
        open_ = bare and not half and token.text[0] != "0" and int(hour) <= 12
        return Clock(after, open=open_, half=half)

    def length(self, ahead: int) -> Length | None:
        """“1h 30m”, “2 days”, “an hour”; `ahead` words before it are taken with it."""
        mark, days, elapsed = self.at, timedelta(0), timedelta(0)
        self.at += ahead
        first = self.at
        if ahead and self.take("hour"):
            return Length(days, HOUR)
        while True:
            text, unit = self.peek().text, self.peek(1).text
            text = "1" if text in ("a", "an") else text
            if re.fullmatch(r"[0-9]+", text) and unit in ON_THE_CLOCK:
                days += min(int(text), 1000) * ON_THE_CLOCK[unit]
            elif re.fullmatch(r"[0-9]+(\.[0-9])?", text) and unit in ELAPSED:
                elapsed += min(float(text), 100_000.0) * ELAPSED[unit]
            else:
                break
            self.at += 2
        if self.at == first:
            self.at = mark
            return None
        return Length(days, elapsed)

    def day(self) -> When | None:
        """A day, a part of one, a weekend or a week."""
        since = self.at
        if on := self.dated():
            return self.part(since, on)
        if self.take("tonight"):
            return When("tonight", self.today, *NIGHT)
        if [self.peek(n).text for n in range(3)] == ["day", "after", "tomorrow"]:
            self.at += 3
            return self.part(since, self.today + 2 * DAY)
        if (ahead := NEAR.get(self.peek().text)) is not None:
            self.at += 1
            return self.part(since, self.today + ahead * DAY)
        which = self.peek().text if self.peek().text in ("this", "next") else ""
        name = self.peek(1 if which else 0).text
        monday = self.today - self.today.weekday() * DAY + (which == "next") * 7 * DAY
        if name in WEEKDAYS:
            self.at += 2 if which else 1
            weekday = WEEKDAYS[name]
            if which:
                return self.part(since, monday + weekday * DAY)
            if on := self.dated():
                if on.weekday() != weekday:
                    raise Refused(f"“{self.said(since)}” is a {on:%A}: write “{self.short(on)}”.")
                return self.part(since, on)
            return self.part(since, self.today + (weekday - self.today.weekday()) % 7 * DAY, again=7)
        if name in LONG and (which or name == "weekend"):
            self.at += 2 if which else 1
            first, days = LONG[name]
            return When(self.said(since), monday + first * DAY, timedelta(0), days * DAY)
        if name in PARTS and which == "this":
            self.at += 1
            return self.part(since, self.today)
        return None

    def part(self, since: int, on: date, *, again: int = 0) -> When:
        """The part of the day `on` that is named next, or all of it."""
        begin, until = PARTS.get(self.peek().text, WHOLE)
        self.at += self.peek().text in PARTS
        return When(self.said(since), on, begin, until, again)

    def dated(self) -> date | None:
        token, then = self.peek(), self.peek(1).text
        if token.kind == "date":
            self.at += 1
            first, second, third = map(int, token.text.split("-"))
            return self.calendar(first, second, third, token.text)
        if token.kind == "slashed":
            self.at += 1
            return self.slashed(token.text)
        if token.kind == "dotted":
            on = self.dotted()
            self.at += on is not None
            return on
        since = self.at
        if token.kind in ("number", "ordinal") and then in MONTHS:
            self.at += 2
            day, month = token.text, then
        elif token.text in MONTHS and self.peek(1).kind in ("number", "ordinal"):
            self.at += 2
            day, month = then, token.text
        else:
            return None
        year = None
        if re.fullmatch("20[0-9][0-9]", self.peek().text):
            year = int(self.peek().text)
            self.at += 1
        return self.calendar(year, MONTHS[month], int(day.rstrip("sthndr")), self.said(since))

    def slashed(self, text: str) -> date:
        first, second, *rest = map(int, text.split("/"))
        year = rest[0] if rest else None
        if first > 31 or (year is not None and year < 1000):
            raise Refused(f"“{text}” could be several dates: write one as “{self.today}”.")
        if first != second and first <= 12 and second <= 12:
            on = self.calendar(year, second, first, text)
            raise Refused(f"“{text}” could be two dates: write “{on}” if you mean {on.day} {on:%B}.")
        return self.calendar(year, min(first, second), max(first, second), text)

    def dotted(self) -> date | None:
        """“27.11.” is a date; None is for “9.30”, which can only be a time."""
        text = self.peek().text
        first, second, *rest = text.split(".")
        timely = not rest and len(second) == 2 and int(first) <= 24 and int(second) < 60
        if timely and (int(second) > 12 or int(second) == 0 or self.peek(1).text in (*AM, *PM)):
            return None
        year = int(rest[0]) if rest and rest[0] else None
        if year is not None and year < 1000:
            raise Refused(f"“{text}” has no full year: write it as “{self.today}”.")
        on = self.calendar(year, int(second), int(first), text)
        if timely:
            raise Refused(f"“{text}” could be a date or a time: write “{first}:{second}” or “{on}”.")
        return on

    def calendar(self, year: int | None, month: int, day: int, text: str) -> date:
        """That day of the calendar, without a year the first from a month ago on."""
        years = [year] if year is not None else range(self.today.year - 1, self.today.year + 9)
        known = [on for y in years if (on := _date(y, month, day))]
        if not known:
            last = [on for y in years for d in (30, 29, 28) if (on := _date(y, month, d)) and on > self.today]
            raise Refused(f"“{text}” is no date: write for example “{(last or [self.today])[0]}”.")
        return self.close(next((on for on in known if on >= self.today - 31 * DAY), known[0]), text)

    def too_far(self, text: str) -> Refused:
        return Refused(f"“{text}” is more than 400 days ahead: write a date before {self.today + FURTHEST}.")

    def close(self, on: date, text: str) -> date:
        """`on`, if it is near enough to reckon with."""
        if on - self.today > FURTHEST + LONGEST:
            raise self.too_far(text)
        if self.today - on > FURTHEST:
            raise Refused(f"“{text}” is over already: write “tomorrow 9:00 to 17:00”.")
        return on


def wall_time(on: date, after: timedelta) -> datetime:
    return datetime.combine(on, time()) + after


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def clock_time(after: timedelta) -> str:
    minutes = after // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"
