"""What ownership costs each team and what gets better: facts of some weeks → tables that say how and from how many."""

from collections import defaultdict
from datetime import timedelta

from bot.core.reports.cures import cost_of
from bot.core.reports.facts import WEEK, Fact, Facts, Teams
from bot.core.reports.figures import (
    SMALL,
    TENTH,
    Column,
    Report,
    Spread,
    Unit,
    length,
    many,
    person_hours,
    share,
    spread,
)
from bot.core.reports.parts import PARTS
from bot.core.reports.seen import Seen

__all__ = ["WEEKS", "Report", "report", "summary"]

WEEKS = 12
"""How far back a report looks when nobody says."""

SHARE = Column("share", "Share", Unit.SHARE)


def report(facts: Facts, teams: Teams, team: str) -> Report:
    """Of one team, or of all where `team` is ""."""
    seen = Seen(facts, teams, team)
    parts = tuple(part for make in PARTS if (part := make(seen)) is not None)
    name = teams.called(team) if team else "All teams"
    return Report(team, name, facts.start, facts.end, seen.weeks, len(seen.incidents), summary(seen), parts)


def _length(seconds: float) -> str:
    return length(timedelta(seconds=seconds))


def summary(seen: Seen) -> tuple[str, ...]:
    """The few sentences that people read first."""
    if seen.team in seen.teams.guides:
        return (_advice(seen),)
    if not seen.incidents:
        left = sum(row.young + row.middling + row.old for row in seen.facts.backlog)
        items = f" {many(left, 'action items')} open." if left else ""
        return (f"No incident in these {many(seen.weeks, 'weeks')}.{items}", *_late(seen))
    of = len(seen.incidents)
    hours = seen.hours(seen.incidents)
    part = share(hours, seen.capacity(seen.team))
    lines = [
        f"{many(of, 'incidents')} took {person_hours(hours)}"
        + (f", {SHARE.reads(part)} of the working week" if part is not None else "")
        + (f"; {still} still open." if (still := _open(seen)) else ".")
    ]
    if seen.facts.begun and seen.recorded < seen.weeks:
        lines.append(
            f"Nothing is recorded before {seen.facts.begun:%Y-%m-%d}: the share is of "
            f"{many(seen.recorded, 'weeks')}, not of {seen.weeks}."
        )
    lines += [*_trend(seen), *_heaviest(seen, hours)]
    waits = spread(max(f.acknowledged - f.declared, 0) for f in seen.real if f.acknowledged is not None)
    ends = spread(max(f.ended - f.declared, 0) for f in seen.real if f.ended is not None)
    if waits:
        told = f"; over after {_usual(ends)}" if ends else ""
        lines.append(f"Acknowledged in {_usual(waits)}{told}.")
    nights = sum(len(found) for people in seen.nights.values() for found in people.values())
    wrong = sum(number in seen.ids for number in seen.hops)
    lines.append(
        (f"{many(nights, 'nights')} interrupted; " if nights else "No night interrupted; ")
        + (f"{many(wrong, 'incidents')} of {of}" if wrong else "none")
        + " went to the wrong team first."
    )
    costs = [cost for fact in seen.real if (cost := cost_of(fact))]
    if costs:
        lines.append(
            f"Stopped by a switch or at runtime: {costs.count('switch')} of {len(costs)} with an answer; "
            f"by a redeploy or new code: {costs.count('redeploy')}."
        )
    came = len({one.incident for one in seen.facts.again})
    done = sum(change.n for change in seen.facts.moved if change.what == "done")
    left = sum(row.young + row.middling + row.old for row in seen.facts.backlog)
    late = sum(row.overdue for row in seen.facts.backlog)
    lines.append(
        f"{many(done, 'action items')} done, {left} open, {late} overdue; {many(came, 'incidents')} came back."
    )
    return (*lines, *_late(seen))


def _usual(found: Spread) -> str:
    """`3 min (median of 12; p90 9 min)`; of few, that they are few."""
    if found.n == 1:
        return f"{_length(found.median)} (once)"
    bad = f"p90 {_length(found.p90)}" if found.n >= TENTH else f"slowest {_length(found.p90)}"
    return f"{_length(found.median)} (median of {found.n}; {bad})"


def _open(seen: Seen) -> int:
    return sum(fact.ended is None for fact in seen.real)


def _trend(seen: Seen) -> tuple[str, ...]:
    """The later half of the span against the one before it, where both were recorded."""
    weeks = min(seen.weeks, seen.recorded) // 2
    if not weeks:
        return ()
    middle, first = seen.end - weeks * WEEK, seen.end - 2 * weeks * WEEK
    late = [fact for fact in seen.incidents if fact.declared >= middle]
    early = [fact for fact in seen.incidents if first <= fact.declared < middle]
    if not late and not early:
        return ()
    few = ": a small number" if len(late) + len(early) < SMALL else ""
    return (
        f"The last {many(weeks, 'weeks').removeprefix('1 ')}: {many(len(late), 'incidents')}, "
        f"{person_hours(seen.hours(late))}; the {'one' if weeks == 1 else weeks} before: "
        f"{many(len(early), 'incidents')}, {person_hours(seen.hours(early))}{few}.",
    )


def _heaviest(seen: Seen, hours: float) -> tuple[str, ...]:
    """Where most of it went: services of a team, else teams. Left out where there is only one."""
    by: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.incidents:
        by[fact.service if seen.team else fact.team].append(fact)
    if len(by) < 2 or not hours:
        return ()
    weighed = sorted(
        ((seen.hours(found), len(found), of) for of, found in by.items()), key=lambda one: (-one[0], one[2])
    )
    told: list[str] = []
    for cost, count, of in weighed[:3]:
        what = (of or "no service named") if seen.team else seen.teams.called(of)
        told.append(f"{what} {cost:.1f} h ({count if told else many(count, 'incidents')})")
    return (f"Most of it: {', '.join(told)}.",)


def _late(seen: Seen) -> tuple[str, ...]:
    """Postmortems that somebody should write."""
    late, before = [one.due for one in seen.facts.learnings if one.published is None], seen.facts.unwritten
    count = len(late) + (before.n if before else 0)
    if not count:
        return ()
    oldest = before.oldest if before else min(late)
    return (f"{many(count, 'postmortems')} overdue, the oldest since {oldest}.",)


def _advice(seen: Seen) -> str:
    """Of a guide team: it owns nothing, so what it gives is all there is to say."""
    given = seen.facts.advice
    answered = sum(one.guide != "" for one in given)
    hours = sum(one.minutes or 0 for one in given) / 60
    return (
        f"{seen.teams.called(seen.team)}, a guide team, owns no software: {many(len(given), 'questions')} in these "
        f"{many(seen.weeks, 'weeks')}, {answered} answered, {person_hours(hours)} as far as they said."
    )
