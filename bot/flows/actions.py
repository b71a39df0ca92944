"""Action items: from what people say to the owning team's backlog."""

import secrets
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, actions, incidents
from bot.core.decision import Decision
from bot.core.issues import CLOSED
from bot.core.jobs import FileIssue, LinkIssue, MoveIssue, Order, SecureIssue
from bot.core.timeline import ActionFiled
from bot.engine import cancel, enqueue
from bot.flows import Asking, Choice, Reply, Scene, World, change, choices, scene
from bot.models import Action, ActionState


async def add(
    world: World,
    asking: Asking,
    *,
    text: str = "",
    owner_slack: str = "",
    form: actions.Typed | None = None,
    evidence: str = "",
    source: str = "",
) -> Reply:
    """Store an item for the team that owns the incident, and file it in that team's Jira project.

    `form`: what a form gave, instead of `text`.

    Without a category the suggested one is taken and shown, one tap away from another; when the suggestion
    is not sure, the person is asked before anything is filed.
    """

    async def act(s: Scene) -> Reply:
        zone = await store.zone_of(s.session, asking.by, s.catalog) or s.team.timezone
        categories = world.config.categories
        today = s.now.astimezone(ZoneInfo(zone)).date()
        typed = form or actions.parse(text, today=today, categories=categories)
        if typed.due is not None and typed.due < today:
            raise Refused(f"{typed.due} is in the past: name a day from {today} on.")
        known = await store.chosen(s.session)
        suggestion = actions.suggest(typed.title, categories=categories, remembered=known)
        if typed.category and not (suggestion.sure and typed.category == suggestion.category):
            await choices.remember(s, typed.title, typed.category, typed.kind)
        assert s.incident.id is not None
        action = Action(
            id=secrets.token_hex(4),
            incident_id=s.incident.id,
            title=typed.title,
            team=s.team.id,
            category=typed.category,
            category_kind=typed.kind
            or (suggestion.kind or "" if suggestion.category == typed.category else ""),
            suggested="" if typed.category else suggestion.category,
            owner=await find_owner(s, typed.owner, owner_slack),
            due=typed.due or actions.due_by(s.incident.severity, s.now),
            created_by=s.by,
            created_at=s.now,
            evidence=evidence,
            source=source,
        )
        s.session.add(action)
        await s.session.flush()
        await s.record(actions.added(action, s.incident, sure=suggestion.sure, now=s.now))
        return _added(world, s, action, suggestion)

    return await change(world, asking, "action", act)


async def find_owner(s: Scene, typed: str, slack_id: str) -> str:
    """The person that was mentioned or typed; "" for neither. Raises Refused for a name that nobody has."""
    if slack_id:
        return await s.person(slack_id)
    person = typed.removeprefix("@")
    if person and person not in s.catalog.people:
        raise Refused(f"“{typed}” is nobody in the catalog: mention them with @, or leave the owner out.")
    return person


def _added(world: World, s: Scene, action: Action, suggestion: actions.Suggestion) -> Reply:
    label = {category.id: category.label for category in world.config.categories}
    where = f"the backlog of {s.team.name}" + (f" ({s.team.jira_project})" if s.team.jira_project else "")
    if action.category:
        return Reply(f"Added under {label[action.category]}; it goes to {where}.", s.incident.id)
    first, second = suggestion.category, suggestion.runner_up
    others = [c.id for c in world.config.categories if c.id not in (first, second)]
    choices = tuple(
        Choice(
            label[c],
            "categorise",
            f"{s.incident.id} {action.id} {c}",
            "primary" if c == first and suggestion.sure else "",
        )
        for c in (first, second, *others)
    )
    if suggestion.sure:
        because = f" (because: {', '.join(suggestion.because)})" if suggestion.because else ""
        text = f"Added; it goes to {where} under {label[first]}{because}. Another category is one tap away:"
    else:
        text = f"Added. Which category? It goes to {where} as soon as you tap one:"
    return Reply(text, s.incident.id, choices)


async def categorise(world: World, asking: Asking, *, action_id: str, category: str) -> Reply:
    async def act(s: Scene) -> Reply:
        action = await _action(s, action_id)
        label = {c.id: c.label for c in world.config.categories}
        if category not in label:
            raise Refused(f"There is no category “{category}”: use one of {', '.join(label)}.")
        decision = actions.categorised(action, s.incident, category)
        await choices.remember(s, action.title, category)
        if decision.events:
            suggestion = actions.suggest(action.title, categories=world.config.categories)
            action.category = category
            action.category_kind = (suggestion.kind or "") if suggestion.category == category else ""
            s.session.add(action)
            # An item that waited for this tap is filed now and not by its timer.
            await cancel(s.session, FileIssue(action.incident_id, action.id).key or "")
            waits = action.jira is None
            await s.record(Decision(events=decision.events, jobs=() if waits else decision.jobs))
            if waits:
                await file_now(s, action)
        return Reply(f"“{action.title}” is under {label[category]}.", s.incident.id)

    return await change(world, asking, "action", act)


async def file_again(world: World, asking: Asking, *, action_id: str) -> Reply:
    """Try an item once more that Jira refused; one that is filed already stays as it is."""

    async def act(s: Scene) -> Reply:
        action = await _action(s, action_id)
        if action.jira:
            return Reply(f"“{action.title}” is {action.jira}.", s.incident.id)
        action.problem = ""
        s.session.add(action)
        await file_now(s, action)
        return Reply(f"“{action.title}” is being filed again.", s.incident.id)

    return await change(world, asking, "action", act)


async def file_now(s: Scene, action: Action) -> None:
    """Ask for the next try; the lane keeps it behind one that is under way, which then makes it nothing."""
    attempt = 2
    while await enqueue(s.session, FileIssue(action.incident_id, action.id, attempt), now=s.now) is None:
        attempt += 1


async def _action(s: Scene, action_id: str) -> Action:
    action = await store.action(s.session, action_id)
    if action is None or action.incident_id != s.incident.id:
        raise Refused("That action item is not there any more.")
    if action.state is not ActionState.OPEN:
        raise Refused(f"“{action.title}” is {action.state} already.")
    return action


async def filed(
    world: World,
    session: AsyncSession,
    order: FileIssue,
    *,
    key: str,
    url: str,
    notes: tuple[str, ...] = (),
    openly: bool = True,
) -> None:
    """The issue stands; called in the transaction that finishes the job. `openly`: without a security level."""
    incident = await store.locked(session, order.incident)
    action = await store.action(session, order.action)
    if incident is None or action is None or action.jira:
        return
    action.jira, action.jira_url, action.problem = key, url, ""
    session.add(action)
    if incident.private and openly:
        await enqueue(session, SecureIssue(order.incident, action.id), now=world.clock())
    event = ActionFiled(action.id, action.title, key, list(notes))
    jobs: tuple[Order, ...] = (LinkIssue(order.incident, order.action), *incidents.shown(incident))
    if action.state in CLOSED:  # somebody was quicker than Jira
        jobs = (*jobs, MoveIssue(order.incident, order.action, action.state, action.closed_by))
    await (await scene(session, world, incident, "")).record(
        Decision(events=(event,), spoken=(event,), jobs=jobs)
    )
