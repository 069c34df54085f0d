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
from lms.campaigns.offered import OfferedWork
from lms.campaigns.simulated import REACH, Truth, is_able, says, truth_at
from lms.competency import Framework, level_rules, role_profiles
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import Items
from lms.psychometrics.matrix import Matrix, matrices
from lms.psychometrics.profile import RoleGap, RoleProfile, role_gap
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.simulate import draw_answers, shared_effects, sit

MOSTLY = 0.5  # of the people: what a test leaves open for more than these, it does not decide
LENGTHS, ALIKE = (4, 6, 8, 10, 12), 15  # questions of one skill; people on either side


@dataclass(frozen=True)
class DistanceLine:
    """People at one distance from what the role asks: shares whom the answers call at, below, or leave open."""

    distance: float
    meets: float
    below: float
    open: float


@dataclass(frozen=True)
class Expected:
    """false_pass: of those below, the share whom the answers call at the role; false_fail: of those at it, the share
    called below; open: of all. questions, shortest, longest: median, 5th and 95th percentile. exposure: the share of
    people who get the question most often given, of a pool of `pool`. undecided: skills and sub-competencies
    whose level the whole form leaves open for most people. skills: share of people whose skill is surely above or
    below what the role asks. lengths: by skill and number of questions, the share of people one level away from what is
    asked who are rightly known to be. works: by work sample of the form, what would be undecided without it. confirmed:
    of people at the role, the share of whom no evidence that it asks for is missing. work_minutes: of all samples."""

    persons: int
    seed: int
    false_pass: float
    false_fail: float
    open: float
    lines: list[DistanceLine]
    questions: float
    shortest: float
    longest: float
    exposure: float
    pool: int
    undecided: list[str]
    skills: dict[str, float]
    lengths: dict[str, dict[str, float]]
    works: dict[str, list[str]]
    confirmed: float
    work_minutes: float


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
    made = matrices([of_person[:count] for of_person in answers], framework.tree, level_rules(framework))
    cells = [matrix.cells[skill] for matrix in made]
    right = [cell.low > cut if sign > 0 else cell.high < cut for sign, cell in zip(away, cells, strict=True)]
    return _share(np.array(right))


def _expected(
    people: _People, form: SimulatedForm, sat: Sequence[TestState], curves: dict[str, dict[str, float]], seed: int
) -> Expected:
    role, made = people.role, people.matrices()
    gaps = [role_gap(matrix, role) for matrix in made]
    words = np.array([says(gap, role) for gap in gaps])
    able = np.array([is_able(people.framework, role, truth) for truth in people.truths])
    lengths = [len(state.given) for state in sat]
    given = np.bincount([place for state in sat for place in state.given], minlength=len(form.bank))
    undecided = _undecided(gaps, role)
    return Expected(
        persons=len(gaps),
        seed=seed,
        false_pass=_share(words[~able] == "meets"),
        false_fail=_share(words[able] == "below"),
        open=_share(words == "open"),
        lines=_lines(np.array(people.distances), words),
        questions=float(np.median(lengths)),
        shortest=float(np.percentile(lengths, 5)),
        longest=float(np.percentile(lengths, 95)),
        exposure=float(given.max() / len(gaps)),
        pool=len(form.bank),
        undecided=undecided,
        skills=_decided(made, role),
        lengths=curves,
        works={work.code: _lost_without(people, work.code, undecided) for work in form.works},
        confirmed=_share(np.array([gap.outcome == "met" for gap in gaps])[able]),
        work_minutes=float(sum(work.minutes for work in form.works)),
    )


def _lost_without(people: _People, work: str, undecided: Sequence[str]) -> list[str]:
    gaps = [role_gap(matrix, people.role) for matrix in people.matrices(without=work)]
    return [key for key in _undecided(gaps, people.role) if key not in undecided]


def _lines(distances: np.ndarray, says: np.ndarray) -> list[DistanceLine]:
    """Around one below, half below, at it, half above and one above."""
    lines = []
    for middle in (-1.0, -0.5, 0.0, 0.5, 1.0):
        near = says[np.abs(distances - middle) <= 0.25]
        lines.append(DistanceLine(middle, *(_share(near == word) for word in ("meets", "below", "open"))))
    return lines


def _undecided(gaps: Sequence[RoleGap], role: RoleProfile) -> list[str]:
    """Skills whose evidence opens the level too seldom, then minima that stay open: work samples or people decide."""
    skills = [skill for skill in role.required if _share(np.array([skill in gap.thin for gap in gaps])) > MOSTLY]
    subs = [sub for sub in role.critical if _share(np.array([sub in gap.open for gap in gaps])) > MOSTLY]
    return [*skills, *subs]


def _decided(made: Sequence[Matrix], role: RoleProfile) -> dict[str, float]:
    cuts = made[0].rules.cuts
    shares = {}
    for skill, level in role.required.items():
        if level:
            cells = [matrix.cells[skill] for matrix in made]
            sure = [cell.n > 0 and not cell.low <= cuts[level - 1] <= cell.high for cell in cells]
            shares[skill] = _share(np.array(sure))
    return shares


def _share(flags: np.ndarray) -> float:
    return round(float(np.mean(flags)), 4) if len(flags) else 0.0
