"""What people tap in the list of what waits for them, be it this morning's or a week old. To add a tap: a row of TAPS."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import store
from bot.core import Refused
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import Asking, Reply, World, chasing, evidence, items
from bot.slack import chasing as drawn
from bot.slack.chasing import Ref
from bot.slack.client import SlackRefused, call, look, post_to
from bot.slack.messages import told
from bot.slack.text import decode

log = logging.getLogger(__name__)

Tap = Callable[[World, Asking, str, Mapping[str, Any]], Awaitable[Reply]]
"""Gets the item's id and the tap as Slack tells of it."""


async def done(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await items.done(world, asking, item=item)


async def later(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    chosen = str((tap.get("selected_option") or {}).get("value") or tap.get("selected_date") or "")
    return await chasing.later(world, asking, item=item, when=chosen)


async def not_mine(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await chasing.not_mine(world, asking, item=item)


async def assign(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await items.assign(world, asking, item=item, slack_id=str(tap.get("selected_user") or ""))


async def keep(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=True)


async def drop(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=False)


TAPS: Mapping[str, Tap] = {
    "done": done,
    "later": later,
    "until": later,
    "notmine": not_mine,
    "assign": assign,
    "keep": keep,
    "drop": drop,
}


def listen(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, tap in TAPS.items():
        app.action(re.compile(rf"^chase_{name}(:\d+)?$"))(_on_tap(world, client, tap))
    app.action(re.compile(r"^chase_page(:\d+)?$"))(_on_page(world, client))
    _reasons(app, world, client)


def _asking(body: Mapping[str, Any], id: str, number: int) -> Asking:
    return Asking(
        id=id,
        by=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id", ""),
        incident=f"INC-{number}",
        way="button in Slack",
    )


def _on_tap(world: World, client: AsyncWebClient, tap: Tap) -> Callable[..., Awaitable[None]]:
    async def tapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        given = body["actions"][0]
        _, item, number = drawn.about(str(given["block_id"]))
        asking = _asking(body, f"tap:{body.get('trigger_id')}:{given.get('action_ts')}", number)
        refused = ""
        try:
            said = (await tap(world, asking, item, given)).text
        except Refused as error:
            said = refused = str(error)
        except DatabaseUnavailable as error:
            await ack()
            await _show(client, _url(body), told(str(error)).args() | {"replace_original": False})
            return
        await ack()
        await _redraw(world, client, body, said, page=drawn.page_of(str(given["block_id"])))
        if refused and not _is_own(body):
            await _show(client, _url(body), _beside(refused))

    return tapped


def _on_page(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def turned(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        page = int(str(body["actions"][0].get("value") or "1"))
        try:
            shown = await chasing.shown_to(world, Asking(id="", by=body["user"]["id"]))
        except DatabaseUnavailable as error:
            await _show(client, _url(body), _beside(str(error)))
            return
        await _show(client, _url(body), drawn.listed(shown, page=page).args() | {"replace_original": True})

    return turned


def _url(body: Mapping[str, Any]) -> str:
    return str(body.get("response_url") or "")


def _beside(text: str) -> dict[str, Any]:
    return told(text).args() | {"response_type": "ephemeral", "replace_original": False}


def _is_own(body: Mapping[str, Any]) -> bool:
    """Whether it is the answer to a command: Slack does not tell what stands in those."""
    return bool(body.get("container", {}).get("is_ephemeral"))


async def _redraw(
    world: World, client: AsyncWebClient, body: Mapping[str, Any], said: str, *, page: int
) -> None:
    blocks = list((body.get("message") or {}).get("blocks") or [])
    try:
        if _is_own(body) or not blocks:
            shown = await chasing.shown_to(world, Asking(id="", by=body["user"]["id"]))
            message = drawn.listed(shown, page=page, said=said).args()
        else:
            message = await _as_it_is_now(world, body["user"]["id"], blocks, said)
    except DatabaseUnavailable as error:
        message = _beside(str(error))
    await _show(client, _url(body), {"replace_original": True} | message)


async def _as_it_is_now(
    world: World, slack_id: str, blocks: Sequence[Mapping[str, Any]], said: str
) -> dict[str, Any]:
    rows: list[Ref] = drawn.refs(blocks)
    async with world.db.reading() as session:
        person = await store.person_of(session, slack_id, world.catalog)
        things = await chasing.things(session, world, person, rows)
        today = await chasing.today_of(session, world, person)
        name = await store.names(session, world.catalog)
    return {"text": told(said).text, "blocks": drawn.redrawn(blocks, things, person, today, name)}


async def _show(client: AsyncWebClient, url: str, body: Mapping[str, Any]) -> None:
    """What was decided stands already: a list that could not be redrawn answers the next tap with what holds."""
    if not url:
        return
    try:
        await post_to(client, url, body)
    except Retry as error:
        log.warning("a list of what waits was not redrawn: %s", error)


def _reasons(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The trigger expires in 3 s, so the form is opened here and not by a job.
        block_id = str(body["actions"][0]["block_id"])
        ref = drawn.about(block_id)
        try:
            async with world.db.reading() as session:
                person = await store.person_of(session, body["user"]["id"], world.catalog)
                [thing] = await chasing.things(session, world, person, [ref])
            title = thing.action.title if thing and thing.action else "This item"
            container = body.get("container", {})
            message = [container.get("channel_id", ""), container.get("message_ts", "")]
            form = drawn.reason_form(title, [*ref, _url(body), *([] if _is_own(body) else message)])
            await call(client, "views.open", trigger_id=body["trigger_id"], view=form)
        except (SlackRefused, Retry, DatabaseUnavailable) as error:
            await ack()
            await _show(
                client, _url(body), _beside(f"The form could not be opened ({error}): tap once more.")
            )
            return
        await ack()

    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        _, item, number, url, *message = json.loads(view["private_metadata"])
        why = decode(view["state"]["values"]["why"]["text"].get("value") or "")
        asking = _asking(body, f"view:{view['id']}:{view.get('hash', '')}", int(number))
        try:
            said = (await items.wont_do(world, asking, item=item, why=why)).text
        except (Refused, DatabaseUnavailable) as error:
            await ack(response_action="errors", errors={"why": str(error)[:300]})
            return
        await ack()
        user = str(body["user"]["id"])
        if message:
            await _redraw_at(world, client, user, said, *message)
        else:
            shown = await chasing.shown_to(world, Asking(id="", by=user))
            await _show(client, url, drawn.listed(shown, said=said).args() | {"replace_original": True})

    app.action(re.compile(r"^chase_wontdo(:\d+)?$"))(ask)
    app.view("chase_wontdo")(given)


async def _redraw_at(
    world: World, client: AsyncWebClient, slack_id: str, said: str, channel: str, ts: str
) -> None:
    """A submitted form does not tell of the message that it was opened from: its blocks are read again."""
    try:
        found = await look(
            client, "conversations.history", channel=channel, latest=ts, oldest=ts, inclusive="true", limit=1
        )
        blocks = list((found.get("messages") or [{}])[0].get("blocks") or [])
        if blocks:
            message = await _as_it_is_now(world, slack_id, blocks, said)
            await call(client, "chat.update", channel=channel, ts=ts, **message)
    except (SlackRefused, Retry, DatabaseUnavailable) as error:
        log.warning("a list of what waits was not redrawn: %s", error)
