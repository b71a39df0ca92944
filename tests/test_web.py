"""What is served over HTTP: health that tells the truth, and no door for what Slack did not sign."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.flows import timelines
from tests.conftest import Clock
from tests.stories.conftest import House, workspace


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with workspace(tmp_path, f"sqlite:///{tmp_path}/w.db", Clock(ticks=True)) as found:
        yield found


@pytest.fixture
async def web(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{house.bot.port}") as session:
        yield session


def command(house: House, text: str) -> bytes:
    carol = house.slack.people["carol"]
    body = {
        "command": "/incident",
        "text": text,
        "user_id": carol.id,
        "trigger_id": "1.2",
        "channel_id": "C1",
        "team_id": "T1",
    }
    return urlencode(body).encode()


async def post(web: aiohttp.ClientSession, body: bytes, headers: dict[str, str]) -> int:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with web.post("/slack/events", data=body, headers=form | headers) as answer:
        return answer.status


async def test_only_what_slack_signed_lately_is_heard(house: House, web: aiohttp.ClientSession) -> None:
    body = command(house, "start checkout is down")
    assert await post(web, body, {}) == 401
    assert await post(web, body, house.slack.signature(body) | {"X-Slack-Signature": "v0=" + "0" * 64}) == 401
    assert await post(web, body + b"x", house.slack.signature(body)) == 401
    assert await post(web, body, house.slack.signature(body, at=time.time() - 600)) == 401
    assert await post(web, b"x" * 1_000_001, {}) == 413
    with pytest.raises(AssertionError, match="no INC-1"):
        await house.shown()
    assert await post(web, body, house.slack.signature(body)) == 200
    assert (await house.shown())["title"] == "checkout is down"


async def test_only_events_that_slack_signed_lately_are_heard(
    house: House, web: aiohttp.ClientSession
) -> None:
    await house.slack.people["carol"].type("/incident start checkout is down", in_="general")
    await house.until_quiet()
    where = (await house.shown())["channel"]["id"]
    inner = {"type": "message", "channel": where, "user": "U1", "ts": "1795000000.000100", "text": "hello"}
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": inner}).encode()
    as_json = {"Content-Type": "application/json"}

    async def heard() -> bool:
        async with house.bot.world.db.reading() as session:
            return await timelines.kept(session, where, inner["ts"]) is not None

    for headers in (
        {},
        house.slack.signature(body) | {"X-Slack-Signature": "v0=" + "0" * 64},
        house.slack.signature(body + b" "),
        house.slack.signature(body, at=time.time() - 600),
    ):
        assert await post(web, body, headers | as_json) == 401
        assert not await heard()
    assert await post(web, body, house.slack.signature(body) | as_json) == 200
    assert await heard()
    for odd in (b'{"type": "event_callback"}', b'"event_callback"', b'{"event": "event_callback"}'):
        assert await post(web, odd, house.slack.signature(odd) | as_json) < 500


async def test_health_says_alive_ready_and_why_not(house: House, web: aiohttp.ClientSession) -> None:
    async with web.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")

    async def ready() -> bool:
        async with web.get("/readyz") as answer:
            return answer.status == 200 and (await answer.json())["engine"] == "turning"

    await house.slack.until(ready)
    house.slack.down()
    async with web.get("/readyz") as answer:
        assert answer.status == 200  # a restart while Slack is away must not look dead
    house.clock.forward(minutes=2)
    async with web.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["engine"]) == (503, "silent")


async def test_metrics_count_jobs_incidents_and_pages(house: House, web: aiohttp.ClientSession) -> None:
    await house.slack.people["carol"].type("/incident start checkout sev1 down", in_="general")
    await house.until_quiet()
    async with web.get("/metrics") as answer:
        text = await answer.text()
    assert 'writeback_incidents_open{severity="sev1"} 1.0' in text
    assert "writeback_pages_open 1.0" in text
    assert 'writeback_jobs{state="done"}' in text


async def test_metrics_say_that_the_database_is_away(house: House, web: aiohttp.ClientSession) -> None:
    async def rename(table: str, to: str) -> None:
        async with house.bot.world.db.transaction() as session:
            await (await session.connection()).exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")

    async with web.get("/metrics") as answer:
        assert "writeback_database_up 1.0" in await answer.text()
    await rename("job", "gone")
    async with web.get("/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    await rename("gone", "job")
    assert "writeback_database_up 0.0" in text
    assert "writeback_jobs" not in text


async def test_connections_to_slack_stay_in_the_pool(house: House) -> None:
    for n in range(6):
        await house.slack.people["carol"].type(f"/incident start checkout down {n}", in_="general")
    await house.until_quiet()
    assert len(house.slack.calls) > 40
    assert house.slack.connections <= 24
