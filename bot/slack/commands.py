"""What people type: `/incident …` and `/oncall …`. To add a subcommand: one function and one row of SUBCOMMANDS."""

import difflib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import Refused
from bot.core.digests import parse, week_of
from bot.core.incidents import flagged
from bot.core.postmortems import LABELS, Section
from bot.core.questions import Question
from bot.core.reports import WEEKS
from bot.flows import (
    Asking,
    Reply,
    World,
    actions,
    chasing,
    choices,
    covers,
    digests,
    feeds,
    guides,
    incidents,
    items,
    loads,
    pages,
    postmortems,
    privacy,
    questions,
    readiness,
    reports,
    subscriptions,
    switches,
    timelines,
    verdicts,
    views,
)
from bot.models import CoverKind, Mitigation, Noticed, Role, Severity, Status, Took
from bot.slack import chasing as lists
from bot.slack import items as item_list
from bot.slack import messages
from bot.slack import postmortems as writing
from bot.slack import readiness as cards
from bot.slack import reports as drawn
from bot.slack.kit import Message
from bot.slack.text import decode, mentioned

Answer = Reply | Message
Run = Callable[[World, Asking, str], Awaitable[Answer]]

_WEEKS = re.compile(r"(?<!\S)(\d{1,6})\s*w(?:eeks?)?(?!\S)", re.IGNORECASE)
_WEEK = re.compile(r"(?<!\S)(?:(?P<named>\d\S*)|(?P<said>last|this)(?:\s+week)?)(?!\S)", re.IGNORECASE)
_KEY = re.compile(r"^inc-\d{1,9}$", re.IGNORECASE)

OF_ANOTHER = frozenset({"duplicate", "merge", "same", "notsame"})
"""What names another incident: of one key that is the other, of two the first is the one that is meant."""


@dataclass(frozen=True)
class Subcommand:
    """`run` gets the words after the subcommand as Slack sent them: it decodes what people are to read."""

    name: str
    usage: str
    about: str
    run: Run


async def incident(world: World, asking: Asking, text: str) -> Answer:
    """`/incident text`. Raises Refused with what was not understood and the nearest right form."""
    word, _, rest = text.strip().partition(" ")
    if not word:
        return first_help()
    found = SUBCOMMANDS.get(word.lower())
    if found is None:
        near = difflib.get_close_matches(word.lower(), SUBCOMMANDS, n=1)
        hint = (
            f"did you mean `{SUBCOMMANDS[near[0]].usage}`?"
            if near
            else "`/incident help` lists what there is."
        )
        raise Refused(f"“{decode(word)[:40]}” is no subcommand: {hint}")
    key, _, more = rest.strip().partition(" ")
    if _KEY.match(key) and found.name not in {"start", "help", *OF_ANOTHER}:
        asking, rest = replace(asking, incident=key.upper()), more
    if found.name in OF_ANOTHER and _KEY.match(key) and _KEY.match(more.strip()):
        asking, rest = replace(asking, incident=key.upper()), more
    return await found.run(world, asking, rest.strip())


def _person(raw: str) -> tuple[str, str]:
    """The Slack id or the catalog id of a leading `@person`; both "" when the first word is none."""
    word = raw.split()[0] if raw.split() else ""
    return mentioned(word), decode(word).removeprefix("@") if word.startswith("@") else ""


async def start(world: World, asking: Asking, raw: str) -> Answer:
    text, private, test = flagged(decode(raw))
    return await incidents.start(world, asking, text=text, private=private, test=test)


