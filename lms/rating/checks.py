"""What a program can see of a text, as notes for its raters. Nothing of it is scored. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lms.rating.tasks import Variant, WrittenTask

Form = Mapping[str, list[str]]
WORD = re.compile(r"[^\W\d_]+(?:[-’'՚][^\W\d_]+)*")
NUMBER = re.compile(r"(?<![\w])(?:\+?\d[\s()-]?){8,19}(?!\w)")
ARMENIAN = re.compile(r"[\u0531-\u0587]")
FOREIGN_MARKS = re.compile(r"[\u0531-\u0587]\s*[:?!]")
MIXED = re.compile(r"\b(?=\w*[\u0531-\u0587])(?=\w*[A-Za-z])\w+\b")
INFORMAL = re.compile(r"\b(?:դու|քեզ|քեզնից|քեզանից|քո|քոնը)\b", re.IGNORECASE)
KEPT = 0.7  # of the words of a text that was to be rewritten


@dataclass(frozen=True)
class Note:
    """name: what was seen; count: how many of it, or percent."""

    name: str
    count: int


def words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


def body(task: WrittenTask, form: Form) -> str:
    """All that was written, one line a field."""
    texts = [" ".join(form.get(field.name, [])) for field in task.fields if field.kind in ("text", "line")]
    return "\n".join(text for text in texts if text)


def notes(task: WrittenTask, variant: Variant, form: Form, language: str) -> list[Note]:
    text = body(task, form)
    remarks = [*_length(task, text), *_kept(variant, text, language), *_repeated(task, form)]
    counts: list[tuple[str, Callable[[str], list[str]]]] = [("numbers", NUMBER.findall)]
    if ARMENIAN.search(text):
        counts += [("marks", FOREIGN_MARKS.findall), ("mixed", MIXED.findall), ("informal", INFORMAL.findall)]
    return remarks + [Note(name, len(find(text))) for name, find in counts if find(text)]


def _length(task: WrittenTask, text: str) -> list[Note]:
    """Said always where the task asks for a length: whether it is kept is for the rater to weigh."""
    rules = (("words", task.words, len(words(text))), ("signs", task.signs, len(text)))
    return [Note(name, count) for name, (_low, high), count in rules if high]


def _kept(variant: Variant, text: str, language: str) -> list[Note]:
    if variant.original is None or not words(text):
        return []
    original = set(words(variant.original.get(language)))
    kept = sum(word in original for word in words(text)) / len(words(text))
    return [Note("kept", round(100 * kept))] if kept > KEPT else []


def unsound(variant: Variant, form: Form) -> list[int]:
    """Numbers of the sources on which a conclusion was put although they bear none."""
    named = {int(number) for name, values in form.items() if name.startswith("sources") for number in values}
    return sorted(named & set(variant.unsound))


def _repeated(task: WrittenTask, form: Form) -> list[Note]:
    lines = [tuple(words(line)) for field in task.fields if field.kind == "line" for line in form.get(field.name, [])]
    written = [line for line in lines if line]
    again = len(written) - len(set(written))
    return [Note("repeated", again)] if again else []
