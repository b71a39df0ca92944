"""What Slack tells us of channels: many events are written in one transaction, and acknowledged once they are kept."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import FollowChannel, FollowMessage, FollowPerson, MarkMessage, Order
from bot.db import insert
from bot.engine import enqueue_all
from bot.flows import World
from bot.flows.timelines import source_of
from bot.models import Entry, Inbound, Incident, Spoke

MOST = 200
"""Events in one transaction: a command that wants to write waits for no longer batch."""

DELETED, CHANGED = "message_deleted", "message_changed"

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


def moment(ts: object) -> datetime:
    """A Slack timestamp as an instant."""
    return datetime.fromtimestamp(float(str(ts)), UTC)


class Hearing:
    """Gathers events while a transaction is under way, so that a flood costs one commit and not hundreds."""

    def __init__(self, world: World, plain: Callable[[str], str]) -> None:
        """`plain` turns what Slack encodes into words."""
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

    async def close(self) -> None:
        if self._writing is not None:
            with contextlib.suppress(Exception):
                await self._writing

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._keep([heard for heard, _ in batch])
            except Exception as error:
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
            orders: list[Order] = []
            for heard in fresh:
                if _gone(heard.event):
                    orders.append(FollowPerson(str(heard.event["user"]["id"]), _at(heard.event)))
                    continue
                incident = self._channels[_channel(heard.event)]
                orders += self._orders(incident, heard, us.bot_user_id if us else "")
                who = _speaker(heard.event)
                if who:
                    at, times = said.get((incident, who), (now, 0))
                    said[incident, who] = (at, times + 1)
            orders = await _of_marked(session, orders)
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

    def _orders(self, incident: int, heard: Heard, us: str) -> list[Order]:
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
            return [FollowChannel(incident, channel, what, by, name, _at(told))]
        if kind in {"reaction_added", "reaction_removed"}:
            mark, at = str(told.get("reaction")), moment(told.get("event_ts")).isoformat()
            ts, by = str(told["item"].get("ts")), str(told.get("user"))
            marks = self._world.config.reactions
            if kind == "reaction_added" and mark in {marks.timeline, marks.useless, marks.missing}:
                return [MarkMessage(incident, channel, ts, by, mark, at)]
            if kind == "reaction_removed" and mark == marks.timeline:
                return [FollowMessage(incident, channel, ts, by, "unmarked", "", at)]
            return []
        at = moment(told.get("event_ts") or told.get("ts")).isoformat()
        if told.get("subtype") == CHANGED:
            message = told.get("message") or {}
            text = self._plain(str(message.get("text") or ""))
            by, ts = str(message.get("user") or ""), str(message.get("ts"))
            return [FollowMessage(incident, channel, ts, by, "edited", text, at)]
        if told.get("subtype") == DELETED:
            by = str((told.get("previous_message") or {}).get("user") or "")
            return [FollowMessage(incident, channel, str(told.get("deleted_ts")), by, "deleted", "", at)]
        return []


def _channel(told: Mapping[str, Any]) -> str:
    item, place = told.get("item"), told.get("channel")
    if isinstance(place, Mapping):  # a renamed channel comes whole
        return str(place.get("id") or "")
    return str((item.get("channel") if isinstance(item, Mapping) else place) or "")


def _at(told: Mapping[str, Any]) -> str:
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
    claim = (
        insert(session.get_bind().dialect.name, Inbound)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(col(Inbound.request_id))
    )
    return [each[id] for id in (await session.exec(claim)).scalars().all()]


async def _of_marked(session: AsyncSession, orders: Sequence[Order]) -> list[Order]:
    """Without what became of messages that nobody has marked: most edits and deletions are of no concern."""
    followed = {source_of(o.channel, o.ts) for o in orders if isinstance(o, FollowMessage)}
    if not followed:
        return list(orders)
    known = set((await session.exec(select(Entry.source).where(col(Entry.source).in_(followed)))).all())
    about_to = {source_of(o.channel, o.ts) for o in orders if isinstance(o, MarkMessage)}
    return [
        o
        for o in orders
        if not isinstance(o, FollowMessage)
        or source_of(o.channel, o.ts) in known | about_to
        or o.what == "unmarked"
    ]


async def _spoke(session: AsyncSession, said: Mapping[tuple[int, str], tuple[datetime, int]]) -> None:
    if not said:
        return
    rows = [
        {"incident_id": incident, "slack_id": who, "at": at, "times": times}
        for (incident, who), (at, times) in said.items()
    ]
    new = insert(session.get_bind().dialect.name, Spoke).values(rows)
    excluded = new.excluded
    await session.exec(
        new.on_conflict_do_update(
            index_elements=["incident_id", "slack_id"],
            set_={"at": excluded.at, "times": Spoke.times + excluded.times},
        )
    )
