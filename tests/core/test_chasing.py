"""Whose Monday morning it is, and how what waits is said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core import Refused
from bot.core.chasing import Kind, Thing, is_open, line, monday, overdue, turn, until, week
from bot.models import (
    Action,
    ActionState,
    Incident,
    Mitigation,
    Noticed,
    Postmortem,
    PostmortemState,
    Severity,
    Status,
    Took,
)

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def there(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "zone", "found"),
    [
        (there("Europe/London", 2026, 11, 30, 8, 59), "Europe/London", None),
        (there("Europe/London", 2026, 11, 30, 9), "Europe/London", "2026-W49"),
        (there("Europe/London", 2026, 11, 30, 16, 59), "Europe/London", "2026-W49"),
        (there("Europe/London", 2026, 11, 30, 17), "Europe/London", None),
        (there("Europe/London", 2026, 12, 1, 9), "Europe/London", "2026-W49"),
        (there("Europe/London", 2026, 12, 2, 9), "Europe/London", None),
        (there("Europe/London", 2026, 11, 29, 9), "Europe/London", None),
        # Both sides of the date line: 25 hours apart, and the same Monday.
        (datetime(2026, 11, 29, 19, tzinfo=UTC), "Pacific/Kiritimati", "2026-W49"),
        (datetime(2026, 11, 29, 19, tzinfo=UTC), "Pacific/Pago_Pago", None),
        (datetime(2026, 11, 30, 20, tzinfo=UTC), "Pacific/Pago_Pago", "2026-W49"),
        (datetime(2026, 11, 30, 20, tzinfo=UTC), "Pacific/Kiritimati", "2026-W49"),  # Tuesday there
        # The Monday after the clocks went forward, and after they went back.
        (datetime(2026, 3, 30, 7, 59, tzinfo=UTC), "Europe/London", None),
        (datetime(2026, 3, 30, 8, tzinfo=UTC), "Europe/London", "2026-W14"),
        (datetime(2026, 10, 26, 8, tzinfo=UTC), "Europe/London", None),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), "Europe/London", "2026-W44"),
        (datetime(2027, 1, 4, 9, tzinfo=UTC), "UTC", "2027-W01"),
    ],
)
def test_it_is_monday_morning_where_the_person_is(now: datetime, zone: str, found: str | None) -> None:
    assert turn(now, zone) == found


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "UTC"]
)
def test_an_hourly_look_finds_every_zone_within_its_first_hour(zone: str) -> None:
    looks = [datetime(2026, 11, 29, tzinfo=UTC) + timedelta(hours=h) for h in range(72)]
    first = next(look for look in looks if turn(look, zone))
    here = first.astimezone(ZoneInfo(zone))
    assert (here.weekday(), here.hour) == (0, 9)


def test_the_year_of_a_week_is_that_of_its_thursday() -> None:
    assert week(date(2027, 1, 1)) == "2026-W53"
    assert monday("2026-W53") == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-30, "due Wed 30 Dec"), (-1, "due tomorrow"), (0, "due today"), (1, "1 day overdue"), (13, "13 days overdue"),
        (14, "2 weeks overdue"), (400, "57 weeks overdue"),
    ],
)  # fmt: skip
def test_how_late_it_is(days: int, said: str) -> None:
    assert overdue(TODAY - timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(
    ("words", "day"),
    [("1w", date(2026, 12, 7)), (" 3D ", date(2026, 12, 3)), ("2026-12-24", date(2026, 12, 24))],
)
def test_later_is_a_day(words: str, day: date) -> None:
    assert until(words, TODAY) == day


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "is no day"), ("soon", "is no day"), ("0d", "not ahead"), ("2026-11-30", "not ahead"), ("2026-02-30", "is no day"),
        ("99w", "half a year"), ("9999w", "is no day"),
    ],
)  # fmt: skip
def test_what_is_no_day_ahead_is_refused(words: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        until(words, TODAY)


def incident(**more: Any) -> Incident:
    values: dict[str, Any] = {
        "id": 1, "request_id": "1", "title": "card payments fail", "team": "payments", "severity": Severity.SEV2,
        "status": Status.RESOLVED, "declared_by": "carol", "declared_at": NOW,
    }  # fmt: skip
    return Incident(**values | more)


def action(**more: Any) -> Action:
    values: dict[str, Any] = {
        "id": "a", "incident_id": 1, "title": "a switch", "team": "payments", "owner": "alice", "jira": "PAY-3",
        "category": "switches", "due": TODAY - timedelta(days=2), "created_by": "carol", "created_at": NOW,
    }  # fmt: skip
    return Action(**values | more)


def of(kind: Kind, **more: Any) -> Thing:
    return Thing(kind, incident(), action(**more))


@pytest.mark.parametrize(
    ("thing", "waits", "said"),
    [
        (of(Kind.ITEM), True, "PAY-3 (switches) “a switch” · INC-1 · 2 days overdue"),
        (of(Kind.ITEM, jira=None, due=None), True, "“a switch” (switches) · INC-1"),
        (of(Kind.ITEM, state=ActionState.DONE, closed_by="bob"), False, "PAY-3 (switches) “a switch”: done, says Bob"),
        (of(Kind.ITEM, state=ActionState.DONE), False, "PAY-3 (switches) “a switch”: done"),
        (of(Kind.ITEM, state=ActionState.WONT_DO, closed_why="no"), False, "PAY-3 (switches) “a switch”: won't be done: no"),
        (of(Kind.ITEM, owner="bob"), False, "PAY-3 (switches) “a switch”: Bob's now"),
        (of(Kind.ITEM, owner=""), False, "PAY-3 (switches) “a switch”: not yours; it is asked whose it is"),
        (of(Kind.ITEM, later=TODAY + timedelta(days=7)), False, "PAY-3 (switches) “a switch”: left until Mon 7 Dec"),
        (of(Kind.ITEM, later=TODAY), True, "PAY-3 (switches) “a switch” · INC-1 · 2 days overdue"),
        (
            of(Kind.LATE, owner="bob", later=TODAY + timedelta(days=7)), True,
            "PAY-3 (switches) “a switch” · INC-1 · Bob's · 2 days overdue · left until Mon 7 Dec",
        ),
        (of(Kind.LEFT, owner=""), True, "PAY-3 (switches) “a switch” · INC-1 · nobody has it · 2 days overdue"),
        (of(Kind.CANDIDATE, state=ActionState.CANDIDATE), True, "Candidate of INC-1: PAY-3 (switches) “a switch”"),
        (of(Kind.CANDIDATE), False, "PAY-3 (switches) “a switch”: an action item now"),
        (Thing(Kind.ITEM, incident()), False, "An item of INC-1 that is not there any more"),
        (
            Thing(Kind.QUESTION, incident(took=Took.FLAG)), True,
            "INC-1 “card payments fail”: nobody has said what stopped it and who noticed first",
        ),
        (
            Thing(Kind.QUESTION, incident(took=Took.FLAG, mitigation_kind=Mitigation.SWITCH, noticed=Noticed.MONITOR)), False,
            "INC-1: everything that was asked is answered",
        ),
        (
            Thing(Kind.POSTMORTEM, incident(), postmortem=Postmortem(incident_id=1, due=TODAY, created_at=NOW, updated_at=NOW)),
            True, "The postmortem of INC-1 “card payments fail”: due today",
        ),
        (
            Thing(
                Kind.POSTMORTEM, incident(),
                postmortem=Postmortem(incident_id=1, state=PostmortemState.PUBLISHED, created_at=NOW, updated_at=NOW),
            ),
            False, "The postmortem of INC-1 is published",
        ),
    ],
)  # fmt: skip
def test_a_row_says_how_it_stands_now(thing: Thing, waits: bool, said: str) -> None:
    assert line(thing, "alice", TODAY, str.title) == said
    assert is_open(thing, "alice", TODAY) == waits
