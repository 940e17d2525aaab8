"""Kruskal-Wallis and its pairs against R and scipy; ties; the bootstrap of epsilon squared."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.kruskal_wallis import conover, dunn, epsilon_squared, kruskal_wallis, nemenyi
from tests.statistics.r_numbers import PLANTS, R, in_order_of

EXPECTED = R["PlantGrowth"]
Y, G = PLANTS["y"], PLANTS["g"]


def test_equals_r() -> None:
    found, expected = kruskal_wallis(Y, G), EXPECTED["kruskal_wallis"]
    assert found.statistic == pytest.approx(expected["H_tie_corrected"], rel=1e-10)
    assert (found.df, found.p) == pytest.approx((expected["df"], expected["p"]), rel=1e-10)
    assert found.epsilon_squared == pytest.approx(expected["epsilon2_rank"], rel=1e-10)
    assert found.eta_squared == pytest.approx(expected["eta2_H"], rel=1e-10)


@pytest.mark.parametrize("adjustment", ["none", "holm", "BH", "bonferroni"])
def test_dunn_equals_r(adjustment: str) -> None:
    found = dunn(Y, G, adjustment=adjustment.lower())
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["dunn"][adjustment]), rel=1e-9)
    z = in_order_of(found, EXPECTED["dunn_z"], "statistic")
    assert abs(found["statistic"].to_numpy()) == pytest.approx(z, rel=1e-10)  # R: without sign
    assert found["statistic"].tolist()[0] > 0 > found["statistic"].tolist()[2]  # ctrl above trt1, trt1 below trt2


def test_nemenyi_and_conover_equal_r() -> None:
    found = nemenyi(Y, G)
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["kw_nemenyi_tukey_p"]), rel=1e-8)
    found = conover(Y, G)
    assert found["p_adjusted"].to_numpy() == pytest.approx(in_order_of(found, EXPECTED["kw_conover_holm_p"]), rel=1e-9)


def test_many_ties_equal_scipy() -> None:
    rng = np.random.default_rng(1)
    values, group = rng.integers(0, 4, 60), np.repeat(list("abc"), [10, 20, 30])
    found = kruskal_wallis(values, group)
    expected = stats.kruskal(*(values[group == name] for name in "abc"))
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10)
    assert kruskal_wallis(np.exp(values), group).p == pytest.approx(found.p)  # only the order counts


def test_bootstrap_of_epsilon_squared() -> None:
    one, again = epsilon_squared(Y, G, seed=3), epsilon_squared(Y, G, seed=3)
    assert one == again
    assert 0 <= one.low < one.estimate < one.high <= 1
    assert one.estimate == kruskal_wallis(Y, G).epsilon_squared
    apart = epsilon_squared([1, 2, 3, 11, 12, 13], list("aaabbb"))
    assert 0.7 < apart.low <= apart.high <= 1


def test_two_draws_by_a_loop() -> None:
    rng = np.random.default_rng(5)
    codes = np.repeat([0, 1, 2], 10)
    places = np.hstack([rng.choice(np.flatnonzero(codes == code), (2, 10)) for code in range(3)])
    each = [kruskal_wallis(Y.to_numpy()[row], codes).epsilon_squared for row in places]
    found = epsilon_squared(Y, G, draws=2, seed=5, level=0.5)
    assert (found.low, found.high) == pytest.approx(np.quantile(each, [0.25, 0.75]))


def test_equal_values_are_undefined(recwarn: pytest.WarningsRecorder) -> None:
    same = np.ones(8), list("aabbccdd")
    assert np.isnan([kruskal_wallis(*same).p, epsilon_squared(*same).high]).all()
    for pairs in (dunn(*same), conover(*same), nemenyi(*same)):
        assert (pairs["p_adjusted"] == 1).all() and (pairs["statistic"] == 0).all()
    assert not recwarn.list


def test_wrong_input() -> None:
    with pytest.raises(DataError, match="is nan"):
        kruskal_wallis([1, np.nan, 2], list("aab"))
    with pytest.raises(DataError, match="3 values in 1 groups"):
        dunn([1, 2, 3], list("aaa"))
