"""What people see: data → blocks and the plain text beside them. Pure.

All words of people and of the catalog pass through `escape`; mrkdwn is `verbatim`, so that Slack links and
pings nothing by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from slackblocks import (
    ActionsBlock,
    Block,
    ColumnSettings,
    ConfirmationDialogue,
    HeaderBlock,
    RawText,
    RichTextObject,
    SectionBlock,
    TableBlock,
    Text,
    TextType,
)

from bot.core import months
from bot.core.months import Day
from bot.core.oncall import Segment
from bot.core.switches import OFFERED, summed
from bot.core.timeline import Line, Name
from bot.flows import Reply
from bot.flows.switches import CARRIED
from bot.flows.views import OnCall
from bot.models import (
    Action,
    ActionState,
    Alert,
    Catalog,
    Cover,
    CoverState,
    Guidance,
    GuidanceState,
    Incident,
    Page,
    PageState,
    Service,
    Status,
    SwitchUse,
    Team,
    TeamKind,
)
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.text import clock, cut, day_and_clock, escape

MARK = {
    "sev1": ":red_circle:",
    "sev2": ":large_orange_circle:",
    "sev3": ":large_yellow_circle:",
    "sev4": ":white_circle:",
}


def _title(incident: Incident) -> str:
    return f"{'TEST ' if incident.test else ''}{incident.key} {escape(incident.title)}"


def _struck(line: Line) -> str:
    text = escape(cut(line.text, 900)).replace("\n", " ")
    return f"~{text}~ (withdrawn {escape(line.withdrawn_why)})" if line.withdrawn else text


# For the modules that draw a feature of their own.
button, context, message, row, section = kit.button, kit.context, kit.message, kit.row, kit.section
link, titled = kit.link, _title


# ---- pages -----------------------------------------------------------------------------------

OUTCOMES = {
    PageState.ACKNOWLEDGED: ":white_check_mark: You acknowledged it",
    PageState.DECLINED: ":leftwards_arrow_with_hook: You declined",
    PageState.ESCALATED: ":arrow_up: You escalated",
    PageState.CANCELLED: ":information_source: Over for you",
    PageState.UNANSWERED: ":hourglass: Not answered in time; the next person was paged",
}
SAID_ALREADY = frozenset({"can't take it", "escalated", "no answer"})
"""Answers that say no more than the outcome itself."""


def page(
    incident: Incident,
    page: Page,
    team: Team,
    service: Service | None,
    *,
    channel: bool,
    alert: Alert | None = None,
) -> Message:
    """The page itself: what is broken, why this person, and three buttons. `channel`: it goes to a whole channel.

    `alert` is the one that opened the incident.
    """
    value = f"{incident.id} {page.number}"
    if channel and incident.private:
        return _call_for_somebody(incident, page, team, value)
    head = f"{MARK[incident.severity]} *{incident.severity.upper()}* *{_title(incident)}*"
    about = [
        f"*Service:* {escape(service.id)} ({escape(team.name)})"
        if service
        else f"*Team:* {escape(team.name)}"
    ]
    about.append(f"*Why you:* {escape(page.why)}")
    if incident.private:
        about.append(":lock: *Private:* only those who are named know of it.")
    if incident.channel_id:
        about.append(f"*Channel:* <#{incident.channel_id}>")
    if alert is not None and alert.text:
        about.append(f"> {escape(cut(alert.text, 600))}".replace("\n", "\n> "))
    links = [kit.link(alert.url, "Alert")] if alert is not None and alert.url else []
    links += [kit.link(service.runbook, "Runbook")] if service and service.runbook else []
    links += [kit.link(d.url, d.name) for d in service.dashboards[:3]] if service else []
    over = page.state not in {PageState.WAITING, PageState.SENT}
    ping = "<!here> " if channel and not over else ""
    body = [ping + head, *about, *([" · ".join(links)] if links else [])]
    if over:
        said = OUTCOMES.get(page.state, "Not delivered")
        if page.by_hand and page.state is PageState.UNANSWERED:
            said = said.partition(";")[0]  # nobody follows whoever was asked for by name
        tells = page.answer not in {"", *SAID_ALREADY} and page.state is not PageState.ACKNOWLEDGED
        said += f": {escape(page.answer)}" if tells else ""
        when = f" ({clock(page.answered_at)})" if page.answered_at else ""
        late = page.state is PageState.UNANSWERED and not incident.is_over and not incident.owner
        foot: Block = _answers(value, only_ack=True) if late else kit.context(said + when)
        return kit.message(
            f"{_title(incident)}: {said}",
            kit.section("\n".join(body)),
            foot,
            kit.context(said + when) if late else None,
        )
    text = f"{ping}{incident.severity.upper()} {_title(incident)}: {escape(page.why)}. Acknowledge?"
    return kit.message(text, kit.section("\n".join(body)), _answers(value))


def _call_for_somebody(incident: Incident, page: Page, team: Team, value: str) -> Message:
    """A private incident, for a whole channel: that there is one and nobody has it, and not what it is."""
    what = f"A private incident ({incident.key}, {incident.severity}) of {escape(team.name)}"
    if page.state not in {PageState.WAITING, PageState.SENT} and (incident.owner or incident.is_over):
        return kit.message(f"{what} needs nobody any more", kit.section(f"{what} needs nobody any more."))
    text = f"<!here> {what} needs somebody. Whoever of the team takes it is let in."
    return kit.message(text, kit.section(text), _answers(value, only_ack=True))


def _answers(value: str, *, only_ack: bool = False) -> ActionsBlock:
    buttons = [kit.button("Acknowledge", "page_ack", value, style="primary")]
    if not only_ack:
        buttons += [
            kit.button("Can't take it", "page_decline", value),
            kit.button("Escalate now", "page_escalate", value, style="danger"),
        ]
    return kit.row(buttons)


# ---- the channel -----------------------------------------------------------------------------


def _status(incident: Incident) -> str:
    """`investigating`, or how it ended."""
    if incident.status is Status.MITIGATED and incident.mitigation_kind:
        return f"mitigated ({incident.mitigation_kind})"
    if incident.status is Status.DUPLICATE:
        return f"duplicate of INC-{incident.duplicate_of}"
    return incident.status


def headline(
    incident: Incident,
    catalog: Catalog,
    team: Team,
    name: Name,
    actions: Sequence[Action],
    paged: Sequence[str],
    guides: Sequence[Guidance] = (),
    uses: Sequence[SwitchUse] = (),
    *,
    now: datetime | None = None,
    before: Sequence[str] = (),
) -> Message:
    """The pinned message: how things stand, what can be turned off, and the next taps.

    `now` tells whether the next update is overdue; `before` says of which earlier incidents it has the cause.
    """
    service = catalog.services.get(incident.service)
    nobody = "nobody" if incident.is_over else "nobody yet"
    owner = (
        name(incident.owner)
        if incident.owner
        else f"{nobody}; paging {', '.join(map(name, paged))}"
        if paged
        else nobody
    )
    facts = [
        f"*Status:* {escape(_status(incident))}",
        f"*Severity:* {incident.severity}",
        f"*Owner:* {escape(team.name)}, {escape(owner)}",
        f"*Lead:* {escape(name(incident.lead)) if incident.lead else nobody}",
    ]
    facts += [
        f"*{role.title()}:* {escape(name(who))}"
        for role, who in (("comms", incident.comms), ("scribe", incident.scribe))
        if who
    ]
    if service:
        facts.insert(2, f"*Service:* {escape(service.id)}")
    facts += _guides(guides, catalog, name)
    facts.append(f"*Declared:* {day_and_clock(incident.declared_at)} by {escape(name(incident.declared_by))}")
    if incident.last_update:
        since = f" ({clock(incident.last_update_at)})" if incident.last_update_at else ""
        facts.append(f"*Last update*{since}*:* {escape(cut(incident.last_update, 600))}")
    facts += _promise(incident, now)
    facts += [f":repeat: {escape(cut(line, 600))}" for line in before]
    value = str(incident.id)
    buttons = [kit.button("Reopen", "reopen", value)] if incident.is_over else [
        kit.button("Take the lead", "take_lead", value),
        kit.button("Post update", "post_update", value),
        kit.button("Resolve", "resolve", value, style="primary", confirm=_confirm(f"Resolve {incident.key}?", "Resolve")),
    ]  # fmt: skip
    more = [kit.button("Action item", "add_action", value), kit.button("More…", "more", value)]
    if not incident.is_over:
        more.insert(0, kit.button("Mitigated", "mitigated", value))
    return kit.message(
        f"{_title(incident)}: {escape(_status(incident))}, {incident.severity}",
        HeaderBlock(
            Text(
                cut(f"{'TEST ' if incident.test else ''}{incident.key} {incident.title}", 150),
                type_=TextType.PLAINTEXT,
            )
        ),
        *([kit.context(kind)] if (kind := _kind(incident)) else []),
        *kit.sections(facts),
        *_helps(service)[:10],
        *_switches(incident, service, uses, name),
        *_latest(incident, actions, name),
        kit.row(buttons),
        kit.row(more),
        None if incident.is_over else _more_taps(incident, name),
    )


def _promise(incident: Incident, now: datetime | None) -> list[str]:
    """When the next update is due: nobody who reads it has to ask."""
    due = incident.next_update_at
    if due is None or incident.is_over:
        return []
    late = now is not None and now >= due
    return [f":hourglass: *Update overdue since* {clock(due)}" if late else f"*Next update by* {clock(due)}"]


def _more_taps(incident: Incident, name: Name) -> ActionsBlock:
    """The other roles, being told, and giving the lead back."""
    value = str(incident.id)
    buttons = [
        kit.button("Take comms", "take_comms", value),
        kit.button("Take notes", "take_scribe", value),
        kit.button("Subscribe", "subscribe", value),
    ]
    if incident.lead:
        buttons.append(kit.button(f"Give the lead back ({name(incident.lead)})", "leave_lead", value))
    return kit.row(buttons)


def _kind(incident: Incident) -> str:
    """What is out of the ordinary about it, as the headline says it."""
    said = []
    if incident.private:
        let_in = f"`/incident admit {incident.key} @person` lets somebody in"
        said.append(f":lock: Private: only those who are named see it; {let_in}.")
    if incident.test:
        said.append("A test: nobody else is woken, nothing is announced or filed, and it counts nowhere.")
    if incident.follows:
        said.append(f"It goes on from INC-{incident.follows}.")
    return " ".join(said)


def _latest(incident: Incident, actions: Sequence[Action], name: Name) -> list[SectionBlock]:
    """The newest action items, without those that were dropped; a message holds 50 blocks."""
    actions = [action for action in actions if action.state is not ActionState.WONT_DO]
    more = (
        [f"… and {len(actions) - 20} more: `/incident actions {incident.key}`"] if len(actions) > 20 else []
    )
    head = ["*Action items*"] if actions else []
    return kit.sections([*head, *(action_line(action, name) for action in actions[-20:]), *more])


def _helps(service: Service | None) -> list[Block]:
    """What helps at once: runbook and dashboards."""
    if service is None:
        return []
    links = [kit.link(service.runbook, "Runbook")] if service.runbook else []
    links += [kit.link(d.url, d.name) for d in service.dashboards]
    return list(kit.sections([" · ".join(links)])) if links else []


def _switches(
    incident: Incident, service: Service | None, uses: Sequence[SwitchUse], name: Name
) -> list[Block]:
    """The first switches with a button each, those that were pulled, and what to tap where there is none."""
    if service is None:
        return []
    value, count = str(incident.id), len(service.switches)
    lines = [f"*{count} {'thing' if count == 1 else 'things'} you can turn off*"] if count else []
    for switch in service.switches[:OFFERED]:
        label = cut(switch.name, 150)
        label = kit.link(switch.url, label) if switch.url else escape(label)
        lines.append(f"• {label}" + (f": {escape(cut(switch.how, 300))}" if switch.how else ""))
    if count > OFFERED:
        lines.append(f"… and {count - OFFERED} more: `/incident switch {incident.key}`")
    if not count:
        none = f"No switch is known for {escape(service.id)}: nothing can be turned off without a deploy."
        lines.append(none)
    lines += [
        f":electric_plug: {clock(use.at)} {escape(name(use.by))} pulled {escape(cut(use.switch, 150))}: {summed(use)}"
        for use in uses[-OFFERED:]
    ]
    if incident.is_over:
        return [*kit.sections(lines)]
    buttons = [
        kit.button(f"I pulled it: {switch.name}", f"switch_pulled:{n}", f"{value} {switch.name[:CARRIED]}")
        for n, switch in enumerate(service.switches[:OFFERED])
    ]
    return [
        *kit.sections(lines),
        kit.row([*buttons, kit.button("No switch for this", "switch_missing", value)]),
    ]


def _guides(rows: Sequence[Guidance], catalog: Catalog, name: Name) -> list[str]:
    """Who advises, and what they were asked; the newest questions only."""
    found = []
    for row in rows:
        team = catalog.teams.get(row.team)
        called, question = escape(team.name if team else row.team), escape(cut(row.question, 150))
        who = escape(name(row.person))
        if row.state is GuidanceState.ASKED:
            found.append(f"*Guide:* {called} is asked about “{question}”, {who} has not answered yet")
        elif row.state in {GuidanceState.CAME, GuidanceState.ANSWERED}:
            answer = f": {escape(cut(row.answer, 200))}" if row.answer else ""
            found.append(f"*Guide:* {who} ({called}), asked about “{question}”{answer}")
    return found[-3:]


def _confirm(question: str, yes: str) -> ConfirmationDialogue:
    plain = TextType.PLAINTEXT
    return ConfirmationDialogue(
        Text(cut(question, 100), type_=plain),
        Text("The channel is told, open pages end.", type_=plain),
        Text(yes, type_=plain),
        Text("Not yet", type_=plain),
    )


def topic(incident: Incident, team: Team, name: Name) -> str:
    """At most 250 characters.  https://docs.slack.dev/reference/methods/conversations.setTopic"""
    lead = f" | lead {name(incident.lead)}" if incident.lead else ""
    test = "TEST | " if incident.test else ""
    head = f"{test}{incident.severity} | {_status(incident)} | owner {team.name}{lead} | "
    return escape(cut(head + incident.title, 200))[:250]


