"""Drawn instances of the samples, and the form with every answer right."""

from __future__ import annotations

from typing import Any

from lms.content import Item, Reference
from lms.content import questions as q


def instance(entry: Item, reference: Reference, seed: int = 3) -> dict[str, Any]:
    return q.new_instance(entry, seed, reference)


def letter(drawn: dict[str, Any], index: int, name: str = "order") -> str:
    """The letter under which the author's part `index` is shown."""
    return "abcdefghij"[drawn[name].index(index)]


def right_form(entry: Item, drawn: dict[str, Any]) -> dict[str, list[str]]:
    """A form with every answer right."""
    match entry.type:
        case "single":
            return {"answer": [letter(drawn, 1)]}
        case "multiple":
            return {"answer": [letter(drawn, 0), letter(drawn, 1)]}
        case "ordering":
            return {f"answer.{letter(drawn, index)}": [str(index + 1)] for index in range(5)}
        case "matching":
            return {f"answer.{letter(drawn, i, 'lefts')}": [letter(drawn, i, "rights")] for i in range(4)}
        case "categorising":
            return {f"answer.{letter(drawn, i)}": [letter(drawn, i // 3, "groups")] for i in range(6)}
        case "judgement":
            return {"answer.best": [letter(drawn, 0)], "answer.worst": [letter(drawn, 3)]}
        case "err":
            return {"answer": ["b", "d"]}
        case "eval":
            grades = ("4", "3", "2", "1")
            return {f"answer.{letter(drawn, place)}": [grade] for place, grade in enumerate(grades)}
        case "cloze":
            first, second = "abc"[drawn["gaps"][0].index(0)], "abc"[drawn["gaps"][1].index(1)]
            return {"answer.1": [first], "answer.2": [second], "answer.3": ["hashtag"]}
        case "numeric":
            return {"answer": [f"{drawn['answer']:.2f}"]}
        case _:
            return {"answer": [" reach "]}
