"""Who is on call: one pure function, and what follows from it. (Design: ONCALL.md)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Segment:
    start: datetime
    end: datetime
    people: list[str]


@dataclass(frozen=True)
class Rotation:
    start: datetime
    grid: datetime
    length: timedelta
    people: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Override:
    user: str
    start: datetime
    end: datetime
    replaces: str | None = None


@dataclass(frozen=True)
class Schedule:
    tz: ZoneInfo
    layers: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Schedule":
        wrong: list[str] = []
        try:
            tz = ZoneInfo(str(data.get("tz", "UTC")))
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"tz: {data.get('tz')!r} is no IANA zone") from None
        layers = []
        for n, layer in enumerate(data.get("layers", [])):
            try:
                rotation = layer["rotation"]
                start = datetime.fromisoformat(rotation["start"])
                hour, minute = map(int, rotation["handoff"].split(":"))
                grid = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
                kind, length = rotation["kind"], rotation["length"]
                if kind == "weekly":
                    grid -= timedelta(days=(grid.weekday() - DAYS.index(rotation["weekday"])) % 7)
                if grid > start:
                    grid -= timedelta(days=7 if kind == "weekly" else 1)
                turn = {
                    "weekly": timedelta(weeks=1),
                    "daily": timedelta(days=1),
                    "hourly": timedelta(hours=1),
                }[kind] * length
                people = tuple((p,) if isinstance(p, str) else tuple(p) for p in layer["participants"])
                layers.append(Rotation(start, grid, turn, people))
            except (KeyError, ValueError, TypeError) as error:
                wrong.append(f"layers[{n}]: {error!r}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return cls(tz, tuple(layers))

    def with_overrides(self, overrides: Sequence[Override]) -> "Schedule":
        return replace(self, overrides=tuple(overrides))


def _arrival(tz: ZoneInfo, local: datetime) -> datetime:
    moment = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    return moment


def _turn(schedule: Schedule, rotation: Rotation, at: datetime) -> tuple[int, tuple[str, ...]]:
    local = at.astimezone(schedule.tz).replace(tzinfo=None)
    k = (local - rotation.grid) // rotation.length
    while _arrival(schedule.tz, rotation.grid + (k + 1) * rotation.length) <= at:
        k += 1
    while k > 0 and _arrival(schedule.tz, rotation.grid + k * rotation.length) > at:
        k -= 1
    return k, rotation.people[k % len(rotation.people)]


def who(schedule: Schedule, at: datetime) -> list[str]:
    for rotation in reversed(schedule.layers):
        if rotation.people and _arrival(schedule.tz, rotation.start) <= at:
            return list(dict.fromkeys(_turn(schedule, rotation, at)[1]))
    return []


def _edges(schedule: Schedule, at: datetime) -> list[datetime]:
    found = []
    for rotation in schedule.layers:
        begin = _arrival(schedule.tz, rotation.start)
        if begin > at:
            found.append(begin)
        elif rotation.people:
            k, _ = _turn(schedule, rotation, at)
            found.append(_arrival(schedule.tz, rotation.grid + (k + 1) * rotation.length))
    return [edge for edge in found if edge > at]


def next_change(schedule: Schedule, at: datetime) -> tuple[datetime, list[str]] | None:
    now, moment = who(schedule, at), at
    while moment - at < timedelta(days=400):
        edges = _edges(schedule, moment)
        if not edges:
            return None
        moment = min(edges)
        if who(schedule, moment) != now:
            return moment.astimezone(UTC), who(schedule, moment)
    return None


def final(schedule: Schedule, start: datetime, end: datetime) -> list[Segment]:
    found: list[Segment] = []
    moment = start
    while moment < end:
        then = next_change(schedule, moment)
        until = min(then[0], end) if then else end
        found.append(Segment(moment, until, who(schedule, moment)))
        moment = until
    return found


def seconds(schedule: Schedule, start: datetime, end: datetime) -> dict[str, float]:
    found: dict[str, float] = {}
    for segment in final(schedule, start, end):
        for person in segment.people:
            found[person] = found.get(person, 0.0) + (segment.end - segment.start).total_seconds()
    return found
