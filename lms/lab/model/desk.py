"""W5 Metrics desk: six questions on an export of a month. Every answer is computed from the seed, none is stored; the
named wrong formulas are those of `metrics.yaml` (design 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from lms.content.number_reading import in_unit, readings
from lms.lab.model import log, marks
from lms.lab.model.desk_questions import CLAIMS, DRAMS, NEXT, ODD, PERCENT, PROOF, DeskQuestions, ask
from lms.lab.model.export import PLATFORMS
from lms.lab.model.log import Action, Form

VERSION, FIRST_VERSION = "w5-2", "w5-1"  # the first one read fewer ways to write a number
SEEDS = (  # of 0..80 those that passed the screening (`flask lab screen --task metrics_desk`)
    *(1, 3, 6, 7, 8, 11, 12, 14, 15, 19, 21, 24, 25, 27, 28, 29, 30, 32, 33, 34, 37, 38, 39, 40, 42, 43, 44, 47, 48),
    *(50, 51, 52, 55, 56, 57, 60, 61, 64, 67, 68, 70, 72, 74, 77),
)
SCORES: marks.Places = {
    "rate": (1, "analytics.metrics"),
    "pooled": (2, "analytics.metrics"),
    "impossible": (3, "analytics.metrics"),
    "claim": (4, "analytics.insight"),
    "cheapest": (5, "platforms.paid"),
    "cost": (5, "platforms.paid"),
    "next": (6, "analytics.insight"),
    "proof": (6, "analytics.insight"),
}


class DeskPlay(log.Play):
    """Six steps of one or two answers."""

    LAST: ClassVar[int] = 6
    VERSION: ClassVar[str] = VERSION

    def missing(self, step: int, form: Form) -> list[str]:
        numbers, choices = _ASKED[step]
        missing = [name for name in numbers if not self.is_number(form, name)]
        return missing + [name for name, count in choices.items() if not log.one(form, name, log.indices(count))]

    def is_number(self, form: Form, name: str) -> bool:
        return bool(readings(log.one(form, name)))

    def numbers(self, form: Form, name: str) -> tuple[float, ...]:
        """What was typed may mean these, as in a question with a number; none in another unit than the asked one."""
        return in_unit(log.one(form, name), _UNITS[name])


class FirstPlay(DeskPlay):
    """As it was read when runs of `FIRST_VERSION` were played; they score as they did."""

    VERSION: ClassVar[str] = FIRST_VERSION

    def is_number(self, form: Form, name: str) -> bool:
        return bool(self.numbers(form, name))

    def numbers(self, form: Form, name: str) -> tuple[float, ...]:
        number = log.number(form, name)
        return () if number is None else (number,)


_UNITS = {"rate": "percent", "pooled": "percent", "cost": "money_amd"}
_ASKED: Mapping[int, tuple[tuple[str, ...], Mapping[str, int]]] = {  # numbers and choices of each step
    1: (("rate",), {}),
    2: (("pooled",), {}),
    3: ((), {"odd": len(ODD)}),
    4: ((), {"claim": 4}),
    5: (("cost",), {"cheapest": len(PLATFORMS)}),
    6: ((), {"next": len(NEXT), "proof": len(PROOF)}),
}


def outcome(seed: int, actions: Iterable[Action], form: type[DeskPlay] = DeskPlay) -> dict[str, Any]:
    """slips: by score, the named wrong formula that the answer comes from."""
    play, questions = form.replay(actions), ask(seed)
    scores: dict[str, float] = {}
    for step in _ASKED:
        if play.is_whole(step):
            scores |= _step_scores(questions, step, play)
    slips = {name: slip for name in scores for slip in [_slip(questions, name, play)] if slip and scores[name] <= 0}
    return marks.outcome(play.VERSION, scores, SCORES, slips=slips)


def _step_scores(questions: DeskQuestions, step: int, play: DeskPlay) -> dict[str, float]:
    form = play.form(step)
    numbers = {name: _near(play, name, key(questions)) for name, (at, key) in _KEYS.items() if at == step}
    return numbers | {name: mark(questions, form) for name, (at, mark) in _MARKS.items() if at == step}


def _near(play: DeskPlay, name: str, key: float) -> float:
    tolerance = DRAMS if name == "cost" else PERCENT
    numbers = play.numbers(play.form(SCORES[name][0]), name)
    return float(any(abs(number - key) <= tolerance for number in numbers))


def _picked(form: Form, name: str, among: Sequence[Any]) -> Any:
    chosen = log.one(form, name, log.indices(len(among)))
    return among[int(chosen)] if chosen else None


_KEYS: Mapping[str, tuple[int, Callable[[DeskQuestions], float]]] = {
    "rate": (1, lambda desk: desk.rate),
    "pooled": (2, lambda desk: desk.pooled),
    "cost": (5, lambda desk: desk.cost),
}
_MARKS: Mapping[str, tuple[int, Callable[[DeskQuestions, Form], float]]] = {
    "impossible": (3, lambda desk, form: marks.choice(_is(form, "odd", desk.odd, "impossible"), len(ODD))),
    "claim": (4, lambda desk, form: marks.choice(_picked(form, "claim", desk.claims) in CLAIMS, 4)),
    "cheapest": (5, lambda desk, form: marks.choice(_picked(form, "cheapest", PLATFORMS) == desk.cheapest, 3)),
    "next": (6, lambda desk, form: NEXT.get(_picked(form, "next", desk.next), 0.0)),
    "proof": (6, lambda desk, form: PROOF.get(_picked(form, "proof", desk.proof), 0.0)),
}


def _is(form: Form, name: str, among: Sequence[tuple[str, int]], kind: str) -> bool:
    picked = _picked(form, name, among)
    return picked is not None and picked[0] == kind


def _slip(questions: DeskQuestions, name: str, play: DeskPlay) -> str:
    """Name of the wrong formula that gives what was answered; "" for none."""
    near = (slip for slip, value in questions.wrong.get(name, {}).items() if _near(play, name, value))
    return next(near, "")
