"""switches and guidance

Revision ID: switches
Revises: 0004
Create Date: 2026-11-26 05:00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "switches"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "guidance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "came", "answered", "declined", "unanswered", "closed",
                name="guidancestate", native_enum=False, length=16,
            ),
            nullable=False,
        ),
        sa.Column("came_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("channel_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ts", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_guidance_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )  # fmt: skip
    with op.batch_alter_table("guidance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guidance_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guidance_team"), ["team"], unique=False)
    op.create_table(
        "switchuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("switch", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "helped",
            sa.Enum("yes", "no", "unknown", name="helped", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_switchuse_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switchuse")),
    )
    with op.batch_alter_table("switchuse", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_switchuse_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_switchuse_service"), ["service"], unique=False)


def downgrade() -> None:
    op.drop_table("switchuse")
    op.drop_table("guidance")
