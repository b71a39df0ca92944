"""What is left to do, chased without a nuisance: one message on Monday morning, a tap for each thing, the rest by itself."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import store
from bot.core.jobs import ChasePeople, SendList
from bot.engine import enqueue
from bot.flows import chasing
from bot.models import Action, ActionState, Incident, Noticed, Took
from bot.sandbox.records import Message
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace
from tests.stories.looking import lines, of_us

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""In London."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", Clock(ticks=True)) as found:
        await started(found)
        yield found


@pytest.fixture
async def each(tmp_path: Path, url: str) -> AsyncIterator[House]:
    """On each database."""
    async with workspace(tmp_path, url, Clock(ticks=True)) as found:
        await started(found)
        yield found


async def started(house: House, words: str = "checkout sev2 card payments fail") -> None:
    """An incident of carol's that leaves no question open."""
    said = await house.slack.people["carol"].type(f"/incident start {words}")
    key = said.text.split()[0]
    await house.slack.people["carol"].type(f"/incident mitigate {key} rollback")
    await house.slack.people["carol"].type(f"/incident resolve {key}")
    await house.until_quiet()
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, int(key.removeprefix("INC-")))
        assert incident is not None
        incident.took, incident.noticed = Took.REDEPLOY, Noticed.MONITOR
        session.add(incident)


async def item(house: House, id: str, owner: str, due: date | None, **more: Any) -> None:
    """An open item of INC-1 that nobody has filed."""
    async with house.bot.world.db.transaction() as session:
        values: dict[str, Any] = {
            "id": id, "incident_id": 1, "title": f"thing {id}", "team": "payments", "owner": owner, "due": due,
            "created_by": "carol", "created_at": house.clock(), "suggested": "switches",
        }  # fmt: skip
        session.add(Action(**values | more))


async def row(house: House, id: str) -> Action:
    async with house.bot.world.db.reading() as session:
        found = await store.action(session, id)
    assert found is not None
    return found


async def chase(house: House, at: datetime = MONDAY) -> None:
    """The clock's look at `at`."""
    house.clock.set(at)
    await chasing.chase(house.bot.world, ChasePeople(at.isoformat()))
    await house.until_quiet()


def messages(house: House, who: str) -> list[Message]:
    """The weekly messages that somebody has, oldest first."""
    return [dm.message for dm in house.slack.people[who].dms() if "What waits for you" in dm.text]


def lists(house: House, who: str) -> list[str]:
    return [visible_text(message) for message in messages(house, who)]


async def test_one_message_on_monday_has_everything_and_each_row_a_tap(each: House) -> None:
    house = each
    day = MONDAY.date()
    await item(house, "aaaa0001", "alice", day + timedelta(days=3))
    await item(house, "aaaa0002", "alice", day - timedelta(days=3))
    await item(house, "aaaa0003", "alice", day + timedelta(days=30))
    await item(house, "aaaa0004", "alice", day - timedelta(days=1))
    await item(house, "aaaa0005", "alice", day)
    await item(house, "bbbb0001", "bob", day + timedelta(days=30))
    await chase(house, MONDAY - timedelta(minutes=1))
    assert lists(house, "alice") == []
    await chase(house)
    await chase(house, MONDAY + timedelta(hours=1))
    [told] = lists(house, "alice")
    assert lists(house, "bob") == []
    order = [told.index(f"thing aaaa000{n}") for n in (2, 4, 5, 1)]
    assert order == sorted(order)
    assert "thing aaaa0003" not in told
    assert "3 days overdue" in told
    assert "1 open item is due later" in told
    alice = house.slack.people["alice"]
    [message] = messages(house, "alice")
    await alice.press("Done", on=message)
    await alice.press_again()
    await house.until_quiet()
    assert (await row(house, "aaaa0002")).state is ActionState.DONE
    assert "“thing aaaa0002” (switches): done, says Alice" in lists(house, "alice")[0]
    assert "Alice" in await lines(house)
    await alice.select("Later…", "2 weeks", on=message)
    assert (await row(house, "aaaa0004")).later == day + timedelta(weeks=2)
    assert "“thing aaaa0004” (switches): left until Mon 14 Dec" in lists(house, "alice")[0]
    await alice.select("Later, until…", day + timedelta(days=5), on=message)
    assert (await row(house, "aaaa0005")).later == day + timedelta(days=5)
    await alice.press("Not mine", on=message)
    await house.until_quiet()
    assert (await row(house, "aaaa0001")).owner == ""
    assert "“thing aaaa0001” (switches): not yours" in lists(house, "alice")[0]
    dana = house.slack.people["dana"]
    asked = [dm.text for dm in dana.dms()]
    assert any(
        "Alice says that “thing aaaa0001” (switches) of INC-1 is not theirs. Whose is it?" in t for t in asked
    )
    await dana.select("Give it to…", "bob")
    await house.until_quiet()
    assert (await row(house, "aaaa0001")).owner == "bob"
    assert any("Bob's now" in dm.text for dm in dana.dms())
    # Next week what was put off for a week is there again.
    await chase(house, MONDAY + timedelta(days=7))
    assert len(lists(house, "alice")) == 2
    assert "thing aaaa0005" in lists(house, "alice")[1]
    assert "thing aaaa0004" not in lists(house, "alice")[1]
    assert (await house.shown())["jobs"]["failed"] == 0


