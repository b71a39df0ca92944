"""What the bot says back: through a `response_url`, or in its acknowledgement."""

from typing import Any

from bot.sandbox.api_chat import content_of
from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Json, Message, SlackError
from bot.sandbox.workspace import RESPONSE_URL_SECONDS, RESPONSE_URL_USES, Workspace


def words(refused: SlackError) -> str:
    """A refusal with its reasons, for whoever has to mend the bot."""
    reasons = refused.more.get("response_metadata", {}).get("messages", [])
    return f"{refused.error}: {'; '.join(reasons)}" if reasons else refused.error


def respond(w: Workspace, url_id: str, a: Args) -> Message | None:
    """One use of a response URL.  https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses"""
    url = w.response_urls.get(url_id)
    if url is None or w.now() - url.born > RESPONSE_URL_SECONDS:
        raise SlackError("expired_url")
    if url.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    if url.channel.archived:
        raise SlackError("is_archived")
    original = url.message
    if a.flag("delete_original"):
        w.delete(_original(original))
        url.uses += 1
        return None
    content = content_of(w, a)
    if not content["text"] and not content["blocks"] and not content["attachments"]:
        raise SlackError("no_text")
    url.uses += 1
    if a.flag("replace_original"):
        replaced = _original(original)
        w.edit(replaced, w.bot.id, **content)
        return replaced
    return said(w, url.channel, url.user, a.text("response_type"), content, a.text("thread_ts") or None)


def acknowledged(w: Workspace, channel: Channel, user: str, answer: Json) -> Message | None:
    """What a slash command's acknowledgement shows; None when it says nothing. Raises SlackError."""
    a = Args(answer)
    content = content_of(w, a)
    if not content["text"] and not content["blocks"] and not content["attachments"]:
        return None
    return said(w, channel, user, a.text("response_type"), content, None)


def said(
    w: Workspace, channel: Channel, user: str, how: str, content: dict[str, Any], thread_ts: str | None
) -> Message:
    """A response goes to one person unless it says `in_channel`; the bot need not be there."""
    only = None if how == "in_channel" else user
    return w.post(channel, w.bot.id, by_bot=True, only_for=only, thread_ts=thread_ts, **content)


def _original(message: Message | None) -> Message:
    if message is None or message.deleted:
        raise SlackError("no_original_message")
    return message
