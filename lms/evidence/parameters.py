"""Item parameters by revision: those of a calibration, else the expert prior that the item itself carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from lms import publishing
from lms.content.model import Item
from lms.content.questions import starting_parameters
from lms.database import db
from lms.evidence.frameworks import framework
from lms.evidence.parameter_models import ItemParameter, ParameterSet
from lms.psychometrics.items import ItemParameters
from lms.publishing.models import Revision

_NEWEST = select(ParameterSet).order_by(ParameterSet.id.desc()).limit(1)
_NEWEST_ID = select(func.max(ParameterSet.id))
_IN_SET = select(ItemParameter).where(
    ItemParameter.set_id == bindparam("set"), ItemParameter.revision_id.in_(bindparam("revisions", expanding=True))
)


def current_set() -> ParameterSet | None:
    """The newest calibration, or None while items still stand on their priors."""
    return db.session.scalar(_NEWEST)


def current_set_id() -> int | None:
    """Its number alone."""
    return db.session.scalar(_NEWEST_ID)


def calibrated_answers(revision_id: int) -> int | None:
    """Answers that the current set's parameters of a revision rest on; None where it stands on its prior."""
    newest = current_set()
    row = db.session.get(ItemParameter, (newest.id, revision_id)) if newest else None
    return row.n if row else None


def drifts() -> dict[int, Mapping[str, Any]]:
    """What the newest calibration says of anchors that moved, by revision: answers, change (levels by which it is
    harder), error."""
    newest = current_set()
    return {line["revision"]: line for line in newest.drifted} if newest else {}


def parameters(revision_ids: Iterable[int]) -> dict[int, ItemParameters]:
    """The scoring unit of every item revision: from the current set, else its prior."""
    return units(revision_ids, current_set_id())


def units(revision_ids: Iterable[int], set_id: int | None) -> dict[int, ItemParameters]:
    """The same from one set, None for the priors alone; items that the set does not hold fall back to their priors. A
    revision that is no readable item has none."""
    wanted = set(revision_ids)
    rows = [] if set_id is None else db.session.scalars(_IN_SET, {"set": set_id, "revisions": wanted}).all()
    items = publishing.find_items(wanted)
    calibrated = {row.revision_id: _unit(row, items[row.revision_id]) for row in rows if row.revision_id in items}
    cuts = framework().cuts.theta  # looked up once, not for each of a thousand items
    left = {revision: item for revision, item in items.items() if revision not in calibrated}
    calibrated |= _learned_on_trial(left, set_id)
    return {revision: calibrated.get(revision) or _prior(item, cuts) for revision, item in items.items()}


def _learned_on_trial(items: Mapping[int, Item], set_id: int | None) -> dict[int, ItemParameters]:
    """Of items that count now and are in all else what was on trial: what was learned of them then."""
    by_key = {item.id: revision for revision, item in items.items() if not item.pretest}
    if set_id is None or not by_key:
        return {}
    rows = select(ItemParameter).join(Revision).where(ItemParameter.set_id == set_id, Revision.key.in_(by_key))
    before = [(row, publishing.find_item(row.revision_id)) for row in db.session.scalars(rows)]
    return {
        by_key[item.id]: _unit(row, item)
        for row, item in before
        if item and item.pretest and item.asked == items[by_key[item.id]].asked
    }


def prior(revision_id: int) -> ItemParameters:
    """The scoring unit that the item's own expert difficulty gives."""
    return _prior(publishing.item(revision_id), framework().cuts.theta)


@lru_cache(maxsize=2048)
def _prior(item: Item, cuts: tuple[float, ...]) -> ItemParameters:
    """cuts: of the shipped framework; an edition's move no item. Kept, as items never change."""
    start = starting_parameters(item, cuts)
    return ItemParameters(start.a, tuple(start.b), start.c, start.sd_b, item.id)


def _unit(row: ItemParameter, item: Item) -> ItemParameters:
    return ItemParameters(row.a, tuple(row.b), row.c, row.sd_b, item.id)