async def test_wont_do_asks_why_and_the_row_says_so(house: House) -> None:
    await item(house, "aaaa0001", "alice", MONDAY.date())
    await item(house, "aaaa0002", "alice", MONDAY.date())
    await chase(house)
    alice = house.slack.people["alice"]
    await alice.press("Won't do…")
    await alice.fill_and_submit({"Why won't it be done?": "the report is gone"})
    await house.until_quiet()
    found = await row(house, "aaaa0001")
    assert (found.state, found.closed_why, found.closed_by) == (
        ActionState.WONT_DO,
        "the report is gone",
        "alice",
    )
    [told] = lists(house, "alice")
    assert "“thing aaaa0001” (switches): won't be done: the report is gone" in told
    assert "thing aaaa0002" in told


async def test_a_slipped_thumb_is_put_right_by_one_more_tap(house: House) -> None:
    day = MONDAY.date()
    for n in range(4):
        await item(house, f"aaaa000{n}", "alice", day + timedelta(days=n))
    await item(
        house, "cccc0001", "", None, state=ActionState.CANDIDATE, created_by="alice", suggested="logging"
    )
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.lead = "alice"
        session.add(incident)
    await chase(house)
    alice = house.slack.people["alice"]
    [message] = messages(house, "alice")
    await alice.press("Done", on=message)
    await alice.select("Later…", "4 weeks", on=message)
    await alice.press("Not mine", on=message)
    await alice.press("Won't do…", on=message)
    await alice.fill_and_submit({"Why won't it be done?": "gone"})
    await alice.press("Drop it", on=message)
    await house.until_quiet()
    [told] = lists(house, "alice")
    assert ":white_check_mark: “thing aaaa0000” (switches): done, says Alice" in told
    assert ":hourglass_flowing_sand: “thing aaaa0001” (switches): left until Mon 28 Dec" in told
    assert ":arrow_right: “thing aaaa0002” (switches): not yours" in told
    assert ":no_entry_sign: “thing aaaa0003” (switches): won't be done: gone" in told
    assert ":no_entry_sign: “thing cccc0001” (logging): dropped" in told
    for way_back in (
        "Reopen",
        "Not later after all",
        "It is mine after all",
        "Reopen",
        "Make it an action item",
    ):
        await alice.press(way_back, on=message)
    await house.until_quiet()
    for n in range(4):
        found = await row(house, f"aaaa000{n}")
        assert (found.state, found.owner, found.later) == (ActionState.OPEN, "alice", None)
    candidate = await row(house, "cccc0001")
    assert (candidate.state, candidate.category, candidate.reopened) == (ActionState.OPEN, "logging", 0)
    [told] = lists(house, "alice")
    assert ":hourglass" not in told
    assert "an action item now" in told
    assert (await house.shown())["jobs"]["failed"] == 0


