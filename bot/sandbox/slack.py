"""A whole Slack workspace at the wire, on loopback: the Web API, Socket Mode, and requests to the bot.

The real SDKs work against it unchanged: give them `api_url` and the tokens. People act through `Person`.
"""

import asyncio
import inspect
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.delivery import Courier, Delivery, Kind, signed
from bot.sandbox.faults import Fault, Injected, RateLimits
from bot.sandbox.person import Person
from bot.sandbox.records import Channel, Json, Message, SlackError, User, UserGroup
from bot.sandbox.rendering import pings, visible_text
from bot.sandbox.screen import NotThere, Seen, Shown
from bot.sandbox.wire import Call, Wire
from bot.sandbox.workspace import Change, Workspace

__all__ = [
    "Call",
    "Change",
    "Fault",
    "NotThere",
    "Person",
    "Seen",
    "Shown",
    "Slack",
    "SlackError",
    "pings",
    "visible_text",
]

MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
"""The names by which an app subscribes to messages."""


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
        self.courier = Courier(self.workspace, signing_secret, timeout=timeout, retries=tuple(retries))
        self.wire = Wire(
            self.workspace, self.courier, latency=latency, limits=RateLimits() if rate_limits else None
        )
        self.installed = Installed()
        self.people: dict[str, Person] = {}

    # ---- life ------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        await self.wire.start(port)

    async def stop(self) -> None:
        """Close everything. Twice is harmless."""
        await self.courier.close()
        await self.wire.stop()

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

    @property
    def bot(self) -> User:
        return self.workspace.bot

    @property
    def latency(self) -> float:
        return self.wire.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.wire.latency = seconds

    # ---- furnishing ------------------------------------------------------------------------

    def person(self, name: str, *, email: str | None = None, tz: str = "UTC", real_name: str = "") -> Person:
        """A person of this name, made when there is none yet."""
        if name not in self.people:
            user = self.workspace.add_user(
                name, real_name=real_name, email=email or f"{name}@{self.workspace.domain}.dev", tz=tz
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

    def members_of(self, where: Channel | str) -> set[str]:
        """Their names, the bot's too."""
        return {self.workspace.users[member].name for member in self.place(where).members}

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API, oldest first, and every post to a response URL (method `response_url`)."""
        return self.wire.calls

    @property
    def connections(self) -> int:
        """TCP connections opened to the Web API so far; each call says on which it came."""
        return self.wire.connections

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that the bot was told or should have been, oldest first."""
        return self.courier.deliveries

    @property
    def events(self) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.kind is Kind.EVENT]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def watch(self, watcher: Callable[[Change, Message], None]) -> None:
        """Call `watcher` at once whenever a message is posted, edited or deleted, ephemerals included."""
        self.workspace.watchers.append(watcher)

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
            names = sorted(self.members_of(channel))
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
        return self.wire.faults.add(Injected(method, how, times, when, retry_after))

    def slow(self, method: str, seconds: float, *, times: int | None = None) -> Injected:
        """Extra latency for a method ("*": any), until removed."""
        return self.wire.faults.add(Injected(method, Fault.SLOW, times, seconds=seconds))

    def down(self, how: Fault = Fault.UNAVAILABLE) -> None:
        """Every call fails until `up`."""
        self.wire.down = how

    def up(self) -> None:
        self.wire.down = None

    def revoke(self, word: str = "token_revoked") -> None:
        """Make the tokens worthless: `token_revoked`, `account_inactive` or `invalid_auth`."""
        self.workspace.token_state = word

    # ---- to the bot ------------------------------------------------------------------------

    def common(self) -> Json:
        """What stands in every payload."""
        return {"token": "sandbox", "api_app_id": self.workspace.app_id}

    def _announce(self, event: Json) -> None:
        if not self.wire.listening or not self._subscribed(event):
            return
        w = self.workspace
        installed = {"enterprise_id": None, "team_id": w.team_id, "user_id": w.bot.id, "is_bot": True}
        self.courier.announce(
            {
                **self.common(),
                "team_id": w.team_id,
                "event": event,
                "type": "event_callback",
                "event_id": w.id("Ev"),
                "event_time": int(w.now()),
                "authorizations": [installed | {"is_enterprise_install": False}],
                "is_ext_shared_channel": False,
                "event_context": f"4-{w.word(20).lower()}",
            }
        )

    def _subscribed(self, event: Json) -> bool:
        if self.installed.events is None:
            return True
        name = str(event["type"])
        return (MESSAGES[event["channel_type"]] if name == "message" else name) in self.installed.events

    async def redeliver(self, which: Delivery | str | None = None) -> Delivery:
        """Send an event once more with the same id, as Slack does when it saw no answer.

        `which`: a type like `reaction_added`, whose latest is meant; None: the latest that the bot did not cause.
        """
        if not isinstance(which, Delivery):
            wanted = [
                d for d in self.events if (d.name == which if which else not self._own(d.payload["event"]))
            ]
            if not wanted:
                raise LookupError(f"there was no event {which or 'of a person'} yet")
            which = wanted[-1]
        await self.courier.redeliver(which)
        return which

    def _own(self, event: Json) -> bool:
        author = event.get("message", event).get("user") or event.get("previous_message", {}).get("user")
        return bool(author == self.bot.id)

    async def delivered(self, within: float = 5.0) -> None:
        """Wait until no event is on its way; those whose redelivery is due later do not count."""
        await self.until(lambda: not self.courier.under_way, within)

    async def verify_url(self) -> bool:
        """Slack's handshake when a request URL is saved."""
        challenge = self.workspace.word(30)
        payload = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        answer = (await self.courier.deliver(Kind.EVENT, payload)).attempts[-1].answer
        return challenge in (answer.get("challenge"), answer.get("text"))

    async def refresh_connections(self) -> None:
        """Make every Socket Mode connection reconnect, as Slack does from time to time."""
        await self.courier.refresh()

    def drop_connections(self) -> None:
        """Cut every Socket Mode connection without a word."""
        self.courier.drop()

    def signature(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """Headers for a request of one's own; `at` (seconds since 1970) makes an old one."""
        return signed(self.signing_secret, body, at=at)
