"""What jobs do with calendars: read the one that says who is on call for a team."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import aiohttp

from bot.calendars.fetch import Unreachable, fetch
from bot.core import Refused
from bot.core.jobs import Order, ReadCalendar
from bot.engine import Context, Done, Handler
from bot.flows import World, calendars


class CalendarJobs:
    """The handlers; `folder` is where the configuration stands, from which files are named."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder

    def handlers(self) -> Mapping[type[Order], Handler]:
        return {ReadCalendar: self.read_calendar}

    async def read_calendar(self, order: ReadCalendar, ctx: Context) -> Done:
        """Twice is harmless: a calendar that says what it said before changes nothing."""
        from bot.calendars.source import matcher, read

        team = self.world.catalog.teams.get(order.team)
        if team is None or not team.calendar:
            return Done()
        now, known = self.world.clock(), await calendars.etag(self.world, team)
        try:
            async with aiohttp.ClientSession() as session:
                found = await fetch(team.calendar, session=session, folder=self.folder, etag=known)
            if found.text is None:
                await calendars.kept(self.world, team, None, unknown=(), etag=found.etag)
                return Done()
            people = matcher(self.world.catalog.people.values())
            span = now - calendars.BEHIND, now + calendars.AHEAD
            # A long calendar takes a while to unfold: commands go on meanwhile.
            said = await asyncio.to_thread(
                partial(read, found.text, start=span[0], end=span[1], known=people, zone=team.timezone)
            )
        except (Unreachable, Refused) as error:
            await calendars.failed(self.world, team, str(error))
            return Done()
        await calendars.kept(self.world, team, said.shifts, unknown=said.unknown, etag=found.etag)
        return Done()
