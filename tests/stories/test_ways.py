"""Being woken beyond Slack: other ways, at once when Slack is down, and a link that answers without it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.slack import Fault
from tests.conftest import Clock
from tests.stories.conftest import House, workspace


@dataclass
class Pager:
    """A notification service that keeps what it is sent, and refuses when it is told to."""

    got: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    port: int = 0

    async def take(self, request: web.Request) -> web.Response:
        if self.status == 200:
            self.got.append({"path": request.path, **(await request.json())})
        return web.Response(status=self.status)

    def to(self, path: str) -> list[str]:
        return [f"{m['title']}\n{m['message']}" for m in self.got if m["path"] == f"/{path}"]


@asynccontextmanager
async def pager() -> AsyncIterator[Pager]:
    found = Pager()
    app = web.Application()
    app.router.add_post("/{path}", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


def reached(catalog: str) -> str:
    ways = 'notify = ["env:ALICE_PUSH", { to = "env:ALICE_SMS", after = "2m" }]'
    return catalog.replace('email = "alice@acme.dev"\n', f'email = "alice@acme.dev"\n{ways}\n')


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[tuple[House, Pager]]:
    async with pager() as phone:
        env = {
            "ALICE_PUSH": f"json://127.0.0.1:{phone.port}/push",
            "ALICE_SMS": f"json://127.0.0.1:{phone.port}/sms",
            "WEB_SECRET": "a secret of some length",
        }
        url = f"sqlite:///{tmp_path}/writeback.db"
        async with workspace(tmp_path, url, Clock(ticks=True), change=reached, env=env) as house:
            yield house, phone


async def started(house: House) -> None:
    await house.slack.people["carol"].type("/incident start checkout sev1 card payments fail")
    await house.until_quiet()


async def lines(house: House) -> list[str]:
    return [line["text"] for line in (await house.shown())["timeline"]]


async def test_the_ways_go_out_in_order_until_somebody_answers(call: tuple[House, Pager]) -> None:
    house, phone = call
    await started(house)
    assert len(phone.to("push")) == 1
    assert "SEV1 INC-1 card payments fail" in phone.to("push")[0]
    assert "On call for Payments." in phone.to("push")[0]
    assert phone.to("sms") == []
    assert "Page delivered to Alice by JSON" in await lines(house)
    house.forward(minutes=2)
    await house.until_quiet()
    assert len(phone.to("sms")) == 1


async def test_an_answer_stops_the_ways_that_have_not_gone_out(call: tuple[House, Pager]) -> None:
    house, phone = call
    await started(house)
    await house.slack.people["alice"].type("/incident ack INC-1")
    house.forward(minutes=3)
    await house.until_quiet()
    assert phone.to("sms") == []


async def test_with_slack_down_every_way_goes_out_at_once_and_the_incident_exists(
    call: tuple[House, Pager],
) -> None:
    house, phone = call
    house.slack.fail("chat.postMessage", Fault.UNAVAILABLE, times=None)
    await house.slack.people["carol"].type("/incident start checkout sev1 card payments fail")
    await house.slack.until(lambda: phone.to("push") and phone.to("sms"))
    shown = await house.shown()
    while shown["pages"][0]["state"] == "waiting":
        shown = await house.shown()
    assert shown["status"] == "investigating"
    assert [(p["person"], p["state"], p["way"]) for p in shown["pages"]] == [("alice", "sent", "json")]
    assert house.slack.people["alice"].dms() == []


async def test_the_link_answers_from_a_phone_without_slack_and_only_once(call: tuple[House, Pager]) -> None:
    house, phone = call
    house.slack.fail("chat.postMessage", Fault.UNAVAILABLE, times=None)
    await house.slack.people["carol"].type("/incident start checkout sev1 card <b>payments</b> fail")
    await house.slack.until(lambda: phone.to("push"))
    [link] = re.findall(r"http://\S+", phone.to("push")[0])
    address = f"http://127.0.0.1:{house.bot.port}{link.split('3000', 1)[1]}"
    async with aiohttp.ClientSession() as phone_browser:
        # Mail and chat programs look at links before people do: looking answers nothing.
        async with phone_browser.get(address) as seen:
            text = await seen.text()
            assert seen.headers["Cache-Control"] == "no-store"
        assert "Acknowledge" in text
        assert "&lt;b&gt;payments" in text
        assert (await house.shown())["acknowledged_at"] is None
        async with phone_browser.post(address, data={"do": "acknowledge"}) as answered:
            assert "You have INC-1" in await answered.text()
        assert (await house.shown())["pages"][0]["state"] == "acknowledged"
        assert any("Alice acknowledged (link)" in line for line in await lines(house))
        async with phone_browser.post(address, data={"do": "decline"}) as again:
            text = await again.text()
        assert "You acknowledged it: it is yours." in text
        assert "<form" not in text
        assert (await house.shown())["pages"][0]["state"] == "acknowledged"


@pytest.mark.parametrize("token", ["x", "WzEsMV0.x", "WzEsMV0"])
async def test_a_link_that_is_not_signed_opens_nothing(call: tuple[House, Pager], token: str) -> None:
    house, _ = call
    await started(house)
    async with aiohttp.ClientSession() as browser:
        address = f"http://127.0.0.1:{house.bot.port}/page/{token}"
        async with browser.post(address, data={"do": "acknowledge"}) as answer:
            assert answer.status == 404
            assert "not valid" in await answer.text()
    assert (await house.shown())["acknowledged_at"] is None


async def test_a_way_that_fails_is_said_and_the_others_go_on(call: tuple[House, Pager]) -> None:
    house, phone = call
    phone.status = 403
    await house.slack.people["carol"].type("/incident start checkout sev1 card payments fail")
    for _ in range(8):
        house.forward(seconds=20)
        await house.until_quiet()
    said = [line for line in await lines(house) if "could not be delivered" in line]
    assert "status 403" in said[0]
    assert "ALICE_PUSH" in said[0]
    assert "127.0.0.1" not in " ".join(said)
    assert (await house.shown())["pages"][0]["state"] in {"sent", "unanswered"}


async def test_somebody_without_slack_is_woken_by_the_other_ways(tmp_path: Path) -> None:
    def strange(catalog: str) -> str:
        return reached(catalog).replace('email = "alice@acme.dev"\n', 'slack = "U0NOBODY00"\n')

    async with pager() as phone:
        env = {
            "ALICE_PUSH": f"json://127.0.0.1:{phone.port}/push",
            "ALICE_SMS": f"json://127.0.0.1:{phone.port}/sms",
        }
        url = f"sqlite:///{tmp_path}/writeback.db"
        async with workspace(tmp_path, url, Clock(ticks=True), change=strange, env=env, known=3) as house:
            await started(house)
            await house.slack.until(lambda: phone.to("sms"))
            shown = await house.shown()
            assert [(p["person"], p["state"], p["way"]) for p in shown["pages"]] == [
                ("alice", "sent", "json")
            ]
            # No secret, no link: the message says what to type instead.
            assert "/incident ack INC-1" in phone.to("push")[0]
            assert "http" not in phone.to("push")[0]
