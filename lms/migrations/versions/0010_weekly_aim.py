"""a weekly aim, chosen by the learner, with a reminder by letter

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weekly_aim",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(43), nullable=False),
        sa.Column("settled_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('modules', 'answers')", name=op.f("ck_weekly_aim_kind_known")),
        sa.CheckConstraint("number >= 1 AND number <= 500", name=op.f("ck_weekly_aim_number_in_range")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_weekly_aim_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_weekly_aim")),
        sa.UniqueConstraint("code", name=op.f("uq_weekly_aim_code")),
    )
    op.create_index("ix_weekly_aim_reminder", "weekly_aim", ["reminder", "settled_at"])


def downgrade() -> None:
    op.drop_table("weekly_aim")
