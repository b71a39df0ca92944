"""Whose turn it is: imported layers against plain arithmetic on local times, for any start, length and windows."""

import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.oncall import Schedule, who
from bot.importing import read
from bot.importing.written import value
from tests.importing.exports import imported

ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001  # a local time
USERS = ["ann", "ben", "cid", "dot"]


def schedule_of(toml: str) -> Schedule:
    team = tomllib.loads(toml)["team"][0]
    return Schedule.parse({"tz": team["timezone"], "layers": team["layers"]})


def is_calm(zone: ZoneInfo, at: datetime) -> bool:
    """No clock changes around `at`, so that local arithmetic has one meaning."""
    near = [(at + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (-26, 0, 26)]
    return len(set(near)) == 1


def pagerduty(zone: str, layers: list[dict[str, Any]]) -> str:
    users = [
        {"id": name.upper(), "type": "user", "name": name.title(), "email": f"{name}@acme.dev"}
        for name in USERS
    ]
    schedule = {"id": "S", "type": "schedule", "name": "Sea", "time_zone": zone, "schedule_layers": layers}
    return json.dumps({"users": users, "schedules": [schedule]})


def layer(virtual: datetime, start: datetime, seconds: int, count: int, **more: Any) -> dict[str, Any]:
    return {
        "name": "One",
        "start": start.isoformat(),
        "end": None,
        "rotation_virtual_start": virtual.isoformat(),
        "rotation_turn_length_seconds": seconds,
        "users": [{"user": {"id": name.upper(), "type": "user_reference"}} for name in USERS[:count]],
        "restrictions": [],
        **more,
    }


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    virtual=st.integers(0, 365 * 48),
    late=st.integers(0, 40 * 48),
    length=st.sampled_from([1, 5, 8, 12, 24, 36, 48, 72, 100, 168, 240, 336, 504]),
    count=st.integers(1, 4),
    ahead=st.integers(0, 400 * 48),
    made=st.integers(-60, 500),
)
def test_pagerduty_turns(
    zone: str, virtual: int, late: int, length: int, count: int, ahead: int, made: int
) -> None:
    there = ZoneInfo(zone)
    grid = (MONDAY + timedelta(minutes=30 * virtual)).replace(tzinfo=UTC).astimezone(there)
    start = grid + timedelta(minutes=30 * late)
    now = grid + timedelta(days=made)
    at = max(start.astimezone(UTC), now.astimezone(UTC)) + timedelta(minutes=30 * ahead, seconds=7)
    assume(is_calm(there, at))
    assume(is_calm(there, start.astimezone(UTC)))
    found = read("pagerduty", pagerduty(zone, [layer(grid, start, length * 3600, count)]), now=now)
    if "middle of a long turn" in " ".join(found.left_out):
        assert length * count > 200
        return
    turn = (at.astimezone(there).replace(tzinfo=None) - grid.replace(tzinfo=None)) // timedelta(hours=length)
    assert who(schedule_of(found.toml), at) == [USERS[turn % count]]


@settings(max_examples=200, deadline=None)
@given(
    late=st.integers(1, 60 * 24),
    length=st.sampled_from([12, 24, 48, 168, 336]),
    before=st.integers(1, 48 * 60),
)
def test_a_layer_that_is_to_begin_has_nobody_before(late: int, length: int, before: int) -> None:
    grid = MONDAY.replace(tzinfo=UTC)
    start = grid + timedelta(hours=late)
    text = pagerduty("UTC", [layer(grid, start, length * 3600, 3)])
    schedule = schedule_of(read("pagerduty", text, now=grid - timedelta(days=1)).toml)
    assert who(schedule, start - timedelta(minutes=before)) == []
    assert who(schedule, start) != []


@settings(max_examples=200, deadline=None)
@given(
    day=st.integers(1, 7),
    hour=st.integers(0, 23),
    half=st.sampled_from([0, 30]),
    length=st.integers(1, 2 * 7 * 24),
    daily=st.booleans(),
    ahead=st.integers(0, 14 * 48 - 1),
)
def test_pagerduty_restrictions(day: int, hour: int, half: int, length: int, daily: bool, ahead: int) -> None:
    restriction = {
        "type": "daily_restriction" if daily else "weekly_restriction",
        "start_time_of_day": f"{hour:02d}:{half:02d}:00",
        "duration_seconds": length * 1800,
        "start_day_of_week": None if daily else day,
    }
    grid = MONDAY.replace(tzinfo=UTC)
    text = pagerduty("UTC", [layer(grid, grid, 86_400, 1, restrictions=[restriction])])
    at = grid + timedelta(days=14, minutes=30 * ahead)
    cycle = timedelta(days=1 if daily else 7)
    begins = grid + timedelta(days=0 if daily else day - 1, hours=hour, minutes=half)
    is_open = (at - begins) % cycle < timedelta(minutes=30 * length)
    assert who(schedule_of(read("pagerduty", text, now=grid).toml), at) == (["ann"] if is_open else [])


