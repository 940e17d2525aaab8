"""Rad-score: the log-odds of a LASSO logistic model, cross-fitted on the training rows."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from benchmark.frame import column_of
from benchmark.metrics.roc_auc import roc_auc
from benchmark.steps.lasso import Lasso
from benchmark.steps.score import Score


def table(n: int = 120, k: int = 15, signal: float = 1.0, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Two blocks of raw features of different scales; the first three of HRF carry the outcome."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    hrf = (rng.normal(size=(n, k)) + signal * y[:, None] * (np.arange(k) < 3)) * np.arange(1, k + 1) + 100
    drf = rng.normal(size=(n, 5))
    columns = [column_of("HRF", f"f{number}") for number in range(k)] + [column_of("DRF", f"d{n}") for n in range(5)]
    return pd.DataFrame(np.hstack([hrf, drf]), index=[f"case{number:03d}" for number in range(n)], columns=columns), y


def test_is_the_log_odds_of_the_lasso_model() -> None:
    frame, y = table()
    frame = frame.filter(like="HRF::")
    step = Score(seed=1).fit(frame, y)
    lasso = Lasso(seed=1).fit(frame, y)
    path = lasso.paths_[0]
    penalty = path.penalties[path.choose("minimum")]
    standard = ((frame - frame.mean()) / frame.std(ddof=0)).to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(
            l1_ratio=1.0, solver="saga", C=1 / (len(y) * penalty), tol=1e-12, max_iter=20_000
        ).fit(standard, y)
    found = step.transform(frame)
    assert list(found.columns) == ["HRF::score"]
    np.testing.assert_allclose(found["HRF::score"], model.decision_function(standard), atol=1e-6)
    kept = [column for column, keep in zip(frame.columns, lasso.states_[0], strict=True) if keep]
    assert [frame.columns[j] for j in np.flatnonzero(step.states_[0].slopes[0])] == kept


def test_training_rows_get_the_score_of_the_other_folds() -> None:
    frame, y = table(n=60, k=60, signal=0.8)
    step = Score(seed=1, per_block=True)
    cross_fitted = step.fit_transform(frame, y)
    apparent = step.transform(frame)
    assert list(cross_fitted.columns) == ["HRF::score", "DRF::score"]
    pd.testing.assert_frame_equal(step.training_scores_, cross_fitted)
    honest, flattering = (roc_auc(y, one["HRF::score"].to_numpy()) for one in (cross_fitted, apparent))
    assert flattering > honest + 0.1
    plain = Score(seed=1, per_block=True, cross_fit=False)
    pd.testing.assert_frame_equal(plain.fit_transform(frame, y), plain.transform(frame))


def test_a_cap_raises_the_penalty_until_few_enough_are_left() -> None:
    frame, y = table()
    step = Score(seed=1, max_features=2, per_block=True).fit(frame, y)
    assert all(np.count_nonzero(state.slopes) <= 2 for state in step.states_)


def test_a_block_without_signal_has_a_constant_score_and_a_remark() -> None:
    frame, y = table(signal=0.0, seed=3)
    step = Score(rule="one_standard_error", seed=1, per_block=True).fit(frame, y)
    found = step.transform(frame)
    np.testing.assert_allclose(found["HRF::score"], np.log(y.mean() / (1 - y.mean())), atol=1e-9)
    assert "no feature of HRF has a coefficient: the score is constant" in step.remarks_


def test_more_than_two_classes_have_a_score_each() -> None:
    frame, _ = table(n=90)
    y = np.arange(90) % 3
    frame["HRF::f0"] += 20 * (y == 2)
    found = Score(seed=1, blocks=("HRF",), per_block=True).fit(frame, y).transform(frame)
    assert list(found.columns)[:3] == ["HRF::score 0", "HRF::score 1", "HRF::score 2"]
    assert roc_auc((y == 2).astype(int), found["HRF::score 2"].to_numpy()) > 0.9


def test_rows_of_one_patient_are_scored_by_the_same_model() -> None:
    frame, y = table(n=80)
    owners = [f"patient{number // 2}" for number in range(80)]
    y = np.arange(80) // 2 % 2
    frame["@patient"] = owners
    frame.iloc[1::2, :-1] = frame.iloc[::2, :-1].to_numpy()  # both rows of a patient are alike
    found = Score(seed=1, blocks=("HRF",), per_block=True).fit_transform(frame, y)["HRF::score"].to_numpy()
    np.testing.assert_allclose(found[::2], found[1::2])


def test_gaps_are_refused() -> None:
    frame, y = table()
    frame.iloc[0, 0] = np.nan
    with pytest.raises(Exception, match="1 of 15 features have missing or infinite values"):
        Score(blocks=("HRF",), per_block=True).fit(frame, y)
