"""The faithful timeline: what people mark, what becomes of it in Slack, and what is struck out with a reason."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.flows import timelines
from bot.flows.heard import Heard, Hearing
from bot.flows.timelines import moment
from bot.sandbox.records import Channel
from bot.slack.text import plain
from tests.conftest import Clock
from tests.stories.conftest import House, workspace


async def channel(house: House) -> Channel:
    await house.slack.people["carol"].type("/incident start checkout sev2 card payments fail")
    await house.until_quiet()
    found = house.slack.channel_named("inc-1-card-payments-fail")
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.until_quiet()
    return found


async def lines(house: House, kind: str) -> list[dict[str, Any]]:
    return [line for line in (await house.shown())["timeline"] if line["kind"] == kind]


async def test_a_pushpin_takes_a_message_at_its_own_time_and_taking_it_back_withdraws_it(
    house: House,
) -> None:
    where = await channel(house)
    alice, carol = house.slack.people["alice"], house.slack.people["carol"]
    said = await alice.say("the card provider answers 502 since 11:58", where)
    house.forward(minutes=3)
    await carol.react("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    [line] = await lines(house, "message_marked")
    assert line["text"] == "Alice: the card provider answers 502 since 11:58"
    assert line["by"] == "alice"
    assert datetime.fromisoformat(line["at"]) == moment(said.ts)
    assert not line["withdrawn"]

    await carol.unreact("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    [line] = await lines(house, "message_marked")
    assert line["withdrawn"]
    shown = (await alice.type("/incident timeline INC-1")).text
    assert "(withdrawn by carol: the mark was taken back)" in shown

    await carol.react("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    [line] = await lines(house, "message_marked")
    assert not line["withdrawn"]


async def test_a_line_stays_while_anybody_s_mark_stays(house: House) -> None:
    where = await channel(house)
    alice, carol = house.slack.people["alice"], house.slack.people["carol"]
    said = await alice.say("rolling back", where)
    await alice.react("pushpin", said)
    await carol.react("pushpin", said)
    await alice.unreact("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    assert [line["withdrawn"] for line in await lines(house, "message_marked")] == [False]


async def test_edits_and_deletions_in_slack_are_recorded_as_such(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("it is the database", where)
    await alice.react("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    await alice.edit(said, "it is the card provider")
    await house.slack.delivered()
    await house.until_quiet()
    [edit] = await lines(house, "message_edited")
    assert (
        edit["text"] == "Alice edited “it is the database” in Slack; it reads “it is the card provider” now"
    )
    await alice.delete(said)
    await house.slack.delivered()
    await house.until_quiet()
    [gone] = await lines(house, "message_deleted")
    assert gone["text"] == "The message “it is the card provider” of Alice was deleted in Slack"
    assert [line["withdrawn"] for line in await lines(house, "message_marked")] == [False]


async def test_what_nobody_marked_is_nobody_s_business(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("hm", where)
    await alice.edit(said, "hmm")
    await alice.react("eyes", said)
    await alice.delete(said)
    await house.slack.delivered()
    await house.until_quiet()
    kinds = {line["kind"] for line in (await house.shown())["timeline"]}
    assert not kinds & {"message_marked", "message_edited", "message_deleted"}


async def test_a_reply_in_a_thread_can_be_marked(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("what do the graphs say?", where)
    reply = await alice.say("error rate is 40 %", where, thread=said)
    await alice.react("pushpin", reply)
    await house.slack.delivered()
    await house.until_quiet()
    assert [line["text"] for line in await lines(house, "message_marked")] == ["Alice: error rate is 40 %"]


async def test_a_redelivered_event_adds_nothing(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("rolling back", where)
    await alice.react("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    await house.slack.redeliver("reaction_added")
    await house.until_quiet()
    assert len(await lines(house, "message_marked")) == 1


async def test_what_was_marked_while_the_bot_was_away_is_found(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        where = await channel(house)
        alice = house.slack.people["alice"]
        house.slack.deliver_to(None)
        said = house.slack.workspace.post(where, alice.id, "the provider is back")
        house.slack.workspace.react(said, alice.id, "pushpin")
        assert await timelines.catch_up(house.bot.world, house.clock()) == 1
        await house.until_quiet()
        assert [line["text"] for line in await lines(house, "message_marked")] == [
            "Alice: the provider is back"
        ]


async def test_what_was_taken_back_edited_and_deleted_while_the_bot_was_away_is_told(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        where = await channel(house)
        alice, carol = house.slack.people["alice"], house.slack.people["carol"]
        first = await alice.say("the database is slow", where)
        second = await alice.say("failing over", where)
        third = await alice.say("oops, wrong channel", where)
        reply = await alice.say("failover is done", where, thread=second)
        by_shortcut = await alice.say("traffic is back", where)
        for said in (first, second, third):
            await carol.react("pushpin", said)
        await alice.message_shortcut("add_to_timeline", by_shortcut)
        await house.slack.delivered()
        await house.until_quiet()
        url, work = house.slack.courier.url, house.slack.workspace
        house.slack.deliver_to(None)
        work.unreact(first, carol.id, "pushpin")
        work.edit(second, alice.id, text="failing over to b")
        work.delete(third)
        work.react(reply, carol.id, "pushpin")
        house.slack.deliver_to(url)
        for _ in range(2):  # looking again adds nothing
            house.clock.forward(seconds=5)
            await timelines.catch_up(house.bot.world, house.clock())
            await house.until_quiet()
        marked = {line["text"]: line["withdrawn"] for line in await lines(house, "message_marked")}
        assert marked == {
            "Alice: the database is slow": True,
            "Alice: failing over to b": False,
            "Alice: oops, wrong channel": False,
            "Alice: failover is done": False,
            "Alice: traffic is back": False,
        }
        assert len(await lines(house, "message_edited")) == 1
        assert len(await lines(house, "message_deleted")) == 1


async def test_the_shortcut_does_the_same_and_says_where_it_cannot(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("failover is done", where)
    await alice.message_shortcut("add_to_timeline", said)
    await alice.message_shortcut("add_to_timeline", said)
    await house.until_quiet()
    assert [line["text"] for line in await lines(house, "message_marked")] == ["Alice: failover is done"]
    elsewhere = await alice.say("lunch?", "general")
    await alice.message_shortcut("add_to_timeline", elsewhere)
    await house.until_quiet()
    assert "not in the channel of INC-1" in alice.sees("general")[-1].text


async def test_a_line_is_struck_out_with_a_reason_and_can_come_back(house: House) -> None:
    await channel(house)
    alice = house.slack.people["alice"]
    await alice.type("/incident note INC-1 the password is hunter2")
    shown = (await alice.type("/incident timeline INC-1")).text
    number = next(row for row in shown.splitlines() if "hunter2" in row).split("`")[1]
    assert "Say why" in (await alice.type(f"/incident timeline INC-1 hide {number}")).text
    assert (
        "struck out" in (await alice.type(f"/incident timeline INC-1 hide {number} it held a password")).text
    )
    shown = (await alice.type("/incident timeline INC-1")).text
    assert "(withdrawn by Alice: it held a password)" in shown
    assert "stands again" in (await alice.type(f"/incident timeline INC-1 restore {number}")).text
    declared = next(row for row in shown.splitlines() if "declared" in row).split("`")[1]
    assert "it stays" in (await alice.type(f"/incident timeline INC-1 hide {declared} no")).text
    assert "has no line 99999" in (await alice.type("/incident timeline INC-1 hide 99999 no")).text


async def test_a_note_is_put_right_and_the_record_says_what_it_was(house: House) -> None:
    await channel(house)
    alice, bob, dana = (house.slack.people[name] for name in ("alice", "bob", "dana"))
    await bob.type("/incident note INC-1 12:05 the cache was flushed")
    shown = (await alice.type("/incident timeline INC-1")).text
    number = next(row for row in shown.splitlines() if "flushed" in row).split("`")[1]
    edit = f"/incident timeline INC-1 edit {number}"
    assert "reads “the cache died” now" in (await bob.type(f"{edit} the cache died")).text
    assert "say why" in (await alice.type(f"{edit} the disk was full")).text
    assert (
        "reads “the disk was full” now"
        in (await alice.type(f"{edit} the disk was full because bob misread it")).text
    )
    refused = (await house.slack.people["carol"].type(f"{edit} nothing happened because I say so")).text
    assert "You may not edit the timeline of INC-1" in refused
    assert "Alice" in refused
    texts = [line["text"] for line in (await house.shown())["timeline"]]
    assert "Bob: the disk was full" in texts
    assert "Bob changed the note “the cache was flushed” into “the cache died”" in texts
    assert "Alice changed the note “the cache died” into “the disk was full”: bob misread it" in texts
    declared = next(row for row in shown.splitlines() if "declared" in row).split("`")[1]
    assert (
        "Only notes can be changed" in (await dana.type(f"/incident timeline INC-1 edit {declared} x")).text
    )


async def test_a_mark_on_a_log_excerpt_becomes_a_candidate_with_its_secrets_masked(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    log = await alice.say("DEBUG heartbeat ok\nDEBUG heartbeat ok\npassword=hunter2 retrying", where)
    await alice.react("mute", log)
    await house.slack.delivered()
    await house.until_quiet()
    [item] = (await house.shown())["actions"]
    assert (item["state"], item["category"]) == ("candidate", "logging")
    assert item["title"].startswith("Useless noise in the logs: DEBUG heartbeat ok")
    assert item["jira"] is None
    await alice.type("/incident actions INC-1", in_="general")
    await alice.press("Make it an action item", in_="general")
    await house.until_quiet()
    [item] = (await house.shown())["actions"]
    assert item["state"] == "open"
    issue = house.jira.issues[item["jira"]]
    assert "DEBUG heartbeat ok" in issue.description
    assert "hunter2" not in issue.description
    assert {"operability-logging", "operability-logging-noise"} <= set(issue.labels)


async def test_talking_in_the_channel_is_a_sign_of_life(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    house.forward(minutes=50)
    await alice.say("still digging", where)
    await house.slack.delivered()
    house.forward(minutes=30)
    await house.until_quiet()
    assert not any("still on it" in dm.text for dm in alice.dms())


async def test_a_flood_of_messages_is_taken_while_commands_go_on(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    for n in range(200):
        house.slack.workspace.post(where, alice.id, f"line {n}")
    answer, _ = await asyncio.gather(
        alice.type("/incident note INC-1 in the middle of it"), house.slack.delivered(within=20)
    )
    assert "Noted in INC-1" in answer.text


async def test_what_is_deleted_before_slack_could_be_asked_is_in_the_timeline_all_the_same(
    url: str, tmp_path: Path
) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        where = await channel(house)
        alice = house.slack.people["alice"]
        house.slack.down()
        said = await alice.say("we lost the primary", where)
        await alice.react("pushpin", said)
        await alice.edit(said, "we lost the primary at 11:58")
        await alice.delete(said)
        await house.slack.delivered()
        house.slack.up()
        await house.until_quiet()
        [line] = await lines(house, "message_marked")
        assert line["text"].startswith("Alice: we lost the primary")
        [gone] = await lines(house, "message_deleted")
        assert "was deleted in Slack" in gone["text"]


async def test_events_out_of_order_leave_what_was_said_last(url: str, tmp_path: Path) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        where = await channel(house)
        alice = house.slack.people["alice"]
        hearing = Hearing(house.bot.world, plain)

        def told(n: int, **more: Any) -> Heard:
            return Heard(f"E{n}", {"type": "message", "channel": where.id, **more})

        first = {"user": alice.id, "ts": "1795000000.000100"}
        edit = {"subtype": "message_changed", "message": {**first, "text": "third", "edited": {"ts": "3"}}}
        older = {"subtype": "message_changed", "message": {**first, "text": "second", "edited": {"ts": "2"}}}
        for batch in (
            [told(1, **edit)],
            [told(2, **older)],
            [told(3, **first, text="first")],
            [told(1, **edit)],
        ):
            await asyncio.gather(*(hearing.keep(heard) for heard in batch))
        async with house.bot.world.db.reading() as session:
            kept = await timelines.kept(session, where.id, first["ts"])
        assert kept is not None
        assert (kept.text, kept.deleted) == ("third", False)
        gone = {
            "subtype": "message_deleted",
            "deleted_ts": first["ts"],
            "previous_message": {**first, "text": "first"},
        }
        await asyncio.gather(hearing.keep(told(4, **gone)), hearing.keep(told(5, **edit)))
        async with house.bot.world.db.reading() as session:
            kept = await timelines.kept(session, where.id, first["ts"])
        assert kept is not None
        assert (kept.text, kept.deleted) == ("third", True)


async def test_a_change_that_is_no_edit_of_the_words_is_not_told_as_one(house: House) -> None:
    where = await channel(house)
    alice = house.slack.people["alice"]
    said = await alice.say("ask @bob about https://graphs.acme.dev/checkout", where)
    await alice.react("pushpin", said)
    await house.slack.delivered()
    await house.until_quiet()
    [line] = await lines(house, "message_marked")
    assert line["text"] == "Alice: ask @bob about https://graphs.acme.dev/checkout"
    # As when Slack unfurls a link: the message is changed, its words are not.
    await alice.edit(said, "ask @bob about https://graphs.acme.dev/checkout")
    await house.slack.delivered()
    await house.until_quiet()
    assert await lines(house, "message_edited") == []
