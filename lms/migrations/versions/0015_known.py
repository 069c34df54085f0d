"""what a test began from, where it begins from the person's evidence; the language that an answer was given in

Revision: 0015, after: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("known", sa.JSON, nullable=True))
    for name in ("response", "evidence"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("language", sa.String(2), nullable=True))


def downgrade() -> None:
    for name in ("response", "evidence"):
        with op.batch_alter_table(name) as table:
            table.drop_column("language")
    with op.batch_alter_table("attempt") as table:
        table.drop_column("known")
