"""What a person sees of a message, and whom it would notify."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.blockkit import elements
from bot.sandbox.records import Json, Message
from bot.sandbox.workspace import Workspace

MENTION = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
BARE_BROADCAST = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
BROADCASTS = frozenset({"channel", "here", "everyone"})


def visible_text(message: Message | Mapping[str, Any], *, tz: str = "UTC") -> str:
    """The words on the screen of somebody in `tz`: the blocks when there are any, else the text.

    Buttons are shown as `[Acknowledge]`, a line per block. A mapping has `text` and `blocks` and no workspace
    to look names up in, so ids stay ids.
    """
    names = message.workspace if isinstance(message, Message) else None
    text, blocks, attachments = _parts(message)
    shown = blocks_text(blocks, names, tz=tz) if blocks else spoken(text, names, tz=tz)
    for attachment in attachments:
        more = blocks_text((attachment.get("blocks") or []), names, tz=tz) or spoken(
            str(attachment.get("text") or attachment.get("fallback") or ""), names, tz=tz
        )
        shown = f"{shown}\n{more}" if shown else more
    return shown


def notification(message: Message, *, tz: str = "UTC") -> str:
    """What the banner on a phone says: the text beside the blocks."""
    return spoken(message.text, message.workspace, tz=tz) or visible_text(message, tz=tz)


def pings(message: Message | Mapping[str, Any]) -> set[str]:
    """Whom it would notify: `channel`, `here`, `everyone`, or ids of users and user groups.

    The text counts even when blocks hide it, and so does a bare `@here` in mrkdwn that is not `verbatim`:
    Slack turns both into mentions.
    """
    text, blocks, attachments = _parts(message)
    found = _pings_in(text)
    for piece, verbatim in _mrkdwn([*blocks, *attachments]):
        found |= _pings_in(piece)
        if not verbatim:
            found |= set(BARE_BROADCAST.findall(_without_code(piece)))
    for attachment in attachments:
        found |= _pings_in(str(attachment.get("text") or ""))
    return found


def blocks_text(blocks: Iterable[Json], names: Workspace | None = None, *, tz: str = "UTC") -> str:
    lines = (_block(block, names, tz) for block in blocks)
    return "\n".join(line for line in lines if line)


def spoken(mrkdwn: str, names: Workspace | None = None, *, tz: str = "UTC") -> str:
    """mrkdwn as it reads: mentions by name, links by label, dates in `tz`, `&amp;` as `&`; `*` and `_` stay."""

    def word(found: re.Match[str]) -> str:
        sign, target, label = found.group(1), found.group(2), found.group(3)
        if sign == "@":
            user = names.users.get(target) if names else None
            return f"@{user.name if user else label or target}"
        if sign == "#":
            channel = names.channels.get(target) if names else None
            return f"#{channel.name if channel else label or target}"
        if sign == "!":
            return _special(target, label, names, tz)
        return label or target.removeprefix("mailto:")

    return html.unescape(MENTION.sub(word, mrkdwn))


def escaped(words: str) -> str:
    """`&`, `<` and `>` as Slack escapes what people type.  https://docs.slack.dev/messaging/formatting-message-text"""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def buttons(blocks: Iterable[Json]) -> list[str]:
    """The words on the buttons, in order."""
    return [element["text"]["text"] for element in elements(blocks) if element.get("type") == "button"]


def _special(target: str, label: str | None, names: Workspace | None, tz: str) -> str:
    kind, _, rest = target.partition("^")
    if kind == "date":
        stamp, _, form = rest.partition("^")
        return _date(stamp, form.split("^")[0], label or "", tz)
    if kind == "subteam":
        group = names.groups.get(rest) if names else None
        return f"@{group.handle}" if group else label or f"@{rest}"
    return label or f"@{kind}"


def _date(stamp: str, form: str, fallback: str, tz: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#date-formatting"""
    if not stamp.lstrip("-").isdigit():
        return fallback
    at = datetime.fromtimestamp(int(stamp), ZoneInfo(tz))
    day = f"{at:%B} {at.day}, {at.year}"
    short = f"{at:%b} {at.day}, {at.year}"
    tokens = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": day,
        "date_short": short,
        "date_long": f"{at:%A}, {day}",
        "date_pretty": day,
        "date_short_pretty": short,
        "date_long_pretty": f"{at:%A}, {day}",
        "date_slash": f"{at:%m/%d/%Y}",
        "day_divider_pretty": f"{at:%A}, {at:%B} {at.day}",
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": fallback,
    }
    return re.sub(r"\{(\w+)\}", lambda found: tokens.get(found.group(1), found.group(0)), form)


def _parts(message: Message | Mapping[str, Any]) -> tuple[str, list[Json], list[Json]]:
    if isinstance(message, Message):
        return message.text, message.blocks, message.attachments
    return str(message.get("text") or ""), message.get("blocks") or [], message.get("attachments") or []


