"""Recalibration against scikit-learn and statsmodels, and that no held-out outcome is read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

from benchmark.errors import ConfigError, DataError
from benchmark.metrics.roc_auc import roc_auc
from benchmark.predictions import PLACE, check_predictions
from benchmark.statistics.calibration import calibration
from benchmark.statistics.recalibration import LogitLine, Method, RisingSteps, fit_recalibration, recalibrate

METHODS: tuple[Method, ...] = ("platt", "intercept", "isotonic")


def simulated(seed: int = 0, n: int = 300, slope: float = 2.0, digits: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logit = rng.normal(-0.5, 1.2, n)
    return (rng.random(n) < special.expit(logit)).astype(int), special.expit(slope * logit).round(digits)


def test_platt_equals_scikit_learn_on_the_logits() -> None:
    y, score = simulated(1)
    expected = _SigmoidCalibration().fit(special.logit(score), y)
    found = fit_recalibration(y, score, "platt")
    assert isinstance(found, LogitLine)
    assert (found.intercept, found.slope) == pytest.approx((-expected.b_, -expected.a_), rel=1e-3)
    assert found.apply(score) == pytest.approx(expected.predict(special.logit(score)), abs=1e-4)


def test_platt_and_intercept_equal_statsmodels() -> None:
    y, score = simulated(2)
    logit = special.logit(score)
    target = np.where(y == 1, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
    line = sm.GLM(target, sm.add_constant(logit), family=sm.families.Binomial()).fit(tol=1e-12)
    platt = fit_recalibration(y, score, "platt")
    assert isinstance(platt, LogitLine)
    assert (platt.intercept, platt.slope) == pytest.approx(line.params, rel=1e-7)
    intercept = fit_recalibration(y, score, "intercept")
    assert intercept == LogitLine(calibration(y, score).in_the_large.estimate, 1.0)
    assert intercept.apply(score).mean() == pytest.approx(y.mean())


@pytest.mark.parametrize("digits", [1, 8])
def test_isotonic_equals_scikit_learn(digits: int) -> None:
    y, score = simulated(3, digits=digits)
    grid = np.linspace(0, 1, 101)
    expected = IsotonicRegression(out_of_bounds="clip").fit(score, y).predict(grid)
    found = fit_recalibration(y, score, "isotonic")
    assert isinstance(found, RisingSteps)
    assert found.apply(grid) == pytest.approx(expected, abs=1e-9)
    assert (np.diff(found.apply(grid)) >= 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_edges(method: Method) -> None:
    y, score = simulated(4)
    constant = fit_recalibration(y, np.full(len(y), 0.9), method).apply(np.full(3, 0.9))
    assert constant == pytest.approx(np.full(3, y.mean()), abs=0.01)
    ends = fit_recalibration(y, score.round(0), method).apply(np.array([0.0, 1.0]))
    assert (ends >= 0).all() and (ends <= 1).all() and ends[0] < ends[1]
    separated = fit_recalibration(y, 0.2 + 0.6 * y, method).apply(np.array([0.2, 0.8]))
    assert not np.isnan(separated).any()
    missing = score.copy()
    missing[0] = np.nan
    for outcome, given in ((np.ones(len(y), int), score), (np.zeros(len(y), int), score), (y, missing)):
        assert np.isnan(fit_recalibration(outcome, given, method).apply(score)).all()


def test_certain_predictions_count_as_nearly_certain() -> None:
    y, score = simulated(5)
    found = fit_recalibration(y, score, "platt").apply(np.array([0.0, 1e-5, 1e-4, 1e-3, 1 - 1e-4, 1.0]))
    assert found[0] == found[1] == found[2] < found[3] < found[4] == found[5]


def test_unknown_method() -> None:
    y, score = simulated(5)
    with pytest.raises(ConfigError, match=r"unknown recalibration 'plat'\. Did you mean 'platt'"):
        fit_recalibration(y, score, "plat")  # type: ignore[arg-type]


def tables(seed: int = 0, n: int = 120, repeats: int = 2, folds: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two recipes with scores that are too extreme, as the waist has them."""
    rng = np.random.default_rng(seed)
    y, _ = simulated(seed, n)
    training: list[pd.DataFrame] = []
    held: list[pd.DataFrame] = []
    for repeat in range(repeats):
        fold = rng.permutation(np.arange(n) % folds)
        for classifier in ("lr", "rf"):
            raw = 3 * (y - 0.3 + rng.normal(0, 1.5, n))
            for f in range(folds):
                place = dict(zip(PLACE, ["cv", "HRF", "plain", classifier, repeat, f], strict=True))
                for side, rows in (("inner", fold != f), ("train", fold != f), ("held", fold == f)):
                    score = special.expit(raw[rows] * (3 if side == "train" else 1) + 0.3 * f)
                    named = {"case": np.char.add("c", np.flatnonzero(rows).astype(str))}
                    named["patient"] = np.char.replace(named["case"], "c", "p")
                    outcome = {"y_true": np.where(y[rows] == 1, "yes", "no"), "score_no": 1 - score, "score_yes": score}
                    extra = {"role": "out-of-fold"} if side == "held" else {"side": side}
                    (held if side == "held" else training).append(pd.DataFrame({**place, **extra, **named, **outcome}))
    return pd.concat(training, ignore_index=True), pd.concat(held, ignore_index=True)


