"""What people see of updates, subscriptions and the care of the channel: data → blocks. Pure."""

from collections.abc import Sequence

from bot.core.channels import ARCHIVED
from bot.core.timeline import Line
from bot.models import Action, ActionState, Incident
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.messages import _status, _struck, _title
from bot.slack.text import clock, escape


def due(incident: Incident, why: str, due: str) -> Message:
    """The reminder: of one person, told why them, or of the channel where `why` is ""."""
    at = clock(incident.next_update_at) if incident.next_update_at else "now"
    last = f" The last news was at {clock(incident.last_update_at)}." if incident.last_update_at else ""
    text = f"{_title(incident)}: the next update was promised by {at}.{last}"
    value = str(incident.id)
    buttons = [
        kit.button("Post update", "post_update", value, style="primary"),
        kit.button("No change", "no_change", f"{value} {due}"),
    ]
    whom = (
        f"You are asked because {escape(why)}. Anybody's update answers it."
        if why
        else "Whoever knows how it stands: say it, in one line."
    )
    return kit.message(text, kit.section(text), kit.row(buttons), kit.context(whom))


def news(incident: Incident, line: Line, about: str) -> Message:
    """To a subscriber: what happened, where, and the way out."""
    where = f" in <#{incident.channel_id}>" if incident.channel_id and not incident.channel_lost else ""
    next_ = (
        f" Next update by {clock(incident.next_update_at)}."
        if incident.next_update_at and not incident.is_over
        else ""
    )
    text = f"{_title(incident)}: {escape(line.text)}"
    stands = f"{incident.severity} · {escape(_status(incident))}{where}.{next_}"
    return kit.message(
        text,
        *kit.sections([f"*{_title(incident)}*", f"{clock(line.at)} {escape(line.text)}"]),
        kit.context(stands),
        kit.row([kit.button(f"Unsubscribe from {about}", "unsubscribe", about)]),
    )


def channel_wanted(incident: Incident, lost: str, bot: str) -> Message:
    """To whoever can give an open incident its channel back."""
    name = f"#{escape(incident.channel_name)}"
    if lost == ARCHIVED:
        happened = f"{name} was archived while the incident is open"
        do = f"Unarchive {name} in Slack (an app can't), or tap below and the incident goes on in a new channel."
    else:
        happened = f"Writeback was removed from {name} and can't come back by itself"
        do = f"Type `/invite @{escape(bot)}` in {name}, or tap below and the incident goes on in a new channel."
    text = f"{_title(incident)}: {happened}."
    where = (
        "Until then what is said goes to the announcement's thread."
        if incident.announce_ts
        else f"Until then nothing is said in Slack: `/incident timeline {incident.key}` has it all."
    )
    buttons = [kit.button("Bring the channel back", "channel_back", str(incident.id), style="primary")]
    return kit.message(f"{text} {do}", kit.section(f"{text}\n{do}"), kit.row(buttons), kit.context(where))


def meanwhile(incident: Incident, lines: Sequence[Line]) -> Message:
    """What happened while nothing could be said in the channel."""
    rows = [f"{clock(line.at)} {_struck(line)}" for line in lines[-20:]]
    left = len(lines) - len(rows)
    more = [f"… and {left} more before: `/incident timeline {incident.key}`"] if left else []
    head = f"{incident.key} goes on here. Meanwhile:"
    return kit.message(head, *kit.sections([head, *more, *(rows or ["Nothing happened."])])[:45])


def last_words(incident: Incident, actions: Sequence[Action], quiet: str) -> Message:
    """What stands last in a channel that is archived: where the record is, and what is still to be done."""
    still = [a for a in actions if a.state in {ActionState.OPEN, ActionState.CANDIDATE}]
    items = (
        f"{len(still)} of {len(actions)} action items are still open: `/incident actions {incident.key}`."
        if still
        else "No action item is open."
    )
    text = (
        f"{incident.key} is over ({escape(_status(incident))}) and this channel has been quiet for {quiet}: "
        "it is archived now. "
        f"The record stays: `/incident postmortem {incident.key}`. {items} "
        f"If it comes back: `/incident reopen {incident.key}`."
    )
    return kit.message(text, kit.section(text))
