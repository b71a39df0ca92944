"""What people tap on action items: each changes one item, and the list with it. To add a tap: one row of TAPS."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import Refused
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import Asking, Reply, World, actions, evidence, views
from bot.flows import items as flow
from bot.slack import items
from bot.slack.client import SlackRefused, call, post_to
from bot.slack.messages import told
from bot.slack.text import decode

log = logging.getLogger(__name__)

Tap = Callable[[World, Asking, str, Mapping[str, Any]], Awaitable[Reply]]
"""Gets the item's id and the tap as Slack tells of it."""


async def done(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.done(world, asking, item=item)


async def reopen(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.reopen(world, asking, item=item)


async def assign(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.assign(world, asking, item=item, slack_id=str(tap.get("selected_user") or ""))


async def due(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.due(world, asking, item=item, when=str(tap.get("selected_date") or "none"))


async def keep(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=True)


async def drop(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=False)


async def file_again(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await actions.file_again(world, asking, action_id=item)


async def turn(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return Reply("")


TAPS: Mapping[str, Tap] = {
    "done": done,
    "reopen": reopen,
    "assign": assign,
    "due": due,
    "keep": keep,
    "drop": drop,
    "file": file_again,
    "page": turn,
}


def listen(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, tap in TAPS.items():
        app.action(re.compile(rf"^item_{name}(:\d+)?$"))(_on_tap(world, client, tap))
    _reasons(app, world, client)


def _about(tap: Mapping[str, Any]) -> tuple[str, str, int]:
    """The incident's number, the item and the page of the list: a button carries them, a menu's row is named after them."""
    value = str(tap.get("value") or tap.get("block_id") or "")
    number, item, page = ([*value.split(" "), "", "", ""])[:3]
    return number, item, int(page) if page.isdigit() else 1


def _asking(body: Mapping[str, Any], id: str, number: str) -> Asking:
    return Asking(
        id=id,
        by=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id", ""),
        incident=f"INC-{number}" if number else "",
        way="button in Slack",
    )


def _on_tap(world: World, client: AsyncWebClient, tap: Tap) -> Callable[..., Awaitable[None]]:
    async def tapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        given = body["actions"][0]
        number, item, page = _about(given)
        asking = _asking(body, f"tap:{body.get('trigger_id')}:{given.get('action_ts')}", number)
        body_of = await _answered(world, asking, tap(world, asking, item, given), page, own=_is_own(body))
        await ack()
        await _show(client, str(body.get("response_url") or ""), body_of)

    return tapped


def _is_own(body: Mapping[str, Any]) -> bool:
    """Whether the message is one that only whoever tapped sees: their list."""
    return bool(body.get("container", {}).get("is_ephemeral"))


async def _answered(
    world: World, asking: Asking, doing: Awaitable[Reply], page: int, *, own: bool
) -> dict[str, Any]:
    """What takes the place of the message, or stands beside it when the database is away."""
    try:
        try:
            said = (await doing).text
        except Refused as error:
            said = str(error)
        seen = await views.incident(world, asking, of="actions")
    except (Refused, DatabaseUnavailable) as error:
        return told(str(error)).args() | {"response_type": "ephemeral", "replace_original": False}
    if not own:
        return told(said).args() | {"response_type": "ephemeral", "replace_original": False}
    message = items.listed(seen.incident, seen.actions, seen.name, page=page, said=said)
    return message.args() | {"replace_original": True}


async def _show(client: AsyncWebClient, url: str, body: Mapping[str, Any]) -> None:
    """What was decided stands already: a list that could not be redrawn answers the next tap with what holds."""
    if not url:
        return
    try:
        await post_to(client, url, body)
    except Retry as error:
        log.warning("a list of action items was not redrawn: %s", error)


def _reasons(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The trigger expires in 3 s, so the form is opened here and not by a job.
        number, item, page = _about(body["actions"][0])
        url = str(body.get("response_url") or "")
        asking = _asking(body, "", number)
        try:
            seen = await views.incident(world, asking, of="actions")
            title = next((each.title for each in seen.actions if each.id == item), "")
            about = json.dumps([number, item, page, url if _is_own(body) else ""])
            view = items.reason_form(title or "This item", about)
            await call(client, "views.open", trigger_id=body["trigger_id"], view=view)
        except (SlackRefused, Retry, Refused, DatabaseUnavailable) as error:
            hint = (
                f"The form could not be opened ({error}): type `/incident action wontdo {item} why` instead."
            )
            await ack()
            await _show(client, url, told(hint).args() | {"replace_original": False})
            return
        await ack()

    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        number, item, page, url = json.loads(view["private_metadata"])
        why = decode(view["state"]["values"]["why"]["text"].get("value") or "")
        asking = _asking(body, f"view:{view['id']}:{view.get('hash', '')}", number)
        try:
            reply = await flow.wont_do(world, asking, item=item, why=why)
        except (Refused, DatabaseUnavailable) as error:
            await ack(response_action="errors", errors={"why": str(error)[:300]})
            return
        await ack()

        async def said() -> Reply:
            return reply

        await _show(client, url, await _answered(world, asking, said(), page, own=True))

    app.action(re.compile(r"^item_wontdo(:\d+)?$"))(ask)
    app.view("item_wontdo")(given)
