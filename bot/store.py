"""REMEMBERS. `record` writes a decision whole; the queries are plain functions taking a session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, update
from sqlalchemy import insert as sql_insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.alerts import SENDERS
from bot.core.catalog import digest, to_dict
from bot.core.decision import Asked, Decision
from bot.core.jobs import Later, LookForEarlier, Order, PostLine, PostNews, TellSubscribers
from bot.core.oncall import Override, Schedule
from bot.core.paging import Rota, written
from bot.core.subscriptions import concerns, is_news
from bot.core.timeline import Name
from bot.core.verdicts import asks_again
from bot.core.versions import Version, in_force
from bot.db import insert
from bot.engine import enqueue_all
from bot.models import (
    OVER,
    Account,
    Action,
    ActionState,
    Admitted,
    Alert,
    Calendar,
    Catalog,
    CatalogVersion,
    CategoryChoice,
    Cover,
    CoverKind,
    CoverState,
    Entry,
    Guidance,
    Heartbeat,
    Inbound,
    Incident,
    Installation,
    Job,
    JobState,
    Look,
    OnDuty,
    Page,
    PageState,
    RotaEntry,
    RotaVersion,
    Said,
    Spoke,
    Status,
    Subscription,
    SwitchUse,
    Team,
    Throttle,
)

OPEN_PAGES = (PageState.WAITING, PageState.SENT)


# ---- writing ---------------------------------------------------------------------------------


async def record(
    session: AsyncSession,
    incident: Incident,
    decision: Decision,
    *,
    by: str,
    now: datetime,
    at: datetime | None = None,
    source: str | None = None,
) -> list[Entry]:
    """Write all of `decision` in the session's transaction: rows, timeline, pages and jobs.

    `at` is when it happened, if not now. `source` names the message or request it came from. The incident
    must have been read with `locked`, or be new. Returns the new timeline entries.
    """
    assert incident.id is not None
    for column, value in decision.sets.items():
        setattr(incident, column, value)
    if decision.events or decision.sets:
        incident.revision += 1
    session.add(incident)
    entries = [
        Entry(
            incident_id=incident.id,
            at=at or now,
            recorded_at=now,
            kind=event.kind,
            by=by,
            data=event.data(),
            source=source if n == 0 else None,
        )
        for n, event in enumerate(decision.events)
    ]
    session.add_all(entries)
    await _write_pages(session, incident.id, decision, now)
    await session.flush()
    orders: list[tuple[Order, datetime | None]] = [
        (job.order, job.at) if isinstance(job, Later) else (job, None) for job in decision.jobs
    ]
    for event, entry in zip(decision.events, entries, strict=True):
        if event in decision.spoken and entry.id is not None:
            orders.append((PostLine(incident.id, entry.id), None))
        if entry.id is not None and is_news(event):
            orders.append((PostNews(incident.id, entry.id), None))
        if entry.id is not None and concerns(event):
            orders.append((TellSubscribers(incident.id, entry.id), None))
        if entry.id is not None and asks_again(event):
            orders.append((LookForEarlier(incident.id, f"entry:{entry.id}"), None))
    await enqueue_all(session, orders, now=now)
    return entries


async def _write_pages(session: AsyncSession, incident_id: int, decision: Decision, now: datetime) -> None:
    changed = {page.number: page for page in decision.pages if not isinstance(page, Asked)}
    if changed:
        rows = select(Page).where(Page.incident_id == incident_id, col(Page.number).in_(changed))
        for row in (await session.exec(rows)).all():
            row.state, row.answer, row.answered_at = (
                changed[row.number].state,
                changed[row.number].answer,
                now,
            )
            session.add(row)
    for page in decision.pages:
        if isinstance(page, Asked):
            session.add(
                Page(
                    incident_id=incident_id,
                    number=page.number,
                    run=page.run,
                    step=page.step,
                    by_hand=page.by_hand,
                    person=page.person,
                    why=page.why,
                    created_at=now,
                )
            )


async def heard(session: AsyncSession, request_id: str, now: datetime) -> Inbound | None:
    """Claim a request in this transaction: None the first time, else what was made of it then.

    A second delivery that arrives while the first is being handled waits for it here.
    """
    claim = (
        insert(session.get_bind().dialect.name, Inbound)
        .values(request_id=request_id, received_at=now, reply="")
        .on_conflict_do_nothing()
        .returning(col(Inbound.request_id))
    )
    if (await session.exec(claim)).first() is not None:
        return None
    return await session.get(Inbound, request_id, populate_existing=True)


async def answer(session: AsyncSession, request_id: str, reply: str) -> None:
    """Keep what was answered to a request that was claimed with `heard`."""
    await session.exec(update(Inbound).where(col(Inbound.request_id) == request_id).values(reply=reply))


async def keep_catalog(session: AsyncSession, catalog: Catalog, now: datetime) -> int:
    """The id of the version in force; a new one only when the catalog differs from the newest that is kept."""
    mark = digest(catalog)
    known = select(CatalogVersion.id, CatalogVersion.digest).order_by(col(CatalogVersion.id).desc()).limit(1)
    newest = (await session.exec(known)).first()
    if newest is not None and newest[1] == mark:
        return int(newest[0] or 0)
    version = CatalogVersion(at=now, digest=mark, content=to_dict(catalog))
    session.add(version)
    await session.flush()
    assert version.id is not None
    return version.id


async def catalog_at(session: AsyncSession, moment: datetime) -> CatalogVersion | None:
    """The version in force at `moment`; None before the first."""
    rows = select(CatalogVersion).where(CatalogVersion.at <= moment)
    newest = rows.order_by(col(CatalogVersion.at).desc(), col(CatalogVersion.id).desc())
    return (await session.exec(newest.limit(1))).first()


# ---- on-call -------------------------------------------------------------------------------------


async def rota(
    session: AsyncSession,
    catalog: Catalog,
    *,
    teams: Iterable[str] | None = None,
    since: datetime | None = None,
) -> Rota:
    """Every team's schedule as it was edited, with the covers and swaps that count; of `teams` only, where given.

    `since`: covers that ended before are left out, for whoever does not look back so far.
    """
    versions = select(RotaVersion).order_by(col(RotaVersion.since), col(RotaVersion.id))
    laid = select(Cover).where(
        Cover.state == CoverState.AGREED, col(Cover.kind).in_((CoverKind.COVER, CoverKind.SWAP))
    )
    ids = set(teams or ())
    if teams is not None:
        versions = versions.where(col(RotaVersion.team).in_(ids))
        laid = laid.where(col(Cover.team).in_(ids))
    if since is not None:
        laid = laid.where(Cover.end > since)
    edits: dict[str, list[RotaVersion]] = {}
    for row in (await session.exec(versions)).all():
        edits.setdefault(row.team, []).append(row)
    over: dict[str, list[Override]] = {}
    for cover in (await session.exec(laid.order_by(col(Cover.id)))).all():
        replaces = cover.replaces if cover.kind is CoverKind.SWAP else None
        over.setdefault(cover.team, []).append(Override(cover.person, cover.start, cover.end, replaces))
    done: dict[str, Schedule] = {}

    def schedule(team: Team) -> Schedule:
        assert teams is None or team.id in ids, f"the schedule of {team.id} was not asked for"
        if team.id not in done:
            rows = edits.get(team.id, [])
            known = in_force([Version(row.since, row.written) for row in rows]) if rows else written(team)
            done[team.id] = known.with_overrides(over.get(team.id, ()))
        return done[team.id]

    return schedule


async def rota_versions(session: AsyncSession, team: str) -> Sequence[RotaVersion]:
    """A team's versions, oldest first; those with a `since` to come are planned."""
    rows = select(RotaVersion).where(RotaVersion.team == team)
    return (await session.exec(rows.order_by(col(RotaVersion.since), col(RotaVersion.id)))).all()


