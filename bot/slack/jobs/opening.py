"""The incident's channel: made or adopted, people let in, topic and bookmarks set."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import (
    AddBookmark,
    InvitePeople,
    OpenChannel,
    SetTopic,
)
from bot.engine import Context, Done, GiveUp
from bot.flows import (
    channels,
    may_see,
)
from bot.models import Incident
from bot.slack import messages
from bot.slack.client import SlackRefused, call, given_up, listed, look
from bot.slack.jobs.speaker import Speaker

CHANNEL_NAME = 80
"""Characters of a channel's name.  https://docs.slack.dev/reference/methods/conversations.create"""


async def open_channel(slack: Speaker, order: OpenChannel, ctx: Context) -> Done:
    """Create the incident's channel. A name that this incident took already is adopted; a stranger's gets ours a suffix."""
    s = await slack.scenery(order.incident)
    if s.incident.channel_id:
        return Done()
    # A second channel never takes the first one's name: people could not tell them apart.
    base, tried, adopted = channel_name(s.incident), 1 if order.again else 0, False
    while True:
        tried += 1
        name = base if tried == 1 else f"{base[: CHANNEL_NAME - 4]}-{tried}"
        try:
            # A private incident's channel is never tried as an open one.
            made = (
                await call(
                    slack.client,
                    "conversations.create",
                    name=name,
                    is_private=True if s.incident.private else None,
                )
            )["channel"]
            break
        except SlackRefused as error:
            if error.error != "name_taken" or tried > 20:
                raise given_up(error, f"open #{name}") from error
        made = await _ours(slack, s.incident, base)
        if made:
            adopted = True
            break
    channel_id, name = str(made["id"]), str(made.get("name", name))

    async def then(session: AsyncSession) -> None:
        await channels.opened(
            slack.world,
            session,
            order.incident,
            channel_id=channel_id,
            name=name,
            private=bool(made.get("is_private")),
            again=order.again,
            adopted=adopted,
        )

    return Done({"channel": channel_id}, then)


async def _ours(slack: Speaker, incident: Incident, base: str) -> dict[str, Any] | None:
    """The channel that an earlier try of this very job made: our own, of this name, and no older than the incident."""
    async with slack.world.db.reading() as session:
        us = await store.installation(session)
    since = (incident.declared_at - timedelta(minutes=2)).timestamp()
    async for channel in listed(slack.client, "users.conversations"):
        mine = us is not None and channel.get("creator") in {us.bot_user_id, us.bot_id}
        # No other incident's: of two without a title in letters, one is `inc-1` and the other `inc-12`.
        named = re.fullmatch(
            rf"{re.escape(base)}|{re.escape(base[: CHANNEL_NAME - 4])}-\d+", channel.get("name", "")
        )
        same = bool(channel.get("is_private")) == incident.private
        if mine and named and same and float(channel.get("created", 0)) >= since:
            return channel
    return None


async def invite_people(slack: Speaker, order: InvitePeople, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not s.channel:
        return Done()  # whoever is known by then is invited when the channel opens
    ids: dict[str, str] = {}
    async with slack.world.db.reading() as session:
        named = [p for p in order.people if await may_see(session, slack.world, s.incident, p)]
    for person in named:
        try:
            ids[await slack.slack_id(person)] = person
        except GiveUp:
            continue  # said already by the page that could not reach them
    came = await _invite(slack, s.channel, list(ids)) if ids else []

    async def then(session: AsyncSession) -> None:
        await channels.invited(slack.world, session, order.incident, tuple(ids[i] for i in came))

    return Done({}, then)


async def _invite(slack: Speaker, channel: str, ids: list[str]) -> list[str]:
    """Invite all at once; when some can't be, the others one by one. Returns those who are new there."""
    try:
        await call(slack.client, "conversations.invite", channel=channel, users=",".join(ids))
    except SlackRefused as error:
        if len(ids) > 1:
            return [came for one in ids for came in await _invite(slack, channel, [one])]
        if error.error in {"already_in_channel", "cant_invite_self", "no_user"}:
            return []
        raise given_up(error, "invite people to the channel") from error
    return ids


async def set_topic(slack: Speaker, order: SetTopic, ctx: Context) -> Done:
    """Slack writes a line into the channel for each topic, so one that would say the same is not set."""
    s = await slack.scenery(order.incident)
    topic = messages.topic(s.incident, s.team, s.name)
    if not s.channel or s.incident.topic == topic:
        return Done()
    try:
        await call(
            slack.client,
            "conversations.setTopic",
            throttle="conversations.setTopic",
            channel=s.channel,
            topic=topic,
        )
    except SlackRefused as error:
        raise given_up(error, "set the channel's topic") from error

    async def then(session: AsyncSession) -> None:
        await channels.topic_set(session, order.incident, channel_id=s.incident.channel_id, topic=topic)

    return Done({}, then)


async def add_bookmark(slack: Speaker, order: AddBookmark, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not s.channel:
        return Done()
    try:
        if ctx.uncertain:
            there = await look(slack.client, "bookmarks.list", channel_id=s.channel)
            if any(mark.get("link") == order.url for mark in there.get("bookmarks", [])):
                return Done()
        await call(
            slack.client,
            "bookmarks.add",
            channel_id=s.channel,
            title=order.title[:100],
            type="link",
            link=order.url,
        )
    except SlackRefused as error:
        raise given_up(error, "add the bookmark") from error
    return Done()


def channel_name(incident: Incident) -> str:
    """`inc-<n>-<slug>`: lower case, letters, digits and hyphens, at most CHANNEL_NAME characters.

    People who may not enter a private channel can still come to read its name.
    """
    if incident.private:
        return f"inc-{incident.id}-private"
    plain = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or re.sub(r"[^a-z0-9]+", "-", incident.service).strip(
        "-"
    )
    name = f"inc-{incident.id}-{'test-' if incident.test else ''}{slug}".rstrip("-")
    return name[: CHANNEL_NAME - 20].rstrip("-")
