"""The digest of a week: what broke and what it cost, what was learnt and what came of it. Nothing where nothing happened."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median

from bot.core import Refused
from bot.core.reports.facts import SEVERE, WEEK, Fact, Facts, Teams
from bot.core.reports.figures import Chart, length, many, person_hours, spread
from bot.core.reports.seen import ENDED_OTHERWISE, Seen
from bot.core.reports.written import sparks
from bot.models import Status

DAYS = timedelta(days=7)
SHOWN = 5
"""Of what could be listed; the rest is counted."""

TOLD = 3
"""Of the week's incidents: the severe ones, then the heaviest, each in a line."""

FEWEST = 3
"""Weeks that must be recorded before what is usual is said."""

CHARTED = 8
"""Weeks of the digest's chart, the one that it is about being the last."""


@dataclass(frozen=True)
class Week:
    """An ISO week, of UTC: from Monday 00:00."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def start(self) -> datetime:
        return datetime.combine(
            date.fromisocalendar(self.year, self.number, 1), datetime.min.time(), tzinfo=UTC
        )

    @property
    def end(self) -> datetime:
        return self.start + DAYS


def week_of(moment: datetime) -> Week:
    found = moment.astimezone(UTC).isocalendar()
    return Week(found.year, found.week)


def parse(words: str) -> Week:
    """`2026-W48`. Raises Refused with the form for anything else, such as a week that the year does not have."""
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", words.strip().upper())
    try:
        if found is None:
            raise ValueError(words)
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Week(int(found[1]), int(found[2]))
    except ValueError:
        raise Refused(f"“{words.strip()[:40]}” is no week: write it as 2026-W48.") from None


@dataclass(frozen=True)
class Published:
    """A postmortem that was published in the week."""

    key: str
    title: str
    team: str
    lesson: str


@dataclass(frozen=True)
class Due:
    """A postmortem that is not published; `late` when it was due before the week ended."""

    key: str
    title: str
    team: str
    due: date
    late: bool


@dataclass(frozen=True)
class Came:
    """An incident that was confirmed to be an earlier failure again, with the item that should have prevented it."""

    key: str
    earlier: str
    team: str
    item: str = ""
    issue: str = ""
    state: str = ""


@dataclass(frozen=True)
class Hit:
    """Of the last four weeks: a team filed items of this category."""

    category: str
    team: str


@dataclass(frozen=True)
class Did:
    """Of the last four weeks: an item that a team finished."""

    category: str
    team: str
    title: str
    issue: str
    lesson: str = ""


@dataclass(frozen=True)
class Material:
    """What a digest is made from. `facts` are of CHARTED weeks up to the end of the one that it is about.

    `thanks`: sentences to guides who helped. `gaps`: sentences on readiness gaps that were closed.
    """

    facts: Facts
    published: Sequence[Published] = ()
    due: Sequence[Due] = ()
    came: Sequence[Came] = ()
    hits: Sequence[Hit] = ()
    did: Sequence[Did] = ()
    thanks: Sequence[str] = ()
    gaps: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Digest:
    """`team` is "" for all. `sections` have no empty ones; `chart` is None where it would be flat.

    `links` are where the incidents and issues are to be read that it names by their keys, as far as that is known.
    """

    week: Week
    team: str
    name: str
    headline: str
    sections: tuple[Section, ...]
    chart: Chart | None
    figures: Mapping[str, int | float] = field(default_factory=dict, hash=False)
    links: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        last = self.week.end - DAYS / 7
        return f"{self.name}, week {self.week.number} ({self.week.start.day} {self.week.start:%b} to {last.day} {last:%b %Y})"


def digest(found: Material, teams: Teams, team: str, week: Week, *, so_far: bool = False) -> Digest | None:
    """None where nothing happened: what is merely still open or overdue is no news. `so_far`: the week goes on."""
    seen = Seen(found.facts, teams, team)
    start = int(week.start.timestamp())
    mine = [fact for fact in seen.incidents if fact.declared >= start]
    moved: dict[str, Counter[str]] = {what: Counter() for what in ("filed", "done", "wont_do")}
    for change in found.facts.moved:
        moved[change.what][change.category] += change.n
    filed, done = sum(moved["filed"].values()), sum(moved["done"].values())
    if not (mine or filed or done or found.published or found.came or found.thanks or found.gaps):
        return None
    hours = seen.hours(mine)
    sections = (
        Section("What broke", tuple(_broke(mine, seen))),
        Section("Postmortems", tuple(_postmortems(found, teams, team))),
        Section("Action items", tuple(_items(found.facts, moved, teams))),
        Section("Came back", tuple(_came(found.came, teams, team))),
        Section("Readiness", tuple(found.gaps)),
        Section("Thanks", tuple(found.thanks)),
        Section("Worth your time", tuple(_learning(found, teams, team))),
    )
    hours_by_week = seen.by_week(seen.incidents, seen.seconds)
    chart = seen.chart("bar", "Support hours a week", {"hours": hours_by_week}, "person-hours a week")
    return Digest(
        week,
        team,
        teams.called(team) if team else "All teams",
        ("So far: " if so_far else "") + _headline(mine, hours, seen, week) + _usually(seen, week),
        tuple(section for section in sections if section.lines),
        chart if chart.has_values else None,
        {
            "incidents": len(mine),
            "hours": round(hours, 1),
            "nights": _nights(seen, week),
            "filed": filed,
            "done": done,
            "wont_do": sum(moved["wont_do"].values()),
            "overdue": sum(row.overdue for row in found.facts.backlog),
            "published": len(found.published),
            "postmortems_late": sum(one.late for one in found.due),
            "recurrences": len({one.key for one in found.came}),
        },
    )


def _nights(seen: Seen, week: Week) -> int:
    """The nights that began in the week, each person's counted."""
    first, last = week.start.date(), week.end.date()
    return sum(
        sum(first <= night < last for night in nights)
        for people in seen.nights.values()
        for nights in people.values()
    )


