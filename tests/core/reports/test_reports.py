"""The tables of a report, computed by hand."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reports import report
from bot.core.reports.facts import (
    Advice,
    Again,
    Answer,
    Backlog,
    Early,
    Fact,
    Facts,
    Fix,
    Help,
    Hop,
    Learning,
    Moved,
    Tag,
    Teams,
    Unclear,
    Unwritten,
    Wake,
)
from bot.core.reports.figures import Cell, Chart, Column, Part, Report, Unit, length, many, spread
from bot.core.reports.page import page
from bot.core.reports.plots import svg
from bot.core.reports.written import as_csv, as_json, as_text

START = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
END = START + timedelta(weeks=12)
T0 = int(START.timestamp())
HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600

TEAMS = Teams(
    names={"payments": "Payments", "search": "Search"},
    members={"payments": ("alice", "bob"), "search": ("erin",)},
    zones={"payments": "Europe/London", "search": "UTC"},
    services={"payments": ("checkout",), "search": ("finder",)},
    people={"alice": "Europe/London"},
    who={"alice": "Alice", "bob": "Bob"},
    labels={"switches": "Switches", "failure": "Dealing with failure"},
)


def fact(
    number: int,
    at: int = T0 + 10 * HOUR,
    *,
    team: str = "payments",
    service: str = "checkout",
    severity: str = "sev3",
    status: str = "resolved",
    acknowledged: int | None = 60,
    mitigated: int | None = None,
    ended: int | None = HOUR + 60,
    noticed: str | None = None,
    took: str | None = None,
    stopped: str | None = None,
    owner: str = "alice",
) -> Fact:
    """Moments are seconds after `at`."""

    def after(seconds: int | None) -> int | None:
        return None if seconds is None else at + seconds

    return Fact(
        number, team, service, severity, status, at, after(acknowledged), after(mitigated), after(ended), noticed,
        took, stopped, owner,
    )  # fmt: skip


def table(facts: Facts, named: str, *, team: str = "payments", teams: Teams = TEAMS) -> Part:
    found = report(facts, teams, team).part(named)
    assert found is not None, f"there is no part {named}"
    return found


def rows(part: Part) -> dict[Cell, tuple[Cell, ...]]:
    return {row[0]: row[1:] for row in part.rows}


# ---- what is counted -----------------------------------------------------------------------------


def test_time_until_is_a_median_and_a_ninth_decile_with_their_n() -> None:
    waits = [60, 120, 180, 240, 300, 360, 420, 480, 540, 6000]
    found = table(
        Facts(START, END, incidents=[fact(n, acknowledged=w, ended=None) for n, w in enumerate(waits)]),
        "times",
    )
    assert found.rows[0] == ("acknowledged", "all", 10, 330, 540)
    assert found.rows[2] == ("resolved", "all", 0, None, None)
    assert "small" not in found.basis


def test_what_nobody_recorded_is_said_and_few_are_said_to_be_few() -> None:
    facts = [fact(1, noticed="customer"), fact(2, noticed="monitor"), fact(3), fact(4)]
    found = table(Facts(START, END, incidents=facts), "detection")
    assert rows(found)["a customer"] == (1, 0.5)
    assert (found.known, found.of) == (2, 4)
    assert found.basis == (
        "From 2 of 4 incidents; of the others nobody recorded it: a small number, so take it as single cases."
    )


def test_called_off_and_twins_are_counted_but_have_no_times() -> None:
    facts = [fact(1), fact(2, status="cancelled"), fact(3, status="duplicate")]
    found = report(Facts(START, END, incidents=facts), TEAMS, "payments")
    counted, times = found.part("incidents"), found.part("times")
    assert counted is not None
    assert times is not None
    assert rows(counted)["sev3"] == (3, 1.0)
    assert counted.notes == ("2 of these were called off or the same as another.",)
    assert times.of == 1


def test_support_is_person_hours_to_the_end_at_most_a_day_each_and_shared_among_categories() -> None:
    facts = [
        fact(1, ended=2 * HOUR + 60),  # two hours of its owner
        fact(2, ended=30 * HOUR),  # eight at most
        fact(3, acknowledged=None, owner="", ended=HOUR),  # nobody took it
        fact(4, ended=HOUR + 60),  # an hour, and half an hour of somebody who helped
    ]
    helped = [Help(4, facts[3].declared + 60 + HOUR // 2)]
    tags = [Tag(1, "switches"), Tag(1, "failure"), Tag(2, "switches"), Tag(4, "gone")]
    found = table(Facts(START, END, incidents=facts, helped=helped, tags=tags), "support")
    by = rows(found)
    assert by["Switches"][:2] == (2, 1.0 + 8.0)
    assert by["Dealing with failure"][:2] == (1, 1.0)
    assert by["gone"][:2] == (1, 1.5)  # a category that has left the configuration keeps its id
    assert by["no action item"][:2] == (1, 0)
    assert by["together"][:2] == (4, 11.5)
    assert by["together"][2] == pytest.approx(11.5 / (2 * 40 * 12), abs=1e-4)
    assert "2 people of 40 h each" in found.notes[0]


def test_whoever_had_it_before_it_moved_is_counted_until_then_and_the_owner_from_then_on() -> None:
    moved = fact(1, acknowledged=60, ended=3 * HOUR)
    at = moved.declared + 2 * HOUR
    facts = Facts(
        START, END, incidents=[moved], hops=[Hop(1, at, "Search")], helped=[Help(1, moved.declared + HOUR)]
    )
    assert rows(table(facts, "support"))["together"][1] == 2.0  # an hour of each


def test_the_wrong_team_is_told_from_hops_pages_and_minutes() -> None:
    facts = [fact(n) for n in (1, 2, 3, 4)]
    hops = [Hop(1, facts[0].declared + 600, "Search"), Hop(1, facts[0].declared + 1800, "Billing")]
    early = [
        Early(1, facts[0].declared),
        Early(1, facts[0].declared + 700),
        Early(1, facts[0].declared + 1801),
    ]
    found = table(Facts(START, END, incidents=facts, hops=hops, early=early), "owners")
    by = rows(found)
    assert by["went to the right team at once"] == (3, 0.75, None)
    assert by["moved to another team"] == (1, 0.25, None)
    assert by["hops until the right team"][0] == 2
    assert by["pages to people of a team that did not own it"][0] == 2
    assert by["lost in all"] == (1, None, 1800)
    assert found.notes == (
        "What is of fewer than 5 shows single cases, not what is usual; the p90 of fewer than 10 is simply the slowest.",
        "Search was paged for others once.",
        "Billing was paged for others once.",
    )


def test_unowned_is_what_fell_back_and_what_was_guessed() -> None:
    facts = [fact(1), fact(2, service=""), fact(3, service="gone")]
    found = table(
        Facts(START, END, incidents=facts, unclear=[Unclear(2, True), Unclear(3, False)]), "services"
    )
    by = rows(found)
    assert by["services in the catalog with an owner"][0] == 1
    assert by["incidents where no service was named"][0] == 1
    assert by["incidents of a service that has left the catalog"][0] == 1
    assert by["incidents whose owner was guessed"] == (1, 0.3333)
    assert by["incidents nobody owned: the fallback team was paged"][0] == 1


def test_pages_are_counted_by_as_what_people_were_asked_and_what_came_of_it() -> None:
    answers = [
        Answer("payments", "oncall", "acknowledged", 5),
        Answer("payments", "oncall", "unanswered", 2),
        Answer("payments", "next", "acknowledged", 1),
        Answer("payments", "guide", "declined", 1),
    ]
    by = rows(table(Facts(START, END, incidents=[fact(1)], answers=answers), "answers"))
    assert by["the owner's on-call"] == (7, 5, 0, 2, 0)
    assert by["next on call"] == (1, 1, 0, 0, 0)
    assert by["guides"] == (1, 0, 1, 0, 0)


def test_a_night_counts_once_for_a_person_in_their_own_zone() -> None:
    def slot(hour: int, minute: int = 0) -> int:
        return int(datetime(2026, 9, 8, hour, minute, tzinfo=UTC).timestamp()) // 900

    # London is an hour ahead of UTC in September: 21:00 UTC is 22:00 there, 05:00 is 06:00.
    wakes = [
        Wake("alice", "payments", slot(21)),
        Wake("alice", "payments", slot(1)),
        Wake("alice", "payments", slot(5)),
    ]
    wakes += [Wake("alice", "payments", slot(2)), Wake("bob", "payments", slot(12))]
    found = table(Facts(START, END, incidents=[fact(1)], wakes=wakes), "nights")
    assert found.rows == (("Alice", 2),)
    assert found.known == 2


def test_a_fix_is_compared_by_the_weeks_before_and_those_that_have_passed_since() -> None:
    closed = T0 + 6 * WEEK
    before = [fact(n, closed - n * WEEK + 60) for n in (1, 2, 3, 4)]
    facts = [*reversed(before), fact(5, closed + WEEK), fact(6, closed + WEEK, service="finder")]
    fixes = [
        Fix("payments", "switches", "checkout", closed, closed - 5 * WEEK, "add a switch", "PAY-1"),
        Fix("payments", "switches", "checkout", int(END.timestamp()) - DAY, T0, "too recent", "PAY-2"),
        Fix("payments", "switches", "", closed, T0, "of no service", ""),
    ]
    found = table(Facts(START, END, incidents=facts, fixes=fixes), "fixes")
    assert found.rows == (("PAY-1 add a switch", "checkout", "Switches", 1.0, 0.25, 1.0, 0.25, 5, 4),)
    assert (found.known, found.of) == (1, 3)
    overall = table(Facts(START, END, incidents=facts, fixes=fixes), "fixes", team="")
    assert overall.rows == (("Switches", 1, 1.0, 0.25, 1.0, 0.25, 5, 1),)


def test_an_incident_before_the_span_is_only_there_for_the_fixes() -> None:
    found = report(Facts(START, END, incidents=[fact(1, T0 - WEEK), fact(2)]), TEAMS, "payments")
    assert found.incidents == 1


def test_loop_time_runs_from_the_incident_to_the_fix() -> None:
    fixes = [Fix("payments", "switches", "checkout", T0 + n * DAY, T0, "t", "") for n in (1, 2, 9)]
    assert table(Facts(START, END, fixes=fixes), "loops").rows[0] == ("all", 3, 2 * DAY, 9 * DAY)


def test_what_came_back_is_told_by_how_its_items_stood() -> None:
    again = [
        Again(1, 9, "payments", "switches", "done"),
        Again(2, 9, "payments", "switches", "open"),
        Again(2, 9, "payments", "failure", "done"),
        Again(3, 8, "payments", "", ""),
    ]
    found = table(Facts(START, END, incidents=[fact(n) for n in (1, 2, 3, 4)], again=again), "recurrences")
    by = rows(found)
    assert by["Switches"] == (2, 1, 1, 0)
    assert by["Dealing with failure"] == (1, 1, 0, 0)
    assert by["no action item"] == (1, 0, 0, 0)
    assert found.notes == ("3 incidents came back: 75% of all.",)


@pytest.mark.parametrize(
    ("took", "stopped", "row"),
    [
        ("flag", "switch", "a switch, or configuration at runtime"),
        (None, "config", "a switch, or configuration at runtime"),
        ("redeploy", "config", "a rebuild, a redeploy or a change of code"),  # what it took decides
        (None, "rollback", "a rebuild, a redeploy or a change of code"),
        ("code", None, "a rebuild, a redeploy or a change of code"),
        ("restart", "scale", "a restart, or more machines"),
        ("nothing", None, "upstream, or by itself"),
        (None, "other", "something else"),
    ],
)
def test_what_it_took_is_told_from_the_answer_else_from_what_stopped_it(
    took: str | None, stopped: str | None, row: str
) -> None:
    found = table(
        Facts(START, END, incidents=[fact(1, took=took, stopped=stopped, mitigated=600)]), "stopping"
    )
    assert rows(found)[row] == (1, 1.0, 600, 600)


def test_postmortems_are_in_time_late_or_missing() -> None:
    day = date(2026, 10, 1)
    found = table(
        Facts(START, END, learnings=[Learning("payments", day, day), Learning("payments", day, day + timedelta(3)),
                                     Learning("payments", day, None)]),
        "postmortems",
    )  # fmt: skip
    assert [row[1] for row in found.rows] == [1, 1, 1]
    assert found.notes == ("Late ones were late by 3 days (median of 1).",)


def test_items_are_counted_by_category_and_age() -> None:
    facts = Facts(
        START, END,
        backlog=[Backlog("payments", "switches", 1, 2, 3, 4), Backlog("payments", "gone", 0, 0, 1, 1)],
        moved=[Moved("payments", "switches", "filed", 5), Moved("payments", "switches", "done", 2)],
    )  # fmt: skip
    by = rows(table(facts, "actions"))
    assert by["Switches"] == (5, 2, 0, 1, 2, 3, 4)
    assert by["gone"] == (0, 0, 0, 0, 0, 1, 1)
    assert by["together"] == (5, 2, 0, 1, 2, 4, 5)


def test_a_team_that_left_the_catalog_still_has_its_row_and_no_share() -> None:
    found = table(Facts(START, END, incidents=[fact(1, team="billing", service="")]), "teams", team="")
    billing = rows(found)["billing (no longer in the catalog)"]
    assert billing[0] == 1
    assert billing[2] is None  # whose week it would be a share of is not known


def test_a_team_waits_as_long_in_the_table_of_teams_as_in_its_own_report() -> None:
    facts = [fact(1, acknowledged=60), fact(2, acknowledged=5, status="cancelled"), fact(3, acknowledged=120)]
    overall = report(Facts(START, END, incidents=facts), TEAMS, "")
    teams, times = overall.part("teams"), overall.part("times")
    assert teams is not None
    assert times is not None
    own = [column.id for column in teams.columns].index("acknowledged")
    assert teams.rows[0][own] == times.rows[0][3] == 90


def test_the_heaviest_team_stands_first() -> None:
    facts = [fact(1), fact(2, team="search", service="finder", ended=5 * HOUR)]
    found = table(Facts(START, END, incidents=facts), "teams", team="")
    assert [row[0] for row in found.rows] == ["Search", "Payments"]


def test_the_heaviest_incidents_of_a_team_are_told_singly_in_its_own_zone() -> None:
    facts = [fact(1), fact(2, ended=None, acknowledged=None, owner=""), fact(3, ended=3 * HOUR, service="")]
    found = table(
        Facts(START, END, incidents=facts, titles={1: "cards fail", 2: "slow", 3: "all down"}), "heaviest"
    )
    assert found.rows == (
        (
            "INC-3",
            "2026-09-07 11:00",
            "sev3",
            "all down",
            "–",
            3.0,
            60,
            3 * HOUR,
        ),  # 10:00 UTC is 11:00 in London
        ("INC-1", "2026-09-07 11:00", "sev3", "cards fail", "checkout", 1.0, 60, HOUR + 60),
        ("INC-2", "2026-09-07 11:00", "sev3", "slow", "checkout", 0.0, None, None),
    )
    assert found.notes == ()
    many_facts = [fact(n) for n in range(1, 13)]
    of_many = table(Facts(START, END, incidents=many_facts, titles={1: "x"}), "heaviest")
    assert len(of_many.rows) == 10
    assert of_many.notes == ("and 2 more, which took 2.0 person-hours of 12.0.",)


def test_a_share_is_of_the_weeks_that_are_recorded() -> None:
    facts = Facts(
        START, END, begun=END - timedelta(days=9), incidents=[fact(1, int(END.timestamp()) - 8 * DAY)]
    )
    found = report(facts, TEAMS, "payments")
    support = found.part("support")
    assert support is not None
    assert rows(support)["together"] == (1, 1.0, 0.0063)  # of two weeks of two people, not of twelve
    assert "2 people of 40 h each, as the catalog has them now, in the 2 weeks since" in support.notes[0]
    assert "Nothing is recorded before 2026-11-21: the share is of 2 weeks, not of 12." in found.summary
    before = report(
        Facts(START, END, begun=START - timedelta(weeks=9), incidents=[fact(1)]), TEAMS, "payments"
    )
    assert "Nothing is recorded" not in " ".join(before.summary)


def test_a_fix_is_compared_with_the_weeks_that_are_recorded() -> None:
    closed = T0 + 6 * WEEK
    facts = [fact(1, closed - WEEK), fact(2, closed - WEEK + HOUR), fact(3, closed + WEEK)]
    fix = Fix("payments", "switches", "checkout", closed, closed - WEEK, "add a switch", "")
    begun = datetime.fromtimestamp(closed - 2 * WEEK, UTC)
    found = table(Facts(START, END, begun=begun, incidents=facts, fixes=[fix]), "fixes")
    assert found.rows[0][3:5] == (1.0, 0.25)
    assert found.notes[0] == "Where fewer than 5 incidents are seen, before and after say little."
    late = datetime.fromtimestamp(closed - DAY, UTC)
    assert table(Facts(START, END, begun=late, incidents=facts, fixes=[fix]), "fixes").rows == ()


def test_the_summary_says_whether_it_is_more_than_before_and_where_it_went() -> None:
    facts = [
        fact(1, T0 + WEEK), fact(2, T0 + 7 * WEEK), fact(3, T0 + 8 * WEEK, service=""),
        fact(4, T0 + 11 * WEEK, ended=None, service="", acknowledged=None, owner=""),
    ]  # fmt: skip
    found = report(Facts(START, END, incidents=facts), TEAMS, "payments").summary
    assert found[0] == "4 incidents took 3.0 person-hours, 0.3% of the working week; 1 still open."
    assert found[1] == (
        "The last 6 weeks: 3 incidents, 2.0 person-hours; the 6 before: 1 incident, 1.0 person-hours: a small number."
    )
    assert found[2] == "Most of it: checkout 2.0 h (2 incidents), no service named 1.0 h (2)."
    assert (
        found[3]
        == "Acknowledged in 1 min (median of 3; slowest 1 min); over after 1 h 1 min (median of 3; slowest 1 h 1 min)."
    )
    once = report(Facts(START, END, incidents=[fact(1)]), TEAMS, "payments").summary
    assert "Acknowledged in 1 min (once); over after 1 h 1 min (once)." in once
    assert not [line for line in once if line.startswith("Most of it")]
    # What the last of two weeks is compared with was not recorded.
    short = Facts(START, END, begun=END - timedelta(days=3), incidents=[fact(1, int(END.timestamp()) - DAY)])
    assert not [line for line in report(short, TEAMS, "payments").summary if line.startswith("The last")]


def test_postmortems_that_nobody_wrote_stay_in_sight_after_their_weeks() -> None:
    old, day = Unwritten(1, date(2026, 3, 1)), date(2026, 10, 1)
    facts = Facts(START, END, learnings=[Learning("payments", day, day)], unwritten=old)
    found = report(facts, TEAMS, "payments")
    part = found.part("postmortems")
    assert part is not None
    assert [row[1] for row in part.rows] == [1, 0, 0]
    assert part.notes == (
        "1 more was due before these weeks and is not published, the oldest since 2026-03-01.",
    )
    assert found.summary[-1] == "1 postmortem overdue, the oldest since 2026-03-01."


def test_times_of_few_are_said_to_be_of_few_row_by_row() -> None:
    facts = [fact(n) for n in range(11)]
    assert table(Facts(START, END, incidents=facts), "times").notes == ()
    rare = [*facts, fact(20, severity="sev1")]
    assert "of fewer than 5 shows single cases" in table(Facts(START, END, incidents=rare), "times").notes[0]
    some = [fact(n) for n in range(7)]
    assert table(Facts(START, END, incidents=some), "times").notes == (
        "The p90 of fewer than 10 is simply the slowest.",
    )


def test_guides_have_what_they_gave_and_are_known_by_their_name() -> None:
    given = [
        Advice("payments", "platform", T0, 60, "olga", 30, "promote it"),
        Advice("search", "platform", T0, None, "", None, ""),
    ]
    teams = Teams(names={"payments": "Payments"}, guides={"platform": "Platform"})
    found = report(Facts(START, END, advice=given), teams, "platform")
    assert found.title == "Platform, 12 weeks to 2026-11-30"
    assert found.summary == (
        "Platform, a guide team, owns no software: 2 questions in these 12 weeks, 1 answered, "
        "0.5 person-hours as far as they said.",
    )
    assert [part.id for part in found.parts] == ["guides"]


def test_a_service_shows_where_it_hurts_with_how_many_said_so() -> None:
    facts = [
        fact(1, noticed="customer", took="flag"), fact(2, noticed="monitor"), fact(3, took="code"),
        fact(4, service="", ended=5 * HOUR + 60),
    ]  # fmt: skip
    found = table(Facts(START, END, incidents=facts), "by_service")
    assert found.rows == (
        ("no service named", 1, 5.0, None, 0, None, 0),
        ("checkout", 3, 3.0, 0.5, 2, 0.5, 2),
    )


def test_nothing_at_all_is_a_report_too() -> None:
    found = report(Facts(START, END), Teams(), "")
    assert (found.incidents, found.parts) == (0, ())
    assert found.summary == ("No incident in these 12 weeks.",)
    assert as_text(found)
    assert as_json(found)["parts"] == []
    assert len(as_csv(found).splitlines()) == 1
    assert "No incident" in page(found)


# ---- whatever the facts --------------------------------------------------------------------------

MOMENT = st.integers(0, 12 * WEEK - 1)
FACT = st.builds(
    fact,
    st.integers(1, 30),
    MOMENT.map(lambda after: T0 + after),
    team=st.sampled_from(["payments", "search"]),
    service=st.sampled_from(["checkout", "finder", ""]),
    severity=st.sampled_from(["sev1", "sev2", "sev3", "sev4"]),
    status=st.sampled_from(["resolved", "investigating", "cancelled", "duplicate"]),
    acknowledged=st.none() | st.integers(0, DAY),
    ended=st.none() | st.integers(0, 3 * DAY),
    noticed=st.none() | st.sampled_from(["monitor", "customer"]),
    took=st.none() | st.sampled_from(["flag", "redeploy"]),
    owner=st.sampled_from(("", "alice")),
)
FACTS = st.lists(FACT, max_size=20, unique_by=lambda one: one.id)


@given(FACTS, st.sampled_from(["", "payments"]))
def test_sums_add_up_and_every_rendering_holds(facts: list[Fact], team: str) -> None:
    tags = [Tag(one.id, "switches") for one in facts if one.id % 2]
    found = report(Facts(START, END, incidents=facts, tags=tags), TEAMS, team)
    if facts:
        counted, support = found.part("incidents"), found.part("support")
        assert counted is not None
        assert support is not None
        assert sum(int(row[1] or 0) for row in counted.rows) == len(facts)
        hours = [float(row[2] or 0) for row in support.rows]
        assert sum(hours[:-1]) == pytest.approx(hours[-1], abs=0.2)
        assert counted.chart is not None
        assert sum(sum(v or 0 for v in values) for values in counted.chart.series.values()) == len(facts)
    for part in found.parts:
        assert 0 <= part.known <= part.of
        assert all(len(row) == len(part.columns) for row in part.rows)
    assert as_text(found)
    parsed(page(found))


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_the_usual_and_the_bad_lie_within_what_happened(values: list[int]) -> None:
    found = spread(values)
    assert found is not None
    assert min(values) <= found.median <= max(values)
    assert found.median == median(values)
    assert found.p90 in values
    assert sum(value <= found.p90 for value in values) >= 0.9 * len(values)
    assert sum(value < found.p90 for value in values) < 0.9 * len(values)


# ---- how it reads --------------------------------------------------------------------------------


class _Wellformed(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.scripts += tag == "script"
        if tag not in {"meta", "line", "rect", "circle", "polyline"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"line", "rect", "circle", "polyline"}:
            assert self.open.pop() == tag


def parsed(text: str) -> _Wellformed:
    found = _Wellformed()
    found.feed(text)
    assert found.open == []
    return found


def _with_words(words: str) -> Report:
    closed = T0 + 6 * WEEK
    fixes = [Fix("payments", words, "checkout", closed, T0, words, "")]
    facts = [fact(n, T0 + n * WEEK) for n in range(8)]
    return report(Facts(START, END, incidents=facts, fixes=fixes, tags=[Tag(1, words)]), TEAMS, "payments")


def test_peoples_words_are_only_words_in_a_page_and_in_a_spreadsheet() -> None:
    text = page(_with_words("<script>alert(1)</script>&"))
    assert parsed(text).scripts == 0
    assert "&lt;script&gt;" in text
    lines = list(csv.DictReader(io.StringIO(as_csv(_with_words('=HYPERLINK("x")\n,"')))))
    assert any(line["row"].startswith("'=HYPERLINK") for line in lines)
    assert not any(line["row"].startswith("=") for line in lines)
    assert {line["part"] for line in lines} >= {"incidents", "support", "fixes"}


def test_the_page_needs_nothing_from_elsewhere_and_says_how_each_figure_is_computed() -> None:
    found = _with_words("switches")
    text = page(found)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert text.count("<svg") == 2
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert all(part.how and part.basis for part in found.parts)


def test_a_page_links_what_it_names_and_shows_the_figures_of_its_plots() -> None:
    facts = Facts(
        START, END, incidents=[fact(n, T0 + n * WEEK) for n in range(8)], titles={1: "INC-77 <again>"}
    )
    found = replace(report(facts, TEAMS, "payments"), links={"INC-1": "https://slack.acme.dev/a?b=1&c=2"})
    text = page(found)
    parsed(text)
    assert text.count('<a href="https://slack.acme.dev/a?b=1&amp;c=2">INC-1</a>') == 1
    assert "INC-77 &lt;again&gt;" in text
    assert all(f'<a href="#{part.id}">' in text for part in found.parts)
    assert text.count("<details>") == text.count("<svg") == text.count("<desc") == 2
    assert 'aria-labelledby="incidents-a-week-title incidents-a-week-desc"' in text
    assert "sev3–4 at most 1 (week from 7 Sep), last 0 (week from 23 Nov)" in text
    assert '<th scope="row">7 Sep</th><td class="n">0</td><td class="n">1</td>' in text
    assert "<code>/incident show</code>" in text


@pytest.mark.parametrize(
    ("unit", "cell", "words"),
    [(Unit.SHARE, 0.0003, "< 0.1%"), (Unit.SHARE, 0, "0%"), (Unit.SHARE, 0.013, "1.3%"), (Unit.SHARE, 0.256, "26%"),
     (Unit.HOURS, 0.02, "< 0.1 h"), (Unit.HOURS, 0, "0.0 h"), (Unit.HOURS, 1.25, "1.2 h")],
)  # fmt: skip
def test_what_is_little_is_not_shown_as_nothing(unit: Unit, cell: float, words: str) -> None:
    assert Column("x", "x", unit).reads(cell) == words


def test_the_last_stretch_of_a_plot_is_weighed_by_its_own_length() -> None:
    start = END - timedelta(weeks=22)  # two weeks a bar from 20 on, so 21 leave one alone
    facts = [fact(n, int(start.timestamp()) + n * WEEK) for n in range(21)]
    chart = table(Facts(start, start + timedelta(weeks=21), incidents=facts), "incidents").chart
    assert chart is not None
    assert set(chart.series["sev3–4"]) == {1.0}
    assert len(chart.labels) == 11


def test_json_has_each_figure_by_its_name() -> None:
    data = as_json(_with_words("switches"))
    assert data["team"] == "payments"
    assert data["from"] == "2026-09-07T00:00:00Z"
    times = next(part for part in data["parts"] if part["id"] == "times")
    assert times["rows"][0] == {"what": "acknowledged", "severity": "all", "n": 8, "median": 60.0, "p90": 60}
    assert (times["known"], times["of"], times["small"]) == (8, 8, False)


def test_a_long_span_is_drawn_in_stretches_of_several_weeks() -> None:
    facts = Facts(START - timedelta(weeks=40), END, incidents=[fact(n, T0 - n * WEEK) for n in range(1, 40)])
    chart = table(facts, "incidents").chart
    assert chart is not None
    assert len(chart.labels) == 18  # 52 weeks, three a bar
    assert max(sum(v or 0 for v in column) for column in zip(*chart.series.values(), strict=True)) == 1


@pytest.mark.parametrize("most", [0, 0.3, 1, 4, 7, 99, 12345])
def test_a_plot_has_an_axis_that_holds_its_highest_value(most: float) -> None:
    text = svg(Chart("line", "t", ("a", "b"), {"one <&>": (0, most)}, "y"))
    ticks = [float(part.split("<")[0]) for part in text.split('text-anchor="end">')[1:]]
    assert 2 <= len(ticks) <= 6
    assert max(ticks) >= most
    parsed(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (119, "1 min 59 s"), (1440, "24 min"), (7200, "2 h"), (7260, "2 h 1 min"),
     (7319, "2 h 1 min"),
     (10 * DAY, "10 days")],
)  # fmt: skip
def test_lengths_have_two_units_at_most(seconds: int, words: str) -> None:
    assert length(timedelta(seconds=seconds)) == words


def test_one_is_singular() -> None:
    assert [many(1, what) for what in ("incidents", "people", "items done", "categories", "action items")] == [
        "1 incident", "1 person", "1 item done", "1 category", "1 action item",
    ]  # fmt: skip


def test_a_table_of_which_nothing_is_known_says_just_that() -> None:
    part = Part("took", "What it took", "", (), (), 0, 2)
    assert part.basis == "From none of 2 incidents yet: nobody recorded it."
    assert Part("took", "What it took", "", (), (), 0, 0).basis == "From no incident yet."


def test_an_incident_of_the_very_second_of_the_report_is_in_its_last_week() -> None:
    found = table(Facts(START, END, incidents=[fact(1, int(END.timestamp()))]), "incidents")
    assert found.chart is not None
    assert [values[-1] for values in found.chart.series.values()] == [0, 1]
