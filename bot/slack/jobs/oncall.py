"""On-call in Slack: covers and swaps, the user group, the topic of the team’s channel."""

from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.covers import Plan
from bot.core.jobs import (
    AskForCover,
    OfferCover,
    ProposeSwap,
    SetTeamTopic,
    SyncUserGroup,
)
from bot.core.oncall import who
from bot.core.timeline import Name
from bot.engine import Context, Done, GiveUp
from bot.flows import (
    covers,
    rotas,
)
from bot.models import (
    Cover,
    CoverKind,
    CoverState,
    Team,
)
from bot.slack import messages
from bot.slack.client import SlackRefused, call, given_up, look
from bot.slack.jobs.speaker import Speaker
from bot.slack.text import cut


async def _cover(slack: Speaker, number: int) -> tuple[Cover, Team, Name]:
    async with slack.world.db.reading() as session:
        cover = await session.get(Cover, number)
        name = await store.names(session, slack.world.catalog)
    team = slack.world.catalog.teams.get(cover.team) if cover else None
    if cover is None or team is None:
        raise GiveUp(f"cover number {number} is of no team any more")
    return cover, team, name


async def ask_for_cover(slack: Speaker, order: AskForCover, ctx: Context) -> Done:
    cover, team, name = await _cover(slack, order.cover)
    loud = covers.soon(cover, slack.world.clock())
    message = messages.cover_wanted(cover, team, name, loud=loud)
    if cover.ts:
        await slack.update(cover.channel_id, cover.ts, message, what="update a request for cover")
        return Done()
    if cover.state is not CoverState.ASKED:
        return Done()
    target = team.channel or slack.world.config.slack.announce_channel
    if not target:
        raise GiveUp(f"{team.id} has no channel: set `channel` of the team, or [slack] announce_channel")
    channel, ts = await slack.post(ctx, target, message, what=f"ask for cover in #{target}")

    async def then(session: AsyncSession) -> None:
        await covers.placed(session, order.cover, channel_id=channel, ts=ts)

    return Done({"channel": channel, "ts": ts}, then)


async def propose_swap(slack: Speaker, order: ProposeSwap, ctx: Context) -> Done:
    cover, team, name = await _cover(slack, order.cover)
    if cover.state is CoverState.ASKED:
        target = await slack.slack_id(cover.person)
        await slack.post(ctx, target, messages.swap_proposed(cover, team, name), what="propose a swap")
    return Done()


async def offer_cover(slack: Speaker, order: OfferCover, ctx: Context) -> Done:
    start, end = datetime.fromisoformat(order.start), datetime.fromisoformat(order.end)
    plan = Plan(CoverKind.SWAP, order.team, "", order.person, start.astimezone(UTC), end.astimezone(UTC))
    message = messages.cover_offered(order.text, plan.as_text())
    await slack.post(ctx, await slack.slack_id(order.person), message, what="offer cover")
    return Done()


async def sync_user_group(slack: Speaker, order: SyncUserGroup, ctx: Context) -> Done:
    """Whoever is on call now is who the group holds, however late this runs: twice is harmless.

    With nobody on call the fallback stands in: Slack refuses an empty group. Somebody without an account keeps
    nobody else out; the team is told of them once the others are in.
    https://docs.slack.dev/reference/methods/usergroups.users.update
    """
    team = slack.world.catalog.teams.get(order.team)
    if team is None or not team.usergroup:
        return Done()
    async with slack.world.db.reading() as session:
        rota = await store.rota(session, slack.world.catalog, teams={team.id})
    people = who(rota(team), slack.world.clock())
    ids, missing = await slack.slack_ids(people)
    if not ids and team.fallback:
        people = [team.fallback]
        ids, also = await slack.slack_ids(people)
        missing = missing or also
    if not ids:
        if missing:
            raise missing
        return Done()
    try:
        listed = await look(slack.client, "usergroups.list", include_users="true", include_disabled="true")
        groups = listed.get("usergroups", [])
        group = next((g for g in groups if team.usergroup in {g.get("handle"), g.get("id")}), None)
        if group is None:
            raise GiveUp(
                f"there is no Slack user group @{team.usergroup}: make it, or correct `usergroup` of {team.id}"
            )
        if group.get("date_delete"):
            raise GiveUp(f"the Slack user group @{team.usergroup} is disabled: enable it again")
        if sorted(group.get("users") or []) != ids:
            await call(slack.client, "usergroups.users.update", usergroup=group["id"], users=",".join(ids))
    except SlackRefused as error:
        raise given_up(error, f"keep @{team.usergroup} in step") from error
    if missing:
        raise missing

    async def then(session: AsyncSession) -> None:
        await rotas.synced(session, order.team, people, slack.world.clock())

    return Done({"users": ids}, then)


async def set_team_topic(slack: Speaker, order: SetTeamTopic, ctx: Context) -> Done:
    """`On call: Alice` at the head of the topic; what people wrote behind it stays."""
    team = slack.world.catalog.teams.get(order.team)
    if team is None or not team.topic or not team.channel:
        return Done()
    async with slack.world.db.reading() as session:
        rota = await store.rota(session, slack.world.catalog, teams={team.id})
        name = await store.names(session, slack.world.catalog)
    people = ", ".join(map(name, who(rota(team), slack.world.clock()))) or "nobody"
    try:
        channel = await slack.channel_id(team.channel)
        if channel is None:
            raise GiveUp(f"there is no channel #{team.channel}, or Writeback is not in it: invite it")
        info = await look(slack.client, "conversations.info", channel=channel)
        old = str(info["channel"].get("topic", {}).get("value") or "")
        kept = old.partition(" | ")[2] if old.startswith("On call: ") else old
        topic = cut(f"On call: {people}" + (f" | {kept}" if kept else ""), 250)
        if topic != old:
            await call(
                slack.client,
                "conversations.setTopic",
                throttle="conversations.setTopic",
                channel=channel,
                topic=topic,
            )
    except SlackRefused as error:
        raise given_up(error, f"set the topic of #{team.channel}") from error
    return Done()
