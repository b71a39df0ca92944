"""Alembic's environment: the tables of bot.models, in the database that DATABASE_URL or the caller names.

A new migration: `DATABASE_URL=sqlite:///scratch.db alembic upgrade head`, then
`DATABASE_URL=sqlite:///scratch.db alembic revision --autogenerate -m "what it does"`.
"""

import os

from alembic import context
from sqlalchemy import create_engine, event, text
from sqlmodel import SQLModel

import bot.models  # noqa: F401  # fills the metadata
from bot.db import sync_url

LOCK = 7241
"""Of Postgres' advisory locks: two processes that migrate at once take turns."""

url = sync_url(
    context.config.attributes.get("url") or os.environ.get("DATABASE_URL", "sqlite:///writeback.db")
)


def run() -> None:
    engine = create_engine(url)
    if url.startswith("sqlite"):
        # A batch rebuild with foreign keys on would delete the children of every row.
        @event.listens_for(engine, "connect")
        def _pragmas(connection: object, _: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA busy_timeout=30000")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.close()

    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            context.run_migrations()
    engine.dispose()


run()
