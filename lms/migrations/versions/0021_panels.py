"""standard setting: panels, their judges, what they rated

Revision: 0021, after: 0019
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(80), nullable=False),
        sa.Column("pool", sa.String(12), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closes_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("adopted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("level >= 1 AND level <= 5", name=op.f("ck_panel_level_in_range")),
        sa.CheckConstraint("state IN ('first', 'second', 'closed')", name=op.f("ck_panel_state_known")),
        sa.CheckConstraint("pool IN ('placement', 'practice')", name=op.f("ck_panel_pool_open")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_panel_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["adopted_by"], ["person.id"], name=op.f("fk_panel_adopted_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_panel_created_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    op.create_index(op.f("ix_panel_organisation_id"), "panel", ["organisation_id"])
    _judges()
    _ratings()


def _judges() -> None:
    op.create_table(
        "panel_judge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("invited_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("first_done_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("second_done_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('hy', 'en')", name=op.f("ck_panel_judge_language_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_panel_judge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_judge_panel_id_panel"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_judge")),
        sa.UniqueConstraint("panel_id", "email", name=op.f("uq_panel_judge_panel_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_panel_judge_token_hash")),
    )


def _ratings() -> None:
    op.create_table(
        "panel_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_panel_rating_round_known")),
        sa.CheckConstraint("value >= 0 AND value <= 100", name=op.f("ck_panel_rating_value_of_a_hundred")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_panel_rating_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_panel_rating_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_rating_panel_id_panel"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["panel_judge.id"], name=op.f("fk_panel_rating_judge_id_panel_judge"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_rating")),
        sa.UniqueConstraint("judge_id", "round", "position", name=op.f("uq_panel_rating_judge_id_round_position")),
    )
    op.create_index(op.f("ix_panel_rating_panel_id"), "panel_rating", ["panel_id"])


def downgrade() -> None:
    for table in ("panel_rating", "panel_judge", "panel"):
        op.drop_table(table)
