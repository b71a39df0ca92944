"""A whole Slack workspace at the wire, on loopback: the Web API, Socket Mode, and requests to the bot.

The real SDKs work against it unchanged: give them `api_url` and the tokens. People act through `Person`.
"""

import asyncio
import inspect
import json
import re
import time
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

# The methods register themselves.
from bot.sandbox import api_chat, api_conversations, api_people, api_views, web_api
from bot.sandbox.args import Args
from bot.sandbox.delivery import Courier, Delivery, Kind, signed
from bot.sandbox.faults import AFTER, Fault, Faults, Injected, RateLimits
from bot.sandbox.person import Person
from bot.sandbox.rendering import visible_text
from bot.sandbox.responses import respond
from bot.sandbox.workspace import Channel, Json, SlackError, UserGroup, Workspace

__all__ = ["Call", "Fault", "Person", "Slack", "SlackError", "visible_text"]

_REGISTERED = (api_chat, api_conversations, api_people, api_views)

KEPT = 20_000
"""Calls and deliveries remembered; the oldest go first."""

AT_ONCE = 100
"""Deliveries to the bot under way at the same time."""


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


@dataclass(frozen=True)
class Shortcut:
    name: str
    callback_id: str
    on_message: bool


@dataclass
class Installed:
    """What the app's manifest declared; None means everything."""

    events: set[str] | None = None
    commands: dict[str, bool] | None = None
    """Known commands, and whether they escape mentions and links."""
    shortcuts: list[Shortcut] = field(default_factory=list)


