"""What reports and digests are computed from, read in SQL: only the span asked for, only what is counted.

Plain columns and no rows of the tables: a year of a large company has a hundred thousand incidents.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, func, text, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.digests import Came, Did, Due, Hit, Published
from bot.core.reports.facts import (
    AROUND,
    Advice,
    Again,
    Answer,
    Backlog,
    Early,
    Fact,
    Facts,
    Fix,
    Help,
    Hop,
    Learning,
    Moved,
    Tag,
    Unclear,
    Unwritten,
    Wake,
)
from bot.models import (
    OPEN_ITEM,
    OWNER_MATTERS,
    UNCOUNTED,
    Action,
    ActionState,
    Entry,
    Guidance,
    GuidanceState,
    Incident,
    Page,
    PageState,
    Postmortem,
    PostmortemState,
    Recurrence,
    RecurrenceState,
    Status,
    SwitchUse,
)

AT_ONCE = 5000
"""Numbers that one statement carries: both databases take more than this, and no database any number."""

SLOT = 900
"""Seconds: the clock of every zone is off by a whole number of quarters, so nights begin and end with one."""


class epoch(FunctionElement[int]):  # an SQL function, called as one
    """Whole Unix seconds of a moment."""

    type = Integer()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **how)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **how)})) AS BIGINT)"


def _word(column: Any) -> Any:
    """A closed word as the text it is stored as: turning each into its enum would take longer than reading it."""
    return type_coerce(col(column), String)


def counted(team: str = "") -> list[ColumnElement[bool]]:
    """The incidents that figures are about: real ones that everybody may know of."""
    found = [~col(Incident.private), ~col(Incident.test)]
    return [*found, col(Incident.team) == team] if team else found


_BESIDE = frozenset({"channel", "guide", "hand"})
"""Pages that the escalation did not ask for, or that reach no single person."""


def _within(start: datetime, end: datetime, team: str) -> list[ColumnElement[bool]]:
    return [*counted(team), col(Incident.declared_at) >= start, col(Incident.declared_at) < end]


def _of_incident(table: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = col(table.incident_id) == col(Incident.id)
    return found


def _select(*columns: Any) -> Any:
    """What is selected has no type of its own: the tuples of `core.reports.facts` give it one."""
    return select(*columns)


CATEGORY = func.coalesce(func.nullif(col(Action.category), ""), col(Action.suggested))
"""What a person chose, else what was suggested."""


async def _all(session: AsyncSession, query: Any) -> Sequence[Any]:
    found: Sequence[Any] = (await session.exec(query)).all()
    return found


async def facts(
    session: AsyncSession, team: str, start: datetime, end: datetime, *, guides: Collection[str] = ()
) -> Facts:
    """Of incidents declared from `start` to `end`, of `team` or ("") of all; `end` is now for what is still open.

    `guides`: the people who are asked for advice and own nothing.
    """
    before, since = start - timedelta(weeks=AROUND), int(start.timestamp())
    found = await incidents(session, team, before, end)
    owners = await _owners(session, team, before, end)
    return Facts(
        start,
        end,
        begun=await begun(session),
        incidents=found,
        titles=await titles(session, team, start, end) if team else {},
        **await _paged(session, found, team, since, owners["hops"], guides),
        **owners,
        tags=await _tags(session, found, team, since),
        backlog=await backlog(session, team, end),
        moved=await moved(session, team, start, end),
        fixes=await _fixes(session, found, team, start, end),
        again=await again(session, team, start, end),
        learnings=await _learnings(session, found, team, start, end),
        unwritten=await _unwritten(session, team, start),
        advice=await advice(session, team, start, end, found),
    )


async def known(session: AsyncSession, team: str) -> bool:
    """Whether any incident or action item that is counted was ever a team's."""
    incidents = _select(Incident.id).where(*counted(team)).limit(1)
    items = _select(Action.id).where(Action.team == team, _counts()).limit(1)
    return (await session.exec(incidents)).first() is not None or (
        await session.exec(items)
    ).first() is not None