async def test_what_nobody_has_is_in_the_lead_s_list_and_taken_with_one_tap(house: House) -> None:
    await item(house, "aaaa0001", "", MONDAY.date() + timedelta(days=2))
    await item(house, "aaaa0002", "", MONDAY.date() + timedelta(days=30))
    await item(house, "aaaa0003", "", MONDAY.date() - timedelta(days=30))
    await chase(house)
    [told] = lists(house, "dana")
    assert told.count("Nobody has these, in your teams") == 1
    assert "thing aaaa0001” (switches) · INC-1 · nobody has it · due Wed 2 Dec" in told
    assert "aaaa0002" not in told
    assert told.count("thing aaaa0003") == 1
    dana = house.slack.people["dana"]
    [message] = messages(house, "dana")
    await dana.select("Give it to…", "bob", on=message)
    await dana.press("I take it", on=message)
    await house.until_quiet()
    assert (await row(house, "aaaa0003")).owner == "bob"
    assert (await row(house, "aaaa0001")).owner == "dana"
    assert "thing aaaa0003” (switches): Bob's now" in lists(house, "dana")[0]
    given = [dm.text for dm in house.slack.people["bob"].dms() if "gave you" in dm.text]
    assert given == [
        "Dana gave you “thing aaaa0003” (INC-1, due 2026-10-31). "
        "`/incident mine` and the Home tab have all that is yours."
    ]
    assert not [dm for dm in dana.dms() if "gave you" in dm.text]


async def test_whoever_is_given_many_items_reads_of_it_once_an_hour(house: House) -> None:
    carol, bob = house.slack.people["carol"], house.slack.people["bob"]
    for n in range(3):
        await carol.type(f"/incident action INC-1 switches switch number {n} @bob")
    await house.until_quiet()
    assert len([dm for dm in bob.dms() if "gave you" in dm.text]) == 1
    house.forward(hours=1)
    await carol.type("/incident action INC-1 switches switch number 4 @bob")
    await carol.type("/incident action INC-1 switches switch of mine @carol")
    await house.until_quiet()
    assert len([dm for dm in bob.dms() if "gave you" in dm.text]) == 2
    assert not [dm for dm in carol.dms() if "gave you" in dm.text]


async def test_what_is_mine_and_not_due_is_in_my_list_too(house: House) -> None:
    alice = house.slack.people["alice"]
    await item(house, "aaaa0001", "alice", house.clock().date() + timedelta(days=60))
    await item(house, "aaaa0002", "alice", house.clock().date())
    shown = await alice.type("/incident mine")
    due, later = shown.text.split("Yours, due later or left for later")
    assert "aaaa0002" in due
    assert "aaaa0001" in later
    await alice.press("Done", in_="general")
    await house.until_quiet()
    listed = [s.text for s in alice.sees("general") if s.only_me][-1]
    assert "Nothing waits for you." in listed
    assert "aaaa0001" in listed
    await alice.press("Reopen", in_="general")
    assert (await row(house, "aaaa0002")).state is ActionState.OPEN


async def test_questions_and_the_postmortem_are_answered_where_they_are_named(house: House) -> None:
    alice = house.slack.people["alice"]
    await house.slack.people["carol"].type("/incident start checkout sev1 cards time out")
    await house.until_quiet()
    await alice.type("/incident ack INC-2")
    await alice.type("/incident lead INC-2")
    await alice.type("/incident resolve INC-2")
    await house.until_quiet()
    await chase(house, MONDAY + timedelta(weeks=1))
    [message] = messages(house, "alice")
    await alice.select("What stopped it…", "A rollback", on=message)
    assert (
        "INC-2 “cards time out”: nobody has said what that took and who noticed first"
        in lists(house, "alice")[0]
    )
    await alice.select("Who noticed first…", "A monitor", on=message)
    await alice.press("Skip", on=message)
    await house.until_quiet()
    assert ":arrow_right: INC-2: skipped" in lists(house, "alice")[0]
    async with house.bot.world.db.reading() as session:
        incident = await store.incident(session, 2)
    assert incident is not None
    assert (incident.mitigation_kind, incident.took, incident.noticed) == ("rollback", None, "monitor")
    await alice.select("What that took…", "A redeploy", on=message)
    await house.until_quiet()
    assert "INC-2: everything that was asked is answered" in lists(house, "alice")[0]
    await alice.press("Write it", on=message)
    assert alice.modal is not None
    assert "Postmortem INC-2" in str(alice.modal.title)


