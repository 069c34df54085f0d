"""an organisation's account with Lever, Lever's candidates on their way, and where partners hear that one has finished

Revision: 0029, after: 0024
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0029"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lever_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("signing", sa.String(length=400), nullable=False),
        sa.Column("api_key", sa.String(length=400), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_lever_link_created_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lever_link_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_lever_link_token_id_api_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lever_link")),
    )
    op.create_index(op.f("ix_lever_link_organisation_id"), "lever_link", ["organisation_id"], unique=False)
    op.create_table(
        "lever_opportunity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("opportunity", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("due_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["lever_link.id"], name=op.f("fk_lever_opportunity_link_id_lever_link"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["api_order.id"], name=op.f("fk_lever_opportunity_order_id_api_order"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lever_opportunity_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lever_opportunity")),
        sa.UniqueConstraint("link_id", "opportunity", name=op.f("uq_lever_opportunity_link_id_opportunity")),
    )
    for column in ("due_at", "order_id", "organisation_id"):
        op.create_index(op.f(f"ix_lever_opportunity_{column}"), "lever_opportunity", [column], unique=False)


    op.create_table(
        "partner_callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("due_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("told_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["api_order.id"], name=op.f("fk_partner_callback_order_id_api_order"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_callback_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_callback")),
        sa.UniqueConstraint("order_id", name=op.f("uq_partner_callback_order_id")),
    )
    for column in ("due_at", "organisation_id"):
        op.create_index(op.f(f"ix_partner_callback_{column}"), "partner_callback", [column], unique=False)
    op.add_column("api_token", sa.Column("answer_key", sa.String(length=400), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("api_token", "answer_key")
    op.drop_table("partner_callback")
    op.drop_table("lever_opportunity")
    op.drop_table("lever_link")
