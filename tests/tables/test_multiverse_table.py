"""The tables of a multiverse: its spread, the shares of the factors and the effects of their levels."""

from __future__ import annotations

import pandas as pd

from benchmark.tables import multiverse, multiverse_factors, preprocessings
from benchmark.tables.multiverse import NO_SAMPLE
from benchmark.tables.scopes import complete
from benchmark.tables.table import Table
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "clinical"], classifiers=["lda", "xgboost"])


def made(table: Table | None) -> Table:
    assert table is not None
    return table


def test_spread_of_each_feature_set() -> None:
    table = made(multiverse.table(complete(RESULTS), RUN))
    assert table.header == (
        "Feature set", "Specifications", "Median (quartiles)", "Range", "Above clinical", "Above 0.5",
        "Best minus median", "Chosen inside",
    )  # fmt: skip
    assert table.rows[0] == ("HRF", "8", "0.600 (0.550–0.630)", "0.480–0.710", "75%", "98%", "+0.110", "0.590")
    assert any("2 preprocessings x 2 classifiers x 2 seeds" in note for note in table.notes)
    assert "Without an AUC, as a fit failed: 2 specifications." in table.notes
    assert NO_SAMPLE in table.notes


def test_without_a_reference_there_is_no_column_for_it() -> None:
    results = complete(RESULTS)
    results["multiverse"] = results["multiverse"].assign(reference="")
    table = made(multiverse.table(results, RUN))
    assert not any(heading.startswith("Above ") and heading != "Above 0.5" for heading in table.header)
    assert not any(note.startswith("Above") for note in table.notes)


def test_shares_of_factors_by_feature_set() -> None:
    results = complete(RESULTS)
    factors = results["multiverse_factors"]
    untouched = (factors["feature_set"] == "clinical") & (factors["factor"] == "harmonization")
    results["multiverse_factors"] = factors[~untouched]
    table = made(multiverse_factors.shares(results, RUN))
    assert table.header == ("Factor", "HRF", "clinical", "All feature sets")
    assert table.rows == (
        ("Harmonization", "30%", "–", "30%"), ("Classifier", "30%", "30%", "30%"), ("Rest", "30%", "30%", "30%"),
    )  # fmt: skip
    levels = made(multiverse_factors.levels(results, RUN))
    assert levels.rows == (
        ("Harmonization", "none", "0.610", "–", "0.610"),
        ("Harmonization", "ComBat", "+0.020", "–", "+0.020"),
        ("Classifier", "LDA", "0.610", "0.610", "0.610"),
        ("Classifier", "XGBoost", "+0.020", "+0.020", "+0.020"),
    )


def test_many_feature_sets_are_cut_and_it_is_said() -> None:
    sets = [f"set {number:02d}" for number in range(30)]
    results = complete(simulate(feature_sets=sets, classifiers=["lda", "xgboost"])[0])
    for make in (multiverse_factors.shares, multiverse_factors.levels):
        table = made(make(results, {}))
        assert len(table.header) <= multiverse_factors.MOST_SETS + 3
        assert table.notes[-1] == "The CSV has all 30 feature sets."
        assert table.data["feature_set"].nunique() == 31
    assert len(made(multiverse.table(results, {})).rows) == 30


def test_many_preprocessings_are_cut_and_it_is_said() -> None:
    run = {"preprocessings": {f"many ({number})": ["impute", "lasso"] for number in range(400)}}
    table = made(preprocessings.table({}, run))
    assert len(table.rows) == preprocessings.MOST
    assert table.notes == (f"Shown: the first {preprocessings.MOST}; the CSV has all 400.",)
    assert isinstance(table.data, pd.DataFrame)
    assert len(table.data) == 400
