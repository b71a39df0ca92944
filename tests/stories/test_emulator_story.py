"""The main story against a Slack that nobody here wrote."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.__main__ import Process, running
from bot.config import load
from bot.db import migrate
from bot.flows import views
from bot.sandbox.jira import Jira
from tests.conftest import Clock
from tests.emulator import Emulator, emulated
from tests.stories.conftest import CATALOG

pytestmark = pytest.mark.xdist_group("emulator")


@dataclass(frozen=True)
class Place:
    slack: Emulator
    jira: Jira
    bot: Process

    async def quiet(self) -> None:
        assert self.bot.engine is not None
        await self.bot.engine.idle()

    async def shown(self) -> dict[str, Any]:
        seen = await views.by_key(self.bot.world, "INC-1")
        assert seen is not None
        return cli.record(seen)

    async def paged(self) -> bool:
        return bool(await self.slack.dms("alice"))


@pytest.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    kind = request.param
    url = f"sqlite:///{tmp_path}/w.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    jira = Jira(kind="server")
    async with emulated() as slack, jira.serve():
        jira.project("PAY", components=["checkout"])
        jira.project("SEA")
        config = tmp_path / "config.toml"
        text = CATALOG.format(slack=slack.api_url, jira=jira.url)
        config.write_text(text.replace("[jira]\n", '[jira]\napi = "server"\n'))
        env = {
            "WRITEBACK_CONFIG": str(config),
            "DATABASE_URL": url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "JIRA_TOKEN": jira.token,
        }
        migrate(url)
        async with running(load(env, tmp_path), port=0, clock=Clock(ticks=True)) as bot:
            slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            yield Place(slack, jira, bot)


async def test_an_incident_from_start_to_backlog(place: Place) -> None:
    slack, jira = place.slack, place.jira
    answer = await slack.type(
        "carol", "/incident start checkout sev2 card payments fail with 502", in_="general"
    )
    assert "INC-1 started. Paging Alice" in answer.text
    await slack.until(place.paged)
    await slack.press("alice", "Acknowledge")
    await place.quiet()
    name = "inc-1-card-payments-fail-with-502"
    channel = await slack.channel_named(name)
    assert channel is not None
    assert {"alice", "carol"} <= await slack.members(name)
    assert "sev2" in channel.topic
    assert "fraud check off" in (await slack.pins(name))[0].text
    assert "https://runbooks.acme.dev/checkout" in (await slack.bookmarks(name)).values()

    await slack.press("alice", "Take the lead", in_=name)
    await slack.type("alice", "/incident mitigate switch fraud check off", in_=name)
    await slack.press("alice", "Resolve", in_=name)
    await slack.type("alice", "/incident action switches add a kill switch for the fraud check", in_=name)
    await place.quiet()
    shown = await place.shown()
    assert shown["status"] == "resolved"
    assert shown["roles"]["lead"] == "alice"
    assert [(p["person"], p["state"]) for p in shown["pages"]] == [("alice", "acknowledged")]
    assert shown["jobs"]["failed"] == 0
    assert "operability-switches" in jira.issues["PAY-1"].labels
    assert "card payments fail with 502" in jira.issues["PAY-1"].description


async def test_an_incident_run_with_taps(place: Place) -> None:
    slack = place.slack
    await slack.type("carol", "/incident start checkout sev2 baskets are empty", in_="general")
    await slack.until(place.paged)
    await slack.press("alice", "Acknowledge")
    await place.quiet()
    name = "inc-1-baskets-are-empty"
    for person, button in (
        ("alice", "Take the lead"),
        ("carol", "Take comms"),
        ("alice", "I pulled it: fraud check off"),
        ("alice", "Yes"),
        ("alice", "That stopped it"),
        ("alice", "Resolve"),
    ):
        pressed = await slack.until(partial(pressed_by, slack, person, button, name))
        assert pressed
        await place.quiet()
    shown = await place.shown()
    assert shown["status"] == "resolved"
    assert shown["mitigation"]["kind"] == "switch"
    assert shown["roles"]["lead"] == "alice"
    assert [(u["switch"], u["helped"]) for u in shown["switches"]] == [("fraud check off", "yes")]
    assert shown["jobs"]["failed"] == 0


async def pressed_by(slack: Emulator, person: str, button: str, channel: str) -> bool:
    """Whether the button was there to be pressed, and was."""
    try:
        await slack.press(person, button, in_=channel)
    except AssertionError:
        return False
    return True
