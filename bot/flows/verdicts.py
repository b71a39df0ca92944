"""Whether the same broke before: looked for by a job, asked in the incident's channel, decided by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, verdicts
from bot.core.decision import Decision
from bot.core.issues import reopening
from bot.core.jobs import (
    AskAboutEarlier,
    ForgetElsewhere,
    LookForEarlier,
    MoveIssue,
    Order,
    RaiseIssue,
    RedrawQuestions,
)
from bot.core.timeline import ActionReopened, PriorityChanged
from bot.core.verdicts import Past, Standing
from bot.db import insert
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, earlier, may_see, once, scene, which
from bot.models import Action, ActionState, Debrief, Entry, Incident, Recurrence, RecurrenceState, Status

MOST_RAISED = 5
"""Issues that one word of a person's speaks to."""


# ---- looking ---------------------------------------------------------------------------------


async def look(world: World, order: LookForEarlier) -> None:
    """Find what is similar and ask for the question; nothing new, nothing said. Twice is harmless: what was found stands.

    Once somebody has confirmed one, nobody is asked again.
    """
    async with world.db.reading() as session:
        incident = await store.incident(session, order.incident)
        if incident is None or not _is_asked(incident):
            return
        found = await earlier.found(session, incident, at_start=order.asked == "start")
    if not found:
        return
    async with world.db.transaction() as session:
        now = world.clock()
        held = await store.locked(session, order.incident)
        if held is None or not _is_asked(held) or await _any_confirmed(session, order.incident):
            return
        new = 0
        for one in found:
            row = (
                insert(session.get_bind().dialect.name, Recurrence)
                .values(
                    incident_id=order.incident,
                    earlier_id=one.id,
                    state=RecurrenceState.SUGGESTED,
                    how=one.how,
                    because=one.because,
                    at=now,
                    by="",
                    channel_id="",
                    ts="",
                )
                .on_conflict_do_nothing()
                .returning(col(Recurrence.id))
            )
            new += (await session.exec(row)).first() is not None
        if new:
            await _ask(session, held, order.asked, now)


async def _ask(session: AsyncSession, incident: Incident, asked: str, now: datetime) -> None:
    """Of one that is over in the message that asks all the rest; in one of its own before, and when that was long ago."""
    assert incident.id is not None
    order: Order = AskAboutEarlier(incident.id, asked)
    if incident.status is Status.RESOLVED:
        debrief = await session.get(Debrief, incident.id)
        if debrief is None or debrief.resolved_at != incident.resolved_at:
            return  # the message is still to come
        if debrief.messages and not debrief.again:
            order = RedrawQuestions(incident.id)
    await enqueue(session, order, now=now)


def _is_asked(incident: Incident) -> bool:
    return not (incident.private or incident.test or incident.status in {Status.CANCELLED, Status.DUPLICATE})


async def _any_confirmed(session: AsyncSession, incident: int) -> bool:
    rows = select(Recurrence.id).where(
        Recurrence.incident_id == incident, Recurrence.state == RecurrenceState.CONFIRMED
    )
    return (await session.exec(rows)).first() is not None


# ---- asking ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """An earlier incident that people are asked about. `line` tells it; `by` is who decided, by name."""

    row: Recurrence
    earlier: Incident
    line: str
    by: str


async def candidates(session: AsyncSession, world: World, incident: Incident) -> list[Candidate]:
    """All that were found for an incident, in the order in which they were, as far as everybody may see them."""
    rows = select(Recurrence).where(Recurrence.incident_id == incident.id).order_by(col(Recurrence.id))
    found = (await session.exec(rows.execution_options(populate_existing=True))).all()
    told = await earlier.pasts(session, [row.earlier_id for row in found])
    name = await store.names(session, world.catalog)
    return [
        Candidate(
            row,
            told[row.earlier_id].incident,
            verdicts.told(row, told[row.earlier_id], incident, world.clock()),
            name(row.by) if row.by else "",
        )
        for row in found
        if row.earlier_id in told
    ]


async def places(session: AsyncSession, incident: int) -> list[tuple[str, str]]:
    """Where people were asked of earlier incidents, also of those that not everybody may see any more."""
    rows = select(Recurrence.channel_id, Recurrence.ts).where(
        Recurrence.incident_id == incident, Recurrence.ts != ""
    )
    return list(dict.fromkeys((await session.exec(rows)).all()))


