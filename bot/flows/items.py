"""What people decide about action items: each writes the row at once and asks Jira by a job."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot import store
from bot.core import Refused, actions, issues
from bot.core.decision import Decision
from bot.core.issues import CLOSED
from bot.core.jobs import AssignIssue, CommentIssue, FileIssue, MoveIssue, Order, SetDue
from bot.core.timeline import ActionDone, ActionDue, ActionReassigned, ActionReopened, ActionWontDo, Event
from bot.engine import cancel
from bot.flows import Asking, Reply, Scene, World, change, evidence, may_see
from bot.flows import issues as followed
from bot.flows.actions import SAID, file_now, find_owner, given, put_under
from bot.models import Action, ActionState

NAMED = re.compile(r"#?\d{1,4}|[0-9a-f]{8}|[A-Za-z][A-Za-z0-9_]+-\d+")
"""How an item is named: its number in the list, its own id, or its issue's key."""

REASON = 300


async def named(world: World, asking: Asking, word: str) -> Asking:
    """`asking` with the incident of the item that `word` names by its id or issue, where it says none itself.

    An item of an incident that the person may not see is as one that is not there.
    """
    if asking.incident or _is_number(word):
        return asking
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        for action in await store.actions_of_issues(session, [word.upper()], [word.lower()]):
            incident = await store.incident(session, action.incident_id)
            if incident is not None and await may_see(session, world, incident, by):
                return replace(asking, incident=incident.key)
    raise Refused(f"There is no action item {word}; `/incident actions` lists those of an incident.")


def _is_number(word: str) -> bool:
    return word.lstrip("#").isdigit() and len(word.lstrip("#")) <= 4


async def _item(s: Scene, word: str) -> Action:
    assert s.incident.id is not None
    found = await store.actions(s.session, s.incident.id)
    number = word.lstrip("#")
    if _is_number(word):
        if not 0 < int(number) <= len(found):
            have = f"it has {len(found)}" if found else "it has none"
            raise Refused(
                f"{s.incident.key} has no action item {number}: {have}. `/incident actions {s.incident.key}` lists them."
            )
        return found[int(number) - 1]
    for action in found:
        if action.id == word.lower() or (action.jira and action.jira.upper() == word.upper()):
            return action
    raise Refused(
        f"{s.incident.key} has no action item {word}; `/incident actions {s.incident.key}` lists them."
    )


async def _change(
    world: World, asking: Asking, word: str, decide: Callable[[Scene, Action], Awaitable[Reply]]
) -> Reply:
    async def act(s: Scene) -> Reply:
        return await decide(s, await _item(s, word))

    return await change(world, await named(world, asking, word), "actions", act)


async def _record(s: Scene, action: Action, event: Event, *jobs: Order, speaks: bool = True) -> None:
    s.session.add(action)
    spoken = (event,) if speaks and await followed.speaks(s) else ()
    await s.record(Decision(events=(event,), spoken=spoken, jobs=(*jobs, *followed.redraw(s.incident))))


def _follows(action: Action) -> str:
    return f" {action.jira} follows." if action.jira else ""


def _to_jira(action: Action, order: Order) -> tuple[Order, ...]:
    """An item that stands in no Jira has nobody to tell; one that is being filed is told by its filing."""
    return (order,) if action.jira else ()


def _must_be_open(action: Action) -> None:
    if action.state is ActionState.CANDIDATE:
        raise Refused(f"“{action.title}” is a candidate still: make it an action item first, or drop it.")
    if action.state in CLOSED:
        raise Refused(
            f"“{action.title}” is {SAID[action.state]} already; `/incident action reopen {action.id}` opens it again."
        )


async def done(world: World, asking: Asking, *, item: str) -> Reply:
    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_open(action)
        _set(action, issues.closing(ActionState.DONE, s.now, by=s.by))
        await _settle(s, action)
        move = _to_jira(action, MoveIssue(action.incident_id, action.id, ActionState.DONE, s.by))
        await _record(s, action, ActionDone(action.id, action.title), *move)
        return Reply(f"“{action.title}” is done.{_follows(action)}", s.incident.id)

    return await _change(world, asking, item, decide)


