"""The main story against a Slack that nobody here wrote."""

from pathlib import Path

import pytest

from bot import cli
from bot.__main__ import running
from bot.config import load
from bot.db import migrate
from bot.flows import views
from bot.sandbox.jira import Jira
from tests.conftest import Clock
from tests.emulator import emulated
from tests.stories.conftest import CATALOG

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_an_incident_from_start_to_backlog(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
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
            assert bot.engine is not None
            slack.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            answer = await slack.type(
                "carol", "/incident start checkout sev2 card payments fail with 502", in_="general"
            )
            assert "INC-1 started. Paging Alice" in answer.text

            async def paged() -> bool:
                return bool(await slack.dms("alice"))

            await slack.until(paged)
            await slack.press("alice", "Acknowledge")
            await bot.engine.idle()
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
            await slack.type(
                "alice", "/incident action switches add a kill switch for the fraud check", in_=name
            )
            await bot.engine.idle()
            seen = await views.by_key(bot.world, "INC-1")
            assert seen is not None
            shown = cli.record(seen)
    assert shown["status"] == "resolved"
    assert shown["roles"]["lead"] == "alice"
    assert [(p["person"], p["state"]) for p in shown["pages"]] == [("alice", "acknowledged")]
    assert shown["jobs"]["failed"] == 0
    assert "operability-switches" in jira.issues["PAY-1"].labels
    assert "card payments fail with 502" in jira.issues["PAY-1"].description
