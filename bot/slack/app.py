"""The Bolt app: what Slack sends, over HTTP or Socket Mode, reaches one handler, which answers after the commit."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import Refused
from bot.core.guides import minutes as minutes_in
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import Asking, Reply, World, guides, home, privacy, respond, timelines
from bot.flows.heard import LIFE, Heard, Hearing
from bot.slack import commands, doors, interactions, item_taps, mentions, messages, writing
from bot.slack import guides as asked
from bot.slack.client import SlackRefused, call, post_to
from bot.slack.commands import Answer
from bot.slack.events import KINDS
from bot.slack.kit import Message
from bot.slack.text import decode

log = logging.getLogger(__name__)


def build(
    world: World, client: AsyncWebClient, hearing: Hearing, *, signing_secret: str, identity: dict[str, str]
) -> AsyncApp:
    """`identity` is what auth.test said of us at start-up: Bolt would otherwise ask before the first handler, and
    with Slack failing answer 200 without running it.

    Bolt's usual mode answers events before the handler has run, which a crash then loses.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.get("team_id"),
            bot_id=identity.get("bot_id"),
            bot_user_id=identity.get("user_id"),
            bot_token=client.token,
        )

    # A copy without the token: `authorize` gives it, and Bolt would warn about having both.
    bare = AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[])
    app = AsyncApp(
        client=bare,
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        ignoring_self_events_enabled=True,
        logger=logging.getLogger("slack_bolt"),
    )
    _commands(app, world, client)
    _taps(app, world, client)
    doors.register(app, world, client)
    _schedules(app, world, client)
    _advice(app, world, client)
    writing.register(app, world, client)
    item_taps.listen(app, world, client)
    _shortcuts(app, world, client)
    _events(app, world, hearing, bot=identity.get("user_id") or "")
    return app


def _body(answer: Answer) -> dict[str, Any]:
    message = messages.reply(answer) if isinstance(answer, Reply) else answer
    return {"response_type": "ephemeral", **message.args()}


async def _sentence(doing: Awaitable[Answer]) -> Answer:
    """The answer, or the sentence that says why not: a person always reads something."""
    try:
        return await doing
    except Refused as error:
        return Reply(str(error))
    except DatabaseUnavailable as error:
        log.warning("a command could not be stored: %s", error.detail)
        return Reply(str(error))
    except Exception:
        # The last door before a person: without it Slack would show them `dispatch_failed`.
        log.exception("a command failed")
        return Reply(
            "Something went wrong on Writeback's side and nothing was stored. Try again; its log says what it was."
        )


