"""The catalog in force, kept from then on: who owned what at the time stays answerable after a change."""

from datetime import datetime

from bot import store
from bot.core.catalog import from_dict
from bot.flows import World
from bot.models import Catalog


async def keep(world: World) -> None:
    """Keep the catalog that is in force now; one that is kept already changes nothing."""
    async with world.db.transaction() as session:
        await store.keep_catalog(session, world.catalog, world.clock())


async def at(world: World, moment: datetime) -> Catalog | None:
    """The catalog that was in force at `moment`; None for a time before the first that was kept."""
    async with world.db.reading() as session:
        version = await store.catalog_at(session, moment)
    return from_dict(version.content) if version else None
