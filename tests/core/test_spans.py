"""What people type for covers and swaps, by example in several zones and around clock changes, and for any text."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.core import Refused, spans, when
from bot.core.spans import Span, moment, span, spoken

LONDON, NEW_YORK, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
ZONES = (LONDON, NEW_YORK, KOLKATA, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Sao_Paulo"))


def at(text: str) -> datetime:
    """“11-25 09:00” of 2026, or with another year, in UTC."""
    return datetime.fromisoformat(text if text[:2] == "20" else f"2026-{text}").replace(tzinfo=UTC)


T = TypeVar("T")
TUESDAY = at("11-24 15:00")

PLAIN = """
9-17                                         | 11-24 09:00 | 11-24 17:00
14:00-18:00                                  | 11-24 14:00 | 11-24 18:00
since 14:00 until 18:00                      | 11-24 14:00 | 11-24 18:00
8-10                                         | 11-25 08:00 | 11-25 10:00
09:00 to 15:00                               | 11-25 09:00 | 11-25 15:00
9:00 17:00                                   | 11-24 09:00 | 11-24 17:00
20:00-8:00                                   | 11-24 20:00 | 11-25 08:00
22-6                                         | 11-24 22:00 | 11-25 06:00
22:00–24:00                                  | 11-24 22:00 | 11-25 00:00
24:00 to 6:00                                | 11-25 00:00 | 11-25 06:00
9.30-17.30                                   | 11-24 09:30 | 11-24 17:30
18.00-20.00                                  | 11-24 18:00 | 11-24 20:00
9am-5pm                                      | 11-24 09:00 | 11-24 17:00
9-5pm                                        | 11-24 09:00 | 11-24 17:00
5 p.m. till 6:30 p.m.                        | 11-24 17:00 | 11-24 18:30
12am to 6am                                  | 11-25 00:00 | 11-25 06:00
12pm to 12:30pm tomorrow                     | 11-25 12:00 | 11-25 12:30
noon to midnight                             | 11-24 12:00 | 11-25 00:00
midnight to 6                                | 11-25 00:00 | 11-25 06:00
today 14:00-18:00                            | 11-24 14:00 | 11-24 18:00
today 18:00-24:00                            | 11-24 18:00 | 11-25 00:00
tomorrow 9-17                                | 11-25 09:00 | 11-25 17:00
  TOMORROW,   9 — 17                         | 11-25 09:00 | 11-25 17:00