@pytest.mark.parametrize("method", METHODS)
def test_each_place_by_its_own_inner_rows(method: Method) -> None:
    training, held = tables(1)
    shuffled = held.sample(frac=1, random_state=0)
    found = recalibrate(training.sample(frac=1, random_state=1), shuffled, method)
    assert found.index.equals(shuffled.index) and list(found.columns) == list(held.columns)
    inner = training[training["side"] == "inner"]
    for place, rows in found.groupby(PLACE):
        own = inner[(inner[PLACE] == list(place)).all(axis=1)]
        learnt = fit_recalibration((own["y_true"] == "yes").to_numpy(int), own["score_yes"].to_numpy(), method)
        assert rows["score_yes"].to_numpy() == pytest.approx(learnt.apply(held.loc[rows.index, "score_yes"].to_numpy()))
    assert found["score_no"].to_numpy() == pytest.approx(1 - found["score_yes"].to_numpy())
    check_predictions(found)


@pytest.mark.parametrize("method", METHODS)
def test_no_held_out_outcome_and_no_apparent_score_is_read(method: Method) -> None:
    training, held = tables(2)
    base = recalibrate(training, held, method)
    flipped = held.assign(y_true=held["y_true"].map({"yes": "no", "no": "yes"}))
    found = recalibrate(training, flipped, method)
    assert (found["score_yes"] == base["score_yes"]).all()
    assert (found["y_true"] == flipped["y_true"]).all()
    ruined = training.assign(score_yes=training["score_yes"].where(training["side"] == "inner", 0.5))
    assert (recalibrate(ruined, held, method)["score_yes"] == base["score_yes"]).all()
    other = held.assign(score_yes=held["score_yes"].where(held["case"] == "c1", 0.5))
    alone = recalibrate(training, other, method)
    is_first = (held["case"] == "c1").to_numpy()
    assert (alone["score_yes"][is_first] == base["score_yes"][is_first]).all()


def test_inner_outcomes_are_read() -> None:
    training, held = tables(3)
    flipped = training.assign(y_true=training["y_true"].map({"yes": "no", "no": "yes"}))
    assert (recalibrate(flipped, held, "platt")["score_yes"] != recalibrate(training, held, "platt")["score_yes"]).all()


def test_recalibrated_slopes_are_nearer_to_one_and_ranks_stay() -> None:
    training, held = tables(4, n=600, repeats=1)
    better = recalibrate(training, held, "platt")
    for _, rows in better[better["classifier"] == "lr"].groupby("fold"):
        y = (rows["y_true"] == "yes").to_numpy(int)
        before = held.loc[rows.index, "score_yes"].to_numpy()
        after = rows["score_yes"].to_numpy()
        assert abs(calibration(y, after).slope.estimate - 1) < abs(calibration(y, before).slope.estimate - 1)
        assert roc_auc(y, after) == pytest.approx(roc_auc(y, before), abs=2e-3)


def test_one_class_inside_is_nan_there_alone() -> None:
    training, held = tables(5)
    here = (training["fold"] == 0) & (training["repeat"] == 0) & (training["side"] == "inner")
    found = recalibrate(training.assign(y_true=training["y_true"].where(~here, "no")), held, "platt")
    gone = ((held["fold"] == 0) & (held["repeat"] == 0)).to_numpy()
    assert (found["score_yes"].isna().to_numpy() == gone).all()


def test_wrong_tables() -> None:
    training, held = tables(6)
    with pytest.raises(DataError, match=r"no inner training predictions for 2 .*classifier lr, repeat 1, fold 2"):
        recalibrate(training[(training["fold"] != 2) | (training["repeat"] != 1)], held, "platt")
    with pytest.raises(DataError, match="no inner training predictions"):
        recalibrate(training[training["side"] == "train"], held, "platt")
    leaked = training.copy()
    first = held.iloc[0]
    row = np.flatnonzero((leaked["side"] == "inner") & (leaked[PLACE] == list(first[PLACE])).all(axis=1))[0]
    leaked.loc[row, "case"] = first["case"]
    with pytest.raises(DataError, match=f"cases held out and among the inner training rows .*'{first['case']}'"):
        recalibrate(leaked, held, "platt")
    leaked.loc[row, ["case", "patient"]] = ["another", first["patient"]]
    with pytest.raises(DataError, match=f"patients held out and among .*'{first['patient']}'"):
        recalibrate(leaked, held, "platt")
    with pytest.raises(DataError, match="3 classes"):
        recalibrate(training, held.assign(score_maybe=0.0), "platt")
