"""McNemar and Cochran's Q against R, a published table, loops and invariants."""

from __future__ import annotations

import json
from math import comb
from pathlib import Path

import numpy as np
import pytest

from benchmark.statistics.mcnemar import McNemar, PairedCounts, cochran_q, count_pairs, mcnemar

R = json.loads((Path(__file__).parents[1] / "data" / "comparison_mcnemar.json").read_text())
PAIRS = [name for name, expected in R.items() if "both_right" in expected]
FIELDS = {
    "chi2": "chi2_no_continuity",
    "p": "p_no_continuity",
    "chi2_corrected": "chi2_continuity",
    "p_corrected": "p_continuity",
    "p_exact": "p_exact_binomial",
    "p_mid": "p_mid",
}


def counts_of(expected: dict) -> PairedCounts:
    keys = ("both_right", "only_first_right", "only_second_right", "both_wrong")
    return PairedCounts(*(expected[key] for key in keys))


@pytest.mark.parametrize("pair", PAIRS)
def test_equals_r(pair: str) -> None:
    test = mcnemar(counts_of(R[pair]))
    for ours, theirs in FIELDS.items():
        assert getattr(test, ours) == pytest.approx(R[pair][theirs], rel=1e-12), ours


def test_published_table() -> None:
    """Bentur et al. as in Fagerland et al. (2013), table 1: p 0.034, corrected 0.077, exact 0.070, mid 0.039."""
    test = mcnemar(PairedCounts(1, 1, 7, 12))
    found = [round(p, 3) for p in (test.p, test.p_corrected, test.p_exact, test.p_mid)]
    assert found == [0.034, 0.077, 0.070, 0.039]


def test_exact_p_is_the_sum_of_the_binomial() -> None:
    for b, c in [(0, 3), (2, 9), (5, 4), (7, 7), (0, 1)]:
        n, least = b + c, min(b, c)
        tail = [comb(n, x) / 2**n for x in range(least + 1)]
        test = mcnemar(PairedCounts(3, b, c, 1))
        assert test.p_exact == pytest.approx(min(1, 2 * sum(tail)))
        expected = 2 * sum(tail[:-1]) + tail[-1] if b != c else 1 - tail[-1] / 2
        assert test.p_mid == pytest.approx(expected)


def test_equal_discordant_counts_are_not_corrected() -> None:
    test = mcnemar(PairedCounts(10, 4, 4, 10))
    assert (test.chi2, test.p, test.chi2_corrected, test.p_corrected, test.p_exact) == (0, 1, 0, 1, 1)


def test_models_that_no_case_tells_apart() -> None:
    test = mcnemar(PairedCounts(5, 0, 0, 2))
    assert (test.difference, test.chi2, test.p, test.p_corrected, test.p_exact, test.p_mid) == (0, 0, 1, 1, 1, 1)
    assert test.low < 0 < test.high


def test_missing_decisions_and_no_cases_are_undefined() -> None:
    assert count_pairs(np.array([1, np.nan]), np.array([1, 0])) is None
    for counts in (None, PairedCounts(0, 0, 0, 0)):
        assert all(np.isnan(getattr(mcnemar(counts), name)) for name in McNemar.__dataclass_fields__)
    assert np.isnan(cochran_q(np.array([[1, 0], [np.nan, 1]])).p)
    assert np.isnan(cochran_q(np.empty((0, 3))).p)


def test_swapping_the_models_turns_the_difference() -> None:
    one, other = mcnemar(PairedCounts(20, 9, 3, 8)), mcnemar(PairedCounts(20, 3, 9, 8))
    assert (one.difference, one.low, one.high) == (-other.difference, -other.high, -other.low)
    assert (one.p_mid, one.chi2_corrected) == (other.p_mid, other.chi2_corrected)


def test_interval_covers_at_about_its_level() -> None:
    rng = np.random.default_rng(0)
    runs, inside = 600, 0
    for _ in range(runs):
        difficulty = rng.random(40)
        first, second = (rng.random(40) < share * difficulty + 0.2 for share in (0.7, 0.5))
        test = mcnemar(count_pairs(first, second))
        inside += test.low <= 0.5 * (0.7 - 0.5) <= test.high
    assert 0.92 < inside / runs < 0.985


def test_cochran_of_two_models_is_mcnemar() -> None:
    rng = np.random.default_rng(1)
    right = rng.random((60, 2)) < [0.6, 0.8]
    test = mcnemar(count_pairs(right[:, 0], right[:, 1]))
    assert cochran_q(right).statistic == pytest.approx(test.chi2)
    assert cochran_q(right).p == pytest.approx(test.p)


def test_cochran_without_disagreement() -> None:
    test = cochran_q(np.array([[1, 1, 1], [0, 0, 0]]))
    assert (test.statistic, test.df, test.p) == (0, 2, 1)
