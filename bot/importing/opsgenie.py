"""Opsgenie: the answers of its REST API for users, teams, schedules, escalations, services and overrides.

https://docs.opsgenie.com/docs/schedule-api, …/schedule-rotation-api, …/escalation-api, …/schedule-override-api
"""

from datetime import timedelta
from typing import Any

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
from bot.importing.layers import DAY, WEEK, Inexpressible, Layer, People, Window, filled, layer, parts

FORM = Form(
    name="Opsgenie",
    sections={
        "users": "users",
        "teams": "teams",
        "schedules": "schedules",
        "escalations": "escalations",
        "services": "services",
        "overrides": "overrides",
        "timeline": ANSWERS,
        "timelines": ANSWERS,
        "onCalls": ANSWERS,
    },
    kinds={
        ANSWERS: lambda row: any(
            key in row for key in ("finalTimeline", "baseTimeline", "onCallParticipants", "onCallRecipients")
        ),
        "overrides": lambda row: {"user", "startDate", "endDate"} <= row.keys(),
        "users": lambda row: "username" in row and "user" not in row,
        "escalations": lambda row: "rules" in row,
        "schedules": lambda row: "timezone" in row or "rotations" in row,
        "services": lambda row: "teamId" in row,
        "teams": lambda row: {"id", "name"} <= row.keys(),
    },
    ignored=frozenset({"took", "requestId", "paging", "totalCount", "_parent", "links", "expandable"}),
    expected=(
        "expected are its users, teams, schedules (with ?expand=rotation) and escalations, as the API answers them or as "
        'one JSON document {"users": […], "teams": […], "schedules": […], "escalations": […]}'
    ),
)

LENGTHS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DELAYS = {"minutes": 1, "hours": 60, "days": DAY}


def fill(export: Export, draft: Draft) -> None:
    """Everything of the export that we have words for; the rest is told."""
    for row in export.of("users"):
        email = text(row, "username")
        draft.add_person(identity(row), text(row, "fullName"), email, text(row, "timeZone"))
        if row.get("blocked") is True:
            draft.say(
                f"person “{text(row, 'fullName') or email}”", "is blocked there; check whether to page them"
            )
    for row in export.of("teams"):
        _group(row, draft)
    for row in export.of("schedules"):
        _roster(row, draft)
    for row in export.of("escalations"):
        _policy(row, draft)
    for row in export.of("services"):
        draft.services.append(Service(text(row, "name") or identity(row), owner=text(row, "teamId")))
    for row in export.of("overrides"):
        _cover(row, inner(row, "_parent") or inner(row, "schedule"), draft)
    for row in export.of(ANSWERS):
        _answers(row, draft)


def _group(row: Row, draft: Draft) -> None:
    group = Group(identity(row), text(row, "name") or identity(row))
    for member in draft.rows(named(row, "team"), row, "members"):
        user = inner(member, "user")
        person = draft.person(user, email=text(user, "username"))
        if person:
            group.members.append(person)
            if member.get("role") == "admin":
                group.leads.append(person)
    draft.groups.setdefault(group.key, group)


def _owner(row: Row, draft: Draft) -> str:
    """The team that something belongs to; one that is only named here is added."""
    owner = inner(row, "ownerTeam")
    key = identity(owner)
    if key and key not in draft.groups:
        draft.groups[key] = Group(key, text(owner, "name") or key)
    return key


# ---- schedules ---------------------------------------------------------------------------------


def _roster(row: Row, draft: Draft) -> None:
    what = named(row, "schedule")
    if row.get("enabled") is False:
        draft.say(what, "is disabled there and is left out")
        return
    name = text(row, "name") or identity(row)
    roster = Roster(identity(row), name, draft.zone(what, text(row, "timezone")), _owner(row, draft))
    if "rotations" not in row:
        draft.say(what, "its rotations are not in the export; get schedules with ?expand=rotation")
    # The earliest first: one that takes over from another is then the higher layer.
    rotations = draft.rows(what, row, "rotations")
    found = [one for rotation in rotations if (one := _layer(what, rotation, roster.zone, draft))]
    roster.parts = parts(name, [found])
    if len(roster.parts) > 1:
        others = ", ".join(f"“{part.name}”" for part in roster.parts[1:])
        draft.say(
            what,
            f"some of its rotations are on call at the same time; {others} became a team of its own, paged together with it",
        )
    draft.end_layers(what, "rotation", roster.parts)
    draft.rosters[roster.key] = roster
    for override in draft.rows(what, row, "overrides"):
        _cover(override, row, draft)


