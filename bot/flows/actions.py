"""Action items: from what people say to the owning team's backlog."""

import secrets
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, actions, incidents
from bot.core.decision import Decision
from bot.core.issues import CLOSED
from bot.core.jobs import (
    AssignIssue,
    FileIssue,
    LinkIssue,
    MoveIssue,
    Order,
    RelabelIssue,
    SecureIssue,
    SetDue,
    Tell,
)
from bot.core.timeline import ActionFiled
from bot.engine import cancel, enqueue
from bot.flows import Asking, Choice, Reply, Scene, World, change, choices, may_see, scene
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

    `form`: what a form gave, instead of `text`. `evidence`: an excerpt of the message `source`, masked.

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
        told = Decision(jobs=given(s, action))
        await s.record(actions.added(action, s.incident, sure=suggestion.sure, now=s.now) + told)
        return _added(world, s, action, suggestion)

    return await change(world, asking, "action", act)


async def find_owner(s: Scene, typed: str, slack_id: str) -> str:
    """The person that was mentioned or typed; "" for neither. Raises Refused for a name that nobody has, for somebody who
    has left, and for somebody who may not know of the incident."""
    person = await s.person(slack_id) if slack_id else typed.removeprefix("@")
    if person and not slack_id and person not in s.catalog.people:
        raise Refused(f"“{typed}” is nobody in the catalog: mention them with @, or leave the owner out.")
    if person and await store.has_left(s.session, person, s.catalog):
        raise Refused(f"{s.name(person)}'s Slack account is deactivated: give it to somebody else.")
    if person and not await may_see(s.session, s.world, s.incident, person):
        raise Refused(f"{s.name(person)} may not see {s.incident.key}: let them in first.")
    return person


def given(s: Scene, action: Action) -> tuple[Order, ...]:
    """Whom somebody else gave an item is told, once an hour: all that is theirs is one tap away."""
    owner = action.owner
    known = owner in s.catalog.people or store.is_slack_id(owner)
    if owner == s.by or not known or s.incident.test:
        return ()
    due = f", due {action.due}" if action.due else ""
    text = (
        f"{s.name(s.by)} gave you “{action.title}” ({s.incident.key}{due}). "
        "`/incident mine` and the Home tab have all that is yours."
    )
    return (Tell(owner, text, action.incident_id, f"given:{s.now:%Y-%m-%dT%H}"),)


def _added(world: World, s: Scene, action: Action, suggestion: actions.Suggestion) -> Reply:
    label = {category.id: category.label for category in world.config.categories}
    where = f"the backlog of {s.team.name}" + (f" ({s.team.jira_project})" if s.team.jira_project else "")
    first, second = suggestion.category, suggestion.runner_up
    if s.incident.test:
        text = f"Added under {label[action.category or first]}. {s.incident.key} is a test: it goes to no backlog."
        return Reply(text, s.incident.id)
    if action.category:
        return Reply(f"Added under {label[action.category]}; it goes to {where}.", s.incident.id)
    if suggestion.sure:
        because = f" (because: {', '.join(suggestion.because)})" if suggestion.because else ""
        text = f"Added; it goes to {where} under {label[first]}{because}. Another category is one tap away:"
    else:
        minutes = int(actions.ASK_FIRST.total_seconds() / 60)
        text = (
            f"Added. Which category? It goes to {where} as soon as you tap one; "
            f"after {minutes} minutes without a tap under {label[first]}:"
        )
    return Reply(text, s.incident.id, _categories(s, action, first, second, chosen=suggestion.sure))


def _categories(s: Scene, action: Action, *first: str, chosen: bool) -> tuple[Choice, ...]:
    """A button for each category, those of `first` at the head; `chosen`: the very first is what stands."""
    label = {category.id: category.label for category in s.world.config.categories}
    ordered = dict.fromkeys([c for c in first if c in label] + list(label))
    return tuple(
        Choice(
            label[c],
            "categorise",
            f"{s.incident.id} {action.id} {c}",
            "primary" if chosen and c == first[0] else "",
        )
        for c in ordered
    )


async def categorise(world: World, asking: Asking, *, action_id: str, category: str) -> Reply:
    """`category` is an id, a label or a kind. What was tapped by mistake is put right by another tap."""

    async def act(s: Scene) -> Reply:
        action = await of(s, action_id)
        return await put_under(s, action, category)

    return await change(world, asking, "action", act)


