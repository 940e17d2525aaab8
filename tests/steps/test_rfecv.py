"""The cross-validated number of features: scikit-learn's, and folds by patient."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_selection import RFECV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.rfe import ESTIMATORS
from benchmark.steps.rfecv import Rfecv, elimination_aucs, mean_auc
from benchmark.steps.training_rows import folds_of, scored_folds


def simulated(n: int = 80, k: int = 14, seed: int = 0, classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, k))
    score = X[:, 1] - X[:, 6] + X[:, 9] + rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y


def test_one_feature_per_round_is_scikit_learn() -> None:
    X, y = simulated()
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    folds = folds_of("rfecv", y, None, 4, 3)
    reference = RFECV(
        make_pipeline(StandardScaler(), SVC(kernel="linear")), cv=folds, scoring="roc_auc",
        importance_getter="named_steps.svc.coef_",
    ).fit(Z, y)  # fmt: skip
    found = elimination_aucs(Z, y, folds, lambda: ESTIMATORS["linear_svm"](0), 1, 0.01)
    scores = dict(zip(reference.cv_results_["n_features"], reference.cv_results_["mean_test_score"], strict=True))
    assert found == {size: pytest.approx(auc, abs=1e-9) for size, auc in scores.items()}
    step = Rfecv(step=0.01, folds=4, seed=3).fit(X, y)
    assert step.states_[0].tolist() == reference.support_.tolist()
    best = max(found.values())
    assert step.remarks_ == [f"{step.states_[0].sum()} of 14 features of HRF had the highest inner AUC, {best:.3f}"]


def test_three_classes_and_the_least_number() -> None:
    X, y = simulated(n=150, classes=3)
    keep = Rfecv(estimator="logistic").fit(X, y).states_[0]
    assert keep[[1, 6, 9]].sum() >= 2
    assert Rfecv(min_features=10).fit(X, y).states_[0].sum() >= 10
    assert Rfecv(min_features=100).fit(X, y).states_[0].all()


def test_the_area_of_each_class_against_the_rest() -> None:
    X, y = simulated(classes=3)
    model = ESTIMATORS["logistic"](0).fit(X.to_numpy(), y)
    score, areas = model.decision_function(X.to_numpy()), []
    for code in range(3):
        high, low = score[y == code, code], score[y != code, code]
        areas.append(np.mean((high[:, None] > low) + 0.5 * (high[:, None] == low)))
    assert mean_auc(model, X.to_numpy(), y) == pytest.approx(np.mean(areas))
    two = y != 2
    assert 0 < mean_auc(model, X.to_numpy()[two], y[two]) <= 1


def test_patients_stay_together_and_folds_without_an_area_are_left_out() -> None:
    owners = np.array([f"p{number // 4}" for number in range(80)], object)
    y = np.arange(80) // 4 % 2
    for train, test in scored_folds("rfecv", y, owners, 5, 0):
        assert not set(owners[train]) & set(owners[test])
        assert len(set(y[test])) == 2
    X, _ = simulated()
    frame = X.assign(**{PATIENT: owners})
    one, other = (Rfecv(seed=seed).fit(frame, y).states_[0].tolist() for seed in (1, 1))
    assert one == other
    lone = np.array([f"p{number}" for number in range(4)], object)
    with pytest.raises(DataError, match="rfecv: it needs 2 cases of each class"):
        scored_folds("rfecv", np.array([0, 0, 0, 1]), lone, 2, 0)
