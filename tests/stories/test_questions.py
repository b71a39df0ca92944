"""What is asked when an incident is over: a tap each, skippable, once again the next working morning, and then never."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import running
from bot.config import load
from bot.core import Refused
from bot.core.jobs import WrapUp
from bot.core.questions import Question
from bot.flows import Asking, questions
from bot.models import Incident
from bot.sandbox.rendering import visible_text
from bot.sandbox.screen import Seen
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

CHANNEL = "inc-1-card-payments-fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


async def resolved(house: House, *, mitigate: str = "") -> None:
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    await carol.type("/incident start checkout sev3 card payments fail")
    await house.until_quiet()
    await alice.type("/incident ack INC-1")
    if mitigate:
        await alice.type(f"/incident mitigate INC-1 {mitigate}")
    await alice.type("/incident resolve INC-1")
    await house.until_quiet()


async def row(house: House) -> Incident:
    async with house.bot.world.db.reading() as session:
        found = await session.get(Incident, 1)
    assert found is not None
    return found


def asked(house: House, where: str = CHANNEL) -> Seen:
    """The message that asks, as Alice sees it."""
    alice = house.slack.people["alice"]
    place = alice.dm if where == "dm" else where
    marks = ("is over.", "skipped", "Thank you")
    return [seen for seen in alice.sees(place) if any(mark in seen.text for mark in marks)][-1]


async def test_three_taps_say_what_stopped_it_what_that_took_and_who_noticed(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    assert "What stopped it?" in asked(house).text
    assert f"<@{alice.id}>" in asked(house).message.text
    assert "A rollback" in asked(house).buttons
    await alice.press("A rollback", on=asked(house))
    await house.until_quiet()
    assert "What did that take?" in asked(house).text
    await alice.press("A redeploy", on=asked(house))
    await house.until_quiet()
    assert "Who noticed first?" in asked(house).text
    await alice.press("A customer", on=asked(house))
    await house.until_quiet()
    assert "Thank you" in asked(house).text
    assert "noticed first by a customer" in asked(house).text
    incident = await row(house)
    assert (incident.mitigation_kind, incident.took, incident.noticed) == ("rollback", "redeploy", "customer")
    texts = [line["text"] for line in (await house.shown())["timeline"]]
    assert "Alice: what stopped it was a rollback" in texts
    assert "Alice: stopping it took a redeploy" in texts
    assert "Alice: a customer noticed it first" in texts


async def test_what_was_said_already_is_not_asked(house: House) -> None:
    await resolved(house, mitigate="switch fraud check off")
    assert "What did that take?" in asked(house).text


async def test_a_late_tap_changes_nothing_and_a_double_one_neither(house: House) -> None:
    await resolved(house)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    first = asked(house)
    await bob.join(CHANNEL)
    await alice.press("A rollback", on=first)
    await alice.press_again()
    await house.until_quiet()
    events = [line for line in (await house.shown())["timeline"] if line["kind"] == "stopped_said"]
    assert len(events) == 1
    # Bob's screen has not caught up: the question that he answers is answered since.
    late = Asking(id="late", by=bob.id, incident="INC-1")
    with pytest.raises(Refused, match="has an answer already: a rollback"):
        await questions.answer(house.bot.world, late, Question.STOPPED, "deploy", late=True)
    assert (await row(house)).mitigation_kind == "rollback"


async def test_words_do_what_taps_do_and_may_put_an_answer_right(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    assert "a redeploy" in (await alice.type("/incident took INC-1 redeploy")).text
    assert "a flag" in (await alice.type("/incident took INC-1 flag")).text
    assert "use one of nothing, flag" in (await alice.type("/incident took INC-1 magic")).text
    assert "a monitor" in (await alice.type("/incident noticed INC-1 monitor")).text
    assert "is mitigated (restart)" in (await alice.type("/incident mitigate INC-1 restart the pool")).text
    await house.until_quiet()
    assert "Thank you" in asked(house).text
    incident = await row(house)
    assert (incident.status, incident.took, incident.mitigation_text) == ("resolved", "flag", "the pool")


async def test_a_question_can_be_skipped_and_is_asked_once_again_and_then_never(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    for _ in range(3):
        await alice.press("Skip", on=asked(house))
        await house.until_quiet()
    assert "3 of 3 questions skipped" in asked(house).text
    assert "once more on the next working morning" in asked(house).text
    assert (await house.shown())["timeline"][-1]["kind"] != "stopped_said"

    # Tuesday noon: Wednesday at nine in London.
    house.clock.set(datetime(2026, 11, 25, 8, 59, tzinfo=UTC))
    await house.until_quiet()
    assert not any("is over." in dm.text for dm in alice.dms())
    house.clock.set(datetime(2026, 11, 25, 9, 0, 1, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    assert "What stopped it?" in asked(house, "dm").text
    await alice.press("A restart", on=asked(house, "dm"))
    await house.until_quiet()
    assert "What did that take?" in asked(house, "dm").text
    assert "What did that take?" in asked(house).text
    for _ in range(2):
        await alice.press("Skip", on=asked(house, "dm"))
        await house.until_quiet()
    assert "2 of 3 questions skipped" in asked(house, "dm").text
    assert "once more" not in asked(house, "dm").text
    count = len(alice.dms())
    house.forward(days=10)
    await house.until_quiet()
    assert not [dm for dm in alice.dms()[count:] if "is over." in dm.text]


async def test_a_weekend_passes_in_peace(house: House) -> None:
    house.clock.set(datetime(2026, 11, 27, 17, tzinfo=UTC))
    await resolved(house)
    alice = house.slack.people["alice"]
    house.clock.set(datetime(2026, 11, 29, 20, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    assert not any("is over." in dm.text for dm in alice.dms())
    house.clock.set(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    assert "What stopped it?" in asked(house, "dm").text


async def test_one_message_asks_everything_and_is_asked_once_more(house: House) -> None:
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    await carol.type("/incident start checkout sev3 card payments fail")
    await carol.type("/incident resolve INC-1 the pool of connections was exhausted by a slow report")
    await house.until_quiet()
    house.forward(days=7)
    await carol.type("/incident start finder sev3 pages are blank")
    await house.until_quiet()
    place = "inc-2-pages-are-blank"
    for words in ("ERROR null ERROR null", "ERROR of nothing"):
        await carol.react("mute", await carol.say(words, in_=place))
    await house.until_quiet()
    await carol.type("/incident resolve a slow report had exhausted the pool of connections", in_=place)
    await house.until_quiet()

    def ours() -> list[Seen]:
        return [seen for seen in carol.sees(place) if "Did this break before?" in seen.text]

    after = [seen.text for seen in carol.sees(place) if "INC-2 pages are blank is over." in seen.text]
    assert len(after) == len(ours()) == 1
    for asks in ("*What stopped it?*", "2 candidates wait", "Similar to INC-1"):
        assert asks in ours()[0].text
    assert "Similar to INC-1" in ours()[0].message.text, "the notification says it too"

    for tap in ("A restart", "Make it an action item", "Same cause"):
        await carol.press(tap, on=ours()[0])
        await house.until_quiet()
    text = ours()[0].text
    for said in ("*What did that take?*", "An action item: Useless noise", "The same cause, says carol"):
        assert said in text
    assert "A candidate waits" in text

    house.clock.set(datetime(2026, 12, 2, 9, 1, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    again = [dm for dm in carol.dms() if "INC-2" in dm.text and "is over." in dm.text]
    assert len(again) == 1
    for asks in ("*What did that take?*", "A candidate waits"):
        assert asks in again[0].text
    assert alice.mention not in again[0].message.text
    for tap in ("A flag", "A customer", "Drop it"):
        now = [dm for dm in carol.dms() if "INC-2" in dm.text and "is over." in dm.text]
        await carol.press(tap, on=now[0])
        await house.until_quiet()
    for seen in (ours()[0], next(dm for dm in carol.dms() if "Dropped: " in dm.text)):
        assert "Thank you" in seen.text
        assert "Drop it" not in seen.buttons


async def test_candidates_and_likeness_alone_are_asked_about_as_well(house: House) -> None:
    alice = house.slack.people["alice"]
    await house.slack.people["carol"].type("/incident start checkout sev3 card payments fail")
    await house.until_quiet()
    await alice.react("mute", await alice.say("ERROR null", in_=CHANNEL))
    for word in ("mitigate INC-1 switch", "took INC-1 flag", "noticed INC-1 monitor", "resolve INC-1"):
        await alice.type(f"/incident {word}")
    await house.until_quiet()
    assert "A candidate waits" in asked(house).text
    house.clock.set(datetime(2026, 11, 25, 9, 1, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    assert "A candidate waits" in asked(house, "dm").text


async def test_what_is_open_again_is_asked_of_when_it_is_over(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    await alice.type("/incident reopen INC-1 it is back")
    await house.until_quiet()
    said = [seen for seen in alice.sees(CHANNEL) if "is not over any more" in seen.text]
    assert len(said) == 1
    assert said[0].buttons == ()


async def test_only_those_who_may_answer(house: House) -> None:
    await resolved(house)
    erin = house.slack.people["erin"]
    await erin.join(CHANNEL)
    await erin.press("A rollback", in_=CHANNEL)
    await house.until_quiet()
    assert any(
        "You may not write the postmortem of INC-1" in seen.text
        for seen in erin.sees(CHANNEL)
        if seen.only_me
    )
    assert (await row(house)).mitigation_kind is None
    assert "You may not" in (await erin.type("/incident took INC-1 flag")).text
    # Carol declared it and is in no team.
    assert "a flag" in (await house.slack.people["carol"].type("/incident took INC-1 flag")).text


async def test_the_cause_is_one_sentence_by_word_and_by_form(house: House) -> None:
    await resolved(house, mitigate="switch")
    alice = house.slack.people["alice"]
    for word in ("took INC-1 flag", "noticed INC-1 monitor"):
        await alice.type(f"/incident {word}")
    await house.until_quiet()
    await alice.press("Write the cause in one line", on=asked(house))
    await alice.fill_and_submit(
        {"The cause, in one line": "the pool of connections was <exhausted> & nobody saw it"}
    )
    await house.until_quiet()
    assert (await row(house)).cause == "the pool of connections was <exhausted> & nobody saw it"
    assert "Cause: the pool of connections was <exhausted> & nobody saw it" in asked(house).text
    assert "Write the cause in one line" not in asked(house).buttons
    assert "at most 300" in (await alice.type(f"/incident cause INC-1 {'x' * 301}")).text
    assert "one sentence" in (await alice.type("/incident cause INC-1")).text
    assert "a typo" in (await alice.type("/incident cause INC-1 a typo")).text


async def test_an_end_that_was_none_asks_nothing_and_the_next_one_asks_what_is_left(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    await alice.press("A rollback", on=asked(house))
    await alice.type("/incident reopen INC-1 it is back")
    house.clock.set(datetime(2026, 11, 25, 9, 5, tzinfo=UTC))
    house.forward(seconds=1)
    await house.until_quiet()
    assert not any("What did that take?" in dm.text for dm in alice.dms())
    await alice.type("/incident resolve INC-1")
    await house.until_quiet()
    assert "What did that take?" in asked(house).text


async def test_a_false_alarm_asks_nothing(house: House) -> None:
    await house.slack.people["carol"].type("/incident start checkout card payments fail")
    await house.until_quiet()
    await house.slack.people["carol"].type("/incident cancel INC-1")
    await house.until_quiet()
    assert not any("What stopped it" in visible_text(m) for m in house.slack.channel_named(CHANNEL).messages)


async def test_asking_survives_a_lost_answer_of_slack_and_a_second_run(house: House) -> None:
    carol, alice = house.slack.people["carol"], house.slack.people["alice"]
    await carol.type("/incident start checkout card payments fail")
    await house.until_quiet()
    house.slack.fail(
        "chat.postMessage",
        "500 after the effect",
        when=lambda args: "What stopped it" in str(args.get("text")),
    )
    await alice.type("/incident ack INC-1")
    await alice.type("/incident resolve INC-1")
    await house.until_quiet()
    house.forward(minutes=10)
    await house.until_quiet()
    resolved_at = (await row(house)).resolved_at
    assert resolved_at is not None
    await questions.wrapped_up(house.bot.world, WrapUp(1, resolved_at.isoformat()))
    await house.until_quiet()
    said = [m for m in house.slack.channel_named(CHANNEL).messages if "What stopped it?" in visible_text(m)]
    assert len(said) == 1


async def test_a_second_run_of_what_follows_a_resolve_forgets_no_skip(house: House) -> None:
    await resolved(house)
    alice = house.slack.people["alice"]
    await alice.press("Skip", on=asked(house))
    await house.until_quiet()
    resolved_at = (await row(house)).resolved_at
    assert resolved_at is not None
    await questions.wrapped_up(house.bot.world, WrapUp(1, resolved_at.isoformat()))
    await alice.press("A redeploy", on=asked(house))
    await house.until_quiet()
    assert "Who noticed first?" in asked(house).text


async def test_a_tap_after_a_restart_counts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await resolved(house)
        assert house.bot.engine is not None
        await house.bot.engine.stop(timedelta(seconds=5))
        await asyncio.sleep(0.2)
        secrets = {
            "WRITEBACK_CONFIG": str(house.config),
            "DATABASE_URL": url,
            "SLACK_BOT_TOKEN": house.slack.bot_token,
            "SLACK_SIGNING_SECRET": "shh",
        }
        async with running(load(secrets, tmp_path), port=0, clock=house.clock) as again:
            house.slack.deliver_to(f"http://127.0.0.1:{again.port}/slack/events")
            await house.slack.people["alice"].press("A rollback", on=asked(house))
            assert again.engine is not None
            await again.engine.idle()
            assert "What did that take?" in asked(house).text
