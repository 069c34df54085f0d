"""What a test will do for a role, measured before use: people of known ability sit it and are held against the role.

They are spread evenly from one and a half below to one and a half above what the role asks (a level is one wide), each
skill a little off the others. A sub-competency is as strong as its skill; answers are as the model says, and so is what
a work sample shows: a category of each of its units, whose thresholds lie where bots and anchors put them, give or take
the error that is stated of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from lms import evidence, publishing
from lms.assess import Specification
from lms.assess.adaptive import selector_for
from lms.campaigns.offered_works import OfferedWork
from lms.campaigns.simulated import REACH, Truth, is_able, says, truth_at
from lms.campaigns.simulated_figures import Expected, decided_skills, lines_of, share_of, undecided_of
from lms.competency import Framework, level_rules, role_profiles
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import Items
from lms.psychometrics.matrix import Matrix, matrices
from lms.psychometrics.profile import RoleProfile, role_gap
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.simulate import draw_answers, shared_effects, sit

LENGTHS, ALIKE = (4, 6, 8, 10, 12), 15  # questions of one skill; people on either side


@dataclass(frozen=True)
class SimulatedForm:
    """What people go through: the test over these revisions, then the work samples."""

    test: Specification
    bank: Sequence[int]
    works: Sequence[OfferedWork] = ()


def measure(framework: Framework, role: str, form: SimulatedForm, persons: int, seed: int) -> Expected:
    """Send so many simulated people through the form. KeyError for a role that there is not."""
    rng, profile = np.random.default_rng(seed), role_profiles(framework)[role]
    test, bank = form.test, form.bank
    newest = evidence.current_set()
    parameter_set = newest.id if newest else None
    test = replace(test, testlet_sd=framework.precision.testlet_sd)
    selector = selector_for(test, bank, parameter_set)
    distances = np.linspace(-REACH, REACH, persons)
    truths = [truth_at(framework, profile, float(distance), rng) for distance in distances]
    sat = [_sit(selector, truth, rng) for truth in truths]
    questions = _questions(bank, parameter_set)
    answers = [[_answer(questions[place], category) for place, category in _given(state)] for state in sat]
    shown = {work.code: [_shown(work, truth, test.testlet_sd, rng) for truth in truths] for work in form.works}
    people = _People(framework, profile, truths, distances.tolist(), answers, shown)
    curves = _lengths(framework, profile, (test, bank, parameter_set), questions, rng)
    return _expected(people, form, sat, curves, seed)


@dataclass(frozen=True)
class _People:
    """answers: of each to the questions; shown: what each work sample showed of each."""

    framework: Framework
    role: RoleProfile
    truths: list[Truth]
    distances: list[float]
    answers: list[list[Observation]]
    shown: dict[str, list[list[Observation]]]

    def matrices(self, without: str = "") -> list[Matrix]:
        """Everybody's from all that they did, but for one work sample."""
        shown = [of_all for code, of_all in self.shown.items() if code != without]
        observations = [
            [*answered, *(unit for of_all in shown for unit in of_all[at])] for at, answered in enumerate(self.answers)
        ]
        return matrices(observations, self.framework.tree, level_rules(self.framework))


def _shown(work: OfferedWork, truth: Truth, testlet_sd: float, rng: Generator) -> list[Observation]:
    """What the work sample shows of somebody, once, with the error of its thresholds and what its parts share."""
    subs = sorted(work.subs)
    skills = [sub.partition(".")[0] for sub in subs]
    abilities = np.array([truth[skill] for skill in skills]) + shared_effects(skills, testlet_sd, rng)
    categories = draw_answers(Items.of([work.unit] * len(subs)), abilities, rng)
    return [
        Observation(sub, work.unit, int(category), work.kind, True, work.raters, testlet=work.code)
        for sub, category in zip(subs, categories, strict=True)
    ]


def _sit(selector: Selector, truth: Truth, rng: Generator) -> TestState:
    state, _end = sit(selector, [truth[skill] for skill in selector.skills], rng, int(rng.integers(1 << 62)))
    return state


