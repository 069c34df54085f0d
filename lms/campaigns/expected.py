"""What has been measured of a test for a role, and having it measured: figures are kept with their date, the number of
people, the seed and the questions' version, and hold for exactly that role, test and pool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from lms import clock, evidence, publishing
from lms.assess import Specification
from lms.campaigns import simulation
from lms.campaigns.models import Expectation
from lms.campaigns.offered_works import OfferedWork
from lms.campaigns.parts import Part, bank_of, rules_of, works_of
from lms.competency import Framework, role_profiles
from lms.config import LANGUAGES
from lms.database import db, write_aside
from lms.database.transaction import read_transaction, transaction
from lms.database.upsert import insert_for

PERSONS, SEED = 300, 20261127  # some ten seconds of one core
MATTERS = ("pool", "selection", "least", "most", "blueprint", "target_sd", "cut", "cuts")  # of a test's rules
AT_ONCE = 4  # that one round of the job measures


def expectation(framework: Framework, role: str, parts: Sequence[Part]) -> Expectation | None:
    """What is known of this role, form and pool; without `measured_at` while it is being measured."""
    return db.session.get(Expectation, fingerprint(framework, role, parts))


def figures_of(framework: Framework, role: str, parts: Sequence[Part]) -> dict[str, Any]:
    """The measured figures with where they come from, as a campaign keeps them; empty before they are there."""
    row = expectation(framework, role, parts)
    if row is None or row.figures is None or row.measured_at is None:
        return {}
    return {**row.figures, "measured_at": row.measured_at.isoformat(), "content_version": row.content_version}


def ask_for(organisation_id: int, framework: Framework, role: str, parts: Sequence[Part]) -> None:
    """Have it measured in the background, unless it is or will be; pages that only read ask for it too. Nobody's data
    is touched."""
    row = _row(organisation_id, framework, role, parts)
    write_aside(insert_for(Expectation).values(**row).on_conflict_do_nothing())


def _row(organisation_id: int, framework: Framework, role: str, parts: Sequence[Part]) -> dict[str, Any]:
    works = [part for part in parts if part["kind"] == "work"]
    return {
        "fingerprint": fingerprint(framework, role, parts),
        "role": role,
        "asked": {"organisation": organisation_id, "rules": rules_of(parts).plain(), "works": works},
        "content_version": content_version(_bank(rules_of(parts))),
        "asked_at": clock.now(),
    }


def measure_now(
    organisation_id: int, framework: Framework, role: str, parts: Sequence[Part], persons: int, seed: int
) -> Expectation:
    """Measure and keep it, also where it was measured before; the caller commits."""
    row = _row(organisation_id, framework, role, parts)
    db.session.execute(insert_for(Expectation).values(**row).on_conflict_do_nothing())
    kept = db.session.get_one(Expectation, row["fingerprint"])
    _keep(kept, _measured(framework, role, parts, persons, seed))
    return kept


def stored(organisation_id: int) -> list[tuple[str, list[Part]]]:
    """(role, parts) of all that was ever asked for this organisation, own mixes too."""
    rows = db.session.scalars(select(Expectation).order_by(Expectation.role, Expectation.fingerprint))
    return [(row.role, _parts(row)) for row in rows if row.asked["organisation"] == organisation_id]


def _parts(row: Expectation) -> list[Part]:
    return [{"kind": "test", "minutes": 0.0, "rules": row.asked["rules"]}, *row.asked.get("works", ())]


def measure_waiting() -> int:
    """The job: what pages have asked for, one after the other; how many were measured."""
    waiting = select(Expectation.fingerprint).where(Expectation.measured_at.is_(None)).limit(AT_ONCE)
    with read_transaction():
        keys = list(db.session.scalars(waiting.order_by(Expectation.asked_at)))
    return sum(_measure_one(key) for key in keys)


def _measure_one(key: str) -> bool:
    with read_transaction():  # for seconds: a transaction that may write would keep everybody from saving (SQLite)
        figures = _figures_for(key)
    return _store(key, figures) if figures else _drop(key)


def _figures_for(key: str) -> dict[str, Any]:
    """Empty where role or questions were changed since: nobody will look at it."""
    row = db.session.get_one(Expectation, key)
    organisation_id, role, parts = row.asked["organisation"], row.role, _parts(row)
    with publishing.content_of(organisation_id):
        framework = evidence.framework(organisation_id)
        if role not in role_profiles(framework) or fingerprint(framework, role, parts) != key:
            return {}
        return _measured(framework, role, parts, PERSONS, SEED)


@transaction
def _store(key: str, figures: dict[str, Any]) -> bool:
    _keep(db.session.get_one(Expectation, key), figures)
    return True


@transaction
def _drop(key: str) -> bool:
    db.session.delete(db.session.get_one(Expectation, key))
    return False


def _keep(row: Expectation, figures: dict[str, Any]) -> None:
    row.figures, row.measured_at = figures, clock.now()


def _measured(framework: Framework, role: str, parts: Sequence[Part], persons: int, seed: int) -> dict[str, Any]:
    test = rules_of(parts)
    form = simulation.SimulatedForm(test, _bank(test), works_of(parts))
    return asdict(simulation.measure(framework, role, form, persons, seed))


def fingerprint(framework: Framework, role: str, parts: Sequence[Part]) -> str:
    """Equal for equal role, level rules, test, questions, work samples and their parameters, wherever they are kept."""
    profile, newest, test = role_profiles(framework)[role], evidence.current_set(), rules_of(parts)
    rules = {name: value for name, value in test.plain().items() if name in MATTERS}
    parts_said = [repr(profile), repr(framework.cuts), repr(framework.gates), rules, *map(_told, works_of(parts))]
    made_of = json.dumps([*parts_said, _texts_hash(tuple(_bank(test))), newest.id if newest else None], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()


def _told(work: OfferedWork) -> list[Any]:
    return [work.code, work.minutes, work.kind, sorted(work.subs), repr(work.unit), work.by_people]


def content_version(bank: Sequence[int]) -> str:
    return _texts_hash(tuple(bank))[:12]


@lru_cache(maxsize=8)
def _texts_hash(bank: tuple[int, ...]) -> str:
    """Of the questions' sources, whatever numbers an installation gives them."""
    sources = sorted(publishing.item(revision).source for revision in bank)
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def _bank(test: Specification) -> list[int]:
    return bank_of(test, LANGUAGES)
