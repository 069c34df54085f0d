"""The shorter tasks as pages: plain forms in English, from the first choice to the matrix, and a run that was given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import clock, evidence
from lms.lab import runs
from lms.lab.model import audit, audit_bots, desk_bots, desk_questions, marks, scheduler
from lms.lab.model import inbox as shift_inbox
from lms.lab.model.log import Action
from lms.lab.model.triage_pool import PRIORITIES
from lms.lab.models import LabRun
from lms.lab.tasks import TASKS
from tests.cast import Cast
from tests.lab import player
from tests.lab.player import log

People = Callable[[str], FlaskClient]


def begin(client: FlaskClient, task: str) -> str:
    return str(client.post(f"/lab/tasks/{task}/runs").location)


def number_of(run: str) -> int:
    return int(run.rsplit("/", 1)[1])


def seed_of(app: Flask, person: int, run: str) -> int:
    with app.app_context():
        return runs.run_of(person, number_of(run)).seed


@dataclass(frozen=True)
class Shown:
    """x: by sub-competency, 0 is chance and 1 a good professional; categories: 0..3 of each."""

    x: Mapping[str, float]
    categories: Mapping[str, int]
    is_evidence: bool


def shown_by(run: LabRun) -> Shown:
    outcome, task = json.loads(run.outcome or ""), runs.task_of(run)
    counts = evidence.counts_as_evidence(run.person_id, task.work_name(run.brief), run.id)
    return Shown(marks.by_sub(outcome["scores"], task.places), outcome["units"], counts)


@pytest.mark.both_engines
def test_a_week_is_filled_by_taps_and_lists(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = begin(client, "scheduler")
    assert begin(client, "scheduler") == run, "an open run is gone on with"
    best = scheduler.best(seed_of(app, cast.trainee, run))
    put = Action("save", 1, {"post": ["0"], "put": [str(best[0])]})
    assert player.send(client, run, put, 0).status_code == 303
    page = client.get(run).text
    assert "Placed: 1 of 6" in page
    assert re.search(rf'value="{best[0]}" selected', page), "the list shows what was tapped"
    some = {f"slot_{at}": [str(best[0])] for at in range(5)}
    reply = player.send(client, run, Action("next", 1, some), 1)
    assert reply.status_code == 422
    assert "Two posts stand in one slot." in reply.text
    assert "Post 6 has no slot yet." in reply.text
    player.send(client, run, Action("undo", 1, {}), 2)
    assert "Placed: 1 of 6" in client.get(run).text
    whole = {f"slot_{at}": [str(slot)] for at, slot in enumerate(best)}
    assert player.send(client, run, Action("next", 1, whole), 3).location == f"{run}/result"
    page = client.get(f"{run}/result").text
    assert "Not one condition is broken." in page
    with app.app_context():
        found = runs.run_of(cast.trainee, number_of(run))
        assert found.outcome == marks.canonical(runs.outcome_of(found)), "recomputed byte for byte from the log"
        rows = {row.sub: row for row in evidence.work_rows([cast.trainee])}
        assert {sub: row.category for sub, row in rows.items()} == {
            "time_management.planning": 3,
            "time_management.scheduling": 3,
        }
        assert all(row.provisional and row.kind == "scheduler" for row in rows.values())
    assert f'href="{run}/result"' in client.get("/matrix/time_management.planning").text


def test_the_desk_is_asked_by_filter_and_formula_and_answers_step_by_step(
    app: Flask, cast: Cast, signed_in: People
) -> None:
    client = signed_in("trainee")
    run = begin(client, "metrics_desk")
    page = client.get(f"{run}?step=1&format=poll&formula=100*clicks/reach&sort=reach").text
    assert "from the sums" in page
    assert "could not be read" in client.get(f"{run}?formula=open(1)").text
    log = desk_bots.log_of(desk_bots.key(desk_questions.ask(seed_of(app, cast.trainee, run))))
    assert "Work out the number" in player.send(client, run, Action("next", 1, {}), 0).text
    for base, action in enumerate(log, 1):
        assert player.send(client, run, action, base).status_code == 303
    page = client.get(f"{run}/result").text
    assert page.count('class="tag tag-good"') == 8
    with app.app_context():
        shown = shown_by(runs.run_of(cast.trainee, number_of(run)))
        assert shown.is_evidence
        assert shown.x == {"analytics.insight": 1.0, "analytics.metrics": 1.0, "platforms.paid": 1.0}
    assert "<h2>Metrics desk</h2>" in signed_in("instructor").get("/lab/losses").text


def test_a_shift_is_sorted_and_worked_through(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = begin(client, "inbox")
    inbox = shift_inbox.draw(seed_of(app, cast.trainee, run))
    sorting = {f"prio_{at}": [PRIORITIES[inbox.messages[at].priority]] for at in range(shift_inbox.FIRST)}
    first = player.send(client, run, Action("next", 1, {**sorting, "prio_3": []}), 0)
    assert "Message 4 has no priority yet." in first.text
    player.send(client, run, Action("next", 1, sorting), 1)
    base, done = 2, list[str]()
    for at in shift_inbox.scale(inbox.seed).order[:4]:
        step = f"{at}:{inbox.messages[at].right[0]}"
        assert player.send(client, run, Action("save", 2, {"done": done, "do": [step]}), base).status_code == 303
        base, done = base + 1, [*done, step]
    page = client.get(run).text
    assert "Three new messages have come in." in page
    assert f"Minutes used: {sum(inbox.messages[int(each.split(':')[0])].takes for each in done)} of 45" in page
    reply = player.send(client, run, Action("next", 2, {"done": done}), base)
    assert "New message 13 has no priority yet" in reply.text
    news = {f"prio_{at}": [PRIORITIES[inbox.messages[at].priority]] for at in range(shift_inbox.FIRST, shift_inbox.ALL)}
    for at in shift_inbox.scale(inbox.seed).order[4:]:
        done.append(f"{at}:{inbox.messages[at].right[0]}")
    assert player.send(client, run, Action("next", 2, {"done": done, **news}), base + 1).location == f"{run}/result"
    with app.app_context():
        shown = shown_by(runs.run_of(cast.trainee, number_of(run)))
        assert shown.x["time_management.prioritisation"] == pytest.approx(1.0)
        assert shown.x["communication.moderation_crisis"] == pytest.approx(1.0)
    assert client.get(f"{run}/result").text.count("It was left undone.") >= 1


def test_a_profile_is_audited_in_three_steps(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = begin(client, "profile_audit")
    profile = audit.draw(seed_of(app, cast.trainee, run))
    few = player.send(client, run, Action("next", 1, {"faults": ["admins", "link"]}), 0)
    assert "Mark at least three faults." in few.text
    log = audit_bots.bots(profile, np.random.default_rng(1))["key"]
    player.send(client, run, log[0], 1)
    lacking = player.send(client, run, Action("next", 2, {}), 2)
    assert "Choose a repair for everything that you marked." in lacking.text
    player.send(client, run, log[1], 3)
    twice = Action("next", 3, {f"urgent_{at}": [profile.faulty[0]] for at in range(3)})
    assert "Choose three different elements" in player.send(client, run, twice, 4).text
    assert player.send(client, run, log[2], 5).location == f"{run}/result"
    assert "You found every fault and no other." in client.get(f"{run}/result").text
    with app.app_context():
        shown = shown_by(runs.run_of(cast.trainee, number_of(run)))
        assert shown.x == {"content.design": 1.0, "platforms.profile": 1.0}


def test_a_given_run_needs_no_role_keeps_its_terms_and_gives_the_person_back(
    app: Flask, cast: Cast, signed_in: People
) -> None:
    """As a campaign of a hiring test gives one to somebody who is no trainee."""
    task = TASKS["scheduler"]
    with app.app_context():
        person, deadline = cast.person("hr"), clock.now() + timedelta(minutes=5)
        given = runs.start(person, task, task.seeds[3], "hy", deadline, "/campaigns/7/next")
        again = runs.start(person, task, give_back_url="/campaigns/7/next")
        assert again is given
        assert (given.seed, given.deadline_at, given.language) == (task.seeds[3], deadline, "hy")
        assert given.outcome is None
        for wrong in ({"give_back_url": "https://elsewhere.example"}, {"give_back_url": "//elsewhere"}, {"seed": -1}):
            with pytest.raises(ValueError):
                runs.start(person, task, **wrong)
        runs.db.session.commit()
        run, best = f"/lab/runs/{given.id}", scheduler.best(given.seed)
    client = signed_in("hr")
    assert 'lang="hy"' in client.get(run).text, "in the language that it was given in"
    whole = {f"slot_{at}": [str(slot)] for at, slot in enumerate(best)}
    assert player.send(client, run, Action("next", 1, whole), 0).location == "/campaigns/7/next"
    for path in ("", "/result", "/picture.svg"):
        assert client.get(run + path).location == "/campaigns/7/next", "whoever gave it shows the result, or not"
    with app.app_context():
        shown = shown_by(runs.run_of(cast.hr, number_of(run)))
        assert shown.x["time_management.scheduling"] == pytest.approx(1.0)
        assert shown.categories == {"time_management.planning": 3, "time_management.scheduling": 3}


def test_the_clock_counts_what_was_whole(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = begin(client, "metrics_desk")
    player.send(client, run, Action("save", 1, {"rate": ["4,2"]}), 0)
    clock.shift(timedelta(minutes=TASKS["metrics_desk"].limit + 1))
    assert client.post(f"{run}/end").location == f"{run}/result"
    assert "The time ended this run" in client.get(f"{run}/result").text
    with app.app_context():
        found = runs.run_of(cast.trainee, number_of(run))
        assert set(runs.outcome_of(found)["steps"]) == {"1"}


def test_the_long_form_by_its_pages_is_practice_and_tells_money_and_mood(
    app: Flask, cast: Cast, signed_in: People
) -> None:
    client = signed_in("trainee")
    run = str(client.post("/lab/briefs/tonir/runs", data={"length": "long"}).location)
    assert client.post("/lab/briefs/tonir/runs").location != run, "the sprint is another run"
    long = {3: {"p1_words": ["Մեր խոսքը " * 50]}, 4: {"p0_boost": ["6000"], "p1_boost": ["1000"]}}
    actions = [Action(a.act, a.step, {**a.form, **(long.get(a.step, {}) if a.act == "next" else {})}) for a in log()]
    replies = [player.send(client, run, action, base) for base, action in enumerate(actions[:6])]
    assert [reply.status_code for reply in replies] == [303] * 5 + [422]
    assert "More than 6000 drams stand behind the posts." in replies[-1].text
    page = client.get(f"{run}?step=4").text
    assert "Paid reach: 7,000 of 6,000 drams" in page
    assert "Մեր խոսքը Մեր խոսքը" in page, "one's own words stand in the post"
    for base, action in enumerate([Action("next", 4, {**player.STEPS[4], "p0_boost": ["6000"]}), *actions[6:]], 6):
        assert player.send(client, run, action, base).status_code == 303
    page = client.get(f"{run}/result").text
    assert "This run was practice" in page
    assert "drams lifted the week" in page
    with app.app_context():
        assert not evidence.work_rows([cast.trainee])
