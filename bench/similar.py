"""How long it takes to find what an incident resembles, and to see who is to be chased, with many incidents there.

    python -m bench.similar [URL] [COUNT]

`URL` names an empty database (default: a SQLite file in a scratch folder), `COUNT` incidents are written to it first
(default 100,000). Their words are drawn as people's are: a few often, most seldom.
"""

import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import insert, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db import Database, connect, migrate
from bot.flows import World, chasing, earlier
from bot.models import Action, ActionState, Catalog, Entry, Incident, Person, Severity, Status, Team

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SERVICES, TEAMS, PEOPLE, VOCABULARY = 200, 40, 300, 6_000
CHUNK = 5_000


def words(dice: random.Random, count: int) -> str:
    return " ".join(f"w{min(int(dice.paretovariate(0.7)), VOCABULARY)}x" for _ in range(count))


async def fill(db: Database, count: int) -> None:
    dice = random.Random(7)  # the same company each time
    for start in range(1, count + 1, CHUNK):
        incidents: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        actions: list[dict[str, Any]] = []
        for n in range(start, min(start + CHUNK, count + 1)):
            at = NOW - timedelta(minutes=30 * (count - n))
            service = dice.randrange(SERVICES)
            incidents.append({
                "id": n, "request_id": f"bench:{n}", "title": words(dice, 7), "cause": words(dice, 14),
                "service": f"s{service}", "team": f"t{service % TEAMS}", "severity": Severity.SEV3,
                "status": Status.RESOLVED, "declared_by": "p1", "declared_at": at,
                "resolved_at": at + timedelta(hours=1), "owner": f"p{dice.randrange(PEOPLE)}",
            })  # fmt: skip
            told = {"more": words(dice, 8)}
            entries.append({"incident_id": n, "at": at, "recorded_at": at, "kind": "resolved", "data": told})
            actions += [
                {
                    "id": f"{2 * n + k:08x}", "incident_id": n, "title": words(dice, 6), "team": f"t{service % TEAMS}",
                    "owner": f"p{dice.randrange(PEOPLE)}", "due": (at + timedelta(weeks=4)).date(),
                    "state": ActionState.OPEN if dice.random() < 0.03 else ActionState.DONE, "created_by": "p1",
                    "created_at": at, "closed_at": at,
                }
                for k in (0, 1)
            ]  # fmt: skip
        async with db.transaction() as session:
            link = await session.connection()
            for table, rows in ((Incident, incidents), (Entry, entries), (Action, actions)):
                await link.execute(insert(table), rows)


async def timed(
    what: str, db: Database, act: Callable[[AsyncSession], Awaitable[object]], times: int = 7
) -> None:
    took = []
    for _ in range(times):
        async with db.reading() as session:
            began = time.perf_counter()
            await act(session)
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"{what:45} median {took[len(took) // 2]:7.0f} ms, worst {took[-1]:7.0f} ms")


async def main(url: str, count: int) -> None:
    migrate(url)
    db = connect(url)
    began = time.perf_counter()
    await fill(db, count)
    print(f"{count:,} incidents, {2 * count:,} items, written in {time.perf_counter() - began:.0f} s\n")
    async with db.transaction() as session:
        await (await session.connection()).execute(text("ANALYZE"))
    async with db.reading() as session:
        asked = (await session.exec(select(Incident).where(Incident.id == count))).one()
    asked.title, asked.cause = f"{asked.title} {secrets.token_hex(3)}", words(random.Random(1), 20)
    await timed("similar at the start", db, lambda s: earlier.found(s, asked, at_start=True))
    await timed("similar by the written cause", db, lambda s: earlier.found(s, asked, at_start=False))
    people = {f"p{n}": Person(f"p{n}") for n in range(PEOPLE)}
    teams = {f"t{n}": Team(f"t{n}", f"t{n}", lead=f"p{n}") for n in range(TEAMS)}
    settings = SimpleNamespace(catalog=Catalog(people, teams), rights=SimpleNamespace(admins=()))
    world = cast(
        "World", SimpleNamespace(db=db, catalog=settings.catalog, config=settings, clock=lambda: NOW)
    )
    await timed("the list of one person, who leads a team", db, lambda s: chasing.mine(s, world, "p3"))
    await timed("items in figures", db, lambda s: chasing.counts(s, NOW.date()))
    await timed("items of one team in figures", db, lambda s: chasing.counts(s, NOW.date(), teams=["t3"]))
    await db.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db"
        asyncio.run(main(given, int(sys.argv[2]) if len(sys.argv) > 2 else 100_000))
