"""GETS IT DONE. The Job table is outbox and timer: enqueue, claim, run, retry, reconcile. Knows nothing of incidents.

A job runs at least once. One that was started and has no result may have happened: the next claim says so
(`Context.uncertain`), and its handler looks before it acts again.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, literal_column, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.core.jobs import PAGES, Order
from bot.db import CHANNEL, Database, DatabaseUnavailable, insert, wakes
from bot.models import Cron, Job, JobState, Throttle

log = logging.getLogger(__name__)

LEASE, PAGE_LEASE = timedelta(seconds=30), timedelta(seconds=15)
"""More than twice a call's time limit: a call must not be repeated while it still runs."""

CALL = 5.0
"""Seconds that one outside call may take; a job with less of its lease left does not start it."""

POLL = 5.0
"""Seconds between looks at the table when nothing wakes us: a safety net, not the way jobs are found."""

ATTEMPTS = 12
"""Failed tries until a job is given up. Pages go on for PAGE_ATTEMPTS, since a step without a page is silence."""
PAGE_ATTEMPTS = 240

EASING, WIDEST = timedelta(seconds=30), timedelta(seconds=3)
"""So long after a refusal, what was throttled goes one call at a time, as far apart as was asked, WIDEST at most.

All that waited at once would be refused but for one, again and again.
"""

LONGEST, LONGEST_PAGE = timedelta(minutes=5), timedelta(seconds=15)

READY: ColumnElement[Any] = literal_column("'ready'")
# A literal and not a parameter: the partial indexes serve prepared statements too.


class Retry(Exception):
    """Trying again can help. `after`: not before then; None backs off with jitter. `unknown`: it may have happened.

    `throttle` names what nobody may do before `after`: Slack said so for all of it, and it counts as no attempt.
    """

    def __init__(
        self, why: str, after: timedelta | None = None, unknown: bool = False, throttle: str | None = None
    ) -> None:
        super().__init__(why)
        self.after = after
        self.unknown = unknown
        self.throttle = throttle


class GiveUp(Exception):
    """It never will work: what failed, on what, and how to fix it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Done:
    """`then` writes what the effect taught us, in the same transaction as “done”."""

    result: Mapping[str, Any] | None = None
    then: Callable[[AsyncSession], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Context:
    """What a handler may know of its job. `deadline` is monotonic: the lease ends then."""

    job_id: int
    key: str | None
    attempts: int
    uncertain: bool
    created_at: datetime
    claimed_at: datetime
    deadline: float

    def must_have_time(self) -> None:
        """Raises Retry when too little of the lease is left for one call: a process that slept must not send late."""
        if time.monotonic() > self.deadline - CALL:
            raise Retry("the lease is nearly over")


Handler = Callable[[Any, Context], Awaitable[Done | None]]
GaveUp = Callable[[AsyncSession, Job, Order | None, str], Awaitable[None]]


class EngineBusy(Exception):
    """Another process turns the engine on this SQLite database."""


# ---- asking ----------------------------------------------------------------------------------


async def enqueue(
    session: AsyncSession, order: Order, *, now: datetime, at: datetime | None = None
) -> int | None:
    """Ask for `order` in the session's transaction; the commit wakes the engine. None: its key was asked for before."""
    return next(iter(await enqueue_all(session, [(order, at)], now=now)), None)


async def enqueue_all(
    session: AsyncSession, orders: Sequence[tuple[Order, datetime | None]], *, now: datetime
) -> list[int]:
    """Ask for each order, at its time or now, in one statement; the ids of those whose key was not asked for before."""
    if not orders:
        return []
    rows = {row["token"]: row for row in (_row(session, order, now, at) for order, at in orders)}
    link = await session.connection()
    made = (await link.execute(_asking(link.dialect.name), list(rows.values()))).all()
    if made:
        wakes(session)
    adopted = [Job(**rows[token] | {"id": number}) for number, token in made if rows[token]["leased_until"]]
    if adopted:
        session.info.setdefault("adopted", []).extend(adopted)
    return [int(number) for number, _ in made]


