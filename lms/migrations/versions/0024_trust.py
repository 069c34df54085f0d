"""when a run's result was first met, and when a program's token ends

Revision: 0024, after: 0020
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lab_run", sa.Column("result_shown_at", UTCDateTime(timezone=True), nullable=True))
    # Nobody wrote down whether the results of before were looked at.
    op.execute("UPDATE lab_run SET result_shown_at = finished_at WHERE give_back_url = ''")
    op.add_column("api_token", sa.Column("ends_at", UTCDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("api_token", "ends_at")
    op.drop_column("lab_run", "result_shown_at")