def _commands(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    async def incident(ack: AsyncAck, body: dict[str, Any]) -> None:
        word, _, rest = str(body.get("text") or "").strip().partition(" ")
        if word.lower() == "start" and await doors.typed(world, client, body, rest):
            await ack()
            return
        answer = await _sentence(commands.incident(world, _typed(body), body.get("text") or ""))
        url = str(body.get("response_url") or "")
        if not (isinstance(answer, Message) and answer.is_drawn and url):
            await ack(**_body(answer))
            return
        # Blocks in an acknowledgement that Slack can't show are dropped without a word; its response URL says so.
        await ack()
        if not await post_to(client, url, _body(answer)):
            await post_to(client, url, _body(answer.undrawn()))

    async def oncall(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(**_body(await _sentence(commands.oncall(world, _typed(body), body.get("text") or ""))))

    app.command("/incident")(incident)
    app.command("/oncall")(oncall)


def _typed(body: dict[str, Any]) -> Asking:
    return Asking(
        id=f"command:{body['trigger_id']}",
        by=body["user_id"],
        channel=body.get("channel_id", ""),
        way="typed in Slack",
    )


def _taps(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, tap in interactions.TAPS.items():
        app.action(re.compile(rf"^{name}(:\d+)?$"))(_on_tap(world, client, name, tap))


def _on_tap(
    world: World, client: AsyncWebClient, name: str, tap: interactions.Tap
) -> Callable[..., Awaitable[None]]:
    async def tapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        action, value = body["actions"][0], str(body["actions"][0].get("value") or "")
        number, rest = "", value
        if name in interactions.OF_AN_INCIDENT:
            number, _, rest = value.partition(" ")
        url = str(body.get("response_url") or "")
        ephemeral = bool(body.get("container", {}).get("is_ephemeral"))
        answered = ephemeral or name in interactions.SETTLED | interactions.BESIDE
        asking = Asking(
            id=f"tap:{body.get('trigger_id')}:{action.get('action_ts')}",
            by=body["user"]["id"],
            channel=(body.get("channel") or {}).get("id", ""),
            incident=f"INC-{number}" if number else "",
            way="button in Slack",
            respond_to=url if answered else "",
            beside=name in interactions.BESIDE,
        )
        await _after_tap(world, client, body, tap(world, asking, rest))
        await ack()

    return tapped


async def _after_tap(
    world: World, client: AsyncWebClient, body: dict[str, Any], doing: Awaitable[Reply]
) -> None:
    """A body answered to a click is not shown, so a refusal is said through the response URL."""
    try:
        reply = await doing
    except (Refused, DatabaseUnavailable) as error:
        await doors.say(world, client, body, error)
    else:
        await doors.after(world, client, body, reply)


def _schedules(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    async def show_schedule(ack: AsyncAck, body: dict[str, Any]) -> None:
        asking = Asking(id="", by=body["user"]["id"])
        answer = await _sentence(
            commands.show_schedule(world, asking, str(body["actions"][0].get("value") or ""))
        )
        await ack()
        # Nothing was changed, so nothing has to survive: whoever sees no schedule taps again.
        await post_to(
            client, str(body.get("response_url") or ""), _body(answer) | {"replace_original": False}
        )

    app.action(re.compile(r"^show_schedule(:\d+)?$"))(show_schedule)


def _advice(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    """*Answer* on a guide's card opens a form; what it was given stands in it until it is taken."""

    async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
        number, _, row = str(body["actions"][0].get("value") or "").partition(" ")
        asking = Asking(id="", by=body["user"]["id"], incident=f"INC-{number}")
        url = str(body.get("response_url") or "")
        try:
            form = await guides.form(world, asking, guidance_id=int(row))
            await call(client, "views.open", trigger_id=body["trigger_id"], view=asked.answer_form(form))
        except Refused as error:
            await respond(world, url, str(error))
        except (SlackRefused, Retry) as error:
            hint = (
                f"The form could not be opened ({error}): type `/incident advice INC-{number} text` instead."
            )
            await respond(world, url, hint)
        except DatabaseUnavailable as error:
            await post_to(client, url, messages.told(str(error)).args() | {"replace_original": False})
        await ack()

    async def answered(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        number, _, row = str(view["private_metadata"]).partition(" ")
        asking = Asking(
            id=f"view:{view['id']}:{view.get('hash', '')}",
            by=body["user"]["id"],
            incident=f"INC-{number}",
            way="form in Slack",
        )
        try:
            minutes = minutes_in(decode(values["minutes"]["text"].get("value") or ""))
        except Refused as error:
            await ack(response_action="errors", errors={"minutes": str(error)[:150]})
            return
        try:
            text = decode(values["answer"]["text"].get("value") or "")
            await guides.answer(world, asking, guidance_id=int(row), text=text, minutes=minutes)
        except (Refused, DatabaseUnavailable) as error:
            await ack(response_action="errors", errors={"answer": str(error)[:150]})
            return
        await ack()

    app.action("guide_answer")(answer)
    app.view("guide_answered")(answered)


def _shortcuts(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    async def add_to_timeline(ack: AsyncAck, body: dict[str, Any]) -> None:
        message = doors.evidence_of(body["message"], str(body["channel"]["id"]))
        asking = Asking(
            id=f"shortcut:{body.get('trigger_id')}",
            by=body["user"]["id"],
            channel=message.channel,
            way="shortcut in Slack",
            respond_to=str(body.get("response_url") or ""),
            beside=True,
        )
        try:
            await timelines.mark(world, asking, channel=message.channel, ts=message.ts, said=message.said)
        except (Refused, DatabaseUnavailable) as error:
            await doors.say(world, client, body, error)
        await ack()

    app.shortcut("add_to_timeline")(add_to_timeline)


def _events(app: AsyncApp, world: World, hearing: Hearing, *, bot: str) -> None:
    async def heard(ack: AsyncAck, body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("type") == "message" and event.get("channel_type") == "im":
            await mentions.heard(world, event, bot)
        await hearing.keep(Heard(str(body.get("event_id") or ""), event))
        await ack()

    async def joined(ack: AsyncAck, body: dict[str, Any], event: dict[str, Any]) -> None:
        await privacy.joined(
            world,
            str(body.get("event_id") or ""),
            channel=str(event.get("channel") or ""),
            slack_id=str(event.get("user") or ""),
            inviter=str(event.get("inviter") or ""),
        )
        await heard(ack, body, event)

    async def mentioned(ack: AsyncAck, event: dict[str, Any]) -> None:
        await mentions.heard(world, event, bot)
        await ack()

    async def home_opened(ack: AsyncAck, event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            await home.wanted(world, str(event["user"]))
        await ack()

    async def passed(ack: AsyncAck) -> None:
        await ack()

    for kind in (*KINDS, "user_change", *LIFE):
        app.event(kind)(joined if kind == "member_joined_channel" else heard)
    app.event("app_mention")(mentioned)
    app.event("app_home_opened")(home_opened)
    app.event(re.compile(r"^(channel|group|member|pin|file|team|user)_.+"))(passed)
