"""PagerDuty: the answers of its REST API v2 for users, teams, schedules, escalation policies and services.

https://developer.pagerduty.com/api-reference/ (schedules as GET /schedules/{id} answers them, with their layers)
"""

import re
from datetime import timedelta

from bot.importing.documents import ANSWERS, Export, Form, Row, identity, inner, items, moment, text, whole
from bot.importing.draft import (
    Draft,
    Group,
    Kind,
    Policy,
    Roster,
    Service,
    Step,
    Target,
    instant,
    named,
    zone_of,
)
from bot.importing.layers import WEEK, Inexpressible, Layer, Window, filled, layer, parts

FORM = Form(
    name="PagerDuty",
    sections={
        "users": "users",
        "user": "users",
        "teams": "teams",
        "team": "teams",
        "members": "members",
        "schedules": "schedules",
        "schedule": "schedules",
        "escalation_policies": "escalation_policies",
        "escalation_policy": "escalation_policies",
        "services": "services",
        "service": "services",
        "overrides": "overrides",
        "oncalls": ANSWERS,
    },
    kinds={
        "schedules": lambda row: "schedule_layers" in row or row.get("type") == "schedule",
        "escalation_policies": lambda row: (
            "escalation_rules" in row or row.get("type") == "escalation_policy"
        ),
        "users": lambda row: row.get("type") == "user" or {"id", "email"} <= row.keys(),
        "services": lambda row: row.get("type") == "service" or {"id", "escalation_policy"} <= row.keys(),
        "teams": lambda row: row.get("type") == "team",
        "overrides": lambda row: {"start", "end", "user"} <= row.keys(),
    },
    ignored=frozenset({"limit", "offset", "total", "more", "feature", "_parent"}),
    expected=(
        "expected are its users, teams, schedules (each as GET /schedules/{id} answers it, with schedule_layers), "
        "escalation_policies and services, as the API answers them or as one JSON document"
    ),
)


def fill(export: Export, draft: Draft) -> None:
    """Everything of the export that we have words for; the rest is told."""
    for row in export.of("teams"):
        group = Group(identity(row), text(row, "name", "summary") or identity(row))
        draft.groups.setdefault(group.key, group)
    reached = 0
    for row in export.of("users"):
        _person(row, draft)
        reached += bool(row.get("contact_methods") or row.get("notification_rules"))
    if reached:
        draft.say(
            "people",
            f"{reached} have contact methods there; beyond Slack, ways to reach somebody go into `notify`",
        )
    for row in export.of("teams"):
        for member in draft.rows(named(row, "team"), row, "members"):
            _member(member, identity(row), draft)
    for row in export.of("members"):
        team = identity(inner(row, "team")) or identity(inner(row, "_parent"))
        if team in draft.groups:
            _member(row, team, draft)
        else:
            draft.say("members", "the export doesn't say of which team; add `members` to it")
    for row in export.of("schedules"):
        _roster(row, draft)
    for row in export.of("escalation_policies"):
        _policy(row, draft)
    for row in export.of("services"):
        name = text(row, "name", "summary") or identity(row)
        if row.get("status") == "disabled":
            draft.say(f"service “{name}”", "is disabled there; check whether it is still needed")
        draft.services.append(
            Service(name, identity(inner(row, "escalation_policy")), _owner("service", row, draft))
        )
    for row in export.of("overrides"):
        _cover("an override", identity(inner(row, "_parent") or inner(row, "schedule")), row, draft)


def _person(row: Row, draft: Draft) -> None:
    key = identity(row)
    draft.add_person(key, text(row, "name", "summary"), text(row, "email"), text(row, "time_zone"))
    for team in draft.rows(f"person “{text(row, 'name', 'summary')}”", row, "teams"):
        group = draft.groups.setdefault(identity(team), Group(identity(team), text(team, "summary", "name")))
        if key and key not in group.members:
            group.members.append(key)


def _member(row: Row, team: str, draft: Draft) -> None:
    person = draft.person(inner(row, "user") or row)
    group = draft.groups[team]
    if person and person not in group.members:
        group.members.append(person)
    if person and row.get("role") == "manager":
        group.leads.append(person)


def _owner(kind: str, row: Row, draft: Draft) -> str:
    """The first team that something belongs to; one that is only named here is added."""
    teams = [team for team in draft.rows(named(row, kind), row, "teams") if identity(team)]
    if not teams:
        return ""
    key = identity(teams[0])
    draft.groups.setdefault(key, Group(key, text(teams[0], "summary", "name") or key))
    if len(teams) > 1:
        draft.say(
            named(row, kind), f"belongs to {len(teams)} teams there, here to {draft.groups[key].name} alone"
        )
    return key


# ---- schedules ---------------------------------------------------------------------------------


