"""Each test against SciPy and statsmodels, feature by feature; R in tests/oracles."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from benchmark.steps.bins import binned
from benchmark.steps.univariate_tests import TESTS


def simulated(seed: int, n: int, k: int, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Half of the features with ties."""
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(n_classes).repeat(2), rng.integers(0, n_classes, n - 2 * n_classes)])
    values = rng.normal(size=(n, k)) * (1 + codes[:, None]) + 0.8 * codes[:, None] * (np.arange(k) % 3 == 0)
    values[:, ::2] = np.round(values[:, ::2])
    return (values - values.mean(axis=0)) / values.std(axis=0), codes


def table_of(x: np.ndarray, codes: np.ndarray, n_bins: int = 5) -> np.ndarray:
    return pd.crosstab(binned(x[:, None], n_bins)[:, 0], codes).to_numpy()


Groups = list[np.ndarray]
REFERENCES: dict[str, Callable[[Groups, np.ndarray, np.ndarray], float]] = {
    "t": lambda groups, x, codes: stats.ttest_ind(*groups).pvalue,
    "welch": lambda groups, x, codes: stats.f_oneway(*groups, equal_var=False).pvalue,
    "mann_whitney": lambda groups, x, codes: stats.mannwhitneyu(*groups, method="asymptotic").pvalue,
    "anova": lambda groups, x, codes: stats.f_oneway(*groups).pvalue,
    "kruskal_wallis": lambda groups, x, codes: stats.kruskal(*groups).pvalue,
    "chi_square": lambda groups, x, codes: stats.chi2_contingency(table_of(x, codes), correction=False).pvalue,
    "mutual_information": lambda groups, x, codes: (
        stats.chi2_contingency(table_of(x, codes), correction=False, lambda_="log-likelihood").pvalue
    ),
    "auc": lambda groups, x, codes: (
        (stats.mannwhitneyu(*groups, method="asymptotic") if len(groups) == 2 else stats.kruskal(*groups)).pvalue
    ),
}


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("name", TESTS)
def test_p_values_are_those_of_scipy(name: str, n_classes: int) -> None:
    if n_classes > 2 and name in ("t", "mann_whitney"):
        return
    for n in (12, 60):
        X, codes = simulated(n, n, 12, n_classes)
        found = TESTS[name](X, codes, 5)
        for x, p in zip(X.T, found.p, strict=True):
            groups = [x[codes == code] for code in range(n_classes)]
            assert p == pytest.approx(REFERENCES[name](groups, x, codes), rel=1e-9)
        if name not in ("mutual_information", "auc"):
            np.testing.assert_allclose(found.strength, -np.log(found.p), rtol=1e-12, atol=1e-12)


def test_welch_of_two_classes_is_the_t_test_also_where_one_class_does_not_vary() -> None:
    X, codes = simulated(1, 40, 6, 2)
    X[codes == 0, 1] = 0.5
    p = [stats.ttest_ind(x[codes == 0], x[codes == 1], equal_var=False).pvalue for x in X.T]
    np.testing.assert_allclose(TESTS["welch"](X, codes, 5).p, p, rtol=1e-9)


def test_areas() -> None:
    X, codes = simulated(2, 50, 6, 2)
    areas = np.array([roc_auc_score(codes, x) for x in X.T])
    np.testing.assert_allclose(TESTS["auc"](X, codes, 5).strength, np.maximum(areas, 1 - areas), rtol=1e-12)
    X, codes = simulated(3, 50, 6, 3)
    expected = np.zeros(6)
    for one, other in combinations(range(3), 2):
        rows = np.isin(codes, (one, other))
        areas = np.array([roc_auc_score(codes[rows] == other, x) for x in X[rows].T])
        expected += np.maximum(areas, 1 - areas) / 3
    np.testing.assert_allclose(TESTS["auc"](X, codes, 5).strength, expected, rtol=1e-12)


def test_perfect_separation_is_no_error() -> None:
    codes = np.repeat([0, 1], 10)
    X = np.column_stack([np.where(codes == 1, 1.0, -1.0), np.random.default_rng(4).normal(size=20)])
    with np.errstate(all="raise"):
        for name, test in TESTS.items():
            found = test(X, codes, 5)
            assert found.p[0] < 1e-3 < found.p[1], name
            assert found.strength[0] > found.strength[1], name
