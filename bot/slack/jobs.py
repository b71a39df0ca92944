"""What jobs do in Slack: each handler makes one effect, and looks before it repeats one whose outcome is unknown."""

import re
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import subscriptions as topics
from bot.core import timeline
from bot.core.channels import ARCHIVED
from bot.core.chasing import Kind
from bot.core.covers import Plan
from bot.core.digests import parse
from bot.core.jobs import (
    AddBookmark,
    Announce,
    ArchiveChannel,
    AskForChannel,
    AskForCover,
    AskForUpdate,
    AskGuide,
    AskOwner,
    AskToResolve,
    AskWhose,
    CatchUp,
    FindAccount,
    InvitePeople,
    LearnProfile,
    MarkMessage,
    OfferCover,
    OpenChannel,
    Order,
    PagePerson,
    PinHeadline,
    PostDigest,
    PostHeadline,
    PostLine,
    PostNews,
    ProposeSwap,
    PublishHome,
    RedrawAnnouncement,
    RedrawGuide,
    RedrawHeadline,
    RedrawPage,
    RejoinChannel,
    Respond,
    ReviveChannel,
    Say,
    SayLast,
    SayMeanwhile,
    SendList,
    SetTeamTopic,
    SetTopic,
    SyncUserGroup,
    Tell,
    TellSubscriber,
    TellTeam,
)
from bot.core.oncall import who
from bot.core.paging import OPEN
from bot.core.timeline import Name
from bot.engine import Context, Done, GiveUp, Handler, Retry, enqueue_all
from bot.flows import (
    Reply,
    World,
    accounts,
    channels,
    chasing,
    covers,
    digests,
    evidence,
    guides,
    may_see,
    pages,
    privacy,
    rotas,
    subscriptions,
    team_of,
    timelines,
    verdicts,
)
from bot.flows import home as homes
from bot.models import (
    Action,
    Alert,
    Catalog,
    Cover,
    CoverKind,
    CoverState,
    Guidance,
    GuidanceState,
    Incident,
    Page,
    SwitchUse,
    Team,
)
from bot.slack import chasing as lists
from bot.slack import guides as asked
from bot.slack import home, kit, learning, messages, reports, updates
from bot.slack.client import INVALID_BLOCKS, SlackRefused, call, given_up, listed, look, post_to
from bot.slack.kit import Message
from bot.slack.text import cut, plain

EVENT = "writeback"
"""The `event_type` of our messages' metadata; its payload carries the job's key, by which a message is found again."""

LOST = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
"""Slack's words for a channel that was deleted, archived, or that we were removed from."""

UNREACHED = frozenset({"no_account", "user_disabled", "user_not_found", "users_not_found", "cannot_dm_bot"})
"""Slack's words for people who can't be written to, and ours for those who have no account that we know."""

CHANNEL_NAME = 80
"""Characters of a channel's name.  https://docs.slack.dev/reference/methods/conversations.create"""


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


