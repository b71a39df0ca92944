"""Jira and Slack agree about what is done: by webhook, by looking when webhooks are lost, and from people's taps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from bot import store
from bot.core.jobs import PollIssues, SweepIssues
from bot.engine import enqueue
from bot.models import Action
from bot.sandbox.jira_workflow import CLASSIC, Asked, Status, Transition, Workflow
from bot.sandbox.rendering import visible_text
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

SECRET = {"JIRA_WEBHOOK_SECRET": "a long random text"}
PLACE = "inc-1-card-payments-fail"


def on_data_center(text: str) -> str:
    return text.replace("[jira]\n", '[jira]\napi = "server"\n')


@asynccontextmanager
async def filed(
    tmp_path: Path,
    *,
    kind: Literal["cloud", "server"] = "cloud",
    url: str = "",
    skew: timedelta = timedelta(0),
    workflow: Workflow | None = None,
) -> AsyncIterator[House]:
    """INC-1 is over, and its one item stands in Jira as PAY-1. `skew`: how far Jira's clock is ahead."""
    clock = Clock(ticks=True)
    change = on_data_center if kind == "server" else str
    where = url or f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, where, clock, change=change, env=SECRET, jira_kind=kind) as house:
        house.jira.clock = lambda: clock() + skew
        if workflow:
            house.jira.projects["PAY"].workflow = workflow
        carol, alice = house.slack.people["carol"], house.slack.people["alice"]
        await carol.type("/incident start checkout card payments fail", in_="general")
        await house.slack.until(alice.dms)
        await alice.press("Acknowledge", in_=alice.dm)
        await quiet(house)
        await carol.type("/incident resolve the card provider is back", in_=PLACE)
        await carol.type("/incident action switches add a kill switch @alice", in_=PLACE)
        await quiet(house)
        assert (await item(house))["jira"] == "PAY-1"
        await house.slack.until(lambda: house.jira.issues["PAY-1"].links)
        await quiet(house)
        house.jira.calls.clear()
        yield house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with filed(tmp_path) as found:
        yield found


