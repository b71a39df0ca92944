"""What people chose for the category of a text: it wins for the same words, can be seen, and taken back."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused
from bot.core.categories import normal
from bot.flows import Asking, Choice, Reply, Scene, World, once
from bot.models import CategoryChoice

LONGEST = 300
"""Characters of the words by which a choice is known; a longer text is nobody's habit."""

SHOWN = 15


async def remember(s: Scene, text: str, category: str, kind: str = "") -> None:
    """Keep a person's choice. None of a private incident: everybody sees what is remembered."""
    words = normal(text)
    if s.incident.private or not words or len(words) > LONGEST:
        return
    row = await s.session.get(CategoryChoice, words)
    if row is None:
        row = CategoryChoice(words=words, text=text[:LONGEST], category=category, by=s.by, at=s.now)
    row.text, row.category, row.kind, row.by, row.at = text[:LONGEST], category, kind, s.by, s.now
    s.session.add(row)


async def forget_all(session: AsyncSession, texts: Sequence[str]) -> None:
    """Keep nothing of these texts: whose incident became private."""
    words = {normal(text) for text in texts}
    await session.exec(delete(CategoryChoice).where(col(CategoryChoice.words).in_(words)))


def id_of(choice: CategoryChoice) -> str:
    return hashlib.sha256(choice.words.encode()).hexdigest()[:8]


async def listed(world: World, asking: Asking) -> Reply:
    async with world.db.reading() as session:
        found = await store.choices(session)
        name = await store.names(session, world.catalog)
    if not found:
        return Reply(
            "Nobody has chosen a category yet that Writeback would have to remember. "
            f"The categories: {', '.join(c.id for c in world.config.categories)}."
        )
    labels = {c.id: c.label for c in world.config.categories}
    lines = [
        f"{n}. {labels.get(c.category, c.category)}: “{c.text}” ({name(c.by)}, {c.at:%Y-%m-%d})"
        for n, c in enumerate(found[:SHOWN], 1)
    ]
    more = f" The newest {SHOWN} of {len(found)}; `writeback choices` has all." if len(found) > SHOWN else ""
    head = f"What people chose wins for the same or nearly the same text.{more}"
    undo = tuple(Choice(f"Undo {n}", "choice_undo", id_of(c)) for n, c in enumerate(found[:SHOWN], 1))
    return Reply("\n".join([head, *lines]), None, undo)


async def undo(world: World, asking: Asking, *, id: str) -> Reply:
    async def act(session: AsyncSession, by: str) -> Reply:
        gone = await _forget(session, id)
        return Reply(f"Forgotten: “{gone.text}” is suggested a category like any other text.")

    return await once(world, asking, act)


async def _forget(session: AsyncSession, id: str) -> CategoryChoice:
    found = next((c for c in await store.choices(session) if id_of(c) == id.strip().lower()), None)
    if found is None:
        raise Refused(f"There is no choice {id}: `writeback choices` lists them.")
    await session.delete(found)
    return found


async def every(world: World) -> Sequence[CategoryChoice]:
    """For the terminal: all that is remembered, the newest first."""
    async with world.db.reading() as session:
        return await store.choices(session)


async def forget(world: World, id: str) -> CategoryChoice:
    """For the terminal. Raises Refused when there is no such choice."""
    async with world.db.transaction() as session:
        return await _forget(session, id)
