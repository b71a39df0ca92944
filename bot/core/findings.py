"""What will go wrong with the schedules in the next days, each with its fix: gaps, double duty, people out of reach."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from math import lcm
from zoneinfo import ZoneInfo

from bot.core import paging, spans
from bot.core.oncall import FAR, Layer, Schedule, Segment, arrival, final
from bot.core.spans import Span
from bot.models import Catalog, Person, Severity, Team, TeamKind

AHEAD = timedelta(days=14)

LOOK = timedelta(days=28)
"""So much is looked at in one go for people who never come up: most are seen in the first."""

_WEEK = timedelta(weeks=1)
_LONGEST_MONTH = timedelta(days=31)
_MOMENT = timedelta(microseconds=1)

Stretch = tuple[datetime, datetime]


class Kind(StrEnum):
    GAP = "gap"
    OVERLAP = "overlap"
    TWICE = "twice"
    UNREACHABLE = "unreachable"
    HIDDEN = "hidden"
    LEFT = "left"
    LATE = "late"
    EMPTY = "empty"


@dataclass(frozen=True)
class Finding:
    """`text` says what will happen, times in the team's zone, `fix` what to do; neither ends with a full stop."""

    team: str
    kind: Kind
    text: str
    fix: str


def findings(
    catalog: Catalog,
    schedules: Mapping[str, Schedule],
    now: datetime,
    *,
    ahead: timedelta = AHEAD,
    reachable: Callable[[Person], bool],
) -> list[Finding]:
    """What will go wrong until `now` + `ahead`, team by team in the catalog's order, the worst first.

    `schedules`: by team id, covers and swaps included; a team without one is left out. A pair of teams that share
    somebody is told to the first of the two. Guides may be away: their gaps are none.
    """
    now = now.astimezone(UTC)
    if ahead <= timedelta(0):
        return []
    views = [
        _View(catalog, schedules, team, now, now + ahead)
        for team in catalog.teams.values()
        if team.id in schedules
    ]
    twice = _twice(views)
    found: list[Finding] = []
    for view in views:
        if view.team.kind is not TeamKind.GUIDE:
            found += view.gaps()
        found += view.left()
        found += view.unreachable(reachable)
        found += twice.get(view.team.id, ())
        found += view.overlaps()
        found += view.late()
        found += view.empty()
        found += view.hidden()
    # Two covers that say the same of the same hours are told of once.
    return list(dict.fromkeys(found))


