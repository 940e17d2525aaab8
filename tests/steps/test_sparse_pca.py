"""Sparse principal components."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import SparsePCA

from benchmark.errors import DataError
from benchmark.steps.sparse_pca import SparsePca


@pytest.fixture
def train() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    hidden = np.repeat(rng.normal(size=(40, 3)), 4, axis=1)
    return pd.DataFrame(hidden + 0.3 * rng.normal(size=(40, 12)), columns=[f"HRF::f{number}" for number in range(12)])


def test_equal_to_scikit_learn(train: pd.DataFrame) -> None:
    standard = ((train - train.mean()) / train.std(ddof=0)).to_numpy()
    reference = SparsePCA(3, alpha=2.0, method="cd", tol=1e-6, random_state=4).fit(standard)
    step = SparsePca(components=3, alpha=2.0, seed=4).fit(train)
    found = step.transform(train.iloc[:7]).to_numpy()
    np.testing.assert_allclose(np.abs(found), np.abs(reference.transform(standard[:7])), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(np.abs(step.loadings_[0].T), np.abs(reference.components_), atol=1e-12)


def test_a_higher_alpha_has_fewer_features(train: pd.DataFrame) -> None:
    few = (SparsePca(components=3, alpha=5.0).fit(train).loadings_[0] != 0).sum().sum()
    many = (SparsePca(components=3, alpha=0.1).fit(train).loadings_[0] != 0).sum().sum()
    assert few < many
    assert few <= 15


def test_empty_components_are_left_out_or_refused(train: pd.DataFrame) -> None:
    step = SparsePca(components=8, alpha=6.0).fit(train)
    count = step.transform(train).shape[1]
    assert count < 8
    assert step.remarks_ == [f"HRF: {count} of 8 components have a feature"]
    with pytest.raises(DataError, match=r"sparse PCA: with alpha 1000 all weights are 0\. Lower alpha\."):
        SparsePca(alpha=1000).fit(train)