def _roster(row: Row, draft: Draft) -> None:
    what = named(row, "schedule")
    name = text(row, "name", "summary") or identity(row)
    roster = Roster(
        identity(row), name, draft.zone(what, text(row, "time_zone")), _owner("schedule", row, draft)
    )
    if "schedule_layers" not in row:
        draft.say(what, "its layers are not in the export; add what GET /schedules/{id} answers")
    # The answer begins with the layer that decides.
    rows = list(reversed(draft.rows(what, row, "schedule_layers")))
    found = [one for each in rows if (one := _layer(what, each, roster.zone, draft))]
    roster.parts = parts(name, [[one] for one in found])
    draft.end_layers(what, "layer", roster.parts)
    draft.rosters[roster.key] = roster
    overrides = draft.rows(what, inner(row, "overrides_subschedule"), "rendered_schedule_entries")
    for override in [*overrides, *draft.rows(what, row, "overrides")]:
        _cover(what, roster.key, override, draft)
    for entry in items(inner(row, "final_schedule"), "rendered_schedule_entries"):
        if isinstance(entry, dict):
            people = [identity(inner(entry, "user"))] if inner(entry, "user") else []
            draft.answer(roster.key, people, moment(entry, "start"), moment(entry, "end"))


def _layer(schedule: str, row: Row, zone: str, draft: Draft) -> Layer | None:
    what = f"{schedule}, {named(row, 'layer')}"
    start, virtual, end = moment(row, "start"), moment(row, "rotation_virtual_start"), moment(row, "end")
    if draft.is_over(what, end):
        return None
    seconds = whole(row, "rotation_turn_length_seconds")
    virtual, start = virtual or start, start or virtual
    if start is None or virtual is None or not seconds or not 0 < seconds <= 366 * 86_400:
        draft.say(what, "needs a start and a rotation_turn_length_seconds; it is left out")
        return None
    turns: list[tuple[str, ...]] = []
    for number, entry in enumerate(draft.rows(what, row, "users"), 1):
        user = inner(entry, "user") or entry
        person = None if user.get("deleted_at") else draft.person(user)
        if person is None:
            who = text(user, "summary", "name") or "this user"
            draft.say(
                f"{what}, user {number}",
                f"“{who}” was deleted or is not named; whoever has the turn before keeps it",
            )
        turns.append((person,) if person else ())
    try:
        return layer(
            text(row, "name", "summary"),
            grid=virtual.astimezone(zone_of(zone)).replace(tzinfo=None),
            length=timedelta(seconds=seconds),
            since=start.astimezone(zone_of(zone)).replace(tzinfo=None),
            people=filled(turns),
            windows=_windows(what, row, draft),
            now=draft.now.astimezone(zone_of(zone)).replace(tzinfo=None),
            ends=end.astimezone(zone_of(zone)).replace(tzinfo=None) if end else None,
        )
    except Inexpressible as error:
        draft.say(what, f"left out: {error}")
        return None


def _windows(what: str, row: Row, draft: Draft) -> list[Window]:
    found = []
    for restriction in draft.rows(what, row, "restrictions"):
        window = _window(restriction)
        if window is None:
            draft.say(what, "one of its restrictions is not understood; check its windows")
        else:
            found.append(window)
    return found


def _window(row: Row) -> Window | None:
    clock = re.match(r"([01]?\d|2[0-3]):([0-5]\d)", text(row, "start_time_of_day"), re.ASCII)
    seconds, day = whole(row, "duration_seconds"), whole(row, "start_day_of_week")
    if clock is None or not seconds or seconds < 60:
        return None
    start, length = int(clock[1]) * 60 + int(clock[2]), min(seconds // 60, WEEK)
    if row.get("type") != "weekly_restriction":
        return Window(tuple(range(7)), start, length)
    # Monday is 1, as in ISO 8601.
    return Window((day - 1,), start, length) if day and 1 <= day <= 7 else None


def _cover(what: str, roster: str, row: Row, draft: Draft) -> None:
    start, end, person = moment(row, "start"), moment(row, "end"), draft.person(inner(row, "user"))
    if not (start and end):
        draft.say(what, "an override without a start and an end is left out")
    elif person is None and end > draft.now:
        draft.say(what, f"an override from {instant(start)} to {instant(end)} names nobody and is left out")
    elif person:
        draft.cover(what, roster, [person], start, end)


# ---- escalation policies -----------------------------------------------------------------------


def _policy(row: Row, draft: Draft) -> None:
    what = named(row, "escalation policy")
    policy = Policy(
        identity(row), text(row, "name", "summary") or identity(row), _owner("escalation policy", row, draft)
    )
    for number, rule in enumerate(draft.rows(what, row, "escalation_rules"), 1):
        place = f"{what}, rule {number}"
        targets = []
        for target in draft.rows(place, rule, "targets"):
            kind = text(target, "type").removesuffix("_reference")
            if kind == "schedule":
                targets.append(Target(Kind.ROSTER, identity(target)))
            elif kind == "user" and (person := draft.person(target)):
                targets.append(Target(Kind.PERSON, person))
            else:
                draft.say(place, f"pages “{kind or 'nobody'}”, which can't be expressed; it is left out")
        strategy = inner(rule, "escalation_rule_assignment_strategy")
        if text(strategy, "type") == "round_robin":
            draft.say(place, "pages its targets in turn, which can't be expressed; it pages all of them")
        minutes = whole(rule, "escalation_delay_in_minutes")
        policy.steps.append(
            Step(targets, timedelta(minutes=minutes) if minutes and 0 < minutes < 10**6 else None)
        )
    policy.repeat = whole(row, "num_loops") or 0
    draft.policies[policy.key] = policy
