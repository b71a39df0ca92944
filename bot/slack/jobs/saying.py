"""What is said: lines, news, reminders, messages to people and teams, answers."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import subscriptions as topics
from bot.core import timeline
from bot.core.digests import parse
from bot.core.jobs import (
    AskForUpdate,
    AskToResolve,
    PostDigest,
    PostLine,
    PostNews,
    Respond,
    Say,
    Tell,
    TellSubscriber,
    TellTeam,
)
from bot.engine import Context, Done, GiveUp, Retry
from bot.flows import (
    Reply,
    digests,
    privacy,
    subscriptions,
)
from bot.slack import kit, messages, reports, updates
from bot.slack.client import SlackRefused, call, post_to
from bot.slack.jobs.speaker import Speaker


async def post_line(slack: Speaker, order: PostLine, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    async with slack.world.db.reading() as session:
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
    channel, ts = await slack.post(
        ctx,
        target,
        message,
        what="post to the channel",
        throttle=f"channel:{order.incident}",
        thread=thread,
    )
    return Done({"channel": channel, "ts": ts})


async def post_news(slack: Speaker, order: PostNews, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    async with slack.world.db.reading() as session:
        entry = await store.entry(session, order.entry)
    if entry is None or entry.withdrawn or s.incident.private or not s.incident.announce_ts:
        return Done()
    await slack.post(
        ctx,
        s.incident.announce_channel,
        messages.said(timeline.line(entry, s.name)),
        what="post to the announcement's thread",
        throttle=f"channel:{s.incident.announce_channel}",
        thread=s.incident.announce_ts,
        broadcast=entry.kind in topics.LOUD,
    )
    return Done()


async def tell_subscriber(slack: Speaker, order: TellSubscriber, ctx: Context) -> Done:
    """Told to wait, all of them wait: nobody's page stands behind five hundred who are curious."""
    wanted = await subscriptions.wanted(slack.world, order)
    if wanted is None:
        return Done()
    incident, entry = wanted
    async with slack.world.db.reading() as session:
        name = await store.names(session, slack.world.catalog)
        person = await store.person_of(session, order.slack_id, slack.world.catalog)
    message = updates.news(incident, timeline.line(entry, name), order.about)
    channel, ts = await slack.post(
        ctx, order.slack_id, message, what="tell a subscriber", throttle="subscribers"
    )
    return Done({"channel": channel, "ts": ts}, slack.gone_to(order.incident, person, channel, ts))


async def ask_for_update(slack: Speaker, order: AskForUpdate, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    due = s.incident.next_update_at
    if s.incident.is_over or due is None or due.isoformat() != order.due:
        return Done()  # answered meanwhile
    target = await slack.slack_id(order.person) if order.person else s.channel
    if target:
        message = updates.due(s.incident, order.why, order.due)
        await slack.post(ctx, target, message, what="remind of the update that is due")
    return Done()


async def ask_to_resolve(slack: Speaker, order: AskToResolve, ctx: Context) -> Done:
    """Nothing when an alert fires again or somebody ended it: the question asks the rows."""
    s = await slack.scenery(order.incident)
    async with slack.world.db.reading() as session:
        firing, _ = await store.alerts_alive(session, order.incident)
    if s.incident.is_over or firing:
        return Done()
    owner = ""
    if s.incident.owner:
        async with slack.world.db.reading() as session:
            owner = await store.slack_id_of(session, s.incident.owner, s.catalog)
    target = s.channel or owner
    if target:
        message = messages.all_over(s.incident, owner if s.channel else "")
        throttle = f"channel:{order.incident}"
        await slack.post(ctx, target, message, what="ask whether it is resolved", throttle=throttle)
    return Done()


async def tell(slack: Speaker, order: Tell, ctx: Context) -> Done:
    async with slack.world.db.reading() as session:
        if not await privacy.may_be_told(session, slack.world, order):
            return Done()
    channel, ts = await slack.post(
        ctx, await slack.slack_id(order.person), messages.told(order.text), what="send a direct message"
    )
    return Done({"channel": channel, "ts": ts}, slack.gone_to(order.incident, order.person, channel, ts))


async def tell_team(slack: Speaker, order: TellTeam, ctx: Context) -> Done:
    team = slack.world.catalog.teams.get(order.team)
    target = (team.channel if team else "") or slack.world.config.slack.announce_channel
    if not target:
        raise GiveUp(f"{order.team} has no channel: set `channel` of the team, or [slack] announce_channel")
    text, was_open = await _for_all(slack, order)
    message = messages.shouted(text) if order.loud else messages.told(text)
    channel, ts = await slack.post(ctx, target, message, what=f"post to #{target}")

    async def then(session: AsyncSession) -> None:
        if was_open:
            where = f"a message in #{target}"
            await privacy.appeared(session, slack.world, order.incident, channel=channel, ts=ts, where=where)

    return Done({"channel": channel, "ts": ts}, then)


async def _for_all(slack: Speaker, order: TellTeam) -> tuple[str, bool]:
    """The words as a whole channel may read them, and whether they are those of an incident that is open to all.

    It may have become private since they were written.
    """
    if not order.incident:
        return order.text, False
    async with slack.world.db.reading() as session:
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


async def post_digest(slack: Speaker, order: PostDigest, ctx: Context) -> Done:
    """What stands in the database when this runs; nothing is said of a week in which nothing happened."""
    team = slack.world.catalog.teams.get(order.team)
    target = team.channel if team else "" if order.team else slack.world.config.slack.digest_channel
    if not target:
        return Done({"posted": "nowhere"})
    found = await digests.digest(slack.world, parse(order.week), order.team)
    if found is None:
        return Done({"posted": "nothing happened"})
    channel, ts = await slack.post(ctx, target, reports.digest(found), what=f"post the digest to #{target}")
    return Done({"channel": channel, "ts": ts})


async def respond(slack: Speaker, order: Respond, ctx: Context) -> Done:
    """Twice is harmless where it replaces; a second sentence beside a message is only for one pair of eyes."""
    body = messages.reply(Reply.from_json(order.reply)).args() | {
        "response_type": "ephemeral",
        "replace_original": order.replace,
    }
    await post_to(slack.client, order.url, body)
    return Done()


async def say(slack: Speaker, order: Say, ctx: Context) -> Done:
    """For one pair of eyes twice is harmless; where those can't be reached in the channel, they are directly."""
    message = kit.restored(order.message)
    if order.only_for:
        try:
            await call(
                slack.client,
                "chat.postEphemeral",
                channel=order.channel,
                user=order.only_for,
                thread_ts=order.thread or None,
                **message.args(),
            )
            return Done()
        except SlackRefused:
            await slack.post(ctx, order.only_for, message, what="answer")
            return Done()
    thread = order.thread or None
    channel, ts = await slack.post(ctx, order.channel, message, what="answer", thread=thread)
    return Done({"channel": channel, "ts": ts})