class _View:
    """One team's schedule from `now` to `end`, and what is found in it."""

    def __init__(
        self, catalog: Catalog, schedules: Mapping[str, Schedule], team: Team, now: datetime, end: datetime
    ) -> None:
        self.catalog, self.schedules, self.team = catalog, schedules, team
        self.now, self.end = now, end
        self.schedule = schedules[team.id]
        self.zone = ZoneInfo(team.timezone)
        self.answer: Sequence[Segment] = final(self.schedule, now, end)
        later = [version for since, version in self.schedule.versions if now < since < end]
        self.versions = [self.schedule.at(now), *later]

    # ---- words -----------------------------------------------------------------------------------

    def called(self, person: str) -> str:
        known = self.catalog.people.get(person)
        return known.called if known else person

    def names(self, people: Iterable[str]) -> str:
        *first, last = [self.called(person) for person in people]
        return f"{', '.join(first)} and {last}" if first else last

    def clock(self, at: datetime) -> str:
        here = at.astimezone(self.zone)
        year = f" {here.year}" if here.year != self.now.astimezone(self.zone).year else ""
        return f"{here:%a} {here.day} {here:%b}{year} {here:%H:%M %Z}"

    def span(self, start: datetime, end: datetime) -> str:
        """From `start` to `end`; what reaches the end of what we look at may well go on."""
        if end < self.end:
            return spans.spoken(Span(start, end), self.zone, self.now)
        return self.since(start)

    def since(self, start: datetime) -> str:
        return f"from {'now' if start <= self.now else self.clock(start)} on"

    @property
    def period(self) -> str:
        return f"the next {_days(self.end - self.now)}"

    def finding(self, kind: Kind, text: str, fix: str) -> Finding:
        return Finding(self.team.id, kind, text, fix)

    # ---- what goes wrong -------------------------------------------------------------------------

    def gaps(self) -> Iterator[Finding]:
        """One line for all of them. A team that has no rotation at all has chosen so."""
        if not self.team.calendar and not any(version.layers for version in (self.schedule, *self.versions)):
            return
        gaps = [segment for segment in self.answer if not segment.people]
        if not gaps:
            return
        total = sum((gap.end - gap.start for gap in gaps), timedelta())
        length = (self.end - self.now) / timedelta(hours=1)
        how_many = "1 gap" if len(gaps) == 1 else f"{len(gaps)} gaps"
        yield self.finding(
            Kind.GAP,
            f"nobody is on call {self.span(gaps[0].start, gaps[0].end)} "
            f"({how_many} in {self.period}, {paging.spoken(total, in_hours=True)} of {length:.0f} h)",
            f"{self.instead(gaps[0].start)}; `/oncall override {self.team.id} @person <from> <to>` fills it once, "
            "a layer below the others for good",
        )

    def instead(self, at: datetime) -> str:
        """Who is paged at `at`, when nobody is on call."""

        def rota(team: Team) -> Schedule:
            return self.schedules.get(team.id) or Schedule(ZoneInfo("UTC"))

        for step in paging.policy(self.team, Severity.SEV1).escalation:
            found = paging.targets(step, self.team, self.catalog, rota, at)
            if found:
                break
        else:
            found = [paging.Target(self.team.fallback, "")] if self.team.fallback else []
        people = [target.person for target in found]
        if not people:
            return "nobody is paged meanwhile"
        told = all(person.startswith("#") for person in people)
        be = "is" if len(people) == 1 else "are"
        return f"only {self.names(people)} {be} {'told' if told else 'paged'} meanwhile"

    def overlaps(self) -> Iterator[Finding]:
        """Each cover with the first later one that takes time from it and has other people."""
        covers = [
            (max(one.start, self.now), min(one.end, self.end), {one.user, *one.others}, one.user)
            for one in self.schedule.overrides
            if one.replaces is None and one.start < self.end and one.end > self.now
        ]
        for place, (start, end, people, user) in enumerate(covers):
            for since, until, others, other in covers[place + 1 :]:
                begins, ends = max(start, since), min(end, until)
                if begins < ends and people != others:
                    yield self.finding(
                        Kind.OVERLAP,
                        f"the covers of {self.called(user)} and {self.called(other)} overlap, "
                        f"{self.span(begins, ends)}: {self.called(other)}'s counts then, it was made later",
                        f"`/oncall undo <number>` takes back the one that isn't meant, `/oncall covers {self.team.id}` "
                        "shows their numbers",
                    )
                    break

    def unreachable(self, reachable: Callable[[Person], bool]) -> Iterator[Finding]:
        for person, at in self.first_turns().items():
            known = self.catalog.people.get(person)
            if known is not None and not reachable(known):
                yield self.finding(
                    Kind.UNREACHABLE,
                    f"{known.called} is on call {self.since(at)} and can't be reached",
                    f"set 'email', 'slack' or 'notify' of [[person]] {person}, and the environment variables it names",
                )

    def left(self) -> Iterator[Finding]:
        turns = self.first_turns()
        listed: dict[str, list[int]] = {}
        for version in self.versions:
            for number, layer in enumerate(version.layers, 1):
                for person in _listed(layer):
                    places = listed.setdefault(person, [])
                    if number not in places:
                        places.append(number)
        for person in dict.fromkeys([*listed, *turns]):
            if person in self.catalog.people:
                continue
            if person in listed:
                where = f"listed in {_layers(listed[person])}"
                fix = f"take {person} out of 'layers', or add a [[person]] {person}"
            else:
                where = "in a cover, a swap or the calendar"
                fix = f"`/oncall override {self.team.id} @person <from> <to>` puts somebody else on call"
            lost = f", on call {self.since(turns[person])} and not paged" if person in turns else ""
            yield self.finding(Kind.LEFT, f"{person} is {where} but not in the catalog{lost}", fix)

    def late(self) -> Iterator[Finding]:
        version = self.versions[-1]
        for number, layer in enumerate(version.layers, 1):
            begins = arrival(version.zone, layer.rotation.start)
            if begins >= self.end and layer.participants:
                yield self.finding(
                    Kind.LATE,
                    f"layer {number} begins only {self.clock(begins)}, after {self.period}",
                    f"an earlier 'start' of layer {number}, unless it is meant to begin then",
                )

    def empty(self) -> Iterator[Finding]:
        for number, layer in enumerate(self.versions[-1].layers, 1):
            if not layer.participants:
                yield self.finding(
                    Kind.EMPTY,
                    f"layer {number} has no participants, so nobody is ever on call by it",
                    f"put people into 'participants' of layer {number}, or take the layer out",
                )

    def hidden(self) -> Iterator[Finding]:
        """People who are never on call in any of their turns, by the version that holds in the end."""
        version = self.versions[-1]
        layers, zone = version.layers, version.zone
        start = max([self.now, *(since for since, one in self.schedule.versions if one is version)])
        begun = [arrival(zone, layer.rotation.start) for layer in layers]
        # What lies below a layer that always has somebody is not worth looking at.
        ground = max(
            (n for n, one in enumerate(layers) if one.participants and not one.windows and begun[n] <= start),
            default=0,
        )
        judged = [n for n in range(ground, len(layers)) if begun[n] < start + FAR]
        end = min(max([start, *(begun[n] for n in judged)]) + _cycle(layers[ground:]), start + FAR)
        shown = {person for n in judged for person in _listed(layers[n])}
        unseen = _unseen(Schedule(zone, layers[ground:]), shown, start, end)
        above = {person for layer in layers[ground:] for person in _listed(layer)}
        told: set[str] = set()
        for n, layer in enumerate(layers):
            listed = [p for p in _listed(layer) if p in self.catalog.people and p not in told]
            if n < ground:
                people = [person for person in listed if person not in above]
                why = f"never on call: layer {ground + 1} hides every turn of theirs"
                fix = f"restrict layer {ground + 1}, put it below layer {n + 1}, or take them out"
            elif n in judged:
                # A turn that does not come in that time is not hidden.
                alone = Schedule(zone, (replace(layer, windows=()),))
                coming = unseen & set(listed)
                coming -= _unseen(alone, coming, start, end)
                people = [person for person in listed if person in coming]
                why = f"never on call in the coming {_days(end - self.now)}: {_behind(layers, n)}"
                fix = f"widen the restrictions, change how many take turns in layer {n + 1}, or take them out"
            else:
                continue
            told.update(people)
            if people:
                be = "is" if len(people) == 1 else "are"
                text = f"{self.names(people)} {be} listed in layer {n + 1} and {why}"
                yield self.finding(Kind.HIDDEN, text, fix)

    def first_turns(self) -> dict[str, datetime]:
        """Since when each is on call, in the order in which they come."""
        found: dict[str, datetime] = {}
        for segment in self.answer:
            for person in segment.people:
                found.setdefault(person, segment.start)
        return found

    def stretches(self) -> dict[str, list[Stretch]]:
        """When each is on call, as spans that do not touch."""
        found: dict[str, list[Stretch]] = {}
        for segment in self.answer:
            for person in segment.people:
                mine = found.setdefault(person, [])
                if mine and mine[-1][1] == segment.start:
                    mine[-1] = (mine[-1][0], segment.end)
                else:
                    mine.append((segment.start, segment.end))
        return found


