"""runs and actions of the Campaign Lab, evidence of work samples

Revision: 0012_lab, after: 0011
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0012_lab"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _lab_run()
    _lab_action()
    _work_evidence()


def _key(table: str, column: str, target: str, cascade: bool = True) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def _lab_run() -> None:
    op.create_table(
        "lab_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("brief", sa.String(40), nullable=False),
        sa.Column("brief_version", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_by", sa.String(12), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("finished_by IN ('person', 'deadline')", name=op.f("ck_lab_run_finisher_known")),
        sa.CheckConstraint("(finished_at IS NULL) = (finished_by IS NULL)", name=op.f("ck_lab_run_end_has_both")),
        sa.CheckConstraint("deadline_at > started_at", name=op.f("ck_lab_run_deadline_after_start")),
        _key("lab_run", "person_id", "person"),
        _key("lab_run", "organisation_id", "organisation", cascade=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_run")),
    )
    op.create_index(op.f("ix_lab_run_person_id"), "lab_run", ["person_id"])
    op.create_index(op.f("ix_lab_run_organisation_id"), "lab_run", ["organisation_id"])
    running = sa.text("finished_at IS NULL")
    op.create_index(
        "uq_lab_run_open",
        "lab_run",
        ["person_id", "brief"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _lab_action() -> None:
    op.create_table(
        "lab_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("received_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_lab_action_number_counts_from_one")),
        sa.CheckConstraint("act IN ('save', 'next', 'undo', 'buy')", name=op.f("ck_lab_action_act_known")),
        sa.CheckConstraint("step BETWEEN 1 AND 7", name=op.f("ck_lab_action_step_of_seven")),
        _key("lab_action", "run_id", "lab_run"),
        _key("lab_action", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_action")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_lab_action_run_id_number")),
        sa.UniqueConstraint("run_id", "idempotency_key", name=op.f("uq_lab_action_run_id_idempotency_key")),
    )
    op.create_index(op.f("ix_lab_action_person_id"), "lab_action", ["person_id"])


def _work_evidence() -> None:
    op.create_table(
        "work_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(80), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("a", sa.Double(), nullable=False),
        sa.Column("b", sa.JSON(), nullable=False),
        sa.Column("sd_b", sa.Double(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("human_raters", sa.Integer(), nullable=False),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("category >= 0", name=op.f("ck_work_evidence_category_not_negative")),
        sa.CheckConstraint("a > 0 AND sd_b >= 0", name=op.f("ck_work_evidence_parameters_make_a_model")),
        _key("work_evidence", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_evidence")),
        sa.UniqueConstraint("work", "work_id", "sub", name=op.f("uq_work_evidence_work_work_id_sub")),
    )
    op.create_index("ix_work_evidence_person_time", "work_evidence", ["person_id", "answered_at"])


def downgrade() -> None:
    op.drop_table("work_evidence")
    op.drop_table("lab_action")
    op.drop_table("lab_run")
