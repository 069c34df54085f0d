"""The people of one seed: who they are, what they like, when they look. The player never sees it as such."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lms.lab.model.constants import BASE, FORMATS, HALF_LIFE, HOURS, PLATFORMS, SEGMENTS, TOPICS
from lms.psychometrics.arrays import Floats

DAY, WINDOW = 24, 48  # hours; a post lives two days
WORK_NETWORK = PLATFORMS.index("linkedin")


@dataclass(frozen=True)
class World:
    """One draw. people: (S, P) reachable; interest: (S, K) 0..1; taste: (S, F) for formats 0..1; language: (S, L),
    best 1; worth: (S,) of a converted person, falling, sum 1; conversion: (S,) per click; activity: (S, P, H) by hour
    of the week; audience: (S, P, H) share of the best hour that a post put out then finds."""

    seed: int
    people: Floats
    interest: Floats
    taste: Floats
    language: Floats
    worth: Floats
    conversion: Floats
    activity: Floats
    audience: Floats

    @property
    def weight(self) -> Floats:
        """(S, P): worth of the reachable people of each segment, every platform's sum 1."""
        raw = self.worth[:, None] * self.people
        return np.asarray(raw / raw.sum(axis=0))


@lru_cache(maxsize=64)
def draw(seed: int) -> World:
    """The world of a seed (PCG64; the order of draws is part of the model's version)."""
    random = np.random.default_rng(seed)
    people = np.round(random.uniform(0.05, 1, (SEGMENTS, len(PLATFORMS))) ** 1.5 * BASE[None, :])
    interest = np.clip(random.beta(1.6, 1.9, (SEGMENTS, TOPICS)), 0.05, 0.98)
    taste = np.clip(random.beta(2.2, 1.8, (SEGMENTS, len(FORMATS))), 0.1, 0.98)
    spoken = random.dirichlet([5, 1.5, 1.2], SEGMENTS)
    worth = np.sort(random.dirichlet([1.2] * SEGMENTS))[::-1]
    conversion = random.uniform(0.015, 0.05, SEGMENTS)
    activity = _activity(random)
    language = spoken / spoken.max(1, keepdims=True)
    return World(seed, people, interest, taste, language, worth, conversion, activity, _audience(activity))


def _activity(random: np.random.Generator) -> Floats:
    """Three bumps a day (morning, noon, evening, width 1.8 h) of a weight of their own, weekends by a factor."""
    activity = np.zeros((SEGMENTS, len(PLATFORMS), HOURS))
    hour, weekend = np.arange(HOURS) % DAY, np.arange(HOURS) // DAY >= 5
    for segment in range(SEGMENTS):
        centres = [random.uniform(7, 10), random.uniform(12, 15), random.uniform(18.5, 22.5)]
        weights = random.dirichlet([1.2, 1.0, 2.2])
        at_weekend = random.uniform(0.6, 1.5)
        for platform in range(len(PLATFORMS)):
            shift = random.normal(0, 0.7)
            bumps = [weights[j] * np.exp(-((hour - centres[j] - shift) ** 2) / (2 * 1.8**2)) for j in range(3)]
            factor = at_weekend * (0.35 if platform == WORK_NETWORK else 1)
            activity[segment, platform] = (bumps[0] + bumps[1] + bumps[2] + 0.03) * np.where(weekend, factor, 1)
    return activity


def _audience(activity: Floats) -> Floats:
    """What a post put out in each hour meets in the two days of its life, which thins out by the half-life."""
    twice = np.concatenate([activity, activity[:, :, :WINDOW]], axis=2)
    later = np.arange(WINDOW)
    fading = 0.5 ** (later[None, :] / HALF_LIFE[:, None])
    fading /= fading.sum(axis=1, keepdims=True)
    windows = np.lib.stride_tricks.sliding_window_view(twice, WINDOW, axis=2)[:, :, :HOURS]
    met = np.einsum("sphw,pw->sph", windows, fading)
    return np.asarray(met / met.max(axis=2, keepdims=True))
