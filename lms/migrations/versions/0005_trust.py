"""letters know their link, registrations are no invitations

Revision: 0005, after: 0004
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KNOWN = "ck_one_time_token_purpose_known"


def upgrade() -> None:
    heartbeat = op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    op.bulk_insert(heartbeat, [{"id": 1, "at": datetime.now(UTC)}])
    with op.batch_alter_table("one_time_token") as table:
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), "purpose IN ('invitation', 'registration', 'reset', 'sign_in')")
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("token_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("useless_from", UTCDateTime(timezone=True), nullable=True))
        name = op.f("fk_outbox_mail_token_id_one_time_token")
        table.create_foreign_key(name, "one_time_token", ["token_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_outbox_mail_token_id"), ["token_id"])


def downgrade() -> None:
    op.drop_table("heartbeat")
    op.execute("DELETE FROM one_time_token WHERE purpose = 'registration'")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_index(op.f("ix_outbox_mail_token_id"))
        table.drop_constraint(op.f("fk_outbox_mail_token_id_one_time_token"), type_="foreignkey")
        table.drop_column("useless_from")
        table.drop_column("token_id")
    with op.batch_alter_table("one_time_token") as table:
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), "purpose IN ('invitation', 'reset', 'sign_in')")
