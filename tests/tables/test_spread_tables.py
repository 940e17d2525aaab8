"""Tables of spread over folds, of means over sets, and of errors of probabilities, as they are printed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmark.tables import probability_scores, rounding, set_means, spread
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

RESULTS, RUN = simulate(
    feature_sets=["HRF", "DRF"], classifiers=["lda"], places=(("roles", "internal"), ("roles", "external"))
)


def test_mean_sd_and_range() -> None:
    assert rounding.spread(0.7421, 0.0312, 0.681, 0.803) == "0.742 ± 0.031 (0.681–0.803)"
    assert rounding.spread(0.7421, math.nan, 0.681, 0.803) == "0.742 (0.681–0.803)"
    assert rounding.spread(math.nan, math.nan, math.nan, math.nan) == "–"


def test_spread_has_a_row_per_model_and_what_it_varies_over() -> None:
    folds = RESULTS["spread"]
    table = spread.table(complete({**RESULTS, "spread": folds[folds["role"] == "internal"]}), RUN)
    assert table is not None
    assert table.header == ("Feature set", "Classifier", "Over", "AUC", "Sensitivity", "Specificity", "Accuracy")
    assert [row[2] for row in table.rows[:2]] == ["25 folds", "5 repeats"] and len(table.rows) == 8
    mean = folds["mean"].iloc[0]
    first = next(row for row in table.rows if row[:3] == ("HRF", RUN["classifiers"]["lda"], "25 folds"))
    assert first[3] == rounding.spread(mean, 0.04, mean - 0.1, mean + 0.1)
    assert table.numeric[3] and any("no standard error" in note for note in table.notes)


@pytest.mark.parametrize("lost", ["sensitivity", "accuracy"])
def test_a_measure_that_a_model_lacks_is_a_dash(lost: str) -> None:
    folds = RESULTS["spread"][RESULTS["spread"]["role"] == "internal"]
    gone = (folds["measure"] == lost) & (folds["feature_set"] == "HRF")
    table = spread.table(complete({**RESULTS, "spread": folds[~gone]}), RUN)
    assert table is not None
    place = table.header.index(lost.capitalize())
    assert {row[0] for row in table.rows if row[place] == "–"} == {"HRF"}


def test_means_stand_beside_their_sets() -> None:
    table = set_means.table(complete(RESULTS), RUN)
    assert table is not None and table.caption == "Mean over held-out sets: roles, internal and external cases."
    ci = "(95% CI)"
    assert table.header[-4:] == (
        f"Mean AUC {ci}", f"Mean accuracy {ci}", f"AUC, internal {ci}", f"AUC, external {ci}",
    )  # fmt: skip
    estimates = RESULTS["estimates"]
    row = table.data[(table.data["feature_set"] == "DRF") & (table.data["classifier"] == "lda")].squeeze()
    for role in ("internal", "external"):
        own = estimates[(estimates["role"] == role) & (estimates["measure"] == "auc")]
        own = own[(own["feature_set"] == "DRF") & (own["classifier"] == "lda")].squeeze()
        assert row[f"AUC, {role}"] == own["estimate"] and row[f"AUC, {role}_low"] == own["low"]


def test_errors_of_probabilities_name_mse_and_rmse() -> None:
    own = RESULTS["estimates"]
    table = probability_scores.table(complete({**RESULTS, "estimates": own[own["role"] == "internal"]}), RUN)
    assert table is not None
    assert [heading.split(" (95")[0] for heading in table.header[2:]] == ["MSE (Brier score)", "RMSE"]
    several = own[own["measure"] != "rmse"]
    assert probability_scores.table(complete({"estimates": several}), RUN) is None
    gone = own.assign(estimate=np.nan)
    assert probability_scores.table(complete({"estimates": gone}), RUN) is None
