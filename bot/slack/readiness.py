"""The readiness card as Slack shows it. Pure."""

from itertools import groupby

from bot.core.readiness import Card, Fact, gap_line, looked
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.text import cut, escape

FACTS, GAPS = 12, 30
"""Sections of what is there, and lines of what is missing; a message holds 50 blocks."""


def card(card: Card) -> Message:
    title = f"Readiness of {card.service.id}"
    facts = [
        f"*{escape(label)}:* {' · '.join(_fact(fact) for fact in group)}"
        for label, group in ((label, list(found)) for label, found in groupby(card.facts, lambda f: f.label))
    ]
    gaps = [f":hole: {escape(cut(gap_line(gap), 500))}" for gap in card.gaps[:GAPS]]
    if len(card.gaps) > GAPS:
        gaps.append(f"… and {len(card.gaps) - GAPS} more: `writeback ready {escape(card.service.id)}`")
    head = "*Missing*" if gaps else ":white_check_mark: Nothing is missing."
    return kit.message(
        f"{escape(title)}: {len(card.gaps)} missing",
        kit.section(f"*{escape(title)}*"),
        *kit.sections(facts)[:FACTS],
        *kit.sections([head, *gaps])[:FACTS],
        kit.context(
            f"From what the catalog says and {escape(looked(card.looked_at))}; private incidents are left out."
        ),
    )


def _fact(fact: Fact) -> str:
    return kit.link(fact.url, cut(fact.text, 300)) if fact.url else escape(cut(fact.text, 300))