9-17 tomorrow                                | 11-25 09:00 | 11-25 17:00
from 9:00 to 17:00 on friday                 | 11-27 09:00 | 11-27 17:00
tomorrow at 22:00 till 6:00                  | 11-25 22:00 | 11-26 06:00
18:00 to tomorrow 9:00                       | 11-24 18:00 | 11-25 09:00
until 18:00                                  | 11-24 15:00 | 11-24 18:00
until 8:00                                   | 11-24 15:00 | 11-25 08:00
until midnight                               | 11-24 15:00 | 11-25 00:00
until friday 08:00                           | 11-24 15:00 | 11-27 08:00
now to 17:00                                 | 11-24 15:00 | 11-24 17:00
now 2026-11-30T09:00                         | 11-24 15:00 | 11-30 09:00
2h                                           | 11-24 15:00 | 11-24 17:00
for 3 hours                                  | 11-24 15:00 | 11-24 18:00
next 90 minutes                              | 11-24 15:00 | 11-24 16:30
for the next hour                            | 11-24 15:00 | 11-24 16:00
1h30m                                        | 11-24 15:00 | 11-24 16:30
1.5h                                         | 11-24 15:00 | 11-24 16:30
an hour                                      | 11-24 15:00 | 11-24 16:00
3 days                                       | 11-24 15:00 | 11-27 15:00
for a week                                   | 11-24 15:00 | 12-01 15:00
60 days                                      | 11-24 15:00 | 2027-01-23 15:00
from 14:00 for 2h                            | 11-24 14:00 | 11-24 16:00
from 9:00 for 2h                             | 11-25 09:00 | 11-25 11:00
2h from 18:00                                | 11-24 18:00 | 11-24 20:00
in 2h for 30 min                             | 11-24 17:00 | 11-24 17:30
tomorrow 14:00 3h                            | 11-25 14:00 | 11-25 17:00
friday for 2 days                            | 11-27 00:00 | 11-29 00:00
today                                        | 11-24 00:00 | 11-25 00:00
tomorrow                                     | 11-25 00:00 | 11-26 00:00
day after tomorrow                           | 11-26 00:00 | 11-27 00:00
friday                                       | 11-27 00:00 | 11-28 00:00
tuesday                                      | 11-24 00:00 | 11-25 00:00
tue 9-12                                     | 12-01 09:00 | 12-01 12:00
this friday                                  | 11-27 00:00 | 11-28 00:00
next friday                                  | 12-04 00:00 | 12-05 00:00
next monday 9:00 to 10:00                    | 11-30 09:00 | 11-30 10:00
friday 18:00 - monday 09:00                  | 11-27 18:00 | 11-30 09:00
fri 18:00 mon 9                              | 11-27 18:00 | 11-30 09:00
fri 18:00 to fri 9:00                        | 11-27 18:00 | 12-04 09:00
friday until 17:00                           | 11-27 00:00 | 11-27 17:00
mon-fri                                      | 11-30 00:00 | 12-05 00:00
tomorrow through friday                      | 11-25 00:00 | 11-28 00:00
this weekend                                 | 11-28 00:00 | 11-30 00:00
weekend                                      | 11-28 00:00 | 11-30 00:00
weekend until monday 9:00                    | 11-28 00:00 | 11-30 09:00
next weekend                                 | 12-05 00:00 | 12-07 00:00
this week                                    | 11-23 00:00 | 11-30 00:00
next week                                    | 11-30 00:00 | 12-07 00:00
tonight                                      | 11-24 18:00 | 11-25 09:00
tonight until 6                              | 11-24 18:00 | 11-25 06:00
tonight 22-6                                 | 11-24 22:00 | 11-25 06:00
tonight at 10 to 2:00                        | 11-24 22:00 | 11-25 02:00
tonight at 9 for 1h                          | 11-24 21:00 | 11-24 22:00
midnight tonight for 1h                      | 11-25 00:00 | 11-25 01:00
friday night 2:00 - 4:00                     | 11-28 02:00 | 11-28 04:00
tomorrow morning                             | 11-25 06:00 | 11-25 12:00
tomorrow afternoon                           | 11-25 12:00 | 11-25 18:00
this evening                                 | 11-24 18:00 | 11-25 00:00
tomorrow night                               | 11-25 18:00 | 11-26 09:00
tomorrow evening 6 for 2h                    | 11-25 18:00 | 11-25 20:00
2026-11-27 09:00 to 2026-11-28 09:00         | 11-27 09:00 | 11-28 09:00
2026-11-27T09:00 2026-11-28T09:00            | 11-27 09:00 | 11-28 09:00
2026-11-27T09:00-2026-11-28T09:00            | 11-27 09:00 | 11-28 09:00
2026-11-27 22:00-06:00                       | 11-27 22:00 | 11-28 06:00
2026-11-27T09:00Z to 18:00                   | 11-27 09:00 | 11-27 18:00
2026-11-27T09:00-05:00 2026-11-27T20:00+0100 | 11-27 14:00 | 11-27 19:00
2026-11-27T24:00 to 28 nov 9:00              | 11-28 00:00 | 11-28 09:00
2026-11-23 09:00 to 2026-11-25 09:00         | 11-23 09:00 | 11-25 09:00
27 nov 9:00 to 28 nov 9:00                   | 11-27 09:00 | 11-28 09:00
nov 27                                       | 11-27 00:00 | 11-28 00:00
the 27th of november, 9-17                   | 11-27 09:00 | 11-27 17:00
27-29 nov                                    | 11-27 00:00 | 11-30 00:00
27th to 29th of nov 2026                     | 11-27 00:00 | 11-30 00:00
nov 27-29                                    | 11-27 00:00 | 11-30 00:00
27.11. 9:00 - 17:00                          | 11-27 09:00 | 11-27 17:00
27.11 9.15 to 5.12.2026 9.30                 | 11-27 09:15 | 12-05 09:30
27/11                                        | 11-27 00:00 | 11-28 00:00
30 dec to 2 jan                              | 12-30 00:00 | 2027-01-03 00:00
Fri 27 Nov 18:00 – Mon 30 Nov 09:00          | 11-27 18:00 | 11-30 09:00
"""

# Each: the zone, and when it is said.
ELSEWHERE: list[tuple[ZoneInfo, str, str]] = [
    (
        LONDON,
        "03-27 12:00",
        """
        sunday                           | 03-29 00:00 | 03-29 23:00
        weekend                          | 03-28 00:00 | 03-29 23:00
        29 mar 00:30 to 01:30            | 03-29 00:30 | 03-29 01:00
        sunday 1:30 to 9:00              | 03-29 01:00 | 03-29 08:00
        tomorrow night                   | 03-28 18:00 | 03-29 08:00
        saturday 18:00 for 1 day         | 03-28 18:00 | 03-29 17:00
        saturday 18:00 for 24h           | 03-28 18:00 | 03-29 18:00
        2026-03-29 12:00 to 2026-03-30T12:00+00:00 | 03-29 11:00 | 03-30 12:00
        """,
    ),
    (
        LONDON,
        "10-23 12:00",
        """
        sunday                           | 10-24 23:00 | 10-26 00:00
        sunday 1:30 to 2:30              | 10-25 00:30 | 10-25 02:30
        sunday 1:30 for 1h               | 10-25 00:30 | 10-25 01:30
        2026-10-25T01:30+00:00 to 2:30   | 10-25 01:30 | 10-25 02:30
        saturday 18:00 - 9:00            | 10-24 17:00 | 10-25 09:00
        60 days                          | 10-23 12:00 | 12-22 13:00
        """,
    ),
    (
        NEW_YORK,
        "03-05 15:00",
        """
        9-17                             | 03-05 14:00 | 03-05 22:00
        sun 2:30 to 9:00                 | 03-08 07:00 | 03-08 13:00
        sunday                           | 03-08 05:00 | 03-09 04:00
        this weekend                     | 03-07 05:00 | 03-09 04:00
        next week                        | 03-09 04:00 | 03-16 04:00
        tomorrow 9:00 to 2026-03-06T20:00Z | 03-06 14:00 | 03-06 20:00
        """,
    ),
    (
        NEW_YORK,
        "10-30 15:00",
        """
        sunday 1:30 to 1:45              | 11-01 05:30 | 11-01 05:45
        sun 0:30 for 2h                  | 11-01 04:30 | 11-01 06:30
        tomorrow 18:00 to sunday 9:00    | 10-31 22:00 | 11-01 14:00
        """,
    ),
    (
        KOLKATA,  # where it is Wednesday 01:30 already
        "11-24 20:00",
        """
        today                            | 11-24 18:30 | 11-25 18:30
        wednesday                        | 11-24 18:30 | 11-25 18:30
        tonight                          | 11-25 12:30 | 11-26 03:30
        tomorrow 9-17                    | 11-26 03:30 | 11-26 11:30
        """,
    ),
    (
        ZoneInfo("Australia/Lord_Howe"),  # whose clock jumps by half an hour
        "10-02 00:00",
        """
        sunday 2:10 to 9:00              | 10-03 15:30 | 10-03 22:00
        """,
    ),
    (
        LONDON,  # a Sunday
        "11-29 10:00",
        """
        weekend                          | 11-28 00:00 | 11-30 00:00
        next weekend                     | 12-05 00:00 | 12-07 00:00
        next monday                      | 11-30 00:00 | 12-01 00:00
        monday                           | 11-30 00:00 | 12-01 00:00
        """,
    ),
    (
        LONDON,
        "2027-01-02 10:00",
        """
        30 dec to 5 jan                  | 2026-12-30 00:00 | 2027-01-06 00:00
        """,
    ),
]


def rows(zone: ZoneInfo, now: datetime, table: str) -> list[Any]:
    split = [line.split(" | ") for line in table.strip("\n").splitlines() if line.strip()]
    return [
        pytest.param(zone, now, words, at(start.strip()), at(end.strip()), id=f"{now:%d %b} {words.strip()}")
        for words, start, end in split
    ]


@pytest.mark.parametrize(
    ("zone", "now", "words", "start", "end"),
    rows(LONDON, TUESDAY, PLAIN)
    + [row for zone, now, table in ELSEWHERE for row in rows(zone, at(now), table)],
)
def test_words_mean_exactly_this_span(
    zone: ZoneInfo, now: datetime, words: str, start: datetime, end: datetime
) -> None:
    assert span(words, now, zone) == Span(start, end)


REFUSED = {
    "": "Say from when until when: write “tomorrow 9:00 to 17:00”.",
    " , ": "Say from when until when: write “tomorrow 9:00 to 17:00”.",
    "foo": "“foo” was not understood: write “tomorrow 9:00 to 17:00”.",
    "tomorow 9-17": "“tomorow” was not understood: did you mean “tomorrow”?",
    "tomorrow 9-17 please": "“please” was not understood after “tomorrow 9-17”: write “tomorrow 9:00 to 17:00”.",
    "9:00 est to 17:00": "Times are read in Europe/London: instead of “est” write “2026-11-24T09:00Z”.",
    "friday 9 to": "“friday 9 to” breaks off: write “tomorrow 9:00 to 17:00”.",
    "friday 18:00": "“friday 18:00” has no end: write “friday 18:00 to 21:00”.",
    "25:00-26:00": "“25:00” is no time of day: write one from “00:00” to “24:00”.",
    "today 9:60-10:00": "“9:60” is no time of day: write one from “00:00” to “24:00”.",
    "24:30 to 25:00": "“24:30” is no time of day: write one from “00:00” to “24:00”.",
    "13pm-3pm": "“13pm” is no time of day: write one from “00:00” to “24:00”.",
    "31 feb": "“31 feb” is no date: write for example “2027-02-28”.",
    "2026-13-01": "“2026-13-01” is no date: write for example “2026-11-24”.",
    "2026-11-27T29:00Z": "“2026-11-27t29:00z” is no time with an offset: write “2026-11-24T09:00+00:00”.",
    "03/04 9-17": "“03/04” could be two dates: write “2027-04-03” if you mean 3 April.",
    "3/4/2027": "“3/4/2027” could be two dates: write “2027-04-03” if you mean 3 April.",
    "27/11/26": "“27/11/26” could be several dates: write one as “2026-11-24”.",
    "27.11.26": "“27.11.26” has no full year: write it as “2026-11-24”.",
    "5.12": "“5.12” could be a date or a time: write “5:12” or “2026-12-05”.",
    "mon 27 nov": "“mon 27 nov” is a Friday: write “Fri 27 Nov”.",
    "9-5": "“5” could be 05:00 or 17:00: write “9 to 17:00”.",
    "until 5": "“5” could be 05:00 or 17:00: write “now to 17:00”.",
    "8-8": "“8” could be 08:00 or 20:00: write “8 to 20:00”.",
    "2-5pm": "“2” could be 02:00 or 14:00: write “14:00 to 17:00”.",
    "2-5pm tomorrow": "“2” could be 02:00 or 14:00: write “Wed 25 Nov 14:00 to 17:00”.",
    "tonight at 8 for 1h": "“tonight at 8” can't be one certain time: write “Tue 24 Nov 20:00”.",
    "friday midnight for 1h": "“friday midnight” can't be one certain time: write “Fri 27 Nov 24:00”.",
    "weekend 9-17": "On which day of “weekend”? Write “Sat 28 Nov 09:00”.",
    "until friday": "Until which time of “friday”? Write “now to Fri 27 Nov 09:00”.",
    "friday to 5": "When on friday? Write “friday 9:00 to 05:00”.",
    "friday for 2h": "When on friday? Write “friday 9:00 for 2h”.",
    "sat, sun": "Where does it end? Write “to” before it: “sat to sun”.",
    "18:00 fri 9:00": "Where does it end? Write “to” before it: “18:00 fri to 9:00”.",
    "18:00 to 9:00 tomorrow": "On which day does it start? Write “Tue 24 Nov 18:00 to Wed 25 Nov 09:00”.",
    "today 9-12": "“today 9-12” is over already: write “tomorrow 9:00 to 17:00”.",
    "9:00 to today 12:00": "“9:00 to today 12:00” is over already: write “tomorrow 9:00 to 17:00”.",
    "20 nov": "“20 nov” is over already: write “tomorrow 9:00 to 17:00”.",
    "this monday": "“this monday” is over already: write “tomorrow 9:00 to 17:00”.",
    "1999-01-01": "“1999-01-01” is over already: write “tomorrow 9:00 to 17:00”.",
    "28 nov 9:00 to 27 nov 9:00": (
        "“28 nov 9:00 to 27 nov 9:00” ends before it has begun: write “Sat 28 Nov 09:00 for 8h”."
    ),
    "0h": "“0h” ends before it has begun: write “Tue 24 Nov 15:00 for 8h”.",
    "61 days": "“61 days” is longer than 60 days: write “next 60 days”.",
    "99999999999h": "“99999999999h” is longer than 60 days: write “next 60 days”.",
    "2027-12-29": "“2027-12-29” is more than 400 days ahead: write a date before 2027-12-29.",
    "9999-12-31T23:59Z": "“9999-12-31t23:59z” is more than 400 days ahead: write a date before 2027-12-29.",
    "<!channel> 9-17": "“<” was not understood: write “tomorrow 9:00 to 17:00”.",
    "x" * 201: "That is too long for a time: write “tomorrow 9:00 to 17:00”.",
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.items())
def test_what_is_not_certain_is_refused_with_what_to_write(words: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        span(words, TUESDAY, LONDON)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("now", "words"), [("03-27 12:00", "sunday 1:00 to 1:30"), ("10-25 01:15", "until 1:30")]
)
def test_a_span_that_a_clock_change_leaves_empty_is_refused(now: str, words: str) -> None:
    with pytest.raises(Refused, match="The clocks change then"):
        span(words, at(now), LONDON)


def test_the_last_day_that_is_near_enough_is_understood() -> None:
    assert span("2027-12-28", TUESDAY, LONDON) == Span(at("2027-12-28 00:00"), at("2027-12-29 00:00"))


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("now", "11-24 15:00"),
        ("18:00", "11-24 18:00"),
        ("9", "11-25 09:00"),
        ("9:00 tomorrow", "11-25 09:00"),
        ("today 9:00", "11-24 09:00"),
        ("tue 9:00", "12-01 09:00"),
        ("fri 24:00", "11-28 00:00"),
        ("in 90 minutes", "11-24 16:30"),
        ("in 2 days", "11-26 15:00"),
        ("20 nov 9:00", "11-20 09:00"),
        ("2026-11-27T09:00-05:00", "11-27 14:00"),
    ],
)
def test_words_mean_exactly_this_moment(words: str, instant: str) -> None:
    assert moment(words, TUESDAY, LONDON) == at(instant)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("friday", "“friday” is no single time: write “Fri 27 Nov 09:00”."),
        ("9:00 to 17:00", "“to” was not understood after “9:00”: write “tomorrow 9:00 to 17:00”."),
        ("in 401 days", "“in 401 days” is more than 400 days ahead: write a date before 2027-12-29."),
        ("", "Say from when until when: write “tomorrow 9:00 to 17:00”."),
    ],
)
def test_what_is_no_moment_is_refused(words: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        moment(words, TUESDAY, LONDON)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("zone", "start", "end", "words"),
    [
        (LONDON, "11-27 18:00", "11-30 09:00", "Fri 27 Nov 18:00 – Mon 30 Nov 09:00 GMT"),
        (LONDON, "11-27 09:00", "11-27 17:00", "Fri 27 Nov 09:00 – 17:00 GMT"),
        (LONDON, "10-24 17:00", "10-25 09:00", "Sat 24 Oct 18:00 BST – Sun 25 Oct 09:00 GMT"),
        (LONDON, "12-31 18:00", "2027-01-01 09:00", "Thu 31 Dec 18:00 – Fri 1 Jan 2027 09:00 GMT"),
        (KOLKATA, "11-27 18:00", "11-27 18:30", "Fri 27 Nov 23:30 – Sat 28 Nov 00:00 IST"),
        (ZoneInfo("America/Sao_Paulo"), "11-27 12:00", "11-27 15:00", "Fri 27 Nov 09:00 – 12:00 UTC-03"),
    ],
)
def test_a_span_is_confirmed_in_short_words(zone: ZoneInfo, start: str, end: str, words: str) -> None:
    assert spoken(Span(at(start), at(end)), zone, TUESDAY) == words


# ---- any text --------------------------------------------------------------------------------

INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PIECES = """9 5 17 29 2026 0 9:00 24:00 25:00 9.30 5.12 27.11. 31.2. 03/04 27/11/2026 2026-11-27 2026-11-27T09:00
    2026-11-27T09:00Z 2026-11-27T22:00-06:00 9999-12-31 0001-01-01T00:00+14:00 - – to until from for next this in at
    on the of , now today tomorrow yesterday tonight day after morning night evening weekend week fri monday nov 27th
    feb may am pm noon midnight h 2h 90 minutes 3 days a 1.5 99999999999999 utc tomorow ` <"""
PIECE = st.sampled_from(PIECES.split())
BEYOND = "longer than 60|400 days ahead|over already|before it has begun|clocks change"
"""What may still be wrong with a span once its words are clear."""
TEXTS = st.one_of(st.text(), st.lists(PIECE, max_size=9).map(" ".join), st.lists(PIECE).map("".join))


def answer(
    read: Callable[[str, datetime, ZoneInfo], T], words: str, now: datetime, zone: ZoneInfo
) -> T | str:
    """What `read` finds, or the sentence of its refusal."""
    try:
        return read(words, now, zone)
    except Refused as refusal:
        return str(refusal)


def counted(run: Callable[[], object]) -> int:
    """How many calls within the grammar `run` makes."""
    calls, ours = 0, (spans.__file__, when.__file__)

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename in ours

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls


@given(TEXTS, INSTANTS, st.sampled_from(ZONES))
@example("0001-01-01T00:00+14:00 to 9999-12-31T23:59-12:00", TUESDAY, LONDON)
@example("29 feb", TUESDAY, LONDON)
def test_any_text_gives_a_span_within_bounds_or_is_refused(words: str, now: datetime, zone: ZoneInfo) -> None:
    found = answer(span, words, now, zone)
    if isinstance(found, str):
        assert re.fullmatch(r".{20,500}[.?]", found)
    else:
        assert found.start < found.end
        assert now < found.end <= now + timedelta(days=400)
        assert found.start.tzinfo is found.end.tzinfo is UTC


@given(TEXTS, INSTANTS, st.sampled_from(ZONES))
def test_any_text_gives_a_moment_or_is_refused(words: str, now: datetime, zone: ZoneInfo) -> None:
    found = answer(moment, words, now, zone)
    assert isinstance(found, str) or found <= now + timedelta(days=400)


@given(TEXTS, INSTANTS, st.sampled_from(ZONES))
def test_what_a_refusal_tells_to_write_is_understood(words: str, now: datetime, zone: ZoneInfo) -> None:
    refusal = answer(span, words, now, zone)
    assume(isinstance(refusal, str))
    for told in re.findall(r"rite (?:“to” before it: |[a-z ]*)“([^“”]+)”(?:[. ]| or)", str(refusal)):
        one, both = answer(moment, told, now, zone), answer(span, told, now, zone)
        read = not (isinstance(one, str) and isinstance(both, str))
        assert read or re.search(BEYOND, str(both)), (refusal, both)


@given(TEXTS)
@example("9 " * 100)
@example("2h " * 66)
@example("the " * 50)
@example("fri 18:00 to " * 15)
def test_reading_takes_few_steps_whatever_is_typed(words: str) -> None:
    assert counted(lambda: answer(span, words, TUESDAY, LONDON)) < 2000


@given(
    st.datetimes(datetime(2026, 11, 1), datetime(2027, 10, 1), timezones=st.sampled_from(ZONES)),  # noqa: DTZ001
    st.timedeltas(timedelta(microseconds=1), timedelta(days=59)),
    st.sampled_from(ZONES),
    st.sampled_from([" to ", " ", " - ", " – ", " until "]),
)
def test_a_span_written_in_iso_is_read_as_itself(
    start: datetime, length: timedelta, zone: ZoneInfo, between: str
) -> None:
    given_ = Span(start.astimezone(UTC), start.astimezone(UTC) + length)
    now = given_.start - timedelta(days=1)
    assert span(f"{start.isoformat()}{between}{given_.end.isoformat()}", now, zone) == given_
    assert span(f"{given_.start}{between}{given_.end.astimezone(zone).isoformat()}", now, zone) == given_


@given(st.integers(0, 86400), st.integers(1, 80_000))
def test_a_confirmation_without_its_zone_is_read_as_the_same_span(minutes: int, length: int) -> None:
    start = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    given_ = Span(start, start + timedelta(minutes=length))
    now = start - timedelta(hours=1)
    words = spoken(given_, KOLKATA, now).removesuffix(" IST")
    assert span(words, now, KOLKATA) == given_
