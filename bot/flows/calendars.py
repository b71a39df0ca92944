"""A calendar as the source of a team's schedule: what it says is kept as a version, and the last good one stays."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import TellTeam
from bot.core.versions import Version
from bot.engine import enqueue
from bot.flows import World, rotas
from bot.models import Calendar, Team

BEHIND, AHEAD = timedelta(days=1), timedelta(days=100)
"""What of a calendar is read, from now; what it said before was kept then."""

Shift = tuple[str, datetime, datetime]
"""A person, from, to (UTC)."""


async def etag(world: World, team: Team) -> str:
    """What the other side called the calendar that was read last; "" when there was none, or another source."""
    async with world.db.reading() as session:
        row = await session.get(Calendar, team.id)
    return row.etag if row and row.source == team.calendar and not row.problem else ""


def overrides(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """The written form of a calendar: those who are on call together as one group, nothing where it is silent."""
    edges = sorted({edge for _, start, end in shifts for edge in (start, end)})
    found: list[dict[str, Any]] = []
    for start, end in pairwise(edges):
        people = list(dict.fromkeys(person for person, a, b in shifts if a <= start < b))
        if not people:
            continue
        if found and found[-1]["user"] == people and found[-1]["end"] == start.isoformat():
            found[-1]["end"] = end.isoformat()
        else:
            found.append({"user": people, "start": start.isoformat(), "end": end.isoformat()})
    return found


async def kept(
    world: World, team: Team, shifts: Sequence[Shift] | None, *, unknown: Sequence[str], etag: str
) -> None:
    """Keep what a calendar says from now on; `shifts` is None when the other side says that nothing has changed."""
    now = world.clock()
    async with world.db.transaction() as session:
        await store.alone(session, "rotas")
        row = await _row(session, team, now)
        mended = row.problem
        row.read_at, row.problem, row.etag = now, "", etag
        if unknown:
            row.problem = f"nobody in the catalog is called {', '.join(unknown[:5])}"
        session.add(row)
        if shifts is not None:
            await _version(session, world, team, overrides(shifts), now)
        if row.problem and row.problem != mended:
            await _tell(session, team, f"{row.problem}; their turns are left out", now)
        elif mended and not row.problem:
            await _tell(session, team, "it is read again, and in force", now)


async def failed(world: World, team: Team, problem: str) -> None:
    """The calendar can't be read: the last good one stays in force; the team hears it once for the same reason."""
    now = world.clock()
    async with world.db.transaction() as session:
        row = await _row(session, team, now)
        if row.problem != problem:
            since = f"what was read {row.read_at:%d %b %H:%M} UTC stays in force" if row.read_at else (
                "its layers answer" if json.loads(team.schedule)["layers"] else "nobody is on call by it yet"
            )  # fmt: skip
            await _tell(session, team, f"{problem}; {since}", now)
        row.problem, row.etag = problem, ""
        session.add(row)


async def _row(session: AsyncSession, team: Team, now: datetime) -> Calendar:
    row = await session.get(Calendar, team.id, with_for_update=True)
    if row is None:
        row = Calendar(team=team.id, source=team.calendar, tried_at=now)
    if row.source != team.calendar:
        row.source, row.etag, row.problem, row.read_at = team.calendar, "", "", None
    row.tried_at = now
    return row


async def _version(
    session: AsyncSession, world: World, team: Team, new: list[dict[str, Any]], now: datetime
) -> None:
    rows = await store.rota_versions(session, team.id)
    before = rotas.in_force(rows, now)
    old = before.written if before else json.loads(team.schedule)
    if _ahead(old.get("overrides", []), now) == _ahead(new, now):
        return
    before_schedule = (await store.rota(session, world.catalog, teams={team.id}))(team)
    written = {**old, "overrides": new}
    planned = [Version(row.since, {**row.written, "overrides": new}) for row in rows if row.since > now]
    await rotas.replace(session, team, [Version(now, written), *planned], now)
    after = (await store.rota(session, world.catalog, teams={team.id}))(team)
    name = await store.names(session, world.catalog)
    lines = rotas.changes(before_schedule, after, team, name, now)
    await store.note_rota(session, team.id, "The calendar changed. " + "; ".join(lines), by="", now=now)


def _ahead(rows: Sequence[dict[str, Any]], now: datetime) -> list[tuple[str, str, str]]:
    """What lies ahead and near enough that a calendar read a day ago held it too."""
    until = now + AHEAD - timedelta(days=2)
    found = []
    for row in rows:
        start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
        if end > now and start < until:
            found.append((json.dumps(row["user"]), max(start, now).isoformat(), min(end, until).isoformat()))
    return found


async def _tell(session: AsyncSession, team: Team, what: str, now: datetime) -> None:
    text = f"The calendar that says who is on call for {team.name}: {what}."
    await enqueue(session, TellTeam(team.id, text, 0, f"calendar:{now.isoformat()}", loud=False), now=now)
