"""A whole workspace for a story: the sandbox's Slack and Jira, and the real bot between them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager as AsyncContextManager
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from bot import cli
from bot.__main__ import Process, running
from bot.config import load
from bot.flows import views
from bot.sandbox.jira import Jira
from bot.sandbox.slack import Slack
from tests.conftest import Clock, newest

CATALOG = """
[paging]
ack_timeout = "5m"
repeat = 1
fallback_team = "payments"

[slack]
api_url = "{slack}"
announce_channel = "incidents"

[jira]
url = "{jira}"

[[person]]
id = "alice"
email = "alice@acme.dev"
[[person]]
id = "bob"
email = "bob@acme.dev"
[[person]]
id = "dana"
email = "dana@acme.dev"
[[person]]
id = "erin"
email = "erin@acme.dev"

[[team]]
id = "payments"
name = "Payments"
timezone = "Europe/London"
channel = "team-payments"
jira_project = "PAY"
jira_components = ["checkout"]
lead = "dana"
escalation = [
  {{ targets = ["oncall"], wait = "5m" }},
  {{ targets = ["next", "@dana"], wait = "10m" }},
]
[[team.layers]]
participants = ["alice", "bob"]
rotation = {{ kind = "weekly", length = 1, handoff = "09:00", weekday = "mon", start = "2026-01-05T09:00" }}

[[team]]
id = "search"
name = "Search"
channel = "team-search"
jira_project = "SEA"
lead = "erin"
[[team.layers]]
participants = ["erin"]
rotation = {{ kind = "daily", length = 1, handoff = "09:00", start = "2026-01-05T09:00" }}

[[team]]
id = "platform"
name = "Platform"
kind = "guide"

[[service]]
id = "checkout"
team = "payments"
aliases = ["basket"]
paths = ["services/checkout/**"]
runbook = "https://runbooks.acme.dev/checkout"
dashboards = [{{ name = "Checkout", url = "https://graphs.acme.dev/checkout" }}]
switches = [{{ name = "fraud check off", how = "flag `fraud.enabled` = false", url = "https://flags.acme.dev/fraud" }}]

[[service]]
id = "finder"
team = "search"
"""


@dataclass
class House:
    """Everything a story touches. Alice is on call for Payments; carol is in no team."""

    slack: Slack
    jira: Jira
    bot: Process
    clock: Clock
    config: Path
    start: Callable[[], AsyncContextManager[Process]] = field(repr=False)
    running: AsyncExitStack = field(repr=False)

    async def stop(self) -> None:
        """The bot ends, as for a new version; what Slack tells it meanwhile is lost."""
        self.slack.deliver_to(None)
        await self.running.aclose()

    async def restart(self) -> None:
        """A new bot on the same database."""
        await self.running.aclose()
        self.bot = await self.running.enter_async_context(self.start())
        self.slack.deliver_to(f"http://127.0.0.1:{self.bot.port}/slack/events")
        await self.until_quiet()

    async def shown(self, key: str = "INC-1") -> dict[str, Any]:
        seen = await views.by_key(self.bot.world, key, private=True)
        assert seen is not None, f"there is no {key}"
        return cli.record(seen)

    def forward(self, **length: float) -> None:
        """Time passes, and the engine looks at its timers."""
        self.clock.forward(**length)
        assert self.bot.engine is not None
        self.bot.engine.wake()

    async def until_quiet(self) -> None:
        """Everything that is due has been done."""
        assert self.bot.engine is not None
        await self.bot.engine.idle()


@asynccontextmanager
async def workspace(
    tmp_path: Path,
    url: str,
    clock: Clock,
    *,
    socket_mode: bool = False,
    change: Callable[[str], str] = str,
    env: Mapping[str, str] | None = None,
    known: int = 4,
    jira_kind: Literal["cloud", "server"] = "cloud",
) -> AsyncIterator[House]:
    """`change` edits the catalog before the bot reads it; `env` is added to the environment.

    `known` people have an e-mail by which the bot finds their account.
    """
    slack = Slack(signing_secret="shh")
    jira = Jira(kind=jira_kind, clock=clock)
    async with slack.serve(), jira.serve():
        for person in ("alice", "bob", "carol", "dana", "erin"):
            slack.person(person, real_name=person.title(), email=f"{person}@acme.dev", tz="Europe/London")
            jira.user(f"{person}@acme.dev", person.title())
        for channel in ("general", "incidents", "team-payments", "team-search"):
            slack.channel(channel, members=list(slack.people.values()))
        jira.project("PAY", components=["checkout"])
        jira.project("SEA")
        config = tmp_path / "config.toml"
        config.write_text(change(CATALOG.format(slack=slack.api_url, jira=jira.url)))
        secrets = {
            "WRITEBACK_CONFIG": str(config),
            "DATABASE_URL": url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": "shh",
            "JIRA_USER": "bot@acme.dev",
            "JIRA_TOKEN": jira.token,
            **(env or {}),
        }
        if socket_mode:
            secrets["SLACK_APP_TOKEN"] = slack.app_token
        newest(url)

        def start() -> AsyncContextManager[Process]:
            return running(load(secrets, tmp_path), port=0, clock=clock)

        async with AsyncExitStack() as stack:
            bot = await stack.enter_async_context(start())
            # The story begins with a bot that knows its people, as a bot does that has run for a minute.
            await slack.until(lambda: len(slack.calls_of("users.lookupByEmail")) == known)
            assert bot.engine is not None
            await bot.engine.idle()
            if "JIRA_WEBHOOK_SECRET" in secrets:
                jira.hooks.url = f"http://127.0.0.1:{bot.port}/hooks/jira"
                jira.hooks.secret = secrets["JIRA_WEBHOOK_SECRET"]
            if not socket_mode:
                slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            yield House(slack, jira, bot, clock, config, start, stack)


BOTH_WAYS = frozenset({"test_doors", "test_main_story", "test_switches", "test_timeline"})
"""Modules whose stories are told over HTTP and over Socket Mode; in the others only HTTP carries what is said."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "way" in metafunc.fixturenames:
        both = metafunc.module.__name__.rpartition(".")[2] in BOTH_WAYS
        metafunc.parametrize("way", ["http", "socket"] if both else ["http"])


@pytest.fixture
async def house(way: str, tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock(ticks=True)
    url = f"sqlite:///{tmp_path}/writeback.db"
    async with workspace(tmp_path, url, clock, socket_mode=way == "socket") as found:
        yield found
