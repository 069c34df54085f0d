"""Programs that work through the inbox of W2: taking what comes, what is short or what shouts earns little
(design 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from lms.lab.model.inbox import AFTER, ALL, FIRST, Inbox, cost, draw, scale
from lms.lab.model.triage import kappa

TABLE = {  # mean over the seeds of 0.6 of the order and 0.4 of the classes: habits below the design's, care as in it
    "first_come": 0.02,
    "all_urgent": 0.07,
    "shortest": 0.09,
    "loudest": 0.49,
    "deadline": 0.48,
    "competent": 0.80,
    "expert": 0.89,
}
BOUNDS = {"all_urgent": (-1.0, 0.3), "shortest": (-1.0, 0.45), "competent": (0.6, 1.0), "expert": (0.75, 1.0)}
WRONG = {"competent": 0.5, "expert": 0.22}  # by how much they misjudge what matters, as a factor's logarithm


def scores(seed: int) -> dict[str, float]:
    inbox, random = draw(seed), np.random.default_rng([seed, 205])
    return {name: _score(inbox, *bot(inbox, random)) for name, bot in _BOTS.items()}


def _score(inbox: Inbox, order: Sequence[int], classes: Sequence[int]) -> float:
    measure = scale(inbox.seed)
    right = (measure.random - cost(inbox, order)) / (measure.random - measure.best)
    key = [message.priority for message in inbox.messages]
    return 0.6 * max(0.0, min(1.0, right)) + 0.4 * max(0.0, kappa(classes, key))


Bot = Callable[[Inbox, np.random.Generator], tuple[list[int], list[int]]]


def ordered(wishes: Sequence[float]) -> list[int]:
    """Messages by what comes first for the bot, least first, as soon as they are there."""
    order = [int(at) for at in np.argsort(wishes, kind="stable")]
    first = [at for at in order if at < FIRST][:AFTER]
    return first + [at for at in order if at not in first]


def _ranked(wishes: Sequence[float], sizes: tuple[int, int, int] = (5, 4, 3)) -> list[int]:
    """Classes by rank: so many now, today, later; the rest needs no answer."""
    ranks = [3] * ALL
    for rank, at in enumerate(np.argsort(wishes, kind="stable")):
        ranks[int(at)] = sum(rank >= limit for limit in np.cumsum(sizes))
    return ranks


def _first_come(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
    return list(range(ALL)), _ranked(list(range(ALL)))


def _all_urgent(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
    return ordered(random.random(ALL).tolist()), [0] * ALL


def _shortest(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
    wishes = [float(message.takes) for message in inbox.messages]
    return ordered(wishes), [1] * ALL


def _loudest(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
    wishes = [-2.0 * message.loud - 1.5 * message.harm + random.normal(0, 0.5) for message in inbox.messages]
    return ordered(wishes), _ranked(wishes)


def _deadline(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
    wishes = [float(message.due) for message in inbox.messages]
    return ordered(wishes), _ranked([wish * float(np.exp(random.normal(0, 0.3))) for wish in wishes])


def _weighing(name: str) -> Bot:
    """Harm and value against time that is left and time that it takes, misjudged a little."""

    def bot(inbox: Inbox, random: np.random.Generator) -> tuple[list[int], list[int]]:
        worth = [message.weight * np.exp(random.normal(0, WRONG[name])) for message in inbox.messages]
        wishes = [
            -each / message.takes / (12 + message.due) for each, message in zip(worth, inbox.messages, strict=True)
        ]
        return ordered(wishes), [_class(inbox, at, random, WRONG[name]) for at in range(ALL)]

    return bot


def _class(inbox: Inbox, at: int, random: np.random.Generator, wrong: float) -> int:
    """The key, now and then one step beside it."""
    step = int(random.integers(0, 2)) * 2 - 1 if random.random() < wrong else 0
    return max(0, min(3, inbox.messages[at].priority + step))


_BOTS: dict[str, Bot] = {
    "first_come": _first_come,
    "all_urgent": _all_urgent,
    "shortest": _shortest,
    "loudest": _loudest,
    "deadline": _deadline,
    "competent": _weighing("competent"),
    "expert": _weighing("expert"),
}