async def asked(session: AsyncSession, about: Sequence[Candidate], *, channel_id: str, ts: str) -> None:
    """The question about these stands there; called in the transaction that finishes the job."""
    for one in about:
        row = await session.get(Recurrence, one.row.id, populate_existing=True)
        if row is not None and not row.ts:
            row.channel_id, row.ts = channel_id, ts
            session.add(row)


# ---- deciding --------------------------------------------------------------------------------


async def decide(world: World, asking: Asking, *, earlier_key: str, same: bool) -> Reply:
    """A person's word on whether an incident had the cause of an earlier one; the same word again changes nothing."""

    async def act(session: AsyncSession, by: str) -> Reply:
        of = "same" if same else "notsame"
        named = await which(session, world, asking, by, of=of, lock=False)
        number = store.id_of(earlier_key)
        assert named.id is not None
        one, other = await store.locked_both(session, named.id, number or named.id)
        if number is None or one is None or other is None or not await may_see(session, world, other, by):
            raise Refused(
                f"There is no incident {earlier_key.upper()[:20]}; `/incident list` shows those there are."
            )
        rows = select(Recurrence).where(Recurrence.incident_id == one.id, Recurrence.earlier_id == other.id)
        row = (await session.exec(rows.execution_options(populate_existing=True))).first()
        here, there = await scene(session, world, one, by), await scene(session, world, other, by)
        if same:
            verdicts.must_be_earlier(one, other)
            return await _confirm(here, there, row)
        return await _deny(here, there, row)

    return await once(world, asking, act)


async def _confirm(here: Scene, there: Scene, row: Recurrence | None) -> Reply:
    incident, old = here.incident, there.incident
    assert incident.id is not None
    assert old.id is not None
    if row is not None and row.state is RecurrenceState.CONFIRMED:
        return Reply(
            f"{incident.key} has the same cause as {old.key}: {here.name(row.by)} said so.", incident.id
        )
    row = row or Recurrence(incident_id=incident.id, earlier_id=old.id, how="person", at=here.now)
    before = await _before(here.session, incident, old)
    found = verdicts.standing([i for p in before.values() for i in p.items], incident.declared_at, here.now)
    row.held = found.held.id if found.held else row.held
    count = len(before) + 1
    mine, theirs = verdicts.confirmed(incident, old, count=count, found=found)
    _decided(here, row, RecurrenceState.CONFIRMED)
    past = (await earlier.pasts(here.session, [incident.id]))[incident.id]
    cause = past.cause or before[old.id].cause
    text = verdicts.evidence(
        incident, old, cause=cause, count=count, by=here.name(here.by), link=await _link(here)
    )
    await here.record(mine + Decision(jobs=(RedrawQuestions(incident.id),)))
    await there.record(theirs)
    raised = await _raise(here, there, found, text)
    return Reply(
        f"{incident.key} has the same cause as {old.key}: {verdicts.verdict(count, found)}.{raised}",
        incident.id,
    )


async def _before(session: AsyncSession, incident: Incident, old: Incident) -> dict[int, Past]:
    """The earlier incident and all that it is joined to, as far as they began before this one."""
    assert old.id is not None
    joined = await earlier.joined(session, old.id)
    ids = [n for n, at in joined.items() if n != incident.id and at <= incident.declared_at]
    return await earlier.pasts(session, ids)


def _decided(s: Scene, row: Recurrence, state: RecurrenceState) -> None:
    row.state, row.by, row.decided_at = state, s.by, s.now
    s.session.add(row)


async def _link(s: Scene) -> str:
    us = await store.installation(s.session)
    if us is None or not us.url or not s.incident.channel_id:
        return ""
    return f"{us.url.rstrip('/')}/archives/{s.incident.channel_id}"


async def _raise(here: Scene, there: Scene, found: Standing, text: str) -> str:
    """The items that should have prevented it hear of it; the one that was done is opened again. What the person reads."""
    assert here.incident.id is not None
    told: list[str] = []
    for item in found.open[:MOST_RAISED]:
        if item.jira:
            asked = here.now.isoformat()
            order = RaiseIssue(item.incident_id, item.id, here.incident.id, text, asked, higher=True)
            await enqueue(here.session, order, now=here.now)
            told.append(item.jira)
    higher = "one priority higher where its project allows that"
    said = f" {', '.join(told)} is told of it, {higher}." if told else ""
    if found.held is not None:
        await _reopen(here, there, found.held, text)
        said = f" {verdicts.called(found.held)} is open again."
    return said


