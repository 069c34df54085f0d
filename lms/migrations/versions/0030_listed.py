"""who of the standings counts in the order of the team, and indexes by which ranks are counted

Revision: 0030, after: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None

LEARNS = """UPDATE standing SET listed = EXISTS (
    SELECT 1 FROM person JOIN membership ON membership.person_id = person.id AND membership.role = 'trainee'
    WHERE person.id = standing.person_id AND person.active)"""
OF_ROLE = ["organisation_id", "role", "ranked", "listed"]


def upgrade() -> None:
    op.add_column("standing", sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(LEARNS)
    op.drop_index("ix_standing_order", "standing")
    op.create_index("ix_standing_order", "standing", [*OF_ROLE, "composite", "person_id", "high", "outcome"])
    op.create_index("ix_standing_low", "standing", [*OF_ROLE, "low"])
    op.create_index("ix_standing_high", "standing", [*OF_ROLE, "high"])
    op.create_index("ix_person_organisation_active", "person", ["organisation_id", "active", "name"])


def downgrade() -> None:
    op.drop_index("ix_person_organisation_active", "person")
    for name in ("high", "low", "order"):
        op.drop_index(f"ix_standing_{name}", "standing")
    op.drop_column("standing", "listed")
    op.create_index("ix_standing_order", "standing", ["organisation_id", "role", "ranked", "composite"])
