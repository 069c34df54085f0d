"""Selection rates of groups: published numbers, and silence below the minimum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from lms.selection.fairness import LEAST, compare_groups, exact_p

counts = st.integers(0, 40).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people)))


def test_the_four_fifths_ratio_of_the_guidelines_own_example() -> None:
    """Uniform Guidelines, question 12: 48 of 80 and 12 of 40 are hired, 60 and 30 per cent, a ratio of one half."""
    high, low = compare_groups({"women": (12, 40), "men": (48, 80)})
    assert (high.name, high.rate, high.ratio, high.below_four_fifths) == ("men", 0.6, None, False)
    assert (low.rate, low.ratio, low.below_four_fifths) == (0.3, 0.5, True)


def test_exactly_four_fifths_is_not_below() -> None:
    assert not compare_groups({"a": (10, 20), "b": (8, 20)})[1].below_four_fifths


def test_fishers_lady_tasting_tea() -> None:
    """Fisher 1935: three of four cups right has a two-sided probability of .4857."""
    assert exact_p((3, 4), (1, 4)) == pytest.approx(0.48571, abs=1e-5)


@given(counts.filter(lambda pair: pair[1] > 0), counts.filter(lambda pair: pair[1] > 0))
def test_the_exact_probability_equals_the_librarys(one: tuple[int, int], other: tuple[int, int]) -> None:
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]
    assert exact_p(one, other) == pytest.approx(fisher_exact(table)[1], rel=1e-6)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), counts, max_size=6))
def test_no_small_group_is_ever_named_and_one_alone_is_compared_with_nobody(groups: dict[str, tuple[int, int]]) -> None:
    shown = compare_groups(groups)
    assert all(group.people >= LEAST for group in shown)
    assert len(shown) != 1


def test_nobody_selected_says_nothing_of_a_difference() -> None:
    assert [group.ratio for group in compare_groups({"a": (0, 10), "b": (0, 9)})] == [None, None]


def test_more_selected_than_there_are_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="women"):
        compare_groups({"women": (6, 5), "men": (1, 9)})
