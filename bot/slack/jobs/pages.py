"""Pages: sent before everything else, redrawn so that no stale button misleads."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.jobs import (
    AskOwner,
    PagePerson,
    RedrawPage,
)
from bot.core.paging import OPEN
from bot.engine import Context, Done, Retry
from bot.flows import (
    pages,
    privacy,
    team_of,
)
from bot.models import (
    Alert,
    Catalog,
    Incident,
    Page,
)
from bot.slack import messages
from bot.slack.jobs.speaker import Speaker
from bot.slack.kit import Message


async def page_person(slack: Speaker, order: PagePerson, ctx: Context) -> Done:
    catalog = slack.world.catalog
    # Read no more than the page itself needs: nothing stands before it.
    async with slack.world.db.reading() as session:
        incident = await store.incident(session, order.incident)
        page = await store.page(session, order.incident, order.number)
        known = await store.slack_id_of(session, page.person, catalog) if page else ""
        alert = await _alert(session, incident)
    if incident is None or page is None or page.ts or page.state not in OPEN:
        return Done()
    message = _page(incident, page, catalog, alert)
    try:
        target = (
            page.person[1:] if page.person.startswith("#") else known or await slack.slack_id(page.person)
        )
        channel, ts = await slack.post(ctx, target, message, what=f"page {page.person}")
    except Retry:
        await pages.slack_fails(slack.world, order)
        raise

    async def then(session: AsyncSession) -> None:
        await pages.delivered(slack.world, session, order, channel_id=channel, ts=ts, way="Slack")
        if page.person.startswith("#") and not incident.private:
            where = f"the page in {page.person}"
            await privacy.appeared(session, slack.world, order.incident, channel=channel, ts=ts, where=where)

    return Done({"channel": channel, "ts": ts}, then)


async def redraw_page(slack: Speaker, order: RedrawPage, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    page = s.page(order.number)
    if page is not None and page.ts:
        async with slack.world.db.reading() as session:
            alert = await _alert(session, s.incident)
        message = _page(s.incident, page, s.catalog, alert)
        await slack.update(page.channel_id, page.ts, message, what="update a page")
    return Done()


async def ask_owner(slack: Speaker, order: AskOwner, ctx: Context) -> Done:
    s = await slack.scenery(order.incident)
    if s.incident.owner == order.person and not s.incident.is_over:
        target = await slack.slack_id(order.person)
        await slack.post(ctx, target, messages.still_on_it(s.incident), what="ask who has it")
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
