"""whether a person has chosen their language

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("language_chosen", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE person SET language_chosen = (1 = 1)")  # who is here keeps what they have


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("language_chosen")
