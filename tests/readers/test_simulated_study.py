"""A simulated cohort has the shape that it was told: its counts, its columns, its patients, and nothing twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.readers.declaration import CohortDeclaration, OutcomeDeclaration
from benchmark.readers.imported import ImportedDeclaration
from benchmark.readers.simulated_study import simulate_study, write_tables
from benchmark.study import ShapeSection

LABELS = {"patient": "patient_id", "batch": "centre", "role": "role"}
COHORT: dict[str, Any] = {
    "name": "shaped",
    "case": "image_id",
    "blocks": {
        "HRF": {"file": "hrf.csv", "readings": "hrf_reader2.csv"},
        "network": {"file": "drf.csv", "family": "DRF"},
        "clinical": {"file": "clinical.csv", "categorical": "sex"},
    },
    "outcome": {"file": "study.csv", "column": "grade", "positive": "high"},
    **{what: {"file": "study.csv", "column": column} for what, column in LABELS.items()},
}
SHAPE: dict[str, Any] = {
    "cases": 200,
    "patients": 150,
    "centres": {"A": 90, "B": 70, "C": 40},
    "roles": {"train": 130, "internal": 30, "external": 40},
    "classes": {"grade": {"high": 80, "low": 120}},
    "features": {"HRF": 25, "network": 12, "clinical": {"age": [40, 90], "sex": ["f", "m"]}},
    "rereads": 20,
}


def tables(cohort: dict[str, Any] = COHORT, shape: dict[str, Any] = SHAPE, **more: Any) -> dict[str, pd.DataFrame]:
    said = {"outcomes": {}, "imported": {}, "seed": 1} | more
    return simulate_study(CohortDeclaration.model_validate(cohort), said["outcomes"], said["imported"],
                          ShapeSection.model_validate(shape), seed=said["seed"])  # fmt: skip


def without(*keys: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cohort and shape without these labels."""
    plural = {"patient": "patients", "batch": "centres", "role": "roles"}
    return (
        {key: value for key, value in COHORT.items() if key not in keys},
        {key: value for key, value in SHAPE.items() if key not in [plural[one] for one in keys]},
    )


def test_counts_come_out() -> None:
    study = tables()["study.csv"]
    assert len(study) == study["image_id"].nunique() == 200
    assert study["patient_id"].nunique() == 150
    assert dict(study["centre"].value_counts()) == SHAPE["centres"]
    assert dict(study["role"].value_counts()) == SHAPE["roles"]
    assert dict(study["grade"].value_counts()) == SHAPE["classes"]["grade"]


@pytest.mark.parametrize("n_patients", [5, 40, 151, 199, 200])
def test_every_number_of_patients(n_patients: int) -> None:
    study = tables(shape=SHAPE | {"patients": n_patients})["study.csv"]
    assert study["patient_id"].nunique() == n_patients
    assert dict(study["centre"].value_counts()) == SHAPE["centres"]


def test_patients_are_whole() -> None:
    study = tables(shape=SHAPE | {"patients": 60, "outcome_per": "patient"})["study.csv"]
    assert (study.groupby("patient_id")[["centre", "role", "grade"]].nunique() == 1).all(axis=None)
    assert (study["role"] == "external").sum() == 40


def test_classes_in_every_role_and_with_other_names_of_roles() -> None:
    named = COHORT | {"role": {"file": "study.csv", "column": "set",
                               "values": {"fit": "train", "here": "internal", "elsewhere": "external"}}}  # fmt: skip
    study = tables(named, SHAPE | {"roles": {"elsewhere": 40, "fit": 130, "here": 30}})["study.csv"]
    assert set(study.loc[study["set"] == "elsewhere", "centre"]) == {"C"}
    shares = study.groupby("set")["grade"].apply(lambda one: (one == "high").mean())
    assert ((shares - 0.4).abs() < 0.1).all()


