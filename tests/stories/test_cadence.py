"""Updates with a cadence: reminders that survive restarts and stop when answered, and a panel that never lies."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.jobs import RemindUpdate
from bot.flows import cadence
from bot.sandbox.records import Message
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import of_us

CHANNEL = "inc-1-card-payments-fail"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        yield found


async def started(house: House, severity: str = "sev2") -> None:
    await house.slack.people["carol"].type(f"/incident start checkout {severity} card payments fail")
    await house.until_quiet()
    await house.slack.people["alice"].type("/incident ack INC-1")
    await house.until_quiet()


async def later(house: House, **length: float) -> None:
    house.forward(**length)
    await house.until_quiet()


def reminders(house: House, person: str) -> list[str]:
    return [dm.text for dm in house.slack.people[person].dms() if "next update was promised" in dm.text]


def headline(house: House) -> Message:
    return house.slack.channel_named(CHANNEL).pins[0]


async def kinds(house: House, kind: str) -> list[str]:
    return [line["text"] for line in (await house.shown())["timeline"] if line["kind"] == kind]


async def test_whoever_leads_is_reminded_once_and_then_the_channel(house: House) -> None:
    await started(house)
    await house.slack.people["bob"].type("/incident lead INC-1")
    await later(house, minutes=59)
    assert reminders(house, "bob") == []
    await later(house, minutes=2)
    [reminder] = reminders(house, "bob")
    assert "You are asked because you lead it" in reminder
    assert reminders(house, "alice") == []
    assert "Update overdue since" in visible_text(headline(house))
    await later(house, minutes=16)
    said = [visible_text(m) for m in of_us(house.slack, CHANNEL)]
    assert len([words for words in said if "next update was promised" in words]) == 1
    await later(house, hours=5)
    assert len(reminders(house, "bob")) == 1
    assert len([m for m in of_us(house.slack, CHANNEL) if "next update was promised" in visible_text(m)]) == 1
    assert await kinds(house, "update_overdue") == [
        "An update is due: Bob was reminded",
        "An update is due: the channel was reminded",
    ]


@pytest.mark.parametrize(
    ("roles", "person", "why"),
    [
        (["bob lead", "dana comms"], "bob", "you lead it"),
        (["dana comms"], "dana", "you tell the others"),
        ([], "alice", "you have it"),
    ],
)
async def test_the_reminder_says_why_it_goes_to_whom(
    house: House, roles: list[str], person: str, why: str
) -> None:
    await started(house)
    for words in roles:
        who, role = words.split()
        await house.slack.people[who].type(f"/incident {role} INC-1")
    await later(house, minutes=61)
    assert why in reminders(house, person)[0]


async def test_with_nobody_on_it_whoever_declared_it_is_reminded(house: House) -> None:
    await house.slack.people["carol"].type("/incident start checkout sev1 card payments fail")
    await later(house, minutes=31)
    assert "you declared it and nobody has it" in reminders(house, "carol")[0]


async def test_an_update_by_anybody_stops_the_reminder(house: House) -> None:
    await started(house)
    await house.slack.people["alice"].type("/incident lead INC-1")
    await later(house, minutes=50)
    await house.slack.people["carol"].type("/incident update INC-1 we call the provider")
    await later(house, minutes=11)
    assert reminders(house, "alice") == []
    assert "Next update by" in visible_text(headline(house))
    await later(house, minutes=50)
    assert len(reminders(house, "alice")) == 1


async def test_no_change_is_one_tap_a_line_and_moves_the_promise_on(house: House) -> None:
    await started(house)
    await later(house, minutes=61)
    alice = house.slack.people["alice"]
    reminder = alice.dms()[-1] if "promised" in alice.dms()[-1].text else alice.dms()[-2]
    await alice.press("No change", on=reminder)
    await alice.press_again()
    await house.until_quiet()
    assert await kinds(house, "nothing_new") == ["Update by Alice: no change"]
    assert any("INC-1: that update was given already. The next" in dm.text for dm in alice.dms())
    assert "Next update by" in visible_text(headline(house))
    thread = [visible_text(m) for m in of_us(house.slack, "incidents") if m.is_reply]
    assert any("no change" in words for words in thread)
    await later(house, minutes=16)
    assert not [m for m in of_us(house.slack, CHANNEL) if "next update was promised" in visible_text(m)]
    await later(house, minutes=50)
    assert len(reminders(house, "alice")) == 1, (
        "a new promise is a new reminder; the first one was answered in place"
    )


async def test_post_update_from_the_reminder_answers_it(house: House) -> None:
    await started(house)
    await later(house, minutes=61)
    alice = house.slack.people["alice"]
    await alice.press("Post update", in_=alice.dm)
    await alice.fill_and_submit({"What is known, what happens next?": "rolled back"})
    await later(house, minutes=16)
    assert await kinds(house, "updated") == ["Update by Alice: rolled back"]
    assert not [m for m in of_us(house.slack, CHANNEL) if "next update was promised" in visible_text(m)]


async def test_reminders_survive_a_restart_and_a_timer_that_runs_twice(house: House) -> None:
    await started(house)
    due = (await incident_due(house)) or ""
    await house.stop()
    house.clock.forward(minutes=61)
    await house.restart()
    assert len(reminders(house, "alice")) == 1
    await cadence.due(house.bot.world, RemindUpdate(1, due))
    await house.until_quiet()
    assert len(reminders(house, "alice")) == 1
    await house.restart()
    await later(house, minutes=16)
    assert len([m for m in of_us(house.slack, CHANNEL) if "next update was promised" in visible_text(m)]) == 1


async def incident_due(house: House) -> str | None:
    from bot import store

    async with house.bot.world.db.reading() as session:
        incident = await store.incident(session, 1)
    assert incident is not None
    return incident.next_update_at.isoformat() if incident.next_update_at else None


@pytest.mark.parametrize("ending", ["mitigate INC-1 rollback", "resolve INC-1", "cancel INC-1"])
async def test_once_the_bleeding_has_stopped_nobody_is_reminded(house: House, ending: str) -> None:
    await started(house)
    await house.slack.people["alice"].type(f"/incident {ending}")
    await later(house, hours=3)
    assert reminders(house, "alice") == []
    assert await incident_due(house) is None
    assert "update by" not in visible_text(headline(house)).lower()


async def test_a_button_from_before_the_end_says_so(house: House) -> None:
    await started(house)
    await later(house, minutes=61)
    alice = house.slack.people["alice"]
    reminder = next(dm for dm in alice.dms() if "promised" in dm.text)
    await alice.type("/incident resolve INC-1")
    await alice.press("No change", on=reminder)
    await house.until_quiet()
    assert any("nobody waits for an update any more" in dm.text for dm in alice.dms())
    assert await kinds(house, "nothing_new") == []


async def test_a_rise_in_severity_brings_the_update_forward_and_never_breaks_a_promise(house: House) -> None:
    await started(house, "sev3")
    await house.slack.people["alice"].type("/incident severity INC-1 sev1")
    await later(house, minutes=31)
    assert len(reminders(house, "alice")) == 1
    await house.slack.people["alice"].type("/incident update INC-1 found it")
    await later(house, minutes=20)
    await house.slack.people["alice"].type("/incident severity INC-1 sev2")
    await later(house, minutes=11)
    assert len(reminders(house, "alice")) == 2, "promised in 30 min at sev1: lowering it keeps that"


async def test_a_sev4_has_no_cadence_and_reopening_begins_it_anew(house: House) -> None:
    await house.slack.people["carol"].type("/incident start checkout sev4 card payments fail")
    await house.until_quiet()
    assert await incident_due(house) is None
    await house.slack.people["carol"].type("/incident severity INC-1 sev1")
    await house.slack.people["carol"].type("/incident resolve INC-1")
    await house.slack.people["carol"].type("/incident reopen INC-1")
    await house.until_quiet()
    assert await incident_due(house) is not None


async def test_a_throttled_reminder_comes_late_and_once(house: House) -> None:
    await started(house)
    fault = house.slack.fail("chat.postMessage", Fault.RATE_LIMITED, times=2)
    house.forward(minutes=61)
    await house.slack.until(lambda: reminders(house, "alice"), within=8)
    fault.remove()
    await house.until_quiet()
    assert len(reminders(house, "alice")) == 1


async def test_a_tap_and_an_update_at_once_leave_one_promise(url: str, tmp_path: Path) -> None:
    async with workspace(tmp_path, url, Clock(ticks=True)) as house:
        await started(house)
        await later(house, minutes=61)
        alice, carol = house.slack.people["alice"], house.slack.people["carol"]
        reminder = next(dm for dm in alice.dms() if "promised" in dm.text)
        await asyncio.gather(
            alice.press("No change", on=reminder), carol.type("/incident update INC-1 it is the provider")
        )
        await house.until_quiet()
        assert len(await kinds(house, "updated")) == 1
        assert len(await kinds(house, "nothing_new")) <= 1
        assert await incident_due(house) is not None


# ---- roles -----------------------------------------------------------------------------------


async def test_whoever_is_made_lead_by_somebody_else_is_told_and_can_give_it_back(house: House) -> None:
    await started(house)
    alice, bob = house.slack.people["alice"], house.slack.people["bob"]
    await alice.type("/incident lead INC-1 @bob")
    await house.until_quiet()
    [told] = [dm.text for dm in bob.dms() if "made you lead" in dm.text]
    assert "Alice made you lead of INC-1" in told
    assert "/incident lead INC-1 none" in told
    assert "Lead: Bob" in visible_text(headline(house)).replace("*", "")
    await bob.type("/incident lead INC-1 none")
    await house.until_quiet()
    assert "Lead: nobody yet" in visible_text(headline(house)).replace("*", "")
    assert await kinds(house, "role_left") == ["Bob is lead no more: nobody is"]
    assert "Nobody is lead of INC-1" in (await bob.type("/incident lead INC-1 none")).text
    assert not [dm for dm in alice.dms() if "made you" in dm.text]


async def test_every_role_is_one_tap_and_only_its_holder_gives_the_lead_back(house: House) -> None:
    await started(house)
    bob, dana = house.slack.people["bob"], house.slack.people["dana"]
    for person in (bob, dana):
        await person.join(CHANNEL)
    await bob.press("Take the lead", in_=CHANNEL)
    await dana.press("Take comms", in_=CHANNEL)
    await dana.press("Take notes", in_=CHANNEL)
    await house.until_quiet()
    assert (await house.shown())["roles"] == {"lead": "bob", "comms": "dana", "scribe": "dana"}
    await dana.press("Give the lead back (Bob)", in_=CHANNEL)
    await house.until_quiet()
    assert any("Bob is lead of INC-1, not you" in seen.text for seen in dana.sees(CHANNEL))
    await bob.press("Give the lead back (Bob)", in_=CHANNEL)
    await house.until_quiet()
    assert (await house.shown())["roles"].get("lead", "") in ("", None)


async def test_a_lead_who_leaves_the_channel_is_noticed(house: House) -> None:
    await started(house)
    bob = house.slack.people["bob"]
    await bob.type("/incident lead INC-1")
    await house.until_quiet()
    await house.slack.people["alice"].remove(bob, CHANNEL)
    await house.slack.redeliver("member_left_channel")
    await house.until_quiet()
    assert await kinds(house, "person_gone") == ["Bob, who is lead, left the channel"]
    assert (await house.shown())["roles"]["lead"] == "bob"


async def test_a_deactivated_owner_is_let_go_and_the_escalation_starts_again(house: House) -> None:
    await started(house)
    alice = house.slack.people["alice"]
    await alice.type("/incident lead INC-1")
    await alice.deactivate()
    await house.slack.redeliver("user_change")
    await house.until_quiet()
    shown = await house.shown()
    assert await kinds(house, "person_gone") == ["Alice, who has it and is lead, is no longer in Slack"]
    assert not shown["roles"].get("lead")
    assert len(shown["pages"]) > 1
    await later(house, minutes=6)
    assert [p for p in (await house.shown())["pages"] if p["person"] in {"bob", "dana"}]
    assert any("Alice, who has it" in dm.text for dm in house.slack.people["dana"].dms())
