"""The sandbox in front of the real SDK, and a small real Bolt app behind it over HTTP and over Socket Mode."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Slack

Serving = Callable[[AsyncApp], AbstractAsyncContextManager[None]]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack().serve() as slack:
        yield slack


@pytest.fixture
async def client(slack: Slack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )


@pytest.fixture
def app(slack: Slack, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)


@asynccontextmanager
async def over_http(slack: Slack, app: AsyncApp) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        slack.deliver_to(None)
        await runner.cleanup()


@asynccontextmanager
async def over_socket(slack: Slack, app: AsyncApp) -> AsyncIterator[None]:
    before = len(slack.courier.links)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.5)
    handler.client.web_client.base_url = slack.api_url
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda: len(slack.courier.links) > before)
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture(params=["http", "socket"])
def serving(request: pytest.FixtureRequest, slack: Slack) -> Serving:
    """Both ways from Slack to the bot: what a person sees must not tell them apart."""
    way = over_http if request.param == "http" else over_socket
    return lambda app: way(slack, app)