async def test_a_tap_a_week_later_says_what_is_so_now(house: House) -> None:
    await item(house, "aaaa0001", "alice", MONDAY.date())
    await item(house, "aaaa0002", "alice", MONDAY.date())
    await chase(house)
    alice = house.slack.people["alice"]
    async with house.bot.world.db.transaction() as session:
        first, second = await store.action(session, "aaaa0001"), await store.action(session, "aaaa0002")
        assert first is not None
        assert second is not None
        first.state, first.closed_at, first.closed_by = ActionState.DONE, house.clock(), "bob"
        second.owner = "bob"
        session.add_all([first, second])
    house.forward(days=6)
    [message] = messages(house, "alice")
    await alice.press("Done", on=message)
    await house.until_quiet()
    [told] = lists(house, "alice")
    assert "“thing aaaa0001” (switches): done, says Bob" in told
    assert "“thing aaaa0002” (switches): Bob's now" in told
    assert (await row(house, "aaaa0002")).state is ActionState.OPEN
    assert "done already" in alice.sees(alice.dm)[-1].text


async def test_a_week_overdue_the_team_reads_it_once_and_after_three_its_lead(house: House) -> None:
    day = MONDAY.date()
    await item(house, "aaaa0001", "alice", day - timedelta(days=7))
    await item(house, "aaaa0002", "bob", day - timedelta(days=22))
    await item(house, "aaaa0003", "", day - timedelta(days=8))
    await item(house, "aaaa0004", "alice", day - timedelta(days=6))
    await chase(house)
    await chase(house, MONDAY + timedelta(hours=2))
    [said] = [
        text for m in of_us(house.slack, "team-payments") if "overdue for a week" in (text := visible_text(m))
    ]
    assert said.startswith("3 action items are overdue for a week or longer in Payments:")
    assert "thing aaaa0002” (switches) (INC-1): Bob, 3 weeks overdue" in said
    assert "thing aaaa0003” (switches) (INC-1): nobody has it, 8 days overdue" in said
    assert "aaaa0004" not in said
    [told] = lists(house, "dana")
    assert "Overdue for three weeks or longer, in your teams" in told
    assert "thing aaaa0002” (switches) · INC-1 · Bob's · 3 weeks overdue" in told
    assert "aaaa0001" not in told
    assert not [m for m in of_us(house.slack, "team-search") if "overdue" in visible_text(m)]


async def test_what_people_left_behind_goes_to_their_lead_who_is_told_why(house: House) -> None:
    day = MONDAY.date()
    await item(house, "aaaa0001", "bob", day + timedelta(days=60))
    await item(house, "aaaa0002", "zoe", day + timedelta(days=60))
    await house.slack.people["bob"].deactivate()
    await house.until_quiet()
    await chase(house)
    [told] = lists(house, "dana")
    assert "Of people who can't be asked any more, in your teams" in told
    assert "thing aaaa0001” (switches) · INC-1 · Bob's" in told
    assert "thing aaaa0002” (switches) · INC-1 · zoe's" in told
    assert lists(house, "bob") == []


async def test_somebody_whose_leaving_was_missed_is_noticed_when_written_to(house: House) -> None:
    await item(house, "aaaa0001", "bob", MONDAY.date())
    house.slack.people["bob"].user.deactivated = True
    await chase(house)
    assert "\n".join(lists(house, "dana")).count("thing aaaa0001” (switches) · INC-1 · Bob's") == 1
    async with house.bot.world.db.reading() as session:
        assert await chasing.gone(session, house.bot.world.catalog) == {"bob"}


async def test_private_incidents_are_in_the_list_of_those_who_may_know_and_nowhere_else(house: House) -> None:
    await item(house, "aaaa0001", "alice", MONDAY.date() - timedelta(days=30))
    await item(house, "aaaa0002", "erin", MONDAY.date() - timedelta(days=30))
    await house.slack.people["carol"].type("/incident private INC-1")
    await house.until_quiet()
    await chase(house)
    assert "aaaa0001" in lists(house, "alice")[0]  # who was paged
    assert lists(house, "erin") == []
    assert not [m for m in of_us(house.slack, "team-payments") if "overdue for a week" in visible_text(m)]
    async with house.bot.world.db.reading() as session:
        assert (await chasing.counts(session, MONDAY.date())).open == 0


