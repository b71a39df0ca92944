"""What whoever installs it meets on the first afternoon: the checks, and a start with the least that is needed."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import bot
from bot.__main__ import running
from bot.config import load
from bot.sandbox.slack import Slack
from tests.conftest import Clock, newest
from tests.stories.conftest import CATALOG, workspace


async def check(folder: Path, env: Mapping[str, str]) -> tuple[int, list[str]]:
    """The exit status of `writeback check` and what it says, line by line."""
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    clean["PYTHONPATH"] = str(Path(bot.__file__).parent.parent)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "check"],
        cwd=folder,
        env=clean | dict(env),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def written(folder: Path, slack: Slack, jira: str = "http://127.0.0.1:9") -> None:
    (folder / "config.toml").write_text(CATALOG.format(slack=slack.api_url, jira=jira))


async def test_check_says_what_slack_and_jira_lack_each_with_its_fix(tmp_path: Path) -> None:
    slack = Slack(signing_secret="shh")
    async with slack.serve():
        for name in ("alice", "bob", "dana"):
            slack.person(name, email=f"{name}@acme.dev")
        slack.channel("team-payments")
        written(tmp_path, slack)
        env = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": "xapp-of-another-app",
            "JIRA_USER": "bot@acme.dev",
            "JIRA_TOKEN": "t",
        }
        status, said = await check(tmp_path, env)
    assert status == 1
    lines = "\n".join(said)
    assert "SLACK_APP_TOKEN (invalid_auth)" in lines
    assert "[slack] announce_channel: Writeback sees no Slack channel #incidents; make it" in lines
    assert "[[team]] search: channel: Writeback sees no Slack channel #team-search" in lines
    assert "#team-payments" not in lines
    assert "[[person]] erin: Slack does not know erin@acme.dev" in lines
    assert "Jira can't be reached to say who we are; check [jira] url (http://127.0.0.1:9)" in lines


async def test_check_says_of_a_secret_that_is_missing_once_that_it_is_a_problem(tmp_path: Path) -> None:
    slack = Slack(signing_secret="shh")
    async with slack.serve():
        written(tmp_path, slack)
        status, said = await check(tmp_path, {})
    assert status == 1
    assert [line[:40] for line in said if "SLACK_" in line] == [
        "problem: SLACK_BOT_TOKEN is not set: cop",
        "problem: neither SLACK_APP_TOKEN (Socket",
    ]
    assert said[-1].startswith("2 problems, ")  # without its token Jira is not asked


async def test_socket_mode_needs_no_signing_secret(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/writeback.db"
    without = {"SLACK_SIGNING_SECRET": ""}
    async with workspace(tmp_path, url, Clock(ticks=True), socket_mode=True, env=without) as house:
        said = await house.slack.people["carol"].type("/incident start checkout cards fail")
        assert "INC-1 started" in said.text


def socket_mode(folder: Path, slack: Slack, token: str) -> dict[str, str]:
    """The environment of a bot in Socket Mode, on a new database."""
    written(folder, slack)
    url = f"sqlite:///{folder}/writeback.db"
    newest(url)
    return {"DATABASE_URL": url, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": token}


async def test_a_start_with_another_app_s_token_says_so_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slack = Slack()
    async with slack.serve():
        env = socket_mode(tmp_path, slack, "xapp-of-another-app")
        async with running(load(env, tmp_path), port=0) as process:
            assert process.port
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [line for line in said if "SLACK_APP_TOKEN (invalid_auth)" in line]
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_start_goes_on_without_slack_and_links_when_it_is_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slack = Slack()
    async with slack.serve():
        port = int(slack.api_url.split(":")[2].split("/")[0])
        env = socket_mode(tmp_path, slack, slack.app_token)
    async with running(load(env, tmp_path), port=0):
        assert "Socket Mode is not there yet" in caplog.text
        async with slack.serve(port):
            carol = slack.person("carol", email="carol@acme.dev")
            slack.channel("general", members=[carol])
            await slack.until(lambda: slack.calls_of("apps.connections.open"), within=10)

            async def answered() -> bool:
                return "Payments" in (await carol.type("/oncall checkout")).text

            await slack.until(answered)
    assert all(record.exc_info is None for record in caplog.records)
