"""From Slack to the bot: signed HTTP requests, or envelopes over Socket Mode. Both mean the same to a person."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace

KEPT = 20_000
"""Deliveries remembered; the oldest go first."""

AT_ONCE = 100
"""Events on their way to the bot at the same time."""


class Kind(StrEnum):
    """The words of Socket Mode's envelopes."""

    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True)
class Attempt:
    """One try to hand something to the bot. `failed` is Slack's reason, None when the bot took it."""

    way: str
    """`http` or `socket`."""
    at: float = 0.0
    took: float = 0.0
    status: int | None = None
    answer: Json = field(default_factory=dict)
    failed: str | None = None
    no_retry: bool = False
    """The bot asked not to be told again (`X-Slack-No-Retry`)."""


@dataclass(eq=False)
class Delivery:
    """Something that Slack tells the bot."""

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        return any(attempt.failed is None for attempt in self.attempts)

    @property
    def name(self) -> str:
        inside = self.payload.get("event", self.payload)
        return str(inside.get("command") or inside.get("type"))


def signed(secret: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    """The headers of a genuine request.  https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


class Link:
    """One Socket Mode connection."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None, number: int) -> None:
        self.ws = ws
        self.transport = transport
        self.number = number
        self.sent = 0
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}

    async def send(self, envelope: Json, within: float) -> Json | None:
        """The payload of the acknowledgement; None when the connection went away first. Raises TimeoutError."""
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = waiting
        self.sent += 1
        try:
            await self.ws.send_str(json.dumps(envelope))
            return await asyncio.wait_for(waiting, within)
        except ConnectionError:
            return None
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    def acknowledged(self, answer: Json) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting and not waiting.done():
            payload = answer.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def lost(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)


