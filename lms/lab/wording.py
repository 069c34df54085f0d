"""Words of the work samples, read once from `texts/` and checked: whoever breaks a file is told where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lms.content.text import Text
from lms.content.yaml_reader import parse_yaml

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class TaskWords:
    """What every task is called. steps, courses: by step, the course is the slug of what teaches it; scores, advice:
    by score."""

    title: Text
    lead: Text
    steps: Mapping[int, Text]
    courses: Mapping[int, str]
    scores: Mapping[str, Text]
    advice: Mapping[str, Text]


def task_words(name: str, last: int, scores: Iterable[str], form: str = "") -> TaskWords:
    """Those of `texts/<name>.yaml`, title and lead of one form of the task; ValueError names what is not whole."""
    where = f"{name}.yaml"
    raw, steps = file(where), [str(step) for step in range(1, last + 1)]
    return TaskWords(
        text(raw[f"{form}title"], f"{where}, {form}title"),
        text(raw[f"{form}lead"], f"{where}, {form}lead"),
        {int(step): each for step, each in group(where, "steps", steps).items()},
        {int(step): str(slug) for step, slug in raw["courses"].items()},
        group(where, "scores", scores),
        group(where, "advice", scores),
    )


@cache
def file(name: str) -> Mapping[str, Any]:
    texts: Mapping[str, Any] = parse_yaml((TEXTS / name).read_text("utf-8"), name, 1)
    return texts


def group(where: str, name: str, keys: Iterable[str]) -> dict[str, Text]:
    """The list of that name with exactly these keys."""
    raw, needed = file(where)[name], tuple(keys)
    if set(raw) != set(needed):
        raise ValueError(f"{where}: {name} needs exactly {', '.join(needed)}")
    return {key: text(raw[key], f"{where}, {name}.{key}") for key in needed}


def text(raw: Any, where: str) -> Text:
    if (
        not isinstance(raw, Mapping)
        or set(raw) != {"hy", "en"}
        or not all(str(words).strip() for words in raw.values())
    ):
        raise ValueError(f"{where}: a text has `hy` and `en` and nothing else, not {raw!r}")
    return Text(hy=str(raw["hy"]), en=str(raw["en"]))


def texts(raw: Any, where: str, count: int | None = None) -> tuple[Text, ...]:
    if count is not None and len(raw) != count:
        raise ValueError(f"{where}: {count} entries are needed, not {len(raw)}")
    return tuple(text(entry, where) for entry in raw)
