"""Whether the numbers of a framework agree with one another. Each rule yields (key, message) pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from lms.competency.framework import COUNTS, EvidenceGate, Framework, Role, TestBlueprint

LEVELS = range(6)  # what pages and items count by
PERCENT = 100
Problems = Iterator[tuple[str, str]]


def problems_of(framework: Framework) -> list[tuple[str, str]]:
    """Everything that contradicts something else, by key; empty for a sound framework."""
    rules = (_levels, _cuts, _gates, _openable, _skills, _decisions)
    found = [problem for rule in rules for problem in rule(framework)]
    found += [problem for role in framework.roles for problem in role_problems(framework, role)]
    found += [problem for blueprint in framework.blueprints for problem in _blueprint(framework, blueprint)]
    return found + list(_twice(framework))


def _levels(framework: Framework) -> Problems:
    if [descriptor.level for descriptor in framework.levels] != list(LEVELS):
        yield "levels", f"must be {LEVELS[0]} to {LEVELS[-1]} in order"


def _cuts(framework: Framework) -> Problems:
    cuts = framework.cuts
    if len(cuts.theta) != framework.highest:
        yield "cuts.theta", f"one cut for each of levels 1 to {framework.highest}, not {len(cuts.theta)}"
    if any(low >= high for low, high in pairwise(cuts.theta)):
        yield "cuts.theta", "every cut must lie above the one before it"
    if any(not -6 <= cut <= 6 for cut in cuts.theta):
        yield "cuts.theta", "an ability lies between -6 and 6"
    if cuts.provisional and cuts.standard_errors:
        yield "cuts.standard_errors", "provisional cuts have none; name the panel's record as `origin`"
    if not cuts.provisional and len(cuts.standard_errors) != len(cuts.theta):
        yield "cuts.standard_errors", f"a panel's cuts have one each: {len(cuts.theta)}"
    if any(error <= 0 for error in cuts.standard_errors):
        yield "cuts.standard_errors", "must be above 0"


def _gates(framework: Framework) -> Problems:
    for name, gates in (("sub_competency", framework.gates.sub_competency), ("skill", framework.gates.skill)):
        if list(gates) != list(LEVELS[1:]):
            yield f"gates.{name}", f"one gate for each of levels 1 to {LEVELS[-1]}, in order"
        for (lower, below), (level, gate) in pairwise(gates.items()):
            for count in COUNTS:
                if getattr(gate, count) < getattr(below, count):
                    yield (
                        f"gates.{name}.{level}",
                        f"asks for fewer {count} than level {lower} ({_less(below, gate, count)})",
                    )
        for level, gate in gates.items():
            yield from (problem for problem in _gate(f"gates.{name}.{level}", gate))


def _less(below: EvidenceGate, gate: EvidenceGate, count: str) -> str:
    return f"{getattr(gate, count)} < {getattr(below, count)}"


def _gate(key: str, gate: EvidenceGate) -> Problems:
    if gate.observations < 1:
        yield key, "a level asks for at least one observation"
    for count in COUNTS[1:]:
        if not 0 <= getattr(gate, count) <= gate.observations:
            yield key, f"{count} must lie between 0 and its observations ({gate.observations})"
    if gate.human and not gate.performance:
        yield key, "human counts rated performance tasks, so it asks for performance too"


def _openable(framework: Framework) -> Problems:
    """A skill's gate asks for no less than that of a sub-competency, and for no more than there is."""
    smallest = min((len(skill.sub_competencies) for skill in framework.skills), default=0)
    for level, gate in framework.gates.skill.items():
        if gate.sub_competencies > smallest:
            yield (
                f"gates.skill.{level}",
                f"asks for {gate.sub_competencies} sub-competencies; a skill has only {smallest}",
            )
        single = framework.gates.sub_competency.get(level)
        for count in ("observations", "performance", "human", "portfolio") if single else ():
            if getattr(gate, count) < getattr(single, count):
                yield f"gates.skill.{level}", f"asks for fewer {count} than gates.sub_competency.{level}"
    for level, gate in framework.gates.sub_competency.items():
        if gate.sub_competencies > 1:
            yield f"gates.sub_competency.{level}", "a sub-competency is only one"


def _skills(framework: Framework) -> Problems:
    for skill in framework.skills:
        for sub in skill.sub_competencies:
            key = f"skills.{skill.id}.sub_competencies.{sub.id}"
            if sub.id.partition(".")[0] != skill.id or not sub.id.partition(".")[2]:
                yield key, f"its id must begin with {skill.id}."
            if list(sub.levels) != list(LEVELS[1:]):
                yield f"{key}.levels", f"a text for each of levels 1 to {LEVELS[-1]}, in order"
            if sub.evidence_valid_months <= 0:
                yield f"{key}.evidence_valid_months", "must be above 0"


