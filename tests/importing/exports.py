"""The exports beside this file, what they become, and who they themselves say is on call."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.config import load
from bot.core.oncall import Schedule, final
from bot.importing import Imported, read
from bot.models import Catalog

HERE = Path(__file__).parent
VENDORS = {
    "pagerduty_payments": ("pagerduty", "2026-10-20"),
    "pagerduty_pages": ("pagerduty", "2026-03-20"),
    "opsgenie_berlin": ("opsgenie", "2026-10-20"),
    "opsgenie_answers": ("opsgenie", "2026-03-01"),
    "grafana_web": ("grafana-oncall", "2026-10-20"),
    "grafana_calendar": ("grafana-oncall", "2026-03-20"),
}
"""Each export with its vendor and the day on which it was made."""

Entry = tuple[datetime, datetime, frozenset[str]]


def text_of(name: str) -> str:
    return (HERE / f"{name}.json").read_text()


def imported(name: str) -> Imported:
    vendor, day = VENDORS[name]
    return read(vendor, text_of(name), now=datetime.fromisoformat(day).replace(tzinfo=UTC))


def loaded(toml: str, folder: Path) -> Catalog:
    """The catalog that the program makes of an imported file."""
    (folder / "catalog.toml").write_text(toml, encoding="utf-8")
    (folder / "config.toml").write_text('catalog = ["catalog.toml"]\n')
    return load({}, folder).config.catalog


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def shifts(entries: Iterable[tuple[str, str, str | None]]) -> list[Entry]:
    """Shifts (start, end, person or nobody) as adjoining spans, with everybody who is on call in each."""
    given = [(instant(start), instant(end), person) for start, end, person in entries]
    edges = sorted({edge for start, end, _ in given for edge in (start, end)})
    spans = [
        (begin, end, frozenset(who for start, stop, who in given if who and start <= begin < stop))
        for begin, end in pairwise(edges)
    ]
    return joined(spans)


def joined(spans: Sequence[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for begin, end, people in spans:
        if found and found[-1][2] == people:
            found[-1] = (found[-1][0], end, people)
        else:
            found.append((begin, end, people))
    return found


def on_call(catalog: Catalog, teams: Sequence[str], start: datetime, end: datetime) -> list[Entry]:
    """Who is on call in any of the teams."""
    segments = [
        segment
        for team in teams
        for segment in final(Schedule.parse(json.loads(catalog.teams[team].schedule)), start, end)
    ]
    edges = sorted({edge for segment in segments for edge in (segment.start, segment.end)})
    spans = [
        (begin, stop, frozenset(who for s in segments if s.start <= begin < s.end for who in s.people))
        for begin, stop in pairwise(edges)
    ]
    return joined(spans)


def documents(name: str) -> list[Any]:
    """The JSON documents of a file, one after another."""
    text, found, at = text_of(name).strip(), [], 0
    while at < len(text):
        document, at = json.JSONDecoder().raw_decode(text, at)
        found.append(document)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found