def test_columns_and_readings() -> None:
    found = tables()
    assert set(found) == {"hrf.csv", "hrf_reader2.csv", "drf.csv", "clinical.csv", "study.csv"}
    assert found["hrf.csv"].shape == (200, 26)
    assert found["drf.csv"].shape == (200, 13)
    assert list(found["clinical.csv"].columns) == ["image_id", "age", "sex"]
    assert found["clinical.csv"]["age"].between(40, 90).all()
    assert set(found["clinical.csv"]["sex"]) == {"f", "m"}
    again, first = found["hrf_reader2.csv"], found["hrf.csv"].set_index("image_id")
    assert len(again) == 20
    assert list(again.columns[1:]) == list(first.columns)
    for column in first.columns:
        both = np.corrcoef(again[column], first.loc[again["image_id"], column])[0, 1]
        assert -0.2 < both < 1 - 1e-6


def test_classes_move_features_and_centres_do() -> None:
    found = tables(shape=SHAPE | {"effect": 2.0})
    study, hrf = found["study.csv"], found["hrf.csv"].drop(columns="image_id")
    scaled = (hrf - hrf.mean()) / hrf.std()
    by_class = scaled.groupby(study["grade"]).mean()
    assert (by_class.loc["high"] - by_class.loc["low"]).abs().max() > 0.8
    assert scaled.groupby(study["centre"]).mean().std().max() > 0.5
    still = tables(*without("batch"))["hrf.csv"].drop(columns="image_id")
    assert ((still - still.mean()) / still.std()).groupby(study["centre"]).mean().std().max() < 0.5


def test_rows_of_a_patient_are_alike() -> None:
    found = tables(shape=SHAPE | {"patients": 60, "centres": {"A": 200}})
    values = found["drf.csv"].drop(columns="image_id")
    of_patient = values.groupby(found["study.csv"]["patient_id"]).transform("mean")
    within = ((values - of_patient) ** 2).sum() / (200 - 60)
    assert (within / values.var()).mean() < 0.8


def test_levels_missing_values_and_several_outcomes() -> None:
    cohort, shape = without("role")
    cohort = {key: value for key, value in cohort.items() if key != "outcome"}
    cohort["covariates"] = {"field": {"file": "study.csv", "column": "field"}}
    shape |= {"classes": {"now": {"0": 100, "1": 60, "2": 40}, "later": {"0": 50, "1": 150}}, "missing": 0.1}
    shape |= {"levels": {"field": ["1.5 T", "3 T"]}}
    said = {name: OutcomeDeclaration(column=name, file="study.csv") for name in ("now", "later")}
    found = tables(cohort, shape, outcomes=said)
    assert dict(found["study.csv"]["now"].value_counts()) == {"0": 100, "1": 60, "2": 40}
    assert dict(found["study.csv"]["later"].value_counts()) == {"1": 150, "0": 50}
    assert set(found["study.csv"]["field"]) == {"1.5 T", "3 T"}
    assert found["clinical.csv"].isna().sum().between(5, 40)[["age", "sex"]].all()
    assert not found["hrf.csv"].isna().any(axis=None)


def test_imported_probabilities() -> None:
    one = ImportedDeclaration(file="network.csv", score="p")
    two = ImportedDeclaration(file="readers.csv", scores={"high": "p_high", "low": "p_low"}, truth="grade")
    found = tables(imported={"network": one, "readers": two})
    assert found["network.csv"]["p"].between(0, 1).all()
    np.testing.assert_allclose(found["readers.csv"][["p_high", "p_low"]].sum(axis=1), 1)
    assert found["readers.csv"]["grade"].equals(found["study.csv"]["grade"])


def test_deterministic_and_each_block_by_its_name(tmp_path) -> None:
    one, other, third = tables(), tables(), tables(seed=2)
    assert all(one[file].equals(other[file]) for file in one)
    assert not one["hrf.csv"].equals(third["hrf.csv"])
    more = COHORT | {"blocks": {"text": {"file": "text.csv"}, **COHORT["blocks"]}}
    wider = tables(more, SHAPE | {"features": {"text": 5, **SHAPE["features"]}})
    assert wider["hrf.csv"].equals(one["hrf.csv"])
    write_tables(one, tmp_path / "new")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "new" / "drf.csv"), one["drf.csv"])


