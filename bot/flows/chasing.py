"""What is left to do: read for one person, sent once a week, put off or handed back with a tap; and counted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, chasing, questions
from bot.core.chasing import AHEAD, ASKED_ABOUT, TO_LEAD, TO_TEAM, Kind, Mine, Thing
from bot.core.decision import Decision
from bot.core.issues import CLOSED
from bot.core.jobs import AskWhose, AssignIssue, ChasePeople, Order, SendList, TellTeam
from bot.core.timeline import ActionDisowned, ActionPostponed, Name
from bot.engine import enqueue, enqueue_all
from bot.flows import Asking, Reply, Scene, World, actions, change, may_see
from bot.models import (
    OVER,
    Account,
    Action,
    ActionState,
    Catalog,
    Debrief,
    Incident,
    Job,
    JobState,
    Postmortem,
    PostmortemState,
    Status,
    Team,
)

# ---- whose it is ---------------------------------------------------------------------------------

_answers_for = case(
    (col(Incident.lead) != "", col(Incident.lead)),
    (col(Incident.owner) != "", col(Incident.owner)),
    else_=col(Incident.declared_by),
)
"""Who answers for what an incident still wants."""

_writes = case((col(Postmortem.author) != "", col(Postmortem.author)), else_=_answers_for)

_OPEN = and_(col(Action.state) == ActionState.OPEN, ~col(Incident.test))

_CANDIDATE = and_(
    col(Action.state) == ActionState.CANDIDATE, ~col(Incident.test), col(Incident.status).in_(list(OVER))
)


def _due(today: date) -> ColumnElement[bool]:
    return and_(_OPEN, col(Action.due) <= today + AHEAD, _not_later(today))


def _not_later(today: date) -> ColumnElement[bool]:
    return or_(col(Action.later).is_(None), col(Action.later) <= today)


def _unwritten(today: date) -> ColumnElement[bool]:
    return and_(
        col(Postmortem.state) != PostmortemState.PUBLISHED,
        col(Postmortem.due) <= today + AHEAD,
        col(Incident.status) == Status.RESOLVED,
        ~col(Incident.test),
    )


def _unanswered(now: datetime) -> ColumnElement[bool]:
    """Since yesterday at the latest: until then the incident's own channel asks."""
    return and_(
        col(Incident.status) == Status.RESOLVED,
        col(Incident.resolved_at) >= now - ASKED_ABOUT,
        col(Incident.resolved_at) < now - timedelta(days=1),
        ~col(Incident.test),
        or_(*(col(getattr(Incident, form.column)).is_(None) for form in questions.FORMS.values())),
    )


def _of_team(team: Team, catalog: Catalog) -> ColumnElement[bool]:
    """A team's items; those of a team that has left the catalog are the fallback team's."""
    mine = col(Action.team) == team.id
    return (
        or_(mine, col(Action.team).not_in(list(catalog.teams))) if team.id == catalog.fallback_team else mine
    )


def _team_of(action: Action, catalog: Catalog) -> Team | None:
    return catalog.teams.get(action.team) or catalog.teams.get(catalog.fallback_team)


def lead_of(team: Team | None) -> str:
    return (team.lead or team.fallback) if team else ""


async def gone(session: AsyncSession, catalog: Catalog) -> set[str]:
    """Owners of open items who can't be asked: not in the catalog and no account we know, or one that was deactivated."""
    owners = select(Action.owner).where(Action.state == ActionState.OPEN, Action.owner != "").distinct()
    accounts = (await session.exec(select(Account))).all()
    here = {ref for a in accounts if a.gone_at is None for ref in (a.slack_id, a.person) if ref}
    away = {ref for a in accounts if a.gone_at is not None for ref in (a.slack_id, a.person) if ref} - here

    def is_gone(owner: str) -> bool:
        if owner in away:
            return True
        if owner in catalog.people:
            return False
        return not (store.is_slack_id(owner) and owner in here)

    return {owner for owner in (await session.exec(owners)).all() if is_gone(owner)}


# ---- one person's --------------------------------------------------------------------------------


async def today_of(session: AsyncSession, world: World, person: str) -> date:
    zones = await zones_of(session, world, [person])
    return world.clock().astimezone(ZoneInfo(zones[person])).date()


