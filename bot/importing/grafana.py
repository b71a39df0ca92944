"""Grafana OnCall: the answers of its HTTP API for users, teams, schedules, shifts and escalation chains.

https://grafana.com/docs/oncall/latest/oncall-api-reference/ (recurrence as in RFC 5545 §3.3.10)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.importing.documents import (
    ANSWERS,
    Export,
    Form,
    Row,
    identity,
    inner,
    items,
    moment,
    shown,
    text,
    wall,
    whole,
)
from bot.importing.draft import Draft, Group, Kind, Policy, Roster, Step, Target, is_zone, named, zone_of
from bot.importing.layers import Layer
from bot.importing.layers import parts as in_parts
from bot.importing.shifts import Shift, layers_of

SHIFTS = ("recurrent_event", "rolling_users", "single_event", "override")
SCHEDULES = ("web", "ical", "calendar")

FORM = Form(
    name="Grafana OnCall",
    sections={
        "users": "users",
        "teams": "teams",
        "schedules": "schedules",
        "on_call_shifts": "on_call_shifts",
        "shifts": "on_call_shifts",
        "escalation_chains": "escalation_chains",
        "escalation_policies": "escalation_policies",
        "final_shifts": ANSWERS,
    },
    kinds={
        ANSWERS: lambda row: {"user_pk", "shift_start", "shift_end"} <= row.keys(),
        "on_call_shifts": lambda row: row.get("type") in SHIFTS,
        "schedules": lambda row: row.get("type") in SCHEDULES,
        "escalation_policies": lambda row: "escalation_chain_id" in row and "type" in row,
        "users": lambda row: "username" in row,
        "escalation_chains": lambda row: {"id", "name", "team_id"} <= row.keys() and len(row) <= 4,
        "teams": lambda row: "avatar_url" in row,
    },
    ignored=frozenset(
        {"count", "next", "previous", "current_page_number", "page_size", "total_pages", "_parent"}
    ),
    expected=(
        "expected are its users, teams, schedules, on_call_shifts, escalation_chains and escalation_policies, as the API "
        "answers them or as one JSON document"
    ),
)

REPEATS = 5
"""How often Grafana OnCall goes through a chain that ends in `repeat_escalation`."""

UNSAID = {
    "notify_user_group": "pages a Slack user group, which can't be expressed",
    "trigger_webhook": "calls a webhook, which can't be expressed",
    "resolve": "resolves by itself, which can't be expressed",
    "notify_if_time_from_to": "goes on only at some hours; see `hours` in a team's `policies`",
    "notify_if_num_alerts_in_window": "goes on only for many alerts, which can't be expressed",
    "declare_incident": "declares an incident; here every page belongs to one",
}


def fill(export: Export, draft: Draft) -> None:
    """Everything of the export that we have words for; the rest is told."""
    for row in export.of("teams"):
        draft.groups.setdefault(identity(row), Group(identity(row), text(row, "name") or identity(row)))
    for row in export.of("users"):
        _person(row, draft)
    shifts = {identity(row): row for row in export.of("on_call_shifts")}
    unused = dict(shifts)
    for row in export.of("schedules"):
        _roster(row, shifts, unused, draft)
    for row in unused.values():
        draft.say(named(row, "shift"), "belongs to no schedule of the export and is left out")
    _policies(export, draft)
    if len(draft.rosters) == 1:
        # These answers don't say of which schedule they are.
        for row in export.of(ANSWERS):
            start, end = moment(row, "shift_start"), moment(row, "shift_end")
            draft.answer(next(iter(draft.rosters)), [text(row, "user_pk")], start, end)


def _person(row: Row, draft: Draft) -> None:
    key = identity(row)
    accounts = draft.rows(named(row, "person"), row, "slack") if isinstance(row.get("slack"), list) else []
    slack = text(accounts[0], "user_id") if accounts else text(inner(row, "slack"), "user_id")
    zone = text(row, "timezone")
    draft.add_person(key, text(row, "name", "username"), text(row, "email"), zone, slack)
    for team in items(row, "teams"):
        if isinstance(team, str) and team in draft.groups and key:
            draft.groups[team].members.append(key)


# ---- schedules ---------------------------------------------------------------------------------


def _roster(row: Row, shifts: dict[str, Row], unused: dict[str, Row], draft: Draft) -> None:
    what, name = named(row, "schedule"), text(row, "name") or identity(row)
    mine = []
    for key in items(row, "shifts"):
        if isinstance(key, dict) and identity(key):
            shifts.setdefault(identity(key), key)
            key = identity(key)
        if isinstance(key, str) and key in shifts:
            mine.append(shifts[key])
            unused.pop(key, None)
        else:
            draft.say(what, "one of its shifts is not in the export; add what GET /on_call_shifts answers")
    zone = _zone(what, row, mine, draft)
    slack = inner(row, "slack")
    roster = Roster(identity(row), name, zone, text(row, "team_id"), channel=text(slack, "channel_id"))
    if text(slack, "user_group_id"):
        draft.say(what, "keeps a Slack user group in step; set `usergroup` to its handle")
    _calendars(what, row, roster, draft)
    levels: dict[int, list[Layer]] = {}
    found: dict[int, list[Shift]] = {}
    for each in mine:
        shift = _shift(f"{what}, {named(each, 'shift')}", each, roster, draft)
        if shift:
            found.setdefault(whole(each, "level") or 0, []).append(shift)
    now = draft.now.astimezone(zone_of(zone)).replace(tzinfo=None)
    for level in sorted(found):
        made, told = layers_of(found[level], now)
        levels[level] = made
        draft.left_out += told
    roster.parts = in_parts(name, [levels[level] for level in sorted(levels)])
    if len(roster.parts) > 1:
        others = ", ".join(f"“{part.name}”" for part in roster.parts[1:])
        draft.say(
            what,
            f"some of its shifts are on call at the same time; {others} became a team of its own, paged together with it",
        )
    draft.end_layers(what, "shift", roster.parts)
    draft.rosters[roster.key] = roster


def _zone(what: str, row: Row, shifts: list[Row], draft: Draft) -> str:
    """The zone that most of its shifts are in: theirs counts before the schedule's."""
    usual = text(row, "time_zone")
    zones = [
        text(shift, "time_zone") or usual or "UTC"
        for shift in shifts
        if shift.get("type") in SHIFTS[:2] and is_zone(text(shift, "time_zone") or usual or "UTC")
    ]
    if zones:
        return max(zones, key=zones.count)
    return draft.zone(what, usual or "UTC")


