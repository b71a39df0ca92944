"""The sandbox's HTTP side: the Web API with its faults and limits, response URLs, and Socket Mode's door."""

import asyncio
import json
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

# The methods enter themselves into the table of web_api.
from bot.sandbox import api_canvases, api_chat, api_conversations, api_people, api_views, web_api
from bot.sandbox.args import Args
from bot.sandbox.delivery import Courier
from bot.sandbox.faults import AFTER, Fault, Faults, RateLimits
from bot.sandbox.records import Json, SlackError
from bot.sandbox.responses import respond
from bot.sandbox.workspace import Workspace

METHODS_FROM = (api_canvases, api_chat, api_conversations, api_people, api_views)

KEPT = 20_000
"""Calls remembered; the oldest go first."""


@dataclass(eq=False)
class Call:
    """One call of the Web API. Times are monotonic seconds; `answer` is None until (unless) there is one."""

    method: str
    args: Json
    at: float
    connection: int
    """The number of its TCP connection, from 1."""
    user: str | None
    """Who the token belongs to."""
    answer: Json | None = None
    status: int | None = None
    effect_at: float | None = None
    answered_at: float | None = None
    fault: str | None = None

    @property
    def ok(self) -> bool:
        return self.answer is not None and self.answer.get("ok") is True


class Wire:
    """Serves one workspace on 127.0.0.1 and notes every call."""

    def __init__(
        self, workspace: Workspace, courier: Courier, *, latency: float, limits: RateLimits | None
    ) -> None:
        self.workspace = workspace
        self.courier = courier
        self.latency = latency
        self.limits = limits
        self.faults = Faults()
        self.down: Fault | None = None
        """How every call fails while Slack is away."""
        self.calls: list[Call] = []
        self.connections = 0
        self._connection_numbers: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def listening(self) -> bool:
        return self._runner is not None

    async def start(self, port: int) -> None:
        self._stopping.clear()
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{id}", self._response)
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.workspace.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ---- the Web API -----------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        method = web_api.METHODS.get(name)
        clock = self.workspace.now()

        def effect(call: Call, token: str | None) -> tuple[int, Json]:
            if method is None:
                return 200, {"ok": False, "error": "unknown_method", "req_method": name}
            # Methods that only read do not see a JSON body.
            heard = {} if request.content_type == "application/json" and not method.takes_json else call.args
            return 200, web_api.run(method, self.workspace, Args(heard, at=clock), token)

        return await self._serve(request, name, effect)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        def effect(call: Call, token: str | None) -> tuple[int, Json]:
            try:
                respond(self.workspace, request.match_info["id"], Args(call.args))
            except SlackError as error:
                return 404, {"ok": False, "error": error.error} | error.more
            return 200, {"ok": True}

        return await self._serve(request, "response_url", effect)

    async def _serve(
        self, request: web.Request, name: str, effect: Callable[[Call, str | None], tuple[int, Json]]
    ) -> web.StreamResponse:
        arrived = time.monotonic()
        given, token, problem = await _read(request)
        bot = self.workspace.bot.id if token == self.workspace.bot_token else None
        call = Call(name, given, arrived, self._connection(request), bot)
        self.calls.append(call)
        del self.calls[:-KEPT]
        fault = self.faults.take(name, given)
        how = self.down or (fault.how if fault else None)
        if problem and how is None:
            return self._reply(call, {"ok": False, "error": problem})
        if how is None and self.limits is not None and (wait := self.limits.wait(name, given, arrived)):
            return self._limited(call, wait)
        if how is not None and how not in AFTER:
            call.fault = str(how)
            await asyncio.sleep(self.latency)
            return await self._fail(request, call, how, fault.retry_after if fault else 1)
        latency = self.latency + (fault.seconds if fault else 0.0)
        await asyncio.sleep(latency / 2)
        status, call.answer = effect(call, token)
        call.effect_at = time.monotonic()
        await asyncio.sleep(latency / 2)
        if how is not None and how is not Fault.SLOW:
            call.fault = str(how)
            return await self._fail(request, call, how, 1)
        return self._reply(call, call.answer, status=status)

    async def _fail(
        self, request: web.Request, call: Call, how: Fault | str, retry_after: int
    ) -> web.Response:
        match how:
            case Fault.RATE_LIMITED:
                return self._limited(call, retry_after)
            case Fault.ERROR | Fault.ERROR_AFTER:
                call.status = 500
                return web.Response(status=500, text="Server Error")
            case Fault.UNAVAILABLE:
                call.status = 503
                return web.Response(status=503, text="Service Unavailable")
            case Fault.SILENT | Fault.SILENT_AFTER:
                await self._stopping.wait()
            case Fault.DROPPED | Fault.LOST_REPLY:
                pass
            case word:
                return self._reply(call, {"ok": False, "error": str(word)})
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _limited(self, call: Call, wait: int) -> web.Response:
        call.fault = Fault.RATE_LIMITED.value
        headers = {"Retry-After": str(wait)}
        return self._reply(call, {"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    def _reply(
        self, call: Call, answer: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        call.answer, call.status, call.answered_at = answer, status, time.monotonic()
        if call.method == "response_url" and status == 200 and answer.get("ok"):
            return web.Response(text="ok")
        known = {"X-OAuth-Scopes": ",".join(sorted(self.workspace.scopes))} if call.user else {}
        return web.json_response(answer, status=status, headers=known | dict(headers or {}))

    def _connection(self, request: web.Request) -> int:
        transport = request.transport
        if transport is None:
            return 0
        if transport not in self._connection_numbers:
            self.connections += 1
            self._connection_numbers[transport] = self.connections
        return self._connection_numbers[transport]

    # ---- Socket Mode -----------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503)
        ticket = request.query.get("ticket", "")
        if not self.workspace.tickets.pop(ticket, False):
            return web.Response(status=403)
        ws = web.WebSocketResponse(timeout=1.0)
        await ws.prepare(request)
        await self.courier.serve(ws, request.transport)
        return ws


async def _read(request: web.Request) -> tuple[Json, str | None, str | None]:
    """Arguments, token, and Slack's word for a body that can't be read."""
    given: Json = dict(request.query)
    problem = None
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = json.loads(await request.text())
        except ValueError:
            body, problem = {}, "invalid_json"
        if isinstance(body, dict):
            given |= body
        else:
            problem = "json_not_object"
    elif request.can_read_body:
        form = await request.post()
        given |= {key: value for key, value in form.items() if isinstance(value, str)}
    token = given.pop("token", None)
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        token = bearer.strip()
    return given, token if isinstance(token, str) else None, problem
