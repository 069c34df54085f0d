"""What may contradict itself in one test blueprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.competency.blueprint import TestBlueprint
from lms.competency.framework import Framework
from lms.competency.words import Words

Problems = Iterator[tuple[str, Words]]
NO_SUB = Words(en="{sub} is no sub-competency", hy="{sub} ենթակարողություն չկա")
EMPTY_SLOT = Words(en="needs at least one item and some time", hy="պետք է առնվազն մեկ հարց և որոշ ժամանակ")
OVERRUNS = Words(en="its parts take {parts} of {limit} minutes", hy="մասերը պահանջում են {parts} րոպե՝ {limit}-ից")
AT_LEAST_ONE = Words(en="must be at least 1", hy="պետք է լինի առնվազն 1")
SHARES = Words(en="the shares must sum to 1, not {sum}", hy="մասերի գումարը պետք է լինի 1, ոչ թե {sum}")
TOO_COARSE = Words(
    en="{reports}: {skill} has {have} {count}, gates.skill asks for {asked}",
    hy="{reports}. {skill}՝ {count} {have}, gates.skill-ը պահանջում է {asked}",
)


def blueprint_problems(framework: Framework, blueprint: TestBlueprint) -> Problems:
    """What is wrong with one blueprint of the framework."""
    key, subs = f"blueprints.{blueprint.id}", framework.sub_competencies
    yield from _slots(key, blueprint, subs)
    for task in blueprint.tasks:
        yield from _covers(f"{key}.tasks.{task.id}.covers", task.covers, subs)
    if blueprint.minutes > blueprint.time_limit_minutes:
        message = OVERRUNS.filled(parts=f"{blueprint.minutes:g}", limit=f"{blueprint.time_limit_minutes:g}")
        yield f"{key}.time_limit_minutes", message
    if blueprint.pool_per_slot < 1:
        yield f"{key}.pool_per_slot", AT_LEAST_ONE
    yield from _grain(framework, blueprint)


def _slots(key: str, blueprint: TestBlueprint, subs: Mapping[str, object]) -> Problems:
    for number, slot in enumerate(blueprint.slots, 1):
        if slot.sub not in subs:
            yield f"{key}.slots.{number}.sub", NO_SUB.filled(sub=slot.sub)
        if slot.items < 1 or slot.minutes <= 0:
            yield f"{key}.slots.{number}", EMPTY_SLOT


def _covers(key: str, covers: Mapping[str, float], subs: Mapping[str, object]) -> Problems:
    if abs(sum(covers.values()) - 1) > 1e-6:
        yield key, SHARES.filled(sum=f"{sum(covers.values()):g}")
    for sub in covers:
        if sub not in subs:
            yield f"{key}.{sub}", NO_SUB.filled(sub=sub)


def _grain(framework: Framework, blueprint: TestBlueprint) -> Problems:
    """Whoever reports levels makes enough observations for the gate of level 2; bands need at least one a skill."""
    gate = framework.gates.skill.get(2 if blueprint.reports == "skill_levels" else 1)
    for skill in framework.tree if gate else ():
        observations = blueprint.observations(skill)
        for count, have in (("observations", len(observations)), ("sub_competencies", len(set(observations)))):
            least = getattr(gate, count)
            if have < least:
                values = {"reports": blueprint.reports, "skill": skill, "count": count}
                values |= {"have": str(have), "asked": str(least)}
                yield f"blueprints.{blueprint.id}.reports", TOO_COARSE.filled(**values)
