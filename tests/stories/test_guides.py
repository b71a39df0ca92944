"""Guides: advice by taps and by text; the owner keeps the incident and stays paged, whatever the guide does."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot import store
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import everything_said, lines, settled

PLATFORM = 'name = "Platform"\nkind = "guide"\n'
WEEKLY = 'rotation = { kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "2026-01-05T09:00" }\n'
CAROL = '\n[[person]]\nid = "carol"\nemail = "carol@acme.dev"\n'


def guided(catalog: str, people: str = '"carol", "erin"', channel: str = "general", more: str = CAROL) -> str:
    """Carol is on call for the guide team, Erin is next, and its channel is #general."""
    layers = f"[[team.layers]]\nparticipants = [{people}]\n{WEEKLY}" if people else ""
    where = f'channel = "{channel}"\n' if channel else ""
    return catalog.replace(PLATFORM, f"{PLATFORM}{where}{layers}") + more


@asynccontextmanager
async def started(
    tmp_path: Path, change: Callable[[str], str] = guided, known: int = 5, socket_mode: bool = False
) -> AsyncIterator[House]:
    """Bob has declared; Alice, who is on call for Payments, has not answered yet."""
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(
        tmp_path, url, Clock(ticks=True), change=change, known=known, socket_mode=socket_mode
    ) as house:
        await house.slack.people["bob"].type("/incident start checkout sev2 card payments fail")
        await house.until_quiet()
        yield house


def headline(house: House) -> str:
    return visible_text(house.slack.channel_named("inc-1-card-payments-fail").pins[0]).replace("*", "")


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_a_guide_comes_answers_and_says_what_it_took_by_taps(tmp_path: Path, socket: bool) -> None:
    async with started(tmp_path, socket_mode=socket) as house:
        bob, carol, alice = (house.slack.people[name] for name in ("bob", "carol", "alice"))
        await alice.type("/incident ack INC-1")
        answer = await bob.type("/incident guide INC-1 how do we fail over <the> cache?")
        assert answer.text == "Carol (Platform) is asked. Alice keeps INC-1."
        await house.until_quiet()
        card = carol.dms()[-1]
        assert "You're asked for advice on INC-1 card payments fail" in card.text
        assert "owner Alice of Payments keeps it" in card.text
        assert "Bob asks: how do we fail over <the> cache?" in card.text
        assert card.buttons == ("Coming", "Can't", "Answer")
        await carol.press("Coming", in_=carol.dm)
        await carol.press_again()
        await house.until_quiet()
        channel = house.slack.channel_named("inc-1-card-payments-fail")
        assert carol.id in channel.members
        assert "Guide: Carol (Platform), asked about “how do we fail over <the> cache?”" in headline(house)
        house.forward(minutes=12)
        await carol.press("Answer", in_=carol.dm)
        assert carol.modal is not None
        assert '"initial_value": "12"' in json.dumps(carol.modal.blocks)
        wrong = await carol.fill_and_submit(
            {"Your answer in a line": "promote the replica", "Minutes spent": "a lot"}
        )
        assert "no number of minutes" in wrong.errors["Minutes spent"]
        await carol.fill_and_submit({"Minutes spent": "15"})
        await carol.submit_again()
        await house.until_quiet()
        assert "Carol answered" in carol.dms()[-1].text
        assert "15 min" in carol.dms()[-1].text
        assert carol.dms()[-1].buttons == ()
        assert any("Carol (Platform) advises: promote the replica" in dm.text for dm in bob.dms())
        shown = await house.shown()
        [asked] = shown["guides"]
        assert (asked["team"], asked["person"], asked["state"], asked["minutes"]) == (
            "platform", "carol", "answered", 15,
        )  # fmt: skip
        assert (asked["asked_by"], asked["answer"]) == ("bob", "promote the replica")
        assert shown["jobs"]["failed"] == 0
        kinds = [line["kind"] for line in shown["timeline"]]
        assert [kinds.count(kind) for kind in ("guide_asked", "guide_came", "guide_answered")] == [1, 1, 1]
        assert "promote the replica" in headline(house)


async def test_the_owner_s_page_and_escalation_go_on_untouched(tmp_path: Path) -> None:
    async with started(tmp_path) as house:
        bob, carol, dana = (house.slack.people[name] for name in ("bob", "carol", "dana"))
        await bob.type("/incident guide INC-1 what is the cache for?")
        await house.until_quiet()
        await carol.press("Coming", in_=carol.dm)
        await carol.type("/incident advice INC-1 7m turn it off")
        refused = (await carol.type("/incident ack INC-1")).text
        assert "as a guide of Platform: Payments keeps it" in refused
        house.forward(minutes=6)
        await house.until_quiet()
        assert "card payments fail" in dana.dms()[-1].text
        shown = await house.shown()
        assert [(p["person"], p["state"]) for p in shown["pages"]] == [
            ("alice", "unanswered"), ("bob", "sent"), ("dana", "sent"),
        ]  # fmt: skip
        assert shown["acknowledged_at"] is None
        assert shown["roles"]["lead"] is None
        assert (shown["guides"][0]["state"], shown["guides"][0]["minutes"]) == ("answered", 7)
        # When everybody has been tried, a guide is still no owner: that door is for those who were paged.
        house.forward(minutes=60)
        await house.until_quiet()
        assert "as a guide of Platform" in (await carol.type("/incident ack INC-1")).text
        assert "You have INC-1" in (await dana.type("/incident ack INC-1")).text


