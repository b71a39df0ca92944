"""Which earlier incidents resemble one: a few that are worth comparing, out of all there are; nothing here changes anything.

Only what everybody may see is compared and told, and what counts: no tests, no false alarms.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import store
from bot.core.recurrence import Earlier, looked_for, similar
from bot.core.verdicts import SHOWN, Past, one_line
from bot.models import (
    Action,
    Entry,
    Incident,
    Postmortem,
    Recurrence,
    RecurrenceState,
    Status,
)

NEWEST, OF_SERVICE, OF_WORDS = 500, 250, 400
"""How many are compared word for word: the newest of all, those of the service, and those that have a rare word in common."""

SAMPLE, WORDS, RARE = 2_000, 16, 6
"""Incidents by which words are judged rare, words that are judged, and the rarest that are looked for in all."""

USUAL = 20
"""A word that more than one in so many of the sample has finds too many to be of use."""


@dataclass(frozen=True)
class Found:
    """`how`: alert, service or text; `because` in words."""

    id: int
    how: str
    because: str


async def found(session: AsyncSession, incident: Incident, *, at_start: bool) -> list[Found]:
    """The most similar, best first, at most SHOWN. At the start what the same alert fired in comes before all else;
    later only what is written of why counts, so that a service alone is no reason."""
    alike = await _by_alert(session, incident) if at_start else []
    left = SHOWN - len(alike)
    if left <= 0:
        return alike[:SHOWN]
    text = await _text(session, incident)
    known = [one for one in await _pool(session, incident, text) if one.id not in {str(f.id) for f in alike}]
    # In a thread: comparing a thousand texts takes longer than anybody's command should wait.
    ranked = await asyncio.to_thread(similar, text, incident.service, known, left if at_start else 4 * left)
    more = []
    for one in ranked:
        words = [reason for reason in one.because if not reason.startswith("same service")]
        if words or at_start:
            more.append(Found(int(one.id), "text" if words else "service", ", ".join(one.because)))
    return [*alike, *more[:left]]


def _counts(incident: Incident) -> ColumnElement[bool]:
    """Earlier ones that may be told in an incident's channel."""
    return and_(
        col(Incident.id) != incident.id,
        col(Incident.id) != (incident.follows or 0),
        col(Incident.declared_at) <= incident.declared_at,
        col(Incident.status).in_([Status.RESOLVED, Status.MITIGATED]),
        ~col(Incident.private),
        ~col(Incident.test),
    )


async def _by_alert(session: AsyncSession, incident: Incident) -> list[Found]:
    """Those in which the very same alert fired, the newest first: each line about an alert names the one before it."""
    seen: dict[int, str] = {}
    asked = [incident.id]
    while asked and len(seen) < SHOWN:
        rows = select(Entry.data).where(
            col(Entry.incident_id).in_(asked), Entry.kind == "alert_fired", ~col(Entry.withdrawn)
        )
        named: dict[int, str] = {}
        for data in (await session.exec(rows.order_by(col(Entry.id)))).all():
            number = store.id_of(str(data.get("before") or ""))
            if number is not None and number != incident.id and number not in seen:
                named[number] = str(data.get("title") or "")
        seen |= named
        asked = list(named)
    if not seen:
        return []
    there = select(Incident.id).where(col(Incident.id).in_(seen), _counts(incident))
    ids = (await session.exec(there.order_by(col(Incident.declared_at).desc()))).all()
    return [Found(n, "alert", f"same alert: {seen[n]}") for n in ids if n is not None][:SHOWN]


# ---- their words -----------------------------------------------------------------------------

_COLUMNS: tuple[Any, ...] = (
    Incident.id, Incident.title, Incident.cause, Incident.mitigation_text, Incident.service, Incident.declared_at,
)  # fmt: skip

_WORDS = func.coalesce(Incident.title, "") + " " + col(Incident.cause) + " " + col(Incident.mitigation_text)


async def _pool(session: AsyncSession, incident: Incident, text: str) -> list[Earlier]:
    counts = _counts(incident)
    newest = col(Incident.id).desc()
    rows: dict[int, Any] = {}

    async def take(*where: ColumnElement[bool], limit: int) -> None:
        asked: Any = columns(*_COLUMNS).where(counts, *where).order_by(newest).limit(limit)
        rows.update({row[0]: row for row in (await session.exec(asked)).all()})

    await take(limit=NEWEST)
    if len(rows) == NEWEST:  # else these are all there are
        if incident.service:
            await take(col(Incident.service) == incident.service, limit=OF_SERVICE)
        patterns = await _rare(session, incident, text)
        if patterns:
            words = func.lower(_WORDS)
            await take(or_(*(words.like(pattern) for pattern in patterns)), limit=OF_WORDS)
    said = await _said(session, rows)
    return [
        Earlier(str(number), _joined(title, cause, mitigation, *said.get(number, ())), service, at)
        for number, title, cause, mitigation, service, at in sorted(rows.values())
    ]


