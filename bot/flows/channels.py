"""What the incident's channel taught us, what people do to it, and its end.

What a job taught us is written in the transaction that finishes the job.
"""

from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import channels, incidents, paging
from bot.core.channels import REMOVED
from bot.core.decision import Decision
from bot.core.jobs import (
    AddBookmark,
    Announce,
    ArchiveChannel,
    ArchiveQuiet,
    CatchUp,
    FollowChannel,
    FollowPerson,
    InvitePeople,
    LookForEarlier,
    Order,
    PinHeadline,
    PostHeadline,
    PostLine,
    ReviveChannel,
    SayLast,
    SayMeanwhile,
    SetTopic,
)
from bot.core.timeline import PeopleInvited
from bot.engine import enqueue, forget
from bot.flows import Asking, Reply, Scene, World, change, privacy, scene
from bot.models import Entry, GuidanceState, Incident, Service

SAME_REMOVAL = 5.0
"""Seconds between two events about being removed within which they mean the same one."""

SAID = frozenset({"noted", "message_marked"})
"""Kinds of entries that people in the channel are shown, though they were recorded before it stood."""


async def opened(
    world: World,
    session: AsyncSession,
    incident_id: int,
    *,
    channel_id: str,
    name: str,
    private: bool,
    again: int = 0,
    adopted: bool = False,
) -> None:
    """The channel stands: everything that needs it is asked for at once and runs side by side.

    `again`: it takes the place of another, so whoever spoke there is invited and what happened since is said.
    `adopted`: an earlier try had made it, so people may have marked something there before we knew whose it is.
    """
    incident = await store.locked(session, incident_id)
    if incident is None or incident.channel_id:
        return
    if incident.private and not private:
        await privacy.came_out_open(world, session, incident, channel_id=channel_id)
        return
    s = await scene(session, world, incident, "")
    let_in = sorted(await store.admitted(session, incident_id))
    bookmarks = _bookmarks(incident, s.catalog.services.get(incident.service), again)
    # A channel that takes the place of another needs all of it once more.
    first: tuple[Order, ...] = (PostHeadline(incident_id, again), PinHeadline(incident_id), *bookmarks)
    await forget(session, [order.key for order in first if order.key])
    people = [p.person for p in s.pages if not p.person.startswith("#")]
    guides = [
        row.person
        for row in await store.guidance(session, incident_id)
        if row.state in {GuidanceState.CAME, GuidanceState.ANSWERED}
    ]
    roles = [incident.owner, incident.lead, incident.comms, incident.scribe, *guides]
    spoke = [await s.person(who) for who in await store.spoke_in(session, incident_id)] if again else []
    everyone = tuple(dict.fromkeys(filter(None, [incident.declarer, *people, *roles, *let_in, *spoke])))
    since = await _lost_since(session, incident) if again else s.now
    orders: tuple[Order, ...] = (
        InvitePeople(incident_id, everyone),
        PostHeadline(incident_id, again),
        SetTopic(incident_id),
        *bookmarks,
        *((CatchUp(incident_id, s.now.isoformat()),) if adopted else ()),
        *(() if incident.private else (Announce(incident_id),)),
        *((SayMeanwhile(incident_id, since.isoformat(), again), *incidents.shown(incident)) if again else ()),
        # What was said before there was a place to say it: the words of a form, the message that it began with.
        *(
            PostLine(incident_id, e.id)
            for e in await store.entries(session, incident_id)
            if e.kind in SAID and e.id and not again
        ),
        # Pages that went out before there was a channel say now where it is.
        *(
            order
            for p in s.pages
            if p.ts and (p.state in paging.OPEN or incident.private)
            for order in paging.redrawn(p)
        ),
    )
    decision = incidents.channel_opened(incident, channel_id=channel_id, name=name)
    await s.record(decision + Decision(jobs=orders))


def _bookmarks(incident: Incident, service: Service | None, again: int) -> list[AddBookmark]:
    if service is None or incident.id is None:
        return []
    if service.runbook:
        return [AddBookmark(incident.id, "Runbook", service.runbook, again)]
    return [AddBookmark(incident.id, board.name, board.url, again) for board in service.dashboards[:1]]


async def invited(world: World, session: AsyncSession, incident_id: int, people: tuple[str, ...]) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None and people:
        await (await scene(session, world, incident, "")).record(
            Decision(events=(PeopleInvited(list(people)),))
        )


async def headline_posted(
    world: World, session: AsyncSession, incident_id: int, *, channel_id: str, ts: str, revision: int
) -> None:
    """`revision` is the one that was drawn; changes that came meanwhile have their own order to redraw."""
    incident = await store.locked(session, incident_id)
    if incident is None:
        return
    if incident.channel_id != channel_id:
        # Drawn into a channel that another has taken the place of: it goes with that one, and is posted here anew.
        if ts:
            await forget(session, [f"headline:{incident_id}"])
            await enqueue(session, PostHeadline(incident_id), now=world.clock())
        return
    if not incident.headline_ts:
        await enqueue(session, PinHeadline(incident_id, ts), now=world.clock())
        await enqueue(session, LookForEarlier(incident_id, "start"), now=world.clock())
    incident.headline_ts = ts or incident.headline_ts
    incident.headline_revision = max(incident.headline_revision, revision)
    session.add(incident)


