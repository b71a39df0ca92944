"""What people, alerts and clocks can make happen: one function = one transaction.

Every command runs through `once` (a redelivery changes nothing and gets the same answer) and, when it is
about an incident that exists, through `change` (which holds that incident's row).
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.config import Config, Reload
from bot.core import Refused, access
from bot.core.access import Act
from bot.core.cadence import followed
from bot.core.decision import Decision
from bot.core.incidents import started
from bot.core.jobs import LearnProfile, Respond
from bot.core.ownership import Found
from bot.core.paging import LOOK_BACK, Rota, called_out
from bot.core.timeline import Name
from bot.db import Database
from bot.engine import enqueue
from bot.models import Catalog, Incident, Page, Team


class Live(Protocol):
    """The configuration in force; it changes when the catalog is edited."""

    @property
    def config(self) -> Config: ...
    @property
    def folder(self) -> Path: ...

    def reload(self) -> Reload: ...


@dataclass(frozen=True)
class World:
    """What a flow needs of the living process; built once, in `__main__`."""

    db: Database
    live: Live
    clock: Callable[[], datetime]

    @property
    def config(self) -> Config:
        return self.live.config

    @property
    def catalog(self) -> Catalog:
        return self.live.config.catalog


@dataclass(frozen=True)
class Asking:
    """Who asks, from where. `id` names this very request: asked again with it, nothing more happens.

    `by` is a Slack account id; `channel` the Slack channel it was said in; `incident` the key they gave, if any.
    `respond_to` is the response URL of a click whose message the reply takes the place of, or stands `beside`.
    """

    id: str
    by: str
    channel: str = ""
    incident: str = ""
    way: str = ""
    respond_to: str = ""
    beside: bool = False


@dataclass(frozen=True)
class Choice:
    """A button: its words, the flow's word for it, and what it carries."""

    label: str
    does: str
    value: str
    style: str = ""


