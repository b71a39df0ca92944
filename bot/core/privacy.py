"""Private incidents: made so later, who is let in, and what of the open traces was closed."""

from collections.abc import Sequence

from bot.core import Refused
from bot.core.channels import NOWHERE
from bot.core.decision import Decision
from bot.core.jobs import (
    CloseChannel,
    ForgetElsewhere,
    InvitePeople,
    OpenChannel,
    Order,
    ReportClosed,
    SecureIssue,
    TakeBack,
)
from bot.core.timeline import LetIn, MadePrivate, TraceClosed, TraceStays
from bot.models import Action, Incident

NEVER = "notifications, e-mails and copies that went out before"


def made_private(
    incident: Incident, traces: Sequence[TakeBack], actions: Sequence[Action], *, by: str, why: str
) -> Decision:
    """A new private channel takes the place of the open one, and every open trace is closed where that is possible.

    An app can't make a channel private: only admins of an Enterprise organization can convert one.
    https://docs.slack.dev/reference/methods/admin.conversations.convertToPrivate
    """
    assert incident.id is not None
    if incident.private:
        raise Refused(
            f"{incident.key} is private already; `/incident admit {incident.key} @person` lets people in."
        )
    event = MadePrivate(why.strip()[:300])
    jobs: list[Order] = []
    sets: dict[str, object] = {"private": True}
    if incident.channel_id:
        jobs.append(OpenChannel(incident.id, instead_of=incident.channel_id))
        # Nothing is said in the open channel from this very moment on; what had become of it is of no concern any more.
        sets |= NOWHERE
    sets |= {"announce_channel": "", "announce_ts": "", "announce_revision": 0}
    jobs += [*traces, ForgetElsewhere(incident.id)]
    jobs += [SecureIssue(incident.id, action.id) for action in actions if action.jira]
    if incident.channel_id:
        jobs.append(CloseChannel(incident.id, incident.channel_id, by))
    else:
        jobs.append(ReportClosed(incident.id, by))
    return Decision(events=(event,), spoken=(event,), sets=sets, jobs=tuple(jobs))


def let_in(incident: Incident, person: str) -> Decision:
    assert incident.id is not None
    event = LetIn(person)
    return Decision(events=(event,), spoken=(event,), jobs=(InvitePeople(incident.id, (person,)),))


def report(incident: Incident, closed: Sequence[TraceClosed], stays: Sequence[TraceStays]) -> str:
    """For whoever made it private: what is closed now and what is not, each by name with who can close it."""
    lines = [f"{incident.key} is private."]
    lines.append(
        f"Closed: {'; '.join(dict.fromkeys(one.what for one in closed))}."
        if closed
        else "Nothing of it stood open."
    )
    lines += [f"Still open: {one.what}; {one.who}." for one in stays]
    lines.append(f"Nobody can take back {NEVER}.")
    return "\n".join(lines)
