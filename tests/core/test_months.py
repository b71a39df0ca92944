"""Four weeks at a glance: the calendar agrees with the schedule, covers and swaps are marked."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.months import Day, Part, as_text, cell, month
from bot.core.oncall import Schedule, arrival, who

WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}
DAILY = {"kind": "daily", "length": 1, "handoff": "09:00", "start": "2026-01-05T09:00"}
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]

TWO_LAYERS = Schedule.parse(
    {
        "tz": "Europe/London",
        "layers": [
            {"rotation": WEEKLY, "participants": ["alice", "bob"]},
            {"rotation": DAILY, "participants": ["carol"], "restrictions": OFFICE},
        ],
        "overrides": [
            {"user": "dan", "start": "2026-11-28T10:00:00+00:00", "end": "2026-11-28T18:00:00+00:00"},
            {"user": "erin", "replaces": "bob", "start": "2026-12-05T00:00:00+00:00", "end": "2026-12-06T00:00:00+00:00"},
        ],
    }
)  # fmt: skip
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_two_layers_a_cover_and_a_swap_stand_on_their_days() -> None:
    weeks = month(TWO_LAYERS, NOW, ZoneInfo("Europe/London"))
    cells = {day.date: cell(day, str.title) for week in weeks for day in week}
    assert len(cells) == 28
    assert cells[date(2026, 11, 24)] == "24: Alice, 09:00 Carol, 17:00 Alice"
    assert cells[date(2026, 11, 28)] == "28: Alice, 10:00 Dan ⇄, 18:00 Alice"
    assert cells[date(2026, 11, 29)] == "29: Alice"
    assert cells[date(2026, 12, 1)] == "1 Dec: Bob, 09:00 Carol, 17:00 Bob"
    assert cells[date(2026, 12, 5)] == "5: Erin ⇄"


def test_the_terminal_reads_it_day_by_day() -> None:
    lines = as_text(month(TWO_LAYERS, NOW, ZoneInfo("Europe/London")), str.title)
    assert lines[0] == "Mon 23 Nov  Bob, 09:00 Carol, 17:00 Alice"
    assert "Sat 28 Nov  Alice, 10:00 Dan ⇄, 18:00 Alice" in lines


@pytest.mark.parametrize(
    ("zone", "now"),
    [
        ("Europe/London", "2026-03-24T12:00"),
        ("Europe/London", "2026-10-20T12:00"),
        ("America/Santiago", "2026-09-02T12:00"),  # a midnight that the clock skips
        ("America/Santiago", "2026-04-01T12:00"),  # and one that it repeats
        ("Australia/Lord_Howe", "2026-10-01T12:00"),
        ("Pacific/Apia", "2011-12-27T12:00"),  # a day that never was
    ],
)
def test_each_part_of_a_day_is_who_is_on_call_then(zone: str, now: str) -> None:
    here = ZoneInfo(zone)
    layers: list[dict[str, Any]] = [
        {"rotation": WEEKLY | {"start": "2011-01-03T09:00"}, "participants": ["a", "b"]}
    ]
    layers.append(
        {"rotation": DAILY | {"start": "2011-01-03T00:30"}, "participants": ["c"], "restrictions": OFFICE}
    )
    schedule = Schedule.parse({"tz": zone, "layers": layers})
    weeks = month(schedule, datetime.fromisoformat(now).replace(tzinfo=UTC), here)
    days = [day for week in weeks for day in week]
    assert [one.date for one in days] == [days[0].date + timedelta(days=n) for n in range(28)]
    for day in days:
        for part in day.parts:
            begins = arrival(here, datetime.combine(day.date, part.start or time()))
            assert tuple(who(schedule, begins)) == part.people, (day, part)


def test_nobody_is_said_and_a_day_without_parts_has_its_number() -> None:
    assert cell(Day(date(2026, 11, 24), (Part(None, (), False),)), str.title) == "24: nobody"
    assert cell(Day(date(2011, 12, 30), ()), str.title) == "30"
    assert cell(Day(date(2026, 11, 24), (Part(None, ("a", "b"), False),)), str.title) == "24: A + B"
