"""The question whether it broke before, as people see it in the incident's channel. Pure."""

from collections.abc import Sequence

from slackblocks import Block

from bot.core.verdicts import SHOWN
from bot.flows.verdicts import Candidate
from bot.models import Incident, RecurrenceState
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.text import clock, cut, escape

HEAD = "Did this break before?"

GONE = "What was said here of an earlier incident has been taken back."


def question(incident: Incident, found: Sequence[Candidate]) -> Message:
    """A message of its own. With none, they were taken out of everybody's sight since it was asked."""
    if not found:
        return kit.message(GONE, kit.section(GONE))
    text = " ".join([HEAD, *(one.line for one in found)])
    return kit.message(escape(cut(text, 600)), *asking(incident, found))


def asking(incident: Incident, found: Sequence[Candidate]) -> list[Block]:
    """One line for each candidate with its two taps, or with what somebody decided and the tap that takes it back."""
    head = HEAD if len(found) > 1 else f"{HEAD} One earlier incident is like it:"
    blocks: list[Block] = [kit.section(f"*{head}*")]
    for n, one in enumerate(found[: 2 * SHOWN]):
        value = f"{incident.id} {one.row.earlier_id}"
        same = kit.button("Same cause", f"same_cause:{n}", value)
        other = kit.button("Not the same", f"not_same:{n}", value)
        blocks.append(kit.section(escape(cut(one.line, 900))))
        when = f" ({clock(one.row.decided_at)})" if one.row.decided_at else ""
        match one.row.state:
            case RecurrenceState.CONFIRMED:
                said = f":white_check_mark: The same cause, says {escape(one.by)}{when}"
                blocks += [kit.context(said), kit.row([other])]
            case RecurrenceState.DENIED:
                said = f":heavy_multiplication_x: Not the same, says {escape(one.by)}{when}"
                blocks += [kit.context(said), kit.row([same])]
            case _:
                blocks.append(kit.row([same, other]))
    by_text = f"`/incident same {incident.key} INC-n`, `/incident notsame {incident.key} INC-n`"
    return [*blocks, kit.context(f"By text: {by_text}. Only what somebody confirms counts.")]
