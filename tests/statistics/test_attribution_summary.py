"""SHAP values over folds and repeats, against loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import ATTRIBUTED
from benchmark.predictions import ATTRIBUTIONS
from benchmark.statistics.attribution_summary import attribution_summary


def table() -> pd.DataFrame:
    """Two repeats of two folds; feature ``b`` is in the models of the first repeat alone."""
    rng, rows = np.random.default_rng(0), []
    for repeat in (1, 2):
        for case in range(6):
            for feature in ("a", "b") if repeat == 1 else ("a",):
                rows.append(("cv", "HRF", "p", "lr", repeat, str(case % 2), f"c{case}", "1", "HRF", feature, 0.0,
                             0.0, rng.normal(), 0.2, "log-odds"))  # fmt: skip
    return pd.DataFrame(rows, columns=ATTRIBUTIONS)


def test_sizes_and_shares_by_definition() -> None:
    rows = table()
    found = attribution_summary(rows)
    assert list(found.columns) == ATTRIBUTED
    sizes = {}
    for feature in ("a", "b"):
        total = 0.0
        for case in rows["case"].unique():
            of_case = rows[(rows["case"] == case) & (rows["feature"] == feature)]["shap"]
            total += abs(of_case.sum() / 2)  # a repeat without the feature counts as 0
        sizes[feature] = total / 6
    by_name = found.set_index("feature")
    assert by_name["mean_abs"].to_dict() == pytest.approx(sizes)
    assert by_name.loc["a", "share"] == pytest.approx(sizes["a"] / sum(sizes.values()))
    assert by_name["n_models"].to_dict() == {"a": 4, "b": 2}
    assert by_name["n_cases"].eq(6).all()
    assert found["mean_abs"].is_monotonic_decreasing


def test_spread_is_that_of_the_models() -> None:
    rows = table()
    sizes = {(repeat, fold): 0.0 for repeat in (1, 2) for fold in ("0", "1")}
    for place in sizes:
        part = rows[(rows["repeat"] == place[0]) & (rows["fold"] == place[1]) & (rows["feature"] == "b")]
        sizes[place] = float(part["shap"].abs().mean()) if len(part) else 0.0
    found = attribution_summary(rows).set_index("feature")
    assert found.loc["b", "sd"] == pytest.approx(np.std(list(sizes.values()), ddof=1))


def test_classes_and_arms_apart() -> None:
    rows = pd.concat([table(), table().assign(**{"class": "2"}), table().assign(classifier="rf", scale="probability")])
    found = attribution_summary(rows)
    assert found.groupby(["classifier", "class"])["share"].sum().to_numpy() == pytest.approx([1, 1, 1])
    assert dict(zip(found["classifier"], found["scale"], strict=True)) == {"lr": "log-odds", "rf": "probability"}


def test_nothing_explained_is_no_row() -> None:
    assert attribution_summary(None).columns.tolist() == ATTRIBUTED
    assert attribution_summary(table().iloc[:0]).empty