def _severe(severe: int, of: int) -> str:
    if not severe:
        return ""
    return " (sev1 or sev2)" if severe == of == 1 else f" ({severe} of them sev1 or sev2)"


def _headline(facts: Sequence[Fact], hours: float, seen: Seen, week: Week) -> str:
    if not facts:
        return "No incident this week."
    severe = sum(fact.severity in SEVERE for fact in facts)
    nights = _nights(seen, week)
    took = spread(
        max(fact.ended - fact.declared, 0)
        for fact in facts
        if fact.ended is not None and fact.status not in ENDED_OTHERWISE
    )
    parts = [
        many(len(facts), "incidents") + _severe(severe, len(facts)),
        f"{person_hours(hours)} of support",
    ]
    if nights:
        parts.append(f"{many(nights, 'nights')} interrupted")
    ended = f"; over after {length(timedelta(seconds=took.median))}" if took else ""
    ended += f" (median of {took.n})" if took and took.n > 1 else ""
    return ", ".join(parts) + ended + "."


def _usually(seen: Seen, week: Week) -> str:
    """What the weeks before were like, as far as they are recorded; "" of too few of them."""
    start, begun = int(week.start.timestamp()), seen.facts.begun
    first = seen.start if begun is None else max(seen.start, int(begun.timestamp()))
    weeks = (start - first) // WEEK
    if weeks < FEWEST:
        return ""
    by: list[list[Fact]] = [[] for _ in range(weeks)]
    for fact in seen.incidents:
        before = (start - 1 - fact.declared) // WEEK
        if 0 <= before < weeks:
            by[before].append(fact)
    count, hours = median(map(len, by)), median(seen.hours(facts) for facts in by)
    things = "1 incident" if count == 1 else f"{count:g} incidents"
    return f" Usually {things}, {person_hours(hours)} (median of the {weeks} weeks before)."


def _broke(facts: Sequence[Fact], seen: Seen) -> list[str]:
    """The week's severe and heaviest incidents, and whose weight it was where all teams are looked at."""
    if not facts:
        return []
    seconds, lines = seen.seconds, []
    order = sorted(facts, key=lambda fact: (fact.severity not in SEVERE, -seconds[fact.id], fact.declared))
    for fact in order[:TOLD]:
        whose = f"{seen.teams.called(fact.team)}, " if not seen.team else ""
        over = (
            f"over after {length(timedelta(seconds=max(fact.ended - fact.declared, 0)))}"
            if fact.ended is not None
            else "still open"
        )
        if fact.status in {Status.CANCELLED.value, Status.DUPLICATE.value}:
            over = "a false alarm" if fact.status == Status.CANCELLED.value else "the same as another"
        title = seen.facts.titles.get(fact.id, "")
        lines.append(
            f"INC-{fact.id} {title} ({whose}{fact.severity}): {person_hours(seconds[fact.id] / 3600)}, {over}."
        )
    left = len(facts) - len(lines)
    by: Counter[str] = Counter()
    for fact in facts:
        by[fact.team] += seconds[fact.id]
    if not seen.team and len(by) > 1:
        most = ", ".join(f"{seen.teams.called(of)} {time / 3600:.1f} h" for of, time in by.most_common(TOLD))
        lines.append(
            (f"and {left} more. " if left else "") + f"Most of it: {most}" + (" …" if len(by) > TOLD else ".")
        )
    elif left:
        lines.append(f"and {left} more.")
    return lines


