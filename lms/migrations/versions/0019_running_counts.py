"""counts of items that run along, instead of counting all answers

Revision: 0019, after: 0017
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0019"
down_revision = "0023"
branch_labels = None
depends_on = None

COUNTED = ("counted_in", "counted_to", "settled_in")


def upgrade() -> None:
    for name in COUNTED:
        op.add_column("evidence_summary", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_evidence_summary_settled", "evidence_summary", ["organisation_id", "settled_in"])
    op.create_table(
        "item_count",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("categories", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("item_key", sa.String(length=200), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_count_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_item_count_revision_id_revision")),
        sa.PrimaryKeyConstraint("organisation_id", "revision_id", "categories", "language", name=op.f("pk_item_count")),
    )
    op.create_table(
        "item_count_round",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("figured", sa.Integer(), nullable=False),
        sa.Column("figured_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_count_round_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_item_count_round")),
    )
    op.create_table(
        "item_figures",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_figures_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "item_key", name=op.f("pk_item_figures")),
    )


def downgrade() -> None:
    for table in ("item_figures", "item_count_round", "item_count"):
        op.drop_table(table)
    op.drop_index("ix_evidence_summary_settled", "evidence_summary")
    for name in COUNTED:
        op.drop_column("evidence_summary", name)
