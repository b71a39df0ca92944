"""Who goes where, what is told instead of dropped, and what is no export at all."""
# ruff: noqa: E501  # a sentence that is expected stands whole

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core import Refused
from bot.core.spans import span
from bot.importing import Imported, read
from bot.models import Step
from tests.importing.exports import VENDORS, imported, instant, loaded, text_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def minutes(*steps: tuple[tuple[str, ...], int]) -> tuple[Step, ...]:
    return tuple(Step(targets, timedelta(minutes=wait)) for targets, wait in steps)


# ---- what becomes of it ------------------------------------------------------------------------


def test_pagerduty_teams_services_and_people(tmp_path: Path) -> None:
    catalog = loaded(imported("pagerduty_payments").toml, tmp_path)
    assert {p.id: (p.name, p.email, p.timezone) for p in catalog.people.values()} == {
        "alice": ("Alice Moreau", "alice@acme.dev", "America/New_York"),
        "bob": ('Bob "B" O\'Neil', "bob@acme.dev", "Europe/London"),
        "carol": ("Carol Diaz", "carol@acme.dev", "America/New_York"),
        "dan": ("Dan Ek", "dan@acme.dev", "America/New_York"),
    }
    payments = catalog.teams["payments"]
    assert payments.escalation == minutes(
        (("oncall",), 10), (("team:payments-secondary",), 30), (("@dan",), 30)
    )
    assert (payments.repeat, payments.fallback, payments.timezone) == (2, "dan", "America/New_York")
    assert payments.members == ("alice", "bob", "carol", "dan")
    # A team and a service of one name: they share their ids.
    assert {s.id: (s.name, s.team) for s in catalog.services.values()} == {
        "checkout": ("Checkout", "payments"),
        "payments-service": ("Payments", "payments"),
    }


def test_a_second_escalation_is_a_team_of_its_own_and_owns_its_services(tmp_path: Path) -> None:
    catalog = loaded(imported("pagerduty_pages").toml, tmp_path)
    assert catalog.services["search-api"].team == "search-index-rebuilds"
    rebuilds = catalog.teams["search-index-rebuilds"]
    assert rebuilds.escalation == minutes((("@finn",), 5), (("team:search",), 5))
    assert rebuilds.repeat == 9
    assert catalog.teams["search"].escalation == minutes((("oncall",), 30))


def test_opsgenie_rules_count_from_the_alert_and_ours_from_the_step_before(tmp_path: Path) -> None:
    search = loaded(imported("opsgenie_berlin").toml, tmp_path).teams["search"]
    assert search.escalation == minutes((("oncall",), 5), (("next", "@carol"), 55), (("team",), 10))
    assert (search.repeat, search.lead) == (3, "carol")


def test_the_escalation_that_opsgenie_makes_with_a_team_is_the_teams(tmp_path: Path) -> None:
    catalog = loaded(imported("opsgenie_answers").toml, tmp_path)
    shadow = "team:platform_schedule-shadow"
    assert catalog.teams["platform"].escalation == minutes(
        (("oncall", shadow), 120), (("@dan", "@erin"), 22 * 60)
    )
    assert catalog.teams["platform-quiet-hours"].escalation[0].targets == ("team:platform-leads",)


def test_grafana_chains(tmp_path: Path) -> None:
    catalog = loaded(imported("grafana_web").toml, tmp_path)
    checkout = catalog.teams["checkout"]
    assert checkout.escalation == minutes((("oncall",), 5), (("@dan", "@erin", "channel"), 15))
    assert (checkout.repeat, checkout.channel) == (5, "C012345CHK")
    assert catalog.people["alice"].slack == "U01ALICE"


def test_waits_of_steps_that_page_nobody_are_kept(tmp_path: Path) -> None:
    data = loaded(imported("grafana_calendar").toml, tmp_path).teams["data-pages"]
    assert data.escalation[0] == Step(("oncall",), timedelta(minutes=6))
    assert data.escalation[1].targets == ("@eve", "@hal")


LONG = f"https://calendar.dev/ical/{'a' * 200}/private-{'b' * 40}/basic.ics"


def test_a_calendar_is_kept_as_one(tmp_path: Path) -> None:
    users = [{"id": "U1", "username": "ann", "email": "ann@acme.dev", "teams": ["T1"]}]
    schedule = {
        "id": "S1",
        "name": "Sea",
        "type": "ical",
        "team_id": "T1",
        "ical_url_primary": LONG,
    }
    export = {"users": users, "teams": [{"id": "T1", "name": "Sea"}], "schedules": [schedule]}
    catalog = loaded(read("grafana-oncall", json.dumps(export), now=NOW).toml, tmp_path)
    assert catalog.teams["sea"].calendar == LONG


