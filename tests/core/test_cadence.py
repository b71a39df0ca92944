"""When the next update is due: after every command, in every order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import Refused, incidents
from bot.core.cadence import USUAL, followed, reminded, unchanged
from bot.core.decision import Decision
from bot.core.jobs import AskForUpdate, Later, RemindUpdate
from bot.models import Incident, Mitigation, Role, Severity, Status

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


def incident(**columns: object) -> Incident:
    base: dict[str, Any] = {
        "id": 1,
        "request_id": "r",
        "title": "card payments fail",
        "team": "payments",
        "severity": Severity.SEV2,
        "status": Status.INVESTIGATING,
        "declared_by": "carol",
        "declared_at": NOW,
    }
    return Incident(**base | columns)


def due(decision: Decision) -> object:
    """The new time, "kept" when the decision says nothing of it."""
    return decision.sets.get("next_update_at", "kept")


def timers(decision: Decision) -> list[datetime]:
    return [j.at for j in decision.jobs if isinstance(j, Later) and isinstance(j.order, RemindUpdate)]


@pytest.mark.parametrize(("severity", "minutes"), [("sev1", 30), ("sev2", 60), ("sev3", 240), ("sev4", None)])
def test_an_update_promises_the_next_one_by_severity(severity: str, minutes: int | None) -> None:
    row = incident(severity=Severity(severity))
    found = followed(row, incidents.updated(row, text="x", now=NOW), USUAL, NOW)
    at = NOW + minutes * MINUTES if minutes else None
    assert due(found) == (at or "kept")
    assert timers(found) == ([at] if at else [])


def test_what_nobody_waits_for_changes_no_promise() -> None:
    row = incident(next_update_at=NOW + 5 * MINUTES)
    for decision in (
        incidents.noted(row, text="x"),
        incidents.retitled(row, text="another"),
        incidents.role_taken(row, Role.LEAD, "bob"),
    ):
        assert followed(row, decision, USUAL, NOW) == decision


@pytest.mark.parametrize(
    "decide",
    [
        lambda row: incidents.mitigated(row, Mitigation.ROLLBACK, text="", now=NOW),
        lambda row: incidents.status_changed(row, Status.MITIGATED, text="", now=NOW),
        lambda row: incidents.resolved(row, [], text="", now=NOW),
        lambda row: incidents.called_off(row, [], why="", now=NOW),
        lambda row: incidents.duplicated(row, [], incident(id=2), incident(id=2), merged=False, now=NOW),
    ],
)
def test_the_end_of_the_bleeding_ends_the_cadence(decide: Any) -> None:
    row = incident(next_update_at=NOW + 5 * MINUTES)
    found = followed(row, decide(row), USUAL, NOW)
    assert due(found) is None
    assert timers(found) == []


def test_a_mitigated_incident_that_gets_worse_is_told_of_again() -> None:
    row = incident(status=Status.MITIGATED)
    found = followed(row, incidents.status_changed(row, Status.INVESTIGATING, text="", now=NOW), USUAL, NOW)
    assert due(found) == NOW + 60 * MINUTES


SEVERITY_CHANGES = [
    ("sev3", "sev1", 200, 30),  # brought forward
    ("sev3", "sev1", 10, "kept"),  # promised sooner already
    ("sev1", "sev3", 20, "kept"),  # a promise is kept
    ("sev2", "sev3", -5, 240),  # overdue: a new promise
    ("sev2", "sev4", 20, None),
    ("sev4", "sev2", None, 60),
]


@pytest.mark.parametrize(("old", "new", "promised", "then"), SEVERITY_CHANGES)
def test_a_change_of_severity_brings_it_forward_and_never_breaks_a_promise(
    old: str, new: str, promised: int | None, then: int | str | None
) -> None:
    from bot.core.timeline import SeverityChanged

    at = NOW + promised * MINUTES if promised is not None else None
    row = incident(severity=Severity(old), next_update_at=at)
    decision = Decision(events=(SeverityChanged(old, new),), sets={"severity": Severity(new)})
    found = followed(row, decision, USUAL, NOW)
    assert due(found) == (NOW + then * MINUTES if isinstance(then, int) else then)


def test_a_timer_asks_the_row() -> None:
    at = NOW + 60 * MINUTES
    for row in (
        incident(next_update_at=None),
        incident(next_update_at=at + MINUTES),
        incident(next_update_at=at, status=Status.RESOLVED),
    ):
        assert reminded(row, at, USUAL, again=False, now=at) == Decision()
    first = reminded(incident(next_update_at=at, lead="bob"), at, USUAL, again=False, now=at)
    assert [j.person for j in first.jobs if isinstance(j, AskForUpdate)] == ["bob"]
    assert timers(first) == [at + 15 * MINUTES]
    again = reminded(incident(next_update_at=at, lead="bob"), at, USUAL, again=True, now=at)
    assert [j.person for j in again.jobs if isinstance(j, AskForUpdate)] == [""]
    assert timers(again) == []


def test_no_change_after_the_end_is_refused_and_late_it_is_nothing() -> None:
    assert unchanged(incident(next_update_at=NOW), NOW - MINUTES) == Decision()
    with pytest.raises(Refused, match="nobody waits for an update"):
        unchanged(incident(next_update_at=NOW, status=Status.RESOLVED), NOW)


STEPS = st.sampled_from(["update", "mitigate", "back", "sev1", "sev3", "sev4", "resolve", "reopen", "wait"])


@given(st.lists(STEPS, max_size=12))
def test_there_is_a_promise_exactly_while_somebody_waits(steps: list[str]) -> None:
    """Whatever people do: open, not mitigated and with a cadence means promised, and each promise has its timer."""
    from bot.core.timeline import (
        Declared,
        Mitigated,
        Reopened,
        Resolved,
        SeverityChanged,
        StatusChanged,
        Updated,
    )

    row, now, set_timers = incident(), NOW, set[datetime]()

    def apply(decision: Decision) -> None:
        found = followed(row, decision, USUAL, now)
        for column, value in found.sets.items():
            setattr(row, column, value)
        set_timers.update(timers(found))

    apply(Decision(events=(Declared("t", "sev2", "Payments"),)))
    for step in steps:
        if step == "wait":
            now += 45 * MINUTES
        elif step == "reopen" and row.is_over:
            apply(Decision(events=(Reopened(),), sets={"status": Status.INVESTIGATING}))
        elif row.is_over:
            continue
        elif step == "update":
            apply(Decision(events=(Updated("x"),)))
        elif step == "mitigate":
            apply(Decision(events=(Mitigated("rollback"),), sets={"status": Status.MITIGATED}))
        elif step == "back":
            apply(Decision(events=(StatusChanged("", ""),), sets={"status": Status.INVESTIGATING}))
        elif step == "resolve":
            apply(Decision(events=(Resolved(),), sets={"status": Status.RESOLVED}))
        elif step.startswith("sev") and step != row.severity:
            apply(Decision(events=(SeverityChanged(row.severity, step),), sets={"severity": Severity(step)}))
        waits = not row.is_over and row.status is not Status.MITIGATED and USUAL[row.severity] is not None
        assert (row.next_update_at is not None) == waits
        assert row.next_update_at is None or row.next_update_at in set_timers


def test_the_usual_cadence_slows_with_the_severity() -> None:
    lengths = [USUAL[s] or timedelta.max for s in Severity]
    assert lengths == sorted(lengths)
