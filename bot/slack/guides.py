"""What a guide sees: the card that asks for advice, and the form for the answer. Pure."""

from typing import Any

from slackblocks import InputBlock, ModalView, PlainTextInput, Text, TextType

from bot.core.timeline import Name
from bot.flows.guides import Form
from bot.models import Guidance, GuidanceState, Incident, Team
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.messages import _title
from bot.slack.text import clock, cut, escape

OUTCOMES = {
    GuidanceState.CAME: ":raising_hand: {who} guides",
    GuidanceState.ANSWERED: ":white_check_mark: {who} answered",
    GuidanceState.DECLINED: ":leftwards_arrow_with_hook: {who} can't guide now",
    GuidanceState.UNANSWERED: ":hourglass: Not answered in time; an answer is still welcome",
    GuidanceState.CLOSED: ":information_source: Over: somebody else came, or the incident ended",
}


def card(incident: Incident, row: Guidance, team: Team, owner: Team, name: Name) -> Message:
    """The question, that the owner keeps the incident, and the taps that are left."""
    keeps = escape(f"{name(incident.owner)} of {owner.name}" if incident.owner else owner.name)
    channel = row.person.startswith("#")
    whom = f"{escape(team.name)} is" if channel else "You're"
    lines = [
        f"*{whom} asked for advice on {_title(incident)}* (owner {keeps} keeps it)",
        f"{escape(name(row.asked_by))} asks: {escape(row.question)}",
    ]
    if incident.channel_id:
        lines.append(f"*Channel:* <#{incident.channel_id}>")
    value = f"{incident.id} {row.id}"
    coming = kit.button("Coming", "guide_came", value, style="primary")
    cannot = kit.button("Can't", "guide_declined", value)
    answer = kit.button("Answer", "guide_answer", value)
    taps = {
        GuidanceState.ASKED: [coming, answer] if channel else [coming, cannot, answer],
        GuidanceState.CAME: [answer, cannot],
        GuidanceState.UNANSWERED: [coming, answer],
        GuidanceState.DECLINED: [coming],
    }.get(row.state, [])
    if incident.is_over:
        taps = [answer] if row.state in {GuidanceState.CAME, GuidanceState.UNANSWERED} else []
    outcome = OUTCOMES.get(row.state, "").format(who=escape(name(row.person)))
    if outcome and row.ended_at and row.state is not GuidanceState.CAME:
        took = f", {row.minutes} min" if row.minutes is not None else ""
        outcome += f" ({clock(row.ended_at)}{took})"
    if row.answer:
        outcome += f": {escape(row.answer)}"
    head = f"{_title(incident)}: {outcome}" if outcome else f"{whom} asked for advice on {_title(incident)}"
    return kit.message(
        head,
        kit.section("\n".join(lines)),
        kit.context(outcome) if outcome else None,
        kit.row(taps) if taps else None,
        kit.context("You advise; you are not paged for it and never become its owner.") if taps else None,
    )


def answer_form(form: Form) -> dict[str, Any]:
    """The modal behind *Answer*: a line, and the minutes that it took."""
    plain = TextType.PLAINTEXT
    usual = str(form.minutes) if form.minutes is not None else None
    view: dict[str, Any] = ModalView(
        title=Text(cut(f"Advice on {form.incident.key}", 24), type_=plain),
        blocks=[
            kit.section(escape(form.row.question)),
            InputBlock(
                Text("Your answer in a line", type_=plain),
                PlainTextInput(action_id="text", multiline=True, max_length=1000, focus_on_load=True),
                block_id="answer",
            ),
            InputBlock(
                Text("Minutes spent", type_=plain),
                PlainTextInput(action_id="text", max_length=10, initial_value=usual),
                block_id="minutes",
                optional=True,
            ),
        ],
        submit=Text("Send", type_=plain),
        close=Text("Not now", type_=plain),
        callback_id="guide_answered",
        private_metadata=f"{form.incident.id} {form.row.id}",
    ).to_dict()
    return view
