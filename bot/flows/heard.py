"""What Slack tells us of channels: many events are written in one transaction, and acknowledged once they are kept."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import FollowChannel, FollowMessage, FollowPerson, MarkMessage, Order
from bot.db import insert
from bot.engine import enqueue_all
from bot.flows import World, timelines
from bot.flows.timelines import files_of, moment, source_of
from bot.models import Account, Entry, Inbound, Incident, Job, JobState, Said, Spoke

MOST = 200
"""Events in one transaction: a command that wants to write waits for no longer batch."""

DELETED, CHANGED = "message_deleted", "message_changed"

SAYS = frozenset({"", "bot_message", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of what somebody says; the others tell of joins, topics and the like.  https://docs.slack.dev/reference/events/message"""

LONGEST = 12_000
"""Characters of a message that are kept: four times what a timeline shows, for what Slack encodes."""
LIFE: Mapping[str, str] = {
    "member_joined_channel": "joined",
    "member_left_channel": "left",
    **{
        f"{kind}_{event}": what
        for kind in ("channel", "group")
        for event, what in {
            "rename": "renamed",
            "archive": "archived",
            "unarchive": "unarchived",
            "deleted": "deleted",
            "left": "we left",
        }.items()
    },
}
"""Events about a channel itself, and the word of flows.channels for each."""


@dataclass(frozen=True)
class Heard:
    """One event of Slack's. `id` is the same when it is delivered again."""

    id: str
    event: Mapping[str, Any]


