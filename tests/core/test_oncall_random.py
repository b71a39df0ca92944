"""Who is on call for schedules made up at random, against the plain implementation; and how far ahead a change is told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.oncall import Schedule, next_change
from tests.core import brute_oncall
from tests.core.brute_oncall import Brute, jumps
from tests.core.test_oncall_zones import DAY, HOUR, MICRO, MINUTE, Written, agree

# ---- the end of what is looked at ----------------------------------------------------------------------

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}
LONG = {"kind": "monthly", "length": 15, "handoff": "12:00", "monthday": 24, "start": "2026-11-24T12:00"}


def layered(*layers: tuple[Written, list[Any]], overrides: tuple[Written, ...] = ()) -> Written:
    rows = [{"rotation": rotation, "participants": people} for rotation, people in layers]
    return {"tz": "Europe/London", "layers": rows, "overrides": list(overrides)}


def cover(start: datetime, *, user: str = "erin", replaces: str | None = None) -> Written:
    row = {"user": user, "start": start.isoformat(), "end": (start + HOUR).isoformat()}
    return row | ({"replaces": replaces} if replaces else {})


FAR = NOON + 400 * DAY


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (layered(), None),
        (layered((WEEKLY, ["alice"])), None),
        (layered((WEEKLY, [])), None),
        (layered((WEEKLY, ["alice", "alice"])), None),
        (layered((WEEKLY, [["alice", "bob"], ["alice", "bob"]])), None),
        (layered((LONG, ["alice", "bob"])), None),  # for fifteen months
        (layered((LONG, ["alice", "bob"]), (WEEKLY, ["carol"])), None),  # hidden below
        (
            layered((LONG | {"length": 13}, ["alice", "bob"])),
            (datetime(2027, 12, 24, 12, tzinfo=UTC), ["bob"]),
        ),
        (layered((WEEKLY, ["alice"]), overrides=(cover(FAR),)), (FAR, ["erin"])),
        (layered((WEEKLY, ["alice"]), overrides=(cover(FAR + MICRO),)), None),
        (layered((WEEKLY, ["alice"]), overrides=(cover(NOON + DAY, user="alice"),)), None),
        (layered((WEEKLY, ["alice"]), overrides=(cover(NOON + DAY, replaces="bob"),)), None),
        (layered((WEEKLY, ["alice"]), overrides=(cover(NOON - HOUR),)), None),  # over at this instant
        (layered((WEEKLY, ["alice"]), overrides=(cover(NOON),)), (NOON + HOUR, ["alice"])),
        (layered((WEEKLY | {"start": "2027-12-29T12:00"}, ["alice"])), (FAR, ["alice"])),
        (layered((WEEKLY | {"start": "2027-12-29T12:01"}, ["alice"])), None),
        (layered((WEEKLY | {"start": "2200-01-01T00:00"}, ["alice"])), None),
    ],
)
def test_a_change_is_told_within_400_days_and_not_beyond(
    written: Written, expected: tuple[datetime, list[str]] | None
) -> None:
    assert next_change(Schedule.parse(written), NOON) == expected
    assert Brute(written, FAR + DAY).next_change(NOON) == expected


# ---- schedules made up at random -----------------------------------------------------------------------

CLOCKS = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo",
          "Europe/Dublin", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "America/Havana", "Antarctica/Troll",
          "Pacific/Chatham", "America/St_Johns", "America/Nuuk", "Asia/Kathmandu", "Pacific/Apia", "UTC")  # fmt: skip
PEOPLE = ("alice", "bob", "carol", "dan")
clock_times = st.one_of(
    st.sampled_from(["00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "23:00", "23:30"]),
    st.times().map(lambda at: at.strftime("%H:%M")),
)
minutes = st.integers(-60 * 24 * 12, 60 * 24 * 12).map(lambda n: n * MINUTE)
groups = st.one_of(st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3))
windows: st.SearchStrategy[Written] = st.fixed_dictionaries(
    {
        "days": st.lists(st.sampled_from(brute_oncall.WEEKDAYS), max_size=7),
        "from": clock_times,
        "to": clock_times,
    }
)


@st.composite
def rotated(draw: st.DrawFn, near: datetime) -> Written:
    """A rotation that started in 1970, lately, or is yet to start."""
    long_ago = draw(st.booleans())
    if long_ago:
        start = datetime(1970, 1, 1) + draw(st.integers(0, 10**6)) * MINUTE  # noqa: DTZ001  # local
    else:
        start = near.replace(tzinfo=None) - 8 * DAY + draw(minutes)
    kind = draw(st.sampled_from(["hourly", "daily", "weekly", "monthly", "custom"]))
    length: Any = draw(st.integers(1, 5))
    more: Written = {}
    if kind == "hourly" and long_ago:
        length += 11  # from 1970 on the plain implementation walks every turn
    if kind == "weekly":
        more = {"weekday": draw(st.sampled_from(brute_oncall.WEEKDAYS))}
    if kind == "monthly":
        more = {"monthday": draw(st.sampled_from([1, 15, 28, 29, 30, 31]))}
    if kind == "custom":
        days = draw(st.integers(1 if long_ago else 0, 3))
        length = {
            "days": days,
            "hours": draw(st.integers(0, 30)),
            "minutes": draw(st.sampled_from([20, 30, 45])),
        }
    handoff = draw(clock_times)
    return {"kind": kind, "length": length, "handoff": handoff, "start": start.isoformat(), **more}


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Written, datetime]:
    """A schedule, and an instant at which its zone's clock jumps, if it does that year."""
    zone, year = draw(st.sampled_from(CLOCKS)), draw(st.sampled_from([2011, 2025, 2026, 2028, 2200]))
    near = draw(st.sampled_from(jumps(ZoneInfo(zone), year, year) or [datetime(year, 2, 27, tzinfo=UTC)]))
    layers: list[Written] = []
    for _ in range(draw(st.integers(1, 3))):
        layers.append({"rotation": draw(rotated(near)), "participants": draw(st.lists(groups, max_size=5))})
        if draw(st.booleans()):
            layers[-1]["restrictions"] = draw(st.lists(windows, max_size=3))
    overrides = []
    for _ in range(draw(st.integers(0, 4))):
        begins = near + draw(minutes) / 4
        ends = begins + draw(st.integers(1, 60 * 72)) * MINUTE
        row = {"user": draw(st.sampled_from(PEOPLE)), "start": begins.isoformat(), "end": ends.isoformat()}
        overrides.append(row | ({"replaces": draw(st.sampled_from(PEOPLE))} if draw(st.booleans()) else {}))
    return {"tz": zone, "layers": layers, "overrides": overrides}, near


@settings(max_examples=150, deadline=None)
@given(schedules(), minutes, st.integers(1, 60 * 96))
def test_any_schedule_is_answered_as_the_plain_one_does(
    made: tuple[Written, datetime], ahead: timedelta, length: int
) -> None:
    written, near = made
    agree(written, near + ahead / 6, near + ahead / 6 + length * MINUTE)


@settings(max_examples=60, deadline=None)
@given(schedules(), minutes)
def test_the_next_change_of_any_schedule_is_the_plain_one(
    made: tuple[Written, datetime], ahead: timedelta
) -> None:
    written, near = made
    at = near + ahead / 3
    assert next_change(Schedule.parse(written), at) == Brute(written, at + 401 * DAY).next_change(at)
