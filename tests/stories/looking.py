"""What a story looks at when all is done: jobs that are left, messages, and what there must be exactly one of."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.config import Live
from bot.engine import jobs_waiting_or_dead
from bot.models import JobState
from bot.sandbox.records import Channel, Message
from bot.sandbox.slack import Slack
from tests.conftest import Clock
from tests.stories.conftest import House, workspace

TIMERS = frozenset({"Escalate", "LapsePage", "RemindUpdate"})


@asynccontextmanager
async def today(tmp_path: Path) -> AsyncIterator[House]:
    """A workspace over HTTP whose clock is Slack's: what an earlier try left there is looked for by time."""
    clock = Clock(ticks=True)
    clock.set(datetime.now(UTC))
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/writeback.db", clock) as found:
        yield found


def reload(house: House) -> None:
    """The configuration was edited."""
    live = house.bot.world.live
    assert isinstance(live, Live)
    assert not live.reload().problems


async def settled(house: House, within: float = 20.0) -> None:
    """Every job but the timers is done or given up, those that wait for another try too."""
    end, soon = time.monotonic() + within, house.clock() + timedelta(seconds=within)
    while True:
        async with house.bot.world.db.reading() as session:
            jobs = await jobs_waiting_or_dead(session)
        ready = [job for job in jobs if job.state is JobState.READY and job.kind not in TIMERS]
        left = [job for job in ready if job.run_at < soon]
        if not left:
            return
        if time.monotonic() > end:
            said = "; ".join(f"{job.kind}: {job.error}" for job in left)
            raise TimeoutError(f"still to do after {within:g} s: {said}\n{house.slack.picture()}")
        await asyncio.sleep(0.02)


def of_us(slack: Slack, channel: Channel | str) -> list[Message]:
    """The bot's messages in a channel, oldest first, without Slack's own lines about joining and topics."""
    found = slack.place(channel)
    return [message for message in found.messages if message.user == slack.bot.id]


def everything_said(slack: Slack) -> Iterator[Message]:
    """All that the bot has ever posted, to whomever."""
    for channel in slack.workspace.channels.values():
        said = [*channel.log, *channel.ephemerals]
        # Those with a subtype are Slack's own: "writeback set the channel topic".
        yield from (m for m in said if m.user == slack.bot.id and not m.subtype)


def incident_channels(slack: Slack) -> list[Channel]:
    return [c for c in slack.workspace.channels.values() if c.name.startswith("inc-")]


async def lines(house: House, key: str = "INC-1") -> str:
    """The timeline as text."""
    return "\n".join(line["text"] for line in (await house.shown(key))["timeline"])


@asynccontextmanager
async def locked(house: House) -> AsyncIterator[None]:
    """Somebody else holds the file and does not let go. Waiting for it, we let the bot end what it is about."""
    path = str(make_url(house.bot.world.db.url).database)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
        while not other.in_transaction:
            with suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.001)
        yield
        other.execute("ROLLBACK")
