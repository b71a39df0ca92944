"""The catalog in force, kept from then on: who owned what at the time stays answerable after a change."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot import store
from bot.core.catalog import from_dict
from bot.core.jobs import TellTeam
from bot.engine import enqueue
from bot.flows import World, rotas
from bot.models import Catalog


async def keep(world: World) -> None:
    """Keep the catalog and the schedules that are in force now; what is kept already changes nothing."""
    async with world.db.transaction() as session:
        await store.keep_catalog(session, world.catalog, world.clock())
    await rotas.keep(world)


async def refused(world: World, problems: Sequence[str]) -> None:
    """Tell the fallback team that a changed configuration is not in force, and why; once for the same mistakes."""
    told = "\n".join(f"• {problem}" for problem in problems[:10])
    more = f"\n… and {len(problems) - 10} more: `writeback check --offline`" if len(problems) > 10 else ""
    text = f"The changed configuration is refused and the old one stays in force until this is mended:\n{told}{more}"
    about = f"configuration:{hashlib.sha256(text.encode()).hexdigest()[:12]}:{world.clock():%Y-%m-%d}"
    async with world.db.transaction() as session:
        order = TellTeam(world.catalog.fallback_team, text, 0, about, loud=False)
        await enqueue(session, order, now=world.clock())


async def at(world: World, moment: datetime) -> Catalog | None:
    """The catalog that was in force at `moment`; None for a time before the first that was kept."""
    async with world.db.reading() as session:
        version = await store.catalog_at(session, moment)
    return from_dict(version.content) if version else None
