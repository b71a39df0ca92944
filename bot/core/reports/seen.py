"""The facts of a span as its figures look at them: what counts where, and what each incident cost."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.core import load
from bot.core.load import Band
from bot.core.reports.facts import LONGEST, WEEK, Fact, Facts, Hop, Teams
from bot.core.reports.figures import Chart
from bot.models import Status

LABELS = 20
"""Points of a chart: more can't be read, and Slack draws no more."""

WORKING_WEEK = 40
"""Hours of a person's week, of which support takes its share."""

ENDED_OTHERWISE = frozenset({Status.CANCELLED.value, Status.DUPLICATE.value})


@dataclass(frozen=True)
class Seen:
    """`team` is "" where all teams are looked at."""

    facts: Facts
    teams: Teams
    team: str

    @cached_property
    def start(self) -> int:
        return int(self.facts.start.timestamp())

    @cached_property
    def end(self) -> int:
        return int(self.facts.end.timestamp())

    @cached_property
    def weeks(self) -> int:
        return max(1, round((self.end - self.start) / WEEK))

    @cached_property
    def recorded(self) -> int:
        """Weeks of the span of which something can be known: those since the first incident of all."""
        begun = self.facts.begun
        if begun is None:
            return self.weeks
        return min(self.weeks, max(1, math.ceil((self.end - int(begun.timestamp())) / WEEK)))

    # ---- incidents -------------------------------------------------------------------------

    @cached_property
    def incidents(self) -> list[Fact]:
        """Those that were declared in the span."""
        start = self.start
        return [fact for fact in self.facts.incidents if fact.declared >= start]

    @cached_property
    def ids(self) -> frozenset[int]:
        return frozenset(fact.id for fact in self.incidents)

    @cached_property
    def real(self) -> list[Fact]:
        """Those that were neither called off nor the same as another."""
        return [fact for fact in self.incidents if fact.status not in ENDED_OTHERWISE]

    @cached_property
    def team_of(self) -> Mapping[int, str]:
        return {fact.id: fact.team for fact in self.incidents}

    # ---- cost ------------------------------------------------------------------------------

    @cached_property
    def hops(self) -> Mapping[int, Sequence[Hop]]:
        found: dict[int, list[Hop]] = defaultdict(list)
        for hop in self.facts.hops:
            found[hop.incident].append(hop)
        return found

    @cached_property
    def seconds(self) -> Mapping[int, int]:
        """Person-seconds that an incident took, by its number; also of those before the span."""
        helped: dict[int, list[int]] = defaultdict(list)
        for one in self.facts.helped:
            helped[one.incident].append(one.at)
        now, hops, found = self.end, self.hops, {}
        for fact in self.facts.incidents:
            ended = now if fact.ended is None else fact.ended
            moved = hops.get(fact.id)
            owned = moved[-1].at if moved else 0
            cost = 0
            if fact.acknowledged is not None and fact.owner:
                cost = min(max(ended - max(fact.acknowledged, owned), 0), LONGEST)
            for at in helped.get(fact.id, ()):
                cost += min(max((owned if at < owned else ended) - at, 0), LONGEST)
            found[fact.id] = cost
        return found

    def hours(self, facts: Iterable[Fact]) -> float:
        seconds = self.seconds
        return sum([seconds[fact.id] for fact in facts]) / 3600

    def capacity(self, team: str) -> float:
        """Working hours of a team's people in the recorded weeks; of everybody's for "". 0 where it has nobody."""
        people = (
            set(self.teams.members.get(team, ()))
            if team
            else {person for members in self.teams.members.values() for person in members}
        )
        return len(people) * WORKING_WEEK * min(self.recorded, (self.end - self.start) / WEEK)

    @cached_property
    def tags(self) -> Mapping[int, Sequence[str]]:
        """The categories of each incident's action items."""
        found: dict[int, list[str]] = defaultdict(list)
        for tag in self.facts.tags:
            found[tag.incident].append(tag.category)
        return found

    # ---- when ------------------------------------------------------------------------------

    @cached_property
    def _zones(self) -> dict[str, ZoneInfo]:
        return {}

    def zone(self, named: str) -> ZoneInfo:
        if named not in self._zones:
            self._zones[named] = ZoneInfo(named)
        return self._zones[named]

    @cached_property
    def bands(self) -> Counter[Band]:
        """Person-seconds by the time of the owning team's day at which the incident began."""
        known: dict[tuple[str, int], Band] = {}
        found: Counter[Band] = Counter()
        for fact in self.incidents:
            named, slot = self.teams.zones.get(fact.team, "UTC"), fact.declared // 900
            if (named, slot) not in known:
                known[named, slot] = load.band(datetime.fromtimestamp(slot * 900, UTC), self.zone(named))
            found[known[named, slot]] += self.seconds[fact.id]
        return found

    @cached_property
    def nights(self) -> Mapping[str, Mapping[str, set[date]]]:
        """By team and person: the nights in which a page reached them, each by the date of its evening."""
        known: dict[tuple[str, int], date | None] = {}
        found: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
        for person, team, slot in self.facts.wakes:
            named = self.teams.people.get(person) or self.teams.zones.get(team, "UTC")
            if (named, slot) not in known:
                known[named, slot] = load.night(datetime.fromtimestamp(slot * 900, UTC), self.zone(named))
            night = known[named, slot]
            if night is not None:
                found[team][person].add(night)
        return found

    # ---- charts ----------------------------------------------------------------------------

    @cached_property
    def _step(self) -> int:
        return math.ceil(self.weeks / LABELS) * WEEK

    def labels(self) -> tuple[str, ...]:
        """The first day of each stretch: a week, or several where there are too many."""
        step = timedelta(seconds=self._step)
        count = math.ceil((self.end - self.start) / self._step)
        starts = (self.facts.start + step * n for n in range(count))
        return tuple(f"{start.day} {start:%b}" for start in starts)

    def by_week(self, facts: Iterable[Fact], weight: Mapping[int, int] | None = None) -> tuple[float, ...]:
        """How many of `facts`, or how many hours of `weight`, fall into the stretch of each label, a week's worth."""
        found = [0.0] * len(self.labels())
        for fact in facts:
            # What was declared in the very second of the end is of the last stretch.
            stretch = min((fact.declared - self.start) // self._step, len(found) - 1)
            found[stretch] += 1 if weight is None else weight[fact.id] / 3600
        # The last stretch can be shorter than the others; a week that goes on is not drawn larger than it is.
        widths = [min(self._step, self.end - self.start - self._step * n) for n in range(len(found))]
        return tuple(
            round(value * WEEK / max(width, WEEK), 2) for value, width in zip(found, widths, strict=True)
        )

    def chart(self, kind: str, title: str, series: Mapping[str, tuple[float | None, ...]], y: str) -> Chart:
        weeks = self._step // WEEK
        x = f"{weeks} weeks from" if weeks > 1 else "week from"
        return Chart(kind, title, self.labels(), series, y, x)
