"""Those who want to be told: of one incident, of a service, of a team."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, ownership, subscriptions
from bot.core.jobs import TellSubscriber, TellSubscribers
from bot.engine import enqueue_all
from bot.flows import Asking, Reply, World, may_see, once, which
from bot.models import Entry, Incident


async def subscribe(world: World, asking: Asking, *, named: str = "") -> Reply:
    """`named` is a service or a team; "" means the incident."""

    async def act(session: AsyncSession, by: str) -> Reply:
        about, called = await _about(session, world, asking, by, named)
        new = await store.subscribe(session, about, asking.by, world.clock())
        told = f"You are told of {called} by direct message" + ("" if new else " already")
        return Reply(f"{told}. `/incident unsubscribe {about}` ends it.")

    return await once(world, asking, act)


async def unsubscribe(world: World, asking: Asking, *, named: str = "") -> Reply:
    async def act(session: AsyncSession, by: str) -> Reply:
        # What one has subscribed to may have left the catalog, or become private: it can be ended all the same.
        about = (asking.incident or named).strip()
        about = about.upper() if store.id_of(about) is not None else about.lower()
        if about and await store.unsubscribe(session, about, asking.by):
            return Reply(f"You are no longer told of {about}.")
        about, called = await _about(session, world, asking, by, named)
        if await store.unsubscribe(session, about, asking.by):
            return Reply(f"You are no longer told of {called}.")
        raise Refused(f"You have not subscribed to {called}; `/incident subscribe {about}` does it.")

    return await once(world, asking, act)


async def _about(session: AsyncSession, world: World, asking: Asking, by: str, named: str) -> tuple[str, str]:
    """What is subscribed to, and how people call it."""
    if not named:
        incident = await which(session, world, asking, by, of="subscribe", lock=False)
        if not await may_see(session, world, incident, by):
            raise Refused(f"{incident.key} is private; ask those who run it to let you in.")
        return incident.key, incident.key
    catalog = world.catalog
    found = ownership.named(named, catalog)
    if found is None:
        near = ownership.nearest(named, catalog)
        hint = f" Did you mean {near}?" if near else " `/incident subscribe checkout`, or a team, or INC-1."
        raise Refused(f"There is no service or team “{named}” in the catalog.{hint}")
    if found.service:
        return found.service, found.service
    return found.team, catalog.teams[found.team].name


async def fan_out(world: World, order: TellSubscribers) -> None:
    """One order for each who is told; asked for again, each has its key."""
    async with world.db.transaction() as session:
        incident = await store.incident(session, order.incident)
        entry = await store.entry(session, order.entry)
        if incident is None or entry is None or entry.withdrawn:
            return
        topics = subscriptions.topics(incident)
        found = await store.subscribers(session, topics)
        orders = [TellSubscriber(order.incident, order.entry, who, about) for who, about in found.items()]
        await enqueue_all(session, [(one, None) for one in orders], now=world.clock())


async def wanted(world: World, order: TellSubscriber) -> tuple[Incident, Entry] | None:
    """What is to be told; None when they want it no more, or may not see it (now)."""
    async with world.db.reading() as session:
        incident = await store.incident(session, order.incident)
        entry = await store.entry(session, order.entry)
        if incident is None or entry is None or entry.withdrawn:
            return None
        if not await store.subscribed(session, order.about, order.slack_id):
            return None
        person = await store.person_of(session, order.slack_id, world.catalog)
        return (incident, entry) if await may_see(session, world, incident, person) else None
