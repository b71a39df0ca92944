"""What happened: incidents, and what of them had an owner."""

from collections import Counter

from bot.core.reports.facts import SEVERE
from bot.core.reports.figures import Cell, Column, Part, Unit, share
from bot.core.reports.seen import Seen
from bot.models import Severity


def incidents(seen: Seen) -> Part | None:
    if not seen.incidents:
        return None
    counts = Counter(fact.severity for fact in seen.incidents)
    rows: list[tuple[Cell, ...]] = [
        (severity.value, counts[severity.value], share(counts[severity.value], len(seen.incidents)))
        for severity in Severity
    ]
    otherwise = len(seen.incidents) - len(seen.real)
    were = "was" if otherwise == 1 else "were"
    called_off = f"{otherwise} of these {were} called off or the same as another."
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
