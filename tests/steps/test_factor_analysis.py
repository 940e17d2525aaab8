"""Factor analysis."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import FactorAnalysis as Engine

from benchmark.steps.factor_analysis import FactorAnalysis


@pytest.fixture
def train() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    hidden = np.repeat(rng.normal(size=(80, 2)), 4, axis=1)
    return pd.DataFrame(hidden + 0.5 * rng.normal(size=(80, 8)), columns=[f"HRF::f{number}" for number in range(8)])


@pytest.mark.parametrize("rotation", ["none", "varimax", "quartimax"])
def test_equal_to_scikit_learn(train: pd.DataFrame, rotation: str) -> None:
    standard = ((train - train.mean()) / train.std(ddof=0)).to_numpy()
    reference = Engine(2, rotation=None if rotation == "none" else rotation, svd_method="lapack").fit(standard)
    found = FactorAnalysis(factors=2, rotation=rotation).fit(train).transform(train.iloc[:9]).to_numpy()
    np.testing.assert_allclose(np.abs(found), np.abs(reference.transform(standard[:9])), rtol=1e-8)


def test_varimax_finds_the_features_of_each_factor(train: pd.DataFrame) -> None:
    weights = FactorAnalysis(factors=2).fit(train).weights_[0].abs()
    owner = weights.to_numpy().argmax(axis=1)
    assert owner.tolist() in ([0] * 4 + [1] * 4, [1] * 4 + [0] * 4)


def test_too_many_factors_and_too_few_rounds(train: pd.DataFrame) -> None:
    step = FactorAnalysis(factors=20).fit(train)
    assert step.transform(train).shape == (80, 7)
    assert step.remarks_[0] == "HRF: 7 components instead of 20, more are not in 80 cases x 8 features"
    assert FactorAnalysis(factors=2, max_iter=1).fit(train).remarks_ == ["HRF: not converged after 1 rounds"]
    single = FactorAnalysis(factors=1).fit(train[["HRF::f0"]])
    assert single.transform(train[["HRF::f0"]]).shape == (80, 1)