async def wont_do(world: World, asking: Asking, *, item: str, why: str) -> Reply:
    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_open(action)
        reason = " ".join(why.split())
        if reason.lower().startswith("because "):
            reason = reason[len("because ") :]
        if not reason:
            raise Refused("Say why it won't be done: `/incident action wontdo number because …`.")
        if len(reason) > REASON:
            raise Refused(f"The reason is {len(reason)} characters long; at most {REASON} fit.")
        _set(action, issues.closing(ActionState.WONT_DO, s.now, by=s.by, why=reason))
        await _settle(s, action)
        move = _to_jira(action, MoveIssue(action.incident_id, action.id, ActionState.WONT_DO, s.by))
        text = f"Won't be done: {reason} ({s.name(s.by)}, {s.incident.key})"
        tell = _to_jira(action, CommentIssue(action.incident_id, action.id, text))
        await _record(s, action, ActionWontDo(action.id, action.title, reason), *move, *tell)
        return Reply(f"“{action.title}” won't be done: {reason}.{_follows(action)}", s.incident.id)

    return await _change(world, asking, item, decide)


async def _settle(s: Scene, action: Action) -> None:
    """What waited to be filed is not, and a problem that it had is nobody's any more."""
    action.problem = ""
    await cancel(s.session, FileIssue(action.incident_id, action.id).key or "")


async def reopen(world: World, asking: Asking, *, item: str) -> Reply:
    async def decide(s: Scene, action: Action) -> Reply:
        if action.state not in CLOSED:
            raise Refused(f"“{action.title}” is {SAID[action.state]} already.")
        if actions.dropped(action):
            return await evidence.kept(s, action)
        _set(action, issues.reopening(action))
        action.problem = ""
        if action.jira is None:
            await file_now(s, action)
        move = _to_jira(action, MoveIssue(action.incident_id, action.id, ActionState.OPEN, s.by))
        await _record(s, action, ActionReopened(action.id, action.title), *move)
        return Reply(f"“{action.title}” is open again.{_follows(action)}", s.incident.id)

    return await _change(world, asking, item, decide)


async def assign(world: World, asking: Asking, *, item: str, slack_id: str = "", person: str = "") -> Reply:
    """Give the item to `slack_id` or to the catalog's `person`."""

    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_open(action)
        owner = await find_owner(s, person, slack_id)
        if not owner:
            raise Refused("Say who: `/incident action assign number @person`.")
        if owner == action.owner:
            return Reply(f"“{action.title}” is {s.name(owner)}'s already.", s.incident.id)
        action.owner, action.later = owner, None
        order = AssignIssue(action.incident_id, action.id, s.by)
        event = ActionReassigned(action.id, action.title, owner)
        told = given(s, action)
        await _record(s, action, event, *_to_jira(action, order), *told, speaks=False)
        return Reply(f"“{action.title}” is {s.name(owner)}'s now.{_follows(action)}", s.incident.id)

    return await _change(world, asking, item, decide)


async def category(world: World, asking: Asking, *, item: str, word: str) -> Reply:
    """Put it under another category, whatever has become of it."""

    async def decide(s: Scene, action: Action) -> Reply:
        return await put_under(s, action, word)

    return await _change(world, asking, item, decide)


async def due(world: World, asking: Asking, *, item: str, when: str) -> Reply:
    """`when` is a length such as 2w, a day, or none."""

    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_open(action)
        zone = await store.zone_of(s.session, asking.by, s.catalog) or s.team.timezone
        day = _day(when, s.now.astimezone(ZoneInfo(zone)).date())
        if day == action.due:
            return Reply(f"“{action.title}” {_until(day)} already.", s.incident.id)
        action.due, action.later = day, None
        order = SetDue(action.incident_id, action.id, s.by)
        event = ActionDue(action.id, action.title, day.isoformat() if day else "")
        await _record(s, action, event, *_to_jira(action, order), speaks=False)
        return Reply(f"“{action.title}” {_until(day)} now.{_follows(action)}", s.incident.id)

    return await _change(world, asking, item, decide)


def _day(words: str, today: date) -> date | None:
    word = words.strip().lower()
    if word in {"none", "never", "-"}:
        return None
    day = actions.day(word, today)
    if day is None:
        raise Refused(f"“{words[:40]}” is no date: write 2w, 3d, {today + timedelta(14)} or none.")
    if day < today:
        raise Refused(f"{day} is in the past: name a day from {today} on.")
    return day


def _until(day: date | None) -> str:
    return f"is due {day}" if day else "has no due date"


def _set(action: Action, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(action, name, value)
