"""The scoring core over plain dicts and lists, for check suites from outside.

An item is a dict: `a`, `b` (list of thresholds), optional fixed `c`. theta is a number or a list; where a function says
"per theta", a number drops that outer list. Answers X are lists of rows, -1 for missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lms.psychometrics import ability, classical, model, point_estimates, raters
from lms.psychometrics.calibrate import Calibration, calibrate
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.responses import SMALL, Responses
from tests.score import classification, form, starting
from tests.score import mantel_haenszel as mh
from tests.score import options as option_table
from tests.score import regression_dif as regression

Theta = float | Sequence[float]


def items_of(rows: Sequence[Mapping[str, Any]]) -> Items:
    return Items.of([ItemParameters(row["a"], tuple(np.atleast_1d(row["b"])), row.get("c") or 0.0) for row in rows])


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
    cuts: Sequence[float] | float = (),
) -> dict[str, Any]:
    """theta, sd (posterior), p_above: P(theta >= cut) for every cut."""
    belief = ability.posterior(items_of(items), pattern, mu, sd)
    return {
        "theta": float(belief.mean),
        "sd": float(belief.sd),
        "p_above": [float(belief.above(cut)) for cut in np.atleast_1d(cuts)],
    }


def summed_score_dist(items: Sequence[Mapping[str, Any]], theta: Theta) -> Any:
    """Per theta: probabilities of the summed scores 0..S."""
    return _per_theta(theta, form.summed_scores(items_of(items), theta).tolist())


def marginal_prob(a: float, mu: float, s: float, theta: Theta) -> Any:
    """Per theta: P(right) on a 2PL item whose difficulty is N(mu, s^2), by the widening kappa."""
    item = Items.of([ItemParameters(a, (mu,), sd_b=s)]).with_difficulty_error()
    return _per_theta(theta, model.category_probs(item, theta)[:, 0, 1].tolist())


def angoff_b(p: float, c: float, a: float, theta: float) -> float:
    """Difficulty that gives persons at theta the judged share p of right answers."""
    return starting.angoff_difficulty(p, c, a, theta)


def joint_map(
    A: Sequence[Sequence[float]], d: Sequence[float], Sigma: Sequence[Sequence[float]], x: Sequence[int]
) -> dict[str, Any]:
    """theta (K), se (K) and cov (K x K) of the 2PL with logits A theta + d, abilities N(0, Sigma)."""
    theta, cov = point_estimates.joint_map(Items.of([ItemParameters(1.0, (-value,)) for value in d]), A, x, Sigma)
    return {"theta": theta.tolist(), "se": np.sqrt(np.diag(cov)).tolist(), "cov": cov.tolist()}


def fit(
    X: Sequence[Sequence[int]],
    fixed: Mapping[int, Any] | Sequence[Any] | None = None,
    free_population: bool = False,
) -> dict[str, Any]:
    """Marginal maximum likelihood; priors only for items that have no finite maximum without (then `notes` says so).

    fixed maps an item's index to {"a", "c"}, (a, c) or {"a", "b"}, or lists these for all items, None for free ones. c
    is always the *intercept* (b = -c / a), not a guessing asymptote: logit = a theta + c; with more categories the
    list of c_k in a k theta + c_k, k = 1..m (c_0 = 0).
    Gives a, c, b (thresholds), logLik, se_a, se_b, iterations, converged, notes; mean and sd with a free population.
    """
    data = np.asarray(X)
    rows = fixed.items() if isinstance(fixed, Mapping) else enumerate(fixed or ())
    anchors = {int(i): _anchor(row) for i, row in rows if row is not None}
    highest = np.maximum(data.max(axis=0, initial=1), 1)
    blank = Items.of([anchors.get(i, ItemParameters(1.0, (0.0,) * int(m))) for i, m in enumerate(highest)])
    held = np.isin(np.arange(len(blank)), list(anchors))
    responses = Responses.dense(blank, data)
    start = _with_anchors(starting.starting_items(responses, blank), blank, held)
    counts = responses.counts
    odd = (counts[:, 0] == 0) | ((counts[:, 1:] == 0) & ~np.isnan(blank.b)).any(axis=1)
    result = calibrate(
        responses,
        start,
        fixed=held,
        slope_sd=np.where(odd, 0.3, np.inf),
        b_sd=np.where(odd, 2.0, np.inf),
        free_population=free_population,
        tolerance=1e-5 if data.size <= SMALL else 1e-3,  # larger data run in single precision
        iterations=2000,
    )
    return _plain(result, free_population)


def _anchor(row: Any) -> ItemParameters:
    if isinstance(row, Mapping) and "b" in row:
        return ItemParameters(row["a"], tuple(np.atleast_1d(row["b"])))
    a, c = (row["a"], row["c"]) if isinstance(row, Mapping) else row
    return ItemParameters(a, tuple(-np.diff(np.atleast_1d(c), prepend=0.0) / a))


def _with_anchors(start: Items, anchors: Items, held: Any) -> Items:
    a, b = np.where(held, anchors.a, start.a), np.where(held[:, None], anchors.b, start.b)
    return Items(a, b, start.c, start.sd_b, start.m, start.names)


def _plain(result: Calibration, population: bool) -> dict[str, Any]:
    cumulative = np.cumsum(result.items.natural[:, 1:], axis=1)
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
    rows = Items.of([_anchor(row) for row in zip(a, c, strict=True)])
    theta, sd = ability.eap(rows, np.asarray(X))
    return {"theta": theta.tolist(), "sd": sd.tolist()}


def sprt_llr(items: Sequence[Mapping[str, Any]], seq: Sequence[int], cut: float, delta: float) -> float:
    """Log-likelihood ratio of theta = cut + delta to cut - delta, seq: one category per item, -1 for missing."""
    return classification.sprt_llr(items_of(items[: len(seq)]), seq, cut, delta)


def item_analysis(X: Sequence[Sequence[int]]) -> dict[str, Any]:
    """n, omitted, p (share of the highest score seen), item_rest, alpha_if_deleted: lists over items; alpha; kr20: the
    same, None when an item has more than two categories."""
    table = classical.item_table(X)
    columns = {"n": "n", "omitted": "omitted", "p": "p", "item_rest": "item_rest", "alpha_if_deleted": "alpha_without"}
    rows = {key: getattr(table, name).tolist() for key, name in columns.items()}
    return rows | {"alpha": table.alpha, "kr20": table.alpha if np.max(X) <= 1 else None}


def marginal_reliability(X: Sequence[Sequence[int]]) -> float:
    """Reliability of EAP scores expected under N(0, 1) from the model fitted to X."""
    return form.marginal_reliability(Items.of([_anchor(row) for row in _rows(fit(X))]))


def _rows(fitted: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"a": a, "c": c} for a, c in zip(fitted["a"], fitted["c"], strict=True)]


def distractors(
    raw: Sequence[Sequence[Any]], scored: Sequence[Sequence[int]], key: Sequence[Any], options: Sequence[Any]
) -> list[dict[Any, dict[str, Any]]]:
    """options: those of every item, or a list of them for each. Per item, per option: n, share, option_rest
    (correlation with the score on the other items) and key (a flag)."""
    x, found = np.maximum(np.asarray(scored), 0), []
    for i, right in enumerate(key):
        own = options[i] if np.ndim(options[0]) else options
        seen = option_table.distractors([row[i] for row in raw], x.sum(axis=1) - x[:, i], own)
        columns = zip(own, seen.n.tolist(), seen.share.tolist(), seen.rest.tolist(), strict=True)
        found.append({o: {"n": n, "share": share, "option_rest": r, "key": o == right} for o, n, share, r in columns})
    return found


def mantel_haenszel(
    X: Sequence[Sequence[int]],
    g: Sequence[Any],
    focal: Any,
    correct: bool = True,
    purify: bool = False,
    alpha: float = 0.05,
) -> dict[str, Any]:
    """chi2, p, alpha_mh (odds ratio), delta (-2.35 ln alpha_mh), se (of delta), ets (by size and significance), size
    (by size alone, as difR prints): lists over items; flagged: indices from 0; rounds of purification."""
    found = mh.mantel_haenszel(X, [v == focal for v in g], correct, purify, alpha)
    columns = {"chi2": "chi2", "p": "p", "alpha_mh": "odds", "delta": "delta", "se": "se", "ets": "ets"}
    rows: dict[str, Any] = {key: list(np.asarray(getattr(found, name)).tolist()) for key, name in columns.items()}
    size = ["C" if abs(d) >= 1.5 else "B" if abs(d) >= 1 else "A" for d in rows["delta"]]
    return rows | {"size": size, "flagged": list(found.flagged), "rounds": found.rounds}


def logistic_dif(X: Sequence[Sequence[int]], g: Sequence[Any], focal: Any, type: str = "both") -> dict[str, Any]:
    """type "both", "udif" or "nudif": chi2 (likelihood ratio), df, p, r2 (change of Nagelkerke's), size (A, B, C by
    Jodoin & Gierl), harder (group effect in logits, positive when harder for the focal group): lists over items."""
    found = regression.regression_dif(X, [v == focal for v in g], type)
    rows = {key: np.asarray(getattr(found, key)).tolist() for key in ("chi2", "p", "r2", "size", "harder")}
    return rows | {"df": [found.df] * len(rows["p"])}


def ordinal_dif(X: Sequence[Sequence[int]], g: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """For "both", "udif" and "nudif" the fields of logistic_dif, from cumulative logits; the focal group is the last of
    the sorted labels."""
    return {kind: logistic_dif(X, g, max(g), kind) for kind in ("both", "udif", "nudif")}


def icc(data: Sequence[Sequence[float]]) -> dict[str, float]:
    """ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k of Shrout & Fleiss; rows are works, columns raters."""
    return dict(
        zip(("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"), raters.icc(data).ravel().tolist(), strict=True)
    )


def weighted_kappa(r1: Sequence[float], r2: Sequence[float]) -> float:
    """Cohen's kappa with quadratic weights."""
    return raters.weighted_kappa(r1, r2)


