"""Events: who hears of what, signatures, and redelivery."""

import asyncio
import itertools
import time
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Slack
from tests.sandbox.conftest import Serving, over_http, over_socket

Body = dict[str, Any]


def named(slack: Slack) -> list[str]:
    """Types and subtypes of the events so far."""
    events = [delivery.payload["event"] for delivery in slack.events]
    return [event.get("subtype") or event["type"] for event in events]


async def test_the_bot_hears_what_is_said_where_it_is(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    heard: list[str] = []

    @app.event("message")
    async def message(event: Body) -> None:
        heard.append(event["text"])

    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    slack.channel("elsewhere", [alice], with_bot=False)
    async with serving(app):
        await alice.say("it is the database & more", in_="inc-1")
        await alice.say("unheard", in_="elsewhere")
        await alice.say("a private word", in_=alice.dm)
    assert heard == ["it is the database &amp; more", "a private word"]


async def test_edits_reactions_pins_and_members_are_told(slack: Slack) -> None:
    alice, bob = slack.person("alice"), slack.person("bob")
    channel = slack.channel("inc-1", [alice])
    message = await alice.say("rolled back", in_=channel)
    await alice.edit(message, "rolled back v42")
    await bob.join(channel)
    await bob.react("pushpin", "rolled back v42")
    await bob.unreact("pushpin", message)
    await alice.pin(message)
    await bob.leave(channel)
    await alice.delete(message)
    assert named(slack) == [
        "message", "message_changed", "channel_join", "member_joined_channel", "reaction_added",
        "reaction_removed", "pin_added", "pinned_item", "channel_leave", "member_left_channel", "message_deleted",
    ]  # fmt: skip
    changed = slack.events[1].payload["event"]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == (
        "rolled back v42",
        "rolled back",
    )
    assert channel.messages == []
    assert slack.members_of("inc-1") == {"alice", "writeback"}


async def test_a_mention_of_the_bot_is_an_event_of_its_own(slack: Slack) -> None:
    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    await alice.tell_bot("who owns checkout?", in_="inc-1")
    assert named(slack) == ["message", "app_mention"]
    assert slack.events[1].payload["event"]["text"] == f"<@{slack.bot.id}> who owns checkout?"


async def test_a_removed_bot_hears_that_and_then_nothing(slack: Slack) -> None:
    alice = slack.person("alice")
    channel = slack.channel("inc-1", [alice])
    await alice.remove(slack.bot, channel)
    await alice.say("unheard", in_=channel)
    assert named(slack) == ["channel_leave", "member_left_channel", "channel_left"]


async def test_the_life_of_a_channel_is_told(slack: Slack, client: AsyncWebClient) -> None:
    alice = slack.person("alice")
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await alice.rename("inc-1", "inc-1-checkout")
    await alice.archive(channel)
    await alice.unarchive(channel)
    await alice.delete_channel(channel)
    told = [name for name in named(slack) if not slack.workspace.channels.get(name)]
    assert told == [
        "channel_created", "channel_name", "channel_rename", "channel_archive", "channel_archive",
        "channel_unarchive", "channel_deleted",
    ]  # fmt: skip


async def test_archiving_puts_the_bot_out_and_of_a_private_channel_it_then_hears_nothing(
    slack: Slack,
) -> None:
    alice = slack.person("alice")
    channel = slack.channel("inc-1", [alice], private=True)
    await alice.archive(channel)
    assert slack.members_of(channel) == {"alice"}
    await alice.unarchive(channel)
    await alice.delete_channel(channel)
    assert named(slack) == ["group_archive", "group_archive"]


async def test_only_subscribed_events_are_sent(slack: Slack) -> None:
    slack.install({"settings": {"event_subscriptions": {"bot_events": ["message.im"]}}})
    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    await alice.say("unheard", in_="inc-1")
    await alice.say("heard", in_=alice.dm)
    assert [delivery.payload["event"]["text"] for delivery in slack.events] == ["heard"]


async def test_an_event_that_fails_is_sent_again_with_its_id(app: AsyncApp) -> None:
    failing = itertools.count()
    heard: list[str] = []

    @app.event("message")
    async def message(body: Body) -> None:
        heard.append(body["event_id"])
        if next(failing) < 2:
            raise ValueError("not yet")

    async with Slack(retries=(0, 0, 0)).serve() as slack:
        alice = slack.person("alice")
        slack.channel("inc-1", [alice])
        async with over_http(slack, app):
            await alice.say("x", in_="inc-1")
            await slack.until(lambda: slack.events[-1].taken)
    assert len(heard) == 3
    assert len(set(heard)) == 1
    assert [attempt.failed for attempt in slack.events[-1].attempts] == ["http_error", "http_error", None]


async def test_after_the_last_retry_slack_gives_up(app: AsyncApp) -> None:
    async with Slack(retries=(0, 0)).serve() as slack:
        alice = slack.person("alice")
        slack.channel("inc-1", [alice])
        async with over_http(slack, app):  # nobody listens for messages: 404
            await alice.say("x", in_="inc-1")
            await slack.delivered()
            await slack.until(lambda: len(slack.events[-1].attempts) == 3)
            await asyncio.sleep(0.05)
    assert len(slack.events[-1].attempts) == 3
    assert not slack.events[-1].taken


async def test_a_test_decides_when_slack_sends_again(slack: Slack, app: AsyncApp) -> None:
    heard: list[tuple[str, Any, Any]] = []

    @app.event("message")
    async def message(body: Body, request: Any) -> None:
        header = request.headers
        num, reason = header.get("x-slack-retry-num"), header.get("x-slack-retry-reason")
        heard.append((body["event_id"], num, reason))

    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    async with over_http(slack, app):
        await alice.say("x", in_="inc-1")
        event_id = slack.events[-1].payload["event_id"]
        await app.client.chat_postMessage(channel="inc-1", text="the bot's own message is not meant")
        await slack.redeliver()
        with pytest.raises(LookupError, match="there was no event reaction_added yet"):
            await slack.redeliver("reaction_added")
    assert heard == [(event_id, None, None), (event_id, ["1"], ["http_timeout"])]


async def test_a_request_url_is_verified(slack: Slack, app: AsyncApp) -> None:
    async with over_http(slack, app):
        assert await slack.verify_url()


@pytest.mark.parametrize(("age", "secret", "status"), [(0, None, 200), (600, None, 401), (0, "wrong", 401)])
async def test_bolt_checks_signature_and_age(
    slack: Slack, app: AsyncApp, age: int, secret: str | None, status: int
) -> None:
    @app.event("message")
    async def message() -> None:
        return None

    body = b'{"type":"event_callback","event":{"type":"message","text":"x","user":"U1","ts":"1.1"}}'
    if secret:
        slack.signing_secret = secret
    headers = slack.signature(body, at=time.time() - age) | {"Content-Type": "application/json"}
    async with over_http(slack, app), aiohttp.ClientSession() as session:
        assert slack.courier.url
        async with session.post(slack.courier.url, data=body, headers=headers) as response:
            assert response.status == status


# ---- Socket Mode ---------------------------------------------------------------------------------


async def test_connections_take_turns(slack: Slack, app: AsyncApp) -> None:
    @app.event("message")
    async def message() -> None:
        return None

    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    async with over_socket(slack, app), over_socket(slack, app):
        for number in range(4):
            await alice.say(str(number), in_="inc-1")
        assert [link.sent for link in slack.courier.links] == [2, 2]


async def test_an_envelope_lost_with_its_connection_goes_out_on_another(slack: Slack, app: AsyncApp) -> None:
    heard: list[str] = []

    @app.command("/incident")
    async def incident(ack: Any, command: Body) -> None:
        heard.append(command["text"])
        if len(heard) == 1:
            slack.drop_connections()
            await asyncio.sleep(0)
        await ack(f"answer {len(heard)}")

    alice = slack.person("alice")
    async with over_socket(slack, app):
        shown = await alice.type("/incident start")
    assert heard == ["start", "start"]
    assert shown.text == "answer 2"


async def test_the_client_comes_back_after_a_refresh(slack: Slack, app: AsyncApp) -> None:
    @app.command("/incident")
    async def incident(ack: Any) -> None:
        await ack("still here")

    alice = slack.person("alice")
    async with over_socket(slack, app):
        await slack.refresh_connections()
        await slack.until(lambda: slack.courier.links)
        assert (await alice.type("/incident start")).text == "still here"
    assert slack.courier.links_opened == 2


async def test_a_connection_needs_a_ticket_that_works_once(slack: Slack, client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        ws = await session.ws_connect(url)
        assert (await ws.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await ws.close()
