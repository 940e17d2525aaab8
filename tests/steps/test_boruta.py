"""Boruta: what BorutaPy confirms, and what becomes of the tentative features."""

import numpy as np
import pandas as pd
import pytest
from boruta import BorutaPy
from sklearn.ensemble import RandomForestClassifier

from benchmark.errors import DataError
from benchmark.steps.boruta import Boruta


def simulated(n: int = 80, k: int = 12, classes: int = 2, signal: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(classes)
    X = rng.normal(size=(n, k))
    score = signal * (X[:, 1] + X[:, 5]) + 0.5 * rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), y


@pytest.mark.parametrize("classes", [2, 3])
def test_it_is_borutapy(classes: int) -> None:
    X, y = simulated(classes=classes)
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    forest = RandomForestClassifier(max_depth=5)
    found = BorutaPy(forest, n_estimators=20, max_iter=21, random_state=3).fit(Z, y)
    step = Boruta(rounds=20, trees=20, seed=3).fit(X, y)
    assert step.states_[0].tolist() == found.support_.tolist()
    assert step.states_[0][[1, 5]].any()
    wide = Boruta(rounds=20, trees=20, seed=3, tentative="rough_fix").fit(X, y)
    assert wide.states_[0].tolist() == (found.support_ | found.support_weak_).tolist()
    confirmed, tentative = found.support_.sum(), found.support_weak_.sum()
    assert step.remarks_ == [f"{confirmed} of 12 features of HRF confirmed, {tentative} tentative above the shadows"]


def test_tentative_features_are_kept_only_if_wanted() -> None:
    X, y = simulated(signal=0.3)
    settings = {"rounds": 10, "trees": 20, "percentile": 60.0}
    drop, keep = (Boruta(tentative=policy, **settings).fit(X, y).states_[0] for policy in ("drop", "rough_fix"))
    assert (keep >= drop).all()
    assert keep.sum() > drop.sum()


def test_all_confirmed_and_nothing_confirmed() -> None:
    X, y = simulated()
    assert Boruta(rounds=12, trees=20, percentile=50.0).fit(X.iloc[:, [1, 5]], y).states_[0].all()
    noise = np.random.default_rng(7).permutation(y)
    step = Boruta(rounds=12, trees=20).fit(X, noise)
    assert step.states_[0].sum() == 1
    assert "best single feature" in step.remarks_[-1]
    with pytest.raises(DataError, match="boruta: none of 12 features is left of HRF"):
        Boruta(rounds=12, trees=20, when_empty="error").fit(X, noise)


def test_rare_classes_constants_and_what_it_refuses() -> None:
    X, y = simulated()
    X.iloc[:, 3] = 1.0
    assert not Boruta(rounds=10, trees=10).fit(X, y).states_[0][3]
    assert Boruta(rounds=10, trees=10).fit(X, (np.arange(80) < 2).astype(int)).states_[0].any()
    X.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before boruta"):
        Boruta().fit(X, y)
