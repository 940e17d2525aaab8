"""All numbers of risk scores with follow-up: frames, intervals, sets, patients, undefined models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import COMPARISONS, ESTIMATES, SURVIVAL
from benchmark.statistics.survival.analysis import analyse_survival
from benchmark.statistics.survival.concordance import concordance
from tests.statistics.survival.remission import simulated

RUN: dict[str, Any] = {"experiment": "scores", "statistics": {"reference": "weak"}}


def table(seed: int = 0, n: int = 60, role: str = "test") -> pd.DataFrame:
    time, event, scores = simulated(seed, n)
    case = [f"{role}{number}" for number in range(n)]
    told = pd.DataFrame({"role": role, "case": case, "patient": case, "time": time, "event": event})
    return told.assign(strong=scores[:, 0], weak=scores[:, 1])


def analysed(frame: pd.DataFrame, **options: Any) -> dict[str, pd.DataFrame]:
    return analyse_survival(RUN, frame, n_draws=200, **options)


def test_frames_have_their_columns_and_the_right_models() -> None:
    found = analysed(table())
    assert list(found["estimates"]) == ESTIMATES
    assert list(found["comparisons"]) == COMPARISONS
    assert list(found["survival"]) == SURVIVAL
    c = found["estimates"].set_index(["measure", "feature_set"])["estimate"]
    assert c["c_harrell", "strong"] > 0.65 > c["c_harrell", "weak"]
    assert c["hazard_ratio", "strong"] > 1.5 and c["log_rank_p_median", "strong"] < 0.05
    pairs = found["comparisons"]
    assert set(pairs["question"]) == {"all pairs", "reference"}
    assert (pairs["difference"] > 0).all() and (pairs["low"] < pairs["difference"]).all()


def test_harrells_interval_is_that_of_the_jackknife_and_unos_that_of_the_draws() -> None:
    frame = table()
    estimates = analysed(frame)["estimates"].set_index(["measure", "feature_set"])
    time, event = frame["time"].to_numpy(), frame["event"].to_numpy()
    aucs = concordance(time, event, frame[["strong", "weak"]].to_numpy())
    row = estimates.loc[("c_harrell", "weak")]
    assert row["high"] - row["estimate"] == pytest.approx(1.959964 * np.sqrt(aucs.variance[1]), rel=1e-6)
    row = estimates.loc[("c_uno", "weak")]
    assert 0.5 < (row["high"] - row["estimate"]) / (1.96 * np.sqrt(aucs.variance[1])) < 2
    pd.testing.assert_frame_equal(analysed(frame)["estimates"], analysed(frame)["estimates"])
    assert not analysed(frame, seed=1)["estimates"].equals(analysed(frame)["estimates"])


def test_tau_is_told_and_used() -> None:
    frame = table()
    found, early = (analysed(frame, tau=tau)["estimates"].set_index(["measure", "feature_set"]) for tau in (np.inf, 8))
    assert early.loc[("c_uno", "strong"), "method"] == "200 bootstrap draws of patients, events up to 8"
    assert early.loc[("c_uno", "strong"), "estimate"] != found.loc[("c_uno", "strong"), "estimate"]
    assert early.loc[("c_harrell", "strong"), "estimate"] == found.loc[("c_harrell", "strong"), "estimate"]


def test_sets_are_apart_and_cases_of_one_patient_together() -> None:
    both = analysed(pd.concat([table(0), table(1, role="other")]))["estimates"]
    alone = analysed(table(1, role="other"))["estimates"]
    pd.testing.assert_frame_equal(both[both["role"] == "other"].reset_index(drop=True), alone)
    frame = table()
    twice = pd.concat([frame, frame.assign(case=frame["case"] + "b")])
    one, two = (analysed(each)["estimates"].set_index(["measure", "feature_set"]) for each in (frame, twice))
    for measure in ("c_harrell", "c_uno"):
        width = [each.loc[(measure, "strong"), "high"] - each.loc[(measure, "strong"), "low"] for each in (one, two)]
        assert width[1] == pytest.approx(width[0], rel=0.1)
    assert "taken for independent" in two.loc[("hazard_ratio", "strong"), "method"]


def test_undefined_says_why(recwarn: pytest.WarningsRecorder) -> None:
    found = analysed(table().assign(strong=1.0, weak=2.0))
    rows = found["estimates"].set_index(["measure", "feature_set"])
    assert rows.loc[("c_harrell", "strong"), "estimate"] == 0.5
    assert "a constant score" in rows.loc[("hazard_ratio", "strong"), "method"]
    assert "one group" in rows.loc[("log_rank_p_median", "strong"), "method"]
    assert (found["comparisons"]["p"] == 1).all()
    nobody = analysed(table().assign(event=0))
    assert nobody["estimates"]["estimate"].isna().all() and nobody["comparisons"]["p"].isna().all()
    assert nobody["estimates"]["method"].str.contains("not estimated").all()
    assert not recwarn.list
