"""The parts of a report, and sentences about them."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmark.tables.glossary import glossary
from benchmark.tables.methods import methods, remarks
from benchmark.tables.scopes import complete, of_design, of_design_and_role, slug
from benchmark.tables.words import design_words, place_words
from tests.simulated_results import simulate

PLACES = (("roles", "external"), ("kfold", "out-of-fold"), ("roles", "internal"))


def test_each_design_and_role_has_its_rows_only() -> None:
    results, run = simulate(feature_sets=["HRF"], classifiers=["lda"], places=PLACES)
    run["designs"] = {"kfold": run["designs"]["kfold"], "roles": run["designs"]["roles"]}
    scopes = of_design_and_role(complete(results), run)
    assert [scope.suffix for scope in scopes] == ["_kfold_out-of-fold", "_roles_internal", "_roles_external"]
    assert [len(scope.results["estimates"]) for scope in scopes] == [len(results["estimates"]) / 3] * 3
    assert scopes[0].title == "kfold (5-fold cross-validation, repeated 5 times, grouped by patient), out-of-fold cases"
    assert [scope.suffix for scope in of_design(complete(results), run)] == ["_kfold", "_roles"]


def test_missing_frames_and_columns_are_completed() -> None:
    found = complete({"curves": pd.DataFrame({"feature_set": [None], "x": [1.0], "extra": [2]})})
    assert found["curves"].loc[0, "feature_set"] == ""
    assert found["curves"].loc[0, "design"] == ""
    assert list(found["curves"].columns)[-1] == "extra"
    assert found["estimates"].empty
    assert of_design_and_role(found, {}) == []


@pytest.mark.parametrize(
    ("name", "file"), [("kfold", "kfold"), ("5 x 5, grouped/α", "5-x-5-grouped"), ("../x", "x"), ("…", "unnamed")]
)
def test_slug_is_a_safe_file_name(name: str, file: str) -> None:
    assert slug(name) == file


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "kfold", "folds": 5, "repeats": 1}, "5-fold cross-validation"),
        ({"kind": "holdout", "folds": 1, "repeats": 3}, "hold-out, repeated 3 times"),
        ({"kind": "leave_one_centre_out", "grouped": True}, "leave-one-centre-out, grouped by patient"),
        ({"kind": "my_way"}, "my way"),
        ({}, "d"),
    ],
)
def test_designs_in_words(about: dict[str, object], words: str) -> None:
    assert design_words({"designs": {"d": about}}, "d") == words


def test_a_place_of_an_unknown_design() -> None:
    assert place_words({}, "mine", "test") == "mine, test cases"


def test_methods_say_what_the_run_says() -> None:
    run = simulate(feature_sets=["HRF"])[1] | {"class_weight": "balanced"}
    run["classifiers"]["chosen inside"] = "Chosen inside"
    run["statistics"]["threshold"] = {"sensitivity": 0.9}
    text = " ".join(methods(run))
    for part in (
        "20 candidates per classifier", "tree-structured", "3 inner folds", "seed 20260101", "9 recipes",
        "'chosen inside'", "intervals at 95%", "threshold: sensitivity 0.9", "weighted: balanced",
    ):  # fmt: skip
        assert part in text
    assert len(methods({})) == 1


def test_remarks() -> None:
    assert remarks({"defaults": ["a"], "notes": ["b."], "unfinished": 3}) == ["b.", "Default: a.", "Unfinished: 3."]
    assert remarks({"unfinished": 0}) == []


def test_glossary_has_only_what_is_shown() -> None:
    results = complete(simulate(feature_sets=["HRF"], classifiers=["lda"])[0])
    assert {"AUC", "Net benefit", "Adjusted p"} <= set(glossary(results))
    assert "Pooled AUC" not in glossary(results)
    assert glossary(complete({})) == {}