async def covers(
    session: AsyncSession, *, team: str = "", since: datetime, kinds: Iterable[CoverKind] = CoverKind
) -> list[Cover]:
    """Covers, swaps and requests that end after `since`, oldest first, whatever became of them."""
    rows = select(Cover).where(Cover.end > since, col(Cover.kind).in_(list(kinds)))
    if team:
        rows = rows.where(Cover.team == team)
    return list((await session.exec(rows.order_by(col(Cover.id)))).all())


async def cover(session: AsyncSession, number: int) -> Cover | None:
    """One cover, held until the transaction ends: of two takers the second waits and finds it taken."""
    rows = select(Cover).where(Cover.id == number).with_for_update()
    return (await session.exec(rows.execution_options(populate_existing=True))).first()


async def shadows(session: AsyncSession, team: str, at: datetime) -> list[str]:
    """Those who are learning in `team` at `at`: they read a page and answer for nothing."""
    rows = select(Cover).where(
        Cover.team == team,
        Cover.kind == CoverKind.SHADOW,
        Cover.state == CoverState.AGREED,
        Cover.start <= at,
        Cover.end > at,
    )
    return list(dict.fromkeys(row.person for row in (await session.exec(rows.order_by(col(Cover.id)))).all()))


async def on_duty(session: AsyncSession) -> Sequence[OnDuty]:
    return (await session.exec(select(OnDuty))).all()


async def calendars(session: AsyncSession) -> Sequence[Calendar]:
    return (await session.exec(select(Calendar))).all()


async def zones(session: AsyncSession, catalog: Catalog) -> dict[str, str]:
    """The IANA zone in which each catalog person lives, as far as Slack or the catalog say."""
    known = select(Account.person, Account.timezone).where(col(Account.person) != "")
    found = {person.id: person.timezone for person in catalog.people.values() if person.timezone}
    return found | {person: zone for person, zone in (await session.exec(known)).all() if zone}


async def open_of_team(session: AsyncSession, team: str, seen_by: ColumnElement[bool]) -> Sequence[Incident]:
    """A team's open incidents that count, as far as `seen_by` leaves them; the worst first."""
    rows = select(Incident).where(
        Incident.team == team, col(Incident.status).not_in(list(OVER)), ~col(Incident.test), seen_by
    )
    return (await session.exec(rows.order_by(col(Incident.severity), col(Incident.id)))).all()


async def unanswered_of_team(
    session: AsyncSession, team: str, seen_by: ColumnElement[bool]
) -> Sequence[Page]:
    """Pages of those incidents that nobody has answered."""
    rows = (
        select(Page)
        .join(Incident, col(Page.incident_id) == col(Incident.id))
        .where(
            Incident.team == team,
            col(Incident.status).not_in(list(OVER)),
            Incident.owner == "",
            ~col(Incident.test),
            seen_by,
            col(Page.state).in_((*OPEN_PAGES, PageState.UNANSWERED)),
        )
    )
    return (await session.exec(rows)).all()


async def due_of_team(
    session: AsyncSession, team: str, until: date, seen_by: ColumnElement[bool]
) -> Sequence[Action]:
    """A team's open action items that are due by `until`, of incidents that `seen_by` leaves; the most urgent first."""
    rows = (
        select(Action)
        .join(Incident, col(Action.incident_id) == col(Incident.id))
        .where(
            Action.team == team,
            Action.state == ActionState.OPEN,
            col(Action.due).is_not(None),
            col(Action.due) <= until,
            ~col(Incident.test),
            seen_by,
        )
    )
    return (await session.exec(rows.order_by(col(Action.due)))).all()


async def pages_of_team(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Page]:
    """The pages to people that a team's incidents caused from `start` to `end`, oldest first."""
    rows = (
        select(Page)
        .join(Incident, col(Page.incident_id) == col(Incident.id))
        .where(Incident.team == team, ~col(Incident.test), Page.created_at >= start, Page.created_at < end)
    )
    found = (await session.exec(rows.order_by(col(Page.created_at)))).all()
    return [page for page in found if not page.person.startswith("#")]


