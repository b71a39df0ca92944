"""The tables of a report. To add one: a function from what is Seen to a Part (None: nothing to say), and a row of PARTS."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from statistics import median

from bot.core.load import Band
from bot.core.reports.facts import AROUND, LONGEST, WEEK, Fact, Fix
from bot.core.reports.figures import Cell, Column, Part, Unit, many, share, spread
from bot.core.reports.seen import WORKING_WEEK, Seen
from bot.models import Mitigation, Noticed, PageState, Severity, Took

SHOWN = 15
"""Rows of a table that could go on: the rest is counted."""

_TIME = (Column("n", "n"), Column("median", "median", Unit.TIME), Column("p90", "p90", Unit.TIME))

SEVERE = frozenset({Severity.SEV1.value, Severity.SEV2.value})

SUPPORT = (
    f"Person-hours: from each person's acknowledgement until the incident was over, at most {LONGEST // 3600} h for one "
    "person and incident. Whoever helped without acknowledging a page is not in it."
)


def _time(values: Iterable[float]) -> tuple[Cell, Cell, Cell]:
    found = spread(values)
    return (found.n, found.median, found.p90) if found else (0, None, None)


# ---- all teams beside each other ---------------------------------------------------------------


def teams(seen: Seen) -> Part | None:
    """One row for each team; only where all are looked at."""
    if seen.team or not seen.incidents:
        return None
    by_team: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.incidents:
        by_team[fact.team].append(fact)
    open_items: Counter[str] = Counter()
    for row in seen.facts.backlog:
        open_items[row.team] += row.young + row.middling + row.old
    again = Counter(team for team, _ in {(one.team, one.incident) for one in seen.facts.again})
    rows: list[tuple[Cell, ...]] = []
    for team in sorted(by_team.keys() | open_items.keys() | seen.teams.names.keys()):
        found = by_team.get(team, [])
        hours = seen.hours(found)
        capacity = seen.capacity(team)
        waits = spread(f.acknowledged - f.declared for f in found if f.acknowledged is not None)
        rows.append(
            (
                seen.teams.called(team),
                len(found),
                sum(f.severity in SEVERE for f in found),
                waits.median if waits else None,
                round(hours, 1),
                share(hours, capacity),
                sum(len(nights) for nights in seen.nights.get(team, {}).values()),
                open_items[team],
                again[team],
            )
        )
    columns = (
        Column("team", "Team", Unit.WORDS),
        Column("incidents", "Incidents"),
        Column("severe", "sev1–2"),
        Column("acknowledged", "Ack, median", Unit.TIME),
        Column("hours", "Support", Unit.HOURS),
        Column("share", "of the week", Unit.SHARE),
        Column("nights", "Nights"),
        Column("open", "Open items"),
        Column("recurrences", "Came back"),
    )
    how = "Each incident counts for the team that owns it now; the columns are explained where they have a table of their own."
    return Part("teams", "Team by team", how, columns, tuple(rows), len(seen.incidents), len(seen.incidents))


# ---- what happened -----------------------------------------------------------------------------


def incidents(seen: Seen) -> Part | None:
    if not seen.incidents:
        return None
    counts = Counter(fact.severity for fact in seen.incidents)
    rows: list[tuple[Cell, ...]] = [
        (severity.value, counts[severity.value], share(counts[severity.value], len(seen.incidents)))
        for severity in Severity
    ]
    otherwise = len(seen.incidents) - len(seen.real)
    called_off = f"{many(otherwise, 'incidents')} of these were called off or the same as another."
    series: dict[str, tuple[float | None, ...]] = {
        "sev1–2": seen.by_week(f for f in seen.incidents if f.severity in SEVERE),
        "sev3–4": seen.by_week(f for f in seen.incidents if f.severity not in SEVERE),
    }
    return Part(
        "incidents",
        "Incidents",
        "Declared in these weeks, by the severity they have now. Test and private incidents count nowhere.",
        (
            Column("severity", "Severity", Unit.WORDS),
            Column("count", "Incidents"),
            Column("share", "Share", Unit.SHARE),
        ),
        tuple(rows),
        len(seen.incidents),
        len(seen.incidents),
        notes=(called_off,) if otherwise else (),
        chart=seen.chart("bar", "Incidents a week", series, "incidents a week"),
    )


def services(seen: Seen) -> Part | None:
    """What is owned, and how often an owner had to be guessed."""
    owned = seen.teams.services
    count = len(owned.get(seen.team, ())) if seen.team else sum(len(each) for each in owned.values())
    if not count and not seen.incidents:
        return None
    known = {service for each in owned.values() for service in each}
    unclear = {mark.incident: mark.fallback for mark in seen.facts.unclear if mark.incident in seen.ids}
    fallback = sum(unclear.values())
    of = len(seen.incidents)
    rows: list[tuple[Cell, ...]] = [("services in the catalog with an owner", count, None)]
    for what, found in (
        ("incidents of a service with an owner", sum(f.service in known for f in seen.incidents)),
        ("incidents where no service was named", sum(not f.service for f in seen.incidents)),
        (
            "incidents of a service that has left the catalog",
            sum(bool(f.service) and f.service not in known for f in seen.incidents),
        ),
        ("incidents whose owner was guessed", len(unclear) - fallback),
        ("incidents nobody owned: the fallback team was paged", fallback),
    ):
        rows.append((what, found, share(found, of)))
    return Part(
        "services",
        "Owned and unowned",
        "Services as the catalog has them now; what was guessed or fell back, as the timeline recorded it at the start.",
        (
            Column("what", "What", Unit.WORDS),
            Column("count", "Count"),
            Column("share", "of incidents", Unit.SHARE),
        ),
        tuple(rows),
        of,
        of,
    )


ASKED = {
    "oncall": "the owner's on-call",
    "next": "next on call",
    "fallback": "the team's fallback",
    "other": "others in the escalation",
    "guide": "guides",
    "hand": "others by hand",
    "channel": "a whole channel",
}
_SAID_NO = frozenset({PageState.DECLINED.value, PageState.ESCALATED.value})
_SILENT = frozenset({PageState.UNANSWERED.value, PageState.FAILED.value})


def answers(seen: Seen) -> Part | None:
    """Who was paged as what, and who answered."""
    counts: dict[str, Counter[str]] = {asked: Counter() for asked in ASKED}
    for row in seen.facts.answers:
        outcome = (
            "took" if row.state == PageState.ACKNOWLEDGED.value
            else "no" if row.state in _SAID_NO
            else "silent" if row.state in _SILENT
            else "over"
        )  # fmt: skip
        counts[row.asked][outcome] += row.n
    total = sum(sum(each.values()) for each in counts.values())
    if not total:
        return None
    rows = tuple(
        (ASKED[asked], sum(each.values()), each["took"], each["no"], each["silent"], each["over"])
        for asked, each in counts.items()
        if each
    )
    columns = (
        Column("asked", "Paged as", Unit.WORDS),
        Column("pages", "Pages"),
        Column("took", "Took it"),
        Column("no", "Passed it on"),
        Column("silent", "No answer"),
        Column("over", "Not needed"),
    )
    how = "Pages of these incidents, by why the person was paged. Not needed: somebody else took it, or it is still open."
    return Part("answers", "Pages, and who answered", how, columns, rows, total, total, "pages")


def owners(seen: Seen) -> Part | None:
    """Who was paged, against whose it was."""
    if not seen.incidents:
        return None
    moved = {number: hops for number, hops in seen.hops.items() if number in seen.ids}
    early = Counter(
        page.incident
        for page in seen.facts.early
        if page.incident in moved and page.at < moved[page.incident][-1].at
    )
    declared = {fact.id: fact.declared for fact in seen.incidents}
    lost = [hops[-1].at - declared[number] for number, hops in moved.items()]
    _, usual, bad = _time(lost)
    of = len(seen.incidents)
    rows: list[tuple[Cell, ...]] = [
        ("went to the right team at once", of - len(moved), share(of - len(moved), of), None),
        ("moved to another team", len(moved), share(len(moved), of), None),
        ("hops until the right team", sum(map(len, moved.values())), None, None),
        ("pages to people of a team that did not own it", sum(early.values()), None, None),
        ("lost until the right team was paged: median", len(lost), None, usual),
        ("lost until the right team was paged: p90", len(lost), None, bad),
        ("lost in all", len(lost), None, sum(lost) if lost else None),
    ]
    released = Counter(hop.released for hops in moved.values() for hop in hops)
    notes = tuple(f"{team} was woken for others {many(n, 'times')}." for team, n in released.most_common(3))
    columns = (
        Column("what", "What", Unit.WORDS),
        Column("count", "Count"),
        Column("share", "Share", Unit.SHARE),
        Column("time", "Time", Unit.TIME),
    )
    how = (
        "An incident that changed its team was paged wrongly before; what is lost is the time from its declaration to the "
        "last such change. Counted for the team that owns it now."
    )
    return Part("owners", "Paged against owner", how, columns, tuple(rows), of, of, notes=notes)


def times(seen: Seen) -> Part | None:
    """Time to acknowledge, mitigate and resolve."""
    if not seen.real:
        return None
    rows: list[tuple[Cell, ...]] = []
    for label, found in (
        ("all", seen.real),
        ("sev1–2", [fact for fact in seen.real if fact.severity in SEVERE]),
        ("sev3–4", [fact for fact in seen.real if fact.severity not in SEVERE]),
    ):
        for what, moments in (
            ("acknowledged", ((f.acknowledged, f.declared) for f in found)),
            ("mitigated", ((f.mitigated, f.declared) for f in found)),
            ("resolved", ((f.ended, f.declared) for f in found)),
        ):
            rows.append((what, label, *_time(max(at - since, 0) for at, since in moments if at is not None)))
    known = sum(f.acknowledged is not None for f in seen.real)
    how = (
        "From the declaration; median and p90 (nine in ten were as fast or faster), each from the n that has the moment. "
        "Without those called off or the same as another."
    )
    columns = (Column("what", "Until", Unit.WORDS), Column("severity", "Severity", Unit.WORDS), *_TIME)
    return Part("times", "How long it took", how, columns, tuple(rows), known, len(seen.real))


def nights(seen: Seen) -> Part | None:
    """A team's people, or all teams."""
    if not seen.facts.wakes:
        return None
    rows: list[tuple[Cell, ...]]
    columns: tuple[Column, ...]
    if seen.team:
        mine = seen.nights.get(seen.team, {})
        rows = [(seen.teams.who.get(person, person), len(found)) for person, found in mine.items()]
        columns = (Column("person", "Person", Unit.WORDS), Column("nights", "Nights"))
    else:
        rows = [
            (
                seen.teams.called(team),
                sum(map(len, people.values())),
                len(people),
                max(map(len, people.values())),
            )
            for team, people in seen.nights.items()
        ]
        columns = (
            Column("team", "Team", Unit.WORDS),
            Column("nights", "Nights"),
            Column("people", "People"),
            Column("most", "Most for one"),
        )
    rows.sort(key=lambda row: (-int(row[1] or 0), str(row[0])))
    how = "Nights (22:00 to 06:00 of each person's own zone) in which a page reached them; a night counts once for a person."
    paged = len({wake.person for wake in seen.facts.wakes})
    return Part(
        "nights",
        "Nights interrupted",
        how,
        columns,
        tuple(rows[:SHOWN]),
        paged,
        paged,
        "people paged",
    )


