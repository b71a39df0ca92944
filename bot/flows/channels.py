"""What the incident's channel taught us, written in the transaction that finishes the job."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import incidents, paging
from bot.core.decision import Decision
from bot.core.jobs import AddBookmark, Announce, InvitePeople, Order, PinHeadline, PostHeadline, SetTopic
from bot.core.timeline import PeopleInvited
from bot.engine import enqueue
from bot.flows import World, scene
from bot.models import Incident, Service


async def opened(
    world: World, session: AsyncSession, incident_id: int, *, channel_id: str, name: str
) -> None:
    """The channel stands: everything that needs it is asked for at once and runs side by side."""
    incident = await store.locked(session, incident_id)
    if incident is None or incident.channel_id:
        return
    s = await scene(session, world, incident, "")
    people = [p.person for p in s.pages if not p.person.startswith("#")]
    everyone = tuple(dict.fromkeys(filter(None, [incident.declarer, *people, incident.owner, incident.lead])))
    orders: tuple[Order, ...] = (
        InvitePeople(incident_id, everyone),
        PostHeadline(incident_id),
        SetTopic(incident_id),
        *_bookmarks(incident, s.catalog.services.get(incident.service)),
        Announce(incident_id),
        # Pages that went out before there was a channel say now where it is.
        *(order for p in s.pages if p.ts and p.state in paging.OPEN for order in paging.redrawn(p)),
    )
    decision = incidents.channel_opened(incident, channel_id=channel_id, name=name)
    await s.record(decision + Decision(jobs=orders))


def _bookmarks(incident: Incident, service: Service | None) -> list[AddBookmark]:
    if service is None or incident.id is None:
        return []
    if service.runbook:
        return [AddBookmark(incident.id, "Runbook", service.runbook)]
    return [AddBookmark(incident.id, board.name, board.url) for board in service.dashboards[:1]]


async def invited(world: World, session: AsyncSession, incident_id: int, people: tuple[str, ...]) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None and people:
        await (await scene(session, world, incident, "")).record(
            Decision(events=(PeopleInvited(list(people)),))
        )


async def headline_posted(
    world: World, session: AsyncSession, incident_id: int, *, ts: str, revision: int
) -> None:
    """`revision` is the one that was drawn; changes that came meanwhile have their own order to redraw."""
    incident = await store.locked(session, incident_id)
    if incident is None:
        return
    if not incident.headline_ts:
        await enqueue(session, PinHeadline(incident_id), now=world.clock())
    incident.headline_ts = ts or incident.headline_ts
    incident.headline_revision = max(incident.headline_revision, revision)
    session.add(incident)


async def topic_set(session: AsyncSession, incident_id: int, *, topic: str) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None:
        incident.topic = topic
        session.add(incident)


async def announced(
    session: AsyncSession, incident_id: int, *, channel_id: str, ts: str, revision: int
) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None:
        incident.announce_channel = channel_id or incident.announce_channel
        incident.announce_ts = ts or incident.announce_ts
        incident.announce_revision = max(incident.announce_revision, revision)
        session.add(incident)