async def zones_of(session: AsyncSession, world: World, people: Iterable[str]) -> dict[str, str]:
    """Where each lives: as Slack or the catalog say, else where their team is."""
    catalog = world.catalog
    known = await store.zones(session, catalog)
    outside = select(Account.slack_id, Account.timezone).where(Account.timezone != "")
    known = {account: zone for account, zone in (await session.exec(outside)).all() if zone} | known
    teams = {
        person: team.timezone for team in catalog.teams.values() for person in (*team.members, team.lead)
    }
    return {person: known.get(person) or teams.get(person) or "UTC" for person in people}


async def mine(session: AsyncSession, world: World, person: str, *, left: str = "") -> Mine:
    """Everything that waits for `person`, the most urgent first. `left`: only what is of this one, who is gone."""
    today, now = await today_of(session, world, person), world.clock()
    seen = store.seen_by(person, world.catalog, world.config.rights.admins)
    if left:
        away = await _items(
            session, Kind.LEFT, seen, _led(person, world.catalog), _OPEN, Action.owner == left
        )
        return Mine(away)
    own = await _items(session, Kind.ITEM, seen, _OPEN, Action.owner == person)
    things = [thing for thing in own if _is_due(thing.action, today)]
    rest = [thing for thing in own if not _is_due(thing.action, today)]
    things += await _items(session, Kind.CANDIDATE, seen, _CANDIDATE, _answers_for == person)
    written = (
        select(Postmortem, Incident)
        .join(Incident, col(Postmortem.incident_id) == col(Incident.id))
        .where(seen, _unwritten(today), _writes == person)
        .order_by(col(Postmortem.due), col(Incident.id))
    )
    things += [
        Thing(Kind.POSTMORTEM, incident, postmortem=row)
        for row, incident in (await session.exec(written)).all()
    ]
    zone = (await zones_of(session, world, [person]))[person]
    things += await _questions(session, today, zone, seen, _unanswered(now), _answers_for == person)
    led = _led(person, world.catalog)
    away_now = await gone(session, world.catalog)
    things += await _items(session, Kind.UNOWNED, seen, led, _due(today), Action.owner == "")
    things += await _items(session, Kind.LEFT, seen, led, _OPEN, col(Action.owner).in_(away_now))
    late = and_(_OPEN, col(Action.due) <= today - TO_LEAD, col(Action.owner).not_in([person, "", *away_now]))
    things += await _items(session, Kind.LATE, seen, led, late)
    return Mine(things, rest)


def _is_due(action: Action | None, today: date) -> bool:
    """As `_due` asks of the database."""
    return (
        action is not None
        and action.due is not None
        and action.due <= today + AHEAD
        and not chasing.put_off(action, today)
    )


async def _questions(
    session: AsyncSession, today: date, zone: str, *where: ColumnElement[bool]
) -> list[Thing]:
    """Incidents with open questions, but those of which people said that they don't want to answer, and those that are
    asked about once more in a message of their own today."""
    rows = select(Incident).where(*where).order_by(col(Incident.id))
    found = (await session.exec(rows)).all()
    asked = select(Debrief).where(col(Debrief.incident_id).in_([incident.id for incident in found]))
    skipped = {row.incident_id: row.skipped for row in (await session.exec(asked)).all()}
    return [
        Thing(Kind.QUESTION, incident, skipped=skipped.get(incident.id or 0, ()))
        for incident in found
        if questions.pending(incident, skipped.get(incident.id or 0, ())) is not None
        and incident.resolved_at is not None
        and questions.next_morning(incident.resolved_at, zone).astimezone(ZoneInfo(zone)).date() < today
    ]


async def _items(session: AsyncSession, kind: Kind, *where: ColumnElement[bool] | bool) -> list[Thing]:
    rows = (
        select(Action, Incident)
        .join(Incident, col(Action.incident_id) == col(Incident.id))
        .where(*where)
        .order_by(col(Action.due), col(Action.created_at), col(Action.id))
    )
    return [Thing(kind, incident, action) for action, incident in (await session.exec(rows)).all()]


def _led(person: str, catalog: Catalog) -> ColumnElement[bool]:
    teams = [_of_team(team, catalog) for team in catalog.teams.values() if lead_of(team) == person]
    return or_(*teams) if teams else false()