@lru_cache(maxsize=2)
def _asking(dialect: str) -> Any:
    jobs = Job.__table__  # type: ignore[attr-defined]  # a table model has one
    return insert(dialect, jobs).on_conflict_do_nothing().returning(jobs.c.id, jobs.c.token)


def _row(session: AsyncSession, order: Order, now: datetime, at: datetime | None) -> dict[str, Any]:
    # An urgent one is leased to the engine of this process in the very commit that asks for it: no claim, no wait.
    adopts = bool(session.info.get("adopts")) and order.priority == PAGES and at is None and not order.buckets
    return {
        "kind": order.kind,
        "payload": order.payload(),
        "key": order.key,
        "lane": order.lane,
        "buckets": list(order.buckets),
        "priority": order.priority,
        "state": JobState.READY,
        "run_at": at or now,
        "created_at": now,
        "attempts": int(adopts),
        "inflight": adopts,
        "uncertain": False,
        "error": "",
        "leased_until": now + PAGE_LEASE if adopts else None,
        "token": uuid.uuid4().hex,
    }


async def postpone(session: AsyncSession, key: str, until: datetime) -> bool:
    """Move a job that waits to `until`, earlier or later. False when it runs, is done, or was never asked for."""
    return await _while_waiting(session, key, run_at=until)


async def cancel(session: AsyncSession, key: str) -> bool:
    """Take back a job that waits. False when it runs, is done, or was never asked for."""
    return await _while_waiting(session, key, state=JobState.DONE, error="taken back")


async def forget(session: AsyncSession, keys: Sequence[str]) -> None:
    """Let what was done under `keys` be asked for again; what still waits keeps its key and is done as the rows say."""
    over = update(Job).where(col(Job.key).in_(keys), col(Job.state) != READY)
    await session.exec(over.values(key=None))


async def _while_waiting(session: AsyncSession, key: str, **values: Any) -> bool:
    change = update(Job).where(col(Job.key) == key, col(Job.state) == READY, col(Job.inflight).is_(False))
    done = await session.exec(change.values(**values))
    wakes(session)
    return bool(done.rowcount)


async def jobs_waiting_or_dead(session: AsyncSession) -> Sequence[Job]:
    """What is not done, given-up jobs first."""
    rows = (
        select(Job).where(Job.state != JobState.DONE).order_by(col(Job.state), col(Job.run_at), col(Job.id))
    )
    return (await session.exec(rows)).all()


async def retry_job(session: AsyncSession, job_id: int, now: datetime) -> bool:
    """Try a given-up job once more, from the beginning of its patience. False when it is not given up."""
    change = update(Job).where(col(Job.id) == job_id, col(Job.state) == JobState.DEAD)
    done = await session.exec(
        change.values(state=JobState.READY, run_at=now, attempts=0, leased_until=None, done_at=None)
    )
    wakes(session)
    return bool(done.rowcount)


# ---- what recurs -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the clock: `spec` as in crontab, read in `zone`. `order` makes the job of one slot, given its time.

    The order must have a key that names the slot: any number of processes may fire a line, one job comes of it.
    """

    name: str
    spec: str
    order: Callable[[datetime], Order]
    zone: str = "UTC"

    def after(self, moment: datetime) -> datetime:
        """The next slot: skipped local times fire at the jump, repeated ones once. APScheduler's own parser does neither."""
        from cronsim import CronSim

        found: datetime = next(CronSim(self.spec, moment.astimezone(ZoneInfo(self.zone))))
        return found.astimezone(UTC)


async def fire_due(session: AsyncSession, lines: Sequence[Line], now: datetime) -> int:
    """Ask for the job of every line that is due; slots missed while nobody ran are made up for once. How many fired.

    A line that is new, or whose spec has changed, begins with its next slot.
    """
    fired = 0
    for line in sorted(lines, key=lambda line: line.name):
        claim = select(Cron).where(Cron.name == line.name).with_for_update()
        row = (await session.exec(claim)).first()
        if row is None:
            first = {"name": line.name, "spec": line.spec, "zone": line.zone, "next_at": line.after(now)}
            made = insert(session.get_bind().dialect.name, Cron).values(**first).on_conflict_do_nothing()
            await session.exec(made)
            continue
        if (row.spec, row.zone) != (line.spec, line.zone):
            row.spec, row.zone, row.next_at = line.spec, line.zone, line.after(now)
        elif row.next_at <= now:
            await enqueue(session, line.order(row.next_at), now=now)
            row.next_at = line.after(max(row.next_at, now))
            fired += 1
        session.add(row)
    return fired


