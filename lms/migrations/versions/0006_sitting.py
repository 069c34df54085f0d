"""answers found by index, certificates reissued, practice texts with a version

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _where(condition: str, sqlite: str | None = None) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(sqlite or condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("result_shown_at", UTCDateTime(timezone=True), nullable=True))
        table.drop_index("ix_attempt_overdue")
        table.create_index("ix_attempt_overdue", ["deadline_at"], **_where("submitted_at IS NULL"))
    # Whether a result of before was met nobody knows, so it counts as met.
    op.execute("UPDATE attempt SET result_shown_at = submitted_at")
    with op.batch_alter_table("response") as table:
        table.drop_index("ix_response_current")
        table.create_index(
            "ix_response_current", ["attempt_item_id", "client_seq"], **_where("late IS false", "late IS 0")
        )
        table.create_index("ix_response_item", ["attempt_item_id"])
    with op.batch_alter_table("practice_work") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("writer", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("seq", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("practice_work") as table:
        for name, kind in (("version", sa.Integer()), ("writer", sa.String(64)), ("seq", sa.BigInteger())):
            table.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    with op.batch_alter_table("certificate") as table:
        table.add_column(sa.Column("withdrawn_at", UTCDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("replaces", sa.String(32), nullable=True))
        table.drop_constraint(op.f("uq_certificate_person_id_course"), type_="unique")
        table.create_index(
            "uq_certificate_valid", ["person_id", "course"], unique=True, **_where("withdrawn_at IS NULL")
        )


def downgrade() -> None:
    """Withdrawn certificates go: the release before knows one a course."""
    op.execute("DELETE FROM certificate WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("certificate") as table:
        table.drop_index("uq_certificate_valid")
        table.create_unique_constraint(op.f("uq_certificate_person_id_course"), ["person_id", "course"])
        table.drop_column("replaces")
        table.drop_column("withdrawn_at")
    with op.batch_alter_table("practice_work") as table:
        for name in ("seq", "writer", "version"):
            table.drop_column(name)
    with op.batch_alter_table("response") as table:
        table.drop_index("ix_response_item")
        table.drop_index("ix_response_current")
        table.create_index("ix_response_current", ["attempt_item_id", "client_seq"])
    with op.batch_alter_table("attempt") as table:
        table.drop_index("ix_attempt_overdue")
        table.create_index("ix_attempt_overdue", ["deadline_at", "submitted_at"])
        table.drop_column("result_shown_at")
