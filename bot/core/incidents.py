"""The life of an incident: each command → Decision.

`by` is who did it: a catalog id, or a Slack id for somebody who is not in the catalog. A command that can't
be done raises Refused with the sentence that the person reads.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches

from bot.core import Refused
from bot.core.decision import Answered, Decision
from bot.core.jobs import (
    InvitePeople,
    OpenChannel,
    Order,
    RedrawAnnouncement,
    RedrawHeadline,
    RedrawQuestions,
    SetTopic,
    Tell,
    WrapUp,
)
from bot.core.ownership import Found
from bot.core.paging import (
    OPEN,
    Rota,
    Target,
    by_hand,
    cancelled,
    check_in,
    fired,
    newest,
    policy,
    redrawn,
    targets,
    woken,
)
from bot.core.timeline import (
    Acknowledged,
    Cancelled,
    ChannelOpened,
    Declared,
    Declined,
    Escalated,
    Event,
    Followed,
    HasDuplicate,
    MarkedDuplicate,
    Merged,
    Mitigated,
    Name,
    Noted,
    OwnerChanged,
    OwnerUnclear,
    Reopened,
    Resolved,
    RoleTaken,
    SeverityChanged,
    StatusChanged,
    StillThere,
    TitleChanged,
    TookIn,
    Updated,
    WentOn,
)
from bot.models import Catalog, Incident, Mitigation, Page, PageState, Role, Severity, Status, Team

TITLE_LIMIT = 200
"""Characters of a title; what people typed beyond it becomes the first note."""

TEXT_LIMIT = 3000
"""Characters of an update, a note or a reason: what fits one Slack block, so that nothing is cut on the way."""


def _must_be_open(incident: Incident, *, to: str) -> None:
    if incident.is_over:
        raise Refused(
            f"{incident.key} is {incident.status}, so you can't {to} it; `/incident reopen {incident.key}` comes first."
        )


def _short(text: str, what: str) -> str:
    text = text.strip()
    if len(text) > TEXT_LIMIT:
        raise Refused(
            f"That {what} has {len(text)} characters; at most {TEXT_LIMIT} fit. Shorten it and send it again."
        )
    return text


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise Refused(f"The {what} is empty: add a few words.")
    return _short(text, what)


def shown(incident: Incident) -> tuple[Order, ...]:
    """Redraw what stands in Slack about the incident: its row is about to reach the next revision."""
    assert incident.id is not None
    revision = incident.revision + 1
    return (
        RedrawHeadline(incident.id, revision),
        SetTopic(incident.id),
        RedrawAnnouncement(incident.id, revision),
    )


def _said(incident: Incident, *events: Event, **sets: object) -> Decision:
    return Decision(events=events, sets=sets, spoken=events, jobs=shown(incident))


def title_and_rest(text: str) -> tuple[str, str]:
    """One line of at most TITLE_LIMIT characters, cut at a word, and everything that did not fit ("" if it did)."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LIMIT:
        return line, ""
    cut = line[: TITLE_LIMIT - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_LIMIT // 2 else cut) + "…", line


def started(
    incident: Incident,
    found: Found,
    team: Team,
    catalog: Catalog,
    *,
    more: str,
    rota: Rota,
    now: datetime,
    details: str = "",
) -> Decision:
    """`incident` is the new row, as yet without pages: the owner is paged and the channel asked for at once."""
    assert incident.id is not None
    noticed = (incident.noticed or "") if incident.declarer else ""  # a monitor that declares has noticed
    events: tuple[Event, ...] = (
        Declared(
            incident.title, incident.severity, team.name, incident.service, found.why, noticed, incident.test
        ),
    )
    if found.fallback or not found.certain:
        others = [catalog.services[s].id if s in catalog.services else s for s in found.others]
        events += (OwnerUnclear(team.name, others, found.fallback),)
    if more:
        events += (Noted(more),)
    if details.strip():
        events += (Noted(_short(details, "description")),)
    page = fired(incident, team, catalog, (), step=0, rota=rota, now=now, run=1)
    return Decision(events=events, jobs=()) + page + Decision(jobs=(OpenChannel(incident.id),))


def channel_opened(incident: Incident, *, channel_id: str, name: str) -> Decision:
    return Decision(events=(ChannelOpened(name),), sets={"channel_id": channel_id, "channel_name": name})


# ---- answering a page --------------------------------------------------------------------------


def acknowledged(
    incident: Incident,
    pages: Sequence[Page],
    *,
    by: str,
    team: Team,
    way: str,
    name: Name,
    now: datetime,
    lapse: timedelta | None = None,
    guides_for: str = "",
) -> Decision:
    """Whoever acknowledges has it: the escalation's timers stop and its other pages are cancelled.

    A page asked for by hand brings one person more; it stops the escalation only for somebody of the
    owning team. Acknowledging twice changes nothing. After `lapse` of silence they are asked about it (None: never).
    `guides_for` names the guide team whose guide `by` is here ("": none). Raises Refused when somebody else has it,
    and for a guide who was not paged.
    """
    assert incident.id is not None
    mine = newest(pages, by)
    if incident.owner == by or (mine and mine.by_hand and mine.state is PageState.ACKNOWLEDGED):
        return Decision()
    _must_be_open(incident, to="acknowledge")
    if guides_for and mine is None and by not in team.members:
        raise Refused(
            f"You are in {incident.key} as a guide of {guides_for}: {team.name} keeps it. "
            f"`/incident advice {incident.key} …` gives your answer."
        )
    outsider = by not in team.members and (mine is None or mine.by_hand)
    asked = [p for p in pages if p.run == incident.run and not p.by_hand and p.state in OPEN]
    if mine is None and outsider and asked and not any(p.person.startswith("#") for p in asked):
        # Somebody of another team may help, but the owner must not fall asleep over it.
        raise Refused(
            f"{incident.key} belongs to {team.name}, which is still being paged, and you aren't in it. "
            f"To help, join its channel; to make it yours, move it: `/incident service {incident.key} …`."
        )
    joins = mine is not None and mine.by_hand and (outsider or incident.owner != "")
    if incident.owner and not joins:
        raise Refused(f"{name(incident.owner)} has {incident.key} already: you are free.")
    event = Acknowledged(way)
    decision = Decision(
        events=(event,),
        spoken=(event,),
        pages=(Answered(mine.number, PageState.ACKNOWLEDGED, "acknowledged"),) if mine else (),
        jobs=(*(redrawn(mine) if mine else ()), InvitePeople(incident.id, (by,)), *shown(incident)),
    )
    if joins:
        return decision
    others = [p for p in pages if p.run == incident.run and not p.by_hand and p is not mine]
    sets = {"owner": by, "acknowledged_at": incident.acknowledged_at or now}
    timer = Decision(sets=sets, jobs=check_in(incident, lapse, now))
    return decision + cancelled(others, f"{name(by)} has it") + timer


def _given_back(
    incident: Incident, pages: Sequence[Page], *, by: str, state: PageState, event: Event, answer: str
) -> tuple[Decision, bool]:
    """`by` lets go of the incident; with whether the escalation has to go on now."""
    mine = newest(pages, by)
    held = mine is not None and (
        mine.state in OPEN or mine.state in {PageState.ACKNOWLEDGED, PageState.UNANSWERED}
    )
    decision = Decision(
        events=(event,),
        spoken=(event,),
        pages=(Answered(mine.number, state, answer),) if mine and held else (),
        jobs=(*(redrawn(mine) if mine and held else ()), *shown(incident)),
        sets={"owner": ""} if incident.owner == by else {},
    )
    has_owner = incident.owner not in ("", by)
    return decision, not has_owner and not (mine is not None and mine.by_hand and incident.owner != by)


def declined(
    incident: Incident,
    pages: Sequence[Page],
    *,
    by: str,
    why: str,
    way: str,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    now: datetime,
) -> Decision:
    """Somebody who was paged can't take it: unless others of the same step are still asked, the next are paged now."""
    _must_be_open(incident, to="decline")
    mine = newest(pages, by)
    if incident.owner != by:
        if mine is None:
            raise Refused(
                f"You were not paged for {incident.key}; `/incident escalate {incident.key}` pages the next person."
            )
        if mine.state is PageState.DECLINED:
            return Decision()
        if mine.state is PageState.CANCELLED:
            raise Refused(f"Your page for {incident.key} is over: {mine.answer}.")
    event = Declined(_short(why, "reason"), way)
    decision, goes_on = _given_back(
        incident, pages, by=by, state=PageState.DECLINED, event=event, answer=why or "can't take it"
    )
    asked_too = [
        p for p in pages if p.run == incident.run and not p.by_hand and p is not mine and p.state in OPEN
    ]
    if not goes_on or asked_too:
        return decision
    return decision + fired(incident, team, catalog, pages, step=incident.step + 1, rota=rota, now=now)


def escalated(
    incident: Incident,
    pages: Sequence[Page],
    *,
    by: str,
    why: str,
    way: str,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    now: datetime,
) -> Decision:
    """The next step fires now. Whoever is asked already stays asked; the one who escalates lets go of it."""
    _must_be_open(incident, to="escalate")
    event = Escalated(_short(why, "reason"), way)
    decision, _ = _given_back(
        incident, pages, by=by, state=PageState.ESCALATED, event=event, answer=why or "escalated"
    )
    # Whoever had it before asks for more people by escalating: the owner is open again, or the timers would rest.
    again = fired(incident, team, catalog, pages, step=incident.step + 1, rota=rota, now=now)
    return decision + Decision(sets={"owner": ""}) + again


def paged(
    incident: Incident,
    pages: Sequence[Page],
    people: Sequence[Target],
    catalog: Catalog,
    *,
    why: str,
    wait: timedelta,
    now: datetime,
) -> Decision:
    """Wake more people, beside the escalation."""
    _must_be_open(incident, to="page people for")
    more = [Target(who.person, f"{why} ({who.why})" if why else who.why) for who in people]
    return by_hand(incident, pages, more, catalog, wait=wait, now=now)


# ---- what is said about it -----------------------------------------------------------------------


def role_taken(incident: Incident, role: Role, person: str) -> Decision:
    assert incident.id is not None
    _must_be_open(incident, to=f"make somebody {role} of")
    if getattr(incident, role.value) == person:
        return Decision()
    invite = Decision(jobs=(InvitePeople(incident.id, (person,)),))
    return _said(incident, RoleTaken(role, person), **{role.value: person}) + invite


def severity_changed(
    incident: Incident,
    pages: Sequence[Page],
    severity: Severity,
    *,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    now: datetime,
) -> Decision:
    """A rise wakes people again: from the first step while nobody has it, else the next ones beside the owner."""
    _must_be_open(incident, to="change the severity of")
    if severity is incident.severity:
        raise Refused(f"{incident.key} is {severity} already.")
    decision = _said(incident, SeverityChanged(incident.severity, severity), severity=severity)
    if severity > incident.severity:  # sev1 is the worst, and the least of these words
        return decision
    if not incident.owner:
        again = cancelled(pages, f"paged again at {severity}")
        risen = incident.model_copy(update={"severity": severity})
        return (
            decision
            + again
            + fired(risen, team, catalog, pages, step=0, rota=rota, now=now, run=incident.run + 1)
        )
    busy = {incident.owner} | {p.person for p in pages if p.state in OPEN}
    for step in policy(team, severity).escalation:
        all_of_it = woken(incident, targets(step, team, catalog, rota, now), catalog)
        people = [who for who in all_of_it if who.person not in busy]
        if people:
            return decision + by_hand(
                incident, pages, _because(people, f"raised to {severity}"), catalog, wait=step.wait, now=now
            )
    return decision


def _because(people: Sequence[Target], why: str) -> list[Target]:
    return [Target(who.person, f"{why}; {who.why}") for who in people]


def status_changed(incident: Incident, status: Status, *, text: str, now: datetime) -> Decision:
    if status in {Status.RESOLVED, Status.CANCELLED, Status.DUPLICATE}:
        raise Refused(
            f"A status is investigating, identified or mitigated; to end it type `/incident resolve {incident.key}`."
        )
    _must_be_open(incident, to="change the status of")
    text = _short(text, "text")
    if status is incident.status and not text:
        raise Refused(f"{incident.key} is {status} already.")
    event = StatusChanged(incident.status, status, text)
    sets: dict[str, object] = {"status": status}
    if status is Status.MITIGATED and incident.mitigated_at is None:
        sets["mitigated_at"] = now
    if text:
        sets |= {"last_update": text, "last_update_at": now}
    return _said(incident, event, **sets)


def updated(incident: Incident, *, text: str, now: datetime) -> Decision:
    _must_be_open(incident, to="update")
    text = _needed(text, "update")
    return _said(incident, Updated(text), last_update=text, last_update_at=now)


def retitled(incident: Incident, *, text: str) -> Decision:
    title, rest = title_and_rest(_needed(text, "title"))
    if title == incident.title:
        raise Refused(f"{incident.key} is called that already.")
    decision = _said(incident, TitleChanged(incident.title, title), title=title)
    return decision + Decision(events=(Noted(rest),)) if rest else decision


def still_there(incident: Incident, *, by: str, name: Name) -> Decision:
    """A sign of life of whoever has it. Raises Refused when it is another's by now."""
    _must_be_open(incident, to="answer for")
    if incident.owner != by:
        has = f"{name(incident.owner)} has" if incident.owner else "nobody has"
        raise Refused(
            f"It is not yours any more: {has} {incident.key}. `/incident ack {incident.key}` takes it."
        )
    return Decision(events=(StillThere(),), spoken=(StillThere(),))


def noted(incident: Incident, *, text: str) -> Decision:
    """A line in the timeline; the channel isn't told, the person who wrote it is. Also after the end."""
    return Decision(events=(Noted(_needed(text, "note")),))


def moved(
    incident: Incident,
    pages: Sequence[Page],
    *,
    service: str,
    old_team: Team | None,
    team: Team,
    catalog: Catalog,
    rota: Rota,
    now: datetime,
    name: Name,
    had: Sequence[str] = (),
) -> Decision:
    """Another service: its owner is paged from the first step; the old team is thanked and released.

    `had`: those of `team` who had it, or were being asked, when it was moved away: moved back, they are paged first.
    """
    assert incident.id is not None
    _must_be_open(incident, to="move")
    if service == incident.service and team.id == incident.team:
        raise Refused(f"{incident.key} is {service or team.id} already.")
    same_team = team.id == incident.team
    theirs = (incident.owner,) if incident.owner else _being_asked(incident, pages)
    event = OwnerChanged(
        service,
        team.name,
        "" if same_team or old_team is None else old_team.name,
        incident.team,
        list(theirs),
    )
    decision = _said(incident, event, service=service, team=team.id, why=f"moved to {service or team.id}")
    if same_team:
        return decision
    released = {
        p.person for p in pages if p.run == incident.run and not p.by_hand and not p.person.startswith("#")
    }
    released |= {incident.owner} if incident.owner else set()
    asked = {
        p.person
        for p in pages
        if p.person in released and p.state in OPEN | {PageState.ACKNOWLEDGED, PageState.UNANSWERED}
    }
    thanks = tuple(
        Tell(
            person,
            f"{incident.key} “{incident.title}” turned out to belong to {team.name}. Thank you: you are released.",
            incident.id,
            f"{incident.id}:{incident.run}:released",
        )
        for person in sorted(asked | ({incident.owner} if incident.owner else set()))
    )
    let_go = cancelled([p for p in pages if not p.by_hand], f"moved to {team.name}")
    moved_row = incident.model_copy(update={"team": team.id, "service": service, "owner": ""})
    back = [Target(p, "had it before it was moved away") for p in had if p in catalog.people]
    page = fired(
        moved_row, team, catalog, pages, step=0, rota=rota, now=now, run=incident.run + 1, first=back
    )
    return decision + let_go + Decision(sets={"owner": ""}, jobs=thanks) + page


def _being_asked(incident: Incident, pages: Sequence[Page]) -> tuple[str, ...]:
    asked = [p for p in pages if p.run == incident.run and not p.by_hand and p.state in OPEN]
    return tuple(dict.fromkeys(p.person for p in asked if not p.person.startswith("#")))


# ---- endings ---------------------------------------------------------------------------------


def mitigated(incident: Incident, kind: Mitigation, *, text: str, now: datetime) -> Decision:
    """What stopped it. Of an incident that is resolved it is only written down."""
    text = _short(text, "text")
    if incident.status is Status.RESOLVED:
        assert incident.id is not None
        said = _said(incident, Mitigated(kind, text), mitigation_kind=kind, mitigation_text=text)
        return said + Decision(jobs=(RedrawQuestions(incident.id),))
    _must_be_open(incident, to="mitigate")
    return _said(
        incident,
        Mitigated(kind, text),
        status=Status.MITIGATED,
        mitigated_at=incident.mitigated_at or now,
        mitigation_kind=kind,
        mitigation_text=text,
    )


def resolved(incident: Incident, pages: Sequence[Page], *, text: str, now: datetime) -> Decision:
    if incident.status is Status.RESOLVED:
        raise Refused(
            f"{incident.key} is resolved already; `/incident reopen {incident.key}` opens it again."
        )
    _must_be_open(incident, to="resolve")
    assert incident.id is not None
    over = _said(incident, Resolved(_short(text, "text")), status=Status.RESOLVED, resolved_at=now)
    after = Decision(jobs=(WrapUp(incident.id, now.isoformat()),))
    return over + cancelled(pages, "the incident is resolved") + after


def reopened(
    incident: Incident,
    *,
    why: str,
    team: Team,
    catalog: Catalog,
    pages: Sequence[Page],
    rota: Rota,
    now: datetime,
    lapse: timedelta | None = None,
) -> Decision:
    """Open again: whoever had it still has it; with nobody, the owner is paged from the first step."""
    if not incident.is_over:
        raise Refused(f"{incident.key} is {incident.status}: there is nothing to reopen.")
    decision = _said(
        incident,
        Reopened(_short(why, "reason")),
        status=Status.INVESTIGATING,
        resolved_at=None,
        duplicate_of=None,
    )
    assert incident.id is not None
    decision += Decision(jobs=(RedrawQuestions(incident.id),))
    if incident.owner:
        return decision + Decision(jobs=check_in(incident, lapse, now))
    return decision + fired(incident, team, catalog, pages, step=0, rota=rota, now=now, run=incident.run + 1)


def called_off(incident: Incident, pages: Sequence[Page], *, why: str, now: datetime) -> Decision:
    """A false alarm or a mistake: it ends without having been resolved."""
    if incident.status is Status.CANCELLED:
        raise Refused(f"{incident.key} is cancelled already.")
    _must_be_open(incident, to="cancel")
    over = _said(incident, Cancelled(_short(why, "reason")), status=Status.CANCELLED, resolved_at=now)
    return over + cancelled(pages, "the incident was cancelled")


def duplicated(
    incident: Incident, pages: Sequence[Page], of: Incident, root: Incident, *, merged: bool, now: datetime
) -> Decision:
    """It ends as the same as `of`. `root` is what `of` is a duplicate of in the end; `of` itself where it is none."""
    _must_be_open(incident, to="merge" if merged else "close")
    if of.id == incident.id:
        raise Refused(f"{incident.key} can't be a duplicate of itself.")
    if root.id == incident.id:
        raise Refused(f"{of.key} is a duplicate of {incident.key} already: there is nothing to do.")
    if root.id != of.id:
        raise Refused(f"{of.key} is a duplicate itself, of {root.key}: name that one.")
    if of.private and not incident.private:
        raise Refused(
            f"{of.key} is private and {incident.key} is open to all: `/incident private {incident.key}` comes first."
        )
    if merged and of.is_over:
        raise Refused(
            f"{of.key} is {of.status}: reopen it first, or only mark this one with `/incident duplicate {of.key}`."
        )
    event = Merged(of.key) if merged else MarkedDuplicate(of.key)
    over = _said(incident, event, status=Status.DUPLICATE, resolved_at=now, duplicate_of=of.id)
    return over + cancelled(pages, f"it {'was merged into' if merged else 'is a duplicate of'} {of.key}")


def took_in(of: Incident, other: Incident, people: Sequence[str], *, merged: bool) -> Decision:
    """What the incident that goes on says of it; the people of the other come into its channel."""
    assert of.id is not None
    if not merged:
        told = HasDuplicate(other.key)
        return Decision(events=(told,), spoken=(told,))
    # Whoever sees the one that goes on may not be named in the other, nor know who is.
    event = TookIn(other.key, "", []) if other.private else TookIn(other.key, other.title, list(people))
    invites = (InvitePeople(of.id, tuple(people)),) if people else ()
    return Decision(events=(event,), spoken=(event,), jobs=(*invites, *shown(of)))


def gone_on(incident: Incident, new: Incident, *, why: str) -> tuple[Decision, Decision]:
    """Too late to reopen: what the old incident says, and what the new one that follows it."""
    why = _short(why, "reason")
    old = WentOn(new.key, why)
    told = Followed(incident.key, why)
    return Decision(events=(old,), spoken=(old,)), Decision(events=(told,), spoken=(told,))


# ---- how it is started -------------------------------------------------------------------------

FLAG = re.compile(r"(?<!\S)(?:--|—|–)([A-Za-z][\w-]*)(?!\S)")
"""Phones make one dash of two."""


def flagged(text: str) -> tuple[str, bool, bool]:
    """The words without `--private` and `--test`, and which of them stood there.

    Raises Refused for what is nearly one of them, and for any other in front: the words of a private incident must
    not be announced because of a slip.
    """
    found = [word.lower() for word in FLAG.findall(text)]
    begins = FLAG.match(text.strip())
    for word in found:
        near = get_close_matches(word, ("private", "test"), n=1, cutoff=0.6)
        if word not in {"private", "test"} and (near or (begins and begins[1].lower() == word)):
            raise Refused(
                f"There is no --{word}: `--private` and `--test` are what there is. Nothing was started."
            )
    rest = FLAG.sub(lambda m: "" if m[1].lower() in {"private", "test"} else m[0], text)
    return re.sub(r" +", " ", rest).strip(), "private" in found, "test" in found