async def pages_since(session: AsyncSession, start: datetime) -> Sequence[tuple[Page, Incident]]:
    """Every page to a person that was delivered since `start`, with its incident, oldest first; those of tests count
    in no figure."""
    rows = (
        select(Page, Incident)
        .join(Incident, col(Page.incident_id) == col(Incident.id))
        .where(col(Page.sent_at) >= start, ~col(Incident.test))
        .order_by(col(Page.sent_at))
    )
    return [(p, i) for p, i in (await session.exec(rows)).all() if not p.person.startswith("#")]


async def note_rota(session: AsyncSession, team: str, text: str, *, by: str, now: datetime) -> None:
    """Add a line to a team's on-call record."""
    session.add(RotaEntry(team=team, at=now, by=by, text=text))


async def rota_entries(session: AsyncSession, team: str, limit: int = 30) -> Sequence[RotaEntry]:
    """A team's on-call record, newest first."""
    rows = select(RotaEntry).where(RotaEntry.team == team)
    return (await session.exec(rows.order_by(col(RotaEntry.id).desc()).limit(limit))).all()


async def alone(session: AsyncSession, what: str) -> None:
    """Until the transaction ends, no other process does `what`: SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(func.hashtext(what))))


# ---- incidents -------------------------------------------------------------------------------


def id_of(key: str) -> int | None:
    """`INC-12`, `inc-12` or `12` → 12; None when it is not a key."""
    number = key.strip().upper().removeprefix("INC-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


async def locked(session: AsyncSession, incident_id: int) -> Incident | None:
    """The incident, held until the transaction ends: whoever changes it waits for whoever does now."""
    rows = select(Incident).where(Incident.id == incident_id).with_for_update()
    return (await session.exec(rows.execution_options(populate_existing=True))).first()


async def incident(session: AsyncSession, incident_id: int) -> Incident | None:
    return await session.get(Incident, incident_id)


async def in_channel(session: AsyncSession, channel_id: str) -> Incident | None:
    """The incident whose channel this is."""
    if not channel_id:
        return None
    return (await session.exec(select(Incident).where(Incident.channel_id == channel_id))).first()


def seen_by(person: str, catalog: Catalog, admins: Iterable[str]) -> ColumnElement[bool]:
    """The incidents that `person` may know of, as a condition: `core.access.may_see` in SQL. "": what is public."""
    if person and person in set(admins):
        return or_(col(Incident.private), ~col(Incident.private))
    public = ~col(Incident.private)
    if not person:
        return public
    paged = select(Page.incident_id).where(Page.person == person)
    let_in = select(Admitted.incident_id).where(Admitted.person == person)
    leads = [team.id for team in catalog.teams.values() if team.lead == person]
    return or_(
        public,
        *(
            col(c) == person
            for c in (Incident.declared_by, Incident.owner, Incident.lead, Incident.comms, Incident.scribe)
        ),
        col(Incident.id).in_(paged),
        col(Incident.id).in_(let_in),
        col(Incident.team).in_(leads) if leads else false(),
    )


async def admitted(session: AsyncSession, incident_id: int) -> set[str]:
    """Who was let into a private incident by name."""
    rows = select(Admitted.person).where(Admitted.incident_id == incident_id)
    return set((await session.exec(rows)).all())


async def admit(session: AsyncSession, incident_id: int, person: str, *, by: str, now: datetime) -> bool:
    """Let somebody into a private incident by name. False: they were let in before."""
    row = (
        insert(session.get_bind().dialect.name, Admitted)
        .values(incident_id=incident_id, person=person, by=by, at=now)
        .on_conflict_do_nothing()
        .returning(col(Admitted.person))
    )
    return (await session.exec(row)).first() is not None


async def locked_both(session: AsyncSession, one: int, other: int) -> tuple[Incident | None, Incident | None]:
    """Two incidents, held: always in the same order, so that nobody waits for each other."""
    found = {number: await locked(session, number) for number in sorted({one, other})}
    return found[one], found[other]


async def root(session: AsyncSession, incident: Incident) -> Incident:
    """What an incident is a duplicate of in the end; itself where it is none."""
    seen = {incident.id}
    while incident.status is Status.DUPLICATE and incident.duplicate_of not in {None, *seen}:
        assert incident.duplicate_of is not None
        above = await session.get(Incident, incident.duplicate_of)
        if above is None:
            break
        seen.add(above.id)
        incident = above
    return incident


async def private_of(session: AsyncSession, ids: Iterable[object]) -> set[int]:
    """Which of these incidents are private."""
    numbers = [number for number in ids if isinstance(number, int)]
    rows = select(Incident.id).where(col(Incident.id).in_(numbers), col(Incident.private))
    return {int(number) for number in (await session.exec(rows)).all() if number is not None}


async def following(session: AsyncSession, incident_id: int) -> Incident | None:
    """The newest open incident that goes on with this one."""
    rows = select(Incident).where(Incident.follows == incident_id, col(Incident.status).not_in(list(OVER)))
    return (await session.exec(rows.order_by(col(Incident.id).desc()))).first()


async def posted(session: AsyncSession, incident_id: int) -> Sequence[Job]:
    """The done jobs of an incident that left a message in Slack: their result names its channel and ts."""
    mine = col(Job.payload)["incident"].as_integer() == incident_id
    rows = (await session.exec(select(Job).where(Job.state == JobState.DONE, mine))).all()
    return [job for job in rows if job.result and job.result.get("channel") and job.result.get("ts")]


async def answered_openly(session: AsyncSession, incident_id: int) -> list[tuple[str, str]]:
    """Channel and time of answers to mentions that everybody there reads, and that came to speak of an incident."""
    named = select(Inbound.request_id).where(
        col(Inbound.request_id).contains("mention:"),
        col(Inbound.reply).contains(f'"incident": {incident_id},'),
    )
    about = {id[id.index("mention:") :] for id in (await session.exec(named)).all()}
    jobs = select(Job).where(Job.kind == "Say", col(Job.payload)["about"].as_string().in_(about))
    where = [job.result for job in (await session.exec(jobs)).all() if job.result and job.result.get("ts")]
    return [(str(r["channel"]), str(r["ts"])) for r in where if not str(r["channel"]).startswith("D")]


async def raised_by(session: AsyncSession, incident_id: int) -> list[str]:
    """The issues of earlier incidents' items in which this one was named as having broken for the same reason."""
    again = col(Job.payload)["again"].as_integer() == incident_id
    jobs = select(Job).where(Job.kind == "RaiseIssue", col(Job.state) != JobState.DEAD, again)
    ids = [str(job.payload["action"]) for job in (await session.exec(jobs)).all()]
    keys = select(Action.jira).where(col(Action.id).in_(ids), col(Action.jira).is_not(None))
    return sorted(key for key in (await session.exec(keys)).all() if key)


