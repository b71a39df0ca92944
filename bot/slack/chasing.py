"""What is left to do, as people see it: a row with its taps for each thing, and what becomes of a row that was tapped."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    DatePicker,
    Option,
    SectionBlock,
    StaticSelectMenu,
    Text,
    TextType,
    UserSelectMenu,
)

from bot.core import chasing, questions
from bot.core.chasing import Kind, Mends, Thing
from bot.core.questions import Question
from bot.core.timeline import Name
from bot.flows.chasing import Shown, Whose
from bot.models import ActionState
from bot.slack import kit, rows
from bot.slack.kit import Message
from bot.slack.rows import MINE, Ref
from bot.slack.text import cut, escape

PER_PAGE = 14
"""Rows on a page: with a heading each takes up to three blocks, and a message holds 50."""

LATER = {"1w": "1 week", "2w": "2 weeks", "4w": "4 weeks"}

HEADS: Mapping[Kind, str] = {
    Kind.UNOWNED: "Nobody has these, in your teams",
    Kind.LEFT: "Of people who can't be asked any more, in your teams",
    Kind.LATE: "Overdue for three weeks or longer, in your teams",
}
REST = "Yours, due later or left for later"

MENDS: Mapping[Mends, str] = {
    Mends.REOPEN: "Reopen",
    Mends.BACK: "Not later after all",
    Mends.TAKE: "It is mine after all",
    Mends.KEEP: "Make it an action item",
    Mends.WONT_DO: "Won't do…",
}
"""The button that puts right what a slipped thumb did."""


def listed(
    shown: Shown, *, page: int = 1, said: str = "", week: str = "", tapped: Thing | None = None
) -> Message:
    """One page of a person's list. `said`: what came of the last tap, on `tapped`; `week` is in the weekly message's title,
    which leaves out what is not due."""
    things = shown.mine.things if week else shown.mine.every
    title = f"What waits for you, {week}" if week else "What waits for you"
    above: list[Block] = [kit.section(escape(said))] if said else []
    if tapped and chasing.mends(tapped, shown.person, shown.today):
        above += row(tapped, shown.person, shown.today, shown.name, n=0, page=page)
    nothing = "Nothing waits for you."
    if not things:
        return kit.message(said or nothing, *above, kit.section(nothing), *_foot(shown, 1, 1))
    pages = -(-len(things) // PER_PAGE)
    page = min(max(page, 1), pages)
    first_of_rest = len(shown.mine.things)
    blocks: list[Block] = [*above, kit.section(f"*{title}*" if first_of_rest else nothing)]
    before = ""
    for at, thing in list(enumerate(things))[(page - 1) * PER_PAGE : page * PER_PAGE]:
        head = REST if at >= first_of_rest else HEADS.get(thing.kind, "")
        if head and head != before:
            blocks.append(kit.context(f"*{head}*"))
        before = head
        n = at - (page - 1) * PER_PAGE + 1
        blocks += row(thing, shown.person, shown.today, shown.name, n=n, page=page)
    count = f"{first_of_rest} thing{'s' if first_of_rest > 1 else ''}" if first_of_rest else "nothing now"
    first = chasing.line(things[0], shown.person, shown.today, shown.name)
    text = said or f"{title}: {count}. First: {first}"
    return kit.message(escape(cut(text, 400)), *blocks, *_foot(shown, page, pages, week=week))


def _foot(shown: Shown, page: int, pages: int, *, week: str = "") -> list[Block]:
    left = sum(
        thing.action is not None and chasing.put_off(thing.action, shown.today) for thing in shown.mine.rest
    )
    ahead = len(shown.mine.rest) - left
    rest = [
        f"{ahead} open item{'s are' if ahead > 1 else ' is'} due later" if week and ahead else "",
        f"you left {left} for later" if week and left else "",
        f"page {page} of {pages}" if pages > 1 else "",
        "`/incident mine` and the Home tab show all that is yours at any time",
    ]
    turns = [
        kit.button(label, f"item_page:{to}", str(to))
        for label, to in (("Earlier", page - 1), ("More", page + 1))
        if 0 < to <= pages
    ]
    drawn = [ActionsBlock(list(turns), block_id=Ref(MINE, "-", 0, 0, page).taps)] if turns else []
    return [*drawn, kit.context(" · ".join(filter(None, rest)))]


def row(thing: Thing, person: str, today: date, name: Name, *, n: int, page: int = 1) -> list[Block]:
    """A thing as it is now: with its taps while it waits, else with what became of it. `n` is unique in a message."""
    ref = Ref(*thing.ref, n, page)
    words = escape(cut(chasing.line(thing, person, today, name), 600))
    action = thing.action
    if action and action.jira and action.jira_url:
        words = words.replace(escape(action.jira), f"<{escape(action.jira_url)}|{escape(action.jira)}>", 1)
    mark = _mark(thing, person, today)
    blocks: list[Block] = [SectionBlock(kit.words(f"{mark} {words}" if mark else words), block_id=ref.id)]
    taps = _taps(thing, n) if chasing.is_open(thing, person, today) else _mends(thing, person, today, n)
    if taps:
        blocks.append(ActionsBlock(taps, block_id=ref.taps))
    return blocks


def _mark(thing: Thing, person: str, today: date) -> str:
    """What became of a thing that does not wait any more, at a glance."""
    if chasing.is_open(thing, person, today):
        return ""
    action = thing.action
    if action is None:
        skipped = thing.kind is Kind.QUESTION and questions.unanswered(thing.incident)
        return ":arrow_right:" if skipped else ":white_check_mark:"
    match action.state:
        case ActionState.WONT_DO:
            return ":no_entry_sign:"
        case ActionState.OPEN if thing.kind is not Kind.CANDIDATE:
            return ":hourglass_flowing_sand:" if chasing.put_off(action, today) else ":arrow_right:"
        case _:
            return ":white_check_mark:"


def _taps(thing: Thing, n: int) -> list[Any]:
    done = kit.button("Done", f"item_done:{n}", "-", style="primary")
    wont = kit.button("Won't do…", f"item_wontdo:{n}", "-")
    match thing.kind:
        case Kind.CANDIDATE:
            return [
                kit.button("Make it an action item", f"item_keep:{n}", "-", style="primary"),
                kit.button("Drop it", f"item_drop:{n}", "-"),
            ]
        case Kind.POSTMORTEM:
            return [kit.button("Write it", f"postmortem_write:{n}", str(thing.incident.id), style="primary")]
        case Kind.QUESTION:
            return [*_answers(thing.asked, n), kit.button("Skip", f"item_skip:{n}", "-")]
        case Kind.ITEM:
            options = [Option(_plain(words), value) for value, words in LATER.items()]
            return [
                done,
                StaticSelectMenu(f"item_later:{n}", options, placeholder=_plain("Later…")),
                DatePicker(f"item_until:{n}", placeholder=_plain("Later, until…")),
                kit.button("Not mine", f"item_notmine:{n}", "-"),
                wont,
            ]
        case _:
            return [
                kit.button("I take it", f"item_take:{n}", "-"),
                UserSelectMenu(f"item_assign:{n}", placeholder=_plain("Give it to…")),
                done,
                wont,
            ]


def _answers(asked: Sequence[Question], n: int) -> list[Any]:
    """A menu for each question that nobody has answered."""
    menus: list[Any] = []
    for place, question in enumerate(asked, 1):
        labels = questions.FORMS[question].labels
        options = [Option(_plain(label), f"{question} {word}") for word, label in labels.items()]
        words = _plain(chasing.MISSING[question].capitalize() + "…")
        menus.append(StaticSelectMenu(f"item_answer:{n}{place}", options, placeholder=words))
    return menus


def _mends(thing: Thing, person: str, today: date, n: int) -> list[Any]:
    if thing.kind is Kind.QUESTION:
        return _answers(questions.unanswered(thing.incident), n)
    how = chasing.mends(thing, person, today)
    return [kit.button(MENDS[how], f"item_{how}:{n}", "-")] if how else []


def _plain(words: str) -> Text:
    return Text(words, type_=TextType.PLAINTEXT)


def whose(asked: Whose) -> Message:
    """Asks whose an item is, of the team's lead or in its channel."""
    what = escape(chasing.title(asked.thing.action)) if asked.thing.action else ""
    text = f"{escape(asked.by)} says that {what} of {asked.thing.incident.key} is not theirs. Whose is it?"
    return kit.message(text, kit.section(text), *row(asked.thing, "", asked.today, asked.name, n=1))


# ---- a message that was tapped -------------------------------------------------------------------


def refs(blocks: Sequence[Mapping[str, Any]]) -> list[Ref]:
    """The rows of a message, in order."""
    return rows.refs(blocks, Kind)


def redrawn(
    blocks: Sequence[Mapping[str, Any]], things: Sequence[Thing | None], person: str, today: date, name: Name
) -> list[dict[str, Any]]:
    """The message with each row as it is now; whatever else stands in it stays."""
    found: list[dict[str, Any]] = []
    now = iter(things)
    for block in blocks:
        ref = rows.read(str(block.get("block_id") or ""))
        if ref is None or ref.kind not in set(Kind):
            found.append(dict(block))
        elif not rows.is_taps(block):
            thing = next(now)
            if thing is None:
                gone = SectionBlock(kit.words("An item that is not there any more."), block_id=ref.id)
                found += kit.resolved([gone])
            else:
                found += kit.resolved(row(thing, person, today, name, n=ref.n, page=ref.page))
    return found