async def begun(session: AsyncSession) -> datetime | None:
    """When the first incident of all was declared; None before there is any."""
    rows = _select(Incident.declared_at).where(*counted()).order_by(Incident.declared_at).limit(1)
    found: datetime | None = (await session.exec(rows)).first()
    return found


async def titles(session: AsyncSession, team: str, start: datetime, end: datetime) -> dict[int, str]:
    """Of the incidents that `incidents` finds."""
    rows = _select(Incident.id, Incident.title).where(*_within(start, end, team))
    return dict(await _all(session, rows))


_FACT = (
    Incident.id,
    Incident.team,
    Incident.service,
    _word(Incident.severity),
    _word(Incident.status),
    epoch(Incident.declared_at),
    epoch(Incident.acknowledged_at),
    epoch(Incident.mitigated_at),
    epoch(Incident.resolved_at),
    _word(Incident.noticed),
    _word(Incident.took),
    _word(Incident.mitigation_kind),
    Incident.owner,
)


async def incidents(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Fact]:
    """Oldest first."""
    rows = _select(*_FACT).where(*_within(start, end, team))
    return [Fact._make(row) for row in await _all(session, rows.order_by(Incident.declared_at))]


async def addresses(session: AsyncSession, keys: Collection[str], workspace: str) -> dict[str, str]:
    """Of incidents that are counted their channels, of issues their pages, by their keys."""
    numbers = [int(key.removeprefix("INC-")) for key in keys if key.startswith("INC-")]
    channels = _select(Incident.id, Incident.channel_id).where(
        col(Incident.id).in_(numbers), Incident.channel_id != "", *counted()
    )
    issues = _select(Action.jira, Action.jira_url).where(col(Action.jira).in_(keys), Action.jira_url != "")
    found = {
        f"INC-{number}": f"{workspace.rstrip('/')}/archives/{channel}"
        for number, channel in (await _all(session, channels) if numbers and workspace else ())
    }
    return found | dict(await _all(session, issues) if keys else ())


def _asked(guides: Collection[str]) -> Any:
    """As what somebody was paged: the beginning of the words that told them why (`core.paging`) says it."""
    return case(
        (col(Page.person).startswith("#"), "channel"),
        (col(Page.by_hand) & col(Page.person).in_(guides), "guide"),
        (col(Page.by_hand), "hand"),
        (col(Page.why).startswith("on call for "), "oncall"),
        (col(Page.why).startswith("next on call for "), "next"),
        (col(Page.why).startswith("fallback of "), "fallback"),
        else_="other",
    ).label("asked")


