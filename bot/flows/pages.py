"""Pages: answering them, asking for more people, and what the timers do."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, incidents, oncall, ownership, paging
from bot.core.decision import Decision
from bot.core.jobs import (
    CheckIn,
    Escalate,
    InvitePeople,
    LapsePage,
    NotifyPerson,
    Order,
    PageOn,
    PagePerson,
    Tell,
)
from bot.core.paging import Target
from bot.core.timeline import PageFailed, PageRequested, PageSent, Shadowed
from bot.engine import enqueue, postpone
from bot.flows import Asking, Reply, Scene, World, change, guides, rota_of, scene
from bot.models import Incident, Page, PageState, TeamKind


async def acknowledge(world: World, asking: Asking) -> Reply:
    async def act(s: Scene) -> Reply:
        decision = incidents.acknowledged(
            s.incident,
            s.pages,
            by=s.by,
            team=s.team,
            way=asking.way,
            name=s.name,
            now=s.now,
            lapse=world.config.paging.ack_lapse,
            guides_for=await guides.guiding(s),
        )
        if not decision.events:
            return Reply(f"You have {s.incident.key} already.", s.incident.id)
        await s.record(decision)
        where = f" Everything happens in #{s.incident.channel_name}." if s.incident.channel_name else ""
        return Reply(f"You have {s.incident.key} “{s.incident.title}”.{where}", s.incident.id)

    return await change(world, asking, "ack", act)


async def decline(world: World, asking: Asking, *, why: str = "") -> Reply:
    async def act(s: Scene) -> Reply:
        decision = incidents.declined(
            s.incident,
            s.pages,
            by=s.by,
            why=why,
            way=asking.way,
            team=s.team,
            catalog=s.catalog,
            rota=await s.rota(),
            now=s.now,
        )
        if not decision.events:
            return Reply(f"You have declined {s.incident.key} already.", s.incident.id)
        await s.record(decision)
        return Reply(f"You are off {s.incident.key}.{_paging(s, decision)}", s.incident.id)

    return await change(world, asking, "decline", act)


async def escalate(world: World, asking: Asking, *, why: str = "") -> Reply:
    async def act(s: Scene) -> Reply:
        decision = incidents.escalated(
            s.incident,
            s.pages,
            by=s.by,
            why=why,
            way=asking.way,
            team=s.team,
            catalog=s.catalog,
            rota=await s.rota(),
            now=s.now,
        )
        await s.record(decision)
        return Reply(f"{s.incident.key} goes to the next step.{_paging(s, decision)}", s.incident.id)

    return await change(world, asking, "escalate", act)


def _paging(s: Scene, decision: Decision) -> str:
    people = [s.name(event.person) for event in decision.events if isinstance(event, PageRequested)]
    return f" Paging {', '.join(people)}." if people else ""


async def page(world: World, asking: Asking, *, whom: str, slack_id: str = "", why: str = "") -> Reply:
    """Wake one more person (`slack_id`, or `@person`), or the on-call of a team or of a service's team."""

    async def act(s: Scene) -> Reply:
        people = await _whom(world, s, whom, slack_id)
        wait = world.config.paging.ack_timeout
        decision = incidents.paged(s.incident, s.pages, people, s.catalog, why=why, wait=wait, now=s.now)
        await s.record(decision)
        return Reply(f"{s.incident.key}:{_paging(s, decision)}", s.incident.id)

    return await change(world, asking, "page", act)


async def _whom(world: World, s: Scene, whom: str, slack_id: str) -> list[Target]:
    asked_by = f"asked for by {s.name(s.by)}"
    person = whom.removeprefix("@")
    if slack_id:
        return [Target(await s.person(slack_id), asked_by)]
    if person in s.catalog.people:
        return [Target(person, asked_by)]
    found = ownership.named(whom, s.catalog)
    team = s.catalog.teams.get(found.team) if found else s.catalog.teams.get(whom)
    if team is None:
        near = ownership.nearest(whom, s.catalog)
        raise Refused(
            f"“{whom}” is no person, team or service in the catalog."
            + (f" Did you mean {near}?" if near else "")
        )
    if team.kind is TeamKind.GUIDE:
        raise Refused(
            f"{team.name} is a guide team: it gives advice and is never paged. Ask it with `/incident guide {team.id} …`."
        )
    rota = await rota_of(s.session, world, team.id)
    people = paging.on_call(team, rota, s.now) or ([team.fallback] if team.fallback else [])
    if not people:
        change = oncall.next_change(rota(team), s.now)
        then = f" {', '.join(s.name(p) for p in change[1])} is next." if change and change[1] else ""
        raise Refused(f"Nobody is on call for {team.name} and it has no fallback.{then}")
    return [Target(who, f"on call for {team.name}, {asked_by}") for who in people]


