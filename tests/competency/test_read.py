"""The file and its reader: the numbers stand once, and whatever contradicts something is named with line and key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from lms.competency import EMPTY, FrameworkError, level_rules, read_framework
from lms.competency.framework import COUNTS
from lms.config import ROOT
from lms.content import load
from lms.content.rules.blueprints import blueprint_findings
from tests.framework import PATH, SHIPPED

TEXT = PATH.read_text("utf-8")


def refused(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(FrameworkError) as caught:
        read_framework(text, "f.yaml")
    assert str(caught.value).startswith(f"f.yaml:{caught.value.problems[0].line}: {caught.value.problems[0].key}: ")
    assert all(
        problem.armenian != "" for problem in caught.value.problems if problem.key != "YAML"
    )  # libyaml's own words
    return [(problem.key, problem.line, problem.message) for problem in caught.value.problems]


def changed(old: str, new: str, count: int = 1) -> tuple[str, int]:
    """The file with one thing changed, and the line of it."""
    assert old in TEXT
    return TEXT.replace(old, new, count), TEXT[: TEXT.index(old)].count("\n") + 1


def test_the_shipped_framework_says_what_the_scorer_needs() -> None:
    rules = level_rules(SHIPPED)
    assert rules.cuts == (-1.5, -0.5, 0.5, 1.5, 2.5) and SHIPPED.cuts.provisional
    assert [gate.observations for gate in rules.skill_gates] == [1, 4, 6, 10, 10]
    assert [gate.performance for gate in rules.sub_gates] == [0, 0, 1, 2, 2]
    assert rules.valid_months["content.copy"] == 24 and len(rules.valid_months) == 25
    assert len(SHIPPED.roles) == 8 and {plan.id for plan in SHIPPED.blueprints} == {"screening_25", "full_60"}
    assert level_rules(EMPTY).cuts == ()


CONTRADICTIONS = {
    "a cut out of order": ("theta: [-1.5, -0.5, 0.5", "theta: [-1.5, -0.5, -0.7", "cuts.theta"),
    "a cut too few": ("0.5, 1.5, 2.5]", "0.5, 1.5]", "cuts.theta"),
    "provisional cuts with errors": ("standard_errors: []", "standard_errors: [.1]", "cuts.standard_errors"),
    "a panel without errors": ("origin: provisional", "origin: panel of March 2027", "cuts.standard_errors"),
    "a gate that asks for less": ("2: {observations: 3}", "2: {observations: 5}", "gates.sub_competency.3"),
    "a skill's gate below its parts'": (
        "2: {observations: 4, sub_competencies: 2}", "2: {observations: 2, sub_competencies: 2}", "gates.skill.2"),
    "a gate that no skill can open": (
        "3: {observations: 6, sub_competencies: 3,", "3: {observations: 6, sub_competencies: 5,", "gates.skill.3"),
    "ratings without performance": (
        "1: {observations: 1}", "1: {observations: 1, human: 1}", "gates.sub_competency.1"),
    "weights that do not sum": ("{platforms: 20, content: 20", "{platforms: 21, content: 20",
                                "roles.smm_intern.weights"),
    "an unknown skill": ("{platforms: 20, content: 20, analytics: 15", "{plat: 20, content: 20, analytics: 15",
                         "roles.smm_intern.weights"),
    "an unknown minimum": ("critical: {communication.dialogue: 1,", "critical: {communication.dance: 1,",
                           "roles.smm_intern.critical.communication.dance"),
    "a minimum that never decides": ("critical: {content.copy: 3,", "critical: {content.copy: 2,",
                                     "roles.content_creator.critical.content.copy"),
    "a minimum far above its skill": ("critical: {communication.dialogue: 1,", "critical: {communication.dialogue: 3,",
                                      "roles.smm_intern.critical.communication.dialogue"),
    "a form that overruns": ("time_limit_minutes: 25", "time_limit_minutes: 20",
                             "blueprints.screening_25.time_limit_minutes"),
    "a form that claims too much": ("    reports: skill_bands\n", "    reports: skill_levels\n",
                                    "blueprints.screening_25.reports"),
    "a task's shares": ("covers: {analytics.metrics: 0.5,", "covers: {analytics.metrics: 0.6,",
                        "blueprints.full_60.tasks.W5.covers"),
    "a form about nothing": ("- {sub: platforms.selection, type: judgement", "- {sub: platforms.dance, type: judgement",
                             "blueprints.screening_25.slots.1.sub"),
    "a precision of none": ("max_sd: 0.65", "max_sd: 1.65", "precision.max_sd"),
    "an age of none": ("evidence_valid_months: 12", "evidence_valid_months: 0",
                       "skills.platforms.sub_competencies.platforms.selection.evidence_valid_months"),
    "a key that nobody reads": ("max_sd: 0.65", "max_sd: 0.65\n  sd: 2", "precision.sd"),
    "a word for a number": ("max_sd: 0.65", "max_sd: wide", "precision.max_sd"),
    "a key twice": ("max_sd: 0.65", "max_sd: 0.65\n  max_sd: 0.6", "precision.max_sd"),
    "a missing key": ("  max_sd: 0.65\n", "", "precision.max_sd"),
    "a foreign schema": ("schema_version: 2", "schema_version: 3", "schema_version"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_named_with_its_line_and_key(name: str) -> None:
    old, new, key = CONTRADICTIONS[name]
    text, line = changed(old, new)
    problems = [(at, number) for at, number, _message in refused(text)]
    assert any(at == key and abs(number - line) <= 2 for at, number in problems), problems


def test_everything_wrong_comes_at_once() -> None:
    text = TEXT.replace("max_sd: 0.65", "max_sd: wide").replace("probability: 0.95", "probably: 0.95")
    assert {key for key, _, _ in refused(text)} == {"precision.max_sd", "decision.probability", "decision.probably"}


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "x: &a {y: *a}", "schema_version: 2", "{"])
def test_what_is_no_framework_at_all_is_refused(text: str) -> None:
    assert refused(text)


def test_a_panel_replaces_the_provisional_cuts() -> None:
    text = TEXT.replace("origin: provisional", "origin: panel of March 2027")
    cuts = read_framework(text.replace("standard_errors: []", "standard_errors: [.2, .1, .1, .1, .2]"), "f.yaml").cuts
    assert not cuts.provisional and cuts.standard_errors == (0.2, 0.1, 0.1, 0.1, 0.2)


def test_no_number_of_the_framework_stands_twice_in_the_file() -> None:
    """What pages call cuts and gates has one place: no other part of the file speaks of them."""
    data = yaml.safe_load(TEXT)
    assert set(data) == {"schema_version", "version", "title", "levels", "cuts", "precision", "gates", "decision",
                         "skills", "roles", "blueprints"}  # fmt: skip
    assert all(set(gate) <= set(COUNTS) for gates in data["gates"].values() for gate in gates.values())


def test_no_other_file_holds_cuts_or_gates_of_its_own() -> None:
    """Save what the first release judged by, which is history."""
    cuts = re.compile(r"-?1\.5\s*,\s*-?0?\.5\s*,\s*0?\.5\s*,\s*1\.5")
    gates = re.compile(r"Gate\(\d")
    for path in (ROOT / "lms").rglob("*.py"):
        if path.name != "first_schema.py":
            assert not cuts.search(path.read_text("utf-8")) and not gates.search(path.read_text("utf-8")), path


def test_the_content_check_tells_every_contradiction(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "quizzes/reference", tmp_path / "quizzes/reference")
    file = tmp_path / "quizzes/reference/skill_matrix.yaml"
    file.write_text(TEXT.replace("max_sd: 0.65", "max_sd: 2").replace("2: {observations: 3}", "2: {observations: 5}"))
    library = load(tmp_path)
    told = {(finding.code, finding.message.partition(":")[0], finding.severity) for finding in library.findings}
    assert told == {("framework", "precision.max_sd", "error"), ("framework", "gates.sub_competency.3", "error"),
                    ("framework", "gates.skill.2", "error")}  # fmt: skip
    assert library.reference.framework is EMPTY and library.reference.metrics


def test_the_content_check_tells_a_slot_that_no_item_can_fill(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "quizzes/reference", tmp_path / "quizzes/reference")
    file = tmp_path / "quizzes/reference/skill_matrix.yaml"
    text, line = changed("type: ordering, bloom: analyse", "type: essay, bloom: ponder")
    file.write_text(text)
    told = [(it.line, it.message) for it in blueprint_findings(load(tmp_path))]
    assert [at for at, _ in told] == [line, line]
    assert "slots.19.type: 'essay'" in told[0][1] and "slots.19.bloom: 'ponder'" in told[1][1]


def test_the_first_releases_file_is_readable_for_ever(first_schema: str) -> None:
    old = read_framework(first_schema, "old.yaml")
    assert old.cuts.theta == (-1.5, -0.5, 0.5, 1.5, 2.5) and [gate.observations for gate in old.gates.skill.values()]
    assert old.cell_names("en") == {"content": "Content", "content.copy": "Copy"}
    assert old.describe("content.copy", 2, "hy") == "բ" and old.role("writer") is not None
