"""What a workspace is made of: people, channels, messages, views, as plain records."""

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


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
        return self.channel.replies_to(self.ts)

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
    """Everything in order of time, with Slack's own lines and what was deleted; grows by `add` alone."""
    ephemerals: list[Message] = field(default_factory=list, repr=False)
    _by_ts: dict[str, Message] = field(default_factory=dict, repr=False)
    _threads: dict[str, list[Message]] = field(default_factory=dict, repr=False)
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

    def add(self, message: Message) -> None:
        self.log.append(message)
        self._by_ts[message.ts] = message
        if message.is_reply and message.thread_ts:
            self._threads.setdefault(message.thread_ts, []).append(message)

    def message(self, ts: str) -> Message | None:
        found = self._by_ts.get(ts)
        return None if found is None or found.deleted else found

    def replies_to(self, ts: str) -> list[Message]:
        return [reply for reply in self._threads.get(ts, []) if not reply.deleted]


@dataclass(eq=False)
class Canvas:
    """A channel's canvas, as its Markdown."""

    id: str
    channel: str
    title: str
    markdown: str


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
