"""Action items as people see them: the list with its buttons, the reason's form. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    DatePicker,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    StaticSelectMenu,
    Text,
    TextType,
    UserSelectMenu,
)

from bot.core.actions import dropped
from bot.core.issues import CLOSED
from bot.core.timeline import Name
from bot.flows.items import REASON
from bot.models import Action, ActionState, Incident
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.messages import _title, action_line
from bot.slack.rows import LISTED, Place, Ref
from bot.slack.text import cut, escape

PER_PAGE = 10
"""Items on a page: with their buttons they take two blocks each, and a message holds 50."""


def _plain(words: str) -> Text:
    return Text(cut(words, 75), type_=TextType.PLAINTEXT)


def listed(
    incident: Incident,
    items: Sequence[Action],
    name: Name,
    categories: Mapping[str, str],
    *,
    page: int = 1,
    said: str = "",
) -> Message:
    """One page of an incident's items, each with its number and its taps. `said`: what came of the last tap.

    `categories`: labels by id.
    """
    assert incident.id is not None
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
        blocks.append(_row(Ref(LISTED, item.id, incident.id, number, page), item, categories))
    turns = [
        kit.button(label, f"item_page:{to}", str(to))
        for label, to in (("Earlier", page - 1), ("More", page + 1))
        if 0 < to <= pages
    ]
    still = sum(item.state is ActionState.OPEN for item in items)
    foot = f"{still} of {len(items)} open" + (f" · page {page} of {pages}" if pages > 1 else "")
    foot += (
        f" · by text: `/incident action done number`, `wontdo number why`, `reopen number`, "
        f"`assign number @person`, `due number 2w`, `category number switches` (in {incident.key})"
    )
    return kit.message(
        (said and escape(said)) or title,
        *above,
        kit.section(f"*{title}*"),
        *blocks,
        ActionsBlock(list(turns), block_id=Ref(LISTED, "-", incident.id, 0, page).taps) if turns else None,
        kit.context(foot),
    )


def _row(ref: Ref, item: Action, categories: Mapping[str, str]) -> ActionsBlock:
    n = ref.n
    elements: list[Any]
    if item.state is ActionState.CANDIDATE:
        elements = _of_candidate(n)
    elif dropped(item):
        elements = [kit.button("Make it an action item", f"item_keep:{n}", "-")]
    elif item.state in CLOSED:
        elements = [kit.button("Reopen", f"item_reopen:{n}", "-")]
    else:
        elements = [
            kit.button("Done", f"item_done:{n}", "-", style="primary"),
            kit.button("Won't do…", f"item_wontdo:{n}", "-"),
            UserSelectMenu(f"item_assign:{n}", placeholder=_plain("Reassign")),
            DatePicker(f"item_due:{n}", placeholder=_plain("Due…")),
        ]
        if item.problem and not item.jira:
            elements.insert(0, kit.button("File again", f"item_file:{n}", "-"))
    if not dropped(item):
        options = [Option(_plain(label), id) for id, label in list(categories.items())[:100]]
        elements.append(StaticSelectMenu(f"item_category:{n}", options, placeholder=_plain("Category…")))
    # A menu carries no value of its own: the row says what it is about.
    return ActionsBlock(elements, block_id=ref.taps)


def _of_candidate(n: int) -> list[Any]:
    return [
        kit.button("Make it an action item", f"item_keep:{n}", "-", style="primary"),
        kit.button("Drop it", f"item_drop:{n}", "-"),
    ]


def reason_form(title: str, ref: Ref, place: Place) -> dict[str, Any]:
    """The modal behind *Won't do…* of a row."""
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
        private_metadata=json.dumps([ref.taps, place.carried()]),
    ).to_dict()
    return view
