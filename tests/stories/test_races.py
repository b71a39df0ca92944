"""Two people at once, the same thing twice, and buttons that are out of date: one effect, and everyone reads which."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.delivery import Kind
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.stories.conftest import House
from tests.stories.looking import incident_channels, of_us, settled, today

START = "/incident start checkout sev2 card payments fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with today(tmp_path) as found:
        yield found


async def kinds(house: House, key: str = "INC-1") -> list[str]:
    return [line["kind"] for line in (await house.shown(key))["timeline"]]


async def started(house: House) -> str:
    await house.slack.people["carol"].type(START)
    await settled(house)
    return str((await house.shown())["channel"]["name"])


# ---- two people ------------------------------------------------------------------------------


async def test_of_two_who_resolve_at_once_one_does_and_the_other_reads_that_it_is_done(house: House) -> None:
    channel = await started(house)
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    answers = await asyncio.gather(
        carol.type("/incident resolve", in_=channel), alice.type("/incident resolve", in_=channel)
    )
    texts = sorted(answer.text for answer in answers)
    assert sum("INC-1 is resolved. What would have prevented it" in text for text in texts) == 1
    assert sum("so you can't" in text or "already" in text for text in texts) == 1, texts
    assert (await kinds(house)).count("resolved") == 1


async def test_of_two_who_acknowledge_at_once_one_has_it_and_the_other_is_free(house: House) -> None:
    await house.slack.people["carol"].type(START)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    await house.slack.until(lambda: alice.dms())
    await alice.type("/incident escalate INC-1")
    await house.slack.until(lambda: bob.dms())
    answers = await asyncio.gather(bob.type("/incident ack INC-1"), alice.type("/incident ack INC-1"))
    texts = [answer.text for answer in answers]
    assert sum("You have INC-1" in text for text in texts) == 1, texts
    assert sum("already: you are free" in text for text in texts) == 1, texts
    await settled(house)
    assert (await kinds(house)).count("acknowledged") == 1
    states = [page["state"] for page in (await house.shown())["pages"]]
    assert states.count("acknowledged") <= 1
    assert "sent" not in states
    assert "waiting" not in states


async def test_everything_at_once_leaves_a_timeline_with_each_thing_once(house: House) -> None:
    channel = await started(house)
    people = [house.slack.people[name] for name in ("alice", "carol")]
    words = [f"/incident note number {n}" for n in range(20)]
    answers = await asyncio.gather(
        *(people[n % 2].type(typed, in_=channel) for n, typed in enumerate(words)),
        people[0].type("/incident ack", in_=channel),
        people[1].type("/incident severity sev1", in_=channel),
        people[1].type("/incident lead", in_=channel),
    )
    assert all("INC-1" in answer.text for answer in answers)
    await settled(house)
    noted = [line["text"] for line in (await house.shown())["timeline"] if line["kind"] == "noted"]
    assert len(noted) == len({*noted}) == 20
    headline = visible_text(house.slack.channel_named(channel).pins[0])
    assert "sev1" in headline
    assert "Alice" in headline


async def test_twenty_starts_at_once_are_twenty_incidents(house: House) -> None:
    slack = house.slack
    carol, erin = slack.people["carol"], slack.people["erin"]
    await asyncio.gather(
        *((carol, erin)[n % 2].type(f"/incident start checkout number {n} is down") for n in range(20))
    )
    answers = [d.attempts[-1].answer["text"] for d in slack.deliveries if d.kind is Kind.COMMAND]
    assert len({text.partition(" started. Paging Alice")[0] for text in answers}) == 20
    await settled(house, within=40)
    assert len(slack.people["alice"].dms()) == 20
    assert len(incident_channels(slack)) == 20
    assert all(len(channel.pins) == 1 for channel in incident_channels(slack))
    assert len(of_us(slack, "incidents")) == 20


# ---- the same thing twice --------------------------------------------------------------------


async def test_a_redelivered_command_gets_the_same_answer_and_changes_nothing(house: House) -> None:
    slack = house.slack
    first = await slack.people["carol"].type(START)
    [command] = [d for d in slack.deliveries if d.kind is Kind.COMMAND]
    again = await slack.courier.hand_over(command)
    assert again.answer["text"] == first.text
    await settled(house)
    assert len(slack.people["alice"].dms()) == 1
    assert len(incident_channels(slack)) == 1
    assert (await kinds(house)).count("declared") == 1


async def test_a_command_delivered_twice_at_once_has_one_effect(house: House) -> None:
    slack = house.slack
    channel = await started(house)
    await slack.people["carol"].type("/incident note it grew", in_=channel)
    command = [d for d in slack.deliveries if d.kind is Kind.COMMAND][-1]
    command.payload["trigger_id"] = "1.2.another"
    answers = await asyncio.gather(*(slack.courier.hand_over(command) for _ in range(5)))
    assert {attempt.answer["text"] for attempt in answers} == {"Noted in INC-1."}
    assert (await kinds(house)).count("noted") == 2


async def test_the_same_words_again_ask_whether_to_join(house: House) -> None:
    slack = house.slack
    carol, erin = slack.people["carol"], slack.people["erin"]
    channel = await started(house)
    answer = await erin.type(START)
    assert "INC-1" in answer.text
    assert "Join it?" in answer.text
    assert answer.buttons == ("Join INC-1", "Start anyway")
    await erin.press("Join INC-1", in_="general")
    await settled(house)
    assert "erin" in slack.members_of(channel)
    assert len(incident_channels(slack)) == 1

    await carol.type(START)
    await carol.press("Start anyway", in_="general")
    await settled(house)
    assert (await house.shown("INC-2"))["title"] == "card payments fail"
    assert len(slack.people["alice"].dms()) == 2
    house.forward(minutes=11)
    await carol.type(START)
    assert (await house.shown("INC-3"))["status"] == "investigating"


async def test_two_people_who_type_the_same_at_once_start_one_incident(house: House) -> None:
    slack = house.slack
    answers = await asyncio.gather(slack.people["carol"].type(START), slack.people["erin"].type(START))
    texts = sorted(answer.text for answer in answers)
    assert sum("INC-1 started" in text for text in texts) == 1
    assert sum("Join it?" in text for text in texts) == 1
    await settled(house)
    assert len(slack.people["alice"].dms()) == 1


async def test_start_anyway_pressed_twice_starts_one_more(house: House) -> None:
    slack = house.slack
    carol = slack.people["carol"]
    await started(house)
    await carol.type(START)
    await carol.press("Start anyway", in_="general")
    press = [d for d in slack.deliveries if d.kind is Kind.INTERACTIVE][-1]
    await slack.courier.hand_over(press)
    await settled(house)
    assert len(incident_channels(slack)) == 2


async def test_a_double_click_on_acknowledge_acknowledges_once(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    await slack.people["carol"].type(START)
    await slack.until(lambda: alice.dms())
    await asyncio.gather(alice.press("Acknowledge", in_=alice.dm), alice.press("Acknowledge", in_=alice.dm))
    await alice.press_again()
    await settled(house)
    assert (await kinds(house)).count("acknowledged") == 1
    assert "You acknowledged it" in alice.dms()[0].text
    assert len(alice.dms()) == 1, "nobody is told off for clicking twice"


async def test_a_redelivered_event_is_taken_and_changes_nothing(house: House) -> None:
    slack = house.slack
    channel = await started(house)
    message = await slack.people["carol"].say("the card provider has an outage", in_=channel)
    await slack.people["carol"].react("eyes", message)
    await settled(house)
    before = await house.shown()
    for name in ("message", "reaction_added"):
        await slack.redeliver(name)
    await settled(house)
    assert await house.shown() == before
    assert all(delivery.taken for delivery in slack.events)


async def test_a_form_submitted_twice_posts_one_update(house: House) -> None:
    channel = await started(house)
    carol = house.slack.people["carol"]
    await carol.press("Post update", in_=channel)
    await carol.fill_and_submit({"What is known, what happens next?": "we call the provider"})
    await carol.submit_again()
    await settled(house)
    assert (await kinds(house)).count("updated") == 1
    said = [m for m in of_us(house.slack, channel) if "we call the provider" in visible_text(m)]
    assert len([m for m in said if "[Resolve]" not in visible_text(m)]) == 1


# ---- out of date -----------------------------------------------------------------------------


async def test_a_stale_button_says_what_happened_and_changes_nothing(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    channel = await started(house)
    page = alice.dms()[0]
    before_it_is_redrawn = slack.fail("chat.update", "message_not_found", times=None)
    await carol.type("/incident cancel a false alarm", in_=channel)
    await settled(house)
    for label in ("Acknowledge", "Can't take it", "Escalate now"):
        told = await alice.press(label, on=page)
        assert told.error is None
        await settled(house)
    said = [seen.text for seen in alice.sees(alice.dm) if seen.only_me]
    assert len(said) == 3
    assert all("INC-1 is cancelled" in text for text in said), said
    await carol.press("Resolve", in_=channel)
    await settled(house)
    assert (await house.shown())["status"] == "cancelled"
    assert before_it_is_redrawn.hits
    assert "acknowledged" not in await kinds(house)


@pytest.mark.parametrize("how", ["expired_trigger_id", Fault.ERROR, Fault.DROPPED])
async def test_a_form_that_slack_does_not_open_is_replaced_by_what_to_type(
    house: House, how: Fault | str
) -> None:
    slack = house.slack
    channel = await started(house)
    carol = slack.people["carol"]
    slack.fail("views.open", how)
    pressed = await carol.press("Post update", in_=channel)
    assert pressed.error is None
    await settled(house)
    assert any("/incident update INC-1 text" in seen.text for seen in carol.sees(channel) if seen.only_me)
