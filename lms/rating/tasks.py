"""The tasks that people judge, read once from `texts/` and checked: form, rubric with its anchors, and variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lms.content.text import Text
from lms.content.yaml_reader import parse_yaml
from lms.lab.wording import text, texts
from lms.psychometrics.items import ItemParameters
from lms.worklog.practice import named_by

TEXTS = Path(__file__).parent / "texts"
ANCHORS = 4  # of every criterion: scores 0 to 3
# A score of 1 is what a formula earns and 3 a good professional's, so the mean m of a sub-competency's criteria is
# x = (m - 1) / 2, cut into categories as every work sample's x: category 1 begins at level 2, 2 at level 3 and 3 at
# level 4. That rests on the anchors' words, not on people, hence the wide error.
ANCHORED_AT = (2, 3, 4)
PORTFOLIO_ANCHORED_AT = (3, 4, 5)  # its pieces are judged by the words of these levels
SLOPE, THRESHOLD_ERROR = 0.8, 0.7
CHOSEN = "chosen"  # in place of a criterion's sub-competency: the author says in the field "sub" which one
KINDS = ("text", "line", "choice", "choices")


@dataclass(frozen=True)
class WorkField:
    """One field of the form. kind: one of `KINDS`; most: characters, or of "choices" how many may be chosen; options:
    value -> its text, of choices only; optional: the work may be handed in without it."""

    name: str
    kind: str
    label: Text
    rows: int
    most: int
    options: Mapping[str, Text]
    optional: bool


@dataclass(frozen=True)
class Criterion:
    """anchors: what each score 0..3 looks like; weight: within its sub-competency; at_most_with: a criterion without
    which this one earns no more than 1."""

    name: str
    sub: str
    title: Text
    anchors: tuple[Text, ...]
    weight: float
    at_most_with: str


@dataclass(frozen=True)
class Variant:
    """A brief. original: a text that is to be rewritten, or None; sources: numbered from 1, to read and to name;
    unsound: numbers of those that bear no conclusion, and why; options: of fields whose choices the variant brings."""

    name: str
    title: Text
    text: Text
    original: Text | None
    sources: tuple[Text, ...]
    options: Mapping[str, Mapping[str, Text]]
    unsound: Mapping[int, Text]


@dataclass(frozen=True)
class WrittenTask:
    """name: in addresses and tables; code: in the catalogue; minutes: planned, limit: given; words, signs: what the
    first text should have, (0, 0) where there is no such rule; portfolio: work done before, shown by a link."""

    name: str
    code: str
    title: Text
    lead: Text
    minutes: int
    limit: int
    fields: tuple[WorkField, ...]
    criteria: tuple[Criterion, ...]
    variants: Mapping[str, Variant]
    words: tuple[int, int]
    signs: tuple[int, int]
    portfolio: bool = False
    version: int = 1

    @property
    def kind(self) -> str:
        """Of its evidence."""
        return self.name

    def unit(self, cuts: Sequence[float]) -> ItemParameters:
        """Parameters of each of its scoring units. cuts: of levels 1 to 5 on theta, of the shipped framework."""
        levels = PORTFOLIO_ANCHORED_AT if self.portfolio else ANCHORED_AT
        return ItemParameters(a=SLOPE, b=tuple(cuts[level - 1] for level in levels), sd_b=THRESHOLD_ERROR)

    def placed(self, form: Mapping[str, Sequence[str]]) -> WrittenTask:
        """The task with every criterion in its sub-competency, also where the author chose it."""
        chosen = next(iter(form.get("sub", ())), "")
        criteria = (replace(each, sub=chosen) if each.sub == CHOSEN else each for each in self.criteria)
        return replace(self, criteria=tuple(criteria))

    def evidence_name(self, form: Mapping[str, Sequence[str]]) -> str:
        """Under which its evidence stands, and by which a second one of a period is practice."""
        return f"{self.kind} {form['sub'][0]}" if self.portfolio and form.get("sub") else self.kind

    @property
    def sub_competencies(self) -> frozenset[str]:
        return frozenset(criterion.sub for criterion in self.criteria)

    def fields_of(self, variant: Variant) -> list[WorkField]:
        """The form's fields, with the choices that the variant brings."""
        return [_with_options(field, variant) for field in self.fields]


