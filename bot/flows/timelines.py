"""The faithful timeline: messages that people marked, what became of them in Slack, and lines that were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused
from bot.core.decision import Decision
from bot.core.jobs import CatchUp, FollowMessage, MarkMessage
from bot.core.timeline import MessageDeleted, MessageEdited, MessageMarked, event
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, change, scene
from bot.models import Entry, Incident

LOOK_BACK_DAYS = 2
"""An incident that ended so long ago is still looked through for what was marked while nobody listened."""


@dataclass(frozen=True)
class Marked:
    """A message as Slack has it. `author` is a Slack id, `text` plain words, `files` names."""

    author: str
    text: str
    at: datetime
    files: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Evidence:
    """A message of any channel, also one that we may not read: whoever pointed at it brought its words."""

    channel: str
    ts: str
    said: Marked


def source_of(channel: str, ts: str) -> str:
    """What names a message in a timeline, so that it stands there once."""
    return f"message:{channel}:{ts}"


async def _line(session: AsyncSession, incident: int, channel: str, ts: str) -> Entry | None:
    rows = select(Entry).where(Entry.incident_id == incident, Entry.source == source_of(channel, ts))
    return (await session.exec(rows)).first()


async def mark(world: World, asking: Asking, *, channel: str, ts: str, said: Marked) -> Reply:
    """*Add to timeline*: the message itself came with the click."""

    async def act(s: Scene) -> Reply:
        if s.incident.channel_id != channel:
            raise Refused(f"That message is not in the channel of {s.incident.key}.")
        new = await _taken(s, channel, ts, said, by=s.by)
        return Reply(
            f"In the timeline of {s.incident.key}, at its own time."
            if new
            else "It stands in the timeline already.",
            s.incident.id,
        )

    return await change(world, asking, "timeline", act)


async def marked(world: World, session: AsyncSession, order: MarkMessage, said: Marked) -> None:
    """A reaction took the message into the timeline; called in the transaction that finishes the job."""
    incident = await store.locked(session, order.incident)
    if incident is not None:
        s = await scene(session, world, incident, "")
        await _taken(s, order.channel, order.ts, said, by=await s.person(order.by))


async def _taken(s: Scene, channel: str, ts: str, said: Marked, *, by: str) -> bool:
    """Whether the timeline changed. A line that was withdrawn comes back, with what the message says now."""
    assert s.incident.id is not None
    line = await _line(s.session, s.incident.id, channel, ts)
    author = await s.person(said.author) if said.author else ""
    if line is None:
        told = MessageMarked(author, said.text, channel, ts, [by], list(said.files), said.link)
        entries = await store.record(
            s.session, s.incident, Decision(events=(told,)), by=author, now=s.now, at=said.at,
            source=source_of(channel, ts),
        )  # fmt: skip
        return bool(entries)
    old = event(line.kind, line.data)
    assert isinstance(old, MessageMarked)
    if by in old.marked_by and not line.withdrawn:
        return False
    by_now = list(dict.fromkeys([*([] if line.withdrawn else old.marked_by), by]))
    line.data = {**line.data, "marked_by": by_now}
    line.withdrawn, line.withdrawn_by, line.withdrawn_why = False, "", ""
    s.session.add(line)
    return True


async def began_with(s: Scene, evidence: Evidence) -> None:
    """The message that made somebody start the incident is its first line, at its own time."""
    us = await store.installation(s.session)
    where = f"{us.url.rstrip('/')}/archives/{evidence.channel}/p{evidence.ts.replace('.', '')}" if us else ""
    said = replace(evidence.said, link=evidence.said.link or where)
    await _taken(s, evidence.channel, evidence.ts, said, by=s.by)


async def followed(world: World, order: FollowMessage) -> None:
    """What became of a message that may stand in the timeline; one that doesn't is nobody's business."""
    async with world.db.transaction() as session:
        incident = await store.locked(session, order.incident)
        line = await _line(session, order.incident, order.channel, order.ts)
        if incident is None or line is None:
            return
        s = await scene(session, world, incident, "")
        told = event(line.kind, line.data)
        assert isinstance(told, MessageMarked)
        by, at = await s.person(order.by) if order.by else "", datetime.fromisoformat(order.at)
        if order.what == "unmarked":
            _unmarked(s, line, told, by)
        elif order.what == "edited" and order.text != told.message:
            line.data = {**line.data, "message": order.text}
            session.add(line)
            edit = MessageEdited(told.author, told.message, order.text)
            await store.record(session, incident, Decision(events=(edit,)), by=told.author, now=s.now, at=at)
        elif order.what == "deleted":
            gone = MessageDeleted(told.author, told.message)
            await store.record(session, incident, Decision(events=(gone,)), by=by, now=s.now, at=at)


def _unmarked(s: Scene, line: Entry, told: MessageMarked, by: str) -> None:
    """The last one who takes the mark back withdraws the line; it stays, and says so."""
    left = [person for person in told.marked_by if person != by]
    if len(left) == len(told.marked_by):
        return
    line.data = {**line.data, "marked_by": left}
    if not left:
        line.withdrawn, line.withdrawn_by, line.withdrawn_why = True, by, "the mark was taken back"
    s.session.add(line)


# ---- editing ---------------------------------------------------------------------------------


async def hide(world: World, asking: Asking, *, number: int, why: str) -> Reply:
    """Strike a line out, with a reason: it stays and says who did it. The bot's own record of acts can't be hidden."""

    async def act(s: Scene) -> Reply:
        line = await _numbered(s, number)
        if line.kind not in HIDEABLE:
            raise Refused(
                "That line says what was done, not what was said: it stays. `/incident note …` adds what is missing."
            )
        if not why.strip():
            raise Refused(f"Say why: `/incident timeline hide {number} because …`.")
        line.withdrawn, line.withdrawn_by, line.withdrawn_why = True, s.by, why.strip()[:300]
        s.session.add(line)
        return Reply(f"Line {number} is struck out; it stays in the record, with your reason.", s.incident.id)

    return await change(world, asking, "timeline", act)


async def restore(world: World, asking: Asking, *, number: int) -> Reply:
    async def act(s: Scene) -> Reply:
        line = await _numbered(s, number)
        if not line.withdrawn:
            return Reply(f"Line {number} is not struck out.", s.incident.id)
        line.withdrawn, line.withdrawn_by, line.withdrawn_why = False, "", ""
        s.session.add(line)
        return Reply(f"Line {number} stands again.", s.incident.id)

    return await change(world, asking, "timeline", act)


HIDEABLE = frozenset({"message_marked", "message_edited", "message_deleted", "noted", "updated"})


async def _numbered(s: Scene, number: int) -> Entry:
    line = await store.entry(s.session, number)
    if line is None or line.incident_id != s.incident.id:
        raise Refused(f"{s.incident.key} has no line {number}; `/incident timeline` shows the numbers.")
    return line


# ---- coming back -------------------------------------------------------------------------------


async def catch_up(world: World, since: datetime) -> int:
    """Ask for a look into every incident's channel in which something may have been marked since; how many."""
    async with world.db.transaction() as session:
        found: Sequence[Incident] = await store.lately(session, since)
        for incident in found:
            assert incident.id is not None
            await enqueue(session, CatchUp(incident.id, since.isoformat()), now=world.clock())
    return len(found)
