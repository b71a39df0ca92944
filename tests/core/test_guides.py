"""Who is asked for advice, in which order, and what the words say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import Refused, guides, incidents, paging
from bot.core.jobs import AskGuide, InvitePeople, LapseGuide, Later
from bot.models import (
    Catalog,
    Guidance,
    GuidanceState,
    Incident,
    Page,
    PageState,
    Person,
    Severity,
    Team,
    TeamKind,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WEEKLY = (
    '{"tz": "UTC", "layers": [{"rotation": {"kind": "weekly", "length": 1, "handoff": "09:00", '
    '"weekday": "mon", "start": "2026-11-23T09:00"}, "participants": ["greta", "hugo"]}]}'
)
PLATFORM = Team(
    "platform", "Platform", TeamKind.GUIDE, channel="ask-platform", fallback="femi", schedule=WEEKLY,
    members=("greta", "hugo"),
)  # fmt: skip
DATA = Team("data", "Data Platform", TeamKind.GUIDE)
PAYMENTS = Team("payments", "Payments", members=("alice",))
PEOPLE = {id: Person(id) for id in ("greta", "hugo", "femi", "alice")}
INCIDENT = Incident(
    id=4, request_id="r", title="slow", service="checkout", team="payments", severity=Severity.SEV2,
    declared_by="carol", declared_at=NOW, run=1,
)  # fmt: skip


def catalog(*teams: Team) -> Catalog:
    return Catalog(PEOPLE, {team.id: team for team in (PAYMENTS, *teams)}, {}, "payments")


@pytest.mark.parametrize(
    ("typed", "teams", "question"),
    [
        ("platform how do we fail over?", ["platform"], "how do we fail over?"),
        ("Platform: how?", ["platform"], "how?"),
        ("data platform how?", ["data"], "how?"),
        ("data how?", ["data"], "how?"),
        ("how does the data platform work?", ["platform", "data"], "how does the data platform work?"),
        ("how does platform work?", ["platform"], "how does platform work?"),
        ("how?", ["platform", "data"], "how?"),
        ("payments how?", ["platform", "data"], "payments how?"),
    ],
)
def test_the_guide_team_is_the_one_named(typed: str, teams: list[str], question: str) -> None:
    found, asked = guides.chosen(typed, catalog(PLATFORM, DATA))
    assert ([team.id for team in found], asked) == (teams, question)


def test_the_only_guide_team_needs_no_name() -> None:
    assert guides.chosen("how?", catalog(PLATFORM)) == ([PLATFORM], "how?")


@pytest.mark.parametrize(
    ("typed", "teams", "said"),
    [
        ("how?", (), "no guide team"),
        ("", (PLATFORM,), "Say what you want to know"),
        ("platform", (PLATFORM,), "Say what you want to know"),
        ("x" * 1001, (PLATFORM,), "1001 characters"),
    ],
)
def test_without_a_team_or_a_question_nobody_is_asked(typed: str, teams: tuple[Team, ...], said: str) -> None:
    with pytest.raises(Refused, match=said):
        guides.chosen(typed, catalog(*teams))


@pytest.mark.parametrize(
    ("but", "private", "schedule", "person"),
    [
        (set(), False, WEEKLY, "greta"),
        ({"greta"}, False, WEEKLY, "hugo"),
        ({"greta", "hugo"}, False, WEEKLY, "#ask-platform"),
        ({"greta", "hugo", "#ask-platform"}, False, WEEKLY, "femi"),
        ({"greta", "hugo", "#ask-platform", "femi"}, False, WEEKLY, ""),
        ({"greta", "hugo"}, True, WEEKLY, "femi"),
        (set(), False, '{"tz": "UTC", "layers": []}', "#ask-platform"),
        (set(), True, '{"tz": "UTC", "layers": []}', "femi"),
        (set(), False, WEEKLY.replace("greta", "gone"), "hugo"),
    ],
)
def test_guides_are_asked_in_order(but: set[str], private: bool, schedule: str, person: str) -> None:
    team = Team(**{**vars(PLATFORM), "schedule": schedule})
    found = guides.next_guide(team, catalog(team), paging.written, NOW, but=but, private=private)
    assert found == person


def row(number: int, person: str, state: GuidanceState = GuidanceState.ASKED, **columns: Any) -> Guidance:
    return Guidance(
        id=number, incident_id=4, number=1, team="platform", question="how?", asked_by="alice", asked_at=NOW,
        person=person, state=state, **columns,
    )  # fmt: skip


def test_asking_and_coming_touch_neither_owner_nor_pages() -> None:
    asked = guides.asked(INCIDENT, row(1, "greta"), PLATFORM, wait=timedelta(minutes=5), now=NOW)
    came = guides.came(INCIDENT, [row(1, "greta")], PLATFORM, "greta")
    answered = guides.answered(INCIDENT, [row(1, "greta")], PLATFORM, text="so", minutes=None)
    for decision in (asked, came, answered):
        assert (dict(decision.sets), decision.pages) == ({}, ())
    assert AskGuide(4, 1) in asked.jobs
    assert Later(LapseGuide(4, 1), NOW + timedelta(minutes=5)) in asked.jobs
    assert InvitePeople(4, ("greta",)) in came.jobs


def acknowledge(by: str, pages: list[Page], guides_for: str) -> str:
    decision = incidents.acknowledged(
        INCIDENT, pages, by=by, team=PAYMENTS, way="", name=str, now=NOW, guides_for=guides_for
    )
    return str(decision.sets.get("owner"))


def test_a_guide_who_acknowledges_does_not_become_the_owner() -> None:
    with pytest.raises(Refused, match=r"as a guide of Platform: Payments keeps it. `/incident advice INC-4"):
        acknowledge("greta", [], "Platform")
    assert acknowledge("greta", [], "") == "greta"  # nobody is asked any more: whoever takes it has it
    assert acknowledge("alice", [], "Platform") == "alice"  # of the owning team, seconded to the guides
    page = Page(
        incident_id=4,
        number=1,
        run=1,
        step=0,
        person="greta",
        state=PageState.SENT,
        created_at=NOW,
        sent_at=NOW,
    )
    assert acknowledge("greta", [page], "Platform") == "greta"  # was paged as the owner


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("20", 20), (" 20m ", 20), ("20 min", 20), ("2h", 120), ("0", 0), ("", None), ("1440", 1440)],
)
def test_minutes_as_people_write_them(text: str, minutes: int | None) -> None:
    assert guides.minutes(text) == minutes


@pytest.mark.parametrize("text", ["a lot", "-5", "1.5h", "25h", "1441", "999999999999", "٣", "5 parsecs"])
def test_what_is_no_number_of_minutes_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no number of minutes"):
        guides.minutes(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20m turn it off", (20, "turn it off")),
        ("2h it was long", (120, "it was long")),
        ("3 replicas are enough", (None, "3 replicas are enough")),
        ("20m", (None, "20m")),
        ("turn it off", (None, "turn it off")),
    ],
)
def test_advice_may_begin_with_what_it_took(text: str, found: tuple[int | None, str]) -> None:
    assert guides.took(text) == found


def test_minutes_since_coming_are_whole_and_at_least_one() -> None:
    assert guides.spent(row(1, "greta"), NOW) is None
    assert guides.spent(row(1, "greta", came_at=NOW), NOW) == 1
    assert guides.spent(row(1, "greta", came_at=NOW), NOW + timedelta(minutes=12, seconds=40)) == 13


def test_the_question_answered_by_text_is_the_guide_s_own_else_the_team_s() -> None:
    mine, ours = row(1, "greta"), row(2, "#ask-platform")
    came = row(3, "greta", GuidanceState.CAME)
    done = row(4, "greta", GuidanceState.ANSWERED)
    assert guides.open_for([mine, ours, done], "greta", {"platform"}) is mine
    assert guides.open_for([mine, came, ours], "greta", set()) is came
    assert guides.open_for([mine, ours], "hugo", {"platform"}) is ours
    assert guides.open_for([mine, ours], "alice", set()) is None
    assert guides.open_for([done], "greta", {"platform"}) is None