class SlackJobs:
    """The handlers, with the client and the world that they work with."""

    def __init__(self, world: World, client: AsyncWebClient) -> None:
        self.world = world
        self.client = client

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {
            PagePerson: self.page_person,
            RedrawPage: self.redraw_page,
            OpenChannel: self.open_channel,
            InvitePeople: self._caring(self.invite_people),
            PostHeadline: self._caring(self.post_headline),
            RedrawHeadline: self._caring(self.redraw_headline),
            PinHeadline: self._caring(self.pin_headline),
            SetTopic: self._caring(self.set_topic),
            AddBookmark: self._caring(self.add_bookmark),
            Announce: self.announce,
            RedrawAnnouncement: self.redraw_announcement,
            PostLine: self._caring(self.post_line),
            MarkMessage: self.mark_message,
            CatchUp: self._caring(self.catch_up),
            AskForUpdate: self._caring(self.ask_for_update),
            PostNews: self.post_news,
            TellSubscriber: self.tell_subscriber,
            RejoinChannel: self.rejoin_channel,
            ReviveChannel: self.revive_channel,
            AskForChannel: self.ask_for_channel,
            SayMeanwhile: self._caring(self.say_meanwhile),
            SayLast: self._caring(self.say_last),
            ArchiveChannel: self._caring(self.archive_channel),
            Tell: self.tell,
            TellTeam: self.tell_team,
            FindAccount: self.find_account,
            LearnProfile: self.learn_profile,
            AskOwner: self.ask_owner,
            AskGuide: self.ask_guide,
            RedrawGuide: self.redraw_guide,
            AskToResolve: self._caring(self.ask_to_resolve),
            AskForCover: self.ask_for_cover,
            ProposeSwap: self.propose_swap,
            OfferCover: self.offer_cover,
            SyncUserGroup: self.sync_user_group,
            SetTeamTopic: self.set_team_topic,
            PostDigest: self.post_digest,
            Respond: self.respond,
            Say: self.say,
            PublishHome: self.publish_home,
            **{order: self._caring(handle) for order, handle in learning.handlers(self).items()},
            SendList: self.send_list,
            AskWhose: self.ask_whose,
        }

    def _caring(self, handler: Handler) -> Handler:
        """`handler`, noticing by Slack's refusal that the incident's channel is gone; then the job goes another way."""

        async def handle(order: Any, ctx: Context) -> Done | None:
            try:
                return await handler(order, ctx)
            except GiveUp as error:
                refused = error.__cause__
                if not isinstance(refused, SlackRefused) or refused.error not in LOST:
                    raise
                if not await channels.lost(self.world, order.incident, refused.channel, refused.error):
                    raise
                raise Retry(f"the channel is lost: {refused.error}", after=timedelta(seconds=0.2)) from error

        return handle

    # ---- reading -------------------------------------------------------------------------------

    async def _scenery(self, incident_id: int) -> Scenery:
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

    async def _slack_id(self, person: str) -> str:
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

    async def _slack_ids(self, people: Sequence[str]) -> tuple[list[str], GiveUp | None]:
        """The accounts of `people`, in order of their ids, and why one of them has none."""
        ids, missing = [], None
        for person in people:
            if person in self.world.catalog.people:
                try:
                    ids.append(await self._slack_id(person))
                except GiveUp as error:
                    missing = error
        return sorted(ids), missing

    # ---- saying --------------------------------------------------------------------------------

    async def _post(
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
                channel = await self._channel_id(channel) or channel
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

    async def _channel_id(self, name: str) -> str | None:
        """The id of the channel that the configuration names; only posting takes names."""
        # Ours first: they are few, and a whole workspace's channels can be thousands.
        for method in ("users.conversations", "conversations.list"):
            async for channel in listed(self.client, method):
                if channel.get("name") == name.removeprefix("#"):
                    return str(channel["id"])
        return None

    async def _update(self, channel: str, ts: str, message: Message, *, what: str) -> bool:
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

    # ---- pages ---------------------------------------------------------------------------------

    async def page_person(self, order: PagePerson, ctx: Context) -> Done:
        catalog = self.world.catalog
        # Read no more than the page itself needs: nothing stands before it.
        async with self.world.db.reading() as session:
            incident = await store.incident(session, order.incident)
            page = await store.page(session, order.incident, order.number)
            known = await store.slack_id_of(session, page.person, catalog) if page else ""
            alert = await _alert(session, incident)
        if incident is None or page is None or page.ts or page.state not in OPEN:
            return Done()
        message = _page(incident, page, catalog, alert)
        try:
            target = (
                page.person[1:] if page.person.startswith("#") else known or await self._slack_id(page.person)
            )
            channel, ts = await self._post(ctx, target, message, what=f"page {page.person}")
        except Retry:
            await pages.slack_fails(self.world, order)
            raise

        async def then(session: AsyncSession) -> None:
            await pages.delivered(self.world, session, order, channel_id=channel, ts=ts, way="Slack")
            if page.person.startswith("#") and not incident.private:
                where = f"the page in {page.person}"
                await privacy.appeared(
                    session, self.world, order.incident, channel=channel, ts=ts, where=where
                )

        return Done({"channel": channel, "ts": ts}, then)

    async def redraw_page(self, order: RedrawPage, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        page = s.page(order.number)
        if page is not None and page.ts:
            async with self.world.db.reading() as session:
                alert = await _alert(session, s.incident)
            message = _page(s.incident, page, s.catalog, alert)
            await self._update(page.channel_id, page.ts, message, what="update a page")
        return Done()

    # ---- the channel ---------------------------------------------------------------------------

    async def open_channel(self, order: OpenChannel, ctx: Context) -> Done:
        """Create the incident's channel. A name that this incident took already is adopted; a stranger's gets ours a suffix."""
        s = await self._scenery(order.incident)
        if s.incident.channel_id:
            return Done()
        # A second channel never takes the first one's name: people could not tell them apart.
        base, tried, adopted = channel_name(s.incident), 1 if order.again else 0, False
        while True:
            tried += 1
            name = base if tried == 1 else f"{base[: CHANNEL_NAME - 4]}-{tried}"
            try:
                # A private incident's channel is never tried as an open one.
                made = (
                    await call(
                        self.client,
                        "conversations.create",
                        name=name,
                        is_private=True if s.incident.private else None,
                    )
                )["channel"]
                break
            except SlackRefused as error:
                if error.error != "name_taken" or tried > 20:
                    raise given_up(error, f"open #{name}") from error
            made = await self._ours(s.incident, base)
            if made:
                adopted = True
                break
        channel_id, name = str(made["id"]), str(made.get("name", name))

        async def then(session: AsyncSession) -> None:
            await channels.opened(
                self.world,
                session,
                order.incident,
                channel_id=channel_id,
                name=name,
                private=bool(made.get("is_private")),
                again=order.again,
                adopted=adopted,
            )

        return Done({"channel": channel_id}, then)

    async def _ours(self, incident: Incident, base: str) -> dict[str, Any] | None:
        """The channel that an earlier try of this very job made: our own, of this name, and no older than the incident."""
        async with self.world.db.reading() as session:
            us = await store.installation(session)
        since = (incident.declared_at - timedelta(minutes=2)).timestamp()
        async for channel in listed(self.client, "users.conversations"):
            mine = us is not None and channel.get("creator") in {us.bot_user_id, us.bot_id}
            # No other incident's: of two without a title in letters, one is `inc-1` and the other `inc-12`.
            named = re.fullmatch(
                rf"{re.escape(base)}|{re.escape(base[: CHANNEL_NAME - 4])}-\d+", channel.get("name", "")
            )
            same = bool(channel.get("is_private")) == incident.private
            if mine and named and same and float(channel.get("created", 0)) >= since:
                return channel
        return None

    async def invite_people(self, order: InvitePeople, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not s.channel:
            return Done()  # whoever is known by then is invited when the channel opens
        ids: dict[str, str] = {}
        async with self.world.db.reading() as session:
            named = [p for p in order.people if await may_see(session, self.world, s.incident, p)]
        for person in named:
            try:
                ids[await self._slack_id(person)] = person
            except GiveUp:
                continue  # said already by the page that could not reach them
        came = await self._invite(s.channel, list(ids)) if ids else []

        async def then(session: AsyncSession) -> None:
            await channels.invited(self.world, session, order.incident, tuple(ids[i] for i in came))

        return Done({}, then)

    async def _invite(self, channel: str, ids: list[str]) -> list[str]:
        """Invite all at once; when some can't be, the others one by one. Returns those who are new there."""
        try:
            await call(self.client, "conversations.invite", channel=channel, users=",".join(ids))
        except SlackRefused as error:
            if len(ids) > 1:
                return [came for one in ids for came in await self._invite(channel, [one])]
            if error.error in {"already_in_channel", "cant_invite_self", "no_user"}:
                return []
            raise given_up(error, "invite people to the channel") from error
        return ids

    async def set_topic(self, order: SetTopic, ctx: Context) -> Done:
        """Slack writes a line into the channel for each topic, so one that would say the same is not set."""
        s = await self._scenery(order.incident)
        topic = messages.topic(s.incident, s.team, s.name)
        if not s.channel or s.incident.topic == topic:
            return Done()
        try:
            await call(
                self.client,
                "conversations.setTopic",
                throttle="conversations.setTopic",
                channel=s.channel,
                topic=topic,
            )
        except SlackRefused as error:
            raise given_up(error, "set the channel's topic") from error

        async def then(session: AsyncSession) -> None:
            await channels.topic_set(session, order.incident, channel_id=s.incident.channel_id, topic=topic)

        return Done({}, then)

    def _headline(self, s: Scenery) -> Message:
        paged = [p.person for p in s.pages if p.state in OPEN and not p.by_hand]
        return messages.headline(
            s.incident,
            s.catalog,
            s.team,
            s.name,
            s.actions,
            paged,
            s.guides,
            s.uses,
            now=self.world.clock(),
            before=verdicts.lines(s.known),
        )

    async def post_headline(self, order: PostHeadline, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if s.incident.headline_ts or not s.channel:
            return Done()
        _, ts = await self._post(ctx, s.channel, self._headline(s), what="post the headline")
        return Done({"ts": ts}, self._drawn(s.incident, ts))

    async def redraw_headline(self, order: RedrawHeadline, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not s.channel or not s.incident.headline_ts or s.incident.headline_revision >= order.revision:
            return Done()
        gone = s.incident.headline_ts
        if await self._update(s.channel, gone, self._headline(s), what="update the headline"):
            return Done({}, self._drawn(s.incident, ""))

        async def then(session: AsyncSession) -> None:
            await channels.headline_gone(self.world, session, order.incident, ts=gone)

        return Done({}, then)

    def _drawn(self, drawn: Incident, ts: str) -> Callable[[AsyncSession], Awaitable[None]]:
        async def then(session: AsyncSession) -> None:
            assert drawn.id is not None
            await channels.headline_posted(
                self.world,
                session,
                drawn.id,
                channel_id=drawn.channel_id,
                ts=ts,
                revision=drawn.revision,
            )

        return then

    async def pin_headline(self, order: PinHeadline, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not s.channel or not s.incident.headline_ts:
            return Done()
        try:
            await call(self.client, "pins.add", channel=s.channel, timestamp=s.incident.headline_ts)
        except SlackRefused as error:
            if error.error != "already_pinned":
                raise given_up(error, "pin the headline") from error
        return Done()

    async def add_bookmark(self, order: AddBookmark, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not s.channel:
            return Done()
        try:
            if ctx.uncertain:
                there = await look(self.client, "bookmarks.list", channel_id=s.channel)
                if any(mark.get("link") == order.url for mark in there.get("bookmarks", [])):
                    return Done()
            await call(
                self.client,
                "bookmarks.add",
                channel_id=s.channel,
                title=order.title[:100],
                type="link",
                link=order.url,
            )
        except SlackRefused as error:
            raise given_up(error, "add the bookmark") from error
        return Done()

    async def announce(self, order: Announce, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        target = self.world.config.slack.announce_channel
        if s.incident.announce_ts or s.incident.private or s.incident.test or not target:
            return Done()
        message = messages.announcement(s.incident, s.team, s.name)
        channel, ts = await self._post(
            ctx, target, message, what=f"announce in #{target}", throttle="announcements"
        )
        drawn = s.incident.revision

        async def then(session: AsyncSession) -> None:
            await channels.announced(
                self.world, session, order.incident, channel_id=channel, ts=ts, revision=drawn
            )

        return Done({"channel": channel, "ts": ts}, then)

    async def redraw_announcement(self, order: RedrawAnnouncement, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        drawn_already = s.incident.announce_revision >= order.revision
        if not s.incident.announce_ts or drawn_already or s.incident.private:
            return Done()
        message = messages.announcement(s.incident, s.team, s.name)
        await self._update(
            s.incident.announce_channel, s.incident.announce_ts, message, what="update the announcement"
        )
        drawn = s.incident.revision

        async def then(session: AsyncSession) -> None:
            await channels.announced(
                self.world, session, order.incident, channel_id="", ts="", revision=drawn
            )

        return Done({}, then)

    async def post_line(self, order: PostLine, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        async with self.world.db.reading() as session:
            entry = await store.entry(session, order.entry)
        if entry is None or entry.withdrawn:
            return Done()
        if s.channel and not s.incident.headline_ts and ctx.attempts < 10:
            raise Retry("the headline comes first", after=timedelta(milliseconds=100))
        target, thread = s.channel, None
        # News stand in the thread anyway, and what is private is said nowhere else.
        news = entry.kind in timeline.KINDS and topics.is_news(timeline.event(entry.kind, entry.data))
        if not target and not news and not s.incident.private:
            target, thread = s.incident.announce_channel, s.incident.announce_ts
        if not target:
            return Done()  # the timeline has it; there is no place in Slack to say it
        line = timeline.line(entry, s.name)
        message = messages.said(line, str(entry.data.get("link") or ""))
        if entry.kind == "action_suggested":
            message = messages.candidate(line, s.incident, str(entry.data["action"]))
        channel, ts = await self._post(
            ctx,
            target,
            message,
            what="post to the channel",
            throttle=f"channel:{order.incident}",
            thread=thread,
        )
        return Done({"channel": channel, "ts": ts})

    # ---- those who wait ------------------------------------------------------------------------

    async def ask_for_update(self, order: AskForUpdate, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        due = s.incident.next_update_at
        if s.incident.is_over or due is None or due.isoformat() != order.due:
            return Done()  # answered meanwhile
        target = await self._slack_id(order.person) if order.person else s.channel
        if target:
            message = updates.due(s.incident, order.why, order.due)
            await self._post(ctx, target, message, what="remind of the update that is due")
        return Done()

    async def post_news(self, order: PostNews, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        async with self.world.db.reading() as session:
            entry = await store.entry(session, order.entry)
        if entry is None or entry.withdrawn or s.incident.private or not s.incident.announce_ts:
            return Done()
        await self._post(
            ctx,
            s.incident.announce_channel,
            messages.said(timeline.line(entry, s.name)),
            what="post to the announcement's thread",
            throttle=f"channel:{s.incident.announce_channel}",
            thread=s.incident.announce_ts,
            broadcast=entry.kind in topics.LOUD,
        )
        return Done()

    async def tell_subscriber(self, order: TellSubscriber, ctx: Context) -> Done:
        """Told to wait, all of them wait: nobody's page stands behind five hundred who are curious."""
        wanted = await subscriptions.wanted(self.world, order)
        if wanted is None:
            return Done()
        incident, entry = wanted
        async with self.world.db.reading() as session:
            name = await store.names(session, self.world.catalog)
            person = await store.person_of(session, order.slack_id, self.world.catalog)
        message = updates.news(incident, timeline.line(entry, name), order.about)
        channel, ts = await self._post(
            ctx, order.slack_id, message, what="tell a subscriber", throttle="subscribers"
        )
        return Done({"channel": channel, "ts": ts}, self._to(order.incident, person, channel, ts))

    # ---- what is left to do --------------------------------------------------------------------

    async def send_list(self, order: SendList, ctx: Context) -> Done:
        """Everything of one person's; nothing when nothing waits. Of somebody who can't be written to, others hear."""
        if order.left:
            async with self.world.db.reading() as session:
                named = await chasing.named_already(session, order)
            if named is None and ctx.attempts < 10:
                raise Retry("their own list comes first", after=timedelta(milliseconds=200))
            if named:
                return Done()
        shown = await chasing.shown(self.world, order.person, left=order.left)
        if not shown.mine.things:
            return Done()
        message = lists.listed(shown, week=f"week {order.week.partition('-W')[2].lstrip('0')}")
        try:
            target = await self._slack_id(order.person)
            channel, ts = await self._post(ctx, target, message, what="send a list", throttle="lists")
        except GiveUp as error:
            refused = error.__cause__
            word = refused.error if isinstance(refused, SlackRefused) else "no_account"
            if word not in UNREACHED:
                raise
            why = str(error)

            async def then(session: AsyncSession) -> None:
                await chasing.unreachable(
                    self.world, session, order, left_slack=word == "user_disabled", why=why
                )

            return Done({"unreached": word}, then)
        left = sorted({t.action.owner for t in shown.mine.things if t.kind is Kind.LEFT and t.action})
        return Done({"channel": channel, "ts": ts, "left": left})

    async def ask_whose(self, order: AskWhose, ctx: Context) -> Done:
        found = await chasing.whose(self.world, order)
        if found is None:
            return Done()
        if order.person:
            target = await self._slack_id(order.person)
        else:
            target = (found.team.channel if found.team else "") or self.world.config.slack.announce_channel
        if target:
            await self._post(ctx, target, lists.whose(found), what="ask whose an action item is")
        return Done()

    # ---- the care of the channel ---------------------------------------------------------------

    async def rejoin_channel(self, order: RejoinChannel, ctx: Context) -> Done:
        """A public channel lets us in again; of any other somebody is asked. Twice is harmless."""
        s = await self._scenery(order.incident)
        if not s.incident.channel_lost:
            return Done()
        refused = await self._join(s.incident.channel_id)

        async def then(session: AsyncSession) -> None:
            if refused:
                await channels.stays_out(self.world, session, order.incident, refused)
            else:
                await channels.came_back(self.world, session, order.incident)

        return Done({"refused": refused}, then)

    async def _join(self, channel: str) -> str:
        """Slack's word for why we can't, "" once we are in it."""
        try:
            await call(self.client, "conversations.join", channel=channel)
        except SlackRefused as error:
            return error.error
        return ""

    async def revive_channel(self, order: ReviveChannel, ctx: Context) -> Done:
        """Slack keeps unarchiving to people (`not_in_channel` for a bot, which archiving puts out): a new channel then.

        https://docs.slack.dev/reference/methods/conversations.unarchive
        """
        s = await self._scenery(order.incident)
        if not s.incident.channel_lost:
            return Done()
        ours = False
        if s.incident.channel_lost == ARCHIVED:
            try:
                await call(self.client, "conversations.unarchive", channel=s.incident.channel_id)
                ours = True  # whoever unarchives is in it
            except SlackRefused as error:
                ours = error.error == "not_archived" and not await self._join(s.incident.channel_id)
        else:
            ours = not await self._join(s.incident.channel_id)

        async def then(session: AsyncSession) -> None:
            if ours:
                await channels.came_back(self.world, session, order.incident)
            else:
                await channels.give_up(self.world, session, order.incident)

        return Done({"revived": ours}, then)

    async def ask_for_channel(self, order: AskForChannel, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if s.incident.channel_lost != order.lost or s.incident.is_over:
            return Done()
        message = updates.channel_wanted(s.incident, order.lost, "Writeback")
        target = await self._slack_id(order.person)
        await self._post(ctx, target, message, what="ask for the incident's channel back")
        return Done()

    async def say_meanwhile(self, order: SayMeanwhile, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not s.channel:
            return Done()
        since = datetime.fromisoformat(order.since)
        async with self.world.db.reading() as session:
            found = await store.entries(session, order.incident)
        lines = timeline.lines([e for e in found if e.recorded_at >= since], s.name)
        message = updates.meanwhile(s.incident, lines)
        await self._post(ctx, s.channel, message, what="say in the channel what happened meanwhile")
        return Done()

    async def say_last(self, order: SayLast, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if not await channels.still_quiet(self.world, order.incident, order.quiet):
            return Done()
        length = self.world.clock() - datetime.fromisoformat(order.quiet)
        quiet = f"{length.days} days" if length.days > 1 else f"{int(length.total_seconds() // 3600)} hours"
        message = updates.last_words(s.incident, s.actions, quiet)
        await self._post(ctx, s.channel, message, what="say the last word in the quiet channel")

        async def then(session: AsyncSession) -> None:
            await channels.last_said(self.world, session, order)

        return Done({}, then)

    async def archive_channel(self, order: ArchiveChannel, ctx: Context) -> Done:
        """Somebody who said something after the last word keeps the channel open: it is looked at again later."""
        s = await self._scenery(order.incident)
        if not await channels.still_quiet(self.world, order.incident, order.quiet):
            return Done()
        try:
            await call(
                self.client, "conversations.archive", throttle="conversations.archive", channel=s.channel
            )
        except SlackRefused as error:
            if error.error != "already_archived":
                raise given_up(error, "archive the quiet channel") from error

        async def then(session: AsyncSession) -> None:
            await channels.archived(self.world, session, order.incident)

        return Done({}, then)

    async def ask_to_resolve(self, order: AskToResolve, ctx: Context) -> Done:
        """Nothing when an alert fires again or somebody ended it: the question asks the rows."""
        s = await self._scenery(order.incident)
        async with self.world.db.reading() as session:
            firing, _ = await store.alerts_alive(session, order.incident)
        if s.incident.is_over or firing:
            return Done()
        owner = ""
        if s.incident.owner:
            async with self.world.db.reading() as session:
                owner = await store.slack_id_of(session, s.incident.owner, s.catalog)
        target = s.channel or owner
        if target:
            message = messages.all_over(s.incident, owner if s.channel else "")
            throttle = f"channel:{order.incident}"
            await self._post(ctx, target, message, what="ask whether it is resolved", throttle=throttle)
        return Done()

    # ---- the timeline --------------------------------------------------------------------------

    async def mark_message(self, order: MarkMessage, ctx: Context) -> Done:
        """Twice is harmless: a message stands in a timeline once. One that is gone by now leaves nothing."""
        message = await self._heard(order.channel, order.ts) or await self._message(order.channel, order.ts)
        if message is None:
            return Done()
        said = await self._marked(order.channel, message)

        async def then(session: AsyncSession) -> None:
            if order.mark == self.world.config.reactions.timeline:
                await timelines.marked(self.world, session, order, said)
            else:
                await evidence.noticed(self.world, session, order, said)

        return Done({}, then)

    async def _heard(self, channel: str, ts: str) -> dict[str, Any] | None:
        """The message as we heard it said: no call, and what was deleted since is still there."""
        async with self.world.db.reading() as session:
            kept = await timelines.kept(session, channel, ts)
        if kept is None:
            return None
        return {"ts": kept.ts, "user": kept.author, "text": kept.text, "kept": kept.files}

    async def _message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """The message, in the channel or in a thread of it; None when it is not there any more."""
        try:
            found = await look(
                self.client,
                "conversations.history",
                channel=channel,
                latest=ts,
                oldest=ts,
                inclusive="true",
                limit=1,
            )
            messages = found.get("messages", [])
            if not any(message.get("ts") == ts for message in messages):
                thread = await look(
                    self.client,
                    "conversations.replies",
                    channel=channel,
                    ts=ts,
                    latest=ts,
                    oldest=ts,
                    inclusive="true",
                )
                messages = thread.get("messages", [])
        except SlackRefused as error:
            if error.error in {"thread_not_found", "message_not_found"}:
                return None
            raise given_up(error, "read the message that was marked") from error
        return next((message for message in messages if message.get("ts") == ts), None)

    async def _marked(self, channel: str, message: dict[str, Any]) -> timelines.Marked:
        async with self.world.db.reading() as session:
            us = await store.installation(session)
            people = {a.slack_id: a.name or a.person for a in await store.accounts(session)}
        text = plain(str(message.get("text") or ""), people)
        ts = str(message["ts"])
        link = timelines.permalink(us.url if us else "", channel, ts)
        files = tuple(timelines.File(**f) for f in message.get("kept") or timelines.files_of(message))
        author = str(message.get("user") or message.get("bot_id") or "")
        return timelines.Marked(author, text[:3000], timelines.moment(ts), files, link)

    async def catch_up(self, order: CatchUp, ctx: Context) -> Done:
        """What was marked, taken back, edited or deleted while nobody listened: the channel as it is now beside the record.

        Twice is harmless: what the timeline says already is asked for again and changes nothing.
        """
        s = await self._scenery(order.incident)
        if not s.channel:
            return Done()
        try:
            found = [m async for m in self._said_since(s.channel, s.incident.declared_at)]
        except SlackRefused as error:
            raise given_up(error, "look for messages that were marked meanwhile") from error
        async with self.world.db.reading() as session:
            people = {a.slack_id: a.name or a.person for a in await store.accounts(session)}
            lines = await timelines.marked_lines(session, order.incident)
        now = {
            str(m["ts"]): timelines.Standing(
                plain(str(m.get("text") or ""), people)[:3000],
                {mark["name"]: tuple(mark.get("users", [])) for mark in m.get("reactions", [])},
            )
            for m in found
        }
        missed = timelines.missed(s.incident, lines, now, self.world.config.reactions, at=self.world.clock())

        async def then(session: AsyncSession) -> None:
            await enqueue_all(session, [(each, None) for each in missed], now=self.world.clock())

        return Done({"missed": len(missed)}, then)

    async def _said_since(self, channel: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """The messages of a channel and of its threads."""
        oldest = f"{since.timestamp():.6f}"
        async for message in self._all("conversations.history", channel=channel, oldest=oldest):
            yield message
            if message.get("reply_count"):
                async for reply in self._all(
                    "conversations.replies", channel=channel, ts=message["ts"], oldest=oldest
                ):
                    if reply.get("ts") != message["ts"]:
                        yield reply

    async def _all(self, method: str, **args: Any) -> AsyncIterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = await look(self.client, method, limit=200, cursor=cursor, **args)
            for message in page.get("messages", []):
                yield message
            cursor = page.get("response_metadata", {}).get("next_cursor") or None
            if cursor is None:
                return

    # ---- people --------------------------------------------------------------------------------

    async def tell(self, order: Tell, ctx: Context) -> Done:
        async with self.world.db.reading() as session:
            if not await privacy.may_be_told(session, self.world, order):
                return Done()
        channel, ts = await self._post(
            ctx, await self._slack_id(order.person), messages.told(order.text), what="send a direct message"
        )
        return Done({"channel": channel, "ts": ts}, self._to(order.incident, order.person, channel, ts))

    def _to(
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

    async def tell_team(self, order: TellTeam, ctx: Context) -> Done:
        team = self.world.catalog.teams.get(order.team)
        target = (team.channel if team else "") or self.world.config.slack.announce_channel
        if not target:
            raise GiveUp(
                f"{order.team} has no channel: set `channel` of the team, or [slack] announce_channel"
            )
        text, was_open = await self._for_all(order)
        message = messages.shouted(text) if order.loud else messages.told(text)
        channel, ts = await self._post(ctx, target, message, what=f"post to #{target}")

        async def then(session: AsyncSession) -> None:
            if was_open:
                where = f"a message in #{target}"
                await privacy.appeared(
                    session, self.world, order.incident, channel=channel, ts=ts, where=where
                )

        return Done({"channel": channel, "ts": ts}, then)

    async def _for_all(self, order: TellTeam) -> tuple[str, bool]:
        """The words as a whole channel may read them, and whether they are those of an incident that is open to all.

        It may have become private since they were written.
        """
        if not order.incident:
            return order.text, False
        async with self.world.db.reading() as session:
            incident = await store.incident(session, order.incident)
        if incident is None or not incident.private:
            return order.text, incident is not None
        if incident.title not in order.text:
            return order.text, False
        return (
            f"A private incident ({incident.key}, {incident.severity}) needs somebody: "
            f"`/incident ack {incident.key}` takes it.",
            False,
        )

    async def post_digest(self, order: PostDigest, ctx: Context) -> Done:
        """What stands in the database when this runs; nothing is said of a week in which nothing happened."""
        team = self.world.catalog.teams.get(order.team)
        target = team.channel if team else "" if order.team else self.world.config.slack.digest_channel
        if not target:
            return Done({"posted": "nowhere"})
        found = await digests.digest(self.world, parse(order.week), order.team)
        if found is None:
            return Done({"posted": "nothing happened"})
        channel, ts = await self._post(
            ctx, target, reports.digest(found), what=f"post the digest to #{target}"
        )
        return Done({"channel": channel, "ts": ts})

    # ---- on-call -------------------------------------------------------------------------------

    async def ask_owner(self, order: AskOwner, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        if s.incident.owner == order.person and not s.incident.is_over:
            target = await self._slack_id(order.person)
            await self._post(ctx, target, messages.still_on_it(s.incident), what="ask who has it")
        return Done()

    # ---- guides --------------------------------------------------------------------------------

    async def ask_guide(self, order: AskGuide, ctx: Context) -> Done:
        """Show the card: to the person, or in the guide team's channel. What was answered already needs none."""
        s = await self._scenery(order.incident)
        row = next((row for row in s.guides if row.id == order.guidance), None)
        if row is None or row.ts or row.state is not GuidanceState.ASKED or s.incident.is_over:
            return Done()
        target = row.person[1:] if row.person.startswith("#") else await self._slack_id(row.person)
        channel, ts = await self._post(ctx, target, self._card(s, row), what=f"ask {row.person} for advice")

        async def then(session: AsyncSession) -> None:
            await guides.placed(self.world, session, order, channel_id=channel, ts=ts)
            person = "" if row.person.startswith("#") else row.person
            where = f"the question to {s.name(row.person)}"
            await privacy.appeared(
                session, self.world, order.incident, channel=channel, ts=ts, where=where, person=person
            )

        return Done({"channel": channel, "ts": ts}, then)

    async def redraw_guide(self, order: RedrawGuide, ctx: Context) -> Done:
        s = await self._scenery(order.incident)
        row = next((row for row in s.guides if row.id == order.guidance), None)
        if row is not None and row.ts:
            await self._update(
                row.channel_id, row.ts, self._card(s, row), what="update a question to a guide"
            )
        return Done()

    def _card(self, s: Scenery, row: Guidance) -> Message:
        return asked.card(s.incident, row, guides.team_named(row.team, s.catalog), s.team, s.name)

    async def _cover(self, number: int) -> tuple[Cover, Team, Name]:
        async with self.world.db.reading() as session:
            cover = await session.get(Cover, number)
            name = await store.names(session, self.world.catalog)
        team = self.world.catalog.teams.get(cover.team) if cover else None
        if cover is None or team is None:
            raise GiveUp(f"cover number {number} is of no team any more")
        return cover, team, name

    async def ask_for_cover(self, order: AskForCover, ctx: Context) -> Done:
        cover, team, name = await self._cover(order.cover)
        loud = covers.soon(cover, self.world.clock())
        message = messages.cover_wanted(cover, team, name, loud=loud)
        if cover.ts:
            await self._update(cover.channel_id, cover.ts, message, what="update a request for cover")
            return Done()
        if cover.state is not CoverState.ASKED:
            return Done()
        target = team.channel or self.world.config.slack.announce_channel
        if not target:
            raise GiveUp(f"{team.id} has no channel: set `channel` of the team, or [slack] announce_channel")
        channel, ts = await self._post(ctx, target, message, what=f"ask for cover in #{target}")

        async def then(session: AsyncSession) -> None:
            await covers.placed(session, order.cover, channel_id=channel, ts=ts)

        return Done({"channel": channel, "ts": ts}, then)

    async def propose_swap(self, order: ProposeSwap, ctx: Context) -> Done:
        cover, team, name = await self._cover(order.cover)
        if cover.state is CoverState.ASKED:
            target = await self._slack_id(cover.person)
            await self._post(ctx, target, messages.swap_proposed(cover, team, name), what="propose a swap")
        return Done()

    async def offer_cover(self, order: OfferCover, ctx: Context) -> Done:
        start, end = datetime.fromisoformat(order.start), datetime.fromisoformat(order.end)
        plan = Plan(CoverKind.SWAP, order.team, "", order.person, start.astimezone(UTC), end.astimezone(UTC))
        message = messages.cover_offered(order.text, plan.as_text())
        await self._post(ctx, await self._slack_id(order.person), message, what="offer cover")
        return Done()

    async def sync_user_group(self, order: SyncUserGroup, ctx: Context) -> Done:
        """Whoever is on call now is who the group holds, however late this runs: twice is harmless.

        With nobody on call the fallback stands in: Slack refuses an empty group. Somebody without an account keeps
        nobody else out; the team is told of them once the others are in.
        https://docs.slack.dev/reference/methods/usergroups.users.update
        """
        team = self.world.catalog.teams.get(order.team)
        if team is None or not team.usergroup:
            return Done()
        async with self.world.db.reading() as session:
            rota = await store.rota(session, self.world.catalog, teams={team.id})
        people = who(rota(team), self.world.clock())
        ids, missing = await self._slack_ids(people)
        if not ids and team.fallback:
            people = [team.fallback]
            ids, also = await self._slack_ids(people)
            missing = missing or also
        if not ids:
            if missing:
                raise missing
            return Done()
        try:
            listed = await look(self.client, "usergroups.list", include_users="true", include_disabled="true")
            groups = listed.get("usergroups", [])
            group = next((g for g in groups if team.usergroup in {g.get("handle"), g.get("id")}), None)
            if group is None:
                raise GiveUp(
                    f"there is no Slack user group @{team.usergroup}: make it, or correct `usergroup` of {team.id}"
                )
            if group.get("date_delete"):
                raise GiveUp(f"the Slack user group @{team.usergroup} is disabled: enable it again")
            if sorted(group.get("users") or []) != ids:
                await call(self.client, "usergroups.users.update", usergroup=group["id"], users=",".join(ids))
        except SlackRefused as error:
            raise given_up(error, f"keep @{team.usergroup} in step") from error
        if missing:
            raise missing

        async def then(session: AsyncSession) -> None:
            await rotas.synced(session, order.team, people, self.world.clock())

        return Done({"users": ids}, then)

    async def set_team_topic(self, order: SetTeamTopic, ctx: Context) -> Done:
        """`On call: Alice` at the head of the topic; what people wrote behind it stays."""
        team = self.world.catalog.teams.get(order.team)
        if team is None or not team.topic or not team.channel:
            return Done()
        async with self.world.db.reading() as session:
            rota = await store.rota(session, self.world.catalog, teams={team.id})
            name = await store.names(session, self.world.catalog)
        people = ", ".join(map(name, who(rota(team), self.world.clock()))) or "nobody"
        try:
            channel = await self._channel_id(team.channel)
            if channel is None:
                raise GiveUp(f"there is no channel #{team.channel}, or Writeback is not in it: invite it")
            info = await look(self.client, "conversations.info", channel=channel)
            old = str(info["channel"].get("topic", {}).get("value") or "")
            kept = old.partition(" | ")[2] if old.startswith("On call: ") else old
            topic = cut(f"On call: {people}" + (f" | {kept}" if kept else ""), 250)
            if topic != old:
                await call(
                    self.client,
                    "conversations.setTopic",
                    throttle="conversations.setTopic",
                    channel=channel,
                    topic=topic,
                )
        except SlackRefused as error:
            raise given_up(error, f"set the topic of #{team.channel}") from error
        return Done()

    async def find_account(self, order: FindAccount, ctx: Context) -> Done:
        await self._slack_id(order.person)
        return Done()

    async def learn_profile(self, order: LearnProfile, ctx: Context) -> Done:
        try:
            user = (await look(self.client, "users.info", user=order.slack_id))["user"]
        except SlackRefused as error:
            raise given_up(error, "read a profile") from error

        async def then(session: AsyncSession) -> None:
            await accounts.learn(self.world, session, user)

        return Done({}, then)

    async def respond(self, order: Respond, ctx: Context) -> Done:
        """Twice is harmless where it replaces; a second sentence beside a message is only for one pair of eyes."""
        body = messages.reply(Reply.from_json(order.reply)).args() | {
            "response_type": "ephemeral",
            "replace_original": order.replace,
        }
        await post_to(self.client, order.url, body)
        return Done()

    async def say(self, order: Say, ctx: Context) -> Done:
        """For one pair of eyes twice is harmless; where those can't be reached in the channel, they are directly."""
        message = kit.restored(order.message)
        if order.only_for:
            try:
                await call(
                    self.client,
                    "chat.postEphemeral",
                    channel=order.channel,
                    user=order.only_for,
                    thread_ts=order.thread or None,
                    **message.args(),
                )
                return Done()
            except SlackRefused:
                await self._post(ctx, order.only_for, message, what="answer")
                return Done()
        thread = order.thread or None
        channel, ts = await self._post(ctx, order.channel, message, what="answer", thread=thread)
        return Done({"channel": channel, "ts": ts})

    async def publish_home(self, order: PublishHome, ctx: Context) -> Done:
        async with self.world.db.reading() as session:
            found = await homes.of(self.world, session, order.slack_id)
        try:
            await call(self.client, "views.publish", user_id=order.slack_id, view=home.view(found))
        except SlackRefused as error:
            raise given_up(error, "draw an App Home") from error
        return Done()


async def _alert(session: AsyncSession, incident: Incident | None) -> Alert | None:
    """The alert that opened the incident; one that a person declared costs no look."""
    if incident is None or incident.id is None or incident.declarer:
        return None
    return await store.first_alert(session, incident.id)


def _page(incident: Incident, page: Page, catalog: Catalog, alert: Alert | None) -> Message:
    service = catalog.services.get(incident.service)
    team = team_of(incident, catalog)
    return messages.page(incident, page, team, service, channel=page.person.startswith("#"), alert=alert)


def channel_name(incident: Incident) -> str:
    """`inc-<n>-<slug>`: lower case, letters, digits and hyphens, at most CHANNEL_NAME characters.

    People who may not enter a private channel can still come to read its name.
    """
    if incident.private:
        return f"inc-{incident.id}-private"
    plain = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or re.sub(r"[^a-z0-9]+", "-", incident.service).strip(
        "-"
    )
    name = f"inc-{incident.id}-{'test-' if incident.test else ''}{slug}".rstrip("-")
    return name[: CHANNEL_NAME - 20].rstrip("-")
