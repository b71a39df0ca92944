"""From the tables of the files to the catalog: every reference compared with what it names."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Generic

from bot.config.reading import S, meant, plain, quoted, short
from bot.config.shape import (
    PagingShape,
    PersonShape,
    ServiceShape,
    StepShape,
    TeamShape,
)
from bot.core.oncall import Schedule
from bot.models import (
    Catalog,
    Link,
    Person,
    Policy,
    Secondment,
    Service,
    Setting,
    Severity,
    Step,
    Switch,
    Team,
    TeamKind,
    Way,
)

USUAL_STEPS = ("oncall", "next", "fallback")
TARGETS = ("oncall", "next", "team", "channel", "fallback")


@dataclass(frozen=True)
class Entry(Generic[S]):
    """One table of a file. `where` is how messages name it; `raw` has the keys as written, wrong ones too."""

    where: str
    raw: Mapping[str, Any]
    table: S


@dataclass
class Tables:
    """Everything that may stand in more than one file, in the order of the files."""

    people: list[Entry[PersonShape]] = field(default_factory=list)
    teams: list[Entry[TeamShape]] = field(default_factory=list)
    services: list[Entry[ServiceShape]] = field(default_factory=list)


def build(tables: Tables, paging: PagingShape, file: str) -> tuple[Catalog, list[str]]:
    """The catalog, and what is wrong with it; with problems the catalog is not fit for use.

    `file` is the main file, which holds `paging`.
    """
    problems = [*_twice(tables), *_aliases(tables)]
    people = {entry.table.id for entry in tables.people}
    teams = {entry.table.id: entry.table for entry in tables.teams}
    for team in tables.teams:
        problems += (f"{team.where}: {problem}" for problem in _team(team, people, teams))
    for service in tables.services:
        problems += (f"{service.where}: {problem}" for problem in _service(service, teams))
    problems += (f"{file}: {problem}" for problem in _fallback(paging, teams))
    problems += (f"{file}: {problem}" for problem in _everyones(paging, people, teams))
    if problems:
        return Catalog(), problems
    devs = [team.table.id for team in tables.teams if team.table.kind == "dev"]
    return Catalog(
        MappingProxyType({entry.table.id: _as_person(entry.table) for entry in tables.people}),
        MappingProxyType({entry.table.id: _as_team(entry.table, paging) for entry in tables.teams}),
        MappingProxyType({entry.table.id: _as_service(entry.table) for entry in tables.services}),
        paging.fallback_team or devs[0],
    ), []


# ---- what one table must be beside the others ------------------------------------------------------


def _twice(tables: Tables) -> Iterator[str]:
    """Ids of people are their own; teams and services share theirs."""
    shared: list[Entry[TeamShape] | Entry[ServiceShape]] = [*tables.teams, *tables.services]
    groups: tuple[Sequence[Entry[Any]], ...] = (tables.people, shared)
    for group in groups:
        first: dict[str, Entry[Any]] = {}
        for entry in group:
            other = first.setdefault(entry.table.id, entry)
            if other is entry:
                continue
            both = "" if group is tables.people else "; teams and services share one set of ids"
            yield f"{entry.where}: key 'id' is taken by {other.where}{both}; choose another"


def _aliases(tables: Tables) -> Iterator[str]:
    shared: list[Entry[TeamShape] | Entry[ServiceShape]] = [*tables.teams, *tables.services]
    owner: dict[str, Entry[Any]] = {entry.table.id: entry for entry in shared}
    for entry in tables.services:
        for alias in entry.table.aliases:
            other = owner.setdefault(alias.casefold(), entry)
            if other is not entry and other.table.id != entry.table.id:
                what = "the id" if alias.casefold() == other.table.id else "an alias"
                yield f"{entry.where}: key 'aliases': {quoted(alias)} is {what} of {other.where}; give it to one of them"


def _unknown(kind: str, id: str, known: Iterable[str]) -> str:
    return f"there is no {kind} {quoted(id)}" + (
        meant(id, known) or f"; add [[{kind}]] {short(id)} or correct it"
    )


def _team(entry: Entry[TeamShape], people: set[str], teams: Mapping[str, TeamShape]) -> Iterator[str]:
    team = entry.table
    for key, person in (("lead", team.lead), ("fallback", team.fallback)):
        if key in entry.raw and person not in people and isinstance(entry.raw[key], str):
            yield f"key '{key}': {_unknown('person', person, people)}"
    for person in team.members or ():
        if person not in people:
            yield f"key 'members': {_unknown('person', person, people)}"
    yield from _layers(team, people)
    if team.kind == "dev" and not {"lead", "fallback"} & entry.raw.keys():
        yield "needs a person who is paged when nobody is on call; set 'fallback' or 'lead'"
    yield from _targets("", team.escalation or (), team, people, teams)
    for number, policy in enumerate(team.policies, 1):
        yield from _targets(f"policies {number}: ", policy.escalation or (), team, people, teams)
    for number, stay in enumerate(team.secondments, 1):
        if stay.person not in people:
            yield f"secondments {number}: key 'person': {_unknown('person', stay.person, people)}"
        if stay.end <= stay.start:
            yield f"secondments {number}: key 'end': lies before its start; correct one of them"


def _targets(
    place: str,
    steps: Sequence[StepShape],
    team: TeamShape,
    people: set[str],
    teams: Mapping[str, TeamShape],
) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        for target in step.targets:
            problem = _target(target, team, people, teams)
            if problem:
                yield f"{place}escalation {number}: key 'targets': {problem}"


def _layers(team: TeamShape, people: set[str]) -> Iterator[str]:
    try:
        Schedule.parse(schedule(team))
    except ValueError as error:
        # The zone has been judged by itself.
        told = [line for line in re.split(r"; (?=layers\[)", str(error)) if line.startswith("layers")]
        yield from (re.sub(r"\[(\d+)\]\.?", _counted, line) for line in told or [f"key 'layers': {error}"])
    for person in dict.fromkeys(_in_layers(team.layers)):
        if person not in people:
            yield f"key 'layers': {_unknown('person', person, people)}"


def _counted(position: re.Match[str]) -> str:
    """Positions count from 1, as people count: `layers[0].rotation` → `layers 1: rotation`."""
    return f" {int(position[1]) + 1}" + (": " if position[0].endswith(".") else "")


def _in_layers(layers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Everyone in the layers, groups included. What has another shape is Schedule.parse's to refuse."""
    for layer in layers:
        participants = layer.get("participants")
        for participant in participants if isinstance(participants, list) else ():
            group = participant if isinstance(participant, list) else [participant]
            yield from (person for person in group if isinstance(person, str))


