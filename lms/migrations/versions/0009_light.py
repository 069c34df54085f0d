"""how people stand for roles, kept for lists; people by name

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_summary",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_evidence_summary_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evidence_summary_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_evidence_summary")),
    )
    op.create_index("ix_evidence_summary_basis", "evidence_summary", ["organisation_id", "basis"])
    op.execute(
        "INSERT INTO evidence_summary (person_id, organisation_id, number, basis) "
        "SELECT id, organisation_id, 1, '' FROM person "
        "WHERE EXISTS (SELECT 1 FROM evidence WHERE evidence.person_id = person.id)"
    )
    op.create_table(
        "standing",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("composite", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.CheckConstraint("outcome IN ('met', 'not_met', 'inconclusive')", name=op.f("ck_standing_outcome_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_standing_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_standing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_order", "standing", ["organisation_id", "role", "ranked", "composite"])
    op.create_index("ix_person_organisation_name", "person", ["organisation_id", "name"])


def downgrade() -> None:
    """What goes is drawn from the evidence and can be drawn again."""
    op.drop_index("ix_person_organisation_name", "person")
    op.drop_table("standing")
    op.drop_table("evidence_summary")
