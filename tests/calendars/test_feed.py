"""A feed is read by a calendar client and says exactly what the schedule says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from bot.calendars.feed import Shift, feed, shifts_of_person, shifts_of_team
from bot.core.oncall import Schedule, Segment, final

WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}
DAILY = {"kind": "daily", "length": 1, "handoff": "01:30", "start": "2026-01-05T01:30"}
NIGHTS = [{"days": ["fri", "sat"], "from": "22:00", "to": "06:00"}]
SCHEDULE = Schedule.parse(
    {
        "tz": "Europe/London",
        "layers": [
            {"rotation": WEEKLY, "participants": ["alice", ["bob", "carol"]]},
            {"rotation": DAILY, "participants": ["dan", "erin"], "restrictions": NIGHTS},
        ],
        "overrides": [
            {"user": "fay", "start": "2026-10-24T12:00:00+00:00", "end": "2026-10-25T12:00:00+00:00"}
        ],
    }
)
START, END = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 4, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 12, 30, 15, 999, tzinfo=UTC)


def events(written: bytes) -> list[dict[str, Any]]:
    read: Any = Calendar.from_ical(written)
    return [
        {"start": e["DTSTART"].dt, "end": e["DTEND"].dt, "summary": str(e["SUMMARY"]), "uid": str(e["UID"]), "raw": e}
        for e in read.walk("VEVENT")
    ]  # fmt: skip


def test_what_a_client_reads_is_the_final_schedule() -> None:
    segments = final(SCHEDULE, START, END)
    read = events(feed("On call for Payments", shifts_of_team("Payments", segments, str.title), now=NOW))
    assert [(e["start"], e["end"]) for e in read] == [(s.start, s.end) for s in segments]
    assert [e["summary"] for e in read] == [
        f"{', '.join(p.title() for p in s.people)} on call for Payments" for s in segments
    ]
    assert len({e["uid"] for e in read}) == len(read)
    for event in read:
        assert event["start"].tzinfo is not None
        assert event["start"].utcoffset() == timedelta()
        assert str(event["raw"]["TRANSP"]) == "TRANSPARENT"


def test_a_turn_keeps_its_uid_when_the_feed_is_made_again() -> None:
    one = shifts_of_team("Payments", final(SCHEDULE, START, END))
    later = shifts_of_team("Payments", final(SCHEDULE, START, END + timedelta(days=30)))
    assert {s.uid for s in one} <= {s.uid for s in later}


def test_a_gap_is_an_event_that_says_so() -> None:
    hours = Schedule.parse(
        {"tz": "UTC", "layers": [{"rotation": WEEKLY, "participants": ["a"], "restrictions": NIGHTS}]}
    )
    shifts = shifts_of_team("Payments", final(hours, START, START + timedelta(days=7)))
    assert "Nobody is on call for Payments" in [s.summary for s in shifts]


def test_a_person_sees_their_own_turns_merged() -> None:
    day = timedelta(days=1)
    segments = [
        Segment(START, START + day, ["alice"]),
        Segment(START + day, START + 2 * day, ["alice", "bob"]),
        Segment(START + 2 * day, START + 3 * day, ["bob"]),
        Segment(START + 3 * day, START + 4 * day, ["alice"]),
    ]
    found = shifts_of_person("alice", [("Payments", segments), ("Search", segments[2:3])])
    assert [(s.start, s.end, s.summary) for s in found] == [
        (START, START + 2 * day, "On call for Payments"),
        (START + 3 * day, START + 4 * day, "On call for Payments"),
    ]


def test_commas_line_breaks_and_emoji_survive() -> None:
    name = "Zoë, of “A;B” \\ 🦄 " + "long " * 40
    [event] = events(feed(name, [Shift(START, END, name, "x", f"{name}\nsecond line")], now=NOW))
    assert event["summary"] == name
    written = feed(name, [], now=NOW)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in written
