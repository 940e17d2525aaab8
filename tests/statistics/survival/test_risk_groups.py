"""Groups by risk score and their curves."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.survival.kaplan_meier import kaplan_meier
from benchmark.statistics.survival.risk_groups import COLUMNS, group_curves, risk_groups
from tests.statistics.survival.remission import simulated


def test_cuts_at_quantiles_with_ties_together() -> None:
    assert risk_groups(np.array([4.0, 1, 3, 2]), "median").tolist() == [1, 0, 1, 0]
    assert risk_groups(np.arange(9.0), "tertiles").tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert risk_groups(np.array([1.0, 1, 1, 2]), "median").tolist() == [0, 0, 0, 1]
    assert risk_groups(np.ones(4), "tertiles").tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("split", ["median", "tertiles"])
def test_curves_are_those_of_the_groups(split: str) -> None:
    time, event, scores = simulated(0)
    codes = risk_groups(scores[:, 0], split)
    found = group_curves(time, event, codes, split)
    for code, (_, rows) in enumerate(found.groupby("group", sort=False)):
        curve = kaplan_meier(time[codes == code], event[codes == code])
        assert rows["survival"].tolist() == [1.0, *curve.survival]
        assert rows["n_risk"].tolist() == [np.sum(codes == code), *curve.n_risk]
        assert rows["n_events"].sum() == event[codes == code].sum()
    assert list(found) == ["split", "group", *COLUMNS]


def test_equal_scores_are_one_group() -> None:
    time, event, _ = simulated(1)
    curves = group_curves(time, event, risk_groups(np.ones(60), "tertiles"), "tertiles")
    assert curves["group"].unique().tolist() == ["low"]