# ---- what it costs -----------------------------------------------------------------------------


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
    people = round(capacity / WORKING_WEEK / seen.weeks) if capacity else 0
    week = (
        f"The week: {many(people, 'people')} of {WORKING_WEEK} h each, as the catalog has them now."
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


# ---- what came of it -----------------------------------------------------------------------------


def actions(seen: Seen) -> Part | None:
    by: dict[str, Counter[str]] = defaultdict(Counter)
    for row in seen.facts.backlog:
        by[row.category].update(young=row.young, middling=row.middling, old=row.old, overdue=row.overdue)
    for change in seen.facts.moved:
        by[change.category][change.what] += change.n
    if not by:
        return None
    keys = ("filed", "done", "wont_do", "young", "middling", "old", "overdue")
    order = list(seen.teams.labels)
    rank = {category: n for n, category in enumerate(order)}
    rows: list[tuple[Cell, ...]] = [
        (seen.teams.label(category), *(by[category][key] for key in keys))
        for category in sorted(by, key=lambda each: (rank.get(each, len(rank)), each))
    ]
    rows.append(("together", *(sum(each[key] for each in by.values()) for key in keys)))
    left = sum(int(sum(each[key] for key in ("young", "middling", "old"))) for each in by.values())
    columns = (
        Column("category", "Category", Unit.WORDS),
        Column("filed", "Filed"),
        Column("done", "Done"),
        Column("wont_do", "Won't do"),
        Column("young", "Open < 4 weeks"),
        Column("middling", "4–12 weeks"),
        Column("old", "> 12 weeks"),
        Column("overdue", "Overdue"),
    )
    how = (
        "Filed, done and given up in these weeks; open now, by how long ago they were filed. Of the team that is to do them; "
        "a category is what a person chose, else what was suggested."
    )
    moved = sum(change.n for change in seen.facts.moved if change.what == "filed")
    of = left + sum(change.n for change in seen.facts.moved if change.what != "filed")
    note = (f"{many(moved, 'items')} filed, {many(left, 'items')} open now.",)
    return Part("actions", "Action items", how, columns, tuple(rows), of, of, "items", notes=note)


def loops(seen: Seen) -> Part | None:
    """From the incident to its fix."""
    fixes = seen.facts.fixes
    if not fixes:
        return None
    by: dict[str, list[int]] = defaultdict(list)
    for fix in fixes:
        by[fix.category].append(max(fix.closed - fix.declared, 0))
    rows = [
        ("all", *_time(each for found in by.values() for each in found)),
        *((seen.teams.label(category), *_time(by[category])) for category in sorted(by)),
    ]
    how = "From the incident's declaration until its action item was done, of the items done in these weeks."
    columns = (Column("category", "Category", Unit.WORDS), *_TIME)
    return Part(
        "loops", "From incident to fix", how, columns, tuple(rows), len(fixes), len(fixes), "items done"
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


def _around(fix: Fix, weeks: _Weeks, end: int) -> tuple[float, float, float, float, float] | None:
    """Incidents and hours a week before and after; the weeks after that have passed. None before one has."""
    after = min((end - fix.closed) / WEEK, AROUND)
    if after < 1:
        return None
    count, then, hours, still = weeks.between(
        fix.closed - AROUND * WEEK, fix.closed, fix.closed + round(after * WEEK)
    )
    return count / AROUND, then / after, hours / AROUND, still / after, after


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
        if (around := _around(fix, weeks.get(fix.service, none), seen.end)) is not None
    ]
    rows: list[tuple[Cell, ...]]
    columns: tuple[Column, ...]
    if seen.team:
        rows = [
            (f"{fix.issue + ' ' if fix.issue else ''}{fix.title}", fix.service, seen.teams.label(fix.category),
             *(round(each, 2) for each in around[:4]), round(around[4], 1))
            for fix, around in judged[:SHOWN]
        ]  # fmt: skip
        columns = (
            Column("fix", "Fix", Unit.WORDS), Column("service", "Service", Unit.WORDS),
            Column("category", "Category", Unit.WORDS), *_BEFORE_AFTER, Column("weeks", "Weeks after"),
        )  # fmt: skip
    else:
        by: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for fix, around in judged:
            by[fix.category].append(around)
        rows = [
            (seen.teams.label(category), len(by[category]),
             *(round(sum(column) / len(by[category]), 2) for column in list(zip(*by[category], strict=True))[:4]),
             sum(each[1] < each[0] for each in by[category]))
            for category in sorted(by)
        ]  # fmt: skip
        columns = (Column("category", "Category", Unit.WORDS), Column("n", "Fixes"), *_BEFORE_AFTER,
                   Column("fewer", "Fewer after"))  # fmt: skip
    how = (
        f"Incidents and support hours of the fixed service in the {AROUND} weeks before an item was done and in up to "
        f"{AROUND} after; left out while not one week has passed, and where no service is known."
        + (
            ""
            if seen.team
            else " A category's figures are means over its fixes; in how many cases there were fewer stands beside them."
        )
    )
    left = len(judged) - SHOWN if seen.team else 0
    notes: tuple[str, ...] = ("Fewer after a fix is no proof of it: other things change as well.",)
    notes += (f"and {left} more.",) if left > 0 else ()
    return Part(
        "fixes", "Before and after the fixes", how, columns, tuple(rows), len(judged), len(seen.facts.fixes),
        "items done", notes=notes, why="the others are too recent, or of no known service",
    )  # fmt: skip


def recurrences(seen: Seen) -> Part | None:
    """What came back, by the category of the items that should have prevented it."""
    if not seen.facts.again:
        return None
    came = {one.incident for one in seen.facts.again}
    by: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in seen.facts.again:
        by[one.category if one.state else "-"][one.state or "none"].add(one.incident)
    rows: list[tuple[Cell, ...]] = [
        (
            "no action item" if category == "-" else seen.teams.label(category),
            len(set().union(*each.values())), len(each["done"]), len(each["open"]), len(each["wont_do"]),
        )
        for category, each in by.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-int(row[1] or 0), str(row[0])))
    columns = (
        Column("category", "Category", Unit.WORDS),
        Column("count", "Came back"),
        Column("done", "although done"),
        Column("open", "while still open"),
        Column("wont_do", "won't be done"),
    )
    how = (
        "Incidents that a person confirmed to be an earlier failure again, by the items of the earlier incident and how these "
        "stood when it came back. An incident counts in each category that the earlier one had."
    )
    note = f"{many(len(came), 'incidents')} came back: {len(came) / max(1, len(seen.incidents)):.0%} of all."
    return Part(
        "recurrences", "What came back", how, columns, tuple(rows), len(came), len(came), notes=(note,)
    )


