"""Survival by predicted risk: the numbers of `radbench stats --time --event`, and where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.about_cases import AboutCases, case_tables
from benchmark.statistics.decisions import decide
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.settings import settings_of
from benchmark.statistics.survival.analysis import analyse_survival
from benchmark.statistics.survival.cox import cox, hazard_ratios
from benchmark.statistics.survival.kaplan_meier import kaplan_meier
from benchmark.statistics.survival.log_rank import log_rank
from benchmark.statistics.survival.predicted_risk import predicted_risk
from benchmark.statistics.training import Trained
from benchmark.survival_file import FollowUpColumns, read_follow_up
from tests.statistics.survival.remission import simulated

SETTINGS = settings_of({"threshold": "youden"})
MODELS = ("strong", "weak")
N = 60
TIME, EVENT, RISK = simulated(0, N)
PROBABILITY = 1 / (1 + np.exp(-RISK))
CASES = [f"{number:03d}" for number in range(N)]
FOLLOW_UP = pd.DataFrame({"case": CASES, "time": TIME, "event": EVENT})


def held_out(*, folds: int = 1, repeats: int = 1, role: str = "test", per_patient: int = 1) -> HeldOut:
    tables = []
    for model, score in zip(MODELS, PROBABILITY.T, strict=True):
        for repeat in range(1, repeats + 1):
            told = {"case": CASES, "patient": np.arange(N) // per_patient, "y_true": (TIME < 10).astype(int)}
            scores = {"score_0": 1 - score, "score_1": score, "fold": (np.arange(N) % folds).astype(str)}
            recipe = {"feature_set": model, "preprocessing": "raw", "classifier": "lr"}
            tables.append(pd.DataFrame(told | scores | recipe).assign(design="split", role=role, repeat=repeat))
    return arrange(pd.concat(tables), ["0", "1"])[0]


HELD = held_out()


def found_of(
    held: HeldOut, *, follow_up: pd.DataFrame = FOLLOW_UP, risk: str = "1", threshold: float = 0.6
) -> dict[str, pd.DataFrame]:
    thresholds = np.full((len(held.repeats), len(held.folds), len(MODELS)), threshold)
    decisions = decide(held.scores[..., 0], held.fold, thresholds)
    parts = predicted_risk(held, follow_up, risk, decisions, SETTINGS)
    return {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}


def by_model(found: pd.DataFrame) -> pd.DataFrame:
    return found.set_index(["measure", "feature_set"])[["estimate", "low", "high", "n_cases", "n_events"]].sort_index()


def test_the_numbers_of_stats_on_the_exported_predictions(tmp_path: Path) -> None:
    exported = pd.DataFrame({"case": CASES, "months": TIME, "died": EVENT})
    exported[list(MODELS)] = HELD.scores[:, 0, :, 0]
    exported.to_csv(tmp_path / "scores.csv", index=False)
    table, run = read_follow_up(tmp_path / "scores.csv", FollowUpColumns("months", "died"))
    elsewhere = analyse_survival(run | {"statistics": {}}, table, n_draws=100)
    here = found_of(HELD)
    others = by_model(elsewhere["estimates"]).drop(index="c_uno", level=0)
    ours = by_model(here["estimates"])
    assert len(others) == 10 and len(ours) == len(others) + 4
    pd.testing.assert_frame_equal(ours.loc[others.index], others)
    curves = ["feature_set", "split", "group", "time", "survival", "low", "high", "n_risk", "n_events"]
    quantiles = here["survival"][here["survival"]["split"] != "threshold"].sort_values(curves[:4], kind="stable")
    expected = elsewhere["survival"].sort_values(curves[:4], kind="stable")
    pd.testing.assert_frame_equal(
        quantiles[curves].reset_index(drop=True), expected[curves].reset_index(drop=True), check_dtype=False
    )


def test_groups_by_the_threshold_of_training() -> None:
    found, called = found_of(HELD), PROBABILITY[:, 0] >= 0.6
    estimates = found["estimates"].set_index(["measure", "feature_set"])
    row = estimates.loc[("log_rank_p_threshold", "strong")]
    assert row["estimate"] == pytest.approx(log_rank(TIME, EVENT, called).p)
    assert row["method"] == "log-rank test, Youden threshold from training rows"
    ratio = hazard_ratios(cox(TIME, EVENT, called[:, None].astype(float)))
    row = estimates.loc[("hazard_ratio_threshold", "strong")]
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx((ratio.estimate[0], ratio.low[0], ratio.high[0]))
    curves = found["survival"].query("split == 'threshold' and feature_set == 'strong'")
    for group, rows in (("low", ~called), ("high", called)):
        expected = kaplan_meier(TIME[rows], EVENT[rows])
        assert curves.loc[curves["group"] == group, "survival"].tolist() == [1.0, *expected.survival]


def test_the_other_class_may_be_the_risk() -> None:
    one, other = by_model(found_of(HELD)["estimates"])["estimate"], by_model(found_of(HELD, risk="0")["estimates"])
    assert other.loc[("c_harrell", "strong"), "estimate"] == pytest.approx(1 - one["c_harrell", "strong"])
    for measure in ("hazard_ratio", "hazard_ratio_threshold"):
        assert other.loc[(measure, "strong"), "estimate"] == pytest.approx(1 / one[measure, "strong"])
    assert other.loc[("log_rank_p_threshold", "strong"), "estimate"] == pytest.approx(
        one["log_rank_p_threshold", "strong"]
    )


@pytest.mark.parametrize("held", [
    held_out(folds=3, role="out-of-fold"), held_out(role="out-of-fold"), held_out(repeats=3), held_out(folds=2),
])  # fmt: skip
def test_scores_of_several_models_are_refused(held: HeldOut) -> None:
    assert found_of(held) == {}


def test_cases_without_follow_up_are_left_out() -> None:
    some = FOLLOW_UP.iloc[10:]
    found = found_of(HELD, follow_up=some)["estimates"]
    assert (found["n_cases"] == N - 10).all() and (found["n_events"] == EVENT[10:].sum()).all()
    assert found_of(HELD, follow_up=FOLLOW_UP.assign(case="x" + FOLLOW_UP["case"])) == {}


def test_patients_with_several_cases() -> None:
    estimates = found_of(held_out(per_patient=2))["estimates"].set_index(["measure", "feature_set"])
    assert "taken for independent" in estimates.loc[("hazard_ratio_threshold", "weak"), "method"]
    alone = found_of(held_out(per_patient=2), follow_up=FOLLOW_UP.iloc[::2])["estimates"]
    assert not alone["method"].str.contains("taken for independent").any()


def test_no_threshold_one_group_and_a_failed_model(recwarn: pytest.WarningsRecorder) -> None:
    nothing = found_of(HELD, threshold=np.nan)
    rows = nothing["estimates"].set_index(["measure", "feature_set"])
    for measure in ("log_rank_p_threshold", "hazard_ratio_threshold"):
        assert np.isnan(rows.loc[(measure, "strong"), "estimate"])
        assert rows.loc[(measure, "strong"), "method"].endswith("one group, no event in a group, or no threshold")
    assert set(nothing["survival"]["split"]) == {"median", "tertiles"}
    everybody = found_of(HELD, threshold=-np.inf)
    assert everybody["survival"].query("split == 'threshold'")["group"].unique().tolist() == ["high"]
    scores = HELD.scores.copy()
    scores[0, 0, 1] = np.nan
    found = found_of(HeldOut(**{**HELD.__dict__, "scores": scores}))
    assert set(found["estimates"]["feature_set"]) == set(found["survival"]["feature_set"]) == {"strong"}
    assert not recwarn.list


def test_thresholds_come_from_the_training_rows_of_the_run() -> None:
    trained = Trained({("split", model, "raw", "lr", 1, "0"): 0.6 for model in MODELS}, {}, {})
    run: dict[str, Any] = {"follow_up": {"risk": "1"}}
    found = case_tables(run, HELD, trained, AboutCases(follow_up=FOLLOW_UP), SETTINGS)
    pd.testing.assert_frame_equal(pd.concat(found["estimates"], ignore_index=True), found_of(HELD)["estimates"])
    assert case_tables(run, HELD, trained, AboutCases(), SETTINGS) == {}
