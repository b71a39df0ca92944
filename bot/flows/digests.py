"""The weekly digest: read on demand, and posted once a week to those who want it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import facts, store
from bot.core import Refused, digests
from bot.core.digests import CHARTED, Digest, Material, Week
from bot.core.jobs import PostDigest, WriteDigests
from bot.core.reports.facts import Advice
from bot.engine import enqueue
from bot.flows import World
from bot.flows.reports import links, named, teams_of
from bot.models import TeamKind

MONTH = timedelta(weeks=4)


async def digest(world: World, week: Week, team: str = "") -> Digest | None:
    """None when nothing happened. Of a week that is not over: up to now.

    Raises Refused for a team that never was, and for a week that has not begun.
    """
    if week.start > world.clock():
        raise Refused(f"Week {week} has not begun: it does on {week.start:%Y-%m-%d}.")
    start, end = week.start, min(week.end, world.clock())
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
            thanks=await _thanks(session, world, which, start, end),
            gaps=await _gaps(session, world, which, start, end),
        )
    so_far = week.start <= world.clock() < week.end
    made = await asyncio.to_thread(digests.digest, found, teams, which, week, so_far=so_far)
    if made is None:
        return None
    said = [line for section in made.sections for line in section.lines]
    async with world.db.reading() as session:
        return replace(made, links=await links(session, said))


async def _thanks(
    session: AsyncSession, world: World, team: str, start: datetime, end: datetime
) -> list[str]:
    """A sentence for each guide who helped, the most helpful first."""
    name = await store.names(session, world.catalog)
    by: dict[str, list[Advice]] = {}
    for one in await facts.advice(session, team, start, end):
        if one.guide:
            by.setdefault(one.guide, []).append(one)
    said = []
    for guide, given in sorted(by.items(), key=lambda each: (-len(each[1]), each[0])):
        minutes = sum(one.minutes or 0 for one in given)
        took = f", {minutes} min" if minutes else ""
        times = "once" if len(given) == 1 else f"{len(given)} times"
        of = world.catalog.teams.get(given[0].asked_of)
        said.append(
            f"{name(guide)} ({of.name if of else given[0].asked_of}) advised {times}{took}: {given[-1].answer[:160]}"
        )
    return said


async def _gaps(session: AsyncSession, world: World, team: str, start: datetime, end: datetime) -> list[str]:
    """Switches that somebody tried before they were needed."""
    name = await store.names(session, world.catalog)
    mine = [service.id for service in world.catalog.services.values() if not team or service.team == team]
    rows = await facts.drilled(session, mine, start, end)
    how = {"yes": "it works", "no": "it did not work"}
    return [
        f"{service}: {name(by)} tried “{switch}”, {how.get(helped, 'outcome not said')}"
        for service, switch, by, helped in rows
    ]


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
