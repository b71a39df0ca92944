"""An imported schedule has on call whom the old program says, across changes of the clock."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.core.oncall import Schedule, who
from tests.importing.exports import VENDORS, documents, imported, joined, loaded, on_call, shifts


def rendered(schedule: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str, str | None]]:
    entries = schedule["final_schedule"]["rendered_schedule_entries"]
    return [(e["start"], e["end"], names[e["user"]["id"]] if e["user"] else None) for e in entries]


PAGERDUTY = {
    "PAL1CE0": "alice",
    "PB0B000": "bob",
    "PCAR0L0": "carol",
    "PDAN000": "dan",
    "PEVE000": "eve",
    "PFIN000": "finn",
    "PGUS000": "gus",
}


@pytest.mark.parametrize(("schedule", "team"), [(0, "payments"), (1, "payments-secondary")])
def test_pagerduty_final_schedule(schedule: int, team: str, tmp_path: Path) -> None:
    catalog = loaded(imported("pagerduty_payments").toml, tmp_path)
    export = documents("pagerduty_payments")[0]["schedules"][schedule]["schedule"]
    expected = shifts(rendered(export, PAGERDUTY))
    assert len(expected) >= 4
    assert on_call(catalog, [team], expected[0][0], expected[-1][1]) == expected


def test_pagerduty_final_schedule_with_gaps_and_a_layer_that_begins_in_the_middle_of_a_turn(
    tmp_path: Path,
) -> None:
    catalog = loaded(imported("pagerduty_pages").toml, tmp_path)
    export = next(d["schedule"] for d in documents("pagerduty_pages") if "schedule" in d)
    expected = shifts(rendered(export, PAGERDUTY))
    assert len(expected) == 6
    assert on_call(catalog, ["search"], expected[0][0], expected[-1][1]) == expected


def periods(timeline: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [
        (period["startDate"], period["endDate"], period["recipient"]["name"].partition("@")[0])
        for rotation in timeline["finalTimeline"]["rotations"]
        for period in rotation["periods"]
    ]


def test_opsgenie_timeline(tmp_path: Path) -> None:
    catalog = loaded(imported("opsgenie_berlin").toml, tmp_path)
    expected = shifts(periods(documents("opsgenie_berlin")[0]["timeline"]["data"]))
    assert len(expected) == 4
    assert on_call(catalog, ["search"], expected[0][0], expected[-1][1]) == expected


def test_opsgenie_timeline_of_rotations_that_are_on_call_together(tmp_path: Path) -> None:
    catalog = loaded(imported("opsgenie_answers").toml, tmp_path)
    answers = documents("opsgenie_answers")[0]
    timeline = next(a["data"] for a in answers if "finalTimeline" in a["data"])
    expected = shifts(periods(timeline))
    assert [sorted(people) for _, _, people in expected] == [
        ["alice", "dan"],
        ["alice", "carol"],
        ["bob", "dan", "erin"],
    ]
    both = ["platform", "platform_schedule-shadow"]
    assert on_call(catalog, both, expected[0][0], expected[-1][1]) == expected
    # Both are paged by one step, as the one schedule was.
    assert catalog.teams["platform"].escalation[0].targets == ("oncall", f"team:{both[1]}")


@pytest.mark.parametrize(("name", "team"), [("grafana_web", "checkout"), ("grafana_calendar", "data-pages")])
def test_grafana_final_shifts(name: str, team: str, tmp_path: Path) -> None:
    catalog = loaded(imported(name).toml, tmp_path)
    document = documents(name)[0]
    answer = document["final_shifts"] if isinstance(document, dict) else document[-1]
    rows = [(row["shift_start"], row["shift_end"], row["user_username"]) for row in answer["results"]]
    expected = shifts(rows)
    assert len(expected) >= 5
    assert on_call(catalog, [team], expected[0][0], expected[-1][1]) == expected


def test_the_wrong_person_would_be_noticed(tmp_path: Path) -> None:
    """The comparison itself: another order of the same people is another answer."""
    toml = imported("opsgenie_berlin").toml
    other = toml.replace('["dana", "erin"]', '["erin", "dana"]')
    assert other != toml
    expected = shifts(periods(documents("opsgenie_berlin")[0]["timeline"]["data"]))
    changed = on_call(loaded(other, tmp_path), ["search"], expected[0][0], expected[-1][1])
    assert changed != expected
    assert joined([(b, e, frozenset()) for b, e, _ in changed]) != expected


@pytest.mark.parametrize("name", VENDORS)
def test_what_is_printed_loads(name: str, tmp_path: Path) -> None:
    found = imported(name)
    catalog = loaded(found.toml, tmp_path)
    assert catalog.teams
    assert found.left_out
    for sentence in found.left_out:
        assert f"# - {sentence}\n" in found.toml
    for team in catalog.teams.values():
        assert team.fallback in catalog.people


def test_what_is_printed_can_be_the_configuration_itself(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(imported("pagerduty_payments").toml)
    assert set(load({}, tmp_path).config.catalog.teams) == {"payments", "payments-secondary"}


def test_who_at_one_instant(tmp_path: Path) -> None:
    catalog = loaded(imported("pagerduty_payments").toml, tmp_path)
    schedule = Schedule.parse(json.loads(catalog.teams["payments"].schedule))
    # The Sunday on which New York's clock goes back: bob's week, whatever the clock reads.
    for hour in (4, 5, 6, 7):
        assert who(schedule, datetime(2026, 11, 1, hour, 30, tzinfo=UTC)) == ["bob"]
