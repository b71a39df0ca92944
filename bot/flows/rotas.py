"""Schedules over time: what an edit of the catalog changes, who goes on and off call, what will go wrong."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.config import Config
from bot.core import covers as covers_core
from bot.core import handoffs, load, oncall, versions
from bot.core.findings import Finding, findings
from bot.core.jobs import (
    OfferCover,
    Order,
    ReadCalendar,
    SetTeamTopic,
    SyncUserGroup,
    Tell,
    TellFindings,
    TellTeam,
    WatchRotas,
)
from bot.core.load import Woken
from bot.core.oncall import Schedule
from bot.core.paging import LOOK_BACK, Rota, written
from bot.core.spans import Span
from bot.core.timeline import Name
from bot.core.versions import PREVIEW, Version
from bot.engine import enqueue, enqueue_all
from bot.flows import World, covers
from bot.models import CoverKind, CoverState, OnDuty, Person, RotaVersion, Team

CALENDAR = timedelta(minutes=15)
"""How often a calendar that is a schedule's source is read."""


def source(team: Team) -> str:
    """What of a team's catalog entry makes its schedule: a change of it is an edit."""
    stays = [[stay.person, stay.start, stay.end] for stay in team.secondments]
    return json.dumps([team.schedule, stays], ensure_ascii=False)


def in_force(rows: Sequence[RotaVersion], now: datetime) -> RotaVersion | None:
    return next((row for row in reversed(rows) if row.since <= now), None)


def edited(team: Team, rows: Sequence[RotaVersion], now: datetime) -> list[Version] | None:
    """The versions that follow when the catalog's entry is taken over at `now`; None when it is as it was."""
    if rows and rows[-1].source == source(team):
        return None
    current = in_force(rows, now)
    before = current.written if current else None
    written = json.loads(team.schedule)
    if before and before.get("overrides"):
        written["overrides"] = before["overrides"]  # what a calendar said stays until it is read again
    return versions.planned(before, written, team.secondments, now)


async def replace(session: AsyncSession, team: Team, new: Sequence[Version], now: datetime) -> None:
    """Keep `new`, whose first begins now. What was planned for later falls away; what is in force by now stays."""
    await session.exec(
        delete(RotaVersion).where(col(RotaVersion.team) == team.id, col(RotaVersion.since) >= now)
    )
    for version in new:
        session.add(
            RotaVersion(
                team=team.id,
                since=version.since,
                written=dict(version.written),
                source=source(team),
                created_at=now,
            )
        )
    await session.flush()


async def keep(world: World) -> None:
    """Take over what the catalog says of every schedule: a change is a new version from now on, told to its team.

    Twice, or by two processes, is harmless: a schedule that is kept already is left alone.
    """
    now = world.clock()
    async with world.db.transaction() as session:
        await store.alone(session, "rotas")
        name = await store.names(session, world.catalog)
        for team in world.catalog.teams.values():
            rows = await store.rota_versions(session, team.id)
            new = edited(team, rows, now)
            if new is None:
                continue
            before = (await store.rota(session, world.catalog, teams={team.id}))(team)
            await replace(session, team, new, now)
            if not rows:
                continue
            after = (await store.rota(session, world.catalog, teams={team.id}))(team)
            lines = changes(before, after, team, name, now)
            await store.note_rota(
                session,
                team.id,
                "The schedule was edited in the catalog. " + "; ".join(lines),
                by="",
                now=now,
            )
            if lines:
                text = (
                    f"The on-call schedule of {team.name} was edited. "
                    f"What it changes in the next four weeks ({team.timezone}):\n"
                    + "\n".join(f"• {line}" for line in lines)
                )
                about = f"rota:{now.isoformat()}"
                await enqueue(session, TellTeam(team.id, text, 0, about, loud=False), now=now)


def changes(before: Schedule, after: Schedule, team: Team, name: Name, now: datetime) -> list[str]:
    found = versions.differences(before, after, now, now + PREVIEW)
    return versions.told(found, name, ZoneInfo(team.timezone))


async def preview(world: World) -> list[str]:
    """What the files would change of the schedules in force, for `writeback check`: one line for each difference."""
    now, told = world.clock(), []
    async with world.db.reading() as session:
        name = await store.names(session, world.catalog)
        rota = await store.rota(session, world.catalog)
        for team in world.catalog.teams.values():
            rows = await store.rota_versions(session, team.id)
            new = edited(team, rows, now) if rows else None
            if new is None:
                continue
            then = [Version(row.since, row.written) for row in rows if row.since < now]
            after = versions.in_force([*then, *new]).with_overrides(rota(team).overrides)
            lines = changes(rota(team), after, team, name, now)
            told += [
                f"{team.id}: {line}" for line in lines or ["edited; nobody's turn changes in four weeks"]
            ]
    return told


# ---- every minute --------------------------------------------------------------------------------


