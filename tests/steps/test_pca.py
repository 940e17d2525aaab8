"""Principal components."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from benchmark.errors import DataError
from benchmark.steps.pca import Pca

IRIS = load_iris(as_frame=True).data.add_prefix("HRF::")


def frame(n: int, k: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 3)) @ rng.normal(size=(3, k)) + 0.3 * rng.normal(size=(n, k))
    return pd.DataFrame(values * 10.0 ** rng.integers(-3, 4, k), columns=[f"HRF::f{number}" for number in range(k)])


@pytest.mark.parametrize(("n", "k"), [(60, 10), (20, 50)])
def test_equal_to_scikit_learn(n: int, k: int) -> None:
    train, test = frame(n, k), frame(7, k, seed=1)
    scaler = StandardScaler().fit(train.to_numpy())
    reference = PCA(4, svd_solver="full").fit(scaler.transform(train.to_numpy()))
    step = Pca(components=4).fit(train)
    expected = reference.transform(scaler.transform(test.to_numpy()))
    signs = np.sign(expected[0] * step.transform(test).to_numpy()[0])
    np.testing.assert_allclose(step.transform(test), signs * expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(step.shares_[0][:4], reference.explained_variance_ratio_, rtol=1e-10)


def test_equal_to_prcomp() -> None:
    # R: p <- prcomp(iris[, 1:4], scale. = TRUE); p$rotation; p$sdev
    step = Pca(components=2).fit(IRIS)
    weights = step.weights_[0]
    np.testing.assert_allclose(weights["PC1"], [0.5210659, -0.2693474, 0.5804131, 0.5648565], atol=1e-7)
    np.testing.assert_allclose(weights["PC2"], [0.37741762, 0.92329566, 0.02449161, 0.06694199], atol=1e-7)
    sdev = step.transform(IRIS).std(ddof=1) * np.sqrt(149 / 150)
    np.testing.assert_allclose(sdev, [1.7083611, 0.9560494], atol=1e-7)


def test_a_share_of_variance_takes_as_few_as_reach_it() -> None:
    train = frame(60, 10)
    for share in (0.3, 0.6, 0.99, 0.999999):
        step = Pca(share=share).fit(train)
        count = step.transform(train).shape[1]
        assert step.shares_[0][:count].sum() >= share > step.shares_[0][: count - 1].sum()


def test_the_largest_weight_is_positive() -> None:
    weights = Pca(components=5).fit(frame(40, 12)).weights_[0].to_numpy()
    assert (weights[np.abs(weights).argmax(axis=0), range(5)] > 0).all()


def test_in_units_if_not_scaled() -> None:
    train = frame(40, 5)
    expected = PCA(2, svd_solver="full").fit_transform(train.to_numpy())
    found = Pca(components=2, scale=False).fit_transform(train).to_numpy()
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-8, atol=1e-6)


def test_more_components_than_there_can_be_are_capped_and_told() -> None:
    step = Pca(components=30).fit(frame(12, 20))
    assert step.transform(frame(3, 20)).shape == (3, 11)
    assert step.remarks_ == ["HRF: 11 components instead of 30, more are not in 12 cases x 20 features"]


def test_per_block_and_joint_names() -> None:
    train = frame(40, 6).set_axis([f"{block}::f{n}" for block in ("HRF", "DRF") for n in range(3)], axis=1)
    train.insert(3, "clinical::age", 1.0)
    joint = Pca(components=1, blocks=("HRF", "DRF")).fit_transform(train)
    assert list(joint.columns) == ["HRF+DRF::PC1", "clinical::age"]
    apart = Pca(components=1, blocks=("HRF", "DRF"), per_block=True).fit_transform(train)
    assert list(apart.columns) == ["HRF::PC1", "clinical::age", "DRF::PC1"]
    kept = Pca(components=1, blocks=("HRF",), keep=True).fit_transform(train)
    assert list(kept.columns) == ["HRF::PC1", *train.columns]


def test_a_constant_feature_has_no_weight() -> None:
    train = frame(30, 4).assign(**{"HRF::constant": 3.0})
    step = Pca(components=2).fit(train)
    assert (step.weights_[0].loc["HRF::constant"] == 0).all()
    np.testing.assert_array_equal(step.transform(train.assign(**{"HRF::constant": 9e9})), step.transform(train))


def test_what_it_refuses() -> None:
    train = frame(10, 4)
    with pytest.raises(DataError, match=r"PCA: none of 4 features of HRF varies in the training rows"):
        Pca().fit(train * 0)
    with pytest.raises(DataError, match=r"PCA: 1 of 4 features have missing .*'f1' of block 'HRF'.*Put impute before"):
        Pca().fit(train.assign(**{"HRF::f1": np.nan}))
    with pytest.raises(DataError, match=r"PCA: 1 \(first: 'HRF::PC1'\) of the new columns have a name that is taken"):
        Pca(components=1, blocks=("HRF",), keep=True).fit_transform(train.rename(columns={"HRF::f0": "HRF::PC1"}))
