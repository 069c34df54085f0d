"""people whose data were erased, items declared void

Revision: 0007, after: 0006
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("is_erased", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as table:
        table.alter_column("is_erased", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.create_table(
        "item_void",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(200), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_item_void_reason_given")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_void_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_item_void_revision_id_revision")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_item_void_created_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_void")),
    )
    op.create_index(op.f("ix_item_void_item_key"), "item_void", ["item_key"])


def downgrade() -> None:
    op.drop_index(op.f("ix_item_void_item_key"), table_name="item_void")
    op.drop_table("item_void")
    with op.batch_alter_table("person") as table:
        table.drop_column("is_erased")
