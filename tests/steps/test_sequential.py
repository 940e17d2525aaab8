"""Sequential search: the greedy definition, candidates, and folds by patient."""

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score

from benchmark.errors import ConfigError, DataError
from benchmark.frame import PATIENT
from benchmark.steps.sequential import Sequential
from benchmark.steps.training_rows import folds_of


def simulated(n: int = 80, k: int = 8, classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(classes)
    X = rng.normal(size=(n, k))
    score = X[:, 1] + X[:, 5] + 0.7 * rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y


@pytest.mark.parametrize("grouped", [False, True])
def test_forward_is_the_greedy_definition(grouped: bool) -> None:
    X, y = simulated()
    owners = np.array([f"p{number // 2}" for number in range(80)], object) if grouped else None
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    folds, taken = folds_of("sequential", y, owners, 5, 2), []
    for _ in range(3):
        aucs = {}
        for feature in sorted(set(range(8)) - set(taken)):
            columns = sorted([*taken, feature])
            found = []
            for train, test in folds:
                model = LinearDiscriminantAnalysis().fit(Z[train][:, columns], y[train])
                found.append(roc_auc_score(y[test], model.decision_function(Z[test][:, columns])))
            aucs[feature] = np.mean(found)
        taken.append(max(aucs, key=aucs.__getitem__))
    frame = X.assign(**{PATIENT: owners}) if grouped else X
    step = Sequential(k=3, seed=2).fit(frame, y)
    assert np.flatnonzero(step.states_[0]).tolist() == sorted(taken)
    assert step.remarks_ == []


@pytest.mark.parametrize("estimator", ["lda", "logistic", "naive_bayes", "knn"])
def test_what_matters_stays(estimator: str) -> None:
    for classes in (2, 3):
        X, y = simulated(n=120, classes=classes)
        assert Sequential(k=2, estimator=estimator, folds=3).fit(X, y).states_[0][[1, 5]].all()
    X, y = simulated()
    assert Sequential(k=2, estimator=estimator, direction="backward", folds=3).fit(X, y).states_[0][[1, 5]].any()


def test_candidates_are_told() -> None:
    X, y = simulated()
    step = Sequential(k=2, candidates=4, folds=3).fit(X, y)
    assert step.remarks_ == ["4 of 8 features of HRF were candidates, those of the highest F"]
    assert Sequential(k=4, candidates=4).fit(X, y).states_[0].sum() == 4
    with pytest.raises(ConfigError, match="sequential: k: 9 features cannot come from candidates: 5"):
        Sequential(k=9, candidates=5).check()


def test_caps_rare_classes_and_what_it_refuses() -> None:
    X, y = simulated()
    X.iloc[:, 3] = 1.0
    step = Sequential(k=8).fit(X, y)
    assert np.flatnonzero(~step.states_[0]).tolist() == [3]
    assert step.remarks_ == ["k = 8, but HRF had 7 features to choose from: all were kept"]
    assert Sequential(k=2).fit(X, (np.arange(80) < 2).astype(int)).states_[0].sum() == 2
    with pytest.raises(DataError, match="sequential: it needs 2 cases of each class"):
        Sequential(k=2).fit(X, (np.arange(80) < 1).astype(int))
    X.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before sequential"):
        Sequential().fit(X, y)
