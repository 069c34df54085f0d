"""A finished panel of the agency. Its judges are this program, and the panel's page says so."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
from sqlalchemy import select

from lms import clock
from lms.assess.chance import fixed_chance
from lms.database import db
from lms.demo.sitting import at
from lms.identity.models import Membership, Organisation, Person
from lms.panels.board import close
from lms.panels.links import add_judge
from lms.panels.models import Panel, PanelJudge
from lms.panels.panel_items import drawn_items, parameters_of
from lms.panels.ratings import STEP, give
from lms.panels.result import outcome_of
from lms.psychometrics.model import expected_scores

LEVEL, ITEMS, JUDGES = 3, 20, 9
OPENED, SECOND, ENDED = timedelta(days=16), timedelta(days=9), timedelta(days=5)
CUT, SPREAD, NOISE = 0.62, 0.4, 0.1  # theta of the judges' cuts, sd between them; sd of a value, a share
ABOUT = "Ցուցադրական խումբ. ինը հորինված փորձագետ, որոնց արժեքները գրել է ծրագիրը։ · A demonstration: nine invented "
ABOUT += "judges, whose values were written by the program."


def seed(organisation: Organisation, seed: int) -> None:
    """Once; the caller commits."""
    ours = Panel.organisation_id == organisation.id
    if db.session.scalar(select(Panel.id).where(ours).limit(1)) is not None:
        return
    rng = random.Random(seed)  # noqa: S311  plausible, not secret
    with fixed_chance(seed):
        panel = _opened(organisation)
        judges = [add_judge(panel, f"№ {n}", f"judge{n}@panel.example", "hy") for n in range(1, JUDGES + 1)]
        _rate(panel, judges, rng)
        with at(clock.now() - ENDED):
            close(panel, judges, outcome_of(panel, judges))
    db.session.flush()


def _opened(organisation: Organisation) -> Panel:
    of_hr = select(Person.id).join(Membership).where(Membership.role == "hr")
    with at(clock.now() - OPENED):
        panel = Panel(
            organisation_id=organisation.id,
            level=LEVEL,
            pool="placement",
            items=drawn_items("placement", "", ITEMS),
            about=ABOUT,
            closes_at=clock.now() + OPENED,
            created_at=clock.now(),
            created_by=db.session.scalar(of_hr.where(Person.organisation_id == organisation.id).limit(1)),
            made_up=True,
        )
    db.session.add(panel)
    db.session.flush()
    return panel


def _rate(panel: Panel, judges: list[PanelJudge], rng: random.Random) -> None:
    """Each by a cut of its own and with some error; in the second round half of the way to the mean, all but one."""
    items = parameters_of(panel)
    first = []
    for judge in judges:
        shares = (expected_scores(items, np.array([rng.gauss(CUT, SPREAD)])) / items.m)[0]
        first.append([_value(share + rng.gauss(0, NOISE)) for share in shares])
        for place, value in enumerate(first[-1], 1):
            give(judge, 1, place, value)
        judge.opened_at = judge.first_done_at = clock.now() - SECOND
    panel.state = "second"
    means = np.mean(first, axis=0)
    for judge, values in zip(judges[:-1], first, strict=False):
        for place, value in enumerate(values, 1):
            give(judge, 2, place, _value((value + means[place - 1]) / 200))
        judge.second_done_at = clock.now() - ENDED


def _value(share: float) -> int:
    return STEP * round(max(0.0, min(1.0, share)) * 100 / STEP)
