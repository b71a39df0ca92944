"""Slash commands and buttons, over HTTP and over Socket Mode, through the real Bolt."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack import Slack
from tests.sandbox.conftest import Serving


async def test_a_person_sees_what_the_bot_answers(slack: Slack, app: AsyncApp, serving: Serving) -> None:
    @app.command("/incident")
    async def incident(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"<@{command['user_id']}> said {command['text']}")

    alice = slack.person("alice")
    async with serving(app):
        shown = await alice.type("/incident start checkout a < b & c")
    assert shown.text == "@alice said start checkout a < b & c"
    assert [seen.only_me for seen in alice.sees("general")] == [True]


async def test_a_pressed_button_reaches_the_bot_and_the_message_changes(
    slack: Slack, app: AsyncApp, serving: Serving
) -> None:
    @app.action("ack")
    async def acknowledge(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="done", blocks=[]
        )
        await ack()

    alice = slack.person("alice")
    button = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Acknowledge"}}
    await app.client.chat_postMessage(
        channel=alice.id, text="wake up", blocks=[{"type": "actions", "elements": [button]}]
    )
    assert alice.dms()[0].text == "[Acknowledge]"
    async with serving(app):
        shown = await alice.press("Acknowledge", in_=alice.dm)
    assert shown.error is None
    assert [str(seen) for seen in alice.dms()] == ["done"]
