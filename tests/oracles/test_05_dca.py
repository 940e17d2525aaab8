"""Decision curves: net benefit, treated rates, interventions avoided at 99 thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.decision_curve import (
    interventions_avoided,
    net_benefit,
    percent_thresholds,
    standardized,
    treated_rates,
)
from tests.oracles.walk import VERSIONS, findings, read

EXCLUDED = VERSIONS | {f"threshold_representation/{name}": "a sentence" for name in ("note", "rule")}


def of_curves(table: pd.DataFrame) -> dict[str, Any]:
    y, ones, thresholds = table["cancer"].to_numpy(), np.ones(len(table)), percent_thresholds(0.01, 0.99)
    models = {
        "all": ones,
        "none": 0 * ones,
        "cancerpredmarker": table["cancerpredmarker"].to_numpy(float),
        "famhistory": table["famhistory"].to_numpy(float),
    }
    scores = np.column_stack(list(models.values()))
    found, rates = net_benefit(y, scores, thresholds), treated_rates(y, scores, thresholds)
    measures = {
        "tp_rate": rates.true_positive,
        "fp_rate": rates.false_positive,
        "net_benefit": found.estimate,
        "net_intervention_avoided_per_1": interventions_avoided(y, scores, thresholds, per=1).estimate,
        "standardized_net_benefit": standardized(found, float(y.mean())).estimate,
    }
    told = {model: {name: values[:, k] for name, values in measures.items()} for k, model in enumerate(models)}
    return {"thresholds": thresholds, "prevalence": y.mean(), "n": len(y), **told}


def of_thresholds(table: pd.DataFrame) -> dict[str, Any]:
    """Another way to write the thresholds moves cases from one side to the other."""
    y, risk = table["y"].to_numpy(), table[["p_rf"]].to_numpy(float)
    exact, added = percent_thresholds(0.01, 0.99), 0.01 + 0.01 * np.arange(99)
    apart = np.abs(net_benefit(y, risk, exact).estimate - net_benefit(y, risk, added).estimate)
    return {
        "n_thresholds_not_bit_equal": np.sum(exact != added),
        "n_net_benefit_different": np.sum(apart > 1e-9),
        "max_abs_diff": apart.max(),
    }


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    oracles = shared / "oracles"
    ours = {
        "df_binary": of_curves(pd.read_csv(oracles / "05_dca" / "df_binary.csv")),
        "threshold_representation": of_thresholds(pd.read_csv(oracles / "04_calibration" / "hosny_external_B.csv")),
    }
    expected = read(oracles / "05_dca" / "expected.json")
    assert findings(expected, ours, excluded=EXCLUDED) == []
