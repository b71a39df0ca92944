"""A rotation that is edited: turns go on, the past keeps its answers, and people see what changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import versions
from bot.core.oncall import Schedule, final, who
from bot.core.versions import Version, differences, in_force, planned, successors, told
from bot.models import Secondment

WEEKLY = {"kind": "weekly", "length": 1, "handoff": "09:00", "weekday": "mon", "start": "2026-01-05T09:00"}


def written(people: list[Any], **more: Any) -> dict[str, Any]:
    rotation = more.pop("rotation", WEEKLY)
    return {"tz": "Europe/London", "layers": [{"rotation": rotation, "participants": people, **more}]}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TUESDAY = at("2026-11-24T12:00")  # alice's turn of two, until Monday 30 November, 09:00


def weeks(
    old: dict[str, Any], new: dict[str, Any], edit: datetime = TUESDAY, count: int = 5
) -> list[list[str]]:
    """Who is on call from the edit on, and then at each Monday noon."""
    found = in_force([Version(at("2026-01-01T00:00"), old), *successors(old, new, edit)])
    moments = [edit, *(at("2026-11-30T12:00") + timedelta(weeks=n) for n in range(count - 1))]
    return [who(found, moment) for moment in moments]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Somebody joins: alice finishes her turn, and the new order goes on from her place.
        (["alice", "bob"], ["alice", "carol", "bob"], ["alice", "carol", "bob", "alice", "carol"]),
        # The order is turned round: still alice's turn, then who follows her in the new order.
        (["alice", "bob", "carol"], ["carol", "bob", "alice"], None),
        # Alice leaves: the next of the old order who is still listed takes over at once.
        (["alice", "bob", "carol"], ["carol", "bob"], None),
        # Nobody of the old order is left: the first of the new list.
        (["alice", "bob"], ["dan", "erin"], ["dan", "erin", "dan", "erin", "dan"]),
        # A name that stands twice stays at the nearer of its places.
        (["alice", "bob"], ["bob", "alice", "bob", "alice"], ["alice", "bob", "alice", "bob", "alice"]),
        # A group goes on as a group, and is found again by any of its people.
        ([["alice", "dan"], "bob"], ["bob", ["alice", "dan"]], ["alice+dan", "bob", "alice+dan", "bob", "alice+dan"]),
        ([["alice", "dan"], "bob"], ["bob", "dan", "erin"], ["dan", "erin", "bob", "dan", "erin"]),
        # Nothing changed.
        (["alice", "bob"], ["alice", "bob"], ["alice", "bob", "alice", "bob", "alice"]),
        (["alice", "bob"], [], [""] * 5),
        ([], ["alice", "bob"], None),
    ],
)  # fmt: skip
def test_participants_change_and_handoffs_stay(
    old: list[Any], new: list[Any], expected: list[str] | None
) -> None:
    found = ["+".join(people) for people in weeks(written(old), written(new))]
    if expected is not None:
        assert found == expected
    before = who(Schedule.parse(written(old)), TUESDAY)
    order = ["+".join(one) if isinstance(one, list) else one for one in new]
    if old and new and before[0] in order:
        assert found[0] == before[0]
    # Each handoff leads to the next of the new order.
    for one, following in pairwise(found):
        if order and one in order and order.count(one) == 1:
            assert following == order[(order.index(one) + 1) % len(order)]


def test_whoever_leaves_is_followed_by_the_next_of_the_old_order() -> None:
    # In week 46 of three it is bob's turn; he leaves, and carol, who came after him, takes over at once.
    old, new = written(["alice", "bob", "carol"]), written(["alice", "carol"])
    assert who(Schedule.parse(old), TUESDAY) == ["bob"]
    assert weeks(old, new)[:3] == [["carol"], ["alice"], ["carol"]]


def test_another_handoff_keeps_the_turn_that_runs() -> None:
    thursdays = WEEKLY | {"weekday": "thu", "handoff": "12:00"}
    old, new = written(["alice", "bob"]), written(["alice", "bob"], rotation=thursdays)
    found = in_force([Version(at("2026-01-01T00:00"), old), *successors(old, new, TUESDAY)])
    assert [(s.start, s.people) for s in final(found, TUESDAY, TUESDAY + timedelta(days=10))] == [
        (TUESDAY, ["alice"]), (at("2026-11-26T12:00"), ["bob"]), (at("2026-12-03T12:00"), ["alice"]),
    ]  # fmt: skip


def test_a_new_start_begins_as_written_once_the_turn_has_ended() -> None:
    later = WEEKLY | {"start": "2026-11-23T09:00"}
    old, new = written(["alice", "bob"]), written(["bob", "alice", "carol"], rotation=later)
    # Written anew from 23 November, bob would have this week; alice finishes hers, then it is as written.
    assert weeks(old, new)[:4] == [["alice"], ["alice"], ["carol"], ["bob"]]


def test_a_start_to_come_leaves_no_gap_before_it() -> None:
    later = WEEKLY | {"start": "2026-12-14T09:00"}
    old, new = written(["alice", "bob"]), written(["dan", "erin"], rotation=later)
    assert weeks(old, new) == [["alice"], ["bob"], ["alice"], ["dan"], ["erin"]]


def test_answers_about_the_past_never_change() -> None:
    first = Version(at("2026-01-01T00:00"), written(["alice", "bob"]))
    edits = [
        (at("2026-03-11T10:00"), ["bob", "carol"]),
        (at("2026-06-03T10:00"), ["erin"]),
        (TUESDAY, ["dan", "erin"]),
    ]
    kept = [first]
    for moment, people in edits:
        before = in_force(kept)
        kept += successors(kept[-1].written, written(people), moment)
        after = in_force(kept)
        assert final(before, at("2025-12-01T00:00"), moment) == final(after, at("2025-12-01T00:00"), moment)


def test_a_secondment_joins_and_leaves_the_order_without_moving_a_handoff() -> None:
    stay = Secondment("erin", "2026-11-30T09:00", "2026-12-21T09:00")
    found = in_force(planned(None, written(["alice", "bob"]), [stay], at("2026-01-01T00:00")))
    people = [who(found, at("2026-11-23T12:00") + timedelta(weeks=n)) for n in range(7)]
    assert people == [["alice"], ["bob"], ["erin"], ["alice"], ["bob"], ["alice"], ["bob"]]


def test_an_edit_during_a_secondment_keeps_it() -> None:
    stay = Secondment("erin", "2026-11-01T09:00", "2026-12-21T09:00")
    old = planned(None, written(["alice", "bob"]), [stay], at("2026-01-01T00:00"))
    current = [version for version in old if version.since <= TUESDAY][-1]
    new = planned(current.written, written(["alice", "bob", "carol"]), [stay], TUESDAY)
    assert [one["participants"] for version in new for one in version.written["layers"]] == [
        ["alice", "bob", "carol", "erin"], ["alice", "bob", "carol"],
    ]  # fmt: skip


def test_what_an_edit_changes_is_told_in_the_zone_of_the_team() -> None:
    old, new = written(["alice", "bob"]), written(["alice", "carol"])
    after = in_force([Version(at("2026-01-01T00:00"), old), *successors(old, new, TUESDAY)])
    found = differences(Schedule.parse(old), after, TUESDAY, TUESDAY + versions.PREVIEW)
    assert told(found, str.title, after.zone) == [
        "Mon 30 Nov 09:00 – Mon 07 Dec 09:00: Carol instead of Bob",
        "Mon 14 Dec 09:00 – Mon 21 Dec 09:00: Carol instead of Bob",
    ]
    assert told(found, str.title, after.zone, most=1)[-1] == "and 1 more"


people = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=5)


@settings(max_examples=150, deadline=None)
@given(people, people, st.integers(0, 400))
def test_no_edit_of_the_order_moves_a_handoff_or_takes_a_turn_away(
    old: list[str], new: list[str], hours: int
) -> None:
    edit = TUESDAY + timedelta(hours=hours)
    before = Schedule.parse(written(old))
    after = in_force(
        [Version(at("2026-01-01T00:00"), written(old)), *successors(written(old), written(new), edit)]
    )
    now = who(before, edit)
    if now and new:
        assert who(after, edit) == (now if now[0] in new else who(after, edit))
        assert who(after, edit)[0] in new
    # Whatever changes after the edit changes on a Monday at nine.
    for _, segment in pairwise(final(after, edit, edit + timedelta(weeks=8))):
        assert (segment.start.weekday(), segment.start.hour) == (0, 9)
