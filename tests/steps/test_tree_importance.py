"""Features by the importance that ensembles of trees give them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from benchmark.errors import DataError
from benchmark.steps.tree_importance import TreeImportance


def simulated(n: int = 90, k: int = 15, classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(classes)
    X = rng.normal(size=(n, k))
    y = np.digitize(X[:, 1] + X[:, 8] + 0.3 * rng.normal(size=n), [[0.0], [-0.7, 0.7]][classes - 2])
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("estimator", ["random_forest", "extra_trees", "xgboost"])
def test_what_matters_stays(estimator: str, classes: int) -> None:
    X, y = simulated(classes=classes)
    assert np.flatnonzero(TreeImportance(estimator=estimator, k=2).fit(X, y).states_[0]).tolist() == [1, 8]
    above = TreeImportance(estimator=estimator).fit(X, y).states_[0]
    assert above[[1, 8]].all()
    assert above.sum() < 15


@pytest.mark.parametrize(
    ("name", "kind"), [("random_forest", RandomForestClassifier), ("extra_trees", ExtraTreesClassifier)]
)
def test_the_importances_are_scikit_learns(name: str, kind: type) -> None:
    X, y = simulated()
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    importance = kind(n_estimators=30, random_state=4).fit(Z, y).feature_importances_
    step = TreeImportance(estimator=name, trees=30, seed=4).fit(X, y)
    assert step.states_[0].tolist() == (importance > importance.mean()).tolist()


def test_caps_rare_classes_and_what_it_refuses() -> None:
    X, y = simulated()
    X.iloc[:, 3] = 1.0
    step = TreeImportance(k=15).fit(X, y)
    assert np.flatnonzero(~step.states_[0]).tolist() == [3]
    assert step.remarks_ == ["k = 15, but HRF had 14 features to choose from: all were kept"]
    assert not TreeImportance().fit(X, y).states_[0][3]
    assert TreeImportance(k=3).fit(X, (np.arange(90) < 2).astype(int)).states_[0].sum() == 3
    assert TreeImportance().fit(X.iloc[:, :1], y).states_[0].tolist() == [True]
    X.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before tree_importance"):
        TreeImportance().fit(X, y)
