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
from bot.core.reports.facts import Backlog, Facts, Moved, Teams

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
