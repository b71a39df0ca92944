"""Web API: messages, pins, bookmarks and reactions."""

import copy
import re
from typing import Any

from bot.sandbox import blockkit
from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Json, Message, SlackError, User
from bot.sandbox.web_api import channel_of, joined, method, writable
from bot.sandbox.workspace import BOOKMARKS, Workspace

TEXT = 40_000
"""https://docs.slack.dev/reference/methods/chat.postMessage"""

ATTACHMENTS = 100
TITLE = 255


@method("chat.postMessage", "chat:write", tier=5)
def post_message(w: Workspace, a: Args) -> Json:
    channel = _addressed(w, a.text("channel"))
    content = content_of(w, a)
    if not content["text"] and not content["blocks"] and not content["attachments"]:
        raise SlackError("no_text")
    thread_ts = a.text("thread_ts") or None
    if thread_ts and channel.message(thread_ts) is None:
        raise SlackError("thread_not_found")
    as_other = a.text("username") or None
    if as_other:
        w.need("chat:write.customize")
    more: dict[str, Any] = {
        "thread_ts": thread_ts,
        "broadcast": a.flag("reply_broadcast"),
        "posted_as": as_other,
    }
    message = w.post(channel, w.bot.id, by_bot=True, metadata=metadata_of(a), **content, **more)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload(metadata=True)}


@method("chat.update", "chat:write", tier=3)
def update(w: Workspace, a: Args) -> Json:
    channel = writable(channel_of(w, a))
    message = _message(channel, a.text("ts"))
    if message.bot_id != w.bot_id or message.subtype:
        raise SlackError("cant_update_message")
    content = content_of(w, a)
    # What is not given stays as it was.  https://docs.slack.dev/reference/methods/chat.update
    changes = {name: value for name, value in content.items() if name in a}
    if not changes and "metadata" not in a:
        raise SlackError("no_text")
    if "metadata" in a:
        changes["metadata"] = metadata_of(a, may_be_empty=True)
    w.edit(message, w.bot.id, **changes)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.payload(metadata=True),
    }


@method("chat.delete", "chat:write", tier=3)
def delete(w: Workspace, a: Args) -> Json:
    channel = writable(channel_of(w, a))
    message = _message(channel, a.text("ts"))
    if message.bot_id != w.bot_id or message.subtype:
        raise SlackError("cant_delete_message")
    w.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a)))
    user = a.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = content_of(w, a)
    if not content["text"] and not content["blocks"] and not content["attachments"]:
        raise SlackError("no_text")
    thread_ts = a.text("thread_ts") or None
    message = w.post(channel, w.bot.id, by_bot=True, only_for=user, thread_ts=thread_ts, **content)
    return {"message_ts": message.ts}


@method("chat.getPermalink", tier=5, takes_json=False)
def get_permalink(w: Workspace, a: Args) -> Json:
    channel = channel_of(w, a)
    message = _message(channel, a.text("message_ts"))
    link = f"https://{w.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _addressed(w: Workspace, to: str) -> Channel:
    """Where a message goes: a conversation, a user's direct message, or a channel by its name."""
    user = w.users.get(to)
    if user is not None:
        return _direct(w, user)
    named = w.channel_by_name(to) if to and to not in w.channels else None
    channel = writable(w.visible_channel(named.id if named else to))
    if channel.im:
        _direct(w, w.users[w.person_of(channel)])
    elif w.bot.id not in channel.members and "chat:write.public" not in w.scopes:
        raise SlackError("not_in_channel")
    return channel


def _direct(w: Workspace, user: User) -> Channel:
    if user is w.bot or user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deactivated:
        raise SlackError("user_disabled")
    return w.dm(w.bot.id, user.id)


