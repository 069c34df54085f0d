"""The model is the design's: pinned figures of its prototype, bots within the table's bounds, a score that is the
log's."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lms.lab.briefs import NAMES, brief_of, words
from lms.lab.model import bots, informed, marks, reliability, research, scoring, sprint, talk
from lms.lab.model.log import Action
from lms.lab.model.planner import Room, plan
from lms.lab.model.play import CampaignPlay, LongPlay
from lms.lab.model.seeds import LONG_SEEDS, SEEDS
from lms.lab.model.week import Post, Posts, freshness, value_of
from lms.lab.model.world import draw
from lms.lab.tasks import TASKS
from tests.lab import player


def test_worlds_and_plans_are_those_of_the_prototype() -> None:
    """Values of the design's own program for the seeds 0 and 3."""
    for seed, value in ((0, 962.3348181555375), (3, 2066.110181021203)):
        world = draw(seed)
        assert value_of(world, plan(world, Room())) == pytest.approx(value, rel=1e-9)
    assert draw(0).people.shape == (4, 5)
    assert draw(0).audience.max(axis=2) == pytest.approx(np.ones((4, 5)))


def test_a_post_that_follows_another_reaches_fewer_and_one_elsewhere_does_not() -> None:
    first = Post(0, 0, 0, 0, 10, 2)
    near, far, elsewhere = Post(0, 0, 0, 0, 12, 2), Post(0, 1, 1, 0, 120, 2), Post(1, 0, 0, 0, 12, 2)
    fresh = [float(freshness(Posts.of([first, other]))[1]) for other in (near, far, elsewhere)]
    assert fresh[0] < fresh[1] < fresh[2] == 1.0
    assert freshness(Posts.of([first, first])).tolist()[0] == 1.0, "of one hour the first comes first"


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_bots_stay_within_the_bounds_of_the_screening(seed: int) -> None:
    """The short form of `flask lab bots`: on a screened world the habits earn nothing and research pays."""
    found = bots.scores(seed)
    assert TASKS["campaign"].bots.passes(found)
    assert found["reference"] == pytest.approx(1.0)
    assert found["vague"] < found["researched"] < found["expert"]
    for name in ("naive_noon", "one_perfect_post", "spammer", "folk_video_19h", "random", "polls_only"):
        assert abs(found[name] - bots.TABLE[name]) < 0.25, name


def test_the_same_log_gives_the_same_text_and_another_choice_another() -> None:
    rules = brief_of("tonir").rules
    text = marks.canonical(scoring.outcome(3, rules, player.log()))
    assert text == marks.canonical(scoring.outcome(3, rules, json_round(player.log())))
    other = [*player.log(6), Action("next", 7, player.STEPS[7] | {"p0_topic": ["4"]})]
    assert marks.canonical(scoring.outcome(3, rules, other)) != text


def json_round(log):  # type: ignore[no-untyped-def]
    """As it comes back from the database."""
    return [Action(**json.loads(json.dumps({"act": a.act, "step": a.step, "form": dict(a.form)}))) for a in log]


def test_only_the_steps_that_were_reached_are_scored() -> None:
    rules = brief_of("tonir").rules
    assert scoring.outcome(3, rules, [])["scores"] == {}
    half = scoring.outcome(3, rules, player.log(2))
    assert set(half["steps"]) == {"1", "2"}
    assert half["plans"] == [None, None]
    assert set(half["units"]) == {sub for step, sub in scoring.SCORES.values() if step <= 2 and sub}


def test_the_truth_scores_one_and_a_guess_about_nothing() -> None:
    world, rules = draw(SEEDS[0]), brief_of("tonir").rules
    reference = sprint.scale(world.seed).reference
    assert sprint.scale(world.seed).score(value_of(world, reference)) == pytest.approx(1.0)
    keys = rules.messages
    drawn = talk.drawn(world.seed, keys)
    best = [(at, int(np.argmax(keys[at].credits))) for at, _ in drawn]
    gravest = max(range(5), key=lambda place: keys[drawn[place][0]].severity)
    assert talk.credit_of(keys, best, gravest) == pytest.approx(1.0)
    guesses = [
        talk.credit_of(keys, [(at, reply) for at, _ in drawn], first) for reply in range(3) for first in range(5)
    ]
    assert float(np.mean(guesses)) == pytest.approx(0.0, abs=1e-9)