class Courier:
    """Hands deliveries to the bot: to `url` when there is one, else over the links in turn."""

    def __init__(
        self, workspace: Workspace, secret: str, *, timeout: float, retries: tuple[float, ...]
    ) -> None:
        self.workspace = workspace
        self.secret = secret
        self.timeout = timeout
        self.retries = retries
        self.url: str | None = None
        self.links: list[Link] = []
        """Those in use, in the order in which they came."""
        self._open: set[Link] = set()
        self.links_opened = 0
        self.deliveries: list[Delivery] = []
        self._turn = 0
        self._session: aiohttp.ClientSession | None = None
        self._link_came = asyncio.Event()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: dict[Delivery, asyncio.Task[None]] = {}

    # ---- what is handed over ---------------------------------------------------------------

    async def deliver(self, kind: Kind, payload: Json) -> Delivery:
        """Hand over a command or an interaction and wait for the bot. These are never sent again."""
        delivery = self._noted(Delivery(kind, payload))
        await self.hand_over(delivery)
        return delivery

    def announce(self, payload: Json) -> None:
        """Hand over an event in the background, and again later if the bot does not take it."""
        delivery = self._noted(Delivery(Kind.EVENT, payload))
        if self.url is not None or self.links_opened:
            self._background(self._send_event(delivery, 0, ""))

    async def after(self, act: Callable[[], Any]) -> Any:
        """Do `act` and wait until the bot was handed every event that it caused."""
        before = set(self._tasks)
        result = act()
        caused = self._tasks - before
        if caused:
            await asyncio.wait(caused)
        return result

    async def redeliver(self, delivery: Delivery) -> None:
        waiting = self._due.pop(delivery, None)
        if waiting is not None:
            waiting.cancel()
        failed = [attempt.failed for attempt in delivery.attempts if attempt.failed]
        reason = failed[-1] if failed else "http_timeout"
        await self.hand_over(delivery, retry=len(delivery.attempts), reason=reason)

    @property
    def under_way(self) -> int:
        """Events being handed over now."""
        return len(self._tasks) - len(self._due)

    def _noted(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        del self.deliveries[:-KEPT]
        return delivery

    async def _send_event(self, delivery: Delivery, retry: int, reason: str) -> None:
        async with self._gate:
            attempt = await self.hand_over(delivery, retry=retry, reason=reason)
        if attempt.failed and not attempt.no_retry and retry < len(self.retries):
            self._due[delivery] = self._background(self._later(delivery, retry + 1, attempt.failed))

    async def _later(self, delivery: Delivery, retry: int, reason: str) -> None:
        await asyncio.sleep(self.retries[retry - 1])
        self._due.pop(delivery, None)
        await self._send_event(delivery, retry, reason)

    def _background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def hand_over(self, delivery: Delivery, *, retry: int = 0, reason: str = "") -> Attempt:
        """Try once; the attempt is noted on the delivery. Never raises for what the bot does."""
        began = time.monotonic()
        if self.url is not None:
            attempt = await self._post(self.url, delivery, retry, reason)
        else:
            answer, failed = await self._envelope(delivery, retry, reason)
            attempt = Attempt("socket", answer=answer, failed=failed)
        attempt = replace(attempt, at=began, took=time.monotonic() - began)
        delivery.attempts.append(attempt)
        return attempt

    # ---- HTTP ------------------------------------------------------------------------------

    async def _post(self, url: str, delivery: Delivery, retry: int, reason: str) -> Attempt:
        body, headers = encoded(delivery)
        headers |= signed(self.secret, body)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            limit = aiohttp.ClientTimeout(total=self.timeout)
            async with self._session.post(url, data=body, headers=headers, timeout=limit) as response:
                said = await response.text()
                stop = response.headers.get("X-Slack-No-Retry") == "1"
                if not 200 <= response.status < 300:
                    return Attempt("http", status=response.status, failed="http_error", no_retry=stop)
                return Attempt("http", status=response.status, answer=_answer(said, response.content_type))
        except TimeoutError:
            return Attempt("http", failed="http_timeout")
        except aiohttp.ClientError:
            return Attempt("http", failed="connection_failed")

    # ---- Socket Mode -----------------------------------------------------------------------

    async def _envelope(self, delivery: Delivery, retry: int, reason: str) -> tuple[Json, str | None]:
        deadline = time.monotonic() + self.timeout
        envelope: Json = {
            "envelope_id": self.workspace.uuid(),
            "type": delivery.kind.value,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind is not Kind.EVENT,
        }
        if delivery.kind is Kind.EVENT:
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        while self.links:
            link = self._next()
            try:
                answer = await link.send(envelope, max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return {}, "http_timeout"
            if answer is not None:
                return answer, None
            # The connection went away with the envelope unacknowledged: it goes out on another one.
            await self._another(deadline)
        return {}, "connection_failed"

    def _next(self) -> Link:
        self._turn += 1
        return self.links[self._turn % len(self.links)]

    async def _another(self, deadline: float) -> None:
        while not self.links and time.monotonic() < deadline:
            self._link_came.clear()
            try:
                await asyncio.wait_for(self._link_came.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return

    async def serve(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        """One connection, from its hello until it ends."""
        self.links_opened += 1
        link = Link(ws, transport, self.links_opened)
        hello = {
            "type": "hello",
            "num_connections": len(self.links) + 1,
            "connection_info": {"app_id": self.workspace.app_id},
            "debug_info": {"host": "applink-0", "build_number": 1, "approximate_connection_time": 18060},
        }
        await ws.send_str(json.dumps(hello))
        self.links.append(link)
        self._open.add(link)
        self._link_came.set()
        try:
            async for message in ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._heard(link, message.data)
        finally:
            self._open.discard(link)
            if link in self.links:
                self.links.remove(link)
            link.lost()

    def _heard(self, link: Link, said: str) -> None:
        try:
            answer = json.loads(said)
        except ValueError:
            return
        if isinstance(answer, dict):
            link.acknowledged(answer)

    async def refresh(self) -> None:
        """Ask every connection to reconnect; nothing is sent there any more, and the client closes it."""
        for link in list(self.links):
            self.links.remove(link)
            said = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-0"}}
            await link.ws.send_str(json.dumps(said))

    def drop(self) -> None:
        """Cut every connection without a word."""
        for link in list(self.links):
            self.links.remove(link)
            if link.transport is not None:
                link.transport.abort()
            link.lost()

    async def close(self) -> None:
        """Stop delivering. Twice is harmless."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in list(self._open):
            await link.ws.close(code=1001)
        if self._session is not None:
            await self._session.close()
            self._session = None


def encoded(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """Body and content type of an HTTP request."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    match delivery.kind:
        case Kind.COMMAND:
            return urlencode(delivery.payload).encode(), form
        case Kind.INTERACTIVE:
            return urlencode({"payload": json.dumps(delivery.payload)}).encode(), form
        case Kind.EVENT:
            return json.dumps(delivery.payload).encode(), {"Content-Type": "application/json"}


def _answer(said: str, content_type: str) -> Json:
    if not said.strip():
        return {}
    if content_type == "application/json":
        try:
            answer: Any = json.loads(said)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            return answer
    return {"text": said}
