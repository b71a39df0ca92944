"""What people say to the bot in plain words. Nobody is paged by a mention: it takes one tap more."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, incidents, ownership, paging
from bot.core.jobs import Say
from bot.engine import enqueue
from bot.flows import Asking, Choice, Reply, World, once, rota_of, timelines
from bot.flows import incidents as flows
from bot.flows.timelines import Evidence, Marked
from bot.models import Inbound, Incident, Severity


@dataclass(frozen=True)
class Said:
    """Words that mention the bot. `raw` as Slack sent them, `words` plain; both without the mention itself."""

    channel: str
    ts: str
    author: str
    raw: str
    words: str
    at: datetime

    @property
    def id(self) -> str:
        """The message itself and not the event: an edit that mentions again is no second question."""
        return f"mention:{self.channel}:{self.ts}"

    @property
    def value(self) -> str:
        """What a button carries; the words are found again by it, however long they are."""
        return f"{self.channel} {self.ts}"

    def extra(self) -> dict[str, str]:
        return {"author": self.author, "raw": self.raw, "words": self.words, "at": self.at.isoformat()}


async def incident_of(world: World, channel: str) -> Incident | None:
    """The incident whose channel it was said in."""
    async with world.db.reading() as session:
        return await store.in_channel(session, channel)


async def answered(world: World, order: Say) -> None:
    """Twice is harmless: a message is answered once."""
    async with world.db.transaction() as session:
        await enqueue(session, order, now=world.clock())


async def propose(world: World, asking: Asking, said: Said) -> Reply:
    """What was understood, and the buttons that make something of it."""

    async def act(session: AsyncSession, by: str) -> Reply:
        lead = ownership.leading(said.words, world.catalog)
        found = lead.found or ownership.find(said.words, world.catalog)
        team = world.catalog.teams[found.team]
        rota = await rota_of(session, world, team.id)
        people = paging.on_call(team, rota, world.clock()) or ([team.fallback] if team.fallback else [])
        name = await store.names(session, world.catalog)
        pages = f"pages {', '.join(map(name, people))}" if people else f"tells {team.name}"
        severity = lead.severity or Severity.SEV3
        what = found.service or team.name
        title, _ = incidents.title_and_rest(lead.title or said.words)
        owner = (
            f"I can't tell who owns it; {team.name} would be asked"
            if found.fallback
            else f"{found.service or 'that'} belongs to {team.name} ({found.why})"
        )
        return Reply(
            f"“{title}”: {owner}. Nothing is started and nobody is woken yet.",
            None,
            (
                Choice(f"Start {severity} for {what} ({pages})", "start_said", said.value, "primary"),
                Choice("Open the form", "start_form", said.value),
                Choice("Not an incident", "not_one", said.value),
            ),
            said.extra(),
        )

    return await once(world, asking, act)


async def ask_in_channel(world: World, asking: Asking, said: Said, incident: Incident) -> Reply:
    """Words in an incident's channel that are no subcommand: most are meant for its timeline."""

    async def act(session: AsyncSession, by: str) -> Reply:
        return Reply(
            f"I know no such word; `help` lists those I do. Is that for the timeline of {incident.key}?",
            incident.id,
            (
                Choice("Add it to the timeline", "mark_said", said.value, "primary"),
                Choice("Start another incident", "start_form", said.value),
                Choice("Neither", "not_one", said.value),
            ),
            said.extra(),
        )

    return await once(world, asking, act)


async def ask_first(world: World, asking: Asking, said: Said, word: str) -> Reply:
    """A word that wakes people or ends something: said in passing it does nothing."""

    async def act(session: AsyncSession, by: str) -> Reply:
        return Reply(
            f"`{word}` wakes people or ends something, so it takes a tap: “{said.words[:200]}”",
            None,
            (
                Choice(f"Yes, {word}", "do_said", said.value, "primary"),
                Choice("No", "not_one", said.value),
            ),
            said.extra(),
        )

    return await once(world, asking, act)


async def recalled(world: World, value: str) -> Said:
    """What the button's message was an answer to. Raises Refused once it is forgotten."""
    channel, _, ts = value.partition(" ")
    async with world.db.reading() as session:
        row = await session.get(Inbound, f"mention:{channel}:{ts}")
    extra = Reply.from_json(row.reply).extra if row else {}
    if not extra:
        raise Refused(
            "That was too long ago for me to know the words: type `/incident start` and say it again."
        )
    return Said(
        channel, ts, extra["author"], extra["raw"], extra["words"], datetime.fromisoformat(extra["at"])
    )


def evidence(said: Said) -> Evidence:
    return Evidence(said.channel, said.ts, Marked(said.author, said.words[: incidents.TEXT_LIMIT], said.at))


async def start(world: World, asking: Asking, value: str) -> Reply:
    """Whoever taps first starts it; the others read the same answer."""
    said = await recalled(world, value)
    asking = replace(asking, id=f"start:{said.id}")
    return await flows.start(world, asking, text=said.words, evidence=evidence(said))


async def mark(world: World, asking: Asking, value: str) -> Reply:
    said = await recalled(world, value)
    return await timelines.mark(world, asking, channel=said.channel, ts=said.ts, said=evidence(said).said)


async def dismiss(world: World, asking: Asking, value: str) -> Reply:
    async def act(session: AsyncSession, by: str) -> Reply:
        return Reply("All right, nothing is done.")

    return await once(world, asking, act)