def announcement(incident: Incident, team: Team, name: Name) -> Message:
    where = f" in <#{incident.channel_id}>" if incident.channel_id else ""
    mark = ":white_check_mark:" if incident.is_over else MARK[incident.severity]
    who = f", {escape(name(incident.owner))} has it" if incident.owner and not incident.is_over else ""
    lines = [
        f"{mark} *{_title(incident)}*",
        f"{incident.severity} · {escape(_status(incident))} · {escape(team.name)}{who}{where}",
    ]
    if incident.last_update:
        lines.append(f"> {escape(cut(incident.last_update, 300))}".replace("\n", "\n> "))
    if incident.next_update_at and not incident.is_over:
        lines.append(f"Next update by {clock(incident.next_update_at)}")
    tap = None if incident.is_over else kit.row([kit.button("Subscribe", "subscribe", str(incident.id))])
    text = f"{_title(incident)}: {incident.severity}, {escape(_status(incident))}"
    return kit.message(text, *kit.sections(lines), tap)


def said(line: Line, link: str = "") -> Message:
    """A timeline entry as it is said in the channel; `link`, where it stands in the text, can be tapped."""
    text = escape(line.text)
    if link:
        text = text.replace(escape(link), kit.link(link, "Open"))
    return kit.message(text, *kit.sections([f"{clock(line.at)} {text}"]))


