"""How heavy on call is, by example: around the edges of the bands, on nights of 9 and 7 hours, and for any instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.load import Band, Facts, Medians, Woken, band, facts, marks, medians, night, rough_night
from bot.core.oncall import Schedule, Segment, final
from bot.models import Severity

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
START = datetime(2026, 11, 9, tzinfo=UTC)  # a Monday
END = START + timedelta(days=14)
ZONES = (
    "UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo",
    "Asia/Beirut", "Asia/Kathmandu", "Pacific/Apia", "America/Havana",
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def page(when: str, person: str = "alice", incident: int = 1) -> Woken:
    return Woken(person, "pay", incident, at(when), Severity.SEV1)


def on_call(start: str, end: str, *people: str) -> Segment:
    return Segment(at(start), at(end), list(people))


def told(
    pages: list[Woken],
    zone: ZoneInfo = LONDON,
    start: datetime = START,
    end: datetime = END,
    **rotas: Segment,
) -> list[Facts]:
    return facts({team: [one] for team, one in rotas.items()}, pages, start, end, zone=lambda person: zone)


# ---- bands and nights --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-09T05:59:59", Band.NIGHT),
        ("2026-11-09T06:00", Band.EVENING),
        ("2026-11-09T07:59:59", Band.EVENING),
        ("2026-11-09T08:00", Band.WORK),
        ("2026-11-09T17:59:59", Band.WORK),
        ("2026-11-09T18:00", Band.EVENING),
        ("2026-11-09T21:59:59", Band.EVENING),
        ("2026-11-09T22:00", Band.NIGHT),
        ("2026-11-09T23:59:59.999999", Band.NIGHT),
        ("2026-11-10T00:00", Band.NIGHT),
        ("2026-11-13T21:59", Band.EVENING),  # Friday
        ("2026-11-14T05:59", Band.NIGHT),  # Saturday
        ("2026-11-14T06:00", Band.WEEKEND),
        ("2026-11-14T12:00", Band.WEEKEND),
        ("2026-11-15T21:59", Band.WEEKEND),  # Sunday
        ("2026-11-15T22:00", Band.NIGHT),
        ("2026-11-16T06:00", Band.EVENING),
    ],
)
def test_each_time_of_the_week_has_its_band(when: str, expected: Band) -> None:
    assert band(at(when), LONDON) is expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/London", Band.NIGHT),
        ("America/New_York", Band.WEEKEND),  # Sunday 18:30
        ("Asia/Tokyo", Band.WORK),  # Monday 08:30
        ("Asia/Kathmandu", Band.NIGHT),  # Monday 05:15
    ],
)
def test_a_band_is_one_of_the_person_s_own_zone(zone: str, expected: Band) -> None:
    assert band(at("2026-11-15T23:30"), ZoneInfo(zone)) is expected


@pytest.mark.parametrize(
    ("when", "zone", "expected"),
    [
        ("2026-11-09T21:59:59", LONDON, None),
        ("2026-11-09T22:00", LONDON, date(2026, 11, 9)),
        ("2026-11-10T00:00", LONDON, date(2026, 11, 9)),
        ("2026-11-10T05:59:59", LONDON, date(2026, 11, 9)),
        ("2026-11-10T06:00", LONDON, None),
        ("2026-11-10T05:30", NEW_YORK, date(2026, 11, 9)),  # 00:30 there
        ("2026-11-10T03:30", NEW_YORK, date(2026, 11, 9)),  # 22:30 there
        ("2026-11-10T02:30", NEW_YORK, None),
        ("2026-03-28T22:00", LONDON, date(2026, 3, 28)),  # the clock skips 01:00 to 02:00
        ("2026-03-29T04:59:59", LONDON, date(2026, 3, 28)),  # 05:59:59 summer time
        ("2026-03-29T05:00", LONDON, None),
        ("2026-10-24T21:00", LONDON, date(2026, 10, 24)),  # 22:00 summer time, and 01:00 comes twice
        ("2026-10-25T00:30", LONDON, date(2026, 10, 24)),
        ("2026-10-25T01:30", LONDON, date(2026, 10, 24)),
        ("2026-10-25T05:59:59", LONDON, date(2026, 10, 24)),
        ("2026-10-25T06:00", LONDON, None),
    ],
)
def test_a_night_belongs_to_its_evening_and_lasts_until_six(
    when: str, zone: ZoneInfo, expected: date | None
) -> None:
    assert night(at(when), zone) == expected


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), week=st.integers(0, 2000))
def test_the_bands_of_a_week_part_it_without_gap_or_overlap(zone: str, week: int) -> None:
    there = ZoneInfo(zone)
    start = datetime(1999, 1, 1, tzinfo=UTC) + timedelta(weeks=week)
    quarters = [start + n * timedelta(minutes=15) for n in range(7 * 24 * 4)]
    for moment in quarters:
        here = moment.astimezone(there)
        weekend, hour = here.weekday() >= 5, here.hour
        in_bands = {
            Band.NIGHT: hour >= 22 or hour < 6,
            Band.WEEKEND: weekend and 6 <= hour < 22,
            Band.WORK: not weekend and 8 <= hour < 18,
            Band.EVENING: not weekend and (6 <= hour < 8 or 18 <= hour < 22),
        }
        assert [one for one, inside in in_bands.items() if inside] == [band(moment, there)]
        assert (night(moment, there) is not None) == (band(moment, there) is Band.NIGHT)


@given(
    when=st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
)
def test_every_page_stands_in_exactly_one_band(when: datetime, zone: str) -> None:
    start, end = when - timedelta(days=1), when + timedelta(days=1)
    [found] = told([Woken("alice", "pay", 1, when, Severity.SEV2)], ZoneInfo(zone), start, end)
    assert set(found.bands) == set(Band)
    assert found.pages == 1
    assert len(found.nights) == found.bands[Band.NIGHT]


# ---- facts -------------------------------------------------------------------------------------


def test_each_member_of_a_group_counts_in_full() -> None:
    found = told([], pay=on_call("2026-11-09T09:00", "2026-11-10T09:00", "alice", "bob"))
    assert {each.person: each.on_call for each in found} == {
        "alice": timedelta(days=1),
        "bob": timedelta(days=1),
    }


def test_two_schedules_at_once_count_once_for_the_share_and_in_full_for_each_team() -> None:
    [found] = told(
        [],
        pay=on_call("2026-11-09T00:00", "2026-11-11T00:00", "alice"),
        ledger=on_call("2026-11-10T12:00", "2026-11-12T12:00", "alice"),
        inside=on_call("2026-11-10T13:00", "2026-11-10T14:00", "alice"),
    )
    assert found.on_call == timedelta(days=3, hours=12)
    assert found.share == 3.5 / 14
    assert found.teams == {
        "pay": timedelta(days=2), "ledger": timedelta(days=2), "inside": timedelta(hours=1),
    }  # fmt: skip


def test_what_lies_outside_the_time_is_left_out() -> None:
    [found] = told(
        [page("2026-11-08T23:59:59"), page("2026-11-09T00:00"), page("2026-11-23T00:00")],
        pay=on_call("2026-11-01T00:00", "2026-12-01T00:00", "alice"),
    )
    assert (found.pages, found.on_call, found.share) == (1, timedelta(days=14), 1)


def test_a_time_without_length_has_no_facts() -> None:
    assert told([page("2026-11-09T00:00")], start=START, end=START) == []


def test_a_night_counts_once_however_many_pages_it_has() -> None:
    [found] = told([page("2026-11-09T22:00"), page("2026-11-10T03:00", incident=2), page("2026-11-12T02:00")])
    assert found.nights == (date(2026, 11, 9), date(2026, 11, 11))
    assert (found.pages, found.incidents, found.bands[Band.NIGHT]) == (3, 2, 3)


@pytest.mark.parametrize("hours", ["2026-03-28T22:30 2026-03-29T04:30", "2026-10-24T21:30 2026-10-25T05:30"])
def test_a_night_on_which_the_clock_changes_is_one_night(hours: str) -> None:
    first, last = hours.split()
    begin = at(first) - timedelta(days=1)
    [found] = told([page(first), page(last)], LONDON, begin, begin + timedelta(days=3))
    assert found.nights == (at(first).date(),)


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [
        ("2026-11-09T00:00", "2026-11-23T00:00", 15),  # what is left of Sunday's night too
        ("2026-11-09T06:00", "2026-11-09T22:00", 0),
        ("2026-11-09T06:00", "2026-11-09T22:01", 1),
        ("2026-11-09T05:59", "2026-11-09T22:00", 1),
        ("2026-11-09T12:00", "2026-11-23T12:00", 14),
        ("2026-11-09T23:00", "2026-11-09T23:30", 1),
        ("2026-11-10T01:00", "2026-11-10T02:00", 1),
    ],
)
def test_it_is_said_of_how_many_nights(start: str, end: str, nights: int) -> None:
    [found] = told([], LONDON, at(start), at(end), pay=on_call(start, end, "alice"))
    assert found.all_nights == nights


@given(
    minutes=st.lists(st.integers(0, 14 * 24 * 60 - 1), min_size=1, max_size=40),
    zone=st.sampled_from(ZONES),
    back=st.integers(0, 2000),
)
def test_interrupted_nights_are_never_more_than_there_are(minutes: list[int], zone: str, back: int) -> None:
    start = START - timedelta(hours=7 * back)
    pages = [
        Woken("a", "t", n % 5, start + timedelta(minutes=m), Severity.SEV1) for n, m in enumerate(minutes)
    ]
    [found] = told(pages, ZoneInfo(zone), start, start + timedelta(days=14))
    assert len(found.nights) <= found.all_nights <= 15
    assert len(found.nights) <= found.bands[Band.NIGHT]


@pytest.mark.parametrize(
    ("pages", "most", "crowded"),
    [
        ([], 0, False),
        ([("09:00", 1), ("10:00", 2)], 2, False),
        ([("09:00", 1), ("10:00", 2), ("11:00", 2), ("12:00", 1)], 2, False),  # two incidents, four pages
        ([("09:00", 1), ("10:00", 2), ("20:59:59", 3)], 3, True),
        ([("09:00", 1), ("10:00", 2), ("21:00", 3)], 2, False),  # twelve hours apart are not within twelve
        ([("09:00", 1), ("20:00", 2), ("21:00", 1), ("22:00", 3)], 3, True),  # the second page of 1 counts
        ([("12:00", 3), ("09:00", 1), ("11:00", 2)], 3, True),  # in whatever order they come
    ],
)
def test_more_than_two_incidents_within_twelve_hours_are_too_many(
    pages: list[tuple[str, int]], most: int, crowded: bool
) -> None:
    [found] = told(
        [page(f"2026-11-10T{when}", incident=incident) for when, incident in pages],
        pay=on_call("2026-11-09T00:00", "2026-11-23T00:00", "alice"),
    )
    assert (found.crowded, found.is_crowded) == (most, crowded)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), min_size=1, max_size=30))
def test_the_most_incidents_in_twelve_hours_are_those_of_the_worst_window(
    pages: list[tuple[int, int]],
) -> None:
    woken = [Woken("a", "t", n, START + timedelta(hours=h), Severity.SEV1) for h, n in pages]
    [found] = told(woken)
    worst = max(len({n for h, n in pages if begin <= h < begin + 12}) for begin, _ in pages)
    assert found.crowded == worst
    assert found.crowded_at is not None
    assert (
        len({w.incident for w in woken if timedelta() <= w.at - found.crowded_at < timedelta(hours=12)})
        == worst
    )


def test_the_heaviest_burden_comes_first() -> None:
    found = told(
        [
            page("2026-11-10T03:00", "night"),
            *(page(f"2026-11-10T1{n}:00", "day") for n in range(5)),
            page("2026-11-10T19:00", "evening"),
        ],
        pay=on_call("2026-11-09T00:00", "2026-11-23T00:00", "quiet", "asleep"),
    )
    assert [each.person for each in found] == ["night", "evening", "day", "asleep", "quiet"]


def test_hours_agree_with_the_final_schedule_over_a_clock_change() -> None:
    daily = {"kind": "daily", "length": 1, "handoff": "09:00", "start": "2026-01-05T09:00"}
    schedule = Schedule.parse(
        {"tz": "Europe/London", "layers": [{"rotation": daily, "participants": ["a", "b"]}]}
    )
    start, end = at("2026-03-28T09:00"), at("2026-03-30T08:00")
    found = facts({"pay": final(schedule, start, end)}, [], start, end, zone=lambda person: LONDON)
    assert sorted(each.on_call for each in found) == [timedelta(hours=23), timedelta(hours=24)]
    assert [each.share for each in found] == [24 / 47, 23 / 47]


def test_what_is_usual_is_the_median() -> None:
    found = told(
        [page("2026-11-10T03:00"), page("2026-11-11T03:00"), page("2026-11-10T12:00", "bob")],
        pay=on_call("2026-11-09T00:00", "2026-11-16T00:00", "alice"),
        ledger=on_call("2026-11-09T00:00", "2026-11-10T00:00", "carol"),
    )
    assert medians(found) == Medians(3, 1 / 14, 1, 0)
    assert medians([]) is None


# ---- sentences ---------------------------------------------------------------------------------


def test_marks_are_sentences_with_numbers() -> None:
    found = told(
        [page(f"2026-11-1{day}T02:10", incident=day) for day in (0, 1, 2)]
        + [page("2026-11-12T03:00", incident=8), page("2026-11-12T09:00", incident=9)],
        pay=on_call("2026-11-09T00:00", "2026-11-14T01:00", "alice"),
        ledger=on_call("2026-11-14T01:00", "2026-11-15T00:00", "bob"),
    )
    assert marks(found, str.title) == [
        "Alice was woken on 3 nights in 14 days",
        "Alice had 3 incidents within 12 hours, from Thu 12 Nov 02:10 on; more than 2 are too many",
        "Alice was on call 36% of 14 days (121 of 336 h), more than 25%; the median of 2 people is 21%",
    ]


def test_a_quarter_of_the_time_is_not_more_than_a_quarter() -> None:
    quarter = on_call("2026-11-09T00:00", "2026-11-12T12:00", "alice")
    assert marks(told([], pay=quarter)) == []
    more = on_call("2026-11-09T00:00", "2026-11-12T12:01", "alice")
    assert marks(told([], pay=more)) == ["alice was on call 25% of 14 days (84 of 336 h), more than 25%"]


def test_one_night_is_one_night() -> None:
    found = told([page("2026-11-09T23:00")], LONDON, START, START + timedelta(days=1))
    assert marks(found) == ["alice was woken on 1 night in 24 hours"]


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-11-10T05:59:59", False),  # night still
        ("2026-11-10T06:00", True),
        ("2026-11-10T11:59:59", True),
        ("2026-11-10T12:00", False),
        ("2026-11-11T07:00", False),  # that was the night before
        ("2026-11-09T07:00", False),  # not yet
    ],
)
def test_cover_is_offered_on_the_morning_after(now: str, offered: bool) -> None:
    found = rough_night("alice", [page("2026-11-10T02:14")], at(now), LONDON)
    said = "You were woken last night, at 02:14. Shall the team be asked to cover for you tonight?"
    assert found == (said if offered else None)


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        ("2026-11-09T21:59:59", False),
        ("2026-11-09T22:00", True),
        ("2026-11-10T05:59:59", True),
        ("2026-11-10T06:00", False),
        ("2026-11-10T08:00", False),
        ("2026-11-10T09:01", False),  # still to come
    ],
)
def test_only_pages_of_the_night_make_it_rough(when: str, offered: bool) -> None:
    assert (rough_night("alice", [page(when)], at("2026-11-10T09:00"), LONDON) is not None) == offered


def test_somebody_else_s_page_makes_no_rough_night() -> None:
    assert rough_night("bob", [page("2026-11-10T02:00")], at("2026-11-10T09:00"), LONDON) is None


def test_the_offer_says_how_often_and_for_how_many_incidents() -> None:
    pages = [page("2026-11-10T04:40", incident=2), page("2026-11-09T22:05"), page("2026-11-10T02:00")]
    assert rough_night("alice", pages, at("2026-11-10T08:00"), LONDON) == (
        "You were woken last night: 3 pages for 2 incidents between 22:05 and 04:40. "
        "Shall the team be asked to cover for you tonight?"
    )


@pytest.mark.parametrize(
    ("first", "now", "offered"),
    [
        ("2026-03-28T22:00", "2026-03-29T05:00", True),  # 06:00 summer time, after a night of seven hours
        ("2026-03-28T22:00", "2026-03-29T04:59", False),
        ("2026-10-24T21:00", "2026-10-25T06:00", True),  # after one of nine
        ("2026-10-24T21:00", "2026-10-25T05:59", False),
        ("2026-10-24T20:59", "2026-10-25T06:00", False),
    ],
)
def test_the_night_of_a_clock_change_is_rough_by_its_own_clock(first: str, now: str, offered: bool) -> None:
    assert (rough_night("alice", [page(first)], at(now), LONDON) is not None) == offered


def test_the_offer_goes_by_the_person_s_own_night() -> None:
    pages = [page("2026-11-10T07:00")]  # 02:00 in New York
    assert rough_night("alice", pages, at("2026-11-10T11:00"), LONDON) is None
    assert rough_night("alice", pages, at("2026-11-10T11:00"), NEW_YORK) is not None


def test_every_morning_offers_cover_for_its_own_night_alone() -> None:
    pages = [page("2026-11-10T02:00"), page("2026-11-11T02:00")]
    mornings = [at("2026-11-09T07:00") + timedelta(days=n) for n in range(4)]
    offered = [rough_night("alice", pages, morning, LONDON) is not None for morning in mornings]
    assert offered == [False, True, True, False]
