"""The readiness card as Slack shows it. Pure."""

from itertools import groupby

from bot.core.readiness import Card, Fact, gap_line, looked
from bot.slack.messages import Message, _context, _link, _message, _section, sections
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
    return _message(
        f"{escape(title)}: {len(card.gaps)} missing",
        _section(f"*{escape(title)}*"),
        *sections(facts)[:FACTS],
        *sections([head, *gaps])[:FACTS],
        _context(
            f"From what the catalog says and {escape(looked(card.looked_at))}; private incidents are left out."
        ),
    )


def _fact(fact: Fact) -> str:
    return _link(fact.url, cut(fact.text, 300)) if fact.url else escape(cut(fact.text, 300))
