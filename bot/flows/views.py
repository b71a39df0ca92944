"""What people ask to see: nothing here changes anything."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, months, ownership, paging, postmortems, timeline
from bot.core import oncall as core
from bot.core.documents import Document
from bot.core.paging import OPEN, Rota
from bot.core.timeline import Line, Name
from bot.flows import Asking, World, team_of, verdicts, which
from bot.flows import postmortems as flow
from bot.models import Action, Catalog, Guidance, Incident, Page, SwitchUse, Team


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
    guides: list[Guidance]
    switches: list[SwitchUse]
    recurrences: list[verdicts.Known]

    @property
    def paged(self) -> list[str]:
        return [page.person for page in self.pages if page.state in OPEN]


async def incident(world: World, asking: Asking, *, of: str) -> Seen:
    """The incident that somebody means. Raises Refused when it can't be told."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        found = await which(session, world, asking, by, of=of, lock=False)
        assert found.id is not None
        return await _seen(session, world, found.id)


async def by_key(world: World, key: str, *, private: bool = False) -> Seen | None:
    """For the terminal: None when there is no such incident; a private one is there only when it was asked for."""
    number = store.id_of(key)
    async with world.db.reading() as session:
        found = await store.incident(session, number) if number is not None else None
        if number is None or found is None or (found.private and not private):
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
        whole.guides,
        whole.switches,
        await verdicts.known(session, world, whole.incident),
    )


async def open_incidents(world: World, asking: Asking) -> tuple[Sequence[Incident], Name]:
    """Those that are open, as far as the one who asks may see them."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        seen = store.seen_by(by, world.catalog, world.config.rights.admins)
        found = await store.incidents(session, only_open=True, seen_by=seen)
        return found, await store.names(session, world.catalog)


async def recent(world: World, asking: Asking, limit: int) -> Sequence[Incident]:
    """The newest that the one who asks may see; no false alarms, which have nothing to learn from."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        seen = store.seen_by(by, world.catalog, world.config.rights.admins)
        return await store.newest(session, seen, limit)


async def in_channel(world: World, channel: str) -> Incident | None:
    async with world.db.reading() as session:
        return await store.in_channel(session, channel) if channel else None


async def all_incidents(
    world: World, *, only_open: bool, private: bool = False
) -> tuple[Sequence[Incident], Name]:
    """For the terminal; `private` ones only where they were asked for."""
    async with world.db.reading() as session:
        seen = None if private else store.seen_by("", world.catalog, ())
        found = await store.incidents(session, only_open=only_open, seen_by=seen)
        return found, await store.names(session, world.catalog)


async def postmortem(world: World, seen: Seen) -> Document:
    assert seen.incident.id is not None
    facts = await flow.of_key(world, seen.incident.id)
    assert facts is not None
    return postmortems.document(facts)


@dataclass(frozen=True)
class OnCall:
    """Who answers for a team at `at`. `until` and `following` are None and empty when nothing changes within 400 days."""

    team: Team
    at: datetime
    people: tuple[str, ...]
    until: datetime | None
    following: tuple[str, ...]
    why: str = ""
    reach: tuple[tuple[str, str], ...] = ()


def on_call(
    rota: Rota, team: Team, at: datetime, why: str = "", reach: Callable[[str], str] | None = None
) -> OnCall:
    change = core.next_change(rota(team), at)
    people = tuple(paging.on_call(team, rota, at))
    how = tuple((person, reach(person)) for person in people) if reach else ()
    return OnCall(
        team, at, people, change[0] if change else None, tuple(change[1]) if change else (), why, how
    )


async def owner_now(world: World, named: str) -> tuple[OnCall, Name] | None:
    """Who answers for a service or team that somebody chose; None when nobody of the catalog does."""
    found = ownership.named(named, world.catalog)
    team = world.catalog.teams.get(found.team) if found else None
    if team is None:
        return None
    async with world.db.reading() as session:
        rota = await store.rota(session, world.catalog, teams={team.id})
        return on_call(rota, team, world.clock()), await store.names(session, world.catalog)


def reachable(world: World, accounts: Container[str]) -> Callable[[str], str]:
    """How a page reaches somebody: `Slack, then ALICE_SMS after 2 min`. `accounts`: whose Slack account is known."""

    def how(person: str) -> str:
        found = world.catalog.people.get(person)
        if found is None:
            return "is not in the catalog, so no page can reach them"
        ways = ["Slack"] if found.slack or person in accounts else []
        ways += [
            way.env + (f" after {paging.spoken(way.after)}" if way.after else "")
            for way in found.notify
            if way.env in world.config.notify
        ]
        return ", ".join(ways) or "no way to reach them is known; set `email`, `slack` or `notify`"

    return how


async def oncall(world: World, asking: Asking, words: str) -> tuple[list[OnCall], Name]:
    """For `words` the owner's answer; without words one for each team of the person who asks."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        name = await store.names(session, world.catalog)
        teams = owners(world.catalog, by, words)
        rota = await store.rota(session, world.catalog, teams={team.id for team, _ in teams})
        how = reachable(world, await store.known_people(session))
    return [on_call(rota, team, world.clock(), why, how) for team, why in teams], name


@dataclass(frozen=True)
class Month:
    """A team's next four weeks: `weeks` as a calendar of its zone, `segments` as they follow one another."""

    team: Team
    weeks: list[list[months.Day]]
    segments: list[core.Segment]


async def month(world: World, asking: Asking, words: str) -> tuple[list[Month], Name]:
    """Four weeks of the team that `words` mean; without words of every team of the person who asks."""
    async with world.db.reading() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        name = await store.names(session, world.catalog)
        teams = [team for team, _ in owners(world.catalog, by, words)]
        rota = await store.rota(session, world.catalog, teams={team.id for team in teams})
    return [month_of(rota, team, world.clock()) for team in teams], name


def month_of(rota: Rota, team: Team, now: datetime) -> Month:
    weeks = months.month(rota(team), now, ZoneInfo(team.timezone))
    return Month(team, weeks, core.final(rota(team), now, now + timedelta(weeks=months.WEEKS)))


def owners(catalog: Catalog, by: str, words: str) -> list[tuple[Team, str]]:
    """The team that `words` name or whose service they name, and why; without words every team of `by`.

    Raises Refused when nobody is found.
    """
    if not words:
        mine = [(team, "") for team in catalog.teams.values() if by in team.members]
        if not mine:
            raise Refused(
                "You are in no team of the catalog: name one, `/oncall payments`."
                if by in catalog.people
                else "Your Slack account is not in the catalog, or not known yet: name a team, `/oncall payments`."
            )
        return mine
    if words.lower() in catalog.teams:
        return [(catalog.teams[words.lower()], "")]
    found = ownership.find(words, catalog)
    if found.fallback:
        raise Refused(f"Nobody owns “{words[:60]}” in the catalog; {found.team} would be paged.")
    return [(catalog.teams[found.team], found.why)]


async def schedules(world: World) -> Rota:
    """Every team's schedule with all its edits, covers and swaps; for the terminal."""
    async with world.db.reading() as session:
        return await store.rota(session, world.catalog)
