"""What people tap on action items and on whatever else waits for them: in an incident's list, in their own, on their Home
tab, in this morning's message or in one of last week. To add a tap: one row of TAPS."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import store
from bot.core import Refused
from bot.core.chasing import Thing
from bot.core.questions import Question
from bot.db import DatabaseUnavailable
from bot.engine import Retry
from bot.flows import Asking, Reply, World, actions, chasing, evidence, home, questions, views
from bot.flows import items as flow
from bot.slack import chasing as lists
from bot.slack import doors, items, rows
from bot.slack.client import SlackRefused, call, look, post_to
from bot.slack.kit import Message
from bot.slack.messages import told
from bot.slack.rows import Place, Ref
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


async def take(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.assign(world, asking, item=item, slack_id=asking.by)


async def not_mine(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await chasing.not_mine(world, asking, item=item)


async def due(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.due(world, asking, item=item, when=str(tap.get("selected_date") or "none"))


async def later(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await chasing.later(
        world, asking, item=item, when=_chosen(tap) or str(tap.get("selected_date") or "")
    )


async def back(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await chasing.back(world, asking, item=item)


async def category(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await flow.category(world, asking, item=item, word=_chosen(tap))


async def keep(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=True)


async def drop(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await evidence.confirm(world, asking, action_id=item, wanted=False)


async def file_again(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await actions.file_again(world, asking, action_id=item)


async def answer(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    question, _, word = _chosen(tap).partition(" ")
    return await questions.answer(world, asking, Question(question), word, late=True)


async def skip(world: World, asking: Asking, item: str, tap: Mapping[str, Any]) -> Reply:
    return await questions.skip_all(world, asking)


def _chosen(tap: Mapping[str, Any]) -> str:
    return str((tap.get("selected_option") or {}).get("value") or "")


TAPS: Mapping[str, Tap] = {
    "done": done,
    "reopen": reopen,
    "assign": assign,
    "take": take,
    "notmine": not_mine,
    "due": due,
    "later": later,
    "until": later,
    "back": back,
    "category": category,
    "keep": keep,
    "drop": drop,
    "file": file_again,
    "answer": answer,
    "skip": skip,
}


def listen(app: AsyncApp, world: World, client: AsyncWebClient) -> None:
    for name, tap in TAPS.items():
        app.action(re.compile(rf"^item_{name}(:\d+)?$"))(_on_tap(world, client, tap))
    app.action(re.compile(r"^item_page(:\d+)?$"))(_on_page(world, client))
    app.action(re.compile(r"^item_wontdo(:\d+)?$"))(_on_wont_do(world, client))
    app.view("item_wontdo")(_on_reason(world, client))


def _asking(place: Place, ref: Ref, id: str = "") -> Asking:
    return Asking(
        id, by=place.user, channel=place.channel, incident=f"INC-{ref.number}", way="button in Slack"
    )


def _tapped(body: Mapping[str, Any]) -> tuple[Ref, Place, Mapping[str, Any]]:
    tap = body["actions"][0]
    ref = rows.read(str(tap["block_id"]))
    assert ref is not None, f"{tap['block_id']} is no row's"
    return ref, rows.place_of(body), tap


def _on_tap(world: World, client: AsyncWebClient, act: Tap) -> Callable[..., Awaitable[None]]:
    async def tapped(ack: AsyncAck, body: dict[str, Any]) -> None:
        ref, place, tap = _tapped(body)
        asking = _asking(place, ref, f"tap:{body.get('trigger_id')}:{tap.get('action_ts')}")
        refused: Exception | None = None
        try:
            said = (await act(world, asking, ref.item, tap)).text
        except (Refused, DatabaseUnavailable) as error:
            said, refused = str(error), error
        if refused and not (place.own and isinstance(refused, Refused)):
            await doors.say(world, client, body, refused)
        await ack()
        if not isinstance(refused, DatabaseUnavailable):
            blocks = list((body.get("message") or {}).get("blocks") or [])
            await _redraw(world, client, place, ref, said, blocks)

    return tapped


def _on_page(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def turned(ack: AsyncAck, body: dict[str, Any]) -> None:
        ref, place, tap = _tapped(body)
        await ack()
        await _show(client, place, await _list(world, place, ref, page=int(str(tap.get("value") or "1"))))

    return turned


# ---- drawing it anew -----------------------------------------------------------------------------


async def _redraw(
    world: World, client: AsyncWebClient, place: Place, ref: Ref, said: str, blocks: list[dict[str, Any]]
) -> None:
    """The list that was tapped, as things stand now; `blocks` are those of a message that others see too."""
    if place.home:
        await home.wanted(world, place.user)
    elif ref.kind == rows.LISTED or place.own or not blocks:
        await _show(client, place, await _list(world, place, ref, page=ref.page, said=said))
    else:
        await _show(client, place, await _as_it_is_now(world, place, blocks, said))


async def _list(world: World, place: Place, ref: Ref, *, page: int, said: str = "") -> dict[str, Any]:
    """What takes the place of a list, or stands beside it when the database is away."""
    try:
        message = await _listed(world, place, ref, page, said)
    except (Refused, DatabaseUnavailable) as error:
        return told(str(error)).args() | {"response_type": "ephemeral", "replace_original": False}
    return message.args() | {"replace_original": True}


async def _listed(world: World, place: Place, ref: Ref, page: int, said: str) -> Message:
    if ref.kind != rows.LISTED:
        shown = await chasing.shown_to(world, _asking(place, ref))
        return lists.listed(shown, page=page, said=said, tapped=await _thing(world, place, ref))
    seen = await views.incident(world, _asking(place, ref), of="actions")
    labels = {c.id: c.label for c in world.config.categories}
    return items.listed(seen.incident, seen.actions, seen.name, labels, page=page, said=said)


async def _thing(world: World, place: Place, ref: Ref) -> Thing | None:
    async with world.db.reading() as session:
        person = await store.person_of(session, place.user, world.catalog)
        [thing] = await chasing.things(session, world, person, [(ref.kind, ref.item, ref.number)])
    return thing


async def _as_it_is_now(
    world: World, place: Place, blocks: list[dict[str, Any]], said: str
) -> dict[str, Any]:
    refs = [(ref.kind, ref.item, ref.number) for ref in lists.refs(blocks)]
    try:
        async with world.db.reading() as session:
            person = await store.person_of(session, place.user, world.catalog)
            things = await chasing.things(session, world, person, refs)
            today = await chasing.today_of(session, world, person)
            name = await store.names(session, world.catalog)
    except DatabaseUnavailable as error:
        return told(str(error)).args() | {"response_type": "ephemeral", "replace_original": False}
    drawn = lists.redrawn(blocks, things, person, today, name)
    return {"text": told(said).text, "blocks": drawn, "replace_original": True}


async def _show(client: AsyncWebClient, place: Place, body: Mapping[str, Any]) -> None:
    """What was decided stands already: a list that could not be redrawn answers the next tap with what holds."""
    if not place.url:
        return
    try:
        await post_to(client, place.url, body)
    except Retry as error:
        log.warning("a list of action items was not redrawn: %s", error)


# ---- the reason why not --------------------------------------------------------------------------


def _on_wont_do(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The trigger expires in 3 s, so the form is opened here and not by a job.
        ref, place, _ = _tapped(body)
        try:
            seen = await views.incident(world, _asking(place, ref), of="actions")
            title = next((each.title for each in seen.actions if each.id == ref.item), "This item")
            view = items.reason_form(title, ref, place)
            await call(client, "views.open", trigger_id=body["trigger_id"], view=view)
        except (Refused, DatabaseUnavailable) as error:
            await doors.say(world, client, body, error)
        except (SlackRefused, Retry) as error:
            typed = f"type `/incident action wontdo {ref.item} why` instead"
            await doors.say(world, client, body, f"The form could not be opened ({error}): {typed}.")
        await ack()

    return ask


def _on_reason(world: World, client: AsyncWebClient) -> Callable[..., Awaitable[None]]:
    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        block_id, carried = json.loads(view["private_metadata"])
        ref, place = rows.read(block_id), Place(**carried)
        assert ref is not None
        why = decode(view["state"]["values"]["why"]["text"].get("value") or "")
        asking = _asking(place, ref, f"view:{view['id']}:{view.get('hash', '')}")
        try:
            said = (await flow.wont_do(world, asking, item=ref.item, why=why)).text
        except (Refused, DatabaseUnavailable) as error:
            await ack(response_action="errors", errors={"why": str(error)[:300]})
            return
        await ack()
        if place.own or place.home or ref.kind == rows.LISTED:
            await _redraw(world, client, place, ref, said, [])
        else:
            await _redraw_at(world, client, place, said)

    return given


async def _redraw_at(world: World, client: AsyncWebClient, place: Place, said: str) -> None:
    """A submitted form does not tell of the message that it was opened from: its blocks are read again."""
    where = {"channel": place.channel, "latest": place.ts, "oldest": place.ts}
    try:
        found = await look(client, "conversations.history", **where, inclusive="true", limit=1)
        blocks = list((found.get("messages") or [{}])[0].get("blocks") or [])
        if blocks:
            message = await _as_it_is_now(world, place, blocks, said)
            await _show(client, place, message)
    except (SlackRefused, Retry) as error:
        log.warning("a list of what waits was not redrawn: %s", error)
