"""An own mix of skills and lengths, within what the measured figures call decidable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from lms.campaigns import expected
from lms.campaigns.offered_works import OfferedWork, offered_works, would_show
from lms.campaigns.parts import Mix, parts_of
from lms.competency import Framework, Role
from lms.identity.access import current_person
from lms.web.i18n import language

ENOUGH = 0.5  # of the people a level away rightly known: what is less decides nothing for most


@dataclass(frozen=True)
class SkillChoice:
    """The lengths that may be chosen for a skill; least: the shortest that decides, chosen at first."""

    skill: str
    lengths: tuple[int, ...]
    chosen: int


@dataclass(frozen=True)
class Choices:
    """What a mix may be of; no skills while the figures are not there."""

    skills: tuple[SkillChoice, ...]
    works: tuple[tuple[OfferedWork, bool], ...]  # and whether it is chosen


@dataclass(frozen=True)
class MixReading:
    """What was chosen, and a sentence for each thing wrong with it. note: nothing is wrong, but its figures have not
    been seen yet."""

    mix: Mix
    problems: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.problems and not self.note


def choices(framework: Framework, role: Role, reading: MixReading | None) -> Choices:
    decided = expected.figures_of(framework, role.id, parts_of(framework, "full", role.id)).get("lengths", {})
    skills = tuple(_choice(skill, shares, reading) for skill, shares in decided.items())
    full = {part["task"] for part in parts_of(framework, "full", role.id) if part["kind"] == "work"}
    chosen = reading.mix.tasks if reading else full
    return Choices(skills, tuple((work, code in chosen) for code, work in sorted(offered_works().items())))


def longer(framework: Framework, role: Role) -> MixReading | None:
    """The mix that leaves the least open: of every skill the shortest length that decides, and beside the work samples
    of the full form those that show what it leaves open. None while the figures are not there, or where none does."""
    parts = parts_of(framework, "full", role.id)
    figures_of_full = expected.figures_of(framework, role.id, parts)
    offered = choices(framework, role, None)
    chosen_codes = {work.code for work, chosen in offered.works if chosen}
    works_shown, _left = would_show(figures_of_full.get("undecided", ()), chosen_codes)
    if not works_shown:
        return None
    tasks = frozenset(chosen_codes | {work.code for work, _keys in works_shown})
    return MixReading(Mix({choice.skill: choice.chosen for choice in offered.skills}, tasks))


def _choice(skill: str, shares: Mapping[str, float], reading: MixReading | None) -> SkillChoice:
    lengths = decidable(shares)
    return SkillChoice(skill, lengths, reading.mix.questions.get(skill, 0) if reading else lengths[0])


def decidable(shares: Mapping[str, float]) -> tuple[int, ...]:
    """The lengths at which most people a level away are known to be; where none is, the longest alone."""
    enough = [int(count) for count, share in shares.items() if share >= ENOUGH]
    return tuple(enough) or (max(map(int, shares)),)


def read(framework: Framework, role: Role, form: Mapping[str, str]) -> MixReading:
    """What a form with fields `questions-SKILL` and `task-ID` says."""
    offered = choices(framework, role, None)
    questions = {skill.skill: _number(form.get(f"questions-{skill.skill}")) for skill in offered.skills}
    mix = Mix(questions, frozenset(work.code for work, _chosen in offered.works if f"task-{work.code}" in form))
    if problems := _problems(framework, offered, mix):
        return MixReading(mix, problems)
    return MixReading(mix, note=_unseen(framework, role, mix, form.get("seen", "")))


def _unseen(framework: Framework, role: Role, mix: Mix, shown_mark: str) -> str:
    """What is said before the figures of the mix were seen; empty once they were."""
    if not figures(framework, role, MixReading(mix)):
        return str(
            _("Your mix is being measured, some ten seconds. Then press “Make the campaign” again to see its figures.")
        )
    if shown_mark != mark(mix):
        return str(_("Here is what your mix will do. If that is what you want, make the campaign."))
    return ""


def share_of(role: Role, mix: Mix) -> float:
    """Of the role's weights, what the mix asks about at all."""
    weight_of_mix = sum(weight for skill, weight in role.weights.items() if mix.questions.get(skill))
    return weight_of_mix / sum(role.weights.values())


def mark(mix: Mix) -> str:
    """By which a page says whose figures it showed: nobody makes a campaign whose figures they have not seen."""
    counts = [f"{skill}:{count}" for skill, count in sorted(mix.questions.items()) if count]
    return " ".join([*counts, *sorted(mix.tasks)])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 3 else 0


def _problems(framework: Framework, offered: Choices, mix: Mix) -> list[str]:
    if not offered.skills:
        return [_("What can be decided for this role is still being measured; wait a few seconds.")]
    names = framework.cell_names(language())
    wrong = [skill for skill in offered.skills if mix.questions[skill.skill] not in (0, *skill.lengths)]
    if wrong:
        return [_("%(skill)s: choose one of the lengths offered.", skill=names[skill.skill]) for skill in wrong]
    if not mix.is_some:
        return [_("Choose at least one skill.")]
    return []


def figures(framework: Framework, role: Role, reading: MixReading) -> dict[str, Any]:
    """What this mix will do; where nobody has measured it yet it is asked for, and empty until then."""
    if not reading.mix.is_some:
        return {}
    parts = parts_of(framework, "own", role.id, reading.mix)
    figures = expected.figures_of(framework, role.id, parts)
    if not figures:
        expected.ask_for(current_person.organisation_id, framework, role.id, parts)
    return figures