def _with_options(field: WorkField, variant: Variant) -> WorkField:
    options = variant.options.get(field.name)
    if field.name.startswith("sources"):
        numbers = [str(number) for number in range(1, len(variant.sources) + 1)]
        options = {number: Text(en=f"Source {number}", hy=f"Աղբյուր {number}") for number in numbers}
    if not options:
        return field
    return WorkField(field.name, field.kind, field.label, field.rows, field.most, options, field.optional)


def _read(name: str, code: str) -> WrittenTask:
    where = f"{name}.yaml"
    raw: Mapping[str, Any] = parse_yaml((TEXTS / where).read_text("utf-8"), where, 1)
    return WrittenTask(
        name=name,
        code=code,
        title=text(raw["title"], f"{where}, title"),
        lead=text(raw["lead"], f"{where}, lead"),
        minutes=raw["minutes"],
        limit=raw["limit"],
        fields=tuple(field for each in raw["fields"] for field in _fields(each, where)),
        criteria=_criteria(raw["criteria"], where),
        variants={each["name"]: _variant(each, where) for each in raw["variants"]},
        words=tuple(raw.get("words", (0, 0))),
        signs=tuple(raw.get("signs", (0, 0))),
        portfolio=bool(raw.get("portfolio")),
    )


def _fields(raw: Mapping[str, Any], where: str) -> list[WorkField]:
    """One, or `times` of it numbered from 1."""
    if raw["kind"] not in KINDS:
        raise ValueError(f"{where}: no such kind of field: {raw['kind']}")
    options = {name: text(each, f"{where}, {raw['name']}.{name}") for name, each in raw.get("options", {}).items()}
    times = raw.get("times")
    return [_field(raw, where, options, number) for number in (range(1, times + 1) if times else (None,))]


def _field(raw: Mapping[str, Any], where: str, options: Mapping[str, Text], number: int | None) -> WorkField:
    label = text(raw["label"], f"{where}, {raw['name']}").filled(number=str(number or ""))
    optional = number is not None and number > raw.get("needed", 0) if number else bool(raw.get("optional"))
    name = f"{raw['name']}_{number}" if number else raw["name"]
    return WorkField(name, raw["kind"], label, raw.get("rows", 1), raw.get("most", 200), options, optional)


def _criteria(raw: Sequence[Mapping[str, Any]], where: str) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            each["name"],
            each["sub"],
            text(each["title"], f"{where}, {each['name']}"),
            texts(each["anchors"], f"{where}, {each['name']}", ANCHORS),
            float(each.get("weight", 1.0)),
            each.get("at_most_with", ""),
        )
        for each in raw
    )


def _variant(raw: Mapping[str, Any], where: str) -> Variant:
    place = f"{where}, {raw['name']}"
    return Variant(
        raw["name"],
        text(raw["title"], place),
        text(raw["text"], place),
        text(raw["original"], place) if "original" in raw else None,
        texts(raw.get("sources", ()), place),
        {
            field: {name: text(each, place) for name, each in options.items()}
            for field, options in raw.get("options", {}).items()
        },
        {int(number): text(each, place) for number, each in raw.get("unsound", {}).items()},
    )


CODES = {"reply": "W3", "caption": "W7", "ideas": "W6", "audience": "W9", "portfolio": ""}
TASKS: Mapping[str, WrittenTask] = {name: _read(name, code) for name, code in CODES.items()}


def of_practice(practice: str | None) -> WrittenTask | None:
    """The task that a module's practice names."""
    return named_by(practice, TASKS)