async def stands(world: World, order: RaiseIssue) -> bool:
    """Whether it is still so that an issue is to hear of: somebody may have said otherwise since."""
    async with world.db.reading() as session:
        again, item = await store.incident(session, order.again), await store.action(session, order.action)
        if again is None or again.private or item is None:
            return False
        return (item.incident_id in await earlier.joined(session, order.again)) != order.taken_back


def priority(order: RaiseIssue, *, moved: bool) -> str:
    """What the comment says of it, "" where nothing was to be done."""
    if moved:
        return f"The priority went from {order.was} to {order.to}."
    return "The priority stays as somebody has set it since." if order.to and order.taken_back else ""


async def prioritised(world: World, session: AsyncSession, order: RaiseIssue, issue: str) -> None:
    """Called in the transaction that finishes the job."""
    incident = await store.locked(session, order.again)
    if incident is not None:
        event = PriorityChanged(order.action, issue, order.was, order.to)
        await (await scene(session, world, incident, "")).record(Decision(events=(event,)))


async def _take_back(here: Scene, old: Incident, since: datetime) -> str:
    """Issues that were told of a recurrence hear that it was none, and get their priority back. What the person reads."""
    assert here.incident.id is not None
    await here.session.flush()
    joined = await earlier.joined(here.session, here.incident.id)
    entries = await store.entries(here.session, here.incident.id)
    changed = {
        str(entry.data["action"]): (str(entry.data["was"]), str(entry.data["now"]))
        for entry in sorted(entries, key=lambda entry: entry.id or 0)
        if entry.kind == "priority_changed" and entry.recorded_at >= since
    }
    ids = dict.fromkeys([*await store.told_again(here.session, here.incident.id, since), *changed])
    told: list[str] = []
    for id in ids:
        item = await store.action(here.session, id)
        if item is None or not item.jira or item.incident_id in joined:
            continue
        before, now = changed.get(id, ("", ""))
        text = verdicts.no_evidence(here.incident, old, by=here.name(here.by))
        order = RaiseIssue(
            item.incident_id, id, here.incident.id, text, here.now.isoformat(), taken_back=True, was=now, to=before
        )  # fmt: skip
        await enqueue(here.session, order, now=here.now)
        told.append(item.jira)
    if not told:
        return ""
    back = ", and its priority goes back unless somebody has set it since" if changed else ""
    return f" {', '.join(told)} is told so{back}."


async def _reopen(here: Scene, there: Scene, item: Action, text: str) -> None:
    assert here.incident.id is not None
    row = await store.action(here.session, item.id)
    if row is None:
        return
    for column, value in reopening(row).items():
        setattr(row, column, value)
    here.session.add(row)
    event = ActionReopened(row.id, row.title)
    # One of a third incident, further back, has its line where people read of the recurrence.
    owner = there if row.incident_id == there.incident.id else here
    orders: tuple[Order, ...] = ()
    if row.jira:
        orders = (
            MoveIssue(row.incident_id, row.id, ActionState.OPEN, here.by),
            RaiseIssue(row.incident_id, row.id, here.incident.id, text, here.now.isoformat()),
        )
    await owner.record(Decision(events=(event,), jobs=orders))


async def _deny(here: Scene, there: Scene, row: Recurrence | None) -> Reply:
    incident, old = here.incident, there.incident
    assert incident.id is not None
    assert old.id is not None
    if row is not None and row.state is RecurrenceState.DENIED:
        return Reply(
            f"{incident.key} does not have the same cause as {old.key}: {here.name(row.by)} said so.",
            incident.id,
        )
    was = row is not None and row.state is RecurrenceState.CONFIRMED
    mine, theirs = verdicts.taken_back(incident, old) if was else (Decision(), Decision())
    since, reopened = (row.decided_at or row.at, row.held) if row else (here.now, "")
    row = row or Recurrence(incident_id=incident.id, earlier_id=old.id, how="person", at=here.now)
    _decided(here, row, RecurrenceState.DENIED)
    await here.record(mine + Decision(jobs=(RedrawQuestions(incident.id),)))
    await there.record(theirs)
    said = await _take_back(here, old, since) if was else ""
    if was and reopened:
        said += " The item that was opened again stays open."
    return Reply(f"{incident.key} does not have the same cause as {old.key}.{said}", incident.id)


