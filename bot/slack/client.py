"""One kept-alive Slack client, and what each of its failures means for a job."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.engine import GiveUp, Retry

POOL = 24
"""Connections kept to Slack; the engine runs fewer jobs at once than that."""

TIMEOUT = aiohttp.ClientTimeout(total=5, connect=3)
"""Less than half a page's lease: a call that outlives it would be repeated while it still runs."""

PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Slack's words for failures that another try may not meet."""

INVALID_BLOCKS = "invalid_blocks"
"""Slack's word for blocks that it does not know or that break its rules; it may go on with a few letters more."""

FIXES: Mapping[str, str] = {
    "missing_scope": "reinstall the app with the manifest that `writeback manifest` prints",
    "not_allowed_token_type": "SLACK_BOT_TOKEN must be a bot token (xoxb-…)",
    "invalid_auth": "SLACK_BOT_TOKEN is not valid: copy it again from the app's “OAuth & Permissions” page",
    "not_authed": "SLACK_BOT_TOKEN is empty",
    "account_inactive": "the app was removed from the workspace: install it again",
    "token_revoked": "the token was revoked: install the app again and set SLACK_BOT_TOKEN",
    "channel_not_found": "the channel does not exist or Writeback is not in it: invite it with `/invite`",
    "not_in_channel": "invite Writeback to the channel with `/invite`",
    "is_archived": "the channel is archived: unarchive it to go on there",
    "restricted_action": "a workspace setting forbids it: ask a workspace admin to allow the app to do it",
    "user_not_found": "that Slack account does not exist: correct the person's `slack` or `email` in the catalog",
    "users_not_found": "no Slack account has that e-mail: correct the person's `email`, or set `slack` in the catalog",
    "user_disabled": "that Slack account is deactivated: take the person out of the catalog",
    "cannot_dm_bot": "that account is a bot: correct the person's `slack` in the catalog",
}


class SlackRefused(Exception):
    """Slack answered `ok: false`. `error` is its word for why; `channel` what the call was about, "" when nothing was."""

    def __init__(self, method: str, error: str, response: Mapping[str, Any]) -> None:
        super().__init__(f"Slack refused {method}: {error}")
        self.channel = ""
        self.method = method
        self.error = error
        self.response = response

    def sentence(self, what: str) -> str:
        needed = self.response.get("needed")
        fix = FIXES.get(self.error, "see `writeback check`")
        more = f" ({needed})" if needed else ""
        return f"Slack refused to {what}: {self.error}{more}; {fix}"


def connect(token: str, api_url: str) -> AsyncWebClient:
    """A client whose connections are shared and kept alive; must be called in a running loop.

    Without a shared session slack_sdk opens a new TLS connection for each call, and by default it repeats
    a call after a dropped connection: two messages for one.
    """
    connector = aiohttp.TCPConnector(limit=POOL, keepalive_timeout=75)
    # slack_sdk's own `timeout` is not applied to a session that it is given.
    session = aiohttp.ClientSession(connector=connector, timeout=TIMEOUT)
    return AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])


async def warm(client: AsyncWebClient, connections: int) -> None:
    """Open connections before they are needed: the first page then pays for no handshake."""
    await asyncio.gather(*(_ping(client) for _ in range(connections)))


async def _ping(client: AsyncWebClient) -> None:
    try:
        await client.api_test()
    except (TimeoutError, OSError, aiohttp.ClientError, SlackClientError):
        return  # Slack may be away at start-up: that is said by readiness and by each job that needs it


async def close(client: AsyncWebClient) -> None:
    if client.session is not None:
        await client.session.close()


async def call(
    client: AsyncWebClient, method: str, *, throttle: str | None = None, **args: Any
) -> dict[str, Any]:
    """Call a writing `method` once, with `args` as JSON (None is left out).

    Raises SlackRefused for `ok: false`; Retry for 429 (as long as Slack says; `throttle` names what else has
    to wait for it), 5xx, time-outs and lost connections, `unknown` where the call may have taken effect.
    """
    given = {key: value for key, value in args.items() if value is not None}
    return await _once(method, throttle, client.api_call(method, json=given), _channel(args))


async def look(client: AsyncWebClient, method: str, **args: Any) -> dict[str, Any]:
    """Call a reading `method`: these take no JSON.  https://docs.slack.dev/apis/web-api/#post_bodies"""
    given = {key: value for key, value in args.items() if value is not None}
    return await _once(method, None, client.api_call(method, data=given), _channel(args))


async def listed(client: AsyncWebClient, method: str) -> AsyncIterator[dict[str, Any]]:
    """Every channel, page by page. "users.conversations" lists those we are in, "conversations.list" the workspace's."""
    cursor: str | None = None
    while True:
        page = await look(
            client,
            method,
            types="public_channel,private_channel",
            limit=200,
            cursor=cursor,
            exclude_archived="true",
        )
        for channel in page.get("channels", []):
            yield channel
        cursor = page.get("response_metadata", {}).get("next_cursor") or None
        if cursor is None:
            return


def _channel(args: Mapping[str, Any]) -> str:
    return str(args.get("channel") or args.get("channel_id") or "")


async def _once(
    method: str, throttle: str | None, calling: Awaitable[Any], channel: str = ""
) -> dict[str, Any]:
    try:
        response = await calling
    except SlackApiError as error:
        meant = _meaning(method, error, throttle)
        if isinstance(meant, SlackRefused):
            meant.channel = channel
        raise meant from error
    except aiohttp.ClientConnectorError as error:
        raise Retry(f"Slack can't be reached for {method}: {error.strerror or error}") from error
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
        raise Retry(f"Slack did not answer {method} ({type(error).__name__})", unknown=True) from error
    return _data(response.data)


async def post_to(client: AsyncWebClient, url: str, body: Mapping[str, Any]) -> bool:
    """Answer a response URL; whether Slack can show the blocks.

    One that has expired (30 minutes, five uses) takes nothing: nobody waits for it.
    """
    assert client.session is not None
    try:
        async with client.session.post(url, json=body) as answer:
            if answer.status == 429 or answer.status >= 500:
                raise Retry(f"Slack's response URL answered {answer.status}", after=timedelta(seconds=1))
            return INVALID_BLOCKS not in await answer.text()
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Retry(f"Slack's response URL did not answer ({type(error).__name__})") from error


def _data(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _meaning(method: str, error: SlackApiError, throttle: str | None) -> Exception:
    response = error.response
    status = getattr(response, "status_code", 200)
    data = _data(getattr(response, "data", response))
    word = str(data.get("error", ""))
    if status == 429 or word in {"ratelimited", "rate_limited"}:
        after = timedelta(seconds=float(getattr(response, "headers", {}).get("Retry-After", 1)))
        return Retry(
            f"Slack asks to call {method} less often", after=after, throttle=throttle or f"slack:{method}"
        )
    if 400 <= status < 500 and not word:
        return SlackRefused(method, "unknown_method", data)
    if status >= 500 or not word:
        return Retry(f"Slack answered {method} with status {status}", unknown=True)
    if word in PASSING:
        return Retry(f"Slack could not do {method}: {word}", unknown=True)
    return SlackRefused(method, word, data)


def given_up(error: SlackRefused, what: str) -> GiveUp:
    return GiveUp(error.sentence(what))
