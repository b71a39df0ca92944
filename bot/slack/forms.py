"""The modals: values → views, and what was filled in → values. Pure.

A form's callback id is the action id of the button that opens it. Each field is a block of its own name with one
element, so that what was typed is kept when a view is drawn again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    CheckboxGroup,
    DatePicker,
    Element,
    ExternalSelectMenu,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    StaticSelectMenu,
    Text,
    TextType,
    UserSelectMenu,
)

from bot.core.categories import Category
from bot.core.guides import QUESTION
from bot.core.incidents import TEXT_LIMIT
from bot.core.timeline import Name
from bot.core.typeahead import Offer
from bot.flows import Reply
from bot.flows.timelines import Evidence, File, Marked
from bot.flows.views import OnCall
from bot.models import Incident, Mitigation, Noticed, Role, Severity, Status, Team
from bot.slack.kit import context, section, sections
from bot.slack.messages import button, row
from bot.slack.text import cut, day_and_clock, decode, escape

View = dict[str, Any]

TITLE = 24
"""Characters of a modal's title and of its buttons.  https://docs.slack.dev/reference/views/modal-views"""

OPTION = 75
"""Characters of an option's text.  https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""

CARRIED = 3000
"""Characters of `private_metadata`."""

PICK = "pick_service"
"""The action id of every menu that asks us for its options while somebody types."""

SUGGEST = "suggest"


@dataclass(frozen=True)
class Given:
    """What stands in the form that starts an incident. `anyway`: they know of the one that looks the same."""

    title: str = ""
    service: Offer | None = None
    severity: Severity = Severity.SEV3
    noticed: Noticed | None = None
    details: str = ""
    private: bool = False
    channel: str = ""
    evidence: Evidence | None = None
    anyway: bool = False


class Filled:
    """What was filled in, by the names of the fields. A field that is not there is empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self.callback = str(view.get("callback_id") or "")
        self.carried = str(view.get("private_metadata") or "")
        self._values: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
        self._blocks = {block.get("block_id"): block for block in view.get("blocks") or []}

    def _of(self, name: str) -> Mapping[str, Any]:
        return next(iter((self._values.get(name) or {}).values()), {})

    def text(self, name: str) -> str:
        return decode(str(self._of(name).get("value") or ""))

    def choice(self, name: str) -> str:
        return str((self._of(name).get("selected_option") or {}).get("value") or "")

    def offer(self, name: str) -> Offer | None:
        """A chosen option with its words, so that it can be drawn again."""
        option = self._of(name).get("selected_option")
        return Offer(str(option["value"]), str(option["text"]["text"])) if option else None

    def person(self, name: str) -> str:
        return str(self._of(name).get("selected_user") or "")

    def day(self, name: str) -> date | None:
        given = self._of(name).get("selected_date")
        return date.fromisoformat(given) if given else None

    def ticked(self, name: str) -> bool:
        return bool(self._of(name).get("selected_options"))

    def changed(self, name: str) -> bool:
        """Whether the field says anything else than when the form was opened, however often it is sent."""
        element = (self._blocks.get(name) or {}).get("element") or {}
        before = element.get("initial_value") or (element.get("initial_option") or {}).get("value") or ""
        return (self.text(name) or self.choice(name)) != decode(str(before))


# ---- parts -----------------------------------------------------------------------------------


def _plain(text: str, limit: int) -> Text:
    return Text(cut(text, limit), type_=TextType.PLAINTEXT)


def _option(label: str, value: str) -> Option:
    return Option(_plain(label, OPTION), cut(value, 150))


def _modal(
    title: str, blocks: Sequence[Block], *, name: str = "", submit: str = "", carries: str = ""
) -> View:
    view: View = ModalView(
        title=_plain(title, TITLE),
        blocks=list(blocks),
        submit=_plain(submit, TITLE) if submit else None,
        close=_plain("Not now" if submit else "Close", TITLE),
        callback_id=name or None,
        private_metadata=carries,
    ).to_dict()
    return view


def _field(name: str, label: str, element: Element, *, optional: bool = False, asks: bool = False) -> Block:
    return InputBlock(_plain(label, 150), element, block_id=name, optional=optional, dispatch_action=asks)


def _words(
    name: str,
    label: str,
    *,
    value: str = "",
    lines: bool = False,
    optional: bool = False,
    most: int = TEXT_LIMIT,
) -> Block:
    typed = PlainTextInput(
        action_id=name, multiline=lines, max_length=most, initial_value=cut(value, most) if value else None
    )
    return _field(name, label, typed, optional=optional)


def _menu(
    name: str, label: str, options: Mapping[str, str], *, chosen: str = "", optional: bool = False
) -> Block:
    """`options`: value → words."""
    drawn = {value: _option(words, value) for value, words in list(options.items())[:100]}
    menu = StaticSelectMenu(name, options=list(drawn.values()), initial_option=drawn.get(chosen))
    return _field(name, label, menu, optional=optional)


