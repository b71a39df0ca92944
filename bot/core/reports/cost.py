"""What it costs, team by team and service by service, and whether fixes make it less."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from bot.core.load import Band
from bot.core.reports.cures import cost_of
from bot.core.reports.facts import AROUND, LONGEST, SEVERE, WEEK, Fact, Fix
from bot.core.reports.figures import SHOWN, SMALL, Cell, Column, Part, Unit, many, person_hours, share, spread
from bot.core.reports.seen import WORKING_WEEK, Seen
from bot.models import Noticed

SUPPORT = (
    f"Person-hours: from each person's acknowledgement until the incident was over, at most {LONGEST // 3600} h for one "
    "person and incident. Whoever helped without acknowledging a page is not in it."
)


def teams(seen: Seen) -> Part | None:
    """One row for each team; only where all are looked at."""
    if seen.team or not seen.incidents:
        return None
    by_team: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.incidents:
        by_team[fact.team].append(fact)
    real: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.real:
        real[fact.team].append(fact)
    open_items: Counter[str] = Counter()
    for row in seen.facts.backlog:
        open_items[row.team] += row.young + row.middling + row.old
    again = Counter(team for team, _ in {(one.team, one.incident) for one in seen.facts.again})
    rows: list[tuple[Cell, ...]] = []
    for team in sorted(by_team.keys() | open_items.keys() | seen.teams.names.keys()):
        found = by_team.get(team, [])
        hours = seen.hours(found)
        capacity = seen.capacity(team)
        waits = spread(
            max(f.acknowledged - f.declared, 0) for f in real.get(team, ()) if f.acknowledged is not None
        )
        rows.append(
            (
                seen.teams.called(team),
                len(found),
                round(hours, 1),
                share(hours, capacity),
                sum(f.severity in SEVERE for f in found),
                waits.median if waits else None,
                sum(len(nights) for nights in seen.nights.get(team, {}).values()),
                open_items[team],
                again[team],
            )
        )
    rows.sort(key=lambda row: (-float(row[2] or 0), str(row[0])))
    columns = (
        Column("team", "Team", Unit.WORDS),
        Column("incidents", "Incidents"),
        Column("hours", "Support", Unit.HOURS),
        Column("share", "of the week", Unit.SHARE),
        Column("severe", "sev1–2"),
        Column("acknowledged", "Ack, median", Unit.TIME),
        Column("nights", "Nights"),
        Column("open", "Open items"),
        Column("recurrences", "Came back"),
    )
    how = (
        "The heaviest first. Each incident counts for the team that owns it now; the columns are explained where they "
        "have a table of their own."
    )
    return Part("teams", "Team by team", how, columns, tuple(rows), len(seen.incidents), len(seen.incidents))


def heaviest(seen: Seen) -> Part | None:
    """The incidents that the figures are made of, where each is told singly."""
    if not seen.facts.titles or not seen.incidents:
        return None
    seconds = seen.seconds
    found = sorted(seen.incidents, key=lambda fact: (-seconds[fact.id], -fact.declared))
    zone = seen.zone(seen.teams.zones.get(seen.team, "UTC"))
    rows: list[tuple[Cell, ...]] = [
        (
            f"INC-{fact.id}",
            f"{datetime.fromtimestamp(fact.declared, zone):%Y-%m-%d %H:%M}",
            fact.severity,
            seen.facts.titles.get(fact.id, ""),
            fact.service or "–",
            round(seconds[fact.id] / 3600, 1),
            None if fact.acknowledged is None else max(fact.acknowledged - fact.declared, 0),
            None if fact.ended is None else max(fact.ended - fact.declared, 0),
        )
        for fact in found[:LISTED]
    ]
    shown = sum(seconds[fact.id] for fact in found[:LISTED]) / 3600
    left = len(found) - LISTED
    total = seen.hours(found)
    columns = (
        Column("incident", "Incident", Unit.WORDS),
        Column("declared", "Declared", Unit.WORDS),
        Column("severity", "Severity", Unit.WORDS),
        Column("title", "What broke", Unit.WORDS),
        Column("service", "Service", Unit.WORDS),
        Column("hours", "Support", Unit.HOURS),
        Column("acknowledged", "Acknowledged", Unit.TIME),
        Column("over", "Over after", Unit.TIME),
    )
    return Part(
        "heaviest",
        "The heaviest incidents",
        f"Declared in the team's zone, {zone.key}. Without a time it is open, or nobody took it. "
        "`/incident show` with its key has all of one.",
        columns,
        tuple(rows),
        len(found),
        len(found),
        notes=(f"and {left} more, which took {person_hours(total - shown)} of {total:.1f}.",)
        if left > 0
        else (),
    )


LISTED = 10
"""Incidents that are told singly."""


def by_service(seen: Seen) -> Part | None:
    """One row for each service of a team: where it hurts, and who noticed."""
    if not seen.team or not seen.incidents:
        return None
    by: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.incidents:
        by[fact.service].append(fact)
    rows: list[tuple[Cell, ...]] = []
    for service, found in by.items():
        noticed = [fact.noticed for fact in found if fact.noticed]
        costs = [cost for fact in found if (cost := cost_of(fact))]
        rows.append(
            (
                service or "no service named",
                len(found),
                round(seen.hours(found), 1),
                share(noticed.count(Noticed.CUSTOMER.value), len(noticed)),
                len(noticed),
                share(costs.count("switch"), len(costs)),
                len(costs),
            )
        )
    rows.sort(key=lambda row: (-float(row[2] or 0), str(row[0])))
    columns = (
        Column("service", "Service", Unit.WORDS),
        Column("incidents", "Incidents"),
        Column("hours", "Support", Unit.HOURS),
        Column("customer", "Customer noticed first", Unit.SHARE),
        Column("noticed", "of"),
        Column("switch", "Stopped by switch", Unit.SHARE),
        Column("stopped", "of"),
    )
    left = len(rows) - SHOWN
    return Part(
        "by_service",
        "Service by service",
        "The heaviest first. Each share is of those incidents for which somebody said it; their number stands beside it.",
        columns,
        tuple(rows[:SHOWN]),
        len(seen.incidents),
        len(seen.incidents),
        notes=(f"and {many(left, 'services')} more.",) if left > 0 else (),
    )


def support(seen: Seen) -> Part | None:
    """Hours by category, as a share of the week."""
    if not seen.incidents:
        return None
    seconds, by, count = seen.seconds, defaultdict[str, float](float), Counter[str]()
    for fact in seen.incidents:
        categories = seen.tags.get(fact.id) or ["-"]
        for category in categories:
            by[category] += seconds[fact.id] / len(categories)
            count[category] += 1
    capacity = seen.capacity(seen.team)
    rows: list[tuple[Cell, ...]] = [
        (
            "no action item" if category == "-" else seen.teams.label(category),
            count[category],
            round(by[category] / 3600, 1),
            share(by[category] / 3600, capacity),
        )
        for category in sorted(by, key=lambda each: (-by[each], each))
    ]
    total = sum(seconds[fact.id] for fact in seen.incidents) / 3600
    rows.append(("together", len(seen.incidents), round(total, 1), share(total, capacity)))
    people = round(capacity / WORKING_WEEK / seen.recorded) if capacity else 0
    short = seen.recorded < seen.weeks
    since = f", in the {many(seen.recorded, 'weeks')} since the first incident of all" if short else ""
    week = (
        f"The week: {many(people, 'people')} of {WORKING_WEEK} h each, as the catalog has them now{since}."
        if people
        else "Share of the week not known: the catalog names nobody in it."
    )
    bands = seen.bands
    whole = sum(bands.values())
    split = ", ".join(f"{bands[band] / whole:.0%} {band}" for band in Band if bands[band]) if whole else ""
    notes = (week, *([f"By when the incident began, in its team's zone: {split}."] if split else []))
    how = SUPPORT + " An incident's hours are shared evenly among the categories of its action items."
    known = sum(fact.acknowledged is not None for fact in seen.incidents)
    hours = seen.by_week(seen.incidents, seen.seconds)
    return Part(
        "support",
        "Support load",
        how,
        (
            Column("category", "Category", Unit.WORDS),
            Column("incidents", "Incidents"),
            Column("hours", "Hours", Unit.HOURS),
            Column("share", "of the week", Unit.SHARE),
        ),
        tuple(rows),
        known,
        len(seen.incidents),
        notes=notes,
        chart=seen.chart("line", "Support hours a week", {"hours": hours}, "person-hours a week"),
    )


class _Weeks:
    """Incidents of one service, to be counted and weighed between two moments."""

    def __init__(self, facts: Sequence[Fact], seen: Seen) -> None:
        seconds = seen.seconds
        self.at = [fact.declared for fact in facts]
        self.sums = [0, *accumulate(seconds[fact.id] for fact in facts)]

    def between(self, start: int, middle: int, end: int) -> tuple[int, int, float, float]:
        """Incidents before and after `middle`, and their hours."""
        at, sums = self.at, self.sums
        first = bisect_left(at, start)
        turn = bisect_left(at, middle, first)
        last = bisect_left(at, end, turn)
        return turn - first, last - turn, (sums[turn] - sums[first]) / 3600, (sums[last] - sums[turn]) / 3600


def _around(fix: Fix, weeks: _Weeks, seen: Seen) -> tuple[float, float, float, float, int, float] | None:
    """Incidents and hours a week before and after; how many incidents these are; the weeks after that have passed.

    None where less than a week lies before or after it.
    """
    begun = fix.closed - AROUND * WEEK if seen.facts.begun is None else int(seen.facts.begun.timestamp())
    before = min((fix.closed - begun) / WEEK, AROUND)
    after = min((seen.end - fix.closed) / WEEK, AROUND)
    if before < 1 or after < 1:
        return None
    count, then, hours, still = weeks.between(
        fix.closed - round(before * WEEK), fix.closed, fix.closed + round(after * WEEK)
    )
    return count / before, then / after, hours / before, still / after, count + then, after


_BEFORE_AFTER = (
    Column("before", "Incidents a week, before", Unit.WEEKLY),
    Column("after", "after", Unit.WEEKLY),
    Column("hours_before", "Hours a week, before", Unit.WEEKLY),
    Column("hours_after", "after", Unit.WEEKLY),
)


def fixes(seen: Seen) -> Part | None:
    """What changed after each fix: of a team each one, of all teams by category."""
    found = [fix for fix in seen.facts.fixes if fix.service]
    if not found:
        return None
    by_service: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.facts.incidents:
        by_service[fact.service].append(fact)
    weeks = {service: _Weeks(facts, seen) for service, facts in by_service.items()}
    none = _Weeks((), seen)
    judged = [
        (fix, around)
        for fix in found
        if (around := _around(fix, weeks.get(fix.service, none), seen)) is not None
    ]
    rows: list[tuple[Cell, ...]]
    columns: tuple[Column, ...]
    if seen.team:
        rows = [
            (f"{fix.issue + ' ' if fix.issue else ''}{fix.title}", fix.service, seen.teams.label(fix.category),
             *(round(each, 2) for each in around[:4]), around[4], round(around[5], 1))
            for fix, around in judged[:SHOWN]
        ]  # fmt: skip
        columns = (
            Column("fix", "Fix", Unit.WORDS), Column("service", "Service", Unit.WORDS),
            Column("category", "Category", Unit.WORDS), *_BEFORE_AFTER, Column("seen", "Incidents seen"),
            Column("weeks", "Weeks after"),
        )  # fmt: skip
    else:
        by: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for fix, around in judged:
            by[fix.category].append(around)
        rows = [
            (seen.teams.label(category), len(by[category]),
             *(round(sum(column) / len(by[category]), 2) for column in list(zip(*by[category], strict=True))[:4]),
             sum(int(each[4]) for each in by[category]), sum(each[1] < each[0] for each in by[category]))
            for category in sorted(by)
        ]  # fmt: skip
        columns = (Column("category", "Category", Unit.WORDS), Column("n", "Fixes"), *_BEFORE_AFTER,
                   Column("seen", "Incidents seen"), Column("fewer", "Fewer after"))  # fmt: skip
    how = (
        f"Incidents and support hours of the fixed service in the {AROUND} weeks before an item was done and in up to "
        f"{AROUND} after; left out while not one week has passed or was recorded, and where no service is known. Two fixes of "
        "one service see the same incidents."
        + (
            ""
            if seen.team
            else " A category's figures are means over its fixes; in how many cases there were fewer stands beside them."
        )
    )
    left = len(judged) - SHOWN if seen.team else 0
    notes: tuple[str, ...] = ("Fewer after a fix is no proof of it: other things change as well.",)
    if any(int(row[-2] or 0) < SMALL for row in rows):
        notes = (f"Where fewer than {SMALL} incidents are seen, before and after say little.", *notes)
    notes += (f"and {left} more.",) if left > 0 else ()
    return Part(
        "fixes", "Before and after the fixes", how, columns, tuple(rows), len(judged), len(seen.facts.fixes),
        "items done", notes=notes, why="the others are too recent, or of no known service",
    )  # fmt: skip
