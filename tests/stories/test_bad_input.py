"""Whatever people type: a clear sentence, the words kept as they were meant, and nobody pinged by them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox.blockkit import problems, repeated_action_ids
from bot.sandbox.rendering import pings, visible_text
from bot.sandbox.slack import Slack
from tests.stories.conftest import House
from tests.stories.looking import everything_said, lines, settled, today

MALICE = {
    "a channel": "@channel @here @everyone look",
    "a person": "@dana look",
    "a group": "@ops look",
    "the bot's own words for a channel": "<!channel> <!here> <!everyone|x> look",
    "the bot's own words for a group": "<!subteam^S0123456|ops> look",
    "a disguised link": "<https://evil.example|your runbook> look",
    "escaped twice": "&lt;!channel&gt; &amp;lt;!here&amp;gt; look",
    "a script": "<script>alert(1)</script> look",
    "mark-up": "*bold* _it_ ~no~ `code` ```block``` > quote look",
}
"""What is typed. Slack itself turns the first three into `<!channel>`, `<@U…>` and `<!subteam^…>` on the way."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with today(tmp_path) as found:
        yield found
        await settled(found)
        judged(found.slack)


def judged(slack: Slack) -> None:
    """What the bot said in this story keeps Slack's limits, has no action id twice, and pings nobody."""
    for message in everything_said(slack):
        assert problems(message.blocks) == [], visible_text(message)
        assert repeated_action_ids(message.blocks) == [], visible_text(message)
        assert not pings(message), message.text


async def start(house: House, title: str = "card payments fail") -> str:
    """An incident of checkout, and the name of its channel."""
    answer = await house.slack.people["carol"].type(f"/incident start checkout sev2 {title}")
    assert "INC-1 started" in answer.text
    await settled(house)
    return str((await house.shown())["channel"]["name"])


# ---- words that would ping -------------------------------------------------------------------


@pytest.mark.parametrize("words", list(MALICE.values()), ids=list(MALICE))
async def test_no_words_of_people_ping_anybody(house: House, words: str) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    slack.user_group("ops", [alice])
    channel = await start(house, words)
    for command in ("update", "note", "title", "status identified", "mitigate switch", "lead", "action"):
        answer = await carol.type(f"/incident {command} {words}", in_=channel)
        assert answer.error is None
        assert answer.text
    await alice.type(f"/incident decline {words}", in_=channel)
    await carol.type(f"/incident page @bob {words}", in_=channel)
    await carol.type(f"/incident escalate {words}", in_=channel)
    await carol.type(f"/incident resolve {words}", in_=channel)
    await carol.type(f"/incident reopen {words}", in_=channel)
    for command in ("actions", "timeline", "show", "list", "postmortem"):
        assert "look" in (await carol.type(f"/incident {command}", in_=channel)).text
    await carol.type(f"/incident cancel {words}", in_=channel)
    for command in (
        "start",
        words,
        f"service {words}",
        f"page {words}",
        f"severity {words}",
        f"help {words}",
    ):
        assert (await carol.type(f"/incident {command}", in_=channel)).text
    assert (await carol.type(f"/oncall {words}", in_=channel)).text
    await settled(house)
    assert "look" in (await house.shown())["title"]
    assert "script" not in words or "<script>alert(1)</script>" in (await house.shown())["title"]


async def test_text_comes_back_as_it_was_typed(house: House) -> None:
    """Slack encodes &, < and > on the way in; nobody ever reads `&amp;`."""
    slack = house.slack
    channel = await start(house, "p99 > 5s & cache < 10% for R&D &amp; co")
    await slack.people["carol"].type("/incident action switches turn off A&B < now >", in_=channel)
    await settled(house)
    shown = await house.shown()
    assert shown["title"] == "p99 > 5s & cache < 10% for R&D &amp; co"
    assert "p99 > 5s & cache < 10% for R&D" in visible_text(slack.channel_named(channel).pins[0])
    assert "p99 > 5s & cache < 10% for R&D &amp; co" in slack.people["alice"].dms()[0].text
    assert house.jira.issues["PAY-1"].summary == "turn off A&B < now >"


# ---- long and strange titles -----------------------------------------------------------------


async def test_a_title_of_five_thousand_characters_is_cut_and_the_rest_kept(house: House) -> None:
    long = " ".join(f"word{n}" for n in range(700))[:5000]
    await start(house, long)
    shown = await house.shown()
    assert len(shown["title"]) <= 200
    assert shown["title"].endswith("…")
    assert long[-40:] in await lines(house)
    assert house.slack.people["alice"].dms()


@pytest.mark.parametrize(
    "title",
    [
        "🔥🔥🔥",
        "x" * 5000,
        "🔥" * 5000,
        "الدفع لا يعمل على الموقع",
        "‮payments‬ fail",
        "支付失败",
        "Zahlung schlägt fehl äöü ß",
        "inc-1",
        "`code` and \"quotes\" and 'more' \\ / %s {0} {title}",
        "null\x00byte",
    ],
    ids=[str(n) for n in range(10)],
)
async def test_a_strange_title_opens_a_channel_and_goes_everywhere(house: House, title: str) -> None:
    slack = house.slack
    channel = await start(house, title)
    assert channel.startswith("inc-1")
    assert slack.channel_named(channel).pins
    assert len(slack.people["alice"].dms()) == 1
    await slack.people["carol"].type(f"/incident action switches {title} again", in_=channel)
    await settled(house)
    shown = await house.shown()
    assert shown["jobs"]["failed"] == 0
    assert shown["actions"][0]["jira"] == "PAY-1"


