"""Bad logs and missing metrics, marked where they hurt: a reaction makes a candidate action item with the excerpt."""

import secrets

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, actions, masking
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import MarkMessage, RedrawQuestions
from bot.core.timeline import ActionSuggested
from bot.flows import Asking, Choice, Reply, Scene, World, change, scene
from bot.flows.timelines import Marked, source_of
from bot.models import Action, ActionState

TITLE = 80
"""Characters of an excerpt that stand in a candidate's title."""


async def noticed(world: World, session: AsyncSession, order: MarkMessage, said: Marked) -> None:
    """The candidate that a reaction asks for; the same message and mark make one, however many people tap."""
    incident = await store.locked(session, order.incident)
    if incident is None or incident.id is None:
        return
    useless = order.mark == world.config.reactions.useless
    source = f"{source_of(order.channel, order.ts)}:{'useless' if useless else 'missing'}"
    rows = select(Action).where(Action.incident_id == incident.id, Action.source == source)
    if (await session.exec(rows)).first() is not None:
        return
    s = await scene(session, world, incident, "")
    excerpt = masking.excerpt(said.text)
    first = next((line.strip() for line in excerpt.splitlines() if line.strip()), "a message without words")
    what = "Useless noise in the logs" if useless else "Something is missing in the logs or metrics"
    short = first if len(first) <= TITLE else first[: TITLE - 1] + "…"
    action = Action(
        id=secrets.token_hex(4),
        incident_id=incident.id,
        title=f"{what}: {short}",
        team=incident.team,
        suggested="logging",
        category_kind="logging-noise" if useless else "logging-gap",
        due=actions.due_by(incident.severity, s.now),
        state=ActionState.CANDIDATE,
        created_by=await s.person(order.by),
        created_at=s.now,
        evidence=excerpt,
        source=source,
    )
    session.add(action)
    await session.flush()
    event = ActionSuggested(action.id, action.title)
    await store.record(
        session, incident, Decision(events=(event,), spoken=(event,)), by=action.created_by, now=s.now
    )


async def confirm(world: World, asking: Asking, *, action_id: str, wanted: bool) -> Reply:
    """A candidate becomes an item of the owner's backlog, or is dropped; either way it is asked about no more."""

    async def act(s: Scene) -> Reply:
        action = await store.action(s.session, action_id)
        if action is None or action.incident_id != s.incident.id:
            raise Refused("That candidate is not there any more.")
        if action.state is not ActionState.CANDIDATE and not (wanted and actions.dropped(action)):
            became = "dropped" if actions.dropped(action) else "an action item"
            raise Refused(f"“{action.title}” is {became} already.")
        if not wanted:
            action.state, action.closed_at, action.closed_by = ActionState.WONT_DO, s.now, s.by
            s.session.add(action)
            await s.record(Decision(jobs=(*shown(s.incident), RedrawQuestions(action.incident_id))))
            back = Choice("Make it an action item after all", "candidate_yes", f"{s.incident.id} {action.id}")
            return Reply(f"Dropped: “{action.title}”.", s.incident.id, (back,))
        return await kept(s, action)

    return await change(world, asking, "actions", act)


async def kept(s: Scene, action: Action) -> Reply:
    """A candidate, be it one that was dropped, is an item now."""
    action.state, action.category = ActionState.OPEN, action.category or action.suggested
    action.closed_at, action.closed_by = None, ""
    s.session.add(action)
    await s.session.flush()
    redraw = Decision(jobs=(RedrawQuestions(action.incident_id),))
    await s.record(actions.added(action, s.incident, sure=True, now=s.now) + redraw)
    label = {c.id: c.label for c in s.world.config.categories}.get(action.category, action.category)
    return Reply(f"It goes to the backlog of {s.team.name} under {label}: “{action.title}”.", s.incident.id)
