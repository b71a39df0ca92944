"""The faithful timeline: messages that people marked, what became of them in Slack, and lines that were taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.config import Reactions
from bot.core import Refused, incidents
from bot.core.access import Act
from bot.core.decision import Decision
from bot.core.jobs import CatchUp, FollowMessage, MarkMessage, Order
from bot.core.timeline import LineEdited, MessageDeleted, MessageEdited, MessageMarked, Noted, event
from bot.engine import enqueue
from bot.flows import Asking, Reply, Scene, World, change, scene
from bot.models import Entry, Incident, Job, JobState, Said

LOOK_BACK_DAYS = 2
"""An incident that ended so long ago is still looked through for what was marked while nobody listened."""


@dataclass(frozen=True)
class File:
    """What is known of a file that stays in Slack. `link` opens it there, for those who may; `size` is in bytes."""

    name: str
    kind: str = ""
    size: int = 0
    link: str = ""

    def __str__(self) -> str:
        about = ", ".join(filter(None, [self.kind, _spoken(self.size)]))
        return f"{self.name} ({about})" if about else self.name


def _spoken(size: int) -> str:
    if size < 1000:
        return f"{size} B" if size else ""
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def files_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of a message of Slack's, as `File(**…)` takes them. Nothing is fetched, nothing made public."""
    return [
        asdict(
            File(
                str(f.get("name") or f.get("title") or f.get("id") or "a file")[:200],
                str(f.get("mimetype") or "")[:100],
                int(f.get("size") or 0),
                str(f.get("permalink") or "")[:1000],
            )
        )
        for f in message.get("files") or []
        if isinstance(f, Mapping)
    ]


@dataclass(frozen=True)
class Marked:
    """A message as Slack has it. `author` is a Slack id, `text` plain words."""

    author: str
    text: str
    at: datetime
    files: tuple[File, ...] = ()
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


async def kept(session: AsyncSession, channel: str, ts: str) -> Said | None:
    """The message as we heard it; None when it was said before we listened, or has been taken away since."""
    return await session.get(Said, (channel, ts))


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


async def take_known(
    world: World,
    session: AsyncSession,
    orders: Sequence[Order],
    plain: Callable[[str, Mapping[str, str]], str],
) -> list[Order]:
    """Do at once what marks ask for whose message was kept; what is left has to be asked for.

    A flood of marks then costs no job each. A message of which something else is asked for keeps its jobs: they have
    an order.
    """
    busy = {source_of(o.channel, o.ts) for o in orders if isinstance(o, FollowMessage)}
    mark = world.config.reactions.timeline
    marks = [
        o
        for o in orders
        if isinstance(o, MarkMessage) and o.mark == mark and source_of(o.channel, o.ts) not in busy
    ]
    if not marks:
        return list(orders)
    lanes = {source_of(o.channel, o.ts) for o in marks}
    waiting = select(Job.lane).where(col(Job.lane).in_(lanes), Job.state == JobState.READY)
    waits = set((await session.exec(waiting)).all())
    rows = select(Said).where(
        col(Said.channel_id).in_({o.channel for o in marks}), col(Said.ts).in_({o.ts for o in marks})
    )
    known = {(row.channel_id, row.ts): row for row in (await session.exec(rows)).all()}
    now = [o for o in marks if (o.channel, o.ts) in known and source_of(o.channel, o.ts) not in waits]
    if now:
        us = await store.installation(session)
        people = {a.slack_id: a.name or a.person for a in await store.accounts(session)}
    for number in sorted({o.incident for o in now}):
        incident = await store.locked(session, number)
        if incident is None:
            continue
        s = await scene(session, world, incident, "")
        for o in (each for each in now if each.incident == number):
            row = known[o.channel, o.ts]
            link = permalink(us.url if us else "", o.channel, o.ts)
            files = tuple(File(**each) for each in row.files)
            said = Marked(row.author, plain(row.text, people)[:3000], moment(o.ts), files, link)
            await _taken(s, o.channel, o.ts, said, by=await s.person(o.by), reacted=[o.by])
    return [o for o in orders if o not in now]