async def put_under(s: Scene, action: Action, word: str) -> Reply:
    categories = s.world.config.categories
    label = {c.id: c.label for c in categories}
    found = actions.category_named(word, categories)
    if found is None:
        raise Refused(f"There is no category “{word[:40]}”: use one of {', '.join(label)}.")
    category, kind = found
    suggestion = actions.suggest(action.title, categories=categories)
    if not kind and suggestion.category == category:
        kind = suggestion.kind or ""
    if not kind and action.evidence and action.suggested == category:
        kind = action.category_kind
    decision = actions.categorised(action, s.incident, category, kind, s.by)
    await choices.remember(s, action.title, category, kind)
    if decision.events:
        action.category, action.category_kind = category, kind
        s.session.add(action)
        # An item that waited for this tap is filed now and not by its timer.
        waited = await cancel(s.session, FileIssue(action.incident_id, action.id).key or "")
        await s.record(decision)
        if waited and action.state is ActionState.OPEN:
            await file_now(s, action)
    others = _categories(s, action, category, suggestion.category, chosen=True)
    return Reply(f"“{action.title}” is under {label[category]}.", s.incident.id, others)


async def file_again(world: World, asking: Asking, *, action_id: str) -> Reply:
    """Try an item once more that Jira refused; one that is filed already stays as it is."""

    async def act(s: Scene) -> Reply:
        action = await of(s, action_id)
        if action.state is not ActionState.OPEN:
            raise Refused(f"“{action.title}” is {SAID[action.state]} already.")
        if action.jira:
            return Reply(f"“{action.title}” is {action.jira}.", s.incident.id)
        action.problem = ""
        s.session.add(action)
        await file_now(s, action)
        return Reply(f"“{action.title}” is being filed again.", s.incident.id)

    return await change(world, asking, "action", act)


async def file_now(s: Scene, action: Action) -> None:
    """Ask for the next try; the lane keeps it behind one that is under way, which then makes it nothing."""
    if s.incident.test:
        return
    attempt = 2
    while await enqueue(s.session, FileIssue(action.incident_id, action.id, attempt), now=s.now) is None:
        attempt += 1


SAID: Mapping[ActionState, str] = {
    ActionState.DONE: "done",
    ActionState.WONT_DO: "closed as “won't do”",
    ActionState.CANDIDATE: "a candidate",
    ActionState.OPEN: "open",
}


async def of(s: Scene, action_id: str) -> Action:
    action = await store.action(s.session, action_id)
    if action is None or action.incident_id != s.incident.id:
        raise Refused("That action item is not there any more.")
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
    sent: Action | None = None,
    seen: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """The issue stands; called in the transaction that finishes the job. `openly`: without a security level.

    `sent` is the item as Jira was told of it, None where an earlier try was found: what people have decided since then
    is still to be told. `seen` is what Jira took of it, which is no news when the issue is looked at for the first time.
    """
    incident = await store.locked(session, order.incident)
    action = await store.action(session, order.action)
    if incident is None or action is None or action.jira:
        return
    action.jira, action.jira_url, action.problem = key, url, ""
    action.jira_seen = dict(seen)
    session.add(action)
    if incident.private and openly:
        await enqueue(session, SecureIssue(order.incident, action.id), now=world.clock())
    event = ActionFiled(action.id, action.title, key, list(notes))
    jobs: tuple[Order, ...] = (LinkIssue(order.incident, order.action), *incidents.shown(incident))
    jobs += tuple(_since(order, action, sent))
    await (await scene(session, world, incident, "")).record(
        Decision(events=(event,), spoken=(event,), jobs=jobs)
    )


def _since(order: FileIssue, action: Action, sent: Action | None) -> Iterator[Order]:
    """Somebody was quicker than Jira."""
    if action.state in CLOSED:
        yield MoveIssue(order.incident, order.action, action.state, action.closed_by)
    if sent is None or actions.category_label(sent) != actions.category_label(action):
        yield RelabelIssue(order.incident, order.action, "")
    if sent is not None and sent.owner != action.owner:
        yield AssignIssue(order.incident, order.action, action.created_by)
    if sent is not None and sent.due != action.due:
        yield SetDue(order.incident, order.action, action.created_by)
