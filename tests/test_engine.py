"""The engine on both databases: what is asked for happens, in order where people see one, and once where it can be told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.jobs import PAGES, Order
from bot.db import Database
from bot.engine import (
    ATTEMPTS,
    Context,
    Done,
    Engine,
    EngineBusy,
    GiveUp,
    Handler,
    Line,
    Retry,
    cancel,
    enqueue,
    fire_due,
    postpone,
    retry_job,
)
from bot.models import Job, JobState
from tests.conftest import Clock


@dataclass(frozen=True)
class Ring(Order):
    bell: str
    in_lane: str = ""
    keyed: str = ""
    of: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        return self.keyed or None

    @property
    def lane(self) -> str | None:
        return self.in_lane or None

    @property
    def buckets(self) -> tuple[str, ...]:
        return self.of


@dataclass(frozen=True)
class Alarm(Ring):
    priority: ClassVar[int] = PAGES


@dataclass
class Tower:
    """An engine whose handler writes down what rang; `act` may raise."""

    db: Database
    clock: Clock
    rung: list[str] = field(default_factory=list)
    seen: list[Context] = field(default_factory=list)
    buried: list[str] = field(default_factory=list)
    act: Callable[[Ring, Context], Awaitable[Done | None]] | None = None

    def engine(self, slots: int = 16) -> Engine:
        handlers: dict[type[Order], Handler] = {Ring: self.ring, Alarm: self.ring}
        return Engine(self.db, handlers, clock=self.clock, gave_up=self.gave_up, slots=slots)

    async def ring(self, order: Ring, ctx: Context) -> Done | None:
        self.seen.append(ctx)
        self.rung.append(order.bell)
        return await self.act(order, ctx) if self.act else None

    async def gave_up(self, session: AsyncSession, job: Job, order: Order | None, reason: str) -> None:
        self.buried.append(reason)

    async def ask(self, *orders: Ring, in_: timedelta | None = None) -> None:
        async with self.db.transaction() as session:
            for order in orders:
                await enqueue(session, order, now=self.clock(), at=self.clock() + in_ if in_ else None)

    async def jobs(self) -> list[Job]:
        async with self.db.reading() as session:
            return list((await session.exec(select(Job).order_by(col(Job.id)))).all())


@pytest.fixture
def tower(database: Database, clock: Clock) -> Tower:
    return Tower(database, clock)


async def test_what_is_committed_is_done_once(tower: Tower) -> None:
    await tower.ask(Ring("one"), Ring("two"))
    engine = tower.engine()
    assert await engine.run_due() == 2
    assert sorted(tower.rung) == ["one", "two"]
    assert await engine.run_due() == 0


async def test_what_is_rolled_back_is_never_done(tower: Tower) -> None:
    with pytest.raises(ZeroDivisionError):
        await _asked_and_rolled_back(tower)
    assert await tower.engine().run_due() == 0


async def _asked_and_rolled_back(tower: Tower) -> None:
    async with tower.db.transaction() as session:
        await enqueue(session, Ring("never"), now=tower.clock())
        raise ZeroDivisionError


async def test_a_key_is_asked_for_once(tower: Tower) -> None:
    await tower.ask(Ring("first", keyed="k"))
    await tower.ask(Ring("second", keyed="k"))
    engine = tower.engine()
    await engine.run_due()
    await tower.ask(Ring("after it was done", keyed="k"))
    await engine.run_due()
    assert tower.rung == ["first"]


async def test_a_timer_waits_for_its_time_and_fires_once(tower: Tower) -> None:
    await tower.ask(Ring("later"), in_=timedelta(minutes=5))
    engine = tower.engine()
    tower.clock.forward(minutes=4, seconds=59)
    assert await engine.run_due() == 0
    tower.clock.forward(seconds=2)
    assert await engine.run_due() == 1
    assert await engine.run_due() == 0


async def test_a_timer_can_be_moved_and_taken_back(tower: Tower) -> None:
    await tower.ask(Ring("moved", keyed="m"), Ring("taken back", keyed="t"), in_=timedelta(minutes=5))
    async with tower.db.transaction() as session:
        assert await postpone(session, "m", tower.clock() + timedelta(hours=1))
        assert await cancel(session, "t")
        assert not await cancel(session, "no such key")
    tower.clock.forward(minutes=10)
    assert await tower.engine().run_due() == 0
    tower.clock.forward(hours=1)
    await tower.engine().run_due()
    assert tower.rung == ["moved"]


async def test_a_lane_keeps_its_order_and_waits_for_what_fails(tower: Tower) -> None:
    async def fails_once(order: Ring, ctx: Context) -> Done | None:
        if order.bell == "1" and ctx.attempts == 1:
            raise Retry("not yet", after=timedelta(minutes=1))
        return None

    tower.act = fails_once
    await tower.ask(Ring("1", in_lane="a"), Ring("2", in_lane="a"), Ring("other", in_lane="b"))
    engine = tower.engine()
    await engine.run_due()
    assert tower.rung == ["1", "other"]
    tower.clock.forward(minutes=2)
    await engine.run_due()
    assert tower.rung == ["1", "other", "1", "2"]


async def test_urgent_jobs_go_first(tower: Tower) -> None:
    await tower.ask(*(Ring(f"usual {n}") for n in range(5)), Alarm("alarm"))
    await tower.engine(slots=1).run_due()
    assert tower.rung[0] == "alarm"


async def test_a_throttle_holds_back_only_what_it_names(tower: Tower) -> None:
    async def too_often(order: Ring, ctx: Context) -> Done | None:
        if order.bell == "first" and ctx.attempts == 1 and not held:
            held.append(True)
            raise Retry("slower", after=timedelta(seconds=30), throttle="channel")
        return None

    held: list[bool] = []
    tower.act = too_often
    await tower.ask(Ring("first", of=("channel",)))
    engine = tower.engine()
    await engine.run_due()
    await tower.ask(Ring("held back", of=("channel",)), Ring("elsewhere", of=("another",)), Alarm("a page"))
    await engine.run_due()
    assert tower.rung == ["first", "a page", "elsewhere"] or tower.rung == ["first", "elsewhere", "a page"]
    tower.clock.forward(seconds=31)
    await engine.run_due()
    tower.clock.forward(seconds=4)
    await engine.run_due()
    assert tower.rung[3:] == ["first", "held back"]


async def test_what_waited_for_a_throttle_goes_one_by_one_and_not_all_at_once(tower: Tower) -> None:
    async def too_often(order: Ring, ctx: Context) -> Done | None:
        if len(tower.rung) == 1:
            raise Retry("slower", after=timedelta(seconds=2), throttle="channel")
        return None

    tower.act = too_often
    await tower.ask(Ring("one", of=("channel",)))
    engine = tower.engine()
    await engine.run_due()
    await tower.ask(*(Ring(bell, of=("channel",)) for bell in ("two", "three", "four")), Ring("elsewhere"))
    tower.clock.forward(seconds=2)
    counts = []
    for _ in range(5):
        counts.append(await engine.run_due())
        tower.clock.forward(seconds=1)
    assert counts == [2, 0, 1, 0, 1]
    tower.clock.forward(minutes=1)
    await tower.ask(*(Ring(bell, of=("channel",)) for bell in ("six", "seven")))
    assert await engine.run_due() == 3  # it is forgotten
    # Being told to slow down is no failure.
    assert max(job.attempts for job in await tower.jobs()) == 1


async def test_an_unknown_outcome_makes_the_next_try_uncertain_for_good(tower: Tower) -> None:
    async def vague(order: Ring, ctx: Context) -> Done | None:
        if ctx.attempts == 1:
            raise Retry("no answer", unknown=True, after=timedelta(seconds=1))
        if ctx.attempts == 2:
            raise Retry("refused this time", after=timedelta(seconds=1))
        return None

    tower.act = vague
    await tower.ask(Ring("x"))
    engine = tower.engine()
    for _ in range(3):
        await engine.run_due()
        tower.clock.forward(seconds=2)
    assert [ctx.uncertain for ctx in tower.seen] == [False, True, True]


async def test_giving_up_is_told_and_delays_nothing_else(tower: Tower) -> None:
    async def never(order: Ring, ctx: Context) -> Done | None:
        if order.bell == "bad":
            raise GiveUp("it never will: set `x`")
        return None

    tower.act = never
    await tower.ask(Ring("bad", in_lane="a"), Ring("good", in_lane="a"))
    await tower.engine().run_due()
    assert tower.buried == ["it never will: set `x`"]
    assert [(job.state, job.error) for job in await tower.jobs()] == [
        (JobState.DEAD, "it never will: set `x`"),
        (JobState.DONE, ""),
    ]


async def test_a_given_up_job_can_be_tried_again(tower: Tower) -> None:
    async def mended(order: Ring, ctx: Context) -> Done | None:
        if not repaired:
            raise GiveUp("broken")
        return None

    repaired: list[bool] = []
    tower.act = mended
    await tower.ask(Ring("x"))
    engine = tower.engine()
    await engine.run_due()
    repaired.append(True)
    [job] = await tower.jobs()
    assert job.id is not None
    async with tower.db.transaction() as session:
        assert await retry_job(session, job.id, tower.clock())
        assert not await retry_job(session, job.id + 99, tower.clock())
    await engine.run_due()
    assert [job.state for job in await tower.jobs()] == [JobState.DONE]


async def test_failing_for_long_ends_as_given_up(tower: Tower) -> None:
    async def fails(order: Ring, ctx: Context) -> Done | None:
        raise RuntimeError("a bug")

    tower.act = fails
    await tower.ask(Ring("x"))
    engine = tower.engine()
    for _ in range(ATTEMPTS):
        await engine.run_due()
        tower.clock.forward(minutes=10)
    assert len(tower.rung) == ATTEMPTS
    assert "a bug" in tower.buried[0]
    assert await engine.run_due() == 0


async def test_a_job_of_another_version_is_buried_and_not_lost(tower: Tower) -> None:
    async with tower.db.transaction() as session:
        now = tower.clock()
        session.add(Job(kind="Unheard", run_at=now, created_at=now))
        session.add(Job(kind="Ring", payload={"no": "such field"}, run_at=now, created_at=now))
    await tower.ask(Ring("good"))
    await tower.engine().run_due()
    assert tower.rung == ["good"]
    assert len(tower.buried) == 2


async def test_what_was_learnt_commits_with_done(tower: Tower) -> None:
    async def learns(order: Ring, ctx: Context) -> Done | None:
        async def then(session: AsyncSession) -> None:
            await enqueue(session, Ring("follow-up"), now=tower.clock())

        return Done({"n": 1}, then) if order.bell == "x" else None

    tower.act = learns
    await tower.ask(Ring("x"))
    await tower.engine().run_due()
    assert tower.rung == ["x", "follow-up"]
    assert (await tower.jobs())[0].result == {"n": 1}


async def test_a_failure_in_what_is_learnt_leaves_the_job_to_be_done_again(tower: Tower) -> None:
    async def learns(order: Ring, ctx: Context) -> Done | None:
        async def then(session: AsyncSession) -> None:
            if ctx.attempts == 1:
                raise RuntimeError("lost on the way")

        return Done({}, then)

    tower.act = learns
    await tower.ask(Ring("x"))
    engine = tower.engine()
    await engine.run_due()
    tower.clock.forward(minutes=1)
    await engine.run_due()
    assert [ctx.uncertain for ctx in tower.seen] == [False, True]
    assert [job.state for job in await tower.jobs()] == [JobState.DONE]


async def test_a_lease_that_ran_out_comes_back_uncertain_and_the_first_result_is_ignored(
    tower: Tower,
) -> None:
    await tower.ask(Ring("x"))
    first, second = tower.engine(), tower.engine()
    [job] = await first._claim(1)
    tower.clock.forward(minutes=1)
    assert await second.run_due() == 1
    assert tower.seen[0].uncertain
    assert (await tower.jobs())[0].state is JobState.DONE
    await first._settle(job, Done({"late": True}))
    assert (await tower.jobs())[0].result is None


async def test_a_running_engine_takes_urgent_work_from_the_commit(tower: Tower) -> None:
    engine = tower.engine()
    turning = asyncio.create_task(engine.run())
    try:
        async with asyncio.timeout(5):
            while tower.db.adopt is None:
                await asyncio.sleep(0.01)
            await tower.ask(Alarm("page"), Ring("usual"))
            await engine.idle()
    finally:
        await engine.stop(timedelta(seconds=1))
        await turning
    assert sorted(tower.rung) == ["page", "usual"]
    assert [job.attempts for job in await tower.jobs()] == [1, 1]


async def test_another_process_is_woken_without_polling(tower: Tower, url: str) -> None:
    if not url.startswith("postgres"):
        pytest.skip("SQLite has one process")
    from bot.db import connect

    engine = tower.engine()
    turning = asyncio.create_task(engine.run())
    elsewhere = connect(url)
    try:
        await asyncio.sleep(0.5)
        async with elsewhere.transaction() as session:
            await enqueue(session, Ring("from afar"), now=tower.clock())
        async with asyncio.timeout(2):
            while not tower.rung:
                await asyncio.sleep(0.01)
    finally:
        await engine.stop(timedelta(seconds=1))
        await turning
        await elsewhere.close()


async def test_a_second_engine_on_one_sqlite_file_is_refused(tower: Tower, url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("Postgres takes any number")
    engine = tower.engine()
    turning = asyncio.create_task(engine.run())
    await asyncio.sleep(0.1)
    try:
        with pytest.raises(EngineBusy, match="pid"):
            await tower.engine().run()
    finally:
        await engine.stop(timedelta(seconds=1))
        await turning


async def test_two_engines_on_postgres_share_the_work_and_double_nothing(tower: Tower, url: str) -> None:
    if not url.startswith("postgres"):
        pytest.skip("SQLite has one engine")
    await tower.ask(*(Ring(str(n)) for n in range(100)))
    await asyncio.gather(tower.engine(slots=7).run_due(), tower.engine(slots=7).run_due())
    assert sorted(tower.rung, key=int) == [str(n) for n in range(100)]


def every_hour(minute: str = "30", zone: str = "UTC") -> Line:
    return Line(
        "hourly", f"{minute} * * * *", lambda slot: Ring("slot", keyed=f"hourly:{slot.isoformat()}"), zone
    )


async def fire(tower: Tower, *lines: Line) -> None:
    async with tower.db.transaction() as session:
        await fire_due(session, lines, tower.clock())


async def test_a_line_of_the_clock_fires_each_slot_once_however_many_look(tower: Tower) -> None:
    await fire(tower, every_hour())
    tower.clock.forward(minutes=31)
    for _ in range(3):
        await fire(tower, every_hour())
    assert await tower.engine().run_due() == 1
    tower.clock.forward(hours=1)
    await fire(tower, every_hour())
    assert await tower.engine().run_due() == 1


async def test_slots_missed_while_nobody_ran_are_made_up_for_once(tower: Tower) -> None:
    await fire(tower, every_hour())
    tower.clock.forward(days=3)
    await fire(tower, every_hour())
    await fire(tower, every_hour())
    assert await tower.engine().run_due() == 1


async def test_a_changed_line_begins_with_its_next_slot(tower: Tower) -> None:
    await fire(tower, every_hour("30"))
    tower.clock.forward(minutes=31)
    await fire(tower, every_hour("45"))
    assert await tower.engine().run_due() == 0
    tower.clock.forward(minutes=15)
    await fire(tower, every_hour("45"))
    assert await tower.engine().run_due() == 1


@pytest.mark.parametrize(
    ("spec", "after", "slot"),
    [
        ("0 9 * * 1", "2026-11-24T12:00", "2026-11-30T09:00"),  # 1 is Monday
        ("30 1 * * *", "2026-10-24T12:00", "2026-10-25T00:30"),  # the repeated hour: the first time
        ("30 1 * * *", "2026-10-25T00:31", "2026-10-26T01:30"),  # … and only then
        ("30 1 * * *", "2026-03-28T12:00", "2026-03-29T01:00"),  # the skipped hour
    ],
)
def test_slots_are_wall_clock_times_of_the_zone(spec: str, after: str, slot: str) -> None:
    line = Line("x", spec, lambda moment: Ring("x"), "Europe/London")
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert line.after(moment) == datetime.fromisoformat(slot).replace(tzinfo=UTC)
