"""Which team each schedule, escalation and service of an export goes to: a team of ours has one of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.importing.documents import shown
from bot.importing.draft import Cover, Draft, Group, Kind, Policy, Roster, Target, instant, new_id
from bot.importing.layers import Layer, Part

MOST_REPEATS = 20
LONGEST_WAIT = timedelta(days=366)
LONGEST_COVER = timedelta(days=60)
"""What the catalog and `/oncall override` take."""


@dataclass
class Team:
    """One [[team]], its people by the vendor's ids. `why` says how the fallback was chosen."""

    name: str
    group: Group | None = None
    policy: Policy | None = None
    roster: Roster | None = None
    part: Part | None = None
    id: str = ""
    fallback: str = ""
    why: str = ""
    channel: str = ""
    escalation: list[tuple[list[str], timedelta | None]] = field(default_factory=list)
    services: list[tuple[str, str]] = field(default_factory=list)
    """Each as its id and its name."""

    @property
    def layers(self) -> list[Layer]:
        return self.part.layers if self.part else []

    @property
    def zone(self) -> str:
        return self.roster.zone if self.roster else ""

    @property
    def repeat(self) -> int | None:
        return min(max(self.policy.repeat, 0), MOST_REPEATS) if self.policy else None

    @property
    def on_call(self) -> list[str]:
        """Everybody in the layers."""
        return list(dict.fromkeys(one for layer in self.layers for group in layer.people for one in group))


def settled(draft: Draft) -> tuple[list[Team], dict[str, list[Team]]]:
    """The teams, with ids and everything else that the catalog asks for; covers and the rest are told.

    Also those that each schedule of the vendor's became.
    """
    places = _Places(draft)
    for group in draft.groups.values():
        places.add(Team(group.name, group))
    for policy in draft.policies.values():
        places.house_policy(policy)
    for roster in draft.rosters.values():
        places.house_roster(roster)
    places.name()
    for team in places.teams:
        team.channel = places.channel(team)
        team.escalation = list(places.steps(team))
        if team.policy and team.policy.repeat > MOST_REPEATS:
            draft.say(
                f"team “{team.name}”", f"repeats {team.policy.repeat} times there, {MOST_REPEATS} times here"
            )
    places.house_services()
    for cover in draft.covers:
        places.tell(cover)
    if not places.teams:
        draft.say(
            "the export",
            "has no team, schedule or escalation with people in it; this file needs others beside it",
        )
    return places.teams, places.rosters