def _given(state: TestState) -> list[tuple[int, int]]:
    return list(zip(state.given, state.categories, strict=True))


def _questions(bank: Sequence[int], parameter_set: int | None) -> list[Observation]:
    units = evidence.units(bank, parameter_set)
    items = [(publishing.item(revision), units[revision]) for revision in bank]
    return [
        Observation(item.sub, unit, -1, item.type, item.performance, testlet=item.set_id or "") for item, unit in items
    ]


def _answer(question: Observation, category: int) -> Observation:
    return replace(question, category=category)


def _lengths(
    framework: Framework,
    role: RoleProfile,
    test: tuple[Specification, Sequence[int], int | None],
    questions: Sequence[Observation],
    rng: Generator,
) -> dict[str, dict[str, float]]:
    """Tests of one skill each, read off after so many questions."""
    rules, bank, parameter_set = test
    by_skill = {}
    for skill in (skill for skill, level in role.required.items() if level):
        subs = {name: share for name, share in rules.blueprint.items() if name.startswith(f"{skill}.")}
        alone = replace(rules, least=LENGTHS[-1], most=LENGTHS[-1], cuts={}, blueprint={skill: 1.0} | subs)
        cut = framework.cuts.theta[role.required[skill] - 1]
        selector = selector_for(alone, bank, parameter_set)
        away = [sign for sign in (-1.0, 1.0) for _ in range(ALIKE)]
        sat = [_sit(selector, {skill: cut + sign}, rng) for sign in away]
        answers = [[_answer(questions[place], category) for place, category in _given(state)] for state in sat]
        by_skill[skill] = {str(count): _told(framework, skill, cut, away, answers, count) for count in LENGTHS}
    return by_skill


def _told(
    framework: Framework,
    skill: str,
    cut: float,
    away: Sequence[float],
    answers: Sequence[Sequence[Observation]],
    count: int,
) -> float:
    estimates = matrices([of_person[:count] for of_person in answers], framework.tree, level_rules(framework))
    cells = [matrix.cells[skill] for matrix in estimates]
    right = [cell.low > cut if sign > 0 else cell.high < cut for sign, cell in zip(away, cells, strict=True)]
    return share_of(np.array(right))


def _expected(
    people: _People, form: SimulatedForm, sat: Sequence[TestState], curves: dict[str, dict[str, float]], seed: int
) -> Expected:
    role, estimates = people.role, people.matrices()
    gaps = [role_gap(matrix, role) for matrix in estimates]
    words = np.array([says(gap, role) for gap in gaps])
    able = np.array([is_able(people.framework, role, truth) for truth in people.truths])
    lengths = np.percentile([len(state.given) for state in sat], (5, 50, 95))
    shortest, questions, longest = (float(length) for length in lengths)
    uses = np.bincount([place for state in sat for place in state.given], minlength=len(form.bank))
    undecided = undecided_of(gaps, role)
    return Expected(
        persons=len(gaps),
        seed=seed,
        false_pass=share_of(words[~able] == "meets"),
        false_fail=share_of(words[able] == "below"),
        open=share_of(words == "open"),
        lines=lines_of(np.array(people.distances), words),
        questions=questions,
        shortest=shortest,
        longest=longest,
        exposure=float(uses.max() / len(gaps)),
        pool=len(form.bank),
        undecided=undecided,
        skills=decided_skills(estimates, role),
        lengths=curves,
        works={work.code: _lost_without(people, work.code, undecided) for work in form.works},
        confirmed=share_of(np.array([gap.outcome == "met" for gap in gaps])[able]),
        work_minutes=float(sum(work.minutes for work in form.works)),
    )


def _lost_without(people: _People, work: str, undecided: Sequence[str]) -> list[str]:
    gaps = [role_gap(matrix, people.role) for matrix in people.matrices(without=work)]
    return [key for key in undecided_of(gaps, people.role) if key not in undecided]
