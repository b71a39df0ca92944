"""Who carries how much: time on call, pages by the hour of their day, interrupted nights."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import load, oncall
from bot.core.load import Facts, Woken
from bot.core.timeline import Name
from bot.flows import Asking, Reply, World
from bot.flows.covers import named_team
from bot.models import Team

WEEKS = 4


@dataclass(frozen=True)
class Load:
    """A team's last weeks. `facts` are of everyone who was on call or paged for it, the heaviest burden first."""

    team: Team
    start: datetime
    end: datetime
    facts: list[Facts]
    marks: list[str]


async def of(session: AsyncSession, world: World, team: Team, weeks: int, name: Name) -> Load:
    """The facts of `team` up to now. A person's time and pages for other teams are not in it."""
    end = world.clock()
    start = end - timedelta(weeks=weeks)
    rota = await store.rota(session, world.catalog, teams={team.id})
    zones = await store.zones(session, world.catalog)
    pages = [
        Woken(page.person, team.id, page.incident_id, page.sent_at, incident.severity)
        for page, incident in await store.pages_since(session, start)
        if incident.team == team.id and page.sent_at is not None
    ]
    segments = {team.id: oncall.final(rota(team), start, end)}

    def zone(person: str) -> ZoneInfo:
        return ZoneInfo(zones.get(person) or team.timezone)

    found = load.facts(segments, pages, start, end, zone=zone)
    return Load(team, start, end, found, load.marks(found, name))


def as_lines(found: Load, name: Name) -> list[str]:
    """As people read it: a line for each person, then what is too much, then how it is counted."""
    if not found.facts:
        return [f"Nobody was on call or paged for {found.team.name} then."]
    lines = []
    for each in found.facts:
        bands = ", ".join(f"{count} {band}" for band, count in each.bands.items() if count) or "none"
        nights = f"; {len(each.nights)} of {each.all_nights} nights interrupted" if each.nights else ""
        hours = each.on_call / timedelta(hours=1)
        lines.append(f"{name(each.person)}: {hours:.0f} h on call ({each.share:.0%}); pages: {bands}{nights}")
    usual = load.medians(found.facts)
    if usual and usual.people > 1:
        lines.append(
            f"Median of {usual.people} people: {usual.share:.0%} on call, {usual.pages:g} pages, {usual.nights:g} nights."
        )
    lines += [f"⚠ {mark}" for mark in found.marks]
    lines.append(
        "Hours of each person's own zone: work Mon–Fri 08–18, night 22–06 (once for each night, however many pages)."
    )
    return lines


async def shown(world: World, asking: Asking, words: str) -> Reply:
    """`/oncall load [team]`: the last four weeks; without a team those of the person who asks."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        name = await store.names(session, world.catalog)
        teams = (
            [named_team(world.catalog, words)]
            if words
            else [team for team in world.catalog.teams.values() if by in team.members]
        )
        lines = []
        for team in teams:
            found = await of(session, world, team, WEEKS, name)
            lines += [f"{team.name}, the last {WEEKS} weeks:", *as_lines(found, name)]
    return Reply("\n".join(lines) or "You are in no team of the catalog: name one, `/oncall load payments`.")


async def every(world: World, named: str, weeks: int) -> tuple[list[Load], Name]:
    """For the terminal: one team, or all of them. Raises Refused for a team that is not there."""
    async with world.db.reading() as session:
        name = await store.names(session, world.catalog)
        teams = [named_team(world.catalog, named)] if named else list(world.catalog.teams.values())
        return [await of(session, world, team, weeks, name) for team in teams], name
