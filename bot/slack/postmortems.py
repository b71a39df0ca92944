"""What people see of the questions after an incident and of its postmortem: messages and forms. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    Block,
    DividerBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
    TextType,
    UserMultiSelectMenu,
)

from bot.core import documents, postmortems, questions
from bot.core.actions import dropped
from bot.core.documents import Document
from bot.core.postmortems import LABELS, Facts, Section
from bot.core.questions import FORMS, Question
from bot.core.timeline import Name
from bot.flows.questions import Debriefing
from bot.models import Action, ActionState, Incident, Postmortem, PostmortemState, PostmortemVersion
from bot.slack import kit, verdicts
from bot.slack.kit import Message
from bot.slack.messages import _title
from bot.slack.text import cut, escape

DOCUMENT = 12_000
"""Characters of a document in one message; `writeback export` has all of it."""

ITEMS = 5
"""Action items, or candidates for them, that one message names."""

View = dict[str, Any]


def _plain(text: str, limit: int) -> Text:
    return Text(cut(text, limit), type_=TextType.PLAINTEXT)


# ---- the questions ---------------------------------------------------------------------------


def asking(asks: Debriefing, *, greeting: str = "") -> Message:
    """All that is asked when an incident is over: the next question, the candidates for action items, what it resembles.

    What is answered makes way for what is known. `greeting` is mrkdwn.
    """
    incident = asks.incident
    if not questions.is_asked(incident):
        text = f"{_title(incident)} is not over any more. What there is to ask is asked when it is."
        return kit.message(text, kit.section(text))
    hello = f"{greeting} " if greeting else ""
    question = questions.pending(incident, asks.debrief.skipped)
    text, blocks = _known(asks, hello) if question is None else _question(incident, question, hello)
    told = [text]
    waiting = asks.candidates
    if waiting:
        many = (
            "A candidate waits to become an action item"
            if len(waiting) == 1
            else f"{len(waiting)} candidates wait to become action items"
        )
        told.append(f"{many}.")
        blocks += _candidates(incident, waiting, many)
    blocks += _decided(incident, asks.marked)
    if asks.earlier:
        told += [escape(one.line) for one in asks.undecided]
        blocks += verdicts.asking(incident, asks.earlier)
    return kit.message(" ".join(told), *blocks)


def _question(incident: Incident, question: Question, hello: str) -> tuple[str, list[Block]]:
    form = FORMS[question]
    place = f"{list(Question).index(question) + 1} of {len(Question)}"
    buttons = [
        kit.button(label, f"question_answer:{n}", f"{incident.id} {question} {word}")
        for n, (word, label) in enumerate(form.labels.items())
    ]
    buttons.append(kit.button("Skip", "question_skip", f"{incident.id} {question}"))
    rows: list[Block] = [kit.row(buttons[start : start + 5]) for start in range(0, len(buttons), 5)]
    over = f"{hello}{_title(incident)} is over."
    head = kit.section(f"{over} *{escape(form.asks)}* ({place})")
    foot = kit.context(f"One tap each. {escape(questions.hint(question, incident))} says the same.")
    return f"{over} {escape(form.asks)}", [head, *rows, foot]


def _known(asks: Debriefing, hello: str) -> tuple[str, list[Block]]:
    incident, postmortem = asks.incident, asks.postmortem
    known = questions.said(incident)
    open_ = questions.unanswered(incident)
    known = f"{known[0].upper()}{known[1:]}" if known else "Nothing is known yet"
    text = f"{_title(incident)} is over. {escape(known)}."
    if open_:
        later = "" if asks.debrief.again else " They are asked once more on the next working morning."
        text += f" {len(open_)} of {len(Question)} questions skipped.{later}"
    else:
        text = f":white_check_mark: {text} Thank you."
    text = hello + text
    number = str(incident.id)
    buttons = [] if incident.cause else [kit.button("Write the cause in one line", "cause_write", number)]
    if postmortem is not None and postmortem.state is not PostmortemState.PUBLISHED:
        buttons.append(kit.button("Write the postmortem", "postmortem_write", number, style="primary"))
    buttons.append(kit.button("Add an action item", "add_action", number))
    due = (
        f"Its postmortem is due on {postmortem.due}."
        if postmortem is not None and postmortem.due and postmortem.state is not PostmortemState.PUBLISHED
        else ""
    )
    cause = f"Cause: {escape(incident.cause.rstrip('.'))}." if incident.cause else ""
    foot = " ".join(filter(None, [cause, due]))
    blocks: list[Block] = [kit.section(text), *([kit.context(foot)] if foot else [])]
    return text, [*blocks, *([kit.row(buttons)] if buttons else [])]


def _candidates(incident: Incident, waiting: Sequence[Action], many: str) -> list[Block]:
    blocks: list[Block] = [kit.section(f"*{many}*")]
    for n, item in enumerate(waiting[:ITEMS]):
        value = f"{incident.id} {item.id}"
        keep = kit.button("Make it an action item", f"keep_candidate:{n}", value)
        blocks.append(kit.section(escape(cut(item.title, 300))))
        blocks.append(kit.row([keep, kit.button("Drop it", f"drop_candidate:{n}", value)]))
    if len(waiting) > ITEMS:
        more = f"and {len(waiting) - ITEMS} more: `/incident actions {incident.key}`"
        blocks.append(kit.context(more))
    return blocks


def _decided(incident: Incident, marked: Sequence[Action]) -> list[Block]:
    """What became of candidates, the last ones first; what was dropped can be had back."""
    decided = [item for item in reversed(marked) if item.state is not ActionState.CANDIDATE][:ITEMS]
    lines = [
        f":heavy_multiplication_x: Dropped: {escape(cut(item.title, 200))}"
        if dropped(item)
        else f":white_check_mark: An action item: {escape(cut(item.title, 200))}"
        for item in decided
    ]
    back = [
        kit.button(
            f"Keep “{cut(item.title, 50)}” after all",
            f"keep_candidate:{ITEMS + n}",
            f"{incident.id} {item.id}",
        )
        for n, item in enumerate(filter(dropped, decided))
    ]
    return [
        *([kit.context("\n".join(lines))] if lines else []),
        *([kit.row(back)] if back else []),
    ]


def cause_form(incident: Incident) -> View:
    return _modal(
        f"Cause of {incident.key}",
        [
            InputBlock(
                _plain("The cause, in one line", 2000),
                PlainTextInput(
                    action_id="text",
                    max_length=questions.CAUSE_LIMIT,
                    initial_value=incident.cause or None,
                    focus_on_load=True,
                ),
                block_id="cause",
                hint=_plain(
                    "It is compared with the causes of other incidents: say what broke and why.", 150
                ),
            )
        ],
        callback="cause",
        metadata=str(incident.id),
        submit="Save",
    )


def _modal(
    title: str, blocks: list[Block], *, callback: str, metadata: str, submit: str = "", close: str = "Not now"
) -> View:
    view: View = ModalView(
        title=_plain(title, 24),
        blocks=blocks,
        submit=_plain(submit, 24) if submit else None,
        close=_plain(close, 24),
        callback_id=callback,
        private_metadata=metadata,
    ).to_dict()
    return view


# ---- where it stands -------------------------------------------------------------------------


def state(facts: Facts, *, may: bool) -> Message:
    """`/incident postmortem`: where it stands, what to tap next, and the document as far as one message holds it."""
    incident, row = facts.incident, facts.postmortem
    number = str(incident.id)
    buttons = []
    if may:
        buttons = [
            kit.button("Write", "postmortem_write", number, style="primary"),
            kit.button("Ask for a review", "postmortem_review", number),
        ]
        if row is None or row.state is not PostmortemState.PUBLISHED:
            buttons.append(kit.button("Publish", "postmortem_publish", number))
        if row is not None and "canvas" in row.places:
            buttons.append(kit.button("Take over from the canvas", "postmortem_canvas", number))
        if not incident.cause:
            buttons.append(kit.button("Write the cause in one line", "cause_write", number))
    buttons.append(kit.button("Add an action item", "add_action", number))
    return kit.message(
        f"Postmortem of {_title(incident)}",
        *kit.sections(_standing(facts)),
        kit.row(buttons) if buttons else None,
        DividerBlock(),
        *_document(postmortems.document(facts), incident),
    )


def _standing(facts: Facts) -> list[str]:
    row, name = facts.postmortem, facts.name
    head = f"*Postmortem of {_title(facts.incident)}*"
    if row is None:
        return [head, "Nobody has written anything yet: this is what the facts say."]
    where = {
        PostmortemState.DRAFT: "A draft",
        PostmortemState.REVIEW: "In review",
        PostmortemState.PUBLISHED: f"Published, version {row.version}",
    }[row.state]
    due = f", due on {row.due}" if row.due and row.state is not PostmortemState.PUBLISHED else ""
    author = f"; {escape(name(row.author))} is its author" if row.author else ""
    marks = [
        f"{':white_check_mark:' if postmortems.written(row, s) else ':white_large_square:'} {LABELS[s]}"
        for s in Section
    ]
    lines = [head, f"{where}{due}{author}.", " · ".join(marks)]
    if row.version > 1:
        lines.append(f"What was published before: `/incident postmortem {facts.incident.key} version n`")
    lines += [f"{escape(name(person))}: {_verdict(row, person)}" for person in row.reviewers[:20]]
    page = row.places.get("confluence", "")
    return [*lines, *([kit.link(page, "Its page in Confluence")] if page else [])]


def _verdict(row: Postmortem, person: str) -> str:
    if person not in row.reviews:
        return "has not read it yet"
    return escape(cut(row.reviews[person], 300)) or ":+1: looks good"


def _document(document: Document, incident: Incident) -> list[SectionBlock]:
    """As many lines as DOCUMENT holds, and where the rest is."""
    lines = [cut(line, 1500) for block in document.blocks for line in _lines(block)]
    shown, length = 0, 0
    for line in lines:
        length += len(line) + 1
        if length > DOCUMENT:
            break
        shown += 1
    rest = len(lines) - shown
    more = [f"… and {rest} more lines: `writeback export {incident.key}` has all of it."] if rest else []
    return kit.sections([*lines[:shown], *more])[:40]


def _lines(block: documents.Block) -> list[str]:
    """A block of the document in mrkdwn; a heading begins after an empty line."""
    match block:
        case documents.Heading(level, text):
            return [f"*{_bold(text)}*" if level == 1 else f"\n*{_bold(text)}*"]
        case documents.Paragraph(runs):
            return _several(_runs(runs))
        case documents.Bullets(items):
            return [f"• {_runs(item)}" for item in items]
        case documents.Table(rows):
            return [escape((": " if len(row) == 2 else ", ").join(row)) for row in rows[1:]]
        case documents.Code(text):
            return _several(escape(text))
        case _:
            return []


def _several(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _runs(runs: Sequence[documents.Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: documents.Run) -> str:
    if run.address:
        return kit.link(run.address, run.text)
    if run.code and "`" not in run.text:
        return f"`{escape(run.text)}`"
    words = run.text.strip()
    return (
        escape(run.text).replace(escape(words), f"*{_bold(words)}*", 1)
        if run.strong and words
        else escape(run.text)
    )


def _bold(text: str) -> str:
    """An asterisk inside would end it."""
    return escape(text.replace("*", "∗"))


def old(incident: Incident, version: PostmortemVersion, by: str) -> Message:
    """A version as it was published, in Markdown."""
    when = f"{version.at:%Y-%m-%d %H:%M} UTC by {escape(by)}"
    head = f"Postmortem of {_title(incident)} as version {version.version}, published {when}"
    lines = [escape(cut(line, 1500)) for line in version.markdown[:DOCUMENT].splitlines()]
    whole = f"`writeback export {incident.key} --version {version.version}` prints all of it."
    return kit.message(head, kit.section(f"*{head}*"), *kit.sections(lines)[:40], kit.context(whole))


# ---- writing ---------------------------------------------------------------------------------


def write_form(facts: Facts) -> View:
    """One form with every section: what stands, else what the facts say. It knows what stood, so that it overwrites nobody."""
    row = facts.postmortem
    blocks: list[Block] = []
    stood, facts_said = {}, {}
    for section in Section:
        words = postmortems.written(row, section)
        says = cut(postmortems.suggested(facts, section), postmortems.limit(section))
        stood[section.value], facts_said[section.value] = postmortems.mark(words), postmortems.mark(says)
        blocks.append(_field(section, words or says))
    return _modal(
        f"Postmortem {facts.incident.key}",
        blocks,
        callback="postmortem",
        metadata=json.dumps({"incident": facts.incident.id, "stood": stood, "said": facts_said}),
        submit="Save",
    )


HINTS: Mapping[Section, str] = {
    Section.SUMMARY: "What happened, for somebody who was not there.",
    Section.IMPACT: "Who noticed what, for how long; in numbers where there are any.",
    Section.FACTORS: "What made it possible, what made it worse. Say roles, not names: it blames nobody.",
    Section.LESSON: "One line that another team can use.",
}


def _field(section: Section, words: str) -> InputBlock:
    hint = HINTS.get(section)
    return InputBlock(
        _plain(LABELS[section], 2000),
        PlainTextInput(
            action_id="text",
            multiline=section is not Section.LESSON,
            max_length=postmortems.limit(section),
            initial_value=words or None,
        ),
        block_id=section.value,
        hint=_plain(hint, 2000) if hint else None,
        optional=True,
    )


def conflict_form(facts: Facts, mine: Mapping[Section, str]) -> View:
    """Both texts of each section that two people wrote: theirs to read, one's own to change and save."""
    row = facts.postmortem
    blocks: list[Block] = []
    stood = {}
    for section, words in mine.items():
        theirs = postmortems.written(row, section)
        stood[section.value] = postmortems.mark(theirs)
        blocks.append(SectionBlock(_plain(f"{LABELS[section]}: somebody else wrote meanwhile", 2900)))
        blocks.append(SectionBlock(_plain(theirs or "(nothing)", 2990)))
        blocks.append(_field(section, words))
    return _modal(
        "Two texts",
        blocks,
        callback="postmortem",
        metadata=json.dumps({"incident": facts.incident.id, "stood": stood, "said": {}}),
        submit="Save mine",
        close="Keep theirs",
    )


