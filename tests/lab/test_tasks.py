"""The shorter tasks as models: bots within their bounds, scores that are the log's, and evidence for every role."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
import yaml
from werkzeug.datastructures import MultiDict

from lms.config import ROOT
from lms.lab.model import (
    audit,
    calendar,
    desk,
    desk_bots,
    desk_questions,
    export,
    marks,
    scheduler,
    scheduler_bots,
    triage,
)
from lms.lab.model import inbox as shift_inbox
from lms.lab.model.log import Action
from lms.lab.screens.desk_table import View, work_out
from lms.lab.tasks import SHORT, TASKS, LabTask, of_practice
from lms.rating.tasks import of_practice as written_of_practice
from tests.framework import SHIPPED

FEW = 4  # seeds that a bot plays here; `flask lab bots` plays them all


@pytest.mark.parametrize("task", SHORT, ids=lambda task: task.name)
def test_bots_stay_within_the_bounds_of_the_screening(task: LabTask) -> None:
    """The short form of `flask lab bots --task`: guessing earns nothing, habits little, careful reading most."""
    found = [task.bots.scores(seed) for seed in task.seeds[:FEW]]
    assert all(task.bots.passes(each) for each in found)
    for name, expected in task.bots.table.items():
        scores = np.array([each[name] for each in found])
        assert abs(float(scores.mean()) - expected) < 0.1 + 2 * float(scores.std()) / np.sqrt(FEW), name


@pytest.mark.parametrize("task", SHORT, ids=lambda task: task.name)
def test_words_are_whole_and_every_unit_has_its_place(task: LabTask) -> None:
    assert set(task.words.steps) == set(task.words.courses) == set(range(1, task.play.LAST + 1))
    assert of_practice(f"{task.code} step 2") is task
    assert task.sub_competencies


def test_a_plan_scores_one_at_its_best_and_pays_for_what_it_breaks() -> None:
    for seed in scheduler.SEEDS[:6]:
        week, best = calendar.draw(seed), scheduler.best(seed)
        assert not scheduler.broken(week, best)
        assert scheduler.score(seed, best) == pytest.approx({"H": 1.0, "K": 1.0})
        for plan in scheduler_bots.plans(week, np.random.default_rng(seed)).values():
            assert scheduler.value(week, plan) <= scheduler.value(week, best) + 1e-9
        launch = next(at for at, post in enumerate(week.posts) if post.role == "launch")
        early = next(slot for slot in range(calendar.SLOTS) if week.slots[slot][0] == 0 and slot not in best)
        moved = [early if at == launch else slot for at, slot in enumerate(best)]
        assert ("launch", launch) in scheduler.broken(week, moved)
        assert scheduler.score(seed, moved)["H"] < 0.9 - scheduler.FINE


def test_a_tap_puts_a_post_into_a_slot_and_whoever_stood_there_steps_out() -> None:
    form = {"slot_0": ["3"], "slot_1": ["5"], "post": ["1"], "put": ["3"]}
    assert scheduler.placed_in(form)[:2] == [None, 3]
    assert scheduler.placed_in({**form, "put": []})[:2] == [3, 5]
    assert scheduler.SchedulerPlay().missing(1, {f"slot_{at}": ["1"] for at in range(6)}) == ["twice"]


def test_the_gravest_message_caps_a_shift_that_missed_it() -> None:
    for seed in triage.SEEDS[:4]:
        inbox = shift_inbox.draw(seed)
        order = shift_inbox.scale(seed).order
        best = {"done": [f"{at}:{inbox.messages[at].right[0]}" for at in order]}
        assert triage.shift(inbox, triage.handled(inbox, best))["order"] == pytest.approx(1.0)
        harmful = inbox.messages[inbox.gravest].harmful[0]
        other = {
            "done": [text.replace(f"{inbox.gravest}:escalate", f"{inbox.gravest}:{harmful}") for text in best["done"]]
        }
        found = triage.shift(inbox, triage.handled(inbox, other))
        assert found["order"] == triage.GATE
        assert found["crisis"] <= triage.GATE


def test_a_shift_takes_nothing_before_it_is_there_twice_or_beyond_its_end() -> None:
    inbox = shift_inbox.draw(triage.SEEDS[0])
    done = triage.handled(inbox, {"done": ["13:reply", "0:reply", "0:hide", "1:reply"], "do": ["99:reply"]})
    assert [(each.message, each.action) for each in done] == [(0, "reply"), (1, "reply")]
    every = triage.handled(inbox, {"done": [f"{at}:none" for at in range(shift_inbox.ALL)]})
    assert every[-1].finish <= shift_inbox.CAPACITY
    assert len(every) < shift_inbox.ALL


def test_agreement_of_classes_is_nothing_where_all_are_the_same() -> None:
    assert triage.kappa([0, 0, 0, 0], [0, 1, 2, 3]) == pytest.approx(0.0)
    assert triage.kappa([0, 1, 2, 3], [0, 1, 2, 3]) == pytest.approx(1.0)
    assert triage.kappa([3, 2, 1, 0], [0, 1, 2, 3]) < 0


def test_an_audit_pays_for_seeing_and_not_for_marking() -> None:
    for seed in audit.SEEDS[:6]:
        profile = audit.draw(seed)
        assert 6 <= len(profile.faulty) <= 8
        assert audit.faults(profile, profile.faulty) == pytest.approx(1.0)
        assert audit.faults(profile, audit.ELEMENTS) == pytest.approx(0.0)
        assert audit.design(profile, profile.faulty) == 1.0
        assert audit.urgency(profile, profile.urgent[:3]) == pytest.approx(1.0)
        assert audit.urgency(profile, profile.urgent[2::-1]) < 0.9
        assert audit.urgency(profile, profile.urgent[-3:]) < 0


def test_performance_evidence_reaches_every_sub_competency_that_a_role_needs_at_three() -> None:
    """Without it no role is met: level 3 of anything asks for something done. What people rate is named here and comes
    with the rated tasks (W7 caption rewrite, portfolio)."""
    rated_by_people = {"content.copy", "content.video"}
    needed = {sub for role in SHIPPED.roles for sub, level in role.critical.items() if level >= 3}
    reached = set[str]().union(*(task.sub_competencies for task in TASKS.values()))
    assert "time_management.planning" in needed
    assert needed - reached == rated_by_people
    skills = {skill for role in SHIPPED.roles for skill, level in role.required.items() if level >= 3}
    assert skills <= {sub.partition(".")[0] for sub in reached}
    assert reached <= {sub for subs in SHIPPED.tree.values() for sub in subs}


def test_formulas_of_the_desk_are_those_that_are_taught() -> None:
    taught = yaml.safe_load((ROOT / "quizzes" / "reference" / "metrics.yaml").read_text("utf-8"))["metrics"]
    by_name = {metric["id"]: metric for metric in taught}
    for name, formula in desk_questions.METRICS.items():
        assert formula == by_name[name]["formula"]
        assert desk_questions.WRONG[name] == by_name[name]["wrong"]


def test_the_export_holds_each_trap_once_and_the_key_is_worked_out_from_it() -> None:
    for seed in desk.SEEDS[:6]:
        data, asked = export.draw(seed), desk_questions.ask(seed)
        lower = [row.number for row in data.rows if row.views is not None and row.views < row.reach]
        assert lower == [data.impossible]
        assert [row.number for row in data.rows if row.likes is None] == [data.missing]
        rows = View.of(MultiDict({"format": asked.formats[0]})).rows(data)
        worked = work_out("100*(likes+comments+shares+saves)/reach", rows, "en")
        assert worked is not None
        assert worked.of_sums == pytest.approx(asked.pooled)
        assert worked.mean == pytest.approx(asked.wrong["pooled"]["mean_of_rates"])
        paid = View.of(MultiDict({"platform": asked.cheapest, "paid": "paid"})).rows(data)
        cost = work_out("spend ÷ conversions", paid, "en")
        assert cost is not None
        assert cost.of_sums == pytest.approx(asked.cost)


def test_a_formula_that_cannot_be_read_says_so() -> None:
    rows = export.draw(desk.SEEDS[0]).rows
    for wrong in ("reach +", "salary / reach", "__import__('os')"):
        worked = work_out(wrong, rows, "hy")
        assert worked is not None
        assert worked.error
    assert work_out("", rows, "hy") is None


def test_a_named_slip_is_recognised_and_the_log_gives_the_same_text() -> None:
    seed = desk.SEEDS[0]
    asked = desk_questions.ask(seed)
    log = desk_bots.log_of(desk_bots.key(asked) | {"pooled": f"{asked.wrong['pooled']['mean_of_rates']:.2f}"})
    found = desk.outcome(seed, log)
    assert found["slips"] == {"pooled": "mean_of_rates"}
    again = [Action(**json.loads(json.dumps({"act": a.act, "step": a.step, "form": dict(a.form)}))) for a in log]
    assert marks.canonical(desk.outcome(seed, again)) == marks.canonical(found)
    assert set(desk.outcome(seed, log[:2])["steps"]) == {"1", "2"}, "steps that were not reached are left out"
    assert desk.outcome(seed, [])["units"] == {}


@pytest.mark.parametrize(
    ("rate", "cost"),
    [
        ("{0:.2f}", "{1:.0f}"),
        ("{0:.2f} %", "{1:,.0f}"),
        ("{0:.2f}\u00a0տոկոս", "{1:,.0f}\u00a0դրամ"),
        ("", "{2} հազար"),
    ],
)
def test_numbers_are_read_as_in_a_question(rate: str, cost: str) -> None:
    seed = next(seed for seed in desk.SEEDS if desk_questions.ask(seed).cost > 1_000)
    asked = desk_questions.ask(seed)
    thousands = f"{asked.cost / 1_000:.3f}".replace(".", ",")
    given = desk_bots.key(asked) | {"cost": cost.format(asked.rate, asked.cost, thousands)}
    given |= {"rate": rate.format(asked.rate).replace(".", ",")} if rate else {}
    found = desk.outcome(seed, desk_bots.log_of(given))["scores"]
    assert (found["rate"], found["cost"]) == (1, 1)
    other = desk.outcome(seed, desk_bots.log_of(given | {"cost": "100 $", "rate": "1 հատ"}))["scores"]
    assert (other["rate"], other["cost"]) == (0, 0), "given, in another unit: answered, and not right"


def test_runs_of_before_score_as_they_did() -> None:
    """A digest of what the reader of the first version made of a run that wrote its numbers in many ways."""
    seed = desk.SEEDS[0]
    asked, first = desk_questions.ask(seed), TASKS["metrics_desk"].at("w5-1")
    ways = [{}, {"cost": f"{asked.cost:,.0f}"}, {"rate": f"{asked.rate:.2f}%"}, {"rate": "1e3"}, {"pooled": "7 տոկոս"}]
    logs = [desk_bots.log_of(desk_bots.key(asked) | way) for way in ways]
    found = [marks.canonical(first.outcome(seed, "", log)) for log in logs]
    assert [json.loads(each)["model"] for each in found] == ["w5-1"] * len(ways)
    assert hashlib.sha256("\n".join(found).encode()).hexdigest()[:16] == "28acc850f50575a9"
    assert TASKS["metrics_desk"].at("w5-2").version == "w5-2"


def test_every_practice_that_a_module_names_leads_to_one_task() -> None:
    catalogue = yaml.safe_load((ROOT / "quizzes" / "reference" / "catalogue.yaml").read_text("utf-8"))
    named = {module["practice"] for course in catalogue["courses"] for module in course["modules"]} - {None}
    assert {text.partition(" ")[0] for text in named} == {f"W{number}" for number in range(1, 10)}
    for text in named:
        assert [bool(of_practice(text)), bool(written_of_practice(text))].count(True) == 1, text
