"""Net benefit of a run: the numbers of the decision curve, paired differences, prevalence, a model without scores."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.decision_curve import interventions_avoided, net_benefit, net_benefit_difference
from benchmark.statistics.held_out import arrange
from benchmark.statistics.net_benefits import net_benefit_curves, net_benefit_rows
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.settings import settings_of

CLASSES = ["no", "yes"]
ASKED = {"draws": 150, "net_benefit_at": [0.2, 0.4], "reference": "clinical", "decision_range": [0.1, 0.5]}


@pytest.fixture(scope="module")
def held(make_run):
    return arrange(make_run(classifiers=("lr",)).predictions, CLASSES)[0]


def rows_of(table, quantity, against, feature_set=None):
    found = table[(table["quantity"] == quantity) & (table["against"] == against)]
    return found if feature_set is None else found[found["feature_set"] == feature_set]


def test_table_has_the_numbers_of_the_decision_curve(held) -> None:
    at, pooled = np.array([0.2, 0.4]), average_over_repeats(held.scores[..., 0], held.fold)
    table = net_benefit_rows(held, settings_of(ASKED))
    expected = net_benefit(held.y, pooled, at).estimate
    place = {recipe[0]: k for k, recipe in enumerate(held.recipes)}
    for name, k in place.items():
        own = rows_of(table, "net benefit", "", name)
        assert own["threshold"].tolist() == [0.2, 0.4]
        assert own["estimate"].to_numpy() == pytest.approx(expected[:, k])
        assert (own["low"] <= own["estimate"]).all() and (own["estimate"] <= own["high"]).all()
        assert rows_of(table, "difference", "treat none", name)["low"].tolist() == own["low"].tolist()
        avoided = rows_of(table, "interventions avoided", "treat all", name)["estimate"].to_numpy()
        assert avoided == pytest.approx(interventions_avoided(held.y, pooled, at).estimate[:, k])
    hrf, clinical = pooled[:, [place["HRF"]]], pooled[:, [place["clinical"]]]
    versus = rows_of(table, "difference", "clinical | plain | lr")
    assert set(versus["feature_set"]) == {"HRF", "DRF"}
    apart = net_benefit_difference(held.y, hrf, clinical, at).estimate[:, 0]
    assert versus[versus["feature_set"] == "HRF"]["estimate"].to_numpy() == pytest.approx(apart)
    everybody = table[table["classifier"] == "treat all"]
    assert everybody["estimate"].to_numpy() == pytest.approx(net_benefit(held.y, np.ones((90, 1)), at).estimate[:, 0])


def test_curves_have_bands_and_the_extremes_once(held) -> None:
    curves = net_benefit_curves(held, settings_of(ASKED))
    own = curves[(curves["feature_set"] == "DRF") & (curves["curve"] == "net benefit")]
    assert own["x"].to_numpy() == pytest.approx(np.arange(10, 51) / 100)
    assert (own["low"] <= own["y"]).all() and (own["y"] <= own["high"]).all() and (own["low"] < own["high"]).any()
    assert curves[curves["classifier"] == "treat none"]["y"].eq(0).all()
    assert len(curves[curves["classifier"] == "treat all"]) == 41
    assert set(curves["curve"]) == {"net benefit", "interventions avoided"}


def test_a_given_prevalence_is_used_and_said(held) -> None:
    table = net_benefit_rows(held, settings_of({**ASKED, "prevalence": 0.1}))
    everybody = table[table["classifier"] == "treat all"]["estimate"].to_numpy()
    assert everybody == pytest.approx(0.1 - 0.9 * np.array([0.25, 2 / 3]))
    assert table["prevalence"].eq(0.1).all() and table["method"].str.endswith(", prevalence 0.1").all()


def test_a_model_without_scores_is_nan(make_run) -> None:
    rows = make_run(classifiers=("lr",)).predictions
    held = arrange(rows[~((rows["feature_set"] == "HRF") & (rows["fold"] == 0))], CLASSES)[0]
    curves = net_benefit_curves(held, settings_of(ASKED))
    gone = curves[curves["feature_set"] == "HRF"]
    assert gone["y"].isna().all() and gone["method"].str.contains("predictions missing").all() and len(gone) == 2
    assert not curves[curves["feature_set"] == "DRF"]["y"].isna().any()
    assert net_benefit_rows(held, settings_of(ASKED)).query("feature_set == 'HRF'")["estimate"].isna().all()