def content_of(w: Workspace, a: Args) -> dict[str, Any]:
    """Text, blocks and attachments, judged as Slack judges them."""
    text = a.text("text")
    if len(text) > TEXT:
        raise SlackError("msg_too_long")
    blocks = a.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise SlackError("invalid_blocks_format")
        wrong = blockkit.problems(blocks)
        if wrong:
            raise SlackError("invalid_blocks", errors=_plain(wrong), response_metadata={"messages": wrong})
    attachments = a.structure("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return {"text": text, "blocks": with_ids(w, blocks or []), "attachments": copy.deepcopy(attachments)}


def _plain(problems: list[str]) -> list[str]:
    return [problem.removeprefix("[ERROR] ") for problem in problems]


def with_ids(w: Workspace, blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a `block_id` and every element an `action_id`, as Slack gives them."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", w.word(5))
    for element in blockkit.elements(filled):
        element.setdefault("action_id", w.word(5))
    return filled


def metadata_of(a: Args, *, may_be_empty: bool = False) -> Json | None:
    given = a.structure("metadata", "invalid_metadata_format")
    if given is None or (may_be_empty and given == {}):
        return None
    wrong = blockkit.metadata_problem(given)
    if wrong:
        raise SlackError(wrong)
    found: Json = copy.deepcopy(given)
    return found


def _message(channel: Channel, ts: str) -> Message:
    message = channel.message(ts)
    if message is None:
        raise SlackError("message_not_found")
    return message


# ---- pins ------------------------------------------------------------------------------------


@method("pins.add", "pins:write", tier=2)
def pins_add(w: Workspace, a: Args) -> Json:
    w.pin(_item(w, a, "pin"), w.bot.id)
    return {}


@method("pins.remove", "pins:write", tier=2)
def pins_remove(w: Workspace, a: Args) -> Json:
    w.unpin(_item(w, a, "pin"), w.bot.id)
    return {}


@method("pins.list", "pins:read", tier=2, takes_json=False)
def pins_list(w: Workspace, a: Args) -> Json:
    channel = joined(w, channel_of(w, a))
    return {
        "items": [
            {
                "type": "message",
                "channel": channel.id,
                "created": pin.at,
                "created_by": pin.by,
                "message": pin.message.payload(),
            }
            for pin in reversed(channel.pinned)
        ]
    }


def _item(w: Workspace, a: Args, act: str) -> Message:
    """The message that is pinned or reacted to."""
    if not a.text("timestamp"):
        raise SlackError("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", a.text("timestamp")):
        raise SlackError("bad_timestamp")
    channel = writable(channel_of(w, a))
    if act == "pin" or channel.private:
        joined(w, channel)
    return _message(channel, a.text("timestamp"))


# ---- reactions ---------------------------------------------------------------------------------


@method("reactions.add", "reactions:write", tier=3)
def reactions_add(w: Workspace, a: Args) -> Json:
    name = a.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    w.react(_item(w, a, "react"), w.bot.id, name)
    return {}


@method("reactions.remove", "reactions:write", tier=2)
def reactions_remove(w: Workspace, a: Args) -> Json:
    w.unreact(_item(w, a, "react"), w.bot.id, a.text("name").strip(":"))
    return {}


@method("reactions.get", "reactions:read", takes_json=False)
def reactions_get(w: Workspace, a: Args) -> Json:
    message = _item(w, a, "react")
    return {"type": "message", "channel": message.channel.id, "message": message.payload()}


# ---- bookmarks ---------------------------------------------------------------------------------


@method("bookmarks.add", "bookmarks:write", tier=2)
def bookmarks_add(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a, name="channel_id")))
    if a.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    at = int(w.now())
    bookmark = {
        "id": w.id("Bk"),
        "channel_id": channel.id,
        "title": _title(a),
        "link": _link(a),
        "emoji": a.text("emoji") or None,
        "icon_url": None,
        "type": "link",
        "entity_id": a.text("entity_id") or None,
        "date_created": at,
        "date_updated": at,
        "rank": w.word(1).lower(),
        "last_updated_by_user_id": w.bot.id,
        "last_updated_by_team_id": w.team_id,
        "shortcut_id": None,
        "app_id": w.app_id,
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": dict(bookmark)}


@method("bookmarks.edit", "bookmarks:write", tier=2)
def bookmarks_edit(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a, name="channel_id")))
    bookmark = _bookmark(channel, a)
    if "title" in a:
        bookmark["title"] = _title(a)
    if "link" in a:
        bookmark["link"] = _link(a)
    if "emoji" in a:
        bookmark["emoji"] = a.text("emoji") or None
    bookmark["date_updated"] = int(w.now())
    return {"bookmark": dict(bookmark)}


@method("bookmarks.list", "bookmarks:read", tier=3, takes_json=False)
def bookmarks_list(w: Workspace, a: Args) -> Json:
    channel = joined(w, channel_of(w, a, name="channel_id"))
    return {"bookmarks": [dict(bookmark) for bookmark in channel.bookmarks]}


@method("bookmarks.remove", "bookmarks:write", tier=2)
def bookmarks_remove(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a, name="channel_id")))
    channel.bookmarks.remove(_bookmark(channel, a))
    return {}


def _bookmark(channel: Channel, a: Args) -> Json:
    for bookmark in channel.bookmarks:
        if bookmark["id"] == a.text("bookmark_id"):
            return bookmark
    raise SlackError("bookmark_not_found")


def _title(a: Args) -> str:
    title = a.text("title")
    if not title:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: title"]}
        )
    if len(title) > TITLE:
        raise SlackError("invalid_title")
    return title


def _link(a: Args) -> str:
    link = a.text("link")
    if not re.match(r"(https?|slack|mailto):", link):
        raise SlackError("invalid_link")
    return link