def candidate(line: Line, incident: Incident, action: str) -> Message:
    """What somebody marked, and the taps that make it an item or drop it."""
    drawn = said(line)
    return Message(drawn.text, [*drawn.blocks, *kit.resolved([_keeps(f"{incident.id} {action}")])])


def _keeps(value: str, n: int = 0) -> ActionsBlock:
    return kit.row(
        [
            kit.button("Make it an action item", f"candidate_yes:{n}", value, style="primary"),
            kit.button("Drop it", f"candidate_no:{n}", value),
        ]
    )


def told(text: str) -> Message:
    return kit.message(escape(text), *kit.sections([escape(text)]))


def shouted(text: str) -> Message:
    """For a whole channel: nobody else is left to be woken."""
    return kit.message(f"<!here> {escape(text)}", *kit.sections([f"<!here> {escape(text)}"]))


# ---- answers ---------------------------------------------------------------------------------


def reply(reply: Reply) -> Message:
    text = escape(reply.text)
    buttons = [
        kit.button(c.label, f"{c.does}:{n}", c.value, style=c.style) for n, c in enumerate(reply.choices)
    ]
    rows = [kit.row(buttons[start : start + 5]) for start in range(0, len(buttons), 5)]
    return kit.message(text, *kit.sections(text.split("\n")), *rows)