_REDEPLOY = frozenset({Took.REBUILD.value, Took.REDEPLOY.value, Took.CODE.value})
_STOPPED = {
    **dict.fromkeys((Mitigation.SWITCH.value, Mitigation.CONFIG.value), "switch"),
    **dict.fromkeys((Mitigation.ROLLBACK.value, Mitigation.DEPLOY.value), "redeploy"),
    **dict.fromkeys((Mitigation.RESTART.value, Mitigation.SCALE.value), "restart"),
    **dict.fromkeys((Mitigation.UPSTREAM.value, Mitigation.SELF.value), "itself"),
}
COST = {
    "switch": "a switch, or configuration at runtime",
    "restart": "a restart, or more machines",
    "redeploy": "a rebuild, a redeploy or a change of code",
    "itself": "upstream, or by itself",
    "other": "something else",
}


def cost_of(fact: Fact) -> str | None:
    """How far from runtime the cure was: what it took decides, else what stopped it. None: nobody said."""
    if fact.took in _REDEPLOY:
        return "redeploy"
    if fact.took == Took.RESTART.value:
        return "restart"
    if fact.took == Took.FLAG.value:
        return "switch"
    if fact.stopped is None:
        return "itself" if fact.took == Took.NOTHING.value else None
    # Where nothing had to be done, what stopped it was upstream or time, whatever it is called.
    return "itself" if fact.took == Took.NOTHING.value else _STOPPED.get(fact.stopped, "other")


