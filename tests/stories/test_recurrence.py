"""It broke before: asked in the channel, confirmed with a tap, and the item that should have prevented it hears of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot import store
from bot.models import Recurrence, RecurrenceState
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import lines, of_us, settled
from tests.stories.test_alerts import firing, monitored, over, taken

POOL = "the pool of database connections was exhausted by a slow report"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


@pytest.fixture
async def each(tmp_path: Path, url: str) -> AsyncIterator[House]:
    """On each database."""
    async with workspace(tmp_path, url, Clock(ticks=True)) as found:
        yield found


async def broke(house: House, words: str, *, resolve: str | None = POOL, items: tuple[str, ...] = ()) -> str:
    """An incident of carol's that is over, unless `resolve` is None; its channel's name."""
    carol = house.slack.people["carol"]
    said = await carol.type(f"/incident start {words}")
    key = said.text.split()[0]
    await house.until_quiet()
    for item in items:
        await carol.type(f"/incident action {key} {item}")
    if resolve is not None:
        await carol.type(f"/incident resolve {key} {resolve}")
    await house.until_quiet()
    channels = house.slack.workspace.channels.values()
    return next(c.name for c in channels if c.name.startswith(f"{key.lower()}-"))


def questions(house: House, channel: str) -> list[str]:
    return [
        text
        for message in of_us(house.slack, channel)
        if "Did this break before?" in (text := visible_text(message))
    ]


async def rows(house: House) -> list[Recurrence]:
    async with house.bot.world.db.reading() as session:
        return list((await session.exec(select(Recurrence).order_by(Recurrence.id))).all())  # type: ignore[arg-type]


async def close(house: House, issue: str) -> None:
    """The item is done, here and in Jira."""
    await house.slack.people["carol"].type(f"/incident action INC-1 done {issue}")
    await settled(house)
    assert house.jira.issues[issue].status == "Done"


async def test_the_channel_is_asked_after_its_headline_and_a_tap_raises_the_open_item(each: House) -> None:
    house = each
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch for the slow report",))
    house.forward(days=60)
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    said = [visible_text(m) for m in of_us(house.slack, channel)]
    head = next(n for n, text in enumerate(said) if "Status:" in text)
    ask = next(n for n, text in enumerate(said) if "Did this break before?" in text)
    assert head < ask
    assert f"Similar to INC-1 in November: {POOL}. PAY-1 (switches) is still open." in said[ask]
    alice = house.slack.people["alice"]
    await alice.join(channel)
    await alice.press("Same cause", in_=channel)
    await alice.press_again()
    await house.until_quiet()
    [row] = await rows(house)
    assert (row.state, row.by, row.how) == (RecurrenceState.CONFIRMED, "alice", "text")
    told = "second time; PAY-1 (switches) is still open"
    here, there = await lines(house, "INC-2"), await lines(house)
    assert here.count(f"Alice says that it has the same cause as INC-1: {told}") == 1
    assert there.count(f"Alice says that it came back in INC-2: {told}") == 1
    [comment] = house.jira.issues["PAY-1"].comments
    assert "It broke again (second time): INC-2 “cards time out”, sev2, began 2027-01-23" in comment
    assert f"with the same cause as INC-1 of 2026-11-24, says Alice. Cause: {POOL}." in comment
    assert house.jira.issues["PAY-1"].status == "To Do"
    assert "The same cause, says Alice" in questions(house, channel)[0]
    pinned = visible_text(house.slack.channel_named(channel).pins[0])
    assert f"Same cause as INC-1 ({POOL}): second time; PAY-1 (switches) is still open" in pinned
    shown = await house.shown("INC-2")
    assert shown["jobs"]["failed"] == 0
    [known] = shown["recurrences"]
    assert (known["key"], known["later"], known["time"], known["by"]) == ("INC-1", False, 2, "alice")
    [back] = (await house.shown("INC-1"))["recurrences"]
    assert (back["key"], back["later"]) == ("INC-2", True)
    card = await alice.type("/incident show INC-1")
    assert "It came back in INC-2" in card.text


async def test_what_was_closed_and_should_have_prevented_it_is_opened_again_in_both(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("monitoring alert on the pool",))
    await close(house, "PAY-1")
    house.forward(days=100)
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    assert (
        "PAY-1 (monitoring) was closed in November and should have prevented this"
        in questions(house, channel)[0]
    )
    carol = house.slack.people["carol"]
    said = await carol.type("/incident same INC-1", in_=channel)
    assert "PAY-1 (monitoring) is open again" in said.text
    await settled(house)
    issue = house.jira.issues["PAY-1"]
    assert issue.status != "Done"
    assert len(issue.comments) == 1
    [item] = (await house.shown("INC-1"))["actions"]
    assert item["state"] == "open"
    async with house.bot.world.db.reading() as session:
        row = await store.action(session, item["id"])
    assert row is not None
    assert (row.reopened, row.closed_at, row.closed_by) == (1, None, "")
    back = "PAY-1 (monitoring) had been done and should have prevented this; it is open again"
    assert back in visible_text(house.slack.channel_named(channel).pins[0])
    assert back in (await carol.type("/incident postmortem INC-2")).text
    assert "was done and should have prevented it" in (await carol.type("/incident digest")).text
    assert "although done 1" in (await carol.type("/incident report payments")).text
    assert "“alert on the pool” is open again, says carol" in await lines(house)


async def test_the_third_time_counts_all_that_are_joined(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    carol = house.slack.people["carol"]
    await broke(house, "checkout sev2 cards time out again")
    await carol.type("/incident same INC-2 INC-1")
    await house.until_quiet()
    channel = await broke(house, "checkout sev2 nobody can pay by card", resolve=None)
    said = await carol.type("/incident same INC-2", in_=channel)
    assert said.text.startswith(
        "INC-3 has the same cause as INC-2: third time; PAY-1 (switches) is still open."
    )
    await house.until_quiet()
    assert len(house.jira.issues["PAY-1"].comments) == 2


async def test_not_the_same_is_remembered_and_either_word_can_be_taken_back(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol = house.slack.people["carol"]
    await carol.press("Not the same", in_=channel)
    await house.until_quiet()
    assert [row.state for row in await rows(house)] == [RecurrenceState.DENIED]
    assert "same cause" not in await lines(house, "INC-2")
    assert "Not the same, says carol" in questions(house, channel)[0]
    await carol.press("Same cause", in_=channel)
    await house.until_quiet()
    assert [row.state for row in await rows(house)] == [RecurrenceState.CONFIRMED]
    said = await carol.type("/incident notsame INC-1", in_=channel)
    assert "PAY-1 is told so, and its priority goes back unless somebody has set it since." in said.text
    await house.until_quiet()
    assert [row.state for row in await rows(house)] == [RecurrenceState.DENIED]
    for key, other in (("INC-1", "INC-2"), ("INC-2", "INC-1")):
        assert f"does not have the same cause as {other} after all" in await lines(house, key)
        assert (await house.shown(key))["recurrences"] == []
    assert len(house.jira.issues["PAY-1"].comments) == 2


PRIORITY = "PAY-1 went from priority"


async def test_the_issue_that_is_still_open_goes_up_one_priority_and_back(each: House) -> None:
    house = each
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol, issue = house.slack.people["carol"], house.jira.issues["PAY-1"]
    said = await carol.type("/incident same INC-1", in_=channel)
    assert "PAY-1 is told of it, one priority higher where its project allows that." in said.text
    await settled(house)
    assert issue.priority == "High"
    assert [comment.endswith("The priority went from Medium to High.") for comment in issue.comments] == [
        True
    ]
    assert f"{PRIORITY} Medium to High in Jira" in await lines(house, "INC-2")
    await carol.type("/incident notsame INC-1", in_=channel)
    await settled(house)
    assert issue.priority == "Medium"
    back = "INC-2 does not have the same cause as INC-1 after all, says carol. The priority went from High to Medium."
    assert issue.comments[1:] == [back]
    assert f"{PRIORITY} High to Medium in Jira" in await lines(house, "INC-2")
    await carol.type("/incident same INC-1", in_=channel)
    await settled(house)
    assert (issue.priority, len(issue.comments)) == ("High", 3)


async def test_a_priority_that_somebody_has_set_since_stays(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol, issue = house.slack.people["carol"], house.jira.issues["PAY-1"]
    await carol.type("/incident same INC-1", in_=channel)
    await settled(house)
    house.jira.edit("PAY-1", priority="Low")
    await carol.type("/incident notsame INC-1", in_=channel)
    await settled(house)
    assert issue.priority == "Low"
    assert issue.comments[-1].endswith("The priority stays as somebody has set it since.")


@pytest.mark.parametrize("priorities", [[], ["Medium", "Low"], ["Blocker", "Trivial"]])
async def test_where_there_is_no_higher_priority_the_issue_is_told_all_the_same(
    house: House, priorities: list[str]
) -> None:
    house.jira.projects["PAY"].priorities = priorities
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    await house.slack.people["carol"].type("/incident same INC-1", in_=channel)
    await settled(house)
    issue = house.jira.issues["PAY-1"]
    assert issue.priority == "Medium"
    assert "The priority" not in issue.comments[0]
    assert PRIORITY not in await lines(house, "INC-2")
    assert (await house.shown("INC-2"))["jobs"]["failed"] == 0


async def test_a_refused_priority_fails_no_job(house: House) -> None:
    house.jira.projects["PAY"].refuses = {"priority": "Field 'priority' cannot be set."}
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    await house.slack.people["carol"].type("/incident same INC-1", in_=channel)
    await settled(house)
    issue = house.jira.issues["PAY-1"]
    assert (issue.priority, len(issue.comments)) == ("Medium", 1)
    assert (await house.shown("INC-2"))["jobs"]["failed"] == 0


async def test_a_lost_answer_raises_the_priority_once(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    house.jira.fail("PUT /rest/api/3/issue/PAY-1", "lost")
    await house.slack.people["carol"].type("/incident same INC-1", in_=channel)
    await settled(house, within=30)
    issue = house.jira.issues["PAY-1"]
    assert (issue.priority, len(issue.comments)) == ("High", 1)
    assert "The priority went from Medium to High." in issue.comments[0]


async def test_at_resolve_the_written_cause_finds_what_another_service_had(house: House) -> None:
    await broke(house, "finder sev3 search is slow", resolve="an expired certificate of the vault proxy")
    channel = await broke(house, "checkout sev2 card payments fail", resolve=None)
    assert questions(house, channel) == []
    carol = house.slack.people["carol"]
    await carol.type("/incident resolve INC-2 the certificate of the vault proxy had expired")
    await house.until_quiet()
    [asked] = questions(house, channel)
    assert (
        "Similar to INC-1 today: an expired certificate of the vault proxy. No action item came of it."
        in asked
    )
    assert [row.how for row in await rows(house)] == ["text"]


async def test_a_cause_that_is_written_later_is_looked_at_too(each: House) -> None:
    house = each
    await broke(house, "finder sev3 search is slow", resolve="an expired certificate of the vault proxy")
    channel = await broke(house, "checkout sev2 card payments fail", resolve="")
    assert questions(house, channel) == []
    carol = house.slack.people["carol"]
    await carol.type("/incident cause INC-2 nobody renewed the certificate of the vault proxy")
    await carol.type("/incident cause INC-2 the certificate of the vault proxy was not renewed")
    await house.until_quiet()
    [asked] = questions(house, channel)
    assert "Similar to INC-1 today: an expired certificate of the vault proxy." in asked
    assert asked.count("INC-1") == 1


async def test_nothing_is_said_where_nothing_is_similar(house: House) -> None:
    await broke(house, "finder sev3 search is slow", resolve="an expired certificate")
    channel = await broke(house, "checkout sev2 card payments fail", resolve="a bad deploy of the basket")
    assert questions(house, channel) == []
    assert await rows(house) == []


async def test_the_same_alert_is_told_as_such_and_still_waits_for_a_person(tmp_path: Path) -> None:
    async with monitored(tmp_path) as house:
        alice = house.slack.people["alice"]
        await taken(house, firing("PoolExhausted", severity="critical"))
        await taken(house, over("PoolExhausted"))
        await alice.type(f"/incident resolve INC-1 {POOL}")
        await broke(house, "checkout sev3 the logo is wrong", resolve="a bad picture")
        house.forward(days=3)
        again = "2026-11-27T11:58:00Z"
        await taken(house, firing("PoolExhausted", severity="critical", startsAt=again))
        [channel] = [c.name for c in house.slack.workspace.channels.values() if c.name.startswith("inc-3-")]
        [asked] = questions(house, channel)
        assert f"The same alert fired in INC-1 on 24 November: {POOL}." in asked
        assert asked.index("INC-1") < asked.index("INC-2")
        found = {row.earlier_id: row for row in await rows(house)}
        assert (found[1].how, found[1].state) == ("alert", RecurrenceState.SUGGESTED)
        assert found[1].because == "same alert: PoolExhausted is bad"


async def test_once_somebody_has_confirmed_one_nobody_is_asked_again(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail")
    await broke(house, "finder sev3 search is slow", resolve="an expired certificate of the vault proxy")
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol = house.slack.people["carol"]
    await carol.type("/incident same INC-1", in_=channel)
    await carol.type("/incident resolve INC-3 the certificate of the vault proxy had expired")
    await house.until_quiet()
    assert len(questions(house, channel)) == 1
    assert {row.earlier_id for row in await rows(house)} == {1}


async def test_private_incidents_and_tests_take_no_part(house: House) -> None:
    await broke(house, "--private checkout sev2 card payments fail")
    await broke(house, "--test checkout sev2 card payments fail")
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    assert questions(house, channel) == []
    assert await rows(house) == []
    carol = house.slack.people["carol"]
    assert "INC-1 is private" in (await carol.type("/incident same INC-1", in_=channel)).text
    assert "INC-2 is a test" in (await carol.type("/incident same INC-2", in_=channel)).text
    erin = house.slack.people["erin"]
    assert "There is no incident INC-1" in (await erin.type("/incident same INC-3 INC-1")).text
    assert "There is no incident INC-99" in (await carol.type("/incident same INC-99", in_=channel)).text
    assert "Say as which" in (await carol.type("/incident same", in_=channel)).text
    assert "can't come back as itself" in (await carol.type("/incident same INC-3", in_=channel)).text


async def test_one_that_became_private_is_named_no_more(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail")
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol = house.slack.people["carol"]
    await carol.type("/incident same INC-1", in_=channel)
    await house.until_quiet()
    await carol.type("/incident private INC-1")
    await house.until_quiet()
    assert (await house.shown("INC-2"))["recurrences"] == []
    assert POOL not in (await carol.type("/incident show INC-2")).text


async def test_what_jira_was_told_of_one_that_became_private_is_said_to_stay(each: House) -> None:
    house = each
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    carol = house.slack.people["carol"]
    await carol.type("/incident same INC-1", in_=channel)
    await house.until_quiet()
    await carol.type("/incident private INC-2")
    await settled(house)
    assert "Still open: a comment on PAY-1 in Jira" in await lines(house, "INC-2")
    assert any("a comment on PAY-1 in Jira" in dm.text for dm in carol.dms())
    assert (await house.shown("INC-1"))["recurrences"] == []


async def test_the_later_one_is_named_first(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail")
    await broke(house, "checkout sev2 cards time out")
    carol = house.slack.people["carol"]
    refused = await carol.type("/incident same INC-1 INC-2")
    assert "INC-2 began after INC-1: `/incident same INC-2 INC-1` says that it came back" in refused.text


async def test_a_jira_that_is_away_hears_of_it_once_later(house: House) -> None:
    await broke(house, "checkout sev2 card payments fail", items=("switches a switch",))
    channel = await broke(house, "checkout sev2 cards time out", resolve=None)
    house.jira.fail("POST /rest/api/3/issue/PAY-1/comment", "lost")
    await house.slack.people["carol"].type("/incident same INC-1", in_=channel)
    await settled(house, within=30)
    assert len(house.jira.issues["PAY-1"].comments) == 1
