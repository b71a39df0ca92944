"""Incident + timeline + pages + action items + what people wrote → the document that people read afterwards.

Facts speak wherever nobody has written anything; every time in it is UTC.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from bot.core import Refused, questions
from bot.core.categories import Category
from bot.core.documents import Block, Bullets, Document, Heading, PageBreak, Paragraph, Run, Table
from bot.core.handoffs import is_night
from bot.core.paging import spoken
from bot.core.timeline import NOTICED, STOPPED, TOOK, Line, Name
from bot.models import (
    Action,
    ActionState,
    Incident,
    Mitigation,
    Noticed,
    Page,
    PageState,
    Person,
    Postmortem,
    PostmortemState,
    Service,
    Status,
    Team,
    Took,
)

LATE = timedelta(minutes=2)
"""A line that was written down so long after it happened says so."""

GAP = timedelta(minutes=20)
"""So long without a line in an open incident is a gap: what happened then is known to nobody who reads later."""

QUICK = timedelta(minutes=5)
"""An acknowledgement within this is something that went well."""

LONGEST = 3000
"""Characters of a section: what one field of a form holds."""

LESSON = 300
"""Characters of the lesson: one line."""

CITED = 5
"""Action items that answer one question; the others are counted."""

LASTING = timedelta(days=7)
"""How long after the due day its author is still reminded, and twice as long its team's lead: then everybody knows."""

_OVER = frozenset({"resolved", "cancelled", "marked_duplicate"})
_FAR = frozenset({Took.REBUILD, Took.REDEPLOY, Took.CODE})


class Section(StrEnum):
    """What people write."""

    SUMMARY = "summary"
    IMPACT = "impact"
    WELL = "well"
    LUCK = "luck"
    FACTORS = "factors"
    LESSON = "lesson"


LABELS: Mapping[Section, str] = {
    Section.SUMMARY: "Summary",
    Section.IMPACT: "Impact",
    Section.WELL: "What went well",
    Section.LUCK: "Where luck helped",
    Section.FACTORS: "Contributing factors",
    Section.LESSON: "Lesson",
}

NEEDED = (Section.SUMMARY, Section.LESSON)
"""Without these nobody is asked to read it."""


@dataclass(frozen=True)
class Facts:
    """Everything that the document is made of.

    `ended`: the words it was resolved with. `earlier`: incidents that people confirmed to be the same, each with its
    cause; `worth`: how the action items of those stand; `later`: keys of those that it came back in.
    """

    incident: Incident
    team: Team
    service: Service | None
    lines: Sequence[Line]
    pages: Sequence[Page]
    actions: Sequence[Action]
    name: Name
    categories: Sequence[Category]
    postmortem: Postmortem | None = None
    ended: str = ""
    earlier: Sequence[tuple[Incident, str]] = ()
    worth: str = ""
    later: Sequence[str] = ()

    @property
    def stopped_after(self) -> timedelta | None:
        """From the declaration until it did no more harm; None while it may."""
        end = self.incident.mitigated_at or self.incident.resolved_at
        return end - self.incident.declared_at if end else None


def document(facts: Facts) -> Document:
    incident = facts.incident
    return Document(
        (
            Heading(1, f"{incident.key}: {incident.title}"),
            *_facts(facts),
            *_section(facts, Section.SUMMARY),
            *_section(facts, Section.LESSON),
            *_section(facts, Section.IMPACT),
            Heading(2, "Detection"),
            _bullets(_detection(facts)),
            Heading(2, "Response"),
            *_responses(facts),
            Heading(2, "What stopped it"),
            *_stopped(facts),
            *_section(facts, Section.WELL),
            *_section(facts, Section.LUCK),
            *_section(facts, Section.FACTORS),
            *_earlier(facts),
            Heading(2, "Have you considered…?"),
            *_considered(facts),
            Heading(2, "Action items"),
            *_actions(facts),
            *_advice(facts),
            PageBreak(),
            Heading(2, "Timeline (UTC)"),
            _timeline(incident, facts.lines),
        )
    )


# ---- what people wrote ---------------------------------------------------------------------------


def written(postmortem: Postmortem | None, section: Section) -> str:
    """The words that stand, "" where nobody has written any."""
    if postmortem is None:
        return ""
    return postmortem.lesson if section is Section.LESSON else postmortem.sections.get(section, "")


