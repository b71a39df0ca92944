"""What jobs do in Confluence: a page for each published postmortem, brought up to date with every version."""

import html
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.confluence.client import Confluence, Page
from bot.core import postmortems as core
from bot.core.jobs import Order, WritePage
from bot.engine import Context, Done, GiveUp, Handler
from bot.flows import World, postmortems
from bot.models import PostmortemState


class ConfluenceJobs:
    """The handler; `confluence` is None where none is configured."""

    def __init__(self, world: World, confluence: Confluence | None) -> None:
        self.world = world
        self.confluence = confluence

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {WritePage: self.write_page}

    async def close(self) -> None:
        if self.confluence is not None:
            await self.confluence.close()

    async def write_page(self, order: WritePage, ctx: Context) -> Done:
        """What the rows say now becomes the page, so a late or repeated one is harmless. Never of a private incident."""
        facts = await postmortems.of_key(self.world, order.incident)
        row = facts.postmortem if facts else None
        if (
            facts is None
            or row is None
            or row.state is not PostmortemState.PUBLISHED
            or facts.incident.private
        ):
            return Done()
        if self.confluence is None:
            raise GiveUp("Confluence is not set up: set [confluence] url and space")
        key = facts.incident.key
        mark = f"Writeback {key}"
        foot = f"<p><em>{html.escape(mark)}</em>: kept by Writeback; what is changed here is overwritten.</p>"
        page = Page(
            title=" ".join(f"{key}: {facts.incident.title}".split()),
            body=core.document(facts).storage() + foot,
            mark=mark,
            label=f"incident-{key.lower()}",
        )
        written = await self.confluence.write(page, known=row.places.get("confluence_id", ""))

        async def then(session: AsyncSession) -> None:
            places = {"confluence": written.url, "confluence_id": written.id}
            await postmortems.placed(session, order.incident, places)

        return Done({"page": written.id}, then)
