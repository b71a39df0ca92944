"""`python -m bot` = the `writeback` command: the only place where live objects are built and joined."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot import cli
from bot.config import Config, ConfigError, Live, load, missing

if TYPE_CHECKING:
    from bot.core.paging import Rota
    from bot.engine import Engine
    from bot.flows import World

# What only a running bot needs (Slack, Jira, the web) is imported where it is used: `writeback owner` and the
# other short commands answer in a fraction of the time.

log = logging.getLogger("writeback")

T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


class Assembly:
    """What the terminal commands are handed: how to get at the configuration, the database and the running bot."""

    def live(self) -> Live:
        return load(os.environ, Path.cwd())

    @asynccontextmanager
    async def world(self) -> "AsyncIterator[World]":
        """The database and the catalog, without Slack and Jira; for commands that look and leave."""
        from bot.db import absent, connect, is_there
        from bot.flows import World

        live = self.live()
        if not is_there(live.config.database.url):
            raise absent(live.config.database.url)
        db = connect(live.config.database.url)
        try:
            yield World(db, live, now)
        finally:
            await db.close()

    async def serve(self, *, web: bool, worker: bool) -> None:
        live = self.live()
        prepare(live.config, web=web, worker=worker)
        async with running(live, web=web, worker=worker) as process:
            gc.freeze()  # what the start made stays: it is looked through no more
            mode = "Socket Mode" if live.config.slack.app_token else "Slack over HTTP"
            where = f"on port {process.port}, {mode}" if process.port else "as a worker"
            log.info("Writeback is up %s. Try `/incident help` in Slack.", where)
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(sign, process.stopping.set)
            await process.stopping.wait()

    async def check_network(self, live: Live) -> list[str]:
        """What Slack, Jira, Confluence and the database say of the configuration: each problem with its fix."""
        from bot.confluence.client import Confluence
        from bot.db import DatabaseUnavailable, Schema, schema
        from bot.jira.client import Jira
        from bot.slack import check
        from bot.slack import client as slack_client

        config, found = live.config, []
        try:
            state = schema(config.database.url)
            if state not in {Schema.CURRENT, Schema.EMPTY}:
                found.append(f"The database's schema is {state.value}: run `writeback migrate`.")
        except DatabaseUnavailable as error:
            found.append(error.detail)
        if config.slack.bot_token:
            client = slack_client.connect(reveal(config.slack.bot_token), config.slack.api_url)
            try:
                found += await check.problems(config, client)
            finally:
                await slack_client.close(client)
        jira = Jira.configured(config) if config.jira.token else None
        if jira is not None:
            projects = sorted(
                {team.jira_project for team in config.catalog.teams.values() if team.jira_project}
            )
            try:
                found += await jira.check(projects, config.jira.private_level)
            finally:
                await jira.close()
        confluence = Confluence.configured(config)
        if confluence is not None:
            try:
                found += await confluence.check()
            finally:
                await confluence.close()
        return found

    async def schedules(self) -> "Rota":
        """The schedules with their edits, covers and swaps; as the files have them where there is no database yet."""
        from bot.core import paging
        from bot.flows import views

        return await self._known(views.schedules) or paging.written

    async def check_schedules(self) -> list[str]:
        """What will go wrong with the schedules in the next 14 days, each with its fix."""
        from bot.flows import rotas

        found = await self._known(rotas.problems_ahead)
        return found if found is not None else rotas.problems_as_written(self.live().config, now())

    async def check_changes(self) -> list[str]:
        """What the files would change of the schedules that the database has in force."""
        from bot.flows import rotas

        return await self._known(rotas.preview) or []

    async def choices(self) -> dict[str, str]:
        """The categories that people chose, by the words of a text; none where there is no database yet."""
        from bot import store

        async def look(world: "World") -> dict[str, str]:
            async with world.db.reading() as session:
                return await store.chosen(session)

        return await self._known(look) or {}

    async def _known(self, look: "Callable[[World], Awaitable[T]]") -> "T | None":
        """What the database says; None where there is none yet, or none that answers. Looking creates no file."""
        from bot.db import DatabaseUnavailable, is_there

        if not is_there(self.live().config.database.url):
            return None
        async with self.world() as world:
            try:
                return await look(world)
            except DatabaseUnavailable:
                return None

    async def demo(self, *, play: bool) -> int:
        from bot import demo

        return await demo.main(running, play_it=play)


class CannotStart(Exception):
    """Why the bot does not start, in one sentence with the fix."""


def prepare(config: Config, *, web: bool, worker: bool) -> None:
    """Refuse what can't work; `run` brings an older database up to date first, the split commands do not."""
    from bot.db import Schema, migrate, schema

    if not (web and worker) and config.database.url.startswith("sqlite"):
        raise CannotStart(
            "`writeback web` and `writeback worker` are separate processes and need Postgres; "
            "with SQLite use `writeback run`, or set DATABASE_URL=postgresql://…"
        )
    if lacking := list(missing(config, web=web)):
        raise CannotStart("\n".join(lacking))
    found = schema(config.database.url)
    if web and worker and found in {Schema.EMPTY, Schema.OLDER}:
        migrate(config.database.url)
        return
    if found is not Schema.CURRENT:
        fix = "install the newer Writeback" if found is Schema.NEWER else "run `writeback migrate` first"
        raise CannotStart(f"The database's schema is {found.value}: {fix}.")