async def told_again(session: AsyncSession, incident_id: int, since: datetime) -> list[str]:
    """The items whose issues have been told since then that an incident broke for the same reason."""
    again = col(Job.payload)["again"].as_integer() == incident_id
    jobs = select(Job).where(Job.kind == "RaiseIssue", col(Job.created_at) >= since, again)
    done = [job for job in (await session.exec(jobs.order_by(col(Job.id)))).all() if job.result]
    told = [job for job in done if (job.result or {}).get("told") and not job.payload.get("taken_back")]
    return list(dict.fromkeys(str(job.payload["action"]) for job in told))


async def incidents(
    session: AsyncSession,
    *,
    only_open: bool = False,
    limit: int = 200,
    seen_by: ColumnElement[bool] | None = None,
) -> Sequence[Incident]:
    """Newest first; those that `seen_by` leaves, or all for whoever runs the database."""
    rows = select(Incident).order_by(col(Incident.id).desc()).limit(limit)
    if seen_by is not None:
        rows = rows.where(seen_by)
    if only_open:
        rows = rows.where(col(Incident.status).not_in(list(OVER)))
    return (await session.exec(rows)).all()


async def twin(
    session: AsyncSession,
    service: str,
    team: str,
    title: str,
    since: datetime,
    *,
    test: bool,
    seen_by: ColumnElement[bool],
) -> Incident | None:
    """An open incident declared since `since` with the same words for the same owner, if `seen_by` leaves it.

    Of two starts at the same moment the second waits here for the first: SQLite has one writer anyway.
    """
    await alone(session, f"{team} {title.lower()}")
    rows = select(Incident).where(
        Incident.declared_at >= since,
        Incident.service == service,
        Incident.team == team,
        func.lower(Incident.title) == title.lower(),
        col(Incident.status).not_in(list(OVER)),
        Incident.test == test,
        seen_by,
    )
    return (await session.exec(rows.order_by(col(Incident.id).desc()))).first()


async def asked_for(session: AsyncSession, person: str) -> Sequence[Incident]:
    """Open incidents in which `person` has an open page, or which they have; newest first."""
    rows = (
        select(Incident)
        .join(Page, (col(Page.incident_id) == col(Incident.id)) & (Page.person == person), isouter=True)
        .where(
            col(Incident.status).not_in(list(OVER)),
            col(Page.state).in_((*OPEN_PAGES, PageState.UNANSWERED)) | (Incident.owner == person),
        )
        .order_by(col(Incident.id).desc())
        .distinct()
    )
    return (await session.exec(rows)).all()


async def entries(session: AsyncSession, incident_id: int) -> list[Entry]:
    rows = select(Entry).where(Entry.incident_id == incident_id).order_by(col(Entry.at), col(Entry.id))
    return list((await session.exec(rows)).all())


async def pages_of(session: AsyncSession, person: str) -> Sequence[tuple[Page, Incident]]:
    """The pages of open incidents that `person` has yet to answer, the worst first; each incident's newest."""
    rows = (
        select(Page, Incident)
        .join(Incident, col(Page.incident_id) == col(Incident.id))
        .where(
            Page.person == person,
            col(Incident.status).not_in(list(OVER)),
            col(Page.state).in_(OPEN_PAGES) | ((Page.state == PageState.UNANSWERED) & (Incident.owner == "")),
        )
        .order_by(col(Incident.severity), col(Incident.id), col(Page.number))
    )
    return list(
        {page.incident_id: (page, incident) for page, incident in (await session.exec(rows)).all()}.values()
    )


async def held_by(session: AsyncSession, person: str) -> Sequence[Incident]:
    """Open incidents that `person` has, or has a role in, the worst first."""
    roles = (Incident.owner, Incident.lead, Incident.comms, Incident.scribe)
    rows = select(Incident).where(
        col(Incident.status).not_in(list(OVER)), or_(*(col(role) == person for role in roles))
    )
    return (await session.exec(rows.order_by(col(Incident.severity), col(Incident.id)))).all()


async def open_of_teams(
    session: AsyncSession, teams: Iterable[str], seen_by: ColumnElement[bool]
) -> Sequence[Incident]:
    """Open incidents of `teams` as far as `seen_by` leaves them, the worst first."""
    rows = select(Incident).where(
        col(Incident.team).in_(list(teams)), col(Incident.status).not_in(list(OVER)), seen_by
    )
    return (await session.exec(rows.order_by(col(Incident.severity), col(Incident.id)))).all()


async def newest(session: AsyncSession, seen_by: ColumnElement[bool], limit: int) -> Sequence[Incident]:
    """The newest incidents first, without false alarms and duplicates."""
    nothing = [Status.CANCELLED, Status.DUPLICATE]
    rows = select(Incident).where(seen_by, col(Incident.status).not_in(nothing))
    return (await session.exec(rows.order_by(col(Incident.id).desc()).limit(limit))).all()


