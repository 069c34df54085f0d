"""which table an answer was about; questions on trial and their answers; anchors that drift

Revision: 0020, after: 0021
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0020"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("testlet", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("trials", sa.JSON, nullable=True))
    op.create_table(
        "trial_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(length=200), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=80), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("categories", sa.Integer(), nullable=False),
        sa.Column("information", sa.Double(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.CheckConstraint(
            "category >= 0 AND category < categories AND categories >= 2",
            name=op.f("ck_trial_answer_category_in_range"),
        ),
        sa.CheckConstraint("information >= 0", name=op.f("ck_trial_answer_information_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trial_answer_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_trial_answer_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_answer")),
        sa.UniqueConstraint("person_id", "item_key", name=op.f("uq_trial_answer_person_id_item_key")),
    )
    op.create_index(op.f("ix_trial_answer_revision_id"), "trial_answer", ["revision_id"], unique=False)
    op.create_index(op.f("ix_trial_answer_attempt_id"), "trial_answer", ["attempt_id"], unique=False)
    with op.batch_alter_table("parameter_set") as table:
        table.add_column(sa.Column("drifted", sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("parameter_set") as table:
        table.drop_column("drifted")
    op.drop_table("trial_answer")
    with op.batch_alter_table("attempt") as table:
        table.drop_column("trials")
    with op.batch_alter_table("evidence") as table:
        table.drop_column("testlet")
