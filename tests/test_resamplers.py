"""Resamplers act on training rows only, and do what they can with few of them."""

from __future__ import annotations

import numpy as np
import pytest
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from imblearn.under_sampling import EditedNearestNeighbours, RandomUnderSampler, TomekLinks
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from benchmark.errors import ConfigError
from benchmark.menu import check_parameters
from benchmark.resamplers import RESAMPLERS, build, resampled

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [45, 15])
X = np.asfortranarray(RNG.normal(size=(60, 4)) + 0.8 * Y[:, None])

REFERENCE = {
    "smote": SMOTE(random_state=3),
    "borderline_smote": BorderlineSMOTE(random_state=3),
    "adasyn": ADASYN(random_state=3),
    "random_oversample": RandomOverSampler(random_state=3),
    "random_undersample": RandomUnderSampler(random_state=3),
    "tomek_links": TomekLinks(),
    "edited_nearest_neighbours": EditedNearestNeighbours(),
    "smote_tomek": SMOTETomek(random_state=3),
    "smote_enn": SMOTEENN(random_state=3),
}


@pytest.mark.parametrize("name", RESAMPLERS)
def test_equal_to_imbalanced_learn(name: str) -> None:
    found, codes = build(name, seed=3).fit_resample(X, Y)
    expected, expected_codes = REFERENCE[name].fit_resample(X, Y)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(codes, expected_codes)
    assert not np.array_equal(np.bincount(codes), np.bincount(Y))


@pytest.mark.parametrize("name", RESAMPLERS)
def test_repeats_itself_and_leaves_its_input(name: str) -> None:
    rows, codes = X.copy(), Y.copy()
    first = build(name, seed=5).fit_resample(rows, codes)
    np.random.default_rng(1).random(9)
    again = clone(build(name, seed=5)).fit_resample(rows, codes)
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(rows, X)
    np.testing.assert_array_equal(codes, Y)


class Counting(LogisticRegression):
    """Notes the rows it is fitted on and asked about."""

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: object = None) -> Counting:
        self.fitted_on_ = X
        return super().fit(X, y)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        self.asked_ = X
        return super().predict_proba(X)


@pytest.mark.parametrize("name", RESAMPLERS)
def test_synthetic_rows_never_reach_predictions(name: str) -> None:
    model = clone(resampled(build(name, seed=0), Counting())).fit(X, Y)
    found = model.predict_proba(X)
    inner = model.named_steps["classifier"]
    assert len(found) == len(X)
    np.testing.assert_array_equal(inner.asked_, X)
    resampled_rows, _ = build(name, seed=0).fit_resample(X, Y)
    np.testing.assert_array_equal(inner.fitted_on_, resampled_rows)
    np.testing.assert_allclose(model.predict_proba(X[:1]), found[:1], rtol=1e-12)
    assert model.classes_.tolist() == [0, 1]


def test_parameters_of_classifier_and_resampler_can_be_set() -> None:
    model = resampled(build("smote", seed=0), LogisticRegression())
    model.set_params(classifier__C=0.5, resampler__neighbours=3)
    assert clone(model).get_params()["classifier__C"] == 0.5
    assert clone(model).get_params()["resampler__neighbours"] == 3


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, [40, 40, 40]), (0.5, [40, 20, 20]), (0.2, [40, 12, 8])])
def test_ratio_raises_each_class_to_a_share_of_the_largest(ratio: float, expected: list[int]) -> None:
    y = np.repeat([0, 1, 2], [40, 12, 8])
    for name in ("smote", "random_oversample"):
        _, codes = build(name, seed=0, params={"ratio": ratio}).fit_resample(X, y)
        assert np.bincount(codes).tolist() == expected
    _, codes = build("random_undersample", seed=0, params={"ratio": ratio}).fit_resample(X, y)
    assert np.bincount(codes).tolist() == np.minimum(np.bincount(y), round(8 / ratio)).tolist()


@pytest.mark.parametrize("name", ["smote", "borderline_smote", "adasyn", "smote_tomek", "smote_enn"])
def test_few_rows_have_fewer_neighbours(name: str) -> None:
    y = np.repeat([0, 1], [57, 3])
    resampler = build(name, seed=0)
    _, codes = resampler.fit_resample(X[:, :2], y)
    assert set(codes) == {0, 1}
    assert any("2 neighbours instead of 5, for want of rows" in remark for remark in resampler.remarks_)


@pytest.mark.parametrize("name", ["smote", "borderline_smote", "adasyn"])
def test_a_class_with_one_row_stays_as_it_is(name: str) -> None:
    resampler = build(name, seed=0)
    _, codes = resampler.fit_resample(X, np.repeat([0, 1], [59, 1]))
    assert np.bincount(codes).tolist() == [59, 1]
    assert "class 1 stays at 1 training row(s): it takes 2 to make more" in resampler.remarks_[0]
    _, codes = resampler.fit_resample(X, np.repeat([0, 1, 2], [39, 20, 1]))
    assert np.bincount(codes)[0] == 39
    assert np.bincount(codes)[2] == 1


def test_two_rows_of_a_class_are_enough() -> None:
    rows, codes = build("smote", seed=0).fit_resample(X, np.repeat([0, 1], [58, 2]))
    assert np.bincount(codes).tolist() == [58, 58]
    made = rows[60:]
    share = (made[:, 0] - X[58, 0]) / (X[59, 0] - X[58, 0])
    np.testing.assert_allclose(made, X[58] + share[:, None] * (X[59] - X[58]), atol=1e-12)


def test_classes_that_do_not_touch() -> None:
    apart = X + 100.0 * Y[:, None]
    resampler = build("adasyn", seed=0)
    assert len(resampler.fit_resample(apart, Y)[0]) == 60
    assert "no row to raise has a neighbour of another class" in resampler.remarks_[0]


def test_a_class_is_never_cleaned_away() -> None:
    values = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    y = np.array([1, 0, 1, 0, 1, 0, 0])
    resampler = build("edited_nearest_neighbours", seed=0)
    _, codes = resampler.fit_resample(values, y)
    assert set(codes) == {0, 1}
    assert resampler.remarks_ == ["Edited nearest neighbours: no row of some class would be left: all rows stay"]


def test_balanced_rows_stay() -> None:
    for name in ("smote", "random_oversample", "random_undersample"):
        resampler = build(name, seed=0)
        rows, _ = resampler.fit_resample(X, np.repeat([0, 1], 30))
        assert rows is X
        assert resampler.remarks_ == []


def test_wrong_names_and_values() -> None:
    with pytest.raises(ConfigError, match=r"unknown resampler 'smot'\. Did you mean 'smote'"):
        build("smot", seed=0)
    with pytest.raises(ConfigError, match="k_neighbors"):
        check_parameters(RESAMPLERS["smote"], {"k_neighbors": 3}, leave_out=("seed",))
    with pytest.raises(ConfigError, match="ratio"):
        check_parameters(RESAMPLERS["smote"], {"ratio": 1.5}, leave_out=("seed",))
