"""The readiness card: facts in, gaps out, each with what showed it and how to close it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core import readiness
from bot.core.categories import CATEGORIES
from bot.core.readiness import Card, Gap, Known
from bot.models import (
    Action,
    ActionState,
    Helped,
    Incident,
    Link,
    Mitigation,
    Noticed,
    Service,
    Setting,
    Severity,
    Switch,
    SwitchUse,
    Team,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LINK = (Link("Main", "https://acme.dev/main"),)
FULL = Service(
    "checkout", "payments", name="Checkout", runbook="https://acme.dev/run", dashboards=LINK, logs=LINK, alerts=LINK,
    switches=(Switch("fraud off"),), config=(Setting("timeout", "in the console"),),
)  # fmt: skip
BARE = Service("bare", "payments")


def incident(number: int, **columns: Any) -> Incident:
    return Incident(
        id=number, request_id=f"r{number}", title="hush", service="checkout", team="payments",
        severity=Severity.SEV2, declared_by="carol", declared_at=NOW, **columns,
    )  # fmt: skip


def use(days: float, helped: Helped = Helped.UNKNOWN, incident: int | None = None) -> SwitchUse:
    return SwitchUse(
        service="checkout",
        switch="fraud off",
        incident_id=incident,
        by="alice",
        at=NOW - days * DAY,
        helped=helped,
    )


def item(number: int, **columns: Any) -> Action:
    base: dict[str, Any] = {"title": "hush", "state": ActionState.OPEN, "category": "monitoring"}
    return Action(
        id=f"a{number}", incident_id=number, team="payments", created_by="alice", created_at=NOW,
        due=date(2026, 12, 1), **base | columns,
    )  # fmt: skip


def card(
    service: Service = FULL,
    incidents: tuple[Incident, ...] = (),
    uses: tuple[SwitchUse, ...] = (use(1),),
    items: tuple[Action, ...] = (),
    on_call: tuple[str, ...] = ("alice",),
) -> Card:
    known = Known(service, Team("payments", "Payments"), on_call, incidents, uses, items)
    return readiness.card(known, CATEGORIES, str.title, NOW)


def gaps(**facts: Any) -> list[str]:
    return [readiness.gap_line(gap) for gap in card(**facts).gaps]


def test_a_service_that_has_everything_lacks_nothing() -> None:
    found = card()
    assert found.gaps == ()
    assert [(fact.label, fact.text) for fact in found.facts] == [
        ("Owner", "Payments"),
        ("On call", "Alice"),
        ("Runbook", "Runbook"),
        ("Dashboard", "Main"),
        ("Logs", "Main"),
        ("Switch", "fraud off (last drilled 2026-11-23)"),
        ("Runtime configuration", "timeout: in the console"),
        ("Alert", "Main"),
    ]
    assert readiness.as_lines(found)[-1] == "Nothing is missing (no public incident of it so far)."


def test_a_service_that_has_nothing_is_told_each_key_to_set() -> None:
    found = card(BARE, on_call=()).gaps
    assert [gap.about for gap in found] == [
        "On call", "Runbook", "Dashboards", "Logs", "Switches", "Runtime configuration", "Alerts",
    ]  # fmt: skip
    assert "set `runbook = " in found[1].close
    assert all(gap.close and not gap.incidents for gap in found)


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ((), "was never drilled"),
        ((use(90),), None),
        ((use(91),), "was last known to work 91 days ago"),
        ((use(1, Helped.YES),), None),
        ((use(1, Helped.NO),), "did not do its work in its last drill on 2026-11-23"),
        ((use(200), use(1, Helped.YES, incident=7)), None),  # a pull that helped proves as much as a drill
        ((use(1, Helped.UNKNOWN, incident=7),), "was never drilled"),
        (
            (use(5), use(1, Helped.NO, incident=7)),
            "did not do its work when it was pulled on 2026-11-23 (INC-7)",
        ),
        ((use(9, Helped.NO, incident=7), use(1, Helped.YES)), None),  # mended since
    ],
)
def test_a_switch_is_known_to_work_by_its_last_drill_or_pull(
    uses: tuple[SwitchUse, ...], said: str | None
) -> None:
    found = gaps(uses=uses)
    assert len(found) == (said is not None)
    assert all(said in line for line in found if said)


def test_what_a_switch_would_have_been_quicker_than_is_counted_from_the_known_remedies() -> None:
    past = (
        incident(9, mitigation_kind=Mitigation.ROLLBACK),
        incident(8),
        incident(7, mitigation_kind=Mitigation.RESTART),
        incident(6, mitigation_kind=Mitigation.SWITCH),
        incident(5, mitigation_kind=Mitigation.DEPLOY),
        incident(4, mitigation_kind=Mitigation.DEPLOY),  # before the last five
    )
    pulled = (use(1), use(2, Helped.YES, incident=5))
    [line] = gaps(incidents=past, uses=pulled)
    assert line == (
        "Switches: 2 of the last 4 whose remedy is known needed a rollback or restart: no switch was pulled "
        "(INC-9, INC-7). `/incident action INC-9 switches …` asks for one."
    )
    assert "there is no switch (INC-9, INC-7)" in gaps(service=BARE, incidents=past, uses=pulled)[0]


def test_who_noticed_is_counted_from_those_that_are_known() -> None:
    past = (
        incident(9, noticed=Noticed.CUSTOMER),
        incident(8, noticed=Noticed.LUCK),
        incident(7, noticed=Noticed.MONITOR),
        incident(6),
    )
    [line] = gaps(incidents=past)
    assert line.startswith(
        "Alerts: 2 of the last 3 whose finder is known were noticed by a customer or luck, not by an alert (INC-9, INC-8)."
    )
    assert gaps(incidents=(incident(9, noticed=Noticed.MONITOR), incident(8))) == []


def test_items_are_counted_once_by_what_they_ask_for() -> None:
    found = card(
        items=(
            item(9),
            item(8),
            item(7, state=ActionState.DONE),
            item(6, category="", suggested="config", state=ActionState.CANDIDATE),
            item(5, category="logging", category_kind="logging-gap", evidence="timeout"),
            item(4, category="", suggested="logging", category_kind="logging-noise", evidence="ok ok"),
            item(3, category="", suggested="switches", source="no-switch:", state=ActionState.CANDIDATE),
            item(2, category="own-word"),
        )
    ).gaps
    assert [(gap.about, gap.what, gap.incidents) for gap in found] == [
        ("Logs", "1 excerpt was marked as missing in logs or metrics", ("INC-5",)),
        ("Logs", "1 excerpt was marked as useless noise", ("INC-4",)),
        ("Switches", "a switch was wanted in 1 incident and there was none", ("INC-3",)),
        ("Configuration", "1 action item still open", ("INC-6",)),
        ("Metrics and monitoring", "2 action items still open", ("INC-9", "INC-8")),
        ("own-word", "1 action item still open", ("INC-2",)),
    ]


def test_a_line_names_the_last_incidents_and_counts_the_others() -> None:
    gap = Gap("Logs", "bad", "mend it", tuple(f"INC-{n}" for n in range(9, 0, -1)))
    assert readiness.gap_line(gap) == "Logs: bad (INC-9, INC-8, INC-7, INC-6, INC-5 and 4 more). Mend it."


def test_titles_and_texts_of_incidents_never_reach_the_card() -> None:
    past = tuple(incident(n, mitigation_kind=Mitigation.DEPLOY, mitigation_text="hush") for n in range(1, 6))
    found = card(incidents=past, items=(item(1),), uses=(use(1),))
    assert "hush" not in "\n".join(readiness.as_lines(found))
    assert found.looked_at == 5
