"""Slack and Jira fail in every way they know: the page goes out, nothing happens twice, and people are told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.flows import catalogs
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Fault
from tests.stories.conftest import House
from tests.stories.looking import incident_channels, lines, locked, of_us, reload, settled, today

START = "/incident start checkout sev2 card payments fail"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack that never answers costs half a second here, and five in earnest."""
    monkeypatch.setattr("bot.slack.client.TIMEOUT", aiohttp.ClientTimeout(total=0.5))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with today(tmp_path) as found:
        yield found


def is_page(args: Mapping[str, Any]) -> bool:
    return str(args["channel"]).startswith("U")


def is_headline(args: Mapping[str, Any]) -> bool:
    return str(args["channel"]).startswith("C")


def is_announcement(args: Mapping[str, Any]) -> bool:
    return str(args["channel"]) == "incidents"


async def everything_once(house: House) -> None:
    """One page to alice, one channel with her and carol in it, one headline, pinned, one announcement."""
    slack = house.slack
    shown = await house.shown()
    assert [(page["person"], page["state"]) for page in shown["pages"]] == [("alice", "sent")]
    assert len(slack.people["alice"].dms()) == 1
    [channel] = incident_channels(slack)
    assert channel.name == "inc-1-card-payments-fail"
    assert {"alice", "carol"} <= slack.members_of(channel)
    headlines = [m for m in of_us(slack, channel) if "[Take the lead]" in visible_text(m)]
    assert len(headlines) == 1
    assert channel.pins == headlines
    assert [mark["link"] for mark in channel.bookmarks] == ["https://runbooks.acme.dev/checkout"]
    assert "sev2" in channel.topic
    assert len(of_us(slack, "incidents")) == 1
    assert shown["jobs"] == {"waiting": shown["jobs"]["waiting"], "failed": 0}


@pytest.mark.parametrize("how", [fault for fault in Fault if fault is not Fault.SLOW])
async def test_each_step_of_a_start_fails_once_and_happens_once(house: House, how: Fault) -> None:
    slack = house.slack
    faults = [
        slack.fail("chat.postMessage", how, when=is_page),
        slack.fail("conversations.create", how),
        slack.fail("conversations.invite", how),
        slack.fail("chat.postMessage", how, when=is_headline),
        slack.fail("chat.postMessage", how, when=is_announcement),
        slack.fail("pins.add", how),
        slack.fail("bookmarks.add", how),
        slack.fail("conversations.setTopic", how),
    ]
    answer = await slack.people["carol"].type(START)
    assert "INC-1 started. Paging Alice" in answer.text
    await settled(house)
    assert [fault.hits for fault in faults] == [1] * len(faults)
    await everything_once(house)
    assert "could not" not in await lines(house)


# ---- Slack refuses ---------------------------------------------------------------------------


async def test_a_strangers_channel_of_the_same_name_gets_ours_a_suffix(house: House) -> None:
    slack = house.slack
    theirs = slack.channel("inc-1-card-payments-fail", members=["erin"])
    await slack.people["carol"].type(START)
    await settled(house)
    assert (await house.shown())["channel"]["name"] == "inc-1-card-payments-fail-2"
    assert slack.channel_named("inc-1-card-payments-fail-2").pins
    assert theirs.messages == []


async def test_without_the_scope_for_channels_the_page_goes_out_and_the_declarer_learns_the_fix(
    house: House,
) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    slack.workspace.scopes -= {"channels:manage"}
    await carol.type(START)
    await settled(house)
    assert len(alice.dms()) == 1
    [told] = carol.dms()
    assert "could not open the channel" in told.text
    assert "missing_scope" in told.text
    assert "writeback manifest" in told.text
    assert "could not open the channel" in (await lines(house)).lower()
    [announced] = of_us(slack, "incidents")
    assert "card payments fail" in visible_text(announced)
    await alice.press("Acknowledge", in_=alice.dm)
    answer = await alice.type("/incident update INC-1 we call the provider", in_="general")
    assert "Update posted" in answer.text
    await settled(house)
    assert len(of_us(slack, "incidents")) > 1, "the update is said where the incident was announced"


async def test_a_person_whom_slack_does_not_know_is_passed_over_at_once(house: House) -> None:
    slack = house.slack
    await settled(house)
    alice, bob = slack.people["alice"], slack.people["bob"]
    slack.fail("chat.postMessage", "user_not_found", times=None, when=lambda a: a["channel"] == alice.id)
    await slack.people["carol"].type(START)
    await slack.until(lambda: bob.dms())
    await settled(house)
    assert alice.dms() == []
    shown = await house.shown()
    assert [(p["person"], p["state"]) for p in shown["pages"]] == [
        ("alice", "failed"),
        ("bob", "sent"),
        ("dana", "sent"),
    ]
    assert "correct the person's `slack` or `email`" in await lines(house)


