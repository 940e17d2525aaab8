"""The one-way intraclass correlation of unequal numbers of readings."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.reliability import COLUMNS, icc, icc_unequal
from benchmark.reliability.mean_squares import one_way

BULLS = [
    [46, 31, 37, 62, 30],
    [70, 59],
    [52, 44, 57, 40, 67, 64, 70],
    [47, 21, 70, 46, 14],
    [42, 64, 50, 69, 77, 81, 87],
    [35, 68, 59, 38, 57, 76, 57, 29, 60],
]
"""Conception rates in samples of six bulls: Snedecor and Cochran, Statistical Methods, 6th edition, section 10.18."""


def ragged(rows: list[list[float]]) -> np.ndarray:
    """(n_subjects, most readings, 1), NaN where a subject has fewer."""
    most = max(map(len, rows))
    return np.array([[*row, *[np.nan] * (most - len(row))] for row in rows], float)[:, :, None]


def test_published_analysis_of_variance_of_six_bulls() -> None:
    table = one_way(ragged(BULLS))
    assert table.between[0] * 5 == pytest.approx(3322, abs=0.5)
    assert table.within[0] * 29 == pytest.approx(7200, abs=0.5)
    assert table.k0[0] == pytest.approx(5.67, abs=0.005)
    found = icc_unequal(ragged(BULLS)).iloc[0]
    between = (table.between[0] - table.within[0]) / table.k0[0]
    assert found["estimate"] == pytest.approx(between / (between + table.within[0]), rel=1e-12)
    assert found[["df1", "df2", "n_subjects"]].tolist() == [5, 29, 6]
    assert found["low"] < found["estimate"] < found["high"]


def test_definition_in_loops() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(9, 1, 4)) + rng.uniform(0.2, 2, 4) * rng.normal(size=(9, 4, 4))
    values[rng.random(values.shape) < 0.3] = np.nan
    for feature, found in icc_unequal(values).iterrows():
        rows = [[x for x in row if x == x] for row in values[:, :, feature]]
        rows = [row for row in rows if row]
        n, total = len(rows), sum(map(len, rows))
        grand = sum(map(sum, rows)) / total
        msb = sum(len(row) * (sum(row) / len(row) - grand) ** 2 for row in rows) / (n - 1)
        msw = sum((x - sum(row) / len(row)) ** 2 for row in rows for x in row) / (total - n)
        k0 = (total - sum(len(row) ** 2 for row in rows) / total) / (n - 1)
        assert found["k0"] == pytest.approx(k0, rel=1e-12)
        assert found["F"] == pytest.approx(msb / msw, rel=1e-10)
        assert found["estimate"] == pytest.approx((msb - msw) / (msb + (k0 - 1) * msw), rel=1e-10)


@pytest.mark.parametrize("form", ["ICC(1,1)", "ICC(1,k)"])
def test_equal_numbers_are_the_usual_one_way_icc(form: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(20, 1, 5)) + 0.7 * rng.normal(size=(20, 3, 5))
    found, usual = icc_unequal(values, form=form), icc(values, form=form)
    np.testing.assert_allclose(found[list(COLUMNS)], usual, rtol=1e-9)
    assert (found["k0"] == 3).all()
    np.testing.assert_allclose(
        icc_unequal(np.concatenate([values, np.full((20, 2, 5), np.nan)], axis=1), form=form)[list(COLUMNS)], usual
    )


def test_limits_cover_and_p_is_uniform_without_agreement() -> None:
    """2,000 features of 12 subjects with 2 to 4 readings: 95 % limits, and p below 0.05 in 5 % if the ICC is 0."""
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(12, 4, 2000))
    for subject in range(12):
        noise[subject, 2 + subject % 3 :] = np.nan
    found = icc_unequal(rng.normal(size=(12, 1, 2000)) + noise)
    assert ((found["low"] < 0.5) & (found["high"] > 0.5)).mean() == pytest.approx(0.95, abs=0.015)
    assert (icc_unequal(noise)["p"] < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_what_is_not_defined() -> None:
    with pytest.raises(
        ConfigError, match=r"ICC\(2,1\) is not defined for unequal numbers .* ICC\(1,1\) and ICC\(1,k\) are"
    ):
        icc_unequal(ragged(BULLS), form="ICC(2,1)")
    once = np.array([[1.0, np.nan], [2.0, np.nan], [3.0, np.nan]])[:, :, None]
    assert icc_unequal(once)["estimate"].isna().all()
    assert icc_unequal(np.ones((5, 2, 1)))["estimate"].isna().all()
    assert icc_unequal(once[:1])["estimate"].isna().all()