async def lane_waits(session: AsyncSession, lane: str) -> bool:
    """Whether a job of `lane` has yet to begin; it stays unbegun until the transaction ends, so it will see what we write."""
    rows = select(Job).where(Job.lane == lane, Job.state == JobState.READY, col(Job.leased_until).is_(None))
    return (await session.exec(rows.limit(1).with_for_update(skip_locked=True))).first() is not None


async def lines_since(session: AsyncSession, incident_id: int, kinds: Sequence[str], since: datetime) -> int:
    """How many of an incident's lines of these kinds were recorded since `since`."""
    rows = select(func.count()).where(
        Entry.incident_id == incident_id, col(Entry.kind).in_(kinds), Entry.recorded_at >= since
    )
    return (await session.exec(rows.select_from(Entry))).one()


async def last_sign_of(session: AsyncSession, incident_id: int, person: str) -> datetime | None:
    """When `person` last did or said anything in the incident or its channel; None: never."""
    newest = select(func.max(Entry.recorded_at)).where(Entry.incident_id == incident_id, Entry.by == person)
    theirs = select(Account.slack_id).where(Account.person == person)
    spoken = select(func.max(Spoke.at)).where(
        Spoke.incident_id == incident_id,
        col(Spoke.slack_id).in_(theirs) | (col(Spoke.slack_id) == person),
    )
    found = [(await session.exec(newest)).first(), (await session.exec(spoken)).first()]
    return max((moment for moment in found if moment is not None), default=None)


async def lately(session: AsyncSession, since: datetime) -> Sequence[Incident]:
    """Incidents with a channel that are open, or ended since two days before `since`."""
    rows = select(Incident).where(
        Incident.channel_id != "",
        col(Incident.status).not_in(list(OVER)) | (col(Incident.resolved_at) >= since - timedelta(days=2)),
    )
    return (await session.exec(rows)).all()


async def last_word(session: AsyncSession, incident_id: int) -> datetime | None:
    """When anybody last said or did anything in the incident or its channel; None: never."""
    newest = select(func.max(Entry.recorded_at)).where(Entry.incident_id == incident_id)
    spoken = select(func.max(Spoke.at)).where(Spoke.incident_id == incident_id)
    found = [(await session.exec(newest)).first(), (await session.exec(spoken)).first()]
    return max((moment for moment in found if moment is not None), default=None)


async def over_with_channel(session: AsyncSession, before: datetime) -> Sequence[Incident]:
    """Incidents that ended before then and whose channel is still in use, the oldest first."""
    rows = select(Incident).where(
        col(Incident.status).in_(list(OVER)),
        col(Incident.resolved_at) <= before,
        Incident.channel_id != "",
        Incident.channel_lost == "",
        col(Incident.archived_at).is_(None),
    )
    return (await session.exec(rows.order_by(col(Incident.resolved_at)))).all()


async def taking_part(session: AsyncSession, person: str) -> Sequence[int]:
    """Open incidents that `person` has, or in which they have a role."""
    parts = (Incident.owner, Incident.lead, Incident.comms, Incident.scribe)
    rows = select(Incident.id).where(
        col(Incident.status).not_in(list(OVER)), or_(*(col(part) == person for part in parts))
    )
    return [number for number in (await session.exec(rows)).all() if number is not None]


async def spoke_in(session: AsyncSession, incident_id: int) -> list[str]:
    """The Slack accounts that have said something in an incident's channel."""
    rows = select(Spoke.slack_id).where(Spoke.incident_id == incident_id).order_by(col(Spoke.slack_id))
    return [found for found in (await session.exec(rows)).all() if is_slack_id(found)]


async def has_line(session: AsyncSession, incident_id: int, source: str) -> bool:
    """Whether something that is named by `source` stands in the timeline already."""
    rows = select(Entry.id).where(Entry.incident_id == incident_id, Entry.source == source)
    return (await session.exec(rows)).first() is not None


async def subscribe(session: AsyncSession, about: str, slack_id: str, now: datetime) -> bool:
    """Whether it is new."""
    row = (
        insert(session.get_bind().dialect.name, Subscription)
        .values(about=about, slack_id=slack_id, at=now)
        .on_conflict_do_nothing()
        .returning(col(Subscription.about))
    )
    return (await session.exec(row)).first() is not None


async def unsubscribe(session: AsyncSession, about: str, slack_id: str) -> bool:
    """Whether there was anything to end."""
    mine = delete(Subscription).where(
        col(Subscription.about) == about, col(Subscription.slack_id) == slack_id
    )
    return bool((await session.exec(mine)).rowcount)


async def unsubscribe_from_all(session: AsyncSession, slack_id: str) -> None:
    """An account that is gone reads nothing any more."""
    await session.exec(delete(Subscription).where(col(Subscription.slack_id) == slack_id))


async def subscribers(session: AsyncSession, topics: Sequence[str]) -> dict[str, str]:
    """Who is told of any of `topics`, and for which of them: the first that they subscribed to."""
    rows = select(Subscription.about, Subscription.slack_id).where(col(Subscription.about).in_(topics))
    found = sorted((await session.exec(rows)).all(), key=lambda row: (topics.index(row[0]), row[1]))
    return {slack_id: about for about, slack_id in reversed(found)}


async def subscribed(session: AsyncSession, about: str, slack_id: str) -> bool:
    return await session.get(Subscription, (about, slack_id)) is not None


async def entry(session: AsyncSession, entry_id: int) -> Entry | None:
    return await session.get(Entry, entry_id)


async def pages(session: AsyncSession, incident_id: int) -> list[Page]:
    rows = select(Page).where(Page.incident_id == incident_id).order_by(col(Page.number))
    return list((await session.exec(rows.execution_options(populate_existing=True))).all())


