"""Whatever the file holds, there is a catalog or a sentence: never another error, never a file that doesn't load."""

import copy
import json
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core import Refused
from bot.importing import VENDORS as KNOWN
from bot.importing import read
from tests.importing.exports import VENDORS, documents, loaded

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEYS = (
    *(
        "users",
        "teams",
        "schedules",
        "escalations",
        "services",
        "overrides",
        "on_call_shifts",
        "data",
        "results",
    ),
    *("escalation_chains", "escalation_policies", "id", "name", "username", "timezone", "rotations", "type"),
    *("participants", "rules", "schedule_layers", "members", "shifts", "user", "start", "end", "_parent"),
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text()
    | st.sampled_from(["", "2026-01-05T09:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
    | st.sampled_from(
        ["Europe/London", "user", "weekly", "../etc/passwd", "sev1", 'a"\\\n\x7f\u2028', "\ud800"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=12,
)


def outcome(vendor: str, text: str) -> None:
    try:
        found = read(vendor, text, now=NOW)
    except Refused:
        return
    tables = tomllib.loads(found.toml)
    assert all("\n" not in sentence and len(sentence) < 2000 for sentence in found.left_out)
    if tables.get("team"):
        with tempfile.TemporaryDirectory() as folder:
            assert set(loaded(found.toml, Path(folder)).teams) == {team["id"] for team in tables["team"]}


@settings(max_examples=150, deadline=None)
@given(vendor=st.sampled_from(sorted(KNOWN)), value=VALUES)
def test_any_json(vendor: str, value: Any) -> None:
    outcome(vendor, json.dumps(value))


@settings(max_examples=50, deadline=None)
@given(vendor=st.sampled_from(sorted(KNOWN)), text=st.text())
def test_any_text(vendor: str, text: str) -> None:
    outcome(vendor, text)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


EXPORTS = {name: documents(name) for name in VENDORS}
PLACES = {name: [place for place in places(found) if place] for name, found in EXPORTS.items()}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), name=st.sampled_from(sorted(VENDORS)))
def test_an_export_in_which_something_is_another_value(data: st.DataObject, name: str) -> None:
    export = copy.deepcopy(EXPORTS[name])
    for place in data.draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=5)):
        at: Any = export
        try:
            for key in place[:-1]:
                at = at[key]
            at[place[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        if data.draw(st.booleans()) and isinstance(at, dict):
            del at[place[-1]]
        elif not isinstance(at, str):
            at[place[-1]] = data.draw(VALUES)
    outcome(VENDORS[name][0], "\n".join(json.dumps(document) for document in export))


@pytest.mark.parametrize("vendor", sorted(KNOWN))
@pytest.mark.parametrize("name", sorted(VENDORS))
def test_an_export_of_another_program(vendor: str, name: str) -> None:
    outcome(vendor, "\n".join(json.dumps(document) for document in EXPORTS[name]))
