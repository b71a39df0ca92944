"""A database elsewhere: a copy of the SQLite file for safe keeping, and everything into another database."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

import bot.models  # noqa: F401  # fills the metadata
from bot.core import Refused
from bot.db import Schema, absent, is_there, migrate, schema, sync_url

AT_ONCE = 1000
"""Rows that are carried in one statement."""


def _file(url: str) -> Path | None:
    """The SQLite file; None where the database is no file."""
    found = make_url(url)
    return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None


def backup(url: str, to: Path) -> None:
    """A consistent copy in `to`, while others write; whole or not at all.  https://www.sqlite.org/backup.html"""
    path = _file(url)
    if path is None:
        raise Refused("`writeback backup` copies SQLite files; for Postgres use pg_dump.")
    if not path.exists():
        raise absent(url)
    if to.exists() and to.samefile(path):
        raise Refused(f"{to} is the database itself: name another file.")
    unfinished = to.with_name(f".{to.name}.writing")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        unfinished.replace(to)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise Refused(f"{to} can't be written: {error}. Name another file.") from error


def copy(source: str, target: str) -> int:
    """Everything that `source` holds, into the empty database `target`; how many rows that were.

    All or nothing: a copy that broke off leaves an empty database, and can be made again.
    """
    if not target.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise Refused("--to is no database we know: write postgresql://user@host/name.")
    if not is_there(source):
        raise absent(source)
    if make_url(sync_url(source)) == make_url(sync_url(target)):
        raise Refused("--to names the database that is copied: name another one.")
    if schema(source) is not Schema.CURRENT:
        raise Refused("The database has the tables of another version: run `writeback migrate` first.")
    _stopped(source)
    migrate(target)
    here, there = create_engine(sync_url(source)), create_engine(sync_url(target))
    try:
        with here.connect() as reading, there.begin() as writing:
            tables = SQLModel.metadata.sorted_tables
            full = [table.name for table in tables if writing.scalar(select(func.count()).select_from(table))]
            if full:
                raise Refused(
                    f"--to is not empty: it has rows in {', '.join(full[:3])}. Name an empty database."
                )
            return sum(_carry(table, reading, writing) for table in tables)
    finally:
        here.dispose()
        there.dispose()


def _carry(table: Table, reading: Connection, writing: Connection) -> int:
    count = 0
    rows = reading.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for part in rows.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    counter: Any = table.autoincrement_column
    if counter is not None and count and writing.dialect.name == "postgresql":
        # Rows that come with their numbers leave Postgres' own counter behind.
        last = writing.scalar(select(func.max(counter)))
        writing.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)"),
            {"name": f'"{table.name}"', "column": counter.name, "last": last},
        )
    return count


def _stopped(url: str) -> None:
    """Raises Refused while a bot works on the SQLite file: what it writes meanwhile would stay behind."""
    path = _file(url)
    lock = Path(f"{path}.lock")
    if path is None or not lock.exists():
        return
    with open(lock) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"A process (pid {held.read().strip()}) works on {path}: stop it first, or what it writes meanwhile"
                " stays behind."
            ) from None