def stopping(seen: Seen) -> Part | None:
    """What it took to stop it."""
    if not seen.real:
        return None
    by: dict[str, list[Fact]] = defaultdict(list)
    for fact in seen.real:
        cost = cost_of(fact)
        if cost:
            by[cost].append(fact)
    known = sum(map(len, by.values()))
    rows: list[tuple[Cell, ...]] = []
    for cost, words in COST.items():
        found = by.get(cost, [])
        ends = (f.mitigated if f.mitigated is not None else f.ended for f in found)
        waits = [max(at - f.declared, 0) for f, at in zip(found, ends, strict=True) if at is not None]
        rows.append((words, len(found), share(len(found), known), *_time(waits)[1:]))
    columns = (
        Column("what", "What stopped it", Unit.WORDS),
        Column("count", "Incidents"),
        Column("share", "Share", Unit.SHARE),
        Column("median", "Time until then, median", Unit.TIME),
        Column("p90", "p90", Unit.TIME),
    )
    how = "What people said it took, else what they said stopped it; the time runs from the declaration to the mitigation."
    return Part("stopping", "What it took to stop it", how, columns, tuple(rows), known, len(seen.real))


NOTICED = {
    Noticed.MONITOR: "a monitor",
    Noticed.CUSTOMER: "a customer",
    Noticed.COLLEAGUE: "a colleague",
    Noticed.LUCK: "somebody by luck",
}


