"""What is asked after an incident, in one message: once in its channel, once again in private, answered by taps or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import questions
from bot.core.access import Act
from bot.core.decision import Decision
from bot.core.jobs import AskAgain, AskQuestions, RedrawQuestions, RemindQuestions, WrapUp
from bot.core.questions import Question
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, change, postmortems, scene, verdicts
from bot.flows.verdicts import Candidate
from bot.models import Action, ActionState, Debrief, Entry, Incident, Postmortem, RecurrenceState


@dataclass(frozen=True)
class Debriefing:
    """All that one message asks. `marked` are the items that began as candidates, `earlier` the incidents that resemble
    this one: those that wait for a word, and those that somebody has decided on since it was over."""

    incident: Incident
    debrief: Debrief
    postmortem: Postmortem | None
    marked: Sequence[Action]
    earlier: Sequence[Candidate]

    @property
    def candidates(self) -> list[Action]:
        return [item for item in self.marked if item.state is ActionState.CANDIDATE]

    @property
    def undecided(self) -> list[Candidate]:
        return [one for one in self.earlier if one.row.state is RecurrenceState.SUGGESTED]

    @property
    def is_open(self) -> bool:
        """Whether anything waits for an answer, skipped or not."""
        return bool(questions.unanswered(self.incident) or self.candidates or self.undecided)


async def debriefing(session: AsyncSession, world: World, number: int) -> Debriefing | None:
    """None: nothing is asked of this incident, or not any more."""
    incident, debrief = await store.incident(session, number), await session.get(Debrief, number)
    if incident is None or debrief is None:
        return None
    marked = [item for item in await store.actions(session, number) if item.source]
    found = [] if incident.private else await verdicts.candidates(session, world, incident)
    settled = any(one.row.state is RecurrenceState.CONFIRMED for one in found)
    asks = [one for one in found if one.row.state is RecurrenceState.SUGGESTED and not settled]
    said = [one for one in found if one.row.decided_at and one.row.decided_at >= debrief.resolved_at]
    postmortem = await session.get(Postmortem, number)
    return Debriefing(incident, debrief, postmortem, marked, [*said, *asks])


async def wrapped_up(world: World, order: WrapUp) -> None:
    """Have everything asked and make the draft. An incident that is open again, or was resolved anew, is left alone."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        if incident is None or not _is_this_end(incident, order.resolved):
            return
        s = await scene(session, world, incident, "")
        assert incident.resolved_at is not None
        debrief = await session.get(Debrief, order.incident)
        if debrief is not None and debrief.resolved_at == incident.resolved_at:
            return  # an earlier run of this very job did it all
        debrief = debrief or Debrief(incident_id=order.incident, resolved_at=incident.resolved_at)
        debrief.resolved_at = incident.resolved_at
        debrief.person = _resolver(await store.entries(session, order.incident))
        debrief.skipped, debrief.again = [], ""
        session.add(debrief)
        await postmortems.drafted(s)
        zones = await store.zones(session, world.catalog)
        at = questions.next_morning(s.now, zones.get(whom(s, debrief)) or s.team.timezone)
        await enqueue(session, AskQuestions(order.incident, order.resolved), now=s.now)
        await enqueue(session, RemindQuestions(order.incident, order.resolved), now=s.now, at=at)


def _is_this_end(incident: Incident, resolved: str) -> bool:
    return questions.is_asked(incident) and incident.resolved_at == datetime.fromisoformat(resolved)


def _resolver(entries: list[Entry]) -> str:
    return next((entry.by for entry in reversed(entries) if entry.kind == "resolved"), "")


def whom(s: Scene, debrief: Debrief) -> str:
    """Who is asked in private: whoever led it, had it, ended it."""
    i = s.incident
    return i.lead or i.owner or debrief.person or s.team.lead or i.declared_by


async def reminded(world: World, order: RemindQuestions) -> None:
    """The timer of the next working morning: once, and then never again."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        debrief = await session.get(Debrief, order.incident)
        if incident is None or debrief is None or not _is_this_end(incident, order.resolved):
            return
        asked = await debriefing(session, world, order.incident)
        if debrief.again or asked is None or not asked.is_open:
            return
        s = await scene(session, world, incident, "")
        debrief.again, debrief.skipped = whom(s, debrief), []
        session.add(debrief)
        await enqueue(session, AskAgain(order.incident, debrief.again, order.resolved), now=s.now)


async def asked(session: AsyncSession, of: Debriefing, *, channel_id: str, ts: str) -> None:
    """All of it stands there; called in the transaction that finishes the job."""
    debrief = await session.get(Debrief, of.debrief.incident_id)
    if debrief is not None:
        debrief.messages = {**debrief.messages, channel_id: ts}
        session.add(debrief)
    await verdicts.asked(session, of.earlier, channel_id=channel_id, ts=ts)


async def _must(s: Scene) -> None:
    """Those who may write the postmortem, whoever declared it and whoever ended it."""
    debrief = await s.session.get(Debrief, s.incident.id)
    if s.by and s.by in {s.incident.declared_by, debrief.person if debrief else ""}:
        return
    s.must(Act.POSTMORTEM)


async def answer(world: World, asking: Asking, question: Question, word: str, *, late: bool = False) -> Reply:
    """`late`: by a tap, which changes no answer that stands."""

    async def act(s: Scene) -> Reply:
        await _must(s)
        await _record(s, questions.answered(s.incident, question, word, late=late))
        return Reply(f"{s.incident.key}: {questions.said(s.incident)}.", s.incident.id)

    return await change(world, asking, question.value, act)


async def _record(s: Scene, decision: Decision) -> None:
    assert s.incident.id is not None
    redraw = (RedrawQuestions(s.incident.id),) if decision.events else ()
    await s.record(decision + Decision(jobs=redraw))


async def skip(world: World, asking: Asking, question: Question) -> Reply:
    """The next question takes its place. It is asked again once, with whatever else is open then."""

    async def act(s: Scene) -> Reply:
        await _must(s)
        debrief = await s.session.get(Debrief, s.incident.id)
        if debrief is not None and question not in debrief.skipped:
            debrief.skipped = [*debrief.skipped, question.value]
            s.session.add(debrief)
            await enqueue(s.session, RedrawQuestions(debrief.incident_id), now=s.now)
        return Reply("Skipped.", s.incident.id)

    return await change(world, asking, question.value, act)


async def skip_all(world: World, asking: Asking) -> Reply:
    """Whatever is open of them is asked no more."""

    async def act(s: Scene) -> Reply:
        await _must(s)
        debrief = await s.session.get(Debrief, s.incident.id)
        if debrief is not None:
            debrief.skipped = [question.value for question in Question]
            s.session.add(debrief)
            await enqueue(s.session, RedrawQuestions(debrief.incident_id), now=s.now)
        return Reply(f"{s.incident.key}: skipped.", s.incident.id)

    return await change(world, asking, "show", act)


async def cause(world: World, asking: Asking, *, text: str) -> Reply:
    """One sentence of why, by which the next incident like it is known."""

    async def act(s: Scene) -> Reply:
        await _must(s)
        await _record(s, questions.caused(s.incident, text))
        return Reply(f"The cause of {s.incident.key}: {s.incident.cause}", s.incident.id)

    return await change(world, asking, "cause", act)
