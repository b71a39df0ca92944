"""What people ask to see: nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, ownership, paging, postmortems, timeline
from bot.core import oncall as core
from bot.core.documents import Document
from bot.core.paging import OPEN, Rota
from bot.core.timeline import Line, Name
from bot.flows import Asking, World, team_of, which
from bot.models import Action, Incident, Page, Team


@dataclass(frozen=True)
class Seen:
    """One incident with all that belongs to it. `lines` are its timeline as people read it.

    `waiting` counts its jobs that are not done, timers included; `due` those that should be done by now.
    """

    incident: Incident
    team: Team
    lines: list[Line]
    pages: list[Page]
    actions: list[Action]
    waiting: int
    failed: int
    due: int
    name: Name

    @property
    def paged(self) -> list[str]:
        return [page.person for page in self.pages if page.state in OPEN]


async def incident(world: World, asking: Asking, *, of: str) -> Seen:
    """The incident that somebody means. Raises Refused when it can't be told."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        found = await which(session, asking, by, of=of, lock=False)
        assert found.id is not None
        return await _seen(session, world, found.id)


async def by_key(world: World, key: str) -> Seen | None:
    """For the terminal: None when there is no such incident."""
    number = store.id_of(key)
    async with world.db.reading() as session:
        if number is None or await store.incident(session, number) is None:
            return None
        return await _seen(session, world, number)


async def _seen(session: AsyncSession, world: World, number: int) -> Seen:
    whole = await store.whole(session, number)
    assert whole is not None
    name = await store.names(session, world.catalog)
    return Seen(
        whole.incident,
        team_of(whole.incident, world.catalog),
        timeline.lines(whole.entries, name),
        whole.pages,
        whole.actions,
        whole.waiting,
        whole.failed,
        await store.due_of(session, number, world.clock()),
        name,
    )


async def open_incidents(world: World) -> tuple[Sequence[Incident], Name]:
    return await all_incidents(world, only_open=True)


async def all_incidents(world: World, *, only_open: bool) -> tuple[Sequence[Incident], Name]:
    async with world.db.reading() as session:
        return await store.incidents(session, only_open=only_open), await store.names(session, world.catalog)


async def postmortem(world: World, seen: Seen) -> Document:
    service = world.catalog.services.get(seen.incident.service)
    return postmortems.document(
        seen.incident,
        seen.team,
        service,
        seen.lines,
        seen.pages,
        seen.actions,
        name=seen.name,
        categories=world.config.categories,
    )


@dataclass(frozen=True)
class OnCall:
    """Who answers for a team at `at`. `until` and `following` are None and empty when nothing changes within 400 days."""

    team: Team
    at: datetime
    people: tuple[str, ...]
    until: datetime | None
    following: tuple[str, ...]
    why: str = ""


def on_call(rota: Rota, team: Team, at: datetime, why: str = "") -> OnCall:
    change = core.next_change(rota(team), at)
    people = tuple(paging.on_call(team, rota, at))
    return OnCall(team, at, people, change[0] if change else None, tuple(change[1]) if change else (), why)


async def oncall(world: World, asking: Asking, words: str) -> tuple[list[OnCall], Name]:
    """For `words` the owner's answer; without words one for each team of the person who asks."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        name = await store.names(session, world.catalog)
    now, catalog = world.clock(), world.catalog
    if words:
        team = catalog.teams.get(words.lower())
        if team is not None:
            return [on_call(world.rota, team, now)], name
        found = ownership.find(words, catalog)
        if found.fallback:
            raise Refused(
                f"Nobody owns “{words[:60]}” in the catalog; {found.team} would be paged: {found.why}"
            )
        return [on_call(world.rota, catalog.teams[found.team], now, found.why)], name
    mine = [team for team in catalog.teams.values() if by in team.members]
    if not mine:
        raise Refused("You are in no team of the catalog: name one, `/oncall payments`.")
    return [on_call(world.rota, team, now) for team in mine], name
