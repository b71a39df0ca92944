"""Endings and mix-ups: the same twice, too late to reopen, only a test, the wrong service."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import store
from bot.flows import loads
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import incident_channels, lines, of_us


@pytest.fixture
async def two(tmp_path: Path, url: str) -> AsyncIterator[House]:
    """INC-1 of carol and INC-2 of erin, on each database."""
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await house.slack.people["carol"].type("/incident start checkout sev2 card payments fail")
        await house.slack.people["erin"].type("/incident start checkout sev2 nobody can pay")
        await house.until_quiet()
        yield house


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as house:
        yield house


async def started(house: House, words: str = "checkout sev2 card payments fail") -> None:
    await house.slack.people["carol"].type(f"/incident start {words}")
    await house.until_quiet()


# ---- the same twice ------------------------------------------------------------------------------


async def test_merging_takes_the_people_along_and_both_timelines_say_so(two: House) -> None:
    alice, erin = two.slack.people["alice"], two.slack.people["erin"]
    await alice.type("/incident ack INC-1")
    shown = await erin.type("/incident merge INC-2 INC-1")
    assert "INC-2 is merged into INC-1. Erin come" in shown.text
    await two.until_quiet()
    assert "Erin merged it into INC-1, which goes on" in await lines(two, "INC-2")
    assert "Erin merged INC-2 “nobody can pay” into this one; Erin came with it" in await lines(two)
    goes_on = two.slack.channel_named("inc-1-card-payments-fail")
    assert erin.id in goes_on.members
    second = await two.shown("INC-2")
    assert (second["status"], second["duplicate_of"]) == ("duplicate", "INC-1")
    assert {page["state"] for page in second["pages"]} == {"cancelled"}
    two.forward(minutes=6)
    await two.until_quiet()
    assert len((await two.shown("INC-2"))["pages"]) == len(second["pages"])


async def test_a_duplicate_is_marked_in_both(two: House) -> None:
    await two.slack.people["erin"].type("/incident duplicate INC-2 INC-1")
    await two.until_quiet()
    assert "Erin marked it as a duplicate of INC-1" in await lines(two, "INC-2")
    assert "Erin marked INC-2 as a duplicate of this one" in await lines(two)


async def test_of_two_that_are_merged_into_each_other_at_once_one_goes_on(two: House) -> None:
    carol, erin = two.slack.people["carol"], two.slack.people["erin"]
    async with two.bot.world.db.transaction() as session:
        # While somebody works on INC-1, both come to wait; neither may then wait for the other.
        await store.locked(session, 1)
        one = asyncio.create_task(carol.type("/incident merge INC-1 INC-2"))
        await asyncio.sleep(0.3)
        other = asyncio.create_task(erin.type("/incident merge INC-2 INC-1"))
        await asyncio.sleep(0.3)
    answers = [await one, await other]
    await two.until_quiet()
    statuses = sorted([(await two.shown("INC-1"))["status"], (await two.shown("INC-2"))["status"]])
    assert statuses == ["duplicate", "investigating"]
    assert sum("is merged into" in answer.text for answer in answers) == 1
    [refused] = [answer.text for answer in answers if "is merged into" not in answer.text]
    assert refused.startswith(("INC-1 is a duplicate", "INC-2 is a duplicate"))


async def test_chains_and_circles_of_duplicates_are_refused_with_the_one_that_is_meant(two: House) -> None:
    carol = two.slack.people["carol"]
    await carol.type("/incident start finder the same once more")
    await carol.type("/incident duplicate INC-3 INC-2")
    await carol.type("/incident duplicate INC-2 INC-1")
    refused = await carol.type("/incident merge INC-1 INC-3")
    assert refused.text == "INC-3 is a duplicate of INC-1 already: there is nothing to do."
    await carol.type("/incident start finder yet another")
    refused = await carol.type("/incident duplicate INC-4 INC-3")
    assert refused.text == "INC-3 is a duplicate itself, of INC-1: name that one."
    assert "a duplicate of itself" in (await carol.type("/incident merge INC-1 INC-1")).text
    assert "no incident INC-99" in (await carol.type("/incident merge INC-1 INC-99")).text
    await carol.type("/incident resolve INC-1")
    refused = await carol.type("/incident merge INC-4 INC-1")
    assert "reopen it first, or only mark this one with `/incident duplicate INC-1`" in refused.text


# ---- reopening -------------------------------------------------------------------------------------


async def test_what_ended_lately_is_reopened(one: House) -> None:
    carol = one.slack.people["carol"]
    await started(one)
    await carol.type("/incident resolve INC-1")
    one.forward(hours=23)
    assert "INC-1 is open again" in (await carol.type("/incident reopen INC-1 it is back")).text


async def test_what_ended_long_ago_goes_on_as_a_new_one_that_refers_to_it(one: House) -> None:
    carol, alice = one.slack.people["carol"], one.slack.people["alice"]
    await started(one)
    await carol.type("/incident resolve INC-1")
    one.forward(hours=25)
    shown = await alice.type("/incident reopen INC-1 it is back")
    assert shown.text.startswith(
        "INC-1 was over for 25 h, too long to reopen it, so it goes on as a new one. INC-2 started"
    )
    await one.until_quiet()
    second = await one.shown("INC-2")
    assert (second["follows"], second["title"], second["severity"]) == ("INC-1", "card payments fail", "sev2")
    assert second["pages"][0]["state"] == "sent"
    assert "Alice said that it is back: it goes on as INC-2: it is back" in await lines(one)
    assert "It goes on from INC-1, which was over: it is back" in await lines(one, "INC-2")
    [channel] = [c for c in incident_channels(one.slack) if c.name.startswith("inc-2")]
    assert "It goes on from INC-1." in str(of_us(one.slack, channel)[0].blocks)
    again = await carol.type("/incident reopen INC-1")
    assert again.text == "INC-1 goes on as INC-2, which is open: `/incident show INC-2`."
    assert (await one.shown())["status"] == "resolved"


async def test_the_button_says_too_that_it_goes_on_as_a_new_one(one: House) -> None:
    carol, alice = one.slack.people["carol"], one.slack.people["alice"]
    await started(one)
    await carol.type("/incident resolve INC-1")
    await one.until_quiet()
    one.forward(hours=25)
    channel = one.slack.channel_named("inc-1-card-payments-fail")
    await alice.press("Reopen", on=of_us(one.slack, channel)[0])
    await alice.press_again()
    await one.until_quiet()
    said = [seen.text for seen in alice.sees(channel) if seen.only_me]
    assert "it goes on as a new one. INC-2 started" in said[0]
    assert "INC-1 goes on as INC-2, which is open" in said[1]


async def test_how_long_one_can_be_reopened_is_configured(tmp_path: Path) -> None:
    def soon(text: str) -> str:
        return text + '\n[incidents]\nreopen_within = "1h"\n'

    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True), change=soon) as house:
        await started(house)
        carol = house.slack.people["carol"]
        await carol.type("/incident cancel INC-1")
        house.forward(hours=2)
        assert "INC-2 started" in (await carol.type("/incident reopen INC-1")).text


async def test_a_private_one_goes_on_in_private_with_its_people(one: House) -> None:
    carol, alice = one.slack.people["carol"], one.slack.people["alice"]
    await started(one, "--private checkout zanzibar")
    await alice.type("/incident ack INC-1")
    await alice.type("/incident resolve INC-1")
    one.forward(hours=25)
    await carol.type("/incident reopen INC-1")
    await one.until_quiet()
    assert (await one.shown("INC-2"))["private"]
    assert "zanzibar" in (await alice.type("/incident show INC-2")).text
    assert "no incident INC-2" in (await one.slack.people["erin"].type("/incident show INC-2")).text


# ---- tests -----------------------------------------------------------------------------------------


async def test_a_test_walks_the_whole_path_and_wakes_nobody_but_whoever_declares_it(one: House) -> None:
    carol = one.slack.people["carol"]
    shown = await carol.type("/incident start --test checkout sev1 fire drill")
    assert "INC-1 started as a test, which wakes nobody else and counts nowhere. Paging you" in shown.text
    await one.until_quiet()
    channel = one.slack.channel_named("inc-1-test-fire-drill")
    assert "TEST INC-1 fire drill" in str(of_us(one.slack, channel)[0].blocks)
    assert channel.topic.startswith("TEST | ")
    [page] = [dm for dm in carol.dms() if "fire drill" in dm.text]
    assert "it would wake Alice" in page.text
    for _ in range(8):
        one.forward(minutes=11)
        await one.until_quiet()
    await carol.press("Acknowledge")
    await carol.type("/incident page INC-1 @bob")
    added = await carol.type("/incident action INC-1 config turn it off at night")
    assert "INC-1 is a test: it goes to no backlog" in added.text
    await one.until_quiet()
    for person in ("alice", "bob", "dana", "erin"):
        assert one.slack.people[person].dms() == []
    for place in ("incidents", "team-payments"):
        assert of_us(one.slack, place) == []
    assert one.jira.issues == {}
    assert (await one.shown())["jobs"]["failed"] == 0
    assert "TEST INC-1" in (await carol.type("/incident list")).text


async def test_a_test_counts_in_no_figure(one: House) -> None:
    alice = one.slack.people["alice"]
    await alice.type("/incident start --test checkout sev1 fire drill")
    await one.until_quiet()
    [load] = (await loads.every(one.bot.world, "payments", 1))[0]
    assert sum(sum(person.bands.values()) for person in load.facts) == 0
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{one.bot.port}/metrics") as answer,
    ):
        text = await answer.text()
    assert "writeback_incidents_open{" not in text
    assert "writeback_pages_open 0.0" in text
    async with one.bot.world.db.reading() as session_:
        seen = store.seen_by("alice", one.bot.world.catalog, ())
        assert await store.open_of_team(session_, "payments", seen) == []
        now = one.clock()
        since = now - timedelta(days=1)
        assert await store.pages_of_team(session_, "payments", since, now) == []


async def test_the_real_thing_is_not_taken_for_the_test_of_it(one: House) -> None:
    carol = one.slack.people["carol"]
    await carol.type("/incident start --test checkout card payments fail")
    assert (
        "INC-2 started. Paging Alice"
        in (await carol.type("/incident start checkout card payments fail")).text
    )


# ---- the wrong service -------------------------------------------------------------------------------


async def test_what_is_moved_back_pages_whoever_had_it(one: House) -> None:
    carol, bob = one.slack.people["carol"], one.slack.people["bob"]
    await started(one)
    # Alice is on call, but it is bob who has it.
    await carol.type("/incident page INC-1 @bob")
    await one.slack.people["alice"].type("/incident decline INC-1")
    await bob.type("/incident ack INC-1")
    await one.until_quiet()
    before = len((await one.shown())["pages"])
    assert "belongs to Search now. Paging Erin" in (await carol.type("/incident service INC-1 finder")).text
    shown = await carol.type("/incident service INC-1 checkout")
    assert "belongs to Payments now. Paging Bob" in shown.text
    await one.until_quiet()
    assert [p["person"] for p in (await one.shown())["pages"]][before:] == ["erin", "bob"]
    assert any("had it before it was moved away" in dm.text for dm in bob.dms())
    one.forward(minutes=6)
    await one.until_quiet()
    assert (await one.shown())["pages"][-1]["person"] in {"alice", "dana"}