# ---- what is told ------------------------------------------------------------------------------


TOLD = {
    "pagerduty_payments": [
        "“maintenance_windows” (1 entry): not read from an export",
        "schedule “Payments Secondary”, layer “Before”: ended on 2026-10-19T07:00Z and is left out",
        "service “Payments”: is disabled there; check whether it is still needed",
        "schedule “Payments Primary”: overrides are kept in the database; type `/oncall override payments @dan 2026-12-24T14:00Z to 2026-12-26T14:00Z`",
    ],
    "pagerduty_pages": [
        "services: the last answer says that there are more; add the pages that follow",
        "person “Gus”: is not in the list of users; check who that is",
        "person “Gus”: has no e-mail address; add `email` or `slack`, or their accounts can't be found",
        "schedule “Weekends”, layer “Fortnights”, user 2: “Hal” was deleted or is not named; whoever has the turn before keeps it",
        "escalation policy “Search”, rule 1: pages its targets in turn, which can't be expressed; it pages all of them",
        "escalation “Search”, step 1: pages a schedule (PS9) that is not here",
    ],
    "opsgenie_berlin": [
        "person “Carol Diaz”: “Mars/Phobos” is no time zone and was left out",
        "escalation “Search_escalation”, rule 4: pages until the alert is closed; here an acknowledgement stops it",
        "service “Orphan”: no team of the export owns it; it is left out",
        "schedule “Search_schedule”: overrides are kept in the database; type `/oncall override search @bob 2026-11-20T08:00Z to 2027-01-19T08:00Z` and `/oncall override search @bob 2027-01-19T08:00Z to 2027-01-29T08:00Z`",
    ],
    "opsgenie_answers": [
        "users: the last answer says that there are more; add the pages that follow",
        "schedule “Platform_schedule”: some of its rotations are on call at the same time; “Platform_schedule (Shadow)” became a team of its own, paged together with it",
        "schedule “Leads”, rotation “From April”, participant 2: nobody is on call in this turn, which layers can't say; whoever has the turn before it keeps it",
        "schedule “Leads”, rotation “From April”, participant 3: an escalation can't be on call; whoever has the turn before it keeps it",
        "schedule “Holiday”: is disabled there and is left out",
        "escalation “Quiet hours”: waits 15 minutes before its first rule; here the first step pages at once",
        "escalation “Platform_escalation”, step 3: pages a schedule (s-off) that is not here",
    ],
    "grafana_web": [
        "“integrations” (1 entry): not read from an export",
        "shift “lonely”: belongs to no schedule of the export and is left out",
        "schedule “Checkout on-call”: overrides are kept in the database; type `/oncall override checkout @dan 2026-11-07T09:00Z to 2026-11-08T09:00Z`",
    ],
    "grafana_calendar": [
        "schedule “Data”: one of its shifts is not in the export; add what GET /on_call_shifts answers",
        "schedule “Data”, shift “quarters”: left out: it comes only in some months or on several days of a month",
        "schedule “Vendor”: is the calendar https://example.com/vendor.ics, which names people in its own way; compare both",
        "escalation chain “Data pages”, step 4: calls a webhook, which can't be expressed; it is left out",
    ],
}


@pytest.mark.parametrize("name", VENDORS)
def test_what_has_no_place_here_is_told(name: str) -> None:
    left_out = imported(name).left_out
    for sentence in TOLD[name]:
        assert sentence in left_out


@pytest.mark.parametrize("name", ["pagerduty_payments", "opsgenie_berlin", "grafana_web"])
def test_the_commands_for_overrides_are_understood_as_they_stand(name: str, tmp_path: Path) -> None:
    found = imported(name)
    catalog = loaded(found.toml, tmp_path)
    commands = re.findall(r"`/oncall override (\S+) @(\S+) ([^`]*)`", " ".join(found.left_out))
    assert commands
    for team, person, words in commands:
        assert team in catalog.teams
        assert person in catalog.people
        start, end = words.split(" to ")
        read_as = span(words, instant("2026-10-20T00:00:00Z"), ZoneInfo("Asia/Tokyo"))
        assert (read_as.start, read_as.end) == (instant(start), instant(end))


@pytest.mark.parametrize("name", VENDORS)
def test_no_schedule_differs_from_what_its_export_says(name: str) -> None:
    assert not [sentence for sentence in imported(name).left_out if "check its layers" in sentence]


