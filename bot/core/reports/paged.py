"""Who was asked, who answered, how long it took and whose night it was."""

from collections import Counter

from bot.core.reports.facts import SEVERE
from bot.core.reports.figures import SHOWN, TIME, Cell, Column, Part, Unit, of_few, often, share, time_of
from bot.core.reports.seen import Seen
from bot.models import PageState

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
    _, usual, bad = time_of(lost)
    of = len(seen.incidents)
    rows: list[tuple[Cell, ...]] = [
        ("went to the right team at once", of - len(moved), share(of - len(moved), of), None),
        ("moved to another team", len(moved), share(len(moved), of), None),
        ("hops until the right team", sum(map(len, moved.values())), None, None),
        ("pages to people of a team that did not own it", sum(early.values()), None, None),
        ("lost until the right team was paged, median", len(lost), None, usual),
        ("lost until the right team was paged, p90", len(lost), None, bad),
        ("lost in all", len(lost), None, sum(lost) if lost else None),
    ]
    released = Counter(hop.released for hops in moved.values() for hop in hops)
    notes = of_few([len(lost)])
    notes += tuple(f"{team} was paged for others {often(n)}." for team, n in released.most_common(3))
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
    severe = [fact for fact in seen.real if fact.severity in SEVERE]
    others = [fact for fact in seen.real if fact.severity not in SEVERE]
    rows: list[tuple[Cell, ...]] = []
    for label, found in (("all", seen.real), ("sev1–2", severe), ("sev3–4", others)):
        acknowledged = [max(f.acknowledged - f.declared, 0) for f in found if f.acknowledged is not None]
        mitigated = [max(f.mitigated - f.declared, 0) for f in found if f.mitigated is not None]
        resolved = [max(f.ended - f.declared, 0) for f in found if f.ended is not None]
        rows += (
            ("acknowledged", label, *time_of(acknowledged)),
            ("mitigated", label, *time_of(mitigated)),
            ("resolved", label, *time_of(resolved)),
        )
    known = sum(f.acknowledged is not None for f in seen.real)
    how = (
        "From the declaration; median and p90 (nine in ten were as fast or faster), each from the n that has the moment. "
        "Without those called off or the same as another."
    )
    columns = (Column("what", "Until", Unit.WORDS), Column("severity", "Severity", Unit.WORDS), *TIME)
    few = of_few(row[2] for row in rows)
    return Part("times", "How long it took", how, columns, tuple(rows), known, len(seen.real), notes=few)


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
