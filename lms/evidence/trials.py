"""Questions on trial: they count for nobody, and are asked until their difficulty is known.

How well it is known follows from the present parameter set's error and from what the answers since then tell, so a
trial ends by itself between two calibrations; only a calibration says that it succeeded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from sqlalchemy import case, func, select

from lms.content.model import Item
from lms.database import db
from lms.database.upsert import insert_new
from lms.evidence.evidence import Answer, Sitting, seen_keys
from lms.evidence.models import TrialAnswer
from lms.evidence.parameter_models import ItemParameter
from lms.evidence.parameters import current_set, parameters
from lms.evidence.skill_estimates import estimates_of
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import information

KNOWN = 0.3  # standard error of a difficulty from which it counts as known
NOBODY = (0.0, 1.0)  # mean and SD of somebody without evidence


@dataclass(frozen=True)
class Trial:
    """n: first answers; share: mean of the full score, None without any; error: of the difficulty, by all of them;
    calibrated: the same by the newest calibration alone, None where that holds nothing of the question."""

    n: int
    share: float | None
    error: float
    calibrated: float | None

    @property
    def wanted(self) -> bool:
        """Whether more answers are needed."""
        return self.error > KNOWN

    @property
    def known(self) -> bool:
        """Whether a calibration says that it may count."""
        return self.calibrated is not None and self.calibrated <= KNOWN


def trial_of(revision_id: int) -> Trial:
    """How far the trial of a question is."""
    return _trials([revision_id])[revision_id]


def wanted_trials(person_id: int, candidates: Sequence[tuple[int, Item]]) -> list[int]:
    """Revisions of the candidates that still need answers and are new to the person, the one first whose error this
    person's answer would narrow most: hard and easy ones go to whom they fit, and few answers count for much."""
    exposed = seen_keys(person_id) if candidates else frozenset()
    fresh = {revision: item for revision, item in candidates if item.id not in exposed}
    if not fresh:
        return []
    trials, informations = _trials(fresh), _information(person_id, fresh)
    gain = {
        revision: trial.error - _error(trial.error, informations[revision])
        for revision, trial in trials.items()
        if trial.wanted
    }
    return sorted(gain, key=lambda revision: -gain[revision])


def record_trials(sitting: Sitting, answers: Sequence[Answer]) -> None:
    """Keep first answers to questions on trial; they change nothing that is known of the person."""
    exposed = seen_keys(sitting.person_id) if answers else frozenset()
    first = {answer.revision_id: answer for answer in answers if answer.item.id not in exposed}
    if first:
        informations = _information(sitting.person_id, {revision: answer.item for revision, answer in first.items()})
        insert_new(TrialAnswer, [_row(sitting, answer, informations[revision]) for revision, answer in first.items()])


def _row(sitting: Sitting, answer: Answer, information: float) -> dict[str, object]:
    return {
        "person_id": sitting.person_id,
        "attempt_id": sitting.attempt_id,
        "item_key": answer.item.id,
        "revision_id": answer.revision_id,
        "sub": answer.item.sub,
        "category": answer.category,
        "categories": answer.categories,
        "information": information,
        "answered_at": answer.answered_at,
        "language": answer.language,
    }


def _trials(revisions: Iterable[int]) -> dict[int, Trial]:
    units, newest = parameters(revisions), current_set()
    since = TrialAnswer.answered_at > newest.created_at if newest else TrialAnswer.id > 0
    share = 1.0 * TrialAnswer.category / (TrialAnswer.categories - 1)
    informed = func.sum(case((since, TrialAnswer.information), else_=0.0))
    trial_rows = select(TrialAnswer.revision_id, func.count(), func.avg(share), informed).group_by(
        TrialAnswer.revision_id
    )
    counted = trial_rows.where(TrialAnswer.revision_id.in_(units)).execution_options(
        unscoped=True
    )  # sums of everybody's
    rows = {row[0]: row for row in db.session.execute(counted)}
    in_set = select(ItemParameter.revision_id).where(ItemParameter.set_id == (newest.id if newest else None))
    calibrated = set(db.session.scalars(in_set.where(ItemParameter.revision_id.in_(units))))
    return {
        revision: Trial(
            rows[revision][1] if revision in rows else 0,
            rows[revision][2] if revision in rows else None,
            _error(unit.sd_b, rows[revision][3] if revision in rows else 0.0),
            unit.sd_b if revision in calibrated else None,
        )
        for revision, unit in units.items()
    }


def _error(sd: float, information: float) -> float:
    """Of a difficulty known by sd, after so much more information."""
    return sqrt(1 / (1 / max(sd, 1e-6) ** 2 + information))


def _information(person_id: int, items: Mapping[int, Item]) -> dict[int, float]:
    """What this person's answer would tell of each difficulty; the less is known of the person, the less."""
    units, abilities = parameters(items), estimates_of(person_id)
    seen_as = {
        revision: _as_seen_by(abilities.get(item.skill, NOBODY), units[revision]) for revision, item in items.items()
    }
    brought = information(Items.of(list(seen_as.values())).with_difficulty_error(), 0.0)[0]
    return dict(zip(seen_as, brought.tolist(), strict=True))


def _as_seen_by(ability: tuple[float, float], unit: ItemParameters) -> ItemParameters:
    """The item with the person at 0, whose uncertainty blurs it as one of its difficulty would."""
    mean, sd = ability
    return replace(unit, b=tuple(b - mean for b in unit.b), sd_b=sd)