async def _rare(session: AsyncSession, incident: Incident, text: str) -> list[str]:
    """LIKE patterns of the words of `text` that few incidents have."""
    patterns = [f"%{word.replace('_', '')}%" for word in looked_for(text)[:WORDS]]
    if not patterns:
        return []
    sample = (
        select(func.lower(_WORDS).label("words"))
        .where(~col(Incident.private))
        .order_by(col(Incident.id).desc())
        .limit(SAMPLE)
        .subquery()
    )
    asked: Any = columns(
        *(func.count().filter(sample.c.words.like(pattern)) for pattern in patterns), func.count()
    )
    *having, size = (await session.exec(asked)).one()
    rare = sorted((n, pattern) for n, pattern in zip(having, patterns, strict=True) if n * USUAL <= size)
    return [pattern for _, pattern in rare[:RARE]]


def _joined(*texts: str) -> str:
    return ". ".join(text.strip() for text in texts if text and text.strip())


async def _said(session: AsyncSession, ids: Iterable[int]) -> dict[int, list[str]]:
    """What was written of some incidents beside their own columns: how they were resolved, and their postmortems."""
    numbers = list(ids)
    said: dict[int, list[str]] = {}
    resolved = select(Entry.incident_id, Entry.data).where(
        col(Entry.incident_id).in_(numbers), Entry.kind == "resolved", ~col(Entry.withdrawn)
    )
    for number, data in (await session.exec(resolved)).all():
        said.setdefault(number, []).append(str(data.get("more") or ""))
    written = select(Postmortem.incident_id, Postmortem.sections).where(
        col(Postmortem.incident_id).in_(numbers)
    )
    for number, sections in (await session.exec(written)).all():
        said.setdefault(number, []).extend(map(str, sections.values()))
    return said


async def _text(session: AsyncSession, incident: Incident) -> str:
    """All that is known by now of the one that is asked about; its notes too, which for an earlier one say too much."""
    assert incident.id is not None
    noted = select(Entry.data).where(
        Entry.incident_id == incident.id,
        col(Entry.kind).in_(["noted", "alert_fired"]),
        ~col(Entry.withdrawn),
    )
    rows = (await session.exec(noted.order_by(col(Entry.id)).limit(3))).all()
    notes = [str(data.get("note") or data.get("more") or "") for data in rows]
    said = (await _said(session, [incident.id])).get(incident.id, [])
    return _joined(incident.title, incident.cause, incident.mitigation_text, *said, *notes)


# ---- how they are told -------------------------------------------------------------------------


async def pasts(session: AsyncSession, ids: Sequence[int]) -> dict[int, Past]:
    """Some incidents as they are told, as far as everybody may see them now."""
    rows = select(Incident).where(col(Incident.id).in_(ids), ~col(Incident.private))
    there = {row.id: row for row in (await session.exec(rows)).all() if row.id is not None}
    items: dict[int, list[Action]] = {}
    for action in (await session.exec(select(Action).where(col(Action.incident_id).in_(there)))).all():
        items.setdefault(action.incident_id, []).append(action)
    said = await _said(session, there)
    return {
        number: Past(row, cause_of(row, said.get(number, ())), items.get(number, []))
        for number, row in there.items()
    }


def cause_of(incident: Incident, said: Iterable[str]) -> str:
    return one_line(incident.cause, *said, incident.mitigation_text)


async def joined(session: AsyncSession, number: int) -> dict[int, datetime]:
    """When each incident began that is joined to this one by confirmed recurrences, itself included, by id."""
    known: dict[int, datetime] = {}
    edge = {number}
    while edge:
        there = select(Incident.id, Incident.declared_at).where(
            col(Incident.id).in_(edge), ~col(Incident.private), ~col(Incident.test)
        )
        new = {id: at for id, at in (await session.exec(there)).all() if id is not None and id not in known}
        known |= new
        pairs = select(Recurrence.incident_id, Recurrence.earlier_id).where(
            Recurrence.state == RecurrenceState.CONFIRMED,
            or_(col(Recurrence.incident_id).in_(new), col(Recurrence.earlier_id).in_(new)),
        )
        found_now = {id for pair in (await session.exec(pairs)).all() for id in pair} if new else set()
        edge = found_now - set(known)
    return known
