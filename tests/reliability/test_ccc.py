"""The concordance correlation coefficient against its definition, published data, and simulated coverage."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.errors import DataError
from benchmark.reliability import ccc, icc
from benchmark.reliability.ccc import _influence_se, _influences, _lin_se

WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0])
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0])
"""Peak flow by two meters: Bland and Altman (1986), Lancet 327:307, first readings."""


def by_loops(x: np.ndarray) -> float:
    """The overall CCC of one (n, k) table."""
    n, k = x.shape
    mean = [sum(x[:, j]) / n for j in range(k)]
    cov = [[sum((x[i, j] - mean[j]) * (x[i, m] - mean[m]) for i in range(n)) / n for m in range(k)] for j in range(k)]
    pairs = [(j, m) for j in range(k) for m in range(j + 1, k)]
    shift = sum((mean[j] - mean[m]) ** 2 for j, m in pairs)
    return 2 * sum(cov[j][m] for j, m in pairs) / ((k - 1) * sum(cov[j][j] for j in range(k)) + shift)


def lin_limits(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Lin's limits, term by term."""
    n, c = len(x), by_loops(np.column_stack([x, y]))
    r = float(np.corrcoef(x, y)[0, 1])
    u2 = (x.mean() - y.mean()) ** 2 / (x.std() * y.std())
    first = (1 - r**2) * c**2 * (1 - c**2) / r**2
    second = 2 * c**3 * (1 - c) * u2 / r
    third = c**4 * u2**2 / (2 * r**2)
    se = np.sqrt((first + second - third) / (n - 2)) / (1 - c**2)  # of Z
    z = np.arctanh(c)
    return float(np.tanh(z - 1.959963984540054 * se)), float(np.tanh(z + 1.959963984540054 * se))


def test_peak_flow_meters() -> None:
    found = ccc(np.stack([WRIGHT, MINI], axis=1)[:, :, None]).iloc[0]
    assert found["estimate"] == pytest.approx(0.943, abs=0.0005)
    assert found[["low", "high"]].tolist() == pytest.approx(lin_limits(WRIGHT, MINI), rel=1e-10)
    assert found["n_subjects"] == 17


@pytest.mark.parametrize("k", [2, 3, 5])
def test_definition_in_loops(k: int) -> None:
    rng = np.random.default_rng(k)
    values = 1e3 + rng.normal(size=(15, 1, 6)) + rng.normal(size=(15, k, 6)) + rng.normal(size=(1, k, 6))
    found = ccc(values)
    for feature in range(6):
        assert found["estimate"][feature] == pytest.approx(by_loops(values[:, :, feature]), rel=1e-9)


def test_near_the_two_way_icc_of_absolute_agreement() -> None:
    """Carrasco and Jover (2003): the CCC is ICC(2,1), up to n against n - 1."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=(2000, 1, 5)) + rng.normal(size=(2000, 3, 5)) + 0.5 * rng.normal(size=(1, 3, 5))
    np.testing.assert_allclose(ccc(values)["estimate"], icc(values)["estimate"], atol=1e-3)


def test_both_variances_agree_on_many_normal_readings() -> None:
    rng = np.random.default_rng(4)
    two = rng.normal(size=(20_000, 1, 1)) + 0.5 * rng.normal(size=(20_000, 2, 1)) + np.array([[0.0, 0.4]])[:, :, None]
    complete, n = np.ones((20_000, 1), bool), np.array([20_000])
    estimate, share, scale = _influences(two, complete, n)
    assert _influence_se(estimate, share, scale, n)[0] == pytest.approx(
        _lin_se(two, complete, n, estimate)[0], rel=0.03
    )


@pytest.mark.parametrize("k", [2, 4])
def test_limits_cover(k: int) -> None:
    """1,000 features of 60 subjects; the truth is that of one long table of the same kind."""
    rng = np.random.default_rng(5)
    shift = np.linspace(0, 0.5, k)[None, :, None]
    values = rng.normal(size=(60, 1, 1000)) + 0.6 * rng.normal(size=(60, k, 1000)) + shift
    total = k * (1 + 0.36) * (k - 1) + sum((shift[0, j, 0] - shift[0, m, 0]) ** 2 for j in range(k) for m in range(j))
    truth = k * (k - 1) / total
    found = ccc(values)
    assert ((found["low"] < truth) & (truth < found["high"])).mean() == pytest.approx(0.95, abs=0.025)


def test_edges() -> None:
    rng = np.random.default_rng(6)
    one = rng.normal(size=(10, 1, 1))
    same = ccc(np.repeat(one, 3, axis=1)).iloc[0]
    assert same[["estimate", "low", "high"]].tolist() == [1, 1, 1]
    opposite = ccc(np.concatenate([one, -one], axis=1) - one.mean()).iloc[0]
    assert -1 <= opposite["estimate"] < 0
    assert ccc(np.full((5, 2, 1), 1e9)).iloc[0][["estimate", "low", "high"]].isna().all()
    assert ccc(one[:2].repeat(2, axis=1)).iloc[0][["estimate", "low", "high"]].isna().all()
    holes = rng.normal(size=(12, 2, 2))
    holes[3, 1, 0] = np.nan
    left_out = np.delete(holes[:, :, :1], 3, axis=0)
    np.testing.assert_allclose(ccc(holes).iloc[0], ccc(left_out).iloc[0], rtol=1e-9)
    with pytest.raises(DataError, match=r"CCC: readings of shape \(10, 1, 1\)"):
        ccc(one)


def test_units_do_not_matter() -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(size=(20, 1, 4)) + rng.normal(size=(20, 3, 4))
    for scale in (1e-12, 1e12):
        np.testing.assert_allclose(ccc(values * scale + 5 * scale), ccc(values), rtol=1e-8)
