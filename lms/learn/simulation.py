"""People of known ability on the product's own paths: the placement as it chooses, the checks as they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from lms import evidence, publishing
from lms.assess.adaptive import selector_for
from lms.assess.chance import chance, fixed_chance
from lms.assess.item_sampling import draw
from lms.content.model import Item
from lms.learn.specifications import CHECK, PLACEMENT
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, matrices
from lms.psychometrics.select import Selector
from lms.psychometrics.simulate import sit
from lms.psychometrics.simulated_people import Truth, answered

WORK_SAMPLE = ItemParameters(1.2, (-1.5, 0.0, 1.5), 0.0, 0.3)  # one criterion of a rubric, around Walk.work_at
RUBRICS = ("work sample", "simulation")  # kinds of performance that two people rate


@dataclass(frozen=True)
class Walk:
    """What a person goes through. courses: slugs of which every check is sat; work_samples: rated criteria for each
    sub-competency; work_at: theta around which they are hard."""

    courses: frozenset[str] = frozenset()
    work_samples: int = 0
    work_at: float = 0.5


class World:
    """The published questions and their parameters, read once."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.skills = rules, evidence.skills()
        newest = evidence.current_set()
        self._set = newest.id if newest else None
        bank = publishing.items(PLACEMENT.pool)
        self._bank = sorted(revision for revision, _ in bank)
        self._checks = {key: publishing.items(CHECK.pool, module=key) for key in publishing.library().modules}
        questions = [*bank, *(pair for pool in self._checks.values() for pair in pool)]
        units = evidence.units((revision for revision, _ in questions), self._set)
        self._question = {revision: _question(item, units[revision]) for revision, item in questions}
        self._selector = selector_for(PLACEMENT, self._bank, self._set)

    @property
    def selector(self) -> Selector:
        return self._selector

    def placement(self, truth: Truth, rng: Generator) -> list[Observation]:
        """The answers of one placement."""
        theta = [truth[skill] for skill in self._selector.skills]
        state, _ = sit(self._selector, theta, rng, int(rng.integers(1 << 62)))
        questions = [self._question[self._bank[place]] for place in state.given]
        return [
            Observation(it.sub, it.item, category, it.kind, it.performance)
            for it, category in zip(questions, state.categories, strict=True)
        ]

    def checks(self, walk: Walk, rng: Generator) -> Iterator[Observation]:
        """The questions of every check of the walk's courses, drawn as they are for a person."""
        modules = publishing.library().modules
        with fixed_chance(int(rng.integers(1 << 62))):
            forms = [
                draw(pool, (), chance(), CHECK.least, CHECK.most)
                for key, pool in self._checks.items()
                if modules[key].course in walk.courses
            ]
        yield from (self._question[revision] for form in forms for revision in form)

    def work(self, walk: Walk) -> Iterator[Observation]:
        """Criteria of work samples about every sub-competency."""
        thresholds = tuple(walk.work_at + b for b in WORK_SAMPLE.b)
        item = ItemParameters(WORK_SAMPLE.a, thresholds, 0.0, WORK_SAMPLE.sd_b)
        for sub in (sub for subs in self.skills.values() for sub in subs):
            for at in range(walk.work_samples):
                yield Observation(sub, item, 0, RUBRICS[at % len(RUBRICS)], True, 2, True)

    def people(self, truths: Sequence[Truth], walk: Walk, rng: Generator) -> list[tuple[Truth, Matrix]]:
        """Everybody's matrix after a placement and the walk."""
        seen = [
            self.placement(truth, rng) + answered([*self.checks(walk, rng), *self.work(walk)], truth, rng)
            for truth in truths
        ]
        return list(zip(truths, matrices(seen, self.skills, self.rules), strict=True))


def _question(item: Item, unit: ItemParameters) -> Observation:
    return Observation(item.sub, unit, -1, item.type, item.performance)
