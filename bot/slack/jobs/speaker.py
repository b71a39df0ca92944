"""What every handler works with: client, world, and how a message is sent once and looked for before it is repeated."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.timeline import Name
from bot.engine import Context, GiveUp
from bot.flows import (
    World,
    accounts,
    privacy,
    team_of,
    verdicts,
)
from bot.models import (
    Action,
    Catalog,
    Guidance,
    Incident,
    Page,
    SwitchUse,
    Team,
)
from bot.slack.client import INVALID_BLOCKS, SlackRefused, call, given_up, listed, look
from bot.slack.kit import Message

EVENT = "writeback"
"""The `event_type` of our messages' metadata; its payload carries the job's key, by which a message is found again."""


_CHANNEL_ID = re.compile(r"^[CDG][A-Z0-9]{6,}$")


@dataclass(frozen=True)
class Scenery:
    """One incident as a message needs it, read without a lock."""

    incident: Incident
    team: Team
    catalog: Catalog
    pages: list[Page]
    actions: list[Action]
    name: Name
    guides: list[Guidance]
    uses: list[SwitchUse]
    known: list[verdicts.Known]

    @property
    def channel(self) -> str:
        return self.incident.usable_channel

    def page(self, number: int) -> Page | None:
        return next((page for page in self.pages if page.number == number), None)


class Speaker:
    """The client and the world, with what handlers of every feature need of Slack."""

    def __init__(self, world: World, client: AsyncWebClient) -> None:
        self.world = world
        self.client = client

    async def scenery(self, incident_id: int) -> Scenery:
        catalog = self.world.catalog
        async with self.world.db.reading() as session:
            incident = await store.incident(session, incident_id)
            if incident is None:
                raise GiveUp(f"INC-{incident_id} is not in the database")
            pages = await store.pages(session, incident_id)
            actions = await store.actions(session, incident_id)
            name = await store.names(session, catalog)
            guided = await store.guidance(session, incident_id)
            uses = await store.switch_uses(session, incident_id)
            known = await verdicts.known(session, self.world, incident)
        team = team_of(incident, catalog)
        return Scenery(incident, team, catalog, pages, actions, name, guided, uses, known)

    async def slack_id(self, person: str) -> str:
        """The account of a person, looked up by e-mail when nobody has yet. Raises GiveUp when there is none."""
        catalog = self.world.catalog
        async with self.world.db.reading() as session:
            known = await store.slack_id_of(session, person, catalog)
        if known:
            return known
        found = catalog.people.get(person)
        if found is None or not found.email:
            raise GiveUp(f"no Slack account is known for {person}: set `slack` or `email` in the catalog")
        try:
            user = (await look(self.client, "users.lookupByEmail", email=found.email))["user"]
        except SlackRefused as error:
            raise given_up(error, f"find the account of {person} ({found.email})") from error
        async with self.world.db.transaction() as session:
            await accounts.learn(self.world, session, user, person=person)
        return str(user["id"])

    async def slack_ids(self, people: Sequence[str]) -> tuple[list[str], GiveUp | None]:
        """The accounts of `people`, in order of their ids, and why one of them has none."""
        ids, missing = [], None
        for person in people:
            if person in self.world.catalog.people:
                try:
                    ids.append(await self.slack_id(person))
                except GiveUp as error:
                    missing = error
        return sorted(ids), missing

    async def post(
        self,
        ctx: Context,
        channel: str,
        message: Message,
        *,
        what: str,
        throttle: str | None = None,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> tuple[str, str]:
        """Post once, observed: the (channel id, ts) of the message, found again if an earlier try had sent it."""
        if ctx.uncertain:
            sent = await self._already(ctx, channel, thread)
            if sent:
                return sent
        ctx.must_have_time()
        given: dict[str, Any] = {
            "throttle": throttle,
            "channel": channel,
            "thread_ts": thread,
            "reply_broadcast": True if broadcast else None,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": EVENT, "event_payload": {"key": ctx.key or f"job:{ctx.job_id}"}},
        }
        try:
            try:
                answer = await call(self.client, "chat.postMessage", **given, **message.args())
            except SlackRefused as error:
                if not (message.is_drawn and error.error.startswith(INVALID_BLOCKS)):
                    raise
                answer = await call(self.client, "chat.postMessage", **given, **message.undrawn().args())
        except SlackRefused as error:
            raise given_up(error, what) from error
        return str(answer["channel"]), str(answer["ts"])

    async def _already(self, ctx: Context, channel: str, thread: str | None) -> tuple[str, str] | None:
        """Whether an earlier try posted: its message carries the job's key."""
        try:
            if channel.startswith(("U", "W")):
                channel = str((await call(self.client, "conversations.open", users=channel))["channel"]["id"])
            elif not _CHANNEL_ID.match(channel):
                channel = await self.channel_id(channel) or channel
            oldest = f"{(ctx.created_at - timedelta(seconds=60)).timestamp():.6f}"
            method = "conversations.replies" if thread else "conversations.history"
            found = await look(
                self.client,
                method,
                channel=channel,
                ts=thread,
                oldest=oldest,
                limit=200,
                include_all_metadata="true",
            )
        except SlackRefused as error:
            if error.error in {"channel_not_found", "not_in_channel"}:
                return None  # we may write to it but not read it
            raise given_up(error, "look for a message that may have been sent") from error
        for sent in found.get("messages", []):
            if sent.get("metadata", {}).get("event_payload", {}).get("key") == (
                ctx.key or f"job:{ctx.job_id}"
            ):
                return channel, str(sent["ts"])
        return None

    async def channel_id(self, name: str) -> str | None:
        """The id of the channel that the configuration names; only posting takes names."""
        # Ours first: they are few, and a whole workspace's channels can be thousands.
        for method in ("users.conversations", "conversations.list"):
            async for channel in listed(self.client, method):
                if channel.get("name") == name.removeprefix("#"):
                    return str(channel["id"])
        return None

    async def update(self, channel: str, ts: str, message: Message, *, what: str) -> bool:
        """Whether the message is still there."""
        try:
            await call(self.client, "chat.update", channel=channel, ts=ts, **message.args())
        except SlackRefused as error:
            if error.error in {
                "message_not_found",
                "cant_update_message",
                "channel_not_found",
                "is_archived",
            }:
                return False  # people took it away: there is nothing left that could mislead anybody
            raise given_up(error, what) from error
        return True

    def gone_to(
        self, incident: int, person: str, channel: str, ts: str
    ) -> Callable[[AsyncSession], Awaitable[None]]:
        """A message about an incident has gone to one person, who may not be named in it by now."""

        async def then(session: AsyncSession) -> None:
            found = await store.locked(session, incident) if incident else None
            if found is not None and found.private:
                where = f"a message to {(await store.names(session, self.world.catalog))(person)}"
                await privacy.appeared(
                    session, self.world, incident, channel=channel, ts=ts, where=where, person=person
                )

        return then
