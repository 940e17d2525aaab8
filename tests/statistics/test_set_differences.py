"""One model in two sets: the unpaired DeLong test, and patients who are in both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmark.errors import DataError
from benchmark.statistics.analysis import analyse
from benchmark.statistics.delong import delong, unpaired_test


def asked(run):
    return replace(run, run={**run.run, "statistics": {**run.run["statistics"], "tests": ["unpaired delong"]}})


@pytest.fixture(scope="module")
def run(make_run):
    whole = make_run(external=20, n=120, sets=("HRF",), classifiers=("lr", "rf"))
    return whole.with_predictions(whole.predictions[whole.predictions["design"] == "roles"])


def test_internal_minus_external(run) -> None:
    run = replace(run, run={**run.run, "statistics": {**run.run["statistics"], "reference": "HRF"}})
    found = analyse(*asked(run).arguments())["further_tests"]
    assert len(found) == 2 and set(found["test"]) == {"unpaired delong"}
    sides = []
    for role in ("internal", "external"):
        rows = run.predictions[(run.predictions["role"] == role) & (run.predictions["classifier"] == "rf")]
        sides.append(delong((rows["y_true"] == "yes").to_numpy(int), rows[["score_yes"]].to_numpy()))
    expected = unpaired_test(*sides)
    row = found[found["first"] == "HRF | plain | rf"].iloc[0]
    assert row["second"] == "HRF | plain | rf, external cases"
    assert row[["difference", "low", "p", "df"]].tolist() == pytest.approx(
        [expected.difference, expected.low, expected.p, expected.df]
    )
    assert (found["p_adjusted"] >= found["p"]).all()


def test_patients_in_both_sets_are_refused(run) -> None:
    run = replace(run, run={**run.run, "statistics": {**run.run["statistics"], "reference": "HRF"}})
    table = run.predictions.copy()
    name = table.loc[table["role"] == "internal", "patient"].iloc[0]
    case = table.loc[table["role"] == "external", "case"].iloc[0]
    table.loc[(table["role"] == "external") & (table["case"] == case), "patient"] = name
    with pytest.raises(DataError, match="test 'unpaired delong' of internal and external: patients in both sets: 1"):
        analyse(*asked(run).with_predictions(table).arguments())