def _layer(schedule: str, row: Row, zone: str, draft: Draft) -> Layer | None:
    what = f"{schedule}, {named(row, 'rotation')}"
    if row.get("enabled") is False:
        draft.say(what, "is disabled there and is left out")
        return None
    start, end = moment(row, "startDate"), moment(row, "endDate")
    if draft.is_over(what, end):
        return None
    kind, length = text(row, "type") or "weekly", whole(row, "length") if row.get("length") is not None else 1
    if start is None or kind not in LENGTHS or not length or not 0 < length <= 10_000:
        draft.say(what, "needs a startDate, a type (hourly, daily, weekly) and a length; it is left out")
        return None
    try:
        return layer(
            text(row, "name"),
            grid=start.astimezone(zone_of(zone)).replace(tzinfo=None),
            length=LENGTHS[kind] * length,
            since=start.astimezone(zone_of(zone)).replace(tzinfo=None),
            people=_people(what, row, draft),
            windows=_windows(what, inner(row, "timeRestriction"), draft),
            now=draft.now.astimezone(zone_of(zone)).replace(tzinfo=None),
            ends=end.astimezone(zone_of(zone)).replace(tzinfo=None) if end else None,
        )
    except Inexpressible as error:
        draft.say(what, f"left out: {error}")
        return None


def _people(what: str, row: Row, draft: Draft) -> People:
    """Who holds each turn. A turn with nobody that we can name goes to whoever has the one before, and is told."""
    found: list[tuple[str, ...]] = []
    for number, participant in enumerate(items(row, "participants"), 1):
        found.append(_participant(f"{what}, participant {number}", participant, draft))
    return filled(found)


def _participant(what: str, given: Any, draft: Draft) -> tuple[str, ...]:
    one = given if isinstance(given, dict) else {}
    kind = text(one, "type") or "user"
    if kind == "user":
        person = draft.person(one, email=text(one, "username"))
        if person:
            return (person,)
    if kind == "team":
        group = draft.groups.get(identity(one))
        if group and group.members:
            return tuple(dict.fromkeys(group.members))
    why = {
        "none": "nobody is on call in this turn, which layers can't say",
        "noone": "nobody is on call in this turn, which layers can't say",
        "team": "the members of this team are not in the export",
        "escalation": "an escalation can't be on call",
    }.get(kind, "it is not known who this is")
    draft.say(what, f"{why}; whoever has the turn before it keeps it")
    return ()


def _windows(what: str, restriction: Row, draft: Draft) -> list[Window]:
    kind = text(restriction, "type")
    given: list[Row] = [one for one in items(restriction, "restrictions") if isinstance(one, dict)]
    given += [inner(restriction, "restriction")] if inner(restriction, "restriction") else []
    found = [_window(one, kind == "weekday-and-time-of-day") for one in given]
    if restriction and (not found or None in found):
        draft.say(what, "not all of its time restriction is understood; check its windows")
    return [window for window in found if window]


