"""What jobs do in Slack when an incident becomes private: what stood open is closed, as far as Slack lets us."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import CloseChannel, Order, TakeBack
from bot.engine import Context, Done, Handler, Retry
from bot.flows import World, accounts, may_see, privacy
from bot.slack.client import SlackRefused, call, given_up, look

AT_ONCE = 25
"""Messages deleted in one go: Slack lets us delete about 50 a minute, and a job's time is short."""

GONE = frozenset({"message_not_found", "thread_not_found", "channel_not_found"})

ADMIN = "a workspace admin can delete the channel, or unarchive it for their authors"


class PrivacyJobs:
    """The handlers; each looks at what is left, so that twice is harmless."""

    def __init__(self, world: World, client: AsyncWebClient) -> None:
        self.world = world
        self.client = client

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {
            TakeBack: self.take_back,
            CloseChannel: self.close_channel,
        }

    async def take_back(self, order: TakeBack, ctx: Context) -> Done:
        """Our message and our replies under it. Where we aren't a member the replies can't be looked for."""
        left, hidden = 0, False
        try:
            thread = await self._thread(order.channel, order.ts)
        except SlackRefused as error:
            if error.error not in GONE | {"not_in_channel", "missing_scope"}:
                raise given_up(error, f"read {order.where}") from error
            thread, hidden = [], error.error not in GONE
        us = await self._us()
        for reply in thread:
            if reply.get("ts") != order.ts and reply.get("user") == us and not reply.get("subtype"):
                await self._delete(order.channel, str(reply["ts"]), order.where)
            elif reply.get("ts") != order.ts and not reply.get("subtype"):
                left += 1
        await self._delete(order.channel, order.ts, order.where)
        replies = f"{left} repl{'y' if left == 1 else 'ies'} of people under {order.where}"
        stays = [(replies, "whoever wrote them, or a workspace admin, can delete them")] if left else []
        if hidden:
            stays.append(
                (
                    f"replies under {order.where}, if there are any",
                    "those in that channel can see and delete them",
                )
            )
        return Done({}, partial(self._closed, order, shut=[order.where], stays=stays))

    async def _closed(self, order: TakeBack | CloseChannel, session: AsyncSession, **what: Any) -> None:
        await privacy.closed(self.world, session, order, **what)

    async def _us(self) -> str:
        async with self.world.db.reading() as session:
            us = await store.installation(session)
        return us.bot_user_id if us else ""

    async def _thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await look(
                self.client, "conversations.replies", channel=channel, ts=ts, limit=200, cursor=cursor
            )
            found += page.get("messages", [])
            cursor = page.get("response_metadata", {}).get("next_cursor") or None
            if cursor is None:
                return found

    async def _delete(self, channel: str, ts: str, where: str) -> None:
        try:
            await call(self.client, "chat.delete", throttle="slack:chat.delete", channel=channel, ts=ts)
        except SlackRefused as error:
            if error.error not in GONE:
                raise given_up(error, f"delete {where}") from error

    async def close_channel(self, order: CloseChannel, ctx: Context) -> Done:
        """Delete what we said, part by part; when nothing of it is left: bookmarks, topic, name, and the archive."""
        us, ours, theirs = await self._us(), 0, 0
        info: dict[str, Any] = {}
        try:
            info = (await look(self.client, "conversations.info", channel=order.channel))["channel"]
            # By people before we came, or by us in a try whose end was lost: nothing can be deleted there any more.
            archived = bool(info.get("is_archived"))
            async for message in self._said(order.channel):
                if message.get("subtype"):
                    continue
                if message.get("user") != us:
                    theirs += 1
                    continue
                ours += 1
                if archived:
                    continue
                if ours > AT_ONCE:
                    return Done({}, partial(self._closed, order, more=True))
                await self._delete(
                    order.channel, str(message["ts"]), "a message in the channel that was open"
                )
        except SlackRefused as error:
            if error.error in GONE:
                return Done({}, partial(self._closed, order, shut=["the channel that was open is gone"]))
            if error.error == "not_in_channel" and info.get("is_archived"):
                # Archiving puts us out. The name tells whether it was we who did it, in a try whose end was lost.
                by_us = info.get("name") == f"inc-{order.incident}-closed"
                return await self._shut(order, info, theirs=0 if by_us else -1)
            if error.error == "not_in_channel" and await self._came_in(order.channel):
                raise Retry("in the channel again, to close it", after=timedelta(seconds=0.2)) from error
            raise given_up(error, "empty the channel that was open") from error
        if ours and archived:
            return await self._shut(order, info, theirs=-1)
        if ours:
            # Something may have been said meanwhile: it is looked through until nothing of ours is found.
            return Done({}, partial(self._closed, order, more=True))
        return await self._shut(order, info, theirs=theirs)

    async def _came_in(self, channel: str) -> bool:
        """We had been thrown out of it: whoever isn't in a channel can delete nothing there."""
        try:
            await call(self.client, "conversations.join", channel=channel)
        except SlackRefused:
            return False
        return True

    async def _said(self, channel: str) -> AsyncIterator[dict[str, Any]]:
        """Every message of a channel, replies before what they stand under."""
        cursor: str | None = None
        while True:
            page = await look(self.client, "conversations.history", channel=channel, limit=200, cursor=cursor)
            for message in page.get("messages", []):
                if message.get("reply_count"):
                    for reply in await self._thread(channel, str(message["ts"])):
                        if reply.get("ts") != message.get("ts"):
                            yield reply
                yield message
            cursor = page.get("response_metadata", {}).get("next_cursor") or None
            if cursor is None:
                return

    async def _shut(self, order: CloseChannel, info: dict[str, Any], *, theirs: int) -> Done:
        """`theirs`: how many messages of people stay; -1 where the channel was archived before we could look."""
        old = str(info.get("name"))
        name, stays = f"inc-{order.incident}-closed", list[tuple[str, str]]()
        people = await self._strangers(order)
        shut: list[str] = []
        if theirs < 0:
            stays.append(
                (f"what was said in #{old}, which is archived", "a workspace admin can delete the channel")
            )
        else:
            shut = [f"what Writeback said in the channel that was open, now #{name} and archived"]
            stays += await self._empty(order, info, name)
            if theirs:
                what = f"{theirs} message{'' if theirs == 1 else 's'} of people in #{name}"
                stays.append((what, ADMIN))
            what = f"Slack's own lines about topic and name in #{name}, the former name among them"
            stays.append((what, "only a workspace admin can remove them, by deleting the channel"))
        if people:
            key = f"INC-{order.incident}"
            stays.append(
                (
                    f"{', '.join(people)} could read it until now and {'is' if len(people) == 1 else 'are'} not let in",
                    f"`/incident admit {key} @person` lets somebody in",
                )
            )
        return Done({}, partial(self._closed, order, shut=shut, stays=stays))

    async def _empty(self, order: CloseChannel, info: dict[str, Any], name: str) -> list[tuple[str, str]]:
        """Everything but the messages; what Slack refuses, each with the fix."""
        if info.get("is_archived"):
            return []
        refused: list[tuple[str, str]] = []
        marks: list[dict[str, Any]] = []
        try:
            found = await look(self.client, "bookmarks.list", channel_id=order.channel)
            marks = found.get("bookmarks", [])
        except SlackRefused as error:
            refused.append((f"the bookmarks of #{name}", error.sentence("read them")))
        steps: list[tuple[str, str, dict[str, Any]]] = [
            (
                f"a bookmark of #{name}",
                "bookmarks.remove",
                {"channel_id": order.channel, "bookmark_id": mark["id"]},
            )
            for mark in marks
        ]
        at = {"channel": order.channel}
        steps += [
            (f"the {what} of #{name}", f"conversations.set{what.title()}", at | {what: ""})
            for what in ("topic", "purpose")
            # Slack writes a line for each, also where there was nothing to clear.
            if info.get(what, {}).get("value")
        ]
        steps += [
            ("the name of the channel that was open", "conversations.rename", at | {"name": name}),
            (f"the channel #{name} itself", "conversations.archive", at),
        ]
        for what, method, args in steps:
            try:
                await call(self.client, method, **args)
            except SlackRefused as error:
                if error.error not in {"already_archived", "bookmark_not_found"}:
                    refused.append((what, error.sentence(f"call {method}")))
        return refused

    async def _strangers(self, order: CloseChannel) -> list[str]:
        """Who is in the channel that was open and isn't named in the incident."""
        try:
            members = (await look(self.client, "conversations.members", channel=order.channel, limit=200))[
                "members"
            ]
        except SlackRefused:
            return []
        us, strangers = await self._us(), list[str]()
        async with self.world.db.reading() as session:
            incident = await store.incident(session, order.incident)
            for slack_id in members:
                who = await store.person_of(session, slack_id, self.world.catalog)
                if slack_id != us and incident and not await may_see(session, self.world, incident, who):
                    strangers.append(slack_id)
        return [await self._called(slack_id) for slack_id in strangers[:20]]

    async def _called(self, slack_id: str) -> str:
        async with self.world.db.reading() as session:
            name = await store.names(session, self.world.catalog)
            who = await store.person_of(session, slack_id, self.world.catalog)
        if name(who) != slack_id:
            return name(who)
        try:
            user = (await look(self.client, "users.info", user=slack_id))["user"]
        except SlackRefused:
            return slack_id
        async with self.world.db.transaction() as session:
            await accounts.learn(self.world, session, user)
        return str(user.get("real_name") or user.get("name") or slack_id)