async def test_candidates_and_questions_are_in_the_list_of_whoever_had_the_incident(house: House) -> None:
    await item(house, "cccc0001", "", None, state=ActionState.CANDIDATE)
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.lead, incident.took = "alice", None
        session.add(incident)
    await chase(house)
    [told] = lists(house, "alice")
    assert "Candidate of INC-1: “thing cccc0001” (switches)" in told
    assert "INC-1 “card payments fail”: nobody has said what that took" in told
    await house.slack.people["alice"].press("Make it an action item")
    await house.until_quiet()
    assert (await row(house, "cccc0001")).state is ActionState.OPEN
    assert (
        "an action item now" in lists(house, "alice")[0]
        or "thing cccc0001” (switches)" in lists(house, "alice")[0]
    )


async def test_three_hundred_items_fit_and_all_can_be_reached(house: House) -> None:
    async with house.bot.world.db.transaction() as session:
        for n in range(300):
            session.add(
                Action(
                    id=f"{n:08x}", incident_id=1, title=f"thing {n} " + "<&>" * 60, team="payments", owner="alice",
                    due=MONDAY.date() - timedelta(days=n), created_by="carol", created_at=house.clock(),
                )
            )  # fmt: skip
    await chase(house)
    [told] = lists(house, "alice")
    assert "page 1 of 22" in told
    assert "thing 299 " in told
    alice = house.slack.people["alice"]
    await alice.press("More")
    assert "page 2 of 22" in lists(house, "alice")[0]
    answer = await alice.type("/incident mine 22")
    assert "page 22 of 22" in answer.text
    assert "thing 0 " in answer.text
    assert "is no page" in (await alice.type("/incident mine all")).text
    [said] = [m for m in of_us(house.slack, "team-payments") if "overdue for a week" in visible_text(m)]
    assert "… and 283 more." in visible_text(said)


async def test_the_list_can_be_had_at_any_time_and_taps_in_it_work(house: House) -> None:
    alice = house.slack.people["alice"]
    assert "Nothing waits for you" in (await alice.type("/incident mine")).text
    await item(house, "aaaa0001", "alice", house.clock().date())
    await item(house, "aaaa0002", "alice", house.clock().date())
    await alice.type("/incident mine")
    await alice.press("Done", in_="general")
    await house.until_quiet()
    seen = [s.text for s in alice.sees("general") if s.only_me][-1]
    assert "“thing aaaa0001” is done." in seen
    assert "aaaa0002" in seen


async def test_a_lead_who_says_not_mine_leaves_the_question_to_the_channel(house: House) -> None:
    await item(house, "aaaa0001", "dana", MONDAY.date())
    await chase(house)
    await house.slack.people["dana"].press("Not mine")
    await house.until_quiet()
    asked = [visible_text(m) for m in of_us(house.slack, "team-payments")]
    assert any(
        "Dana says that “thing aaaa0001” (switches) of INC-1 is not theirs. Whose is it?" in t for t in asked
    )


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 29, 19, 0, tzinfo=UTC)),  # UTC+14
        ("Pacific/Pago_Pago", datetime(2026, 11, 30, 20, 0, tzinfo=UTC)),  # UTC-11
        ("Asia/Kolkata", datetime(2026, 11, 30, 4, 0, tzinfo=UTC)),  # 09:30 there
        ("America/New_York", datetime(2026, 11, 30, 14, 0, tzinfo=UTC)),
    ],
)
async def test_monday_is_where_the_person_is(house: House, zone: str, moment: datetime) -> None:
    async with house.bot.world.db.transaction() as session:
        for account in await store.accounts(session):
            if account.person == "alice":
                account.timezone = zone
                session.add(account)
    await item(house, "aaaa0001", "alice", date(2026, 11, 30))
    await chase(house, moment - timedelta(hours=1))
    assert lists(house, "alice") == []
    await chase(house, moment)
    for hours in range(1, 60):
        await chasing.chase(house.bot.world, ChasePeople("again"))
        house.clock.set(moment + timedelta(hours=hours))
    await house.until_quiet()
    assert len(lists(house, "alice")) == 1