def told_form(text: str) -> View:
    """What came of a form, where there is more to say than that it was taken."""
    return _modal("Saved", [SectionBlock(_plain(text, 2990))], callback="told", metadata="", close="Done")


def review_form(incident: Incident) -> View:
    return _modal(
        f"Review of {incident.key}",
        [
            InputBlock(
                _plain("Who is to read it?", 2000),
                UserMultiSelectMenu(action_id="people", max_selected_items=10),
                block_id="reviewers",
            )
        ],
        callback="postmortem_review",
        metadata=str(incident.id),
        submit="Ask them",
    )


def comment_form(incident: Incident) -> View:
    return _modal(
        f"Review of {incident.key}",
        [
            InputBlock(
                _plain("What should be different?", 2000),
                PlainTextInput(
                    action_id="text", multiline=True, max_length=postmortems.LONGEST, focus_on_load=True
                ),
                block_id="comment",
            )
        ],
        callback="review_comment",
        metadata=str(incident.id),
        submit="Send",
    )


# ---- telling others --------------------------------------------------------------------------


def review_wanted(facts: Facts) -> Message:
    """For a reviewer: the summary and the lesson at once, the whole a word away."""
    incident, row = facts.incident, facts.postmortem
    assert row is not None
    asks = f"{escape(facts.name(row.author))} asks" if row.author else "You are asked"
    text = f"{asks} you to read the postmortem of {_title(incident)}."
    if not row.author:
        text = f"You are asked to read the postmortem of {_title(incident)}."
    number = str(incident.id)
    page = f"`/incident postmortem {incident.key}` shows all of it."
    return kit.message(
        text,
        kit.section(text),
        *kit.sections([escape(cut(postmortems.written(row, Section.SUMMARY), 1500))]),
        kit.section(f"*Lesson:* {escape(row.lesson)}") if row.lesson else None,
        kit.row(
            [
                kit.button("Looks good", "review_good", number, style="primary"),
                kit.button("Comment…", "review_comment", number),
            ]
        ),
        kit.context(page),
    )