async def test_an_update_that_is_too_long_is_refused_with_its_length(house: House) -> None:
    channel = await start(house)
    answer = await house.slack.people["carol"].type("/incident update " + "y" * 3001, in_=channel)
    assert "3001 characters; at most 3000" in answer.text
    await house.slack.people["carol"].type("/incident update " + "&" * 3000, in_=channel)
    await settled(house)
    assert "&" * 3000 in await lines(house)


# ---- what nobody knows -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("strat checkout is down", "did you mean `/incident start"),
        ("xyzzy", "`/incident help` lists what there is"),
        ("help xyzzy", "no subcommand “xyzzy”: `/incident help` lists what there is"),
        ("help mitigat", "no subcommand “mitigat”: did you mean `mitigate`?"),
        ("update INC-1", "The update is empty"),
        ("note INC-1", "is empty"),
        ("note INC-1 25:99 it broke", "25:99 is not a time"),
        ("note INC-1 24:00 it broke", "24:00 is not a time"),
        ("severity INC-1 sev9", "“sev9” is no severity"),
        ("status INC-1 great", "“great” is no status"),
        ("mitigate INC-1 prayer", "use one of"),
        ("service INC-1 chekout", "Did you mean checkout?"),
        ("service INC-1 zzz", "no service or team “zzz”"),
        ("page INC-1 nobody-i-know", "is no person, team or service"),
        ("page INC-1", "Say whom"),
        ("lead INC-1 @nobody", "is nobody I know"),
        ("lead INC-1 somebody", "is nobody I know"),
        ("action INC-1", "Say what is to be done"),
        ("action INC-1 fix it due tomorrowish", "is no date"),
        ("action INC-1 fix it due 2020-01-01", "is in the past"),
        ("action INC-1 fix it @nobody", "nobody in the catalog"),
        ("update INC-99 hello", "There is no incident INC-99"),
        ("update INC-999999999 hello", "There is no incident INC-999999999"),
        ("duplicate INC-1 INC-1", "INC-1"),
        ("duplicate", "Say of which"),
        ("duplicate INC-1 INC-77", "no incident INC-77"),
        ("help xyzzy", "no subcommand"),
        ("resolve", "say which"),
    ],
)
async def test_what_can_not_be_is_answered_with_what_to_type(house: House, typed: str, says: str) -> None:
    await start(house)
    before = await house.shown()
    answer = await house.slack.people["erin"].type(f"/incident {typed}", in_="general")
    assert answer.error is None
    assert says in answer.text
    await settled(house)
    assert await house.shown() == before, "a refusal leaves no trace"


async def test_a_command_without_a_key_asks_which_of_two(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    await start(house)
    await carol.type("/incident start checkout baskets are empty")
    await settled(house)
    answer = await alice.type("/incident ack", in_="general")
    assert "INC-1" in answer.text
    assert "INC-2" in answer.text
    assert "/incident ack INC-1" in answer.text or "/incident ack INC-2" in answer.text
    assert {p["state"] for p in (await house.shown())["pages"]} == {"sent"}
    answer = await alice.type("/incident ack INC-2", in_="general")
    assert "You have INC-2" in answer.text


# ---- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "typed", "at"),
    [
        ("2026-07-01T00:30", "01:10", "2026-07-01T00:10:00Z"),
        ("2026-07-01T00:30", "01:40", "2026-06-30T00:40:00Z"),
        ("2026-07-01T00:30", "23:50", "2026-06-30T22:50:00Z"),
        ("2026-03-29T00:50", "01:30", "2026-03-28T01:30:00Z"),
        ("2026-10-25T00:50", "01:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25T09:00", "01:30", "2026-10-25T01:30:00Z"),
    ],
)
async def test_a_note_takes_the_last_such_time_and_never_one_to_come(
    house: House, now: str, typed: str, at: str
) -> None:
    """In London, in summer time, and on the nights when the clocks change."""
    house.clock.set(datetime.fromisoformat(now).replace(tzinfo=UTC))
    channel = await start(house)
    answer = await house.slack.people["carol"].type(f"/incident note {typed} it began", in_=channel)
    assert f"at {typed} (Europe/London)" in answer.text
    assert [line["at"] for line in (await house.shown())["timeline"] if line["kind"] == "noted"] == [at]


async def test_a_time_that_the_clocks_went_over_is_refused(house: House) -> None:
    house.clock.set(datetime(2026, 3, 29, 9, 0, tzinfo=UTC))
    channel = await start(house)
    answer = await house.slack.people["carol"].type("/incident note 01:30 it began", in_=channel)
    assert "01:30 did not exist on 2026-03-29 in Europe/London" in answer.text
    assert "noted" not in [line["kind"] for line in (await house.shown())["timeline"]]