async def test_a_person_whose_email_slack_does_not_know_is_passed_over_at_once(
    house: House, tmp_path: Path
) -> None:
    slack, config = house.slack, tmp_path / "config.toml"
    words = config.read_text().replace('participants = ["alice", "bob"]', 'participants = ["zed"]')
    config.write_text(words + '\n[[person]]\nid = "zed"\nemail = "zed@acme.dev"\n')
    reload(house)
    await catalogs.keep(house.bot.world)
    await slack.people["carol"].type(START)
    await slack.until(lambda: any("SEV2" in dm.text for dm in slack.people["dana"].dms()))
    await settled(house)
    shown = await house.shown()
    assert {p["person"]: p["state"] for p in shown["pages"]} == {"zed": "failed", "dana": "sent"}
    assert "no Slack account has that e-mail" in await lines(house)


async def test_a_deactivated_account_is_passed_over_at_once(house: House) -> None:
    slack = house.slack
    await settled(house)
    await slack.people["alice"].deactivate()
    await slack.people["carol"].type(START)
    await slack.until(lambda: slack.people["bob"].dms())
    await settled(house)
    assert (await house.shown())["pages"][0]["state"] == "failed"


async def test_with_the_web_api_down_the_incident_is_kept_and_goes_out_once_it_is_back(house: House) -> None:
    slack = house.slack
    slack.down()
    answer = await slack.people["carol"].type(START)
    assert "INC-1 started" in answer.text
    await slack.until(lambda: len(slack.calls) > 3)
    slack.up()
    await settled(house)
    await everything_once(house)


@pytest.mark.parametrize("what", ["archived", "deleted", "the bot is removed"])
async def test_a_channel_that_is_gone_is_said_and_the_incident_goes_on(house: House, what: str) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    await carol.type(START)
    await settled(house)
    channel = slack.channel_named("inc-1-card-payments-fail")
    if what == "archived":
        await carol.archive(channel)
    elif what == "deleted":
        await carol.delete_channel(channel)
    else:
        await carol.remove(slack.bot, channel)
    answer = await alice.type("/incident ack", in_=alice.dm)
    assert "You have INC-1" in answer.text
    answer = await alice.type("/incident update INC-1 we call the provider", in_=alice.dm)
    assert "Update posted" in answer.text
    answer = await alice.type("/incident resolve INC-1 the provider is back", in_=alice.dm)
    assert "INC-1 is resolved" in answer.text
    await settled(house)
    text = await lines(house)
    assert {"archived": "was archived", "deleted": "was deleted", "the bot is removed": "was removed"}[
        what
    ] in text
    assert "Could not" not in text, "it is healed or worked around, and not met with each change"
    for words in ("we call the provider", "the provider is back"):
        assert words in text
    assert "resolved" in visible_text(of_us(slack, "incidents")[-1])
    assert (await house.shown())["status"] == "resolved"


# ---- Jira ------------------------------------------------------------------------------------


ITEM = "/incident action INC-1 switches add a kill switch for the fraud check"


async def _an_item(house: House) -> str:
    carol = house.slack.people["carol"]
    await carol.type(START)
    await settled(house)
    return (await carol.type(ITEM)).text


async def _only_issue(house: House) -> None:
    await settled(house)
    assert list(house.jira.issues) == ["PAY-1"]
    [item] = (await house.shown())["actions"]
    assert item["jira"] == "PAY-1"
    assert house.jira.issues["PAY-1"].links, "the issue links back to the channel"


async def test_an_item_is_filed_once_jira_is_back(house: House) -> None:
    house.jira.down()
    assert "it goes to the backlog of Payments (PAY)" in await _an_item(house)
    await house.slack.until(lambda: house.jira.calls)
    house.jira.up()
    await _only_issue(house)


@pytest.mark.parametrize("how", ["429", "500", "503", "drop", "lost", "500 after"])
async def test_an_item_is_filed_once_however_jira_fails(house: House, how: Any) -> None:
    house.jira.fail("POST /rest/api/3/issue", how)
    await _an_item(house)
    await _only_issue(house)


async def _told_and_filed_again(house: House, *fixes: str) -> None:
    """Carol is told with the fix, and what she does about it."""
    carol = house.slack.people["carol"]
    await settled(house)
    [told] = [seen.text for seen in carol.dms() if "could not be filed" in seen.text]
    for fix in fixes:
        assert fix in told
    assert house.jira.issues == {}
    [item] = (await house.shown())["actions"]
    assert (item["state"], item["jira"]) == ("open", None)
    assert "kill switch" in await lines(house)
    channel = (await house.shown())["channel"]["name"]
    listed = await carol.type("/incident actions", in_=channel)
    assert fixes[0] in listed.text
    assert any(label.startswith("File again") for label in listed.buttons)


async def _file_again(house: House) -> None:
    carol = house.slack.people["carol"]
    channel = (await house.shown())["channel"]["name"]
    label = next(b for b in (await carol.type("/incident actions", in_=channel)).buttons if "File" in b)
    await carol.press(label, in_=channel)
    await _only_issue(house)


