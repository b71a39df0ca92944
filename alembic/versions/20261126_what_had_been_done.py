"""the item that had been done when an incident came back

Revision ID: held
Revises: verdicts
Create Date: 2026-11-26 06:42:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "held"
down_revision: str | None = "verdicts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("recurrence", schema=None) as table:
        column = sa.Column("held", sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False)
        table.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("recurrence", schema=None) as table:
        table.drop_column("held")