def permalink(workspace: str, channel: str, ts: str) -> str:
    """Where a message stands in Slack; "" while the workspace's address is not known."""
    return f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if workspace else ""


def moment(ts: object) -> datetime:
    """A Slack timestamp as an instant."""
    return datetime.fromtimestamp(float(str(ts)), UTC)


async def marked(world: World, session: AsyncSession, order: MarkMessage, said: Marked) -> None:
    """A reaction took the message into the timeline; called in the transaction that finishes the job."""
    incident = await store.locked(session, order.incident)
    if incident is not None:
        s = await scene(session, world, incident, "")
        await _taken(s, order.channel, order.ts, said, by=await s.person(order.by), reacted=[order.by])


async def _taken(
    s: Scene, channel: str, ts: str, said: Marked, *, by: str, reacted: Sequence[str] = ()
) -> bool:
    """Whether the timeline changed. A line that was withdrawn comes back, with what the message says now."""
    assert s.incident.id is not None
    line = await _line(s.session, s.incident.id, channel, ts)
    author = await s.person(said.author) if said.author else ""
    if line is None:
        told = MessageMarked(
            author, said.text, channel, ts, [by], [str(f) for f in said.files], said.link,
            [f.link for f in said.files if f.link], list(reacted),
        )  # fmt: skip
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
    reactions = list(dict.fromkeys([*([] if line.withdrawn else old.reacted), *reacted]))
    line.data = {**line.data, "marked_by": by_now, "reacted": reactions}
    line.withdrawn, line.withdrawn_by, line.withdrawn_why = False, "", ""
    s.session.add(line)
    return True


async def began_with(s: Scene, evidence: Evidence) -> None:
    """The message that made somebody start the incident is its first line, at its own time."""
    us = await store.installation(s.session)
    where = permalink(us.url if us else "", evidence.channel, evidence.ts)
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
            _unmarked(s, line, told, by, order.by)
        elif order.what == "edited" and order.text != told.message:
            line.data = {**line.data, "message": order.text}
            session.add(line)
            edit = MessageEdited(told.author, told.message, order.text)
            await store.record(session, incident, Decision(events=(edit,)), by=told.author, now=s.now, at=at)
        elif order.what == "deleted" and not told.deleted:
            line.data = {**line.data, "deleted": True}
            session.add(line)
            gone = MessageDeleted(told.author, told.message)
            await store.record(session, incident, Decision(events=(gone,)), by=by, now=s.now, at=at)


def _unmarked(s: Scene, line: Entry, told: MessageMarked, by: str, slack_id: str) -> None:
    """The last one who takes the mark back withdraws the line; it stays, and says so."""
    left = [person for person in told.marked_by if person != by]
    if len(left) == len(told.marked_by):
        return
    line.data = {**line.data, "marked_by": left, "reacted": [one for one in told.reacted if one != slack_id]}
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
        # What somebody wrote themselves is theirs to strike out.
        if line.by != s.by or line.kind not in OWN:
            s.must(Act.TIMELINE)
        if not why.strip():
            raise Refused(f"Say why: `/incident timeline hide {number} because …`.")
        line.withdrawn, line.withdrawn_by, line.withdrawn_why = True, s.by, why.strip()[:300]
        s.session.add(line)
        return Reply(f"Line {number} is struck out; it stays in the record, with your reason.", s.incident.id)

    return await change(world, asking, "timeline", act)


