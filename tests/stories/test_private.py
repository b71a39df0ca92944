"""Private incidents: their words are looked for in every place where somebody who is not named could read them."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.core.jobs import WatchRotas
from bot.engine import jobs_waiting_or_dead
from bot.flows import rotas
from bot.sandbox.person import Person
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import everything_said, incident_channels, lines, of_us, settled
from tests.stories.sinks import leaks, listening
from tests.stories.test_ways import pager, reached

SECRET = ("zanzibar", "quagmire", "hollyhock", "xylophone", "marzipan")


def level(name: str) -> Callable[[str], str]:
    return lambda text: text.replace("[jira]\n", f'[jira]\nprivate_level = "{name}"\n')


@asynccontextmanager
async def place(
    tmp_path: Path, *, url: str = "", change: Callable[[str], str] = str
) -> AsyncIterator[tuple[House, Person]]:
    """A workspace with zoe, whom no incident names."""
    clock = Clock(ticks=True)
    async with workspace(
        tmp_path, url or f"sqlite:///{tmp_path}/writeback.db", clock, change=change
    ) as house:
        zoe = house.slack.person("zoe", real_name="Zoe", email="zoe@acme.dev")
        for channel in ("general", "incidents", "team-payments", "team-search"):
            await zoe.join(channel)
        await house.until_quiet()
        yield house, zoe


async def test_a_whole_private_incident_leaves_none_of_its_words_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listening(caplog)
    async with place(tmp_path, change=level("Security")) as (house, zoe):
        house.jira.projects["PAY"].levels = ["Security"]
        carol, bob = house.slack.people["carol"], house.slack.people["bob"]
        shown = await carol.type("/incident start —private checkout sev2 zanzibar customer data is out")
        assert "INC-1 started in private" in shown.text
        await house.until_quiet()
        [channel] = incident_channels(house.slack)
        assert (channel.name, channel.private) == ("inc-1-private", True)
        # Nobody answers, whoever is asked.
        for _ in range(8):
            house.forward(minutes=11)
            await house.until_quiet()
        called = [m.text for m in of_us(house.slack, "team-payments")]
        assert any(
            "A private incident (INC-1, sev2): nobody in the escalation of Payments has answered" in text
            for text in called
        )
        await bob.type("/incident ack INC-1")
        await bob.type("/incident page INC-1 @dana she knows the quagmire")
        await bob.type("/incident update INC-1 the hollyhock is closed")
        await bob.type("/incident note INC-1 xylophone was rotated")
        await bob.type("/incident action INC-1 config rotate the marzipan token @bob")
        said = await bob.say("marzipan again", channel)
        await bob.react("pushpin", said)
        await house.slack.delivered()
        await bob.type("/incident mitigate INC-1 config xylophone")
        await bob.type("/incident title INC-1 zanzibar and hollyhock")
        await house.until_quiet()
        assert await leaks(house, zoe, SECRET, caplog) == []
        [issue] = house.jira.issues.values()
        assert (issue.security, "hollyhock" in issue.description) == ("Security", True)
        await bob.type("/incident resolve INC-1 quagmire")
        assert "hollyhock" in (await bob.type("/incident postmortem INC-1")).text
        await house.until_quiet()
        assert await leaks(house, zoe, SECRET, caplog) == []


async def test_those_who_are_named_see_it_and_nobody_else(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await house.until_quiet()
        [channel] = incident_channels(house.slack)
        assert {house.slack.workspace.user(m).name for m in channel.members} == {
            "carol",
            "alice",
            "writeback",
        }
        async with aiohttp.ClientSession(f"http://127.0.0.1:{house.bot.port}") as browser:
            assert "writeback_incidents_open{" not in await (await browser.get("/metrics")).text()
        # Dana leads the team and is not in the channel, but may see it; erin leads another.
        assert "zanzibar" in (await people["dana"].type("/incident show INC-1")).text
        for stranger in (people["erin"], people["bob"], zoe):
            assert "no incident INC-1" in (await stranger.type("/incident show INC-1")).text
            assert "No incident is open" in (await stranger.type("/incident list")).text
        # What bob types in the very words of it starts his own, and does not name the one that he can't see.
        assert "INC-2 started" in (await people["bob"].type("/incident start checkout zanzibar")).text
        assert "no incident INC-1" in (await people["bob"].type("/incident duplicate INC-2 INC-1")).text
        assert "private" in (await people["carol"].type("/incident duplicate INC-2 INC-1")).text


async def test_who_is_let_in_by_name_or_by_hand_stays_in(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await house.until_quiet()
        [channel] = incident_channels(house.slack)
        assert "may see INC-1 now" in (await people["carol"].type("/incident admit INC-1 @erin")).text
        await house.until_quiet()
        assert people["erin"].id in channel.members
        assert "let in already" in (await people["carol"].type("/incident admit INC-1 @erin")).text
        await people["alice"].invite(zoe, channel)
        await house.slack.delivered()
        await house.until_quiet()
        assert "Alice let zoe in" in (await lines(house))
        await zoe.leave(channel)
        await house.slack.delivered()
        assert "zanzibar" in (await zoe.type("/incident show INC-1")).text


async def test_a_stranger_with_a_leaked_button_learns_nothing(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await house.until_quiet()
        [channel] = incident_channels(house.slack)
        headline = of_us(house.slack, channel)[0]
        leaked = house.slack.workspace.post(
            house.slack.place("general"), house.slack.bot.id, "a copy", by_bot=True, blocks=headline.blocks
        )
        for label in ("Take the lead", "Post update", "Resolve"):
            await zoe.press(label, on=leaked)
            await house.until_quiet()
            assert "There is no incident INC-1" in zoe.sees("general")[-1].text
        assert zoe.modal is None
        shown = await house.shown()
        assert (shown["status"], shown["roles"]["lead"]) == ("investigating", None)


async def test_a_colleague_may_take_what_the_team_was_called_for_and_not_before(tmp_path: Path) -> None:
    def alone(text: str) -> str:
        return text.replace('  { targets = ["next", "@dana"], wait = "10m" },\n', "")

    async with place(tmp_path, change=alone) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await house.until_quiet()
        assert "no incident INC-1" in (await people["bob"].type("/incident ack INC-1")).text
        for _ in range(3):
            house.forward(minutes=6)
            await house.until_quiet()
        assert (
            "nobody in the escalation of Payments has answered"
            in of_us(house.slack, "team-payments")[-1].text
        )
        assert "no incident INC-1" in (await people["bob"].type("/incident show INC-1")).text
        assert "no incident INC-1" in (await people["erin"].type("/incident ack INC-1")).text
        assert "You have INC-1 “zanzibar”" in (await people["bob"].type("/incident ack INC-1")).text
        await house.until_quiet()
        [channel] = incident_channels(house.slack)
        assert people["bob"].id in channel.members


async def test_a_private_page_for_a_whole_channel_says_that_and_not_what(tmp_path: Path) -> None:
    def at_once(text: str) -> str:
        return text.replace(
            '{ targets = ["next", "@dana"], wait = "10m" }', '{ targets = ["channel"], wait = "10m" }'
        )

    async with place(tmp_path, change=at_once) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await house.until_quiet()
        house.forward(minutes=6)
        await house.until_quiet()
        [page] = of_us(house.slack, "team-payments")
        assert "A private incident (INC-1, sev3) of Payments needs somebody" in page.text
        await zoe.press("Acknowledge", on=page)
        await house.until_quiet()
        assert "There is no incident INC-1" in zoe.sees("team-payments")[-1].text
        await people["bob"].press("Acknowledge", on=page)
        await house.until_quiet()
        assert (await house.shown())["acknowledged_at"]
        assert "needs nobody any more" in of_us(house.slack, "team-payments")[0].text
        assert "zanzibar" not in str([m.blocks for m in of_us(house.slack, "team-payments")])


async def test_what_a_phone_turns_into_a_slip_is_refused_and_not_announced(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        for typed in (
            "--privat checkout zanzibar",
            "checkout --pirvate zanzibar",
            "—secret checkout zanzibar",
        ):
            assert "Nothing was started" in (await carol.type(f"/incident start {typed}")).text
        assert "INC-1 started. " in (await carol.type("/incident start checkout it is slow -- very")).text


async def test_the_words_of_a_private_page_stay_out_of_other_ways_and_of_their_links(tmp_path: Path) -> None:
    async with pager() as phone:
        env = {"ALICE_PUSH": f"json://127.0.0.1:{phone.port}/push", "WEB_SECRET": "a secret of some length"}
        env["ALICE_SMS"] = f"json://127.0.0.1:{phone.port}/sms"
        url = f"sqlite:///{tmp_path}/writeback.db"
        async with workspace(tmp_path, url, Clock(ticks=True), change=reached, env=env) as house:
            await house.slack.people["carol"].type("/incident start --private checkout sev1 zanzibar")
            await house.until_quiet()
            [sent] = phone.to("push")
            assert sent.startswith("SEV1 INC-1 private\nYou are paged.")
            path = re.findall(r"/page/\S+", sent)[0]
            async with aiohttp.ClientSession(f"http://127.0.0.1:{house.bot.port}") as browser:
                pages = [await (await browser.get(path)).text()]
                pages.append(await (await browser.post(path, data="do=acknowledge")).text())
                pages.append(await (await browser.get(path)).text())
            assert "You acknowledged it" in pages[1]
            assert not any(word in text for text in [sent, *pages] for word in ("zanzibar", "checkout"))
            assert "zanzibar" in house.slack.people["alice"].dms()[-1].text


async def test_without_a_security_level_nothing_is_filed_and_the_item_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with place(tmp_path) as (house, zoe):
        listening(caplog)
        alice = house.slack.people["alice"]
        await alice.type("/incident start --private checkout zanzibar")
        await alice.type("/incident action INC-1 config rotate the marzipan")
        await house.until_quiet()
        assert house.jira.issues == {}
        told = "\n".join(dm.text for dm in alice.dms())
        assert "INC-1 is private and PAY has no security level for it: set [jira] private_level" in told
        # What can't even be told stands among the jobs that were given up, without its words.
        house.slack.fail("chat.postMessage", "restricted_action", when=lambda args: "quagmire" in str(args))
        await alice.type("/incident action INC-1 config rotate the quagmire")
        await settled(house)
        house.slack.fail(
            "chat.postMessage", "restricted_action", when=lambda args: "filed" in str(args), times=None
        )
        await alice.type("/incident action INC-1 config drain the quagmire")
        await settled(house)
        async with house.bot.world.db.reading() as session:
            dead = [job for job in await jobs_waiting_or_dead(session) if "quagmire" in str(job.payload)]
        assert dead
        assert await leaks(house, zoe, SECRET, caplog) == []


async def test_a_private_channel_that_cannot_be_made_is_not_made_openly(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        house.slack.fail("conversations.create", "restricted_action", times=None)
        carol = house.slack.people["carol"]
        await carol.type("/incident start --private checkout zanzibar")
        await carol.type("/incident update INC-1 the hollyhock")
        await settled(house)
        assert incident_channels(house.slack) == []
        assert of_us(house.slack, "incidents") == []
        assert any("could not open the channel" in dm.text for dm in carol.dms())
        assert "zanzibar" in house.slack.people["alice"].dms()[-1].text


async def test_starting_anyway_stays_private(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout zanzibar")
        assert "looks like the same" in (await carol.type("/incident start --private checkout zanzibar")).text
        await carol.press("Start anyway", in_="general")
        await settled(house)
        assert (await house.shown("INC-2"))["private"]
        assert house.slack.channel_named("inc-2-private").private


async def test_a_level_that_jira_refuses_files_nothing(tmp_path: Path) -> None:
    async with place(tmp_path, change=level("Nonsense")) as (house, zoe):
        house.jira.projects["PAY"].levels = ["Security"]
        alice = house.slack.people["alice"]
        await alice.type("/incident start --private checkout zanzibar")
        await alice.type("/incident action INC-1 config rotate the key")
        await house.until_quiet()
        assert house.jira.issues == {}
        assert any("Jira refused the security level “Nonsense” in PAY" in dm.text for dm in alice.dms())


async def test_made_private_later_everything_of_it_that_was_open_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with place(tmp_path, change=level("Security")) as (house, zoe):
        house.jira.projects["PAY"].levels = ["Security"]
        people = house.slack.people
        alice = people["alice"]
        await people["carol"].type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        for _ in range(8):
            house.forward(minutes=11)
            await house.until_quiet()
        assert any("marzipan" in m.text for m in of_us(house.slack, "team-payments"))
        await alice.type("/incident ack INC-1")
        await alice.type("/incident update INC-1 the hollyhock leaks")
        await alice.type("/incident action INC-1 config rotate the quagmire")
        await house.until_quiet()
        old = house.slack.channel_named("inc-1-marzipan")
        await zoe.join(old)
        # From here on the words are looked for; what people themselves said stays, and is told.
        listening(caplog)
        shown = await alice.type("/incident private INC-1 hollyhock means customer data")
        assert "INC-1 is private from now on" in shown.text
        await settled(house)
        new = house.slack.channel_named("inc-1-private")
        assert new.private
        assert {"alice", "carol", "bob", "dana"} <= {house.slack.workspace.user(m).name for m in new.members}
        assert zoe.id not in new.members
        assert "marzipan" in of_us(house.slack, new)[0].text
        assert old.archived
        assert (old.name, old.topic, old.bookmarks, old.pins) == ("inc-1-closed", "", [], [])
        assert [m for m in old.messages if m.user == house.slack.bot.id] == []
        assert not any("marzipan" in m.text for m in of_us(house.slack, "incidents"))
        [issue] = house.jira.issues.values()
        assert issue.security == "Security"
        [report] = [dm.text for dm in alice.dms() if dm.text.startswith("INC-1 is private.")]
        assert "the announcement in #incidents" in report
        assert "a message in #team-payments" in report
        assert f"{issue.key} in Jira, by the security level Security" in report
        assert "Still open: Slack's own lines about topic and name in #inc-1-closed" in report
        assert (
            "Zoe could read it until now and is not let in; `/incident admit INC-1 @person` lets somebody in"
            in report
        )
        left = await leaks(house, zoe, ("hollyhock", "quagmire"), caplog)
        assert left == []
        # Slack's own lines in the archived channel are all that is left of the title.
        assert {
            leak.partition(": marzipan")[0] for leak in await leaks(house, zoe, ("marzipan",), caplog)
        } <= {
            "channels: a message in #inc-1-closed",
            "channels: the name of #inc-1-closed",
        }


async def test_what_people_said_openly_is_named_with_who_can_take_it_away(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        people, alice = house.slack.people, house.slack.people["alice"]
        await people["carol"].type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        await alice.type("/incident ack INC-1")
        await alice.type("/incident action INC-1 config rotate the quagmire")
        await house.until_quiet()
        channel = house.slack.channel_named("inc-1-marzipan")
        await alice.say("it is the quagmire", channel)
        announced = of_us(house.slack, "incidents")[0]
        await zoe.say("what is it?", "incidents", thread=announced)
        await alice.type("/incident private INC-1")
        await settled(house)
        [report] = [dm.text for dm in alice.dms() if dm.text.startswith("INC-1 is private.")]
        assert (
            "Still open: 1 message of people in #inc-1-closed; a workspace admin can delete the channel"
            in report
        )
        assert "1 reply of people under the announcement in #incidents" in report
        [issue] = house.jira.issues.values()
        assert (
            f"Still open: {issue.key} in Jira; an admin of its project can give it a security level" in report
        )
        # Nothing of it was lost for those who are named.
        assert "zanzibar" not in (await alice.type("/incident show INC-1")).text
        assert "already" in (await alice.type("/incident private INC-1")).text


async def test_made_private_while_the_open_channel_is_being_made(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        house.slack.slow("conversations.create", 0.6, times=1)
        await carol.type("/incident start checkout sev2 marzipan")
        await asyncio.sleep(0.2)
        await carol.type("/incident private INC-1")
        await settled(house)
        new = house.slack.channel_named("inc-1-private")
        assert new.private
        assert (await house.shown())["channel"]["name"] == "inc-1-private"
        [open_one] = [c for c in incident_channels(house.slack) if not c.private]
        assert (open_one.archived, open_one.name) == (True, "inc-1-closed")
        assert not any("marzipan" in m.text for m in of_us(house.slack, "incidents"))
        assert "marzipan" in of_us(house.slack, new)[0].text


async def test_one_made_private_twice_at_once_is_closed_once(tmp_path: Path, url: str) -> None:
    async with place(tmp_path, url=url) as (house, zoe):
        carol, alice = house.slack.people["carol"], house.slack.people["alice"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        answers = await asyncio.gather(
            carol.type("/incident private INC-1"), alice.type("/incident private INC-1")
        )
        await settled(house)
        assert sorted("already" in answer.text for answer in answers) == [False, True]
        assert len([c for c in incident_channels(house.slack) if c.private]) == 1
        reports = [m for m in everything_said(house.slack) if m.text.startswith("INC-1 is private.")]
        assert len(reports) == 1


async def test_handoff_notices_hold_only_what_their_reader_may_see(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        people = house.slack.people
        await people["carol"].type("/incident start --private checkout zanzibar")
        await people["alice"].type("/incident action INC-1 config rotate the quagmire @alice due 5d")
        await house.until_quiet()
        await rotas.watch(house.bot.world, WatchRotas("before"))
        house.clock.set(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
        await rotas.watch(house.bot.world, WatchRotas("after"))
        await settled(house)
        began = [dm.text for dm in people["bob"].dms() if "You are on call for Payments" in dm.text]
        assert len(began) == 1
        # Nobody has asked bob so far: it is alice who was paged.
        assert not any(word in began[0] for word in SECRET)
        ended = [dm.text for dm in people["alice"].dms() if "You are off call for Payments" in dm.text]
        assert len(ended) == 1


async def test_a_long_and_busy_channel_is_emptied_in_parts_whatever_slack_says_meanwhile(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        channel = house.slack.channel_named("inc-1-marzipan")
        for n in range(60):
            house.slack.workspace.post(channel, house.slack.bot.id, f"marzipan {n}", by_bot=True)
        house.slack.fail("chat.delete", Fault.RATE_LIMITED, times=2)
        house.slack.fail("chat.delete", Fault.UNAVAILABLE, times=1)
        house.slack.fail("conversations.setTopic", "not_in_channel", times=1)
        await carol.type("/incident private INC-1")
        await settled(house, within=40)
        assert [m for m in channel.messages if m.user == house.slack.bot.id] == []
        assert (channel.name, channel.archived) == ("inc-1-closed", True)
        assert len([m for m in everything_said(house.slack) if m.text.startswith("INC-1 is private.")]) == 1


async def test_what_slack_never_lets_us_close_is_in_the_report_with_its_reason(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        house.slack.fail("conversations.archive", "restricted_action", times=1)
        house.slack.fail("conversations.replies", "missing_scope", times=1)
        await carol.type("/incident private INC-1")
        await settled(house)
        [report] = [dm.text for dm in carol.dms() if dm.text.startswith("INC-1 is private.")]
        assert "Still open: the channel #inc-1-closed itself; Slack refused" in report
        assert "Still open: replies under the announcement in #incidents, if there are any" in report


async def test_what_was_on_its_way_to_somebody_who_is_not_named_is_not_sent_any_more(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol, erin = house.slack.people["carol"], house.slack.people["erin"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        house.jira.projects["PAY"].forbidden = True
        away = house.slack.fail(
            "chat.postMessage", Fault.UNAVAILABLE, when=lambda args: args["channel"] == erin.id, times=None
        )
        # Erin is told that hers could not be filed; Slack doesn't take it.
        await erin.type("/incident action INC-1 config rotate the quagmire")
        await house.slack.until(lambda: away.hits > 0)
        await carol.type("/incident private INC-1")
        away.remove()
        await settled(house)
        assert erin.dms() == []


async def test_a_channel_that_people_archived_first_is_named_in_the_report(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        await carol.archive("inc-1-marzipan")
        await carol.type("/incident private INC-1")
        await settled(house)
        [report] = [dm.text for dm in carol.dms() if dm.text.startswith("INC-1 is private.")]
        assert (
            "Still open: what was said in #inc-1-marzipan, which is archived; a workspace admin can delete"
            in report
        )


async def test_an_end_of_closing_that_was_lost_is_not_told_as_a_failure(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 marzipan")
        await house.until_quiet()
        house.slack.fail("conversations.archive", Fault.LOST_REPLY, times=1)
        await carol.type("/incident private INC-1")
        await settled(house)
        [report] = [dm.text for dm in carol.dms() if dm.text.startswith("INC-1 is private.")]
        assert "what Writeback said in the channel that was open, now #inc-1-closed and archived" in report
        assert "which is archived" not in report


async def test_an_answer_to_a_mention_is_taken_back_from_where_everybody_reads_it(tmp_path: Path) -> None:
    async with place(tmp_path) as (house, zoe):
        carol, bob = house.slack.people["carol"], house.slack.people["bob"]
        await carol.tell_bot("checkout is down")
        await house.slack.delivered()
        await settled(house)
        await bob.press("Start sev3 for checkout (pages Alice)", in_="general")
        await settled(house)
        assert any("INC-1 started" in m.text for m in of_us(house.slack, "general"))
        await bob.type("/incident private INC-1")
        await settled(house)
        assert of_us(house.slack, "general") == []
        [report] = [dm.text for dm in bob.dms() if dm.text.startswith("INC-1 is private.")]
        assert "an answer to a mention" in report


async def test_other_incidents_say_no_more_of_one_that_resembled_them(
    tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with place(tmp_path, url=url, change=level("Security")) as (house, zoe):
        house.jira.projects["PAY"].levels = ["Security"]
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout sev2 marzipan melts")
        await carol.type("/incident action INC-1 config rotate the quagmire")
        await carol.type("/incident resolve INC-1 the hollyhock of zanzibar leaked customer data")
        await settled(house)
        for title in ("cards fail", "cards fail again"):
            await carol.type(f"/incident start checkout sev2 {title}")
            await house.until_quiet()
        await carol.type("/incident same INC-2 INC-1")
        await carol.type("/incident resolve INC-3 the hollyhock of zanzibar had leaked")
        await settled(house)
        others = ("inc-2-cards-fail", "inc-3-cards-fail-again")
        for name in others:
            assert any(
                "hollyhock" in visible_text(m) and m.user == house.slack.bot.id
                for m in house.slack.channel_named(name).messages
            )
        listening(caplog)
        await carol.type("/incident private INC-1")
        await settled(house)
        for name in others:
            said = "\n".join(visible_text(m) for m in of_us(house.slack, name) if "INC-3:" not in m.text)
            for word in ("marzipan", "quagmire", "PAY-1", "Similar to INC-1", "Same cause as INC-1"):
                assert word not in said
            assert any("has been taken back" in m.text for m in of_us(house.slack, name))
        told = "\n".join(line["text"] for line in (await house.shown("INC-2"))["timeline"])
        assert "carol says that it has the same cause as INC-1" in told
        assert "still open" not in told
        [report] = [dm.text for dm in carol.dms() if dm.text.startswith("INC-1 is private.")]
        assert "a line about INC-2" in report
        assert {
            leak
            for leak in await leaks(house, zoe, ("quagmire", "marzipan"), caplog)
            if "inc-1-closed" not in leak
        } == set()