async def things(
    session: AsyncSession, world: World, person: str, refs: Sequence[tuple[str, str, int]]
) -> list[Thing | None]:
    """Rows of a message as they are now; None for what is there no more, or not for this person's eyes."""
    seen = store.seen_by(person, world.catalog, world.config.rights.admins)
    ids = {number for _, _, number in refs}
    rows = select(Incident).where(col(Incident.id).in_(ids), seen)
    incidents = {row.id: row for row in (await session.exec(rows)).all()}
    named = select(Action).where(col(Action.id).in_({item for _, item, _ in refs}))
    items_named = {row.id: row for row in (await session.exec(named)).all()}
    written = select(Postmortem).where(col(Postmortem.incident_id).in_(ids))
    postmortems = {row.incident_id: row for row in (await session.exec(written)).all()}
    asked = select(Debrief).where(col(Debrief.incident_id).in_(ids))
    skipped = {row.incident_id: row.skipped for row in (await session.exec(asked)).all()}
    handed_on = {Kind.LEFT, Kind.UNOWNED}
    away = await gone(session, world.catalog) if any(kind in handed_on for kind, _, _ in refs) else set()
    found: list[Thing | None] = []
    for kind, item, number in refs:
        incident, action = incidents.get(number), items_named.get(item)
        if incident is None or kind not in set(Kind) or (item != "-" and action is None):
            found.append(None)
        else:
            handed = kind in handed_on and action is not None and action.owner not in {"", *away}
            found.append(
                Thing(Kind(kind), incident, action, postmortems.get(number), handed, skipped.get(number, ()))
            )
    return found


@dataclass(frozen=True)
class Shown:
    """A person's list with what is needed to draw it."""

    person: str
    mine: Mine
    today: date
    name: Name


async def shown(world: World, person: str, *, left: str = "") -> Shown:
    async with world.db.reading() as session:
        return await shown_in(session, world, person, left=left)


async def shown_in(session: AsyncSession, world: World, person: str, *, left: str = "") -> Shown:
    return Shown(
        person,
        await mine(session, world, person, left=left),
        await today_of(session, world, person),
        await store.names(session, world.catalog),
    )


async def just_closed(session: AsyncSession, world: World, person: str) -> list[Thing]:
    """What they closed in the last day, the latest first."""
    seen = store.seen_by(person, world.catalog, world.config.rights.admins)
    since = world.clock() - timedelta(days=1)
    closed = and_(col(Action.closed_by) == person, col(Action.closed_at) >= since)
    found = await _items(session, Kind.ITEM, seen, closed, col(Action.state).in_(list(CLOSED)))
    return sorted(found, key=lambda thing: _when(thing.action), reverse=True)


def _when(action: Action | None) -> datetime:
    assert action is not None
    assert action.closed_at is not None
    return action.closed_at


async def shown_to(world: World, asking: Asking) -> Shown:
    """For `/incident mine`."""
    async with world.db.reading() as session:
        person = await store.person_of(session, asking.by, world.catalog)
    return await shown(world, person)


# ---- once a week ---------------------------------------------------------------------------------


async def chase(world: World, order: ChasePeople) -> None:
    """Ask for the list of everybody whose Monday morning it is, and for the word to each team's channel.

    Twice is harmless: each has a key that names the week there. Whoever has nothing to do is asked for too: on Tuesday
    only those are left whom nobody looked at on Monday.
    """
    now, catalog = world.clock(), world.catalog
    async with world.db.reading() as session:
        away = await gone(session, catalog)
        people = ({*catalog.people} | await _outside(session, now)) - away
        zones = await zones_of(session, world, people)
        texts: list[Order] = []
        for team in catalog.teams.values():
            week = chasing.turn(now, team.timezone)
            text = await _for_team(session, world, team, chasing.monday(week)) if week else ""
            if week and text:
                texts.append(TellTeam(team.id, text, 0, f"overdue:{week}", loud=False))
    lists: list[Order] = [
        SendList(person, week)
        for person in sorted(people)
        if (week := chasing.turn(now, zones[person])) is not None
    ]
    async with world.db.transaction() as session:
        await enqueue_all(session, [(each, None) for each in (*lists, *texts)], now=now)


