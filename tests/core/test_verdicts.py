"""How earlier incidents are told, and which item should have prevented it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import Refused, verdicts
from bot.core.timeline import Resolved, Updated
from bot.core.verdicts import Past, asks_again, month, must_be_earlier, one_line, standing, times, told
from bot.models import Action, ActionState, Incident, Recurrence, Severity, Status

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def incident(id: int, days_ago: float = 0, **more: Any) -> Incident:
    values: dict[str, Any] = {
        "id": id, "request_id": str(id), "title": f"thing {id} broke", "team": "payments", "severity": Severity.SEV2,
        "status": Status.RESOLVED, "declared_by": "carol", "declared_at": NOW - timedelta(days=days_ago),
    }  # fmt: skip
    return Incident(**values | more)


def item(
    jira: str | None, state: ActionState = ActionState.OPEN, *, closed: float | None = None, **more: Any
) -> Action:
    values: dict[str, Any] = {
        "id": jira or "a", "incident_id": 1, "title": "a switch for the report", "team": "payments",
        "category": "switches", "state": state, "created_by": "carol", "created_at": NOW - timedelta(days=300),
        "jira": jira, "closed_at": None if closed is None else NOW - timedelta(days=closed),
    }  # fmt: skip
    return Action(**values | more)


DONE, WONT = ActionState.DONE, ActionState.WONT_DO


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        ([item("PAY-12")], "PAY-12 (switches) is still open"),
        ([item("PAY-1"), item("PAY-2")], "PAY-1 (switches) and PAY-2 (switches) are still open"),
        (
            [item(f"PAY-{n}") for n in range(1, 5)],
            "PAY-1 (switches) and PAY-2 (switches) (and 2 more) are still open",
        ),
        ([item(None)], "“a switch for the report” (switches) is still open"),
        (
            [item("PAY-9", DONE, closed=250)],
            "PAY-9 (switches) was closed in March and should have prevented this",
        ),
        (
            [item("PAY-8", DONE, closed=260), item("PAY-9", DONE, closed=250)],
            "PAY-9 (switches) was closed in March and should have prevented this",
        ),
        # What is open still is what is missing, whatever was done beside it.
        ([item("PAY-9", DONE, closed=250), item("PAY-10")], "PAY-10 (switches) is still open"),
        ([item("PAY-9", DONE, closed=1)], "PAY-9 (switches) was closed only after this began"),
        (
            [item("PAY-7", WONT, closed=200, closed_why="Too dear. And late.")],
            "PAY-7 (switches) was not done: Too dear",
        ),
        (
            [item("PAY-7", WONT, closed=200), item("PAY-9", DONE, closed=250)],
            "PAY-9 (switches) was closed in March and should have prevented this",
        ),
        ([item("PAY-5", ActionState.CANDIDATE)], ""),
    ],
)  # fmt: skip
def test_the_item_that_should_have_prevented_it_is_named(items: list[Action], said: str) -> None:
    found = standing(items, NOW - timedelta(days=2), NOW)
    assert found.text == said
    assert (found.held is not None) == ("should have prevented" in said)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - timedelta(hours=3), "today"),
        (NOW - timedelta(days=3), "on 21 November"),
        (datetime(2026, 10, 31, tzinfo=UTC), "in October"),
        (datetime(2026, 3, 1, tzinfo=UTC), "in March"),
        (datetime(2025, 11, 30, tzinfo=UTC), "in November 2025"),
        (datetime(2019, 3, 1, tzinfo=UTC), "in March 2019"),
    ],
)
def test_a_month_is_said_so_that_it_is_clear(at: datetime, said: str) -> None:
    assert month(at, NOW) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(2, "second time"), (3, "third time"), (10, "10th time"), (11, "11th time"), (21, "21st time"), (112, "112th time")],
)  # fmt: skip
def test_times_are_counted(count: int, said: str) -> None:
    assert times(count) == said


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("", "  ", "the pool\nwas empty. More."), "the pool was empty"),
        (("version 1.2 of the proxy hung.",), "version 1.2 of the proxy hung"),
        (("x" * 400,), "x" * 159 + "…"),
        ((), ""),
    ],
)
def test_a_cause_is_one_line(texts: tuple[str, ...], said: str) -> None:
    assert one_line(*texts) == said


def test_text_is_called_similar_and_only_an_alert_the_same() -> None:
    past = Past(
        incident(3, 250, cause="connection pool exhausted"), "connection pool exhausted", [item("PAY-12")]
    )
    now = incident(7)
    row = Recurrence(incident_id=7, earlier_id=3, how="text", at=NOW)
    assert (
        told(row, past, now, NOW)
        == "Similar to INC-3 in March: connection pool exhausted. PAY-12 (switches) is still open."
    )
    row.how = "alert"
    assert told(row, past, now, NOW).startswith("The same alert fired in INC-3 in March: ")
    row.how = "service"
    nothing = Past(incident(3, 250), "", [])
    assert (
        told(row, nothing, now, NOW)
        == "Similar to INC-3 in March: “thing 3 broke”, whose cause nobody wrote down. No action item came of it."
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (incident(7), incident(7), "can't come back as itself"),
        (incident(3, 9), incident(7), "`/incident same INC-7 INC-3`"),
        (incident(7), incident(3, 9, test=True), "INC-3 is a test"),
        (incident(7, private=True), incident(3, 9), "INC-7 is private"),
        (
            incident(7),
            incident(3, 9, status=Status.DUPLICATE, duplicate_of=2),
            "duplicate of INC-2: name that one",
        ),
        (incident(7), incident(3, 9, status=Status.CANCELLED), "was cancelled"),
    ],
)
def test_what_can_be_no_recurrence_is_refused(one: Incident, other: Incident, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        must_be_earlier(one, other)


def test_only_what_says_why_is_worth_another_look() -> None:
    assert asks_again(Resolved("the pool was empty"))
    assert not asks_again(Resolved(""))
    assert not asks_again(Updated("we look"))


def test_the_evidence_has_what_somebody_needs_without_slack() -> None:
    text = verdicts.evidence(
        incident(7),
        incident(3, 250),
        cause="pool exhausted",
        count=3,
        by="Alice",
        link="https://x.slack.com/archives/C1",
    )
    assert text == (
        "It broke again (third time): INC-7 “thing 7 broke”, sev2, began 2026-11-24 12:00 UTC, with the same cause as "
        "INC-3 of 2026-03-19, says Alice. Cause: pool exhausted. https://x.slack.com/archives/C1"
    )