# ---- doing -----------------------------------------------------------------------------------


def _due(job: Any, now: datetime) -> list[ColumnElement[bool]]:
    """That its time has come, and that in its lane none is before it."""
    earlier = aliased(Job)
    before = (
        select(earlier.id)
        .where(col(earlier.lane) == job.lane, col(earlier.id) < job.id, col(earlier.state) == READY)
        .exists()
    )
    return [job.state == READY, job.run_at <= now, job.lane.is_(None) | ~before]


class Engine:
    """Claims jobs that are due, runs at most `slots` at once, and settles each in one transaction."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[type[Order], Handler],
        *,
        clock: Callable[[], datetime],
        gave_up: GaveUp,
        slots: int = 16,
    ) -> None:
        self.db = db
        self.clock = clock
        self._handlers = {cls.__name__: (cls, handler) for cls, handler in handlers.items()}
        self._gave_up = gave_up
        self._slots = slots
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._last_turn = time.monotonic()
        self._lock: int | None = None
        self.turns = asyncio.Event()
        """Set once the loop has begun."""
        db.on_wake(self.wake)

    def wake(self) -> None:
        """Look at the table now."""
        self._wake.set()

    @property
    def healthy(self) -> bool:
        """Whether the loop has turned lately."""
        return not self._stopping and time.monotonic() - self._last_turn < 3 * POLL

    async def run(self) -> None:
        """Until `stop`. Raises EngineBusy when another process turns the engine on this SQLite file."""
        self._take_lock()
        listener = asyncio.create_task(self._listen()) if not self.db.is_sqlite else None
        try:
            await self._inherit()
            self.db.adopt = self._adopt
            self.turns.set()
            while not self._stopping:
                self._last_turn = time.monotonic()
                self._wake.clear()
                try:
                    wait = await self._turn()
                except DatabaseUnavailable as error:
                    log.warning("the engine waits for the database: %s", error.detail)
                    wait = 1.0
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
        finally:
            self.db.adopt = None
            if listener is not None:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)
            await asyncio.gather(*self._running, return_exceptions=True)
            self._drop_lock()

    async def stop(self, grace: timedelta) -> None:
        """Claim nothing more, wait for what runs; what outlives `grace` is cut off and comes back with its lease."""
        self._stopping = True
        self.db.adopt = None
        self.wake()
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=grace.total_seconds())
            for task in late:
                task.cancel()

    async def run_due(self) -> int:
        """For tests: run what is due by the clock until nothing is; how many ran. Not beside `run`."""
        count = 0
        while True:
            jobs = await self._claim(self._slots)
            if not jobs:
                return count
            count += len(jobs)
            await asyncio.gather(*(self._work(job) for job in jobs))

    async def idle(self, within: float = 10.0) -> None:
        """Until nothing runs and nothing is due by the clock. Raises TimeoutError with what is left."""
        end = time.monotonic() + within
        while True:
            async with self.db.reading() as session:
                due = aliased(Job)
                rows = (await session.exec(select(due).where(*_due(due, self.clock())))).all()
            if not rows and not self._running:
                return
            if time.monotonic() > end:
                left = ", ".join(f"{job.kind}#{job.id} {job.error}" for job in rows)
                raise TimeoutError(f"still due after {within:g} s: {left}")
            await asyncio.sleep(0.01)

    # ---- the loop ------------------------------------------------------------------------------

    async def _turn(self) -> float:
        """Start what is due; the seconds until the next look."""
        free = self._slots - len(self._running)
        if free <= 0:
            return POLL
        jobs = await self._claim(free)
        self._adopt(jobs)
        if jobs:
            self.wake()
            return 0.0
        return await self._until_next()

    def _adopt(self, jobs: list[Job]) -> None:
        """Start what is leased to us; a page goes even when every slot is taken."""
        for job in jobs:
            task = asyncio.create_task(self._work(job))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()

    async def _until_next(self) -> float:
        async with self.db.reading() as session:
            soonest = select(func.min(Job.run_at)).where(
                col(Job.state) == READY, col(Job.run_at) > self.clock()
            )
            opens = select(func.min(Throttle.until)).where(col(Throttle.until) > self.clock())
            both = [(await session.exec(soonest)).first(), (await session.exec(opens)).first()]
        at = min((moment for moment in both if moment is not None), default=None)
        return POLL if at is None else min(POLL, max(0.01, (at - self.clock()).total_seconds()))

    async def _claim(self, free: int) -> list[Job]:
        now, token = self.clock(), uuid.uuid4().hex
        due = aliased(Job)
        async with self.db.transaction() as session:
            throttles = (await session.exec(select(Throttle).where(Throttle.until > now - EASING))).all()
            stopped = {throttle.key for throttle in throttles if throttle.until > now}
            easing = {throttle.key: throttle for throttle in throttles if throttle.until <= now}
            rows = (
                select(due)
                .where(*_due(due, now), col(due.leased_until).is_(None) | (col(due.leased_until) < now))
                .order_by(col(due.priority), col(due.id))
                .limit(free if not throttles else free + 200)
                .with_for_update(skip_locked=True, of=due)
            )
            found: list[Job] = []
            for job in (await session.exec(rows)).all():
                if len(found) == free or stopped & set(job.buckets):
                    continue
                found.append(job)
                for throttle in [easing.pop(key) for key in job.buckets if key in easing]:
                    throttle.until = now + timedelta(seconds=throttle.pause)
                    session.add(throttle)
                    stopped.add(throttle.key)
            for job in found:
                job.leased_until = now + (PAGE_LEASE if job.priority == PAGES else LEASE)
                job.token = token
                job.attempts += 1
                job.uncertain = job.inflight
                job.inflight = True
                session.add(job)
        return found

    async def _work(self, job: Job) -> None:
        """Run one claimed job and settle it. Nothing that it raises stops the engine."""
        lease = PAGE_LEASE if job.priority == PAGES else LEASE
        known = self._handlers.get(job.kind)
        order: Order | None = None
        try:
            if known is None:
                raise GiveUp(f"this version does not know {job.kind}")
            order = _order(known[0], job.payload)
            assert job.id is not None
            context = Context(
                job.id,
                job.key,
                job.attempts,
                job.uncertain,
                job.created_at,
                self.clock(),
                time.monotonic() + lease.total_seconds(),
            )
            done = await asyncio.wait_for(known[1](order, context), lease.total_seconds()) or Done()
            await self._settle(job, done)
        except GiveUp as error:
            await self._settled_all_the_same(job, self._bury(job, order, error.reason))
        except Retry as error:
            await self._settled_all_the_same(job, self._again(job, order, error))
        except DatabaseUnavailable as error:
            # It may have acted and could not say so: the next try looks before it acts.
            log.warning("%s#%s waits for the database: %s", job.kind, job.id, error.detail)
            await self._settled_all_the_same(job, self._again(job, order, Retry(str(error), unknown=True)))
        except Exception as error:
            # A fault of ours in one job stops no other; it is tried again, and given up in the end.
            log.exception("%s#%s failed", job.kind, job.id)
            again = Retry(f"{type(error).__name__}: {error}", unknown=True)
            await self._settled_all_the_same(job, self._again(job, order, again))

    async def _settled_all_the_same(self, job: Job, settling: Awaitable[None]) -> None:
        try:
            await settling
        except DatabaseUnavailable as error:
            log.warning("%s#%s could not be settled yet: %s", job.kind, job.id, error.detail)
        except Exception:
            # Its lease brings it back; until then others go on.
            log.exception("%s#%s could not be settled", job.kind, job.id)

    async def _mine(self, session: AsyncSession, job: Job, **values: Any) -> bool:
        """Write `values` if the lease is still ours; whoever claimed the job since decides otherwise."""
        change = update(Job).where(
            col(Job.id) == job.id, col(Job.token) == job.token, col(Job.state) == READY
        )
        done = await session.exec(change.values(**values))
        return bool(done.rowcount)

    async def _settle(self, job: Job, done: Done) -> None:
        async with self.db.transaction() as session:
            result = dict(done.result) if done.result is not None else None
            values = {
                "state": JobState.DONE,
                "done_at": self.clock(),
                "result": result,
                "error": "",
                "inflight": False,
            }
            if await self._mine(session, job, **values, leased_until=None) and done.then is not None:
                await done.then(session)

    async def _again(self, job: Job, order: Order | None, error: Retry) -> None:
        page = job.priority == PAGES
        if job.attempts >= (PAGE_ATTEMPTS if page else ATTEMPTS) and error.throttle is None:
            await self._bury(job, order, f"given up after {job.attempts} tries: {error}")
            return
        now = self.clock()
        longest = LONGEST_PAGE if page else LONGEST
        doubled = min(timedelta(seconds=0.5 * 2 ** min(job.attempts - 1, 12)), longest)
        back_off = doubled * random.uniform(0.5, 1)  # noqa: S311  # jitter
        after = now + (error.after if error.after is not None else back_off)
        # What may have happened before stays uncertain, however surely this last try did not.
        inflight = error.unknown or job.uncertain
        attempts = job.attempts - 1 if error.throttle is not None else job.attempts
        async with self.db.transaction() as session:
            await self._mine(
                session,
                job,
                run_at=after,
                leased_until=None,
                inflight=inflight,
                attempts=attempts,
                error=str(error),
            )
            if error.throttle is not None:
                pause = min(after - now, WIDEST).total_seconds()
                row = insert(session.get_bind().dialect.name, Throttle).values(
                    key=error.throttle, until=after, pause=pause
                )
                # Many are refused at once: of two that say so first, neither may fail.
                longer = case((col(Throttle.until) > after, col(Throttle.until)), else_=after)
                change = {"until": longer, "pause": pause}
                await session.exec(row.on_conflict_do_update(index_elements=["key"], set_=change))

    async def _bury(self, job: Job, order: Order | None, reason: str) -> None:
        async with self.db.transaction() as session:
            values = {"state": JobState.DEAD, "done_at": self.clock(), "error": reason, "inflight": False}
            if await self._mine(session, job, **values, leased_until=None):
                await self._gave_up(session, job, order, reason)
        log.error("%s#%s is given up: %s", job.kind, job.id, reason)

    # ---- other processes -----------------------------------------------------------------------

    async def _inherit(self) -> None:
        """On SQLite we are alone: what a killed process held comes back soon; not at once, its last call may still land."""
        if not self.db.is_sqlite:
            return
        soon = self.clock() + timedelta(seconds=2)
        async with self.db.transaction() as session:
            held = update(Job).where(col(Job.state) == READY, col(Job.leased_until) > soon)
            await session.exec(held.values(leased_until=soon))

    def _take_lock(self) -> None:
        path = make_url(self.db.url).database if self.db.is_sqlite else None
        if not path or path == ":memory:":
            return
        lock = Path(f"{path}.lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(handle, 20, 0).decode().strip()
            os.close(handle)
            raise EngineBusy(
                f"Another process (pid {other}) works on {path} already: stop it first, or use Postgres for more than one."
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._lock = handle

    def _drop_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _listen(self) -> None:
        """Postgres tells us when another process has asked for something; a broken link is made anew."""
        import psycopg  # 0.1 s of every start that SQLite has no use for

        url = make_url(self.db.url).set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    self.wake()
                    async for _ in link.notifies():
                        self.wake()
            except (psycopg.Error, OSError) as error:
                log.warning("listening to Postgres failed, trying again: %s", error)
            await asyncio.sleep(1)


def _order(cls: type[Order], payload: Mapping[str, Any]) -> Order:
    try:
        return cls(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in payload.items()}
        )
    except TypeError as error:
        raise GiveUp(f"its payload can't be read: {error}") from error
