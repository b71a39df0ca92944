"""A database elsewhere: safe copies while the bot works, and the way from SQLite to Postgres."""

import fcntl
from pathlib import Path

import pytest

from bot.cli import record
from bot.config import load
from bot.core import Refused
from bot.db import connect, migrate
from bot.flows import Asking, World, incidents, views
from bot.moving import backup, copy
from tests.conftest import Clock, newest
from tests.stories.conftest import CATALOG


async def begin(url: str, folder: Path, clock: Clock, title: str) -> None:
    (folder / "config.toml").write_text(
        CATALOG.format(slack="http://127.0.0.1:9/", jira="http://127.0.0.1:9")
    )
    db = connect(url)
    await incidents.start(
        World(db, load({}, folder), clock), Asking(id=title, by="U1", channel="C1"), text=f"checkout {title}"
    )
    await db.close()


async def everything(url: str, folder: Path, clock: Clock) -> list[dict[str, object]]:
    db = connect(url)
    world = World(db, load({}, folder), clock)
    found, _ = await views.all_incidents(world, only_open=False, private=True)
    seen = [await views.by_key(world, incident.key, private=True) for incident in found]
    await db.close()
    return [record(one) for one in seen if one is not None]


@pytest.fixture
def source(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/w.db"
    newest(url)
    return url


async def test_a_copy_for_safe_keeping_is_whole_and_replaces_the_last_one(
    source: str, tmp_path: Path, clock: Clock
) -> None:
    kept = tmp_path / "kept.db"
    for title in ("cards fail", "baskets are empty"):
        await begin(source, tmp_path, clock, title)
        backup(source, kept)
    found = await everything(f"sqlite:///{kept}", tmp_path, clock)
    assert [one["title"] for one in found] == ["baskets are empty", "cards fail"]
    assert found == await everything(source, tmp_path, clock)
    assert not list(tmp_path.glob("*.writing"))


def test_a_copy_for_safe_keeping_is_refused_where_it_can_not_be(source: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is the database itself"):
        backup(source, tmp_path / "w.db")
    with pytest.raises(Refused, match="can't be written"):
        backup(source, tmp_path / "nowhere" / "kept.db")
    with pytest.raises(Refused, match="pg_dump"):
        backup("postgresql://127.0.0.1/none", tmp_path / "kept.db")


async def test_everything_goes_into_the_other_database_and_goes_on_there(
    source: str, tmp_path: Path, clock: Clock, postgres_url: str
) -> None:
    await begin(source, tmp_path, clock, "cards fail")
    assert copy(source, postgres_url) > 10
    assert await everything(postgres_url, tmp_path, clock) == await everything(source, tmp_path, clock)
    # What is new there takes the next number, in every table that counts.
    await begin(postgres_url, tmp_path, clock, "baskets are empty")
    assert [one["key"] for one in await everything(postgres_url, tmp_path, clock)] == ["INC-2", "INC-1"]


async def test_a_database_that_is_in_use_or_not_empty_is_not_copied(
    source: str, tmp_path: Path, clock: Clock
) -> None:
    target = f"sqlite:///{tmp_path}/new.db"
    await begin(source, tmp_path, clock, "cards fail")
    with open(tmp_path / "w.db.lock", "w") as lock:
        lock.write("4242")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refused, match=r"\(pid 4242\) works on .*w\.db: stop it first"):
            copy(source, target)
    with pytest.raises(Refused, match="names the database that is copied"):
        copy(source, source)
    with pytest.raises(Refused, match="is no database we know"):
        copy(source, "mysql://127.0.0.1/w")
    copy(source, target)
    with pytest.raises(Refused, match="--to is not empty"):
        copy(source, target)


def test_an_older_database_is_brought_up_to_date_before_it_is_copied(tmp_path: Path) -> None:
    (tmp_path / "w.db").touch()
    with pytest.raises(Refused, match="writeback migrate"):
        copy(f"sqlite:///{tmp_path}/w.db", f"sqlite:///{tmp_path}/new.db")
    migrate(f"sqlite:///{tmp_path}/w.db")
    copy(f"sqlite:///{tmp_path}/w.db", f"sqlite:///{tmp_path}/new.db")
