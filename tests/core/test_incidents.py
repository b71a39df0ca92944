"""The life of an incident, decided without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import Refused, incidents, paging
from bot.core.decision import Answered, Asked, Decision
from bot.core.jobs import Escalate, Later, OpenChannel, PagePerson, Tell, TellTeam
from bot.core.ownership import Found
from bot.models import (
    Catalog,
    Incident,
    Mitigation,
    Page,
    PageState,
    Person,
    Role,
    Service,
    Severity,
    Status,
    Step,
    Team,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)

WEEKLY = (
    '{"tz": "Europe/London", "layers": [{"rotation": {"kind": "weekly", "length": 1, "handoff": "09:00", '
    '"weekday": "mon", "start": "2026-11-23T09:00"}, "participants": ["alice", "bob"]}]}'
)
PAYMENTS = Team(
    id="payments",
    name="Payments",
    timezone="Europe/London",
    channel="team-payments",
    lead="dana",
    members=("alice", "bob", "dana"),
    fallback="dana",
    schedule=WEEKLY,
    escalation=(Step(("oncall",), 5 * MINUTES), Step(("next", "@dana"), 10 * MINUTES)),
    repeat=1,
)
SEARCH = Team(
    id="search",
    name="Search",
    members=("erin",),
    fallback="erin",
    escalation=(Step(("@erin",), 5 * MINUTES),),
)
EMPTY = Team(
    id="empty",
    name="Empty",
    channel="team-empty",
    escalation=(Step(("oncall",), MINUTES), Step(("next",), MINUTES)),
)
CATALOG = Catalog(
    people={p: Person(p) for p in ("alice", "bob", "dana", "erin")},
    teams={t.id: t for t in (PAYMENTS, SEARCH, EMPTY)},
    services={"checkout": Service("checkout", "payments"), "finder": Service("finder", "search")},
    fallback_team="payments",
)
FOUND = Found(service="checkout", team="payments", why="`checkout` is a service of Payments", certain=True)


def incident(**columns: object) -> Incident:
    base: dict[str, Any] = {
        "id": 1,
        "request_id": "r",
        "title": "card payments fail",
        "service": "checkout",
        "team": "payments",
        "severity": Severity.SEV3,
        "status": Status.INVESTIGATING,
        "declared_by": "carol",
        "declared_at": NOW,
        "run": 1,
    }
    return Incident(**base | columns)


def page(number: int, person: str, state: PageState, **columns: object) -> Page:
    base: dict[str, Any] = {"incident_id": 1, "run": 1, "step": 0, "created_at": NOW, "sent_at": NOW}
    return Page(**base | {"number": number, "person": person, "state": state} | columns)


def paged(decision: Decision) -> list[str]:
    return [p.person for p in decision.pages if isinstance(p, Asked)]


def states(decision: Decision) -> dict[int, str]:
    return {p.number: str(p.state) for p in decision.pages if isinstance(p, Answered)}


def kinds(decision: Decision) -> list[str]:
    return [event.kind for event in decision.events]


def timers(decision: Decision) -> list[tuple[int, timedelta]]:
    return [
        (j.order.step, j.at - NOW)
        for j in decision.jobs
        if isinstance(j, Later) and isinstance(j.order, Escalate)
    ]


def started(team: Team = PAYMENTS) -> Decision:
    return incidents.started(
        incident(team=team.id), FOUND, team, CATALOG, more="", rota=paging.written, now=NOW
    )


def fire(step: int, pages: list[Page], team: Team = PAYMENTS, **columns: object) -> Decision:
    row = incident(team=team.id, step=step - 1, **columns)
    return paging.timed_out(row, team, CATALOG, pages, run=1, step=step, rota=paging.written, now=NOW)


def test_a_start_pages_the_owner_before_it_asks_for_the_channel() -> None:
    decision = started()
    assert paged(decision) == ["alice"]
    assert [type(job) for job in decision.jobs] == [PagePerson, Later, OpenChannel]
    assert timers(decision) == [(1, 5 * MINUTES)]
    assert kinds(decision) == ["declared", "page_requested"]


def test_an_uncertain_owner_is_paged_all_the_same_and_said() -> None:
    found = Found(service="checkout", team="payments", why="two match", certain=False, others=("finder",))
    decision = incidents.started(incident(), found, PAYMENTS, CATALOG, more="", rota=paging.written, now=NOW)
    assert paged(decision) == ["alice"]
    assert "owner_unclear" in kinds(decision)


def test_the_second_step_wakes_the_next_and_the_lead_once_each() -> None:
    decision = fire(1, [page(1, "alice", PageState.SENT)])
    assert paged(decision) == ["bob", "dana"]
    assert states(decision) == {1: "unanswered"}
    assert timers(decision) == [(2, 10 * MINUTES)]


def test_the_repeat_begins_again_with_whoever_is_on_call_then() -> None:
    decision = fire(2, [page(1, "alice", PageState.UNANSWERED), page(2, "bob", PageState.SENT, step=1)])
    assert paged(decision) == ["alice"]
    assert [p.number for p in decision.pages if isinstance(p, Asked)] == [3]


def test_the_end_of_the_last_repeat_is_announced() -> None:
    decision = fire(4, [page(5, "dana", PageState.SENT, step=3)])
    assert kinds(decision) == ["page_unanswered", "nobody_answered"]
    assert [job.team for job in decision.jobs if isinstance(job, TellTeam)] == ["payments"]
    assert paged(decision) == []


@pytest.mark.parametrize(
    "columns",
    [{"owner": "alice"}, {"status": Status.RESOLVED}, {"run": 2}],
    ids=["answered", "over", "another run"],
)
def test_a_timer_that_comes_too_late_pages_nobody(columns: dict[str, object]) -> None:
    row = incident(**columns)
    assert (
        paging.timed_out(row, PAYMENTS, CATALOG, [], run=1, step=1, rota=paging.written, now=NOW)
        == Decision()
    )


def test_a_timer_that_comes_twice_pages_once() -> None:
    row = incident(step=1)
    assert (
        paging.timed_out(row, PAYMENTS, CATALOG, [], run=1, step=1, rota=paging.written, now=NOW)
        == Decision()
    )


def test_a_step_without_anybody_is_skipped_at_once() -> None:
    team = Team(
        id="x",
        name="X",
        members=("erin",),
        fallback="erin",
        escalation=(Step(("oncall",), MINUTES), Step(("@erin",), MINUTES)),
    )
    decision = started(team)
    assert paged(decision) == ["erin"]
    assert "step_skipped" in kinds(decision)


def test_with_nobody_on_call_the_fallback_is_paged_and_the_channel_told() -> None:
    team = Team(
        id="empty", name="Empty", channel="c", fallback="dana", escalation=(Step(("oncall",), MINUTES),)
    )
    decision = started(team)
    assert paged(decision) == ["dana"]
    assert "nobody_on_call" in kinds(decision)
    assert [job.team for job in decision.jobs if isinstance(job, TellTeam)] == ["empty"]


def test_with_nobody_at_all_the_channel_is_told_loudly() -> None:
    decision = started(EMPTY)
    assert paged(decision) == []
    told = [job.text for job in decision.jobs if isinstance(job, TellTeam)]
    assert len(told) == 1
    assert "/incident ack INC-1" in told[0]


def ack(row: Incident, pages: list[Page], by: str) -> Decision:
    return incidents.acknowledged(row, pages, by=by, team=PAYMENTS, way="button", name=str.title, now=NOW)


def test_acknowledging_stops_the_others() -> None:
    pages = [
        page(1, "alice", PageState.UNANSWERED),
        page(2, "bob", PageState.SENT),
        page(3, "dana", PageState.WAITING),
    ]
    decision = ack(incident(), pages, "bob")
    assert states(decision) == {2: "acknowledged", 3: "cancelled"}
    assert decision.sets["owner"] == "bob"
    assert decision.sets["acknowledged_at"] == NOW


def test_an_answer_after_the_time_still_counts() -> None:
    assert states(ack(incident(), [page(1, "alice", PageState.UNANSWERED)], "alice")) == {1: "acknowledged"}


def test_acknowledging_twice_changes_nothing() -> None:
    assert ack(incident(owner="alice"), [page(1, "alice", PageState.ACKNOWLEDGED)], "alice") == Decision()


def test_the_second_of_two_is_told_who_has_it() -> None:
    with pytest.raises(Refused, match="Alice has INC-1 already"):
        ack(incident(owner="alice"), [page(2, "bob", PageState.CANCELLED)], "bob")


def test_somebody_who_was_asked_by_hand_joins_without_taking_it_away() -> None:
    pages = [page(1, "alice", PageState.SENT), page(2, "erin", PageState.SENT, by_hand=True, step=-1)]
    decision = ack(incident(), pages, "erin")
    assert states(decision) == {2: "acknowledged"}
    assert "owner" not in decision.sets


def decline(row: Incident, pages: list[Page], by: str) -> Decision:
    return incidents.declined(
        row, pages, by=by, why="ill", way="", team=PAYMENTS, catalog=CATALOG, rota=paging.written, now=NOW
    )


def test_declining_pages_the_next_at_once() -> None:
    decision = decline(incident(), [page(1, "alice", PageState.SENT)], "alice")
    assert states(decision) == {1: "declined"}
    assert paged(decision) == ["bob", "dana"]


def test_declining_waits_while_others_of_the_step_are_asked() -> None:
    pages = [page(1, "alice", PageState.SENT), page(2, "bob", PageState.SENT)]
    decision = decline(incident(), pages, "alice")
    assert states(decision) == {1: "declined"}
    assert paged(decision) == []


def test_giving_it_back_after_acknowledging_pages_on() -> None:
    decision = decline(incident(owner="alice"), [page(1, "alice", PageState.ACKNOWLEDGED)], "alice")
    assert decision.sets["owner"] == ""
    assert paged(decision) == ["bob", "dana"]


def test_who_was_not_asked_cannot_decline() -> None:
    with pytest.raises(Refused, match="not paged"):
        decline(incident(), [page(1, "alice", PageState.SENT)], "erin")


def test_escalating_keeps_the_others_asked() -> None:
    pages = [page(1, "alice", PageState.SENT)]
    decision = incidents.escalated(
        incident(),
        pages,
        by="carol",
        why="",
        way="",
        team=PAYMENTS,
        catalog=CATALOG,
        rota=paging.written,
        now=NOW,
    )
    assert states(decision) == {}
    assert paged(decision) == ["bob", "dana"]


def test_a_decline_by_the_last_is_announced() -> None:
    decision = decline(incident(step=3), [page(4, "dana", PageState.SENT, step=3)], "dana")
    assert kinds(decision) == ["declined", "nobody_answered"]


def test_moving_it_pages_the_new_owner_and_thanks_the_old() -> None:
    pages = [page(1, "alice", PageState.ACKNOWLEDGED)]
    decision = incidents.moved(
        incident(owner="alice"), pages, service="finder", old_team=PAYMENTS, team=SEARCH, catalog=CATALOG,
        rota=paging.written, now=NOW, name=str.title,
    )  # fmt: skip
    assert paged(decision) == ["erin"]
    assert decision.sets["run"] == 2
    assert decision.sets["team"] == "search"
    assert [job.person for job in decision.jobs if isinstance(job, Tell)] == ["alice"]


def test_a_rise_in_severity_pages_again_while_nobody_has_it() -> None:
    pages = [page(1, "alice", PageState.SENT)]
    decision = incidents.severity_changed(
        incident(), pages, Severity.SEV1, team=PAYMENTS, catalog=CATALOG, rota=paging.written, now=NOW
    )
    assert states(decision) == {1: "cancelled"}
    assert paged(decision) == ["alice"]
    assert decision.sets["run"] == 2


def test_a_rise_with_an_owner_wakes_the_next_beside_them() -> None:
    pages = [page(1, "alice", PageState.ACKNOWLEDGED)]
    decision = incidents.severity_changed(
        incident(owner="alice"),
        pages,
        Severity.SEV1,
        team=PAYMENTS,
        catalog=CATALOG,
        rota=paging.written,
        now=NOW,
    )
    assert paged(decision) == ["bob", "dana"]
    assert "owner" not in decision.sets


def test_a_fall_in_severity_pages_nobody() -> None:
    decision = incidents.severity_changed(
        incident(), [], Severity.SEV4, team=PAYMENTS, catalog=CATALOG, rota=paging.written, now=NOW
    )
    assert paged(decision) == []


def test_resolving_ends_every_open_page() -> None:
    pages = [page(1, "alice", PageState.SENT), page(2, "bob", PageState.UNANSWERED)]
    decision = incidents.resolved(incident(), pages, text="", now=NOW)
    assert states(decision) == {1: "cancelled"}
    assert decision.sets["status"] is Status.RESOLVED


OVER = incident(status=Status.RESOLVED)
CALLED_OFF = incident(status=Status.CANCELLED)


@pytest.mark.parametrize(
    "act",
    [
        lambda: ack(OVER, [], "alice"),
        lambda: incidents.updated(OVER, text="x", now=NOW),
        lambda: incidents.mitigated(CALLED_OFF, Mitigation.SWITCH, text="", now=NOW),
        lambda: incidents.role_taken(OVER, Role.LEAD, "bob"),
        lambda: incidents.resolved(OVER, [], text="", now=NOW),
        lambda: incidents.status_changed(OVER, Status.IDENTIFIED, text="", now=NOW),
    ],
)
def test_what_is_over_is_refused_with_the_way_back(act: object) -> None:
    assert callable(act)
    with pytest.raises(Refused, match="/incident reopen"):
        act()


def test_reopening_with_an_owner_pages_nobody() -> None:
    row = incident(status=Status.RESOLVED, owner="alice")
    decision = incidents.reopened(
        row, why="", team=PAYMENTS, catalog=CATALOG, pages=[], rota=paging.written, now=NOW
    )
    assert paged(decision) == []
    assert decision.sets["status"] is Status.INVESTIGATING


def test_reopening_without_an_owner_pages_from_the_first_step() -> None:
    row = incident(status=Status.RESOLVED)
    decision = incidents.reopened(
        row, why="", team=PAYMENTS, catalog=CATALOG, pages=[], rota=paging.written, now=NOW
    )
    assert paged(decision) == ["alice"]


@pytest.mark.parametrize(
    ("typed", "title", "rest"),
    [
        ("short", "short", False),
        ("two\nlines  of text", "two lines of text", False),
        ("word " * 1000, "word " * 38 + "word…", True),
        ("x" * 5000, "x" * 199 + "…", True),
        ("😀" * 300, "😀" * 199 + "…", True),
        ("مدفوعات", "مدفوعات", False),
    ],
)
def test_a_title_is_one_line_and_what_does_not_fit_is_kept(typed: str, title: str, rest: bool) -> None:
    cut, more = incidents.title_and_rest(typed)
    assert (cut, bool(more)) == (title, rest)
    assert len(cut) <= incidents.TITLE_LIMIT


def test_text_over_the_limit_is_refused_with_its_length() -> None:
    with pytest.raises(Refused, match="3001 characters"):
        incidents.updated(incident(), text="x" * 3001, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (90, "90 s"), (300, "5 min"), (3600, "1 h"), (5400, "1 h 30 min"), (60, "1 min")],
)
def test_lengths_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert paging.spoken(timedelta(seconds=seconds)) == words


def test_somebody_of_another_team_does_not_silence_the_owners_pages() -> None:
    with pytest.raises(Refused, match="belongs to Payments, which is still being paged"):
        ack(incident(), [page(1, "alice", PageState.SENT)], "carol")


def test_when_nobody_answered_whoever_reads_the_call_may_take_it() -> None:
    assert ack(incident(), [page(1, "alice", PageState.UNANSWERED)], "carol").sets["owner"] == "carol"
    assert ack(incident(), [page(1, "#team-payments", PageState.SENT)], "carol").sets["owner"] == "carol"


@pytest.mark.parametrize(
    ("typed", "words", "private", "test"),
    [
        ("checkout sev2 cards fail", "checkout sev2 cards fail", False, False),
        ("--private checkout cards fail", "checkout cards fail", True, False),
        ("—private checkout cards fail", "checkout cards fail", True, False),
        ("–Private --test checkout cards", "checkout cards", True, True),
        ("checkout --private cards fail", "checkout cards fail", True, False),
        ("checkout cards fail —test", "checkout cards fail", False, True),
        ("checkout is slow -- very slow", "checkout is slow -- very slow", False, False),
        ("checkout is slow — very — slow", "checkout is slow — very — slow", False, False),
        ("the pod exits with --memory-limit", "the pod exits with --memory-limit", False, False),
        ("private checkout", "private checkout", False, False),
        ("", "", False, False),
    ],
)
def test_flags_are_taken_out_of_what_was_typed(typed: str, words: str, private: bool, test: bool) -> None:
    assert incidents.flagged(typed) == (words, private, test)


@pytest.mark.parametrize(
    "typed", ["--privat cards", "cards --pirvate fail", "—tests cards", "--secret cards", "—x"]
)
def test_a_slip_in_a_flag_starts_nothing(typed: str) -> None:
    with pytest.raises(Refused, match="Nothing was started"):
        incidents.flagged(typed)


def test_what_stopped_it_can_be_said_when_it_is_over_and_it_stays_over() -> None:
    decision = incidents.mitigated(OVER, Mitigation.ROLLBACK, text="to 1.41", now=NOW)
    assert decision.sets == {"mitigation_kind": Mitigation.ROLLBACK, "mitigation_text": "to 1.41"}
