"""Socket Mode: the link that Slack sends through, opened as soon as Slack lets us."""

import asyncio
import logging
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.engine import Retry
from bot.slack.client import SlackRefused, look

log = logging.getLogger(__name__)

OPEN = "apps.connections.open"


class Link:
    """The SDK's own first try would hold up a start for as long as Slack is away, and print a stack each time."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, token: str) -> None:
        self.tried = asyncio.Event()
        """Slack has answered once, for better or worse: a start needs not wait any longer."""
        self._client = with_token(client, token)
        self._socket: Any = AsyncSocketModeHandler(app, token).client  # its methods have no types
        self._socket.web_client.base_url = client.base_url

    async def open(self) -> None:
        wait = 1.0
        while True:
            try:
                self._socket.wss_uri = str((await look(self._client, OPEN))["url"])
                await self._socket.connect()
                log.info("Socket Mode is linked.")
                return
            except Retry as error:
                log.warning("Slack's Socket Mode is not there yet: %s", error)
            except SlackRefused as error:
                log.error("%s", refused(error))
                wait = 60.0
            finally:
                self.tried.set()
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30)

    async def close(self) -> None:
        await self._socket.close()


def with_token(client: AsyncWebClient, token: str) -> AsyncWebClient:
    """The same connections, another token."""
    return AsyncWebClient(token=token, base_url=client.base_url, session=client.session, retry_handlers=[])


def refused(error: SlackRefused) -> str:
    page = "“Basic Information → App-Level Tokens”"
    if error.error == "missing_scope":
        return f"SLACK_APP_TOKEN lacks the scope connections:write: make one that has it under {page}."
    return (
        f"Slack refuses SLACK_APP_TOKEN ({error.error}): copy it again from {page},"
        " and see that Socket Mode is switched on."
    )
