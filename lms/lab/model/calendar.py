"""The week of W4 as it is drawn: six posts, fourteen free slots, who is there when, and what a slot breaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lms.psychometrics.arrays import Floats

POSTS, SLOTS, DAYS, SEGMENTS = 6, 14, 7, 3
PLATFORMS = ("instagram", "facebook", "telegram")
BANDS = ((8, 11), (11, 14), (14, 17), (17, 20), (20, 23))  # of the activity tables, hours from and to
ROLES = ("launch", "photos", "partner", "discount", "tip", "question")  # what the six posts are, one each
PROMOTES = ("launch", "partner", "discount")
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = 2, 3, 4, 5
EARLIEST = {"partner": (WEDNESDAY, 12), "photos": (THURSDAY, 14), "launch": (FRIDAY, 0)}  # day and hour
GAP = 6  # hours that two posts on one platform stand apart
VARIANTS = 3  # texts of each role


@dataclass(frozen=True)
class CalendarPost:
    """role: of `ROLES`; variant: which of its texts; platform: index; mix: per cent of its readers by segment."""

    role: str
    variant: int
    platform: int
    mix: tuple[int, ...]


@dataclass(frozen=True)
class Week:
    """slots: (day 0..6, hour), in order; activity: per cent of a segment that is there, [platform, work day or weekend,
    band, segment]; memorial: day of 24 April."""

    seed: int
    posts: tuple[CalendarPost, ...]
    slots: tuple[tuple[int, int], ...]
    activity: npt.NDArray[np.int64]
    memorial: int

    @property
    def values(self) -> Floats:
        """Share of its readers that each post meets in each slot, [post, slot], whatever is broken by it."""
        return np.array([[self._met(post, *slot) for slot in self.slots] for post in self.posts])

    def _met(self, post: CalendarPost, day: int, hour: int) -> float:
        there = self.activity[post.platform, int(day >= SATURDAY), band_of(hour)]
        return float(np.dot(post.mix, there)) / 10_000

    def allowed(self, post: CalendarPost, slot: int) -> bool:
        """Whether the slot breaks nothing for this post alone."""
        return not self.broken_alone(post, slot)

    def broken_alone(self, post: CalendarPost, slot: int) -> list[str]:
        day, hour = self.slots[slot]
        early = (day, hour) < EARLIEST.get(post.role, (0, 0))
        promotes = day == self.memorial and post.role in PROMOTES
        return [*([post.role] if early else []), *(["memorial"] if promotes else [])]

    def too_near(self, first: int, second: int) -> bool:
        """Whether two slots are nearer than two posts of one platform may be."""
        hours = [24 * day + hour for day, hour in (self.slots[first], self.slots[second])]
        return abs(hours[0] - hours[1]) < GAP


def band_of(hour: int) -> int:
    return next(at for at, (start, end) in enumerate(BANDS) if start <= hour < end)


@lru_cache(maxsize=64)
def draw(seed: int) -> Week:
    """The week of a seed."""
    random = np.random.default_rng([seed, 401])
    platforms = random.permutation([at for at in range(len(PLATFORMS)) for _ in range(2)])
    roles = [ROLES[at] for at in random.permutation(POSTS)]
    posts = [
        CalendarPost(role, int(random.integers(VARIANTS)), int(platform), _mix(random))
        for role, platform in zip(roles, platforms, strict=True)
    ]
    return Week(seed, tuple(posts), _slots(random), _activity(random), int(random.integers(1, DAYS)))


def _mix(random: np.random.Generator) -> tuple[int, ...]:
    """One segment in front, in tens."""
    first = int(random.integers(6, 9)) * 10
    second = int(random.integers(1, (100 - first) // 10 + 1)) * 10
    shares = [first, second, 100 - first - second]
    return tuple(shares[at] for at in random.permutation(SEGMENTS))


def _slots(random: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """Two a day, in different bands."""
    slots = []
    for day in range(DAYS):
        for band in sorted(random.permutation(len(BANDS))[:2]):
            slots.append((day, int(BANDS[band][0] + random.integers(3))))
    return tuple(slots)


def _activity(random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Each segment has a habit of its own on every platform, another one at the weekend; no two have the same peak."""
    bands = np.arange(len(BANDS))
    activity = np.zeros((len(PLATFORMS), 2, len(BANDS), SEGMENTS), dtype=np.int64)
    for platform, weekend in np.ndindex(len(PLATFORMS), 2):
        highs, lows = random.permutation(len(BANDS)), random.permutation(len(BANDS))
        for segment in range(SEGMENTS):
            curve = 90 * np.exp(-((bands - highs[segment]) ** 2) / 0.9)
            curve += 30 * np.exp(-((bands - lows[segment]) ** 2) / 0.9)
            shown = np.clip(np.round(curve + random.normal(5, 4, len(BANDS))), 3, 97)
            activity[platform, weekend, :, segment] = shown.astype(np.int64)
    return activity
