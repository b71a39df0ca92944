"""What Jira says and what follows: rows, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core import Refused
from bot.core.issues import (
    Asked,
    Issue,
    Transition,
    Way,
    as_jira_has_it,
    followed,
    says_wont,
    stale,
    way,
    window,
)
from bot.models import Action, ActionState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ISSUE = Issue("PAY-1", "add a switch", "To Do", "new", "", "acc-1", date(2026, 12, 8), NOW)
DONE, WONT_DO, OPEN = ActionState.DONE, ActionState.WONT_DO, ActionState.OPEN


def item(**more: Any) -> Action:
    given: dict[str, Any] = {
        "id": "abc", "incident_id": 1, "title": "add a switch", "team": "payments", "owner": "alice",
        "due": date(2026, 12, 8), "created_by": "carol", "created_at": NOW, "jira": "PAY-1", "jira_at": NOW,
        "jira_seen": ISSUE.seen(),
    }  # fmt: skip
    return Action(**(given | more))


def follow(action: Action, issue: Issue, owner: str = "alice") -> tuple[dict[str, Any], list[str]]:
    change = followed(action, issue, owner=owner, team="payments", url="u", now=NOW)
    return dict(change.sets), [event.kind for event in change.events]


@pytest.mark.parametrize(
    ("name", "wont"),
    [
        ("Won't Do", True), ("Won't Fix", True), ("Won’t do", True), ("Wont-Fix", True), ("Declined", True),
        ("Duplicate", True), ("Cannot Reproduce", True), ("Can't reproduce", True), ("Cancelled", True),
        ("Canceled", True), ("Rejected", True), ("Not a Bug", True), ("Obsolete", True), ("WONT_DO", True),
        ("Done", False), ("Fixed", False), ("Resolved", False), ("Closed", False), ("Released", False), ("", False),
        ("完了", False), ("Not broken any more", False),
    ],
)  # fmt: skip
def test_a_resolution_says_whether_it_was_done(name: str, wont: bool) -> None:
    assert says_wont(name) is wont


@pytest.mark.parametrize(
    ("status", "category", "resolution", "state"),
    [
        ("To Do", "new", "", OPEN),
        ("Blocked", "indeterminate", "", OPEN),
        ("Weird", "undefined", "", OPEN),
        ("Weird", "", "", OPEN),
        ("Done", "indeterminate", "Done", OPEN),
        ("Fertig", "done", "", DONE),
        ("Fertig", "done", "Erledigt", DONE),
        ("Closed", "done", "Won't Do", WONT_DO),
        ("Rejected", "done", "", WONT_DO),
        ("Rejected", "done", "Done", DONE),
    ],
)
def test_a_status_counts_by_its_category(
    status: str, category: str, resolution: str, state: ActionState
) -> None:
    assert replace(ISSUE, status=status, category=category, resolution=resolution).state is state


def test_what_jira_said_before_is_no_news_whatever_people_decided_here() -> None:
    for state in (DONE, WONT_DO, OPEN):
        mine = item(state=state, owner="bob", due=None, title="another title")
        sets, events = follow(mine, ISSUE, owner="alice")
        assert events == []
        assert not {"state", "owner", "due", "title"} & set(sets)


def test_only_what_changed_in_jira_is_followed() -> None:
    closed = replace(ISSUE, status="Done", category="done", resolution="Done")
    sets, events = follow(item(owner="bob"), closed)
    assert (sets["state"], events) == (DONE, ["action_done"])
    assert "owner" not in sets
    assert follow(item(state=DONE), closed)[1] == [], "both did the same"
    sets, events = follow(item(), replace(closed, resolution="Won't Fix"))
    assert (sets["state"], sets["closed_why"], events) == (WONT_DO, "Won't Fix", ["action_wont_do"])
    sets, events = follow(item(state=DONE, jira_seen=closed.seen()), ISSUE)
    assert (sets["state"], sets["reopened"], sets["closed_at"], events) == (
        OPEN,
        1,
        None,
        ["action_reopened"],
    )
    sets, events = follow(item(), replace(ISSUE, assignee="", due=None, summary="new"), owner="")
    assert (sets["owner"], sets["due"], sets["title"]) == ("", None, "new")
    assert events == ["action_reassigned", "action_due", "action_renamed"]


def test_the_first_look_takes_no_empty_field_for_a_change() -> None:
    """An assignee or a date that Jira did not take when the item was filed is nothing that somebody took away."""
    sets, events = follow(item(jira_seen={}, jira_at=None), replace(ISSUE, assignee="", due=None), owner="")
    assert events == []
    assert sets["jira_seen"]["assignee"] == ""
    assert follow(item(jira_seen={}), replace(ISSUE, category="done"))[1] == ["action_done"]


def test_a_long_title_is_not_renamed_by_its_own_shortened_summary() -> None:
    long = "word " * 80
    mine = item(title=long, jira_seen={})
    assert follow(mine, replace(ISSUE, summary=" ".join(long.split())[:250]))[1] == []


def test_a_move_is_followed_and_an_older_answer_is_not() -> None:
    sets, events = follow(item(), replace(ISSUE, key="SEA-1"))
    assert (sets["jira"], sets["team"], events) == ("SEA-1", "payments", ["action_moved"])
    assert stale(item(), replace(ISSUE, updated=NOW - timedelta(milliseconds=1)))
    assert not stale(item(), ISSUE)
    assert not stale(item(jira_at=None), ISSUE)


def test_a_move_that_jira_refused_is_taken_back() -> None:
    back = as_jira_has_it(item(state=DONE, reopened=2), NOW)
    assert (back["state"], back["closed_at"], back["reopened"]) == (OPEN, None, 2)
    was_done = ISSUE.seen() | {"state": "done"}
    back = as_jira_has_it(item(state=OPEN, reopened=2, jira_seen=was_done), NOW)
    assert (back["state"], back["closed_at"], back["reopened"]) == (DONE, NOW, 1)
    assert as_jira_has_it(item(state=WONT_DO, jira_seen=was_done), NOW) == {}


@pytest.mark.parametrize(
    ("since", "minutes"),
    [
        (NOW - timedelta(minutes=5), 16),
        (NOW - timedelta(seconds=10), 11),
        (NOW + timedelta(hours=2), 11),
        (NOW - timedelta(days=400), 14 * 1440 + 11),
        (None, 14 * 1440 + 11),
    ],
)
def test_a_look_reaches_back_over_the_one_before(since: datetime | None, minutes: int) -> None:
    assert window(since, NOW) == minutes


RESOLUTION = Asked("resolution", "Resolution", True, (("1", "Fixed"), ("2", "Won't Fix")))
START = Transition("1", "Start", "Doing", "indeterminate")
BACK = Transition("2", "Back", "To Do", "new")
CLOSE = Transition("3", "Close", "Closed", "done", (RESOLUTION,))
REJECT = Transition("4", "Reject", "Rejected", "done")
SHIP = Transition("5", "Ship", "Shipped", "done")


@pytest.mark.parametrize(
    ("transitions", "to", "chosen"),
    [
        ([START, BACK, CLOSE], DONE, Way("3", {"resolution": {"id": "1"}})),
        ([START, BACK, CLOSE], WONT_DO, Way("3", {"resolution": {"id": "2"}})),
        ([REJECT, SHIP], DONE, Way("5")),
        ([SHIP, REJECT], WONT_DO, Way("4")),
        ([REJECT], DONE, Way("4")),
        ([SHIP], WONT_DO, Way("5")),
        ([START, BACK], OPEN, Way("2")),
        ([START, CLOSE], OPEN, Way("1")),
        (
            [replace(SHIP, asks=(Asked("cf1", "Approver", True),)), replace(SHIP, id="6")],
            DONE,
            Way("6"),
        ),
        ([replace(SHIP, asks=(Asked("cf1", "Approver", False),))], DONE, Way("5")),
        (
            [replace(CLOSE, asks=(replace(RESOLUTION, values=(("9", "Erledigt"),)),))],
            WONT_DO,
            Way("3", {"resolution": {"id": "9"}}),
        ),
        (
            [replace(CLOSE, asks=(replace(RESOLUTION, required=False, values=(("9", "Ok"),)),))],
            WONT_DO,
            Way("3"),
        ),
    ],
)
def test_the_way_is_chosen_by_where_it_leads(
    transitions: list[Transition], to: ActionState, chosen: Way
) -> None:
    assert way("PAY-1", transitions, to) == chosen


def test_no_way_says_what_to_do() -> None:
    with pytest.raises(Refused, match=r"no transition.*Move it in Jira"):
        way("PAY-1", [START, BACK], DONE)
    with pytest.raises(Refused, match=r"can't be reopened.*counts as open"):
        way("PAY-1", [CLOSE], OPEN)
    with pytest.raises(Refused, match=r"“Ship” asks for “Approver”.*Fill it in Jira"):
        way("PAY-1", [replace(SHIP, asks=(Asked("cf1", "Approver", True),))], DONE)