class _Places:
    """Where everything of a draft goes."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.teams: list[Team] = []
        self.groups: dict[str, Team] = {}
        self.policies: dict[str, Team] = {}
        self.rosters: dict[str, list[Team]] = {}
        """Those that share a schedule of the vendor's: who is on call in any of them is on call in it."""

    def add(self, team: Team) -> Team:
        self.teams.append(team)
        if team.group:
            self.groups[team.group.key] = team
        return team

    def house_policy(self, policy: Policy) -> None:
        """In the team that it belongs to, or, where that has one, in a team of its own."""
        owner = self.groups.get(policy.owner)
        if owner is None or owner.policy:
            name = policy.name if owner is None else _within(owner.name, policy.name)
            if owner:
                what = f"escalation “{policy.name}”"
                self.draft.say(what, f"a team has one escalation here, so it became the team “{name}”")
            owner = self.add(Team(name))
        owner.policy = policy
        self.policies[policy.key] = owner

    def house_roster(self, roster: Roster) -> None:
        """In the team whose escalation pages it first, else in the team that it belongs to, else in one of its own."""
        owner = self.groups.get(roster.owner)
        asking = (team for team in self.teams if self._asks_for(team, roster))
        home = next(asking, owner if owner and not self._is_taken(owner) else None)
        first, *others = roster.parts or [Part(roster.name)]
        if home is None:
            name = roster.name if owner is None else _within(owner.name, roster.name)
            if owner:
                what = f"schedule “{roster.name}”"
                self.draft.say(what, f"a team has one schedule here, so it became the team “{name}”")
            home = self.add(Team(name))
        home.roster, home.part = roster, first
        self.rosters[roster.key] = [home]
        for part in others:
            name = _within(home.name, part.name)
            self.rosters[roster.key].append(self.add(Team(name, roster=roster, part=part)))

    def _is_taken(self, team: Team) -> bool:
        """Whether it has a schedule, or waits for one that its own escalation pages."""
        return team.roster is not None or any(
            self._asks_for(team, roster)
            for key, roster in self.draft.rosters.items()
            if key not in self.rosters
        )

    def _asks_for(self, team: Team, roster: Roster) -> bool:
        if team.roster or not team.policy:
            return False
        paged = [
            target.key for step in team.policy.steps for target in step.targets if target.kind is Kind.ROSTER
        ]
        key = next((key for key in paged if key in self.draft.rosters and self._may_have(team, key)), None)
        return key == roster.key

    def _may_have(self, team: Team, key: str) -> bool:
        owner = self.draft.rosters[key].owner
        return key not in self.rosters and (not owner or bool(team.group and team.group.key == owner))

    def name(self) -> None:
        """Give each team its id and its fallback. One that has nobody at all is left out, and told."""
        for team in list(self.teams):
            people = self._everybody(team)
            if not people:
                self.draft.say(f"team “{team.name}”", "nobody is in it, so it is left out")
                self.teams.remove(team)
                continue
            leads = [lead for lead in (team.group.leads if team.group else []) if lead in self.draft.people]
            team.fallback = leads[0] if leads else people[0]
            team.why = (
                "" if leads else "the export doesn't say whom to page when nobody is on call; check this"
            )
            team.id = new_id(team.name, "team", {other.id for other in self.teams if other is not team})

    def _everybody(self, team: Team) -> list[str]:
        """Everybody who has to do with it: those whom its escalation names last come first."""
        steps = team.policy.steps if team.policy else []
        targets = [target for step in reversed(steps) for target in step.targets]
        named = [target.key for target in targets if target.kind is Kind.PERSON]
        members = team.group.members if team.group else []
        others = [
            one
            for target in targets
            if target.kind in (Kind.ROSTER, Kind.NEXT)
            for home in self.rosters.get(target.key, ())
            for one in home.on_call
        ]
        found = dict.fromkeys([*named, *team.on_call, *members, *others])
        return [one for one in found if one in self.draft.people]

    # ---- escalation ----------------------------------------------------------------------------

    def channel(self, team: Team) -> str:
        """The channel that the vendor tells about its schedule."""
        channel = team.roster.channel if team.roster else ""
        return channel if re.fullmatch(r"[CG][A-Z0-9]{5,}", channel) else ""

    def steps(self, team: Team) -> Iterator[tuple[list[str], timedelta | None]]:
        """The steps in our words. One that pages nobody leaves its wait to the step before it."""
        found: list[tuple[list[str], timedelta | None]] = []
        for number, step in enumerate(team.policy.steps if team.policy else (), 1):
            what = f"escalation “{team.policy.name if team.policy else ''}”, step {number}"
            wait = step.wait if step.wait is None or step.wait <= LONGEST_WAIT else LONGEST_WAIT
            words = list(dict.fromkeys(word for one in step.targets for word in self._words(what, one, team)))
            if words:
                found.append((words, wait))
            elif found and wait:
                targets, before = found[-1]
                found[-1] = targets, min((before or timedelta(0)) + wait, LONGEST_WAIT)
        if team.policy and not found:
            what = f"escalation “{team.policy.name}”"
            self.draft.say(what, "none of its steps is left; the usual one is used: oncall, next, fallback")
        yield from found

    def _words(self, what: str, target: Target, team: Team) -> Iterator[str]:
        if target.kind is Kind.PERSON:
            yield f"@{self.draft.people[target.key].id}"
        elif target.kind in (Kind.ROSTER, Kind.NEXT):
            yield from self._rostered(what, target, team)
        elif target.kind is Kind.CHANNEL:
            if team.channel:
                yield "channel"
            else:
                self.draft.say(
                    what, 'pages a channel; set the team\'s `channel` and add the target "channel"'
                )
        else:
            yield from self._grouped(what, target, team)

    def _rostered(self, what: str, target: Target, team: Team) -> Iterator[str]:
        homes = [home for home in self.rosters.get(target.key, ()) if home in self.teams]
        if not homes:
            self.draft.say(
                what, f"pages a schedule ({shown(target.key) or 'without an id'}) that is not here"
            )
        elif target.kind is Kind.NEXT and homes == [team]:
            yield "next"
        else:
            if target.kind is Kind.NEXT:
                self.draft.say(
                    what, "pages who is next on call in another schedule; here whoever is on call in it"
                )
            yield from ("oncall" if home is team else f"team:{home.id}" for home in homes)

    def _grouped(self, what: str, target: Target, team: Team) -> Iterator[str]:
        home = self.groups.get(target.key)
        if home is None or home not in self.teams:
            self.draft.say(what, f"pages a team ({shown(target.key) or 'without an id'}) that is not here")
        elif target.kind is Kind.ONCALL:
            yield "oncall" if home is team else f"team:{home.id}"
        elif home is team:
            yield "team"
        else:
            members = home.group.members if home.group else []
            if not members:
                self.draft.say(what, f"pages the members of “{home.name}”, who are not in the export")
            yield from (f"@{self.draft.people[one].id}" for one in members)

    # ---- services and covers -------------------------------------------------------------------

    def house_services(self) -> None:
        taken = {team.id for team in self.teams}
        for service in self.draft.services:
            home = self.policies.get(service.policy) or self.groups.get(service.owner)
            if home is None or home not in self.teams:
                self.draft.say(f"service “{service.name}”", "no team of the export owns it; it is left out")
                continue
            id = new_id(service.name, "service", ())
            id = new_id(f"{id}-service" if id in taken else id, "service", taken)
            taken.add(id)
            home.services.append((id, service.name))

    def tell(self, cover: Cover) -> None:
        """A cover as what has to be typed for it."""
        homes = [home for home in self.rosters.get(cover.roster, ()) if home in self.teams]
        names = [home.id for home in homes] or ["<team>"]
        roster = self.draft.rosters.get(cover.roster)
        what = f"schedule “{roster.name}”" if roster else "an override of an unknown schedule"
        people = [self.draft.people[one].id for one in cover.people if one in self.draft.people]
        if len(people) > 1:
            others = ", ".join(people[1:])
            self.draft.say(
                what, f"the override from {instant(cover.start)} has several people, also {others}"
            )
        typed = [
            f"`/oncall override {name} @{people[0]} {instant(start)} to {instant(end)}`"
            for name in names
            for start, end in _pieces(cover)
            if people
        ]
        if typed:
            self.draft.say(what, f"overrides are kept in the database; type {' and '.join(typed)}")


def _pieces(cover: Cover) -> Iterator[tuple[datetime, datetime]]:
    """The period in lengths that one command takes."""
    start = cover.start
    for _ in range(12):
        end = min(start + LONGEST_COVER, cover.end)
        yield start, end
        if end == cover.end:
            return
        start = end


def _within(outer: str, inner: str) -> str:
    """A name that tells whose it is."""
    return inner if outer.casefold() in inner.casefold() else shown(f"{outer}: {inner}")