class Hearing:
    """Gathers events while a transaction is under way, so that a flood costs one commit and not hundreds."""

    def __init__(self, world: World, plain: Callable[[str, Mapping[str, str]], str]) -> None:
        """`plain` turns what Slack encodes into words, given what accounts are called."""
        self._world, self._plain = world, plain
        self._waiting: list[tuple[Heard, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._channels: dict[str, int] = {}

    async def keep(self, heard: Heard) -> None:
        """Returns once the event is kept (or is nothing of ours). Raises what the database raises: Slack sends it again."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((heard, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._keep([heard for heard, _ in batch])
            except Exception as error:  # whoever waits is told, whatever it is
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(error)
                continue
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(None)

    async def _keep(self, batch: Sequence[Heard]) -> None:
        world = self._world
        async with world.db.reading() as session:
            ours = [
                heard
                for heard in batch
                if _gone(heard.event) or await self._incident(session, _channel(heard.event))
            ]
            us = await store.installation(session) if any(_we_left(h.event) for h in ours) else None
        if not ours:
            return
        now = world.clock()
        async with world.db.transaction() as session:
            fresh = await _claimed(session, ours, now)
            said: dict[tuple[int, str], tuple[datetime, int]] = {}
            messages: dict[tuple[str, str], dict[str, Any]] = {}
            orders: list[Order] = []
            people = await _people(session, fresh)
            for heard in fresh:
                if _gone(heard.event):
                    orders.append(FollowPerson(str(heard.event["user"]["id"]), _told_at(heard.event)))
                    continue
                incident = self._channels[_channel(heard.event)]
                orders += self._orders(incident, heard, people, us.bot_user_id if us else "")
                row = _message(incident, heard.event, now)
                if row is not None:
                    _newest(messages, row)
                who = _speaker(heard.event)
                if who:
                    at, times = said.get((incident, who), (now, 0))
                    said[incident, who] = (at, times + 1)
            orders = await _of_marked(session, orders)
            await _said(session, list(messages.values()))
            orders = await timelines.take_known(world, session, orders, self._plain)
            await enqueue_all(session, [(order, None) for order in orders], now=now)
            await _spoke(session, said)

    async def _incident(self, session: AsyncSession, channel: str) -> int | None:
        """The incident whose channel it is. One that is known is remembered; a channel never changes its incident."""
        if channel and channel not in self._channels:
            rows = select(Incident.id).where(Incident.channel_id == channel)
            found = (await session.exec(rows)).first()
            if found is None:
                return None
            self._channels[channel] = int(found)
        return self._channels.get(channel)

    def _orders(self, incident: int, heard: Heard, people: Mapping[str, str], us: str) -> list[Order]:
        told, channel = heard.event, _channel(heard.event)
        kind = str(told.get("type"))
        if kind in LIFE:
            what, by = LIFE[kind], str(told.get("user") or "")
            if _we_left(
                told
            ):  # told twice, as our own event and as everybody's: whichever comes first counts
                what, by = "left", us
            place = told.get("channel")
            name = str(place.get("name") or "") if isinstance(place, Mapping) else ""
            return [FollowChannel(incident, channel, what, by, name, _told_at(told))]
        if kind in {"reaction_added", "reaction_removed"}:
            mark, at = str(told.get("reaction")), self._at(told)
            ts, by = str(told["item"].get("ts")), str(told.get("user"))
            marks = self._world.config.reactions
            if kind == "reaction_added" and mark in {marks.timeline, marks.useless, marks.missing}:
                return [MarkMessage(incident, channel, ts, by, mark, at)]
            if kind == "reaction_removed" and mark == marks.timeline:
                return [FollowMessage(incident, channel, ts, by, "unmarked", "", at)]
            return []
        at = self._at(told)
        if told.get("subtype") == CHANGED:
            message = told.get("message") or {}
            text = self._plain(str(message.get("text") or ""), people)
            by, ts = str(message.get("user") or ""), str(message.get("ts"))
            return [FollowMessage(incident, channel, ts, by, "edited", text, at)]
        if told.get("subtype") == DELETED:
            by = str((told.get("previous_message") or {}).get("user") or "")
            return [FollowMessage(incident, channel, str(told.get("deleted_ts")), by, "deleted", "", at)]
        return []

    def _at(self, told: Mapping[str, Any]) -> str:
        """When it happened; now, where Slack doesn't say: a time that can't be read must not keep the others waiting."""
        try:
            return moment(told.get("event_ts") or told.get("ts")).isoformat()
        except ValueError:
            return self._world.clock().isoformat()


def _channel(told: Mapping[str, Any]) -> str:
    item, place = told.get("item"), told.get("channel")
    if isinstance(place, Mapping):  # a renamed channel comes whole
        return str(place.get("id") or "")
    return str((item.get("channel") if isinstance(item, Mapping) else place) or "")


def _told_at(told: Mapping[str, Any]) -> str:
    return str(told.get("event_ts") or told.get("ts") or "")


def _we_left(told: Mapping[str, Any]) -> bool:
    return told.get("type") in {"channel_left", "group_left"}


def _gone(told: Mapping[str, Any]) -> bool:
    """Whether an account was deactivated; every other change of a profile is none of our business."""
    user = told.get("user")
    return told.get("type") == "user_change" and isinstance(user, Mapping) and bool(user.get("deleted"))


def _speaker(told: Mapping[str, Any]) -> str:
    """Whose sign of life it is; "" for what programs say and for what is only changed."""
    if told.get("type") in LIFE:
        return ""  # to come, to go or to tidy up is not to say anything
    if told.get("type") == "message" and (told.get("bot_id") or told.get("subtype") in {CHANGED, DELETED}):
        return ""
    return str(told.get("user") or "")


async def _claimed(session: AsyncSession, batch: Sequence[Heard], now: datetime) -> list[Heard]:
    """Those of the batch that were never heard before, each once."""
    each = {f"event:{heard.id}": heard for heard in batch}
    rows = [{"request_id": id, "received_at": now, "reply": ""} for id in each]
    link = await session.connection()
    claim = insert(link.dialect.name, Inbound).on_conflict_do_nothing().returning(col(Inbound.request_id))
    return [each[id] for id in (await link.execute(claim, rows)).scalars().all()]


async def _of_marked(session: AsyncSession, orders: Sequence[Order]) -> list[Order]:
    """Without what became of messages that nobody has marked: most edits and deletions are of no concern."""
    followed = {source_of(o.channel, o.ts) for o in orders if isinstance(o, FollowMessage)}
    if not followed:
        return list(orders)
    known = set((await session.exec(select(Entry.source).where(col(Entry.source).in_(followed)))).all())
    about_to = {source_of(o.channel, o.ts) for o in orders if isinstance(o, MarkMessage)}
    # A mark whose job has not run yet: the lane keeps what follows behind it.
    lanes = select(Job.lane).where(col(Job.lane).in_(followed), Job.state == JobState.READY)
    known |= set((await session.exec(lanes)).all())
    return [
        o
        for o in orders
        if not isinstance(o, FollowMessage)
        or source_of(o.channel, o.ts) in known | about_to
        or o.what == "unmarked"
    ]


async def _people(session: AsyncSession, batch: Sequence[Heard]) -> dict[str, str]:
    """What accounts are called; read only where an edit has to be put into words."""
    if not any(heard.event.get("subtype") == CHANGED for heard in batch):
        return {}
    return {a.slack_id: a.name or a.person for a in (await session.exec(select(Account))).all()}


def _message(incident: int, told: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """The message that an event tells of, as it is now; None where it tells of none."""
    if told.get("type") != "message":
        return None
    kind = str(told.get("subtype") or "")
    found = {CHANGED: told.get("message"), DELETED: told.get("previous_message")}.get(kind, told)
    if not isinstance(found, Mapping) or (kind not in {CHANGED, DELETED} and kind not in SAYS):
        return None
    ts = str(told.get("deleted_ts") or found.get("ts") or "")
    return {
        "channel_id": str(told.get("channel") or ""),
        "ts": ts,
        "incident_id": incident,
        "author": str(found.get("user") or found.get("bot_id") or ""),
        "text": str(found.get("text") or "")[:LONGEST],
        "files": files_of(found),
        "edited": str((found.get("edited") or {}).get("ts") or ""),
        "deleted": kind == DELETED,
        "heard_at": now,
    }


def _newest(rows: dict[tuple[str, str], dict[str, Any]], row: dict[str, Any]) -> None:
    """Events come in any order: the last edit is what a message says, and what is deleted stays so."""
    key = (row["channel_id"], row["ts"])
    old = rows.get(key)
    if old is not None:
        newer = row if row["edited"] >= old["edited"] else old
        row = {**newer, "deleted": row["deleted"] or old["deleted"]}
    rows[key] = row


async def _said(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    link = await session.connection()
    new = insert(link.dialect.name, Said)
    fresh = new.excluded
    newer = fresh.edited >= Said.edited
    await link.execute(
        new.on_conflict_do_update(
            index_elements=["channel_id", "ts"],
            set_={
                "text": case((newer, fresh.text), else_=Said.text),
                "files": case((newer, fresh.files), else_=Said.files),
                "edited": case((newer, fresh.edited), else_=Said.edited),
                "deleted": or_(Said.deleted, fresh.deleted),  # type: ignore[arg-type]  # a column, once it is mapped
            },
        ),
        list(rows),
    )


async def _spoke(session: AsyncSession, said: Mapping[tuple[int, str], tuple[datetime, int]]) -> None:
    if not said:
        return
    rows = [
        {"incident_id": incident, "slack_id": who, "at": at, "times": times}
        for (incident, who), (at, times) in said.items()
    ]
    link = await session.connection()
    new = insert(link.dialect.name, Spoke)
    excluded = new.excluded
    await link.execute(
        new.on_conflict_do_update(
            index_elements=["incident_id", "slack_id"],
            set_={"at": excluded.at, "times": Spoke.times + excluded.times},
        ),
        rows,
    )
