"""work that people judge: raters, works, what was written, ratings; pieces of a portfolio

Revision: 0017, after: 0018
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0017"
down_revision = "0018"
branch_labels = None
depends_on = None
RUNNING = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "rater",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rater_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rater_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_rater")),
    )
    op.create_index(op.f("ix_rater_organisation_id"), "rater", ["organisation_id"])
    _works()
    _saves()
    _ratings()
    op.add_column("work_evidence", sa.Column("portfolio", sa.Boolean(), nullable=False, server_default=sa.false()))


def _works() -> None:
    op.create_table(
        "rated_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("variant", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("give_back_url", sa.String(200), nullable=False),
        sa.Column("for_evidence", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("started_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_by", sa.String(12), nullable=True),
        sa.Column("settled_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("finished_by IN ('person', 'deadline')", name=op.f("ck_rated_work_finisher_known")),
        sa.CheckConstraint("(finished_at IS NULL) = (finished_by IS NULL)", name=op.f("ck_rated_work_end_has_both")),
        sa.CheckConstraint("language IN ('hy', 'en')", name=op.f("ck_rated_work_language_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rated_work_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rated_work_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rated_work")),
    )
    op.create_index(op.f("ix_rated_work_person_id"), "rated_work", ["person_id"])
    op.create_index("ix_rated_work_waiting", "rated_work", ["organisation_id", "settled_at", "finished_at"])
    op.create_index(
        "uq_rated_work_open",
        "rated_work",
        ["person_id", "task", "give_back_url"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def _saves() -> None:
    op.create_table(
        "work_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("received_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_work_save_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["rated_work.id"], name=op.f("fk_work_save_work_id_rated_work"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_save_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_save")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_work_save_work_id_number")),
    )
    op.create_index(op.f("ix_work_save_person_id"), "work_save", ["person_id"])


def _ratings() -> None:
    op.create_table(
        "work_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("taken_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("rater_id <> person_id", name=op.f("ck_work_rating_nobody_rates_themselves")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["rated_work.id"], name=op.f("fk_work_rating_work_id_rated_work"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_rating_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_work_rating_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_work_rating_rater_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_rating")),
        sa.UniqueConstraint("work_id", "rater_id", name=op.f("uq_work_rating_work_id_rater_id")),
    )
    op.create_index(op.f("ix_work_rating_person_id"), "work_rating", ["person_id"])
    op.create_index(op.f("ix_work_rating_rater_id"), "work_rating", ["rater_id"])
    op.create_index("ix_work_rating_organisation", "work_rating", ["organisation_id", "given_at"])


def downgrade() -> None:
    op.drop_column("work_evidence", "portfolio")
    for table in ("work_rating", "work_save", "rated_work", "rater"):
        op.drop_table(table)