@dataclass
class Process:
    """A running bot, for those who started it."""

    world: "World"
    engine: "Engine | None"
    port: int | None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


TALKATIVE = ("aiosqlite", "slack_sdk", "slack_bolt", "sqlalchemy", "psycopg", "jira", "urllib3", "aiohttp")
"""Libraries whose debug lines quote what they carry: people's words, private ones among them, and tokens."""


def discreet() -> None:
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))


@asynccontextmanager
async def running(
    live: Live,
    *,
    web: bool = True,
    worker: bool = True,
    port: int | None = None,
    clock: Callable[[], datetime] = now,
) -> AsyncIterator[Process]:
    """The bot, from open connections to closed ones. `port` overrides the configured one; 0 takes a free one."""
    from bot.db import connect
    from bot.flows import World
    from bot.slack import client as slack_client

    discreet()
    config = live.config
    db = connect(config.database.url)
    world = World(db, live, clock)
    client = slack_client.connect(reveal(config.slack.bot_token), config.slack.api_url)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        stack.push_async_callback(slack_client.close, client)
        identity: dict[str, str] = await known_identity(world)
        # With Slack away we start all the same and go on asking.
        stack.push_async_callback(cancelled, asyncio.create_task(introduce(world, client, identity)))
        engine = await stack.enter_async_context(turning(world, client)) if worker else None
        at = (
            await stack.enter_async_context(listening(world, client, identity, engine, port)) if web else None
        )
        await stack.enter_async_context(ticking(world, live, engine))
        collect_rarely()
        yield Process(world, engine, at)


def collect_rarely() -> None:
    """A report reads a hundred thousand rows and wants them all: looked through less often, it takes a quarter less."""
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def reveal(secret: Any) -> str:
    return secret.reveal() if secret else ""


async def cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def known_identity(world: "World") -> dict[str, str]:
    from bot import store

    async with world.db.reading() as session:
        us = await store.installation(session)
    return {"team_id": us.team_id, "bot_id": us.bot_id, "user_id": us.bot_user_id} if us else {}


async def introduce(world: "World", client: Any, identity: dict[str, str]) -> None:
    """Learn who we are, open the connections, and look up the people: once Slack answers."""
    from bot.engine import Retry
    from bot.flows import accounts, timelines
    from bot.slack import client as slack_client

    wait = 1.0
    while True:
        try:
            found = await slack_client.look(client, "auth.test")
            break
        except Retry as error:
            log.warning("Slack is not there yet: %s", error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30)
        except slack_client.SlackRefused as error:
            log.error("%s", error.sentence("say who we are"))  # a sentence, not a stack
            await asyncio.sleep(60)
    identity.update({key: str(found.get(key) or "") for key in ("team_id", "bot_id", "user_id")})
    await accounts.installed(world, found)
    await accounts.look_up_everyone(world)
    await slack_client.warm(client, 6)
    await timelines.catch_up(world, world.clock())


@asynccontextmanager
async def turning(world: "World", client: Any) -> "AsyncIterator[Engine]":
    """The engine, with a handler for every order."""
    from bot.calendars.jobs import CalendarJobs
    from bot.confluence.client import Confluence
    from bot.confluence.jobs import ConfluenceJobs
    from bot.core.jobs import Order
    from bot.engine import Engine, Handler
    from bot.flows import failures, timers
    from bot.jira.client import Jira
    from bot.jira.jobs import JiraJobs
    from bot.notify import client as notify_client
    from bot.notify.jobs import NotifyJobs
    from bot.slack import jobs as slack_jobs
    from bot.slack.privacy import PrivacyJobs

    jira = JiraJobs(world, Jira.configured(world.config))
    confluence = ConfluenceJobs(world, Confluence.configured(world.config))
    handlers: dict[type[Order], Handler] = {
        **slack_jobs.handlers(world, client),
        **PrivacyJobs(world, client).handlers(),
        **jira.handlers(),
        **confluence.handlers(),
        **NotifyJobs(world).handlers(),
        **CalendarJobs(world, world.live.folder).handlers(),
        **timers.handlers(world),
    }
    engine = Engine(world.db, handlers, clock=world.clock, gave_up=partial(failures.gave_up, world))
    task = asyncio.create_task(engine.run())
    begun = asyncio.create_task(engine.turns.wait())
    await asyncio.wait({task, begun}, return_when=asyncio.FIRST_COMPLETED)
    await cancelled(begun)
    if task.done():
        await jira.close()
        await confluence.close()
        task.result()
    # Beside the start, not before it.
    warming = asyncio.create_task(asyncio.to_thread(notify_client.warm)) if world.config.notify else None
    try:
        yield engine
    finally:
        if warming is not None:
            await asyncio.gather(warming, return_exceptions=True)
        await engine.stop(timedelta(seconds=10))
        await task
        await jira.close()
        await confluence.close()


