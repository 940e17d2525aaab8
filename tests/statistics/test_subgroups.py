"""Results by subgroup: each level alone, all cases beside it, and the test of the levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import SUBGROUP_ESTIMATES, SUBGROUP_TESTS
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.calibration import calibration
from benchmark.statistics.decisions import decide
from benchmark.statistics.delong import delong
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.heterogeneity import q_test
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.settings import settings_of
from benchmark.statistics.subgroups import MEASURES, subgroup_tables
from benchmark.statistics.wilson import wilson

SETTINGS = settings_of({"threshold": {"value": 0.5}})
N = 240
ORDER = {"sex": ["m", "f"], "site": ["lung", "breast", "bone", "skin"]}


def held_out(*, repeats: int = 2, cases_per_patient: int = 1, worse: float = 0.0) -> HeldOut:
    """Two models by cross-validation; ``worse``: noise added to the scores of women."""
    rng = np.random.default_rng(5)
    y, fold = rng.integers(0, 2, N), rng.integers(1, 4, (N, repeats)).astype(str)
    tables = []
    for name in ("clinical", "HRF"):
        for repeat in range(1, repeats + 1):
            noise = rng.normal(0, 1.2, N) + worse * rng.normal(size=N) * (LEVELS["sex"] == "f")
            p = 1 / (1 + np.exp(-(2 * y - 1 + noise)))
            told = {"case": [f"c{i:03d}" for i in range(N)], "patient": np.arange(N) // cases_per_patient, "y_true": y}
            folds = {"fold": fold[:, repeat - 1], "score_0": 1 - p, "score_1": p, "repeat": repeat}
            recipe = {"feature_set": name, "preprocessing": "raw", "classifier": "lr"}
            tables.append(pd.DataFrame(told | folds | recipe | {"design": "kfold", "role": "out-of-fold"}))
    return arrange(pd.concat(tables), ["0", "1"])[0]


LEVELS = {
    "sex": np.array(["m", "f"], object)[np.arange(N) // 2 % 2],
    "site": np.array(["lung"] * 120 + ["breast"] * 80 + ["bone"] * 34 + ["skin"] * 6, object),
}


def tables(held: HeldOut, levels: dict[str, np.ndarray] = LEVELS) -> dict[str, pd.DataFrame]:
    decisions = decide(held.scores[..., 0], held.fold, np.full((len(held.repeats), len(held.folds), 2), 0.5))
    return subgroup_tables(held, levels, ORDER, decisions, SETTINGS)


HELD = held_out()
FOUND = tables(HELD)
ESTIMATES = FOUND["subgroup_estimates"]


def of(subgroup: str, name: str, measure: str, feature_set: str = "HRF") -> pd.Series:
    rows = ESTIMATES[(ESTIMATES["subgroup"] == subgroup) & (ESTIMATES["name"] == name)]
    return rows[(rows["measure"] == measure) & (rows["feature_set"] == feature_set)].iloc[0]


def test_a_level_alone_is_the_model_on_its_cases() -> None:
    assert list(ESTIMATES.columns) == SUBGROUP_ESTIMATES
    pooled = HELD.scores[:, :, 1, 0].mean(1)
    for subgroup, names in {**LEVELS, "": np.full(N, "", object)}.items():
        for name in dict.fromkeys(names):
            if name == "skin":
                continue
            rows = names == name
            y = HELD.y[rows]
            assert of(subgroup, name, "auc")["estimate"] == pytest.approx(roc_auc(y, pooled[rows]))
            called = [np.mean(HELD.scores[rows][y == 1][:, r, 1, 0] >= 0.5) for r in range(2)]
            sensitivity = of(subgroup, name, "sensitivity")
            assert sensitivity["estimate"] == pytest.approx(np.mean(called))
            limits = wilson(np.mean(called), (y == 1).sum())
            assert (sensitivity["low"], sensitivity["high"]) == pytest.approx(limits)
            large = of(subgroup, name, "calibration_intercept")
            assert tuple(large[["estimate", "low", "high"]]) == pytest.approx(calibration(y, pooled[rows]).in_the_large)
            assert (large["n_cases"], large["n_events"]) == (rows.sum(), (y == 1).sum())


def test_levels_come_in_their_order_after_all_cases() -> None:
    rows = ESTIMATES[["subgroup", "name"]].drop_duplicates().to_numpy().tolist()
    assert rows == [
        ["", ""],
        *(["sex", level] for level in ORDER["sex"]),
        *(["site", level] for level in ORDER["site"]),
    ]
    assert len(ESTIMATES) == len(rows) * len(MEASURES) * 2


def test_a_level_with_too_few_cases_is_told_and_no_part_of_the_test() -> None:
    skin = ESTIMATES[ESTIMATES["name"] == "skin"]
    assert skin["estimate"].isna().all() and (skin["n_cases"] == 6).all()
    assert (skin["method"] == "; not estimated: fewer than 5 cases of a class").all()
    tests = FOUND["subgroup_tests"]
    assert list(tests.columns) == SUBGROUP_TESTS
    assert (tests.loc[tests["subgroup"] == "site", "df"] == 2).all()
    few = {"site": np.array(["skin"] * 4 + ["lung"] * (N - 4), object)}
    assert tables(HELD, few)["subgroup_tests"].empty


def test_the_test_of_aucs_is_cochrans_on_the_logit_scale() -> None:
    pooled = HELD.scores[:, :, :, 0].mean(1)
    each = [delong(HELD.y[LEVELS["sex"] == name], pooled[LEVELS["sex"] == name]) for name in ("m", "f")]
    auc, variance = (np.array([getattr(one, part)[1] for one in each]) for part in ("estimate", "variance"))
    expected = q_test(np.log(auc / (1 - auc)), variance / (auc * (1 - auc)) ** 2)
    row = FOUND["subgroup_tests"].query("subgroup == 'sex' and measure == 'auc' and feature_set == 'HRF'").iloc[0]
    assert (row["statistic"], row["p"], row["df"]) == pytest.approx((expected.statistic, expected.p, 1))
    assert row["difference"] == pytest.approx(abs(auc[0] - auc[1]))
    assert row["first"] == ("m" if auc[0] > auc[1] else "f") and row["low"] < row["difference"] < row["high"]


def test_limits_of_a_difference_only_between_two_levels() -> None:
    tests = FOUND["subgroup_tests"].set_index("subgroup")
    assert tests.loc["sex", ["low", "high"]].notna().all(axis=None)
    assert tests.loc["site", ["low", "high"]].isna().all(axis=None) and tests.loc["site", "difference"].notna().all()


def test_p_is_adjusted_over_subgroups_and_measures_of_a_model() -> None:
    rows = FOUND["subgroup_tests"].query("feature_set == 'HRF'")
    assert len(rows) == 8
    np.testing.assert_allclose(rows["p_adjusted"], adjust(rows["p"].to_numpy(float), "holm"))


def test_a_model_that_is_worse_in_women_is_found() -> None:
    found = tables(held_out(worse=4.0))["subgroup_tests"].query("measure == 'auc' and subgroup == 'sex'")
    assert (found["p_adjusted"] < 0.01).all() and (found["first"] == "m").all()


def test_repeats_are_no_new_cases() -> None:
    one, many = tables(held_out(repeats=1))["subgroup_estimates"], tables(held_out(repeats=12))["subgroup_estimates"]
    width = [each.query("name == 'm' and measure == 'specificity'").eval("high - low").mean() for each in (one, many)]
    assert width[1] == pytest.approx(width[0], rel=0.1)


def test_several_cases_of_a_patient_are_clustered() -> None:
    held = held_out(cases_per_patient=2)
    within, across = tables(held), tables(held, {"sex": np.array(["m", "f"], object)[np.arange(N) % 2]})
    assert not within["subgroup_tests"]["method"].str.contains("several levels").any()
    assert across["subgroup_tests"]["method"].str.contains("patients with cases in several levels").all()
    assert within["subgroup_estimates"].query("name == 'm'")["method"].str.contains("Obuchowski").any()


def test_a_model_without_a_threshold_or_a_score_is_nan_with_its_reason(recwarn: pytest.WarningsRecorder) -> None:
    scores = HELD.scores.copy()
    scores[0, 0, 0] = np.nan
    held = HeldOut(**{**HELD.__dict__, "scores": scores, "gaps": ("1 of 480 predictions missing", "")})
    thresholds = np.full((2, len(held.folds), 2), 0.5)
    thresholds[..., 1] = np.nan
    found = subgroup_tables(held, LEVELS, ORDER, decide(held.scores[..., 0], held.fold, thresholds), SETTINGS)
    rows = found["subgroup_estimates"].query("name == 'm'").set_index(["feature_set", "measure"])
    assert rows.loc[("clinical", "auc"), "method"].endswith("not estimated: 1 of 480 predictions missing")
    assert np.isnan(rows.loc[("HRF", "sensitivity"), "estimate"]) and rows.loc[("HRF", "auc"), "estimate"] > 0.5
    tests = found["subgroup_tests"].set_index(["subgroup", "feature_set", "measure"])["p"]
    assert np.isnan(tests["sex", "HRF", "sensitivity"]) and tests["sex", "HRF", "auc"] > 0
    assert not recwarn.list
