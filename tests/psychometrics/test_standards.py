import numpy as np
import pytest

from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs
from lms.psychometrics.sample_size import TooFew
from lms.psychometrics.standard_setting import angoff
from tests.score.starting import angoff_difficulty, expert_prior, ranked_difficulty

FORM = Items.of(
    [ItemParameters(1.3, (b,), 0.25 * (b > 0)) for b in np.linspace(-2, 2, 15)] + [ItemParameters(1.0, (-0.5, 0.8))]
)


def at(theta):
    return category_probs(FORM, theta)[0] @ [0, 1, 2] / FORM.m


def test_judges_who_know_the_items_agree_on_the_cut():
    panel = angoff(FORM, np.stack([at(0.5)] * 3))
    assert panel.theta == pytest.approx(0.5, abs=1e-3) and panel.se == pytest.approx(0, abs=1e-9)
    assert panel.agreement == pytest.approx([1, 1, 1]) and panel.misfit.max() < 0.01


def test_the_standard_error_is_that_of_a_mean_of_judges():
    cuts = [-0.2, 0.3, 0.5, 0.9]
    panel = angoff(FORM, np.stack([at(c) for c in cuts]))
    assert panel.judges == pytest.approx(cuts, abs=1e-3) and panel.theta == pytest.approx(np.mean(cuts), abs=1e-3)
    assert panel.se == pytest.approx(np.std(cuts, ddof=1) / 2, abs=1e-3)


def test_a_judge_who_contradicts_the_data_stands_out():
    ratings = np.stack([at(0.3), at(0.4), at(0.5), at(0.4)[::-1]])
    panel = angoff(FORM, ratings)
    assert panel.misfit.argmax() == 3 and panel.agreement[3] < 0 < panel.agreement[:3].min()


def test_odd_ratings_and_lone_judges_are_refused():
    with pytest.raises(ValueError, match="of 16 items"):
        angoff(FORM, np.full((3, 15), 0.2))
    for odd in (1.2, np.nan):
        ratings = np.stack([at(0.3)] * 3)
        ratings[1, 4] = odd
        with pytest.raises(ValueError, match="judge 1, item #4"):
            angoff(FORM, ratings)
    with pytest.raises(TooFew):
        angoff(FORM, [at(0.0)])


def test_rankings_recover_the_order_through_linked_subsets():
    rng, truth = np.random.default_rng(0), np.linspace(-2, 2, 14)
    ranks = np.full((10, 14), np.nan)
    for judge in range(10):
        seen = rng.choice(14, 7, replace=False)
        felt = truth[seen] + rng.normal(0, 0.5, 7)
        ranks[judge, seen] = felt.argsort().argsort() + 1
    b, se = ranked_difficulty(ranks)
    assert np.corrcoef(b, truth)[0, 1] > 0.9 and b.sum() == pytest.approx(0, abs=1e-6)
    assert (se < 1).all() and (ranked_difficulty(np.tile(ranks, (4, 1)))[1] < se).all()


def test_rankings_turn_and_ties_cancel():
    ranks = np.array([[1.0, 2, 3], [1, 3, 2]])
    assert ranked_difficulty(4 - ranks)[0] == pytest.approx(-ranked_difficulty(ranks)[0])
    assert ranked_difficulty([[1.0, 1, 1]])[0] == pytest.approx(np.zeros(3))
    unseen = ranked_difficulty([[1.0, 2, np.nan]])
    assert unseen[0][2] == pytest.approx(0) and unseen[1][2] == pytest.approx(1)


def test_an_expert_prior_is_the_mean_of_the_judges_with_an_honest_error():
    b, sd = expert_prior([0.5, 0.7], 1.2, 0.25, 0.5)
    each = [angoff_difficulty(p, 0.25, 1.2, 0.5) for p in (0.5, 0.7)]
    assert b == pytest.approx(np.mean(each))
    one, many = expert_prior([0.6], 1.2, 0.25, 0.5)[1], expert_prior([0.6] * 50, 1.2, 0.25, 0.5)[1]
    assert one == pytest.approx(np.hypot(0.8, 0.5)) and 0.5 < many < 0.52 < sd < one
    assert expert_prior([0.5, 0.95], 1, 0, 0)[1] > expert_prior([0.7, 0.75], 1, 0, 0)[1]
    assert np.isfinite(expert_prior([0.1, 1.0], 1.0, 0.25, 0.0)).all()
