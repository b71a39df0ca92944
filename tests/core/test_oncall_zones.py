"""Who is on call against a second, plain implementation, around every clock change of every zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.core import oncall
from bot.core.oncall import Schedule, final, next_change, seconds, who
from tests.core import brute_oncall
from tests.core.brute_oncall import Brute, jumps

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MICRO, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
AROUND = (-MICRO, timedelta(), *(number * MINUTE for number in (1, 14, 29, 31, 44, 59)))
ELSEWHERE = ZoneInfo("Australia/Lord_Howe")
WEEK = brute_oncall.WEEKDAYS
Written = dict[str, Any]

CHUNKS = 12
FIRST, LAST = 2024, 2030
NAMED = ("Europe/Dublin", "Africa/Casablanca", "Asia/Gaza", "Africa/Cairo", "America/Santiago", "Asia/Beirut")
"""Looked at in full; of other zones with the same jumps each takes a share."""

OLD = (("Pacific/Apia", 2011), ("Pacific/Kwajalein", 1993), ("America/Sao_Paulo", 2018), ("Asia/Tehran", 2022),
       ("America/Caracas", 2007), ("Asia/Pyongyang", 2018), ("Europe/Moscow", 2014), ("Asia/Kathmandu", 1985),
       ("Pacific/Kiritimati", 1994), ("Europe/Dublin", 1971), ("Africa/Monrovia", 1972),
       ("America/St_Johns", 2010))  # fmt: skip
"""Whole days skipped, midnights skipped and repeated, halves and quarters of an hour, 44 minutes and 30 seconds."""


# ---- what must hold of every schedule -------------------------------------------------------------


def agree(written: Written, start: datetime, end: datetime) -> None:
    """Every answer from `start` to `end` is the plain one, and the answers agree with each other."""
    made, brute = Schedule.parse(written), Brute(written, end + SECOND)
    # In an hour that comes twice the answer must not follow the clock back, so it is asked there too.
    repeated = [jump + ahead for jump in jumps(made.zone, start.year, end.year) for ahead in AROUND]
    for edge in brute.edges(start, end):
        for moment in (edge - SECOND, edge - MICRO, edge, edge + SECOND):
            assert who(made, moment) == brute.who(moment), (written, moment)
    for moment in repeated:
        if start <= moment <= end:
            assert who(made, moment) == brute.who(moment), (written, moment)
    segments = final(made, start, end)
    assert [(s.start, s.end, s.people) for s in segments] == brute.final(start, end), written
    tiled(made, segments, start, end)


def tiled(made: Schedule, segments: list[oncall.Segment], start: datetime, end: datetime) -> None:
    assert segments[0].start == start
    assert segments[-1].end == end
    for one, then in pairwise(segments):
        assert one.end == then.start
        assert one.people != then.people
        assert next_change(made, one.start) == (then.start, then.people)
    if len(segments) > 1:
        assert next_change(made, segments[0].end - MICRO) == (segments[1].start, segments[1].people)
    last = next_change(made, segments[-1].start)
    assert last is None or (last[0] >= end and last[1] != segments[-1].people)
    lengths: dict[str, float] = {}
    for segment in segments:
        assert segment.start < segment.end
        here = segment.start.astimezone(made.zone)
        for moment in (
            segment.start,
            segment.end - MICRO,
            here,  # the zone's own clock, with its fold
            segment.start.astimezone(ELSEWHERE),
        ):
            assert who(made, moment) == segment.people
        for person in segment.people:
            lengths[person] = lengths.get(person, 0.0) + (segment.end - segment.start).total_seconds()
    assert seconds(made, start, end) == pytest.approx(lengths)
    assert final(made, start.astimezone(made.zone), end.astimezone(ELSEWHERE)) == segments


@pytest.mark.parametrize(
    ("kind", "length", "handoff", "start"),
    [
        ("hourly", 6, "09:00", "2026-01-06T08:00"),
        ("hourly", 1, "09:30", "2026-01-06T09:29"),
        ("hourly", 50, "09:00", "2026-01-06T08:00"),
        ("daily", 3, "09:00", "2026-01-06T08:00"),
        ("custom", {"minutes": 45}, "23:59", "2026-01-06T23:58"),
        ("custom", {"days": 2, "hours": 5}, "23:59", "2026-01-06T23:58"),
    ],
)
def test_turn_0_is_the_one_that_contains_the_start(kind: str, length: Any, handoff: str, start: str) -> None:
    rotation = {"kind": kind, "length": length, "handoff": handoff, "start": start}
    layers = [{"rotation": rotation, "participants": ["alice", "bob", "carol", "dan"]}]
    made, begins = Schedule.parse({"tz": "UTC", "layers": layers}), datetime.fromisoformat(f"{start}+00:00")
    assert who(made, begins - MICRO) == []
    assert who(made, begins) == ["alice"]
    found = next_change(made, begins)
    assert found is not None
    assert found[1] == ["bob"]


# ---- every jump of every zone -------------------------------------------------------------------------

ORDER = ["alice", "bob", ["carol", "dan"], "alice", ["bob", "erin"]]
CROWD = [str(number) for number in range(400)]
"""More than turns in the days that are looked at, so that a number says which turn."""

EVERY_DAY = tuple(WEEK)


def readings(zone: ZoneInfo, jump: datetime) -> list[datetime]:
    """Local times before, at, in and after what `jump` skips or repeats."""
    sides = [(jump - MICRO).astimezone(zone) + MICRO, jump.astimezone(zone)]
    low, high = sorted(side.replace(tzinfo=None, fold=0) for side in sides)
    low, high = low.replace(second=0), high.replace(second=0)
    middle = (low + (high - low) / 2).replace(second=0)
    steps = [-30 * MINUTE, -MINUTE, timedelta(), MINUTE]
    return [*(low + step for step in steps), middle, *(high - step for step in reversed(steps))]


def rotations(local: datetime) -> list[Written]:
    """One of each kind that hands over when the clock reads `local`; starts lie at a handoff, after it, and there."""
    handoff = local.strftime("%H:%M")

    def made(kind: str, length: Any, back: timedelta, late: timedelta = timedelta(), **more: Any) -> Written:
        start = (local - back + late).isoformat()
        return {"kind": kind, "length": length, "handoff": handoff, "start": start, **more}

    weekday, month_ago = WEEK[local.weekday()], local.replace(day=1) - DAY
    return [
        made("hourly", 1, 2 * DAY),
        made("hourly", 5, 2 * DAY, -10 * MINUTE),
        made("hourly", 12, timedelta()),
        made("daily", 1, 9 * DAY, 7 * HOUR),
        made("daily", 2, 40 * DAY),
        made("daily", 1, timedelta(), 20 * MINUTE),
        made("weekly", 1, 21 * DAY, 3 * DAY, weekday=weekday),
        made("weekly", 2, 28 * DAY, weekday=weekday),
        made("monthly", 1, local - month_ago, monthday=local.day),
        made("monthly", 2, timedelta(), HOUR, monthday=31),
        made("custom", {"minutes": 20}, DAY, 130 * MINUTE),
        made("custom", {"days": 1, "hours": 12, "minutes": 0}, 6 * DAY, 3 * HOUR),
    ]


def restrictions(times: list[datetime]) -> list[list[Written]]:
    """Windows that open or close in what the clock skips or repeats, over midnight, whole days, and two at once."""

    def window(start: datetime | str, end: datetime | str, days: tuple[str, ...] = EVERY_DAY) -> Written:
        ends = [at if isinstance(at, str) else at.strftime("%H:%M") for at in (start, end)]
        return {"days": list(days), "from": ends[0], "to": ends[1]}

    before, _, low, _, middle, barely, high, after, late = times
    day, eve = (WEEK[middle.weekday()],), (WEEK[(middle - DAY).weekday()],)
    return [
        [window(before, middle)],
        [window(middle, after, day)],
        [window(low, high)],
        [window(high, low)],
        [window(barely, "09:00")],
        [window(middle, middle, eve)],
        [window(middle, late, day), window("22:00", middle, eve)],
        [window("22:00", "06:00", eve), window(middle, "09:00", day), window("05:00", low, day)],
    ]


CASES = 9 * 12


def case(zone: str, jump: datetime, number: int) -> Written:
    """One of the schedules that have something to do at `jump`: each reading with each kind of rotation."""
    times = readings(ZoneInfo(zone), jump)
    place, kind = divmod(number, 12)
    layers: list[Written] = [{"rotation": rotations(times[place])[kind], "participants": ORDER}]
    if kind % 3:
        hidden = restrictions(times)
        layers[0]["restrictions"] = hidden[number % len(hidden)]
    if kind % 4 == 1:
        below = rotations(times[-1 - place])[(kind + 5) % 12]
        layers.insert(0, {"rotation": below, "participants": ["frank", "grace"]})
    return {"tz": zone, "layers": layers}


def near(written: Written, jump: datetime) -> tuple[datetime, datetime]:
    """What to look at: a good day to each side, or some hours where people change by the hour."""
    lengths = [layer["rotation"]["length"] for layer in written["layers"]]
    kinds = [layer["rotation"]["kind"] for layer in written["layers"]]
    dense = {"minutes": 20} in lengths or ("hourly", 1) in zip(kinds, lengths, strict=True)
    wide = 5 * HOUR if dense else 27 * HOUR
    return jump - wide, jump + wide


@lru_cache(maxsize=1)
def changing() -> dict[str, list[datetime]]:
    """The zones that change their clock in these years, with their jumps; those named before stand first."""
    names = sorted(available_timezones(), key=lambda name: (name not in NAMED, name))
    days = [
        datetime(FIRST, 1, 1, tzinfo=UTC) + number * DAY for number in range(0, (LAST + 1 - FIRST) * 366, 7)
    ]
    found: dict[str, list[datetime]] = {}
    for name in names:
        zone = ZoneInfo(name)
        if len({day.astimezone(zone).utcoffset() for day in days}) > 1:
            found[name] = jumps(zone, FIRST, LAST)
    return found


def work() -> Iterator[tuple[str, datetime, int]]:
    """Zone, jump and case: of each clock every case at some jump forward and some back, of each zone every jump."""
    clocks: dict[tuple[Any, ...], int] = {}
    for name, moments in changing().items():
        like = (*moments, *(moment.astimezone(ZoneInfo(name)).utcoffset() for moment in moments))
        zones_before = clocks[like] = clocks.get(like, -1) + 1
        years = max(1, len(moments) // 2)
        for place, jump in enumerate(moments):
            if zones_before:  # one more zone with a clock already met
                yield name, jump, (zones_before * len(moments) + place) % CASES
            else:
                yield from ((name, jump, number) for number in range(place // 2 % years, CASES, years))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_answer_is_the_plain_one_around_every_jump_of_every_zone(chunk: int) -> None:
    for zone, jump, number in islice(work(), chunk, None, CHUNKS):
        written = case(zone, jump, number)
        agree(written, *near(written, jump))


@pytest.mark.parametrize(("zone", "year"), OLD)
def test_clocks_that_once_jumped_oddly_change_nothing_of_that(zone: str, year: int) -> None:
    for jump in jumps(ZoneInfo(zone), year, year):
        for number in range(CASES):
            written = case(zone, jump, number)
            agree(written, *near(written, jump))


def test_the_zones_that_jump_were_found() -> None:
    found = changing()
    assert len(found) > 150
    assert {
        "Europe/Dublin",
        "Africa/Casablanca",
        "Antarctica/Troll",
        "Asia/Gaza",
        "America/Santiago",
    } <= found.keys()
    assert max(map(len, found.values())) >= 2 * (LAST + 1 - FIRST)


def onward(zone: str, jump: datetime, number: int) -> None:
    """Without restrictions nobody comes back, nobody is missing and no two are on call, whatever the clock does."""
    place, kind = divmod(number, 12)
    rotation = rotations(readings(ZoneInfo(zone), jump)[place])[kind]
    layer = {"rotation": rotation, "participants": CROWD}
    segments = final(Schedule.parse({"tz": zone, "layers": [layer]}), jump - 2 * DAY, jump + 2 * DAY)
    if not segments[0].people:
        del segments[0]  # not started
    turns = [int(person) for segment in segments for person in segment.people]
    assert len(turns) == len(segments), (zone, rotation)
    assert all((then - one) % len(CROWD) < 200 for one, then in pairwise(turns)), (zone, rotation)


def test_nobody_comes_back_and_nobody_is_missing_across_any_jump() -> None:
    for count, (zone, moments) in enumerate(changing().items()):
        for place, jump in enumerate(moments):
            onward(zone, jump, (count * len(moments) + place) % CASES)
    for zone, year in OLD:
        for jump in jumps(ZoneInfo(zone), year, year):
            for number in range(CASES):
                onward(zone, jump, number)
