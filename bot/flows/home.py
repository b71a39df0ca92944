"""Somebody's App Home: what waits for them, what they have, and who is on call in their teams."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.chasing import Thing
from bot.core.jobs import PublishHome
from bot.core.timeline import Name
from bot.engine import enqueue
from bot.flows import World, chasing
from bot.flows.chasing import Shown
from bot.flows.views import OnCall, on_call
from bot.models import Catalog, Incident, Page


@dataclass(frozen=True)
class Home:
    """As far as the person may see it. `teams` is empty for somebody in no team of the catalog.

    `shown` is what the weekly list names and whatever else is theirs; `closed` what they closed in the last day, which a
    slipped thumb may have done.
    """

    person: str
    asked: Sequence[tuple[Page, Incident]]
    held: Sequence[Incident]
    theirs: Sequence[Incident]
    shown: Shown
    closed: Sequence[Thing]
    teams: Sequence[OnCall]
    catalog: Catalog
    name: Name


async def wanted(world: World, slack_id: str) -> None:
    """Ask for a fresh Home; one that is asked for already will show this as well."""
    async with world.db.transaction() as session:
        order = PublishHome(slack_id)
        if not await store.lane_waits(session, order.lane):
            await enqueue(session, order, now=world.clock())


async def of(world: World, session: AsyncSession, slack_id: str) -> Home:
    catalog = world.catalog
    person = await store.person_of(session, slack_id, catalog)
    seen = store.seen_by(person, catalog, world.config.rights.admins)
    mine = [team for team in catalog.teams.values() if person in {*team.members, team.lead}]
    asked = await store.pages_of(session, person)
    held = await store.held_by(session, person)
    here = {incident.id for incident in (*(incident for _, incident in asked), *held)}
    theirs = await store.open_of_teams(session, [team.id for team in mine], seen)
    rota = await store.rota(session, catalog, teams={team.id for team in mine})
    return Home(
        person,
        asked,
        held,
        [incident for incident in theirs if incident.id not in here],
        await chasing.shown_in(session, world, person),
        await chasing.just_closed(session, world, person),
        [on_call(rota, team, world.clock()) for team in mine],
        catalog,
        await store.names(session, catalog),
    )