async def timed_out(world: World, order: Escalate) -> None:
    """The timer of an escalation step. It asks the rows, so a late or repeated timer pages nobody."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None:
            return
        s = await scene(session, world, incident, "")
        decision = paging.timed_out(
            incident,
            s.team,
            s.catalog,
            s.pages,
            run=order.run,
            step=order.step,
            rota=await s.rota(),
            now=s.now,
        )
        if decision.events or decision.sets:
            await s.record(decision + Decision(jobs=incidents.shown(incident)))


async def still_there(world: World, asking: Asking) -> Reply:
    """Whoever has it answers that they are still on it."""

    async def act(s: Scene) -> Reply:
        await s.record(incidents.still_there(s.incident, by=s.by, name=s.name))
        return Reply(
            f"Good: you have {s.incident.key}. An update in its channel says the same.", s.incident.id
        )

    return await change(world, asking, "ack", act)


async def checked_in(world: World, order: CheckIn) -> None:
    """The timer of an acknowledgement; asks the timeline, so a late or repeated timer does nothing more."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None:
            return
        s, config = await scene(session, world, incident, ""), world.config.paging
        last = await store.last_sign_of(session, order.incident, incident.owner) or incident.declared_at
        await s.record(
            paging.checked_in(
                incident, order.run, last, lapse=config.ack_lapse, wait=config.ack_timeout, now=s.now
            )
        )


async def paged_on(world: World, order: PageOn) -> None:
    """The timer of the question whether they are still on it."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None:
            return
        s = await scene(session, world, incident, "")
        last = await store.last_sign_of(session, order.incident, incident.owner) or incident.declared_at
        decision = paging.paged_on(
            incident,
            s.pages,
            order.run,
            datetime.fromisoformat(order.asked),
            last,
            team=s.team,
            catalog=s.catalog,
            rota=await s.rota(),
            lapse=world.config.paging.ack_lapse,
            now=s.now,
        )
        shown = Decision(jobs=incidents.shown(incident)) if decision.events else Decision()
        await s.record(decision + shown)


async def lapsed(world: World, order: LapsePage) -> None:
    """The timer of a page that a person asked for."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        page = await store.page(session, order.incident, order.number)
        if incident is None or page is None:
            return
        decision = paging.lapsed(page, world.clock())
        if decision.events:
            await (await scene(session, world, incident, "")).record(decision)


# ---- what a page's delivery taught us; called in the transaction that finishes the job ----------------


async def delivered(
    world: World, session: AsyncSession, order: PagePerson, *, channel_id: str, ts: str, way: str
) -> None:
    """The page has reached the person in Slack."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is None or page is None or page.ts:
        return
    page.channel_id, page.ts = channel_id, ts
    # Whoever answered while the page was on its way made it stale before it arrived.
    jobs = () if page.state in paging.OPEN else paging.redrawn(page)
    await _reached(world, session, incident, page, way, jobs)


async def notified(world: World, session: AsyncSession, order: NotifyPerson, *, way: str) -> None:
    """The page has reached the person by another way than Slack."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is not None and page is not None:
        await _reached(world, session, incident, page, way, ())