async def page(session: AsyncSession, incident_id: int, number: int) -> Page | None:
    return (
        await session.exec(select(Page).where(Page.incident_id == incident_id, Page.number == number))
    ).first()


async def actions(session: AsyncSession, incident_id: int) -> list[Action]:
    rows = (
        select(Action)
        .where(Action.incident_id == incident_id)
        .order_by(col(Action.created_at), col(Action.id))
    )
    return list((await session.exec(rows)).all())


async def action(session: AsyncSession, action_id: str) -> Action | None:
    return await session.get(Action, action_id, populate_existing=True)


# ---- switches, guides, readiness -------------------------------------------------------------------


async def switch_uses(session: AsyncSession, incident_id: int) -> list[SwitchUse]:
    """The switches that were pulled in an incident, in order."""
    rows = select(SwitchUse).where(SwitchUse.incident_id == incident_id)
    return list((await session.exec(rows.order_by(col(SwitchUse.at), col(SwitchUse.id)))).all())


async def drills(session: AsyncSession, service: str) -> list[SwitchUse]:
    rows = select(SwitchUse).where(SwitchUse.service == service, col(SwitchUse.incident_id).is_(None))
    return list((await session.exec(rows.order_by(col(SwitchUse.at), col(SwitchUse.id)))).all())


async def guidance(session: AsyncSession, incident_id: int) -> list[Guidance]:
    """Who was asked for advice in an incident, in order."""
    rows = select(Guidance).where(Guidance.incident_id == incident_id).order_by(col(Guidance.id))
    return list((await session.exec(rows.execution_options(populate_existing=True))).all())


def _counted() -> ColumnElement[bool]:
    """What stands in a card or a figure that everybody reads: no private word, no test, no false alarm."""
    return and_(
        ~col(Incident.private),
        ~col(Incident.test),
        col(Incident.status).not_in([Status.CANCELLED, Status.DUPLICATE]),
    )


async def shown_by(session: AsyncSession, service: str, limit: int) -> Sequence[Incident]:
    """A service's last incidents that count, newest first."""
    rows = select(Incident).where(Incident.service == service, _counted())
    return (await session.exec(rows.order_by(col(Incident.id).desc()).limit(limit))).all()


async def uses_of_service(session: AsyncSession, service: str, limit: int = 1000) -> Sequence[SwitchUse]:
    """Drills, and pulls in incidents that count, newest first."""
    rows = (
        select(SwitchUse)
        .join(Incident, col(SwitchUse.incident_id) == col(Incident.id), isouter=True)
        .where(SwitchUse.service == service, or_(col(SwitchUse.incident_id).is_(None), _counted()))
    )
    return (await session.exec(rows.order_by(col(SwitchUse.at).desc()).limit(limit))).all()


async def items_of_service(session: AsyncSession, service: str) -> Sequence[Action]:
    """Candidates and open action items of a service's incidents that count."""
    rows = (
        select(Action)
        .join(Incident, col(Action.incident_id) == col(Incident.id))
        .where(
            Incident.service == service,
            _counted(),
            col(Action.state).in_([ActionState.CANDIDATE, ActionState.OPEN]),
        )
    )
    return (await session.exec(rows.order_by(col(Action.created_at).desc()))).all()


async def actions_of_issues(
    session: AsyncSession, keys: Iterable[str], ids: Iterable[str]
) -> Sequence[Action]:
    """The items that stand in Jira under one of `keys`, or that an issue's label names."""
    rows = select(Action).where(col(Action.jira).in_(set(keys)) | col(Action.id).in_(set(ids)))
    return (await session.exec(rows)).all()


async def open_in_jira(session: AsyncSession, after: str, limit: int) -> Sequence[Action]:
    """Open items that stand in Jira, in order of their ids."""
    rows = select(Action).where(
        Action.state == ActionState.OPEN, col(Action.jira).is_not(None), col(Action.id) > after
    )
    return (await session.exec(rows.order_by(col(Action.id)).limit(limit))).all()


async def unfiled_to(session: AsyncSession, incident_id: int, team: str) -> None:
    """Items of an incident that stand in no backlog yet belong to the team that it belongs to now."""
    waiting = col(Action.state).in_([ActionState.OPEN, ActionState.CANDIDATE])
    mine = update(Action).where(col(Action.incident_id) == incident_id, col(Action.jira).is_(None), waiting)
    await session.exec(mine.values(team=team))


async def candidates(session: AsyncSession, incident_id: int) -> Sequence[Action]:
    """Items of an incident that nobody has confirmed."""
    rows = select(Action).where(Action.incident_id == incident_id, Action.state == ActionState.CANDIDATE)
    return (await session.exec(rows.order_by(col(Action.created_at), col(Action.id)))).all()


async def looked(session: AsyncSession, what: str) -> datetime | None:
    """When `what` was last looked through; None: never."""
    row = await session.get(Look, what, populate_existing=True)
    return row.at if row else None


async def look_done(session: AsyncSession, what: str, at: datetime) -> None:
    row = await session.get(Look, what) or Look(what=what, at=at)
    row.at = max(row.at, at)
    session.add(row)


async def choices(session: AsyncSession, limit: int = 10_000) -> Sequence[CategoryChoice]:
    """What people chose for the category of a text, the newest first."""
    rows = select(CategoryChoice).order_by(col(CategoryChoice.at).desc(), col(CategoryChoice.words))
    return (await session.exec(rows.limit(limit))).all()


async def chosen(session: AsyncSession, limit: int = 10_000) -> dict[str, str]:
    """Categories by the words of the text that somebody chose them for, the newest first."""
    rows = select(CategoryChoice.words, CategoryChoice.category).order_by(
        col(CategoryChoice.at).desc(), col(CategoryChoice.words)
    )
    return {str(words): str(category) for words, category in (await session.exec(rows.limit(limit))).all()}


