"""calibrations that staff ask for

Revision: 0026, after: 0029
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0026"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibration_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("started_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'done', 'empty', 'stopped', 'failed')", name=op.f("ck_calibration_run_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calibration_run_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_calibration_run_created_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["parameter_set.id"], name=op.f("fk_calibration_run_set_id_parameter_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_run")),
        sa.UniqueConstraint("is_open", name=op.f("uq_calibration_run_is_open")),
    )


def downgrade() -> None:
    op.drop_table("calibration_run")
