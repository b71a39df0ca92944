"""The readiness card of a service: reads the facts that everybody may read, private incidents left out."""

from bot import store
from bot.core import Refused, paging, readiness
from bot.core.readiness import Card, Known
from bot.flows import Asking, World, may_see
from bot.flows.switches import service_named
from bot.models import Service, Team


async def of(world: World, service: Service) -> Card:
    now, catalog = world.clock(), world.catalog
    team = catalog.teams.get(service.team) or Team(id=service.team, name=service.team)
    async with world.db.reading() as session:
        rota = await store.rota(session, catalog, teams={team.id}, since=now - paging.LOOK_BACK)
        name = await store.names(session, catalog)
        known = Known(
            service,
            team,
            tuple(paging.on_call(team, rota, now)),
            await store.shown_by(session, service.id, readiness.LAST),
            await store.uses_of_service(session, service.id),
            await store.items_of_service(session, service.id),
        )
    return readiness.card(known, world.config.categories, name, now)


async def shown(world: World, asking: Asking, *, named: str) -> Card:
    """The card of the service of this name; in an incident's channel, without a name, of its service."""
    if named:
        return await of(world, service_named(world, named))
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        incident = await store.in_channel(session, asking.channel)
        seen = incident is not None and await may_see(session, world, incident, by)
    if incident is None or not seen or incident.service not in world.catalog.services:
        raise Refused("Say which service: `/incident ready checkout`.")
    return await of(world, world.catalog.services[incident.service])
