"""What jobs do beyond Slack: wake a page's person by one way of theirs."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import links
from bot.core.jobs import NotifyPerson, Order
from bot.core.paging import OPEN
from bot.engine import Context, Done, GiveUp, Handler, Retry
from bot.flows import World, pages
from bot.models import Incident, Page
from bot.notify import client

TRIES = 6
"""Over about half a minute; after that the timeline says that this way failed, and the others go on."""


class NotifyJobs:
    """The handlers, with the world that they work with."""

    def __init__(self, world: World) -> None:
        self.world = world

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {NotifyPerson: self.notify_person}

    async def notify_person(self, order: NotifyPerson, ctx: Context) -> Done:
        """Twice is possible after a crash, and better than never: no service tells what it was sent before."""
        async with self.world.db.reading() as session:
            incident = await store.incident(session, order.incident)
            page = await store.page(session, order.incident, order.number)
        person = self.world.catalog.people.get(page.person) if page else None
        if incident is None or page is None or page.state not in OPEN or person is None:
            return Done()
        if order.way >= len(person.notify):
            return Done()  # the catalog has changed since
        env = person.notify[order.way].env
        address = self.world.config.notify.get(env)
        if address is None:
            raise GiveUp(f"{env} is not set; set it in the environment")
        ctx.must_have_time()
        title, body, link = self._words(incident, page)
        sent = await client.send(address, title=title, body=body, link=link)
        if not sent.ok:
            why = f"{env}{f' ({sent.service})' if sent.service else ''}: {sent.reason}"
            if not sent.service or ctx.attempts >= TRIES:
                raise GiveUp(f"{why}; try it with `writeback check --notify {person.id}`")
            raise Retry(why, after=timedelta(seconds=min(2**ctx.attempts, 10)), unknown=True)

        async def then(session: AsyncSession) -> None:
            await pages.notified(self.world, session, order, way=sent.service)

        return Done({"way": sent.service}, then)

    def _words(self, incident: Incident, page: Page) -> tuple[str, str, str]:
        web = self.world.config.web
        title = f"{incident.severity.upper()} {incident.key} {incident.title}"
        body = f"{page.why[:1].upper()}{page.why[1:]}."
        if incident.private:
            # It passes through other companies' machines and over locked screens.
            title, body = f"{incident.severity.upper()} {incident.key} private", "You are paged."
        elif incident.test:
            title = f"TEST {title}"
        if not web.secret:
            return title, f"{body} Answer in Slack: /incident ack {incident.key}", ""
        link = links.page(web.base_url, web.secret.reveal(), page.incident_id, page.number)
        return title, f"{body} Answer here, or in Slack with /incident ack {incident.key}:", link
