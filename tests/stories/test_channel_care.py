"""Channels that people rename, archive or delete, a bot thrown out, and quiet channels: noticed, said, healed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, update

from bot.core.jobs import ArchiveQuiet
from bot.flows import channels
from bot.models import Incident
from bot.sandbox.records import Channel
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import incident_channels, of_us, settled

NAME = "inc-1-card-payments-fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[House]:
    """Where what ended weeks ago can still be reopened."""

    def change(text: str) -> str:
        return text + '\n[incidents]\nreopen_within = "30d"\n'

    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=change) as found:
        yield found


async def started(house: House) -> Channel:
    await house.slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.until_quiet()
    return house.slack.channel_named(NAME)


async def lines(house: House) -> list[str]:
    return [line["text"] for line in (await house.shown())["timeline"]]


async def counted(house: House, words: str) -> int:
    return len([text for text in await lines(house) if words in text])


def thread(house: House) -> list[str]:
    return [visible_text(m) for m in of_us(house.slack, "incidents") if m.is_reply]


def said(house: House, channel: Channel) -> str:
    return "\n".join(visible_text(m) for m in of_us(house.slack, channel))


# ---- renamed ---------------------------------------------------------------------------------


async def test_a_renamed_channel_is_followed(house: House) -> None:
    channel = await started(house)
    await house.slack.people["alice"].rename(channel, "card-trouble")
    await house.slack.redeliver("channel_rename")
    await house.until_quiet()
    assert (await house.shown())["channel"] == {"id": channel.id, "name": "card-trouble"}
    assert await counted(house, f"was renamed from #{NAME} to #card-trouble") == 1
    await house.slack.people["alice"].type("/incident update INC-1 still here")
    await house.until_quiet()
    assert "still here" in said(house, channel)


# ---- archived by people ------------------------------------------------------------------------


async def test_an_open_incident_s_archived_channel_is_asked_for_and_the_thread_serves_meanwhile(
    house: House,
) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await house.slack.people["carol"].archive(channel)
    await house.slack.redeliver("channel_archive")
    await house.until_quiet()
    assert await counted(house, "The incident's channel was archived") == 1
    [asked] = [dm.text for dm in alice.dms() if "was archived while the incident is open" in dm.text]
    assert "Unarchive #inc-1-card-payments-fail in Slack (an app can't)" in asked
    await alice.type("/incident update INC-1 we call the provider")
    await house.until_quiet()
    assert any("we call the provider" in words for words in thread(house))
    assert len([words for words in thread(house) if "we call the provider" in words]) == 1
    assert not await counted(house, "Could not")

    await alice.unarchive(channel)
    await house.until_quiet()
    assert house.slack.bot.name in house.slack.members_of(channel)
    assert "Meanwhile:" in said(house, channel)
    assert "we call the provider" in said(house, channel).partition("Meanwhile:")[2]
    await alice.type("/incident update INC-1 they answer")
    await house.until_quiet()
    assert "they answer" in said(house, channel)
    assert channel.topic


async def test_a_tap_opens_a_new_channel_since_no_bot_may_unarchive(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await house.slack.people["bob"].join(channel)
    await house.slack.people["bob"].say("I look at the logs", channel)
    await house.slack.people["carol"].archive(channel)
    await house.until_quiet()
    await alice.press("Bring the channel back", in_=alice.dm)
    await alice.press_again()
    await settled(house)
    assert house.slack.calls_of("conversations.unarchive"), (
        "should Slack allow it one day, nothing else is needed"
    )
    new = house.slack.channel_named(f"{NAME}-2")
    assert (await house.shown())["channel"] == {"id": new.id, "name": f"{NAME}-2"}
    assert {"alice", "bob", "carol"} <= house.slack.members_of(new)
    assert len(new.pins) == 1
    assert len(incident_channels(house.slack)) == 2
    assert new.topic.startswith("sev2")
    assert f"<#{new.id}>" in str(of_us(house.slack, "incidents")[0].blocks)
    await house.slack.people["carol"].unarchive(channel)
    await house.until_quiet()
    assert (await house.shown())["channel"]["id"] == new.id, "the old one is nobody's business any more"


# ---- deleted -----------------------------------------------------------------------------------


async def test_a_deleted_channel_of_an_open_incident_is_replaced(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.say("I look at the logs", channel)
    await house.slack.delivered()
    await house.slack.people["carol"].delete_channel(channel)
    await house.slack.redeliver("channel_deleted")
    await settled(house)
    [new] = incident_channels(house.slack)
    assert new.name == f"{NAME}-2"
    assert {"alice", "carol"} <= house.slack.members_of(new)
    assert "card payments fail" in visible_text(new.pins[0])
    assert await counted(house, "The incident's channel was deleted") == 1
    await alice.type("/incident update we go on", in_=new)
    await house.until_quiet()
    assert "we go on" in said(house, new)
    assert len(new.bookmarks) == 1

    await house.slack.people["carol"].delete_channel(new)
    await settled(house)
    [third] = incident_channels(house.slack)
    assert third.id != new.id
    assert (await house.shown())["channel"]["id"] == third.id


async def test_a_channel_deleted_after_the_end_is_only_noted_until_it_is_reopened(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await alice.type("/incident resolve INC-1")
    await house.until_quiet()
    await house.slack.people["carol"].delete_channel(channel)
    await settled(house)
    assert incident_channels(house.slack) == []
    await alice.type("/incident reopen INC-1 it is back")
    await settled(house)
    assert [c.name for c in incident_channels(house.slack)] == [f"{NAME}-2"]


# ---- thrown out --------------------------------------------------------------------------------


async def test_thrown_out_of_a_public_channel_we_come_back_and_say_what_happened(house: House) -> None:
    channel = await started(house)
    await house.slack.people["carol"].remove(house.slack.bot, channel)
    await house.slack.redeliver("channel_left")
    await settled(house)
    assert house.slack.bot.name in house.slack.members_of(channel)
    assert await counted(house, "Writeback was removed") == 1
    assert "Meanwhile:" in said(house, channel)


async def test_thrown_out_again_and_again_we_ask_instead(house: House) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    for _ in range(3):
        house.forward(minutes=1)
        await house.slack.people["carol"].remove(house.slack.bot, channel)
        await settled(house)
        # Slack's own clock stands still beside ours: two removals this close would be taken for one.
        house.slack.workspace._last_ts += 10_000_000
    assert house.slack.bot.name not in house.slack.members_of(channel)
    assert any("/invite @Writeback" in dm.text for dm in alice.dms())
    await alice.invite(house.slack.bot, channel)
    await house.slack.redeliver("member_joined_channel")
    await settled(house)
    assert await counted(house, "can use the incident's channel again") == 3
    await alice.type("/incident update INC-1 thank you")
    await house.until_quiet()
    assert "thank you" in said(house, channel)


async def test_thrown_out_of_a_private_channel_somebody_is_asked_and_an_invitation_heals(
    house: House,
) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    channel.private = True
    async with house.bot.world.db.transaction() as session:
        await session.exec(update(Incident).where(col(Incident.id) == 1).values(private=True))
    await house.slack.people["carol"].remove(house.slack.bot, channel)
    await settled(house)
    assert any("/invite @Writeback" in dm.text for dm in alice.dms())
    await alice.type("/incident update INC-1 the key was stolen")
    await alice.type("/incident lead INC-1")
    await settled(house)
    assert thread(house) == [], "no word of it elsewhere"
    said_at = await alice.say("marked meanwhile", channel)
    await alice.react("pushpin", said_at)
    await alice.invite(house.slack.bot, channel)
    await settled(house)
    assert "the key was stolen" in said(house, channel).partition("Meanwhile:")[2]
    assert await counted(house, "marked meanwhile") == 1


async def test_a_headline_that_people_delete_is_posted_again_with_the_next_change(house: House) -> None:
    channel = await started(house)
    house.slack.workspace.delete(channel.pins[0])
    await house.slack.people["alice"].type("/incident update INC-1 we call the provider")
    await settled(house)
    assert [("we call the provider" in visible_text(pin)) for pin in channel.pins] == [True]


# ---- what no event told ------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["archived", "deleted", "removed"])
async def test_what_happened_while_nobody_listened_is_noticed_by_the_refusal(house: House, what: str) -> None:
    channel, alice = await started(house), house.slack.people["alice"]
    await house.stop()
    if what == "archived":
        house.slack.workspace.archive(channel, alice.id)
    elif what == "deleted":
        house.slack.workspace.delete_channel(channel)
    else:
        house.slack.workspace.part(channel, house.slack.bot.id)
    await house.restart()
    await alice.type("/incident update INC-1 we call the provider")
    await alice.type("/incident severity INC-1 sev1")
    await settled(house)
    assert not await counted(house, "Could not")
    assert len([words for words in thread(house) if "we call the provider" in words]) == 1
    if what == "archived":
        assert await counted(house, "The incident's channel was archived") == 1
        assert any("was archived while" in dm.text for dm in alice.dms())
    elif what == "deleted":
        [new] = incident_channels(house.slack)
        assert new.name == f"{NAME}-2"
        assert len(new.pins) == 1
    else:
        assert house.slack.bot.name in house.slack.members_of(channel)


async def test_a_restart_in_the_middle_of_healing_opens_one_channel(url: str, tmp_path: Path) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        channel = await started(house)
        fault = house.slack.fail("conversations.create", Fault.RATE_LIMITED, times=None)
        await house.slack.people["carol"].delete_channel(channel)
        await house.slack.until(lambda: fault.hits)
        await house.stop()
        fault.remove()
        house.clock.forward(minutes=1)
        await house.restart()
        await settled(house)
        [new] = incident_channels(house.slack)
        assert (await house.shown())["channel"]["id"] == new.id
        assert len(new.pins) == 1


# ---- quiet -------------------------------------------------------------------------------------


async def quiet(house: House, slot: str = "1") -> None:
    await channels.find_quiet(house.bot.world, ArchiveQuiet(slot))
    await settled(house)


def is_archived(channel: Channel) -> bool:
    return channel.archived


async def over(house: House) -> Channel:
    channel = await started(house)
    await house.slack.people["alice"].type("/incident action INC-1 switches add a kill switch")
    await house.slack.people["alice"].type("/incident resolve INC-1")
    await house.until_quiet()
    return channel


async def test_a_channel_quiet_for_a_week_after_the_end_is_archived_with_a_last_line(house: House) -> None:
    channel = await over(house)
    house.clock.forward(days=6)
    await quiet(house, "1")
    assert not is_archived(channel)
    await house.slack.people["alice"].say("one more thing", channel)
    await house.slack.delivered()
    house.clock.forward(days=2)
    await quiet(house, "2")
    assert not is_archived(channel), "somebody spoke two days ago"
    house.clock.forward(days=6)
    await quiet(house, "3")
    await quiet(house, "4")
    assert is_archived(channel)
    last = visible_text(of_us(house.slack, channel)[-1])
    assert "quiet for 8 days" in last
    assert "/incident postmortem INC-1" in last
    assert "1 of 1 action items" in last
    assert len([m for m in of_us(house.slack, channel) if "it is archived now" in visible_text(m)]) == 1
    assert await counted(house, "archived, having been quiet") == 1


async def test_an_open_incident_s_channel_is_never_archived_for_being_quiet(house: House) -> None:
    channel = await started(house)
    house.clock.forward(days=60)
    await quiet(house)
    assert not channel.archived


async def test_never_means_never(tmp_path: Path) -> None:
    def change(text: str) -> str:
        return text + '\n[updates]\narchive_after = "never"\nsev2 = "never"\n'

    clock = Clock(ticks=True)
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", clock, change=change) as house:
        channel = await over(house)
        house.clock.forward(days=300)
        await quiet(house)
        assert not channel.archived


async def test_a_workspace_that_forbids_archiving_is_said_once(house: House) -> None:
    channel = await over(house)
    house.slack.fail("conversations.archive", "restricted_action", times=None)
    house.clock.forward(days=8)
    await quiet(house, "1")
    house.clock.forward(hours=1)
    await quiet(house, "2")
    assert not channel.archived
    assert await counted(house, "Could not archive the quiet channel") == 1
    assert len([m for m in of_us(house.slack, channel) if "it is archived now" in visible_text(m)]) == 1


async def test_reopening_an_archived_incident_gives_it_a_channel_and_says_so_to_all(patient: House) -> None:
    house = patient
    channel = await over(house)
    house.clock.forward(days=8)
    await quiet(house)
    assert channel.archived
    await house.slack.people["alice"].type("/incident reopen INC-1 it is back")
    await settled(house)
    new = house.slack.channel_named(f"{NAME}-2")
    assert (await house.shown())["channel"]["id"] == new.id
    assert "Alice reopened it: it is back" in said(house, new)
    reopened = [m for m in of_us(house.slack, "incidents") if "reopened it" in visible_text(m)]
    assert [m.broadcast for m in reopened] == [True]
    assert f"<#{new.id}>" in str(of_us(house.slack, "incidents")[0].blocks)


async def test_reopening_after_people_unarchived_it_goes_on_in_the_same_channel(patient: House) -> None:
    house = patient
    channel = await over(house)
    house.clock.forward(days=8)
    await quiet(house)
    await house.slack.people["alice"].unarchive(channel)
    await settled(house)
    await house.slack.people["alice"].type("/incident reopen INC-1")
    await settled(house)
    assert incident_channels(house.slack) == [channel]
    assert "reopened it" in said(house, channel)
    assert not channel.archived
