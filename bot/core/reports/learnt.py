"""What came of it: action items, their time, what came back, postmortems."""

from collections import Counter, defaultdict
from statistics import median

from bot.core.reports.facts import Advice
from bot.core.reports.figures import TIME, Cell, Column, Part, Unit, many, of_few, share, time_of
from bot.core.reports.seen import Seen


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
        ("all", *time_of(each for found in by.values() for each in found)),
        *((seen.teams.label(category), *time_of(by[category])) for category in sorted(by)),
    ]
    how = "From the incident's declaration until its action item was done, of the items done in these weeks."
    columns = (Column("category", "Category", Unit.WORDS), *TIME)
    return Part(
        "loops", "From incident to fix", how, columns, tuple(rows), len(fixes), len(fixes), "items done",
        notes=of_few(row[1] for row in rows),
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


def guides(seen: Seen) -> Part | None:
    """Who was asked for advice, how soon somebody came, and what it took; whether a team asks less often by now."""
    asked = seen.facts.advice
    if not asked:
        return None
    by: dict[str, list[Advice]] = defaultdict(list)
    for one in asked:
        by[one.asked_of].append(one)
    rows: list[tuple[Cell, ...]] = []
    for team in sorted(by, key=lambda each: (-len(by[each]), each)):
        said = [one.minutes for one in by[team] if one.minutes is not None]
        came = [one.waited for one in by[team] if one.waited is not None]
        answered = sum(one.guide != "" for one in by[team])
        rows.append(
            (
                seen.teams.guides.get(team) or seen.teams.called(team), len(by[team]), answered, median(came) if came else None,
                median(said) * 60 if said else None, sum(said) / 60 if said else None,
            )
        )  # fmt: skip
    columns = (
        Column("guides", "Guide team", Unit.WORDS),
        Column("asked", "Asked"),
        Column("answered", "Answered"),
        Column("waited", "Came within (median)", Unit.TIME),
        Column("took", "Took a guide (median)", Unit.TIME),
        Column("hours", "Together", Unit.HOURS),
    )
    how = (
        "Questions asked with `/incident guide` in these weeks; guides advise and never own. "
        "Times of those who came, and of answers that say how long they took."
    )
    middle = (seen.facts.start.timestamp() + seen.facts.end.timestamp()) / 2
    late = sum(one.asked >= middle for one in asked)
    note = f"{many(len(asked) - late, 'questions')} in the first half of these weeks, {late} in the second."
    return Part(
        "guides",
        "Advice of guides",
        how,
        columns,
        tuple(rows),
        len(asked),
        len(asked),
        "questions",
        notes=(note,),
    )


def postmortems(seen: Seen) -> Part | None:
    due, left = seen.facts.learnings, seen.facts.unwritten
    if not due and not left:
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
    notes: tuple[str, ...] = ()
    if late:
        days = "1 day" if median(late) == 1 else f"{median(late):g} days"
        notes += (f"Late ones were late by {days} (median of {len(late)}).",)
    if left:
        was, is_ = ("was", "is") if left.n == 1 else ("were", "are")
        notes += (
            f"{left.n} more {was} due before these weeks and {is_} not published, the oldest since {left.oldest}.",
        )
    columns = (
        Column("what", "What", Unit.WORDS),
        Column("count", "Postmortems"),
        Column("share", "Share", Unit.SHARE),
    )
    how = "Postmortems that were due in these weeks, up to yesterday, of incidents that are resolved."
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