async def _outside(session: AsyncSession, now: datetime) -> set[str]:
    """Those who aren't in the catalog and may have something to do, by their Slack accounts."""
    # Of two sides of the date line one is a day ahead.
    today = now.date() + timedelta(days=1)
    of_incident = col(Action.incident_id) == col(Incident.id)
    of_postmortem = col(Postmortem.incident_id) == col(Incident.id)
    asked: list[Any] = [
        select(Action.owner).join(Incident, of_incident).where(_due(today)),
        select(_answers_for).select_from(Action).join(Incident, of_incident).where(_CANDIDATE),
        select(_writes).select_from(Postmortem).join(Incident, of_postmortem).where(_unwritten(today)),
        select(_answers_for).where(_unanswered(now)),
    ]
    found = {str(who) for rows in asked for who in (await session.exec(rows.distinct())).all()}
    return {who for who in found if store.is_slack_id(who)}


async def _for_team(session: AsyncSession, world: World, team: Team, today: date) -> str:
    """ "" where nothing is overdue for a week, as far as everybody in the channel may know."""
    rows = (
        select(Action, Incident)
        .join(Incident, col(Action.incident_id) == col(Incident.id))
        .where(
            _OPEN, _of_team(team, world.catalog), ~col(Incident.private), col(Action.due) <= today - TO_TEAM
        )
        .order_by(col(Action.due), col(Action.id))
    )
    found = [(action, incident) for action, incident in (await session.exec(rows)).all()]
    if not found:
        return ""
    return chasing.for_team(team.name, found, today, await store.names(session, world.catalog))


async def unreachable(
    world: World, session: AsyncSession, order: SendList, *, left_slack: bool, why: str
) -> None:
    """Nobody reads the list of this person: what is theirs is said to those who can hand it on.

    Called in the transaction that finishes the job.
    """
    now, catalog = world.clock(), world.catalog
    if left_slack:
        slack_id = await store.slack_id_of(session, order.person, catalog)
        if slack_id:
            await store.left(session, slack_id, now)
    owner = order.left or order.person
    rows = select(Action).where(Action.state == ActionState.OPEN, Action.owner == owner)
    teams = {team.id: team for a in (await session.exec(rows)).all() if (team := _team_of(a, catalog))}
    name = await store.names(session, catalog)
    for team in teams.values():
        lead = lead_of(team)
        if lead and lead not in {order.person, owner}:
            await enqueue(session, SendList(lead, order.week, left=owner), now=now)
        else:
            text = f"Action items of {name(owner)} in {team.name} wait for somebody: {why}."
            about = f"left:{owner}:{order.week}"
            await enqueue(session, TellTeam(team.id, text, 0, about, loud=False), now=now)


async def named_already(session: AsyncSession, order: SendList) -> bool | None:
    """Whether the lead's own list of this week has what `order.left` left behind; None: it is still to be sent."""
    rows = select(Job).where(Job.key == SendList(order.person, order.week).key)
    sent = (await session.exec(rows)).first()
    if sent is None:
        return False
    if sent.state is JobState.READY:
        return None
    return order.left in (sent.result or {}).get("left", [])


# ---- taps ----------------------------------------------------------------------------------------


async def _change(world: World, asking: Asking, item: str, decide: Any) -> Reply:
    async def act(s: Scene) -> Reply:
        action = await actions.of(s, item)
        if action.state is not ActionState.OPEN:
            raise Refused(f"“{action.title}” is {actions.SAID[action.state]} already.")
        reply: Reply = await decide(s, action)
        return reply

    return await change(world, asking, "actions", act)


async def later(world: World, asking: Asking, *, item: str, when: str) -> Reply:
    """Leave it until a day: until then it is not in its owner's list; its due date stays, and the team still sees it."""

    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_theirs(s, action)
        day = chasing.until(when, await today_of(s.session, world, s.by))
        await _put_off(s, action, day)
        return Reply(f"“{action.title}” is left until {day}.", s.incident.id)

    return await _change(world, asking, item, decide)


async def _put_off(s: Scene, action: Action, day: date | None) -> None:
    if action.later != day:
        action.later = day
        s.session.add(action)
        until = day.isoformat() if day else ""
        await s.record(Decision(events=(ActionPostponed(action.id, action.title, until),)))