async def test_a_required_custom_field_is_told_with_its_place_and_the_item_filed_again(house: House) -> None:
    project = house.jira.projects["PAY"]
    project.required["customfield_10042"] = "Root cause"
    await _an_item(house)
    await _told_and_filed_again(house, "Root cause is required", "[jira.fields.PAY]")
    project.required.clear()
    await _file_again(house)


async def test_an_archived_project_is_told_and_the_item_filed_again(house: House) -> None:
    project = house.jira.projects["PAY"]
    project.archived = True
    await _an_item(house)
    await _told_and_filed_again(house, "archived", "jira_project")
    project.archived = False
    await _file_again(house)


async def test_a_project_where_we_may_not_create_is_told_and_the_item_filed_again(house: House) -> None:
    project = house.jira.projects["PAY"]
    project.forbidden = True
    await _an_item(house)
    await _told_and_filed_again(house, "permission", "JIRA_USER")
    project.forbidden = False
    await _file_again(house)


async def test_a_worthless_token_is_told_and_the_item_filed_again(house: House) -> None:
    good, house.jira.token = house.jira.token, "another"
    await _an_item(house)
    await _told_and_filed_again(house, "JIRA_TOKEN", "new API token")
    house.jira.token = good
    await _file_again(house)


async def test_a_team_without_a_jira_project_is_told_and_the_item_filed_again(
    house: House, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    whole = config.read_text()
    config.write_text(whole.replace('jira_project = "PAY"\n', ""))
    reload(house)
    await _an_item(house)
    await _told_and_filed_again(house, "no Jira project", "`jira_project` of [[team]] payments")
    config.write_text(whole)
    reload(house)
    await _file_again(house)


# ---- the database ----------------------------------------------------------------------------


@asynccontextmanager
async def full(house: House) -> AsyncIterator[None]:
    """The file may not grow any more."""
    db = house.bot.world.db

    async def at_most(pages: int) -> None:
        async with db.transaction() as session:
            await (await session.connection()).exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await at_most(1)  # SQLite makes that as many as there are
    yield
    await at_most(1_000_000)


async def test_a_locked_database_is_said_and_leaves_nothing_half_done(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    await carol.type(START)
    await settled(house)
    before = await house.shown()
    channel = before["channel"]["name"]
    async with locked(house):
        for typed in ("start checkout baskets are empty", "note it grew", "ack"):
            answer = await carol.type(f"/incident {typed}", in_=channel)
            assert answer.error is None
            assert "database is locked" in answer.text
            assert "nothing was stored" in answer.text
        assert "card payments fail" in (await carol.type("/incident show", in_=channel)).text
    await settled(house)
    assert await house.shown() == before
    assert (len(incident_channels(slack)), len(alice.dms())) == (1, 1)
    assert "INC-2 started" in (await carol.type("/incident start checkout baskets are empty")).text
    await settled(house)
    assert len(alice.dms()) == 2


async def test_a_full_disk_refuses_whole_commands_and_keeps_what_it_took(house: House) -> None:
    slack = house.slack
    carol = slack.people["carol"]
    await settled(house)
    async with full(house):
        for tried in range(40):
            answer = await carol.type(f"/incident start checkout number {tried} {'x' * 2500}")
            assert answer.error is None
            if "started" not in answer.text:
                break
        assert "database or disk is full" in answer.text
        assert "nothing was stored" in answer.text
    await settled(house, within=60)
    assert "There is no incident" in (await carol.type(f"/incident update INC-{tried + 1} hello")).text
    assert len(slack.people["alice"].dms()) == tried
    assert len(incident_channels(slack)) == len(of_us(slack, "incidents")) == tried
    assert f"INC-{tried + 1} started" in (await carol.type(START)).text
    await settled(house)


async def test_a_click_and_a_form_on_a_locked_database_are_answered_too(house: House) -> None:
    slack = house.slack
    carol, alice = slack.people["carol"], slack.people["alice"]
    await carol.type(START)
    await settled(house)
    channel = (await house.shown())["channel"]["name"]
    await carol.press("Post update", in_=channel)
    async with locked(house):
        pressed = await alice.press("Acknowledge", in_=alice.dm)
        assert pressed.error is None
        assert "database is locked" in alice.sees(alice.dm)[-1].text
        submitted = await carol.fill_and_submit({"What is known, what happens next?": "we call them"})
        assert "database" in " ".join(submitted.errors.values())
    await alice.press("Acknowledge", in_=alice.dm)
    await carol.submit_again()
    await settled(house)
    kinds = [line["kind"] for line in (await house.shown())["timeline"]]
    assert (kinds.count("acknowledged"), kinds.count("updated")) == (1, 1)


async def test_a_page_on_its_way_waits_for_no_database_and_goes_once(house: House) -> None:
    slack = house.slack
    await settled(house)
    slack.slow("chat.postMessage", 0.2)
    await slack.people["carol"].type(START)
    async with locked(house):
        await slack.until(lambda: slack.people["alice"].dms(), within=1.5)
    await settled(house)
    await everything_once(house)
