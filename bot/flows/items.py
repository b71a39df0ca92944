"""What people decide about action items."""

from collections.abc import Awaitable, Callable

from bot import store
from bot.core import Refused, issues
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.issues import CLOSED
from bot.core.jobs import FileIssue
from bot.core.timeline import ActionDone, ActionReassigned, ActionWontDo, Event
from bot.engine import cancel
from bot.flows import Asking, Reply, Scene, World, change, may_see
from bot.models import Action, ActionState

REASON = 300


async def _change(
    world: World, asking: Asking, item: str, decide: Callable[[Scene, Action], Awaitable[Reply]]
) -> Reply:
    async def act(s: Scene) -> Reply:
        action = await store.action(s.session, item)
        if action is None or action.incident_id != s.incident.id:
            raise Refused("That action item is not there any more.")
        if action.state in CLOSED:
            how = "done" if action.state is ActionState.DONE else "closed as “won't do”"
            raise Refused(f"“{action.title}” is {how} already.")
        if action.state is ActionState.CANDIDATE:
            raise Refused(f"“{action.title}” is a candidate still: make it an action item first, or drop it.")
        return await decide(s, action)

    return await change(world, asking, "actions", act)


async def _record(s: Scene, action: Action, event: Event) -> None:
    s.session.add(action)
    await s.record(Decision(events=(event,), jobs=shown(s.incident)))


async def _close(s: Scene, action: Action, state: ActionState, why: str = "") -> None:
    for column, value in issues.closing(state, s.now, by=s.by, why=why).items():
        setattr(action, column, value)
    action.problem = ""
    await cancel(s.session, FileIssue(action.incident_id, action.id).key or "")


async def done(world: World, asking: Asking, *, item: str) -> Reply:
    async def decide(s: Scene, action: Action) -> Reply:
        await _close(s, action, ActionState.DONE)
        await _record(s, action, ActionDone(action.id, action.title))
        return Reply(f"“{action.title}” is done.", s.incident.id)

    return await _change(world, asking, item, decide)


async def wont_do(world: World, asking: Asking, *, item: str, why: str) -> Reply:
    async def decide(s: Scene, action: Action) -> Reply:
        reason = " ".join(why.split())
        if not reason:
            raise Refused("Say why it won't be done.")
        if len(reason) > REASON:
            raise Refused(f"The reason is {len(reason)} characters long; at most {REASON} fit.")
        await _close(s, action, ActionState.WONT_DO, reason)
        await _record(s, action, ActionWontDo(action.id, action.title, reason))
        return Reply(f"“{action.title}” won't be done: {reason}.", s.incident.id)

    return await _change(world, asking, item, decide)


async def assign(world: World, asking: Asking, *, item: str, slack_id: str = "", person: str = "") -> Reply:
    """Give the item to `slack_id` or to the catalog's `person`."""

    async def decide(s: Scene, action: Action) -> Reply:
        owner = person or (await s.person(slack_id) if slack_id else "")
        if not owner:
            raise Refused("Say who is to have it.")
        if not await may_see(s.session, world, s.incident, owner):
            raise Refused(f"{s.name(owner)} may not see {s.incident.key}: let them in first.")
        if owner != action.owner:
            action.owner, action.later = owner, None
            await _record(s, action, ActionReassigned(action.id, action.title, owner))
        return Reply(f"“{action.title}” is {s.name(owner)}'s now.", s.incident.id)

    return await _change(world, asking, item, decide)
