"""Powers by maximum likelihood."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import skew, yeojohnson_llf
from sklearn.preprocessing import PowerTransformer

from benchmark.steps.yeo_johnson import YeoJohnson


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


@pytest.fixture
def rows() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.column_stack(
        [
            rng.normal(size=90), rng.exponential(size=90), -50 * rng.exponential(size=90), rng.lognormal(3, 1, 90),
            rng.normal(5, 2, 90), rng.normal(0, 1e4, 90), rng.integers(0, 2, 90), rng.lognormal(15, 2, 90),
            rng.normal(-100, 1, 90) ** 3, np.where(np.arange(90) < 80, 0, rng.normal(size=90)),
        ]
    )  # fmt: skip


def test_equal_to_power_transformer(rows: np.ndarray) -> None:
    rows[4, 1] = np.nan
    reference = PowerTransformer().fit(rows)
    step = YeoJohnson().fit(frame(rows))
    np.testing.assert_allclose(step.lambdas_[0], reference.lambdas_, atol=2e-6)
    np.testing.assert_allclose(step.transform(frame(rows)), reference.transform(rows), atol=1e-6)
    inside = 0.9 * rows[:40] + 0.1 * rows[40:80]
    np.testing.assert_allclose(step.transform(frame(inside)), reference.transform(inside), atol=1e-6)


def test_the_power_has_the_highest_likelihood(rows: np.ndarray) -> None:
    found = YeoJohnson().fit(frame(rows)).lambdas_[0]
    for column in (0, 1, 3, 4):
        best = minimize_scalar(lambda power, x=rows[:, column]: -yeojohnson_llf(power, x), bracket=(-1, 2), tol=1e-12)
        assert found[column] == pytest.approx(best.x, abs=1e-6)


def test_a_large_offset_loses_no_digits() -> None:
    rng = np.random.default_rng(1)
    raw = rng.exponential(size=(200, 1))
    out = YeoJohnson().fit_transform(frame(raw + np.array([[1e3, 1e6, -1e6]]))).to_numpy()
    assert np.abs(skew(raw)) > 1.5
    assert (np.abs(skew(out)) < 0.4).all()
    np.testing.assert_allclose(out.std(axis=0), 1)
    assert (np.diff(out[np.argsort(raw[:, 0])], axis=0) >= 0).all()


def test_mirrored_values_have_the_mirrored_result(rows: np.ndarray) -> None:
    step, mirrored = YeoJohnson().fit(frame(rows)), YeoJohnson().fit(frame(-rows))
    np.testing.assert_allclose(mirrored.transform(frame(-rows)), -step.transform(frame(rows)), atol=1e-7)
    np.testing.assert_allclose(mirrored.lambdas_[0], 2 - step.lambdas_[0], atol=1e-7)


def test_far_away_rows_are_finite_and_in_order(rows: np.ndarray) -> None:
    far = np.repeat(np.array([[-1e12], [-1e3], [-1.0], [0.0], [1.0], [1e3], [1e12]]), rows.shape[1], axis=1)
    out = YeoJohnson().fit(frame(rows)).transform(frame(far)).to_numpy()
    assert np.isfinite(out).all()
    assert (np.diff(out, axis=0) >= 0).all()


def test_constant_infinite_and_empty_features() -> None:
    train = np.array([[2.0, 1.0, np.nan], [2.0, 3.0, np.nan], [2.0, np.inf, np.nan]])
    step = YeoJohnson().fit(frame(train))
    out = step.transform(frame(train)).to_numpy()
    np.testing.assert_allclose(out, [[0, -1, np.nan], [0, 1, np.nan], [0, np.inf, np.nan]], atol=1e-12)
    assert step.transform(frame(np.array([[5.0, 1.0, 4.0]])))["HRF::f0"].tolist() == [3.0]
    assert np.isnan(step.lambdas_[0]).tolist() == [True, False, True]