def _decisions(framework: Framework) -> Problems:
    if not 0 < framework.precision.max_sd < 1:
        yield "precision.max_sd", "must lie between 0 and 1, the spread of people"
    if not 0.5 <= framework.precision.interval < 1:
        yield "precision.interval", "must lie between .5 and 1"
    if not 0 <= framework.precision.correlation < 1:
        yield "precision.correlation", "must lie between 0 and 1"
    if not 0.5 <= framework.precision.spread <= 2:
        yield "precision.spread", "must lie between .5 and 2"
    if not 0.5 < framework.decision.probability < 1:
        yield "decision.probability", "must lie between .5 and 1"
    if not 0.5 < framework.decision.minimum < 1:
        yield "decision.minimum", "must lie between .5 and 1"
    if framework.decision.floor_below not in LEVELS:
        yield "decision.floor_below", f"must lie between 0 and {LEVELS[-1]}"


def role_problems(framework: Framework, role: Role) -> Problems:
    """What is wrong with one role of the framework."""
    key, skills = f"roles.{role.id}", framework.tree
    for name, levels in (("required", role.required), ("weights", role.weights)):
        for skill in skills.keys() ^ levels.keys():
            yield f"{key}.{name}", f"{skill} is missing" if skill in skills else f"{skill} is no skill"
    for skill, level in role.required.items():
        if level not in LEVELS:
            yield f"{key}.required.{skill}", f"a level lies between 0 and {LEVELS[-1]}"
        if (level > 0) != (role.weights.get(skill, 0) > 0):
            yield f"{key}.weights.{skill}", "a skill weighs something exactly when the role asks for it"
    if any(weight < 0 for weight in role.weights.values()) or abs(sum(role.weights.values()) - PERCENT) > 1e-6:
        yield f"{key}.weights", f"must sum to {PERCENT}, not {sum(role.weights.values()):g}"
    if role.floor_below is not None and role.floor_below not in LEVELS:
        yield f"{key}.floor_below", f"must lie between 0 and {LEVELS[-1]}"
    for sub, level in role.critical.items():
        yield from _critical(framework, role, sub, level)


def _critical(framework: Framework, role: Role, sub: str, level: int) -> Problems:
    key, required = f"roles.{role.id}.critical.{sub}", role.required.get(sub.partition(".")[0], 0)
    floor_below = framework.decision.floor_below if role.floor_below is None else role.floor_below
    if sub not in framework.sub_competencies:
        yield key, "is no sub-competency"
    elif level not in LEVELS[1:]:
        yield key, f"a level lies between 1 and {LEVELS[-1]}"
    elif not required:
        yield key, "the role does not ask for its skill"
    elif level < required - floor_below:
        yield key, f"level {level} lies below the floor of its skill ({required} - {floor_below}) and never decides"
    elif level > required + 1:
        yield key, f"level {level} is more than one above what the role asks of the skill ({required})"


def _blueprint(framework: Framework, blueprint: TestBlueprint) -> Problems:
    key, known = f"blueprints.{blueprint.id}", framework.sub_competencies
    for number, slot in enumerate(blueprint.slots, 1):
        if slot.sub not in known:
            yield f"{key}.slots.{number}.sub", f"{slot.sub} is no sub-competency"
        if slot.items < 1 or slot.minutes <= 0:
            yield f"{key}.slots.{number}", "needs at least one item and some time"
    for task in blueprint.tasks:
        yield from _covers(f"{key}.tasks.{task.id}.covers", task.covers, known)
    if blueprint.minutes > blueprint.time_limit_minutes:
        yield (
            f"{key}.time_limit_minutes",
            f"its parts take {blueprint.minutes:g} of {blueprint.time_limit_minutes:g} minutes",
        )
    if blueprint.pool_per_slot < 1:
        yield f"{key}.pool_per_slot", "must be at least 1"
    yield from _grain(framework, blueprint)


def _covers(key: str, covers: Mapping[str, float], known: Mapping[str, object]) -> Problems:
    if abs(sum(covers.values()) - 1) > 1e-6:
        yield key, f"the shares must sum to 1, not {sum(covers.values()):g}"
    for sub in covers:
        if sub not in known:
            yield f"{key}.{sub}", "is no sub-competency"


def _grain(framework: Framework, blueprint: TestBlueprint) -> Problems:
    """Whoever reports levels makes enough observations for the gate of level 2; bands need at least one a skill."""
    gates = framework.gates.skill
    gate = gates.get(2 if blueprint.reports == "skill_levels" else 1)
    for skill in framework.tree if gate else ():
        made = blueprint.observations(skill)
        for count, have in (("observations", len(made)), ("sub_competencies", len(set(made)))):
            asked = getattr(gate, count)
            if have < asked:
                yield (
                    f"blueprints.{blueprint.id}.reports",
                    f"{blueprint.reports}: {skill} has {have} {count}, gates.skill asks for {asked}",
                )


def _twice(framework: Framework) -> Problems:
    lists = {
        "skills": [skill.id for skill in framework.skills],
        "skills.sub_competencies": [sub.id for skill in framework.skills for sub in skill.sub_competencies],
        "roles": [role.id for role in framework.roles],
        "blueprints": [blueprint.id for blueprint in framework.blueprints],
    }
    for key, ids in lists.items():
        for name, count in Counter(ids).items():
            if count > 1:
                yield key, f"the id {name} stands {count} times"