def mark(text: str) -> str:
    """A short mark by which a text is known to be the same still."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:10]


def limit(section: Section) -> int:
    return LESSON if section is Section.LESSON else LONGEST


def fitting(section: Section, text: str) -> str:
    """`text` as it is stored. Raises Refused when it is too long: it is never cut."""
    text = " ".join(text.split()) if section is Section.LESSON else text.strip()
    if len(text) > limit(section):
        raise Refused(f"{LABELS[section]} has {len(text)} characters; at most {limit(section)} fit.")
    return text


def missing(postmortem: Postmortem) -> list[str]:
    """What must be written before it can be published."""
    return [LABELS[section] for section in NEEDED if not written(postmortem, section)]


def named_in(text: str, people: Iterable[Person]) -> list[str]:
    """People who are named in `text`: a postmortem says roles, for it blames nobody."""
    words = set(re.findall(r"[\w-]+", text))
    found = []
    for person in people:
        # Their first name with its capital: “mark” may be a verb.
        if {person.id, person.called.split()[0]} & words:
            found.append(person.called)
    return list(dict.fromkeys(found))


def suggested(facts: Facts, section: Section) -> str:
    """What the facts say where nobody has written yet; "" where they say nothing."""
    match section:
        case Section.SUMMARY:
            return _summary(facts)
        case Section.IMPACT:
            return _impact(facts)
        case Section.WELL:
            return "\n".join(_went_well(facts))
        case Section.LUCK:
            return "\n".join(_luck(facts))
        case Section.FACTORS:
            return facts.incident.cause or facts.ended
        case Section.LESSON:
            return ""


def _section(facts: Facts, section: Section) -> list[Block]:
    words = written(facts.postmortem, section)
    if words:
        return [Heading(2, LABELS[section]), *_paragraphs(words)]
    found = suggested(facts, section)
    if section is Section.LESSON and not found:
        return []
    if section in {Section.WELL, Section.LUCK}:
        return [
            Heading(2, LABELS[section]),
            _bullets(found.splitlines() or ["Nothing that the facts would tell."]),
        ]
    return [Heading(2, LABELS[section]), _text(found or "Not written yet.")]


def _paragraphs(text: str) -> list[Block]:
    """Lines that begin with a dash or a bullet become a list, the others paragraphs."""
    found: list[Block] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for listed, group in groupby(lines, key=lambda line: line.startswith(("- ", "• ", "* "))):
        if listed:
            found.append(_bullets([line[2:].strip() for line in group]))
        else:
            found += [_text(line) for line in group]
    return found


def _text(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _bullets(lines: Iterable[str]) -> Bullets:
    return Bullets(tuple((Run(line),) for line in lines))


# ---- facts -----------------------------------------------------------------------------------


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "not yet"


def _after(start: datetime, end: datetime | None) -> str:
    return f"{_at(end)} (after {spoken(end - start)})" if end else "not yet"


def _facts(facts: Facts) -> list[Block]:
    incident, name = facts.incident, facts.name
    status = (
        f"duplicate of INC-{incident.duplicate_of}"
        if incident.status is Status.DUPLICATE
        else str(incident.status)
    )
    rows = [
        ("Severity", str(incident.severity)),
        ("Status", status),
        ("Service", facts.service.id if facts.service else incident.service or "not known"),
        ("Owner", facts.team.name),
        ("Lead", name(incident.lead) if incident.lead else "nobody"),
        ("Declared", f"{_at(incident.declared_at)} by {name(incident.declared_by)}"),
        ("Acknowledged", _after(incident.declared_at, incident.acknowledged_at)),
        (
            "Mitigated",
            "not recorded"
            if incident.resolved_at and not incident.mitigated_at
            else _after(incident.declared_at, incident.mitigated_at),
        ),
        ("Over", _after(incident.declared_at, incident.resolved_at)),
        *_state(facts.postmortem, name),
    ]
    found: list[Block] = [Table((("Fact", "Value"), *rows))]
    if incident.test:
        found.append(_text("This was an exercise: it counts in no figure."))
    if incident.last_update and not incident.is_over:
        found += [Heading(2, "Last update"), _text(incident.last_update)]
    return found


def _state(postmortem: Postmortem | None, name: Name) -> list[tuple[str, str]]:
    if postmortem is None:
        return []
    if postmortem.state is PostmortemState.PUBLISHED and postmortem.published_at:
        state = f"published {postmortem.published_at:%Y-%m-%d}, version {postmortem.version}"
    else:
        due = f", due {postmortem.due}" if postmortem.due else ""
        state = f"{'in review' if postmortem.state is PostmortemState.REVIEW else 'draft'}{due}"
    author = [("Author", name(postmortem.author))] if postmortem.author else []
    return [("Postmortem", state), *author]


def _summary(facts: Facts) -> str:
    incident = facts.incident
    where = f"{facts.service.id} of {facts.team.name}" if facts.service else facts.team.name
    length = incident.resolved_at - incident.declared_at if incident.resolved_at else None
    lasted = f"; it was over after {spoken(length)}" if length is not None else ""
    known = questions.said(incident)
    ended = f" It was resolved with the words: {facts.ended.rstrip('.')}." if facts.ended else ""
    cause = f" Cause: {incident.cause.rstrip('.')}." if incident.cause else ended
    return f"{_capital(incident.title.rstrip('.'))} ({where}, {incident.severity}){lasted}.{cause}" + (
        f" {known[0].upper()}{known[1:]}." if known else ""
    )


def _impact(facts: Facts) -> str:
    incident = facts.incident
    end = incident.mitigated_at or incident.resolved_at
    until = f" to {end:%H:%M} ({spoken(end - incident.declared_at)})" if end else ", and it goes on"
    where = f" on {facts.service.id}" if facts.service else ""
    return f"Severity {incident.severity}{where}, {incident.declared_at:%Y-%m-%d} from {incident.declared_at:%H:%M}{until}."


def _first_sign(facts: Facts) -> Line | None:
    """The earliest line of before the declaration: somebody, or something, could have known."""
    before = [line for line in facts.lines if line.at < facts.incident.declared_at and not line.withdrawn]
    return before[0] if before else None


def _detection(facts: Facts) -> list[str]:
    incident, name = facts.incident, facts.name
    found = [
        f"{_capital(NOTICED[incident.noticed])} noticed first."
        if incident.noticed
        else "Who noticed first is not recorded: `/incident noticed` says it."
    ]
    sign = _first_sign(facts)
    if sign:
        before = spoken(incident.declared_at - sign.at)
        found.append(f"First sign at {sign.at:%H:%M}, {before} before it was declared: {_short(sign.text)}")
    found.append(f"Declared at {incident.declared_at:%H:%M} by {name(incident.declared_by)}.")
    if incident.acknowledged_at:
        found.append(f"Acknowledged {spoken(incident.acknowledged_at - incident.declared_at)} after that.")
        if sign:
            found.append(f"From the first sign to that: {spoken(incident.acknowledged_at - sign.at)}.")
    else:
        found.append("Nobody acknowledged it.")
    return found


def _responses(facts: Facts) -> list[Block]:
    pages = facts.pages
    if not pages:
        return [_text("Nobody was paged.")]
    people = len({page.person for page in pages})
    taken = sum(page.state is PageState.ACKNOWLEDGED for page in pages)
    lost = sum(page.state in {PageState.UNANSWERED, PageState.FAILED} for page in pages)
    total = f"{_count(len(pages), 'page')} to {_count(people, 'person', 'people')}: {taken} acknowledged, {lost} not answered."
    rows = [("Who", "Why", "Paged", "Answered", "Outcome")]
    rows += [_response(page, facts.name) for page in pages]
    return [_text(total), Table(tuple(rows))]


def _response(page: Page, name: Name) -> tuple[str, str, str, str, str]:
    outcome = str(page.state) + (
        f": {page.answer}" if page.answer and page.state is not PageState.ACKNOWLEDGED else ""
    )
    theirs = page.state in {PageState.ACKNOWLEDGED, PageState.DECLINED, PageState.ESCALATED}
    answered = (
        spoken(page.answered_at - page.sent_at) if theirs and page.answered_at and page.sent_at else "–"
    )
    sent = f"{page.sent_at:%H:%M:%S}" if page.sent_at else "never"
    return name(page.person), page.why, sent, answered, outcome


def _stopped(facts: Facts) -> list[Block]:
    incident, service = facts.incident, facts.service
    found: list[Block] = []
    if incident.mitigation_kind:
        text = f": {incident.mitigation_text}" if incident.mitigation_text else ""
        found.append(Paragraph((Run(_capital(STOPPED[incident.mitigation_kind]), strong=True), Run(text))))
    else:
        found.append(_text("Not recorded: `/incident mitigate` records it."))
    if incident.took:
        found.append(_text(f"It took {TOOK[incident.took]}{_in(facts.stopped_after)}."))
    if service is None:
        return found
    if not service.switches:
        return [*found, _text(f"No switch is known for {service.id}.")]
    switches = tuple((Run(s.name, strong=True), Run(f": {s.how}" if s.how else "")) for s in service.switches)
    return [*found, _text(f"Switches of {service.id}:"), Bullets(switches)]


def _in(length: timedelta | None) -> str:
    return f", {spoken(length)}" if length is not None else ""


def _went_well(facts: Facts) -> list[str]:
    incident = facts.incident
    found = []
    if incident.acknowledged_at and incident.acknowledged_at - incident.declared_at <= QUICK:
        found.append(f"It was acknowledged in {spoken(incident.acknowledged_at - incident.declared_at)}.")
    first = [page for page in facts.pages if not page.by_hand]
    if first and first[0].state is PageState.ACKNOWLEDGED:
        found.append("The first person who was paged took it.")
    if incident.noticed is Noticed.MONITOR:
        found.append("A monitor noticed before any customer.")
    if incident.mitigation_kind is Mitigation.SWITCH:
        name = f" ({incident.mitigation_text})" if incident.mitigation_text else ""
        found.append(f"A switch was there and worked{name}{_in(facts.stopped_after)}.")
    elif incident.took in {Took.FLAG, Took.NOTHING} and incident.mitigation_kind not in {
        Mitigation.SELF,
        Mitigation.UPSTREAM,
        None,
    }:
        found.append(f"It was stopped at runtime, without a deploy{_in(facts.stopped_after)}.")
    elif incident.mitigation_kind is Mitigation.ROLLBACK:
        found.append(f"The rollback worked{_in(facts.stopped_after)}.")
    gaps = _gaps(incident, facts.lines)
    if facts.lines and incident.resolved_at and not gaps:
        found.append(f"The timeline has no gap of {spoken(GAP)} or more.")
    return found


def _luck(facts: Facts) -> list[str]:
    incident = facts.incident
    kinds = {line.kind for line in facts.lines if not line.withdrawn}
    found = []
    if incident.noticed is Noticed.LUCK:
        found.append("Nobody whose task it was noticed it: somebody did by luck.")
    if incident.mitigation_kind is Mitigation.SELF:
        found.append("It stopped by itself: nothing that anybody did is known to have helped.")
    if incident.mitigation_kind is Mitigation.UPSTREAM:
        found.append("It ended when the upstream recovered, not by anything of ours.")
    if "nobody_on_call" in kinds and incident.acknowledged_at:
        found.append("Nobody was on call, and somebody answered all the same.")
    if "nobody_answered" in kinds and incident.acknowledged_at:
        found.append("Nobody answered a page, and somebody came all the same.")
    elif any(page.by_hand and page.state is PageState.ACKNOWLEDGED for page in facts.pages):
        found.append("Somebody who was not on call was asked by hand and came.")
    return found


def _earlier(facts: Facts) -> list[Block]:
    found: list[Block] = []
    if facts.earlier:
        lines = [
            f"{incident.key} “{incident.title}”, {incident.declared_at:%Y-%m-%d}"
            + (f": {cause}" if cause else "")
            for incident, cause in facts.earlier
        ]
        found += [_text("People say that it had the same cause as:"), _bullets(lines)]
        if facts.worth:
            found.append(_text(f"{_capital(facts.worth)}."))
    if facts.later:
        found.append(_text(f"It came back in {', '.join(facts.later)}."))
    return [Heading(2, "Seen before" if facts.earlier else "It came back"), *found] if found else []


# ---- have you considered…? -----------------------------------------------------------------------


def _considered(facts: Facts) -> list[Block]:
    """Each question with the answer that this incident gives; one that it does not touch stays open, and says so."""
    found: list[Block] = []
    for category in facts.categories:
        if not category.question:
            continue
        answers = [*considered(facts, category.id), *_cited(facts, category.id)]
        found.append(Paragraph((Run(f"{category.label}: ", strong=True), Run(category.question))))
        found.append(_bullets(answers or ["This incident does not say: it is open."]))
    return found


def considered(facts: Facts, category: str) -> list[str]:
    """What the facts of this incident answer to the question of a category; nothing where they are silent."""
    match category:
        case "logging":
            return _of_logs(facts)
        case "failure":
            return _of_failure(facts)
        case "switches":
            return _of_switches(facts)
        case "config":
            return _of_config(facts)
        case "monitoring":
            return _of_monitoring(facts)
        case "other":
            return _of_the_rest(facts)
    return []


def _of_logs(facts: Facts) -> list[str]:
    marked = [a for a in facts.actions if a.source and (a.category or a.suggested) == "logging"]
    useless = sum(a.category_kind == "logging-noise" for a in marked)
    found = [f"{_count(useless, 'excerpt')} of the logs marked as noise."] if useless else []
    rest = len(marked) - useless
    return found + ([f"{_count(rest, 'place')} marked where the logs said too little."] if rest else [])


def _of_failure(facts: Facts) -> list[str]:
    match facts.incident.mitigation_kind:
        case Mitigation.UPSTREAM:
            return [
                f"An upstream failed, and until it recovered nothing of ours helped{_in(facts.stopped_after)}."
            ]
        case Mitigation.RESTART:
            return ["A restart helped: something had hung or run full, and did not get out of it by itself."]
        case Mitigation.SCALE:
            return ["More capacity helped: it broke under load instead of refusing some of it."]
        case Mitigation.SELF:
            return ["It stopped by itself: what would have stopped it sooner is not known."]
    return []


def _far(facts: Facts) -> str:
    """`it took a redeploy, 47 min` where stopping it took more than turning something off; else ""."""
    incident = facts.incident
    if incident.took in _FAR:
        return f"it took {TOOK[incident.took]}{_in(facts.stopped_after)}"
    if incident.took is None and incident.mitigation_kind in {Mitigation.ROLLBACK, Mitigation.DEPLOY}:
        return f"it took {STOPPED[incident.mitigation_kind]}{_in(facts.stopped_after)}"
    return ""


def _of_switches(facts: Facts) -> list[str]:
    incident, service, far = facts.incident, facts.service, _far(facts)
    if incident.mitigation_kind is Mitigation.SWITCH:
        name = f" ({incident.mitigation_text})" if incident.mitigation_text else ""
        return [f"A switch stopped it{name}{_in(facts.stopped_after)}."]
    if service is not None and service.switches:
        names = ", ".join(s.name for s in service.switches)
        if incident.mitigation_kind is None and not far:
            return [f"{service.id} has {names}; what stopped this is not recorded."]
        return [f"{service.id} has {names}; none of it is what stopped this" + (f": {far}." if far else ".")]
    if service is not None:
        return [f"None existed for {service.id}" + (f"; {far}." if far else ".")]
    return [f"No switch stopped it; {far}."] if far else []


def _of_config(facts: Facts) -> list[str]:
    incident, far = facts.incident, _far(facts)
    by_flag = incident.took is Took.FLAG and incident.mitigation_kind is not Mitigation.SWITCH
    if incident.mitigation_kind is Mitigation.CONFIG or by_flag:
        how = f", but not without {TOOK[incident.took]}" if incident.took in _FAR | {Took.RESTART} else ""
        return [f"Configuration stopped it{how or ', at runtime'}{_in(facts.stopped_after)}."]
    if far:
        return [f"Not at runtime: {far}."]
    if incident.took is Took.RESTART:
        return [f"Not without a restart{_in(facts.stopped_after)}."]
    return []


def _of_monitoring(facts: Facts) -> list[str]:
    incident, sign = facts.incident, _first_sign(facts)
    found = [f"{_capital(NOTICED[incident.noticed])} noticed first."] if incident.noticed else []
    if sign:
        found.append(f"The first sign was {spoken(incident.declared_at - sign.at)} old when it was declared.")
    return found


def _of_the_rest(facts: Facts) -> list[str]:
    kinds = [line.kind for line in facts.lines if not line.withdrawn]
    found = []
    if "owner_unclear" in kinds:
        found.append("Whom to call was not certain from the words of the report.")
    if "owner_changed" in kinds:
        found.append(f"It was moved to another owner {_count(kinds.count('owner_changed'), 'time')}.")
    if "nobody_on_call" in kinds:
        found.append(f"Nobody was on call for {facts.team.name}.")
    if "nobody_answered" in kinds:
        found.append("Everyone in the escalation was tried and nobody answered.")
    zone = ZoneInfo(facts.team.timezone)
    if any(page.sent_at and is_night(page.sent_at, zone) for page in facts.pages):
        found.append("People were woken at night for it.")
    return found


def _cited(facts: Facts, category: str) -> list[str]:
    items = [a for a in facts.actions if (a.category or a.suggested or "other") == category]
    lines = [f"{f'{a.jira}: ' if a.jira else ''}{a.title} ({_standing(a)})" for a in items[:CITED]]
    return lines + (
        [f"and {_count(len(items) - CITED, 'more item', 'more items')}"] if len(items) > CITED else []
    )


# ---- lists -----------------------------------------------------------------------------------

_STANDING = {
    ActionState.CANDIDATE: "a candidate",
    ActionState.OPEN: "open",
    ActionState.DONE: "done",
    ActionState.WONT_DO: "won't be done",
}


def _standing(action: Action) -> str:
    why = f": {action.closed_why}" if action.state is ActionState.WONT_DO and action.closed_why else ""
    return _STANDING[action.state] + why


def _actions(facts: Facts) -> list[Block]:
    """By category in the order of the configuration; what it does not know any more comes last, by its id."""
    if not facts.actions:
        return [_text("None yet.")]
    labels = {category.id: category.label for category in facts.categories}
    order = {category.id: n for n, category in enumerate(facts.categories)}

    def of(action: Action) -> str:
        return action.category or action.suggested

    found: list[Block] = []
    items = sorted(facts.actions, key=lambda a: (order.get(of(a), len(order)), of(a)))
    for category, group in groupby(items, key=of):
        found.append(Heading(3, labels.get(category, category or "No category")))
        found.append(Bullets(tuple(_action(action, facts.name) for action in group)))
    return found


def _action(action: Action, name: Name) -> tuple[Run, ...]:
    return (
        Run(action.title),
        Run(f" ({name(action.owner)})" if action.owner else ""),
        Run(f", due {action.due}" if action.due and action.state is ActionState.OPEN else ""),
        Run(f", {_standing(action)}"),
        *([Run(" "), Run(action.jira, link=action.jira_url)] if action.jira else []),
        *([Run(", not filed")] if not action.jira and action.state is ActionState.OPEN else []),
    )


def _advice(facts: Facts) -> list[Block]:
    said = [line.text for line in facts.lines if line.kind == "guide_answered" and not line.withdrawn]
    return [Heading(2, "Advice of guides"), _bullets(said)] if said else []


def _timeline(incident: Incident, lines: Sequence[Line]) -> Block:
    if not lines:
        return _text("Nothing was recorded.")
    gaps = _gaps(incident, lines)
    days = [True, *(a.at.date() != b.at.date() for a, b in pairwise(lines))]
    items: list[tuple[Run, ...]] = []
    for number, (new, line) in enumerate(zip(days, lines, strict=True)):
        if number in gaps:
            start, length = gaps[number]
            note = f"{spoken(length)} without a line ({start:%H:%M}–{line.at:%H:%M})"
            items.append((Run(note, strong=True),))
        items.append(_line(line, dated=new))
    return Bullets(tuple(items))


def _gaps(incident: Incident, lines: Sequence[Line]) -> dict[int, tuple[datetime, timedelta]]:
    """The silences of the open incident, by the place of the line that ends each: since when, and how long."""
    found: dict[int, tuple[datetime, timedelta]] = {}
    last: datetime | None = incident.declared_at
    for number, line in enumerate(lines):
        if line.withdrawn or line.at < incident.declared_at:
            continue
        if last is not None and line.at - last >= GAP:
            found[number] = (last, line.at - last)
        if line.kind in _OVER:
            last = None
        elif last is not None or line.kind == "reopened":
            last = line.at
    return found


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


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:159] + "…"


# ---- when it is due, and where it is kept --------------------------------------------------------


def due_on(resolved: datetime, after: timedelta | None, zone: str) -> date | None:
    """The day, where the team lives; None where none is asked for."""
    return (resolved + after).astimezone(ZoneInfo(zone)).date() if after is not None else None


def is_waking(now: datetime, zone: str) -> bool:
    """A working hour there: reminders wake nobody and leave weekends alone."""
    here = now.astimezone(ZoneInfo(zone))
    return here.weekday() < 5 and 9 <= here.hour < 17


def reminder(due: date, today: date) -> str:
    """`soon` from the day before on, then `overdue`, "" before and long after."""
    if today > due + LASTING:
        return ""
    return "overdue" if today > due else "soon" if today >= due - timedelta(days=1) else ""


def is_for_the_lead(due: date, today: date) -> bool:
    """Three days late its author has been told twice: somebody else has to know."""
    return due + timedelta(days=3) <= today <= due + 2 * LASTING


def file_name(incident: Incident, form: str) -> str:
    """`INC-1-card-payments-fail.md`, for a repository of postmortems."""
    plain = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return f"{incident.key}-{slug}.{form}" if slug else f"{incident.key}.{form}"
