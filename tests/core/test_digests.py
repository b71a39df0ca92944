"""Weeks as people write them, and what of a week is worth saying."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core import Refused
from bot.core.digests import (
    Came,
    Did,
    Digest,
    Hit,
    Material,
    Published,
    Week,
    as_text,
    digest,
    parse,
    week_of,
)
from bot.core.reports.facts import Backlog, Fact, Facts, Moved, Teams

WEEK = Week(2026, 48)
TEAMS = Teams(
    names={"payments": "Payments", "search": "Search", "orders": "Orders"},
    labels={"switches": "Switches", "other": "Other", "failure": "Dealing with failure"},
)


def made(team: str = "", *, facts: Facts | None = None, **more: object) -> Digest | None:
    empty = Facts(WEEK.end - timedelta(weeks=8), WEEK.end)
    return digest(Material(facts or empty, **more), TEAMS, team, WEEK)  # type: ignore[arg-type]


def lines(found: Digest | None, title: str) -> tuple[str, ...]:
    assert found is not None
    return next((part.lines for part in found.sections if part.title == title), ())


@pytest.mark.parametrize("words", ["2026-W48", "2026W48", " 2026-w48 "])
def test_a_week_is_read(words: str) -> None:
    assert parse(words) == WEEK
    assert str(WEEK) == "2026-W48"
    assert (WEEK.start, WEEK.end) == (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))


@pytest.mark.parametrize("words", ["", "48", "2026-W0", "2025-W53", "2026-W54", "2026-11-24", "0000-W01"])
def test_what_is_no_week_is_refused_with_the_form(words: str) -> None:
    with pytest.raises(Refused, match="write it as 2026-W48"):
        parse(words)


def test_the_first_days_of_a_year_can_belong_to_the_last_week_of_the_one_before() -> None:
    assert week_of(datetime(2027, 1, 3, 23, tzinfo=UTC)) == Week(2026, 53)
    assert week_of(datetime(2027, 1, 4, tzinfo=UTC)) == Week(2027, 1)


def test_nothing_is_nothing_and_what_is_overdue_alone_is_nothing_too() -> None:
    assert made() is None
    overdue = Facts(WEEK.start, WEEK.end, backlog=[Backlog("payments", "switches", 0, 0, 9, 9)])
    assert made(facts=overdue) is None
    assert made(thanks=["Olga helped Search twice."]) is not None


def broke(
    number: int, days: float, *, team: str = "payments", hours: int = 1, status: str = "resolved"
) -> Fact:
    """Declared so many days after the week began, acknowledged at once and over after `hours`."""
    at = int((WEEK.start + timedelta(days=days)).timestamp())
    return Fact(
        number, team, "checkout", "sev2", status, at, at, None, at + hours * 3600, None, None, None, "alice"
    )


def test_what_broke_is_told_by_its_weight_and_whose_it_was() -> None:
    facts = [
        broke(1, 1), broke(2, 2, hours=3), broke(3, 3, team="search", hours=2), broke(4, 4, team="orders", status="cancelled"),
        broke(5, 5), broke(6, 5, hours=8)._replace(severity="sev4"),
    ]  # fmt: skip
    titles = {1: "slow", 2: "cards fail", 3: "no results", 4: "a test", 5: "slow again", 6: "a typo"}
    week = Facts(WEEK.end - timedelta(weeks=8), WEEK.end, incidents=facts, titles=titles)
    assert lines(made(facts=week), "What broke") == (
        "INC-2 cards fail (Payments, sev2): 3.0 person-hours, over after 3 h.",
        "INC-3 no results (Search, sev2): 2.0 person-hours, over after 2 h.",
        "INC-1 slow (Payments, sev2): 1.0 person-hours, over after 1 h.",
        "and 3 more. Most of it: Payments 13.0 h, Search 2.0 h, Orders 1.0 h.",
    )
    mine = Facts(WEEK.end - timedelta(weeks=8), WEEK.end, incidents=[facts[0], facts[3]], titles=titles)
    assert lines(made("payments", facts=mine), "What broke") == (
        "INC-1 slow (sev2): 1.0 person-hours, over after 1 h.",
        "INC-4 a test (sev2): 1.0 person-hours, a false alarm.",
    )


def test_a_week_is_told_against_what_is_usual_once_that_is_known() -> None:
    before = [broke(n, -7 * n + 1, hours=n) for n in range(1, 6)]
    start = WEEK.end - timedelta(weeks=8)
    facts = Facts(start, WEEK.end, begun=WEEK.start - timedelta(weeks=5), incidents=[*before, broke(9, 1)])
    found = made(facts=facts)
    assert found is not None
    assert found.headline == (
        "1 incident (sev1 or sev2), 1.0 person-hours of support; over after 1 h. "
        "Usually 1 incident, 3.0 person-hours (median of the 5 weeks before)."
    )
    young = Facts(
        start, WEEK.end, begun=WEEK.start - timedelta(weeks=2), incidents=[*before[:2], broke(9, 1)]
    )
    new = made(facts=young)
    assert new is not None
    assert "Usually" not in new.headline
    going_on = digest(Material(young), TEAMS, "", WEEK, so_far=True)
    assert going_on is not None
    assert going_on.headline.startswith("So far: 1 incident")


def test_how_long_it_took_leaves_out_what_was_called_off_as_reports_do() -> None:
    facts = Facts(WEEK.start, WEEK.end, incidents=[broke(1, 1), broke(2, 1, hours=9, status="duplicate")])
    found = made(facts=facts)
    assert found is not None
    assert "over after 1 h." in found.headline


def test_in_a_terminal_it_has_its_chart_in_a_line() -> None:
    facts = Facts(WEEK.end - timedelta(weeks=8), WEEK.end, incidents=[broke(1, 1)])
    found = made(facts=facts)
    assert found is not None
    assert as_text(found)[-1].strip() == "hours ▁▁▁▁▁▁▁█  at most 1"


def test_it_stays_short_whatever_happened() -> None:
    published = [Published(f"INC-{n}", "broke", "payments", "A lesson.") for n in range(90)]
    came = [Came(f"INC-{n}", "INC-1", "payments", "fix it", "PAY-1", "done") for n in range(90)]
    moved = [Moved("payments", f"category {n}", "filed", 1) for n in range(30)]
    found = made(published=published, came=came, facts=Facts(WEEK.start, WEEK.end, moved=moved))
    assert found is not None
    assert len(as_text(found)) < 25
    assert lines(found, "Postmortems")[-1] == "and 85 more."


def test_an_incident_that_came_back_is_told_with_the_item_that_says_most() -> None:
    came = [
        Came("INC-9", "INC-1", "payments", "a dashboard", "PAY-2", "open"),
        Came("INC-9", "INC-1", "payments", "a switch", "PAY-1", "done"),
        Came("INC-8", "INC-2", "payments"),
    ]
    assert lines(made("payments", came=came), "Came back") == (
        "INC-8 is INC-2 again.",
        "INC-9 is INC-1 again; PAY-1 “a switch” was done and should have prevented it.",
    )


def test_a_learning_needs_two_teams_and_somebody_who_did_something() -> None:
    hits = [
        Hit("switches", "payments"),
        Hit("switches", "search"),
        Hit("other", "search"),
        Hit("other", "orders"),
    ]
    did = [Did("switches", "search", "add a switch", "SEA-12"), Did("other", "orders", "more tests", "")]
    told = lines(made(hits=hits, did=did, thanks=["x"]), "Worth your time")
    assert len(told) == 1
    assert "Here is what Search did: “add a switch” (SEA-12)." in told[0]
    assert lines(made(hits=hits[:1], did=did, thanks=["x"]), "Worth your time") == ()
    assert lines(made(hits=hits, thanks=["x"]), "Worth your time") == ()
    assert (
        lines(made("search", hits=hits, did=did, thanks=["x"]), "Worth your time") == ()
    )  # its own work is no news
    assert (
        lines(made("orders", hits=hits, did=did, thanks=["x"]), "Worth your time") == ()
    )  # it did not meet it
