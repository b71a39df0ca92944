"""Slack accounts, and the App Home of each."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.jobs import (
    FindAccount,
    LearnProfile,
    PublishHome,
)
from bot.engine import Context, Done
from bot.flows import accounts
from bot.flows import home as homes
from bot.slack import home
from bot.slack.client import SlackRefused, call, given_up, look
from bot.slack.jobs.speaker import Speaker


async def find_account(slack: Speaker, order: FindAccount, ctx: Context) -> Done:
    await slack.slack_id(order.person)
    return Done()


async def learn_profile(slack: Speaker, order: LearnProfile, ctx: Context) -> Done:
    try:
        user = (await look(slack.client, "users.info", user=order.slack_id))["user"]
    except SlackRefused as error:
        raise given_up(error, "read a profile") from error

    async def then(session: AsyncSession) -> None:
        await accounts.learn(slack.world, session, user)

    return Done({}, then)


async def publish_home(slack: Speaker, order: PublishHome, ctx: Context) -> Done:
    async with slack.world.db.reading() as session:
        found = await homes.of(slack.world, session, order.slack_id)
    try:
        await call(slack.client, "views.publish", user_id=order.slack_id, view=home.view(found))
    except SlackRefused as error:
        raise given_up(error, "draw an App Home") from error
    return Done()