def _target(target: str, team: TeamShape, people: set[str], teams: Mapping[str, TeamShape]) -> str | None:
    """What is wrong with a target of an escalation, None if nothing."""
    if target.startswith("@"):
        return None if target[1:] in people else _unknown("person", target[1:], people)
    if target.startswith("team:"):
        other = teams.get(target.removeprefix("team:"))
        if other is None:
            return _unknown("team", target.removeprefix("team:"), teams)
        if other.kind == "guide":
            return (
                f"{other.id} is a guide team, which is asked for advice and never paged; "
                "name a dev team, or a person of it with @"
            )
        return None
    if target not in TARGETS:
        near = meant(
            target, [*TARGETS, *(f"@{person}" for person in people), *(f"team:{id}" for id in teams)]
        )
        usual = f"; write {', '.join(TARGETS)}, @person or team:<id>"
        return f"{quoted(target)} is not a target{near or usual}"
    if target == "channel" and not team.channel:
        return "'channel' needs the team's channel; set 'channel', or take the target out"
    if target == "fallback" and not (team.fallback or team.lead):
        return "'fallback' needs a person; set 'fallback' or 'lead', or take the target out"
    return None


def _service(entry: Entry[ServiceShape], teams: Mapping[str, TeamShape]) -> Iterator[str]:
    owner = entry.table.team
    if owner not in teams:
        yield f"key 'team': {_unknown('team', owner, teams)}"
    elif teams[owner].kind == "guide":
        yield (
            f"key 'team': {owner} is a guide team, which may advise and is never paged as owner; "
            "name the dev team that writes the service"
        )