def _services(label: str, chosen: Offer | None, *, optional: bool = False, asks: bool = False) -> Block:
    menu = ExternalSelectMenu(
        PICK,
        initial_option=_option(chosen.label, chosen.id) if chosen else None,
        min_query_length=0,
        placeholder=_plain("Type a name, an alias or a path", 150),
    )
    return _field("service", label, menu, optional=optional, asks=asks)


def options(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """What a menu is answered while somebody types."""
    drawn: list[dict[str, Any]] = [_option(offer.label, offer.id)._resolve() for offer in offers]
    return drawn


def _severities(meanings: Mapping[Severity, str], chosen: Severity) -> list[Block]:
    """An option holds few words, so the whole meanings stand below the menu."""
    menu = _menu("severity", "How bad is it?", {s: f"{s}: {meanings[s]}" for s in Severity}, chosen=chosen)
    cut_off = any(len(f"{s}: {meanings[s]}") > OPTION for s in Severity)
    legend = "\n".join(f"*{s}* {escape(cut(meanings[s], 600))}" for s in Severity)
    return [menu, context(legend)] if cut_off else [menu]


# ---- starting --------------------------------------------------------------------------------


def owner_card(now: OnCall, name: Name) -> str:
    """Who answers, before anything is sent."""
    people = ", ".join(map(name, now.people)) or "nobody"
    until = f" until {day_and_clock(now.until)}" if now.until else ""
    then = f", then {escape(', '.join(map(name, now.following)) or 'nobody')}" if now.until else ""
    return f"*{escape(now.team.name)}* owns it. On call: *{escape(people)}*{until}{then}."


ANEW = "-"
"""The value of a button that opens the empty form."""

NO_SERVICE = "Without a service the owner is looked for in your words."


def start(
    given: Given, meanings: Mapping[Severity, str], *, owner: str = NO_SERVICE, twin: Reply | None = None
) -> View:
    """`owner`: mrkdwn about whoever answers. `twin`: the question whether it is the same as one that is open."""
    noticed: dict[str, str] = {
        Noticed.MONITOR: "A monitor",
        Noticed.CUSTOMER: "A customer",
        Noticed.COLLEAGUE: "A colleague",
        Noticed.LUCK: "Nobody whose task it was: luck",
    }
    hidden = _option("Private: only people named in it know of it", "private")
    asked: list[Block] = []
    if twin is not None:
        joins = [c for c in twin.choices if c.does == "join"]
        asked = [section(f":eyes: *{escape(twin.text)}*")]
        asked += [row([button(c.label, "join_instead", c.value, style="primary") for c in joins])]
    blocks = [
        *asked,
        _words("title", "What is broken?", value=given.title),
        _services("Service or team", given.service, optional=True, asks=True),
        context(owner),
        *_severities(meanings, given.severity),
        _words("details", "What do you see?", value=given.details, lines=True, optional=True),
        _menu(
            "noticed",
            "Who noticed?",
            noticed,
            chosen=given.noticed or "",
            optional=True,
        ),
        _field(
            "private",
            "Who may know?",
            CheckboxGroup("private", [hidden], initial_options=[hidden] if given.private else None),
            optional=True,
        ),
    ]
    submit = "Start anyway" if given.anyway else "Start and page"
    return _modal("Start an incident", blocks, name="start_form", submit=submit, carries=_carried(given))


def _carried(given: Given) -> str:
    """What the form itself does not show: where it was opened, and the message that it is about."""
    carried: dict[str, Any] = {"channel": given.channel, "anyway": given.anyway}
    evidence = given.evidence
    if evidence is None:
        return json.dumps(carried)
    said = evidence.said
    files = tuple(replace(file, name=cut(file.name, 80), link=file.link[:300]) for file in said.files[:3])

    def whole(text: str) -> str:
        kept = asdict(replace(evidence, said=replace(said, text=text, files=files)))
        kept["said"]["at"] = said.at.isoformat()
        return json.dumps(carried | {"evidence": kept}, ensure_ascii=False, separators=(",", ":"))

    while files and len(whole("")) > CARRIED // 2:
        files = files[:-1]
    text = said.text
    while len(whole(text)) > CARRIED:
        # The line's link leads to the rest.
        text = cut(text, len(text) - max(1, (len(whole(text)) - CARRIED) // 2))
    return whole(text)


def given_in(filled: Filled) -> Given:
    carried = json.loads(filled.carried or "{}")
    kept = carried.get("evidence")
    evidence = None
    if kept:
        said = kept["said"]
        at = datetime.fromisoformat(said["at"])
        evidence = Evidence(
            kept["channel"],
            kept["ts"],
            Marked(said["author"], said["text"], at, tuple(File(**f) for f in said["files"]), said["link"]),
        )
    noticed = filled.choice("noticed")
    return Given(
        filled.text("title"),
        filled.offer("service"),
        Severity(filled.choice("severity") or Severity.SEV3),
        Noticed(noticed) if noticed else None,
        filled.text("details"),
        filled.ticked("private"),
        carried.get("channel", ""),
        evidence,
        bool(carried.get("anyway")),
    )


def told(text: str, reply: Reply | None = None) -> View:
    """What became of it, with the buttons that follow."""
    choices = reply.choices if reply else ()
    drawn = [button(c.label, f"{c.does}:{n}", c.value, style=c.style) for n, c in enumerate(choices)]
    rows: list[Block] = [row(drawn[at : at + 5]) for at in range(0, len(drawn), 5)]
    title = f"INC-{reply.incident}" if reply and reply.incident else "Writeback"
    return _modal(title, [*sections(escape(text).splitlines() or [" "]), *rows])


def page_team(team: Team) -> View:
    """Behind *Page them*: what is wrong, and an incident begins."""
    blocks = [_words("what", "What is wrong?")]
    return _modal(f"Page {team.name}", blocks, name="page_them", submit="Page now", carries=team.id)


# ---- what belongs to an incident ---------------------------------------------------------------


def _of(incident: Incident, title: str, blocks: Sequence[Block], *, name: str, submit: str) -> View:
    """Every form of an incident carries its number."""
    return _modal(f"{title} {incident.key}", blocks, name=name, submit=submit, carries=str(incident.id))


OPEN: Mapping[str, str] = {
    "mitigated": "Mitigated",
    "set_status": "Status",
    "set_severity": "Severity",
    "set_role": "Roles",
    "edit_incident": "Title or service",
    "add_note": "Note",
    "add_action": "Action item",
    "ask_guide": "Ask a guide",
    "resolve_with": "Resolve with words",
    "decline_with": "I can't take it",
    "page_escalate": "Escalate now",
    "cancel_with": "False alarm",
    "make_private": "Make it private",
}
OVER: Mapping[str, str] = {"add_note": "Note", "add_action": "Action item", "reopen": "Reopen"}
"""What stands behind *More…*: action id → words."""


def more(incident: Incident) -> View:
    entries = OVER if incident.is_over else OPEN
    drawn = [
        button(label, action, str(incident.id))
        for action, label in entries.items()
        if not (action == "make_private" and incident.private)
    ]
    rows: list[ActionsBlock] = [row(drawn[at : at + 4]) for at in range(0, len(drawn), 4)]
    return _modal(incident.key, [section(f"*{escape(cut(incident.title, 300))}*"), *rows])


def update(incident: Incident) -> View:
    asked = _words("update", "What is known, what happens next?", lines=True)
    return _of(incident, "Update", [asked], name="post_update", submit="Post")


def severity(incident: Incident, meanings: Mapping[Severity, str]) -> View:
    blocks = [*_severities(meanings, incident.severity), context("A rise pages further.")]
    return _of(incident, "Severity of", blocks, name="set_severity", submit="Change")


def role(incident: Incident, by: str) -> View:
    roles: dict[str, str] = {
        Role.LEAD: "Lead: decides",
        Role.COMMS: "Comms: tells the others",
        Role.SCRIBE: "Scribe: takes notes",
    }
    blocks = [
        _menu("role", "Which role?", roles, chosen=Role.LEAD),
        _field("who", "Who takes it?", UserSelectMenu("who", initial_user=by or None)),
    ]
    return _of(incident, "Roles of", blocks, name="set_role", submit="Set")


def status(incident: Incident) -> View:
    steps: dict[str, str] = {
        Status.INVESTIGATING: "Investigating: the cause is not known",
        Status.IDENTIFIED: "Identified: the cause is known",
        Status.MITIGATED: "Mitigated: the bleeding has stopped",
    }
    blocks = [
        _menu("status", "Where are you?", steps, chosen=incident.status),
        _words("text", "What should everybody know?", lines=True, optional=True),
    ]
    return _of(incident, "Status of", blocks, name="set_status", submit="Change")


def mitigated(incident: Incident) -> View:
    kinds: dict[str, str] = {
        Mitigation.SWITCH: "A switch was turned",
        Mitigation.CONFIG: "Configuration was changed",
        Mitigation.ROLLBACK: "A rollback",
        Mitigation.DEPLOY: "A deploy",
        Mitigation.RESTART: "A restart",
        Mitigation.SCALE: "More capacity",
        Mitigation.UPSTREAM: "Somebody upstream mended it",
        Mitigation.SELF: "It went away by itself",
        Mitigation.OTHER: "Something else",
    }
    blocks = [
        _menu("kind", "What stopped the bleeding?", kinds),
        _words("text", "In a few words", lines=True, optional=True),
    ]
    return _of(incident, "Mitigated", blocks, name="mitigated", submit="It is mitigated")


def resolve(incident: Incident) -> View:
    asked = _words("text", "How did it end?", lines=True, optional=True)
    return _of(incident, "Resolve", [asked], name="resolve_with", submit="Resolve")


def decline(incident: Incident) -> View:
    asked = _words("text", "Why not? The next person reads it.", optional=True)
    return _of(incident, "Can't take", [asked], name="decline_with", submit="Page the next")


def guide(incident: Incident, teams: Sequence[Team]) -> View:
    named = {team.id: team.name for team in teams}
    only = next(iter(named)) if len(named) == 1 else ""
    blocks = [
        _words("text", "What do you want to know?", lines=True, most=QUESTION),
        _menu("team", "Whom to ask?", named, chosen=only),
        context("They advise; whoever has the incident keeps it."),
    ]
    return _of(incident, "Ask about", blocks, name="ask_guide", submit="Ask")


def cancel(incident: Incident) -> View:
    blocks = [
        _words("text", "Why is it none?", lines=True, optional=True),
        context("It ends: the channel is told, open pages end."),
    ]
    return _of(incident, "False alarm", blocks, name="cancel_with", submit="Cancel it")


def private(incident: Incident) -> View:
    blocks = [
        _words("text", "Why?", lines=True, optional=True, most=300),
        context(
            "A private channel takes the place of this one, and only those who are named see it. "
            "It can't be made open again; you get a message with what could be closed and what could not."
        ),
    ]
    return _of(incident, "Private", blocks, name="make_private", submit="Make it private")


def note(incident: Incident, *, text: str = "", said: str = "") -> View:
    """`said`: what just happened, above the field."""
    blocks: list[Block] = [section(escape(said))] if said else []
    blocks += [
        _words("text", "What happened?", value=text, lines=True),
        context("Begin with a time, as in 14:02, to put it there."),
    ]
    return _of(incident, "Note for", blocks, name="add_note", submit="Add")


def action(incident: Incident, categories: Sequence[Category]) -> View:
    blocks = _action(categories)
    return _of(incident, "Action item", blocks, name="add_action", submit="Add")


@dataclass(frozen=True)
class Excerpt:
    """What of a message goes to a backlog with an item: masked already. `source` names the message."""

    text: str
    source: str
    incident: int = 0
    """Whose channel it is from; 0 where the form asks which."""


def action_from(said: Excerpt, incidents: Sequence[Incident], categories: Sequence[Category]) -> View:
    """An item with a message as its evidence; `incidents` are what it can belong to, one where that is known."""
    of = {str(i.id): f"{i.key} {i.title}" for i in incidents}
    asked = [] if said.incident else [_menu("incident", "Of which incident?", of, chosen=next(iter(of)))]
    first = next((line.strip() for line in said.text.splitlines() if line.strip()), "")
    blocks = [
        *asked,
        *_action(categories, text=cut(first, 300)),
        context(f"Evidence: {escape(cut(said.text, 500))}"),
    ]
    text = said.text
    while len(carried := json.dumps(asdict(replace(said, text=text)), ensure_ascii=False)) > CARRIED:
        text = cut(text, len(text) - max(1, (len(carried) - CARRIED) // 2))
    title = f"Action item {incidents[0].key}" if said.incident else "Action item"
    return _modal(title, blocks, name="action_from_message", submit="Add", carries=carried)


def excerpt_in(filled: "Filled") -> Excerpt:
    kept = Excerpt(**json.loads(filled.carried))
    return kept if kept.incident else replace(kept, incident=int(filled.choice("incident") or 0))


def _action(categories: Sequence[Category], *, text: str = "") -> list[Block]:
    kinds = {SUGGEST: "Suggest one from my words"} | {c.id: c.label for c in categories}
    return [
        _words("text", "What should be different next time?", value=text, lines=True, most=1000),
        _menu("category", "Category", kinds, chosen=SUGGEST),
        _field("owner", "Owner", UserSelectMenu("owner"), optional=True),
        _field("due", "Due", DatePicker("due"), optional=True),
        context(
            "Without a day it is due by severity; it goes to the backlog of the team that owns the incident."
        ),
    ]


def edit(incident: Incident, service: Offer | None) -> View:
    blocks = [
        _words("title", "Title", value=incident.title),
        _services("Service or team", service, optional=True),
        context("Another service pages its owner; the people of this one are thanked and released."),
    ]
    return _of(incident, "Edit", blocks, name="edit_incident", submit="Change")
