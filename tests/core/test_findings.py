"""What will go wrong, by example for each kind, and for any schedule that can be written."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import lcm
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Finding, Kind, findings
from bot.core.oncall import DAYS, Override, Schedule, who
from bot.core.paging import written
from bot.models import Catalog, Person, Step, Team, TeamKind

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
END = NOW + timedelta(days=14)
WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}
DAILY = {"kind": "daily", "length": 1, "handoff": "09:00", "start": "2026-01-05T09:00"}
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]
WEEKEND = [{"days": ["sat", "sun"], "from": "00:00", "to": "00:00"}]
PEOPLE = ("alice", "bob", "carol", "dan", "erin", "fay", "gus")
FOR_GOOD = "`/oncall override pay @person <from> <to>` fills it once, a layer below the others for good"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def layer(people: list[Any], rotation: dict[str, Any] = WEEKLY, **more: Any) -> dict[str, Any]:
    return {"rotation": rotation, "participants": people, **more}


def team(id: str, *layers: dict[str, Any], zone: str = "Europe/London", **more: Any) -> Team:
    data = {"tz": zone, "layers": list(layers)}
    steps = (Step(("oncall",), timedelta(minutes=5)), Step(("next",), timedelta(minutes=5)))
    base: dict[str, Any] = {
        "name": id.title(), "timezone": zone, "fallback": "fay", "schedule": json.dumps(data), "escalation": steps,
    }  # fmt: skip
    return Team(id, **base | more)


def cover(person: str, start: str, end: str, replaces: str | None = None) -> Override:
    return Override(person, at(start), at(end), replaces)


def found(
    *teams: Team,
    covers: Iterable[Override] = (),
    unreachable: Iterable[str] = (),
    now: datetime = NOW,
    people: Iterable[str] = PEOPLE,
    ahead: timedelta = timedelta(days=14),
) -> list[Finding]:
    """`covers` are those of the first team."""
    catalog = Catalog({p: Person(p) for p in people}, {t.id: t for t in teams})
    schedules = {t.id: written(t) for t in teams}
    schedules[teams[0].id] = schedules[teams[0].id].with_overrides(covers)
    away = set(unreachable)
    return findings(catalog, schedules, now, ahead=ahead, reachable=lambda person: person.id not in away)


def texts(these: Iterable[Finding], kind: Kind) -> list[str]:
    return [one.text for one in these if one.kind is kind]


def test_a_schedule_in_order_has_no_findings() -> None:
    assert found(team("pay", layer(["alice", "bob"]))) == []


# ---- gaps --------------------------------------------------------------------------------------


def test_gaps_are_one_line_with_the_first_and_how_much_there_is() -> None:
    [gap] = found(team("pay", layer(["alice"], restrictions=OFFICE)))
    # Ten evenings and nights of 16 h but for the first and last parts, two weekends of 48 h more.
    assert gap == Finding(
        "pay",
        Kind.GAP,
        "nobody is on call Tue 24 Nov 17:00 – Wed 25 Nov 09:00 GMT (10 gaps in the next 14 days, 256 h of 336 h)",
        f"only Alice is paged meanwhile; {FOR_GOOD}",
    )


@pytest.mark.parametrize(
    ("more", "meanwhile"),
    [
        ({"escalation": (Step(("oncall",), timedelta(minutes=5)),)}, "only Fay is paged meanwhile"),
        ({"escalation": ()}, "only Fay is paged meanwhile"),
        ({"escalation": (), "fallback": ""}, "nobody is paged meanwhile"),
        (
            {"escalation": (Step(("oncall", "@dan", "@erin"), timedelta(minutes=5)),)},
            "only Dan and Erin are paged meanwhile",
        ),
        (
            {"escalation": (Step(("oncall", "channel"), timedelta(minutes=5)),), "channel": "pay"},
            "only #pay is told meanwhile",
        ),
        ({"escalation": (Step(("team:ops",), timedelta(minutes=5)),)}, "only Gus is paged meanwhile"),
        ({"escalation": (Step(("team:gone",), timedelta(minutes=5)),)}, "only Fay is paged meanwhile"),
    ],
)
def test_the_fix_of_a_gap_names_who_is_paged_meanwhile(more: dict[str, Any], meanwhile: str) -> None:
    late = layer(["alice"], WEEKLY | {"start": "2026-11-30T09:00"})
    fixes = [one.fix for one in found(team("pay", late, **more), team("ops", layer(["gus"])))]
    assert fixes == [f"{meanwhile}; {FOR_GOOD}"]


def test_a_gap_that_reaches_the_end_is_said_to_go_on() -> None:
    ending = team("pay", layer(["alice"], WEEKLY | {"start": "2027-01-04T09:00"}))
    assert texts(found(ending), Kind.GAP) == [
        "nobody is on call from now on (1 gap in the next 14 days, 336 h of 336 h)"
    ]
    covered = found(ending, covers=[cover("bob", "2026-11-20T00:00", "2026-12-01T09:30")])
    assert texts(covered, Kind.GAP) == [
        "nobody is on call from Tue 1 Dec 09:30 GMT on (1 gap in the next 14 days, 170 h 30 min of 336 h)"
    ]


def test_a_gap_is_told_in_the_team_s_zone_over_a_clock_change() -> None:
    sunday = [{"days": list(DAYS), "from": "04:00", "to": "01:00"}]
    ny = team("pay", layer(["alice"], DAILY, restrictions=sunday), zone="America/New_York")
    [text] = texts(found(ny, now=at("2026-10-31T12:00"), ahead=timedelta(days=2)), Kind.GAP)
    # 01:00 comes twice: the first one counts.
    assert text == (
        "nobody is on call Sun 1 Nov 01:00 EDT – 04:00 EST (2 gaps in the next 2 days, 7 h of 48 h)"
    )


def test_a_team_without_any_rotation_has_chosen_so() -> None:
    assert found(team("pay")) == []
    assert found(team("pay"), covers=[cover("bob", "2026-11-25T00:00", "2026-11-26T00:00")]) == []


def test_a_team_whose_calendar_is_silent_has_a_gap() -> None:
    assert [one.kind for one in found(team("pay", calendar="pay.ics"))] == [Kind.GAP]


def test_guides_may_be_away() -> None:
    assert found(team("pay", layer(["alice"], restrictions=OFFICE), kind=TeamKind.GUIDE)) == []


def test_a_gap_after_the_next_version_is_found() -> None:
    pay = team("pay", layer(["alice"]))
    later = Schedule.parse({"tz": "Europe/London", "layers": []})
    schedule = written(pay).with_versions([(NOW + timedelta(days=10), later)])
    catalog = Catalog({p: Person(p) for p in PEOPLE}, {"pay": pay})
    [gap] = findings(catalog, {"pay": schedule}, NOW, reachable=lambda person: True)
    assert (
        gap.text == "nobody is on call from Fri 4 Dec 12:00 GMT on (1 gap in the next 14 days, 96 h of 336 h)"
    )


def test_a_team_without_a_schedule_is_left_out() -> None:
    catalog = Catalog({}, {"pay": team("pay", layer(["alice"]))})
    assert findings(catalog, {}, NOW, reachable=lambda person: True) == []


# ---- covers ------------------------------------------------------------------------------------

SAT, SUN, MON = "2026-11-28T09:00", "2026-11-29T09:00", "2026-11-30T09:00"


def test_of_two_covers_that_overlap_the_one_made_later_counts() -> None:
    pay = team("pay", layer(["alice", "bob"]))
    covers = [cover("carol", SAT, MON), cover("dan", SUN, "2026-12-01T09:00")]
    schedule = written(pay).with_overrides(covers)
    [overlap] = found(pay, covers=covers)
    assert overlap == Finding(
        "pay",
        Kind.OVERLAP,
        "the covers of Carol and Dan overlap, Sun 29 Nov 09:00 – Mon 30 Nov 09:00 GMT: Dan's counts then, "
        "it was made later",
        "`/oncall undo <number>` takes back the one that isn't meant, `/oncall covers pay` shows their numbers",
    )
    assert who(schedule, at(SUN)) == ["dan"]
    [overlap] = found(pay, covers=covers[::-1])
    assert "Carol's counts then" in overlap.text


@pytest.mark.parametrize(
    "covers",
    [
        [cover("carol", SAT, SUN), cover("dan", SUN, MON)],  # they touch
        [cover("carol", SAT, MON), cover("dan", SUN, MON, replaces="alice")],  # one is a swap
        [cover("carol", SAT, MON), cover("carol", SUN, MON)],  # the same person
        [
            cover("carol", "2026-11-20T00:00", "2026-11-24T12:00"),
            cover("dan", "2026-11-20T00:00", "2026-11-24T12:00"),
        ],
        [
            cover("carol", "2026-12-08T12:00", "2026-12-10T00:00"),
            cover("dan", "2026-12-08T12:00", "2026-12-10T00:00"),
        ],
    ],
)
def test_these_covers_are_in_order(covers: list[Override]) -> None:
    assert found(team("pay", layer(["alice", "bob"])), covers=covers) == []


def test_an_overlap_that_runs_is_told_for_the_time_that_is_left() -> None:
    covers = [cover("carol", "2026-11-20T00:00", SAT), cover("dan", "2026-11-21T00:00", SAT)]
    [text] = texts(found(team("pay", layer(["alice", "bob"])), covers=covers), Kind.OVERLAP)
    assert "Tue 24 Nov 12:00 – Sat 28 Nov 09:00 GMT" in text


def test_each_cover_that_loses_time_is_told_once() -> None:
    covers = [cover(person, SAT, MON) for person in ("carol", "dan", "erin")]
    told = texts(found(team("pay", layer(["alice", "bob"])), covers=covers), Kind.OVERLAP)
    assert [text.split(" overlap")[0] for text in told] == [
        "the covers of Carol and Dan",
        "the covers of Dan and Erin",
    ]


# ---- on two schedules at once --------------------------------------------------------------------


def test_somebody_on_two_schedules_is_told_once_for_the_pair_with_the_hours() -> None:
    # Alice has both until Monday the 30th (141 h) and again from the 7th of December on (27 h).
    [twice] = found(team("pay", layer(["alice", "bob"])), team("ledger", layer(["alice", "carol"])))
    assert twice == Finding(
        "pay",
        Kind.TWICE,
        "Alice is on call for Pay and Ledger at once, first now, 168 h in the next 14 days",
        "`/oncall override ledger @person <from> <to>` puts somebody else on call for Ledger",
    )


def test_people_who_take_turns_on_two_schedules_are_not_on_both_at_once() -> None:
    assert found(team("pay", layer(["alice", "bob"])), team("ledger", layer(["bob", "alice"]))) == []


def test_everyone_of_a_pair_is_in_its_one_line() -> None:
    same = [layer(["alice", "bob"])]
    [twice] = found(team("pay", *same), team("ledger", *same, kind=TeamKind.GUIDE))
    assert twice.text.startswith(
        "Alice and Bob are on call for Pay and Ledger at once"
    ) or twice.text.startswith("Bob and Alice are on call for Pay and Ledger at once")
    assert "336 h in the next 14 days" in twice.text


def test_three_teams_make_three_pairs() -> None:
    told = found(*(team(id, layer(["alice"])) for id in ("pay", "ledger", "ops")))
    assert [(one.team, one.text.split(" at once")[0]) for one in told] == [
        ("pay", "Alice is on call for Pay and Ledger"),
        ("pay", "Alice is on call for Pay and Ops"),
        ("ledger", "Alice is on call for Ledger and Ops"),
    ]


def test_handing_over_from_one_schedule_to_the_other_is_no_double_duty() -> None:
    day = layer(["alice"], DAILY, restrictions=[{"days": list(DAYS), "from": "09:00", "to": "21:00"}])
    night = layer(["alice"], DAILY, restrictions=[{"days": list(DAYS), "from": "21:00", "to": "09:00"}])
    assert texts(found(team("pay", day), team("ledger", night)), Kind.TWICE) == []


def test_a_cover_can_put_somebody_on_two_schedules() -> None:
    told = found(
        team("pay", layer(["alice"])),
        team("ledger", layer(["bob"])),
        covers=[cover("bob", SAT, "2026-11-28T10:30")],
    )
    assert [one.text for one in told] == [
        "Bob is on call for Pay and Ledger at once, first Sat 28 Nov 09:00 GMT, 1 h 30 min in the next 14 days"
    ]


# ---- people out of reach ---------------------------------------------------------------------------


def test_whoever_is_on_call_and_out_of_reach_is_told_once() -> None:
    told = found(team("pay", layer(["alice", ["bob", "carol"]])), unreachable=["alice", "bob"])
    assert sorted(one.text for one in told) == [
        "Alice is on call from now on and can't be reached",
        "Bob is on call from Mon 30 Nov 09:00 GMT on and can't be reached",
    ]
    assert {one.kind for one in told} == {Kind.UNREACHABLE}


def test_people_who_are_not_on_call_need_no_reach() -> None:
    assert found(team("pay", layer(["alice", "bob"])), unreachable=["carol", "fay"]) == []


def test_people_in_layers_who_left_the_catalog_are_named_with_their_first_turn() -> None:
    told = found(team("pay", layer(["alice", "dan"]), layer(["dan", "erin"])), people=["alice", "fay"])
    lines = {one.text.split(" ")[0]: one for one in told if one.kind is Kind.LEFT}
    assert lines["dan"].text.startswith("dan is listed in layers 1, 2 but not in the catalog, on call from ")
    assert lines["dan"].fix == "take dan out of 'layers', or add a [[person]] dan"
    assert lines["erin"].text.startswith("erin is listed in layer 2 but not in the catalog, on call from ")


def test_somebody_listed_who_left_counts_without_a_turn_too() -> None:
    years = WEEKLY | {"length": 100}
    [left] = found(team("pay", layer(["alice", "dan"], years)), people=["alice"])
    assert left.text == "dan is listed in layer 1 but not in the catalog"


def test_a_cover_by_somebody_who_left_is_told() -> None:
    told = found(team("pay", layer(["alice"])), covers=[cover("zoe", SAT, SUN)])
    assert [one.text for one in told] == [
        "zoe is in a cover, a swap or the calendar but not in the catalog, on call from Sat 28 Nov 09:00 GMT on and not paged"
    ]


# ---- who never comes up --------------------------------------------------------------------------------


def test_the_turns_that_always_fall_on_a_closed_day_are_found() -> None:
    # Seven people, a day each, office days only: whoever has Saturday and Sunday never answers.
    told = found(team("pay", layer(list(PEOPLE), DAILY, restrictions=OFFICE), kind=TeamKind.GUIDE))
    # 5 January 2026 is a Monday, Alice's. Fay has from Saturday 09:00 on, Gus from Sunday 09:00 until Monday 09:00.
    assert told == [
        Finding(
            "pay",
            Kind.HIDDEN,
            "Fay and Gus are listed in layer 1 and never on call in the coming 8 days: "
            "its restrictions hide every turn of theirs",
            "widen the restrictions, change how many take turns in layer 1, or take them out",
        )
    ]


def test_with_six_people_everybody_comes_up_in_time() -> None:
    told = found(team("pay", layer(list(PEOPLE[:6]), DAILY, restrictions=OFFICE)))
    assert texts(told, Kind.HIDDEN) == []


def test_a_layer_below_one_that_is_always_there_is_never_on_call() -> None:
    [hidden] = found(team("pay", layer(["alice", "bob"]), layer(["carol", "dan"])))
    assert hidden == Finding(
        "pay",
        Kind.HIDDEN,
        "Alice and Bob are listed in layer 1 and never on call: layer 2 hides every turn of theirs",
        "restrict layer 2, put it below layer 1, or take them out",
    )


def test_somebody_who_is_hidden_in_two_layers_is_told_once() -> None:
    told = found(team("pay", layer(["alice"]), layer(["alice", "bob"]), layer(["carol"])))
    assert [text.partition(" and never")[0] for text in texts(told, Kind.HIDDEN)] == [
        "Alice is listed in layer 1",
        "Bob is listed in layer 2",
    ]


def test_layers_that_only_together_leave_no_room_hide_the_one_below() -> None:
    rest = [*WEEKEND, {"days": ["sun", *DAYS[:5]], "from": "17:00", "to": "09:00"}]
    pay = team(
        "pay", layer(["alice"]), layer(["bob"], restrictions=OFFICE), layer(["carol"], restrictions=rest)
    )
    assert texts(found(pay), Kind.HIDDEN) == [
        "Alice is listed in layer 1 and never on call in the coming 8 days: layers 2, 3 hide every turn of theirs"
    ]


def test_a_layer_that_is_hidden_only_from_some_day_on_is_not_hidden_yet() -> None:
    soon = layer(["carol"], WEEKLY | {"start": "2026-11-30T09:00"})
    assert found(team("pay", layer(["alice"]), soon)) == []


def test_the_version_that_holds_in_the_end_decides_who_is_hidden() -> None:
    pay = team("pay", layer(["alice"]))
    later = written(team("pay", layer(["alice"]), layer(["bob"])))
    catalog = Catalog({p: Person(p) for p in PEOPLE}, {"pay": pay})

    def hidden(since: datetime) -> list[str]:
        schedule = written(pay).with_versions([(since, later)])
        return texts(findings(catalog, {"pay": schedule}, NOW, reachable=lambda person: True), Kind.HIDDEN)

    assert len(hidden(END - timedelta(hours=1))) == 1
    assert hidden(END) == []


def test_somebody_who_comes_up_in_another_layer_is_not_hidden() -> None:
    told = found(team("pay", layer(["alice", "bob"]), layer(["bob", "alice"])))
    assert told == []


def test_a_turn_that_is_far_away_is_not_hidden() -> None:
    years = {"kind": "monthly", "length": 12, "monthday": 1, "handoff": "09:00", "start": "2026-01-01T09:00"}
    assert (
        found(team("pay", layer(["alice", "bob", "carol"], years, restrictions=OFFICE), kind=TeamKind.GUIDE))
        == []
    )


def test_a_cover_neither_hides_nor_shows_anybody() -> None:
    long = [cover("erin", "2026-11-01T00:00", "2028-01-01T00:00")]
    assert texts(found(team("pay", layer(["alice", "bob"])), covers=long), Kind.HIDDEN) == []
    hidden = team("pay", layer(["alice"]), layer(["bob"]))
    assert len(texts(found(hidden, covers=[cover("alice", SAT, SUN)]), Kind.HIDDEN)) == 1


def test_a_layer_of_weekends_below_one_of_weeks_is_seen() -> None:
    told = found(
        team("pay", layer(["alice", "bob"], restrictions=WEEKEND), layer(["carol"], restrictions=OFFICE))
    )
    assert texts(told, Kind.HIDDEN) == []


def test_a_layer_without_participants_is_told() -> None:
    [empty] = found(team("pay", layer(["alice", "bob"]), layer([], DAILY)))
    assert empty.kind is Kind.EMPTY
    assert empty.text == "layer 2 has no participants, so nobody is ever on call by it"
    assert "layer 2" in empty.fix


# ---- rotations that begin late ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-12-07T09:00", []),
        ("2026-12-08T12:00", ["layer 2 begins only Tue 8 Dec 12:00 GMT, after the next 14 days"]),
        ("2027-02-01T09:00", ["layer 2 begins only Mon 1 Feb 2027 09:00 GMT, after the next 14 days"]),
        ("2028-02-07T09:00", ["layer 2 begins only Mon 7 Feb 2028 09:00 GMT, after the next 14 days"]),
    ],
)
def test_a_rotation_that_begins_after_the_time_is_told(start: str, told: list[str]) -> None:
    late = layer(["alice", "bob", "carol"], DAILY | {"start": start}, restrictions=OFFICE)
    assert [one.text for one in found(team("pay", layer(["dan"]), late))] == told


# ---- any schedule ------------------------------------------------------------------------------------------

CLOCK = st.sampled_from(["00:00", "01:30", "02:15", "09:00", "17:00", "23:59"])
LOCAL = st.datetimes(datetime(1900, 1, 1), datetime(2900, 12, 31)).map(lambda d: d.isoformat()[:16])  # noqa: DTZ001
NAMES = st.sampled_from([*PEOPLE, "zoe", "yan"])
COUNT = st.one_of(st.integers(1, 20), st.just(10_000))
LENGTHS = st.one_of(
    COUNT.map(lambda n: {"kind": "hourly", "length": n}),
    COUNT.map(lambda n: {"kind": "daily", "length": n}),
    st.tuples(COUNT, st.sampled_from(DAYS)).map(
        lambda d: {"kind": "weekly", "length": d[0], "weekday": d[1]}
    ),
    st.tuples(COUNT, st.integers(1, 31)).map(lambda d: {"kind": "monthly", "length": d[0], "monthday": d[1]}),
    st.tuples(COUNT, st.integers(0, 59)).map(
        lambda d: {"kind": "custom", "length": {"hours": min(d[0], 200), "minutes": d[1]}}
    ),
)
ROTATIONS = st.tuples(
    LENGTHS, CLOCK, st.one_of(LOCAL, st.sampled_from(["2026-01-05T09:00", "2026-12-20T00:00"]))
).map(lambda d: {**d[0], "handoff": d[1], "start": d[2]})
WINDOWS = st.fixed_dictionaries(
    {"days": st.lists(st.sampled_from(DAYS), max_size=7), "from": CLOCK, "to": CLOCK}
)
LAYERS = st.fixed_dictionaries(
    {
        "rotation": ROTATIONS,
        "participants": st.lists(st.one_of(NAMES, st.lists(NAMES, min_size=1, max_size=3)), max_size=6),
    },
    optional={"restrictions": st.lists(WINDOWS, max_size=2), "shift": st.integers(-9, 9)},
)
INSTANTS = st.one_of(
    st.integers(-30 * 24, 60 * 24).map(lambda n: NOW + timedelta(hours=n)),
    st.sampled_from([datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]),
)
OVERRIDES = (
    st.tuples(INSTANTS, INSTANTS, NAMES, st.one_of(st.none(), NAMES))
    .filter(lambda d: d[0] < d[1])
    .map(
        lambda d: {
            "user": d[2], "start": d[0].isoformat(), "end": d[1].isoformat(), **({"replaces": d[3]} if d[3] else {}),
        }
    )
)  # fmt: skip
ANY = st.fixed_dictionaries(
    {
        "tz": st.sampled_from(
            [
                "UTC",
                "Europe/London",
                "America/Santiago",
                "Pacific/Apia",
                "Australia/Lord_Howe",
                "Africa/Cairo",
            ]
        ),
        "layers": st.lists(LAYERS, max_size=3),
        "overrides": st.lists(OVERRIDES, max_size=5),
    }
)


@settings(max_examples=150, deadline=None)
@given(
    data=st.lists(ANY, min_size=1, max_size=3),
    versions=st.lists(st.tuples(st.integers(-40, 40), ANY), max_size=2),
    far=st.booleans(),
)
def test_no_schedule_that_can_be_written_is_too_odd(
    data: list[dict[str, Any]], versions: list[tuple[int, dict[str, Any]]], far: bool
) -> None:
    teams = [team(f"t{n}", zone=one["tz"]) for n, one in enumerate(data)]
    schedules = {t.id: Schedule.parse(one) for t, one in zip(teams, data, strict=True)}
    later = [
        (NOW + timedelta(days=n), Schedule.parse(one)) for n, one in sorted(versions, key=lambda v: v[0])
    ]
    schedules["t0"] = schedules["t0"].with_versions(later)
    catalog = Catalog({p: Person(p) for p in PEOPLE}, {t.id: t for t in teams})
    now = NOW + timedelta(days=30_000 if far else 0)
    told = findings(catalog, schedules, now, reachable=lambda person: person.id != "gus")
    assert all(one.team in schedules and one.text and one.fix for one in told)
    assert len(told) == len(set(told))
    for one in told:
        assert "\n" not in one.text + one.fix
        assert not one.text.endswith(".")
        assert not one.fix.endswith(".")


OPEN: list[dict[str, Any]] = [
    {},
    {"restrictions": OFFICE},
    {"restrictions": WEEKEND},
    {"restrictions": [{"days": ["mon", "wed"], "from": "22:00", "to": "08:00"}]},
    {"restrictions": [{"days": [], "from": "00:00", "to": "00:00"}]},
]


@settings(max_examples=30, deadline=None)
@given(
    lower=st.integers(1, 5),
    upper=st.integers(0, 4),
    handoff=st.sampled_from(["00:00", "09:00", "17:00"]),
    days=st.integers(1, 2),
    windows=st.tuples(st.sampled_from(OPEN), st.sampled_from(OPEN)),
)
def test_the_hidden_are_those_who_answer_at_no_hour_of_the_whole_cycle(
    lower: int, upper: int, handoff: str, days: int, windows: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    rotation = DAILY | {"handoff": handoff, "length": days}
    below, above = [f"l{n}" for n in range(lower)], [f"u{n}" for n in range(upper)]
    one = team(
        "t", layer(below, rotation, **windows[0]), layer(above, DAILY, **windows[1]), kind=TeamKind.GUIDE, zone="UTC"
    )  # fmt: skip
    told = texts(found(one, people=[*below, *above]), Kind.HIDDEN)
    hidden = {
        name for name in [*below, *above] if any(name.title() in text.split(" listed ")[0] for text in told)
    }
    schedule = written(one)
    cycle = range(24 * lcm(7, lower * days, upper or 1))
    seen = {person for hour in cycle for person in who(schedule, NOW + timedelta(hours=hour))}
    assert hidden == {*below, *above} - seen


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe"])
def test_a_clock_change_hides_nobody(zone: str) -> None:
    # An hour each: whoever has the one that the clock skips still has their turn on the next day.
    hourly = {"kind": "hourly", "length": 1, "handoff": "00:00", "start": "2026-01-05T00:00"}
    people = [f"p{n}" for n in range(24)]
    for day in ("2026-03-28T12:00", "2026-10-03T12:00"):
        assert found(team("pay", layer(people, hourly), zone=zone), people=people, now=at(day)) == []
