"""Whether the numbers of a framework agree with one another. Each rule yields (key, message) pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lms.competency.framework import COUNTS, EvidenceGate, Framework
from lms.competency.validate_blueprint import blueprint_problems
from lms.competency.validate_role import LEVELS, role_problems
from lms.competency.words import Words

Problems = Iterator[tuple[str, Words]]
IN_ORDER = Words(en="must be {low} to {high} in order", hy="պետք է լինեն {low}-ից {high}՝ հերթով")
CUT_COUNT = Words(
    en="one cut for each of levels 1 to {highest}, not {count}",
    hy="1-ից {highest} մակարդակներից յուրաքանչյուրի համար մեկ շեմ, ոչ թե {count}",
)
CUTS_RISE = Words(en="every cut must lie above the one before it", hy="ամեն շեմ պետք է նախորդից բարձր լինի")
CUTS_WITHIN = Words(en="an ability lies between -6 and 6", hy="կարողությունը -6-ի և 6-ի միջև է")
NO_ERRORS = Words(
    en="provisional cuts have none; name the panel's record as `origin`",
    hy="ժամանակավոր շեմերը սխալ չունեն. որպես `origin` նշեք փորձագիտական խմբի արձանագրությունը",
)
ERROR_COUNT = Words(
    en="a panel's cuts have one each: {count}", hy="փորձագիտական խմբի ամեն շեմն ունի իր սխալը՝ ընդամենը {count}"
)
ABOVE_ZERO = Words(en="must be above 0", hy="պետք է 0-ից մեծ լինի")
GATE_COUNT = Words(
    en="one gate for each of levels 1 to {highest}, in order",
    hy="1-ից {highest} ամեն մակարդակի համար մեկ պայման՝ հերթով",
)
GATE_FALLS = Words(
    en="asks for fewer {count} than level {lower} ({here} < {below})",
    hy="{count}՝ ավելի քիչ, քան {lower} մակարդակում ({here} < {below})",
)
NO_OBSERVATION = Words(en="a level asks for at least one observation", hy="մակարդակը պահանջում է առնվազն մեկ դիտում")
COUNT_WITHIN = Words(
    en="{count} must lie between 0 and its observations ({observations})",
    hy="{count}. պետք է լինի 0-ի և դիտումների թվի ({observations}) միջև",
)
HUMAN_ALONE = Words(
    en="human counts rated performance tasks, so it asks for performance too",
    hy="human-ը գնահատված կատարողական առաջադրանքներն են, ուրեմն պետք է նաև performance",
)
TOO_MANY_PARTS = Words(
    en="asks for {asked} sub-competencies; a skill has only {have}",
    hy="պահանջում է {asked} ենթակարողություն, մինչդեռ հմտությունն ունի միայն {have}",
)
BELOW_PARTS = Words(
    en="asks for fewer {count} than gates.sub_competency.{level}",
    hy="{count}՝ ավելի քիչ, քան gates.sub_competency.{level}-ում",
)
ONE_PART = Words(en="a sub-competency is only one", hy="ենթակարողությունը մեկն է")
FOREIGN_ID = Words(en="its id must begin with {skill}.", hy="id-ն պետք է սկսվի այսպես՝ {skill}.")
LEVEL_TEXTS = Words(
    en="a text for each of levels 1 to {highest}, in order", hy="1-ից {highest} ամեն մակարդակի համար մեկ տեքստ՝ հերթով"
)
SD_WITHIN = Words(
    en="must lie between 0 and 1, the spread of people", hy="պետք է լինի 0-ի և 1-ի (մարդկանց ցրվածքի) միջև"
)
BETWEEN = Words(en="must lie between {low} and {high}", hy="պետք է լինի {low}-ի և {high}-ի միջև")
TWICE = Words(en="the id {name} stands {count} times", hy="{name} id-ն կա {count} անգամ")


def problems_of(framework: Framework) -> list[tuple[str, Words]]:
    """Everything that contradicts something else, by key; empty for a sound framework."""
    rules = (_levels, _cuts, _cut_errors, _gates, _openable, _skills, _decisions)
    problems = [problem for rule in rules for problem in rule(framework)]
    problems += [problem for role in framework.roles for problem in role_problems(framework, role)]
    problems += [problem for blueprint in framework.blueprints for problem in blueprint_problems(framework, blueprint)]
    return problems + list(_twice(framework))


def _levels(framework: Framework) -> Problems:
    if [descriptor.level for descriptor in framework.levels] != list(LEVELS):
        yield "levels", IN_ORDER.filled(low=str(LEVELS[0]), high=str(LEVELS[-1]))


def _cuts(framework: Framework) -> Problems:
    theta = framework.cuts.theta
    if len(theta) != framework.highest:
        yield "cuts.theta", CUT_COUNT.filled(highest=str(framework.highest), count=str(len(theta)))
    if any(low >= high for low, high in pairwise(theta)):
        yield "cuts.theta", CUTS_RISE
    if any(not -6 <= cut <= 6 for cut in theta):
        yield "cuts.theta", CUTS_WITHIN


def _cut_errors(framework: Framework) -> Problems:
    cuts = framework.cuts
    if cuts.provisional and cuts.standard_errors:
        yield "cuts.standard_errors", NO_ERRORS
    if not cuts.provisional and len(cuts.standard_errors) != len(cuts.theta):
        yield "cuts.standard_errors", ERROR_COUNT.filled(count=str(len(cuts.theta)))
    if any(error <= 0 for error in cuts.standard_errors):
        yield "cuts.standard_errors", ABOVE_ZERO
    for record in cuts.panels:
        if not 1 <= record.level <= len(cuts.theta):
            yield "cuts.panels", BETWEEN.filled(low="1", high=str(len(cuts.theta)))
        if record.standard_error <= 0:
            yield "cuts.panels", ABOVE_ZERO


def _gates(framework: Framework) -> Problems:
    for name, gates in (("sub_competency", framework.gates.sub_competency), ("skill", framework.gates.skill)):
        if list(gates) != list(LEVELS[1:]):
            yield f"gates.{name}", GATE_COUNT.filled(highest=str(LEVELS[-1]))
        for (lower, below), (level, gate) in pairwise(gates.items()):
            yield from _falls(f"gates.{name}.{level}", gate, lower, below)
        for level, gate in gates.items():
            yield from _gate(f"gates.{name}.{level}", gate)


def _falls(key: str, gate: EvidenceGate, lower: int, below: EvidenceGate) -> Problems:
    """A level asks for no less than the one below it."""
    for count in COUNTS:
        here, there = getattr(gate, count), getattr(below, count)
        if here < there:
            yield key, GATE_FALLS.filled(count=count, lower=str(lower), here=str(here), below=str(there))


def _gate(key: str, gate: EvidenceGate) -> Problems:
    if gate.observations < 1:
        yield key, NO_OBSERVATION
    for count in COUNTS[1:]:
        if not 0 <= getattr(gate, count) <= gate.observations:
            yield key, COUNT_WITHIN.filled(count=count, observations=str(gate.observations))
    if gate.human and not gate.performance:
        yield key, HUMAN_ALONE


def _openable(framework: Framework) -> Problems:
    """A skill's gate asks for no less than that of a sub-competency, and for no more than there is."""
    smallest = min((len(skill.sub_competencies) for skill in framework.skills), default=0)
    for level, gate in framework.gates.skill.items():
        key, single = f"gates.skill.{level}", framework.gates.sub_competency.get(level)
        if gate.sub_competencies > smallest:
            yield key, TOO_MANY_PARTS.filled(asked=str(gate.sub_competencies), have=str(smallest))
        for count in ("observations", "performance", "human", "portfolio") if single else ():
            if getattr(gate, count) < getattr(single, count):
                yield key, BELOW_PARTS.filled(count=count, level=str(level))
    for level, gate in framework.gates.sub_competency.items():
        if gate.sub_competencies > 1:
            yield f"gates.sub_competency.{level}", ONE_PART