def _owned(column: Any, team: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = col(column).in_(_select(Incident.id).where(*counted(team)))
    return found


def _hang_on(column: Any, found: Sequence[Fact], team: str) -> list[ColumnElement[bool]]:
    """Rows of incidents that were `found`, and few others: numbers that follow one another are one stretch of an index."""
    numbers = [fact.id for fact in found]
    rows: list[ColumnElement[bool]] = [col(column).between(min(numbers, default=0), max(numbers, default=0))]
    return [*rows, _owned(column, team)] if team else rows


async def _paged(
    session: AsyncSession,
    found: Sequence[Fact],
    team: str,
    start: int,
    hops: Sequence[Hop],
    guides: Collection[str] = (),
) -> dict[str, Any]:
    """What pages say, looked at once. Who helped and who was asked early also of what was `found` before `start`."""
    moved = {hop.incident for hop in hops}
    rows = _select(
        Page.incident_id,
        Page.person,
        _asked(guides),
        _word(Page.state),
        epoch(Page.created_at),
        epoch(Page.sent_at),
        epoch(Page.answered_at),
    ).where(*_hang_on(Page.incident_id, found, team))
    by = {fact.id: fact for fact in found}
    answers: Counter[tuple[str, str, str]] = Counter()
    wakes: set[Wake] = set()
    early, helped = [], []
    for number, person, asked, state, created, sent, answered in await _all(session, rows):
        if (fact := by.get(number)) is None:
            continue
        if fact.declared >= start:
            answers[fact.team, asked, state] += 1
            if sent is not None and asked != "channel":
                wakes.add(Wake(person, fact.team, sent // SLOT))
        if number in moved and asked not in _BESIDE:
            early.append(Early(number, created))
        if state == PageState.ACKNOWLEDGED and answered is not None and person != fact.owner:
            helped.append(Help(number, answered))
    return {
        "answers": [Answer(*kind, n) for kind, n in answers.items()],
        "wakes": list(wakes),
        "early": early,
        "helped": helped,
    }


async def _owners(session: AsyncSession, team: str, start: datetime, end: datetime) -> dict[str, Any]:
    """What says that the wrong people were asked: few lines among millions, found by an index of their own."""
    marks = (
        _select(Entry.incident_id, epoch(Entry.at), Entry.kind, Entry.data)
        .join(Incident, _of_incident(Entry))
        # Nothing happens to an incident before it is declared: older lines need not be looked at.
        .where(text(f"entry.{OWNER_MATTERS}"), Entry.at >= start, *_within(start, end, team))
        .order_by(col(Entry.at), col(Entry.id))
    )
    hops, unclear = [], []
    for number, at, kind, data in await _all(session, marks):
        if kind == "owner_unclear":
            unclear.append(Unclear(number, bool(data.get("fallback"))))
        elif data.get("released"):
            hops.append(Hop(number, at, str(data["released"])))
    return {"hops": hops, "unclear": unclear}


async def _tags(session: AsyncSession, found: Sequence[Fact], team: str, start: int) -> Sequence[Tag]:
    rows = (
        _select(Action.incident_id, CATEGORY.label("category"))
        .where(*_hang_on(Action.incident_id, found, team), Action.state != ActionState.CANDIDATE)
        .distinct()
    )
    inside = {fact.id for fact in found if fact.declared >= start}
    return [Tag(number, category) for number, category in await _all(session, rows) if number in inside]


def _counts() -> ColumnElement[bool]:
    """That an item's incident counts, without a look at each: it is looked up among the few that don't."""
    found: ColumnElement[bool] = col(Action.incident_id).not_in(_select(Incident.id).where(text(UNCOUNTED)))
    return found


async def backlog(session: AsyncSession, team: str, now: datetime) -> Sequence[Backlog]:
    """What is open now."""

    def older(weeks: int) -> ColumnElement[bool]:
        return col(Action.created_at) <= now - timedelta(weeks=weeks)

    def count(*conditions: ColumnElement[bool]) -> Any:
        found = conditions[0]
        for condition in conditions[1:]:
            found = found & condition
        return func.sum(case((found, 1), else_=0))

    category = CATEGORY.label("category")
    rows = (
        _select(
            Action.team,
            category,
            count(~older(4)),
            count(older(4), ~older(12)),
            count(older(12)),
            count(col(Action.due) < now.date()),
        )
        .where(text(f"action.{OPEN_ITEM}"), _counts())
        .where(*([Action.team == team] if team else []))
        .group_by(Action.team, category)
    )
    return [Backlog._make(row) for row in await _all(session, rows)]


async def moved(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Moved]:
    """Items filed, done and given up from `start` to `end`."""
    category, found = CATEGORY.label("category"), []
    mine = [_counts(), *([Action.team == team] if team else [])]
    filed = (
        _select(Action.team, category, func.count())
        .where(
            Action.created_at >= start, Action.created_at < end, Action.state != ActionState.CANDIDATE, *mine
        )
        .group_by(Action.team, category)
    )
    found += [Moved(of, what, "filed", n) for of, what, n in await _all(session, filed)]
    closed = (
        _select(Action.team, category, _word(Action.state), func.count())
        .where(
            col(Action.closed_at) >= start,
            col(Action.closed_at) < end,
            col(Action.state).in_((ActionState.DONE, ActionState.WONT_DO)),
            *mine,
        )
        .group_by(Action.team, category, Action.state)
    )
    return found + [Moved(of, what, state, n) for of, what, state, n in await _all(session, closed)]


async def _known(session: AsyncSession, found: Sequence[Fact], numbers: Iterable[int]) -> dict[int, Fact]:
    """The incidents of `numbers`, of which most were `found`: only the others are looked for, not all joined."""
    by = {fact.id: fact for fact in found}
    others = sorted(set(numbers) - by.keys())
    for first in range(0, len(others), AT_ONCE):
        rows = _select(*_FACT).where(*counted(), col(Incident.id).in_(others[first : first + AT_ONCE]))
        by.update((row[0], Fact._make(row)) for row in await _all(session, rows))
    return by


async def _fixes(
    session: AsyncSession, found: Sequence[Fact], team: str, start: datetime, end: datetime
) -> Sequence[Fix]:
    """Items done from `start` to `end`, the newest first."""
    words = (Action.title, func.coalesce(Action.jira, "")) if team else ()
    rows = await _all(
        session,
        _select(Action.incident_id, Action.team, CATEGORY, epoch(Action.closed_at), *words)
        .where(
            col(Action.closed_at) >= start,
            col(Action.closed_at) < end,
            Action.state == ActionState.DONE,
            _counts(),
            *([Action.team == team] if team else []),
        )
        .order_by(col(Action.closed_at).desc()),
    )
    by = await _known(session, found, (row[0] for row in rows))
    done = []
    for number, of, category, closed, *named in rows:
        if (fact := by.get(number)) is not None:
            done.append(Fix(of, category, fact.service, closed, fact.declared, *named))
    return done


def _stood() -> Any:
    """How an item stood when the incident that it should have prevented was declared; "" where there is none.

    One that had been done counts as done although it was opened again because of that incident.
    """
    closed = col(Action.closed_at) <= col(Incident.declared_at)
    held = col(Action.id) == col(Recurrence.held)
    return case(
        (col(Action.id).is_(None), ""),
        (held, ActionState.DONE.value),
        (closed, _word(Action.state)),
        else_="open",
    )


async def again(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Again]:
    """Confirmed recurrences among incidents declared from `start` to `end`, with the items of the earlier one."""
    earlier = Incident.__table__.alias("earlier")  # type: ignore[attr-defined]  # SQLModel hides it
    rows = (
        _select(Recurrence.incident_id, Recurrence.earlier_id, Incident.team, CATEGORY, _stood())
        .join(Incident, _of_incident(Recurrence))
        .join(earlier, earlier.c.id == Recurrence.earlier_id)
        .join(
            Action,
            (col(Action.incident_id) == col(Recurrence.earlier_id))
            & (col(Action.state) != ActionState.CANDIDATE),
            isouter=True,
        )
        .where(
            *_within(start, end, team),
            Recurrence.state == RecurrenceState.CONFIRMED,
            ~earlier.c.private,
            ~earlier.c.test,
        )
    )
    return [
        Again(new, old, of, category or "", state or "")
        for new, old, of, category, state in await _all(session, rows)
    ]


async def advice(
    session: AsyncSession, team: str, start: datetime, end: datetime, found: Sequence[Fact] = ()
) -> Sequence[Advice]:
    """Of one question the guide who answered, else who came, else who was asked first. `found` are incidents known by now."""
    rows = await _all(
        session,
        _select(
            Guidance.incident_id,
            Guidance.number,
            Guidance.team,
            epoch(Guidance.asked_at),
            epoch(Guidance.came_at),
            _word(Guidance.state),
            Guidance.person,
            Guidance.minutes,
            Guidance.answer,
        )
        .where(col(Guidance.asked_at) >= start, col(Guidance.asked_at) < end)
        # Of those who asked, and of the guides themselves: no team is both.
        .where(*([(col(Guidance.team) == team) | _owned(Guidance.incident_id, team)] if team else []))
        .order_by(col(Guidance.id)),
    )
    by = await _known(session, found, (row[0] for row in rows))
    told: dict[tuple[int, int], Advice] = {}
    for number, question, asked_of, asked, came, state, person, minutes, answer in rows:
        if (fact := by.get(number)) is None:
            continue
        answered = state == GuidanceState.ANSWERED
        one = Advice(fact.team, asked_of, asked, None, person if answered else "", minutes, answer)
        known = told.setdefault((number, question), one)
        if answered or (came is not None and not known.guide):
            waited = max(0, came - known.asked) if came is not None else known.waited
            told[number, question] = one._replace(asked=known.asked, waited=waited)
    return list(told.values())


async def drilled(
    session: AsyncSession, services: Collection[str], start: datetime, end: datetime
) -> Sequence[Any]:
    """Switches of `services` that were tried outside an incident: service, switch, by whom, and whether it worked."""
    rows = (
        _select(SwitchUse.service, SwitchUse.switch, SwitchUse.by, _word(SwitchUse.helped))
        .where(
            col(SwitchUse.incident_id).is_(None),
            col(SwitchUse.service).in_(services),
            col(SwitchUse.at) >= start,
            col(SwitchUse.at) < end,
        )
        .order_by(SwitchUse.at)
    )
    return await _all(session, rows)


async def _unwritten(session: AsyncSession, team: str, start: datetime) -> Unwritten | None:
    """Postmortems that were due before `start`, of incidents that are resolved; None where all are published."""
    rows = (
        _select(func.count(), func.min(Postmortem.due))
        .join(Incident, _of_incident(Postmortem))
        .where(
            col(Postmortem.due) < start.date(),
            Postmortem.state != PostmortemState.PUBLISHED,
            Incident.status == Status.RESOLVED,
            *counted(team),
        )
    )
    n, oldest = (await _all(session, rows))[0]
    return Unwritten(n, oldest) if n else None


async def _learnings(
    session: AsyncSession, found: Sequence[Fact], team: str, start: datetime, end: datetime
) -> Sequence[Learning]:
    rows = await _all(
        session,
        _select(
            Postmortem.incident_id, Postmortem.due, Postmortem.published_at, _word(Postmortem.state)
        ).where(
            col(Postmortem.due) >= start.date(),
            col(Postmortem.due) < end.date(),
            *([_owned(Postmortem.incident_id, team)] if team else []),
        ),
    )
    by = await _known(session, found, (row[0] for row in rows))
    return [
        Learning(fact.team, due, at.date() if at and state == PostmortemState.PUBLISHED else None)
        for number, due, at, state in rows
        if (fact := by.get(number)) and fact.status == Status.RESOLVED
    ]


# ---- the digest ----------------------------------------------------------------------------------


async def weekly(session: AsyncSession, team: str, since: datetime, start: datetime, end: datetime) -> Facts:
    """Incidents `since`, for what is usual; what became of action items only from `start` to `end`."""
    found = await incidents(session, team, since, end)
    owners = await _owners(session, team, since, end)
    return Facts(
        since,
        end,
        begun=await begun(session),
        incidents=found,
        titles=await titles(session, team, start, end),
        **await _paged(session, found, team, int(start.timestamp()), owners["hops"]),
        **owners,
        backlog=[*await backlog(session, team, end), *await _overdue_then(session, team, end)],
        moved=await moved(session, team, start, end),
    )


async def _overdue_then(session: AsyncSession, team: str, end: datetime) -> Sequence[Backlog]:
    """What was overdue at `end` and has been closed since."""
    category = CATEGORY.label("category")
    rows = (
        _select(Action.team, category, func.count())
        .where(
            # Whatever was due by then had been filed: asking for that too leads SQLite to the wrong index.
            col(Action.closed_at) >= end,
            col(Action.due) < end.date(),
            col(Action.state).in_((ActionState.DONE, ActionState.WONT_DO)),
            _counts(),
        )
        .where(*([Action.team == team] if team else []))
        .group_by(Action.team, category)
    )
    return [Backlog(of, what, 0, 0, 0, n) for of, what, n in await _all(session, rows)]


async def published(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Published]:
    rows = (
        _select(Incident.id, Incident.title, Incident.team, Postmortem.lesson)
        .join(Postmortem, _of_incident(Postmortem))
        .where(
            col(Postmortem.published_at) >= start,
            col(Postmortem.published_at) < end,
            Postmortem.state == PostmortemState.PUBLISHED,
            *counted(team),
        )
        .order_by(col(Postmortem.published_at))
    )
    return [Published(f"INC-{number}", *more) for number, *more in await _all(session, rows)]


async def due(session: AsyncSession, team: str, end: datetime) -> Sequence[Due]:
    """What is not published and was due before `end`, or is within the week after it; the oldest first."""
    today = end.date()
    rows = (
        _select(Incident.id, Incident.title, Incident.team, Postmortem.due)
        .join(Postmortem, _of_incident(Postmortem))
        .where(
            col(Postmortem.due) < today + timedelta(weeks=1),
            Incident.status == Status.RESOLVED,
            Postmortem.created_at < end,
            (col(Postmortem.state) != PostmortemState.PUBLISHED) | (col(Postmortem.published_at) >= end),
            *counted(team),
        )
        .order_by(col(Postmortem.due))
    )
    return [
        Due(f"INC-{number}", title, of, day, day < today)
        for number, title, of, day in await _all(session, rows)
    ]


async def came(session: AsyncSession, team: str, start: datetime, end: datetime) -> Sequence[Came]:
    """Confirmed in the week, whenever the incident was declared."""
    earlier = Incident.__table__.alias("earlier")  # type: ignore[attr-defined]  # SQLModel hides it
    rows = (
        _select(
            Recurrence.incident_id,
            Recurrence.earlier_id,
            Incident.team,
            func.coalesce(Action.title, ""),
            func.coalesce(Action.jira, ""),
            _stood(),
        )
        .join(Incident, _of_incident(Recurrence))
        .join(earlier, earlier.c.id == Recurrence.earlier_id)
        .join(
            Action,
            (col(Action.incident_id) == col(Recurrence.earlier_id))
            & (col(Action.state) != ActionState.CANDIDATE),
            isouter=True,
        )
        .where(
            func.coalesce(Recurrence.decided_at, Recurrence.at) >= start,
            func.coalesce(Recurrence.decided_at, Recurrence.at) < end,
            Recurrence.state == RecurrenceState.CONFIRMED,
            ~earlier.c.private,
            ~earlier.c.test,
            *counted(team),
        )
        .order_by(Recurrence.incident_id)
    )
    return [Came(f"INC-{new}", f"INC-{old}", *more) for new, old, *more in await _all(session, rows)]


async def month(session: AsyncSession, start: datetime, end: datetime) -> tuple[Sequence[Hit], Sequence[Did]]:
    """Which teams filed what, and what was done, the newest first: of all teams, for they learn from each other."""
    category = CATEGORY.label("category")
    filed = (
        _select(category, Action.team)
        .join(Incident, _of_incident(Action))
        .where(
            Action.created_at >= start,
            Action.created_at < end,
            Action.state != ActionState.CANDIDATE,
            *counted(),
        )
        .distinct()
    )
    done = (
        _select(category, Action.team, Action.title, Action.jira, Postmortem.lesson, Postmortem.state)
        .join(Incident, _of_incident(Action))
        .join(Postmortem, _of_incident(Postmortem), isouter=True)
        .where(
            col(Action.closed_at) >= start,
            col(Action.closed_at) < end,
            Action.state == ActionState.DONE,
            col(Action.incident_id).not_in(_came_back()),
            *counted(),
        )
        .order_by(col(Action.closed_at).desc())
        .limit(200)
    )
    return (
        [Hit(*row) for row in await _all(session, filed)],
        [
            Did(of, team, title, issue or "", lesson or "" if state == PostmortemState.PUBLISHED else "")
            for of, team, title, issue, lesson, state in await _all(session, done)
        ],
    )


def _came_back() -> Any:
    """Incidents that were confirmed to have come back: their fixes are no example."""
    return _select(Recurrence.earlier_id).where(Recurrence.state == RecurrenceState.CONFIRMED)
