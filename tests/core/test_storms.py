"""What is news of an alert, where it goes, and what is said of many."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import alerts, storms
from bot.core.alerts import Source
from bot.core.decision import Decision
from bot.core.storms import Goes, News
from bot.models import Alert, Incident, Page, PageState, Policy, Severity, Status, Step, Team

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def heard(firing: bool = True, at: datetime | None = None, ends: datetime | None = None) -> alerts.Alert:
    return alerts.Alert(Source.ALERTMANAGER, "f", firing, "Down", "", {}, "", at, ends, False)


def known(firing: bool = True, began: datetime | None = None, ended: datetime | None = None) -> Alert:
    return Alert(
        source="alertmanager", fingerprint="f", incident_id=1, title="Down", first_at=NOW, last_at=NOW,
        firing=firing, began_at=began, resolved_at=ended, fired_at=[],
    )  # fmt: skip


def incident(status: Status = Status.INVESTIGATING, **more: Any) -> Incident:
    return Incident(
        id=1, request_id="r", title="Down", team="payments", severity=Severity.SEV3,
        declared_by="alert:grafana", declared_at=NOW, status=status, **more,
    )  # fmt: skip


def texts(decision: Decision) -> list[str]:
    return [event.text("Alertmanager", str) for event in decision.events]


@pytest.mark.parametrize(
    ("row", "said", "news"),
    [
        (None, heard(), News.FIRES),
        (None, heard(firing=False), News.NOTHING),
        (known(), heard(), News.STILL),
        (known(), heard(firing=False), News.OVER),
        (known(firing=False), heard(firing=False), News.NOTHING),
        (known(firing=False, began=ago(9), ended=ago(5)), heard(at=ago(1)), News.FIRES),
        # It was sent before it was over, and arrives late.
        (known(firing=False, began=ago(9), ended=ago(5)), heard(at=ago(9)), News.NOTHING),
        (known(firing=False, began=ago(90), ended=ago(50)), heard(at=ago(90)), News.FIRES),
        # Without times nothing can be late.
        (known(firing=False, ended=ago(5)), heard(), News.FIRES),
        # It is over as of a time before it fired again.
        (known(began=ago(2)), heard(firing=False, at=ago(9), ends=ago(5)), News.NOTHING),
        (known(began=ago(2)), heard(firing=False, ends=ago(5)), News.NOTHING),
        (known(began=ago(2)), heard(firing=False, at=ago(2), ends=ago(1)), News.OVER),
    ],
)
def test_what_is_news(row: Alert | None, said: alerts.Alert, news: News) -> None:
    assert storms.news(row, said, regroup=HALF_AN_HOUR, now=NOW) is news


RECENT: dict[str, Any] = {"resolved_at": ago(10)}
OLD: dict[str, Any] = {"resolved_at": ago(40)}


@pytest.mark.parametrize(
    ("news", "own", "flapping", "where"),
    [
        (News.FIRES, None, False, Goes.GROUP),
        (News.FIRES, incident(), False, Goes.BACK),
        (News.FIRES, incident(), True, Goes.BACK),
        (News.FIRES, incident(private=True), False, Goes.GROUP),
        (News.FIRES, incident(private=True), True, Goes.NOWHERE),
        (News.FIRES, incident(Status.RESOLVED, **RECENT), False, Goes.REOPENS),
        (News.FIRES, incident(Status.RESOLVED, **RECENT), True, Goes.NOWHERE),
        (News.FIRES, incident(Status.RESOLVED, **OLD), False, Goes.GROUP),
        (News.FIRES, incident(Status.RESOLVED, private=True, **RECENT), False, Goes.GROUP),
        (News.STILL, incident(), False, Goes.NOWHERE),
        (News.STILL, incident(Status.RESOLVED, **RECENT), False, Goes.NOWHERE),
        (News.STILL, incident(Status.RESOLVED, **OLD), False, Goes.GROUP),
        (News.STILL, incident(Status.CANCELLED, **OLD), False, Goes.NOWHERE),
    ],
)
def test_where_an_alert_that_fires_goes(
    news: News, own: Incident | None, flapping: bool, where: Goes
) -> None:
    assert storms.goes(news, own, flapping=flapping, regroup=HALF_AN_HOUR, now=NOW) is where


@pytest.mark.parametrize(
    ("minutes", "count"), [([], 1), ([20, 10], 3), ([90, 30, 20, 10], 3), ([1] * 50, 20)]
)
def test_only_what_fired_within_the_window_counts_as_flapping(minutes: list[int], count: int) -> None:
    row = known()
    row.fired_at = [ago(m).isoformat() for m in minutes]
    assert len(storms.times(row, within=HALF_AN_HOUR, now=NOW)) == count


def test_one_alert_is_said_with_its_words_and_many_with_their_count() -> None:
    one = known()
    one.text, one.url, one.times = "Disk full", "https://g/1", 3
    assert texts(storms.fired_in([one], before="INC-7")) == [
        "Alert “Down” fires for the 3rd time (before in INC-7): Disk full https://g/1"
    ]
    many = [known() for _ in range(40)]
    for n, row in enumerate(many):
        row.title, row.severity = f"A{n}", Severity.SEV1 if n == 30 else None
    assert texts(storms.fired_in(many)) == ["40 more alerts fire: “A30”, “A0”, “A1”, “A2”, “A3” and 35 more"]
    assert texts(storms.over_in(many[:2], firing=1)) == ["2 alerts are over: “A0” and “A1”; 1 still fires"]
    assert texts(storms.over_in(many[:1], firing=0)) == ["Alert “A0” is over; none fires any more"]
    assert storms.fired_in([]) == storms.over_in([], firing=3) == Decision()


TEAM = Team(id="payments", name="Payments", escalation=(Step(("oncall",), timedelta(minutes=5)),))


def page(minutes: float = 0.1, state: PageState = PageState.SENT) -> Page:
    return Page(incident_id=1, number=1, run=1, step=0, person="alice", state=state, created_at=ago(minutes))


def test_a_storm_that_gets_worse_in_its_first_minute_pages_nobody_twice() -> None:
    decision = storms.raised(incident(), [page()], Severity.SEV1, team=TEAM, now=NOW)
    assert decision is not None
    assert (decision.sets, decision.pages) == ({"severity": Severity.SEV1}, ())


@pytest.mark.parametrize(
    ("own", "pages", "team"),
    [
        (incident(), [page(minutes=2)], TEAM),
        (incident(), [page(state=PageState.DECLINED)], TEAM),
        (incident(), [], TEAM),
        (incident(owner="alice"), [page()], TEAM),
        (incident(), [page()], Team("payments", "Payments", policies=(Policy((Severity.SEV1,), repeat=9),))),
    ],
)
def test_any_other_rise_wakes_people_as_a_rise_does(own: Incident, pages: list[Page], team: Team) -> None:
    assert storms.raised(own, pages, Severity.SEV1, team=team, now=NOW) is None
