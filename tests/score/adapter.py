"""The scoring core over plain dicts and lists, for check suites from outside.

An item is a dict: `a`, `b` (list of thresholds), optional fixed `c`. theta is a number or a list; where a function says
"per theta", a number drops that outer list. Answers X are lists of rows, -1 for missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lms.score import ability, modal, model, summed
from lms.score.calibrate import Calibration, calibrate, starting_items
from lms.score.data import Responses
from lms.score.model import Item, Items

Theta = float | Sequence[float]


def items_of(rows: Sequence[Mapping[str, Any]]) -> Items:
    return Items.of([Item(row["a"], tuple(np.atleast_1d(row["b"])), row.get("c") or 0.0) for row in rows])


def _per_theta(theta: Theta, values: Any) -> Any:
    return values[0] if np.ndim(theta) == 0 else values


def category_probs(items: Sequence[Mapping[str, Any]], theta: Theta) -> Any:
    """Per theta, per item: the list of its category probabilities."""
    stack = items_of(items)
    probs = model.category_probs(stack, theta)
    return _per_theta(theta, [[row[: m + 1].tolist() for row, m in zip(at, stack.m, strict=True)] for at in probs])


def item_info(items: Sequence[Mapping[str, Any]], theta: Theta) -> Any:
    """Per theta, per item: Fisher information."""
    return _per_theta(theta, model.information(items_of(items), theta).tolist())


def eap(
    items: Sequence[Mapping[str, Any]],
    pattern: Sequence[int],
    mu: float = 0.0,
    sd: float = 1.0,
    cuts: Sequence[float] = (),
) -> dict[str, Any]:
    """theta, sd (posterior), p_above: P(theta >= cut) for every cut."""
    belief = ability.posterior(items_of(items), pattern, mu, sd)
    above = [ability.p_above(belief, cut) for cut in cuts]
    return {"theta": float(belief.mean), "sd": float(belief.sd), "p_above": above}


def summed_score_dist(items: Sequence[Mapping[str, Any]], theta: Theta) -> Any:
    """Per theta: probabilities of the summed scores 0..S."""
    return _per_theta(theta, summed.summed_scores(items_of(items), theta).tolist())


def marginal_prob(a: float, mu: float, s: float, theta: Theta) -> Any:
    """Per theta: P(right) on a 2PL item whose difficulty is N(mu, s^2), by the widening kappa."""
    item = Items.of([Item(a, (mu,), sd_b=s)]).widened()
    return _per_theta(theta, model.category_probs(item, theta)[:, 0, 1].tolist())


def angoff_b(p: float, c: float, a: float, theta: float) -> float:
    """Difficulty that gives persons at theta the judged share p of right answers."""
    return model.angoff_difficulty(p, c, a, theta)


def joint_map(
    A: Sequence[Sequence[float]], d: Sequence[float], Sigma: Sequence[Sequence[float]], x: Sequence[int]
) -> dict[str, Any]:
    """theta (K), se (K) and cov (K x K) of the 2PL with logits A theta + d, abilities N(0, Sigma)."""
    theta, cov = modal.joint_map(Items.of([Item(1.0, (-value,)) for value in d]), A, x, Sigma)
    return {"theta": theta.tolist(), "se": np.sqrt(np.diag(cov)).tolist(), "cov": cov.tolist()}


def fit(
    X: Sequence[Sequence[int]],
    fixed: Mapping[int, Mapping[str, Any]] | None = None,
    free_population: bool = False,
) -> dict[str, Any]:
    """Marginal maximum likelihood; priors only for items that have no finite maximum without (then `notes` says so).

    fixed maps an item's index to its `a` and its `c`. c is always the *intercept* (b = -c / a), not a guessing
    asymptote: logit = a theta + c; with more categories the list of a k theta + c_k, k = 1..m (c_0 = 0).
    Gives a, c, b (thresholds), logLik, se_a, se_b, iterations, converged, notes; mean and sd with a free population.
    """
    data = np.asarray(X)
    anchors = {int(i): _anchor(row) for i, row in (fixed or {}).items()}
    highest = np.maximum(data.max(axis=0, initial=1), 1)
    blank = Items.of([anchors.get(i, Item(1.0, (0.0,) * int(m))) for i, m in enumerate(highest)])
    held = np.isin(np.arange(len(blank)), list(anchors))
    responses = Responses.dense(blank, data)
    start = _with_anchors(starting_items(responses, blank), blank, held)
    counts = responses.counts()
    odd = (counts[:, 0] == 0) | ((counts[:, 1:] == 0) & ~np.isnan(blank.b)).any(axis=1)
    result = calibrate(
        responses,
        start,
        fixed=held,
        slope_sd=np.where(odd, 0.3, np.inf),
        b_sd=np.where(odd, 2.0, np.inf),
        free_population=free_population,
        tolerance=1e-5,
        iterations=2000,
    )
    return _plain(result, free_population)


def _anchor(row: Mapping[str, Any]) -> Item:
    steps = np.diff(np.atleast_1d(row["c"]), prepend=0.0)
    return Item(row["a"], tuple(-steps / row["a"]))


def _with_anchors(start: Items, anchors: Items, held: Any) -> Items:
    a, b = np.where(held, anchors.a, start.a), np.where(held[:, None], anchors.b, start.b)
    return Items(a, b, start.c, start.sd_b, start.m, start.names)


def _plain(result: Calibration, population: bool) -> dict[str, Any]:
    cumulative = np.cumsum(result.intercepts, axis=1)
    plain = {
        "a": result.items.a.tolist(),
        "c": [row[0] if m == 1 else row[:m] for row, m in zip(cumulative.tolist(), result.items.m, strict=True)],
        "b": [row[:m] for row, m in zip(result.items.b.tolist(), result.items.m, strict=True)],
        "logLik": result.log_likelihood,
        "se_a": result.se_a.tolist(),
        "se_b": [row[:m] for row, m in zip(result.se_b.tolist(), result.items.m, strict=True)],
        "iterations": result.iterations,
        "converged": result.converged,
        "notes": dict(result.notes),
    }
    return plain | ({"mean": result.mean, "sd": result.sd} if population else {})


def eap_data(X: Sequence[Sequence[int]], a: Sequence[float], c: Sequence[Any]) -> dict[str, list[float]]:
    """theta and sd of every row under N(0, 1), from slopes and intercepts as `fit` gives them."""
    rows = Items.of([_anchor({"a": slope, "c": intercept}) for slope, intercept in zip(a, c, strict=True)])
    theta, sd = ability.eap_batch(rows, np.asarray(X))
    return {"theta": theta.tolist(), "sd": sd.tolist()}
