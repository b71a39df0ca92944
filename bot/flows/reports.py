"""Ownership reports: what a team's software cost it in some weeks, and whether its fixes helped."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import facts, store
from bot.core import Refused, reports
from bot.core.reports import Report
from bot.core.reports.facts import Teams
from bot.core.reports.figures import KEY
from bot.flows import World
from bot.models import TeamKind

LONGEST = 520
"""Weeks: ten years."""


async def teams_of(session: AsyncSession, world: World) -> Teams:
    """What the catalog says now: of the past only the incidents' own words are kept."""
    catalog, owned = world.catalog, defaultdict[str, list[str]](list)
    for service in catalog.services.values():
        owned[service.team].append(service.id)
    name = await store.names(session, catalog)
    dev = {team.id: team for team in catalog.teams.values() if team.kind is TeamKind.DEV}
    return Teams(
        names={team.id: team.name for team in dev.values()},
        guides={t.id: t.name for t in catalog.teams.values() if t.kind is TeamKind.GUIDE},
        members={team.id: team.members for team in dev.values()},
        zones={team.id: team.timezone for team in catalog.teams.values()},
        services=owned,
        people=await store.zones(session, catalog),
        who={person: name(person) for person in catalog.people},
        labels={category.id: category.label for category in world.config.categories},
    )


def guides(world: World) -> set[str]:
    """Those who are in a guide team and in no other."""
    by_kind: dict[TeamKind, set[str]] = {kind: set() for kind in TeamKind}
    for team in world.catalog.teams.values():
        by_kind[team.kind].update(team.members)
    return by_kind[TeamKind.GUIDE] - by_kind[TeamKind.DEV]


async def named(session: AsyncSession, world: World, words: str) -> str:
    """The id of the team that `words` mean; also of one that has left the catalog and owned something. "" for none.

    Raises Refused for a team that never was.
    """
    said = words.strip().lower()
    if not said:
        return ""
    for team in world.catalog.teams.values():
        if said in {team.id, team.name.lower()}:
            return team.id
    if await facts.known(session, said):
        return said
    raise Refused(
        f"There is no team “{words.strip()[:60]}”: the catalog has {', '.join(sorted(world.catalog.teams))}."
    )


async def report(world: World, team: str = "", weeks: int = reports.WEEKS) -> Report:
    """Of the last `weeks` up to now; private incidents are in nobody's figures, so everybody reads the same."""
    if not 1 <= weeks <= LONGEST:
        raise Refused(f"A report is of 1 to {LONGEST} weeks.")
    end = world.clock()
    async with world.db.reading() as session:
        which = await named(session, world, team)
        teams = await teams_of(session, world)
        start = end - timedelta(weeks=weeks)
        found = await facts.facts(session, which, start, end, guides=guides(world))
    # In a thread of its own: whoever is to be paged meanwhile does not wait for arithmetic.
    made = await asyncio.to_thread(reports.report, found, teams, which)
    said = [str(cell) for part in made.parts for row in part.rows for cell in row if isinstance(cell, str)]
    async with world.db.reading() as session:
        return replace(made, links=await links(session, said))


async def links(session: AsyncSession, said: Iterable[str]) -> dict[str, str]:
    """Where what is named by its key in these words is to be read: an incident's channel, an issue in Jira."""
    keys = {key for words in said for key in KEY.findall(words)}
    us = await store.installation(session)
    return await facts.addresses(session, keys, us.url if us else "")
