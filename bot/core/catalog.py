"""The catalog as it is kept and compared: who owned what stays answerable after a change."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import timedelta
from types import MappingProxyType
from typing import Any, TypeVar

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

T = TypeVar("T")

REMEMBERED = 8
"""Catalogs: the one in force, the one before it while commands still hold it, and those of tests."""


def once_per_catalog(work: Callable[[Catalog], T]) -> Callable[[Catalog], T]:
    """`work`, done once for each catalog: by identity, because comparing two catalogs costs as much as the work.

    The last REMEMBERED catalogs are held, so that an identity can't come back as another catalog's.
    """
    done: OrderedDict[int, tuple[Catalog, T]] = OrderedDict()

    def remembered(catalog: Catalog) -> T:
        found = done.get(id(catalog))
        if found is not None:
            return found[1]
        answer = work(catalog)
        done[id(catalog)] = (catalog, answer)
        while len(done) > REMEMBERED:
            # Two threads may both be about to take the oldest one away.
            done.pop(next(iter(done)), None)
        return answer

    return remembered


@once_per_catalog
def to_dict(catalog: Catalog) -> dict[str, Any]:
    """The catalog as JSON has it, to be kept; not to be written to, for the next caller gets the same one."""
    return {
        "people": [_kept(person) for person in catalog.people.values()],
        "teams": [
            _kept(team)
            | {"escalation": _steps(team.escalation)}
            | ({"policies": [_policy(policy) for policy in team.policies]} if team.policies else {})
            for team in catalog.teams.values()
        ],
        "services": [_kept(service) for service in catalog.services.values()],
        "fallback_team": catalog.fallback_team,
    }


def _steps(steps: tuple[Step, ...]) -> list[list[Any]]:
    return [[list(step.targets), step.wait.total_seconds()] for step in steps]


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "severities": list(policy.severities),
        "escalation": _steps(policy.escalation),
        "repeat": policy.repeat,
        "hours": policy.hours,
    }


def _kept(value: Person | Team | Service | Link | Switch | Setting | Way | Secondment) -> dict[str, Any]:
    """Only what differs from the default, so that a field added later does not make every old version differ."""
    kept: dict[str, Any] = {}
    for field in fields(value):
        found = getattr(value, field.name)
        if found != field.default:
            kept[field.name] = (
                [_kept(i) if isinstance(i, (Link, Switch, Setting, Way, Secondment)) else i for i in found]
                if isinstance(found, tuple)
                else found.total_seconds()
                if isinstance(found, timedelta)
                else found
            )
    return kept


def from_dict(kept: Mapping[str, Any]) -> Catalog:
    """What `to_dict` gave, perhaps of an earlier version of the program: fields it did not know have their defaults."""
    people = [_person(row) for row in kept.get("people", ())]
    teams = [_team(row) for row in kept.get("teams", ())]
    services = [_service(row) for row in kept.get("services", ())]
    return Catalog(
        MappingProxyType({person.id: person for person in people}),
        MappingProxyType({team.id: team for team in teams}),
        MappingProxyType({service.id: service for service in services}),
        kept.get("fallback_team", ""),
    )


def _known(cls: type[Person] | type[Team] | type[Service], row: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in names}


def _person(row: Mapping[str, Any]) -> Person:
    ways = tuple(
        Way(way["env"], timedelta(seconds=way.get("after", 0))) if isinstance(way, Mapping) else Way(way[4:])
        for way in row.get("notify", ())
    )
    return Person(**_known(Person, row) | {"notify": ways})


def _read_steps(rows: Iterable[Any]) -> tuple[Step, ...]:
    return tuple(Step(tuple(targets), timedelta(seconds=wait)) for targets, wait in rows)


def _team(row: Mapping[str, Any]) -> Team:
    policies = tuple(
        Policy(
            tuple(Severity(word) for word in policy["severities"]),
            _read_steps(policy["escalation"]),
            policy["repeat"],
            policy["hours"],
        )
        for policy in row.get("policies", ())
    )
    given = {
        "kind": TeamKind(row.get("kind", TeamKind.DEV)),
        "escalation": _read_steps(row.get("escalation", ())),
        "policies": policies,
        "secondments": tuple(Secondment(**stay) for stay in row.get("secondments", ())),
    }
    return Team(**_known(Team, row) | given)


def _service(row: Mapping[str, Any]) -> Service:
    given = {
        **{key: tuple(Link(**link) for link in row.get(key, ())) for key in ("dashboards", "logs", "alerts")},
        "switches": tuple(Switch(**switch) for switch in row.get("switches", ())),
        "config": tuple(Setting(**setting) for setting in row.get("config", ())),
    }
    return Service(**_known(Service, row) | given)


@once_per_catalog
def digest(catalog: Catalog) -> str:
    """Names a catalog's content: the same for the same content, whatever the process or the order of the files' keys."""
    text = json.dumps(to_dict(catalog), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes(old: Catalog, new: Catalog) -> Iterator[str]:
    """What differs, one line for each person, team and service that came, went or changed."""
    yield from _listed("person", old.people, new.people)
    yield from _listed("team", old.teams, new.teams)
    for id, service in new.services.items():
        before = old.services.get(id)
        if before is not None and before.team != service.team:
            yield f"service {id}: belongs to {service.team} now, no longer to {before.team}"
    yield from _listed("service", old.services, new.services, apart_from=frozenset({"team"}))
    if old.fallback_team != new.fallback_team:
        yield f"{new.fallback_team or 'no team'} is the fallback team now, no longer {old.fallback_team or 'none'}"


def _listed(
    what: str,
    old: Mapping[str, Person] | Mapping[str, Team] | Mapping[str, Service],
    new: Mapping[str, Person] | Mapping[str, Team] | Mapping[str, Service],
    apart_from: frozenset[str] = frozenset(),
) -> Iterator[str]:
    yield from (f"{what} {id}: taken out" for id in old if id not in new)
    for id, value in new.items():
        before = old.get(id)
        if before is None:
            yield f"{what} {id}: added"
            continue
        differs = [f.name for f in fields(value) if getattr(value, f.name) != getattr(before, f.name)]
        names = [name for name in differs if name not in apart_from]
        if names:
            yield f"{what} {id}: {', '.join(names)} changed"
