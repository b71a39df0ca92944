"""Action items: what people type, when they are due, and what their Jira issue says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core import Refused
from bot.core.categories import CATEGORIES, Category, Suggestion, suggest
from bot.core.decision import Decision
from bot.core.documents import Block, Bullets, Code, Document, Heading, Paragraph, Run
from bot.core.jobs import FileIssue, Later, Order, RelabelIssue
from bot.core.timeline import ActionAdded, ActionCategorised, Line, Name
from bot.models import Action, ActionState, Incident, Service, Severity, Team

__all__ = ["Suggestion", "Typed", "added", "categorised", "due_by", "labels", "parse", "suggest"]

ASK_FIRST = timedelta(minutes=10)
"""How long an unsure suggestion waits for a person's tap before the item is filed with it all the same."""

DUE = {Severity.SEV1: timedelta(weeks=1), Severity.SEV2: timedelta(weeks=2)}
"""By severity; what isn't named here is due in DUE_USUALLY."""
DUE_USUALLY = timedelta(weeks=4)

EVIDENCE = 12
"""Timeline lines that an issue quotes."""

_LENGTH = re.compile(r"^(\d{1,3})([dw])$")


@dataclass(frozen=True)
class Typed:
    """What `/incident action` was given. `category` is "" when none was named; `owner` is as typed."""

    title: str
    category: str
    kind: str
    owner: str
    due: date | None


def _category(word: str, categories: Sequence[Category]) -> tuple[str, str] | None:
    """A category's id and kind for a word such as `switches`, `Switches` or `logging-noise`."""
    said = word.lower().rstrip(":")
    for category in categories:
        if said in {category.id, category.label.lower()}:
            return category.id, ""
        if said in category.kinds:
            return category.id, said
    return None


def day(word: str, today: date) -> date | None:
    """`2w`, `3d` or `2026-12-01`; None when it is no date."""
    length = _LENGTH.match(word)
    if length:
        days = int(length[1]) * (7 if length[2] == "w" else 1)
        return today + timedelta(days=days)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def parse(text: str, *, today: date, categories: Sequence[Category] = CATEGORIES) -> Typed:
    """`[category] text… [@owner] [due 2w]`, the owner and the date at the end in either order.

    Raises Refused when there is no text, or when `due` is followed by something that is no date.
    """
    words = text.split()
    category, kind, owner, due = "", "", "", None
    found = _category(words[0], categories) if words else None
    if found and len(words) > 1:
        (category, kind), words = found, words[1:]
    for _ in range(2):
        if len(words) > 2 and words[-2].lower() == "due" and due is None:
            due = day(words[-1].lower(), today)
            if due is None:
                raise Refused(
                    f"“due {words[-1]}” is no date: write `due 2w`, `due 3d` or `due {today + timedelta(14)}`."
                )
            words = words[:-2]
        elif len(words) > 1 and words[-1].startswith(("@", "<@")) and not owner:
            owner, words = words[-1], words[:-1]
    title = " ".join(words)
    if not title:
        raise Refused("Say what is to be done: `/incident action [category] text [@owner] [due 2w]`.")
    if due is not None and due < today:
        raise Refused(f"{due} is in the past: name a day from {today} on.")
    return Typed(title, category, kind, owner, due)


def due_by(severity: Severity, now: datetime) -> date:
    return (now + DUE.get(severity, DUE_USUALLY)).date()


def labels(action: Action, incident: Incident) -> tuple[str, ...]:
    """The Jira labels that people and `reconcile` find the item by."""
    category = action.category or action.suggested or "other"
    kind = (action.category_kind,) if action.category_kind else ()
    return (
        "writeback",
        issue_label(action.id),
        f"incident-{incident.key.lower()}",
        f"operability-{category}",
        *(f"operability-{k}" for k in kind),
    )


def issue_label(action_id: str) -> str:
    return f"writeback-{action_id}"


def added(action: Action, incident: Incident, *, sure: bool, now: datetime) -> Decision:
    """The item is filed at once; with an unsure suggestion a person is asked first, but not for ever."""
    assert incident.id is not None
    order = FileIssue(incident.id, action.id)
    ask = not action.category and not sure
    job: Order | Later = Later(order, now + ASK_FIRST) if ask else order
    event = ActionAdded(action.id, action.title, action.category or action.suggested)
    return Decision(events=(event,), spoken=(event,), jobs=(job,))


def categorised(action: Action, incident: Incident, category: str) -> Decision:
    """A person's choice always wins: an issue that stands already gets the label, one that waits is filed now."""
    assert incident.id is not None
    if action.state is not ActionState.OPEN:
        raise Refused(f"“{action.title}” is {action.state} already.")
    if action.category == category:
        return Decision()
    event = ActionCategorised(action.id, action.title, category)
    job: Order = (
        RelabelIssue(incident.id, action.id, category)
        if action.jira
        else FileIssue(incident.id, action.id, 1)
    )
    return Decision(events=(event,), jobs=(job,))


def description(
    action: Action,
    incident: Incident,
    team: Team,
    service: Service | None,
    lines: Sequence[Line],
    *,
    name: Name,
    links: Sequence[tuple[str, str]],
) -> Document:
    """What a developer needs to act, months later and without Slack: what happened, and the lines around it.

    `links`: (title, url) pairs, the incident's channel among them.
    """
    facts: list[tuple[str, str]] = [
        ("Severity", incident.severity),
        ("Service", service.id if service else "not known"),
        ("Owner", team.name),
        ("Declared", f"{incident.declared_at:%Y-%m-%d %H:%M} UTC"),
    ]
    if incident.mitigation_kind:
        facts.append(("What stopped it", f"{incident.mitigation_kind} {incident.mitigation_text}".strip()))
    if incident.resolved_at:
        facts.append(("Over", f"{incident.resolved_at:%Y-%m-%d %H:%M} UTC"))
    blocks: list[Block] = [
        Heading(2, "What happened"),
        Paragraph((Run(f"{incident.key}: {incident.title}", strong=True),)),
        Bullets(tuple((Run(f"{label}: ", strong=True), Run(str(value))) for label, value in facts)),
    ]
    if action.evidence:
        blocks.append(Heading(2, "Evidence"))
        blocks.append(Code(action.evidence))
    if lines:
        blocks.append(Heading(2, "From the timeline (UTC)"))
        shown = [line for line in lines if not line.withdrawn]
        blocks.append(
            Bullets(tuple((Run(f"{line.at:%H:%M} "), Run(line.text)) for line in around(shown, action)))
        )
    if links:
        blocks.append(Heading(2, "Links"))
        blocks.append(Bullets(tuple((Run(title, link=url),) for title, url in links)))
    blocks.append(
        Paragraph((Run(f"Asked for by {name(action.created_by)} in {incident.key}, through Writeback."),))
    )
    return Document(tuple(blocks))


def around(lines: Sequence[Line], action: Action) -> list[Line]:
    """The lines nearest before and after the moment at which the item was asked for."""
    before = [line for line in lines if line.at <= action.created_at]
    after = [line for line in lines if line.at > action.created_at]
    return before[-EVIDENCE:] + after[: max(0, EVIDENCE - len(before))]