async def headline_gone(world: World, session: AsyncSession, incident_id: int, *, ts: str) -> None:
    """People deleted the headline `ts`, or its channel: another is posted, for somebody will look for it."""
    incident = await store.locked(session, incident_id)
    if incident is None or incident.headline_ts != ts:
        return
    incident.headline_ts, incident.headline_revision = "", 0
    session.add(incident)
    await enqueue(session, PostHeadline(incident_id, again=incident.revision), now=world.clock())


async def topic_set(session: AsyncSession, incident_id: int, *, channel_id: str, topic: str) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None and incident.channel_id == channel_id:
        incident.topic = topic
        session.add(incident)


async def announced(
    world: World, session: AsyncSession, incident_id: int, *, channel_id: str, ts: str, revision: int
) -> None:
    incident = await store.locked(session, incident_id)
    if incident is not None and incident.private:
        if ts:
            where = f"the announcement in #{world.config.slack.announce_channel}"
            await privacy.appeared(session, world, incident_id, channel=channel_id, ts=ts, where=where)
    elif incident is not None:
        incident.announce_channel = channel_id or incident.announce_channel
        incident.announce_ts = ts or incident.announce_ts
        incident.announce_revision = max(incident.announce_revision, revision)
        session.add(incident)


# ---- what people do to it ----------------------------------------------------------------------


async def followed(world: World, order: FollowChannel) -> None:
    """An event of Slack's about an incident's channel; one about a channel that it no longer has is nothing."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None or incident.channel_id != order.channel:
            return
        if await store.has_line(session, order.incident, order.key):
            return
        us = await store.installation(session)
        ours = us is not None and order.by == us.bot_user_id
        s = await scene(session, world, incident, "")
        s.by = await s.person(order.by) if order.by and not ours else ""
        decision = await _followed(s, order, ours=ours)
        if decision.events:
            await s.record(decision, source=order.key)


async def _followed(s: Scene, order: FollowChannel, *, ours: bool) -> Decision:
    match order.what:
        case "renamed":
            return channels.renamed(s.incident, order.name)
        case "archived":
            return channels.archived(s.incident, s.now)
        case "unarchived":
            return channels.unarchived(s.incident)
        case "deleted":
            return channels.deleted(s.incident)
        case "joined" if ours:
            return channels.back(s.incident, await _lost_since(s.session, s.incident))
        case "left" if ours and await _told_already(s, order):
            return Decision()
        case "left" if ours:
            return channels.removed(s.incident, lately=await _removals(s))
        case "left":
            return channels.person_left(s.incident, s.by)
        case _:
            return Decision()


async def _told_already(s: Scene, order: FollowChannel) -> bool:
    """Slack says twice that we were removed, as our own event and as everybody's."""
    rows = select(Entry.source).where(Entry.incident_id == s.incident.id, Entry.kind == "channel_left")
    last = (await s.session.exec(rows.order_by(col(Entry.id).desc()))).first()
    return last is not None and abs(float(last.rpartition(":")[2]) - float(order.at)) < SAME_REMOVAL


async def _removals(s: Scene) -> int:
    """How often we were thrown out within the last hour."""
    rows = select(func.count()).where(
        Entry.incident_id == s.incident.id,
        Entry.kind == "channel_left",
        col(Entry.recorded_at) > s.now - timedelta(hours=1),
    )
    return (await s.session.exec(rows)).one()


async def _lost_since(session: AsyncSession, incident: Incident) -> datetime:
    """When the channel that can be used again was lost: the first loss since it last could be."""
    since: datetime | None = None
    for entry in sorted(await store.entries(session, incident.id or 0), key=lambda entry: entry.id or 0):
        if entry.kind in {"channel_opened", "channel_back"}:
            since = None
        elif since is None and _is_loss(entry):
            since = entry.recorded_at
    return since or incident.declared_at


def _is_loss(entry: Entry) -> bool:
    if entry.kind == "channel_changed":
        return str(entry.data.get("what", "")).startswith(("archived", "deleted"))
    return entry.kind in {"channel_left", "channel_given_up"}


