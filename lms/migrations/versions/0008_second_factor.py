"""a second factor: authenticator app, passkeys, recovery codes, and whom an organisation asks for one

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KNOWN = "ck_one_time_token_purpose_known"
BEFORE = "'invitation', 'registration', 'reset', 'sign_in'"


def upgrade() -> None:
    op.create_table(
        "authenticator_app",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(300), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        _of_person("authenticator_app"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_app")),
        sa.UniqueConstraint("person_id", name=op.f("uq_authenticator_app_person_id")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        _of_person("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", UTCDateTime(timezone=True), nullable=True),
        _of_person("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("factor_roles", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("organisation") as table:
        table.alter_column("factor_roles", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("one_time_token") as table:
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), f"purpose IN ({BEFORE}, 'second_step', 'passkey')")


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_person")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Whoever had a second factor signs in with the password alone again."""
    op.execute("DELETE FROM one_time_token WHERE purpose IN ('second_step', 'passkey')")
    with op.batch_alter_table("one_time_token") as table:
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), f"purpose IN ({BEFORE})")
    with op.batch_alter_table("organisation") as table:
        table.drop_column("factor_roles")
    for name in ("recovery_code", "passkey", "authenticator_app"):
        op.drop_table(name)
