"""What messages and forms are drawn with: Slack's blocks, kept within its limits.

Words of people and of the catalog pass through `text.escape` first; mrkdwn is `verbatim`, so that Slack links and
pings nothing by itself.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ConfirmationDialogue,
    ContextBlock,
    SectionBlock,
    Text,
    TextType,
)

from bot.slack.text import cut, escape

SECTION = 2900
"""Characters of one section; Slack's limit is 3,000.  https://docs.slack.dev/reference/block-kit/blocks/section-block"""

DRAWN = frozenset({"data_visualization", "table"})
"""Blocks that are young, and that a workspace or a client may not have yet."""


@dataclass(frozen=True)
class Message:
    """`text` is what a notification shows and what a client without blocks reads: already escaped."""

    text: str
    blocks: list[dict[str, Any]]

    def args(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": self.blocks}

    @property
    def is_drawn(self) -> bool:
        """Whether it has blocks that not every Slack takes."""
        return any(block["type"] in DRAWN for block in self.blocks)

    def undrawn(self) -> "Message":
        """The same without them: a table as lines; a chart's gist stands in words beside it."""
        blocks: list[dict[str, Any]] = []
        for block in self.blocks:
            if block["type"] == "table":
                rows = [" · ".join(str(cell.get("text", "")) for cell in row) for row in block["rows"]]
                blocks += resolved(sections([escape(row) for row in rows]))
            elif block["type"] not in DRAWN:
                blocks.append(block)
        return Message(self.text, blocks)


def stored(message: Message) -> str:
    """A message as a job keeps it."""
    return json.dumps(message.args())


def restored(text: str) -> Message:
    return Message(**json.loads(text))


def resolved(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [block._resolve() for block in blocks]
    return found


def message(text: str, *blocks: Block | None) -> Message:
    return Message(cut(text, 3000), resolved(block for block in blocks if block is not None))


def words(mrkdwn: str) -> Text:
    return Text(mrkdwn, type_=TextType.MARKDOWN, verbatim=True)


def section(mrkdwn: str) -> SectionBlock:
    return SectionBlock(words(cut(mrkdwn, SECTION)))


def context(mrkdwn: str) -> ContextBlock:
    return ContextBlock([words(cut(mrkdwn, SECTION))])


def button(
    label: str, action: str, value: str, *, style: str = "", confirm: ConfirmationDialogue | None = None
) -> Button:
    return Button(
        Text(cut(label, 75), type_=TextType.PLAINTEXT, emoji=True),
        action_id=action,
        value=cut(value, 2000),
        style=style or None,  # type: ignore[arg-type]  # its Literal has no name to cast to
        confirm=confirm,
    )


def sections(lines: Sequence[str]) -> list[SectionBlock]:
    """Lines of mrkdwn, in as many sections as they need."""
    found: list[SectionBlock] = []
    held = ""
    for line in (cut(line, SECTION) for line in lines):
        if held and len(held) + 1 + len(line) > SECTION:
            found.append(section(held))
            held = ""
        held = f"{held}\n{line}" if held else line
    return [*found, section(held)] if held else found


def row(buttons: Sequence[Button]) -> ActionsBlock:
    return ActionsBlock(list(buttons))


def link(url: str, label: str) -> str:
    return f"<{escape(url).replace('|', '%7C')}|{escape(label).replace('|', '/')}>"
