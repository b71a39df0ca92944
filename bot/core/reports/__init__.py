"""What ownership costs each team and what gets better: facts of some weeks → tables that say how and from how many."""

from datetime import timedelta

from bot.core.reports.cures import cost_of
from bot.core.reports.facts import Facts, Teams
from bot.core.reports.figures import Report, length, many, person_hours, share, spread
from bot.core.reports.parts import PARTS
from bot.core.reports.seen import Seen

__all__ = ["WEEKS", "Report", "report", "summary"]

WEEKS = 12
"""How far back a report looks when nobody says."""


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
    if not seen.incidents:
        left = sum(row.young + row.middling + row.old for row in seen.facts.backlog)
        items = f" {many(left, 'action items')} open." if left else ""
        return (f"No incident in these {many(seen.weeks, 'weeks')}.{items}",)
    of = len(seen.incidents)
    hours = seen.hours(seen.incidents)
    part = share(hours, seen.capacity(seen.team))
    lines = [
        f"{many(of, 'incidents')} took {person_hours(hours)}"
        + (f", {part:.1%} of the working week." if part is not None else ".")
    ]
    waits = spread(f.acknowledged - f.declared for f in seen.real if f.acknowledged is not None)
    ends = spread(f.ended - f.declared for f in seen.real if f.ended is not None)
    if waits:
        told = f"Acknowledged in {_length(waits.median)} (median of {waits.n}; p90 {_length(waits.p90)})"
        lines.append(
            told + (f"; over after {_length(ends.median)} (p90 {_length(ends.p90)})." if ends else ".")
        )
    nights = sum(len(found) for people in seen.nights.values() for found in people.values())
    wrong = sum(number in seen.ids for number in seen.hops)
    lines.append(
        f"{many(nights, 'nights')} interrupted; {many(wrong, 'incidents')} of {of} went to the wrong team first."
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
    return tuple(lines)
