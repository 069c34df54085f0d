"""An organisation's editions of the competency framework, and what each piece of evidence was judged by.

Evidence from before keeps neither: it was judged by constants of that release's code.

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("overlay", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_framework_edition_number_counts_from_one")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_framework_edition_reason_given")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_framework_edition_created_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_framework_edition_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_edition")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_framework_edition_organisation_id_number")),
    )
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("framework_revision_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_evidence_framework_revision_id_revision"), "revision", ["framework_revision_id"], ["id"]
        )
        batch.create_foreign_key(
            batch.f("fk_evidence_edition_id_framework_edition"), "framework_edition", ["edition_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("evidence") as batch:
        batch.drop_constraint(batch.f("fk_evidence_edition_id_framework_edition"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_evidence_framework_revision_id_revision"), type_="foreignkey")
        batch.drop_column("edition_id")
        batch.drop_column("framework_revision_id")
    op.drop_table("framework_edition")
