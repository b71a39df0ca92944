"""Text at the edge: what Slack encodes is decoded once on the way in and escaped on the way out."""

import re
from collections.abc import Mapping
from datetime import datetime

_MENTION = re.compile(r"<([@#!])([^>|]+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>")
_USER = re.compile(r"^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$")


def escape(text: str) -> str:
    """Text of a person or a catalog as it must stand in mrkdwn: no mention, no link, no mark-up of Slack's own.

    https://docs.slack.dev/messaging/formatting-message-text/#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def decode(text: str) -> str:
    """What a person typed, as plain words: entities decoded, mentions as `@name`, links as their address.

    A mention that pings a whole channel becomes the mere words `@channel`.
    """

    def words(match: re.Match[str]) -> str:
        sign, target, label = match[1], match[2], match[3]
        if sign == "!":
            return label or "@" + target.split("^")[0]
        return sign + (label or target)

    text = _MENTION.sub(words, text)
    text = _LINK.sub(lambda m: m[1] if not m[2] or m[2] in m[1] else f"{m[2]} ({m[1]})", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def names_in(text: str, people: Mapping[str, str]) -> str:
    """Mentions of people whose name is known, by that name; the rest stays as Slack sent it."""
    return re.sub(
        r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", lambda m: f"@{people[m[1]]}" if people.get(m[1]) else m[0], text
    )


def plain(text: str, people: Mapping[str, str]) -> str:
    """What was said, as plain words: mentions by what their accounts are called."""
    return decode(names_in(text, people))


def mentioned(word: str) -> str:
    """The Slack account id in `<@U123|name>`; "" when the word is no mention."""
    match = _USER.match(word)
    return match[1] if match else ""


def clock(moment: datetime) -> str:
    """A time that each reader sees in their own zone, with UTC for those whose client can't."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment:%H:%M} UTC>"


def day_and_clock(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending in … when something is left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
