"""Escalation by severity and by hour, and acknowledgements that go silent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us

POLICIES = """
policies = [
  { severities = ["sev1"], escalation = [{ targets = ["team"], wait = "3m" }], repeat = 0 },
  { severities = ["sev4"], hours = [{ days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:00" }] },
]
"""


def with_policies(catalog: str) -> str:
    return catalog.replace('lead = "dana"\n', f'lead = "dana"\n{POLICIES}', 1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=with_policies) as found:
        yield found


async def pages(house: House) -> list[tuple[str, str]]:
    return [(p["person"], p["state"]) for p in (await house.shown())["pages"]]


async def test_a_severity_can_have_steps_of_its_own(house: House) -> None:
    answer = await house.slack.people["carol"].type("/incident start checkout sev1 everything is down")
    assert "Paging Alice, Bob, Dana" in answer.text
    await house.until_quiet()
    house.forward(minutes=3)
    await house.until_quiet()
    # Its one step, without repeats, was all: the end is announced at once.
    assert "nobody in the escalation of Payments has answered" in of_us(house.slack, "team-payments")[-1].text


async def test_the_mildest_waits_in_the_channel_until_morning(house: House) -> None:
    slack = house.slack
    house.clock.set(datetime(2026, 11, 24, 22, tzinfo=UTC))
    answer = await slack.people["carol"].type("/incident start checkout sev4 a typo on the receipt")
    assert (
        "Nobody is woken for a sev4 at this hour: Payments is paged from Wed 25 Nov 09:00 GMT" in answer.text
    )
    await house.until_quiet()
    assert await pages(house) == []
    assert slack.people["alice"].dms() == []
    waits = of_us(slack, "team-payments")[-1].text
    assert "INC-1" in waits
    assert "waits: nobody is woken for it before Wed 25 Nov 09:00 GMT" in waits
    house.clock.set(datetime(2026, 11, 25, 8, 59, tzinfo=UTC))
    await house.until_quiet()
    assert await pages(house) == []
    house.forward(minutes=1)
    await house.until_quiet()
    assert await pages(house) == [("alice", "sent")]


async def test_escalating_pages_at_night_all_the_same(house: House) -> None:
    carol = house.slack.people["carol"]
    house.clock.set(datetime(2026, 11, 24, 22, tzinfo=UTC))
    await carol.type("/incident start checkout sev4 a typo on the receipt")
    await carol.type("/incident escalate INC-1 it is worse than a typo")
    await house.until_quiet()
    assert await pages(house) == [("alice", "sent")]


async def test_a_rise_in_severity_pages_at_once(house: House) -> None:
    carol = house.slack.people["carol"]
    house.clock.set(datetime(2026, 11, 24, 22, tzinfo=UTC))
    await carol.type("/incident start checkout sev4 a typo on the receipt")
    await carol.type("/incident severity INC-1 sev1")
    await house.until_quiet()
    assert {person for person, _ in await pages(house)} == {"alice", "bob", "dana"}


async def test_within_the_hours_it_pages_as_ever(house: House) -> None:
    answer = await house.slack.people["carol"].type("/incident start checkout sev4 a typo on the receipt")
    assert "Paging Alice" in answer.text


async def test_a_silent_acknowledgement_asks_and_then_pages_on(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    await house.until_quiet()
    house.forward(minutes=61)
    await house.until_quiet()
    assert any("Are you still on it?" in dm.text for dm in alice.dms())
    assert ("alice", "acknowledged") in await pages(house)

    house.forward(minutes=6)
    await house.until_quiet()
    shown = await house.shown()
    texts = [line["text"] for line in shown["timeline"]]
    assert "No answer from Alice: their acknowledgement has lapsed and the escalation starts again" in texts
    assert [(p["person"], p["state"]) for p in shown["pages"]] == [("alice", "unanswered"), ("alice", "sent")]
    house.forward(minutes=5)
    await house.until_quiet()
    assert ("bob", "sent") in await pages(house)


async def test_one_tap_says_that_one_is_still_on_it(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    await house.until_quiet()
    house.forward(minutes=61)
    await house.until_quiet()
    await alice.press("Still on it", in_=alice.dm)
    await house.until_quiet()
    assert any("Good: you have INC-1" in dm.text for dm in alice.dms())
    house.forward(minutes=30)
    await house.until_quiet()
    assert await pages(house) == [("alice", "acknowledged")]
    # And the hour begins anew.
    house.forward(minutes=31)
    await house.until_quiet()
    assert "Are you still on it?" in alice.dms()[-1].text


async def test_an_update_is_a_sign_of_life(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    house.forward(minutes=50)
    await alice.type("/incident update INC-1 rolling back")
    house.forward(minutes=15)
    await house.until_quiet()
    assert not any("still on it" in dm.text for dm in alice.dms())


async def test_somebody_who_learns_reads_the_page_and_answers_for_nothing(house: House) -> None:
    slack = house.slack
    erin = slack.people["erin"]
    await slack.people["dana"].type("/oncall shadow payments @erin today 09:00 - 18:00 confirm")
    await slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    assert "You are learning and read along" in erin.dms()[-1].text
    assert erin.dms()[-1].buttons == ()
    assert await pages(house) == [("alice", "sent")]