def grafana(shift: dict[str, Any], zone: str = "UTC") -> str:
    users = [{"id": f"U{name}", "username": name, "email": f"{name}@acme.dev"} for name in USERS]
    schedule = {"id": "S", "name": "Sea", "type": "web", "team_id": None, "time_zone": zone, "shifts": ["O"]}
    return json.dumps(
        {"users": users, "schedules": [schedule], "on_call_shifts": [{"id": "O", "name": "o", **shift}]}
    )


DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@settings(max_examples=200, deadline=None)
@given(
    begin=st.integers(0, 13),
    hour=st.integers(0, 23),
    hours=st.integers(1, 24) | st.integers(25, 80),
    by_day=st.sets(st.sampled_from(DAYS), min_size=1),
    week_start=st.sampled_from(DAYS),
    count=st.integers(1, 4),
    first=st.integers(0, 3),
    frequency=st.sampled_from(["weekly", "daily"]),
    ahead=st.integers(0, 60 * 24 - 1),
)
def test_grafana_shifts_on_some_weekdays(
    begin: int,
    hour: int,
    hours: int,
    by_day: set[str],
    week_start: str,
    count: int,
    first: int,
    frequency: str,
    ahead: int,
) -> None:
    start = datetime.combine(MONDAY + timedelta(days=begin), time(hour))
    assume(DAYS[start.weekday()] in by_day)
    shift = {
        "type": "rolling_users",
        "level": 0,
        "start": start.isoformat(),
        "duration": hours * 3600,
        "frequency": frequency,
        "interval": 1,
        "week_start": week_start,
        "by_day": sorted(by_day),
        "rolling_users": [[f"U{name}"] for name in USERS[:count]],
        "start_rotation_from_user_index": first % count,
    }
    found = read("grafana-oncall", grafana(shift), now=start.replace(tzinfo=UTC))
    if found.left_out:
        assert hours > 24
        assert any("longer than" in sentence for sentence in found.left_out)
        return
    at = start + timedelta(hours=ahead, minutes=1)
    week = start.date() - timedelta(days=(start.weekday() - DAYS.index(week_start)) % 7)
    expected: list[str] = []
    seen = 0
    for number in range(70):
        day: date = start.date() + timedelta(days=number)
        if DAYS[day.weekday()] not in by_day:
            continue
        turn = (day - week).days // 7 if frequency == "weekly" else seen
        seen += 1
        begins = datetime.combine(day, time(hour))
        if begins <= at < begins + timedelta(hours=hours):
            expected = [USERS[(turn + first) % count]]
    assert who(schedule_of(found.toml), at.replace(tzinfo=UTC)) == expected


def rolling(**more: Any) -> dict[str, Any]:
    users = [["Uann"], ["Uben"], ["Ucid"]]
    return {"type": "rolling_users", "level": 0, "interval": 1, "rolling_users": users, **more}


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        # Every 8 hours.
        (
            {"frequency": "hourly", "interval": 8, "duration": 8 * 3600, "start": "2026-06-01T06:00:00"},
            {"2026-06-01T13:59": ["ann"], "2026-06-01T14:00": ["ben"], "2026-06-02T06:00": ["ann"]},
        ),
        # Every third day at 09:00, for three days.
        (
            {"frequency": "daily", "interval": 3, "duration": 3 * 86_400, "start": "2026-06-01T09:00:00"},
            {"2026-06-04T08:59": ["ann"], "2026-06-04T09:00": ["ben"], "2026-06-10T09:00": ["ann"]},
        ),
        # Each night from 22:00 to 06:00.
        (
            {"frequency": "daily", "duration": 8 * 3600, "start": "2026-06-01T22:00:00"},
            {"2026-06-02T05:59": ["ann"], "2026-06-02T06:00": [], "2026-06-02T22:00": ["ben"]},
        ),
        # Each weekend, from Friday 18:00 for 60 hours.
        (
            {"frequency": "weekly", "duration": 60 * 3600, "start": "2026-06-05T18:00:00"},
            {"2026-06-08T05:59": ["ann"], "2026-06-08T06:00": [], "2026-06-12T18:00": ["ben"]},
        ),
        # Each month from the 15th on.
        (
            {"frequency": "monthly", "duration": 31 * 86_400, "start": "2026-06-15T09:00:00"},
            {"2026-07-15T08:59": ["ann"], "2026-07-15T09:00": ["ben"], "2026-09-15T09:00": ["ann"]},
        ),
        # Turns count from `start`, people see them from `rotation_start` on.
        (
            {
                "frequency": "daily",
                "duration": 86_400,
                "start": "2026-06-01T09:00:00",
                "rotation_start": "2026-06-02T15:00:00",
            },
            {"2026-06-02T14:59": [], "2026-06-02T15:00": ["ben"], "2026-06-03T09:00": ["cid"]},
        ),
    ],
)
def test_grafana_shifts_of_each_frequency(shift: dict[str, Any], expected: dict[str, list[str]]) -> None:
    found = read("grafana-oncall", grafana(rolling(**shift)), now=datetime(2026, 5, 31, tzinfo=UTC))
    assert not found.left_out
    schedule = schedule_of(found.toml)
    for at, people in expected.items():
        assert who(schedule, datetime.fromisoformat(at).replace(tzinfo=UTC)) == people