async def _reached(
    world: World, session: AsyncSession, incident: Incident, page: Page, way: str, jobs: tuple[Order, ...]
) -> None:
    """The first way that reaches somebody counts: the wait for an answer begins with it."""
    now, first = world.clock(), page.state is PageState.WAITING
    if first:
        page.state, page.sent_at, page.way = PageState.SENT, now, way.lower()
    page.sent_at = page.sent_at or now
    session.add(page)
    s = await scene(session, world, incident, "")
    told = await _shadows(s, page) if first else Decision()
    if first and incident.private and not page.person.startswith("#"):
        # Nobody can join a private channel by themselves.
        told += Decision(jobs=(InvitePeople(page.incident_id, (page.person,)),))
    await s.record(Decision(events=(PageSent(page.person, way),), jobs=jobs) + told)
    if page.by_hand and first:
        await reschedule(
            session, LapsePage(page.incident_id, page.number), now + world.config.paging.ack_timeout
        )
    elif first:
        plan = paging.rounds(s.team, incident.severity)
        wait = plan[page.step].wait if page.step < len(plan) else world.config.paging.ack_timeout
        timer = Escalate(page.incident_id, page.run, page.step + 1)
        if page.run != incident.run or not await postpone(session, timer.key, now + wait):
            # The escalation went on while Slack was away: this page has a timer of its own, so that it ends too.
            await enqueue(session, LapsePage(page.incident_id, page.number), now=now, at=now + wait)


async def _shadows(s: Scene, page: Page) -> Decision:
    """Those who are learning in the team read what its on-call reads, once for each escalation."""
    if page.by_hand or page.step != 0 or s.incident.private or s.incident.test:
        return Decision()
    learning = await store.shadows(s.session, s.team.id, s.now)
    decision = Decision()
    for person in learning:
        text = (
            f"{s.incident.key} “{s.incident.title}” ({s.incident.severity}): {s.name(page.person)} is paged for "
            f"{s.team.name}. You are learning and read along: nobody waits for an answer of yours."
        )
        about = f"{s.incident.id}:{page.run}:shadow"
        if person not in {p.person for p in s.pages}:
            decision += Decision(
                events=(Shadowed(person),), jobs=(Tell(person, text, page.incident_id, about),)
            )
    return decision


async def undeliverable(world: World, session: AsyncSession, order: PagePerson, reason: str) -> None:
    """Slack can never reach the person: their other ways are tried at once; without any the next step is due."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is None or page is None or page.state not in paging.OPEN:
        return
    await _unreached(world, session, incident, page, "Slack", reason)
    await hurry(world, session, order)


async def not_notified(world: World, session: AsyncSession, order: NotifyPerson, reason: str) -> None:
    """One of a person's ways can't reach them; the page has failed when no other is left."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is None or page is None or page.state not in paging.OPEN:
        return
    person = world.catalog.people.get(page.person)
    way = person.notify[order.way].env if person and order.way < len(person.notify) else "another way"
    await _unreached(world, session, incident, page, way, reason)


async def _unreached(
    world: World, session: AsyncSession, incident: Incident, page: Page, way: str, reason: str
) -> None:
    now = world.clock()
    person = world.catalog.people.get(page.person)
    keys = [PagePerson(page.incident_id, page.number).key]
    keys += [
        NotifyPerson(page.incident_id, page.number, n).key for n in range(len(person.notify) if person else 0)
    ]
    # The job that gives up now is no longer among those that wait.
    over = page.state is PageState.WAITING and not await store.waiting(session, keys)
    if over:
        page.state, page.answered_at, page.answer = PageState.FAILED, now, reason
        session.add(page)
    s = await scene(session, world, incident, "")
    event = PageFailed(page.person, way, reason)
    await s.record(Decision(events=(event,), spoken=(event,), jobs=incidents.shown(incident)))
    others = [p for p in s.pages if p.run == page.run and p.step == page.step and p.state in paging.OPEN]
    if over and not page.by_hand and not [p for p in others if p.number != page.number]:
        await reschedule(session, Escalate(page.incident_id, page.run, page.step + 1), now)


async def hurry(world: World, session: AsyncSession, order: PagePerson) -> None:
    """Slack fails: what was to follow after a while goes out at once. Twice is harmless."""
    page = await store.page(session, order.incident, order.number)
    person = world.catalog.people.get(page.person) if page else None
    for number, way in enumerate(person.notify if person else ()):
        if way.after:
            key = NotifyPerson(order.incident, order.number, number).key
            await postpone(session, key, world.clock())


async def slack_fails(world: World, order: PagePerson) -> None:
    """Slack did not take a page and will be tried again: the person's other ways need not wait for it."""
    async with world.db.transaction() as session:
        await hurry(world, session, order)


async def reschedule(session: AsyncSession, timer: Escalate | LapsePage, at: datetime) -> None:
    await postpone(session, timer.key, at)
