"""Reports and the digest on a large company: 100,000 incidents, 3 million timeline lines, 200,000 action items.

On SQLite; with the word `postgres`, there. The company plays two years; what is timed is the whole answer, from the
question to its text, and how it grows with the span; the aim is for the usual twelve weeks. `keep FILE` keeps
the SQLite database. The processor's time stands beside: it does not grow with what else the machine has to do.
"""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.start import postgres
from bench.year import Size, play
from bot.__main__ import collect_rarely
from bot.config import load
from bot.core.digests import week_of
from bot.core.reports import written
from bot.db import connect
from bot.flows import World, digests, reports

LARGE = Size(teams=120, services=400, people=600, weeks=104, a_week=2700.0, lines=30, most=110_000)
END = datetime(2026, 11, 23, 9, tzinfo=UTC)
RUNS = 3
AIM = 1.0
LINEAR = 1.2
"""What an incident may take in a long span, beside one in a span half as long."""

USUAL = 12
SPANS = (4, USUAL, 26, 52, 104)


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, float, float]:
    """The median and the slowest of RUNS, after one that warms, and the median of our own processor's time."""
    await work()
    took, busy = [], []
    for _ in range(RUNS):
        began, before = time.perf_counter(), time.process_time()
        await work()
        took.append(time.perf_counter() - began)
        busy.append(time.process_time() - before)
    return sorted(took)[RUNS // 2], max(took), sorted(busy)[RUNS // 2]


def row(what: str, found: tuple[float, float, float], aim: float | None = AIM) -> None:
    median, slowest, busy = found
    verdict = "" if aim is None else "met" if slowest < aim else "MISSED"
    print(
        f"{what:<44} {median:>7.3f} s  {slowest:>7.3f} s  {busy:>7.3f} s   {f'< {aim:g} s' if aim else '':<8} {verdict}",
        flush=True,
    )


async def measure(url: str, config: str, folder: Path) -> None:
    path = folder / "config.toml"
    path.write_text(config)
    live = load({"WRITEBACK_CONFIG": str(path), "DATABASE_URL": url}, folder)
    world = World(connect(url), live, lambda: END)

    seen: dict[int, int] = {}

    async def told(team: str, weeks: int) -> None:
        found = await reports.report(world, team, weeks)
        seen[weeks] = found.incidents
        written.as_text(found)

    async def digest() -> None:
        week = week_of(END - timedelta(weeks=1))
        assert await digests.digest(world, week, "") is not None

    gc.collect()
    gc.freeze()  # as the bot does once it has started
    collect_rarely()
    print(f"{'what':<44} {'median':>9}  {'slowest':>9}  {'processor':>9}   aim")
    row("the digest of a week", await timed(digest))
    for team in ("payments", ""):
        times = {}
        for weeks in SPANS:
            times[weeks] = await timed(lambda team=team, weeks=weeks: told(team, weeks))  # type: ignore[misc]
            row(
                f"the report of {team or 'all teams'}, {weeks} weeks",
                times[weeks],
                AIM if weeks <= USUAL else None,
            )
        growth, more = times[104][2] / times[52][2], seen[104] / seen[52]
        linear = "met" if growth < more * LINEAR else "MISSED"
        print(
            f"  twice the span has {more:.2f} times the incidents and takes {growth:.2f} times the processor's time; "
            f"aim < {more * LINEAR:.2f} {linear}",
            flush=True,
        )
    await world.db.close()


def main() -> None:
    words = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory() as scratch,
        postgres() if "postgres" in words else nullcontext("") as served,
    ):
        kept = Path(words[words.index("keep") + 1]) if "keep" in words else Path(scratch, "large.db")
        url = served or f"sqlite:///{kept}"
        began = time.perf_counter()
        year, count = play(url, LARGE, seed=1, end=END)
        print(
            f"played in {time.perf_counter() - began:.0f} s: "
            + ", ".join(f"{n} {t}" for t, n in count.items())
        )
        asyncio.run(measure(url, year.config(), Path(scratch)))


if __name__ == "__main__":
    main()