@pytest.mark.parametrize(
    ("shift", "told"),
    [
        ({"frequency": "daily", "duration": 2 * 86_400}, "several are on call at once"),
        ({"frequency": "hourly", "interval": 6, "duration": 3600}, "shorter than the hours between them"),
        ({"frequency": "daily", "interval": 4, "duration": 30 * 3600}, "end in the middle of a day"),
        ({"frequency": "weekly", "duration": 3600, "by_month": [1, 2]}, "only in some months"),
        ({"frequency": "monthly", "duration": 86_400}, "shorter than a month"),
        ({"frequency": "yearly", "duration": 86_400}, "it needs a frequency"),
        ({"frequency": "daily", "interval": 2, "duration": 3600}, "whoever has the turn before keeps it"),
    ],
)
def test_grafana_shifts_that_layers_cannot_say_are_told(shift: dict[str, Any], told: str) -> None:
    text = grafana(rolling(start="2026-06-01T09:00:00", **shift))
    left_out = read("grafana-oncall", text, now=datetime(2026, 5, 31, tzinfo=UTC)).left_out
    assert any("schedule “Sea”, shift “o”" in sentence and told in sentence for sentence in left_out)


def test_weekdays_move_along_when_a_shift_is_of_another_zone() -> None:
    """23:00 on Mondays in New York is 05:00 on Tuesdays in Berlin."""
    own = {"type": "recurrent_event", "frequency": "weekly", "interval": 1, "duration": 3600, "level": 0}
    users = [{"id": "UA", "username": "ann", "email": "ann@acme.dev"}]
    schedule = {
        "id": "S",
        "name": "Sea",
        "type": "calendar",
        "time_zone": "Europe/Berlin",
        "shifts": ["A", "B", "C"],
    }
    rows = [
        {**own, "id": "A", "start": "2026-06-01T23:00:00", "time_zone": "America/New_York", "by_day": ["MO"]},
        {**own, "id": "B", "start": "2026-06-04T10:00:00", "time_zone": None, "by_day": ["TH"]},
        {**own, "id": "C", "start": "2026-06-05T10:00:00", "time_zone": None, "by_day": ["FR"]},
    ]
    for row in rows:
        row["users"] = ["UA"]
    text = json.dumps({"users": users, "schedules": [schedule], "on_call_shifts": rows})
    found = read("grafana-oncall", text, now=datetime(2026, 6, 1, tzinfo=UTC))
    made = schedule_of(found.toml)
    assert made.zone.key == "Europe/Berlin"
    assert who(made, datetime(2026, 6, 9, 3, 30, tzinfo=UTC)) == ["ann"]
    assert who(made, datetime(2026, 6, 8, 3, 30, tzinfo=UTC)) == []
    assert any("its times are in America/New_York" in sentence for sentence in found.left_out)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ('a"b', '"a\\"b"'),
        ("a\\b", '"a\\\\b"'),
        ("tab\there\x7f\x00", '"tab\\u0009here\\u007F\\u0000"'),
        ("ü “x” 李", '"ü “x” 李"'),
        ({"a": [1, "b"]}, '{ a = [1, "b"] }'),
    ],
)
def test_values_are_escaped(given: Any, written: str) -> None:
    assert value(given) == written
    assert tomllib.loads(f"x = {written}")["x"] == given


def test_rotations_that_follow_each_other_need_no_word() -> None:
    left_out = " ".join(imported("opsgenie_answers").left_out)
    assert "Until April" not in left_out


def test_a_layer_that_will_end_is_told() -> None:
    grid = MONDAY.replace(tzinfo=UTC)
    given = layer(grid, grid, 86_400, 2, end="2026-02-01T09:00:00Z")
    found = read("pagerduty", pagerduty("UTC", [given]), now=grid)
    assert (
        "schedule “Sea”, layer “One”: ends on 2026-02-01 09:00; layers have no end, so take it out then"
        in (found.left_out)
    )
    assert read("pagerduty", pagerduty("UTC", [given]), now=datetime(2026, 3, 1, tzinfo=UTC)).left_out[0] == (
        "schedule “Sea”, layer “One”: ended on 2026-02-01T09:00Z and is left out"
    )
