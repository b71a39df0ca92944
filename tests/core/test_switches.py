"""Which switch is meant, and what is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import Refused, switches
from bot.models import Helped, Incident, Service, Severity, Switch, SwitchUse

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CHECKOUT = Service(
    "checkout",
    "payments",
    switches=(Switch("fraud"), Switch("fraud check off"), Switch("read-only *mode*"), Switch("ÄRGER aus")),
)
INCIDENT = Incident(
    id=4, request_id="r", title="slow", service="checkout", team="payments", severity=Severity.SEV2,
    declared_by="carol", declared_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("fraud", "fraud", ""),
        ("fraud check off", "fraud check off", ""),
        ("Fraud  Check OFF for Europe", "fraud check off", "for Europe"),
        ("“fraud check off”: now", "fraud check off", "now"),
        ("fraud check on", "fraud", "check on"),
        ("read-only *mode* - again", "read-only *mode*", "again"),
        ("ärger AUS", "ÄRGER aus", ""),
    ],
)
def test_the_longest_name_that_the_words_begin_with_is_meant(typed: str, name: str, rest: str) -> None:
    assert switches.which(typed, CHECKOUT, of="checkout") == (name, rest)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Say which switch"), ("the plug", "“fraud”, “fraud check off”"), ("frau", "has no switch")],
)
def test_what_is_no_switch_is_refused_with_those_there_are(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        switches.which(typed, CHECKOUT, of="checkout")


@pytest.mark.parametrize("service", [None, Service("checkout", "payments")])
def test_where_no_switch_is_known_the_words_are_the_name(service: Service | None) -> None:
    assert switches.which("the  night\nreports", service, of="checkout") == ("the night reports", "")
    assert len(switches.which("x" * 999, service, of="checkout")[0]) == switches.NAME_LIMIT


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("fraud", "fraud"),  # itself, although another begins with it
        ("fraud check", "fraud check off"),  # cut to fit the button
        ("gone since", "gone since"),
    ],
)
def test_a_button_s_name_is_made_whole_again(value: str, name: str) -> None:
    assert switches.carried(value, CHECKOUT) == name


def use(switch: str, minutes: float, **columns: Any) -> SwitchUse:
    return SwitchUse(
        service="checkout", switch=switch, by="alice", at=NOW - timedelta(minutes=minutes), **columns
    )


def test_the_same_switch_within_two_minutes_is_the_same_pull() -> None:
    uses = [use("fraud", 30), use("fraud", 1), use("other", 0)]
    assert switches.same_pull(uses, "fraud", NOW) is uses[1]
    assert switches.same_pull(uses[:1], "fraud", NOW) is None


def test_the_same_judgement_twice_says_nothing_new() -> None:
    pulled = use("fraud", 5, helped=Helped.YES)
    assert switches.judged(INCIDENT, pulled, Helped.YES).events == ()
    [event] = switches.judged(INCIDENT, pulled, Helped.NO).events
    assert event.text("Alice", str) == "Alice: the switch “fraud” did not help"


@pytest.mark.parametrize(
    ("service", "what", "title"),
    [
        ("checkout", "the fraud check", "Switch to turn off the fraud check in checkout"),
        ("checkout", "", "Switch to turn off what fails in checkout: slow"),
        ("", "", "Switch to turn off what fails: slow"),
    ],
)
def test_the_item_names_what_could_not_be_turned_off(service: str, what: str, title: str) -> None:
    assert switches.wanted(INCIDENT.model_copy(update={"service": service}), what) == title
