"""Injected faults, latency and rate limits, as the real client meets them."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults import RateLimits
from bot.sandbox.slack import Fault, Slack


def said(slack: Slack) -> list[str]:
    return [message.text for message in slack.channel_named("general").messages]


async def post(client: AsyncWebClient, text: str = "x") -> Any:
    return await client.chat_postMessage(channel="general", text=text)


async def test_a_rate_limit_says_how_long(slack: Slack, client: AsyncWebClient) -> None:
    slack.fail("chat.postMessage", Fault.RATE_LIMITED, retry_after=30)
    with pytest.raises(SlackApiError) as refused:
        await post(client)
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "30"
    assert refused.value.response["error"] == "ratelimited"
    await post(client)
    assert said(slack) == ["x"]


@pytest.mark.parametrize("how", [Fault.ERROR, Fault.UNAVAILABLE, Fault.DROPPED])
async def test_a_failure_before_the_effect_leaves_nothing(
    slack: Slack, client: AsyncWebClient, how: Fault
) -> None:
    slack.fail("chat.postMessage", how)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await post(client)
    assert said(slack) == []
    assert slack.calls[-1].fault == how


@pytest.mark.parametrize("how", [Fault.ERROR_AFTER, Fault.LOST_REPLY])
async def test_a_lost_reply_leaves_its_effect(slack: Slack, client: AsyncWebClient, how: Fault) -> None:
    slack.fail("chat.postMessage", how)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await post(client)
    assert said(slack) == ["x"]


@pytest.mark.parametrize(("how", "left"), [(Fault.SILENT, []), (Fault.SILENT_AFTER, ["x"])])
async def test_slack_may_never_answer(
    slack: Slack, client: AsyncWebClient, how: Fault, left: list[str]
) -> None:
    slack.fail("chat.postMessage", how)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(post(client), 0.5)
    assert said(slack) == left


async def test_any_refusal_can_be_injected_for_some_calls_only(slack: Slack, client: AsyncWebClient) -> None:
    fault = slack.fail("*", "restricted_action", times=None, when=lambda args: args.get("text") == "no")
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await post(client, "no")
        assert refused.value.response["error"] == "restricted_action"
    await post(client, "yes")
    assert fault.hits == 2
    fault.remove()
    await post(client, "no")
    assert said(slack) == ["yes", "no"]


async def test_slack_goes_away_and_comes_back(slack: Slack, client: AsyncWebClient) -> None:
    slack.down()
    with pytest.raises(SlackApiError):
        await client.auth_test()
    slack.up()
    await client.auth_test()


async def test_the_effect_comes_at_half_of_the_latency(slack: Slack, client: AsyncWebClient) -> None:
    slack.latency = 0.1
    await post(client)
    [call] = slack.calls
    assert call.effect_at is not None
    assert call.answered_at is not None
    assert call.effect_at - call.at >= 0.05
    assert call.answered_at - call.effect_at >= 0.05


async def test_one_method_can_be_slow(slack: Slack, client: AsyncWebClient) -> None:
    slow = slack.slow("chat.postMessage", 0.1)
    began = time.monotonic()
    await post(client)
    assert time.monotonic() - began >= 0.1
    slow.remove()
    assert slack.calls[-1].ok


async def test_calls_and_connections_are_counted(slack: Slack, client: AsyncWebClient) -> None:
    for _ in range(3):
        await post(client)
    assert [call.connection for call in slack.calls] == [1, 1, 1]
    assert slack.connections == 1
    async with aiohttp.ClientSession() as other:
        await other.post(f"{slack.api_url}api.test")
    assert slack.connections == 2
    assert [call.user for call in slack.calls] == [slack.bot.id] * 3 + [None]


async def test_a_channel_takes_a_burst_and_then_one_message_a_second(client: AsyncWebClient) -> None:
    async with Slack(rate_limits=True).serve() as slack:
        client.base_url, client.token = slack.api_url, slack.bot_token
        alice = slack.person("alice")
        for _ in range(5):
            await post(client)
        with pytest.raises(SlackApiError) as refused:
            await post(client)
        assert refused.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel=alice.id, text="another channel is free")


@pytest.mark.parametrize(
    ("method", "per_minute"), [("users.list", 20), ("chat.update", 50), ("users.info", 100), ("pins.add", 20)]
)
def test_methods_have_slacks_tiers(method: str, per_minute: int) -> None:
    limits = RateLimits()
    waits = [limits.wait(method, {}, at=0.0) for _ in range(per_minute + 1)]
    assert not any(waits[:-1])
    assert waits[-1] == -(-60 // per_minute)
    assert limits.wait(method, {}, at=float(waits[-1])) == 0


async def test_waiting_in_vain_says_what_is_there(slack: Slack, client: AsyncWebClient) -> None:
    await post(client, "hello")
    with pytest.raises(
        TimeoutError, match=r"(?s)still not so.*no channel #inc-1.*writeback: hello.*chat.postMessage"
    ):
        await slack.until(lambda: slack.channel_named("inc-1"), within=0.05)


def test_a_seed_makes_the_same_ids() -> None:
    made = [Slack(seed=seed) for seed in (1, 1, 2)]
    ids = [(slack.person("alice").id, slack.channel("inc-1").id, slack.bot_token) for slack in made]
    assert ids[0] == ids[1]
    assert ids[0] != ids[2]


async def test_stopping_ends_everything_that_was_under_way(client: AsyncWebClient) -> None:
    before = asyncio.all_tasks()
    slack = Slack(retries=(0, 300))
    await slack.start()
    client.base_url, client.token = slack.api_url, slack.bot_token
    alice = slack.person("alice")
    slack.channel("inc-1", [alice])
    slack.deliver_to("http://127.0.0.1:9/")  # nobody is there, so its redelivery is due
    await alice.say("x", in_="inc-1")
    slack.fail("chat.postMessage", Fault.SILENT)
    hanging = asyncio.create_task(post(client))
    async with aiohttp.ClientSession() as session:
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        ws = await session.ws_connect(url)
        await slack.until(lambda: slack.calls_of("chat.postMessage"))
        assert (await ws.receive_json())["type"] == "hello"
        closing = asyncio.create_task(ws.receive())
        await slack.stop()
        await slack.stop()
        assert (await closing).type is aiohttp.WSMsgType.CLOSE
    with pytest.raises(aiohttp.ClientError):
        await hanging
    assert asyncio.all_tasks() == before
