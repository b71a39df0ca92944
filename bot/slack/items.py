"""Action items as people see them: the list with its buttons, the question about candidates, the reason's form. Pure."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    DatePicker,
    InputBlock,
    ModalView,
    PlainTextInput,
    Text,
    TextType,
    UserSelectMenu,
)

from bot.core.issues import CLOSED
from bot.core.timeline import Name
from bot.models import Action, ActionState, Incident
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.messages import _title, action_line
from bot.slack.text import cut, escape

PER_PAGE = 10
"""Items on a page: with their buttons they take two blocks each, and a message holds 50."""

ASKED = 15
"""Candidates in one question."""

REASON = 300


def _plain(words: str) -> Text:
    return Text(words, type_=TextType.PLAINTEXT)


def listed(
    incident: Incident, items: Sequence[Action], name: Name, *, page: int = 1, said: str = ""
) -> Message:
    """One page of an incident's items, each with its number and its taps. `said`: what came of the last tap."""
    title = f"Action items of {_title(incident)}"
    above = [kit.section(escape(said))] if said else []
    if not items:
        empty = f"None yet: `/incident action {incident.key} [category] text` adds one."
        return kit.message(title, *above, kit.section(f"*{title}*\n{empty}"))
    pages = -(-len(items) // PER_PAGE)
    page = min(max(page, 1), pages)
    numbered = list(enumerate(items, 1))[(page - 1) * PER_PAGE : page * PER_PAGE]
    blocks: list[Block] = []
    for number, item in numbered:
        blocks.append(kit.section(f"*{number}.* {action_line(item, name)}"))
        blocks.append(_row(incident, item, number, page))
    turns = [
        kit.button(label, f"item_page:{to}", f"{incident.id} - {to}")
        for label, to in (("Earlier", page - 1), ("More", page + 1))
        if 0 < to <= pages
    ]
    still = sum(item.state is ActionState.OPEN for item in items)
    foot = f"{still} of {len(items)} open" + (f" · page {page} of {pages}" if pages > 1 else "")
    foot += (
        f" · by text: `/incident action done number`, `wontdo number why`, `reopen number`, "
        f"`assign number @person`, `due number 2w` (in {incident.key})"
    )
    return kit.message(
        (said and escape(said)) or title,
        *above,
        kit.section(f"*{title}*"),
        *blocks,
        ActionsBlock(list(turns)) if turns else None,
        kit.context(foot),
    )


def _row(incident: Incident, item: Action, n: int, page: int) -> ActionsBlock:
    value = f"{incident.id} {item.id} {page}"
    elements: list[Any]
    if item.state is ActionState.CANDIDATE:
        elements = _of_candidate(value, n)
    elif item.state in CLOSED:
        elements = [kit.button("Reopen", f"item_reopen:{n}", value)]
    else:
        elements = [
            kit.button("Done", f"item_done:{n}", value, style="primary"),
            kit.button("Won't do…", f"item_wontdo:{n}", value),
            UserSelectMenu(f"item_assign:{n}", placeholder=_plain("Reassign")),
            DatePicker(f"item_due:{n}", placeholder=_plain("Due…")),
        ]
        if item.problem and not item.jira:
            elements.insert(0, kit.button("File again", f"item_file:{n}", value))
    # A menu carries no value of its own: the row says what it is about.
    return ActionsBlock(elements, block_id=value)


def _of_candidate(value: str, n: int) -> list[Any]:
    return [
        kit.button("Make it an action item", f"item_keep:{n}", value, style="primary"),
        kit.button("Drop it", f"item_drop:{n}", value),
    ]


def reason_form(title: str, about: str) -> dict[str, Any]:
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
        callback_id="item_wontdo",
        private_metadata=about,
    ).to_dict()
    return view