@pytest.fixture(params=["cloud", "server", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """Jira Cloud and Data Center with SQLite, and Cloud with Postgres."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    async with filed(tmp_path, kind="server" if request.param == "server" else "cloud", url=url) as found:
        yield found


async def quiet(house: House) -> None:
    await house.jira.hooks.settled()
    await house.until_quiet()


async def item(house: House, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = (await house.shown())["actions"][number - 1]
    return found


async def row(house: House, number: int = 1) -> Action:
    async with house.bot.world.db.reading() as session:
        return (await store.actions(session, 1))[number - 1]


async def said(house: House) -> str:
    return "\n".join(line["text"] for line in (await house.shown())["timeline"])


async def asked(house: House, *, sweep: bool = False) -> None:
    """The next look at what changed, as the clock asks for it."""
    slot = house.clock().isoformat()
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, SweepIssues(slot) if sweep else PollIssues(slot), now=house.clock())


async def look(house: House, *, sweep: bool = False) -> None:
    await asked(house, sweep=sweep)
    await quiet(house)


def writes(house: House) -> list[str]:
    """What was asked of Jira that changes something there."""
    return [f"{call.method} {call.path}" for call in house.jira.calls if call.method != "GET"]


def own(person: Any) -> str:
    """What only this person sees: their list of items, as it stands last."""
    return [str(seen.text) for seen in person.sees(PLACE) if seen.only_me][-1]


def headline(house: House) -> str:
    return visible_text(house.slack.channel_named(PLACE).pins[0])


# ---- what is done in Jira -----------------------------------------------------------------------


async def test_an_item_done_in_jira_is_done_in_slack_and_nothing_is_written_back(either: House) -> None:
    either.jira.move("PAY-1", "Done")
    await quiet(either)
    assert (await item(either))["state"] == "done"
    assert "PAY-1 in Jira: “add a kill switch” is done" in await said(either)
    assert "add a kill switch, done" in headline(either)
    listed = await either.slack.people["carol"].type("/incident actions", in_=PLACE)
    assert "add a kill switch, done" in listed.text
    assert "Reopen" in listed.buttons
    assert "is done" in visible_text(either.slack.channel_named(PLACE).messages[-1])
    assert writes(either) == []


async def test_a_lost_webhook_is_made_up_for_by_the_next_look(either: House) -> None:
    await look(either)
    either.jira.hooks.losing = 1
    either.clock.forward(minutes=3)
    either.jira.move("PAY-1", "Done")
    await quiet(either)
    assert (await item(either))["state"] == "open"
    either.clock.forward(minutes=2)
    await look(either)
    assert (await item(either))["state"] == "done"
    assert writes(either) == []
    either.jira.calls.clear()
    await look(either)
    assert len(either.jira.calls) == 1, "what is known already is not read again"


async def test_the_clock_asks_for_the_look(house: House) -> None:
    house.jira.hooks.losing = 1
    house.jira.move("PAY-1", "Done")
    house.forward(minutes=6)

    async def is_done() -> bool:
        return bool((await item(house))["state"] == "done")

    await house.slack.until(is_done, within=15)


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_jira_whose_clock_differs_loses_nothing(tmp_path: Path, hours: int) -> None:
    async with filed(tmp_path, skew=timedelta(hours=hours)) as house:
        await look(house)
        house.jira.hooks.losing = 1
        house.clock.forward(minutes=20)
        house.jira.move("PAY-1", "Done")
        house.clock.forward(minutes=4)
        await look(house)
        assert (await item(house))["state"] == "done"


async def test_days_without_looking_are_looked_back_on(house: House) -> None:
    await look(house)
    house.jira.hooks.losing = 1
    house.jira.move("PAY-1", "Done")
    house.clock.forward(days=5)
    await look(house)
    assert (await item(house))["state"] == "done"


async def test_an_issue_that_lost_its_label_is_found_by_the_slow_look(house: House) -> None:
    house.jira.hooks.losing = 2
    house.jira.edit("PAY-1", labels=[])
    house.jira.move("PAY-1", "Done")
    await look(house)
    assert (await item(house))["state"] == "open"
    await look(house, sweep=True)
    assert (await item(house))["state"] == "done"


async def test_closed_without_being_done_says_why_and_opened_again_counts(house: House) -> None:
    house.jira.move("PAY-1", "Done", "Won't Do")
    await quiet(house)
    assert (await item(house))["state"] == "wont_do"
    assert (await row(house)).closed_why == "Won't Do"
    assert "won't be done: Won't Do" in await said(house)
    house.jira.move("PAY-1", "In Progress")
    await quiet(house)
    assert ((await item(house))["state"], (await row(house)).reopened) == ("open", 1)
    assert "PAY-1 in Jira: “add a kill switch” is open again" in await said(house)
    assert writes(house) == []


async def test_statuses_count_by_their_category_whatever_they_are_called(tmp_path: Path) -> None:
    odd = Workflow(
        (
            Status("Erledigung offen", "new"),
            Status("完了", "done"),
            Status("Done (not really)", "indeterminate"),
        ),
        (Transition("1", "x", "完了"), Transition("2", "y", "Erledigung offen")),
    )
    async with filed(tmp_path, workflow=odd) as house:
        house.jira.move("PAY-1", "Done (not really)")
        await quiet(house)
        assert (await item(house))["state"] == "open"
        house.jira.move("PAY-1", "完了")
        await quiet(house)
        assert ((await item(house))["state"], (await row(house)).jira_status) == ("done", "完了")
        await house.slack.people["carol"].type("/incident action reopen PAY-1", in_="general")
        await quiet(house)
        assert house.jira.issues["PAY-1"].status == "Erledigung offen"


async def test_assignee_date_and_summary_follow(either: House) -> None:
    jira = either.jira
    bob = next(user for user in jira.users if user.name == "Bob")
    bob.shows_email = False  # as Cloud hides most people's
    jira.edit("PAY-1", assignee=bob)
    jira.edit("PAY-1", due="2027-01-15", summary="add a kill switch for the fraud check")
    await quiet(either)
    found = await item(either)
    assert (found["owner"], found["due"]) == ("bob", "2027-01-15")
    assert found["title"] == "add a kill switch for the fraud check"
    text = await said(either)
    assert "is Bob's now" in text
    assert "is due 2027-01-15 now" in text
    assert writes(either) == []
    jira.edit("PAY-1", assignee=jira.user("zed@elsewhere.dev", "Zed Smith"))
    await quiet(either)
    listed = await either.slack.people["carol"].type("/incident actions", in_=PLACE)
    assert "Zed Smith" in listed.text


async def test_a_label_changed_in_jira_changes_the_category_and_our_own_comes_back_as_nothing(
    either: House,
) -> None:
    carol = either.slack.people["carol"]
    kept = [label for label in either.jira.issues["PAY-1"].labels if not label.startswith("operability-")]
    either.jira.edit("PAY-1", labels=[*kept, "operability-monitoring", "unrelated"])
    await quiet(either)
    assert (await item(either))["category"] == "monitoring"
    assert "PAY-1 in Jira: “add a kill switch” is under monitoring now" in await said(either)
    assert writes(either) == []
    await carol.type("/incident action category PAY-1 config")
    await quiet(either)
    assert either.jira.issues["PAY-1"].labels[-2:] == ["unrelated", "operability-config"]
    assert (await item(either))["category"] == "config"
    either.jira.edit("PAY-1", labels=[*kept, "operability-weather"])
    await quiet(either)
    assert (await item(either))["category"] == "config", "nobody here knows what that is"
    assert len(writes(either)) == 1


async def test_what_was_decided_while_jira_filed_it_is_told_afterwards(house: House) -> None:
    carol = house.slack.people["carol"]
    house.jira.latency = 0.6
    await carol.type("/incident action switches another switch @alice due 2w", in_=PLACE)
    await house.slack.until(
        lambda: any(c.method == "POST" and c.path.endswith("/issue") for c in house.jira.calls)
    )
    await carol.type("/incident action assign 2 @dana", in_=PLACE)
    await carol.type("/incident action due 2 3w", in_=PLACE)
    await carol.type("/incident action category 2 config", in_=PLACE)
    house.jira.latency = 0
    await quiet(house)
    issue = house.jira.issues["PAY-2"]
    assert issue.assignee is not None
    assert (issue.assignee.name, issue.due, issue.labels[-1]) == ("Dana", "2026-12-15", "operability-config")
    assert (await item(house, 2))["category"] == "config"


async def test_what_jira_did_not_take_when_it_was_filed_is_no_change(tmp_path: Path) -> None:
    """The date is on no screen there: Slack keeps it, however often the issue is read."""
    async with filed(tmp_path) as house:
        house.jira.projects["PAY"].refuses["duedate"] = "It is not on the appropriate screen."
        await house.slack.people["carol"].type("/incident action config stage the config", in_=PLACE)
        await quiet(house)
        due = (await item(house, 2))["due"]
        house.jira.edit("PAY-2", labels=[*house.jira.issues["PAY-2"].labels, "mine"])
        await quiet(house)
        assert (await item(house, 2))["due"] == due is not None


# ---- webhooks that are not what they seem -------------------------------------------------------


async def _posted(house: House, **more: Any) -> int:
    body = {
        "timestamp": 1,
        "webhookEvent": "jira:issue_deleted",
        "issue": {"key": "PAY-1", "fields": {"labels": []}},
    } | more.pop("body", {})
    return await house.jira.hooks.send(body, **more)


async def test_a_forged_webhook_is_refused_and_a_signed_lie_changes_nothing(house: House) -> None:
    assert await _posted(house, signature="sha256=" + "0" * 64) == 401
    assert await _posted(house, signature="") == 401
    await quiet(house)
    assert house.jira.calls == []
    assert await _posted(house) == 200  # signed, and says that PAY-1 is deleted, which it is not
    await quiet(house)
    assert ((await item(house))["state"], (await item(house))["jira"]) == ("open", "PAY-1")


async def test_a_replayed_webhook_asks_for_nothing_more(house: House) -> None:
    house.jira.hooks.doubling = True
    house.jira.move("PAY-1", "Done")
    await quiet(house)
    reads = len(house.jira.calls)
    body, _ = house.jira.hooks.sent[-1]
    for _ in range(3):
        assert await house.jira.hooks.send(body) == 200
    await quiet(house)
    assert len(house.jira.calls) == reads
    kinds = [line["kind"] for line in (await house.shown())["timeline"]]
    assert kinds.count("action_done") == 1


async def test_webhooks_in_any_order_end_at_what_jira_says_now(house: House) -> None:
    house.jira.hooks.hold()
    for status in ("Done", "To Do", "In Progress", "Done", "To Do"):
        house.jira.move("PAY-1", status)
    house.jira.hooks.release(backwards=True)
    await quiet(house)
    assert (await item(house))["state"] == "open"
    kinds = [line["kind"] for line in (await house.shown())["timeline"]]
    assert "action_done" not in kinds
    assert writes(house) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"webhookEvent": "jira:issue_updated", "issue": None}, 400),
        ({"webhookEvent": "jira:issue_updated", "issue": {"key": 7}}, 400),
        ({"webhookEvent": "comment_created"}, 200),
        ({"webhookEvent": "jira:issue_updated", "issue": {"key": "OPS-1", "fields": {"labels": "x"}}}, 200),
        ({"webhookEvent": "jira:issue_updated", "issue": {"key": "OPS-1", "fields": []}}, 200),
    ],
)
async def test_a_webhook_about_anything_else_is_answered_and_changes_nothing(
    house: House, body: dict[str, Any], status: int
) -> None:
    assert await _posted(house, body=body) == status
    await quiet(house)
    assert house.jira.calls == []


async def test_without_a_secret_there_is_no_such_door(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/w.db", Clock(ticks=True)) as house:
        house.jira.hooks.url = f"http://127.0.0.1:{house.bot.port}/hooks/jira"
        house.jira.hooks.secret = "guessed"
        assert await _posted(house) == 404


# ---- moved, deleted, out of sight ---------------------------------------------------------------


async def test_an_issue_moved_to_another_teams_project_is_followed(either: House) -> None:
    assert either.jira.transfer("PAY-1", "SEA") == "SEA-1"
    await quiet(either)
    found = await row(either)
    assert (found.jira, found.team, found.jira_url) == ("SEA-1", "search", f"{either.jira.url}/browse/SEA-1")
    assert "PAY-1 is SEA-1 now, of the team search" in await said(either)
    await either.slack.people["carol"].type("/incident action done SEA-1", in_="general")
    await quiet(either)
    assert either.jira.issues["SEA-1"].status == "Done"


async def test_a_deleted_issue_is_said_once_and_filed_again_with_one_tap(house: House) -> None:
    slack = house.slack
    alice = slack.people["alice"]
    house.jira.delete("PAY-1")
    await quiet(house)
    await look(house, sweep=True)
    found = await item(house)
    assert (found["state"], found["jira"]) == ("open", None)
    lost = [seen.text for seen in alice.dms() if "PAY-1 was deleted" in seen.text]
    assert len(lost) == 1
    team = [visible_text(m) for m in slack.channel_named("team-payments").messages]
    assert len([text for text in team if "PAY-1 was deleted" in text]) == 1
    listed = await alice.type("/incident actions", in_=PLACE)
    assert "PAY-1 was deleted" in listed.text
    assert {"File again", "Won't do…"} <= set(listed.buttons)
    await alice.press("File again", in_=PLACE)
    await quiet(house)
    assert (await item(house))["jira"] == "PAY-2"
    assert not (await row(house)).problem


async def test_a_deleted_issue_of_what_is_done_bothers_nobody(house: House) -> None:
    house.jira.move("PAY-1", "Done")
    await quiet(house)
    before = len(house.slack.people["alice"].dms())
    house.jira.delete("PAY-1")
    await quiet(house)
    assert ((await item(house))["state"], (await item(house))["jira"]) == ("done", None)
    assert "PAY-1 was deleted" in await said(house)
    assert len(house.slack.people["alice"].dms()) == before
    assert not (await row(house)).problem


async def test_a_decision_about_an_issue_that_is_gone_says_that_it_is_gone(house: House) -> None:
    house.jira.hooks.losing = 1
    house.jira.delete("PAY-1")
    await house.slack.people["carol"].type("/incident action due 1 3w", in_=PLACE)
    await quiet(house)
    assert (await item(house))["jira"] is None
    assert "PAY-1 was deleted" in (await row(house)).problem


async def test_what_others_did_in_jira_is_not_hidden_by_what_is_decided_here(house: House) -> None:
    await look(house)
    house.jira.hooks.losing = 3
    house.jira.edit("PAY-1", due="2027-02-01")
    house.jira.transfer("PAY-1", "SEA")
    await house.slack.people["alice"].type("/incident action done 1", in_=PLACE)
    await quiet(house)
    house.clock.forward(minutes=5)
    await look(house)
    found = await row(house)
    assert (found.jira, str(found.due), found.state) == ("SEA-1", "2027-02-01", "done")
    assert "PAY-1 is SEA-1 now" in await said(house)


async def test_an_issue_that_jira_fails_at_keeps_no_other_waiting(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type("/incident action config stage the config", in_=PLACE)
    await quiet(house)
    house.jira.fail("POST /rest/api/3/issue/PAY-1/transitions", "500", times=1000)
    await alice.type("/incident action done 1", in_=PLACE)
    for _ in range(10):
        house.forward(minutes=1)
        await house.until_quiet()
    await alice.type("/incident action done 2", in_=PLACE)
    await quiet(house)
    assert [house.jira.issues[key].status for key in ("PAY-1", "PAY-2")] == ["To Do", "Done"]
    house.forward(days=8)
    await house.until_quiet()
    assert "for 7 days now" in alice.dms()[-1].text
    assert (await item(house))["state"] == "open"


async def test_a_lost_webhook_of_a_deletion_is_found_by_the_slow_look(house: House) -> None:
    house.jira.hooks.losing = 1
    house.jira.delete("PAY-1")
    await look(house)
    assert (await item(house))["jira"] == "PAY-1"
    await look(house, sweep=True)
    assert (await item(house))["jira"] is None


async def test_a_project_out_of_sight_loses_no_item_and_its_team_is_told_once(house: House) -> None:
    house.jira.projects["PAY"].hidden = True
    for _ in range(2):
        house.clock.forward(hours=1)
        await look(house, sweep=True)
    assert (await item(house))["jira"] == "PAY-1"
    team = [visible_text(m) for m in house.slack.channel_named("team-payments").messages]
    assert len([text for text in team if "let the account of JIRA_USER browse it" in text]) == 1
    house.jira.projects["PAY"].hidden = False
    house.jira.move("PAY-1", "Done")
    await quiet(house)
    assert (await item(house))["state"] == "done"


async def test_what_is_lost_of_a_private_incident_is_told_to_nobody_else(house: House) -> None:
    async with house.bot.world.db.transaction() as session:
        incident = await store.locked(session, 1)
        assert incident is not None
        incident.private = True
        session.add(incident)
    house.jira.delete("PAY-1")
    await quiet(house)
    team = [visible_text(m) for m in house.slack.channel_named("team-payments").messages]
    assert [text for text in team if "kill switch" in text] == []
    refused = await house.slack.people["erin"].type("/incident action done PAY-1", in_="general")
    assert "There is no action item PAY-1" in refused.text


# ---- what people decide in Slack ----------------------------------------------------------------


async def test_done_in_slack_is_done_in_jira_and_a_second_tap_changes_nothing(either: House) -> None:
    alice = either.slack.people["alice"]
    await alice.type("/incident actions", in_=PLACE)
    await alice.press("Done", in_=PLACE)
    assert "“add a kill switch” is done. PAY-1 follows." in own(alice)
    await alice.press_again()
    await quiet(either)
    assert (await item(either))["state"] == "done"
    assert either.jira.issues["PAY-1"].status == "Done"
    assert [call for call in writes(either) if "transitions" in call] == [
        next(c for c in writes(either) if "transitions" in c)
    ]
    assert (await row(either)).closed_by == "alice"
    assert [line["kind"] for line in (await either.shown())["timeline"]].count("action_done") == 1


async def test_an_item_goes_through_its_life_by_text(either: House) -> None:
    alice, jira = either.slack.people["alice"], either.jira
    for words, answer in (
        ("wontdo 1 the fraud check is being replaced", "won't be done: the fraud check is being replaced"),
        ("done 1", "closed as “won't do” already"),
        ("reopen 1", "is open again. PAY-1 follows."),
        ("assign 1 @bob", "is Bob's now. PAY-1 follows."),
        ("due PAY-1 2026-12-24", "is due 2026-12-24 now. PAY-1 follows."),
        ("due 1 soon", "“soon” is no date"),
        ("due 1 2020-01-01", "is in the past"),
        ("wontdo 1", "Say why it won't be done"),
        ("done 7", "has no action item 7: it has 1"),
        ("done", "Say which item"),
        ("assign 1", "Say who"),
        ("done 1", "is done. PAY-1 follows."),
    ):
        shown = await alice.type(f"/incident action {words}", in_=PLACE)
        assert answer in shown.text, words
        await quiet(either)
    issue = jira.issues["PAY-1"]
    assert issue.assignee is not None
    assert (issue.assignee.name, issue.due, issue.status) == ("Bob", "2026-12-24", "Done")
    found = await item(either)
    assert (found["owner"], found["due"], found["state"]) == ("bob", "2026-12-24", "done")
    assert (await row(either)).reopened == 1


async def test_an_item_whose_text_begins_like_an_order_is_an_item(house: House) -> None:
    await house.slack.people["alice"].type("/incident action done is a lie in the batch log", in_=PLACE)
    assert len((await house.shown())["actions"]) == 2


async def test_the_reason_is_asked_for_in_a_form(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type("/incident actions", in_=PLACE)
    await alice.press("Won't do…", in_=PLACE)
    await alice.fill_and_submit({"Why won't it be done?": "we buy another fraud check"})
    await alice.submit_again()
    await quiet(house)
    assert (await item(house))["state"] == "wont_do"
    assert "won't be done: we buy another fraud check" in own(alice)
    assert house.jira.issues["PAY-1"].status == "Done"
    assert house.jira.issues["PAY-1"].comments == ["Won't be done: we buy another fraud check (Alice, INC-1)"]
    assert (await row(house)).closed_why == "we buy another fraud check"


async def test_menus_reassign_and_date_an_item(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type("/incident actions", in_=PLACE)
    await alice.select("Reassign", house.slack.people["dana"], in_=PLACE)
    await alice.select("Due…", "2026-12-31", in_=PLACE)
    await quiet(house)
    issue = house.jira.issues["PAY-1"]
    assert issue.assignee is not None
    assert (issue.assignee.name, issue.due) == ("Dana", "2026-12-31")


async def test_a_screen_that_asks_for_the_resolution_gets_the_one_that_fits(tmp_path: Path) -> None:
    async with filed(tmp_path, kind="server", workflow=CLASSIC) as house:
        alice = house.slack.people["alice"]
        await alice.type("/incident action wontdo 1 superseded", in_=PLACE)
        await quiet(house)
        issue = house.jira.issues["PAY-1"]
        assert (issue.status, issue.resolution) == ("Resolved", "Won't Fix")
        await alice.type("/incident action reopen 1", in_=PLACE)
        await quiet(house)
        assert (issue.status, issue.resolution) == ("Reopened", None)
        await alice.type("/incident action done 1", in_=PLACE)
        await quiet(house)
        assert (issue.status, issue.resolution) == ("Resolved", "Fixed")
        assert ((await item(house))["state"], (await row(house)).reopened) == ("done", 1)


WANTS_MORE = Workflow(
    (Status("To Do", "new"), Status("Done", "done")),
    (Transition("1", "Close", "Done", screen={"customfield_1": Asked("Root cause")}),),
)
NO_WAY = Workflow((Status("To Do", "new"), Status("Done", "done")), ())


@pytest.mark.parametrize(
    ("workflow", "words"),
    [
        (WANTS_MORE, ("“Close” asks for “Root cause”", "Fill it in Jira")),
        (NO_WAY, ("no transition", "Move it in Jira")),
    ],
)
async def test_a_move_that_jira_will_not_make_is_said_and_the_item_is_open_again(
    tmp_path: Path, workflow: Workflow, words: tuple[str, ...]
) -> None:
    async with filed(tmp_path, workflow=workflow) as house:
        alice = house.slack.people["alice"]
        await alice.type("/incident action done 1", in_=PLACE)
        await quiet(house)
        told = alice.dms()[-1].text
        listed = (await alice.type("/incident actions", in_=PLACE)).text
        for each in words:
            assert each in told
            assert each in listed
        assert (await item(house))["state"] == "open"
        assert (await row(house)).reopened == 0
        house.jira.move("PAY-1", "Done")
        await quiet(house)
        assert ((await item(house))["state"], (await row(house)).problem) == ("done", "")


async def test_somebody_whom_jira_does_not_know_any_more_is_said(house: House) -> None:
    carol = house.slack.people["carol"]
    house.jira.users = [user for user in house.jira.users if user.name != "Bob"]
    await carol.type("/incident action assign 1 @bob", in_=PLACE)
    await quiet(house)
    assert "Jira knows no Bob (bob@acme.dev)" in carol.dms()[-1].text
    assert (await item(house))["owner"] == "bob"
    dana = next(user for user in house.jira.users if user.name == "Dana")
    dana.active = False
    await carol.type("/incident action assign 1 @dana", in_=PLACE)
    await quiet(house)
    assert "cannot be assigned" in carol.dms()[-1].text


async def test_done_while_jira_is_away_is_kept_said_and_done_later(house: House) -> None:
    alice = house.slack.people["alice"]
    house.jira.down()
    await alice.type("/incident action done 1", in_=PLACE)
    assert (await item(house))["state"] == "done"
    for _ in range(40):  # far longer than any other job is tried
        house.forward(minutes=2)
        await house.until_quiet()
    listed = (await alice.type("/incident actions", in_=PLACE)).text
    assert "PAY-1 is told as soon as Jira answers" in listed
    assert (await house.shown())["jobs"]["failed"] == 0
    house.jira.up()
    house.forward(minutes=2)
    await quiet(house)
    assert house.jira.issues["PAY-1"].status == "Done"
    assert ((await item(house))["state"], (await row(house)).problem) == ("done", "")


async def test_an_answer_that_was_lost_moves_the_issue_once(house: House) -> None:
    house.jira.fail("POST /rest/api/3/issue/PAY-1/transitions", "lost")
    await house.slack.people["alice"].type("/incident action done 1", in_=PLACE)
    await house.slack.until(lambda: len(writes(house)) >= 1)
    house.forward(minutes=1)
    await quiet(house)
    assert len(writes(house)) == 1
    assert ((await item(house))["state"], house.jira.issues["PAY-1"].status) == ("done", "Done")


async def test_jira_asks_to_slow_down_and_everything_comes_later(house: House) -> None:
    house.jira.fail("GET", "429", times=1, after=120)
    house.jira.move("PAY-1", "Done")
    await house.jira.hooks.settled()
    await house.slack.until(lambda: len(house.jira.calls) == 1)
    await quiet(house)  # the refusal is written down
    house.forward(minutes=1)
    assert len(house.jira.calls) == 1
    house.forward(minutes=2)
    await quiet(house)
    assert (await item(house))["state"] == "done"


async def test_opposite_decisions_at_once_end_alike_on_both_sides(house: House) -> None:
    alice = house.slack.people["alice"]
    for words in ("done 1", "reopen 1", "done 1", "reopen 1"):
        await alice.type(f"/incident action {words}", in_=PLACE)
    await quiet(house)
    assert (await item(house))["state"] == "open"
    assert house.jira.issues["PAY-1"].status in {"To Do", "In Progress"}
    for _ in range(2):
        house.clock.forward(minutes=5)
        await look(house)
    assert (await item(house))["state"] == "open"


async def test_an_item_closed_before_it_is_filed_is_not_filed(house: House) -> None:
    alice = house.slack.people["alice"]
    await alice.type(
        "/incident action the thing should be better somehow", in_=PLACE
    )  # unsure: it waits for a tap
    await alice.type("/incident action done 2", in_=PLACE)
    house.forward(minutes=15)
    await quiet(house)
    assert list(house.jira.issues) == ["PAY-1"]
    assert [a["state"] for a in (await house.shown())["actions"]] == ["open", "done"]


# ---- many, and candidates -----------------------------------------------------------------------


async def test_three_hundred_items_are_listed_by_pages_and_followed_by_one_look(house: House) -> None:
    alice, now = house.slack.people["alice"], datetime(2026, 11, 24, 12, tzinfo=UTC)
    first = house.jira.issues["PAY-1"]
    async with house.bot.world.db.transaction() as session:
        for n in range(2, 301):
            id = f"{n:08x}"
            session.add(
                Action(
                    id=id, incident_id=1, title=f"item {n}", team="payments", category="other",
                    created_by="carol", created_at=now + timedelta(hours=1, seconds=n), jira=f"PAY-{n}",
                )
            )  # fmt: skip
            made = type(first)(
                f"PAY-{n}", first.project, f"item {n}", "Task", "", None, ["writeback", f"writeback-{id}"],
                [], None, None, None, updated=house.jira.clock(),
            )  # fmt: skip
            house.jira.issues[made.key] = made
    shown = await alice.type("/incident actions", in_=PLACE)
    assert "page 1 of 30" in shown.text
    await alice.press("More", in_=PLACE)
    assert "page 2 of 30" in own(alice)
    last = await alice.type("/incident actions 30", in_=PLACE)
    assert "item 300" in last.text
    assert "has 300" in (await alice.type("/incident action done 301", in_=PLACE)).text
    house.jira.hooks.losing = 1000
    for n in range(2, 301):
        house.jira.move(f"PAY-{n}", "Done")
    house.clock.forward(minutes=5)
    async with house.bot.world.db.transaction() as session:
        await enqueue(session, PollIssues(house.clock().isoformat()), now=house.clock())
    assert house.bot.engine is not None
    await house.bot.engine.idle(within=90)
    states = [a["state"] for a in (await house.shown())["actions"]]
    assert (states[0], set(states[1:])) == ("open", {"done"})
    spoken = [visible_text(m) for m in house.slack.channel_named(PLACE).messages]
    assert len([text for text in spoken if "in Jira: “item" in text]) == 6, "nobody's screen is filled"


async def test_what_stands_in_no_backlog_yet_goes_where_the_incident_goes(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/w.db", Clock(ticks=True), env=SECRET) as house:
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout card payments fail", in_="general")
        await quiet(house)
        await carol.type("/incident action switches add a kill switch", in_=PLACE)
        await quiet(house)
        await carol.type("/incident action tame the batch thing that nobody understands", in_=PLACE)
        marked = await carol.say("ERROR null ERROR null", in_=PLACE)
        await carol.react("mute", marked)
        await quiet(house)
        await carol.type("/incident service finder", in_=PLACE)
        await carol.type("/incident action category 2 other", in_=PLACE)
        await carol.press("Make it an action item", in_=PLACE)
        await quiet(house)
        assert list(house.jira.issues) == ["PAY-1", "SEA-1", "SEA-2"]
        assert (await row(house, 3)).team == "search"


async def test_a_dropped_candidate_can_be_had_back_wherever_it_was_dropped(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/w.db", Clock(ticks=True), env=SECRET) as house:
        carol = house.slack.people["carol"]
        await carol.type("/incident start checkout card payments fail", in_="general")
        await quiet(house)
        for words in ("ERROR null ERROR null", "no metric of refused cards"):
            await carol.react("mute", await carol.say(words, in_=PLACE))
            await quiet(house)
        await carol.press("Drop it", in_=PLACE)
        await quiet(house)
        await carol.press("Make it an action item after all", in_=PLACE)
        await quiet(house)
        assert sorted(a["state"] for a in (await house.shown())["actions"]) == ["candidate", "open"]
        await carol.type("/incident resolve over", in_=PLACE)
        await quiet(house)
        [asked] = [
            m for m in house.slack.channel_named(PLACE).messages if "*A candidate waits" in visible_text(m)
        ]
        await carol.press("Drop it", on=asked)
        await quiet(house)
        assert "Dropped: Useless noise in the logs: ERROR null" in visible_text(asked)
        await carol.press("Keep “Useless noise in the logs: ERROR null ERROR null” after all", on=asked)
        await quiet(house)
        assert [a["state"] for a in (await house.shown())["actions"]] == ["open", "open"]
        assert "An action item: Useless noise in the logs: ERROR null" in visible_text(asked)


async def test_an_item_of_elsewhere_is_named_with_the_key_before_or_after_the_word(house: House) -> None:
    carol = house.slack.people["carol"]
    assert "is done" in (await carol.type("/incident action done INC-1 1")).text
    assert "is open again" in (await carol.type("/incident action INC-1 reopen 1")).text
    assert "won't be done: 3 tries" in (await carol.type("/incident action wontdo INC-1 #1 3 tries")).text
    assert "INC-1 has no action item 7" in (await carol.type("/incident action reopen INC-1 7")).text


async def test_an_item_of_a_test_goes_nowhere_and_says_so(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start --test checkout trying it out")
    said = await carol.type("/incident action INC-2 switches a switch @alice")
    assert "INC-2 is a test: it goes to no backlog." in said.text
    await carol.type("/incident action INC-2 category 1 config")
    await carol.type("/incident action INC-2 done 1")
    await carol.type("/incident action INC-2 reopen 1")
    await quiet(house)
    assert list(house.jira.issues) == ["PAY-1"]
    assert (await house.shown("INC-2"))["jobs"]["failed"] == 0
    assert ":warning:" not in (await carol.type("/incident actions INC-2")).text


async def test_nobody_is_given_what_they_may_not_know_of(house: House) -> None:
    carol = house.slack.people["carol"]
    await carol.type("/incident start --private checkout a secret thing")
    await quiet(house)
    for typed in ("action INC-2 switches hide it @erin", "action INC-2 assign 1 @erin"):
        said = (await carol.type(f"/incident {typed}")).text
        assert "Erin may not see INC-2: let them in first." in said
        await carol.type("/incident action INC-2 switches hide it")


async def test_nothing_is_given_to_somebody_who_has_left(house: House) -> None:
    await house.slack.people["bob"].deactivate()
    await quiet(house)
    carol = house.slack.people["carol"]
    for typed in ("action assign PAY-1 bob", "action INC-1 switches another switch @bob"):
        said = (await carol.type(f"/incident {typed}")).text
        assert "Bob's Slack account is deactivated: give it to somebody else." in said
    await quiet(house)
    assert (await item(house))["owner"] == "alice"
    assert list(house.jira.issues) == ["PAY-1"]
    assert (await house.shown())["jobs"]["failed"] == 0


async def test_candidates_are_asked_about_once_when_the_incident_is_over(tmp_path: Path) -> None:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/w.db", Clock(ticks=True), env=SECRET) as house:
        slack = house.slack
        carol, alice = slack.people["carol"], slack.people["alice"]
        await carol.type("/incident start checkout card payments fail", in_="general")
        await slack.until(alice.dms)
        await alice.press("Acknowledge", in_=alice.dm)
        await quiet(house)
        for words in ("ERROR null ERROR null", "no metric of refused cards"):
            message = await carol.say(words, in_=PLACE)
            await carol.react("mute", message)
        await quiet(house)
        await alice.type("/incident resolve it is over", in_=PLACE)
        await quiet(house)
        channel = slack.channel_named(PLACE)

        def asked() -> list[str]:
            return [visible_text(m) for m in channel.messages if "candidates wait" in visible_text(m)]

        assert len(asked()) == 1
        assert "What stopped it?" in asked()[0]
        assert alice.mention in next(m.text for m in channel.messages if "candidates wait" in m.text)
        await alice.press("Drop it", in_=PLACE)
        await quiet(house)
        await alice.press("Make it an action item", in_=PLACE)
        await quiet(house)
        states = sorted(a["state"] for a in (await house.shown())["actions"])
        assert states == ["open", "wont_do"]
        assert asked() == []
        await alice.type("/incident reopen it is back", in_=PLACE)
        await alice.type("/incident resolve over again", in_=PLACE)
        await quiet(house)
        assert asked() == []
