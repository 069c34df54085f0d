"""How much room a campaign has: the sprint, which is evidence, and the long form, which is for training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """version: of the model with this room; posts: at most; least: at least; hours: of work for all posts; week: hours
    of all activities; budget: drams for paid reach; is_evidence: whether its scores count; feels: whether the second
    week meets the mood that the replies left."""

    version: str
    posts: int
    least: int
    hours: int
    week: int
    budget: int = 0
    is_evidence: bool = True
    feels: bool = False


SPRINT = Size("w1-1", posts=4, least=4, hours=8, week=20)
LONG = Size("w1l-1", posts=10, least=4, hours=20, week=40, budget=6_000, is_evidence=False, feels=True)
