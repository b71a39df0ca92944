"""Web API: channels and direct messages, their members, topics and history."""

import re
from collections.abc import Iterable

from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Json, Message, SlackError
from bot.sandbox.web_api import (
    channel_of,
    cursor_offset,
    cursor_to,
    joined,
    method,
    need_for,
    page,
    writable,
)
from bot.sandbox.workspace import CHANNEL_NAME, Workspace

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
INVITED_AT_ONCE = 100


@method("conversations.create", tier=2)
def create(w: Workspace, a: Args) -> Json:
    private = a.flag("is_private")
    w.need("groups:write") if private else w.need("channels:manage", "channels:write")
    name = _free_name(w, a)
    channel = w.add_channel(name, creator=w.bot.id, private=private, members=[w.bot.id])
    if not private:
        event = {"id": channel.id, "name": name, "created": int(channel.created), "creator": w.bot.id}
        w.announce({"type": "channel_created", "channel": event, "event_ts": w.next_ts()}, None)
    return {"channel": shown(w, channel)}


def _free_name(w: Workspace, a: Args) -> str:
    name = a.text("name")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > CHANNEL_NAME:
        raise SlackError("invalid_name_maxlength")
    if re.fullmatch(r"[-_]+", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    taken = [c for c in w.channels.values() if c.name == name and not c.im]
    if any(not w.racy_names or channel.created <= a.at for channel in taken):
        raise SlackError("name_taken")
    return name


@method("conversations.list", tier=2, takes_json=False)
def list_(w: Workspace, a: Args) -> Json:
    seen = (c for c in w.channels.values() if c.kind == "channel" or w.bot.id in c.members)
    return _channels(w, a, seen)


@method("users.conversations", tier=3, takes_json=False)
def users_conversations(w: Workspace, a: Args) -> Json:
    user = w.user(a.text("user", w.bot.id)).id
    both = (
        c for c in w.channels.values() if user in c.members and (c.kind == "channel" or w.bot.id in c.members)
    )
    return _channels(w, a, both)


def _channels(w: Workspace, a: Args, channels: Iterable[Channel]) -> Json:
    types = a.words("types") or ["public_channel"]
    if not set(types) <= TYPES.keys():
        raise SlackError("invalid_types")
    for kind in types:
        w.need({"channel": "channels:read", "group": "groups:read"}.get(TYPES[kind], f"{kind}:read"))
    kinds = {TYPES[kind] for kind in types}
    hidden = a.flag("exclude_archived")
    found = (shown(w, c, members=True) for c in channels if c.kind in kinds and not (hidden and c.archived))
    return page(found, a, "channels")


@method("conversations.info", tier=3, takes_json=False)
def info(w: Workspace, a: Args) -> Json:
    channel = channel_of(w, a, act="read")
    return {"channel": shown(w, channel, members=a.flag("include_num_members"))}


@method("conversations.join", "channels:join", tier=3)
def join(w: Workspace, a: Args) -> Json:
    channel = writable(channel_of(w, a))
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if w.bot.id in channel.members:
        already = "already_in_channel"
        return {
            "channel": shown(w, channel),
            "warning": already,
            "response_metadata": {"warnings": [already]},
        }
    w.join(channel, w.bot.id)
    return {"channel": shown(w, channel)}


@method("conversations.invite", tier=3)
def invite(w: Workspace, a: Args) -> Json:
    channel = w.visible_channel(a.text("channel"))
    if channel.im:
        raise SlackError("method_not_supported_for_channel_type")
    if "channels:write.invites" not in w.scopes or channel.private:
        need_for(w, channel, "manage")
    joined(w, writable(channel))
    users = list(dict.fromkeys(a.words("users")))
    if not users:
        raise SlackError("no_user")
    if len(users) > INVITED_AT_ONCE:
        raise SlackError("too_many_users")
    refused = [
        {"user": user, "ok": False, "error": why} for user in users if (why := _uninvitable(w, channel, user))
    ]
    welcome = [user for user in users if user not in {r["user"] for r in refused}]
    # Without `force` one bad id keeps everyone out.
    if refused and not (a.flag("force") and welcome):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    for user in welcome:
        w.join(channel, user, inviter=w.bot.id)
    return {"channel": shown(w, channel)} | ({"errors": refused} if refused else {})


def _uninvitable(w: Workspace, channel: Channel, user_id: str) -> str | None:
    if user_id == w.bot.id:
        return "cant_invite_self"
    user = w.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id in channel.members:
        return "already_in_channel"
    return "cant_invite" if user.deactivated else None


@method("conversations.kick", tier=3)
def kick(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a, act="manage")))
    user = w.user(a.text("user"))
    if user is w.bot:
        raise SlackError("cant_kick_self")
    if channel is w.general:
        raise SlackError("cant_kick_from_general")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    w.part(channel, user.id)
    return {"errors": {}}


@method("conversations.leave", tier=3)
def leave(w: Workspace, a: Args) -> Json:
    channel = writable(channel_of(w, a, act="manage"))
    if channel is w.general:
        raise SlackError("cant_leave_general")
    if w.bot.id not in channel.members:
        return {"not_in_channel": True}
    w.part(channel, w.bot.id)
    return {}