async def watch(world: World, order: WatchRotas) -> None:
    """See who went on or off call since the last look, and ask for everything that follows.

    Twice is harmless: what was seen is kept, and each notice has a key of its own.
    """
    now, catalog = world.clock(), world.catalog
    async with world.db.reading() as session:
        rota = await store.rota(session, catalog, since=now - LOOK_BACK)
        seen = {row.team: row for row in await store.on_duty(session)}
        zones = await store.zones(session, catalog)
        calendars = {row.team: row for row in await store.calendars(session)}
    orders: list[tuple[Order, datetime | None]] = []
    moved: list[tuple[Team, list[str]]] = []
    for team in catalog.teams.values():
        schedule = rota(team)
        people = oncall.who(schedule, now)
        before = seen.get(team.id)
        if before is None or before.people != people:
            moved.append((team, people))
        orders += [(order, None) for order in _reminders(world, team, schedule, zones, now)]
        if team.usergroup and now.minute == 0:
            orders.append((SyncUserGroup(team.id, f"{now:%Y-%m-%dT%H}"), None))
        read = calendars.get(team.id)
        if team.calendar and (read is None or read.source != team.calendar or now - read.tried_at > CALENDAR):
            orders.append((ReadCalendar(team.id, order.slot), None))
        await asyncio.sleep(0)  # whoever types a command meanwhile does not wait for every team
    async with world.db.transaction() as session:
        orders += await _nobody_took_it(session, world, now)
        orders += await _rough_nights(session, world, rota, zones, now)
        for team, people in moved:
            orders += await _handoff(session, world, team, people, rota(team), zones, now)
        await enqueue_all(session, orders, now=now)


def _reminders(
    world: World, team: Team, schedule: Schedule, zones: Mapping[str, str], now: datetime
) -> Iterator[Order]:
    notice = world.config.paging.handoff_notice
    found = handoffs.reminded(schedule, now, notice) if notice else None
    if found is None:
        return
    start, people = found
    for person in people:
        zone = ZoneInfo(zones.get(person) or team.timezone)
        about = f"turn:{team.id}:{start.isoformat()}"
        yield Tell(person, handoffs.ahead(team, start, zone), 0, about)


async def _handoff(
    session: AsyncSession,
    world: World,
    team: Team,
    people: list[str],
    schedule: Schedule,
    zones: Mapping[str, str],
    now: datetime,
) -> list[tuple[Order, datetime | None]]:
    row = await session.get(OnDuty, team.id, with_for_update=True)
    if row is None:
        session.add(OnDuty(team=team.id, people=people, since=now))
        return _kept_in_step(team, now)
    if row.people == people:
        return []  # another process saw it first
    before, since = list(row.people), row.since
    row.people, row.since = people, now
    session.add(row)
    name = await store.names(session, world.catalog)
    change = oncall.next_change(schedule, now)
    until, following = change or (None, [])
    here = ZoneInfo(team.timezone)
    pages = await store.pages_of_team(session, team.id, since, now)
    nights = sum(handoffs.is_night(page.created_at, here) for page in pages)

    async def hand(person: str) -> handoffs.Open:
        """What the team has in hand, as far as this person may see it."""
        seen = store.seen_by(person, world.catalog, world.config.rights.admins)
        return handoffs.Open(
            await store.open_of_team(session, team.id, seen),
            await store.unanswered_of_team(session, team.id, seen),
            await store.due_of_team(session, team.id, (now + timedelta(days=7)).date(), seen),
            len(pages),
            nights,
        )

    about = f"handoff:{team.id}:{now.isoformat()}"
    orders: list[Order] = []
    for person in people:
        if person not in before:
            zone = ZoneInfo(zones.get(person) or team.timezone)
            orders.append(
                Tell(
                    person, handoffs.begins(team, until, following, await hand(person), name, zone), 0, about
                )
            )
    orders += [
        Tell(person, handoffs.ends(team, people, await hand(person), name), 0, about)
        for person in before
        if person not in people and person in world.catalog.people
    ]
    said = handoffs.handed_over(team, before, people, until, name, here)
    orders.append(
        TellTeam(
            team.id,
            said,
            0,
            about,
            loud=False,
        )
    )
    await store.note_rota(session, team.id, said, by="", now=now)
    return [(order, None) for order in orders] + _kept_in_step(team, now)


def _kept_in_step(team: Team, now: datetime) -> list[tuple[Order, datetime | None]]:
    orders: list[tuple[Order, datetime | None]] = []
    if team.usergroup:
        orders.append((SyncUserGroup(team.id, now.isoformat()), None))
    if team.topic and team.channel:
        orders.append((SetTeamTopic(team.id, now.isoformat()), None))
    return orders