async def back(world: World, asking: Asking, *, item: str) -> Reply:
    """Its owner wants to be asked about it again."""

    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_theirs(s, action)
        await _put_off(s, action, None)
        return Reply(f"“{action.title}” is not left for later any more.", s.incident.id)

    return await _change(world, asking, item, decide)


def _must_be_theirs(s: Scene, action: Action) -> None:
    if action.owner != s.by:
        whose = f"{s.name(action.owner)}'s" if action.owner else "nobody's"
        raise Refused(f"“{action.title}” is {whose} now, not yours.")


async def not_mine(world: World, asking: Asking, *, item: str) -> Reply:
    """It has no owner any more, and whoever leads the team is asked whose it is; else its channel."""

    async def decide(s: Scene, action: Action) -> Reply:
        _must_be_theirs(s, action)
        lead = lead_of(_team_of(action, s.catalog))
        asked = lead if lead not in {"", s.by} and await may_see(s.session, world, s.incident, lead) else ""
        if not asked and s.incident.private:
            raise Refused(
                f"Nobody else can be asked about {s.incident.key}, which is private: hand it to somebody."
            )
        action.owner, action.later = "", None
        s.session.add(action)
        event = ActionDisowned(action.id, action.title, asked)
        orders: tuple[Order, ...] = (AskWhose(action.incident_id, action.id, asked, s.by, s.now.isoformat()),)
        if action.jira:
            orders = (*orders, AssignIssue(action.incident_id, action.id, s.by))
        await s.record(Decision(events=(event,), jobs=orders))
        whom = s.name(asked) if asked else "the team's channel"
        return Reply(f"“{action.title}” is not yours any more; {whom} is asked whose it is.", s.incident.id)

    return await _change(world, asking, item, decide)


@dataclass(frozen=True)
class Whose:
    """An item without an owner, for the question whose it is. `team` has the channel that is asked where nobody leads."""

    thing: Thing
    team: Team | None
    by: str
    today: date
    name: Name


async def whose(world: World, order: AskWhose) -> Whose | None:
    """None once somebody has it, it is closed, or whoever is asked may not know of it."""
    async with world.db.reading() as session:
        action = await store.action(session, order.action)
        incident = await store.incident(session, order.incident)
        if action is None or incident is None or action.owner or action.state is not ActionState.OPEN:
            return None
        if not await may_see(session, world, incident, order.person):
            return None
        name = await store.names(session, world.catalog)
        today = await today_of(session, world, order.person) if order.person else world.clock().date()
        thing = Thing(Kind.UNOWNED, incident, action)
        return Whose(thing, _team_of(action, world.catalog), name(order.by), today, name)


# ---- numbers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """Action items that everybody may know of. `due`: within a week, or overdue; `week` and `three_weeks`: overdue for so
    long; `later`: put off by their owner; `unowned`: open and nobody's."""

    open: int
    due: int
    overdue: int
    week: int
    three_weeks: int
    later: int
    unowned: int
    candidates: int


async def counts(session: AsyncSession, today: date, *, teams: Collection[str] = ()) -> Counts:
    """Of all teams, or of `teams`; in one look."""
    still = col(Action.state) == ActionState.OPEN
    rows: Any = (
        columns(
            func.count().filter(still),
            func.count().filter(still, col(Action.due) <= today + AHEAD),
            func.count().filter(still, col(Action.due) < today),
            func.count().filter(still, col(Action.due) <= today - TO_TEAM),
            func.count().filter(still, col(Action.due) <= today - TO_LEAD),
            func.count().filter(still, col(Action.later) > today),
            func.count().filter(still, col(Action.owner) == ""),
            func.count().filter(col(Action.state) == ActionState.CANDIDATE),
        )
        .select_from(Action)
        .join(Incident, col(Action.incident_id) == col(Incident.id))
        .where(
            col(Action.state).in_([ActionState.OPEN, ActionState.CANDIDATE]),
            ~col(Incident.private),
            ~col(Incident.test),
        )
    )
    if teams:
        rows = rows.where(col(Action.team).in_(teams))
    return Counts(*(await session.exec(rows)).one())