def _block(block: Json, names: Workspace | None, tz: str) -> str:
    match block.get("type"):
        case "divider":
            return "---"
        case "rich_text":
            return "".join(_rich(element, names) for element in (block.get("elements") or [])).rstrip("\n")
        case "markdown":
            return str(block.get("text", ""))
        case "input":
            return (
                f"{_text(block.get('label'), names, tz)}: {_element(block.get('element') or {}, names, tz)}"
            )
        case "section":
            pieces = [
                _text(block.get("text"), names, tz),
                *(_text(f, names, tz) for f in (block.get("fields") or [])),
            ]
            accessory = _element(block["accessory"], names, tz) if block.get("accessory") else ""
            return " ".join(piece for piece in ("\n".join(p for p in pieces if p), accessory) if piece)
        case "table":
            rows = block.get("rows") or []
            return "\n".join(" | ".join(_cell(cell, names) for cell in row) for row in rows)
        case "image":
            return f"({_text(block.get('title'), names, tz) or block.get('alt_text', '')})"
        case "data_visualization":
            return f"({block.get('title', '')})"
        case _:
            inside = [_element(element, names, tz) for element in (block.get("elements") or [])]
            return " ".join(piece for piece in (_text(block.get("text"), names, tz), *inside) if piece)


def _text(text: object, names: Workspace | None, tz: str) -> str:
    if not isinstance(text, dict):
        return text if isinstance(text, str) else ""
    words = str(text.get("text", ""))
    # Plain text is shown letter by letter, but Slack still decodes its three escapes.
    return spoken(words, names, tz=tz) if text.get("type") == "mrkdwn" else html.unescape(words)


def _element(element: object, names: Workspace | None, tz: str) -> str:
    if not isinstance(element, dict):
        return ""
    match element.get("type"):
        case "mrkdwn" | "plain_text":
            return _text(element, names, tz)
        case "image":
            return f"({element.get('alt_text', '')})"
        case "button" | "workflow_button":
            return f"[{_text(element.get('text'), names, tz)}]"
        case "overflow":
            return (
                "[…: "
                + ", ".join(_text(o.get("text"), names, tz) for o in (element.get("options") or []))
                + "]"
            )
        case _:
            chosen = element.get("initial_option") or {}
            words = _text(chosen.get("text"), names, tz) or str(element.get("initial_value") or "")
            return f"[{words or _text(element.get('placeholder'), names, tz) or '…'}]"


def _cell(cell: Json, names: Workspace | None) -> str:
    return str(cell.get("text", "")) if cell.get("type") == "raw_text" else _rich(cell, names).strip()


def _rich(element: Json, names: Workspace | None) -> str:
    kind = element.get("type")
    inside = "".join(_rich(child, names) for child in (element.get("elements") or []))
    match kind:
        case "text":
            return str(element.get("text", ""))
        case "user":
            return spoken(f"<@{element['user_id']}>", names)
        case "channel":
            return spoken(f"<#{element['channel_id']}>", names)
        case "usergroup":
            return spoken(f"<!subteam^{element['usergroup_id']}>", names)
        case "broadcast":
            return f"@{element['range']}"
        case "link":
            return str(element.get("text") or element.get("url", ""))
        case "emoji":
            return f":{element['name']}:"
        case "rich_text_list":
            return "".join(f"• {_rich(child, names)}" for child in (element.get("elements") or []))
        case "rich_text_section" | "rich_text_preformatted" | "rich_text_quote":
            return f"{inside}\n"
        case _:
            return inside


def _pings_in(mrkdwn: str) -> set[str]:
    found = set()
    for sign, target, _ in MENTION.findall(mrkdwn):
        kind, _, rest = target.partition("^")
        if sign == "@":
            found.add(target)
        elif sign == "!" and kind in BROADCASTS:
            found.add(kind)
        elif sign == "!" and kind == "subteam":
            found.add(rest)
    return found


def _without_code(mrkdwn: str) -> str:
    return re.sub(r"`[^`]*`", " ", mrkdwn)


def _mrkdwn(inside: object) -> list[tuple[str, bool]]:
    """Every piece of mrkdwn and whether it is `verbatim`, wherever it stands; rich text as mrkdwn."""
    if isinstance(inside, list):
        return [piece for item in inside for piece in _mrkdwn(item)]
    if not isinstance(inside, dict):
        return []
    kind = inside.get("type")
    if kind == "mrkdwn":
        return [(str(inside.get("text", "")), bool(inside.get("verbatim")))]
    if kind == "markdown":
        return [(str(inside.get("text", "")), False)]
    if kind == "broadcast":
        return [(f"<!{inside.get('range')}>", True)]
    if kind == "user":
        return [(f"<@{inside.get('user_id')}>", True)]
    if kind == "usergroup":
        return [(f"<!subteam^{inside.get('usergroup_id')}>", True)]
    return [piece for value in inside.values() for piece in _mrkdwn(value)]