async def _nobody_took_it(
    session: AsyncSession, world: World, now: datetime
) -> list[tuple[Order, datetime | None]]:
    """Requests that are near and still open: whoever asked hears it in time, and once more when the time has come."""
    orders: list[tuple[Order, datetime | None]] = []
    for cover in await store.covers(session, since=now, kinds=(CoverKind.SWAP,)):
        if cover.state is not CoverState.ASKED or cover.person or cover.start - now > covers.SOON:
            continue
        begun = cover.start <= now
        still = "is yours meanwhile" if begun else f"is near ({handoffs.clock(cover.start, ZoneInfo('UTC'))})"
        text = f"Nobody has taken request number {cover.id} yet, and the turn {still}. "
        text += "`/oncall override` puts somebody on call."
        when = "begun" if begun else "near"
        for person in {cover.asked_by, cover.replaces}:
            orders.append((Tell(person, text, 0, f"cover:{cover.id}:{when}"), None))
    return orders


async def _rough_nights(
    session: AsyncSession, world: World, rota: Rota, zones: Mapping[str, str], now: datetime
) -> list[tuple[Order, datetime | None]]:
    """Whoever was woken this night, and is on call tonight, is offered to ask the team for cover."""
    orders: list[tuple[Order, datetime | None]] = []
    by_person: dict[str, list[Woken]] = {}
    for page, incident in await store.pages_since(session, now - timedelta(hours=18)):
        woken = Woken(
            page.person, incident.team, page.incident_id, page.sent_at or page.created_at, incident.severity
        )
        by_person.setdefault(page.person, []).append(woken)
    for person, pages in by_person.items():
        team = world.catalog.teams.get(pages[-1].team)
        zone = ZoneInfo(zones.get(person) or (team.timezone if team else "UTC"))
        text = load.rough_night(person, pages, now, zone)
        if text is None or team is None:
            continue
        here = now.astimezone(zone)
        start = here.replace(hour=18, minute=0, second=0, microsecond=0)
        end = start + timedelta(hours=15)
        if person not in covers_core.during(rota(team), Span(start.astimezone(UTC), end.astimezone(UTC))):
            continue
        night = f"{here:%Y-%m-%d}"
        offer = OfferCover(person, team.id, night, text, start.isoformat(), end.isoformat())
        orders.append((offer, None))
    return orders


async def synced(session: AsyncSession, team: str, people: list[str], now: datetime) -> None:
    """Keep whom the Slack user group was given."""
    row = await session.get(OnDuty, team) or OnDuty(team=team, people=[], since=now)
    row.group = people
    session.add(row)


# ---- every week ----------------------------------------------------------------------------------


async def tell_findings(world: World, order: TellFindings) -> None:
    """Tell each team what will go wrong with its schedule in the next 14 days; nothing where nothing will."""
    now = world.clock()
    async with world.db.transaction() as session:
        rota = await store.rota(session, world.catalog)
        unknown = frozenset(await store.unknown_accounts(session, world.catalog))
        found = [(one.team, _told(one)) for one in _findings(world.config, rota, now, unknown=unknown)]
        found += await _unread(session, world)
        for team in world.catalog.teams.values():
            mine = [told for of, told in found if of == team.id]
            if not mine:
                continue
            lines = "\n".join(f"• {told}" for told in mine[:10])
            text = f"On call for {team.name}, the next 14 days:\n{lines}"
            await enqueue(session, TellTeam(team.id, text, 0, f"findings:{order.slot}", loud=False), now=now)


def _findings(
    config: Config, rota: Rota, now: datetime, *, unknown: frozenset[str] = frozenset()
) -> list[Finding]:
    """`unknown`: people whose e-mail address no Slack account was found by."""

    def reachable(person: Person) -> bool:
        ways = any(way.env in config.notify for way in person.notify)
        by_mail = person.email and person.id not in unknown
        return bool(person.slack or by_mail or ways)

    schedules = {team.id: rota(team) for team in config.catalog.teams.values()}
    return findings(config.catalog, schedules, now, reachable=reachable)


async def problems_ahead(world: World) -> list[str]:
    """The findings as `writeback check` prints them."""
    async with world.db.reading() as session:
        rota = await store.rota(session, world.catalog)
        return [
            *(f"[[team]] {one.team}: {_told(one)}" for one in _findings(world.config, rota, world.clock())),
            *(f"[[team]] {team}: {told}" for team, told in await _unread(session, world)),
        ]


def problems_as_written(config: Config, now: datetime) -> list[str]:
    """The same where there is no database yet: no edit, cover or swap is known."""
    return [f"[[team]] {one.team}: {_told(one)}" for one in _findings(config, written, now)]


def _told(found: Finding) -> str:
    return f"{found.text}; {found.fix}"


async def _unread(session: AsyncSession, world: World) -> list[tuple[str, str]]:
    """The teams whose calendar can't be read, each with what that means."""
    return [
        (row.team, f"its calendar can't be read: {row.problem}; what was read last stays in force")
        for row in await store.calendars(session)
        if row.problem and row.team in world.catalog.teams and world.catalog.teams[row.team].calendar
    ]
