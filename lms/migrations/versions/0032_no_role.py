"""a standing of no role for whoever learns and is held against none, so that lists know everybody by their standings;
the index of upper ends says who is below the role

Revision: 0032, after: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NOBODYS = """INSERT INTO standing (person_id, organisation_id, role, ranked, listed, composite, low, high, outcome)
    SELECT id, organisation_id, '', false, learns, 0, 0, 0, 'inconclusive'
    FROM (SELECT person.id, person.organisation_id,
            EXISTS (SELECT 1 FROM standing WHERE standing.person_id = person.id) AS stands,
            EXISTS (SELECT 1 FROM standing WHERE standing.person_id = person.id AND role NOT LIKE 'campaign:%') AS judged,
            person.active AND EXISTS (SELECT 1 FROM membership
                WHERE membership.person_id = person.id AND membership.role = 'trainee') AS learns
          FROM person) AS people
    WHERE NOT judged AND (stands OR learns)"""

OF_ROLE = ["organisation_id", "role", "ranked", "listed"]


def upgrade() -> None:
    op.execute(NOBODYS)
    op.drop_index("ix_standing_high", "standing")
    op.create_index("ix_standing_high", "standing", [*OF_ROLE, "high", "outcome"])


def downgrade() -> None:
    op.drop_index("ix_standing_high", "standing")
    op.create_index("ix_standing_high", "standing", [*OF_ROLE, "high"])
    op.execute("DELETE FROM standing WHERE role = ''")