async def jobs_of(session: AsyncSession, incident_id: int) -> tuple[int, int]:
    """How many of an incident's jobs wait (timers for later included), and how many were given up."""
    mine = col(Job.payload)["incident"].as_integer() == incident_id
    waiting = select(func.count()).select_from(Job).where(Job.state == JobState.READY, mine)
    failed = select(func.count()).select_from(Job).where(Job.state == JobState.DEAD, mine)
    return (await session.exec(waiting)).one(), (await session.exec(failed)).one()


async def waiting(session: AsyncSession, keys: Sequence[str]) -> int:
    """How many jobs of these keys are still to be done."""
    rows = select(func.count()).select_from(Job).where(col(Job.key).in_(keys), Job.state == JobState.READY)
    return (await session.exec(rows)).one()


async def due_of(session: AsyncSession, incident_id: int, now: datetime) -> int:
    """How many of an incident's jobs should be done by now."""
    mine = col(Job.payload)["incident"].as_integer() == incident_id
    due = (
        select(func.count()).select_from(Job).where(Job.state == JobState.READY, mine, col(Job.run_at) <= now)
    )
    return (await session.exec(due)).one()


# ---- alerts ------------------------------------------------------------------------------------


async def alerts_known(session: AsyncSession, source: str, fingerprints: Sequence[str]) -> dict[str, Alert]:
    """What is known of these alerts of a source, by fingerprint."""
    rows = select(Alert).where(Alert.source == source, col(Alert.fingerprint).in_(fingerprints))
    found = (await session.exec(rows.execution_options(populate_existing=True))).all()
    return {row.fingerprint: row for row in found}


async def add_alerts(session: AsyncSession, rows: Sequence[Mapping[str, object]]) -> None:
    """New alerts, in one statement."""
    if rows:
        await (await session.connection()).execute(sql_insert(Alert), list(rows))


async def alerts_are_said(session: AsyncSession, incident_id: int) -> None:
    """What `alerts_unsaid` found stands in the timeline now."""
    mine = update(Alert).where(col(Alert.incident_id) == incident_id, ~col(Alert.said))
    await session.exec(mine.values(said=True))


async def alert(session: AsyncSession, number: int) -> Alert | None:
    return await session.get(Alert, number, populate_existing=True)


async def first_alert(session: AsyncSession, incident_id: int) -> Alert | None:
    """The alert that opened the incident, if it came from monitoring."""
    rows = select(Alert).where(Alert.incident_id == incident_id).order_by(col(Alert.id)).limit(1)
    return (await session.exec(rows)).first()


async def alerts_unsaid(session: AsyncSession, incident_id: int) -> Sequence[Alert]:
    """Those whose present state does not stand in the timeline yet, in the order in which they were first heard."""
    rows = select(Alert).where(Alert.incident_id == incident_id, ~col(Alert.said)).order_by(col(Alert.id))
    return (await session.exec(rows)).all()


async def alerts_alive(session: AsyncSession, incident_id: int) -> tuple[int, bool]:
    """How many alerts of the incident fire, and whether any of them comes and goes."""
    mine = Alert.incident_id == incident_id
    firing = select(func.count()).select_from(Alert).where(mine, col(Alert.firing))
    flapping = select(func.count()).select_from(Alert).where(mine, col(Alert.flapping))
    return (await session.exec(firing)).one(), (await session.exec(flapping)).one() > 0


async def joinable(
    session: AsyncSession, owners: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Incident]:
    """The newest open incident of each (service, team), of the team where the service is "", under their locks.

    Only those that anybody may know of, and that are no tests.
    """
    wanted = set(owners)
    of_team = (col(Incident.service) == "") & col(Incident.team).in_(
        {team for service, team in wanted if not service}
    )
    rows = select(Incident).where(
        col(Incident.service).in_({service for service, _ in wanted if service}) | of_team,
        col(Incident.status).not_in(list(OVER)),
        ~col(Incident.private),
        ~col(Incident.test),
    )
    held = rows.order_by(col(Incident.id)).with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(held)).all()
    return {
        (service, team): incident
        for incident in found
        for service, team in wanted
        if incident.service == service and (service or incident.team == team)
    }


async def last_lines(
    session: AsyncSession, incidents: Iterable[int], kinds: Iterable[str]
) -> dict[int, datetime]:
    """When the newest line of these kinds was recorded in each incident that has one."""
    rows = select(Entry.incident_id, func.max(Entry.recorded_at)).where(
        col(Entry.incident_id).in_(list(incidents)), col(Entry.kind).in_(list(kinds))
    )
    return dict((await session.exec(rows.group_by(col(Entry.incident_id)))).all())


# ---- people ----------------------------------------------------------------------------------


def is_slack_id(ref: str) -> bool:
    return len(ref) > 1 and ref[0] in "UW" and ref.isupper() and ref.isalnum()


async def person_of(session: AsyncSession, slack_id: str, catalog: Catalog) -> str:
    """The catalog id behind a Slack account, or the Slack id itself for somebody outside the catalog."""
    return known_as(await session.get(Account, slack_id), slack_id, catalog)


def known_as(account: Account | None, slack_id: str, catalog: Catalog) -> str:
    """The same, with the account read already; None: we don't know it."""
    if account is not None and account.person in catalog.people:
        return account.person
    return next((person.id for person in catalog.people.values() if person.slack == slack_id), slack_id)


async def slack_id_of(session: AsyncSession, ref: str, catalog: Catalog) -> str:
    """The Slack account of a person; "" while it is not known."""
    if is_slack_id(ref):
        return ref
    person = catalog.people.get(ref)
    if person is not None and person.slack:
        return person.slack
    found = (await session.exec(select(Account).where(Account.person == ref))).first()
    return found.slack_id if found else ""


