"""Step 5: what was answered to whom, and what first: I, and the mood it leaves."""

from __future__ import annotations

from lms.lab.model import log, talk
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores, said
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    form = play.form(5)
    first = log.one(form, "first", log.indices(talk.MESSAGES))
    return [("I", talk.credit_of(rules.messages, said(world.seed, rules, form), int(first) if first else None))]


def felt(seed: int, rules: BriefRules, play: CampaignPlay) -> float:
    """The mood that the second week meets; 0 where the form does not reckon with it."""
    return mood(seed, rules, play) if play.size.feels and play.step > 5 else 0.0


def mood(seed: int, rules: BriefRules, play: CampaignPlay) -> float:
    form = play.form(5)
    first = log.one(form, "first", log.indices(talk.MESSAGES))
    return talk.mood(rules.messages, said(seed, rules, form), int(first) if first else None)
