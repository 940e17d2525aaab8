"""Equivalence of models: the two one-sided tests on the difference and standard error of the comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.statistics.discrimination import auc_comparisons, discriminate
from benchmark.statistics.equivalence_rows import equivalence_rows
from benchmark.statistics.held_out import arrange
from benchmark.statistics.settings import settings_of


def test_two_one_sided_tests_by_hand(make_run) -> None:
    held = arrange(make_run(classifiers=("lr",)).predictions, ["no", "yes"])[0]
    found, settings = discriminate(held), settings_of({"margin": 0.1, "reference": "clinical"})
    rows = equivalence_rows(held, found, settings)
    compared = auc_comparisons(held, found, settings)[0]
    assert rows["first"].tolist() == compared["first"].tolist() == ["HRF | plain | lr", "DRF | plain | lr"]
    error = (compared["difference"] / compared["statistic"]).to_numpy()
    difference = rows["difference"].to_numpy()
    p = np.maximum(stats.norm.sf((difference + 0.1) / error), stats.norm.cdf((difference - 0.1) / error))
    assert rows["p_equivalence"].to_numpy() == pytest.approx(p)
    assert rows["low"].to_numpy() == pytest.approx(difference - 1.644853627 * error)
    assert rows["level"].to_numpy() == pytest.approx(0.9)
    assert rows["p_non_inferiority"].to_numpy() == pytest.approx(stats.norm.sf((difference + 0.1) / error))
    assert rows["low_non_inferiority"].to_numpy() == pytest.approx(difference - 1.959963985 * error)


def test_verdicts_and_pairs_without_a_reference(make_run) -> None:
    run = make_run(classifiers=("lr",))
    same = run.predictions[run.predictions["feature_set"] == "HRF"].assign(feature_set="copy")
    held = arrange(pd.concat([run.predictions, same]), ["no", "yes"])[0]
    rows = equivalence_rows(held, discriminate(held), settings_of({})).set_index(["first", "second"])
    assert len(rows) == 6
    copy = rows.loc[("HRF | plain | lr", "copy | plain | lr")]
    assert (copy["difference"], copy["p_equivalence"], copy["verdict"]) == (0, 0, "equivalent")
    assert set(rows["verdict"]) <= {"equivalent", "not inferior", "open"}