async def test_who_cannot_is_followed_by_the_next_and_then_by_the_channel(tmp_path: Path) -> None:
    async with started(tmp_path) as house:
        bob, carol, erin = (house.slack.people[name] for name in ("bob", "carol", "erin"))
        await bob.type("/incident guide INC-1 platform what is the cache for?")
        await house.until_quiet()
        await carol.press("Can't", in_=carol.dm)
        await carol.press_again()
        await house.until_quiet()
        assert "Carol can't guide now" in carol.dms()[-1].text
        assert "Carol (Platform) can't guide now; Erin is asked now" in bob.dms()[-1].text
        assert "what is the cache for?" in erin.dms()[-1].text
        await erin.press("Can't", in_=erin.dm)
        await house.until_quiet()
        asked = carol.sees("general")[-1]
        assert "Platform is asked for advice on INC-1" in asked.text
        assert "Can't" not in asked.buttons
        # Carol can after all, and taps her own card or the channel's.
        await carol.press("Coming", in_="general")
        await house.until_quiet()
        assert [g["state"] for g in (await house.shown())["guides"]] == ["declined", "declined", "came"]
        assert (await house.shown())["guides"][2]["person"] == "carol"
        await bob.press("Answer", in_="general")
        await house.until_quiet()
        assert "was asked that, not you" in bob.sees("general")[-1].text


async def test_an_unanswered_question_goes_to_the_next_guide_and_a_late_answer_is_welcome(
    tmp_path: Path,
) -> None:
    async with started(tmp_path) as house:
        bob, carol, erin = (house.slack.people[name] for name in ("bob", "carol", "erin"))
        await house.slack.people["alice"].type("/incident ack INC-1")
        await bob.type("/incident guide INC-1 what is the cache for?")
        await house.until_quiet()
        house.forward(minutes=6)
        await house.until_quiet()
        assert "Carol (Platform) has not answered yet; Erin is asked now" in bob.dms()[-1].text
        assert "what is the cache for?" in erin.dms()[-1].text
        await carol.press("Coming", in_=carol.dm)
        await house.until_quiet()
        assert "Over: somebody else came" in erin.dms()[-1].text
        house.forward(minutes=6)
        await house.until_quiet()
        assert [g["state"] for g in (await house.shown())["guides"]] == ["came", "closed"]
        assert len(bob.dms()) == len([dm for dm in bob.dms() if "nobody of" not in dm.text])


async def test_with_nobody_left_whoever_asked_is_told_what_to_type(tmp_path: Path) -> None:
    def nobody_after_carol(catalog: str) -> str:
        return guided(catalog, people='"carol"', channel="")

    async with started(tmp_path, nobody_after_carol) as house:
        bob, carol = house.slack.people["bob"], house.slack.people["carol"]
        await bob.type("/incident guide INC-1 what is the cache for?")
        await house.until_quiet()
        await carol.press("Can't", in_=carol.dm)
        await house.until_quiet()
        assert "nobody of Platform is left to ask. `/incident page @person`" in bob.dms()[-1].text
        # Another question of the same team finds Carol again: she may know this one.
        assert "Carol (Platform) is asked" in (await bob.type("/incident guide INC-1 and the queue?")).text


async def test_nobody_on_call_means_the_team_s_channel(tmp_path: Path) -> None:
    def empty(catalog: str) -> str:
        return guided(catalog, people="", more="")

    async with started(tmp_path, empty, known=4) as house:
        bob = house.slack.people["bob"]
        assert "#general (Platform) is asked" in (await bob.type("/incident guide INC-1 what now?")).text
        await house.until_quiet()
        await house.slack.people["carol"].press("Coming", in_="general")
        await house.until_quiet()
        assert any(
            seen.text.endswith("never become its owner.") and " guides" in seen.text
            for seen in bob.sees("general")
        )
        [asked] = (await house.shown())["guides"]
        assert asked["person"] == house.slack.people["carol"].id  # she is not in the catalog


async def test_a_team_without_anybody_or_any_channel_is_refused(tmp_path: Path) -> None:
    async with started(tmp_path, str, known=4) as house:
        said = (await house.slack.people["bob"].type("/incident guide INC-1 what now?")).text
        assert "Nobody of Platform can be asked now" in said
        assert (await house.shown())["guides"] == []


