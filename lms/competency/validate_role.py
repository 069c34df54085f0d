"""What may contradict itself in one role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.competency.framework import Framework, Role
from lms.competency.words import Words

LEVELS = range(6)  # what pages and items count by
PERCENT = 100
Problems = Iterator[tuple[str, Words]]
MISSING = Words(en="{skill} is missing", hy="{skill}-ը չկա")
NO_SKILL = Words(en="{skill} is no skill", hy="{skill} հմտություն չկա")
LEVEL_WITHIN = Words(en="a level lies between {low} and {high}", hy="մակարդակը {low}-ի և {high}-ի միջև է")
WEIGHS = Words(
    en="a skill weighs something exactly when the role asks for it",
    hy="հմտությունը կշիռ ունի այն և միայն այն դեպքում, երբ դերը պահանջում է այն",
)
SUM = Words(en="must sum to {all}, not {sum}", hy="գումարը պետք է լինի {all}, ոչ թե {sum}")
FLOOR_WITHIN = Words(en="must lie between 0 and {high}", hy="պետք է լինի 0-ի և {high}-ի միջև")
NO_SUB = Words(en="is no sub-competency", hy="այդպիսի ենթակարողություն չկա")
UNASKED = Words(en="the role does not ask for its skill", hy="դերը դրա հմտությունը չի պահանջում")
NEVER_DECIDES = Words(
    en="level {level} lies below the floor of its skill ({required} - {floor}) and never decides",
    hy="{level} մակարդակը հմտության նվազագույնից ({required} - {floor}) ցածր է և երբեք ոչինչ չի որոշում",
)
FAR_ABOVE = Words(
    en="level {level} is more than one above what the role asks of the skill ({required})",
    hy="{level} մակարդակը հմտությունից պահանջվածից ({required}) ավելի քան մեկով բարձր է",
)


def role_problems(framework: Framework, role: Role) -> Problems:
    """What is wrong with one role of the framework."""
    key = f"roles.{role.id}"
    yield from _skills(framework, f"{key}.required", role.required)
    yield from _skills(framework, f"{key}.weights", role.weights)
    yield from _levels(role)
    if any(weight < 0 for weight in role.weights.values()) or abs(sum(role.weights.values()) - PERCENT) > 1e-6:
        yield f"{key}.weights", SUM.filled(all=str(PERCENT), sum=f"{sum(role.weights.values()):g}")
    if role.floor_below is not None and role.floor_below not in LEVELS:
        yield f"{key}.floor_below", FLOOR_WITHIN.filled(high=str(LEVELS[-1]))
    for sub, level in role.critical.items():
        yield from ((f"{key}.critical.{sub}", message) for message in _critical(framework, role, sub, level))


def _skills(framework: Framework, key: str, numbers: Mapping[str, float]) -> Problems:
    for skill in framework.tree.keys() ^ numbers.keys():
        yield key, (MISSING if skill in framework.tree else NO_SKILL).filled(skill=skill)


def _levels(role: Role) -> Problems:
    for skill, level in role.required.items():
        if level not in LEVELS:
            yield f"roles.{role.id}.required.{skill}", LEVEL_WITHIN.filled(low="0", high=str(LEVELS[-1]))
        if (level > 0) != (role.weights.get(skill, 0) > 0):
            yield f"roles.{role.id}.weights.{skill}", WEIGHS


def _critical(framework: Framework, role: Role, sub: str, level: int) -> Iterator[Words]:
    required = role.required.get(sub.partition(".")[0], 0)
    floor_below = framework.decision.floor_below if role.floor_below is None else role.floor_below
    if sub not in framework.sub_competencies:
        yield NO_SUB
    elif level not in LEVELS[1:]:
        yield LEVEL_WITHIN.filled(low="1", high=str(LEVELS[-1]))
    elif not required:
        yield UNASKED
    elif level < required - floor_below:
        yield NEVER_DECIDES.filled(level=str(level), required=str(required), floor=str(floor_below))
    elif level > required + 1:
        yield FAR_ABOVE.filled(level=str(level), required=str(required))
