"""What is left to do, as people see it: a row with its taps for each thing, and what becomes of a row that was tapped.

A row's blocks are named after it, so that a message of last week can be drawn as things stand now.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    DatePicker,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    SectionBlock,
    StaticSelectMenu,
    Text,
    TextType,
    UserSelectMenu,
)

from bot.core import chasing
from bot.core.chasing import Kind, Thing
from bot.core.timeline import Name
from bot.flows.chasing import Shown, Whose
from bot.flows.items import REASON
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.text import cut, escape

PER_PAGE = 14
"""Rows on a page: each takes up to three blocks, and a message holds 50."""

LATER = {"1w": "1 week", "2w": "2 weeks", "4w": "4 weeks"}

Ref = tuple[str, str, int]

HEADS: Mapping[Kind, str] = {
    Kind.LEFT: "Of people who can't be asked any more, in your teams",
    Kind.LATE: "Overdue for three weeks or longer, in your teams",
}


def listed(shown: Shown, *, page: int = 1, said: str = "", week: str = "") -> Message:
    """One page of a person's list. `said`: what came of the last tap; `week` is in the weekly message's title."""
    things = shown.mine.things
    title = f"What waits for you, {week}" if week else "What waits for you"
    above: list[Block] = [kit.section(escape(said))] if said else []
    if not things:
        nothing = "Nothing waits for you."
        return kit.message(said or nothing, *above, kit.section(nothing), *_foot(shown, 1, 1))
    pages = -(-len(things) // PER_PAGE)
    page = min(max(page, 1), pages)
    blocks: list[Block] = [*above, kit.section(f"*{title}*")]
    before: Kind | None = None
    for n, thing in enumerate(things[(page - 1) * PER_PAGE : page * PER_PAGE], 1):
        if thing.kind in HEADS and thing.kind is not before:
            blocks.append(kit.context(f"*{HEADS[thing.kind]}*"))
        before = thing.kind
        blocks += row(thing, shown.person, shown.today, shown.name, place=f"{n}.{page}")
    count = f"{len(things)} thing{'s' if len(things) > 1 else ''}"
    first = chasing.line(things[0], shown.person, shown.today, shown.name)
    text = said or f"{title}: {count}. First: {first}"
    return kit.message(escape(cut(text, 400)), *blocks, *_foot(shown, page, pages))


def _foot(shown: Shown, page: int, pages: int) -> list[Block]:
    mine = shown.mine
    rest = [
        f"{mine.ahead} open item{'s are' if mine.ahead > 1 else ' is'} due later" if mine.ahead else "",
        f"you left {mine.left} for later" if mine.left else "",
        f"page {page} of {pages}" if pages > 1 else "",
        "`/incident mine` shows this at any time",
    ]
    turns = [
        kit.button(label, f"chase_page:{to}", str(to))
        for label, to in (("Earlier", page - 1), ("More", page + 1))
        if 0 < to <= pages
    ]
    return [*([ActionsBlock(list(turns))] if turns else []), kit.context(" · ".join(filter(None, rest)))]


def row(thing: Thing, person: str, today: date, name: Name, *, place: str) -> list[Block]:
    """A thing as it is now: with its taps while it waits, else with what became of it. `place` is unique in a message."""
    kind, item, number = thing.ref
    id = f"{kind}:{item}:{number}:{place}"
    waits = chasing.is_open(thing, person, today)
    words = escape(cut(chasing.line(thing, person, today, name), 600))
    action = thing.action
    if action and action.jira and action.jira_url:
        words = words.replace(escape(action.jira), f"<{escape(action.jira_url)}|{escape(action.jira)}>", 1)
    mark = "" if waits else ":white_check_mark: "
    blocks: list[Block] = [SectionBlock(kit.words(mark + words), block_id=id)]
    if not waits:
        return blocks
    if thing.kind is Kind.POSTMORTEM:
        blocks.append(_hint(id, f"`/incident postmortem {thing.incident.key}`"))
    elif thing.kind is Kind.QUESTION:
        ways = " · ".join(
            f"`/incident {word} {thing.incident.key} …`" for _, word in chasing.unanswered(thing.incident)
        )
        blocks.append(_hint(id, ways))
    else:
        blocks.append(ActionsBlock(_taps(thing.kind, place), block_id=f"{id}:taps"))
    return blocks


def _hint(id: str, words: str) -> Block:
    return SectionBlock(kit.words(words), block_id=f"{id}:taps")


def _taps(kind: Kind, place: str) -> list[Any]:
    n = place.partition(".")[0]
    if kind is Kind.CANDIDATE:
        return [
            kit.button("Make it an action item", f"chase_keep:{n}", "-", style="primary"),
            kit.button("Drop it", f"chase_drop:{n}", "-"),
        ]
    done = kit.button("Done", f"chase_done:{n}", "-", style="primary")
    wont = kit.button("Won't do…", f"chase_wontdo:{n}", "-")
    if kind is not Kind.ITEM:
        return [UserSelectMenu(f"chase_assign:{n}", placeholder=_plain("Give it to…")), done, wont]
    options = [Option(_plain(words), value) for value, words in LATER.items()]
    return [
        done,
        StaticSelectMenu(f"chase_later:{n}", options, placeholder=_plain("Later…")),
        DatePicker(f"chase_until:{n}", placeholder=_plain("Later, until…")),
        kit.button("Not mine", f"chase_notmine:{n}", "-"),
        wont,
    ]


def _plain(words: str) -> Text:
    return Text(words, type_=TextType.PLAINTEXT)


def whose(asked: Whose) -> Message:
    """Asks whose an item is, of the team's lead or in its channel."""
    what = escape(chasing.title(asked.thing.action)) if asked.thing.action else ""
    text = f"{escape(asked.by)} says that {what} of {asked.thing.incident.key} is not theirs. Whose is it?"
    return kit.message(text, kit.section(text), *row(asked.thing, "", asked.today, asked.name, place="1.1"))


