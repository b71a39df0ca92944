"""What is left to do: the weekly list, and whose an item is."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.chasing import Kind
from bot.core.jobs import (
    AskWhose,
    SendList,
)
from bot.engine import Context, Done, GiveUp, Retry
from bot.flows import chasing
from bot.slack import chasing as lists
from bot.slack.client import SlackRefused
from bot.slack.jobs.speaker import Speaker

UNREACHED = frozenset({"no_account", "user_disabled", "user_not_found", "users_not_found", "cannot_dm_bot"})
"""Slack's words for people who can't be written to, and ours for those who have no account that we know."""


async def send_list(slack: Speaker, order: SendList, ctx: Context) -> Done:
    """Everything of one person's; nothing when nothing waits. Of somebody who can't be written to, others hear."""
    if order.left:
        async with slack.world.db.reading() as session:
            named = await chasing.named_already(session, order)
        if named is None and ctx.attempts < 10:
            raise Retry("their own list comes first", after=timedelta(milliseconds=200))
        if named:
            return Done()
    shown = await chasing.shown(slack.world, order.person, left=order.left)
    if not shown.mine.things:
        return Done()
    message = lists.listed(shown, week=f"week {order.week.partition('-W')[2].lstrip('0')}")
    try:
        target = await slack.slack_id(order.person)
        channel, ts = await slack.post(ctx, target, message, what="send a list", throttle="lists")
    except GiveUp as error:
        refused = error.__cause__
        word = refused.error if isinstance(refused, SlackRefused) else "no_account"
        if word not in UNREACHED:
            raise
        why = str(error)

        async def then(session: AsyncSession) -> None:
            await chasing.unreachable(
                slack.world, session, order, left_slack=word == "user_disabled", why=why
            )

        return Done({"unreached": word}, then)
    left = sorted({t.action.owner for t in shown.mine.things if t.kind is Kind.LEFT and t.action})
    return Done({"channel": channel, "ts": ts, "left": left})


async def ask_whose(slack: Speaker, order: AskWhose, ctx: Context) -> Done:
    found = await chasing.whose(slack.world, order)
    if found is None:
        return Done()
    if order.person:
        target = await slack.slack_id(order.person)
    else:
        target = (found.team.channel if found.team else "") or slack.world.config.slack.announce_channel
    if target:
        await slack.post(ctx, target, lists.whose(found), what="ask whose an action item is")
    return Done()