# ---- two schedules -------------------------------------------------------------------------------


def _twice(views: Sequence[_View]) -> dict[str, list[Finding]]:
    """By the first team of each pair that has somebody on call for both at once."""
    duties: dict[str, list[tuple[int, list[Stretch]]]] = {}
    for place, view in enumerate(views):
        for person, stretches in view.stretches().items():
            duties.setdefault(person, []).append((place, stretches))
    pairs: dict[tuple[int, int], list[tuple[str, list[Stretch]]]] = {}
    for person, teams in duties.items():
        for (one, mine), (other, theirs) in combinations(teams, 2):
            both = _common(mine, theirs)
            if both:
                pairs.setdefault((one, other), []).append((person, both))
    found: dict[str, list[Finding]] = {}
    for (one, other), people in sorted(pairs.items()):
        view, team = views[one], views[other].team
        people.sort(key=lambda each: each[1][0][0])
        first = people[0][1][0][0]
        total = sum((end - start for _, both in people for start, end in both), timedelta())
        names = view.names(person for person, _ in people)
        text = (
            f"{names} {'is' if len(people) == 1 else 'are'} on call for {view.team.name} and {team.name} at once, "
            f"first {'now' if first <= view.now else view.clock(first)}, {paging.spoken(total, in_hours=True)} in {view.period}"
        )
        fix = f"`/oncall override {team.id} @person <from> <to>` puts somebody else on call for {team.name}"
        found.setdefault(view.team.id, []).append(view.finding(Kind.TWICE, text, fix))
    return found