def _more(lines: list[str], of: int) -> list[str]:
    return [*lines[:SHOWN], *([f"and {of - SHOWN} more."] if of > SHOWN else [])]


def _whose(team: str, of: str, teams: Teams) -> str:
    """Who, where it has to be said."""
    return "" if of else f" ({teams.called(team)})"


def _postmortems(found: Material, teams: Teams, team: str) -> list[str]:
    lines = [
        f"{one.key} {one.title}{_whose(one.team, team, teams)}: {one.lesson or 'published'}"
        for one in found.published
    ]
    lines = _more(lines, len(found.published))
    due = [one for one in found.due if not one.late]
    late = [one for one in found.due if one.late]
    if due:
        by = max(one.due for one in due)
        keys = ", ".join(one.key for one in due[:SHOWN]) + (" …" if len(due) > SHOWN else "")
        lines.append(f"{many(len(due), 'postmortems')} due by {by.day} {by:%b}: {keys}.")
    if late:
        oldest = min(late, key=lambda one: one.due)
        lines.append(f"{many(len(late), 'postmortems')} overdue, the oldest {oldest.key} since {oldest.due}.")
    return lines


def _items(facts: Facts, moved: Mapping[str, Counter[str]], teams: Teams) -> list[str]:
    overdue: Counter[str] = Counter()
    for row in facts.backlog:
        overdue[row.category] += row.overdue
    named = (
        ("filed", moved["filed"]),
        ("done", moved["done"]),
        ("won't be done", moved["wont_do"]),
        ("overdue", +overdue),
    )
    lines = []
    for what, counts in named:
        total = sum(counts.values())
        if total:
            split = ", ".join(f"{teams.label(category)} {n}" for category, n in counts.most_common(4))
            lines.append(f"{total} {what}: {split}" + (" …" if len(counts) > 4 else "."))
    return lines


_STOOD = {
    "open": "was still open",
    "done": "was done and should have prevented it",
    "wont_do": "was given up",
}


def _came(came: Sequence[Came], teams: Teams, team: str) -> list[str]:
    """One line for each incident, with the item that says the most: one that was done, else one that is open."""
    rank = {"done": 0, "open": 1, "wont_do": 2}
    best: dict[str, Came] = {}
    for one in sorted(came, key=lambda one: (one.key, rank.get(one.state, 3))):
        best.setdefault(one.key, one)
    lines = []
    for one in best.values():
        item = (
            f"; {one.issue or 'its item'} “{one.item}” {_STOOD.get(one.state, 'stands as it stood')}"
            if one.item
            else ""
        )
        lines.append(f"{one.key} is {one.earlier} again{_whose(one.team, team, teams)}{item}.")
    return _more(lines, len(best))


def _learning(found: Material, teams: Teams, team: str) -> list[str]:
    """What several teams met this month, and how one dealt with it; a team reads of what it met, and of others' work."""
    by: dict[str, set[str]] = {}
    for hit in found.hits:
        if hit.category and hit.category != "other":
            by.setdefault(hit.category, set()).add(hit.team)
    for category, hit_by in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(hit_by) < 2:
            break
        if team and team not in hit_by:
            continue
        how = next((one for one in found.did if one.category == category and one.team != team), None)
        if how is None:
            continue
        issue = f" ({how.issue})" if how.issue else ""
        lesson = f" What they learnt: {how.lesson}" if how.lesson else ""
        names = ", ".join(teams.called(each) for each in sorted(hit_by)[:4]) + (
            " …" if len(hit_by) > 4 else ""
        )
        return [
            f"{many(len(hit_by), 'teams')} filed items on “{teams.label(category)}” in four weeks ({names}). "
            f"Here is what {teams.called(how.team)} did: “{how.title}”{issue}.{lesson}"
        ]
    return []


def as_text(found: Digest) -> list[str]:
    """Lines for a terminal."""
    lines = [found.title, f"  {found.headline}"]
    for section in found.sections:
        lines += ["", section.title, *(f"  • {line}" for line in section.lines)]
    if found.chart:
        lines += ["", *(f"  {line}" for line in sparks(found.chart))]
    return lines