def _calendars(what: str, row: Row, roster: Roster, draft: Draft) -> None:
    given, over = row.get("ical_url_primary"), text(row, "ical_url_overrides")
    address = given if isinstance(given, str) else ""
    if _is_address(address):
        roster.calendar = address
        draft.say(what, f"is the calendar {shown(address)}, which names people in its own way; compare both")
    elif address or text(row, "type") == "ical":
        draft.say(what, "is a calendar without an address that can be kept in a file; set `calendar`")
    if over:
        draft.say(
            what, "has a second calendar with overrides, which is left out; enter them with /oncall override"
        )


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not parts.username
            and not parts.password
            and (parts.port or 1) > 0
            and address.isprintable()
            and " " not in address
        )
    except ValueError:
        return False


def _shift(what: str, row: Row, roster: Roster, draft: Draft) -> Shift | None:
    """A shift that comes again; single ones are noted as covers."""
    own = text(row, "time_zone")
    zone = own if is_zone(own) else roster.zone
    if own and zone != own:
        draft.say(what, f"“{own}” is no time zone; its times are taken as {zone}")
    start, seconds = _local(row, "start", zone, roster.zone), whole(row, "duration")
    if start is None or not seconds or not 60 <= seconds <= 400 * 86_400:
        draft.say(what, "needs a start and a duration; it is left out")
        return None
    groups = [_people(what, group, draft) for group in items(row, "rolling_users") if isinstance(group, list)]
    if not groups:
        groups = [_people(what, items(row, "users"), draft)]
    kind = text(row, "type")
    if kind in ("single_event", "override"):
        begin = start.replace(tzinfo=zone_of(roster.zone))
        people = [person for group in groups for person in group]
        end = (begin.astimezone(draft.now.tzinfo) + timedelta(seconds=seconds)).astimezone(begin.tzinfo)
        if people:
            draft.cover(what, roster.key, people, begin, end)
        elif end > draft.now:
            draft.say(what, "names nobody and is left out")
        return None
    until = _local(row, "until", zone, roster.zone)
    now = draft.now.astimezone(zone_of(roster.zone)).replace(tzinfo=None)
    if until and until <= now:
        draft.say(what, f"ended on {until:%Y-%m-%d %H:%M} and is left out")
        return None
    moved = 0
    if zone != roster.zone:
        written = wall(row, "start")
        moved = (start.date() - written.date()).days if written and not written.tzinfo else 0
        draft.say(
            what, f"its times are in {zone}; from the next clock change on they follow {roster.zone} here"
        )
    first = whole(row, "start_rotation_from_user_index") or 0 if kind == "rolling_users" else 0
    first %= len(groups)
    return Shift(
        what=what,
        name=text(row, "name"),
        start=start,
        since=_local(row, "rotation_start", zone, roster.zone) or start,
        length=seconds // 60,
        frequency=text(row, "frequency"),
        interval=whole(row, "interval") or 1,
        groups=(*groups[first:], *groups[:first]),
        by_day=_named_days(items(row, "by_day"), moved),
        week_start=next(iter(_named_days([row.get("week_start")], moved)), (6 + moved) % 7),
        monthdays=tuple(day for day in items(row, "by_monthday") if isinstance(day, int)),
        by_month=bool(items(row, "by_month")),
        until=until,
    )


