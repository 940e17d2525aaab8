"""Normal scores by rank."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata

from benchmark.steps.rank_normal import OFFSETS, RankNormal


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


@pytest.mark.parametrize("offset", OFFSETS)
def test_training_rows_are_the_formula_with_ties(offset: str) -> None:
    rows = np.random.default_rng(0).integers(0, 12, (40, 5)).astype(float)
    c = OFFSETS[offset]
    expected = norm.ppf((rankdata(rows, axis=0) - c) / (40 - 2 * c + 1))
    np.testing.assert_allclose(RankNormal(offset=offset).fit_transform(frame(rows)), expected, atol=1e-13)


def test_blom_scores_of_five() -> None:
    # R: qnorm(ppoints(5)), whose default for up to ten values is Blom's
    found = RankNormal().fit_transform(frame(np.array([[3.0], [1.0], [2.0], [9.0], [4.0]])))
    np.testing.assert_allclose(found["HRF::f0"], [0, -1.179761, -0.497201, 1.179761, 0.497201], atol=1e-6)


def test_new_values_lie_between_their_neighbours_and_not_beyond_the_ends() -> None:
    step = RankNormal().fit(frame(np.array([[1.0], [2.0], [2.0], [4.0]])))
    found = step.transform(frame(np.array([[2.0], [3.0], [0.0], [1.0], [99.0], [4.0], [np.inf]])))["HRF::f0"].to_numpy()
    assert found[0] == norm.ppf((2.5 - 0.375) / 4.25)
    assert found[1] == pytest.approx(norm.ppf((3.25 - 0.375) / 4.25))
    assert found[2] == found[3]
    assert found[4] == found[5] == found[6]


def test_gaps_stay_and_do_not_count() -> None:
    rows = np.array([[1.0, np.nan, 7.0], [3.0, np.nan, 7.0], [np.nan, np.nan, 7.0], [2.0, np.nan, 7.0]])
    out = RankNormal().fit_transform(frame(rows)).to_numpy()
    np.testing.assert_allclose(out[[0, 1, 3], 0], norm.ppf((np.array([1, 3, 2]) - 0.375) / 3.25), atol=1e-13)
    assert np.isnan(out[2, 0])
    assert np.isnan(out[:, 1]).all()
    assert not out[:, 2].any()
