"""The tables and figures of a comparison over cohorts, whatever is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark import figures, tables
from benchmark.comparison_report import SECTIONS
from benchmark.estimates import COHORT_META, COHORT_RANKS, OVER_COHORTS, RANK_PAIRS, RANK_TESTS
from benchmark.statistics.over_cohorts import auc_table as aucs_of
from benchmark.statistics.over_cohorts import cohort_meta, over_cohorts, rank_results, rankings
from benchmark.tables import answer, protocol
from benchmark.tables.rounding import signed
from tests.statistics.test_over_cohorts import COHORTS, PARTS, cohort

WIDER = {**PARTS, "HRF + clinical": ["HRF", "clinical"]}
FULL = [*COHORTS, cohort(8, ("HRF", "DRF")), cohort(9, ("HRF", "HRF + clinical"))]
META = cohort_meta(FULL, WIDER, level=0.95)
WHOLE = "cohorts that have all families"
USABLE, _ = rankings(aucs_of(FULL[:-1], list(PARTS)))
ABOUT = pd.DataFrame(
    [{"cohort": one.name, "n_cases": 80, "n_patients": 80, "n_events": 40, "design": "cv", "kind": "kfold", "folds": 5,
      "repeats": 2, "grouped": False, "role": "out-of-fold", "preprocessing": "raw", "classifier": "Chosen inside",
      "feature_sets": 3, "recipes_tried": 6 if number else np.nan, "models_fitted": 60, "method": "DeLong 1988",
      "title": "Who lives", "blocks": "HRF: 9", "source": "doi:10/x" if number else "", "licence": "MIT"}
     for number, one in enumerate(FULL)]
)  # fmt: skip
RESULTS = {
    "cohorts": ABOUT,
    "cohort_meta": META,
    "over_cohorts": over_cohorts(FULL, WIDER, META, margin=0.05, level=0.95, adjustment="holm"),
    **rank_results(
        {"cohorts that have all families": USABLE["cohorts that have all families"]}, level=0.95, adjustment="holm"
    ),
    "not_compared": pd.DataFrame([("cohort 8", "feature set X", "why")], columns=["cohort", "what", "reason"]),
}
EMPTY = {
    "cohorts": ABOUT.iloc[:0],
    "cohort_meta": pd.DataFrame(columns=COHORT_META),
    "over_cohorts": pd.DataFrame(columns=OVER_COHORTS),
    "ranks": pd.DataFrame(columns=COHORT_RANKS),
    "rank_tests": pd.DataFrame(columns=RANK_TESTS),
    "rank_pairs": pd.DataFrame(columns=RANK_PAIRS),
    "not_compared": RESULTS["not_compared"].iloc[:0],
}
MENUS = {**tables.OF_COMPARISON, **tables.OF_RANKING}
DRAWN = {**figures.OF_COMPARISON, **figures.OF_RANKING}


@pytest.mark.parametrize("name", MENUS)
def test_is_named_as_in_the_menu_and_has_data(name: str) -> None:
    table = MENUS[name](RESULTS, {})
    assert table is not None and table.name == name and table.rows and len(table.data)
    assert table.caption.endswith(".") and all(note.endswith(".") for note in table.notes)
    assert not any("nan" in cell.casefold() for row in table.rows for cell in row)
    assert MENUS[name](EMPTY, {}) is None


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure(name: str) -> None:
    assert DRAWN[name].draw(RESULTS, {}) is not None
    assert DRAWN[name].caption.endswith(".")
    assert DRAWN[name].draw(EMPTY, {}) is None


def test_every_table_and_figure_has_its_place_on_the_page() -> None:
    shown = {name for section in SECTIONS.values() for name in section.shows}
    pictures = {**DRAWN, **figures.OF_PAIR}
    assert shown == {f"tables/{name}" for name in MENUS} | {f"figures/{name}" for name in pictures}


def test_what_the_tables_say() -> None:
    adding = tables.OF_COMPARISON["adding"](RESULTS, {})
    assert adding is not None and adding.header[:3] == ("To", "is added", "Higher in")
    assert [row[0] for row in adding.rows] == ["HRF", "DRF"] and adding.rows[0][2].endswith("/4")
    aucs = tables.OF_COMPARISON["cohort_aucs"](RESULTS, {})
    assert aucs is not None and [row[0] for row in aucs.rows[-3:]] == ["Mean", "Prediction interval", "I²"]
    assert aucs.rows[4][3] == "–"  # the cohort without the fusion
    cohorts = tables.OF_COMPARISON["cohorts"](RESULTS, {})
    assert cohorts is not None and cohorts.rows[-1][:4] == ("All", "480", "480", "240 (50.0%)")
    assert cohorts.header[4] == "Feature sets" and cohorts.rows[-1][4] == ""
    assert cohorts.notes[:3] == (
        "Validation, in every cohort: 5-fold cross-validation, repeated 2 times.",
        "Tested, in every cohort: out-of-fold.",
        "Arm, in every cohort: raw, Chosen inside.",
    )
    other = ABOUT.assign(role=["external", *ABOUT["role"].iloc[1:]])
    told = tables.OF_COMPARISON["cohorts"]({"cohorts": other}, {})
    assert told is not None and told.header[4] == "Tested" and told.rows[0][4] == "external"
    assert cohorts.rows[0][-2:] == ("–", "60") and cohorts.rows[-1][-2:] == ("30", "360")
    fusions = tables.OF_COMPARISON["fusions_over_cohorts"](RESULTS, {})
    assert fusions is not None and [row[:2] for row in fusions.rows] == [("largest fusion", "HRF")]
    assert fusions.rows[0][2].endswith("/5")


def test_the_answer_in_sentences() -> None:
    row = RESULTS["over_cohorts"].set_index("question").loc["fusion"]
    first, last = answer.sentences(RESULTS | {"over_cohorts": _judged(few=("DRF", 2), verdict="better")})
    assert first.startswith(
        "The largest fusion of each cohort predicted better than HRF alone: mean difference in AUC "
    )
    assert f"{signed(row['difference'])} (95% CI " in first and "over 5 cohorts, higher in" in first
    assert "in a new cohort" in first and first.endswith(" is expected.")
    assert last.startswith("Cannot be known from two cohorts") and "HRF + DRF minus DRF (" in last
    open_one = answer.sentences(RESULTS | {"over_cohorts": _judged(few=("", 2), verdict="open")})
    assert len(open_one) == 1 and open_one[0].startswith(
        "Whether the largest fusion of each cohort predicts better than"
    )
    plain = RESULTS["over_cohorts"][RESULTS["over_cohorts"]["question"] != "fusion"]
    assert [one.partition(" alone")[0].split()[-1] for one in answer.sentences({"over_cohorts": plain})] == [
        "HRF",
        "DRF",
    ]
    assert answer.sentences(EMPTY) == []


def _judged(*, few: tuple[str, int], verdict: str) -> pd.DataFrame:
    found = RESULTS["over_cohorts"].copy()
    found.loc[(found["base"] == few[0]) & (found["question"] == "adding"), "n_cohorts"] = few[1]
    found.loc[found["question"] == "fusion", "verdict"] = verdict
    return found


MADE = {"design": {"kind": "kfold", "folds": 5, "repeats": 2}, "tuning": {"trials": 8, "inner_folds": 3}, "seed": 1,
        "classifiers": {"lda": "LDA", "chosen inside": "Chosen inside"},
        "preprocessings": {"select": ["impute", "correlation (threshold=0.9, on A, B)", "lasso (on A)"]}}  # fmt: skip


def test_the_protocol_in_sentences() -> None:
    other = MADE | {"preprocessings": {"select": ["impute", "icc", "correlation (threshold=0.9, on HRF)", "lasso"]}}
    assert protocol.sentences({"a": MADE, "b": other}) == [
        "One protocol in every cohort: 5-fold cross-validation, repeated 2 times.",
        "Preprocessing, fitted on training rows of each fold: impute, correlation (threshold=0.9), lasso; b has icc "
        "besides.",
        "Classifiers: LDA.",
        "Hyperparameters: 8 candidates per classifier in 3 inner folds of the training rows.",
        "Seeds: 1.",
    ]
    seeds = protocol.sentences({"a": MADE, "b": MADE | {"seed": 2}, "c": {}})
    assert seeds[0].startswith("Of every cohort whose models were fitted by radbench: ")
    assert seeds[-2:] == ["Seeds differ: a: 1; b: 2.", "Predictions made elsewhere: c."]
    lists = protocol.sentences({"a": MADE, "b": MADE | {"preprocessings": {"raw": ["impute"]}}})
    assert lists[1] == "Preprocessings differ: a: select; b: raw."
    assert protocol.sentences({"a": {}}) == []