def _local(row: Row, key: str, zone: str, into: str) -> datetime | None:
    """The wall-clock time of the schedule at `key`; one without an offset is of `zone`."""
    found = wall(row, key)
    if found is None or (found.tzinfo is None and zone == into):
        return found
    there = found if found.tzinfo else found.replace(tzinfo=zone_of(zone))
    return there.astimezone(zone_of(into)).replace(tzinfo=None)


def _named_days(given: list[object], moved: int) -> tuple[int, ...]:
    """0 is Monday; `moved` is how many days later they are in the schedule's zone."""
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    return tuple(
        sorted({(names.index(day) + moved) % 7 for day in given if isinstance(day, str) and day in names})
    )


def _people(what: str, given: list[object], draft: Draft) -> tuple[str, ...]:
    found = []
    for key in given:
        person = draft.person({"id": key}) if isinstance(key, str) else None
        if person is None:
            draft.say(what, "one of its users is not named and left out")
        else:
            found.append(person)
    return tuple(dict.fromkeys(found))


# ---- escalation chains -------------------------------------------------------------------------


@dataclass
class _Open:
    """A step of ours to which Grafana's steps are still added: they follow each other at once."""

    step: Step | None = None


def _policies(export: Export, draft: Draft) -> None:
    chains = {identity(row): row for row in export.of("escalation_chains")}
    if any(row.get("important") is True for row in export.of("escalation_policies")):
        draft.say(
            "escalation chains",
            "some steps are important; how people are then reached goes into their `notify`",
        )
    steps: dict[str, list[Row]] = {}
    for row in export.of("escalation_policies"):
        key = text(row, "escalation_chain_id")
        if key and key not in chains:
            chains[key] = {"id": key, "name": key}
            draft.say(f"escalation chain “{key}”", "is not in the export; it is known by its id alone")
        steps.setdefault(key, []).append(row)
    for key, row in chains.items():
        policy = Policy(key, text(row, "name") or key, text(row, "team_id"))
        what, now = named(row, "escalation chain"), _Open()
        for number, step in enumerate(
            sorted(steps.get(key, []), key=lambda row: whole(row, "position") or 0), 1
        ):
            _step(f"{what}, step {number}", step, policy, now, draft)
        draft.policies[key] = policy


def _step(what: str, row: Row, policy: Policy, now: _Open, draft: Draft) -> None:
    kind = text(row, "type")
    if kind == "wait":
        wait = timedelta(seconds=max(whole(row, "duration") or 60, 60))
        if not policy.steps:
            draft.say(what, "waits before anybody is paged; here the first step pages at once")
        else:
            last = policy.steps[-1]
            last.wait = (last.wait or timedelta(0)) + wait
            now.step = None
        return
    if kind == "repeat_escalation":
        policy.repeat = REPEATS
        return
    targets = _targets(what, kind, row, draft)
    if not targets:
        return
    if now.step is None:
        now.step = Step([])
        policy.steps.append(now.step)
    now.step.targets += targets


def _targets(what: str, kind: str, row: Row, draft: Draft) -> list[Target]:
    if kind in ("notify_persons", "notify_person_next_each_time"):
        each = kind == "notify_person_next_each_time"
        if each:
            draft.say(what, "pages one person after another, alert by alert; here it pages all of them")
        key = "persons_to_notify_next_each_time" if each else "persons_to_notify"
        return [Target(Kind.PERSON, person) for person in _people(what, items(row, key), draft)]
    if kind == "notify_on_call_from_schedule":
        return [Target(Kind.ROSTER, text(row, "notify_on_call_from_schedule"))]
    if kind == "notify_team_members":
        return [Target(Kind.MEMBERS, text(row, "team_to_notify"))]
    if kind == "notify_whole_channel":
        return [Target(Kind.CHANNEL)]
    draft.say(what, f"{UNSAID.get(kind, f'“{kind}” is not known')}; it is left out")
    return []
