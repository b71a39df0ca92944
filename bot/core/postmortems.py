"""Incident + timeline + pages + action items → the document that people read afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bot.core.categories import Category
from bot.core.documents import Block, Bullets, Document, Heading, Paragraph, Run, Table
from bot.core.paging import spoken
from bot.core.timeline import Line, Name
from bot.models import Action, Incident, Page, PageState, Service, Status, Team

LATE = timedelta(minutes=2)
"""A line that was written down so long after it happened says so."""


def document(
    incident: Incident,
    team: Team,
    service: Service | None,
    lines: Sequence[Line],
    pages: Sequence[Page],
    actions: Sequence[Action],
    *,
    name: Name,
    categories: Sequence[Category],
) -> Document:
    """The postmortem as far as the facts go; every time in it is UTC."""
    return Document(
        (
            Heading(1, f"{incident.key}: {incident.title}"),
            *_summary(incident, team, service, name),
            Heading(2, "Response"),
            _responses(pages, name),
            Heading(2, "What stopped it"),
            _stopped(incident),
            *_switches(incident, service),
            Heading(2, "Timeline (UTC)"),
            _timeline(lines),
            Heading(2, "Action items"),
            _actions(actions, categories, name),
            Heading(2, "Have you considered…?"),
            Bullets(
                tuple((Run(f"{c.label}: ", strong=True), Run(c.question)) for c in categories if c.question)
            ),
        )
    )


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "not yet"


def _took(start: datetime, end: datetime | None) -> str:
    return f"{_at(end)} (after {spoken(end - start)})" if end else "not yet"


def _summary(incident: Incident, team: Team, service: Service | None, name: Name) -> list[Block]:
    status = (
        f"duplicate of INC-{incident.duplicate_of}"
        if incident.status is Status.DUPLICATE
        else str(incident.status)
    )
    rows = [
        ("Severity", str(incident.severity)),
        ("Status", status),
        ("Service", service.id if service else incident.service or "not known"),
        ("Owner", team.name),
        ("Lead", name(incident.lead) if incident.lead else "nobody"),
        ("Declared", f"{_at(incident.declared_at)} by {name(incident.declared_by)}"),
        ("Acknowledged", _took(incident.declared_at, incident.acknowledged_at)),
        ("Mitigated", _took(incident.declared_at, incident.mitigated_at)),
        ("Over", _took(incident.declared_at, incident.resolved_at)),
    ]
    found: list[Block] = [Table((("Fact", "Value"), *rows))]
    if incident.last_update:
        found += [Heading(2, "Last update"), Paragraph((Run(incident.last_update),))]
    return found


def _responses(pages: Sequence[Page], name: Name) -> Block:
    if not pages:
        return Paragraph((Run("Nobody was paged."),))
    rows = [("Who", "Why", "Paged", "Answered", "Outcome")]
    for page in pages:
        outcome = str(page.state) + (
            f": {page.answer}" if page.answer and page.state is not PageState.ACKNOWLEDGED else ""
        )
        answered_by_them = page.state in {PageState.ACKNOWLEDGED, PageState.DECLINED, PageState.ESCALATED}
        answered = (
            spoken(page.answered_at - page.sent_at)
            if answered_by_them and page.answered_at and page.sent_at
            else "–"
        )
        rows.append(
            (
                name(page.person),
                page.why,
                f"{page.sent_at:%H:%M:%S}" if page.sent_at else "never",
                answered,
                outcome,
            )
        )
    return Table(tuple(rows))


def _stopped(incident: Incident) -> Block:
    if not incident.mitigation_kind:
        return Paragraph((Run("Not recorded: `/incident mitigate` records it."),))
    text = f": {incident.mitigation_text}" if incident.mitigation_text else ""
    return Paragraph((Run(str(incident.mitigation_kind), strong=True), Run(text)))


def _switches(incident: Incident, service: Service | None) -> list[Block]:
    if service is None:
        return []
    if not service.switches:
        return [Paragraph((Run(f"No switch is known for {service.id}."),))]
    return [
        Paragraph((Run(f"Switches of {service.id}:"),)),
        Bullets(
            tuple((Run(s.name, strong=True), Run(f": {s.how}" if s.how else "")) for s in service.switches)
        ),
    ]


def _timeline(lines: Sequence[Line]) -> Block:
    if not lines:
        return Paragraph((Run("Nothing was recorded."),))
    days = [True, *(a.at.date() != b.at.date() for a, b in pairwise(lines))]
    return Bullets(tuple(_line(line, dated=new) for new, line in zip(days, lines, strict=True)))


def _line(line: Line, *, dated: bool) -> tuple[Run, ...]:
    """One line with all that is known of it; the first of each day says the date."""
    at = f"{line.at:%Y-%m-%d %H:%M:%S}" if dated else f"{line.at:%H:%M:%S}"
    later = line.recorded_at - line.at
    notes = [f"written down {spoken(later)} later"] if later >= LATE else []
    notes += [f"withdrawn {line.withdrawn_why}".rstrip()] if line.withdrawn else []
    return (
        Run(at, code=True),
        Run(f" {line.text}" + (f" ({'; '.join(notes)})" if notes else "")),
        *(Run(f" {name}", link=url) for name, url in line.links),
    )


def _actions(actions: Sequence[Action], categories: Sequence[Category], name: Name) -> Block:
    if not actions:
        return Paragraph((Run("None yet."),))
    labels = {category.id: category.label for category in categories}
    order = {category.id: n for n, category in enumerate(categories)}
    items = sorted(actions, key=lambda a: order.get(a.category or a.suggested, len(order)))
    return Bullets(
        tuple(
            (
                Run(f"{labels.get(a.category or a.suggested, a.category or 'No category')}: ", strong=True),
                Run(a.title),
                Run(f" ({name(a.owner)})" if a.owner else ""),
                Run(f", due {a.due}" if a.due else ""),
                Run(" "),
                Run(a.jira or "not filed", link=a.jira_url),
            )
            for a in items
        )
    )