@method("conversations.archive", tier=2)
def archive(w: Workspace, a: Args) -> Json:
    channel = channel_of(w, a, act="manage")
    if channel.im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel is w.general:
        raise SlackError("cant_archive_general")
    if channel.archived:
        raise SlackError("already_archived")
    w.archive(joined(w, channel), w.bot.id)
    return {}


@method("conversations.unarchive", tier=2)
def unarchive(w: Workspace, a: Args) -> Json:
    channel = channel_of(w, a, act="manage")
    if not channel.archived:
        raise SlackError("not_archived")
    w.unarchive(joined(w, channel), w.bot.id)
    return {}


@method("conversations.rename", tier=2)
def rename(w: Workspace, a: Args) -> Json:
    channel = joined(w, writable(channel_of(w, a, act="manage")))
    # An app may only rename what it has made.
    if channel.creator != w.bot.id or channel is w.general:
        raise SlackError("not_authorized")
    if a.text("name") != channel.name:
        w.rename(channel, _free_name(w, a), w.bot.id)
    return {"channel": shown(w, channel)}


@method("conversations.setTopic", tier=2)
def set_topic(w: Workspace, a: Args) -> Json:
    channel = _described(w, a, "channels:write.topic")
    w.set_topic(channel, a.text("topic"), w.bot.id)
    return {"channel": shown(w, channel)}


@method("conversations.setPurpose", tier=2)
def set_purpose(w: Workspace, a: Args) -> Json:
    channel = _described(w, a, "channels:write.topic")
    w.set_purpose(channel, a.text("purpose"), w.bot.id)
    return {"channel": shown(w, channel)}


def _described(w: Workspace, a: Args, also: str) -> Channel:
    channel = w.visible_channel(a.text("channel"))
    if also not in w.scopes:
        need_for(w, channel, "manage")
    if channel.im:
        raise SlackError("method_not_supported_for_channel_type")
    return joined(w, writable(channel))


@method("conversations.members", tier=4, takes_json=False)
def members(w: Workspace, a: Args) -> Json:
    channel = channel_of(w, a, act="read")
    found = page(({"id": user} for user in channel.members), a, "members")
    return found | {"members": [member["id"] for member in found["members"]]}


@method("conversations.open", tier=3)
def open_(w: Workspace, a: Args) -> Json:
    w.need("im:write")
    if "channel" in a:
        return {"channel": {"id": channel_of(w, a).id}}
    users = a.words("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("not_enabled")  # group messages are beyond the sandbox
    user = w.user(users[0])
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deactivated:
        raise SlackError("user_disabled")
    known = set(w.channels)
    channel = w.dm(w.bot.id, user.id)
    already = {"no_op": True, "already_open": True} if channel.id in known else {}
    return {"channel": shown(w, channel) if a.flag("return_im") else {"id": channel.id}} | already


@method("conversations.history", tier=3, takes_json=False)
def history(w: Workspace, a: Args) -> Json:
    channel = joined(w, channel_of(w, a, act="history"))
    found = [m for m in channel.log if not m.deleted and (not m.is_reply or m.broadcast)]
    return _messages(a, found[::-1]) | {"pin_count": len(channel.pinned)}


@method("conversations.replies", tier=3, takes_json=False)
def replies(w: Workspace, a: Args) -> Json:
    channel = joined(w, channel_of(w, a, act="history"))
    parent = channel.message(a.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    return _messages(a, [parent, *parent.replies])


def _messages(a: Args, messages: list[Message]) -> Json:
    limit = a.number("limit", 100) or 100
    if not 1 <= limit <= 999:
        raise SlackError("invalid_limit")
    oldest, latest = _time(a, "oldest"), _time(a, "latest")
    ends = a.flag("inclusive")
    inside = [
        m
        for m in messages
        if (oldest is None or _micros(m.ts) > oldest or (ends and _micros(m.ts) == oldest))
        and (latest is None or _micros(m.ts) < latest or (ends and _micros(m.ts) == latest))
    ]
    start = cursor_offset(a)
    more = len(inside) > start + limit
    shown = [m.payload(metadata=a.flag("include_all_metadata")) for m in inside[start : start + limit]]
    meta = {"response_metadata": {"next_cursor": cursor_to(start + limit)}} if more else {}
    return {"messages": shown, "has_more": more} | meta


def _time(a: Args, name: str) -> int | None:
    given = a.text(name)
    if not given or given == "0":
        return None
    try:
        return _micros(given)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _micros(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int((rest + "000000")[:6])


def shown(w: Workspace, channel: Channel, *, members: bool = False) -> Json:
    """A conversation as the Web API shows it to the bot."""
    if channel.im:
        known: Json = {"id": channel.id, "created": int(channel.created), "is_im": True, "is_open": True}
        person = w.users[w.person_of(channel)]
        return known | {
            "user": person.id,
            "is_archived": False,
            "is_user_deleted": person.deactivated,
            "priority": 0,
        }
    known = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": channel is w.general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": w.bot.id in channel.members,
        "created": int(channel.created),
        "creator": channel.creator,
        "unlinked": 0,
        "context_team_id": w.team_id,
        "topic": {"value": channel.topic, "creator": channel.topic_by, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.purpose_by, "last_set": 0},
        "previous_names": list(channel.previous_names),
        "properties": dict(channel.properties),
    }
    return known | ({"num_members": len(channel.members)} if members else {})
