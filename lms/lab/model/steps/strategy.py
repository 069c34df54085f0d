"""Step 2: the indicator, its target, the pillars and the hours of a week: G1 to G4."""

from __future__ import annotations

import numpy as np

from lms.lab.model import log, research, sprint
from lms.lab.model import play as reading
from lms.lab.model.constants import TOPICS
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    form, measure = play.form(2), sprint.scale(world.seed, play.size)
    kind = rules.kpis.get(log.one(form, "kpi"), "other")
    target = log.number(form, "target") or 0.0
    low, high = 1.1 * measure.naive_clicks, max(measure.best_clicks, 1.2 * measure.naive_clicks)
    below, above = 0.5 * measure.naive_clicks, 1.5 * high
    interest = research.importance(world) @ world.interest
    chosen = [interest[int(at)] for at in log.many(form, "pillars", log.indices(TOPICS))]
    best = float(np.sort(interest)[-reading.PILLARS :].mean())
    planned = reading.week_hours(form)
    return [
        ("G1", {"key": 1.0, "leading": 0.4}.get(kind, -0.33)),
        ("G2", float(np.interp(target, [below, low, high, above], [0, 1, 1, 0]))),
        ("G3", (float(np.mean(chosen)) - float(interest.mean())) / (best - float(interest.mean()))),
        ("G4", 1 - min(1.0, abs(planned - play.size.week) / play.size.week * 2)),
    ]