def opened(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise CannotStart(
            f"{host}:{port} can't be opened ({error.strerror}): set PORT to a free one."
        ) from error
    return door


@asynccontextmanager
async def listening(
    world: "World", client: Any, identity: dict[str, str], engine: "Engine | None", port: int | None
) -> AsyncIterator[int]:
    """The web server, and in Socket Mode the link to Slack. Gives the port."""
    import uvicorn

    from bot.flows.heard import Hearing
    from bot.slack import app as slack_app
    from bot.slack.events import Events
    from bot.slack.link import Link
    from bot.slack.text import plain
    from bot.web import app as web_app

    config = world.config
    secret = reveal(config.slack.signing_secret)
    hearing = Hearing(world, plain)
    app = slack_app.build(
        world, client, hearing, signing_secret=secret or "unused in Socket Mode", identity=identity
    )
    socket_mode = bool(config.slack.app_token)
    by_http = bool(secret) and not socket_mode
    events = Events(hearing, signing_secret=secret, identity=identity) if by_http else None

    async def state() -> Mapping[str, object]:
        return {
            "slack": "known" if identity else "not answering",
            "mode": "socket" if socket_mode else "http",
        }

    door = opened(config.web.host, config.web.port if port is None else port)
    site = web_app.build(world, app if by_http else None, events, state=state)
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False, lifespan="off"))
    # `serve` would take SIGTERM for itself; we end in an order of our own.
    serving = asyncio.create_task(server._serve(sockets=[door]))
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)
    link = Link(app, client, reveal(config.slack.app_token)) if socket_mode else None
    linking = asyncio.create_task(link.open()) if link is not None else None
    if link is not None:
        await link.tried.wait()
    try:
        yield int(door.getsockname()[1])
    finally:
        if link is not None and linking is not None:
            await cancelled(linking)
            await link.close()
        server.should_exit = True
        await serving


async def patiently(tick: Callable[[], Awaitable[None]]) -> None:
    """The next tick comes in seconds; while the database is away each would print a stack."""
    from bot.db import DatabaseUnavailable

    try:
        await tick()
    except DatabaseUnavailable as error:
        log.warning("the clock waits for the database: %s", error.detail)


@asynccontextmanager
async def ticking(world: "World", live: Live, engine: "Engine | None") -> AsyncIterator[None]:
    """APScheduler is the clock and holds nothing: every tick asks the database what is due."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from bot import store
    from bot.engine import fire_due
    from bot.flows import accounts, catalogs, timers

    scheduler = AsyncIOScheduler(timezone=UTC)
    process = f"{os.uname().nodename}:{os.getpid()}"

    async def beat() -> None:
        if engine is not None and engine.healthy:
            async with world.db.transaction() as session:
                await store.beat(session, process, world.clock())

    async def reload() -> None:
        result = await asyncio.to_thread(live.reload)
        for line in result.changes:
            log.info("catalog: %s", line)
        for problem in result.problems:
            log.error("the new configuration is refused, the old one stays in force: %s", problem)
        if result.problems:
            await catalogs.refused(world, result.problems)
        if result.changes:
            await catalogs.keep(world)
            await accounts.look_up_everyone(world)

    lines = timers.recurring(live.config.jira.poll if live.config.jira.url else None)

    async def fire() -> None:
        async with world.db.transaction() as session:
            await fire_due(session, lines, world.clock())

    ticks: set[asyncio.Task[None]] = set()

    def whole(tick: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """`tick` runs to its end even when the scheduler stops: cut off in its transaction, it would fail aloud."""

        async def kept() -> None:
            task = asyncio.create_task(patiently(tick))
            ticks.add(task)
            task.add_done_callback(ticks.discard)
            await asyncio.shield(task)

        return kept

    every = partial(scheduler.add_job, max_instances=1, coalesce=True)
    if engine is not None:
        every(engine.wake, "interval", seconds=5)
    every(whole(beat), "interval", seconds=10, next_run_time=now())
    await catalogs.keep(world)
    every(whole(reload), "interval", seconds=5)
    if engine is not None:
        every(whole(fire), "interval", seconds=10, next_run_time=now())
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        await asyncio.gather(*ticks, return_exceptions=True)
        scheduler.shutdown(wait=False)


def main() -> None:
    # Importing makes a hundred thousand objects that stay: looking through them for garbage is a tenth of the start.
    gc.disable()
    logging.basicConfig(
        level=os.environ.get("LOG_LEVEL", "INFO"), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It warns that it was given both a client and, by the environment, a token; the client is what we mean.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    from bot.core import Refused
    from bot.db import DatabaseUnavailable
    from bot.engine import EngineBusy

    try:
        sys.exit(cli.main(Assembly()))
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
    except DatabaseUnavailable as error:
        print(error.detail, file=sys.stderr)
    except (CannotStart, EngineBusy, Refused) as error:
        print(error, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
