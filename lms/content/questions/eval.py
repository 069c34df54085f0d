"""Evaluation: rate each of the given solutions, held against mean expert ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.parts import RATED_PART, Problem, numbered, ratings, with_feedback
from lms.content.questions.posted import Form, posted
from lms.content.questions.values import ExplainedPart, Field, Score
from lms.content.text import Text
from lms.formats import format_number

SOLUTIONS = Text(hy="լուծումներ", en="solutions")
GRADES = (
    Text(hy="չի աշխատում", en="does not work"),
    Text(hy="թույլ է", en="weak"),
    Text(hy="լավ է", en="good"),
    Text(hy="շատ լավ է", en="very good"),
)
APART = 0.5  # experts' means nearer than this call two solutions equal
RANGE = Text(en="ratings go from 1 to 4", hy="գնահատականը 1-ից 4 է")
ALIKE = Text(
    en="the best and the worst solution are at least one grade apart",
    hy="լավագույն և վատագույն լուծումների միջև առնվազն մեկ աստիճան կա",
)
RATED = Text(hy="փորձագետներ՝ {rating}", en="experts: {rating}")


def pairs(rated: Sequence[float]) -> list[tuple[int, int]]:
    """(better, worse) places of all solutions that the experts tell apart."""
    return [
        (first, other) if rated[first] > rated[other] else (other, first)
        for first, other in combinations(range(len(rated)), 2)
        if abs(rated[first] - rated[other]) >= APART
    ]


def agreement(rated: Sequence[float], grades: Sequence[int | None]) -> float:
    """Pairs judged as the experts judge them less pairs judged the other way round, over all pairs that the experts
    tell apart (Goodman and Kruskal's count with ties in the denominator): -1 to 1, and 0 on average for blind rating.
    Only the order counts, so a strict and a mild rater who see the same differences earn the same."""
    ratings = pairs(rated)
    return sum(_sign(grades[better], grades[worse]) for better, worse in ratings) / len(ratings)


def _sign(better: int | None, worse: int | None) -> int:
    return 0 if better is None or worse is None else (better > worse) - (better < worse)


class Evaluation(options.Lettered):
    """`- (3.6) solution` with feedback; each is rated from 1 to 4. x = `agreement`."""

    name = "eval"
    title = Text(hy="լուծումների գնահատում", en="rating solutions")
    instruction = Text(hy="Գնահատեք լուծումներից յուրաքանչյուրը։", en="Rate each of the solutions.")
    lettered = False  # there is no single option that people choose
    frame = Text(
        hy=(
            "Հարցի տեքստը և լուծումների նպատակը։\n"
            "\n"
            "- (3.7) Ամենալավ լուծումը\n"
            "  > Ինչն է լավ։\n"
            "- (2.6) Միջին լուծում\n"
            "  > Ինչն է պակասում։\n"
            "- (1.3) Թույլ լուծում\n"
            "  > Ինչն է սխալ։\n"
        ),
        en=(
            "The question and what the solutions are for.\n"
            "\n"
            "- (3.7) The best solution\n"
            "  > What is good about it.\n"
            "- (2.6) A fair solution\n"
            "  > What it lacks.\n"
            "- (1.3) A weak solution\n"
            "  > What is wrong with it.\n"
        ),
    )
    part = RATED_PART

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Three to five solutions with feedback, ratings from 1 to 4, best and worst a grade apart."""
        yield from numbered(text.parts, 3, 5, text.line, SOLUTIONS)
        rated = ratings(text)
        if any(not 1 <= rating <= len(GRADES) for rating in rated):
            yield text.line, RANGE
        if rated and max(rated) - min(rated) < 1:
            yield text.line, ALIKE
        yield from with_feedback(text.parts)

    def key(self, item: Item, text: ItemText) -> tuple[float, ...]:
        """The ratings."""
        return ratings(text)

    def right_options(self, text: ItemText) -> tuple[bool, ...]:
        """No solution is the right one."""
        return ()

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """A grade for each solution."""
        grades = tuple((str(grade), name.get(language)) for grade, name in enumerate(GRADES, 1))
        return tuple(
            Field(f"answer.{letter}", "grade", label, grades)
            for letter, label in options.choices(item, instance, language, html)
        )

    def read(self, item: Item, instance: options.Order, form: Form) -> dict[str, int] | None:
        """{letter: grade}; solutions not rated are left out."""
        grades = [str(grade) for grade in range(1, len(GRADES) + 1)]
        answers = {letter: posted(form, f"answer.{letter}", grades) for letter in options.letters(instance)}
        return {letter: int(grade) for letter, grade in answers.items() if grade} or None

    def score(self, item: Item, instance: options.Order, value: Any) -> Score:
        """The agreement with the experts; shown as max(0, x). A solution not rated is told apart from none."""
        x = agreement(ratings(item.text()), _by_place(instance, value))
        return Score(x, max(0.0, x))

    def outcomes(self, item: Item) -> dict[float, float]:
        """Every grade equally likely for every solution."""
        rated = ratings(item.text())
        blind = product(range(1, len(GRADES) + 1), repeat=len(rated))
        counts = Counter(agreement(rated, grades) for grades in blind)
        return {x: count / counts.total() for x, count in counts.items()}

    def explain(
        self, item: Item, instance: options.Order, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The solutions from the best down with the experts' ratings; each with the person's grade, right when no
        other solution stands the wrong way round to it."""
        texts, rated = item.text(language).parts, ratings(item.text())
        grades = _by_place(instance, value or {})
        best_first = sorted(range(len(rated)), key=lambda place: -rated[place])
        solutions = (f"{html.inline(texts[place].text)} ({_rated(rated[place], language)})" for place in best_first)
        parts = tuple(
            ExplainedPart(
                _graded(html.inline(texts[place].text), grades[place], language),
                grades[place] is not None,
                _sound(place, rated, grades),
                html.inline(texts[place].feedback),
            )
            for place in instance.order
        )
        return html.bullets(solutions, "ol"), parts


def _by_place(instance: options.Order, value: Mapping[str, int]) -> list[int | None]:
    """The grades given, in the author's order."""
    placed = sorted(zip(instance.order, options.letters(instance), strict=True))
    return [value.get(letter) for _, letter in placed]


def _sound(place: int, rated: Sequence[float], grades: Sequence[int | None]) -> bool:
    return all(_sign(grades[better], grades[worse]) > 0 for better, worse in pairs(rated) if place in (better, worse))


def _rated(rating: float, language: str) -> str:
    return RATED.get(language).replace("{rating}", format_number(rating, language, 1))


def _graded(label: str, grade: int | None, language: str) -> str:
    return f"{GRADES[grade - 1].get(language)} – {label}" if grade else label
