"""What a Slack workspace remembers: people, channels, messages, pins, views. No network here.

Both doors lead here: the Web API (what the bot does) and `person.py` (what people do). Everything that Slack
would tell the bot about goes through `Workspace.announce`.
"""

import copy
import random
import string
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ALPHABET = string.ascii_uppercase + string.digits

CHANNEL_NAME = 80
"""https://docs.slack.dev/reference/methods/conversations.create"""

TOPIC = 250
"""https://docs.slack.dev/reference/methods/conversations.setTopic"""

PINS = 100
BOOKMARKS = 100
REACTIONS = 23

TRIGGER_SECONDS = 3.0
"""https://docs.slack.dev/interactivity/handling-user-interaction/#modal_responses"""

RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5

SCOPES = """
app_mentions:read bookmarks:read bookmarks:write channels:history channels:join channels:manage channels:read
chat:write chat:write.customize chat:write.public commands groups:history groups:read groups:write im:history
im:read im:write mpim:history mpim:read mpim:write pins:read pins:write reactions:read reactions:write team:read
usergroups:read usergroups:write users.profile:read users:read users:read.email
"""


class SlackError(Exception):
    """Slack's word for a refusal, with whatever else stands beside it in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(eq=False)
class User:
    id: str
    name: str
    real_name: str
    email: str | None
    tz: str
    is_bot: bool = False
    deactivated: bool = False


@dataclass(eq=False)
class Message:
    """`text` and `blocks` are as sent; `rendering.visible_text` says what a person sees."""

    workspace: "Workspace" = field(repr=False)
    channel: "Channel" = field(repr=False)
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list, repr=False)
    bot_id: str | None = None
    subtype: str | None = None
    """Set for what Slack writes itself ("alice joined the channel")."""
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list, repr=False)
    edited: Json | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None
    """The one user who sees it: an ephemeral message, which has no place in the channel's history."""
    posted_as: str | None = None
    client_msg_id: str | None = None

    @property
    def pinned(self) -> bool:
        return any(pin.message is self for pin in self.channel.pinned)

    @property
    def replies(self) -> list["Message"]:
        return [m for m in self.channel.log if m.thread_ts == self.ts and m.ts != self.ts and not m.deleted]

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    def payload(self, *, metadata: bool = False) -> Json:
        """As the Web API and events show it."""
        shown: Json = {"type": "message"}
        if self.subtype:
            shown["subtype"] = self.subtype
        shown |= {"user": self.user, "ts": self.ts, "text": self.text, "team": self.workspace.team_id}
        if self.bot_id:
            shown |= {"bot_id": self.bot_id, "app_id": self.workspace.app_id}
            shown["bot_profile"] = self.workspace.bot_profile()
        if self.client_msg_id:
            shown["client_msg_id"] = self.client_msg_id
        if self.blocks:
            shown["blocks"] = copy.deepcopy(self.blocks)
        if self.attachments:
            shown["attachments"] = copy.deepcopy(self.attachments)
        if self.edited:
            shown["edited"] = dict(self.edited)
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        replies = self.replies if not self.is_reply else []
        if replies:
            people = list(dict.fromkeys(r.user for r in replies))
            shown |= {
                "thread_ts": self.ts,
                "reply_count": len(replies),
                "reply_users_count": len(people),
                "reply_users": people[:5],
                "latest_reply": replies[-1].ts,
            }
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.pinned:
            shown["pinned_to"] = [self.channel.id]
        if metadata and self.metadata:
            shown["metadata"] = copy.deepcopy(self.metadata)
        return shown


@dataclass(frozen=True)
class Pin:
    message: Message
    by: str
    at: int


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    creator: str
    created: float
    private: bool = False
    im: bool = False
    """A direct message of its two `members`."""
    archived: bool = False
    members: list[str] = field(default_factory=list)
    topic: str = ""
    topic_by: str = ""
    purpose: str = ""
    purpose_by: str = ""
    log: list[Message] = field(default_factory=list, repr=False)
    """Everything in order of time, with Slack's own lines and what was deleted."""
    ephemerals: list[Message] = field(default_factory=list, repr=False)
    pinned: list[Pin] = field(default_factory=list, repr=False)
    bookmarks: list[Json] = field(default_factory=list, repr=False)
    properties: Json = field(default_factory=dict)
    previous_names: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """What people and the bot wrote and did not delete, oldest first, replies included."""
        return [m for m in self.log if not m.deleted and not m.subtype]

    @property
    def pins(self) -> list[Message]:
        return [pin.message for pin in self.pinned]

    @property
    def kind(self) -> str:
        """The word of scopes and `channel_type`: channel, group or im."""
        return "im" if self.im else "group" if self.private else "channel"

    def message(self, ts: str) -> Message | None:
        return next((m for m in self.log if m.ts == ts and not m.deleted), None)