def detection(seen: Seen) -> Part | None:
    """Who noticed first."""
    if not seen.real:
        return None
    counts = Counter(fact.noticed for fact in seen.real if fact.noticed)
    known = sum(counts.values())
    rows = tuple(
        (words, counts[who.value], share(counts[who.value], known)) for who, words in NOTICED.items()
    )
    columns = (
        Column("who", "Noticed first by", Unit.WORDS),
        Column("count", "Incidents"),
        Column("share", "Share", Unit.SHARE),
    )
    how = "As people answered at the resolve, or the monitor that declared it."
    return Part("detection", "Who noticed first", how, columns, rows, known, len(seen.real))


def postmortems(seen: Seen) -> Part | None:
    due = seen.facts.learnings
    if not due:
        return None
    in_time = sum(one.published is not None and one.published <= one.due for one in due)
    late = [(one.published - one.due).days for one in due if one.published and one.published > one.due]
    rows: list[tuple[Cell, ...]] = [
        ("published in time", in_time, share(in_time, len(due))),
        ("published late", len(late), share(len(late), len(due))),
        (
            "due and not published",
            len(due) - in_time - len(late),
            share(len(due) - in_time - len(late), len(due)),
        ),
    ]
    notes = (f"Late ones were late by {median(late):g} days (median).",) if late else ()
    columns = (
        Column("what", "What", Unit.WORDS),
        Column("count", "Postmortems"),
        Column("share", "Share", Unit.SHARE),
    )
    how = "Postmortems that were due in these weeks, of incidents that are resolved."
    return Part(
        "postmortems",
        "Postmortems",
        how,
        columns,
        tuple(rows),
        len(due),
        len(due),
        "postmortems",
        notes=notes,
    )


PARTS: tuple[Callable[[Seen], Part | None], ...] = (
    teams, incidents, services, answers, owners, times, nights, support, fixes, actions, loops, recurrences,
    stopping, detection, postmortems,
)  # fmt: skip