async def test_a_bot_that_slept_on_monday_makes_up_for_it_once(house: House) -> None:
    await item(house, "aaaa0001", "alice", MONDAY.date())
    await chase(house, MONDAY + timedelta(days=1, hours=2))
    await chase(house, MONDAY + timedelta(days=1, hours=3))
    assert len(lists(house, "alice")) == 1
    await chase(house, MONDAY + timedelta(days=2))
    assert len(lists(house, "alice")) == 1


async def test_what_comes_up_on_tuesday_waits_for_the_next_monday(house: House) -> None:
    """Whoever had nothing to do on Monday isn't written to on Tuesday, and neither is the team."""
    await item(house, "aaaa0001", "alice", MONDAY.date() + timedelta(days=8))
    await item(
        house, "aaaa0002", "bob", MONDAY.date() - timedelta(days=6), later=MONDAY.date() + timedelta(days=1)
    )
    await chase(house)
    await chase(house, MONDAY + timedelta(days=1))
    assert lists(house, "alice") == lists(house, "bob") == []
    assert not [m for m in of_us(house.slack, "team-payments") if "overdue for a week" in visible_text(m)]
    await chase(house, MONDAY + timedelta(days=7))
    assert len(lists(house, "alice")) == len(lists(house, "bob")) == 1


async def test_the_clock_asks_by_itself(house: House) -> None:
    await item(house, "aaaa0001", "alice", MONDAY.date())
    house.clock.set(MONDAY - timedelta(minutes=2))
    await house.slack.until(lambda: house.clock() > MONDAY - timedelta(minutes=2))
    house.clock.set(MONDAY + timedelta(seconds=30))
    await house.slack.until(lambda: len(lists(house, "alice")) == 1, within=30)


async def test_nothing_that_waits_no_more_is_sent(house: House) -> None:
    """Done between the clock's look and the message."""
    await item(house, "aaaa0001", "alice", MONDAY.date(), state=ActionState.DONE)
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, SendList("alice", "2026-W49"), now=house.clock())
    house.forward(seconds=1)
    await house.until_quiet()
    assert lists(house, "alice") == []


async def test_the_numbers_are_counted(each: House) -> None:
    house, day = each, MONDAY.date()
    await item(house, "aaaa0001", "alice", day - timedelta(days=22))
    await item(house, "aaaa0002", "", day - timedelta(days=8), later=day + timedelta(days=3))
    await item(house, "aaaa0003", "bob", day + timedelta(days=3))
    await item(house, "aaaa0004", "bob", day + timedelta(days=30))
    await item(house, "aaaa0005", "bob", None, state=ActionState.CANDIDATE)
    await item(house, "aaaa0006", "bob", day, state=ActionState.DONE)
    async with house.bot.world.db.reading() as session:
        found = await chasing.counts(session, day)
        assert found == chasing.Counts(4, 3, 2, 2, 1, 1, 1, 1)
        assert await chasing.counts(session, day, teams=["search"]) == chasing.Counts(*[0] * 8)
        assert (await session.exec(select(Incident))).first() is not None


async def test_what_is_asked_once_more_that_morning_is_not_in_the_list_too(house: House) -> None:
    alice = house.slack.people["alice"]
    house.clock.set(MONDAY - timedelta(days=3))
    await house.until_quiet()
    await house.slack.people["carol"].type("/incident start checkout sev2 cards time out")
    await house.until_quiet()
    await alice.type("/incident ack INC-2")
    await alice.type("/incident resolve INC-2")
    await house.until_quiet()
    await chase(house)
    asked = [dm.text for dm in alice.dms() if "What stopped it?" in dm.text]
    assert len(asked) == 1
    assert not [text for text in lists(house, "alice") if "nobody has said" in text]
    await chase(house, MONDAY + timedelta(weeks=1))
    assert "INC-2 “cards time out”: nobody has said what stopped it" in lists(house, "alice")[-1]
