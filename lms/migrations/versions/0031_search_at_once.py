"""PostgreSQL's index for search takes each section at once: what waits in its list makes the planner read every text

Revision: 0031, after: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_section_stems SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_search_section_stems')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_section_stems RESET (fastupdate)")
