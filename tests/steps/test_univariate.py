"""The univariate step: which features stay, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu
from statsmodels.stats.multitest import multipletests

from benchmark.errors import ConfigError, DataError
from benchmark.steps.univariate import Univariate
from benchmark.steps.univariate_tests import TESTS


def simulated(n: int = 80, k: int = 30, n_classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    y = np.arange(n) % n_classes
    X = rng.normal(size=(n, k)) + np.where(np.arange(k) < 8, np.linspace(1.2, 0.1, k), 0) * y[:, None]
    return pd.DataFrame(X * 10.0 ** np.arange(-5, k - 5), columns=[f"HRF::f{number}" for number in range(k)]), y


def p_values(X: pd.DataFrame, y: np.ndarray) -> np.ndarray:
    return np.array([mannwhitneyu(x[y == 1], x[y == 0], method="asymptotic").pvalue for x in X.to_numpy().T])


def test_by_p_by_fdr_by_number_and_by_share() -> None:
    X, y = simulated()
    p = p_values(X, y)
    assert Univariate().fit(X, y).states_[0].tolist() == (p <= 0.05).tolist()
    assert Univariate(alpha=0.3).fit(X, y).states_[0].tolist() == (p <= 0.3).tolist()
    adjusted = multipletests(p, method="fdr_bh")[1]
    assert Univariate(fdr=0.1).fit(X, y).states_[0].tolist() == (adjusted <= 0.1).tolist()
    assert (p <= 0.05).sum() > (adjusted <= 0.1).sum() > 1
    for step in (Univariate(k=7), Univariate(share=0.21)):
        assert step.fit(X, y).states_[0].tolist() == (p <= np.sort(p)[6]).tolist()


@pytest.mark.parametrize("test", TESTS)
def test_every_test_finds_what_differs(test: str) -> None:
    X, y = simulated(n=120)
    names = set(Univariate(test=test, k=3).fit(X, y).transform(X).columns)
    assert names & {f"HRF::f{number}" for number in range(5)} == names
    if test not in ("t", "mann_whitney"):
        X, y = simulated(n=150, n_classes=3)
        assert set(Univariate(test=test, k=3).fit(X, y).transform(X).columns) < set(X.columns[:8])


def test_tests_of_two_classes_name_the_one_for_more() -> None:
    X, y = simulated(n_classes=3)
    for test, other in (("t", "anova"), ("mann_whitney", "kruskal_wallis")):
        with pytest.raises(DataError, match=f"{test} compares two classes, .* have 3. Set test: {other}"):
            Univariate(test=test).fit(X, y)


def test_settings_that_contradict() -> None:
    with pytest.raises(ConfigError, match=r"one of alpha, fdr, k and share .* found \['alpha', 'k'\]"):
        Univariate(alpha=0.05, k=3).check()
    Univariate(fdr=0.2).check()


def test_more_than_there_are() -> None:
    X, y = simulated()
    X.iloc[:, 3] = 0.1
    step = Univariate(k=100).fit(X, y)
    assert step.states_[0].sum() == 29
    assert step.remarks_ == ["k = 100, but HRF had 29 features to choose from: all were kept"]


def test_nothing_left() -> None:
    X, y = simulated()
    p = p_values(X, y)
    step = Univariate(alpha=1e-12).fit(X, y)
    assert np.flatnonzero(step.states_[0]).tolist() == [int(p.argmin())]
    assert "best single feature" in step.remarks_[0]
    with pytest.raises(DataError, match="univariate: none of 30 features is left of HRF"):
        Univariate(alpha=1e-12, when_empty="error").fit(X, y)


def test_two_cases_of_a_class_and_one() -> None:
    X, _ = simulated()
    for test in TESTS:
        assert Univariate(test=test, k=3).fit(X, (np.arange(80) < 2).astype(int)).states_[0].sum() == 3
    with pytest.raises(DataError, match="welch needs 2 training cases of each class; the rarest class has 1"):
        Univariate(test="welch").fit(X, (np.arange(80) < 1).astype(int))


def test_what_it_refuses() -> None:
    X, y = simulated()
    with pytest.raises(DataError, match=r"univariate: the training rows have 1 class\(es\)"):
        Univariate().fit(X, np.zeros(80, int))
    with pytest.raises(DataError, match="univariate: it needs the outcome"):
        Univariate().fit(X)
    with pytest.raises(DataError, match="univariate: none of 30 features of HRF varies"):
        Univariate().fit(0 * X, y)
    X.iloc[2, 5] = np.nan
    with pytest.raises(DataError, match=r"first: 'f5' of block 'HRF'\). Put impute before univariate"):
        Univariate().fit(X, y)


def test_apart_for_each_block() -> None:
    X, y = simulated()
    both = pd.concat([X, X.rename(columns=lambda name: name.replace("HRF", "DRF"))], axis=1)
    assert Univariate(k=4, per_block=True).fit(both, y).transform(both).shape[1] == 8
    assert Univariate(k=4).fit(both, y).transform(both).shape[1] == 4
