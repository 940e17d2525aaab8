"""Centre by centre: each centre alone, and combined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.estimates import CENTRES
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.calibration import calibration
from benchmark.statistics.case_groups import by_group
from benchmark.statistics.centre_analysis import centre_tables
from benchmark.statistics.centres import centre_of_cases, centre_rows
from benchmark.statistics.delong import delong
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.meta_analysis import random_effects, random_effects_of_aucs
from benchmark.statistics.obuchowski import obuchowski
from benchmark.statistics.settings import settings_of

LOCO = {"kind": "leave_one_centre_out"}
SETTINGS = settings_of({"reference": "clinical"})


def left_out(*, cases_per_patient: int = 1, centres: tuple[str, ...] = ("Basel", "Ulm", "Graz")) -> HeldOut:
    rng = np.random.default_rng(3)
    n = 60 * len(centres)
    centre = np.repeat(centres, 60)
    y = rng.integers(0, 2, n)
    tables = []
    for name in ("clinical", "HRF"):
        p = 1 / (1 + np.exp(-(y + rng.normal(0, 1.5, n))))
        told = {"case": [f"c{i:03d}" for i in range(n)], "patient": np.arange(n) // cases_per_patient, "y_true": y}
        tables.append(
            pd.DataFrame(told | {"score_0": 1 - p, "score_1": p, "fold": centre}).assign(
                design="loco", feature_set=name, preprocessing="raw", classifier="lr", repeat=1, role="out-of-fold"
            )
        )
    return arrange(pd.concat(tables), ["0", "1"])[0]


HELD = left_out()
CENTRE = centre_of_cases(HELD, LOCO)
ROWS = centre_rows(HELD, by_group(HELD, CENTRE), SETTINGS)


def of(measure: str, feature_set: str = "HRF") -> pd.DataFrame:
    return ROWS[(ROWS["measure"] == measure) & (ROWS["feature_set"] == feature_set)].set_index("kind")


def test_a_centre_alone_is_the_model_on_its_cases() -> None:
    assert list(ROWS.columns) == CENTRES
    auc = of("auc").loc["cohort"].set_index("name")
    assert list(auc.index) == ["Basel", "Graz", "Ulm"]
    for name in auc.index:
        rows = name == CENTRE
        score = HELD.scores[rows, 0, 1, 0]
        assert auc.loc[name, "estimate"] == pytest.approx(roc_auc(HELD.y[rows], score))
        assert (auc.loc[name, "n_cases"], auc.loc[name, "n_events"]) == (60, HELD.y[rows].sum())
        slope = of("calibration_slope").loc["cohort"].set_index("name").loc[name]
        assert tuple(slope[["estimate", "low", "high"]]) == pytest.approx(calibration(HELD.y[rows], score).slope)
        ratio = of("observed_expected").loc["cohort"].set_index("name").loc[name]
        assert tuple(ratio[["estimate", "low", "high"]]) == pytest.approx(
            calibration(HELD.y[rows], score).observed_expected
        )


def test_centres_combined() -> None:
    each = [delong(HELD.y[name == CENTRE], HELD.scores[name == CENTRE, 0, :, 0]) for name in ("Basel", "Graz", "Ulm")]
    expected = random_effects_of_aucs(
        [one.estimate[1] for one in each], [one.variance[1] for one in each], at_least_wald=True
    )
    mean, ahead = of("auc").loc["mean"], of("auc").loc["prediction"]
    assert (mean["estimate"], mean["low"], ahead["high"]) == pytest.approx(
        (expected.estimate, expected.low, expected.prediction_high)
    )
    apart = [one.contributions[:, 1] - one.contributions[:, 0] for one in each]
    differences = random_effects(
        [one.estimate[1] - one.estimate[0] for one in each], [one @ one for one in apart], at_least_wald=True
    )
    found = of("difference").loc["mean"]
    assert (found["estimate"], found["p"]) == pytest.approx((differences.estimate, differences.p))
    assert set(ROWS.loc[ROWS["measure"] == "difference", "reference"]) == {"clinical | raw | lr"}
    assert of("difference", "clinical").empty


def test_several_cases_of_a_patient_are_clustered() -> None:
    held = left_out(cases_per_patient=2)
    rows = centre_rows(held, by_group(held, centre_of_cases(held, LOCO)), SETTINGS)
    found = rows[(rows["measure"] == "auc") & (rows["name"] == "Ulm") & (rows["feature_set"] == "HRF")].iloc[0]
    ulm = centre_of_cases(held, LOCO) == "Ulm"
    clustered = obuchowski(held.y[ulm], held.scores[ulm, 0, :, 0], held.patient[ulm])
    wide = 1.959963985 * np.sqrt(clustered.variance[1]) / (clustered.estimate[1] * (1 - clustered.estimate[1]))
    logit = np.log(clustered.estimate[1] / (1 - clustered.estimate[1]))
    assert found["high"] == pytest.approx(1 / (1 + np.exp(-(logit + wide))))


def test_a_centre_of_one_class_keeps_its_row() -> None:
    y = np.where(CENTRE == "Ulm", 1, HELD.y)
    held = HeldOut(**{**HELD.__dict__, "y": y})
    rows = centre_rows(held, by_group(held, CENTRE), SETTINGS)
    ulm = rows[(rows["name"] == "Ulm") & (rows["measure"] == "auc")]
    assert ulm["estimate"].isna().all() and ulm["weight"].isna().all() and (ulm["n_cases"] == 60).all()
    mean = rows[(rows["kind"] == "mean") & (rows["measure"] == "auc")]
    assert (mean["n_cohorts"] == 2).all()


def test_which_design_has_centres() -> None:
    assert centre_of_cases(HELD, {"kind": "kfold"}) is None
    told = pd.Series(np.repeat(["a", "b"], 90), index=HELD.cases)
    external = HeldOut(**{**HELD.__dict__, "role": "external"})
    assert centre_of_cases(external, {"kind": "roles"}, told).tolist() == told.tolist()
    assert centre_of_cases(HELD, {"kind": "kfold"}, told) is None
    with pytest.raises(DataError, match=r"centres: no centre of cases: 1 \(first: 'c000'\)"):
        centre_of_cases(external, {"kind": "roles"}, told.iloc[1:])
    one = centre_rows(HELD, by_group(HELD, np.full(180, "only")), SETTINGS)
    assert one.empty and list(one.columns) == CENTRES
    tables = centre_tables({"designs": {"loco": {"kind": "kfold"}}}, HELD, SETTINGS)
    assert all(table.empty for table in tables.values())


@pytest.mark.shared
def test_the_published_network_of_six_centres(shared: Path) -> None:
    """The AUCs of the paper: 0.70 (0.63 to 0.78) in Maastro, 0.71 (0.60 to 0.82) in M-SPORE."""
    table = pd.read_csv(shared / "data/nsclc-ct-six-centers/outcome_and_batch.csv.gz")
    held = pd.DataFrame(
        {"design": "published", "role": "external", "feature_set": "CNN", "preprocessing": "", "classifier": "",
         "repeat": 1, "fold": "1", "case": table["patient_id"], "patient": table["patient_id"],
         "y_true": table["surv2yr"].astype(int).astype(str), "score_0": 1 - table["cnn_logit_1"],
         "score_1": table["cnn_logit_1"]}
    )  # fmt: skip
    one = arrange(held, ["0", "1"])[0]
    told = table.set_index("patient_id")["center"]
    centres = by_group(one, centre_of_cases(one, {"kind": "roles"}, told))
    rows = centre_rows(one, centres, settings_of({}))
    auc = rows[rows["measure"] == "auc"].set_index("name")
    assert auc["estimate"].round(3)[["HarvardRT", "Radboud", "Maastro", "Moffitt", "MUMC", "M-SPORE"]].tolist() == [
        0.574, 0.698, 0.702, 0.552, 0.793, 0.708
    ]  # fmt: skip
    assert auc.loc["Maastro", ["low", "high"]].tolist() == pytest.approx([0.63, 0.78], abs=0.01)
    assert auc.loc["M-SPORE", ["low", "high"]].tolist() == pytest.approx([0.60, 0.82], abs=0.03)
