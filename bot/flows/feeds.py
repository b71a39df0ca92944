"""Private calendar links: made on request, revocable, one for a team and one for each person."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core import Refused, links
from bot.flows import Asking, Choice, Reply, World, once
from bot.flows.covers import named_team
from bot.models import Feed


async def _live(session: AsyncSession, team: str, person: str) -> Feed | None:
    rows = select(Feed).where(Feed.team == team, Feed.person == person, col(Feed.revoked_at).is_(None))
    return (await session.exec(rows)).first()


async def link(world: World, asking: Asking, *, team: str = "") -> Reply:
    """The link of `team`, or of the one who asks: the same one every time, until it is revoked."""

    async def act(session: AsyncSession, by: str) -> Reply:
        secret = world.config.web.secret
        if not secret:
            raise Refused(
                "Calendar links need WEB_SECRET in Writeback's environment: ask whoever runs it to set one."
            )
        found = named_team(world.catalog, team) if team else None
        if found is None and by not in world.catalog.people:
            raise Refused("You are not in the catalog, so you have no turns.")
        key = (found.id, "") if found else ("", by)
        address = await _address(session, world, key, by)
        whose = found.name if found else "your own turns"
        return Reply(
            f"Subscribe to this address in your calendar ({whose}): {address}\n"
            "Whoever has it can read the calendar, so keep it to yourself.",
            choices=(Choice("Revoke this link", "feed_revoke", found.id if found else "-"),),
        )

    return await once(world, asking, act)


async def _address(session: AsyncSession, world: World, key: tuple[str, str], by: str) -> str:
    team, person = key
    await store.alone(session, f"feed {team} {person}")
    feed = await _live(session, team, person)
    if feed is None:
        feed = Feed(team=team, person=person, created_by=by, created_at=world.clock())
        session.add(feed)
        await session.flush()
    assert feed.id is not None
    web = world.config.web
    return links.feed(web.base_url, web.secret.reveal(), team or f"people/{person}", feed.id)


async def address(world: World, asking: Asking, team: str) -> str:
    """The address of a team's calendar, to be shown with its schedule; "" where no secret can sign one."""
    if not world.config.web.secret:
        return ""
    async with world.db.transaction() as session:
        by = await store.person_of(session, asking.by, world.catalog)
        return await _address(session, world, (team, ""), by)


async def revoke(world: World, asking: Asking, team: str) -> Reply:
    """The link of `team`, or one's own where it is "", answers nobody from now on; the next one is another."""

    async def act(session: AsyncSession, by: str) -> Reply:
        found = named_team(world.catalog, team) if team else None
        if found and by not in found.members:
            raise Refused(f"Only people of {found.name} can revoke its calendar link.")
        feed = await _live(session, found.id if found else "", "" if found else by)
        if feed is None:
            return Reply("There is no link to revoke.")
        feed.revoked_at = world.clock()
        session.add(feed)
        if found:
            name = (await store.names(session, world.catalog))(by)
            await store.note_rota(
                session, found.id, f"Calendar link revoked by {name}.", by=by, now=world.clock()
            )
        again = f"/oncall calendar {found.id}" if found else "/oncall calendar"
        return Reply(f"Revoked: that link answers nobody any more. `{again}` makes a new one.")

    return await once(world, asking, act)


async def opened(session: AsyncSession, number: int) -> Feed | None:
    """The feed, unless it was revoked."""
    feed = await session.get(Feed, number)
    return feed if feed is not None and feed.revoked_at is None else None