def _everyones(paging: PagingShape, people: set[str], teams: Mapping[str, TeamShape]) -> Iterator[str]:
    """The policies for every team: a target that a team lacks is skipped there, one that nobody has is a mistake."""
    anyone = next(iter(teams.values()), None)
    for number, policy in enumerate(paging.policies, 1):
        for step in policy.escalation or ():
            for target in step.targets:
                problem = _target(target, anyone, people, teams) if anyone and target not in TARGETS else None
                if problem:
                    yield f"[paging]: policies {number}: key 'targets': {problem}"


def _fallback(paging: PagingShape, teams: Mapping[str, TeamShape]) -> Iterator[str]:
    named = paging.fallback_team
    devs = [id for id, team in teams.items() if team.kind == "dev"]
    if not devs:
        yield "there is no dev team, so nobody could be paged; add a [[team]] with a lead"
    elif named and named not in teams:
        yield f"[paging]: key 'fallback_team': {_unknown('team', named, devs)}"
    elif named and named not in devs:
        yield f"[paging]: key 'fallback_team': {named} is a guide team, which is never paged; name a dev team"


# ---- values ------------------------------------------------------------------------------------


def schedule(team: TeamShape) -> dict[str, Any]:
    """The written form of ONCALL.md §7."""
    return {"tz": team.timezone, "layers": plain(team.layers)}


def _as_person(table: PersonShape) -> Person:
    ways = tuple(Way(way.to.removeprefix("env:"), way.after) for way in table.notify)
    return Person(table.id, table.name, table.email, table.slack, table.jira, table.timezone, ways)


def _as_team(table: TeamShape, paging: PagingShape) -> Team:
    fallback = table.fallback or table.lead
    stays = tuple(Secondment(stay.person, stay.start, stay.end) for stay in table.secondments)
    everyone = dict.fromkeys(
        [*_in_layers(table.layers), *(stay.person for stay in stays), table.lead, fallback]
    )
    return Team(
        id=table.id,
        name=table.name or table.id.replace("-", " ").replace("_", " ").title(),
        kind=TeamKind(table.kind),
        timezone=table.timezone,
        channel=table.channel,
        usergroup=table.usergroup,
        jira_project=table.jira_project,
        jira_components=tuple(table.jira_components),
        jira_issue_type=table.jira_issue_type,
        lead=table.lead,
        members=tuple(person for person in everyone if person)
        if table.members is None
        else tuple(table.members),
        fallback=fallback,
        schedule=json.dumps(schedule(table), sort_keys=True, ensure_ascii=False),
        escalation=_steps(table, paging.ack_timeout),
        repeat=paging.repeat if table.repeat is None else table.repeat,
        policies=() if table.kind == "guide" else tuple(_policies(table, paging)),
        calendar=table.calendar,
        secondments=stays,
        topic=table.topic,
    )


def _policies(table: TeamShape, paging: PagingShape) -> Iterator[Policy]:
    """The team's own policies before those for everyone: the first that names a severity counts."""
    for policy in (*table.policies, *paging.policies):
        yield Policy(
            tuple(Severity(word) for word in policy.severities),
            tuple(Step(tuple(s.targets), s.wait or paging.ack_timeout) for s in policy.escalation or ()),
            policy.repeat,
            json.dumps(policy.hours) if policy.hours else "",
        )


def _steps(table: TeamShape, wait: timedelta) -> tuple[Step, ...]:
    if table.kind == "guide" and table.escalation is None:
        return ()
    steps = table.escalation or [StepShape(targets=[target]) for target in USUAL_STEPS]
    return tuple(Step(tuple(step.targets), step.wait or wait) for step in steps)


def _as_service(table: ServiceShape) -> Service:
    return Service(
        id=table.id,
        team=table.team,
        name=table.name or table.id,
        aliases=tuple(table.aliases),
        paths=tuple(table.paths),
        runbook=table.runbook,
        dashboards=tuple(Link(link.name, link.url) for link in table.dashboards),
        switches=tuple(Switch(switch.name, switch.how, switch.url) for switch in table.switches),
        jira_components=tuple(table.jira_components),
        logs=tuple(Link(link.name, link.url) for link in table.logs),
        config=tuple(Setting(setting.name, setting.how, setting.url) for setting in table.config),
        alerts=tuple(Link(link.name, link.url) for link in table.alerts),
    )