def published(
    facts: Facts, *, version: int, changed: Sequence[str], by: str, items: Sequence[Action]
) -> Message:
    """Short: what it was, what is learnt, what is done about it. A later version says what changed."""
    incident, row = facts.incident, facts.postmortem
    assert row is not None
    page = row.places.get("confluence", "")
    links = [kit.link(page, "Read it")] if page else []
    links.append(f"`/incident postmortem {incident.key}`")
    if version > 1:
        what = f"{', '.join(changed)} changed" if changed else "it changed"
        text = f"Postmortem of {_title(incident)}, version {version}: {escape(what)} (by {escape(by)})."
        return kit.message(text, kit.section(text), kit.context(" · ".join(links)))
    text = f"Postmortem of {_title(incident)}"
    wanted = [item for item in items if item.state in {ActionState.OPEN, ActionState.DONE}]
    lines = [f"• {_item(item, facts.name)}" for item in wanted[:ITEMS]]
    if len(wanted) > ITEMS:
        lines.append(f"• and {len(wanted) - ITEMS} more: `/incident actions {incident.key}`")
    return kit.message(
        f"{text}. Lesson: {escape(row.lesson)}",
        kit.section(f"*{text}*"),
        kit.section(f"*Lesson:* {escape(row.lesson)}"),
        *kit.sections(lines),
        kit.context(" · ".join(links)),
    )


