"""Those who wait: the announcement's thread and direct messages, once each, and never what they may not see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, update

from bot import store
from bot.models import Incident
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us, settled

START = "/incident start checkout sev2 card payments fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


def told(house: House, person: str, words: str) -> list[str]:
    return [
        dm.text
        for dm in house.slack.people[person].dms()
        if words in dm.text and "Unsubscribe from" in dm.text
    ]


async def test_a_subscriber_of_a_team_reads_the_start_and_everything_that_matters_once(house: House) -> None:
    erin, carol, alice = (house.slack.people[name] for name in ("erin", "carol", "alice"))
    assert "You are told of Payments" in (await erin.type("/incident subscribe payments")).text
    assert "already" in (await erin.type("/incident subscribe payments")).text
    await erin.type("/incident subscribe checkout")
    await carol.type(START)
    await house.until_quiet()
    await erin.type("/incident subscribe INC-1")
    await alice.type("/incident update INC-1 we call the provider")
    await alice.type("/incident mitigate INC-1 rollback bad deploy")
    await alice.type("/incident resolve INC-1 over")
    await house.until_quiet()
    for words in ("declared sev2", "we call the provider", "mitigated it (rollback)", "resolved it"):
        assert len(told(house, "erin", words)) == 1, words
    assert told(house, "carol", "INC-1") == []


async def test_one_tap_on_the_announcement_subscribes_and_one_below_the_message_ends_it(house: House) -> None:
    erin, alice = house.slack.people["erin"], house.slack.people["alice"]
    await house.slack.people["carol"].type(START)
    await house.until_quiet()
    await erin.press("Subscribe", in_="incidents")
    await house.until_quiet()
    assert any("You are told of INC-1 by direct message" in seen.text for seen in erin.sees("incidents"))
    await alice.type("/incident update INC-1 first")
    await house.until_quiet()
    await erin.press("Unsubscribe from INC-1", in_=erin.dm)
    await house.until_quiet()
    assert any("no longer told of INC-1" in seen.text for seen in erin.dms())
    await alice.type("/incident update INC-1 second")
    await house.until_quiet()
    assert len(told(house, "erin", "first")) == 1
    assert told(house, "erin", "second") == []


async def test_what_is_unknown_is_refused_with_what_to_type(house: House) -> None:
    erin = house.slack.people["erin"]
    assert "Did you mean checkout?" in (await erin.type("/incident subscribe chekout")).text
    assert "There is no incident INC-9" in (await erin.type("/incident subscribe INC-9")).text
    assert "say which" in (await erin.type("/incident subscribe")).text
    assert "You have not subscribed to checkout" in (await erin.type("/incident unsubscribe checkout")).text


async def test_news_stand_in_the_announcement_s_thread_and_the_end_in_the_channel_itself(
    house: House,
) -> None:
    alice = house.slack.people["alice"]
    await house.slack.people["carol"].type(START)
    await house.until_quiet()
    await alice.type("/incident note INC-1 nobody waits for this")
    await alice.type("/incident update INC-1 we call the provider")
    await alice.type("/incident resolve INC-1 over")
    await house.until_quiet()
    announcement, *replies = of_us(house.slack, "incidents")
    assert [visible_text(r).split(" ", 1)[1] for r in replies] == [
        "Update by Alice: we call the provider",
        "Alice resolved it: over",
    ]
    assert {r.thread_ts for r in replies} == {announcement.ts}
    assert [r.broadcast for r in replies] == [False, True]


async def test_a_private_incident_reaches_nobody_who_may_not_see_it(house: House) -> None:
    erin, alice = house.slack.people["erin"], house.slack.people["alice"]
    dana = house.slack.people["dana"]
    for person in (erin, dana):
        await person.type("/incident subscribe payments")
    await house.slack.people["carol"].type(START)
    await house.until_quiet()
    await erin.type("/incident subscribe INC-1")
    async with house.bot.world.db.transaction() as session:
        await session.exec(update(Incident).where(col(Incident.id) == 1).values(private=True))
    await alice.type("/incident update INC-1 the key was stolen")
    await house.until_quiet()
    assert len(told(house, "dana", "the key was stolen")) == 1, "the team's lead may see it"
    assert told(house, "erin", "the key was stolen") == []
    assert not any("stolen" in visible_text(m) for m in of_us(house.slack, "incidents") if m.is_reply)
    assert "There is no incident INC-1" in (await erin.type("/incident subscribe INC-1")).text
    assert "no longer told" in (await erin.type("/incident unsubscribe INC-1")).text


async def test_whoever_leaves_the_company_is_told_nothing_more(house: House) -> None:
    erin, alice = house.slack.people["erin"], house.slack.people["alice"]
    await erin.type("/incident subscribe payments")
    await erin.deactivate()
    await house.until_quiet()
    await house.slack.people["carol"].type(START)
    await alice.type("/incident update INC-1 we call the provider")
    await settled(house)
    assert not [c for c in house.slack.calls_of("chat.postMessage") if c.args.get("channel") == erin.id]


async def test_a_test_incident_is_nobody_s_business_but_theirs_who_asked_for_it(house: House) -> None:
    erin, alice = house.slack.people["erin"], house.slack.people["alice"]
    await erin.type("/incident subscribe payments")
    await house.slack.people["carol"].type(START)
    async with house.bot.world.db.transaction() as session:
        await session.exec(update(Incident).where(col(Incident.id) == 1).values(test=True))
    await alice.type("/incident update INC-1 only a drill")
    await house.until_quiet()
    assert told(house, "erin", "only a drill") == []


async def test_a_lost_answer_a_restart_and_a_429_double_nothing(house: House) -> None:
    erin, alice = house.slack.people["erin"], house.slack.people["alice"]
    await erin.type("/incident subscribe payments")
    await house.slack.people["carol"].type(START)
    await house.until_quiet()

    def to_erin(args: object) -> bool:
        return isinstance(args, dict) and args.get("channel") == erin.id

    house.slack.fail("chat.postMessage", Fault.RATE_LIMITED, times=1, when=to_erin)
    await alice.type("/incident update INC-1 we call the provider")
    await house.restart()
    await settled(house)
    assert len(told(house, "erin", "we call the provider")) == 1


async def test_five_hundred_subscribers_are_all_told_and_no_page_waits_for_them(
    url: str, tmp_path: Path
) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        slack, carol = house.slack, house.slack.people["carol"]
        async with house.bot.world.db.transaction() as session:
            for n in range(500):
                person = slack.person(f"reader{n}")
                await store.subscribe(session, "payments", person.id, house.clock())
        slack.latency = 0.05
        await carol.type(START)
        await slack.until(lambda: slack.people["alice"].dms())
        await slack.until(lambda: slack.people["reader3"].dms() or slack.people["reader77"].dms(), within=10)
        before = len(slack.calls_of("chat.postMessage"))
        await carol.type("/incident start finder sev1 search is down")
        await slack.until(lambda: slack.people["erin"].dms(), within=1.0)
        assert len(slack.calls_of("chat.postMessage")) - before < 60, "the page went before those who wait"
        await settled(house, within=60)
        assert all(
            len([dm for dm in slack.people[f"reader{n}"].dms() if "INC-1" in dm.text]) == 1
            for n in range(500)
        )