def timeline(incident: Incident, lines: Sequence[Line]) -> Message:
    days = [
        day_and_clock,
        *(clock if a.at.date() == b.at.date() else day_and_clock for a, b in pairwise(lines)),
    ]
    rows = [f"`{line.id}` {when(line.at)} {_struck(line)}" for when, line in zip(days, lines, strict=False)]
    shown = list(kit.sections(rows))[-45:]
    head = f"*Timeline of {_title(incident)}*"
    left = (
        ""
        if len(shown) == len(kit.sections(rows))
        else " (the latest part; `writeback export` has all of it)"
    )
    foot = (
        "`/incident timeline hide number why` strikes a line out, `… restore number` brings it back, "
        "`… edit number text` puts a note right."
    )
    return kit.message(
        f"Timeline of {_title(incident)}",
        kit.section(head + left),
        *(shown or [kit.section("Nothing yet.")]),
        kit.context(foot),
    )


def action_line(action: Action, name: Name) -> str:
    issue = (
        kit.link(action.jira_url, action.jira)
        if action.jira and action.jira_url
        else escape(action.jira or "")
    )
    about = [escape(action.category or action.suggested or "no category")]
    about += [escape(name(action.owner))] if action.owner else []
    about += [f"due {action.due}"] if action.due else []
    waits = action.state is ActionState.OPEN and not action.problem
    about += [issue] if issue else ["not filed yet"] if waits else []
    about += [f":warning: {escape(cut(action.problem, 300))}"] if action.problem else []
    title = escape(cut(action.title, 300))
    match action.state:
        case ActionState.DONE:
            title = f":white_check_mark: {title}, done"
        case ActionState.WONT_DO:
            why = f": {escape(cut(action.closed_why, 300))}" if action.closed_why else ""
            title = f":no_entry_sign: {title}, won't be done{why}"
        case ActionState.CANDIDATE:
            title = f"*Candidate:* {title}"
        case _:
            title = f"• {title}"
    return f"{title} ({', '.join(about)})"