def _common(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """The time that both have; each is in order and without overlaps."""
    found: list[Stretch] = []
    a = b = 0
    while a < len(one) and b < len(other):
        start, end = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if start < end:
            found.append((start, end))
        if one[a][1] <= other[b][1]:
            a += 1
        else:
            b += 1
    return found


# ---- who never comes up --------------------------------------------------------------------------


def _listed(layer: Layer) -> list[str]:
    return list(dict.fromkeys(person for group in layer.participants for person in group))


def _cycle(layers: Sequence[Layer]) -> timedelta:
    """After so long everything comes again as it was, clock changes apart; at most as far as one looks."""
    parts = [_WEEK // _MOMENT] if any(layer.windows for layer in layers) else []
    for layer in layers:
        rotation, people = layer.rotation, len(layer.participants)
        if rotation.months and len(layers) == 1 and not layer.windows:
            parts.append(rotation.months * people * _LONGEST_MONTH // _MOMENT)
        elif rotation.months and people > 1:
            return FAR  # months fall on other weekdays each time
        elif people:
            parts.append(rotation.length * people // _MOMENT)
    # A clock change must not take the last hour away.
    return min(timedelta(microseconds=min(lcm(*parts), FAR // _MOMENT)) + timedelta(days=1), FAR)


def _unseen(schedule: Schedule, people: set[str], start: datetime, end: datetime) -> set[str]:
    """Who of `people` is in no answer from `start` to `end`."""
    left = set(people)
    while left and start < end:
        until = min(start + LOOK, end)
        for segment in final(schedule, start, until):
            left.difference_update(segment.people)
        start = until
    return left


def _behind(layers: Sequence[Layer], place: int) -> str:
    """What hides the layer at `place`."""
    above = [n for n in range(place + 2, len(layers) + 1) if layers[n - 1].participants]
    hiding = [*(["its restrictions"] if layers[place].windows else []), *([_layers(above)] if above else [])]
    verb = "hide" if layers[place].windows or len(above) > 1 else "hides"
    return f"{' and '.join(hiding)} {verb} every turn of theirs"


def _layers(numbers: Sequence[int]) -> str:
    return f"layer{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def _days(length: timedelta) -> str:
    return (
        f"{round(length / timedelta(days=1))} days" if length > timedelta(days=1) else paging.spoken(length)
    )
