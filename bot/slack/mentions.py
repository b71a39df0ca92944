"""`@Writeback …` in plain words, and direct messages: the same words as typed, a question, or perhaps an incident."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import Refused
from bot.core.jobs import Say
from bot.flows import Asking, Reply, World, mentions, views
from bot.flows.mentions import Said
from bot.flows.timelines import moment
from bot.models import Incident
from bot.slack import commands, kit, messages
from bot.slack.commands import Answer
from bot.slack.text import decode

_KEY = re.compile(r"inc-\d{1,9}", re.IGNORECASE)
_FIRST = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[:,]?")
_NAME = r"(?:\s+(?:for|of|at|in))?(?P<for>(?:\s+\S+){0,4})"
_ON_CALL = re.compile(
    rf"(?:who(?:['’]?s|\s+is)?\s+)on[- ]?call(?:\s+now)?{_NAME}|on[- ]?call(?P<name>\s+\S+)?", re.I
)
_OWNER = re.compile(
    r"who(?:['’]s|\s+is)?\s+(?:owns|responsible\s+for|the\s+owner\s+of)(?P<for>(?:\s+\S+){1,4})", re.I
)
_HOW = re.compile(
    r"(?:(?:how|what|show|status)\b[\w\s'’]{0,30}?)?\b(?P<key>inc-\d{1,9})(?:\s+(?:show|status|doing|going))?",
    re.I,
)
"""A question has few words: a longer sentence tells of something, whatever it begins with."""

ANYWHERE = frozenset({"help", "list"})
TAPPED = frozenset(
    {"cancel", "decline", "duplicate", "escalate", "page", "reopen", "resolve", "service", "severity"}
)
"""Said in passing these would wake people or end something: they take one tap more."""


@dataclass(frozen=True)
class _Heard:
    said: Said
    direct: bool
    thread: str
    incident: Incident | None


async def heard(world: World, event: Mapping[str, Any], bot: str) -> None:
    """Answer a mention, or a direct message, once. `bot` is our account, "" while Slack has not told us."""
    if event.get("bot_id") or not event.get("user") or event.get("subtype") not in {None, "file_share"}:
        return
    text, channel, ts = str(event.get("text") or ""), str(event["channel"]), str(event["ts"])
    raw = re.sub(rf"<@{bot}(?:\|[^>]*)?>[:,]?", " ", text) if bot else _FIRST.sub("", text)
    raw = raw.strip()
    said = Said(channel, ts, str(event["user"]), raw, decode(raw), moment(ts))
    direct = event.get("channel_type") == "im"
    thread = str(event.get("thread_ts") or ("" if direct else ts))
    here = _Heard(said, direct, thread, None if direct else await mentions.incident_of(world, channel))
    asking = Asking(said.id, said.author, channel, way="mention in Slack")
    try:
        answer, private = await _answer(world, asking, here)
    except Refused as refused:
        answer, private = Reply(str(refused)), True
    message = messages.reply(answer) if isinstance(answer, Reply) else answer
    await mentions.answered(
        world,
        Say(
            said.id,
            channel,
            kit.stored(message),
            "" if private else thread,
            said.author if private and not direct else "",
        ),
    )


async def _answer(world: World, asking: Asking, here: _Heard) -> tuple[Answer, bool]:
    """The answer, and whether only the one who asks may read it: what they may see others may not."""
    said = here.said
    word, _, rest = said.raw.partition(" ")
    word = word.lower()
    if not said.words:
        return commands.first_help(), True
    whom = asked_about(said.words)
    if whom is not None:
        answers, name = await views.oncall(world, asking, whom)
        return messages.oncall(answers, name), False
    how = _HOW.fullmatch(" ".join(said.words.split()).rstrip("?!. "))
    if how is not None:
        return await commands.incident(world, asking, f"show {how['key']}"), True
    named = _KEY.fullmatch(rest.strip().partition(" ")[0]) is not None
    known = word in commands.SUBCOMMANDS and word != "start"
    # “help, checkout is down” only begins like a command.
    told = word in ANYWHERE and rest.strip().lower() not in {"", *commands.SUBCOMMANDS}
    if known and not told and (named or here.direct or here.incident or word in ANYWHERE):
        if word in TAPPED:
            return await mentions.ask_first(world, asking, said, word), False
        return await commands.incident(world, asking, said.raw), True
    if here.incident and word != "start":
        return await mentions.ask_in_channel(world, asking, said, here.incident), False
    if word == "start" and rest.strip():
        said = Said(said.channel, said.ts, said.author, rest.strip(), decode(rest.strip()), said.at)
    return await mentions.propose(world, asking, said), False


def asked_about(words: str) -> str | None:
    """Whose on-call or owner is asked for, "" for one's own teams; None when the words are no such question."""
    line = " ".join(words.split()).rstrip("?!. ")
    found = _OWNER.fullmatch(line) or _ON_CALL.fullmatch(line)
    return "".join(filter(None, found.groupdict().values())).strip() if found else None
