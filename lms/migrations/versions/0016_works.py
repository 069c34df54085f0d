"""runs of every work sample: which task, in which language, and the page that asked for it

Revision: 0016, after: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
RUNNING = sa.text("finished_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("lab_run") as table:
        table.add_column(sa.Column("task", sa.String(40), nullable=False, server_default="campaign"))
        table.add_column(sa.Column("language", sa.String(2), nullable=True))
        table.add_column(sa.Column("give_back_url", sa.String(200), nullable=False, server_default=""))
    _open_runs("person_id", "task", "brief", "give_back_url")


def _open_runs(*columns: str) -> None:
    op.drop_index("uq_lab_run_open", table_name="lab_run")
    op.create_index(
        "uq_lab_run_open",
        "lab_run",
        list(columns),
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    _open_runs("person_id", "brief")
    with op.batch_alter_table("lab_run") as table:
        for name in ("give_back_url", "language", "task"):
            table.drop_column(name)
