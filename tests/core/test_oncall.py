"""Who is on call, by example for each rule, and against a second, slow implementation around every clock change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.oncall import DAYS, Schedule, arrival, final, next_change, seconds, who

WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}
DAILY = {"kind": "daily", "length": 1, "handoff": "09:00", "start": "2026-01-05T09:00"}


def schedule(
    rotation: dict[str, Any], people: list[Any], zone: str = "Europe/London", **layer: Any
) -> Schedule:
    return Schedule.parse({"tz": zone, "layers": [{"rotation": rotation, "participants": people, **layer}]})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Europe/London", "2026-06-01T09:00", "2026-06-01T08:00"),
        ("Europe/London", "2026-03-29T01:30", "2026-03-29T01:00"),  # skipped: the moment of the jump
        ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30"),  # twice: the first time
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30"),  # a jump of half an hour
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),  # a whole day skipped
        ("America/Santiago", "2026-09-06T00:00", "2026-09-06T04:00"),  # midnight skipped
        ("Europe/Dublin", "2026-03-29T01:30", "2026-03-29T01:00"),  # winter time is the saving one
    ],
)
def test_a_wall_clock_time_takes_effect_when_the_clock_first_reads_it_or_later(
    zone: str, local: str, instant: str
) -> None:
    assert arrival(ZoneInfo(zone), datetime.fromisoformat(local)) == at(instant)


@pytest.mark.parametrize(
    ("rotation", "people", "when", "expected"),
    [
        (WEEKLY, ["alice", "bob"], "2026-01-05T09:00", ["alice"]),
        (WEEKLY, ["alice", "bob"], "2026-01-12T08:59:59", ["alice"]),
        (WEEKLY, ["alice", "bob"], "2026-01-12T09:00", ["bob"]),  # at the very instant the new person
        (WEEKLY, ["alice", "bob"], "2026-01-05T08:59:59", []),  # before the start
        (WEEKLY, [["alice", "bob"], "carol"], "2026-01-06T09:00", ["alice", "bob"]),
        (WEEKLY, ["alice", "alice", "bob"], "2026-01-13T09:00", ["alice"]),  # a name may stand twice
        (WEEKLY, [], "2026-01-06T09:00", []),
        (
            WEEKLY | {"start": "2026-01-07T15:00"},
            ["alice", "bob"],
            "2026-01-12T09:00",
            ["bob"],
        ),  # a short turn 0
        (DAILY, ["alice", "bob"], "2026-03-29T08:00", ["bob"]),  # 09:00 British summer time
        (DAILY, ["alice", "bob"], "2026-03-29T07:59:59", ["alice"]),
        (DAILY | {"length": 3}, ["alice", "bob"], "2026-01-08T09:00", ["bob"]),
        (
            {"kind": "hourly", "length": 6, "handoff": "09:00", "start": "2026-01-06T08:00"},
            ["a", "b", "c", "d"],
            "2026-01-06T08:00",
            ["a"],
        ),  # the turn of 03:00 to 09:00 contains the start, so it is turn 0
        (
            {"kind": "hourly", "length": 12, "handoff": "08:00", "start": "2026-01-05T08:00"},
            ["a", "b"],
            "2026-07-06T07:00",
            ["a"],
        ),
        (
            {"kind": "hourly", "length": 12, "handoff": "08:00", "start": "2026-01-05T08:00"},
            ["a", "b"],
            "2026-07-06T06:59",
            ["b"],
        ),
        (
            {"kind": "monthly", "length": 1, "monthday": 31, "handoff": "09:00", "start": "2026-01-31T09:00"},
            ["a", "b", "c"],
            "2026-02-28T09:00",
            ["b"],
        ),
        (
            {"kind": "monthly", "length": 1, "monthday": 31, "handoff": "09:00", "start": "2026-01-31T09:00"},
            ["a", "b", "c"],
            "2026-03-31T08:00",
            ["c"],
        ),
        (
            {
                "kind": "custom",
                "length": {"days": 1, "hours": 12},
                "handoff": "09:00",
                "start": "2026-01-05T09:00",
            },
            ["a", "b"],
            "2026-01-06T21:00",
            ["b"],
        ),
    ],
)
def test_a_rotation_gives_each_their_turn(
    rotation: dict[str, Any], people: list[Any], when: str, expected: list[str]
) -> None:
    assert who(schedule(rotation, people), at(when)) == expected


def test_the_highest_layer_that_has_somebody_decides_alone() -> None:
    night = [{"days": ["sat"], "from": "22:00", "to": "06:00"}]
    layered = Schedule.parse(
        {
            "tz": "UTC",
            "layers": [
                {"rotation": WEEKLY, "participants": ["alice"]},
                {"rotation": DAILY, "participants": ["bob"], "restrictions": night},
            ],
        }
    )
    assert [who(layered, at(t)) for t in ("2026-01-10T21:59", "2026-01-10T22:00", "2026-01-11T05:59", "2026-01-11T06:00")] == [
        ["alice"], ["bob"], ["bob"], ["alice"],
    ]  # fmt: skip


def test_equal_ends_of_a_window_are_a_whole_day() -> None:
    monday = schedule(
        WEEKLY, ["alice"], "UTC", restrictions=[{"days": ["mon"], "from": "09:00", "to": "09:00"}]
    )
    assert seconds(monday, at("2026-01-05T00:00"), at("2026-01-12T00:00")) == {"alice": 86400.0}


def test_covers_and_swaps_apply_in_order_of_creation() -> None:
    span = {"start": "2026-01-06T00:00:00+00:00", "end": "2026-01-07T00:00:00+00:00"}
    covered = Schedule.parse(
        {
            "tz": "UTC",
            "layers": [{"rotation": WEEKLY, "participants": [["alice", "bob"]]}],
            "overrides": [
                {"user": "erin", "replaces": "alice", **span},
                {"user": "dan", "replaces": "bob", **span},
            ],
        }
    )
    assert who(covered, at("2026-01-06T12:00")) == ["erin", "dan"]
    assert who(covered, at("2026-01-07T00:00")) == ["alice", "bob"]
    cover = Schedule.parse({"tz": "UTC", "layers": [], "overrides": [{"user": "erin", **span}]})
    assert next_change(cover, at("2026-01-01T00:00")) == (at("2026-01-06T00:00"), ["erin"])
    assert next_change(cover, at("2026-01-07T00:00")) is None


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        who(schedule(DAILY, ["a"]), datetime(2026, 1, 6))  # noqa: DTZ001


def test_every_mistake_is_named_with_its_place() -> None:
    with pytest.raises(ValueError) as told:
        Schedule.parse(
            {
                "tz": "Europe/Nowhere",
                "layers": [
                    {"rotation": WEEKLY | {"weekday": "mo", "length": 0}, "participants": [1], "x": 1},
                    {"rotation": {"kind": "dayly"}},
                    {"rotation": {k: v for k, v in WEEKLY.items() if k != "weekday"}, "participants": []},
                ],
                "overrides": [
                    {"user": "a", "start": "2026-01-02T00:00:00+00:00", "end": "2026-01-01T00:00:00+00:00"}
                ],
            }
        )
    for place in (
        "tz:",
        "layers[0].x:",
        "layers[0].rotation.weekday: 'mo' is not a weekday; use mon, tue",
        "layers[0].rotation.length:",
        "layers[0].participants[0]:",
        "layers[1].participants: is missing",
        "layers[1].rotation.kind: 'dayly'",
        "layers[1].rotation.handoff: is missing",
        "layers[2].rotation.weekday: is missing; use mon, tue",
        "overrides[0]: ends before it starts",
    ):
        assert place in str(told.value), place


# ---- against a second implementation: it walks from the start, turn by turn --------------------

ZONES = (
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Tehran",
    "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "America/Havana", "Asia/Beirut",
)  # fmt: skip


def by_hand(zone: ZoneInfo, rotation: dict[str, Any], people: list[str], moment: datetime) -> list[str]:
    """Who is on call, found by walking every turn from the first."""
    start = datetime.fromisoformat(rotation["start"])
    hour, minute = map(int, rotation["handoff"].split(":"))
    length = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1), "hourly": timedelta(hours=1)}[
        rotation["kind"]
    ]
    length *= rotation["length"]
    grid = start.replace(hour=hour, minute=minute)
    while grid > start or (rotation["kind"] == "weekly" and DAYS[grid.weekday()] != rotation["weekday"]):
        grid -= timedelta(days=1)
    while grid + length <= start:
        grid += length
    if slow_arrival(zone, start) > moment:
        return []
    turn = 0
    while slow_arrival(zone, grid + (turn + 1) * length) <= moment:
        turn += 1
    return [people[turn % len(people)]]


def slow_arrival(zone: ZoneInfo, local: datetime) -> datetime:
    """Minute by minute from well before it."""
    moment = local.replace(tzinfo=UTC) - timedelta(hours=40)
    while moment.astimezone(zone).replace(tzinfo=None) < local:
        step = local - moment.astimezone(zone).replace(tzinfo=None)
        moment += timedelta(minutes=1) if step < timedelta(hours=26) else timedelta(hours=1)
    return moment


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    kind=st.sampled_from(["daily", "weekly", "hourly"]),
    handoff=st.sampled_from(["00:00", "00:30", "01:30", "02:00", "02:15", "09:00", "23:30"]),
    day=st.integers(0, 40),
    minutes=st.integers(0, 60 * 24 * 20),
    people=st.integers(1, 4),
)
def test_it_agrees_with_walking_turn_by_turn(
    zone: str, kind: str, handoff: str, day: int, minutes: int, people: int
) -> None:
    start = datetime(2026, 3, 1) + timedelta(days=day)  # noqa: DTZ001  # a local time
    length = 6 if kind == "hourly" else 1
    rotation: dict[str, Any] = {
        "kind": kind,
        "length": length,
        "handoff": handoff,
        "start": start.isoformat()[:16],
    }
    if kind == "weekly":
        rotation["weekday"] = "sun"
    names = [f"p{n}" for n in range(people)]
    moment = start.replace(tzinfo=UTC) + timedelta(minutes=minutes)
    assert who(schedule(rotation, list(names), zone), moment) == by_hand(
        ZoneInfo(zone), rotation, names, moment
    )


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # local times
    handoff=st.sampled_from(["00:00", "02:30", "09:00"]),
    ahead=st.integers(0, 4000),
    windows=st.booleans(),
)
def test_the_answers_agree_with_each_other(
    zone: str, start: datetime, handoff: str, ahead: int, windows: bool
) -> None:
    rotation = DAILY | {"handoff": handoff, "start": start.isoformat()[:16]}
    layer = (
        {"restrictions": [{"days": ["mon", "sat", "sun"], "from": "22:00", "to": "06:30"}]} if windows else {}
    )
    made = schedule(rotation, ["a", "b", "c"], zone, **layer)
    begin = start.replace(tzinfo=UTC) + timedelta(hours=ahead)
    end = begin + timedelta(days=9)
    segments = final(made, begin, end)
    assert segments[0].start == begin
    assert segments[-1].end == end
    for one, then in pairwise(segments):
        assert one.end == then.start
        assert one.people != then.people
        assert next_change(made, one.start) == (then.start, then.people)
    for segment in segments:
        assert segment.start < segment.end
        assert who(made, segment.start) == segment.people
        assert who(made, segment.end - timedelta(microseconds=1)) == segment.people
    total = sum((s.end - s.start).total_seconds() for s in segments if s.people)
    assert sum(seconds(made, begin, end).values()) == pytest.approx(total)


def test_a_thousand_layers_are_no_trouble() -> None:
    layers = [
        {
            "rotation": DAILY,
            "participants": [f"p{n}"],
            "restrictions": [{"days": ["mon"], "from": f"{n // 60:02}:{n % 60:02}", "to": "23:59"}],
        }
        for n in range(1000)
    ]
    many = Schedule.parse({"tz": "Europe/London", "layers": layers})
    assert who(many, at("2026-11-23T10:00")) == ["p600"]
    found = final(many, at("2026-11-23T00:00"), at("2026-11-24T00:00"))
    assert len(found) == 1001  # one a minute until the last has come, and a gap at the end
    assert next_change(many, at("2026-11-23T10:00")) == (at("2026-11-23T10:01"), ["p601"])


@pytest.mark.parametrize("start", ["1970-01-01T09:00", "2200-01-01T09:00"])
def test_a_start_long_ago_or_far_ahead_is_an_answer_like_any_other(start: str) -> None:
    far = schedule(DAILY | {"start": start}, ["a", "b"])
    begun = start < "2026"
    assert bool(who(far, at("2026-11-24T12:00"))) == begun
    assert (next_change(far, at("2026-11-24T12:00")) is not None) == begun
    assert len(final(far, at("2026-11-24T12:00"), at("2026-11-26T12:00"))) == (3 if begun else 1)


def test_a_version_takes_over_from_its_instant_on_and_covers_lie_over_all() -> None:
    first, second = schedule(DAILY, ["a"]), schedule(DAILY, ["b"])
    both = first.with_versions([(at("2026-06-01T00:00"), second)])
    span = at("2026-05-31T12:00"), at("2026-06-01T12:00")
    assert [s.people for s in final(both, *span)] == [["a"], ["b"]]
    assert who(both, at("2026-05-31T23:59")) == ["a"]
    assert who(both, at("2026-06-01T00:00")) == ["b"]
    assert next_change(both, at("2026-05-01T00:00")) == (at("2026-06-01T00:00"), ["b"])
    assert seconds(both, *span) == {"a": 43200.0, "b": 43200.0}