async def lost(world: World, incident_id: int, channel: str, error: str) -> bool:
    """Slack's refusal says what no event did: the channel is gone, archived, or we are not in it.

    The same is done as after the event. Whether it is (or was) the incident's channel that the refusal is about:
    then trying again goes another way.
    """
    async with world.db.transaction() as session:
        incident = await store.locked(session, incident_id)
        if incident is None or channel == incident.announce_channel or not channel.startswith(("C", "G")):
            return False
        if incident.channel_id != channel or incident.channel_lost:
            return True  # another job has noticed it before
        s = await scene(session, world, incident, "")
        if error == "is_archived":
            decision = channels.archived(incident, s.now)
        elif error == "channel_not_found" and not incident.private:
            decision = channels.deleted(incident)
        else:  # a private channel that we are not in does not exist for us
            decision = channels.removed(incident, lately=await _removals(s))
        await s.record(decision)
        return True


async def came_back(world: World, session: AsyncSession, incident_id: int) -> None:
    """We are in the channel again; called in the transaction that finishes the job."""
    incident = await store.locked(session, incident_id)
    if incident is not None:
        s = await scene(session, world, incident, "")
        await s.record(channels.back(incident, await _lost_since(session, incident)))


async def stays_out(world: World, session: AsyncSession, incident_id: int, error: str) -> None:
    """We can't come back by ourselves, for Slack's reason `error`: archiving puts us out without a word, for one."""
    incident = await store.locked(session, incident_id)
    if incident is None or not incident.channel_lost:
        return
    s = await scene(session, world, incident, "")
    if error == "is_archived" and incident.archived_at is None:
        await s.record(channels.archived(incident, s.now))
    elif error == "channel_not_found" and not incident.private:
        await s.record(channels.deleted(incident))
    else:
        await s.record(channels.not_back(incident))


async def give_up(world: World, session: AsyncSession, incident_id: int) -> None:
    """The channel can't be had back: a new one takes its place."""
    incident = await store.locked(session, incident_id)
    if incident is not None and incident.channel_lost:
        why = "no longer lets Writeback in" if incident.channel_lost == REMOVED else "is archived"
        await (await scene(session, world, incident, "")).record(channels.replaced(incident, why))


async def revive(world: World, asking: Asking) -> Reply:
    """A tap: bring the channel back, or open a new one where that can't be done."""

    async def act(s: Scene) -> Reply:
        assert s.incident.id is not None
        if not s.incident.channel_lost:
            where = f" in #{s.incident.channel_name}" if s.incident.channel_name else ""
            return Reply(f"{s.incident.key} goes on{where} already.", s.incident.id)
        await s.record(Decision(jobs=(ReviveChannel(s.incident.id, s.incident.revision),)))
        return Reply(
            f"The channel of {s.incident.key} comes back, or a new one takes its place.", s.incident.id
        )

    return await change(world, asking, "show", act)


async def person_gone(world: World, order: FollowPerson) -> None:
    """An account was deactivated: each incident that it takes part in is told, in a transaction of its own."""
    async with world.db.transaction() as session:
        await store.unsubscribe_from_all(session, order.slack_id)
        await store.left(session, order.slack_id, world.clock())
        person = await store.person_of(session, order.slack_id, world.catalog)
        found = await store.taking_part(session, person)
    for number in found:
        async with world.db.transaction() as session:
            incident = await store.locked(session, number)
            if incident is None or await store.has_line(session, number, order.key):
                continue
            s = await scene(session, world, incident, "")
            decision = channels.person_gone(
                incident, s.pages, person, team=s.team, catalog=s.catalog, rota=await s.rota(), name=s.name, now=s.now
            )  # fmt: skip
            if decision.events:
                await s.record(decision, source=order.key)


# ---- the end of it -----------------------------------------------------------------------------

AT_ONCE = 20
"""Channels archived in one go; Slack takes some twenty a minute, and nobody waits for it."""


async def find_quiet(world: World, order: ArchiveQuiet) -> None:
    after = world.config.updates.archive_after
    if after is None:
        return
    async with world.db.transaction() as session:
        now, asked = world.clock(), 0
        for incident in await store.over_with_channel(session, now - after):
            assert incident.id is not None
            last = await store.last_word(session, incident.id)
            if last is None or last > now - after:
                continue
            if await enqueue(session, SayLast(incident.id, last.isoformat()), now=now) is not None:
                asked += 1
            if asked == AT_ONCE:
                return


async def still_quiet(world: World, incident_id: int, quiet: str) -> bool:
    """Whether nothing has happened since the last sign of life that `quiet` names."""
    async with world.db.reading() as session:
        incident = await store.incident(session, incident_id)
        last = await store.last_word(session, incident_id)
    if incident is None or not incident.is_over or not incident.channel_id or incident.channel_lost:
        return False
    return last is not None and last.isoformat() == quiet


async def last_said(world: World, session: AsyncSession, order: SayLast) -> None:
    await enqueue(session, ArchiveChannel(order.incident, order.quiet), now=world.clock())


async def archived(world: World, session: AsyncSession, incident_id: int) -> None:
    """We have archived it, since it was quiet."""
    incident = await store.locked(session, incident_id)
    if incident is not None:
        s = await scene(session, world, incident, "")
        await s.record(channels.archived(incident, s.now, quiet=True))
