"""What every classifier on the menu promises."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import optuna
import pytest
from sklearn.base import clone

from benchmark.classifiers import CLASSIFIERS, balanced, build, space_of
from benchmark.errors import ConfigError
from benchmark.recipe import ClassifierChoice, Preprocessing, build_classifier

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [45, 15])
X = RNG.normal(size=(60, 6)) + 0.8 * Y[:, None] * np.array([1, 1, 0, 0, 0, 0])

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_gives_probabilities_and_repeats_itself(name: str) -> None:
    first = build(name, seed=3).fit(X, Y).predict_proba(X)
    again = clone(build(name, seed=3)).fit(X, Y).predict_proba(X)
    assert first.shape == (60, 2)
    np.testing.assert_allclose(first.sum(1), 1, atol=1e-6)
    assert ((first >= 0) & (first <= 1)).all()
    np.testing.assert_array_equal(first, again)
    assert first[Y == 1, 1].mean() > first[Y == 0, 1].mean()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_corner_of_the_space_can_be_built_and_fitted(name: str) -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(3):
        params = study.ask(space_of(name, {})).params
        assert params.keys() == CLASSIFIERS[name].space.keys()
        estimator = build(name, seed=0, params=params).fit(X, Y)
        assert np.isfinite(estimator.predict_proba(X)).all()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_fixed_parameter_leaves_the_space(name: str) -> None:
    for fixed in CLASSIFIERS[name].space:
        assert fixed not in space_of(name, {fixed: 1})


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_balanced_weights_raise_the_rarer_class_or_are_refused(name: str) -> None:
    plain = build(name, seed=0)
    if CLASSIFIERS[name].weighting is None:
        with pytest.raises(ConfigError, match="takes no class weights"):
            balanced(name, plain, 2)
        return
    params = {"max_depth": 1} if name == "decision_tree" else {}
    mean = build(name, seed=0, params=params).fit(X, Y).predict_proba(X)[:, 1].mean()
    weighted = balanced(name, build(name, seed=0, params=params), 2).fit(X, Y)
    assert weighted.predict_proba(X)[:, 1].mean() > mean or name in ("random_forest", "extra_trees", "adaboost", "mlp")
    assert set(weighted.predict(X)) <= {0, 1}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_unknown_parameter_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown parameter of {name} 'no_such_thing'"):
        build(name, seed=0, params={"no_such_thing": 1})


def test_unknown_classifier_and_word() -> None:
    with pytest.raises(ConfigError, match=r"unknown classifier 'svn'\. Did you mean 'svm_rbf'"):
        build("svn", seed=0)
    with pytest.raises(ConfigError, match=r"unknown kernel of gaussian_process 'rfb'\. Did you mean 'rbf'"):
        build("gaussian_process", seed=0, params={"kernel": "rfb"})


def test_nothing_is_written_to_the_folder(tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for name in ("catboost", "xgboost", "lightgbm"):
            build(name, seed=0).fit(X, Y)
    finally:
        os.chdir(before)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_knows_several_classes_and_a_rare_one(name: str) -> None:
    rng = np.random.default_rng(0)
    y = np.append(np.arange(60) % 3, [3, 3, 3])
    X = rng.normal(size=(63, 4)) + y[:, None]
    for weight in ("none", "balanced"):
        if weight == "none" or CLASSIFIERS[name].weighting is not None:
            choice = ClassifierChoice(name, class_weight=weight)
            estimator = clone(build_classifier(choice, Preprocessing("p", ()), seed=1, n_classes=4, params={})).fit(
                X, y
            )
            found = estimator.predict_proba(X)
            assert found.shape == (63, 4)
            np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
            assert list(estimator.classes_) == [0, 1, 2, 3]
