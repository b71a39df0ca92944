"""Action items: what people type, when they are due, and what their Jira issue says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core import Refused
from bot.core.categories import CATEGORIES, Category, Suggestion, suggest
from bot.core.decision import Decision
from bot.core.documents import Block, Bullets, Code, Document, Heading, Paragraph, Run
from bot.core.issues import OPERABILITY
from bot.core.jobs import FileIssue, Later, Order, RedrawHeadline, RelabelIssue
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


def category_named(word: str, categories: Sequence[Category]) -> tuple[str, str] | None:
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

    Raises Refused when there is no text but a category, or when `due` is followed by something that is no date.
    """
    words = text.split()
    category, kind, owner, due = "", "", "", None
    found = category_named(words[0], categories) if words else None
    if found:
        (category, kind), words = found, words[1:]
    # Without a category the first word is always the text's: “due diligence” is one.
    least = 0 if found else 1
    for _ in range(2):
        if len(words) > least + 1 and words[-2].lower() == "due" and due is None:
            due = day(words[-1].lower(), today)
            if due is None:
                raise Refused(
                    f"“due {words[-1]}” is no date: write `due 2w`, `due 3d` or `due {today + timedelta(14)}`."
                )
            words = words[:-2]
        elif len(words) > least and words[-1].startswith(("@", "<@")) and not owner:
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
    return (
        "writeback",
        issue_label(action.id),
        f"incident-{incident.key.lower()}",
        *(f"{OPERABILITY}{word}" for word in category_label(action).split()),
    )


def category_label(action: Action) -> str:
    """The words that follow `operability-` in the labels: the category's, and its kind's."""
    return f"{action.category or action.suggested or 'other'} {action.category_kind}".strip()


def issue_label(action_id: str) -> str:
    return f"writeback-{action_id}"


def added(action: Action, incident: Incident, *, sure: bool, now: datetime) -> Decision:
    """The item is filed at once; with an unsure suggestion a person is asked first, but not for ever.

    Of a category that is only guessed at nothing is said to anybody else.
    """
    assert incident.id is not None
    order = FileIssue(incident.id, action.id)
    ask = not action.category and not sure
    job: Order | Later = Later(order, now + ASK_FIRST) if ask else order
    event = ActionAdded(action.id, action.title, "" if ask else action.category or action.suggested)
    jobs = () if incident.test else (job,)  # of a test nothing is filed
    return Decision(events=(event,), spoken=(event,), jobs=(*jobs, *_redraw(incident)))


def _redraw(incident: Incident) -> tuple[Order, ...]:
    """Of what stands in Slack only the headline shows items."""
    assert incident.id is not None
    return (RedrawHeadline(incident.id, incident.revision + 1),)


def categorised(action: Action, incident: Incident, category: str, kind: str, by: str) -> Decision:
    """A person's choice always wins, whatever has become of the item: an issue that stands already gets the label."""
    assert incident.id is not None
    if (action.category, action.category_kind) == (category, kind):
        return Decision()
    event = ActionCategorised(action.id, action.title, category)
    jobs: tuple[Order, ...] = (RelabelIssue(incident.id, action.id, by),) if action.jira else ()
    return Decision(events=(event,), jobs=(*jobs, *_redraw(incident)))


def dropped(action: Action) -> bool:
    """Whether it was a candidate that nobody wanted: what is closed otherwise says why, or stands in Jira."""
    return action.state is ActionState.WONT_DO and not action.closed_why and not action.jira


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
