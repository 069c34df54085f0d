"""`python -m tests.bench.hiring [--people N] [--database postgresql]`: candidates of known ability through a campaign.

Each goes the whole way by the application's own addresses and plain forms, from the link to the end of the test:
parsed pages, posted forms, rows in the database; only the network is left out. Printed beside what the simulator
promised HR before use: how rightly people are called, how well abilities are found, how often the most used question
was given, answers that were lost, and how long a start and a save took.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from lms import clock, evidence, publishing
from lms.app import create_app
from lms.assess import Attempt
from lms.assess.models import AttemptItem, Response
from lms.campaigns import Campaign, Candidate, add_candidate, simulation
from lms.campaigns.parts import bank_of, rules_of
from lms.campaigns.set_up import campaign_of
from lms.campaigns.simulated import REACH, is_able, truth_at
from lms.campaigns.simulated import says as says_of
from lms.campaigns.simulated_figures import Expected
from lms.competency import Framework, role_profiles
from lms.database import db
from lms.demo.respondent import respond
from lms.identity.models import Organisation
from lms.psychometrics.profile import role_gap
from tests.assess.forms import hidden
from tests.databases import fresh, settings

ROLE, SEED = "smm_manager", 20261127
Truth = dict[str, float]


@dataclass
class Found:
    """What the run gathers. seconds: of each start and save; posted: answers that the server took."""

    starts: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    posted: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, fresh(asked.database, Path(folder)) as (url, _cast):
        app = create_app(settings(url, Path(folder)))
        tokens, truths = invite(app, asked.people, asked.seed)
        found, rng = Found(), random.Random(asked.seed)
        for token, truth in zip(tokens, truths, strict=True):
            walk(app, token, truth, rng, found)
        with app.app_context():
            tell(truths, found)


def invite(app: Flask, people: int, seed: int) -> tuple[list[str], list[Truth]]:
    """A screening with its promise, so many candidates and their abilities around what the role asks."""
    with app.test_request_context("/", method="POST"):
        house = db.session.scalars(select(Organisation).filter_by(slug="aygi")).one()
        with publishing.content_of(house.id):
            framework = evidence.framework(house.id)
            campaign = campaign_of(house.id, framework, framework.role(ROLE), "screening")
        campaign.parts = [part for part in campaign.parts if part["kind"] == "test"]
        campaign.name, campaign.closes_at = "Bench", clock.now() + timedelta(days=9)
        campaign.delete_on = (clock.now() + timedelta(days=90)).date()
        db.session.add(campaign)
        db.session.flush()
        made = [add_candidate(campaign, f"N {number}", f"n{number}@example.org", "en") for number in range(people)]
        db.session.commit()
        return [token for _, token in made], abilities(framework, people, seed)


def abilities(framework: Framework, people: int, seed: int) -> list[Truth]:
    rng, profile = np.random.default_rng(seed), role_profiles(framework)[ROLE]
    places = np.linspace(-REACH, REACH, people)
    return [dict(truth_at(framework, profile, float(place), rng)) for place in rng.permutation(places)]


def walk(app: Flask, token: str, truth: Truth, rng: random.Random, found: Found) -> None:
    client = app.test_client()
    client.get(f"/c/{token}")
    client.post("/c")
    client.post("/candidate/consent", data={"agree": "1"})
    begun = time.perf_counter()
    address = str(client.post("/candidate/start").location)
    page = client.get(address)
    found.starts.append(time.perf_counter() - begun)
    while page.status_code == 200 and (form := BeautifulSoup(page.text, "html.parser").select_one("form.question")):
        position = int(str(form["data-item"]))
        given = reply(app, address, position, truth, rng) or {"skip": ["1"]}
        data: dict[str, Any] = hidden(page.text, position) | given
        begun = time.perf_counter()
        saved = client.post(f"{address}/responses", data=data)
        found.saves.append(time.perf_counter() - begun)
        if saved.status_code != 303:
            raise RuntimeError(f"{address}, question {position}: {saved.status_code}")
        found.posted += 1
        page = client.get(address)


def reply(app: Flask, address: str, position: int, truth: Truth, rng: random.Random) -> dict[str, list[str]]:
    """What a person of this ability sends for the question."""
    with app.app_context():
        row = db.session.scalars(
            select(AttemptItem).filter_by(attempt_id=int(address.rsplit("/", 1)[1]), position=position)
        ).one()
        item = publishing.item(row.revision_id)
        form = respond(item, row.instance, evidence.prior(row.revision_id), truth[item.skill], rng)
        return {name: values for name, values in form.items() if values}


def tell(truths: list[Truth], found: Found) -> None:
    candidates = list(
        db.session.scalars(select(Candidate).where(Candidate.name.startswith("N ")).order_by(Candidate.id))
    )
    house = candidates[0].organisation_id
    framework = evidence.framework(house)
    profile = role_profiles(framework)[ROLE]
    made = evidence.matrices_of([each.person_id for each in candidates])
    matrices = [made[each.person_id] for each in candidates]
    says = np.array([says_of(role_gap(matrix, profile), profile) for matrix in matrices])
    able = np.array([is_able(framework, profile, truth) for truth in truths])
    pairs = [
        (matrix.cells[skill], truth[skill]) for matrix, truth in zip(matrices, truths, strict=True) for skill in truth
    ]
    answered = [(cell, theta) for cell, theta in pairs if cell.n]
    stored = db.session.scalar(select(func.count(func.distinct(Response.attempt_item_id)))) or 0
    given = Counter(db.session.scalars(select(AttemptItem.revision_id)))
    lengths = Counter(db.session.scalars(select(AttemptItem.attempt_id))).values()
    promise = predicted(candidates[0], framework, len(candidates))
    lines = {
        "finished": (sum(each.finished_at is not None for each in candidates), len(candidates)),
        "wrongly let through": (round(float(np.mean(says[~able] == "meets")), 3), promise.false_pass),
        "wrongly turned down": (round(float(np.mean(says[able] == "below")), 3), promise.false_fail),
        "left open": (round(float(np.mean(says == "open")), 3), promise.open),
        "questions, median": (float(np.median(list(lengths))), promise.questions),
        "most given question": (round(max(given.values()) / len(candidates), 3), promise.exposure),
        "90 % interval holds the truth": (round(float(np.mean([c.low <= t <= c.high for c, t in answered])), 3), 0.9),
        "error of theta (RMSE)": (round(float(np.sqrt(np.mean([(c.theta - t) ** 2 for c, t in answered]))), 3), "-"),
        "answers lost": (found.posted - stored, 0),
        "attempts": (db.session.scalar(select(func.count(Attempt.id))), len(candidates)),
    }
    print("figure\thappened\tpromised")
    for name, (happened, promised) in lines.items():
        print(f"{name}\t{happened}\t{promised}")
    for name, seconds in (("start", found.starts), ("save", found.saves)):
        middle, late = np.percentile(np.array(seconds) * 1000, (50, 95))
        print(f"{name}\tp50 {middle:.0f} ms, p95 {late:.0f} ms, one after the other\t{len(seconds)}")


def predicted(candidate: Candidate, framework: Framework, people: int) -> Expected:
    with publishing.content_of(candidate.organisation_id):
        rules = rules_of(db.session.get_one(Campaign, candidate.campaign_id).parts)
        return simulation.measure(
            framework, ROLE, simulation.SimulatedForm(rules, bank_of(rules, ["hy", "en"])), people, SEED
        )


if __name__ == "__main__":
    main()