def test_steps_close_when_the_week_goes_out_and_cards_cannot_overdraw_the_purse() -> None:
    play = CampaignPlay.replay(player.log(4))
    play.take(Action("save", 3, {}))
    assert play.form(3) == player.STEPS[3]
    play = CampaignPlay.replay([Action("buy", 1, {"card": [card]}) for card in research.PRICES])
    assert sum(research.PRICES[card] for card in play.cards) <= research.PURSE
    assert informed.usefulness([]) == 0 == informed.usefulness(["trend", "best_time"])
    assert informed.usefulness(["interviews", "heatmap", "story_poll"]) == 1


def test_every_score_belongs_to_a_sub_competency_of_the_framework_or_to_none() -> None:
    from_table = {sub for _, sub in scoring.SCORES.values() if sub}
    assert len(from_table) == 13
    assert marks.units({"R1": 0.2, "R2s": 0.8, "A2": None, "P2": 1.0}, scoring.SCORES) == {"analytics.audience": 2}


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_is_whole_in_both_languages(name: str) -> None:
    brief = brief_of(name)
    assert {kind for _, kind, _ in brief.kpis} == {"key", "leading", "other"}
    assert not set(brief.tags[0]) & set(brief.tags[1])
    assert len(words()["cards"]) == 10


def test_money_is_worth_its_aim_and_words_are_felt_in_the_long_form() -> None:
    """The short form of `flask lab bots --task campaign_long`."""
    task = TASKS["campaign_long"]
    found = task.bots.scores(LONG_SEEDS[0])
    assert task.bots.passes(found)
    assert found["unpaid"] < found["paid_evenly"] < found["researched"] < found["expert"] < found["reference"]
    assert found["habit_paid"] < 0.15, "money does not save a habit"
    assert found["careless_words"] < found["silent_words"] < found["researched"] < found["kind_words"]
    world, post = draw(3), Post(0, 0, 0, 0, 19, 2)
    drams = [value_of(world, [replace(post, boost=float(boost))]) for boost in (0, 1000, 2000, 4000)]
    assert drams[1] - drams[0] > drams[2] - drams[1] > (drams[3] - drams[2]) / 2 > 0, "each dram brings less"


def test_a_long_run_is_scored_from_its_log_and_is_no_evidence() -> None:
    seed, outcome = LONG_SEEDS[0], TASKS["campaign_long"].outcome
    money = {"p0_boost": ["3000"], "p0_aim": ["1"], "p4_day": ["3"], "p4_hour": ["9"]}
    fifth = {f"p4_{name}": player.STEPS[3][f"p1_{name}"] for name in ("platform", "format", "topic", "language")}
    fifth |= {"p4_effort": ["3"], "p4_style": ["calm"], "p4_words": ["Մեր խոսքը"]}
    more = {3: fifth, 4: money, 7: {**fifth, **money}}
    log = [Action(a.act, a.step, {**a.form, **(more.get(a.step, {}) if a.act == "next" else {})}) for a in player.log()]
    found = outcome(seed, "tonir", log)
    assert len(found["losses"]) == 5
    assert found["paid"]["spent"] == 3000
    assert 0 < found["paid"]["gain"] <= found["paid"]["best"] + 1e-6
    assert found["units"] == {}
    assert marks.canonical(outcome(seed, "tonir", json_round(log))) == marks.canonical(found)
    cross = [Action(a.act, a.step, {**a.form, "reply_0": ["1"], "reply_1": ["2"]}) if a.step == 5 else a for a in log]
    assert outcome(seed, "tonir", cross)["plans"][1] != found["plans"][1], "the next week meets the mood"
    play = LongPlay.replay(log[:5])
    assert "slot 5" in play.missing(4, player.STEPS[4])
    assert play.missing(4, {**player.STEPS[4], **money, "p1_boost": ["6000"]}) == ["money"]
    assert CampaignPlay.replay(player.log(3)).missing(4, {**player.STEPS[4], "p0_boost": ["6000"]}) == []


def test_two_sprints_of_people_without_luck_agree_and_with_luck_alone_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """`flask lab reliability` plays them; every person meets two worlds."""
    met: list[int] = []
    monkeypatch.setattr(reliability, "_score", lambda seed, error, _tags, _random: met.append(seed) or 1 - error)
    sure = reliability.play_twice(30, SEEDS)
    assert sure.single == pytest.approx(1)
    assert all(first != second for first, second in zip(met[::2], met[1::2], strict=True))
    monkeypatch.setattr(reliability, "_score", lambda _seed, _error, _tags, random: random.random())
    assert abs(reliability.play_twice(60, SEEDS).correlation) < 0.3
