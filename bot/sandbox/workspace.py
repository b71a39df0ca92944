"""What a Slack workspace remembers: people, channels, messages, pins, views. No network here.

Both doors lead here: the Web API (what the bot does) and `person.py` (what people do). Everything that Slack
would tell the bot about goes through `Workspace.announce`.
"""

import random
import string
import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from bot.sandbox.records import (
    Canvas,
    Channel,
    Json,
    Message,
    Pin,
    ResponseUrl,
    SlackError,
    Trigger,
    User,
    UserGroup,
    View,
)

KEPT = 20_000
"""Triggers, response URLs and views remembered; the oldest go first."""

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
app_mentions:read bookmarks:read bookmarks:write canvases:read canvases:write channels:history channels:join
channels:manage channels:read chat:write chat:write.customize chat:write.public commands groups:history
groups:read groups:write im:history im:read im:write mpim:history mpim:read mpim:write pins:read pins:write
reactions:read reactions:write team:read usergroups:read usergroups:write users.profile:read users:read
users:read.email
"""


class Change(StrEnum):
    """What can happen to a message, Slack's own lines included."""

    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


def keep(store: dict[str, Any], key: str, value: Any) -> None:
    """Remember `value`; the oldest is forgotten when there are too many."""
    store[key] = value
    while len(store) > KEPT:
        del store[next(iter(store))]


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
        self.canvases: dict[str, Canvas] = {}
        self.canvas_refusal = ""
        """Slack's word for every canvas where the plan or an admin does not have them: `canvas_disabled_user_team`, …"""
        self.ephemerals: dict[str, list[Message]] = {}
        """What each user alone was shown, anywhere."""
        self._dms: dict[frozenset[str], Channel] = {}
        self.scopes = set(SCOPES.split())
        self.bot_token = f"xoxb-{self.digits(12)}-{self.digits(13)}-{self.word(24)}"
        self.app_token = f"xapp-1-{self.app_id}-{self.digits(13)}-{self.word(32).lower()}"
        self.token_state: str | None = None
        """Slack's word for every call of the bot once the token is no longer good: `token_revoked`, …"""
        self.racy_names = False
        """Judge a new channel's name by what existed when the call arrived, as Slack's race does."""
        self.tickets: dict[str, bool] = {}
        """Socket Mode addresses handed out and not yet used."""
        self.origin = ""
        self.on_event: Callable[[Json], None] = lambda event: None
        self.watchers: list[Callable[[Change, Message], None]] = []
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
        both = frozenset({one, other})
        if both not in self._dms:
            channel = Channel(self.id("D"), "", one, self.now(), im=True, members=[one, other])
            self.channels[channel.id] = self._dms[both] = channel
        return self._dms[both]

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
            channel.add(message)
            self._say(message)
        else:
            channel.ephemerals.append(message)
            self.ephemerals.setdefault(message.only_for, []).append(message)
            self._show(Change.POSTED, message)
        return message

    def system(self, channel: Channel, user: str, subtype: str, text: str, **more: Any) -> None:
        """A line that Slack itself writes, like "has joined the channel"."""
        message = Message(self, channel, self.next_ts(), user, text, subtype=subtype)
        channel.add(message)
        self._say(message, **more)

    def edit(self, message: Message, by: str, **changes: Any) -> None:
        before = message.payload(metadata=True)
        for name, value in changes.items():
            setattr(message, name, value)
        self._show(Change.EDITED, message)
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
        self._show(Change.DELETED, message)
        if message.only_for:
            return
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

    def _show(self, change: Change, message: Message) -> None:
        for watcher in self.watchers:
            watcher(change, message)

    def _say(self, message: Message, **more: Any) -> None:
        self._show(Change.POSTED, message)
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
        self._lives(event, channel)

    def archive(self, channel: Channel, user: str) -> None:
        """Bots are put out of what is archived.  https://docs.slack.dev/reference/methods/conversations.unarchive"""
        self.system(channel, user, f"{channel.kind}_archive", f"<@{user}> archived the channel")
        channel.archived = True
        event = {
            "type": f"{channel.kind}_archive",
            "channel": channel.id,
            "user": user,
            "event_ts": self.next_ts(),
        }
        self._lives(event, channel)
        if self.bot.id in channel.members:
            channel.members.remove(self.bot.id)

    def unarchive(self, channel: Channel, user: str) -> None:
        channel.archived = False
        self.system(channel, user, f"{channel.kind}_unarchive", f"<@{user}> un-archived the channel")
        event = {
            "type": f"{channel.kind}_unarchive",
            "channel": channel.id,
            "user": user,
            "event_ts": self.next_ts(),
        }
        self._lives(event, channel)

    def delete_channel(self, channel: Channel) -> None:
        """As an admin does; from now on it is `channel_not_found`."""
        del self.channels[channel.id]
        event = {"type": f"{channel.kind}_deleted", "channel": channel.id, "event_ts": self.next_ts()}
        self._lives(event, channel)

    def _lives(self, event: Mapping[str, Any], channel: Channel) -> None:
        """What becomes of a public channel is told to everybody, of a private one to those who are in it."""
        self.announce(event, channel if channel.private else None)

    # ---- triggers and response URLs --------------------------------------------------------

    def new_trigger(self, user: str) -> str:
        trigger = Trigger(f"{self.digits(12)}.{self.digits(12)}.{self.word(32).lower()}", user, self.now())
        keep(self.triggers, trigger.id, trigger)
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
        keep(self.response_urls, url.id, url)
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
