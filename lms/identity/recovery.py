"""Recovery codes: ten, shown once, each works once. 120 random bits a code, so that its plain SHA-256 suffices."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, select, update

from lms import clock
from lms.database import db
from lms.identity.factor_models import RecoveryCode
from lms.identity.sessions import digest

NUMBER, GROUPS, GROUP = 10, 4, 6
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # five bits each; none that reads like another
READ_ALIKE = str.maketrans("1l", "ii")


def renew(person_id: int) -> list[str]:
    """Ten new codes in place of those before, to be shown now: only their hashes are kept. The caller commits."""
    forget(person_id)
    codes = ["-".join(_group() for _ in range(GROUPS)) for _ in range(NUMBER)]
    db.session.add_all(RecoveryCode(person_id=person_id, code_hash=digest(_bare(code))) for code in codes)
    return codes


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(GROUP))


def _bare(code: str) -> str:
    """As it is compared: without what people put between, and with look-alikes as one."""
    return "".join(sign for sign in code.lower() if sign.isalnum()).translate(READ_ALIKE)


def use(person_id: int, code: str) -> bool:
    """Whether it is one of the person's codes and not used yet; then it is used now. The caller commits."""
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.code_hash == digest(_bare(code)))
    statement = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=clock.now())
    return db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def left(person_id: int) -> int:
    unused = select(func.count(RecoveryCode.id)).filter_by(person_id=person_id, used_at=None)
    return db.session.scalar(unused) or 0


def forget(person_id: int) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
