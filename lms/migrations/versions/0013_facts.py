"""what an organisation's people found when they looked a platform fact up

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_check",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("fact", sa.String(80), nullable=False),
        sa.Column("value", sa.JSON, nullable=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer, nullable=True),
        sa.CheckConstraint("basis <> ''", name=op.f("ck_fact_check_basis_given")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fact_check_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_fact_check_created_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_check")),
    )
    op.create_index("ix_fact_check_fact", "fact_check", ["organisation_id", "fact"])


def downgrade() -> None:
    op.drop_table("fact_check")
