"""From the waist to the tidy tables of a description: which blocks, which sides, and nothing where nothing is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import ASSOCIATIONS_OF_RUN, BALANCE, BASELINE, UNIVARIATE
from benchmark.predictions import DESCRIBED_CASES, PROJECTIONS, VALUES
from benchmark.statistics.cohort_description import describe_cohort

N = 40
NAMES = [f"c{number:02d}" for number in range(N)]
RNG = np.random.default_rng(0)
RUN: dict[str, Any] = {
    "classes": ["no", "yes"],
    "seed": 3,
    "describe": {
        "baseline": ["clinical"],
        "univariate": ["HRF"],
        "associations": [
            {"question": "HRF with clinical", "of_blocks": ["HRF"], "with_blocks": ["clinical"], "method": "by_kind",
             "adjust": "holm"}
        ],
    },
}  # fmt: skip


def waist() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cases with a design of one split, values of two blocks, one picture."""
    about = {"patient": NAMES, "y_true": np.where(np.arange(N) % 2, "yes", "no"), "centre": "A"}
    sides = np.where(np.arange(N) < 25, "train", "external")
    cases = pd.concat(
        [pd.DataFrame({"design": design, "side": side, "case": NAMES, **about})
         for design, side in (("", ""), ("roles", sides))]
    )[DESCRIBED_CASES]  # fmt: skip
    columns = {("clinical", "age"): RNG.normal(60, 9, N), ("HRF", "a"): RNG.normal(size=N), ("HRF", "b"): np.arange(N)}
    values = pd.concat(
        [pd.DataFrame({"case": NAMES, "block": block, "feature": name, "kind": "numeric", "value": column})
         for (block, name), column in columns.items()]
    ).reindex(columns=VALUES)  # fmt: skip
    picture = pd.DataFrame({"projection": "pca", "feature_set": "HRF", "case": NAMES, "x": 0.0, "y": 1.0})
    return cases, values, picture.reindex(columns=PROJECTIONS)


def test_the_tables_that_are_asked_for() -> None:
    found = describe_cohort(RUN, *waist())
    assert found["baseline"].groupby("group", sort=False)["n_cases"].first().to_dict() == {"": 40, "no": 20, "yes": 20}
    balance = found["balance"]
    assert balance["design"].unique().tolist() == ["roles"]
    assert balance["feature"].unique().tolist() == ["outcome", "age"]
    outcome = balance[(balance["feature"] == "outcome") & (balance["level"] == "yes")].set_index("group")
    assert outcome["count"].to_dict() == {"": 20, "train": 12, "external": 8}
    assert found["univariate"]["feature"].tolist() == ["a", "b"]
    assert found["associations"]["question"].unique().tolist() == ["HRF with clinical"]
    assert found["associations"]["adjustment"].unique().tolist() == ["holm"]
    assert found["projections"]["y_true"].tolist() == ["no", "yes"] * 20


def test_several_cases_of_a_patient_widen_the_intervals() -> None:
    cases, values, picture = waist()
    one = describe_cohort(RUN, cases, values, picture)["univariate"]
    cases = cases.assign(patient=np.tile(np.repeat(np.arange(20), 2), 2).astype(str))
    several = describe_cohort(RUN, cases, values, picture)["univariate"]
    assert several["auc"].tolist() == pytest.approx(one["auc"].tolist())
    assert several["method"].unique().tolist() == ["Obuchowski 1997, clustered by patient"]


def test_a_folder_without_descriptions() -> None:
    empty = [pd.DataFrame(columns=columns) for columns in (DESCRIBED_CASES, VALUES, PROJECTIONS)]
    found = describe_cohort({"classes": ["no", "yes"]}, *empty)
    for name, columns in (("baseline", BASELINE), ("balance", BALANCE), ("univariate", UNIVARIATE),
                          ("associations", ASSOCIATIONS_OF_RUN)):  # fmt: skip
        assert found[name].empty
        assert found[name].columns.tolist() == columns
    assert found["projections"].empty
