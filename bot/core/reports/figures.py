"""What a report is made of: tables and charts that say how they were computed and from how many."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

SMALL = 5
"""From fewer than this a figure says little about what is usual, and says so."""

TENTH = 10
"""Of fewer than this the ninth decile is the largest."""

SHOWN = 15
"""Rows of a table that could go on: the rest is counted."""

KEY = re.compile(r"\b[A-Z][A-Z0-9_]*-\d+\b")
"""Of an incident or an issue, among other words."""

Cell = str | int | float | None
"""None: nobody recorded it."""


class Unit(StrEnum):
    """How a number reads. A `TIME` is in seconds, a `SHARE` from 0 to 1."""

    WORDS = ""
    COUNT = "count"
    TIME = "seconds"
    HOURS = "hours"
    SHARE = "share"
    WEEKLY = "per week"


@dataclass(frozen=True)
class Column:
    id: str
    label: str
    unit: Unit = Unit.COUNT

    def reads(self, cell: Cell) -> str:
        """A cell as people read it."""
        if cell is None:
            return "–"
        if isinstance(cell, str):
            return cell
        match self.unit:
            case Unit.TIME:
                return length(timedelta(seconds=cell))
            case Unit.HOURS:
                return "< 0.1 h" if 0 < cell < 0.05 else f"{cell:.1f} h"
            case Unit.SHARE:
                if 0 < cell < 0.0005:
                    return "< 0.1%"
                return f"{cell:.0%}" if cell >= 0.1 or not cell else f"{cell:.1%}"
            case Unit.WEEKLY:
                return f"{cell:.2f}"
            case _:
                return f"{cell:g}"


@dataclass(frozen=True)
class Chart:
    """`kind` is bar or line; each series has a value for every label, None where nothing is known."""

    kind: str
    title: str
    labels: tuple[str, ...]
    series: Mapping[str, tuple[float | None, ...]] = field(hash=False)
    y: str
    x: str = "week from"

    @property
    def has_values(self) -> bool:
        return any(value for values in self.series.values() for value in values)


@dataclass(frozen=True)
class Part:
    """One table. `how` says how it is computed; `known` of `of` `things` had what it needs, the others lack it (`why`)."""

    id: str
    title: str
    how: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    known: int
    of: int
    things: str = "incidents"
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    why: str = "of the others nobody recorded it"

    @property
    def basis(self) -> str:
        """From how many, in words."""
        if not self.of:
            return f"From no {many(1, self.things).removeprefix('1 ')} yet."
        if not self.known:
            why = self.why.removeprefix("of the others ").replace("the others are", "they are")
            return f"From none of {many(self.of, self.things)} yet: {why}."
        if self.known == self.of:
            said = f"From {many(self.of, self.things)}"
        else:
            said = f"From {self.known} of {many(self.of, self.things)}; {self.why}"
        return said + (": a small number, so take it as single cases." if self.known < SMALL else ".")

    @property
    def is_small(self) -> bool:
        return self.known < SMALL


@dataclass(frozen=True)
class Report:
    """`team` is "" for all of them. `summary`: the few sentences that stand for the whole.

    `links` are where the incidents and issues are to be read that it names by their keys, as far as that is known.
    """

    team: str
    name: str
    start: datetime
    end: datetime
    weeks: int
    incidents: int
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    links: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return f"{self.name}, {many(self.weeks, 'weeks')} to {self.end:%Y-%m-%d}"

    def part(self, named: str) -> Part | None:
        return next((part for part in self.parts if part.id == named), None)


@dataclass(frozen=True)
class Spread:
    """The usual and the bad: what half, and nine in ten, did not exceed."""

    n: int
    median: float
    p90: float


def spread(values: Iterable[float]) -> Spread | None:
    """None without any. The ninth decile is the smallest value that nine in ten do not exceed (nearest rank)."""
    found = sorted(values)
    if not found:
        return None
    return Spread(len(found), median(found), found[math.ceil(0.9 * len(found)) - 1])


_ONE = {"people": "person", "categories": "category"}


def share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def many(count: int, things: str) -> str:
    """`1 incident`, `3 incidents`, `1 item done`; `things` is the plural."""
    if count != 1:
        return f"{count} {things}"
    words = things.split()
    at = next((n for n, word in enumerate(words) if word in _ONE or word.endswith("s")), len(words) - 1)
    words[at] = _ONE.get(words[at]) or words[at].removesuffix("s")
    return f"1 {' '.join(words)}"


def often(count: int) -> str:
    """`once`, `3 times`."""
    return "once" if count == 1 else f"{count} times"


def of_few(counts: Iterable[Cell]) -> tuple[str, ...]:
    """What to say beside medians and ninth deciles of which some are of so many only."""
    found = [int(count) for count in counts if count]
    slowest = f"the p90 of fewer than {TENTH} is simply the slowest."
    if any(count < SMALL for count in found):
        return (f"What is of fewer than {SMALL} shows single cases, not what is usual; {slowest}",)
    return (slowest[0].upper() + slowest[1:],) if any(count < TENTH for count in found) else ()


def person_hours(hours: float) -> str:
    """`12 person-hours`, `0.3 person-hours`."""
    return f"{hours:.0f} person-hours" if hours >= 9.95 else f"{hours:.1f} person-hours"


def length(time: timedelta) -> str:
    """`45 s`, `1 min 50 s`, `24 min`, `3 h 20 min`, `12 days`: two units at most."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 600:
        return f"{seconds // 60} min" + (f" {seconds % 60} s" if seconds % 60 else "")
    hours, minutes = divmod(seconds // 60, 60)  # whole minutes that have passed, as a postmortem says it
    if hours < 48:
        return " ".join(
            filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""])
        )
    return f"{round(hours / 24)} days"


def said(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    return [column.reads(cell) for column, cell in zip(columns, row, strict=True)]


TIME = (Column("n", "n"), Column("median", "median", Unit.TIME), Column("p90", "p90", Unit.TIME))


def time_of(values: Iterable[float]) -> tuple[Cell, Cell, Cell]:
    """How many, the median and the ninth decile: cells for the columns TIME."""
    found = spread(values)
    return (found.n, found.median, found.p90) if found else (0, None, None)
