"""The harness itself: the bot's Slack client, and Bolt in the bot's place, against the emulator."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import SlackRefused, call, close, connect, look
from tests import emulator
from tests.emulator import BOT_USER, CHANNELS, PEOPLE, Emulator, emulated

pytestmark = pytest.mark.xdist_group("emulator")

PAGE: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*INC-1* checkout is down"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "page_ack",
                "text": {"type": "plain_text", "text": "Acknowledge"},
                "value": "7",
            },
            {
                "type": "button",
                "action_id": "page_decline",
                "text": {"type": "plain_text", "text": "Can't take it"},
                "value": "8",
            },
        ],
    },
]


@pytest.fixture
async def slack() -> AsyncIterator[Emulator]:
    async with emulated() as found:
        yield found


@pytest.fixture
async def client(slack: Emulator) -> AsyncIterator[AsyncWebClient]:
    made = connect(slack.bot_token, slack.api_url)
    yield made
    await close(made)


@asynccontextmanager
async def answering(slack: Emulator, app: AsyncApp) -> AsyncIterator[None]:
    """Bolt's own server, which checks signatures, as the bot."""
    runner = web.AppRunner(app.server(path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


def bolt(client: AsyncWebClient, signing_secret: str = "shh") -> AsyncApp:
    return AsyncApp(client=client, signing_secret=signing_secret, process_before_response=True)


async def test_everybody_is_in_every_channel_and_found_by_e_mail(
    slack: Emulator, client: AsyncWebClient
) -> None:
    for channel in CHANNELS:
        assert set(PEOPLE) <= await slack.members(channel)
    for person in PEOPLE:
        found = await look(client, "users.lookupByEmail", email=f"{person}@acme.dev")
        assert found["user"]["id"] == slack.users[person]
    with pytest.raises(SlackRefused, match="users_not_found"):
        await look(client, "users.lookupByEmail", email="nobody@acme.dev")


async def test_a_message_to_a_person_and_its_update_are_seen_in_their_chat(
    slack: Emulator, client: AsyncWebClient
) -> None:
    assert await slack.dms("alice") == []
    sent = await call(client, "chat.postMessage", channel=slack.users["alice"], text="a page", blocks=PAGE)
    (page,) = await slack.dms("alice")
    assert page.buttons == ("Acknowledge", "Can't take it")
    assert "checkout is down" in page.text
    assert "[Acknowledge]" in page.text

    await call(client, "chat.update", channel=sent["channel"], ts=sent["ts"], text="<@U1> has it", blocks=[])
    (page,) = await slack.dms("alice")
    assert (page.text, page.buttons) == ("@U1 has it", ())
    assert await slack.dms("bob") == []


async def test_a_message_is_found_again_by_its_metadata(slack: Emulator, client: AsyncWebClient) -> None:
    metadata = {"event_type": "writeback", "event_payload": {"key": "job:7"}}
    sent = await call(client, "chat.postMessage", channel="incidents", text="once", metadata=metadata)
    found = await look(
        client, "conversations.history", channel=sent["channel"], limit=200, include_all_metadata="true"
    )
    assert [message["metadata"] for message in found["messages"]] == [metadata]


async def test_a_channel_with_all_that_the_bot_puts_there_is_seen(
    slack: Emulator, client: AsyncWebClient
) -> None:
    assert await slack.channel_named("inc-1-checkout") is None
    made = (await call(client, "conversations.create", name="inc-1-checkout"))["channel"]["id"]
    people = ",".join(slack.users[name] for name in ("alice", "carol"))
    await call(client, "conversations.invite", channel=made, users=people)
    await call(client, "conversations.setTopic", channel=made, topic="SEV2 investigating")
    text = f"<@{slack.users['alice']}> leads in <#{made}>"
    headline = await call(client, "chat.postMessage", channel=made, text=text)
    await call(client, "pins.add", channel=made, timestamp=headline["ts"])
    await call(
        client, "bookmarks.add", channel_id=made, title="Runbook", type="link", link="https://acme.dev/r"
    )

    channel = await slack.channel_named("inc-1-checkout")
    assert channel is not None
    assert (channel.id, channel.topic) == (made, "SEV2 investigating")
    assert await slack.members("inc-1-checkout") == {"writeback", "alice", "carol"}
    assert [message.text for message in await slack.pins("inc-1-checkout")] == [
        "@alice leads in #inc-1-checkout"
    ]
    assert (await slack.messages("inc-1-checkout"))[-1].text == "@alice leads in #inc-1-checkout"
    assert await slack.bookmarks("inc-1-checkout") == {"Runbook": "https://acme.dev/r"}
    with pytest.raises(SlackRefused, match="name_taken"):
        await call(client, "conversations.create", name="inc-1-checkout")


async def test_messages_come_oldest_first(slack: Emulator, client: AsyncWebClient) -> None:
    for number in range(12):
        await call(client, "chat.postMessage", channel="incidents", text=f"{number}")
    assert [message.text for message in await slack.messages("incidents")] == [str(n) for n in range(12)]


async def test_a_command_arrives_escaped_and_signed_and_its_answer_is_read(
    slack: Emulator, client: AsyncWebClient
) -> None:
    app, heard = bolt(client), dict[str, Any]()

    async def incident(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        heard.update(body)
        await ack(text="INC-1 started", response_type="ephemeral")
        await respond("and one thing more")

    app.command("/incident")(incident)
    async with answering(slack, app):
        typed = "/incident start a<b & @dana, see https://acme.dev/x in #incidents"
        answer = await slack.type("carol", typed, in_="general")
    incidents, general = await slack.channel_named("incidents"), await slack.channel_named("general")
    assert incidents is not None
    assert general is not None
    assert heard["text"] == (
        f"start a&lt;b &amp; <@{slack.users['dana']}|dana>, see <https://acme.dev/x> in <#{incidents.id}|incidents>"
    )
    assert (heard["user_id"], heard["channel_id"]) == (slack.users["carol"], general.id)
    assert (heard["team_id"], heard["channel_name"]) == ("T000000001", "general")
    assert answer.text == "INC-1 started"
    assert {told.text for told in slack.answers_to("carol")} == {"INC-1 started", "and one thing more"}
    assert slack.answers_to("alice") == []
    assert await slack.messages("general") == []


async def test_an_answer_for_everybody_stands_in_the_channel(slack: Emulator, client: AsyncWebClient) -> None:
    app = bolt(client)

    async def oncall(ack: AsyncAck) -> None:
        await ack(text="alice is on call", response_type="in_channel")

    app.command("/oncall")(oncall)
    async with answering(slack, app):
        answer = await slack.type("bob", "/oncall payments", in_="team-payments")
    assert answer.text == "alice is on call"
    assert [message.text for message in await slack.messages("team-payments")] == ["alice is on call"]
    assert slack.answers_to("bob") == []


async def test_a_command_without_an_answer_reads_as_empty(slack: Emulator, client: AsyncWebClient) -> None:
    app = bolt(client)

    async def incident(ack: AsyncAck) -> None:
        await ack()

    app.command("/incident")(incident)
    async with answering(slack, app):
        assert (await slack.type("bob", "/incident")).text == ""


async def test_a_press_names_its_button_opens_forms_and_can_replace_its_message(
    slack: Emulator, client: AsyncWebClient
) -> None:
    app, heard = bolt(client), dict[str, Any]()
    form = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Why?"},
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "because"}}],
    }

    async def decline(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        heard.update(body)
        opened = await call(client, "views.open", trigger_id=body["trigger_id"], view=form)
        heard["opened"] = opened["ok"]
        await respond("declined", replace_original=True)
        await ack()

    app.action("page_decline")(decline)
    for text in ("first", "second"):
        await call(client, "chat.postMessage", channel=slack.users["alice"], text=text, blocks=PAGE)
    async with answering(slack, app):
        pressed = await slack.press("alice", "Can't take it")

    first, second = await slack.dms("alice")
    assert pressed.ts == second.ts == heard["message"]["ts"] == heard["container"]["message_ts"]
    assert first.buttons
    assert second.text == "declined"
    (action,) = heard["actions"]
    assert (action["action_id"], action["value"]) == ("page_decline", "8")
    assert heard["user"]["id"] == slack.users["alice"]
    assert heard["channel"] == {"id": second.channel_id, "name": "directmessage"}
    assert heard["opened"]


async def test_a_press_may_be_in_a_channel_or_on_a_private_answer(
    slack: Emulator, client: AsyncWebClient
) -> None:
    app, heard = bolt(client), list[tuple[str, bool]]()

    async def incident(ack: AsyncAck) -> None:
        await ack(text="sure?", blocks=PAGE, response_type="ephemeral")

    async def acknowledge(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        heard.append((body["channel"]["name"], body["container"]["is_ephemeral"]))
        assert ("message" in body) is not body["container"]["is_ephemeral"]
        await respond("done", replace_original=body["container"]["is_ephemeral"])
        await ack()

    app.command("/incident")(incident)
    app.action("page_ack")(acknowledge)
    await call(client, "chat.postMessage", channel="incidents", text="for all", blocks=PAGE)
    async with answering(slack, app):
        await slack.press("bob", "Acknowledge", in_="incidents")
        await slack.type("carol", "/incident start")
        await slack.press("carol", "Acknowledge", in_="general")
    assert heard == [("incidents", False), ("general", True)]
    assert [told.text for told in slack.answers_to("bob")] == ["done"]
    assert [told.text for told in slack.answers_to("carol")] == ["done"]
    assert (await slack.messages("incidents"))[0].buttons


async def test_a_press_without_such_a_button_says_what_is_there(
    slack: Emulator, client: AsyncWebClient
) -> None:
    await call(client, "chat.postMessage", channel=slack.users["alice"], text="page", blocks=PAGE)
    with pytest.raises(AssertionError, match=r"(?s)no button “Resolve” for alice.*checkout is down"):
        await slack.press("alice", "Resolve")


async def test_a_bot_with_another_signing_secret_takes_nothing(
    slack: Emulator, client: AsyncWebClient
) -> None:
    async with answering(slack, bolt(client, signing_secret="another")):
        with pytest.raises(AssertionError, match="answered 401"):
            await slack.type("carol", "/incident list")


async def test_the_bot_may_do_only_what_its_scopes_allow() -> None:
    async with emulated(scopes=["chat:write"]) as slack:
        client = connect(slack.bot_token, slack.api_url)
        try:
            with pytest.raises(SlackRefused, match="missing_scope") as refused:
                await look(client, "users.lookupByEmail", email="alice@acme.dev")
            assert refused.value.response["needed"] == "users:read.email"
            await call(client, "chat.postMessage", channel="incidents", text="hi")
        finally:
            await close(client)


async def test_waiting_ends_with_what_there_is_or_says_what_there_is_not(slack: Emulator) -> None:
    looks = list[str]()

    async def nothing() -> list[str]:
        return []

    async def third() -> str:
        looks.append("look")
        return "found" if len(looks) == 3 else ""

    assert await slack.until(third) == "found"
    with pytest.raises(AssertionError, match=r"still only \[\]"):
        await slack.until(nothing, seconds=0)


async def test_the_process_ends_with_its_block() -> None:
    async with emulated() as slack:
        assert (await slack.api("auth.test"))["user_id"] == BOT_USER
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(slack.url)


async def test_an_emulator_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "node_modules" / "emulate").mkdir(parents=True)
    monkeypatch.setattr(emulator, "INSTALLED", tmp_path)
    with pytest.raises(RuntimeError, match=r"(?s)did not start.*emulate"):
        async with emulated():
            pass


@pytest.mark.parametrize(
    ("needed", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)], ids=["skips", "fails"]
)
async def test_where_it_is_not_installed_a_test_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, needed: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(emulator, "INSTALLED", tmp_path)
    monkeypatch.setitem(os.environ, "WRITEBACK_TESTS_NEED_ALL", needed)
    with pytest.raises(outcome, match=r"python3 do\.py test"):
        async with emulated():
            pass