class Slack:
    """A workspace with one app in it. Times of people and messages follow `now` (seconds since 1970).

    `latency`: seconds per Web API call, the effect at half of it. `timeout`: seconds that the bot has to answer.
    `retries`: seconds until each redelivery of an event that the bot did not take.
    """

    def __init__(
        self,
        *,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107  it guards nothing
        latency: float = 0.0,
        rate_limits: bool = False,
        seed: int = 1,
        now: Callable[[], float] = time.time,
        timeout: float = 3.0,
        retries: Iterable[float] = (0, 60, 300),
        domain: str = "acme",
    ) -> None:
        self.workspace = Workspace(seed=seed, now=now, domain=domain)
        self.workspace.on_event = self._announce
        self.signing_secret = signing_secret
        self.latency = latency
        self.retries = tuple(retries)
        self.faults = Faults()
        self.limits = RateLimits() if rate_limits else None
        self.courier = Courier(self.workspace, signing_secret, timeout)
        self.installed = Installed()
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.people: dict[str, Person] = {}
        self.connections = 0
        """TCP connections opened to the Web API so far."""
        self._connection_numbers: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._down: Fault | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._due: dict[Delivery, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # ---- life ------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        self._stopping.clear()
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{id}", self._response)
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.workspace.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close everything. Twice is harmless."""
        self._stopping.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.courier.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator["Slack"]:
        await self.start(port)
        try:
            yield self
        finally:
            await self.stop()

    @property
    def api_url(self) -> str:
        return f"{self.workspace.origin}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app_token

    # ---- furnishing ------------------------------------------------------------------------

    def person(self, name: str, *, email: str | None = None, tz: str = "UTC", real_name: str = "") -> Person:
        """A person of this name, made when there is none yet."""
        if name not in self.people:
            user = self.workspace.add_user(
                name, real_name=real_name, email=email or f"{name}@acme.dev", tz=tz
            )
            self.people[name] = Person(self, user)
        return self.people[name]

    def channel(
        self, name: str, members: Iterable[Person | str] = (), *, private: bool = False, with_bot: bool = True
    ) -> Channel:
        """A new channel of these people; the first is its creator."""
        ids = [self._person(member).id for member in members]
        bot = self.workspace.bot.id
        people = [*ids, bot] if with_bot else ids
        return self.workspace.add_channel(
            name, creator=people[0] if people else bot, private=private, members=people
        )

    def user_group(self, handle: str, members: Iterable[Person | str] = (), *, name: str = "") -> UserGroup:
        ids = [self._person(member).id for member in members]
        group = UserGroup(self.workspace.id("S"), handle, name or handle, ids)
        self.workspace.groups[group.id] = group
        return group

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Grant and subscribe to what an app manifest asks for, and no more."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        self.workspace.scopes = set(scopes)
        self.installed = Installed(
            events=set(settings.get("event_subscriptions", {}).get("bot_events", [])),
            commands={c["command"]: bool(c.get("should_escape")) for c in features.get("slash_commands", [])},
            shortcuts=[
                Shortcut(s["name"], s["callback_id"], s.get("type") == "message")
                for s in features.get("shortcuts", [])
            ],
        )
        name = features.get("bot_user", {}).get("display_name")
        if name:
            self.workspace.bot.real_name = name
            self.workspace.bot.name = re.sub(r"[^a-z0-9_.-]+", "_", name.lower())

    def deliver_to(self, url: str | None) -> None:
        """Send everything to this request URL; None: over Socket Mode again."""
        self.courier.url = url

    def _person(self, person: Person | str) -> Person:
        return person if isinstance(person, Person) else self.people[person]

    # ---- looking ---------------------------------------------------------------------------

    def channel_named(self, name: str) -> Channel:
        channel = self.workspace.channel_by_name(name)
        if channel is None:
            known = ", ".join(c.name for c in self.workspace.channels.values() if c.name)
            raise LookupError(f"there is no channel #{name.removeprefix('#')}; there are {known}")
        return channel

    def place(self, where: Channel | str) -> Channel:
        """A channel by itself, its id or its name."""
        if isinstance(where, Channel):
            return where
        return self.workspace.channels.get(where) or self.channel_named(where)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def until(
        self, condition: Callable[[], Any] | Callable[[], Awaitable[Any]], within: float = 5.0
    ) -> Any:
        """What `condition` gives once it is true. Raises TimeoutError that says what is there instead.

        A condition that looks for something which is not there yet (LookupError) is not true yet.
        """
        deadline = time.monotonic() + within
        while True:
            try:
                found = condition()
                if inspect.isawaitable(found):
                    found = await found
                missing = ""
            except LookupError as error:
                found, missing = None, f" ({error})"
            if found:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"still not so after {within:g} s{missing}\n{self.picture()}")
            await asyncio.sleep(0.01)

    def picture(self) -> str:
        """The whole workspace in words: channels, messages, the latest calls and deliveries."""
        lines: list[str] = []
        for channel in self.workspace.channels.values():
            names = [self.workspace.users[m].name for m in channel.members if m in self.workspace.users]
            title = f"#{channel.name}" if channel.name else f"direct message {channel.id}"
            archived = " (archived)" if channel.archived else ""
            lines.append(
                f"{title}{archived}: {', '.join(names)}" + (f" — {channel.topic}" if channel.topic else "")
            )
            shown = [m for m in [*channel.log, *channel.ephemerals] if not m.deleted][-15:]
            for message in shown:
                only = self.workspace.users[message.only_for].name if message.only_for else ""
                words = visible_text(message).replace("\n", "\n      ")
                lines.append(
                    f"   {self.workspace.users[message.user].name}{f' (only {only})' if only else ''}: {words}"
                )
        lines.append("calls: " + ", ".join(self._call_said(call) for call in self.calls[-15:]))
        lines += [
            f"delivered {d.name}: " + ", ".join(a.failed or "taken" for a in d.attempts)
            for d in self.deliveries[-10:]
        ]
        return "\n".join(lines)

    @staticmethod
    def _call_said(call: Call) -> str:
        error = (call.answer or {}).get("error") or call.fault
        return f"{call.method}{f' ({error})' if error else ''}"

    # ---- faults ----------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        how: Fault | str = Fault.ERROR,
        *,
        times: int | None = 1,
        when: Callable[[Mapping[str, Any]], bool] | None = None,
        retry_after: int = 1,
    ) -> Injected:
        """Make the next `times` calls of `method` ("*": any) fail; None: until the result is removed.

        `how` is a Fault or one of Slack's error words. `when` picks calls by their arguments.
        """
        return self.faults.add(Injected(method, how, times, when, retry_after))

    def slow(self, method: str, seconds: float, *, times: int | None = None) -> Injected:
        """Extra latency for a method ("*": any), until removed."""
        return self.faults.add(Injected(method, Fault.SLOW, times, seconds=seconds))

    def down(self, how: Fault = Fault.UNAVAILABLE) -> None:
        """Every call fails until `up`."""
        self._down = how

    def up(self) -> None:
        self._down = None

    def revoke(self, word: str = "token_revoked") -> None:
        """Make the tokens worthless: `token_revoked`, `account_inactive` or `invalid_auth`."""
        self.workspace.token_state = word

    # ---- the Web API -----------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        arrived, clock = time.monotonic(), self.workspace.now()
        name = request.match_info["method"]
        given, token, problem = await _read(request)
        call = Call(name, given, arrived, self._connection(request), self._owner(token))
        self.calls.append(call)
        del self.calls[:-KEPT]
        if problem:
            return self._reply(call, {"ok": False, "error": problem})
        method = web_api.METHODS.get(name)
        if method is None:
            return self._reply(call, {"ok": False, "error": "unknown_method", "req_method": name})
        fault = self.faults.take(name, given)
        how = self._down or (fault.how if fault else None)
        if how is None and self.limits is not None and (wait := self.limits.wait(name, given, arrived)):
            return self._limited(call, wait)
        if how is not None and how not in AFTER:
            call.fault = str(how)
            await self._sleep(self.latency)
            return await self._fail(request, call, how, fault.retry_after if fault else 1)
        latency = self.latency + (fault.seconds if fault else 0.0)
        await self._sleep(latency / 2)
        heard = {} if request.content_type == "application/json" and not method.takes_json else given
        call.answer = web_api.run(method, self.workspace, Args(heard, at=clock), token)
        call.effect_at = time.monotonic()
        await self._sleep(latency / 2)
        if how is not None and how is not Fault.SLOW:
            call.fault = str(how)
            return await self._fail(request, call, how, 1)
        return self._reply(call, call.answer)

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
        call.fault = call.fault or Fault.RATE_LIMITED.value
        return self._reply(
            call, {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(wait)}
        )

    def _reply(
        self, call: Call, answer: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        call.answer, call.status, call.answered_at = answer, status, time.monotonic()
        known = {"X-OAuth-Scopes": ",".join(sorted(self.workspace.scopes))} if call.user else {}
        return web.json_response(answer, status=status, headers=known | dict(headers or {}))

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _connection(self, request: web.Request) -> int:
        transport = request.transport
        if transport is None:
            return 0
        if transport not in self._connection_numbers:
            self.connections += 1
            self._connection_numbers[transport] = self.connections
        return self._connection_numbers[transport]

    def _owner(self, token: str | None) -> str | None:
        return self.workspace.bot.id if token == self.workspace.bot_token else None

    async def _response(self, request: web.Request) -> web.Response:
        """A post to a `response_url`."""
        arrived = time.monotonic()
        given, _, problem = await _read(request)
        call = Call("response_url", given, arrived, self._connection(request), None)
        self.calls.append(call)
        await self._sleep(self.latency / 2)
        try:
            if self._down:
                return web.Response(status=503)
            if problem:
                raise SlackError("invalid_payload")
            respond(self.workspace, request.match_info["id"], Args(given))
        except SlackError as error:
            call.answer, call.status = {"ok": False, "error": error.error}, 404
            return web.json_response(call.answer, status=404)
        await self._sleep(self.latency / 2)
        call.answer, call.status, call.answered_at = {"ok": True}, 200, time.monotonic()
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.workspace.tickets or self._down:
            return web.Response(status=403 if not self._down else 503)
        self.workspace.tickets.discard(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await self.courier.serve(ws)
        return ws

    async def refresh_connections(self) -> None:
        """Make every Socket Mode connection reconnect, as Slack does from time to time."""
        await self.courier.refresh()

    async def drop_connections(self) -> None:
        """Cut every Socket Mode connection without a word."""
        await self.courier.drop()

    # ---- to the bot ------------------------------------------------------------------------

    def common(self) -> Json:
        """What stands in every payload."""
        return {"token": "sandbox", "api_app_id": self.workspace.app_id}

    async def deliver(self, kind: Kind, payload: Json) -> Delivery:
        """Hand over a command or an interaction and wait for the bot. These are never sent again."""
        delivery = self._noted(Delivery(kind, payload))
        await self.courier.hand_over(delivery)
        return delivery

    def _noted(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        del self.deliveries[:-KEPT]
        return delivery

    def _announce(self, event: Json) -> None:
        if not self._subscribed(event) or self._runner is None:
            return
        w = self.workspace
        payload = {
            **self.common(),
            "team_id": w.team_id,
            "event": event,
            "type": "event_callback",
            "event_id": w.id("Ev"),
            "event_time": int(w.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": w.team_id,
                    "user_id": w.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{w.word(20).lower()}",
        }
        delivery = self._noted(Delivery(Kind.EVENT, payload))
        if self.courier.reachable:
            self._background(self._send_event(delivery, 0, ""))

    def _subscribed(self, event: Json) -> bool:
        if self.installed.events is None:
            return True
        name = event["type"]
        if name == "message":
            name = (
                f"message.{ {'channel': 'channels', 'group': 'groups', 'im': 'im'}[event['channel_type']] }"
            )
        return name in self.installed.events

    async def _send_event(self, delivery: Delivery, retry: int, reason: str) -> None:
        async with self._gate:
            attempt = await self.courier.hand_over(delivery, retry=retry, reason=reason)
        self._due.pop(delivery, None)
        if attempt.failed and retry < len(self.retries):
            later = self._later(delivery, retry + 1, attempt.failed)
            self._due[delivery] = self._background(later)

    async def _later(self, delivery: Delivery, retry: int, reason: str) -> None:
        await asyncio.sleep(self.retries[retry - 1])
        await self._send_event(delivery, retry, reason)

    def _background(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def events(self) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.kind is Kind.EVENT]

    async def redeliver(self, delivery: Delivery | None = None, *, reason: str = "http_timeout") -> Delivery:
        """Send an event (the latest) once more with the same id, as Slack does when it saw no answer."""
        found = delivery or next(iter(reversed(self.events)), None)
        if found is None:
            raise LookupError("there was no event yet")
        waiting = self._due.pop(found, None)
        if waiting is not None:
            waiting.cancel()
        failed = [attempt.failed for attempt in found.attempts if attempt.failed]
        await self.courier.hand_over(
            found, retry=len(found.attempts), reason=failed[-1] if failed else reason
        )
        return found

    async def delivered(self, within: float = 5.0) -> None:
        """Wait until no event is on its way; those whose redelivery is due later do not count."""
        await self.until(lambda: self._tasks <= set(self._due.values()), within)

    async def after(self, act: Callable[[], Any]) -> Any:
        """Do `act` and wait until the bot was handed every event that it caused."""
        before = set(self._tasks)
        result = act()
        caused = self._tasks - before
        if caused:
            await asyncio.wait(caused)
        return result

    async def verify_url(self) -> bool:
        """Slack's handshake when a request URL is saved."""
        challenge = self.workspace.word(30)
        payload = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        delivery = await self.deliver(Kind.EVENT, payload)
        answer = delivery.attempts[-1].answer
        return challenge in (answer.get("challenge"), answer.get("text"))

    def signature(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """Headers for a request of one's own; `at` (seconds since 1970) makes an old one."""
        return signed(self.signing_secret, body, at=at)


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