@dataclass(eq=False)
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str]
    disabled: bool = False


@dataclass(eq=False)
class Trigger:
    id: str
    user: str
    born: float
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    id: str
    channel: Channel
    user: str
    born: float
    message: Message | None = None
    """What `replace_original` replaces; None after a slash command."""
    uses: int = 0


@dataclass(eq=False)
class View:
    """A modal or an App Home as it stands in front of `user`."""

    id: str
    user: str
    given: Json
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """What the bot said about wrong input, by block id."""

    @property
    def title(self) -> str:
        return str(self.given.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.given["blocks"])

    @property
    def callback_id(self) -> str:
        return str(self.given.get("callback_id", ""))


class Workspace:
    """One team with one installed app. `now` gives seconds since 1970; ids come from `seed`."""

    def __init__(self, *, seed: int = 1, now: Callable[[], float] = time.time, domain: str = "acme") -> None:
        self.now = now
        self._random = random.Random(seed)
        self._last_ts = 0
        self.domain = domain
        self.name = domain.capitalize()
        self.team_id = self.id("T")
        self.app_id = self.id("A")
        self.bot_id = self.id("B")
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[View]] = {}
        """The stack of modals in front of each user, the topmost last."""
        self.homes: dict[str, View] = {}
        self.scopes = set(SCOPES.split())
        self.bot_token = f"xoxb-{self.digits(12)}-{self.digits(13)}-{self.word(24)}"
        self.app_token = f"xapp-1-{self.app_id}-{self.digits(13)}-{self.word(32).lower()}"
        self.token_state: str | None = None
        """Slack's word for every call of the bot once the token is no longer good: `token_revoked`, …"""
        self.racy_names = False
        """Judge a new channel's name by what existed when the call arrived, as Slack's race does."""
        self.tickets: set[str] = set()
        self.origin = ""
        self.on_event: Callable[[Json], None] = lambda event: None
        self.bot = self.add_user("writeback", real_name="Writeback", is_bot=True)
        self.general = self.add_channel("general", creator=self.bot.id)

    # ---- ids -------------------------------------------------------------------------------

    def word(self, length: int) -> str:
        return "".join(self._random.choice(ALPHABET) for _ in range(length))

    def digits(self, length: int) -> str:
        return "".join(self._random.choice(string.digits) for _ in range(length))

    def id(self, prefix: str) -> str:
        return prefix + "0" + self.word(9)

    def uuid(self) -> str:
        raw = f"{self._random.getrandbits(128):032x}"
        return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"

    def next_ts(self) -> str:
        """Unique and rising, even when the clock stands still or goes back."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 100)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # ---- people and places -----------------------------------------------------------------

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        email: str | None = None,
        tz: str = "UTC",
        is_bot: bool = False,
    ) -> User:
        user = User(self.id("U"), name, real_name or name.capitalize(), email, tz, is_bot)
        self.users[user.id] = user
        if not is_bot:
            self.general.members.append(user.id)
        return user

    def add_channel(
        self, name: str, *, creator: str, private: bool = False, members: Iterable[str] = ()
    ) -> Channel:
        channel = Channel(self.id("C"), name, creator, self.now(), private=private, members=list(members))
        self.channels[channel.id] = channel
        return channel

    def dm(self, one: str, other: str) -> Channel:
        """Their direct message, opened if need be."""
        for channel in self.channels.values():
            if channel.im and set(channel.members) == {one, other}:
                return channel
        channel = Channel(self.id("D"), "", one, self.now(), im=True, members=[one, other])
        self.channels[channel.id] = channel
        return channel

    def user(self, user_id: str, error: str = "user_not_found") -> User:
        found = self.users.get(user_id)
        if found is None:
            raise SlackError(error)
        return found

    def visible_channel(self, channel_id: str) -> Channel:
        """A channel that the bot can know of; a private one that it is not in does not exist for it."""
        channel = self.channels.get(channel_id)
        hidden = (
            channel is not None and (channel.private or channel.im) and self.bot.id not in channel.members
        )
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def channel_by_name(self, name: str) -> Channel | None:
        """The newest of that name: two can exist after a race."""
        wanted = name.removeprefix("#")
        return next((c for c in reversed(self.channels.values()) if c.name == wanted and not c.im), None)

    def person_of(self, channel: Channel) -> str:
        """The other one of a direct message with the bot."""
        return next((m for m in channel.members if m != self.bot.id), self.bot.id)

    def need(self, *any_of: str) -> None:
        """Refuse the call unless one of these scopes was granted."""
        if not self.scopes.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))

    # ---- messages --------------------------------------------------------------------------

    def post(self, channel: Channel, user: str, text: str, *, by_bot: bool = False, **more: Any) -> Message:
        message = Message(self, channel, self.next_ts(), user, text, **more)
        if by_bot:
            message.bot_id = self.bot_id
        if message.only_for is None:
            channel.log.append(message)
            self._say(message)
        else:
            channel.ephemerals.append(message)
        return message

    def system(self, channel: Channel, user: str, subtype: str, text: str, **more: Any) -> None:
        """A line that Slack itself writes, like "has joined the channel"."""
        message = Message(self, channel, self.next_ts(), user, text, subtype=subtype)
        channel.log.append(message)
        self._say(message, **more)

    def edit(self, message: Message, by: str, **changes: Any) -> None:
        before = message.payload(metadata=True)
        for name, value in changes.items():
            setattr(message, name, value)
        if message.only_for:
            return
        ts = self.next_ts()
        message.edited = {"user": by, "ts": ts}
        channel = message.channel
        self.announce(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": channel.id,
                "channel_type": channel.kind,
                "message": message.payload(metadata=True),
                "previous_message": before,
                "hidden": True,
                "ts": ts,
                "event_ts": ts,
            },
            channel,
        )

    def delete(self, message: Message) -> None:
        before = message.payload(metadata=True)
        message.deleted = True
        channel = message.channel
        channel.pinned = [pin for pin in channel.pinned if pin.message is not message]
        ts = self.next_ts()
        self.announce(
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": channel.id,
                "channel_type": channel.kind,
                "deleted_ts": message.ts,
                "previous_message": before,
                "hidden": True,
                "ts": ts,
                "event_ts": ts,
            },
            channel,
        )

    def _say(self, message: Message, **more: Any) -> None:
        channel = message.channel
        event = message.payload() | {
            "channel": channel.id,
            "channel_type": channel.kind,
            "event_ts": message.ts,
        }
        if message.subtype:
            event.pop("team")
        self.announce(event | more, channel)
        mention = f"<@{self.bot.id}>"
        if mention in message.text and not message.bot_id and not channel.im and not message.subtype:
            mentioned = {key: event[key] for key in ("user", "text", "ts", "channel", "event_ts", "team")}
            self.announce({"type": "app_mention"} | mentioned, channel)

    # ---- reactions and pins ----------------------------------------------------------------

    def react(self, message: Message, user: str, name: str) -> None:
        users = message.reactions.get(name, [])
        if user in users:
            raise SlackError("already_reacted")
        if not users and len(message.reactions) >= REACTIONS:
            raise SlackError("too_many_emoji")
        message.reactions[name] = [*users, user]
        self._reaction("reaction_added", message, user, name)

    def unreact(self, message: Message, user: str, name: str) -> None:
        users = message.reactions.get(name, [])
        if user not in users:
            raise SlackError("no_reaction")
        left = [u for u in users if u != user]
        message.reactions = {k: v for k, v in (message.reactions | {name: left}).items() if v}
        self._reaction("reaction_removed", message, user, name)

    def _reaction(self, kind: str, message: Message, user: str, name: str) -> None:
        self.announce(
            {
                "type": kind,
                "user": user,
                "reaction": name,
                "item_user": message.user,
                "item": {"type": "message", "channel": message.channel.id, "ts": message.ts},
                "event_ts": self.next_ts(),
            },
            message.channel,
        )

    def pin(self, message: Message, user: str) -> None:
        if message.pinned:
            raise SlackError("already_pinned")
        if len(message.channel.pinned) >= PINS:
            raise SlackError("too_many_pins")
        message.channel.pinned.append(Pin(message, user, int(self.now())))
        self._pinning("pin_added", message, user)
        self.system(message.channel, user, "pinned_item", f"<@{user}> pinned a message to this channel.")

    def unpin(self, message: Message, user: str) -> None:
        if not message.pinned:
            raise SlackError("no_pin")
        message.channel.pinned = [pin for pin in message.channel.pinned if pin.message is not message]
        self._pinning("pin_removed", message, user)

    def _pinning(self, kind: str, message: Message, user: str) -> None:
        channel = message.channel
        item = {
            "type": "message",
            "channel": channel.id,
            "message": message.payload(),
            "created_by": message.user,
        }
        event = {
            "type": kind,
            "user": user,
            "channel_id": channel.id,
            "item": item,
            "event_ts": self.next_ts(),
        }
        self.announce(event, channel)

    # ---- membership and the channel's life --------------------------------------------------

    def join(self, channel: Channel, user: str, *, inviter: str | None = None) -> None:
        channel.members.append(user)
        invited = {"inviter": inviter} if inviter else {}
        if not channel.im:
            kind = "group_join" if channel.private else "channel_join"
            self.system(channel, user, kind, f"<@{user}> has joined the channel", **invited)
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.private else "C",
            "team": self.team_id,
            "event_ts": self.next_ts(),
        }
        self.announce(event | invited, channel)

    def part(self, channel: Channel, user: str) -> None:
        """`user` leaves or is removed; the bot still hears of its own removal."""
        kind = "group_leave" if channel.private else "channel_leave"
        self.system(channel, user, kind, f"<@{user}> has left the channel")
        channel.members.remove(user)
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.private else "C",
            "team": self.team_id,
            "event_ts": self.next_ts(),
        }
        self.announce(event, None if user == self.bot.id else channel)
        if user == self.bot.id:
            left = "group_left" if channel.private else "channel_left"
            self.announce({"type": left, "channel": channel.id, "event_ts": self.next_ts()}, None)

    def set_topic(self, channel: Channel, topic: str, user: str) -> None:
        if len(topic) > TOPIC:
            raise SlackError("too_long")
        channel.topic, channel.topic_by = topic, user
        said = (
            f"<@{user}> set the channel topic: {topic}" if topic else f"<@{user}> cleared the channel topic"
        )
        self.system(channel, user, f"{channel.kind}_topic", said, topic=topic)

    def set_purpose(self, channel: Channel, purpose: str, user: str) -> None:
        if len(purpose) > TOPIC:
            raise SlackError("too_long")
        channel.purpose, channel.purpose_by = purpose, user
        self.system(channel, user, f"{channel.kind}_purpose", f"<@{user}> set the channel purpose: {purpose}")

    def rename(self, channel: Channel, name: str, user: str) -> None:
        old, channel.name = channel.name, name
        channel.previous_names.append(old)
        said = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
        self.system(channel, user, f"{channel.kind}_name", said, old_name=old, name=name)
        event = {
            "type": f"{channel.kind}_rename",
            "channel": {"id": channel.id, "name": name, "created": int(channel.created)},
            "event_ts": self.next_ts(),
        }
        self.announce(event, channel)

    def archive(self, channel: Channel, user: str) -> None:
        self.system(channel, user, f"{channel.kind}_archive", f"<@{user}> archived the channel")
        channel.archived = True
        event = {
            "type": f"{channel.kind}_archive",
            "channel": channel.id,
            "user": user,
            "event_ts": self.next_ts(),
        }
        self.announce(event, channel)

    def unarchive(self, channel: Channel, user: str) -> None:
        channel.archived = False
        self.system(channel, user, f"{channel.kind}_unarchive", f"<@{user}> un-archived the channel")
        event = {
            "type": f"{channel.kind}_unarchive",
            "channel": channel.id,
            "user": user,
            "event_ts": self.next_ts(),
        }
        self.announce(event, channel)

    def delete_channel(self, channel: Channel) -> None:
        """As an admin does; from now on it is `channel_not_found`."""
        del self.channels[channel.id]
        event = {"type": f"{channel.kind}_deleted", "channel": channel.id, "event_ts": self.next_ts()}
        self.announce(event, None)

    # ---- triggers and response URLs --------------------------------------------------------

    def new_trigger(self, user: str) -> str:
        trigger = Trigger(f"{self.digits(12)}.{self.digits(12)}.{self.word(32).lower()}", user, self.now())
        self.triggers[trigger.id] = trigger
        return trigger.id

    def take_trigger(self, trigger_id: str) -> Trigger:
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("trigger_exchanged")
        if self.now() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, channel: Channel, user: str, message: Message | None = None) -> str:
        url = ResponseUrl(self.word(24), channel, user, self.now(), message)
        self.response_urls[url.id] = url
        return f"{self.origin}/response/{url.id}"

    # ---- what the bot hears ------------------------------------------------------------------

    def announce(self, event: Mapping[str, Any], channel: Channel | None) -> None:
        """Tell the bot, unless it happened in a channel that it is not in."""
        if channel is None or self.bot.id in channel.members:
            self.on_event(dict(event))

    def bot_profile(self) -> Json:
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "user_id": self.bot.id,
            "name": self.bot.real_name,
            "team_id": self.team_id,
            "deleted": False,
        }
