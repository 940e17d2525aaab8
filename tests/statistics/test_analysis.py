"""A whole run below the waist: the tables it gives, and what happens to wrong or missing input."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError, DataError
from benchmark.estimates import (
    ATTRIBUTED,
    ATTRIBUTION_SHARES,
    CASE_SCORES,
    EXPLAINED_CASES,
    FEATURE_WEIGHTS,
    FREQUENCIES,
    FUSED,
    MULTIVERSE,
    MULTIVERSE_FACTORS,
    NOMOGRAM,
    SPECIFICATIONS,
    SPREAD,
    STABILITY,
)
from benchmark.metrics import METRICS
from benchmark.metrics.roc_auc import roc_auc
from benchmark.predictions import FAILURES, RECIPE, check_predictions, label_of
from benchmark.statistics.analysis import TABLES, analyse
from benchmark.statistics.delong import delong

COLUMNS = {
    **TABLES, "fused": FUSED, "frequencies": FREQUENCIES, "stability": STABILITY, "specifications": SPECIFICATIONS,
    "multiverse": MULTIVERSE, "multiverse_factors": MULTIVERSE_FACTORS, "feature_weights": FEATURE_WEIGHTS,
    "attributed": ATTRIBUTED, "attribution_shares": ATTRIBUTION_SHARES, "explained_cases": EXPLAINED_CASES,
    "case_scores": CASE_SCORES, "nomogram": NOMOGRAM, "spread": SPREAD,
}  # fmt: skip
ONLY_WHEN_ASKED = {
    "fused", "recalibrated", "recalibrated_curves", "centres", "transfer", "transfer_needed", "specifications",
    "multiverse", "multiverse_factors", "feature_weights", "attributed", "survival", "subgroup_estimates",
    "subgroup_tests", "attribution_shares", "explained_cases", "case_scores", "nomogram",
}  # fmt: skip
MEASURES = {
    "auc", "auc_logit", "threshold", *(set(METRICS) - {"roc_auc"}), "calibration_intercept", "calibration_slope",
    "observed_expected",
    "ici", "e50", "e90", "emax", "ece", "spiegelhalter_z", "spiegelhalter_p",
    "hosmer_lemeshow_chi2", "hosmer_lemeshow_p",
    "train_auc", "optimism",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(make_run):
    return make_run(external=20, n=120)


@pytest.fixture(scope="module")
def found(run) -> dict[str, pd.DataFrame]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return analyse(*run.arguments())


def quiet(run) -> dict[str, pd.DataFrame]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return analyse(*run.arguments())


def of(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def settings(run, **changes: object):
    return replace(run, run={**run.run, "statistics": {**run.run["statistics"], **changes}})


def test_the_simulated_tables_keep_the_promises_of_the_waist(run) -> None:
    check_predictions(run.predictions)


def test_columns_are_the_contract(found) -> None:
    assert {name: table.columns.tolist() for name, table in found.items()} == COLUMNS
    for name, table in found.items():
        assert len(table) or name in ONLY_WHEN_ASKED, name
        assert table.index.equals(pd.RangeIndex(len(table)))


def test_every_model_has_every_measure_once(found, run) -> None:
    estimates = found["estimates"]
    assert not estimates.duplicated(["design", "role", *RECIPE, "measure"]).any()
    for (_, role), rows in estimates.groupby(["design", "role"]):
        expected = MEASURES | ({"auc_pooled"} if role == "out-of-fold" else set())
        assert set(rows["measure"]) == expected
        assert len(rows) == 6 * len(expected)
    with_interval = estimates.dropna(subset=["low"])
    assert (with_interval["low"] <= with_interval["estimate"]).all()
    assert (with_interval["estimate"] <= with_interval["high"]).all()
    assert {"auc", "auc_pooled", "sensitivity", "calibration_slope"} <= set(with_interval["measure"])
    assert not estimates["estimate"].isna().any()


def test_out_of_fold_aucs(found, run) -> None:
    rows = of(run.predictions, design="cv", feature_set="HRF", classifier="rf")
    folds = [
        roc_auc((part["y_true"] == "yes").to_numpy(int), part["score_yes"].to_numpy())
        for _, part in rows.groupby(["repeat", "fold"])
    ]
    told = of(found["estimates"], design="cv", feature_set="HRF", classifier="rf").set_index("measure")
    assert told.loc["auc", "estimate"] == pytest.approx(np.mean(folds))
    corrected = "LeDell 2015 influence curve, corrected for overlapping training sets"
    assert told.loc["auc", "method"] == f"{corrected}, averaged over 2 repeats per case"
    pooled = rows.groupby("case").agg({"y_true": "first", "score_yes": "mean"})
    y = (pooled["y_true"] == "yes").to_numpy(int)
    assert told.loc["auc_pooled", "estimate"] == pytest.approx(roc_auc(y, pooled["score_yes"].to_numpy()))
    assert told.loc["auc_pooled", "method"] == "DeLong 1988, averaged over 2 repeats per case"
    assert told.loc["optimism", "estimate"] == pytest.approx(
        told.loc["train_auc", "estimate"] - told.loc["auc", "estimate"]
    )
    assert told["n_cases"].eq(120).all() and told["n_events"].eq(y.sum()).all()
    own = of(found["fold_scores"], design="cv", feature_set="HRF", classifier="rf")
    assert own.sort_values(["repeat", "fold"])["auc"].to_numpy() == pytest.approx(folds)
    assert own["n_cases"].sum() == 240


def test_held_out_aucs_and_comparisons_are_delong(found, run) -> None:
    rows = of(run.predictions, design="roles", role="external").sort_values("case")
    labels = [label_of(*recipe) for recipe in rows[RECIPE].drop_duplicates().itertuples(index=False)]
    names = rows[RECIPE].agg(lambda recipe: label_of(*recipe), axis=1)
    scores = np.column_stack([rows.loc[names == label, "score_yes"] for label in labels])
    y = (rows.loc[names == labels[0], "y_true"] == "yes").to_numpy(int)
    aucs = delong(y, scores)
    told = of(found["estimates"], design="roles", role="external", measure="auc")
    assert told["estimate"].to_numpy() == pytest.approx(aucs.estimate)
    assert (told["method"] == "DeLong 1988").all() and (told["n_cases"] == 20).all()
    assert of(found["estimates"], design="roles", measure="train_auc")["n_cases"].eq(80).all()
    pairs = of(found["comparisons"], design="roles", role="external", question="all pairs")
    assert len(pairs) == 15
    for row in pairs.itertuples():
        i, j = labels.index(row.first), labels.index(row.second)
        assert row.difference == pytest.approx(aucs.estimate[i] - aucs.estimate[j])
        variance = aucs.covariance[i, i] + aucs.covariance[j, j] - 2 * aucs.covariance[i, j]
        assert row.statistic == pytest.approx(row.difference / np.sqrt(variance))
    assert (pairs["p_adjusted"] >= pairs["p"]).all()
    assert pairs["p_adjusted"].min() == pytest.approx(min(1, 15 * pairs["p"].min()))


def test_reference_is_compared_under_the_same_classifier(found) -> None:
    asked = of(found["comparisons"], question="reference", design="cv", measure="auc")
    assert set(zip(asked["first"], asked["second"], strict=True)) == {
        (f"{name} | plain | {classifier}", f"clinical | plain | {classifier}")
        for name in ("HRF", "DRF")
        for classifier in ("lr", "rf")
    }
    assert asked["p_adjusted"].min() == pytest.approx(min(1, 4 * asked["p"].min()))
    methods = of(found["comparisons"], design="cv")[["measure", "method"]].drop_duplicates().to_numpy().tolist()
    assert methods == [
        [
            "auc",
            "paired LeDell 2015 influence curve, corrected for overlapping training sets, "
            "averaged over 2 repeats per case",
        ],
        ["auc_pooled", "paired DeLong 1988, averaged over 2 repeats per case"],
    ]


def test_reference_may_be_one_recipe_or_none(run) -> None:
    one = analyse(*settings(run, reference="HRF | plain | rf").arguments())["comparisons"]
    asked = of(one, question="reference", design="cv", measure="auc")
    assert len(asked) == 5 and set(asked["second"]) == {"HRF | plain | rf"}
    none = analyse(*settings(run, reference=None).arguments())["comparisons"]
    assert set(none["question"]) == {"all pairs"}
    with pytest.raises(ConfigError, match="unknown reference 'clincal'") as error:
        analyse(*settings(run, reference="clincal").arguments())
    assert "Did you mean 'clinical'?" in str(error.value)


def test_curves(found) -> None:
    curves = found["curves"]
    assert set(curves["curve"]) == {"roc", "calibration", "distribution", "net benefit", "interventions avoided"}
    assert set(of(curves, classifier="treat all")["feature_set"]) == {""}
    for name in ("treat all", "treat none"):
        rows = of(curves, classifier=name, design="cv")
        assert rows["x"].to_numpy() == pytest.approx(np.arange(5, 61) / 100)
    assert (of(curves, classifier="treat none")["y"] == 0).all()
    one = of(curves, design="cv", feature_set="DRF", classifier="lr")
    roc = of(one, curve="roc")
    pooled = of(found["estimates"], design="cv", feature_set="DRF", classifier="lr", measure="auc_pooled")
    assert np.trapezoid(roc["y"], roc["x"]) == pytest.approx(pooled["estimate"].iloc[0])
    smooth = of(one, curve="calibration")
    assert (smooth["low"] <= smooth["y"]).all() and (smooth["y"] <= smooth["high"]).all()


def test_anova_and_post_hoc(found) -> None:
    anova, posthoc = found["anova"], found["posthoc"]
    assert of(anova, design="cv")["test"].tolist() == [
        "joint Wald over patients",
        "one-way",
        "Welch",
        "repeated measures",
        *["mixed model"] * 3,
    ]
    mixed = of(anova, design="cv", test="mixed model")
    assert mixed["effect"].tolist() == ["family", "classifier", "family x classifier"]
    assert (mixed["p_corrected"] >= mixed["p"]).all()
    assert of(anova, design="roles")["test"].tolist() == ["joint Wald over patients"] * 2
    assert of(anova, test="repeated measures")["note"].iloc[0] == (
        "3 feature sets, mean of 2 of 2 classifiers x preprocessings; 6 folds; folds share training rows, so p is "
        "optimistic: trust the patient-level test; corrected p: Greenhouse-Geisser"
    )
    assert set(posthoc["test"]) == {"Wald over patients", "Tukey HSD", "Games-Howell", "paired t"}
    assert len(of(posthoc, design="cv")) == 12 and len(of(posthoc, design="roles")) == 6
    assert set(posthoc["factor"]) == set(anova["factor"]) == {"feature set"}
    folds = of(found["fold_scores"], design="cv").groupby(["repeat", "fold", "feature_set"])["auc"].mean().unstack()
    pair = of(posthoc, test="paired t", first="HRF", second="DRF")
    assert pair["difference"].iloc[0] == pytest.approx((folds["HRF"] - folds["DRF"]).mean())


def test_order_of_rows_does_not_matter(run, found) -> None:
    shuffled = replace(
        run,
        predictions=run.predictions.sample(frac=1, random_state=1),
        training_predictions=run.training_predictions.sample(frac=1, random_state=2),
    )
    again = analyse(*shuffled.arguments())
    key = ["design", "role", *RECIPE, "measure"]
    first, second = (each["estimates"].sort_values(key).reset_index(drop=True) for each in (found, again))
    assert first[[*key, "method"]].equals(second[[*key, "method"]])
    for column in ("estimate", "low", "high"):
        assert second[column].to_numpy() == pytest.approx(first[column].to_numpy(), nan_ok=True, abs=1e-12)


def test_input_is_not_changed(run) -> None:
    before = [table.copy() for table in run.arguments()[1:]]
    analyse(*run.arguments())
    for table, copy in zip(run.arguments()[1:], before, strict=True):
        assert table.equals(copy)


def test_flipped_outcomes_of_held_out_cases_do_not_move_their_decisions(run, found) -> None:
    """The threshold comes from training rows: only what is counted changes."""
    flipped = run.predictions.assign(y_true=run.predictions["y_true"].map({"no": "yes", "yes": "no"}))
    again = analyse(*run.with_predictions(flipped).arguments())["estimates"]
    before, after = (
        table[(table["design"] == "cv")].pivot(index=RECIPE, columns="measure", values="estimate")
        for table in (found["estimates"], again)
    )
    assert after["sensitivity"].to_numpy() == pytest.approx(1 - before["specificity"].to_numpy())
    assert after["accuracy"].to_numpy() == pytest.approx(1 - before["accuracy"].to_numpy())


def test_threshold_rules(run) -> None:
    half = of(analyse(*settings(run, threshold={"value": 0.5}).arguments())["estimates"], design="roles")
    rows = of(run.predictions, design="roles", role="external", feature_set="HRF", classifier="lr")
    right = ((rows["score_yes"] >= 0.5) == (rows["y_true"] == "yes")).mean()
    told = of(half, role="external", feature_set="HRF", classifier="lr", measure="accuracy").iloc[0]
    assert told["estimate"] == pytest.approx(right) and told["method"] == "threshold 0.5, Wilson"
    sensitive = of(analyse(*settings(run, threshold={"sensitivity": 1.0}).arguments())["estimates"], design="cv")
    lively = of(sensitive, measure="sensitivity")["estimate"].mean()
    assert lively > 0.9 > of(sensitive, measure="specificity")["estimate"].mean()


def test_a_failed_model_is_nan_with_its_reason_and_moves_no_other(run, found) -> None:
    gone = (run.predictions["classifier"] == "rf") & (run.predictions["feature_set"] == "HRF")
    gone &= (run.predictions["design"] == "cv") & (run.predictions["fold"] == 0)
    failures = pd.DataFrame([("cv", "HRF", "plain", "rf", r, 0, "singular") for r in range(2)], columns=FAILURES)
    again = quiet(replace(run, predictions=run.predictions[~gone], failures=failures))
    estimates = of(again["estimates"], design="cv")
    ours = (estimates["feature_set"] == "HRF") & (estimates["classifier"] == "rf")
    of_training = estimates["measure"].isin(["train_auc", "threshold"])
    assert estimates.loc[ours & ~of_training, "estimate"].isna().all()
    reason = "; not estimated: 80 of 240 predictions missing (failed fits: 2, first: singular)"
    assert estimates.loc[ours & (estimates["measure"] == "auc"), "method"].iloc[0].endswith(reason)
    others = of(found["estimates"], design="cv")
    others = others[~((others["feature_set"] == "HRF") & (others["classifier"] == "rf"))]
    assert estimates.loc[~ours, "estimate"].to_numpy() == pytest.approx(others["estimate"].to_numpy(), rel=1e-12)
    curves = of(again["curves"], design="cv", feature_set="HRF", classifier="rf")
    assert len(curves) == 5 and curves["y"].isna().all() and curves["method"].str.contains("singular").all()
    assert "mean of 1 of 2 classifiers" in of(again["anova"], design="cv")["note"].iloc[0]
    assert not of(again["anova"], design="cv")["p"].isna().any()
    pairs = of(again["comparisons"], design="cv", question="all pairs", measure="auc")
    assert pairs["p"].isna().sum() == 5


def test_a_model_that_failed_everywhere_is_still_there(run) -> None:
    rows = [("cv", "HRF", "plain", "svm", r, f, "did not converge") for r in range(2) for f in range(3)]
    again = quiet(replace(run, failures=pd.DataFrame(rows, columns=FAILURES)))
    told = of(again["estimates"], classifier="svm", measure="auc")
    assert told["design"].tolist() == ["cv"] and np.isnan(told["estimate"].iloc[0])
    assert "failed fits: 6, first: did not converge" in told["method"].iloc[0]


def test_a_fold_of_one_class_leaves_the_pooled_auc(run) -> None:
    rows = run.predictions.copy()
    one = (rows["design"] == "cv") & (rows["y_true"] == "yes") & (rows["repeat"] == 0) & (rows["fold"] == 0)
    rows.loc[one, "fold"] = 1
    again = quiet(run.with_predictions(rows))
    auc = of(again["estimates"], design="cv", measure="auc")
    assert auc["estimate"].isna().all()
    assert auc["method"].str.endswith("; not estimated: folds of one class: 1 of 6 (first: 0)").all()
    assert not of(again["estimates"], design="cv", measure="auc_pooled")["estimate"].isna().any()
    tests = of(again["anova"], design="cv")
    assert not tests["p"].isna().any()
    assert (
        "chi-square on auc_pooled" in tests["note"].iloc[0]
        and "folds of one class left out: 1" in tests["note"].iloc[3]
    )


def test_one_class_in_a_set(run) -> None:
    rows = run.predictions
    again = quiet(run.with_predictions(rows[~((rows["role"] == "external") & (rows["y_true"] == "yes"))]))
    external = of(again["estimates"], role="external")
    auc = of(external, measure="auc")
    assert auc["estimate"].isna().all() and auc["method"].str.endswith("not estimated: a set of one class").all()
    assert of(external, measure="sensitivity")["method"].str.endswith("not estimated: no positive case").all()
    assert not of(external, measure="specificity")["estimate"].isna().any()
    slope = of(external, measure="calibration_slope")
    assert slope["estimate"].isna().all() and slope["method"].str.contains("one class, constant scores").all()
    assert of(again["curves"], role="external", curve="roc")["method"].eq("no curve: a set of one class").all()


def test_constant_and_perfect_scores(run) -> None:
    rows = run.predictions.copy()
    constant, perfect = rows["classifier"] == "lr", rows["feature_set"] == "HRF"
    rows.loc[constant, ["score_no", "score_yes"]] = [0.7, 0.3]
    sure = (rows.loc[perfect, "y_true"] == "yes").to_numpy(float) * 0.8 + 0.1
    rows.loc[perfect, "score_yes"], rows.loc[perfect, "score_no"] = sure, 1 - sure
    again = quiet(run.with_predictions(rows))
    auc = of(again["estimates"], design="roles", role="external", measure="auc").set_index(
        ["feature_set", "classifier"]
    )
    assert auc.loc[("clinical", "lr"), ["estimate", "low", "high"]].tolist() == [0.5, 0.5, 0.5]
    assert auc.loc[("HRF", "rf"), ["estimate", "low", "high"]].tolist() == [1, 1, 1]
    pairs = of(again["comparisons"], design="roles", role="external", question="all pairs")
    pairs = pairs.set_index(["first", "second"])
    same = pairs.loc[("clinical | plain | lr", "DRF | plain | lr")]
    assert (same["statistic"], same["p"]) == (0, 1)
    apart = pairs.loc[("clinical | plain | lr", "HRF | plain | lr")]
    assert apart["difference"] == -0.5 and np.isnan(apart["p"])


def test_missing_scores(run) -> None:
    rows = run.predictions.copy()
    row = rows.index[(rows["design"] == "roles") & (rows["role"] == "internal")][0]
    rows.loc[row, "score_yes"] = np.nan
    again = quiet(run.with_predictions(rows))
    auc = of(again["estimates"], role="internal", measure="auc")
    assert auc["estimate"].isna().tolist() == [True] + [False] * 5
    assert auc["method"].iloc[0].endswith("not estimated: 1 of 20 predictions missing")


def test_patients_with_several_cases_are_clustered(make_run) -> None:
    run = make_run(cases_per_patient=2, n=160, external=20)
    alone = run.with_predictions(run.predictions.assign(patient=run.predictions["case"]))
    clustered, naive = quiet(run)["estimates"], quiet(alone)["estimates"]
    for measure in ("auc", "auc_pooled"):
        method = of(clustered, measure=measure)["method"]
        assert method.str.contains("clustered by patient").all()
    for measure in ("auc", "sensitivity", "calibration_slope", "observed_expected"):
        ours, theirs = of(clustered, design="cv", measure=measure), of(naive, design="cv", measure=measure)
        assert ours["estimate"].to_numpy() == pytest.approx(theirs["estimate"].to_numpy())
        assert (ours["high"] - ours["low"]).mean() > (theirs["high"] - theirs["low"]).mean()
    assert of(clustered, measure="ppv")["method"].str.contains("effective number of cases by patient").all()
    pairs = quiet(run)["comparisons"]["method"]
    assert pairs.str.contains("clustered by patient").all()


def test_nothing_predicted(run) -> None:
    empty = [table.iloc[:0] for table in run.arguments()[1:]]
    again = analyse(run.run, *empty)
    assert {name: table.columns.tolist() for name, table in again.items()} == COLUMNS
    assert all(len(table) == 0 for table in again.values())


def test_no_training_predictions(run) -> None:
    again = quiet(replace(run, training_predictions=run.training_predictions.iloc[:0]))
    accuracy = of(again["estimates"], measure="accuracy")
    assert accuracy["estimate"].isna().all() and accuracy["method"].str.contains("not estimated: no threshold").all()
    assert of(again["estimates"], measure="optimism")["estimate"].isna().all()
    assert not of(again["estimates"], measure="auc")["estimate"].isna().any()


def test_one_feature_set_has_no_anova(make_run) -> None:
    run = make_run(sets=("clinical",))
    again = quiet(run)
    assert len(again["anova"]) == len(again["posthoc"]) == 0
    assert set(again["comparisons"]["question"]) == {"all pairs"}


def test_one_recipe(make_run) -> None:
    again = quiet(make_run(sets=("clinical",), classifiers=("lr",)))
    assert len(again["comparisons"]) == 0 and len(again["estimates"]) == len(MEASURES) + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"level": 95}, "level of intervals: found 95, expected between 0 and 1"),
        ({"adjust": "holmes"}, "unknown adjustment of p values 'holmes'. Did you mean 'holm'?"),
        ({"threshold": "yuden"}, "unknown threshold rule 'yuden'. Did you mean 'youden'?"),
        ({"decision_range": [0.6, 0.05]}, "decision curve from 0.6 to 0.05: expected a rising pair"),
    ],
)
def test_wrong_settings(run, changes: dict, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        analyse(*settings(run, **changes).arguments())
    assert message in str(error.value)
    assert error.value.path[0] == "statistics"


def test_wrong_positive_class(run) -> None:
    wrong = replace(run, run={**run.run, "positive": "no"})
    with pytest.raises(DataError, match="the positive class 'no' is not the last of the classes no, yes"):
        analyse(*wrong.arguments())


def test_settings_may_be_silent(run) -> None:
    again = analyse({"classes": ["no", "yes"]}, *run.arguments()[1:])
    assert set(again["comparisons"]["question"]) == {"all pairs"}
    assert set(again["estimates"]["level"]) == {0.95}


def test_what_families_add_and_which_model_may_be_best(run, found) -> None:
    added, best = found["added_value"], found["best_set"]
    assert set(added["base"]) == {"clinical"} and set(added["together"]) == {"HRF"} and set(added["added"]) == {"HRF"}
    assert (added["difference"] == added["auc_together"] - added["auc_base"]).all()
    assert set(added["margin"]) == {0.05}
    for _, arm in added.groupby(["design", "role", "preprocessing", "classifier"]):
        assert (arm["p_adjusted"] >= arm["p"]).all()
        assert arm["p_adjusted"].min() <= min(1.0, len(arm) * arm["p"].min()) + 1e-12
    largest = best.loc[best.groupby(["design", "role"])["estimate"].idxmax()]
    assert largest["may_be_best"].all()
    assert ((best["low"] <= best["difference"]) & (best["difference"] <= best["high"])).all()
