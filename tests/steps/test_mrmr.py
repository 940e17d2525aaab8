"""Minimum redundancy, maximum relevance, by the definition with loops."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway
from sklearn.metrics import mutual_info_score

from benchmark.errors import DataError
from benchmark.steps.bins import binned
from benchmark.steps.mrmr import LEAST, Mrmr


def simulated(n: int = 70, k: int = 16, classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(classes)
    X = np.repeat(rng.normal(size=(n, k // 4)), 4, axis=1) + 0.4 * rng.normal(size=(n, k))
    score = X[:, 0] - X[:, 5] + rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y


def by_loops(X: np.ndarray, y: np.ndarray, n: int, criterion: str, n_bins: int) -> list[int]:
    states = binned((X - X.mean(axis=0)) / X.std(axis=0), n_bins)
    taken: list[int] = []
    while len(taken) < n:
        values = {}
        for feature in set(range(X.shape[1])) - set(taken):
            if criterion[0] == "f":
                relevance = f_oneway(*(X[y == code, feature] for code in set(y))).statistic
                alike = [abs(np.corrcoef(X[:, feature], X[:, other])[0, 1]) for other in taken]
            else:
                relevance = mutual_info_score(states[:, feature], y)
                alike = [mutual_info_score(states[:, feature], states[:, other]) for other in taken]
            if not taken:
                values[feature] = relevance
            elif criterion[-1] == "q":
                values[feature] = relevance / max(np.mean(alike), LEAST)
            else:
                values[feature] = relevance - np.mean(alike)
        taken.append(max(values, key=values.__getitem__))
    return taken


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("criterion", ["fcq", "fcd", "miq", "mid"])
def test_equal_to_the_definition_with_loops(criterion: str, classes: int) -> None:
    X, y = simulated(classes=classes)
    step = Mrmr(k=6, criterion=criterion, bins=4).fit(X, y)
    assert np.flatnonzero(step.states_[0]).tolist() == sorted(by_loops(X.to_numpy(), y, 6, criterion, 4))


def test_a_copy_is_not_taken_before_something_new() -> None:
    X, y = simulated()
    X["HRF::copy"] = X["HRF::f0"] * 3
    taken = Mrmr(k=3).fit(X, y).transform(X).columns
    assert len({"HRF::f0", "HRF::copy"} & set(taken)) <= 1


def test_perfect_separation_constants_caps_and_what_it_refuses() -> None:
    X, y = simulated()
    X.iloc[:, 3] = y
    X.iloc[:, 4] = 2.0
    for criterion in ("fcq", "fcd", "miq", "mid"):
        step = Mrmr(k=50, criterion=criterion).fit(X, y)
        assert np.flatnonzero(~step.states_[0]).tolist() == [4]
        assert step.remarks_ == ["k = 50, but HRF had 15 features to choose from: all were kept"]
        assert Mrmr(k=1, criterion=criterion).fit(X, y).states_[0][3]
        assert Mrmr(k=2, criterion=criterion).fit(X, (np.arange(70) < 2).astype(int)).states_[0].sum() == 2
    with pytest.raises(DataError, match=r"mrmr: the training rows have 1 class"):
        Mrmr().fit(X, 0 * y)
    X.iloc[3, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before mrmr"):
        Mrmr().fit(X, y)
