"""What became of items in Jira: heard by webhook, found by looking, and what Jira says of what was decided here.

Nothing here asks for a change in Jira: only people's decisions (flows.items) do, so that no change can go in circles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import issues
from bot.core.decision import Decision
from bot.core.issues import Issue
from bot.core.jobs import (
    AssignIssue,
    FollowIssue,
    MoveIssue,
    OfIssue,
    Order,
    PollIssues,
    RedrawHeadline,
    RelabelIssue,
    SetDue,
    SweepIssues,
    Tell,
    TellTeam,
)
from bot.core.timeline import ActionGone, ActionNotChanged
from bot.engine import enqueue, enqueue_all
from bot.flows import Scene, World, may_see, scene
from bot.models import Action, Incident, Team

LABEL = "writeback-"

LOOK = "jira issues"

QUIET, MOST_LINES = timedelta(minutes=10), 6
"""How many lines about items an incident's channel hears within a while; all stand in the timeline."""

SPOKEN = ("action_done", "action_wont_do", "action_reopened", "action_moved", "action_gone")

AT_ONCE = 50
"""Open items whose issues one look asks for: their labels fit into one query."""


@dataclass(frozen=True)
class Hint:
    """That something happened to an issue; what it says of the issue is not believed. `seen` names the change."""

    key: str
    labels: tuple[str, ...]
    seen: str


def item_in(labels: Sequence[str]) -> str:
    """The item that an issue's labels name, "" where they name none."""
    return next((label.removeprefix(LABEL) for label in labels if label.startswith(LABEL)), "")


async def hinted(world: World, hint: Hint) -> int:
    """Ask to read the issue, if it is one of ours; how many items that concerns. The same hint again asks for nothing."""
    item = item_in(hint.labels)
    async with world.db.transaction() as session:
        found = await store.actions_of_issues(session, [hint.key], [item] if item else [])
        orders = [FollowIssue(action.incident_id, action.id, hint.seen) for action in found]
        await enqueue_all(session, [(order, None) for order in orders], now=world.clock())
    return len(found)


# ---- looking ---------------------------------------------------------------------------------


async def window(world: World, order: PollIssues) -> int:
    """The minutes that this look reaches back."""
    if order.minutes:
        return order.minutes
    async with world.db.reading() as session:
        return issues.window(await store.looked(session, LOOK), world.clock())


async def polled(
    world: World,
    session: AsyncSession,
    order: PollIssues,
    found: Sequence[tuple[str, Sequence[str], Any]],
    *,
    minutes: int,
    following: str,
) -> None:
    """A page of issues that changed: (key, labels, Jira's time) each. Those that the item knows of already are passed over."""
    now = world.clock()
    await _ask(world, session, found, order.slot)
    if following:
        await enqueue(session, PollIssues(order.slot, minutes, following), now=now)
    else:
        await store.look_done(session, LOOK, datetime.fromisoformat(order.slot))


async def _ask(
    world: World, session: AsyncSession, found: Sequence[tuple[str, Sequence[str], Any]], slot: str
) -> None:
    by_item = {item_in(labels): updated for _, labels, updated in found}
    by_key = {key: updated for key, _, updated in found}
    known = await store.actions_of_issues(session, by_key, [id for id in by_item if id])
    orders: list[Order] = []
    for action in known:
        updated = by_item.get(action.id) or by_key.get(action.jira or "")
        if updated is not None and (action.jira_at is None or updated > action.jira_at):
            # A webhook may have asked for this change before and in vain: each look asks for itself.
            orders.append(FollowIssue(action.incident_id, action.id, f"{updated.isoformat()} {slot}"))
    await enqueue_all(session, [(order, None) for order in orders], now=world.clock())


async def to_sweep(world: World, order: SweepIssues) -> Sequence[Action]:
    async with world.db.reading() as session:
        return await store.open_in_jira(session, order.after, AT_ONCE)


