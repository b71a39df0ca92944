"""The process is killed at random moments of a start and started again: nothing is lost and nothing happens twice."""

import asyncio
import os
import random
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import select

import bot
from bot.db import Database, connect, migrate
from bot.engine import jobs_waiting_or_dead
from bot.models import Incident, JobState
from bot.sandbox.jira import Jira
from bot.sandbox.rendering import visible_text
from bot.sandbox.slack import Slack
from bot.store import actions
from tests.stories.conftest import CATALOG
from tests.stories.looking import TIMERS, of_us

LATENCY = 0.02
"""Seconds of a Slack call: a start with its item then takes about half a second, in which it can be killed."""


@dataclass
class Town:
    """A workspace whose bot is another process, or two: `kill` and `start` as often as you like."""

    slack: Slack
    jira: Jira
    db: Database
    env: dict[str, str]
    folder: Path
    port: int
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, *roles: str) -> None:
        with open(self.folder / "log", "ab") as log:
            for role in roles:
                self.running[role] = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", role),
                    cwd=self.folder,
                    env=self.env,
                    stderr=log,
                    stdout=log,
                )
        while set(roles) & {"run", "web"}:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                assert all(process.returncode is None for process in self.running.values()), self.log()
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return

    async def kill(self, *roles: str) -> None:
        for role in roles:
            process = self.running.pop(role)
            process.kill()
            await process.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text()[-4000:]

    async def settled(self, within: float) -> None:
        """Every job but the timers is done."""
        end = time.monotonic() + within
        while True:
            async with self.db.reading() as session:
                jobs = [job for job in await jobs_waiting_or_dead(session) if job.kind not in TIMERS]
            assert [job.error for job in jobs if job.state is JobState.DEAD] == []
            if not jobs:
                return
            said = ", ".join(f"{job.kind}: {job.error}" for job in jobs)
            assert time.monotonic() < end, f"still to do: {said}\n{self.log()}"
            await asyncio.sleep(0.05)


@asynccontextmanager
async def town(folder: Path, url: str) -> AsyncIterator[Town]:
    slack, jira = Slack(signing_secret="shh", latency=LATENCY), Jira()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slack.serve())
        await stack.enter_async_context(jira.serve())
        for name in ("alice", "bob", "carol", "dana", "erin"):
            slack.person(name, email=f"{name}@acme.dev")
            jira.user(f"{name}@acme.dev", name.title())
        for name in ("general", "incidents", "team-payments", "team-search"):
            slack.channel(name, members=list(slack.people.values()))
        jira.project("PAY", components=["checkout"])
        (folder / "config.toml").write_text(CATALOG.format(slack=slack.api_url, jira=jira.url))
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "JIRA_"))},
            "PYTHONPATH": str(Path(bot.__file__).parent.parent),
            "WRITEBACK_CONFIG": str(folder / "config.toml"),
            "DATABASE_URL": url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": "shh",
            "JIRA_USER": "bot@acme.dev",
            "JIRA_TOKEN": jira.token,
            "PORT": str(port),
        }
        migrate(url)
        db = connect(url)
        stack.push_async_callback(db.close)
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        found = Town(slack, jira, db, env, folder, port)
        try:
            yield found
        finally:
            await found.kill(*found.running)


def words(n: int) -> str:
    return f"/incident start checkout sev2 number {n:02d} fails"


async def declare(town: Town, n: int) -> str:
    """What a person does who wants an incident with an item: again whatever was cut off. The incident's key.

    "" when it was cut off before they could read the key.
    """
    carol = town.slack.people["carol"]
    answer = await carol.type(words(n))
    if answer.error:
        return ""
    assert " started. Paging" in answer.text or "Join it?" in answer.text, answer.text
    key = answer.text.split()[0]
    listed = await carol.type(f"/incident actions {key}")
    if f"mend {n:02d}" not in listed.text and not listed.error:
        await carol.type(f"/incident action {key} switches mend {n:02d}")
    return key


async def once_each(town: Town, rounds: int) -> None:
    """One incident, page, channel, headline, announcement and issue for each thing that was declared."""
    slack = town.slack
    async with town.db.reading() as session:
        incidents = (await session.exec(select(Incident))).all()
        items = {i.id: await actions(session, i.id) for i in incidents if i.id is not None}
    titles = sorted(incident.title for incident in incidents)
    assert titles == [f"number {n:02d} fails" for n in range(rounds)]
    paged = [seen.text for seen in slack.people["alice"].dms()]
    announced = [visible_text(message) for message in of_us(slack, "incidents")]
    channels = [c for c in slack.workspace.channels.values() if c.name.startswith("inc-")]
    assert len(channels) == rounds
    for incident in incidents:
        mine = f"{incident.key} {incident.title}"
        assert len([text for text in paged if mine in text]) == 1, mine
        assert len([text for text in announced if mine in text]) == 1, mine
        channel = slack.workspace.channels[incident.channel_id]
        headlines = [m for m in of_us(slack, channel) if "[Take the lead]" in visible_text(m)]
        assert channel.pins == headlines
        assert len(headlines) == 1, mine
        assert len(channel.bookmarks) == 1, mine
        assert {"alice", "carol"} <= slack.members_of(channel)
        [item] = items[incident.id or 0]
        labelled = [key for key, i in town.jira.issues.items() if f"writeback-{item.id}" in i.labels]
        assert labelled == [item.jira], mine
    assert len(town.jira.issues) == rounds


async def killed_in_turn(folder: Path, url: str, *roles: str, seed: int, rounds: int) -> None:
    """Each round starts an incident with an item and kills one process meanwhile; the person then looks again."""
    chance = random.Random(seed)  # a repeatable story
    folder.mkdir()
    async with town(folder, url) as here:
        await here.start(*roles)
        for n in range(rounds):
            role = roles[n % len(roles)]
            doing = asyncio.create_task(declare(here, n))
            await asyncio.sleep(chance.uniform(0, 0.6))
            await here.kill(role)
            await doing
            await here.start(role)
            assert await declare(here, n), here.log()
        await here.settled(within=45)
        await once_each(here, rounds)


async def test_killed_at_random_moments_of_a_start_everything_happens_once(
    tmp_path: Path, postgres_url: str
) -> None:
    """Both databases side by side: on Postgres what a killed worker held comes back after half a minute."""
    async with asyncio.TaskGroup() as both:
        sqlite = f"sqlite:///{tmp_path}/writeback.db"
        both.create_task(killed_in_turn(tmp_path / "one", sqlite, "run", seed=7, rounds=20))
        both.create_task(killed_in_turn(tmp_path / "two", postgres_url, "web", "worker", seed=8, rounds=6))
