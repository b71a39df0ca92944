"""The pinned headline and the announcement, which both follow the incident."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.jobs import (
    Announce,
    PinHeadline,
    PostHeadline,
    RedrawAnnouncement,
    RedrawHeadline,
)
from bot.core.paging import OPEN
from bot.engine import Context, Done
from bot.flows import (
    channels,
    verdicts,
)
from bot.models import Incident
from bot.slack import messages
from bot.slack.client import SlackRefused, call, given_up
from bot.slack.jobs.speaker import Scenery, Speaker
from bot.slack.kit import Message


def _headline(slack: Speaker, s: Scenery) -> Message:
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
        now=slack.world.clock(),
        before=verdicts.lines(s.known),
    )


async def post_headline(slack: Speaker, order: PostHeadline, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if s.incident.headline_ts or not s.channel:
        return Done()
    _, ts = await slack.post(ctx, s.channel, _headline(slack, s), what="post the headline")
    return Done({"ts": ts}, _drawn(slack, s.incident, ts))


async def redraw_headline(slack: Speaker, order: RedrawHeadline, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not s.channel or not s.incident.headline_ts or s.incident.headline_revision >= order.revision:
        return Done()
    gone = s.incident.headline_ts
    if await slack.update(s.channel, gone, _headline(slack, s), what="update the headline"):
        return Done({}, _drawn(slack, s.incident, ""))

    async def then(session: AsyncSession) -> None:
        await channels.headline_gone(slack.world, session, order.incident, ts=gone)

    return Done({}, then)


def _drawn(slack: Speaker, drawn: Incident, ts: str) -> Callable[[AsyncSession], Awaitable[None]]:
    async def then(session: AsyncSession) -> None:
        assert drawn.id is not None
        await channels.headline_posted(
            slack.world,
            session,
            drawn.id,
            channel_id=drawn.channel_id,
            ts=ts,
            revision=drawn.revision,
        )

    return then


async def pin_headline(slack: Speaker, order: PinHeadline, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if not s.channel or not s.incident.headline_ts:
        return Done()
    try:
        await call(slack.client, "pins.add", channel=s.channel, timestamp=s.incident.headline_ts)
    except SlackRefused as error:
        if error.error != "already_pinned":
            raise given_up(error, "pin the headline") from error
    return Done()


async def announce(slack: Speaker, order: Announce, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    target = slack.world.config.slack.announce_channel
    if s.incident.announce_ts or s.incident.private or s.incident.test or not target:
        return Done()
    message = messages.announcement(s.incident, s.team, s.name)
    channel, ts = await slack.post(
        ctx, target, message, what=f"announce in #{target}", throttle="announcements"
    )
    drawn = s.incident.revision

    async def then(session: AsyncSession) -> None:
        await channels.announced(
            slack.world, session, order.incident, channel_id=channel, ts=ts, revision=drawn
        )

    return Done({"channel": channel, "ts": ts}, then)


async def redraw_announcement(slack: Speaker, order: RedrawAnnouncement, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    drawn_already = s.incident.announce_revision >= order.revision
    if not s.incident.announce_ts or drawn_already or s.incident.private:
        return Done()
    message = messages.announcement(s.incident, s.team, s.name)
    await slack.update(
        s.incident.announce_channel, s.incident.announce_ts, message, what="update the announcement"
    )
    drawn = s.incident.revision

    async def then(session: AsyncSession) -> None:
        await channels.announced(slack.world, session, order.incident, channel_id="", ts="", revision=drawn)

    return Done({}, then)