async def swept(
    world: World,
    session: AsyncSession,
    order: SweepIssues,
    asked: Sequence[Action],
    found: Sequence[tuple[str, Sequence[str], Any]],
) -> None:
    """What a look at open items found. An issue that was not found has lost its label, or is gone: it is read by its key."""
    now = world.clock()
    await _ask(world, session, found, order.slot)
    there = {item_in(labels) for _, labels, _ in found}
    lost = [FollowIssue(a.incident_id, a.id, f"sweep {order.slot}") for a in asked if a.id not in there]
    await enqueue_all(session, [(each, None) for each in lost], now=now)
    if len(asked) == AT_ONCE:
        await enqueue(session, SweepIssues(order.slot, asked[-1].id), now=now)


# ---- following -------------------------------------------------------------------------------


async def _scene(world: World, session: AsyncSession, order: OfIssue) -> tuple[Scene, Action] | None:
    incident = await store.locked(session, order.incident)
    action = await store.action(session, order.action)
    if incident is None or action is None:
        return None
    return await scene(session, world, incident, ""), action


def _set(session: AsyncSession, action: Action, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(action, name, value)
    session.add(action)


async def speaks(s: Scene) -> bool:
    """Whether the channel hears a line about an item: it may be closed, as an item can be done months later, and whoever
    tidies up a whole backlog fills nobody's screen."""
    if s.incident.archived_at is not None or s.incident.channel_lost:
        return False
    assert s.incident.id is not None
    since = s.now - QUIET
    return await store.lines_since(s.session, s.incident.id, SPOKEN, since) < MOST_LINES


def redraw(incident: Incident) -> tuple[Order, ...]:
    """Of what stands in Slack only the headline shows items."""
    assert incident.id is not None
    return (RedrawHeadline(incident.id, incident.revision + 1),)


async def followed(
    world: World, session: AsyncSession, order: OfIssue, issue: Issue, *, owner: str, url: str
) -> None:
    """The item follows what changed in Jira; `owner` is who its assignee is here."""
    at = await _scene(world, session, order)
    if at is None or issues.stale(at[1], issue):
        return
    s, action = at
    team = team_of_project(world, issue.project, s.incident)
    change = issues.followed(
        action,
        issue,
        owner=owner,
        team=team.id if team else "",
        url=url,
        now=s.now,
        categories=world.config.categories,
    )
    before = (action.problem, action.jira_status)
    _set(session, action, dict(change.sets))
    if change.events or before != (action.problem, action.jira_status):
        spoken = change.spoken if await speaks(s) else ()
        await s.record(Decision(events=change.events, spoken=spoken, jobs=redraw(s.incident)))


def team_of_project(world: World, project: str, incident: Incident) -> Team | None:
    """Whose project it is: the incident's own team, where several share one; None: nobody's here."""
    teams = [team for team in world.catalog.teams.values() if team.jira_project == project]
    return next((team for team in teams if team.id == incident.team), teams[0] if teams else None)


ABOUT = {MoveIssue: "state", AssignIssue: "assignee", SetDue: "due", RelabelIssue: "category"}
"""What each job tells Jira of what the item keeps of its issue."""


async def told(world: World, session: AsyncSession, order: OfIssue, issue: Issue) -> None:
    """Jira was told what was decided here: what the issue says now is no news any more."""
    at = await _scene(world, session, order)
    if at is None:
        return
    s, action = at
    shows = bool(action.problem) or action.jira_status != issue.status
    # Only what this job is about, and not its time: what others changed in Jira meanwhile is still to be followed.
    about = ABOUT[type(order)]
    seen = dict(action.jira_seen) | {about: issue.seen()[about]}
    _set(session, action, {"jira_status": issue.status, "jira_seen": seen, "problem": ""})
    if shows:
        await s.record(Decision(jobs=redraw(s.incident)))


async def gone(world: World, session: AsyncSession, order: OfIssue, key: str) -> None:
    """The issue is not there any more: said once, to whoever has the item and to the team; a person decides what then."""
    at = await _scene(world, session, order)
    if at is None or at[1].jira != key:
        return
    s, action = at
    event = ActionGone(action.id, action.title, key)
    if action.state in issues.CLOSED:  # nobody has to do anything about it
        _set(session, action, {"jira": None, "jira_url": "", "jira_status": "", "jira_seen": {}})
        await s.record(Decision(events=(event,), jobs=redraw(s.incident)))
        return
    problem = f"{key} was deleted in Jira, or moved where Writeback can't see it: file it again, or say that it won't be done"
    _set(
        session,
        action,
        {"jira": None, "jira_url": "", "jira_status": "", "jira_seen": {}, "problem": problem},
    )
    text = f"{event.text('', s.name)} ({s.incident.key}). `/incident actions {s.incident.key}` files it again or closes it."
    mark = f"gone:{action.id}:{key}"
    jobs: list[Order] = [*redraw(s.incident)]
    for person in dict.fromkeys((action.owner, action.created_by)):
        if (person in world.catalog.people or store.is_slack_id(person)) and await may_see(
            session, world, s.incident, person
        ):
            jobs.append(Tell(person, text, order.incident, mark))
            break
    if not s.incident.private and action.team in world.catalog.teams:
        jobs.append(TellTeam(action.team, text, order.incident, mark, loud=False))
    spoken = (event,) if await speaks(s) else ()
    await s.record(Decision(events=(event,), spoken=spoken, jobs=tuple(jobs)))


# ---- when Jira will not --------------------------------------------------------------------------


async def waits(world: World, order: OfIssue, why: str) -> None:
    """Jira is away for longer: the item says so until it has been told, which is tried for as long as it takes."""
    async with world.db.transaction() as session:
        at = await _scene(world, session, order)
        if at is None or at[1].problem:
            return
        s, action = at
        action.problem = f"{why}; {action.jira} is told as soon as Jira answers"
        session.add(action)
        await s.record(Decision(jobs=redraw(s.incident)))


DOES = {
    MoveIssue: "move",
    AssignIssue: "assign",
    SetDue: "set the due date of",
    RelabelIssue: "label",
}


async def refused(
    world: World,
    session: AsyncSession,
    order: MoveIssue | AssignIssue | SetDue | RelabelIssue,
    reason: str,
) -> None:
    """Jira never will: whoever decided it is told, with the fix; a closed item whose issue stays open is open again."""
    at = await _scene(world, session, order)
    if at is None:
        return
    s, action = at
    what = f"{DOES[type(order)]} {action.jira}"
    event = ActionNotChanged(action.id, action.title, what, reason)
    columns: dict[str, Any] = {"problem": reason}
    if isinstance(order, MoveIssue) and action.state == order.to:
        columns |= issues.as_jira_has_it(action, s.now)
    _set(session, action, columns)
    stands = f" It is {action.state.replace('_', ' ')} again until then." if len(columns) > 1 else ""
    text = f"“{action.title}” ({s.incident.key}): could not {what}. {reason}.{stands}"
    about = f"{action.id}:{order.kind}:{action.jira_at}:{s.incident.revision}"
    tell = (Tell(order.by, text, order.incident, about),) if order.by else ()
    spoken = (event,) if await speaks(s) else ()
    jobs = (*tell, *redraw(s.incident))
    await s.record(Decision(events=(event,), spoken=spoken, jobs=jobs))


async def unseen(world: World, session: AsyncSession, order: FollowIssue, reason: str) -> None:
    """An issue can't be read any more: its team is told, once a day for the same reason."""
    action = await store.action(session, order.action)
    if action is None or action.team not in world.catalog.teams:
        return
    now = world.clock()
    text = f"Writeback could not follow action items in Jira: {reason}."
    tell = TellTeam(action.team, text, 0, f"unseen:{reason[:80]}:{now:%Y-%m-%d}", loud=False)
    await enqueue(session, tell, now=now)