@dataclass(frozen=True)
class Reply:
    """What the person reads at once: plain text, which each door escapes for itself."""

    text: str
    incident: int | None = None
    choices: tuple[Choice, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Reply":
        if not text:
            return cls("This is being done already.")
        data = json.loads(text)
        return cls(
            data["text"],
            data["incident"],
            tuple(Choice(**choice) for choice in data["choices"]),
            data["extra"],
        )


@dataclass
class Scene:
    """An incident under its lock, with everything that a decision about it needs."""

    session: AsyncSession
    world: World
    incident: Incident
    pages: list[Page]
    by: str
    now: datetime
    name: Name
    known: Rota | None = None

    async def rota(self) -> Rota:
        """The schedules that paging can need, read once and only by what pages."""
        if self.known is None:
            self.known = await rota_of(self.session, self.world, self.incident.team)
        return self.known

    @property
    def catalog(self) -> Catalog:
        return self.world.catalog

    @property
    def team(self) -> Team:
        return team_of(self.incident, self.catalog)

    def must(self, act: Act) -> None:
        """Raises Refused, naming who may, when the one who asks may not."""
        rights = self.world.config.rights
        access.must(
            act,
            self.by,
            self.incident,
            team=self.team,
            rights=rights.may,
            admins=rights.admins,
            name=self.name,
        )

    async def person(self, slack_id: str) -> str:
        return await store.person_of(self.session, slack_id, self.catalog)

    async def record(
        self, decision: Decision, *, at: datetime | None = None, source: str | None = None
    ) -> None:
        every = self.world.config.updates.cadence
        whole = followed(self.incident, decision, every, self.now)
        await store.record(self.session, self.incident, whole, by=self.by, now=self.now, at=at, source=source)


def team_of(incident: Incident, catalog: Catalog) -> Team:
    """The owning team; one that has left the catalog since still has its name, but nobody to page."""
    return catalog.teams.get(incident.team) or Team(id=incident.team, name=incident.team)


async def once(world: World, asking: Asking, act: Callable[[AsyncSession, str], Awaitable[Reply]]) -> Reply:
    """Run `act(session, by)` in one transaction, once for each `asking.id`; Refused leaves no trace."""
    now = world.clock()
    async with world.db.transaction() as session:
        earlier = await store.heard(session, asking.id, now)
        if earlier is not None:
            return Reply.from_json(earlier.reply)
        account = await store.account(session, asking.by)
        by = store.known_as(account, asking.by, world.catalog)
        if account is None and store.is_slack_id(by):
            await enqueue(session, LearnProfile(by, f"{now:%Y-%m-%d}"), now=now)
        reply = await act(session, by)
        await store.answer(session, asking.id, reply.as_json())
        if asking.respond_to:
            order = Respond(asking.respond_to, reply.as_json(), replace=not asking.beside)
            await enqueue(session, order, now=now)
        return reply


async def respond(world: World, url: str, text: str) -> None:
    """Say a sentence to whoever clicked, beside the message that they clicked on."""
    async with world.db.transaction() as session:
        await enqueue(session, Respond(url, Reply(text).as_json()), now=world.clock())


async def may_see(session: AsyncSession, world: World, incident: Incident, person: str) -> bool:
    """Whether `person` may know of the incident; only a private one costs a look."""
    if not incident.private or incident.id is None:
        return True
    return access.may_see(
        incident,
        person,
        team=team_of(incident, world.catalog),
        paged={page.person for page in await store.pages(session, incident.id)},
        admitted=await store.admitted(session, incident.id),
        admins=world.config.rights.admins,
    )


async def may_take(session: AsyncSession, world: World, incident: Incident, person: str) -> bool:
    """Whether `person` may take a private incident that they don't see: their team's channel was asked for somebody."""
    team = team_of(incident, world.catalog)
    if person not in team.members or incident.id is None:
        return False
    return called_out(incident, team, await store.pages(session, incident.id))


async def which(
    session: AsyncSession, world: World, asking: Asking, by: str, *, of: str, lock: bool = True
) -> Incident:
    """The incident that somebody means, under its lock: by its key, its channel, or being the only one they are asked for.

    Raises Refused with what to type when it can't be told. A private one is not there for whoever may not see it.
    """
    found: Incident | None = None
    if asking.incident:
        number = store.id_of(asking.incident)
        read = store.locked if lock else store.incident
        found = await read(session, number) if number is not None else None
        known = found is not None and (
            await may_see(session, world, found, by)
            or (of == "ack" and await may_take(session, world, found, by))
        )
        if found is None or not known:
            raise Refused(
                f"There is no incident {asking.incident.upper()}; `/incident list` shows those there are."
            )
        return found
    found = await store.in_channel(session, asking.channel)
    if found is None:
        theirs = await store.asked_for(session, by)
        if len(theirs) == 1:
            found = theirs[0]
        elif theirs:
            keys = ", ".join(incident.key for incident in theirs)
            raise Refused(f"Which one? You are asked for {keys}: type `/incident {of} {theirs[0].key} …`.")
    if found is None or found.id is None:
        raise Refused(f"This isn't an incident's channel, so say which: `/incident {of} INC-1 …`.")
    held = await store.locked(session, found.id) if lock else found
    assert held is not None
    return held


async def change(world: World, asking: Asking, of: str, decide: Callable[[Scene], Awaitable[Reply]]) -> Reply:
    """Run `decide(scene)` on the incident that `asking` means; `of` is the subcommand, for the sentence when unclear."""

    async def act(session: AsyncSession, by: str) -> Reply:
        incident = await which(session, world, asking, by, of=of)
        return await decide(await scene(session, world, incident, by))

    return await once(world, asking, act)


async def scene(session: AsyncSession, world: World, incident: Incident, by: str) -> Scene:
    assert incident.id is not None
    return Scene(
        session,
        world,
        incident,
        await store.pages(session, incident.id),
        by,
        world.clock(),
        await store.names(session, world.catalog),
    )


async def rota_of(session: AsyncSession, world: World, team: str) -> Rota:
    """The schedules that paging for `team` can need: its own, and those that its escalation names."""
    found = world.catalog.teams.get(team)
    steps = [*found.escalation, *(step for p in found.policies for step in p.escalation)] if found else []
    named = {target.removeprefix("team:") for step in steps for target in step.targets if ":" in target}
    since = world.clock() - LOOK_BACK
    return await store.rota(session, world.catalog, teams={team, *named}, since=since)


async def begin(
    session: AsyncSession,
    world: World,
    incident: Incident,
    found: Found,
    *,
    more: str = "",
    details: str = "",
    besides: Callable[[Decision], Decision] | None = None,
) -> Decision:
    """Write the row of a new incident with everything that follows from it; `besides` adds to what is decided."""
    now, team = world.clock(), world.catalog.teams[found.team]
    session.add(incident)
    await session.flush()
    rota = await rota_of(session, world, team.id)
    decision = started(incident, found, team, world.catalog, more=more, rota=rota, now=now, details=details)
    if besides is not None:
        decision = besides(decision)
    decision = followed(incident, decision, world.config.updates.cadence, now)
    await store.record(session, incident, decision, by=incident.declared_by, now=now)
    return decision
