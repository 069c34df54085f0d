"""Simulated people around a role: their abilities, what is true of them, and what their answers are taken to say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from lms.competency import Framework
from lms.psychometrics.composite import cuts_asked
from lms.psychometrics.profile import RoleGap, RoleProfile

REACH, SPREAD = 1.5, 0.35  # of people around the role; of a person's skills around one another
Truth = Mapping[str, float]  # skill -> theta


def truth_at(framework: Framework, role: RoleProfile, distance: float, rng: Generator) -> Truth:
    """Abilities of somebody who lies so far above what the role asks (a level is one wide), each skill a little off the
    others."""
    cuts = framework.cuts.theta
    off = dict(zip(framework.tree, rng.standard_normal(len(framework.tree)) * SPREAD, strict=True))
    return {skill: cuts[max(role.required[skill], 1) - 1] + distance + off[skill] for skill in framework.tree}


def is_able(framework: Framework, role: RoleProfile, truth: Truth) -> bool:
    """At the role in truth: the weighted whole, with every floor held."""
    skills = [skill for skill, level in role.required.items() if level]
    cuts, floor = cuts_asked([role.required[skill] for skill in skills], framework.cuts.theta, role.floor_below)
    theta = np.array([truth[skill] for skill in skills])
    weights = np.array([role.weights[skill] for skill in skills])
    return bool(weights @ (theta - cuts) >= 0 and (theta >= floor).all())


def says(gap: RoleGap, role: RoleProfile) -> str:
    """ "meets" | "below" | "open": the word of the answers alone, without the kinds of evidence that a level asks for
    besides."""
    if gap.outcome == "not_met":
        return "below"
    return "meets" if gap.probability >= role.decide else "open"
