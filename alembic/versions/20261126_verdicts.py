"""where people are asked about recurrences, and who left Slack

Revision ID: verdicts
Revises: reports
Create Date: 2026-11-26 05:45:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "verdicts"
down_revision: str | None = "reports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("recurrence", schema=None) as table:
        for name in ("channel_id", "ts"):
            column = sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False)
            table.add_column(column)
    with op.batch_alter_table("account", schema=None) as table:
        table.add_column(sa.Column("gone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as table:
        table.drop_column("gone_at")
    with op.batch_alter_table("recurrence", schema=None) as table:
        table.drop_column("ts")
        table.drop_column("channel_id")
