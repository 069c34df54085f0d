"""files of portfolio pieces

Revision: 0022, after: 0017
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["rated_work.id"], name=op.f("fk_work_file_work_id_rated_work"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_file_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_file")),
    )
    op.create_index(op.f("ix_work_file_work_id"), "work_file", ["work_id"])
    op.create_index(op.f("ix_work_file_person_id"), "work_file", ["person_id"])


def downgrade() -> None:
    op.drop_table("work_file")