async def ack(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.acknowledge(world, asking)


async def decline(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.decline(world, asking, why=decode(raw))


async def escalate(world: World, asking: Asking, raw: str) -> Answer:
    return await pages.escalate(world, asking, why=decode(raw))


async def page(world: World, asking: Asking, raw: str) -> Answer:
    whom, _, why = raw.partition(" ")
    if not whom:
        raise Refused(
            "Say whom: `/incident page team`, `/incident page service` or `/incident page @person`, then why."
        )
    return await pages.page(
        world, asking, whom=decode(whom), slack_id=mentioned(whom), why=decode(why.strip())
    )


def _role(role: Role) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        if raw.strip().lower() == "none":
            return await incidents.leave_role(world, asking, role)
        slack_id, person = _person(raw)
        if raw and not slack_id and person not in world.catalog.people:
            raise Refused(
                f"“{decode(raw)[:60]}” is nobody I know: mention them with @, or leave it out to take it yourself."
            )
        return await incidents.role(world, asking, role, slack_id=slack_id, person=person)

    return run


async def severity(world: World, asking: Asking, raw: str) -> Answer:
    word = raw.strip().lower()
    if word not in set(Severity):
        raise Refused(f"“{decode(raw)[:40]}” is no severity: use sev1 (worst), sev2, sev3 or sev4.")
    return await incidents.severity(world, asking, Severity(word))


async def status(world: World, asking: Asking, raw: str) -> Answer:
    word, _, text = raw.partition(" ")
    if word.lower() not in set(Status):
        raise Refused(f"“{decode(word)[:40]}” is no status: use investigating, identified or mitigated.")
    return await incidents.status(world, asking, Status(word.lower()), text=decode(text.strip()))


async def update(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.update(world, asking, text=decode(raw))


async def title(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.title(world, asking, text=decode(raw))


async def service(world: World, asking: Asking, raw: str) -> Answer:
    if not raw:
        raise Refused("Say which: `/incident service checkout`.")
    return await incidents.service(world, asking, named=decode(raw))


async def note(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.note(world, asking, text=decode(raw))


async def mitigate(world: World, asking: Asking, raw: str) -> Answer:
    word, _, text = raw.partition(" ")
    if word.lower() not in set(Mitigation):
        kinds = ", ".join(Mitigation)
        raise Refused(
            f"“{decode(word)[:40]}” does not say what stopped it: use one of {kinds}, then a few words."
        )
    return await incidents.mitigate(world, asking, Mitigation(word.lower()), text=decode(text.strip()))


async def resolve(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.resolve(world, asking, text=decode(raw))


async def reopen(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.reopen(world, asking, why=decode(raw))


async def cancel(world: World, asking: Asking, raw: str) -> Answer:
    return await incidents.cancel(world, asking, why=decode(raw))


async def duplicate(world: World, asking: Asking, raw: str) -> Answer:
    if not raw:
        raise Refused("Say of which: `/incident duplicate INC-1`.")
    return await incidents.duplicate(world, asking, of=raw.split()[0])


async def merge(world: World, asking: Asking, raw: str) -> Answer:
    if not raw:
        raise Refused("Say into which: `/incident merge INC-1`.")
    return await incidents.duplicate(world, asking, of=raw.split()[0], merge=True)


async def mine(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident mine`, and `/incident mine 2` for the next page."""
    word = raw.strip()
    if word and not (word.isascii() and word.isdigit() and len(word) < 5):
        raise Refused(
            f"“{decode(word)[:40]}” is no page: `/incident mine` shows what waits for you, `/incident mine 2` more."
        )
    return lists.listed(await chasing.shown_to(world, asking), page=int(word or 1))


def _same(same: bool) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        if not raw:
            raise Refused(f"Say as which: `/incident {'same' if same else 'notsame'} INC-1`.")
        return await verdicts.decide(world, asking, earlier_key=decode(raw.split()[0]), same=same)

    return run


async def private(world: World, asking: Asking, raw: str) -> Answer:
    return await privacy.make(world, asking, why=decode(raw))


async def admit(world: World, asking: Asking, raw: str) -> Answer:
    slack_id, person = _person(raw)
    if not slack_id and person not in world.catalog.people:
        raise Refused(f"Say whom, with @: `{SUBCOMMANDS['admit'].usage}`.")
    return await privacy.admit(world, asking, slack_id=slack_id, person=person)


async def done(world: World, asking: Asking, item: str, raw: str) -> Answer:
    return await items.done(world, asking, item=item)


async def wont_do(world: World, asking: Asking, item: str, raw: str) -> Answer:
    return await items.wont_do(world, asking, item=item, why=decode(raw))


async def reopen_item(world: World, asking: Asking, item: str, raw: str) -> Answer:
    return await items.reopen(world, asking, item=item)


async def assign(world: World, asking: Asking, item: str, raw: str) -> Answer:
    slack_id, person = _person(raw)
    return await items.assign(world, asking, item=item, slack_id=slack_id, person=person or decode(raw))


async def due(world: World, asking: Asking, item: str, raw: str) -> Answer:
    if not raw:
        raise Refused("Say when: `/incident action due number 2w`, a day such as 2026-12-01, or none.")
    return await items.due(world, asking, item=item, when=decode(raw))


async def category(world: World, asking: Asking, item: str, raw: str) -> Answer:
    if not raw:
        known = ", ".join(c.id for c in world.config.categories)
        raise Refused(f"Say which category: `/incident action category number switches`, one of {known}.")
    return await items.category(world, asking, item=item, word=decode(raw))


ON_ITEMS: Mapping[str, Callable[[World, Asking, str, str], Awaitable[Answer]]] = {
    "done": done,
    "wontdo": wont_do,
    "reopen": reopen_item,
    "assign": assign,
    "due": due,
    "category": category,
}
"""`/incident action <word> <number, id or issue> …`; anything else after `action` is the text of a new item."""


async def action(world: World, asking: Asking, raw: str) -> Answer:
    words = raw.split()
    on_item = bool(words) and words[0].lower() in ON_ITEMS
    # `action done INC-2 1`, unless a team's issues are called so.
    projects = {team.jira_project for team in world.catalog.teams.values()}
    if len(words) > 2 and on_item and _KEY.match(words[1]) and _is_number(words[2]) and "INC" not in projects:
        asking = replace(asking, incident=words.pop(1).upper())
    if len(words) > 1 and on_item and items.NAMED.fullmatch(words[1]):
        return await ON_ITEMS[words[0].lower()](world, asking, words[1], " ".join(words[2:]))
    if on_item and len(words) == 1:
        raise Refused(
            f"Say which item: `/incident action {words[0].lower()} number …`; `/incident actions` shows the numbers."
        )
    # A mention at the end names the owner, before or after `due …`; any other is part of the sentence.
    ends = [len(words) - 1, len(words) - 3 if len(words) > 2 and words[-2].lower() == "due" else -1]
    at = next((n for n in ends if n >= 0 and mentioned(words[n])), None)
    owner = mentioned(words[at]) if at is not None else ""
    text = " ".join(f"@{owner}" if n == at else decode(word) for n, word in enumerate(words))
    return await actions.add(world, asking, text=text, owner_slack=owner)


def _is_number(word: str) -> bool:
    return word.removeprefix("#").isdecimal()


async def list_actions(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident actions`, and `/incident actions 2` for the next page."""
    seen = await views.incident(world, asking, of="actions")
    word = raw.split()[0] if raw.split() else ""
    if word and not (word.isascii() and word.isdigit() and len(word) < 5):
        raise Refused(
            f"“{decode(word)[:40]}” is no page: `/incident actions` shows the items, `/incident actions 2` more."
        )
    labels = {c.id: c.label for c in world.config.categories}
    return item_list.listed(seen.incident, seen.actions, seen.name, labels, page=int(word or 1))


async def categories(world: World, asking: Asking, raw: str) -> Answer:
    return await choices.listed(world, asking)


async def show(world: World, asking: Asking, raw: str) -> Answer:
    seen = await views.incident(world, asking, of="show")
    return messages.headline(
        seen.incident,
        world.catalog,
        seen.team,
        seen.name,
        seen.actions,
        seen.paged,
        seen.guides,
        seen.switches,
        now=world.clock(),
        before=verdicts.lines(seen.recurrences),
    )


async def show_timeline(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident timeline`, and `timeline hide 17 why`, `timeline restore 17`, `timeline edit 17 words`."""
    word, _, rest = decode(raw).strip().partition(" ")
    if word.lower() in {"hide", "restore", "edit"}:
        number, _, why = rest.strip().partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            raise Refused(
                f"Say which line: `/incident timeline {word.lower()} 17`; `/incident timeline` shows the numbers."
            )
        if word.lower() == "hide":
            return await timelines.hide(world, asking, number=int(number), why=why)
        if word.lower() == "edit":
            return await timelines.edit(world, asking, number=int(number), words=why)
        return await timelines.restore(world, asking, number=int(number))
    seen = await views.incident(world, asking, of="timeline")
    return messages.timeline(seen.incident, seen.lines)


async def list_incidents(world: World, asking: Asking, raw: str) -> Answer:
    found, name = await views.open_incidents(world, asking)
    return messages.listed(found, world.catalog, name)


def _answer(question: Question) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        return await questions.answer(world, asking, question, decode(raw).strip().lower())

    return run


async def cause(world: World, asking: Asking, raw: str) -> Answer:
    return await questions.cause(world, asking, text=decode(raw))


async def postmortem(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident postmortem`, and `… write section text`, `… review @person`, `… publish`, `… good`, `… comment text`."""
    word, _, rest = raw.strip().partition(" ")
    match word.lower():
        case "":
            facts, may = await postmortems.of(world, asking)
            return writing.state(facts, may=may)
        case "write":
            section, _, text = decode(rest).strip().partition(" ")
            return await postmortems.write(world, asking, {_section(section): postmortems.Text(text)})
        case "review":
            words = rest.split()
            known = [decode(w).removeprefix("@").lower() for w in words if not mentioned(w)]
            strange = [w for w in known if w not in world.catalog.people]
            if strange:
                raise Refused(f"“{strange[0][:60]}” is nobody I know: mention them with @.")
            slack_ids = [mentioned(w) for w in words if mentioned(w)]
            return await postmortems.ask_review(world, asking, slack_ids=slack_ids, people=known)
        case "publish":
            return await postmortems.publish(world, asking, anyway=rest.strip().lower() == "anyway")
        case "version":
            if not rest.strip().isdecimal():
                raise Refused("Say which version: `/incident postmortem version 1`.")
            return writing.old(*await postmortems.version_of(world, asking, int(rest.strip()[:9])))
        case "good":
            return await postmortems.review(world, asking)
        case "comment":
            if not rest.strip():
                raise Refused("Say what should be different: `/incident postmortem comment text`.")
            return await postmortems.review(world, asking, comment=decode(rest))
        case "canvas":
            return await postmortems.ask_canvas(world, asking)
        case "page":
            return await postmortems.page_again(world, asking)
    raise Refused(f"“{decode(word)[:40]}” is not understood: `{SUBCOMMANDS['postmortem'].usage}`.")


def _section(word: str) -> Section:
    """By its word, or by the first of its label: `well`, `What`, `Contributing`."""
    said = word.lower()
    for section, label in LABELS.items():
        if said and (said == section or said == label.lower().split()[0]):
            return section
    raise Refused(f"“{word[:40]}” is no section: write one of {', '.join(Section)}, then the text.")


async def switch(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident switch [name]`, `switch pulled name [text]`, `switch none [what]`."""
    text = decode(raw)
    word, _, rest = text.strip().partition(" ")
    key, _, more = rest.strip().partition(" ")
    if word.lower() in {"pulled", "none"} and _KEY.match(key) and not asking.incident:
        asking, rest = replace(asking, incident=key.upper()), more
    if word.lower() == "pulled":
        return await switches.pulled(world, asking, text=rest.strip())
    if word.lower() == "none":
        return await switches.missing(world, asking, what=rest)
    return await switches.listed(world, asking, text=text)


async def drill(world: World, asking: Asking, raw: str) -> Answer:
    named, _, rest = decode(raw).strip().partition(" ")
    if not named or not rest:
        raise Refused(f"Say which service and which switch: `{SUBCOMMANDS['drill'].usage}`.")
    return await switches.drill(world, asking, service=named, text=rest.strip())


async def ready(world: World, asking: Asking, raw: str) -> Answer:
    return cards.card(await readiness.shown(world, asking, named=decode(raw).strip()))


async def guide(world: World, asking: Asking, raw: str) -> Answer:
    return await guides.ask(world, asking, text=decode(raw))


async def advice(world: World, asking: Asking, raw: str) -> Answer:
    return await guides.advise(world, asking, text=decode(raw))


async def subscribe(world: World, asking: Asking, raw: str) -> Answer:
    return await subscriptions.subscribe(world, asking, named=decode(raw).strip())


async def unsubscribe(world: World, asking: Asking, raw: str) -> Answer:
    return await subscriptions.unsubscribe(world, asking, named=decode(raw).strip())


async def report(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident report [team] [26w]`."""
    words = decode(raw)
    weeks = _WEEKS.search(words)
    team = " ".join(_WEEKS.sub(" ", words, count=1).split())
    return drawn.report(await reports.report(world, team, int(weeks[1]) if weeks else WEEKS))


async def digest(world: World, asking: Asking, raw: str) -> Answer:
    """`/incident digest [2026-W48|last] [team]`: of the week that goes on now, up to now, when none is named."""
    words = decode(raw)
    said = _WEEK.search(words)
    if said and said["named"]:
        week = parse(said["named"])
    elif said and said["said"].lower() == "last":
        week = digests.last_week(world)
    else:
        week = week_of(world.clock())
    found = await digests.digest(world, week, " ".join(_WEEK.sub(" ", words, count=1).split()))
    return drawn.digest(found, name=f"Week {week}")


async def help_about(world: World, asking: Asking, raw: str) -> Answer:
    """All subcommands, or one."""
    if raw.strip():
        return messages.help_text([_line(_named(raw, SUBCOMMANDS, "/incident help"))])
    lines = [
        line for heading, names in PARTS for line in (f"*{heading}*", *(_line(SUBCOMMANDS[n]) for n in names))
    ]
    return messages.help_text([*lines, ELSEWHERE])


def first_help() -> Answer:
    """What somebody needs who types `/incident` alone: no more than a phone shows."""
    _, names = PARTS[0]
    more = f"`/incident help` lists all {len(SUBCOMMANDS)} words. {ELSEWHERE}"
    return messages.help_text([*(_line(SUBCOMMANDS[name]) for name in names), more])


def _line(found: Subcommand) -> str:
    return f"`{found.usage}`: {found.about}"


def _named(raw: str, known: Mapping[str, Subcommand], listing: str) -> Subcommand:
    """The subcommand that `raw` names. Raises Refused with the nearest one."""
    word = raw.split()[0].lower()
    if word in known:
        return known[word]
    near = difflib.get_close_matches(word, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"`{listing}` lists what there is."
    raise Refused(f"There is no subcommand “{decode(word)[:40]}”: {hint}")


ELSEWHERE = "In an incident's channel the incident is understood; elsewhere put its key first: `/incident resolve INC-12`."

PARTS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "When it breaks",
        (
            *("start", "ack", "decline", "escalate", "page", "guide"),
            *("switch", "mitigate", "update", "resolve"),
        ),
    ),
    (
        "Running it",
        (
            *("show", "lead", "comms", "scribe", "severity", "status", "title", "service"),
            *("note", "timeline", "advice", "subscribe", "unsubscribe"),
        ),
    ),
    ("How it ends, and who sees it", ("cancel", "duplicate", "merge", "reopen", "private", "admit")),
    (
        "What is learnt",
        (
            *("took", "noticed", "cause", "same", "notsame"),
            *("action", "actions", "categories", "postmortem"),
        ),
    ),
    ("Looking around", ("mine", "list", "ready", "drill", "report", "digest", "help")),
)
"""Every subcommand in the part of the help where people look for it; the first is what `/incident` alone shows."""

SUBCOMMANDS: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand(
            "start",
            "/incident start [--private] [--test] [service] [sev1…sev4] title",
            "wake the owner and open a channel; without words, a form",
            start,
        ),
        Subcommand("ack", "/incident ack", "you have it", ack),
        Subcommand(
            "decline", "/incident decline [why]", "you can't take it; the next person is paged", decline
        ),
        Subcommand("escalate", "/incident escalate [why]", "page the next step now", escalate),
        Subcommand("page", "/incident page team|service|@person [why]", "wake someone more", page),
        Subcommand(
            "lead", "/incident lead [@person|none]", "who leads; no person means you", _role(Role.LEAD)
        ),
        Subcommand("comms", "/incident comms [@person|none]", "who tells the others", _role(Role.COMMS)),
        Subcommand("scribe", "/incident scribe [@person|none]", "who takes notes", _role(Role.SCRIBE)),
        Subcommand(
            "severity", "/incident severity sev1…sev4", "how bad it is; a rise pages further", severity
        ),
        Subcommand(
            "status", "/incident status investigating|identified|mitigated [text]", "where you are", status
        ),
        Subcommand("update", "/incident update text", "tell everyone how it stands", update),
        Subcommand("title", "/incident title text", "a better title", title),
        Subcommand(
            "service", "/incident service id", "it belongs to another service; its owner is paged", service
        ),
        Subcommand(
            "note", "/incident note [HH:MM] text", "a line in the timeline, now or at a time of yours", note
        ),
        Subcommand(
            "mitigate",
            f"/incident mitigate {'|'.join(Mitigation)} text",
            "what stopped the bleeding",
            mitigate,
        ),
        Subcommand("resolve", "/incident resolve [text]", "it is over", resolve),
        Subcommand("reopen", "/incident reopen [why]", "it is not over", reopen),
        Subcommand("cancel", "/incident cancel [why]", "a false alarm", cancel),
        Subcommand("duplicate", "/incident duplicate INC-n", "it is the same as another", duplicate),
        Subcommand("merge", "/incident merge INC-n", "the same, and its people go on there", merge),
        Subcommand(
            "private", "/incident private [why]", "only those who are named see it from now on", private
        ),
        Subcommand("admit", "/incident admit @person", "let somebody into a private incident", admit),
        Subcommand(
            "action",
            "/incident action [category] text [@owner] [due 2w]",
            "an item for the owner's backlog; `action done|wontdo|reopen|assign|due|category number …` changes one",
            action,
        ),
        Subcommand(
            "actions", "/incident actions [page]", "the action items, with what can be done", list_actions
        ),
        Subcommand(
            "categories", "/incident categories", "which categories people chose, to undo it", categories
        ),
        Subcommand(
            "timeline",
            "/incident timeline [hide number why|restore number|edit number text]",
            "what happened; strike a line out, put a note right",
            show_timeline,
        ),
        Subcommand("show", "/incident show", "how it stands", show),
        Subcommand("list", "/incident list", "open incidents", list_incidents),
        Subcommand("postmortem", "/incident postmortem", "the document", postmortem),
        Subcommand(
            "switch",
            "/incident switch [name|pulled name [text]|none [what]]",
            "what can be turned off; record that you did, or that there is nothing",
            switch,
        ),
        Subcommand(
            "drill",
            "/incident drill service switch [text]",
            "you pulled a switch to see whether it works",
            drill,
        ),
        Subcommand(
            "ready", "/incident ready service", "what the service has for a bad night, and lacks", ready
        ),
        Subcommand(
            "guide",
            "/incident guide [team] question…",
            "ask a guide team for advice; the owner keeps it",
            guide,
        ),
        Subcommand(
            "advice", "/incident advice [20m] text…", "your answer as a guide, and what it took", advice
        ),
        Subcommand(
            "subscribe",
            "/incident subscribe [service|team]",
            "be told by direct message how it goes",
            subscribe,
        ),
        Subcommand("unsubscribe", "/incident unsubscribe [service|team]", "be told no more", unsubscribe),
        Subcommand(
            "took",
            f"/incident took {'|'.join(Took)}",
            "what stopping it took",
            _answer(Question.TOOK),
        ),
        Subcommand(
            "noticed",
            f"/incident noticed {'|'.join(Noticed)}",
            "who noticed first",
            _answer(Question.NOTICED),
        ),
        Subcommand("cause", "/incident cause text", "the cause, in one sentence", cause),
        Subcommand(
            "postmortem",
            "/incident postmortem [write section text|review @person|publish|good|comment text|version n|canvas|page]",
            "the document; write it, have it read, publish it",
            postmortem,
        ),
        Subcommand(
            "mine",
            "/incident mine [page]",
            "everything that waits for you, with what you can do",
            mine,
        ),
        Subcommand(
            "same",
            "/incident same INC-n",
            "it has the cause of an earlier one; its item hears of it",
            _same(True),
        ),
        Subcommand(
            "notsame", "/incident notsame INC-n", "it has another cause, or take that back", _same(False)
        ),
        Subcommand(
            "report", "/incident report [team] [26w]", "what it costs, and whether fixes help", report
        ),
        Subcommand(
            "digest",
            "/incident digest [2026-W48|last] [team]",
            "the week: what broke, what was learnt",
            digest,
        ),
        Subcommand("help", "/incident help [word]", "all of this, or one word of it", help_about),
    )
}


# ---- /oncall -----------------------------------------------------------------------------------


async def oncall(world: World, asking: Asking, text: str) -> Answer:
    """`/oncall text`: a subcommand, or the team, service or path whose on-call is asked for."""
    word, _, rest = text.strip().partition(" ")
    found = ONCALL.get(word.lower())
    if found is None or (word.lower() in world.catalog.teams and not rest):
        _must_be_no_slip(word, world)
        answers, name = await views.oncall(world, asking, decode(text).strip())
        return messages.oncall(answers, name)
    return await found.run(world, asking, rest.strip())


def _must_be_no_slip(word: str, world: World) -> None:
    """Raises Refused for a misspelt subcommand: what follows it would be read as somebody's name."""
    near = difflib.get_close_matches(word.lower(), ONCALL, n=1, cutoff=0.75)
    if near and not covers.is_named(world.catalog, decode(word)):
        raise Refused(
            f"“{decode(word)[:40]}” is no subcommand, team or service: did you mean `{ONCALL[near[0]].usage}`?"
        )


def _cover(kind: CoverKind) -> Run:
    async def run(world: World, asking: Asking, raw: str) -> Answer:
        team, _, rest = raw.partition(" ")
        whom, _, words = rest.strip().partition(" ")
        usage = ONCALL[{"cover": "override"}.get(kind, kind)].usage
        if not words:
            raise Refused(f"Say which team, who and when: `{usage}`, for example tomorrow 9-17.")
        slack_id, person = mentioned(whom), decode(whom).removeprefix("@").lower()
        return await covers.propose(
            world, asking, kind, team=decode(team), slack_id=slack_id,
            person="" if slack_id else person, words=decode(words),
        )  # fmt: skip

    return run


async def ask_for_cover(world: World, asking: Asking, raw: str) -> Answer:
    """`/oncall cover [team] [@person] <from> <to>`, in either order."""
    team, slack_id, person = "", "", ""
    words = raw.split()
    while words:
        word = decode(words[0])
        if not team and word.lower() in world.catalog.teams:
            team = word.lower()
        elif not (slack_id or person) and mentioned(words[0]):
            slack_id = mentioned(words[0])
        elif not (slack_id or person) and word.removeprefix("@").lower() in world.catalog.people:
            person = word.removeprefix("@").lower()
        else:
            break
        words = words[1:]
    if not words:
        raise Refused(f"Say when: `{ONCALL['cover'].usage}`, for example `/oncall cover tonight`.")
    return await covers.ask(
        world, asking, team=team, slack_id=slack_id, person=person, words=decode(" ".join(words))
    )


def _number(raw: str, usage: str) -> tuple[int, str]:
    word, _, rest = raw.strip().partition(" ")
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise Refused(f"Say which number: `{usage}`; `/oncall covers` lists them.")
    return int(word), decode(rest.strip())


async def take(world: World, asking: Asking, raw: str) -> Answer:
    number, words = _number(raw, ONCALL["take"].usage)
    return await covers.take(world, asking, number, words)


async def agree(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.agree(world, asking, _number(raw, ONCALL["agree"].usage)[0], yes=True)


async def disagree(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.agree(world, asking, _number(raw, ONCALL["decline"].usage)[0], yes=False)


async def undo(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.undo(world, asking, _number(raw, ONCALL["undo"].usage)[0])


async def list_covers(world: World, asking: Asking, raw: str) -> Answer:
    return await covers.listed(world, asking, decode(raw).strip())


async def rota_record(world: World, asking: Asking, raw: str) -> Answer:
    if not raw.strip():
        raise Refused(f"Say which team: `{ONCALL['log'].usage}`.")
    return await covers.record(world, asking, decode(raw).strip())


async def show_schedule(world: World, asking: Asking, raw: str) -> Answer:
    found, name = await views.month(world, asking, decode(raw).strip())
    if len(found) > 1:
        raise Refused(
            "You are in several teams: " + ", ".join(f"`/oncall schedule {m.team.id}`" for m in found)
        )
    month = found[0]
    address = await feeds.address(world, asking, month.team.id)
    return messages.schedule(month.team, month.weeks, month.segments, name, address)


async def show_load(world: World, asking: Asking, raw: str) -> Answer:
    return await loads.shown(world, asking, decode(raw).strip())


async def feed_link(world: World, asking: Asking, raw: str) -> Answer:
    word, _, rest = decode(raw).strip().partition(" ")
    if word.lower() == "revoke":
        return await feeds.revoke(world, asking, rest.strip())
    return await feeds.link(world, asking, team=word)


async def oncall_help(world: World, asking: Asking, raw: str) -> Answer:
    if raw.strip():
        return messages.help_text([_line(_named(raw, ONCALL, "/oncall help"))])
    lines = ["`/oncall [team|service|path]`: who is on call, until when, who is next, how they are reached"]
    return messages.help_text([*lines, *(_line(row) for row in ONCALL.values())])


ONCALL: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand("schedule", "/oncall schedule [team]", "four weeks at a glance, with calendar links", show_schedule),
        Subcommand(
            "override", "/oncall override team @person from - to", "they are on call then, whoever else is",
            _cover(CoverKind.COVER),
        ),
        Subcommand(
            "swap", "/oncall swap team @person from - to", "they take your turn, once they agree", _cover(CoverKind.SWAP)
        ),
        Subcommand(
            "cover", "/oncall cover [team] [@person] from - to", "ask the team who takes your turn, or a colleague's",
            ask_for_cover,
        ),
        Subcommand("take", "/oncall take number [from - to]", "take a request for cover, or a part of it", take),
        Subcommand("agree", "/oncall agree number", "take over, as somebody asked you to", agree),
        Subcommand("decline", "/oncall decline number", "you can't take over", disagree),
        Subcommand("undo", "/oncall undo number", "take a cover, a swap or a request back", undo),
        Subcommand("covers", "/oncall covers [team]", "what is agreed and asked for", list_covers),
        Subcommand(
            "shadow", "/oncall shadow team @person from - to", "they read the pages and answer for nothing",
            _cover(CoverKind.SHADOW),
        ),
        Subcommand("load", "/oncall load [team]", "who is on call how much, and how often woken", show_load),
        Subcommand(
            "calendar", "/oncall calendar [team|revoke [team]]", "a private calendar link, of a team or your own", feed_link
        ),
        Subcommand("log", "/oncall log team", "who changed what", rota_record),
        Subcommand("help", "/oncall help [word]", "all of this, or one word of it", oncall_help),
    )
}  # fmt: skip
