"""A whole run of several classes: every estimate where it comes from, comparisons, and what is undefined."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

from benchmark.errors import ConfigError, DataError
from benchmark.estimates import split_class
from benchmark.predictions import RECIPE
from benchmark.statistics.analysis import analyse
from benchmark.statistics.held_out import arrange

CLASSES = ("low", "mid", "high")
STATISTICS = {"reference": "clinical", "draws": 200}


def asked(run: Any, **statistics: Any) -> Any:
    return replace(run, run=run.run | {"positive": None, "seed": 1, "statistics": STATISTICS | statistics})


def quiet(run: Any) -> dict[str, pd.DataFrame]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return analyse(*run.arguments())


def without(run: Any, keep: Any) -> Any:
    """The run with the held-out rows that ``keep`` (a function of the table) says."""
    return run.with_predictions(run.predictions[keep(run.predictions)])


@pytest.fixture(scope="module")
def run(make_run):
    return asked(make_run(classes=CLASSES, classifiers=("lr",)), ordinal=True)


@pytest.fixture(scope="module")
def found(run) -> dict[str, pd.DataFrame]:
    return quiet(run)


def of(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def measured(found: dict[str, pd.DataFrame], feature_set: str = "HRF", **wanted: object) -> pd.DataFrame:
    return of(found["estimates"], feature_set=feature_set, **wanted).set_index("measure")


def pooled(run: Any, feature_set: str) -> tuple[pd.Series, pd.DataFrame]:
    """Truth and mean probabilities of the cases of the cross-validation."""
    rows = of(run.predictions, design="cv", feature_set=feature_set)
    columns = [f"score_{label}" for label in CLASSES]
    return rows.groupby("case")["y_true"].first(), rows.groupby("case")[columns].mean()


def test_every_measure_once_with_an_interval_around_it(found) -> None:
    estimates = found["estimates"]
    assert not estimates.duplicated(["design", "role", *RECIPE, "measure"]).any()
    over_all = {name for name in estimates["measure"] if not split_class(name)[1]}
    assert over_all == {
        "auc", "auc_pooled", "auc_weighted", "auc_weighted_pooled", "hand_till", "hand_till_pooled", "accuracy",
        "balanced_accuracy", "f1_macro", "f1_weighted", "kappa", "kappa_quadratic", "mcc", "log_loss",
        "brier_multiclass", "scaled_brier_multiclass", "train_auc", "optimism",
    }  # fmt: skip
    by_class = {split_class(name) for name in estimates["measure"]} - {(name, "") for name in over_all}
    assert {label for _, label in by_class} == set(CLASSES)
    assert {"auc", "sensitivity", "specificity", "ppv", "npv", "f1", "calibration_intercept", "calibration_slope",
            "ici"} <= {measure for measure, _ in by_class}  # fmt: skip
    limited = estimates.dropna(subset="low")
    assert (over_all - {"train_auc", "optimism"}) <= set(limited["measure"])
    assert ((limited["low"] <= limited["estimate"]) & (limited["estimate"] <= limited["high"])).all()


def test_numbers_are_those_of_scikit_learn(found, run) -> None:
    truth, scores = pooled(run, "HRF")
    codes = truth.map(CLASSES.index).to_numpy()
    called, told = scores.to_numpy().argmax(1), measured(found)["estimate"]
    assert told["auc_pooled"] == pytest.approx(roc_auc_score(codes, scores, multi_class="ovr"))
    assert told["auc_weighted_pooled"] == pytest.approx(
        roc_auc_score(codes, scores, multi_class="ovr", average="weighted")
    )
    assert told["hand_till_pooled"] == pytest.approx(roc_auc_score(codes, scores, multi_class="ovo"))
    assert told["f1_macro"] == pytest.approx(f1_score(codes, called, average="macro"))
    assert told["mcc"] == pytest.approx(matthews_corrcoef(codes, called))
    for code, label in enumerate(CLASSES):
        assert told[f"sensitivity[{label}]"] == pytest.approx(np.mean(called[codes == code] == code))
        assert told[f"auc_pooled[{label}]"] == pytest.approx(roc_auc_score(codes == code, scores.iloc[:, code]))
    assert told["auc"] == pytest.approx(np.mean([told[f"auc[{label}]"] for label in CLASSES]))
    assert told["optimism"] == pytest.approx(told["train_auc"] - told["auc"])
    told = of(found["fold_scores"], feature_set="HRF")
    assert told["auc"].mean() == pytest.approx(measured(found).loc["auc", "estimate"])
    assert told["n_events"].isna().all()


def test_a_class_is_the_binary_outcome_of_it_against_the_others(found, run) -> None:
    """Discrimination, calibration and curves of one class are those of a run in which it is the positive one."""
    binary = run.predictions.assign(
        y_true=np.where(run.predictions["y_true"] == "mid", "mid", "rest"), score_rest=1 - run.predictions["score_mid"]
    ).drop(columns=["score_low", "score_high"])
    training = run.training_predictions.iloc[:0].assign(score_rest=[]).drop(columns=["score_low", "score_high"])
    alone = asked(replace(run, predictions=binary, training_predictions=training))
    two = quiet(replace(alone, run=alone.run | {"classes": ["rest", "mid"]}))
    expected, told = measured(two), measured(found)
    assert told.loc["auc[mid]", "estimate"] == pytest.approx(expected.loc["auc", "estimate"], rel=1e-12)
    assert told.loc["auc[mid]", "low"] < expected.loc["auc", "low"]  # divisor m - 1 within folds
    for measure in ("auc_pooled", "calibration_intercept", "calibration_slope", "observed_expected"):
        columns = ["estimate", "low", "high", "n_events"]
        ours, theirs = (frame.loc[name, columns].astype(float) for frame, name in
                        ((told, f"{measure}[mid]"), (expected, measure)))  # fmt: skip
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)
    assert told.loc["ici[mid]", "estimate"] == pytest.approx(expected.loc["ici", "estimate"])
    for curve in ("roc", "calibration", "distribution"):
        ours = of(found["curves"], feature_set="HRF", curve=f"{curve}[mid]")[["x", "y", "low", "high"]]
        theirs = of(two["curves"], feature_set="HRF", curve=curve)[["x", "y", "low", "high"]]
        np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-10)


def test_models_are_compared_by_the_macro_auc_and_hand_till(found) -> None:
    comparisons = found["comparisons"]
    assert list(comparisons["measure"].unique()) == ["auc", "auc_pooled", "hand_till", "hand_till_pooled"]
    assert comparisons["p"].between(0, 1).all()
    row = of(comparisons, measure="auc", question="reference", first="HRF | plain | lr").iloc[0]
    auc = {name: measured(found, name).loc["auc", "estimate"] for name in ("HRF", "clinical")}
    assert row["difference"] == pytest.approx(auc["HRF"] - auc["clinical"])
    assert row["method"].startswith("paired macro one-vs-rest, mean of the folds")
    added = found["added_value"].iloc[0]
    assert (added["base"], added["together"]) == ("clinical", "HRF")
    assert added["difference"] == pytest.approx(row["difference"]) and added["p"] == pytest.approx(row["p"])
    assert len(found["best_set"]) == 3 and found["best_set"]["may_be_best"].any()
    assert {"joint Wald over patients", "mixed model"} <= set(found["anova"]["test"])


def test_confusion_matrix_counts_each_case_once(found, run) -> None:
    rows = of(found["confusion"], feature_set="HRF")
    truth, scores = pooled(run, "HRF")
    called = np.array(CLASSES)[scores.to_numpy().argmax(1)]
    assert rows["cases"].sum() == len(truth)
    for row in rows.to_dict("records"):
        assert row["cases"] == np.sum((truth.to_numpy() == row["truth"]) & (called == row["called"]))
    assert rows.groupby("truth")["share"].sum().to_numpy() == pytest.approx(1)


def test_same_seed_same_numbers_whatever_the_order_of_rows(found, run) -> None:
    shuffled = run.with_predictions(run.predictions.iloc[::-1])
    again = quiet(shuffled)["estimates"].sort_values([*RECIPE, "measure"], ignore_index=True)
    first = found["estimates"].sort_values([*RECIPE, "measure"], ignore_index=True)
    numbers = ["estimate", "low", "high"]
    np.testing.assert_allclose(again[numbers].to_numpy(float), first[numbers].to_numpy(float), rtol=1e-9)


def test_a_class_with_fewer_cases_than_folds_is_compared_by_the_pooled_auc(run) -> None:
    cases = sorted(run.predictions.loc[run.predictions["y_true"] == "high", "case"].unique())[2:]
    rare = quiet(without(run, lambda table: ~table["case"].isin(cases)))
    told = measured(rare)
    assert np.isnan(told.loc["auc", "estimate"])
    assert "; not estimated: folds without one of the classes: " in told.loc["auc", "method"]
    assert told.loc["auc_pooled", "low"] < told.loc["auc_pooled", "estimate"] <= told.loc["auc_pooled", "high"]
    assert "class high drawn within itself" in told.loc["auc_pooled", "method"]
    assert rare["added_value"]["p"].notna().all()
    assert rare["added_value"]["method"].str.startswith("macro one-vs-rest, influence as in DeLong 1988").all()
    assert rare["best_set"]["may_be_best"].any()


def test_a_fold_with_one_case_of_a_class_leaves_its_mean_without_an_interval(run) -> None:
    rows = run.predictions[run.predictions["y_true"] == "high"].drop_duplicates(["case", "repeat"])
    first = rows[(rows["repeat"] == 0) & (rows["fold"] == 0)]["case"].tolist()[1:]
    found = quiet(without(run, lambda table: ~table["case"].isin(first)))
    told = measured(found)
    for name in ("auc", "hand_till", "auc[high]"):
        assert told.loc[name, "estimate"] > 0.3 and np.isnan(told.loc[name, "low"])
        assert "no interval: a fold with one case of a class" in told.loc[name, "method"]
    assert told.loc["auc[low]", "low"] > 0
    assert of(found["comparisons"], measure="auc")["p"].isna().all()
    assert of(found["comparisons"], measure="auc_pooled")["p"].between(0, 1).all()
    assert found["added_value"]["p"].between(0, 1).all()


def test_a_class_of_one_case_has_no_interval_where_it_counts_as_much_as_others(run) -> None:
    cases = sorted(run.predictions.loc[run.predictions["y_true"] == "high", "case"].unique())[1:]
    told = measured(quiet(without(run, lambda table: ~table["case"].isin(cases))))
    assert not np.isnan(told.loc["auc_pooled", "estimate"]) and np.isnan(told.loc["auc_pooled", "low"])
    assert told.loc["balanced_accuracy", "method"].endswith("no interval: one patient of class high")
    assert not np.isnan(told.loc["accuracy", "low"])


def test_a_class_absent_from_the_held_out_cases(run) -> None:
    found = quiet(without(run, lambda table: table["y_true"] != "high"))
    told = measured(found)
    for name in ("auc", "auc_pooled", "hand_till_pooled", "balanced_accuracy"):
        assert np.isnan(told.loc[name, "estimate"])
        assert told.loc[name, "method"].endswith("; not estimated: no case of class high")
    assert told.loc["accuracy", "estimate"] > 0.3 and told.loc["auc_pooled[low]", "estimate"] > 0.5
    assert np.isnan(told.loc["auc[high]", "estimate"]) and np.isnan(told.loc["sensitivity[high]", "estimate"])
    assert of(found["confusion"], truth="high")["share"].isna().all()
    assert found["comparisons"]["p"].isna().all()


def test_a_held_out_set_has_no_folds(make_run) -> None:
    both = asked(make_run(classes=CLASSES, classifiers=("lr",), n=150, external=60))
    told = of(quiet(both)["estimates"], role="external", feature_set="HRF").set_index("measure")
    assert {"auc", "hand_till", "auc[low]"} <= set(told.index) and "auc_pooled" not in told.index
    assert told.loc["auc", "method"].startswith(
        "macro one-vs-rest, class high drawn within itself, percentile interval"
    )
    assert told.loc["auc", "low"] < told.loc["auc", "estimate"] < told.loc["auc", "high"]


def test_leave_one_out_has_no_folds_to_average(run) -> None:
    once = run.predictions[run.predictions["repeat"] == 0]
    alone = once.assign(fold=once["case"].map({case: place for place, case in enumerate(once["case"].unique())}))
    told = measured(quiet(run.with_predictions(alone)))
    assert "auc_pooled" not in told.index and "auc_pooled[low]" not in told.index
    assert told.loc["auc", "low"] < told.loc["auc", "estimate"] < told.loc["auc", "high"]


def test_a_model_without_all_predictions_is_nan_with_its_reason(run) -> None:
    gone = run.predictions.copy()
    columns = [f"score_{label}" for label in CLASSES]
    gone.loc[(gone["feature_set"] == "DRF") & (gone["case"] == gone["case"].iloc[0]), columns] = np.nan
    found = quiet(run.with_predictions(gone))
    assert measured(found, "DRF").loc["auc_pooled", "method"].endswith("predictions missing")
    assert measured(found, "DRF")["estimate"].drop(["train_auc", "optimism"], errors="ignore").isna().all()
    assert of(found["confusion"], feature_set="DRF")["cases"].isna().all()
    assert measured(found, "HRF").loc["accuracy", "estimate"] > 0


def test_patients_with_several_cases_are_drawn_whole(make_run) -> None:
    once = asked(make_run(classes=CLASSES, classifiers=("lr",), cases_per_patient=3))
    alone = once.with_predictions(once.predictions.assign(patient=once.predictions["case"]))
    ours, theirs = (measured(quiet(each)) for each in (once, alone))
    assert ours.loc["auc", "method"].endswith("clustered by patient, averaged over 2 repeats per case")
    assert ours.loc["accuracy", "estimate"] == theirs.loc["accuracy", "estimate"]
    width = [(each.loc["auc", "high"] - each.loc["auc", "low"]) for each in (ours, theirs)]
    assert width[0] != width[1]


def test_wrong_input(run) -> None:
    apart = run.predictions.assign(score_low=run.predictions["score_low"] / 2)
    with pytest.raises(DataError, match=r"scores that do not add up to 1 over the classes for cases: .*first: 'c0"):
        analyse(*run.with_predictions(apart).arguments())
    unknown = run.predictions.assign(y_true=run.predictions["y_true"].replace("mid", "none"))
    with pytest.raises(DataError, match="outcome 'none' is not one of the classes low, mid, high"):
        arrange(unknown, CLASSES)
    with pytest.raises(ConfigError, match="test 'nri' is of two classes: name a contrast"):
        analyse(*asked(run, tests=["nri"]).arguments())
    assert len(quiet(asked(run, tests=["idi"], contrast={"positive": ["high"], "negative": ["low"]}))["further_tests"])
