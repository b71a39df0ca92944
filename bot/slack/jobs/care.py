"""The care of an incident's channel: lost, found again, quiet, archived."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import timeline
from bot.core.channels import ARCHIVED
from bot.core.jobs import (
    ArchiveChannel,
    AskForChannel,
    RejoinChannel,
    ReviveChannel,
    SayLast,
    SayMeanwhile,
)
from bot.engine import Context, Done
from bot.flows import channels
from bot.slack import updates
from bot.slack.client import SlackRefused, call, given_up
from bot.slack.jobs.speaker import Speaker


async def rejoin_channel(slack: Speaker, order: RejoinChannel, ctx: Context) -> Done:
    """A public channel lets us in again; of any other somebody is asked. Twice is harmless."""
    s = await slack.scenery(order.incident)
    if not s.incident.channel_lost:
        return Done()
    refused = await _join(slack, s.incident.channel_id)

    async def then(session: AsyncSession) -> None:
        if refused:
            await channels.stays_out(slack.world, session, order.incident, refused)
        else:
            await channels.came_back(slack.world, session, order.incident)

    return Done({"refused": refused}, then)


async def _join(slack: Speaker, channel: str) -> str:
    """Slack's word for why we can't, "" once we are in it."""
    try:
        await call(slack.client, "conversations.join", channel=channel)
    except SlackRefused as error:
        return error.error
    return ""


async def revive_channel(slack: Speaker, order: ReviveChannel, ctx: Context) -> Done:
    """Slack keeps unarchiving to people (`not_in_channel` for a bot, which archiving puts out): a new channel then.

    https://docs.slack.dev/reference/methods/conversations.unarchive
    """
    s = await slack.scenery(order.incident)
    if not s.incident.channel_lost:
        return Done()
    ours = False
    if s.incident.channel_lost == ARCHIVED:
        try:
            await call(slack.client, "conversations.unarchive", channel=s.incident.channel_id)
            ours = True  # whoever unarchives is in it
        except SlackRefused as error:
            ours = error.error == "not_archived" and not await _join(slack, s.incident.channel_id)
    else:
        ours = not await _join(slack, s.incident.channel_id)

    async def then(session: AsyncSession) -> None:
        if ours:
            await channels.came_back(slack.world, session, order.incident)
        else:
            await channels.give_up(slack.world, session, order.incident)

    return Done({"revived": ours}, then)


async def ask_for_channel(slack: Speaker, order: AskForChannel, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if s.incident.channel_lost != order.lost or s.incident.is_over:
        return Done()
    message = updates.channel_wanted(s.incident, order.lost, "Writeback")
    target = await slack.slack_id(order.person)
    await slack.post(ctx, target, message, what="ask for the incident's channel back")
    return Done()


async def say_meanwhile(slack: Speaker, order: SayMeanwhile, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not s.channel:
        return Done()
    since = datetime.fromisoformat(order.since)
    async with slack.world.db.reading() as session:
        found = await store.entries(session, order.incident)
    lines = timeline.lines([e for e in found if e.recorded_at >= since], s.name)
    message = updates.meanwhile(s.incident, lines)
    await slack.post(ctx, s.channel, message, what="say in the channel what happened meanwhile")
    return Done()


async def say_last(slack: Speaker, order: SayLast, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not await channels.still_quiet(slack.world, order.incident, order.quiet):
        return Done()
    length = slack.world.clock() - datetime.fromisoformat(order.quiet)
    quiet = f"{length.days} days" if length.days > 1 else f"{int(length.total_seconds() // 3600)} hours"
    message = updates.last_words(s.incident, s.actions, quiet)
    await slack.post(ctx, s.channel, message, what="say the last word in the quiet channel")

    async def then(session: AsyncSession) -> None:
        await channels.last_said(slack.world, session, order)

    return Done({}, then)


async def archive_channel(slack: Speaker, order: ArchiveChannel, ctx: Context) -> Done:
    """Somebody who said something after the last word keeps the channel open: it is looked at again later."""
    s = await slack.scenery(order.incident)
    if not await channels.still_quiet(slack.world, order.incident, order.quiet):
        return Done()
    try:
        await call(slack.client, "conversations.archive", throttle="conversations.archive", channel=s.channel)
    except SlackRefused as error:
        if error.error != "already_archived":
            raise given_up(error, "archive the quiet channel") from error

    async def then(session: AsyncSession) -> None:
        await channels.archived(slack.world, session, order.incident)

    return Done({}, then)
