"""The table of goals, measured: `python -m tests.psychometrics.bench [--no-peers]`.

Peers get an environment of their own.

Times are medians; ratios say how many times faster (or shorter) the core is than the best peer, on the same data.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lms.psychometrics.ability import eap
from lms.psychometrics.calibrate import Calibration, calibrate
from lms.psychometrics.calibration_problem import CalibrationProblem
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import Items
from lms.psychometrics.marginal_likelihood import e_step
from lms.psychometrics.model import category_probs
from lms.psychometrics.responses import Responses
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.stop import Stop
from tests.score.predict import Prediction, simulate
from tests.score.starting import starting_items

HERE = Path(__file__).parent
PEERS = Path(tempfile.gettempdir()) / "score-peers"
NO_PRIOR = {"slope_sd": np.inf, "b_sd": np.inf, "errors": False}


@dataclass(frozen=True)
class Row:
    """One line: what was measured, in words; goal and whether it holds; the number to compare and its peers' keys."""

    name: str
    result: str
    goal: str
    reached: bool
    number: float = np.nan
    peers: tuple[str, ...] = ()


def seconds(work: Callable[[], Any], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def bank_of(n: int, steps: int, rng: np.random.Generator) -> Items:
    b = np.sort(rng.normal(size=(n, steps)), axis=1)
    zero = np.zeros(n)
    return Items(np.exp(rng.normal(0, 0.3, n)), b, zero, zero, np.full(n, steps), tuple(map(str, range(n))))


def answers_of(items: Items, theta: Any, rng: np.random.Generator) -> Any:
    drawn = np.empty((len(theta), len(items)), np.int8)
    for at in range(0, len(theta), 5000):
        rows = slice(at, at + 5000)
        ladder = category_probs(items, theta[rows]).cumsum(axis=2)[:, :, :-1]
        drawn[rows] = (rng.random((*ladder.shape[:2], 1)) > ladder).sum(axis=2)
    return drawn


def maximum_likelihood(items: Items, answers: Any) -> Calibration:
    responses = Responses.dense(items, answers)
    return calibrate(responses, starting_items(responses, items), **NO_PRIOR)


def shortfall(items: Items, answers: Any) -> float:
    """Log-likelihood missing to the maximum, both in double precision on a twice finer grid."""
    single = Responses.dense(items, answers)
    blocks = tuple(replace(block, categories=block.categories.astype(float)) for block in single.blocks)
    double = replace(single, blocks=blocks)
    found = maximum_likelihood(items, answers)
    best = calibrate(double, found.items, tolerance=1e-5, points=81, **NO_PRIOR)
    flat, still = np.zeros_like(items.natural), np.zeros(items.natural.size + 2, bool)
    reached = CalibrationProblem(double, found.items, flat, still, (0.0, 1.0), 81)
    return best.log_likelihood - e_step(reached, reached.first).log_likelihood


def calibration(data: dict[str, Any], key: str, name: str, goal: float) -> Row:
    items, answers = data[f"{key}_items"], data[key]
    taken = seconds(lambda: maximum_likelihood(items, answers))
    missing = shortfall(items, answers)
    text = f"{taken:.3f} s, log-likelihood {missing:.3f} below the maximum"
    peers = ("mirt 2pl", "girth 2pl") if key == "two" else ("mirt gpcm", "girth gpcm")
    return Row(name, text, f"<= {goal} s, <= .5", taken <= goal and missing <= 0.5, taken, peers)


def sparse(rng: np.random.Generator) -> Row:
    items, persons, each = bank_of(300, 1, rng), 200_000, 30
    theta = rng.normal(size=persons)
    columns = np.concatenate(
        [rng.permuted(np.tile(np.arange(300), (1000, 1)), axis=1)[:, :each] for _ in range(200)]
    ).ravel()
    rows = np.repeat(np.arange(persons), each)
    x = rng.random(len(rows)) < 1 / (1 + np.exp(-items.a[columns] * (theta[rows] - items.b[columns, 0])))

    def work() -> Calibration:
        responses = Responses.triplets(items, rows, columns, x, persons)
        return calibrate(responses, starting_items(responses, items), **NO_PRIOR)

    taken = seconds(work, 1)
    return Row("sparse 200,000 x 300, 6 M answers", f"{taken:.2f} s", "<= 10 s", taken <= 10, taken)


def ability(data: dict[str, Any]) -> Row:
    rate = len(data["many"]) / seconds(lambda: eap(data["two_items"], data["many"]), 3)
    peers = ("mirt eap", "girth eap")
    return Row("EAP, 100 items", f"{rate:,.0f} persons/s", ">= 400,000/s", rate >= 4e5, 1 / rate, peers)


def selector_of(items: Items, stop: Stop) -> Selector:
    return Selector(ItemPool(items, ("skill",) * len(items), ("sub",) * len(items)), Blueprint(), stop, top=1)


def live(items: Items) -> Row:
    selector = selector_of(items, Stop(max_items=50))
    state = TestState(tuple(range(10)), (1, 0) * 5)
    taken = seconds(lambda: selector.next(state), 500)
    return Row("live next item", f"{1000 * taken:.3f} ms", "<= 0.05 ms", taken <= 5e-5, taken, ("catsim next",))


def precise(items: Items, theta: Any) -> Row:
    found = _predict(items, Stop(max_items=100, target_sd=0.30), theta)
    text = f"{found.length:.1f} items, RMSE {found.rmse[0]:.3f}, coverage {found.coverage[0]:.3f}"
    reached = found.length <= 23.3 and found.rmse[0] <= 0.305 and 0.94 <= found.coverage[0] <= 0.96
    goal = "<= 23.3, <= .305, .94-.96"
    return Row("CAT, 300 items, SE <= .30", text, goal, reached, found.length, ("catsim length",))


def decide(items: Items, theta: Any) -> Row:
    found = _predict(items, Stop(max_items=50, cut=0.5), theta)
    text = f"{found.length:.1f} items, accuracy {found.accuracy:.3f}, false passes {found.false_pass:.4f}"
    reached = found.length <= 20 and found.accuracy >= 0.93 and found.false_pass <= 0.015
    return Row("pass/fail at one cut", text, "<= 20, >= .93, <= .015", reached)


def _predict(items: Items, stop: Stop, theta: Any) -> Prediction:
    return simulate(selector_of(items, stop), np.random.default_rng(5), len(theta), theta[:, None])


def draw_data(rng: np.random.Generator) -> dict[str, Any]:
    two, five, bank = bank_of(100, 1, rng), bank_of(40, 4, rng), bank_of(300, 1, rng)
    return {
        "two_items": two,
        "five_items": five,
        "bank": bank,
        "two": answers_of(two, rng.normal(size=10_000), rng),
        "five": answers_of(five, rng.normal(size=10_000), rng),
        "many": answers_of(two, rng.normal(size=100_000), rng),
        "theta": rng.normal(size=2000),
    }


def rows(data: dict[str, Any], rng: np.random.Generator) -> Iterable[Row]:
    yield calibration(data, "two", "2PL calibration, 10,000 x 100", 0.25)
    yield calibration(data, "five", "GPCM calibration, 10,000 x 40 x 5", 0.5)
    yield sparse(rng)
    yield ability(data)
    yield live(data["bank"])
    yield precise(data["bank"], data["theta"])
    yield decide(data["bank"], data["theta"])


def peers_of(data: dict[str, Any]) -> dict[str, float]:
    """Install the peers once, run them on the same data in one child process."""
    python = PEERS / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", HERE / "peers.txt"]
    subprocess.run(install, check=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        plain = {
            "two_a": data["two_items"].a,
            "two_b": data["two_items"].b[:, 0],
            "two": data["two"],
            "five": data["five"],
        }
        bank = {"bank_a": data["bank"].a, "bank_b": data["bank"].b[:, 0], "cat_theta": data["theta"][:200]}
        np.savez(path, **plain, **bank)
        done = subprocess.run([python, HERE / "peers.py", path], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(arguments: list[str]) -> int:
    rng = np.random.default_rng(20261123)
    data = draw_data(rng)
    measured = list(rows(data, rng))
    peers = {} if "--no-peers" in arguments else peers_of(data)
    for row in measured:
        known = {name: peers[name] for name in row.peers if name in peers}
        best = min(known, key=lambda name: known[name], default="")
        beside = f"  {known[best] / row.number:.1f} times better than {best} ({known[best]:.3g})" if known else ""
        print(f"{'ok ' if row.reached else 'NOT'} {row.name}: {row.result}  [goal {row.goal}]{beside}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; peers: {json.dumps(peers)}")
    return 0 if all(row.reached for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
