"""Both databases' peculiarities: transactions that lose nothing, sentences when the database is away, migrations."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlmodel import select

from bot.__main__ import patiently
from bot.db import Database, DatabaseUnavailable, Schema, connect, migrate, schema, sync_url
from bot.models import Heartbeat
from tests.conftest import Clock

HERE = Path(__file__).parent.parent


async def test_concurrent_changes_of_one_row_lose_nothing(database: Database, clock: Clock) -> None:
    async with database.transaction() as session:
        session.add(Heartbeat(process="0", seen_at=clock()))

    async def add_one() -> None:
        async with database.transaction() as session:
            row = (await session.exec(select(Heartbeat).with_for_update())).one()
            await session.delete(row)
            await session.flush()
            session.add(Heartbeat(process=str(int(row.process) + 1), seen_at=clock()))

    if database.is_sqlite:
        await asyncio.gather(*(add_one() for _ in range(8)))
    else:
        for _ in range(8):
            await add_one()
    async with database.reading() as session:
        assert (await session.exec(select(Heartbeat.process))).one() == "8"


async def test_times_come_back_as_they_went_in(database: Database, clock: Clock) -> None:
    async with database.transaction() as session:
        session.add(Heartbeat(process="p", seen_at=clock()))
    async with database.reading() as session:
        seen = (await session.exec(select(Heartbeat.seen_at))).one()
    assert seen == clock()
    assert seen.tzinfo is not None


async def test_a_locked_sqlite_is_said_in_a_sentence_and_stores_nothing(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path}/w.db"
    migrate(url)
    other = sqlite3.connect(tmp_path / "w.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    db = connect(url)
    with pytest.raises(DatabaseUnavailable, match=r"locked.*nothing was stored"):
        async with db.transaction() as session:
            session.add(Heartbeat(process="p", seen_at=clock()))
    async with db.reading() as session:
        assert (await session.exec(select(Heartbeat))).all() == []
    other.execute("ROLLBACK")
    other.close()
    await db.close()


async def test_a_database_that_is_away_is_said_without_its_password() -> None:
    db = connect("postgresql://writer:s3cret@127.0.0.1:9/none")
    with pytest.raises(DatabaseUnavailable) as told:
        async with db.reading() as session:
            await session.exec(select(Heartbeat))
    assert "s3cret" not in told.value.detail
    assert "127.0.0.1" in told.value.detail
    # What everybody reads names no host.
    assert str(told.value) == (
        "Writeback's database did not take it (it can't be reached): nothing was stored. Try again in a moment."
    )
    await db.close()


async def test_the_clock_waits_for_a_database_that_is_away_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    db = connect("postgresql://writer:s3cret@127.0.0.1:9/none")

    async def tick() -> None:
        async with db.transaction() as session:
            await session.exec(select(Heartbeat))

    await patiently(tick)
    await db.close()
    [said] = caplog.records
    assert said.exc_info is None
    assert said.getMessage().startswith(
        "the clock waits for the database: The database postgresql://writer:***@127"
    )


def test_migrations_make_the_tables_of_the_models(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert schema(url) is Schema.EMPTY
    migrate(url)
    assert schema(url) is Schema.CURRENT
    migrate(url)
    monkeypatch.setenv("DATABASE_URL", url)
    command.check(Config(toml_file=HERE / "pyproject.toml"))


def test_a_schema_from_the_future_is_told_apart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/w.db"
    migrate(url)
    with sqlite3.connect(tmp_path / "w.db") as link:
        link.execute("UPDATE alembic_version SET version_num = 'fromthefuture'")
    link.close()
    assert schema(url) is Schema.NEWER


def test_two_processes_can_migrate_at_once(url: str) -> None:
    program = f"from bot.db import migrate; migrate({url!r})"
    running = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(3)]
    ends = [(process.communicate()[1].decode()[-800:], process.returncode) for process in running]
    assert [code for _, code in ends] == [0, 0, 0], ends
    assert schema(url) is Schema.CURRENT


def test_a_database_with_rows_is_brought_up_from_every_older_schema(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE / "alembic"))
    config.attributes["url"] = url
    command.upgrade(config, "0001")
    engine = create_engine(sync_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO incident (request_id, title, service, team, why, severity, status, private, declared_by, "
            "declared_at, owner, mitigation_text, lead, comms, scribe, last_update, asked_in, channel_id, channel_name, "
            "headline_ts, announce_channel, announce_ts, revision, headline_revision, topic, announce_revision, run, step) "
            "VALUES ('r', 't', '', 'payments', '', 'sev3', 'investigating', false, 'carol', '2026-11-24 12:00:00', '', '', "
            "'', '', '', '', '', '', '', '', '', '', 0, 0, '', 0, 0, 0)"
        )
        connection.exec_driver_sql(
            'INSERT INTO entry (incident_id, at, recorded_at, kind, "by", data, withdrawn) '
            "VALUES (1, '2026-11-24 12:00:00', '2026-11-24 12:00:00', 'noted', 'carol', '{}', false)"
        )
        connection.exec_driver_sql(
            "INSERT INTO action (id, incident_id, title, team, category, category_kind, suggested, owner, state, created_by, "
            "created_at, jira_url, problem) VALUES ('a', 1, 't', 'payments', '', '', '', '', 'open', 'carol', "
            "'2026-11-24 12:00:00', '', '')"
        )
    engine.dispose()
    migrate(url)
    engine = create_engine(sync_url(url))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT withdrawn_why FROM entry").scalar() == ""
        assert connection.exec_driver_sql("SELECT evidence FROM action").scalar() == ""
    engine.dispose()