@pytest.mark.parametrize(
    ("name", "place", "told"),
    [
        (
            "pagerduty_payments",
            (
                '"start": "2026-11-02T09:00:00-05:00", "end": "2026-11-02T17:00:00-05:00", "user": {"id": "PDAN000"',
                "PAL1CE0",
            ),
            "schedule “Payments Primary”: at 2026-11-02T18:00Z the export has alice on call and this file dan; check its layers",
        ),
        (
            "opsgenie_berlin",
            (
                '"startDate": "2026-10-26T07:00:00Z", "endDate": "2026-10-26T17:00:00Z", "type": "default", "recipient": {"id": "0a1b-bob"',
                "0a1b-carol",
            ),
            "schedule “Search_schedule”: at 2026-10-26T12:00Z the export has carol on call and this file bob; check its layers",
        ),
        (
            "grafana_web",
            ('"user_pk": "UERIN"', "UDAN"),
            "schedule “Checkout on-call”: at 2026-10-26T13:00Z the export has dan on call and this file erin; check its layers",
        ),
    ],
)
def test_where_an_export_says_otherwise_is_told(name: str, place: tuple[str, str], told: str) -> None:
    entry, other = place
    text = text_of(name)
    assert text.count(entry) == 1
    head, _, id = entry.rpartition(': "')
    vendor, day = VENDORS[name]
    found = read(vendor, text.replace(entry, f'{head}: "{other}"'), now=instant(f"{day}T00:00:00+00:00"))
    assert told in found.left_out


def test_overrides_by_the_id_of_their_schedule() -> None:
    schedule = {"id": "S", "name": "Sea", "timezone": "UTC", "rotations": [ROTATION]}
    override = {
        "user": {"type": "user", "username": "ann@acme.dev"},
        "startDate": "2026-07-01T09:00:30Z",
        "endDate": "2026-07-02T09:00:00Z",
    }
    text = json.dumps({"schedules": [schedule], "overrides": {"S": {"data": [override]}}})
    assert (
        "schedule “Sea”: overrides are kept in the database; type `/oncall override sea @ann 2026-07-01T09:00:30Z to 2026-07-02T09:00Z`"
        in read("opsgenie", text, now=NOW).left_out
    )


def test_an_override_of_an_unknown_schedule_is_told_with_its_times() -> None:
    users = [{"id": "P1", "type": "user", "name": "Ann", "email": "ann@acme.dev"}]
    override = {
        "id": "Q1",
        "start": "2026-07-01T09:00:00Z",
        "end": "2026-07-02T09:00:00Z",
        "user": {"id": "P1"},
    }
    text = json.dumps(users) + json.dumps({"overrides": [override]})
    assert any(
        "`/oncall override <team> @ann 2026-07-01T09:00Z to 2026-07-02T09:00Z`" in sentence
        for sentence in read("pagerduty", text, now=NOW).left_out
    )


def test_an_export_of_people_alone_says_that_it_needs_other_files() -> None:
    found = read(
        "pagerduty", '[{"id": "P1", "type": "user", "name": "Ann", "email": "ann@acme.dev"}]', now=NOW
    )
    assert 'email = "ann@acme.dev"' in found.toml
    assert found.left_out == (
        "the export: has no team, schedule or escalation with people in it; this file needs others beside it",
    )


def opsgenie(rotation: dict[str, object], zone: str = "UTC") -> Imported:
    schedule = {"id": "S", "name": "Sea", "timezone": zone, "enabled": True, "rotations": [rotation]}
    return read("opsgenie", json.dumps({"users": [], "schedules": [schedule]}), now=NOW)


ROTATION: dict[str, object] = {
    "name": "One",
    "startDate": "2026-05-04T09:00:00Z",
    "type": "daily",
    "length": 1,
    "participants": [{"type": "user", "id": "1", "username": "ann@acme.dev"}],
}


def test_a_zone_that_does_not_exist_is_told_and_taken_as_utc(tmp_path: Path) -> None:
    found = opsgenie(ROTATION, "Mars/Phobos")
    assert loaded(found.toml, tmp_path).teams["sea"].timezone == "UTC"
    assert (
        "schedule “Sea”: “Mars/Phobos” is no time zone; its times are taken as UTC, so set `timezone` and check its layers"
        in (found.left_out)
    )


