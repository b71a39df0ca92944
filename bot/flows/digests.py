"""The weekly digest: read on demand, and posted once a week to those who want it."""

import asyncio
from datetime import timedelta

from bot import facts
from bot.core import digests
from bot.core.digests import CHARTED, Digest, Material, Week
from bot.core.jobs import PostDigest, WriteDigests
from bot.engine import enqueue
from bot.flows import World
from bot.flows.reports import named, teams_of
from bot.models import TeamKind

MONTH = timedelta(weeks=4)


async def digest(world: World, week: Week, team: str = "") -> Digest | None:
    """None when nothing happened. Of a week that is not over: up to now. Raises Refused for a team that never was."""
    start, end = week.start, min(week.end, max(world.clock(), week.start))
    async with world.db.reading() as session:
        which = await named(session, world, team)
        teams = await teams_of(session, world)
        hits, did = await facts.month(session, end - MONTH, end)
        found = Material(
            facts=await facts.weekly(session, which, week.end - timedelta(weeks=CHARTED), start, end),
            published=await facts.published(session, which, start, end),
            due=await facts.due(session, which, end),
            came=await facts.came(session, which, start, end),
            hits=hits,
            did=did,
        )
    return await asyncio.to_thread(digests.digest, found, teams, which, week)


def last_week(world: World) -> Week:
    """The last one that is over."""
    return digests.week_of(world.clock() - timedelta(weeks=1))


async def write(world: World, order: WriteDigests) -> None:
    """Every Monday: one digest for all in its channel, and one for each team that has a channel."""
    week = digests.parse(order.week)
    async with world.db.transaction() as session:
        if world.config.slack.digest_channel:
            await enqueue(session, PostDigest(str(week), ""), now=world.clock())
        for team in world.catalog.teams.values():
            if team.channel and team.kind is TeamKind.DEV:
                await enqueue(session, PostDigest(str(week), team.id), now=world.clock())
