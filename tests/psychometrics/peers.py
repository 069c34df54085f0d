"""Times of the peers, run by their own interpreter: `python peers.py data.npz` prints JSON, name -> seconds."""

from __future__ import annotations

import json
import statistics
import sys
import time

import girth
import mirt
import numpy as np
from catsim.estimation import NumericalSearchEstimator
from catsim.initialization import FixedPointInitializer
from catsim.item_bank import ItemBank
from catsim.selection import MaxInfoSelector
from catsim.simulation import Simulator
from catsim.stopping import MinErrorStopper


def seconds(work, times=1):
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def calibration(data):
    two, five = data["two"].astype(int), data["five"].astype(int)
    return {
        "mirt 2pl": seconds(lambda: mirt.fit_mirt(two, "2PL", compute_standard_errors=False)),
        "girth 2pl": seconds(lambda: girth.twopl_mml(two.T)),
        "mirt gpcm": seconds(lambda: mirt.fit_mirt(five, "GPCM", n_categories=5, compute_standard_errors=False)),
        "girth gpcm": seconds(lambda: girth.pcm_mml(five.T + 1)),
    }


def ability(data):
    two, a, b = data["two"].astype(int), data["two_a"], data["two_b"]
    fitted = mirt.fit_mirt(two, "2PL", compute_standard_errors=False, max_iter=2)
    return {
        "mirt eap": seconds(lambda: mirt.fscores(fitted, two), 3) / len(two),
        "girth eap": seconds(lambda: girth.ability_eap(two.T, b, a), 3) / len(two),
    }


def adaptive(data):
    a, b = data["bank_a"], data["bank_b"]
    rows = np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)])
    bank, given, answers = ItemBank(rows), list(range(10)), [True, False] * 5
    selector, estimator = MaxInfoSelector(), NumericalSearchEstimator()

    def live():
        theta = estimator.estimate(item_bank=bank, administered_items=given, response_vector=answers, est_theta=0.0)
        selector.select(item_bank=bank, administered_items=given, est_theta=theta)

    run = Simulator(ItemBank(rows), data["cat_theta"], FixedPointInitializer(0), MaxInfoSelector(), estimator)
    run.simulate(stopper=MinErrorStopper(0.30, max_items=100))
    error = np.array([path[-1] for path in run.estimations]) - data["cat_theta"]
    return {
        "catsim next": seconds(live, 200),
        "catsim length": float(np.mean([len(path) for path in run.administered_items])),
        "catsim rmse": float(np.sqrt(np.mean(error**2))),
    }


if __name__ == "__main__":
    loaded = np.load(sys.argv[1])
    print(json.dumps(calibration(loaded) | ability(loaded) | adaptive(loaded)))