async def accounts(session: AsyncSession) -> Sequence[Account]:
    return (await session.exec(select(Account))).all()


async def account(session: AsyncSession, slack_id: str) -> Account | None:
    return await session.get(Account, slack_id)


async def left(session: AsyncSession, slack_id: str, now: datetime) -> None:
    """An account was deactivated."""
    row = await session.get(Account, slack_id) or Account(slack_id=slack_id, seen_at=now)
    row.gone_at = now
    session.add(row)


async def has_left(session: AsyncSession, ref: str, catalog: Catalog) -> bool:
    """Whether somebody's Slack account was deactivated, as far as we know."""
    row = await session.get(Account, await slack_id_of(session, ref, catalog))
    return row is not None and row.gone_at is not None


async def zone_of(session: AsyncSession, slack_id: str, catalog: Catalog) -> str:
    """The IANA zone in which a person speaks; "" when nothing is known."""
    found = await session.get(Account, slack_id)
    if found is not None and found.timezone:
        return found.timezone
    person = catalog.people.get(await person_of(session, slack_id, catalog))
    return person.timezone if person else ""


async def names(session: AsyncSession, catalog: Catalog) -> Name:
    """What people are called, for every reference that an entry can hold."""
    outside = select(Account).where(col(Account.name) != "")
    known = {account.slack_id: account.name for account in (await session.exec(outside)).all()} | dict(
        SENDERS
    )

    def name(ref: str) -> str:
        person = catalog.people.get(ref)
        return person.called if person else known.get(ref, ref)

    return name


async def unknown_accounts(session: AsyncSession, catalog: Catalog) -> list[str]:
    """Catalog people whose Slack account has to be looked up by e-mail."""
    known = await known_people(session)
    return [p.id for p in catalog.people.values() if not p.slack and p.email and p.id not in known]


async def known_people(session: AsyncSession) -> set[str]:
    """Catalog people whose Slack account is known."""
    return set((await session.exec(select(Account.person).where(col(Account.person) != ""))).all())


async def installation(session: AsyncSession) -> Installation | None:
    return (await session.exec(select(Installation).order_by(col(Installation.seen_at).desc()))).first()


@dataclass(frozen=True)
class Whole:
    """Everything that the database knows of one incident."""

    incident: Incident
    entries: list[Entry]
    pages: list[Page]
    actions: list[Action]
    waiting: int
    failed: int
    guides: list[Guidance]
    switches: list[SwitchUse]


async def whole(session: AsyncSession, incident_id: int) -> Whole | None:
    found = await incident(session, incident_id)
    if found is None:
        return None
    waiting, failed = await jobs_of(session, incident_id)
    return Whole(
        found,
        await entries(session, incident_id),
        await pages(session, incident_id),
        await actions(session, incident_id),
        waiting,
        failed,
        await guidance(session, incident_id),
        await switch_uses(session, incident_id),
    )


# ---- the process -----------------------------------------------------------------------------


async def beat(session: AsyncSession, process: str, now: datetime) -> None:
    """Say that `process` turns the engine; rows of processes that are long gone are taken away."""
    row = await session.get(Heartbeat, process) or Heartbeat(process=process, seen_at=now)
    row.seen_at = now
    session.add(row)
    await session.exec(delete(Heartbeat).where(col(Heartbeat.seen_at) < now - timedelta(days=1)))


async def last_heartbeat(session: AsyncSession) -> datetime | None:
    return (await session.exec(select(func.max(Heartbeat.seen_at)))).first()


@dataclass(frozen=True)
class Figures:
    """What `/metrics` shows. `oldest` is how long the oldest job has been due."""

    jobs: dict[str, int]
    incidents: dict[str, int]
    pages: int
    oldest: timedelta


async def figures(session: AsyncSession, now: datetime) -> Figures:
    jobs = (await session.exec(select(Job.state, func.count()).group_by(col(Job.state)))).all()
    # Private ones stay out: that there is one, and how bad it is, is no more for everybody than its words.
    still = select(Incident.severity, func.count()).where(
        col(Incident.status).not_in(list(OVER)), ~col(Incident.private), ~col(Incident.test)
    )
    found = (await session.exec(still.group_by(col(Incident.severity)))).all()
    waiting = (
        select(func.count())
        .select_from(Page)
        .join(Incident, col(Page.incident_id) == col(Incident.id))
        .where(col(Page.state).in_(OPEN_PAGES), ~col(Incident.test))
    )
    due = select(func.min(Job.run_at)).where(Job.state == JobState.READY, col(Job.run_at) <= now)
    oldest = (await session.exec(due)).first()
    return Figures(
        {str(state): count for state, count in jobs},
        {str(severity): count for severity, count in found},
        (await session.exec(waiting)).one(),
        now - oldest if oldest else timedelta(),
    )


KEPT = timedelta(days=30)
"""How long finished jobs and requests that were heard are kept."""

ALERTS_KEPT = timedelta(days=180)
"""How long an alert that is over is remembered: it is named when it fires again."""


async def tidy(session: AsyncSession, now: datetime) -> None:
    """Take away what nobody will ask for again: finished jobs, old requests and what was said in channels of incidents
    that are over (what was marked stands in the timeline). Given-up jobs stay."""
    await session.exec(delete(Job).where(col(Job.state) == JobState.DONE, col(Job.done_at) < now - KEPT))
    await session.exec(delete(Throttle).where(col(Throttle.until) < now - KEPT))
    await session.exec(delete(Inbound).where(col(Inbound.received_at) < now - KEPT))
    still_open = select(Incident.id).where(col(Incident.status).not_in(list(OVER)))
    old = delete(Said).where(col(Said.heard_at) < now - KEPT, col(Said.incident_id).not_in(still_open))
    await session.exec(old)
    long_over = ~col(Alert.firing) & (col(Alert.last_at) < now - ALERTS_KEPT)
    await session.exec(delete(Alert).where(long_over))
