"""What a candidate goes through: the test and the work samples of a form, as a campaign keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms import publishing
from lms.assess import Specification
from lms.campaigns.offered_works import OfferedWork, offered_works
from lms.competency import Framework, TestBlueprint
from lms.competency.blueprint import WorkSample

PURPOSE = "hiring"  # of the attempt that a candidate sits
BLUEPRINTS = {"screening": "screening_25", "full": "full_60", "own": "full_60"}
TITLE = {"hy": "Գնահատման թեստ", "en": "Assessment test"}
TEST = Specification(
    PURPOSE,
    title=TITLE,
    pool="closed",
    selection="adaptive",
    most=60,
    revisit=False,
    unanswered="left_out",
    gives_evidence=True,
    explained=False,
)
LEAST_SHARE = 0.6  # of the questions before a test may end because every skill is settled
Part = dict[str, Any]


@dataclass(frozen=True)
class Mix:
    """An own form: questions of every skill, and the work samples that are to be in it."""

    questions: Mapping[str, int]
    tasks: frozenset[str]

    @property
    def is_some(self) -> bool:
        return any(self.questions.values())


def parts_of(framework: Framework, form: str, role: str = "", mix: Mix | None = None) -> list[Part]:
    """The parts of a form, the test first; of work samples those that can be put before a candidate now. With a role
    the test stops asking about a skill that surely lies above or below what that asks. KeyError for an unknown form."""
    blueprint, offered = blueprint_of(framework, form), offered_works()
    works = [offered[code] for code in (sorted(mix.tasks & offered.keys()) if mix else _fitting(blueprint))]
    test = _own_test(blueprint, mix) if mix else _shipped_test(blueprint, works)
    test = replace(test, cuts=cuts_of(framework, role))
    return [{"kind": "test", "minutes": (test.seconds or 0) / 60, "rules": test.plain()}, *map(work_part, works)]


def work_part(work: OfferedWork) -> Part:
    return {"kind": "work", "task": work.code, "minutes": work.minutes}


def works_of(parts: Sequence[Part]) -> list[OfferedWork]:
    """The work samples among the parts, of those that can be put before a candidate now."""
    offered = offered_works()
    return [offered[part["task"]] for part in parts if part["kind"] == "work" and part["task"] in offered]


def _fitting(blueprint: TestBlueprint) -> list[str]:
    """The offered tasks that don't take the form's time from its questions: at most twice what it planned for them."""
    offered = offered_works()
    tasks = [task for task in program_scored(blueprint) if task.id in offered]
    return [task.id for task in tasks if offered[task.id].minutes <= 2 * task.minutes]


def blueprint_of(framework: Framework, form: str) -> TestBlueprint:
    return next(each for each in framework.blueprints if each.id == BLUEPRINTS[form])


def program_scored(blueprint: TestBlueprint) -> list[WorkSample]:
    """The tasks that need nobody to mark them."""
    return [task for task in blueprint.tasks if not task.human_rated]


def left_out(framework: Framework, form: str, parts: Sequence[Part]) -> list[WorkSample]:
    """Program-scored tasks of the form that a candidate is not given, as they would take its questions' time."""
    task_ids = {part.get("task") for part in parts}
    return [task for task in program_scored(blueprint_of(framework, form)) if task.id not in task_ids]


def cuts_of(framework: Framework, role: str) -> dict[str, float]:
    """Where the level begins that the role asks of each skill; empty without a role."""
    profile = framework.role(role)
    return (
        {skill: framework.cuts.theta[level - 1] for skill, level in profile.required.items() if level}
        if profile
        else {}
    )


def question_minutes(blueprint: TestBlueprint) -> float:
    """What one question takes, on average."""
    return sum(slot.minutes for slot in blueprint.slots) / sum(slot.items for slot in blueprint.slots)


def _shipped_test(blueprint: TestBlueprint, works: Sequence[OfferedWork]) -> Specification:
    """The minutes of tasks that are not in the form go to questions."""
    minutes = blueprint.time_limit_minutes - sum(work.minutes for work in works)
    most = int((minutes - blueprint.instructions_minutes) / question_minutes(blueprint))
    return _test(shares(blueprint), most, minutes)


def _own_test(blueprint: TestBlueprint, mix: Mix) -> Specification:
    most = sum(mix.questions.values())
    subs = {name: share for name, share in shares(blueprint).items() if "." in name and mix.questions.get(_skill(name))}
    skills = {skill: float(count) for skill, count in mix.questions.items() if count}
    minutes = round(most * question_minutes(blueprint) * 1.2 + blueprint.instructions_minutes)
    return _test(skills | subs, most, minutes)


def _test(blueprint: Mapping[str, float], most: int, minutes: float) -> Specification:
    return replace(TEST, least=round(most * LEAST_SHARE), most=most, blueprint=dict(blueprint), seconds=minutes * 60)


def shares(blueprint: TestBlueprint) -> Mapping[str, float]:
    """Items of every sub-competency and, as their sum, of every skill."""
    counted: Counter[str] = Counter()
    for slot in blueprint.slots:
        counted[slot.sub] += slot.items
        counted[_skill(slot.sub)] += slot.items
    return {name: float(count) for name, count in counted.items()}


def _skill(sub: str) -> str:
    return sub.partition(".")[0]


def rules_of(parts: Sequence[Part]) -> Specification:
    """The rules of the test among the parts."""
    return Specification.read(next(part["rules"] for part in parts if part["kind"] == "test"))


def minutes_of(parts: Sequence[Part]) -> int:
    return round(sum(float(part["minutes"]) for part in parts))


def bank_of(test: Specification, languages: Collection[str]) -> list[int]:
    """The questions of the test that exist in every one of these languages: their published revisions."""
    pool = publishing.items(test.pool)
    return sorted(revision for revision, item in pool if set(languages) <= set(item.languages))


def with_usual_length(parts: Sequence[Part], figures: Mapping[str, Any]) -> list[Part]:
    """The parts, the test saying how many questions most people of the measured figures got."""
    if not figures:
        return list(parts)
    usual = (round(figures["shortest"]), round(figures["longest"]))
    if usual[0] == usual[1]:  # "usually 24 to 24" says nothing
        return list(parts)
    return [part | {"rules": {**part["rules"], "usual": usual}} if part["kind"] == "test" else part for part in parts]
