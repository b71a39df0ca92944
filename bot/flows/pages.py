"""Pages: answering them, asking for more people, and what the timers do."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, incidents, oncall, ownership, paging
from bot.core.decision import Decision
from bot.core.jobs import Escalate, LapsePage, PagePerson
from bot.core.paging import Target
from bot.core.timeline import PageFailed, PageRequested, PageSent
from bot.engine import enqueue, postpone
from bot.flows import Asking, Reply, Scene, World, change, scene
from bot.models import PageState, TeamKind


async def acknowledge(world: World, asking: Asking) -> Reply:
    async def act(s: Scene) -> Reply:
        decision = incidents.acknowledged(
            s.incident, s.pages, by=s.by, team=s.team, way=asking.way, name=s.name, now=s.now
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
            rota=world.rota,
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
            rota=world.rota,
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
        decision = incidents.paged(s.incident, s.pages, people, why=why, wait=wait, now=s.now)
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
    people = paging.on_call(team, world.rota, s.now) or ([team.fallback] if team.fallback else [])
    if not people:
        change = oncall.next_change(world.rota(team), s.now)
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
            incident, s.team, s.catalog, s.pages, run=order.run, step=order.step, rota=world.rota, now=s.now
        )
        if decision.events or decision.sets:
            await s.record(decision + Decision(jobs=incidents.shown(incident)))


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
    """The page has reached the person: its wait is counted from now."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is None or page is None or page.ts:
        return
    now = world.clock()
    page.channel_id, page.ts, page.sent_at, page.way = channel_id, ts, now, way.lower()
    late = page.state is not PageState.WAITING
    if not late:
        page.state = PageState.SENT
    session.add(page)
    # Whoever answered while the page was on its way made it stale before it arrived.
    jobs = paging.redrawn(page) if late else ()
    s = await scene(session, world, incident, "")
    await s.record(Decision(events=(PageSent(page.person, way),), jobs=jobs))
    plan = paging.rounds(s.team)
    if page.by_hand:
        await reschedule(
            session, LapsePage(order.incident, order.number), now + world.config.paging.ack_timeout
        )
    elif not late:
        wait = plan[page.step].wait if page.step < len(plan) else world.config.paging.ack_timeout
        timer = Escalate(order.incident, page.run, page.step + 1)
        if page.run != incident.run or not await postpone(session, timer.key, now + wait):
            # The escalation went on while Slack was away: this page has a timer of its own, so that it ends too.
            await enqueue(session, LapsePage(order.incident, order.number), now=now, at=now + wait)


async def undeliverable(world: World, session: AsyncSession, order: PagePerson, reason: str) -> None:
    """The page can never reach the person: it has failed, and the next step is due at once."""
    incident = await store.locked(session, order.incident)
    page = await store.page(session, order.incident, order.number)
    if incident is None or page is None or page.state is not PageState.WAITING:
        return
    now = world.clock()
    page.state, page.answered_at, page.answer = PageState.FAILED, now, reason
    session.add(page)
    s = await scene(session, world, incident, "")
    event = PageFailed(page.person, page.way.capitalize(), reason)
    await s.record(Decision(events=(event,), spoken=(event,), jobs=incidents.shown(incident)))
    others = [p for p in s.pages if p.run == page.run and p.step == page.step and p.state in paging.OPEN]
    if not page.by_hand and not [p for p in others if p.number != page.number]:
        await reschedule(session, Escalate(order.incident, page.run, page.step + 1), now)


async def reschedule(session: AsyncSession, timer: Escalate | LapsePage, at: datetime) -> None:
    await postpone(session, timer.key, at)
