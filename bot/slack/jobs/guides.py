"""Questions to guides."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.jobs import (
    AskGuide,
    RedrawGuide,
)
from bot.engine import Context, Done
from bot.flows import (
    guides,
    privacy,
)
from bot.models import (
    Guidance,
    GuidanceState,
)
from bot.slack import guides as asked
from bot.slack.jobs.speaker import Scenery, Speaker
from bot.slack.kit import Message


async def ask_guide(slack: Speaker, order: AskGuide, ctx: Context) -> Done:
    """Show the card: to the person, or in the guide team's channel. What was answered already needs none."""
    s = await slack.scenery(order.incident)
    row = next((row for row in s.guides if row.id == order.guidance), None)
    if row is None or row.ts or row.state is not GuidanceState.ASKED or s.incident.is_over:
        return Done()
    target = row.person[1:] if row.person.startswith("#") else await slack.slack_id(row.person)
    channel, ts = await slack.post(ctx, target, _card(s, row), what=f"ask {row.person} for advice")

    async def then(session: AsyncSession) -> None:
        await guides.placed(slack.world, session, order, channel_id=channel, ts=ts)
        person = "" if row.person.startswith("#") else row.person
        where = f"the question to {s.name(row.person)}"
        await privacy.appeared(
            session, slack.world, order.incident, channel=channel, ts=ts, where=where, person=person
        )

    return Done({"channel": channel, "ts": ts}, then)


async def redraw_guide(slack: Speaker, order: RedrawGuide, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    row = next((row for row in s.guides if row.id == order.guidance), None)
    if row is not None and row.ts:
        await slack.update(row.channel_id, row.ts, _card(s, row), what="update a question to a guide")
    return Done()


def _card(s: Scenery, row: Guidance) -> Message:
    return asked.card(s.incident, row, guides.team_named(row.team, s.catalog), s.team, s.name)