def _item(item: Action, name: Name) -> str:
    issue = (
        kit.link(item.jira_url, item.jira)
        if item.jira and item.jira_url
        else escape(item.jira or "not filed")
    )
    owner = f", {escape(name(item.owner))}" if item.owner else ""
    done = ", done" if item.state is ActionState.DONE else ""
    return f"{issue}: {escape(cut(item.title, 300))}{owner}{done}"


# ---- the canvas ------------------------------------------------------------------------------


def canvas(facts: Facts) -> str:
    """Markdown for people to write in: a heading for each section, and below it what stands."""
    lines = [f"# Postmortem of {facts.incident.key}"]
    key = facts.incident.key
    lines.append(
        f"Write below the headings; *Take over from the canvas* in `/incident postmortem {key}` brings it into the document."
    )
    for section in Section:
        lines += ["", f"## {LABELS[section]}", _marked(postmortems.written(facts.postmortem, section))]
    return "\n".join(lines).rstrip() + "\n"


def _marked(words: str) -> str:
    """Words as Markdown that reads as they are written."""
    return "\n\n".join(
        "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~!" else c for c in line)
        for line in words.splitlines()
        if line
    )


def from_canvas(markdown: str) -> dict[Section, str]:
    """What stands below each heading that is ours; a section whose heading is gone is not in it."""
    by_label = {label.lower(): section for section, label in LABELS.items()}
    found: dict[Section, list[str]] = {}
    now: Section | None = None
    for line in markdown.splitlines():
        if line.startswith("#"):
            now = by_label.get(_unmarked(line.lstrip("#")).strip().lower())
            if now is not None:
                found.setdefault(now, [])
        elif now is not None:
            found[now].append(_unmarked(line).rstrip())
    return {section: "\n".join(line for line in lines if line).strip() for section, lines in found.items()}


def _unmarked(line: str) -> str:
    out, taken = [], iter(line)
    for c in taken:
        out.append(next(taken, "") if c == "\\" else c)
    return "".join(out)