def test_people_of_one_name_and_odd_names_get_ids_of_their_own(tmp_path: Path) -> None:
    users = [
        {"id": "1", "username": "ann@acme.dev", "fullName": "Ann"},
        {"id": "2", "username": "ann@other.dev", "fullName": "Ann"},
        {"id": "3", "username": "Zoë.Ångström@acme.dev", "fullName": "Zoë"},
        {"id": "4", "username": "!!!@acme.dev", "fullName": "…"},
        {"id": "5", "username": "sev1@acme.dev", "fullName": "Sevin"},
        {"id": "6", "username": "李@acme.dev", "fullName": "李"},
    ]
    teams = [
        {
            "id": "T",
            "name": "sev2",
            "members": [{"user": {"id": str(n)}, "role": "user"} for n in range(1, 7)],
        }
    ]
    catalog = loaded(read("opsgenie", json.dumps({"users": users, "teams": teams}), now=NOW).toml, tmp_path)
    assert list(catalog.people) == ["ann", "ann-2", "zoe.angstrom", "person", "person-sev1", "李"]
    assert list(catalog.teams) == ["team-sev2"]


def test_entries_without_an_id_are_kept_apart(tmp_path: Path) -> None:
    schedules = [{"name": name, "timezone": "UTC", "rotations": [ROTATION]} for name in ("Sea", "Land")]
    escalation = {"name": "Coast", "rules": []}
    teams = [{"name": "Nameless", "members": [{"user": {"username": "ann@acme.dev"}, "role": "user"}]}]
    export = {"schedules": schedules, "escalations": [escalation], "teams": teams}
    catalog = loaded(read("opsgenie", json.dumps(export), now=NOW).toml, tmp_path)
    assert sorted(catalog.teams) == ["land", "nameless", "sea"]


def test_a_rotation_of_nobody_is_told() -> None:
    found = opsgenie({**ROTATION, "participants": [{"type": "none"}]})
    assert "schedule “Sea”, rotation “One”: left out: nobody is in it" in found.left_out
    assert "team “Sea”: nobody is in it, so it is left out" in found.left_out
    assert "[[team]]" not in found.toml


def test_overrides_of_the_past_are_nothing_to_move() -> None:
    assert not any("2026-01-20" in sentence for sentence in imported("opsgenie_berlin").left_out)


def test_names_from_the_export_stay_on_one_line_in_comments() -> None:
    found = opsgenie({**ROTATION, "name": 'x\n[[team]]\nid = "evil"\x85\u2028', "type": "yearly"})
    assert any(
        'rotation “x [[team]] id = "evil"”: needs a startDate' in sentence for sentence in found.left_out
    )
    assert not re.search(r"^id = \"evil\"", found.toml, re.MULTILINE)


# ---- what is no export -------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", ["opsgenie", "pagerduty", "grafana-oncall"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty: expected are its users"),
        ("   \n", "the file is empty: expected are its users"),
        ("{", "line 1, column 2 is no JSON"),
        ('{"users": [}\n', "line 1, column 12 is no JSON"),
        ('[[person]]\nid = "alice"\n', "line 1, column 3 is no JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "too large a number"),
        ("null", "that is no export of"),
        ("[]", "that is no export of"),
        ("{}", "that is no export of"),
        ('{"users": []}', "that is no export of"),
        ('{"message": "Could not authenticate", "took": 0.1}', "that is no export of"),
        ('"users"', "that is no export of"),
    ],
)
def test_what_is_no_export_is_refused_with_what_was_expected(vendor: str, text: str, told: str) -> None:
    with pytest.raises(Refused, match=re.escape(told)) as refused:
        read(vendor, text)
    assert "expected are its users, teams, schedules" in str(refused.value)


def test_another_program_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="no import from “zenduty”; use opsgenie, pagerduty, grafana-oncall"):
        read("zenduty", "{}")


def test_a_byte_order_mark_and_answers_one_after_another_are_read(tmp_path: Path) -> None:
    lines = [json.dumps(answer) for answer in json.loads(text_of("opsgenie_answers"))]
    whole, parts = (
        read("opsgenie", text, now=instant("2026-03-01T00:00:00Z")).toml
        for text in (text_of("opsgenie_answers"), "\ufeff" + "\n".join(lines))
    )
    assert whole == parts


def test_without_a_moment_the_clock_decides_what_is_over() -> None:
    ended = {**ROTATION, "startDate": "2001-05-04T09:00:00Z", "endDate": "2002-05-04T09:00:00Z"}
    schedule = {"id": "S", "name": "Sea", "timezone": "UTC", "rotations": [ended]}
    assert any(
        "ended on 2002-05-04T09:00Z" in sentence
        for sentence in read("opsgenie", json.dumps({"schedules": [schedule]})).left_out
    )
