"""what a test began from, where it begins from the person's evidence

Revision: 0015, after: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("known", sa.JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("attempt") as table:
        table.drop_column("known")