def _window(row: Row, by_weekday: bool) -> Window | None:
    start, end = _clock(row, "start"), _clock(row, "end")
    if start is None or end is None:
        return None
    if not by_weekday:
        return Window(tuple(range(7)), start % DAY, (end - start) % DAY or DAY)
    first, last = text(row, "startDay").lower(), text(row, "endDay").lower()
    if first not in WEEKDAYS or last not in WEEKDAYS:
        return None
    begins, ends = WEEKDAYS.index(first) * DAY + start, WEEKDAYS.index(last) * DAY + end
    return Window((begins // DAY % 7,), begins % DAY, (ends - begins) % WEEK or WEEK)


def _clock(row: Row, which: str) -> int | None:
    hour, minute = whole(row, f"{which}Hour"), whole(row, f"{which}Min") or 0
    return None if hour is None or not (0 <= hour <= 24 and 0 <= minute < 60) else hour * 60 + minute


def _cover(row: Row, schedule: Row, draft: Draft) -> None:
    key = identity(schedule) or text(schedule, "id")
    what = named(schedule, "schedule") if schedule else "an override"
    start, end = moment(row, "startDate"), moment(row, "endDate")
    user = inner(row, "user")
    person = draft.person(user, email=text(user, "username")) if text(user, "type") in ("user", "") else None
    if not (start and end):
        draft.say(what, "an override without a start and an end is left out")
    elif end <= draft.now:
        return
    elif person is None:
        draft.say(
            what,
            f"an override from {instant(start)} to {instant(end)} puts no person on call, which can't be expressed",
        )
    else:
        if items(row, "rotations"):
            draft.say(
                what,
                f"the override from {instant(start)} is for some rotations only; check the command below",
            )
        draft.cover(what, key, [person], start, end)


def _answers(timeline: Row, draft: Draft) -> None:
    """Who is on call by the export's own words, where these are people."""
    key = identity(inner(timeline, "_parent"))
    rotations = [row for row in items(inner(timeline, "finalTimeline"), "rotations") if isinstance(row, dict)]
    periods = [row for rotation in rotations for row in items(rotation, "periods") if isinstance(row, dict)]
    if all(text(inner(period, "recipient"), "type") == "user" for period in periods):
        for period in periods:
            people = [identity(inner(period, "recipient"))]
            draft.answer(key, people, moment(period, "startDate"), moment(period, "endDate"))


# ---- escalations -------------------------------------------------------------------------------


def _policy(row: Row, draft: Draft) -> None:
    what = named(row, "escalation")
    owner = _owner(row, draft)
    policy = Policy(identity(row), text(row, "name") or identity(row), owner)
    timed: dict[int, list[Target]] = {}
    for number, rule in enumerate(draft.rows(what, row, "rules"), 1):
        place = f"{what}, rule {number}"
        if rule.get("condition") == "if-not-closed":
            draft.say(place, "pages until the alert is closed; here an acknowledgement stops it")
        delay = inner(rule, "delay")
        minutes = (whole(delay, "timeAmount") or 0) * DELAYS.get(text(delay, "timeUnit") or "minutes", 1)
        targets = _targets(place, rule, draft)
        timed.setdefault(max(minutes, 0), []).extend(targets)
    times = sorted(timed)
    if times and times[0]:
        draft.say(what, f"waits {times[0]} minutes before its first rule; here the first step pages at once")
    repeat = inner(row, "repeat")
    for number, at in enumerate(times, 1):
        wait = times[number] - at if number < len(times) else whole(repeat, "waitInterval") or 0
        policy.steps.append(Step(timed[at], timedelta(minutes=wait) if 0 < wait < 10**6 else None))
    policy.repeat = whole(repeat, "count") or 0
    if repeat.get("closeAlertAfterAll") is True:
        draft.say(what, "closes the alert after its last repeat; here the incident stays open")
    usual = draft.groups.get(owner)
    if usual and policy.name.casefold() == f"{usual.name}_escalation".casefold():
        # The one that Opsgenie makes with a team is the team's own, whatever comes before it.
        draft.policies = {policy.key: policy, **draft.policies}
    else:
        draft.policies[policy.key] = policy


def _targets(what: str, rule: Row, draft: Draft) -> list[Target]:
    recipient, notify = inner(rule, "recipient"), text(rule, "notifyType") or "default"
    kind, key = text(recipient, "type"), identity(recipient)
    if kind == "user":
        person = draft.person(recipient, email=text(recipient, "username"))
        return [Target(Kind.PERSON, person)] if person else []
    if kind == "schedule":
        key = key or next((k for k, r in draft.rosters.items() if r.name == text(recipient, "name")), "")
        if notify in ("default", "next"):
            return [Target(Kind.NEXT if notify == "next" else Kind.ROSTER, key)]
        draft.say(what, f"pages “{notify}” of a schedule, which can't be expressed; it pages who is on call")
        return [Target(Kind.ROSTER, key)]
    if kind == "team":
        key = key or next((k for k, g in draft.groups.items() if g.name == text(recipient, "name")), "")
        group = draft.groups.get(key)
        if notify in ("admins", "users") and group:
            admins = [one for one in group.members if (one in group.leads) == (notify == "admins")]
            return [Target(Kind.PERSON, one) for one in admins]
        if notify == "random":
            draft.say(what, "pages one member at random, which can't be expressed; it pages all")
        return [Target(Kind.MEMBERS if notify in ("all", "random") else Kind.ONCALL, key)]
    draft.say(what, f"pages “{kind or 'nobody'}”, which can't be expressed; it is left out")
    return []