def classification_accuracy(
    a: Sequence[float],
    b: Sequence[float],
    cut: float,
    cuts3: Sequence[float] | None = None,
    grid: Sequence[float] | None = None,
) -> dict[str, float]:
    """rudner_accuracy, rudner_consistency, lee_accuracy, lee_consistency of 2PL items at one cut on theta, and the same
    ending in _3 for several cuts at once; over N(0, 1), on the points of `grid` where given, else exactly."""
    items = Items.of([ItemParameters(slope, (place,)) for slope, place in zip(a, b, strict=True)])
    points = None if grid is None else np.asarray(grid, float)
    people = None if points is None else (points, np.exp(-0.5 * points**2))
    found = {}
    for cuts, ending in (([cut], ""), ([] if cuts3 is None else list(cuts3), "_3")):
        for name, rule in (("rudner", classification.rudner), ("lee", classification.lee)):
            if cuts:
                seen = rule(items, cuts, people=people)
                found |= {f"{name}_accuracy{ending}": seen.accuracy, f"{name}_consistency{ending}": seen.consistency}
    return found


def cat_path(
    bank: Sequence[Sequence[float]], responses: Sequence[int], length: int | None = None
) -> dict[str, list[Any]]:
    """The path of a test by maximum information from theta 0, with EAP on 33 points of -4..4 after every answer (the
    conventions of catR). bank rows: a, b, c, d (upper asymptote). responses: one for every item of the bank, or, when
    there are fewer, in the order of the test. Gives items (from 1), theta and se after each answer. The four-parameter
    model isn't the product's; it is written out here so that paths can be compared."""
    a, b, c, d = np.asarray(bank, float).T
    points, by_item = np.linspace(-4, 4, 33), len(responses) == len(a)
    logs, theta = -0.5 * points**2, 0.0
    path: dict[str, list[Any]] = {"items": [], "theta": [], "se": []}
    for step in range(min(length or len(responses), len(responses))):
        star = 1 / (1 + np.exp(-a * (theta - b)))
        p = c + (d - c) * star
        told = (a * (d - c) * star * (1 - star)) ** 2 / (p * (1 - p))
        told[[i - 1 for i in path["items"]]] = -np.inf
        i = int(told.argmax())
        right = c[i] + (d[i] - c[i]) / (1 + np.exp(-a[i] * (points - b[i])))
        logs = logs + np.log(right if responses[i if by_item else step] else 1 - right)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        theta = float(weights @ points)
        for key, value in (("items", i + 1), ("theta", theta), ("se", float(np.sqrt(weights @ (points - theta) ** 2)))):
            path[key].append(value)
    return path
