"""What becomes of an incident when people rename, archive or delete its channel, or remove Writeback from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.core.cadence import deputies, parts, reminds
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import (
    AskForChannel,
    CatchUp,
    InvitePeople,
    OpenChannel,
    Order,
    RejoinChannel,
    ReviveChannel,
    SayMeanwhile,
    Tell,
)
from bot.core.paging import Rota, fired
from bot.core.timeline import (
    ChannelBack,
    ChannelChanged,
    ChannelGivenUp,
    ChannelLeft,
    Event,
    Name,
    PersonGone,
)
from bot.models import Catalog, Incident, Page, Role, Team

ARCHIVED, REMOVED = "archived", "removed"
"""The words of `Incident.channel_lost`: only people can unarchive; we were thrown out."""

RETURNS = 2
"""Removed more often than this within an hour we are not wanted there: people are asked instead of joining again."""

NOWHERE: Mapping[str, object] = MappingProxyType(
    {
        "channel_id": "",
        "channel_name": "",
        "channel_lost": "",
        "archived_at": None,
        "headline_ts": "",
        "headline_revision": 0,
        "topic": "",
    }
)


def _turn(incident: Incident) -> int:
    """Names this loss: the incident never has the same revision twice."""
    return incident.revision + 1


def _ask(incident: Incident, lost: str) -> AskForChannel:
    assert incident.id is not None
    return AskForChannel(incident.id, reminds(incident)[0], lost, _turn(incident))


def renamed(incident: Incident, name: str) -> Decision:
    if name == incident.channel_name:
        return Decision()
    said = (ChannelChanged(f"renamed from #{incident.channel_name} to #{name}"),)
    return Decision(events=said, spoken=said, sets={"channel_name": name})


def archived(incident: Incident, now: datetime, *, quiet: bool = False) -> Decision:
    """By people, or by us when it was `quiet`. Somebody is asked to bring the channel of an open incident back."""
    if incident.archived_at is not None:
        return Decision()
    event: Event = ChannelChanged("archived, having been quiet" if quiet else "archived")
    decision = Decision(events=(event,), sets={"archived_at": now, "channel_lost": ARCHIVED})
    if incident.is_over:
        return decision
    return decision + Decision(spoken=(event,), jobs=(_ask(incident, ARCHIVED),))


def unarchived(incident: Incident) -> Decision:
    """By people. Archiving has put us out of it, so we come back first."""
    if incident.archived_at is None or incident.id is None:
        return Decision()
    event = ChannelChanged("unarchived")
    jobs = (RejoinChannel(incident.id, _turn(incident)),)
    return Decision(events=(event,), sets={"archived_at": None}, jobs=jobs)


def deleted(incident: Incident) -> Decision:
    """Nothing brings it back: an open incident gets a new one."""
    return _without(incident, ChannelChanged("deleted"))


def replaced(incident: Incident, why: str) -> Decision:
    """The channel can't be used and a new one takes its place."""
    return _without(incident, ChannelGivenUp(incident.channel_name, why))


def _without(incident: Incident, event: Event) -> Decision:
    if not incident.channel_id or incident.id is None:
        return Decision()
    decision = Decision(events=(event,), sets=dict(NOWHERE))
    if incident.is_over:
        return decision
    return decision + Decision(spoken=(event,), jobs=(OpenChannel(incident.id, again=_turn(incident)),))


def removed(incident: Incident, *, lately: int) -> Decision:
    """We were thrown out, `lately` times within the last hour before."""
    if incident.archived_at is not None or incident.channel_lost or incident.id is None:
        return Decision()
    event = ChannelLeft()
    decision = Decision(events=(event,), sets={"channel_lost": REMOVED})
    if incident.is_over:
        return decision
    next_: Order = (
        RejoinChannel(incident.id, _turn(incident)) if lately < RETURNS else _ask(incident, REMOVED)
    )
    return decision + Decision(spoken=(event,), jobs=(next_,))


def not_back(incident: Incident) -> Decision:
    """We could not come back by ourselves: somebody who can act is asked."""
    if not incident.channel_lost or incident.is_over:
        return Decision()
    return Decision(jobs=(_ask(incident, incident.channel_lost),))


def back(incident: Incident, since: datetime) -> Decision:
    """The channel, lost at `since`, can be used again. Twice is harmless."""
    if not incident.channel_lost or incident.id is None:
        return Decision()
    people = (incident.declarer, incident.owner, incident.lead, incident.comms, incident.scribe)
    return Decision(
        events=(ChannelBack(),),
        sets={"channel_lost": "", "archived_at": None, "topic": ""},
        jobs=(
            InvitePeople(incident.id, tuple(dict.fromkeys(filter(None, people)))),
            SayMeanwhile(incident.id, since.isoformat(), _turn(incident)),
            CatchUp(incident.id, f"{since.isoformat()} {_turn(incident)}"),
            *shown(incident),
        ),
    )


def revived(incident: Incident) -> Decision:
    """What a reopened incident needs for a channel; nothing while it has one."""
    if incident.id is None:
        return Decision()
    if incident.channel_lost or incident.archived_at is not None:
        return Decision(jobs=(ReviveChannel(incident.id, _turn(incident)),))
    if not incident.channel_id:
        return Decision(jobs=(OpenChannel(incident.id, again=_turn(incident)),))
    return Decision()


# ---- those who take part ---------------------------------------------------------------------


def person_left(incident: Incident, person: str) -> Decision:
    """Somebody who takes part left the channel: said there, and nothing taken from them."""
    held = parts(incident, person)
    if incident.is_over or incident.channel_lost or not held:
        return Decision()
    said = (PersonGone(person, held, slack=False),)
    return Decision(events=said, spoken=said)


def person_gone(
    incident: Incident,
    pages: Sequence[Page],
    person: str,
    *,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    name: Name,
    now: datetime,
) -> Decision:
    """An account was deactivated: its roles are free, and where it had the incident the escalation starts again."""
    held = parts(incident, person)
    if incident.is_over or not held or incident.id is None:
        return Decision()
    event = PersonGone(person, held, slack=True)
    roles = {role.value: "" for role in Role if getattr(incident, role.value) == person}
    decision = Decision(events=(event,), spoken=(event,), sets=roles, jobs=shown(incident))
    next_ = deputies(incident, team, person)
    if next_:
        text = f"{incident.key} “{incident.title}”: {event.text('', name)}. Type `/incident lead {incident.key}` to lead it."
        decision += Decision(jobs=(Tell(next_[0], text, incident.id, f"{incident.id}:gone:{person}"),))
    if incident.owner != person:
        return decision
    free = incident.model_copy(update={"owner": ""})
    page = fired(free, team, catalog, pages, step=0, rota=rota, now=now, run=incident.run + 1)
    return decision + Decision(sets={"owner": ""}) + page