def test_shapes_that_do_not_fit_the_cohort() -> None:
    features = SHAPE["features"]
    wrong: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({}, {"features": features | {"HFR": 3}}, "unknown block 'HFR'. Did you mean 'HRF'? Known: HRF"),
        ({}, {"features": {"HRF": 25, "network": 12}}, "how many features the block 'clinical' has"),
        ({}, {"classes": {"stage": {"I": 100, "II": 100}}}, "which classes 'grade' has"),
        ({}, {"patients": None}, "the cohort declares its patient, and the shape does not say its patients"),
        ({}, {"centres": {}}, "the cohort declares its batch, and the shape does not say its centres"),
        ({}, {"roles": {}}, "the cohort declares its role, and the shape does not say its roles"),
        ({}, {"rereads": 0}, "cannot make the readings of 'HRF': expected rereads of 1 or more"),
        ({"covariates": ["field"]}, {}, "the shape does not say the levels of 'field'"),
        ({"blocks": COHORT["blocks"] | {"network": {"file": "drf.csv", "test_retest": ["a.csv", "b.csv"]}}}, {},
         "cannot make the readings of 'network': expected readings: FILE"),
    ]  # fmt: skip
    for cohort, shape, message in wrong:
        with pytest.raises(ConfigError) as caught:
            tables(COHORT | cohort, SHAPE | shape)
        assert message in str(caught.value)
        assert caught.value.path[:2] == ("study", "shape")


@pytest.mark.parametrize(("shape", "message"), [
    ({"roles": {"train": 100, "external": 90}}, "should have roles that sum to its 200 cases, not 190"),
    ({"centres": {"A": 10}}, "should have centres that sum to its 200 cases, not 10"),
    ({"classes": {"grade": {"high": 80, "low": 80}}}, "should have classes.grade that sum to its 200 cases, not 160"),
    ({"patients": 201}, "should have no more patients than cases, not 201 of 200"),
    ({"patients": 5, "centres": {str(k): 20 for k in range(10)}}, "a patient for each of 10 centres, not 5"),
])  # fmt: skip
def test_shapes_that_do_not_add_up(shape: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ShapeSection.model_validate(SHAPE | shape)


@pytest.mark.parametrize(("label", "event"), [(None, "1"), ("dead", "dead")])
def test_follow_up_is_of_patients_half_censored_and_shorter_for_the_predicted_class(label: Any, event: str) -> None:
    followed = {"file": "study.csv", "time": "months", "event": "died", "event_label": label}
    shape = SHAPE | {"cases": 2000, "patients": 1500, "centres": {"A": 2000}, "roles": {"train": 2000},
                     "classes": {"grade": {"high": 800, "low": 1200}}, "rereads": 20}  # fmt: skip
    study = tables(COHORT | {"follow_up": followed}, shape)["study.csv"]
    assert study.groupby("patient_id")[["months", "died"]].nunique().max().max() == 1
    assert study["months"].min() > 0
    died = study["died"].astype(str) == event
    assert set(study["died"].astype(str)) == {event, "0"}
    assert 0.4 < died.mean() < 0.6
    # of exponential times, deaths per month are the rate
    rate = died.groupby(study["grade"]).sum() / study["months"].groupby(study["grade"]).sum()
    assert rate["high"] > 1.2 * rate["low"]


def test_risk_of_the_follow_up_may_be_another_class() -> None:
    followed = {"file": "study.csv", "time": "months", "event": "died"}
    positive, negative = (
        tables(COHORT | {"follow_up": followed | more})["study.csv"] for more in ({"risk": "high"}, {"risk": "low"})
    )
    assert not positive["months"].equals(negative["months"])