# ---- one that became private ---------------------------------------------------------------------


async def said_elsewhere(session: AsyncSession, incident: Incident) -> list[Entry]:
    """The lines of other incidents' timelines that tell what an incident's items were worth."""
    rows = select(Entry).where(
        col(Entry.incident_id).in_(await _related(session, incident)),
        col(Entry.kind).in_(["recurrence_confirmed", "came_back"]),
    )
    found = (await session.exec(rows.execution_options(populate_existing=True))).all()
    return [entry for entry in found if incident.key in {entry.data.get("earlier"), entry.data.get("later")}]


async def _related(session: AsyncSession, incident: Incident) -> list[int]:
    pairs = select(Recurrence.incident_id, Recurrence.earlier_id).where(
        or_(Recurrence.incident_id == incident.id, Recurrence.earlier_id == incident.id)
    )
    return sorted({n for pair in (await session.exec(pairs)).all() for n in pair if n != incident.id})


async def forget(world: World, order: ForgetElsewhere) -> None:
    """Their lines keep the key alone; questions and headlines are drawn without it. Twice is harmless."""
    async with world.db.reading() as session:
        gone = await store.incident(session, order.incident)
        numbers = await _related(session, gone) if gone else []
    for number in numbers:
        async with world.db.transaction() as session:
            incident = await store.locked(session, number)
            if gone is None or incident is None:
                continue
            for entry in await said_elsewhere(session, gone):
                if entry.incident_id == number:
                    entry.data = {**entry.data, "verdict": ""}
                    session.add(entry)
            await (await scene(session, world, incident, "")).record(verdicts.forgotten(incident))


# ---- what everybody reads ------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A confirmed recurrence, seen from one incident. `later`: the other one came after it. `time`: which one this
    incident is of all that are joined; `standing` what the items of the earlier ones are worth now."""

    other: Incident
    later: bool
    cause: str
    time: int
    standing: str
    how: str
    because: str
    by: str
    at: datetime


async def known(session: AsyncSession, world: World, incident: Incident) -> list[Known]:
    """The confirmed recurrences of an incident, as far as everybody may see the others; the earlier ones first."""
    rows = select(Recurrence).where(
        or_(Recurrence.incident_id == incident.id, Recurrence.earlier_id == incident.id),
        Recurrence.state == RecurrenceState.CONFIRMED,
    )
    found = (await session.exec(rows.execution_options(populate_existing=True))).all()
    if not found or incident.id is None:
        return []
    joined = await earlier.joined(session, incident.id)
    time = sum(at <= incident.declared_at for at in joined.values()) or 1
    others = [row.earlier_id if row.incident_id == incident.id else row.incident_id for row in found]
    told = await earlier.pasts(session, others)
    before = await earlier.pasts(session, [n for n, at in joined.items() if at < incident.declared_at])
    items = [item for past in before.values() for item in past.items]
    held = {row.held for row in found if row.incident_id == incident.id}
    worth = verdicts.standing(items, incident.declared_at, world.clock(), held).text
    result = [
        Known(
            told[other].incident,
            row.earlier_id == incident.id,
            told[other].cause,
            time,
            worth,
            row.how,
            row.because,
            row.by,
            row.decided_at or row.at,
        )
        for row, other in zip(found, others, strict=True)
        if other in told
    ]
    return sorted(result, key=lambda k: (k.later, k.other.declared_at))


def lines(found: Sequence[Known]) -> list[str]:
    """As people read them: `Same cause as INC-3 (pool exhausted) and INC-1: third time; PAY-12 (switches) is still open`."""
    before = [k for k in found if not k.later]
    after = [k for k in found if k.later]
    said = []
    if before:
        keys = ", ".join(k.other.key + (f" ({k.cause})" if k.cause else "") for k in before)
        worth = f"; {before[0].standing}" if before[0].standing else ""
        said.append(f"Same cause as {keys}: {verdicts.times(before[0].time)}{worth}")
    if after:
        said.append(f"It came back in {', '.join(k.other.key for k in after)}")
    return said
