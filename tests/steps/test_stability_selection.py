"""Stability selection: frequencies by one fit per half, the bound, and complementary halves."""

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.lasso_logistic import logistic_path, logistic_supports, null_gradient
from benchmark.steps.stability_selection import StabilitySelection
from benchmark.steps.step import Rows
from benchmark.steps.training_rows import folds_of


def simulated(n: int = 100, k: int = 30, seed: int = 0, signal: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.repeat(rng.normal(size=(n, k // 5)), 5, axis=1) + 0.7 * rng.normal(size=(n, k))
    score = X[:, 0] - X[:, 11]
    y = np.argsort(np.argsort(signal * 2 * score + rng.normal(size=n))) >= n // 2
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y.astype(int)


def test_what_enters_is_what_enters_fits_of_their_own() -> None:
    X, y = simulated(n=60)
    values = X.to_numpy()
    parts = [half for seed in range(3) for half, _ in folds_of("x", y, None, 2, seed)]
    start = max(null_gradient(values[part], y[part].astype(float)).max() for part in parts)
    entered = np.zeros((6, 30), bool)
    for place in range(1, 41):
        lambdas = start * np.geomspace(1, 0.01, 40)[:place]
        now = np.stack([(logistic_path(values[p], y[p].astype(float), lambdas)[1] != 0).any(axis=0) for p in parts])
        if now.sum(axis=1).mean() > 4:
            break
        entered = now
    found = logistic_supports(values, y.astype(float), parts, 4, n_lambdas=40)
    assert found.tolist() == entered.tolist()
    assert 2 < found.sum(axis=1).mean() <= 4


def test_halves_are_complementary_stratified_and_keep_patients_together() -> None:
    y = np.arange(60) // 2 % 2
    owners = np.array([f"p{number // 2}" for number in range(60)], object)
    rows = Rows(pd.RangeIndex(60), [], owners, None, pd.DataFrame())
    one, other = StabilitySelection()._pair(y, rows, 3)
    assert sorted([*one, *other]) == list(range(60))
    assert not set(owners[one]) & set(owners[other])
    assert abs(y[one].mean() - 0.5) < 0.1


def test_what_matters_is_kept_and_the_bound_is_told() -> None:
    X, y = simulated(signal=2)
    step = StabilitySelection(pairs=20).fit(X, y)
    assert {"HRF::f0", "HRF::f11"} <= set(step.transform(X).columns)
    assert step.states_[0].tolist() == (step.frequencies_[0] >= 0.75).tolist()
    taken = step.frequencies_[0].sum()
    assert taken <= np.sqrt(0.5 * 30)
    bound = taken**2 / (0.5 * 30)
    assert step.remarks_ == [
        f"{taken:.3g} of 30 features of HRF entered per half; of those in 0.75 of 40 halves at most {bound:.2g} are "
        "expected to be false"
    ]


def test_false_selections_stay_below_the_bound() -> None:
    false = []
    for seed in range(12):
        X, y = simulated(seed=seed, n=60)
        y = np.random.default_rng(seed + 100).permutation(y)
        step = StabilitySelection(pairs=10, threshold=0.6).fit(X, y)
        false.append((step.frequencies_[0] >= 0.6).sum())
    assert np.mean(false) <= 1


def test_a_higher_threshold_lets_more_in_and_three_classes_share_the_errors() -> None:
    X, y = simulated()
    low, high = (StabilitySelection(threshold=t, pairs=10).fit(X, y).frequencies_[0].sum() for t in (0.6, 0.9))
    assert low < high
    codes = np.digitize(X["HRF::f0"] - X["HRF::f11"], [-0.9, 0.9])
    step = StabilitySelection(pairs=10, threshold=0.6, false_selections=3).fit(X, codes)
    assert {"HRF::f0", "HRF::f11"} & set(step.transform(X).columns)


def test_where_nothing_may_enter_the_best_feature_is_the_first_to_enter() -> None:
    X, y = simulated(signal=2)
    X.insert(0, "HRF::constant", 1.0)
    step = StabilitySelection(pairs=5, false_selections=1e-6).fit(X, y)
    assert not step.frequencies_[0].any()
    assert step.states_[0].argmax() == null_gradient(X.to_numpy(), y.astype(float)).argmax() > 0


def test_what_it_refuses() -> None:
    X, y = simulated()
    with pytest.raises(DataError, match="stability_selection: it needs 2 cases of each class"):
        StabilitySelection().fit(X, (np.arange(100) == 0).astype(int))
    assert StabilitySelection(pairs=5).fit(X, (np.arange(100) < 2).astype(int)).states_[0].any()
    owners = np.array(["p0"] * 50 + [f"p{number}" for number in range(1, 51)], object)
    with pytest.raises(DataError, match="needs 2 patients of each class"):
        StabilitySelection().fit(X.assign(**{PATIENT: owners}), np.repeat([1, 0], 50))
    X.iloc[3, 3] = np.inf
    with pytest.raises(DataError, match="Put impute before stability_selection"):
        StabilitySelection().fit(X, y)
