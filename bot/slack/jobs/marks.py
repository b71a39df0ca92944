"""Messages that people marked, and what was marked while nobody listened."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import (
    CatchUp,
    MarkMessage,
)
from bot.engine import Context, Done, enqueue_all
from bot.flows import (
    evidence,
    timelines,
)
from bot.slack.client import SlackRefused, given_up, look
from bot.slack.jobs.speaker import Speaker
from bot.slack.text import plain


async def mark_message(slack: Speaker, order: MarkMessage, ctx: Context) -> Done:
    """Twice is harmless: a message stands in a timeline once. One that is gone by now leaves nothing."""
    message = await _heard(slack, order.channel, order.ts) or await _message(slack, order.channel, order.ts)
    if message is None:
        return Done()
    said = await _marked(slack, order.channel, message)

    async def then(session: AsyncSession) -> None:
        if order.mark == slack.world.config.reactions.timeline:
            await timelines.marked(slack.world, session, order, said)
        else:
            await evidence.noticed(slack.world, session, order, said)

    return Done({}, then)


async def _heard(slack: Speaker, channel: str, ts: str) -> dict[str, Any] | None:
    """The message as we heard it said: no call, and what was deleted since is still there."""
    async with slack.world.db.reading() as session:
        kept = await timelines.kept(session, channel, ts)
    if kept is None:
        return None
    return {"ts": kept.ts, "user": kept.author, "text": kept.text, "kept": kept.files}


async def _message(slack: Speaker, channel: str, ts: str) -> dict[str, Any] | None:
    """The message, in the channel or in a thread of it; None when it is not there any more."""
    try:
        found = await look(
            slack.client,
            "conversations.history",
            channel=channel,
            latest=ts,
            oldest=ts,
            inclusive="true",
            limit=1,
        )
        messages = found.get("messages", [])
        if not any(message.get("ts") == ts for message in messages):
            thread = await look(
                slack.client,
                "conversations.replies",
                channel=channel,
                ts=ts,
                latest=ts,
                oldest=ts,
                inclusive="true",
            )
            messages = thread.get("messages", [])
    except SlackRefused as error:
        if error.error in {"thread_not_found", "message_not_found"}:
            return None
        raise given_up(error, "read the message that was marked") from error
    return next((message for message in messages if message.get("ts") == ts), None)


async def _marked(slack: Speaker, channel: str, message: dict[str, Any]) -> timelines.Marked:
    async with slack.world.db.reading() as session:
        us = await store.installation(session)
        people = {a.slack_id: a.name or a.person for a in await store.accounts(session)}
    text = plain(str(message.get("text") or ""), people)
    ts = str(message["ts"])
    link = timelines.permalink(us.url if us else "", channel, ts)
    files = tuple(timelines.File(**f) for f in message.get("kept") or timelines.files_of(message))
    author = str(message.get("user") or message.get("bot_id") or "")
    return timelines.Marked(author, text[:3000], timelines.moment(ts), files, link)


async def catch_up(slack: Speaker, order: CatchUp, ctx: Context) -> Done:
    """What was marked, taken back, edited or deleted while nobody listened: the channel as it is now beside the record.

    Twice is harmless: what the timeline says already is asked for again and changes nothing.
    """
    s = await slack.scenery(order.incident)
    if not s.channel:
        return Done()
    try:
        found = [m async for m in _said_since(slack, s.channel, s.incident.declared_at)]
    except SlackRefused as error:
        raise given_up(error, "look for messages that were marked meanwhile") from error
    async with slack.world.db.reading() as session:
        people = {a.slack_id: a.name or a.person for a in await store.accounts(session)}
        lines = await timelines.marked_lines(session, order.incident)
    now = {
        str(m["ts"]): timelines.Standing(
            plain(str(m.get("text") or ""), people)[:3000],
            {mark["name"]: tuple(mark.get("users", [])) for mark in m.get("reactions", [])},
        )
        for m in found
    }
    missed = timelines.missed(s.incident, lines, now, slack.world.config.reactions, at=slack.world.clock())

    async def then(session: AsyncSession) -> None:
        await enqueue_all(session, [(each, None) for each in missed], now=slack.world.clock())

    return Done({"missed": len(missed)}, then)


async def _said_since(slack: Speaker, channel: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
    """The messages of a channel and of its threads."""
    oldest = f"{since.timestamp():.6f}"
    async for message in _all(slack, "conversations.history", channel=channel, oldest=oldest):
        yield message
        if message.get("reply_count"):
            async for reply in _all(
                slack, "conversations.replies", channel=channel, ts=message["ts"], oldest=oldest
            ):
                if reply.get("ts") != message["ts"]:
                    yield reply


async def _all(slack: Speaker, method: str, **args: Any) -> AsyncIterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = await look(slack.client, method, limit=200, cursor=cursor, **args)
        for message in page.get("messages", []):
            yield message
        cursor = page.get("response_metadata", {}).get("next_cursor") or None
        if cursor is None:
            return