async def test_a_guide_who_is_not_in_slack_is_passed_over_and_it_is_said(tmp_path: Path) -> None:
    def zoe(catalog: str) -> str:
        return guided(
            catalog, people='"zoe", "erin"', more='\n[[person]]\nid = "zoe"\nemail = "zoe@acme.dev"\n'
        )

    async with started(tmp_path, zoe) as house:
        bob, erin = house.slack.people["bob"], house.slack.people["erin"]
        await bob.type("/incident guide INC-1 what is the cache for?")
        await house.until_quiet()
        assert "what is the cache for?" in erin.dms()[-1].text
        assert "Zoe (Platform) could not be asked; Erin is asked now" in bob.dms()[-1].text
        assert "Zoe (Platform) could not be asked in Slack" in await lines(house)


async def test_of_several_guide_teams_the_words_choose_or_a_tap_does(tmp_path: Path) -> None:
    def two(catalog: str) -> str:
        return (
            guided(catalog)
            + '\n[[team]]\nid = "data"\nname = "Data Platform"\nkind = "guide"\nchannel = "incidents"\n'
        )

    async with started(tmp_path, two) as house:
        bob, carol = house.slack.people["bob"], house.slack.people["carol"]
        asked = await bob.type("/incident guide INC-1 who knows about <caches> & queues?", in_="general")
        assert "Which team" in asked.text
        await bob.press("Ask Platform", in_="general")
        await house.until_quiet()
        assert "who knows about <caches> & queues?" in carol.dms()[-1].text
        assert (
            "#incidents (Data Platform)" in (await bob.type("/incident guide INC-1 data why so slow?")).text
        )


@pytest.mark.parametrize("how", [fault for fault in Fault if fault is not Fault.SLOW])
async def test_a_card_that_fails_once_stands_once(
    tmp_path: Path, how: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.client.TIMEOUT", aiohttp.ClientTimeout(total=0.5))
    async with started(tmp_path) as house:
        house.clock.set(datetime.now(UTC))  # what an earlier try left in Slack is looked for by time
        bob, carol = house.slack.people["bob"], house.slack.people["carol"]
        fault = house.slack.fail("chat.postMessage", how, when=lambda args: str(args["channel"]) == carol.id)
        await bob.type("/incident guide INC-1 what is the cache for?")
        await settled(house)
        assert fault.hits == 1
        assert len([dm for dm in carol.dms() if "what is the cache for?" in dm.text]) == 1
        assert [g["state"] for g in (await house.shown())["guides"]] == ["asked"]
        assert (await house.shown())["jobs"]["failed"] == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/incident guide INC-1", "Say what you want to know"),
        ("/incident guide INC-1 platform", "Say what you want to know"),
        ("/incident guide INC-1 " + "x" * 1001, "at most 1000 fit"),
        ("/incident advice INC-1 turn it off", "No question to you is open in INC-1"),
    ],
)
async def test_what_can_not_be_asked_or_advised_is_said(tmp_path: Path, typed: str, said: str) -> None:
    async with started(tmp_path) as house:
        assert said in (await house.slack.people["bob"].type(typed)).text


async def test_the_same_question_again_asks_nobody_twice_and_an_ended_incident_frees_the_guide(
    tmp_path: Path,
) -> None:
    async with started(tmp_path) as house:
        bob, carol = house.slack.people["bob"], house.slack.people["carol"]
        await bob.type("/incident guide INC-1 what is the cache for?")
        assert "asked that already" in (await bob.type("/incident guide INC-1 what is the cache for?")).text
        await bob.type("/incident resolve INC-1 found it")
        await house.until_quiet()
        await carol.press("Coming", in_=carol.dm)
        await house.until_quiet()
        assert "INC-1 is resolved: thank you, you are free" in carol.dms()[-1].text
        house.forward(minutes=10)
        await house.until_quiet()
        assert not any("has not answered" in dm.text for dm in bob.dms())
        assert "reopen" in (await bob.type("/incident guide INC-1 one more thing")).text


async def test_a_private_incident_s_question_goes_to_a_person_who_is_let_in(tmp_path: Path) -> None:
    def just_carol(catalog: str) -> str:
        return guided(catalog, people='"carol"')

    async with started(tmp_path, just_carol) as house:
        async with house.bot.world.db.transaction() as session:
            incident = await store.locked(session, 1)
            assert incident is not None
            incident.private = True
            session.add(incident)
        bob, carol = house.slack.people["bob"], house.slack.people["carol"]
        assert "There is no incident INC-1" in (await carol.type("/incident show INC-1")).text
        await bob.type("/incident guide INC-1 is the salary table encrypted?")
        await house.until_quiet()
        assert "card payments fail" in (await carol.type("/incident show INC-1")).text
        await carol.press("Can't", in_=carol.dm)
        await house.until_quiet()
        assert "nobody of Platform is left to ask" in bob.dms()[-1].text
        told = [message for message in everything_said(house.slack) if "salary" in str(message.blocks)]
        places = {m.channel.name for m in told if not m.channel.im and not m.only_for}
        assert places <= {"inc-1-card-payments-fail"}