def _skills(framework: Framework) -> Problems:
    for skill in framework.skills:
        for sub in skill.sub_competencies:
            key = f"skills.{skill.id}.sub_competencies.{sub.id}"
            if sub.id.partition(".")[0] != skill.id or not sub.id.partition(".")[2]:
                yield key, FOREIGN_ID.filled(skill=skill.id)
            if list(sub.levels) != list(LEVELS[1:]):
                yield f"{key}.levels", LEVEL_TEXTS.filled(highest=str(LEVELS[-1]))
            if sub.evidence_valid_months <= 0:
                yield f"{key}.evidence_valid_months", ABOVE_ZERO


def _decisions(framework: Framework) -> Problems:
    decision, half_to_one = framework.decision, BETWEEN.filled(low=".5", high="1")
    if not 0 < framework.precision.max_sd < 1:
        yield "precision.max_sd", SD_WITHIN
    if not 0.5 <= framework.precision.interval < 1:
        yield "precision.interval", half_to_one
    if not 0 <= framework.precision.correlation < 1:
        yield "precision.correlation", BETWEEN.filled(low="0", high="1")
    if not 0.5 <= framework.precision.spread <= 2:
        yield "precision.spread", BETWEEN.filled(low=".5", high="2")
    if not 0 <= framework.precision.testlet_sd <= 2:
        yield "precision.testlet_sd", BETWEEN.filled(low="0", high="2")
    if not 0 <= framework.precision.earned < 1:
        yield "precision.earned", BETWEEN.filled(low="0", high="1")
    if not 0.5 < decision.probability < 1:
        yield "decision.probability", half_to_one
    if not 0.5 < decision.minimum < 1:
        yield "decision.minimum", half_to_one
    if decision.floor_below not in LEVELS:
        yield "decision.floor_below", BETWEEN.filled(low="0", high=str(LEVELS[-1]))


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
                yield key, TWICE.filled(name=name, count=str(count))
