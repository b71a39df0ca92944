"""Connections, transactions and migrations: both databases' peculiarities live here and nowhere else."""

import fcntl
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models import Job

CHANNEL = "writeback"
"""What Postgres is told when a transaction has asked for jobs."""

BUSY = 1500
"""Milliseconds that a transaction waits for SQLite's only writer; Slack wants its answer in 3 s."""


class DatabaseUnavailable(Exception):
    """The database did not take it, and nothing was stored.

    As text it is for whoever waits for an answer and can only try again; `detail` says where and how to fix it, to
    those who run it.
    """

    def __init__(self, said: str, detail: str) -> None:
        super().__init__(said)
        self.detail = detail


def wakes(session: AsyncSession) -> None:
    """The commit of this session's transaction is to wake the engine, here and in other processes."""
    session.info["wakes"] = True


def insert(dialect: str, table: Any) -> Any:
    """An INSERT that can say `on_conflict_do_nothing`, in the words of one database."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


class Schema(StrEnum):
    CURRENT = "current"
    OLDER = "older"
    EMPTY = "empty"
    NEWER = "newer"


def _async_url(url: str) -> str:
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return found.set(drivername="sqlite+aiosqlite").render_as_string(hide_password=False)
    return found.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _normal(url: str) -> str:
    return "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url


class Database:
    """One database, for reading and writing; no I/O before it is first used."""

    def __init__(self, url: str) -> None:
        self.url = _normal(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._wakes: list[Callable[[], None]] = []
        self.adopt: Callable[[list[Job]], None] | None = None
        """The engine of this process, if it has one: it takes urgent jobs straight from the commit that asked for them."""
        self._writer = self._engine(readonly=False)
        self._reader = self._engine(readonly=True) if self.is_sqlite else self._writer
        self._write = async_sessionmaker(self._writer, class_=AsyncSession, expire_on_commit=False)
        self._read = async_sessionmaker(self._reader, class_=AsyncSession, expire_on_commit=False)

    def _engine(self, *, readonly: bool) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                _async_url(self.url), pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True
            )
        engine = create_async_engine(
            _async_url(self.url),
            isolation_level=None,
            pool_size=5 if readonly else 1,
            max_overflow=0,
            # What a statement carries are people's words: no error, and so no log, quotes them.
            hide_parameters=True,
        )
        event.listen(engine.sync_engine, "connect", _pragmas)

        # The driver's own transactions begin too late: two read-modify-writes lose one without an error.
        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

        return engine

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each commit that asked for jobs, in this process."""
        self._wakes.append(callback)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """All or nothing; what asked for jobs wakes the engine after the commit."""
        try:
            async with self._write() as session, session.begin():
                session.info["adopts"] = self.adopt is not None
                yield session
                woken = session.info.pop("wakes", False)
                if woken and not self.is_sqlite:
                    await session.exec(select(func.pg_notify(CHANNEL, "")))
        except (DBAPIError, OSError) as error:
            if not _is_the_database_s(error):
                raise
            raise _unavailable(self.url, error) from error
        if woken:
            adopted: list[Job] = session.info.pop("adopted", [])
            if adopted and self.adopt is not None:
                self.adopt(adopted)
            for wake in self._wakes:
                wake()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that changes nothing and, on SQLite, never waits for the writer."""
        try:
            async with self._read() as session:
                yield session
        except (DBAPIError, OSError) as error:
            if not _is_the_database_s(error):
                raise
            raise _unavailable(self.url, error) from error

    async def close(self) -> None:
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def _pragmas(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _is_behind(error: Exception) -> bool:
    """A table or a column is missing: the schema is older than this version, or was never made.

    https://www.postgresql.org/docs/current/errcodes-appendix.html
    """
    orig = getattr(error, "orig", error)
    lacks = ("no such table", "no such column", "has no column")
    return getattr(orig, "sqlstate", "") in {"42P01", "42703"} or any(word in str(orig) for word in lacks)


def _is_the_database_s(error: Exception) -> bool:
    """Whether the database is at fault, and not a statement of ours."""
    broken = ("file is not a database", "malformed")
    return (
        isinstance(error, OperationalError | OSError)
        or _is_behind(error)
        or any(word in str(error) for word in broken)
    )


def _unavailable(url: str, error: Exception) -> DatabaseUnavailable:
    where = make_url(url).render_as_string(hide_password=True)
    said = str(getattr(error, "orig", error)).strip()
    reason = said.splitlines()[0] if said else type(error).__name__
    fix = ""
    if _is_behind(error):
        reason, fix = "its tables are missing or older", " `writeback migrate` brings them up to date."
    elif any(word in reason for word in ("connection", "unable to open", "not a database", "No such file")):
        # Names of hosts and files are not for everybody.
        fix = " See that it runs, and that DATABASE_URL or [database] url names it."
    why = "it can't be reached" if fix and not _is_behind(error) else reason
    return DatabaseUnavailable(
        f"Writeback's database did not take it ({why}): nothing was stored. Try again in a moment.",
        f"The database {where} did not take it ({reason}); nothing was stored.{fix or ' Try again.'}",
    )


def absent(url: str) -> DatabaseUnavailable:
    where = make_url(url).render_as_string(hide_password=True)
    return DatabaseUnavailable(
        "Writeback has no database yet.",
        f"There is no database {where} yet: `writeback migrate` or `writeback run` makes it; or set DATABASE_URL to"
        " the one you mean.",
    )


def connect(url: str) -> Database:
    return Database(url)


def _config(url: str) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    config.attributes["url"] = _normal(url)
    return config


def is_there(url: str) -> bool:
    """Whether there can be a database at `url`: connecting to a SQLite file that is missing would make one."""
    path = make_url(_normal(url)).database
    return not url.startswith("sqlite") or not path or Path(path).exists()


def sync_url(url: str) -> str:
    found = make_url(_normal(url))
    driver = "sqlite" if found.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return found.set(drivername=driver).render_as_string(hide_password=False)


def migrate(url: str) -> None:
    """Bring the database to the newest schema. Of two processes at once the second waits and finds it done."""
    from alembic import command

    try:
        with _alone(url):
            command.upgrade(_config(url), "head")
    except (DBAPIError, OSError) as error:
        raise _unavailable(_normal(url), error) from error


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """SQLite's migrations are not one transaction, so a file keeps others out; Postgres has a lock of its own (env.py)."""
    path = make_url(_normal(url)).database
    if not url.startswith("sqlite") or not path:
        yield
        return
    with open(f"{path}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def schema(url: str) -> Schema:
    """How the database's schema stands to this version's migrations."""
    revisions = _revisions()
    engine = create_engine(sync_url(url))
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return Schema.EMPTY
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except (DBAPIError, OSError) as error:
        raise _unavailable(_normal(url), error) from error
    finally:
        engine.dispose()
    if at not in revisions:
        return Schema.OLDER if at is None else Schema.NEWER
    return Schema.OLDER if at in revisions.values() else Schema.CURRENT


def _revisions() -> dict[str, str]:
    """Each migration's id and the one before it. Read as text: Alembic itself takes a third of a start to import."""
    found = {}
    for path in _migrations().glob("versions/*.py"):
        lines = re.findall(
            r"^(revision|down_revision)[^=]*= [\"'](\w+)[\"']", path.read_text(), flags=re.MULTILINE
        )
        names = dict(lines)
        found[names["revision"]] = names.get("down_revision", "")
    return found


def _migrations() -> Path:
    here = Path(__file__).parent
    return here / "_alembic" if (here / "_alembic").exists() else here.parent / "alembic"
