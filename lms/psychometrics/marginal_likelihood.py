"""The E-step: what one pass over the answers says about the parameters; see calibrate.

log P_k is w . f_k(theta) less what makes probabilities sum to 1, with features f_k = (k theta, k >= 1, .., k >= M);
gradient and information are an exponential family's.
"""

from dataclasses import dataclass

import numpy as np

from lms.psychometrics.arrays import Floats
from lms.psychometrics.calibration_problem import CalibrationProblem
from lms.psychometrics.likelihood import (
    LikelihoodTables,
    transposed_product,
)
from lms.psychometrics.response_blocks import PersonBlock, SparseBlock
from lms.psychometrics.special import log_softmax

REACH = 5.5  # deviations of the population to either side
RIDGE = 1e-9  # keeps an information matrix invertible


@dataclass(frozen=True)
class ExpectationStep:
    """What one pass over the answers gives at a vector.

    log_likelihood: of the data. height: with log priors. gradient: (P,) of the height, exact by Fisher's identity.
    item_information: (n, 1 + M, 1 + M), of complete data, priors included. population_information: (2,), likewise.
    """

    log_likelihood: float
    height: float
    gradient: Floats
    item_information: Floats
    population_information: Floats

    @property
    def scale(self) -> Floats:
        """1 / complete-data standard error (P,) of every number."""
        diagonal = np.diagonal(self.item_information, axis1=1, axis2=2)
        return np.sqrt(np.append(diagonal, self.population_information))


@dataclass
class _Sums:
    """Sums over persons: people (Q,), their expected number at each point; answering (n, Q), those who answered an
    item; scores (n,), categories times theta; right (G, Q), right answers to items with a lower asymptote;
    log_likelihood up to what doesn't depend on theta."""

    people: Floats
    answering: Floats
    scores: Floats
    right: Floats
    log_likelihood: float = 0.0

    def add(
        self,
        block: PersonBlock | SparseBlock,
        tables: LikelihoodTables,
        log_prior: Floats,
    ) -> None:
        weights, log_sums = tables.posterior(block, log_prior)
        self.log_likelihood += float(block.weights @ log_sums)
        frequencies = block.weights.astype(weights.dtype)
        weights *= frequencies[:, None]
        people = weights.sum(axis=0)
        self.people += people
        answered, categories = block.answered, block.categories
        if answered is None:
            self.answering += people
        else:
            self.answering += transposed_product(answered, weights)
        theta = weights @ tables.points.astype(weights.dtype)
        self.scores += categories.T @ theta
        guessed = categories[:, tables.guessed]
        self.right += transposed_product(guessed, weights)


def e_step(problem: CalibrationProblem, vector: Floats) -> ExpectationStep:
    """One pass over the answers, on quadrature points that follow the population, at a vector (P,)."""
    w, mean, sd = problem.numbers(vector)
    z = np.linspace(-REACH, REACH, problem.points)
    tables = LikelihoodTables.of(w, problem.start.c, mean + sd * z)
    sums = _sums(problem, tables, log_softmax(-0.5 * z**2))
    observed, log_likelihood = _observed(problem, w, tables, sums)
    expected, information = _complete_data(tables, sums.answering)
    log_prior, pull, curvature = problem.log_prior(w)
    population_gradient, population_information = _population(sums.people, z, sd)
    return ExpectationStep(
        log_likelihood=log_likelihood,
        height=log_likelihood + log_prior,
        gradient=np.append(observed - expected + pull, population_gradient),
        item_information=information + curvature,
        population_information=population_information,
    )


def _sums(
    problem: CalibrationProblem,
    tables: LikelihoodTables,
    log_prior: Floats,
) -> _Sums:
    sums = _Sums(
        people=np.zeros(len(log_prior)),
        answering=np.zeros(tables.log_zero.shape),
        scores=np.zeros(len(tables.slopes)),
        right=np.zeros(tables.guessing.shape),
    )
    for block in problem.responses.blocks:
        sums.add(block, tables, log_prior)
    return sums


def _observed(
    problem: CalibrationProblem,
    w: Floats,
    tables: LikelihoodTables,
    sums: _Sums,
) -> tuple[Floats, float]:
    """Sums of every item's features (n, 1 + M) over its answers, and the log-likelihood of the data."""
    downwards = problem.responses.counts[:, :0:-1].cumsum(axis=1)
    observed = np.column_stack([sums.scores, downwards[:, ::-1]])
    terms = observed * np.nan_to_num(w)
    terms = np.where(problem.start.c[:, None], 0, terms)
    observed[tables.guessed, :2] = _knowing(problem, tables, sums.right)
    log_likelihood = sums.log_likelihood + float(terms[:, 1:].sum())
    return observed, log_likelihood


def _knowing(
    problem: CalibrationProblem,
    tables: LikelihoodTables,
    right: Floats,
) -> Floats:
    """The first two features of items with a lower asymptote (G, 2): of the right answers (G, Q) there only the share
    P* / P counts as known, a hidden "knew it" (von Davier 2009)."""
    c = problem.start.c[tables.guessed, None]
    guessing = tables.probs[tables.guessed, :, 1]
    knowing = right * guessing / (c + (1 - c) * guessing)
    theta = knowing @ tables.points
    return np.column_stack([theta, knowing.sum(axis=1)])


def _complete_data(tables: LikelihoodTables, answering: Floats) -> tuple[Floats, Floats]:
    """Features expected of persons (n, Q) of known theta, (n, 1 + M), and their information (n, 1 + M, 1 + M)."""
    features = _features(tables.points, tables.probs.shape[2])
    mean = np.einsum("nqk,qkp->nqp", tables.probs, features)
    deviations = features - mean[:, :, None]
    weights = answering[:, :, None] * tables.probs
    weighted = deviations * weights[:, :, :, None]
    information = np.einsum("nqkp,nqkr->npr", weighted, deviations)
    diagonal = np.einsum("npp->np", information)
    diagonal += RIDGE + (diagonal == 0)  # thresholds that an item lacks, items that nobody answered
    expected = np.einsum("nq,nqp->np", answering, mean)
    return expected, information


def _features(points: Floats, categories: int) -> Floats:
    """f_k(theta), (Q, M + 1, 1 + M): k theta, then whether k reaches each threshold."""
    features = np.empty((len(points), categories, categories))
    features[:, :, 0] = np.outer(points, np.arange(categories))
    features[:, :, 1:] = np.tri(categories, categories - 1, -1)
    return features


def _population(
    people: Floats,
    z: Floats,
    sd: float,
) -> tuple[list[float], Floats]:
    """Gradient and information (2,) of the population's mean and log deviation."""
    count, first, second = (float(people @ z**power) for power in range(3))
    information = max(count, RIDGE) * np.array([sd**-2, 2.0])
    return [first / sd, second - count], information