def listed(incidents: Sequence[Incident], catalog: Catalog, name: Name) -> Message:
    if not incidents:
        return told("No incident is open.")
    lines = []
    for incident in incidents:
        team = catalog.teams.get(incident.team)
        where = f" <#{incident.channel_id}>" if incident.channel_id else ""
        owner = (
            f", {escape(name(incident.owner))}"
            if incident.owner
            else ", not acknowledged"
            if not incident.is_over
            else ""
        )
        mark = MARK[incident.severity] + (" :lock:" if incident.private else "")
        lines.append(
            f"{mark} *{_title(incident)}* {escape(_status(incident))} · "
            f"{escape(team.name if team else incident.team)}{owner} · {day_and_clock(incident.declared_at)}{where}"
        )
    return kit.message(f"{len(incidents)} incidents", *kit.sections(lines)[:45])


def oncall(answers: Sequence[OnCall], name: Name) -> Message:
    """Who owns it, who now, until when, who next, how reachable; each reader sees their own time."""
    blocks: list[Block] = []
    said = []
    for number, answer in enumerate(answers[:10]):
        now = ", ".join(map(name, answer.people)) or "nobody"
        until = f" until {day_and_clock(answer.until)}" if answer.until else ""
        then = f", then {escape(', '.join(map(name, answer.following)) or 'nobody')}" if answer.until else ""
        lines = [f"*{escape(answer.team.name)}*: {escape(now)}{until}{then}"]
        lines += [escape(f"{name(person)}: {how}") for person, how in answer.reach]
        if answer.why:
            lines.append(f"_{escape(answer.why)}_")
        buttons = [kit.button("Show schedule", f"show_schedule:{number}", answer.team.id)]
        if answer.team.kind is TeamKind.DEV:
            buttons.insert(0, kit.button("Page them", f"page_them:{number}", answer.team.id, style="primary"))
        blocks += [*kit.sections(lines), kit.row(buttons)]
        said.append(lines[0])
    return kit.message(said[0] if said else "Nobody", *blocks)