async def edit(world: World, asking: Asking, *, number: int, words: str) -> Reply:
    """Put a note right; what it said before stays in the record. Somebody else's needs `… because why` at the end."""

    async def act(s: Scene) -> Reply:
        line = await _numbered(s, number)
        if line.kind != "noted" or line.withdrawn:
            raise Refused(
                "Only notes can be changed: what was done or said stands as it was. `/incident note …` adds what is missing."
            )
        new, _, why = words.strip().rpartition(" because ")
        new = new or words.strip()
        if line.by != s.by:
            s.must(Act.TIMELINE)
            if not why or new == why:
                raise Refused(
                    f"It is not your note, so say why: `/incident timeline edit {number} … because …`."
                )
        told = event(line.kind, line.data)
        assert isinstance(told, Noted)
        if new == told.note:
            return Reply(f"Line {number} says that already.", s.incident.id)
        [again] = incidents.noted(s.incident, text=new).events
        line.data = again.data()
        s.session.add(line)
        await s.record(Decision(events=(LineEdited(number, told.note, new, why if new != why else ""),)))
        return Reply(
            f"Line {number} reads “{new[:200]}” now; what it said before stays in the record.", s.incident.id
        )

    return await change(world, asking, "timeline", act)


async def restore(world: World, asking: Asking, *, number: int) -> Reply:
    async def act(s: Scene) -> Reply:
        line = await _numbered(s, number)
        if not line.withdrawn:
            return Reply(f"Line {number} is not struck out.", s.incident.id)
        if not line.by == s.by == line.withdrawn_by:
            s.must(Act.TIMELINE)
        line.withdrawn, line.withdrawn_by, line.withdrawn_why = False, "", ""
        s.session.add(line)
        return Reply(f"Line {number} stands again.", s.incident.id)

    return await change(world, asking, "timeline", act)


OWN = frozenset({"message_marked", "noted", "updated"})
"""What its author may strike out; that a message was edited or deleted is the record's and not theirs."""

HIDEABLE = frozenset({"message_marked", "message_edited", "message_deleted", "noted", "updated"})


async def _numbered(s: Scene, number: int) -> Entry:
    line = await store.entry(s.session, number)
    if line is None or line.incident_id != s.incident.id:
        raise Refused(f"{s.incident.key} has no line {number}; `/incident timeline` shows the numbers.")
    return line


# ---- coming back -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A message as it stands in Slack now: its words, and who has which reaction on it."""

    text: str
    marks: Mapping[str, tuple[str, ...]]


async def marked_lines(session: AsyncSession, incident: int) -> Sequence[Entry]:
    rows = select(Entry).where(Entry.incident_id == incident, Entry.kind == "message_marked")
    return (await session.exec(rows)).all()


def missed(
    incident: Incident, lines: Sequence[Entry], now: Mapping[str, Standing], marks: Reactions, *, at: datetime
) -> list[Order]:
    """What has to be asked for so that the record says what Slack says. `now`: the channel's messages by their ts.

    A line that somebody made by the shortcut has no reaction in Slack, so only marks that were one are taken back.
    """
    assert incident.id is not None
    number, channel, found = incident.id, incident.channel_id, list[Order]()
    for ts, message in now.items():
        for mark in (marks.timeline, marks.useless, marks.missing):
            found += [
                MarkMessage(number, channel, ts, by, mark, "missed") for by in message.marks.get(mark, ())
            ]
    for line in lines:
        told = event(line.kind, line.data)
        assert isinstance(told, MessageMarked)
        if told.channel != channel:
            continue
        stands = now.get(told.ts)
        if stands is None:
            found.append(FollowMessage(number, channel, told.ts, "", "deleted", "", at.isoformat()))
        elif stands.text != told.message:
            found.append(FollowMessage(number, channel, told.ts, "", "edited", stands.text, at.isoformat()))
        if stands is not None and not line.withdrawn:
            gone = set(told.reacted) - set(stands.marks.get(marks.timeline, ()))
            found += [
                FollowMessage(number, channel, told.ts, by, "unmarked", "", at.isoformat())
                for by in sorted(gone)
            ]
    return found


async def catch_up(world: World, since: datetime) -> int:
    """Ask for a look into every incident's channel in which something may have been marked since; how many."""
    async with world.db.transaction() as session:
        found: Sequence[Incident] = await store.lately(session, since)
        for incident in found:
            assert incident.id is not None
            await enqueue(session, CatchUp(incident.id, since.isoformat()), now=world.clock())
    return len(found)
