"""Where features meet: those who were told before it became private, guides, lost channels, tests and candidates."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.jobs import AskToResolve
from bot.engine import enqueue
from bot.sandbox.records import Channel
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import incident_channels, lines, of_us, settled, today
from tests.stories.test_guides import guided


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=guided, known=5) as found:
        yield found


async def started(house: House, title: str = "zebra keys are out") -> Channel:
    """Bob has declared it and Alice has it."""
    await house.slack.people["bob"].type(f"/incident start checkout sev2 {title}")
    await house.until_quiet()
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.until_quiet()
    [channel] = incident_channels(house.slack)
    return channel


def direct(house: House, person: str) -> str:
    """All that the bot has said to them, with its buttons."""
    return "\n".join(json.dumps([m.text, m.message.blocks]) for m in house.slack.people[person].dms())


def the_private(house: House) -> Channel:
    return next(c for c in incident_channels(house.slack) if c.private and house.slack.bot.id in c.members)


# ---- made private later ------------------------------------------------------------------------


async def test_what_subscribers_were_told_is_taken_back_from_those_who_are_not_named(house: House) -> None:
    erin, bob = house.slack.people["erin"], house.slack.people["bob"]
    await erin.type("/incident subscribe checkout")
    await bob.type("/incident subscribe checkout")
    await started(house)
    await bob.type("/incident update INC-1 zebra is being rotated")
    await settled(house)
    assert "zebra is being rotated" in direct(house, "erin")
    await bob.type("/incident private INC-1")
    await settled(house)
    assert "zebra" not in direct(house, "erin")
    assert "zebra is being rotated" in direct(house, "bob"), "who declared it keeps what he read"
    assert "a message to Erin" in bob.dms()[-1].text


async def test_a_question_to_a_guide_who_has_not_come_goes_and_the_headline_waits_for_nobody(
    house: House,
) -> None:
    await started(house)
    bob = house.slack.people["bob"]
    await bob.type("/incident guide INC-1 how are zebra keys rotated?")
    await settled(house)
    assert "zebra" in direct(house, "carol")
    await bob.type("/incident private INC-1")
    await settled(house)
    assert "zebra" not in direct(house, "carol")
    assert "has not answered yet" not in json.dumps(the_private(house).pins[0].blocks)
    assert "the question to Carol" in bob.dms()[-1].text
    house.forward(minutes=6)
    await settled(house)
    assert "zebra" not in direct(house, "erin"), "nobody else is asked instead"


async def test_a_guide_who_came_keeps_the_card_and_can_answer(house: House) -> None:
    await started(house)
    bob, carol = house.slack.people["bob"], house.slack.people["carol"]
    await bob.type("/incident guide INC-1 how are zebra keys rotated?")
    await settled(house)
    await carol.press("Coming")
    await settled(house)
    await bob.type("/incident private INC-1")
    await settled(house)
    assert carol.id in the_private(house).members
    await carol.press("Answer")
    await carol.fill_and_submit({"Your answer in a line": "with the zebra script"})
    await settled(house)
    assert any("with the zebra script" in m.text for m in of_us(house.slack, the_private(house)))


async def test_an_archived_channel_s_incident_made_private_goes_on_in_the_private_one(house: House) -> None:
    channel, bob = await started(house), house.slack.people["bob"]
    await bob.archive(channel)
    await settled(house)
    await bob.type("/incident private INC-1")
    await settled(house)
    await bob.type("/incident update INC-1 zebra goes on")
    await settled(house)
    there = the_private(house)
    assert bob.id in there.members
    assert there.pins, "the headline stands there"
    assert any("zebra goes on" in m.text for m in of_us(house.slack, there))


async def test_thrown_out_of_the_open_channel_we_come_in_once_more_to_close_it(house: House) -> None:
    channel, bob = await started(house), house.slack.people["bob"]
    refused = house.slack.fail("conversations.join", "is_archived", times=1)
    await bob.remove(house.slack.bot, channel)
    await settled(house)
    assert refused.left == 0
    assert house.slack.bot.id not in channel.members
    await bob.type("/incident private INC-1")
    await settled(house)
    assert channel.archived
    assert [
        m for m in channel.messages if m.user == house.slack.bot.id and "zebra" in m.text and not m.subtype
    ] == []
    assert "what Writeback said in the channel that was open" in bob.dms()[-1].text


async def test_a_lost_private_channel_promises_no_announcement_s_thread(house: House) -> None:
    bob = house.slack.people["bob"]
    await bob.type("/incident start --private checkout zebra keys")
    await settled(house)
    await bob.archive(the_private(house))
    await settled(house)
    [asked] = [dm.text for dm in bob.dms() if "was archived while" in dm.text]
    assert "announcement" not in asked
    assert "`/incident timeline INC-1` has it all" in asked


async def test_whether_it_is_over_is_asked_of_the_owner_while_the_channel_is_lost(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.archive(channel)
    await settled(house)
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, AskToResolve(1, "once"), now=house.clock())
    await settled(house)
    assert "fires any more. Is it over?" in alice.dms()[-1].text


# ---- candidates --------------------------------------------------------------------------------


async def test_a_candidate_is_kept_or_dropped_where_it_is_said_by_one_tap(house: House) -> None:
    channel, bob = await started(house), house.slack.people["bob"]
    for words in ("ERROR no order id", "ERROR no reason"):
        await bob.react("hole", await bob.say(words, channel))
        await settled(house)
    first, second = [m for m in of_us(house.slack, channel) if "a candidate for" in m.text]
    await bob.press("Make it an action item", on=first)
    await bob.press("Drop it", on=second)
    await settled(house)
    states = {item["title"][-11:]: item["state"] for item in (await house.shown())["actions"]}
    assert states == {"no order id": "open", "R no reason": "wont_do"}
    said = [m.text for m in of_us(house.slack, channel)]
    assert any(text.startswith("It goes to the backlog of Payments") for text in said)
    assert any(text.startswith("Dropped:") for text in said), "nobody taps it again"
    assert "no reason" not in json.dumps(channel.pins[0].blocks)


async def test_a_candidate_is_not_shown_as_an_item_that_waits_to_be_filed(house: House) -> None:
    channel, bob = await started(house), house.slack.people["bob"]
    await bob.react("hole", await bob.say("ERROR no order id", channel))
    await settled(house)
    shown = await bob.type("/incident show INC-1")
    [line] = [line for line in shown.text.splitlines() if "ERROR no order id" in line]
    assert line.startswith("*Candidate:*")
    assert "not filed" not in line


# ---- what people read --------------------------------------------------------------------------


async def test_whoever_resolves_by_a_tap_is_asked_what_would_have_prevented_it(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.press("Resolve", in_=channel)
    await settled(house)
    [asked] = [seen for seen in alice.sees(channel) if seen.only_me]
    assert "What would have prevented it" in asked.text
    await alice.press("Action item", on=asked)
    assert "Action item INC-1" in (alice.modal.title if alice.modal else "")


async def test_whoever_was_paged_by_name_is_not_told_that_somebody_follows(house: House) -> None:
    await started(house)
    await house.slack.people["alice"].type("/incident page INC-1 @dana")
    await settled(house)
    house.forward(minutes=6)
    await house.until_quiet()
    await settled(house)
    assert "Not answered in time (" in house.slack.people["dana"].dms()[-1].text


async def test_a_test_wakes_no_guide(house: House) -> None:
    bob = house.slack.people["bob"]
    await bob.type("/incident start --test checkout zebra drill")
    shown = await bob.type("/incident guide INC-1 how?")
    await settled(house)
    assert shown.text == "INC-1 is a test: it wakes nobody but whoever declared it, guides neither."
    assert house.slack.people["carol"].dms() == []


async def test_a_private_test_reads_as_both(house: House) -> None:
    shown = await house.slack.people["bob"].type("/incident start --private --test checkout zebra drill")
    assert shown.text.startswith(
        "INC-1 started in private: only those who are named see it; as a test, which wakes nobody else "
        "and counts nowhere. Paging you"
    )


async def test_a_message_that_became_an_incident_stands_there_once(house: House) -> None:
    bob = house.slack.people["bob"]
    message = await bob.say("checkout fails for me")
    await bob.message_shortcut("start_from_message", message)
    await bob.fill_and_submit({})
    await settled(house)
    [channel] = incident_channels(house.slack)
    assert len([m for m in of_us(house.slack, channel) if "Bob: checkout fails for me" in m.text]) == 1


# ---- by taps alone -----------------------------------------------------------------------------


async def test_a_guide_is_asked_by_taps(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.press("More…", in_=channel)
    await alice.press("Ask a guide")
    shown = await alice.fill_and_submit({"What do you want to know?": "how do we fail over?"})
    assert "Carol (Platform) is asked. Alice keeps INC-1." in shown.text
    await settled(house)
    assert "how do we fail over?" in house.slack.people["carol"].dms()[-1].text


async def test_a_false_alarm_is_cancelled_by_taps(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.press("More…", in_=channel)
    await alice.press("False alarm")
    await alice.fill_and_submit({"Why is it none?": "a load test"})
    await settled(house)
    assert (await house.shown())["status"] == "cancelled"


async def test_it_is_made_private_by_taps_and_by_nobody_who_may_not(house: House) -> None:
    channel, alice, erin = await started(house), *(house.slack.people[n] for n in ("alice", "erin"))
    await erin.join(channel)
    for person in (erin, alice):
        await person.press("More…", in_=channel)
        await person.press("Make it private")
        shown = await person.fill_and_submit({"Why?": "zebra"})
        if person is erin:
            assert "You may not make private" in shown.errors["Why?"]
            assert not (await house.shown())["private"]
    await settled(house)
    assert (await house.shown())["private"]
    await alice.press("More…", in_=the_private(house))
    assert alice.modal
    assert "Make it private" not in json.dumps(alice.modal.blocks)


# ---- events that come too early ----------------------------------------------------------------


async def test_what_is_marked_before_we_know_whose_the_channel_is_is_found(tmp_path: Path) -> None:
    async with today(tmp_path) as house:
        carol = house.slack.people["carol"]
        marks: list[None] = []

        async def mark() -> None:
            """In the channel that Slack has made, while the bot still waits for the answer."""
            [channel] = await house.slack.until(lambda: incident_channels(house.slack))
            await carol.join(channel)
            await carol.react("pushpin", await carol.say("I rolled back 4711", channel))
            marks.append(None)

        house.slack.fail("conversations.create", Fault.LOST_REPLY)
        house.slack.fail("conversations.create", Fault.UNAVAILABLE, when=lambda args: not marks, times=None)
        await carol.type("/incident start checkout sev2 card payments fail")
        await mark()
        await settled(house)
        assert "I rolled back 4711" in await lines(house)


async def test_an_invitation_to_a_private_channel_told_twice_lets_in_once(house: House) -> None:
    bob, erin = house.slack.people["bob"], house.slack.people["erin"]
    await bob.type("/incident start --private checkout zebra keys")
    await settled(house)
    await bob.invite(erin, the_private(house))
    await house.slack.delivered()
    joined = [d for d in house.slack.events if "member_joined_channel" in d.name][-1]
    await house.slack.redeliver(joined)
    await settled(house)
    assert (await lines(house)).count("Erin") == 1


async def test_a_tap_that_two_replicas_hear_at_once_counts_once(tmp_path: Path, postgres_url: str) -> None:
    async with (
        workspace(tmp_path, postgres_url, Clock(ticks=True), change=guided, known=5) as house,
        house.start() as other,
    ):
        await house.slack.people["bob"].type("/incident start checkout sev2 card payments fail")
        await settled(house)
        alice, bob = house.slack.people["alice"], house.slack.people["bob"]
        [channel] = incident_channels(house.slack)
        first = asyncio.create_task(alice.press("Acknowledge"))
        await asyncio.sleep(0)
        house.slack.deliver_to(f"http://127.0.0.1:{other.port}/slack/events")
        await asyncio.gather(first, alice.press_again(), bob.press("No switch for this", in_=channel))
        await bob.press_again()
        await settled(house)
        kinds = [line["kind"] for line in (await house.shown())["timeline"]]
        assert (kinds.count("acknowledged"), kinds.count("action_suggested")) == (1, 1)
        said = [m.text for m in of_us(house.slack, channel)]
        assert len([text for text in said if "acknowledged" in text]) == 1
        assert len([text for text in said if "a candidate for" in text]) == 1


async def test_a_private_incident_merged_into_an_open_one_names_nobody_of_it_there(house: House) -> None:
    bob = house.slack.people["bob"]
    await bob.type("/incident start --private checkout zebra keys")
    await settled(house)
    await house.slack.people["alice"].type("/incident ack INC-1")
    await bob.type("/incident start finder lion")
    await settled(house)
    await bob.type("/incident merge INC-1 INC-2")
    await settled(house)
    said = [line["text"] for line in (await house.shown("INC-2"))["timeline"] if line["kind"] == "took_in"]
    assert said == ["Bob merged INC-1 into this one"]


@pytest.mark.parametrize("words", ["how is INC-1 doing?", "INC-1", "INC-1 show", "what about inc-1?"])
async def test_asked_in_plain_words_how_an_incident_stands_it_is_shown_and_none_is_proposed(
    house: House, words: str
) -> None:
    await started(house)
    erin = house.slack.people["erin"]
    await erin.tell_bot(words, "general")
    await settled(house)
    shown = erin.sees("general")[-1]
    assert shown.only_me
    assert "INC-1 zebra keys are out" in shown.text


async def test_who_may_not_see_a_private_incident_learns_nothing_by_asking_in_plain_words(
    house: House,
) -> None:
    await house.slack.people["bob"].type("/incident start --private checkout zebra keys")
    await settled(house)
    erin = house.slack.people["erin"]
    await erin.tell_bot("how is INC-1?", "general")
    await settled(house)
    assert (
        erin.sees("general")[-1].text == "There is no incident INC-1; `/incident list` shows those there are."
    )