def schedule(
    team: Team, weeks: Sequence[Sequence[Day]], segments: Sequence[Segment], name: Name, address: str
) -> Message:
    """A month at a glance: a calendar in the team's zone, and the turns as text in the reader's.

    `address` is the team's calendar feed, "" where there is none.
    """
    title = f"On call for {team.name}, four weeks"
    rows: list[list[RawText | RichTextObject]] = [[RawText(day) for day in months.DAYS]]
    rows += [[RawText(cut(months.cell(day, name), 200)) for day in week] for week in weeks]
    wrapped = [ColumnSettings(is_wrapped=True) for _ in months.DAYS]
    lines = [
        f"{day_and_clock(s.start)} – {day_and_clock(s.end)}: {escape(', '.join(map(name, s.people)) or 'nobody')}"
        for s in segments[:40]
    ]
    if len(segments) > 40:
        lines.append(
            f"and {len(segments) - 40} more turns: `writeback oncall {escape(team.id)} --from … --to …`"
        )
    marks = f"Days of {escape(team.timezone)}; {months.CHANGED} a cover or a swap. Below: your own time."
    feed = f"For your calendar, private: {kit.link(address, address)}" if address else ""
    buttons = [kit.button("My own turns as a calendar", "feed_link", "person -")]
    if address:
        buttons.append(kit.button("Revoke the team's link", "feed_revoke", team.id))
    return kit.message(
        title,
        kit.section(f"*{escape(title)}*"),
        TableBlock(rows, wrapped),
        kit.context(marks),
        *kit.sections(lines)[:20],
        kit.context(feed) if feed else None,
        kit.row(buttons),
    )


def cover_wanted(cover: Cover, team: Team, name: Name, *, loud: bool) -> Message:
    """The request in the team's channel; the same message says afterwards what became of it."""
    span = f"{day_and_clock(cover.start)} – {day_and_clock(cover.end)}"
    whose = escape(name(cover.replaces))
    what = f"{whose} looks for cover for {escape(team.name)}: {span}"
    if cover.state is CoverState.ASKED:
        ping = "<!here> " if loud else ""
        hint = f"Only a part: `/oncall take {cover.id} from - to`. The first who takes it has it."
        tap = kit.button("I take it", "cover_take", str(cover.id), style="primary")
        return kit.message(
            f"{ping}{what}. Who takes it?", kit.section(f"{ping}*{what}*"), kit.row([tap]), kit.context(hint)
        )
    outcome = (
        f":white_check_mark: {escape(name(cover.person))} takes it"
        if cover.state is CoverState.AGREED
        else f":information_source: {cover.state}"
    )
    return kit.message(f"{what}: {outcome}", kit.section(what), kit.context(outcome))


def swap_proposed(cover: Cover, team: Team, name: Name) -> Message:
    span = f"{day_and_clock(cover.start)} – {day_and_clock(cover.end)}"
    what = f"{escape(name(cover.replaces))} asks you to take over for {escape(team.name)}: {span}"
    buttons = [
        kit.button("Agree", "swap_agree", str(cover.id), style="primary"),
        kit.button("Can't", "swap_decline", str(cover.id)),
    ]
    return kit.message(f"{what}. Agree?", kit.section(what), kit.row(buttons))


def cover_offered(text: str, plan: str) -> Message:
    """The morning after a rough night."""
    return kit.message(
        escape(text),
        kit.section(escape(text)),
        kit.row([kit.button("Ask the team for cover tonight", "cover_confirm", plan, style="primary")]),
    )


def still_on_it(incident: Incident) -> Message:
    text = f"{_title(incident)}: you have it and have been silent for a while. Are you still on it?"
    buttons = [
        kit.button("Still on it", "still_on_it", str(incident.id), style="primary"),
        kit.button("Hand it on", "page_escalate", str(incident.id)),
    ]
    later = "Without an answer the escalation starts again."
    return kit.message(text, kit.section(text), kit.row(buttons), kit.context(later))


def all_over(incident: Incident, owner: str) -> Message:
    """No alert fires any more. `owner` is the Slack account of whoever has the incident, "" for nobody."""
    whom = f"<@{owner}>: no" if owner else "No"
    text = f"{whom} alert of {_title(incident)} fires any more. Is it over?"
    button = kit.button(f"Resolve {incident.key}", "resolve", str(incident.id), style="primary")
    return kit.message(text, kit.section(text), kit.row([button]))


def help_text(lines: Sequence[str]) -> Message:
    text = "\n".join(lines)
    return kit.message(escape(cut(text, 2900)), *kit.sections([escape(line) for line in lines]))
