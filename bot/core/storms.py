"""What an alert makes of what is known of it: news or none, and where it goes; and what is said of many at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core import alerts
from bot.core.decision import Decision
from bot.core.incidents import shown
from bot.core.jobs import AskToResolve, Later, OpenChannel, RedrawPage
from bot.core.paging import OPEN, Rota, cancelled, fired, policy, spoken
from bot.core.timeline import (
    AlertFired,
    AlertFlaps,
    AlertsFired,
    AlertsOver,
    Event,
    Reopened,
    SeverityChanged,
    StatusChanged,
)
from bot.models import Alert, Catalog, Incident, Page, Severity, Status, Team

NAMED = 5
"""Alerts that a line names; of the others it says how many."""

PAUSE = timedelta(minutes=1)
"""An incident's alerts get one line in so long: a storm is no flood."""

HOLD = timedelta(seconds=3)
"""So long the channels of a storm wait, while its pages leave."""

REMEMBERED = 20
"""Times of firing that are kept of an alert."""


class News(StrEnum):
    """What a source's word about one alert changes. `STILL`: it fires, as it did before."""

    FIRES = "fires"
    STILL = "still"
    OVER = "over"
    NOTHING = "nothing"


def news(known: Alert | None, heard: alerts.Alert, *, regroup: timedelta, now: datetime) -> News:
    """Sources repeat themselves, and what they send again may arrive after what they sent later."""
    if known is None:
        return News.FIRES if heard.firing else News.NOTHING
    if heard.firing and known.firing:
        return News.STILL
    if heard.firing:
        told_late = heard.at is not None and known.began_at is not None and heard.at <= known.began_at
        # Long after, whatever its time says, it fires: noise is noticed, silence is not.
        lately = known.resolved_at is not None and now - known.resolved_at < regroup
        return News.NOTHING if told_late and lately else News.FIRES
    of_before = known.began_at is not None and any(
        moment is not None and moment < known.began_at for moment in (heard.at, heard.ends)
    )
    return News.NOTHING if of_before or not known.firing else News.OVER


def times(known: Alert, *, within: timedelta, now: datetime) -> list[str]:
    """When it fired within that time, this time included."""
    recent = [moment for moment in known.fired_at if datetime.fromisoformat(moment) > now - within]
    return [*recent, now.isoformat()][-REMEMBERED:]


class Goes(StrEnum):
    """Where an alert that fires goes: to its incident, as that is or reopened, to its group's, or nowhere."""

    BACK = "back"
    REOPENS = "reopens"
    GROUP = "group"
    NOWHERE = "nowhere"


def goes(said: News, own: Incident | None, *, flapping: bool, regroup: timedelta, now: datetime) -> Goes:
    """`own` is the incident that it fired in last. A private one takes nothing in, and nothing refers to it."""
    if own is None:
        return Goes.GROUP
    if not own.is_over:
        if said is News.STILL:
            return Goes.NOWHERE
        if own.private:
            return Goes.NOWHERE if flapping else Goes.GROUP
        return Goes.BACK
    if flapping:
        return Goes.NOWHERE
    lately = own.resolved_at is not None and now - own.resolved_at < regroup
    if said is News.STILL:
        # People have just ended it: the source may need a while to see that. What they called off stays so.
        return Goes.NOWHERE if lately or own.status is Status.CANCELLED else Goes.GROUP
    return Goes.REOPENS if lately and not own.private else Goes.GROUP


def worst(severities: Sequence[Severity | None]) -> Severity | None:
    """sev1 is the worst, and the least of these words."""
    return min((one for one in severities if one is not None), default=None)


def bleeds_again(incident: Incident, *, regroup: timedelta, now: datetime) -> bool:
    """It was mitigated a while ago, so that nobody looks any more, and an alert fires."""
    since = incident.mitigated_at
    return incident.status is Status.MITIGATED and (since is None or now - since >= regroup)


def woken(
    incident: Incident,
    pages: Sequence[Page],
    severity: Severity | None,
    *,
    why: str,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    now: datetime,
) -> Decision:
    """An incident that had ended, or was mitigated, burns again. Whoever had it may sleep by now: it is paged anew."""
    over = incident.is_over
    level = min(incident.severity, severity) if severity else incident.severity
    events: tuple[Event, ...] = (
        Reopened(why) if over else StatusChanged(incident.status, Status.INVESTIGATING, why),
    )
    if level is not incident.severity:
        events += (SeverityChanged(incident.severity, level),)
    sets: dict[str, object] = {"status": Status.INVESTIGATING, "owner": "", "severity": level}
    if over:
        sets |= {"resolved_at": None, "duplicate_of": None}
    said = Decision(events=events, spoken=events, sets=sets, jobs=shown(incident))
    again = incident.model_copy(update=sets)
    page = fired(again, team, catalog, pages, step=0, rota=rota, now=now, run=incident.run + 1)
    return said + cancelled(pages, "paged again") + page


def raised(
    incident: Incident, pages: Sequence[Page], severity: Severity, *, team: Team, now: datetime
) -> Decision | None:
    """A storm gets worse in the minute of its first page: that page says so, and no other follows.

    None where the rise has to wake people as any other does: nobody was asked just now, or others would be.
    """
    assert incident.id is not None
    fresh = [p for p in pages if p.state in OPEN and not p.by_hand and now - p.created_at < PAUSE]
    old, new = policy(team, incident.severity), policy(team, severity)
    if incident.owner or not fresh or replace(old, severities=new.severities) != new:
        return None
    event = SeverityChanged(incident.severity, severity)
    # One that is on its way shows the old severity when it arrives.
    again = tuple(Later(RedrawPage(incident.id, page.number), now + timedelta(seconds=2)) for page in fresh)
    return Decision(
        events=(event,), spoken=(event,), sets={"severity": severity}, jobs=(*shown(incident), *again)
    )


def channel_later(decision: Decision, now: datetime) -> Decision:
    """Of many incidents at once every page leaves before the first channel is made."""
    jobs = tuple(Later(job, now + HOLD) if isinstance(job, OpenChannel) else job for job in decision.jobs)
    return replace(decision, jobs=jobs)


def fired_in(rows: Sequence[Alert], *, before: str = "") -> Decision:
    """A line for alerts that fire: one with its words, or the count of many."""
    if not rows:
        return Decision()
    if len(rows) == 1:
        [row] = rows
        return _spoken(AlertFired(row.title, row.text, row.url, row.times, before))
    by_severity = sorted(rows, key=lambda row: row.severity or Severity.SEV4)
    return _spoken(AlertsFired([row.title for row in by_severity[:NAMED]], len(rows)))


def over_in(rows: Sequence[Alert], *, firing: int) -> Decision:
    """A line for alerts that are over. `firing`: how many of the incident still fire."""
    if not rows:
        return Decision()
    return _spoken(AlertsOver([row.title for row in rows[:NAMED]], len(rows), firing))


def asks(incident: Incident, *, firing: int, flapping: bool, now: datetime) -> Decision:
    """With no alert left whoever has it is asked whether it is over; it never ends by itself."""
    assert incident.id is not None
    if firing or flapping or incident.is_over:
        return Decision()
    return Decision(jobs=(AskToResolve(incident.id, now.isoformat()),))


def flapping_in(row: Alert, within: timedelta) -> Decision:
    return _spoken(AlertFlaps(row.title, len(row.fired_at), spoken(within)))


def _spoken(event: AlertFired | AlertsFired | AlertsOver | AlertFlaps) -> Decision:
    return Decision(events=(event,), spoken=(event,))
