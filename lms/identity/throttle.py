"""Tries per account and per address, counted in the database before the password is looked at.

An account allows ten tries a quarter of an hour; a right password gives its try back. An address is closed only after
fifty *different* accounts were tried from it in vain, so a classroom behind one address does not suffer from one
person's mistakes. A closed door counts nothing, so it opens a quarter of an hour after the last counted try at the
latest; tries counted by a clock that ran ahead are forgotten when it is put right. A one-time link does not pass here:
a stranger cannot keep an owner out.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import ColumnElement, Insert, and_, delete, func, not_, select, update

from lms import clock
from lms.database import db, write_aside
from lms.database.upsert import insert_for
from lms.identity.models import Throttle

WINDOW = 900  # seconds
BUCKET = 60  # seconds counted together
ACCOUNT, ADDRESS, SECOND = 10, 50, 5  # SECOND: of a second step, whose password is known


def take(account: str, address: str, most: int = ACCOUNT) -> bool:
    """Take one of `most` tries of the account from the address; False when there is none left.

    It is counted and committed before it is judged, so of thirty guesses at once ten are looked at.
    """
    for subject in (_account(account), _pair(account, address)):
        _count(subject)
    allowed = _tries(_account(account)) <= most and _accounts_tried(address) <= ADDRESS
    if not allowed:
        give_back(account, address)
    db.session.commit()
    return allowed


def give_back(account: str, address: str) -> None:
    """The try was none against anybody's will: the password was right. The caller commits."""
    subjects = (_account(account), _pair(account, address))
    newest = select(func.max(Throttle.window)).where(Throttle.subject.in_(subjects)).scalar_subquery()
    newest_counts = (Throttle.subject.in_(subjects), Throttle.window == newest)
    db.session.execute(update(Throttle).where(*newest_counts).values(count=Throttle.count - 1))
    db.session.execute(delete(Throttle).where(*newest_counts, Throttle.count <= 0))


def one_more(subject: str, most: int) -> int:
    """Count one call of a program in the running minute, beside the request: 0 where it is one of `most`, else the
    seconds until the next minute."""
    minute, mine = _bucket(), Throttle.subject == subject
    before = db.session.scalar(select(Throttle.count).where(mine, Throttle.window == minute)) or 0
    if before >= most:
        return BUCKET - int(clock.now().timestamp()) % BUCKET
    write_aside(_counted(subject, minute))
    if before == 0:
        write_aside(delete(Throttle).where(mine, Throttle.window < minute))
    return 0


def _counted(subject: str, bucket: int) -> Insert:
    first = insert_for(Throttle).values(subject=subject, window=bucket, count=1)
    return first.on_conflict_do_update(index_elements=["subject", "window"], set_={"count": Throttle.count + 1})


def _count(subject: str) -> None:
    db.session.execute(_counted(subject, _bucket()))
    db.session.execute(delete(Throttle).where(not_(_within(2 * WINDOW))))


def _tries(subject: str) -> int:
    counted = select(func.sum(Throttle.count)).where(Throttle.subject == subject, _within(WINDOW))
    return db.session.scalar(counted) or 0


def _accounts_tried(address: str) -> int:
    pairs = Throttle.subject.startswith(_pair("", address, 0))
    counted = select(func.count(Throttle.subject.distinct())).where(pairs, _within(WINDOW))
    return db.session.scalar(counted) or 0


def _account(account: str) -> str:
    return f"account:{_digest(account)}"


def _pair(account: str, address: str, length: int = 24) -> str:
    return f"at:{_digest(address)[:24]}:{_digest(account)[:length]}"


def _digest(value: str) -> str:
    """The table holds no addresses."""
    return hashlib.sha256(value.lower().encode()).hexdigest()[:40]


def _bucket() -> int:
    return int(clock.now().timestamp()) // BUCKET


def _within(seconds: int) -> ColumnElement[bool]:
    """Counted in the last so many seconds, by a clock that may go a little ahead of ours."""
    return and_(Throttle.window > _bucket() - seconds // BUCKET, Throttle.window <= _bucket() + 1)
