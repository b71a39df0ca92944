"""What it took to stop it, and who noticed first."""

from collections import Counter, defaultdict

from bot.core.reports.facts import Fact
from bot.core.reports.figures import Cell, Column, Part, Unit, of_few, share, time_of
from bot.core.reports.seen import Seen
from bot.models import Mitigation, Noticed, Took

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
        rows.append((words, len(found), share(len(found), known), *time_of(waits)[1:]))
    columns = (
        Column("what", "What stopped it", Unit.WORDS),
        Column("count", "Incidents"),
        Column("share", "Share", Unit.SHARE),
        Column("median", "Time until then, median", Unit.TIME),
        Column("p90", "p90", Unit.TIME),
    )
    how = "What people said it took, else what they said stopped it; the time runs from the declaration to the mitigation."
    few = of_few(row[1] for row in rows)
    return Part(
        "stopping", "What it took to stop it", how, columns, tuple(rows), known, len(seen.real), notes=few
    )


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
