"""issues followed

Revision ID: jira
Revises: 0006
Create Date: 2026-11-26 05:24:11.220417
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "jira"
down_revision: str | None = "postmortem"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_look")),
    )
    with op.batch_alter_table("action") as batch:
        batch.add_column(sa.Column("jira_seen", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("action") as batch:
        batch.drop_column("jira_seen")
    op.drop_table("look")
