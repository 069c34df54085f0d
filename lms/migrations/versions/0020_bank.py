"""which table an answer was about; questions on trial and their answers; anchors that drift

Revision: 0020, after: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("testlet", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.drop_column("testlet")