# ---- a message that was tapped -------------------------------------------------------------------


def about(block_id: str) -> Ref:
    """What a tapped row is about. Raises ValueError for a block that is no row's."""
    kind, item, number, *_ = block_id.split(":")
    return kind, item, int(number)


def page_of(block_id: str) -> int:
    """The page on which a tapped row stands."""
    place = ([*block_id.split(":"), "", "", "", ""])[3]
    number = place.partition(".")[2]
    return int(number) if number.isdigit() else 1


def is_row(block: Mapping[str, Any]) -> bool:
    parts = str(block.get("block_id") or "").split(":")
    return len(parts) in {4, 5} and parts[0] in set(Kind) and parts[2].isdigit()


def refs(blocks: Iterable[Mapping[str, Any]]) -> list[Ref]:
    """The rows of a message, in order."""
    return [
        about(str(b["block_id"])) for b in blocks if is_row(b) and not str(b["block_id"]).endswith(":taps")
    ]


def redrawn(
    blocks: Sequence[Mapping[str, Any]], things: Sequence[Thing | None], person: str, today: date, name: Name
) -> list[dict[str, Any]]:
    """The message with each row as it is now; whatever else stands in it stays."""
    found: list[dict[str, Any]] = []
    now = iter(things)
    for block in blocks:
        if not is_row(block):
            found.append(dict(block))
        elif not str(block["block_id"]).endswith(":taps"):
            thing, id = next(now), str(block["block_id"])
            if thing is None:
                gone = SectionBlock(kit.words("An item that is not there any more."), block_id=id)
                found += kit.resolved([gone])
            else:
                found += kit.resolved(row(thing, person, today, name, place=id.split(":")[3]))
    return found


def reason_form(title: str, about: Sequence[object]) -> dict[str, Any]:
    """The modal behind *Won't do…*."""
    view: dict[str, Any] = ModalView(
        title=_plain("Won't do"),
        blocks=[
            kit.section(escape(cut(title, 300))),
            InputBlock(
                _plain("Why won't it be done?"),
                PlainTextInput(action_id="text", multiline=True, max_length=REASON, focus_on_load=True),
                block_id="why",
            ),
        ],
        submit=_plain("Close it"),
        close=_plain("Not now"),
        callback_id="chase_wontdo",
        private_metadata=json.dumps(about),
    ).to_dict()
    return view
