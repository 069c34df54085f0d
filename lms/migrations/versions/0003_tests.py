"""a test is an object

Revision: 0003, after: 0001

Purposes are the names of registered tests, so no list of them stands in the database any more, and an attempt keeps the
rules that it began with. Attempts of before get those that their purpose had; an attempt that is still open ends by the
new rule for unanswered questions, the old one being a fault.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TRAINEE = {"version": 1, "title": {}, "roles": ["trainee"], "result_endpoint": "learn.result", "pool": "practice",
           "part": "", "selection": "drawn", "least": 0, "most": 0, "blueprint": {}, "target_sd": None, "cut": None,
           "seconds": None, "item_seconds": None, "revisit": True, "unanswered": "wrong", "gives_evidence": False,
           "pass_mark": None, "explained": True, "pause": 0}
RULES = {
    "check": TRAINEE | {"name": "check", "part": "module", "least": 6, "most": 8, "item_seconds": 120.0,
                        "gives_evidence": True, "pass_mark": 0.80, "pause": 600},
    "pretest": TRAINEE | {"name": "pretest", "pool": "pretest", "part": "course", "selection": "whole",
                          "item_seconds": 120.0, "gives_evidence": True, "pass_mark": 0.85},
    "placement": TRAINEE | {"name": "placement", "pool": "placement", "selection": "adaptive", "most": 20,
                            "revisit": False, "unanswered": "left_out", "gives_evidence": True},
    "review": TRAINEE | {"name": "review", "selection": "due", "most": 10},
    "practice": TRAINEE | {"name": "practice", "part": "module", "least": 6, "most": 8},
}
PURPOSES = "IN ('check', 'pretest', 'placement', 'review', 'practice'"



def upgrade() -> None:
    op.add_column("attempt", sa.Column("rules", sa.JSON(), nullable=True))
    attempt = sa.table("attempt", sa.column("purpose", sa.String), sa.column("rules", sa.JSON))
    for purpose, rules in RULES.items():
        op.execute(attempt.update().where(attempt.c.purpose == purpose).values(rules=rules))
    with op.batch_alter_table("attempt") as batch:
        batch.drop_constraint(op.f("ck_attempt_purpose_known"), type_="check")
        batch.alter_column("rules", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("purpose", existing_type=sa.String(12), type_=sa.String(40), existing_nullable=False)
    with op.batch_alter_table("seen") as batch:
        batch.drop_constraint(op.f("ck_seen_how_known"), type_="check")
        batch.alter_column("how", existing_type=sa.String(12), type_=sa.String(40), existing_nullable=False)
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("purpose", existing_type=sa.String(12), type_=sa.String(40), existing_nullable=False)


def downgrade() -> None:
    """Back to the five purposes; the database refuses while an attempt of another one is in it."""
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("purpose", existing_type=sa.String(40), type_=sa.String(12), existing_nullable=False)
    with op.batch_alter_table("seen") as batch:
        batch.alter_column("how", existing_type=sa.String(40), type_=sa.String(12), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_seen_how_known"), f"how {PURPOSES}, 'embedded')")
    with op.batch_alter_table("attempt") as batch:
        batch.drop_column("rules")
        batch.alter_column("purpose", existing_type=sa.String(40), type_=sa.String(12), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_attempt_purpose_known"), f"purpose {PURPOSES})")
