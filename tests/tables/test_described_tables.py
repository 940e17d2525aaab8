"""The tables of a described cohort, as a paper prints them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmark.statistics.associations import associations
from benchmark.statistics.baseline import baseline
from benchmark.statistics.block_values import BlockValues, Categories
from benchmark.statistics.univariate_roc import univariate_roc
from benchmark.tables import associations as association_table
from benchmark.tables import baseline as baseline_table
from benchmark.tables import univariate as univariate_table
from benchmark.tables.scopes import complete, of_association
from benchmark.tables.table import Table

N = 60
Y = np.arange(N) % 2
SPREAD = norm.ppf((np.arange(N) + 0.5) / N)
STAGE = Categories(np.arange(N) % 3, ("I", "II", "III"))
BLOCK = BlockValues(
    "clinical",
    ("age", "volume", "ECOG", "stage"),
    ("age", "volume", "ECOG"),
    np.column_stack([60 + 5 * SPREAD, np.exp(3 * SPREAD), (np.arange(N) % 5 == 0).astype(float)]),
    {"stage": STAGE},
)
RUN = {"classes": ["0", "1"], "positive": "1", "cohort": {"n_cases": N, "n_patients": N}}


def made(table: Table | None) -> Table:
    assert table is not None
    return table


def by_outcome() -> pd.DataFrame:
    return baseline([BLOCK], Categories(Y, ("0", "1")))


def test_the_baseline_table() -> None:
    table = made(baseline_table.table(complete({"baseline": by_outcome()}), RUN))
    assert table.header == ("Feature", "Level", "All (n = 60)", "Class 0 (n = 30)", "Class 1 (the event) (n = 30)",
                            "Missing", "p", "Test", "SMD")  # fmt: skip
    rows = {row[:2]: row[2:] for row in table.rows}
    assert rows["age", ""] == ("60.0 ± 5.0", "59.8 ± 5.0", "60.2 ± 5.0", "0", "0.731", "Welch t", "0.09")
    assert rows["volume", ""][0] == "1.0 [0.1–7.3]"
    assert rows["volume", ""][5] == "Mann-Whitney"
    assert ("ECOG", "0") not in rows  # of two levels the last
    assert rows["ECOG", "1"][0] == "12 (20.0%)"
    assert rows["stage", "I"][0] == "20 (33.3%)"
    assert rows["stage", "II"][3:] == ("", "", "", "")  # told once, in the first row of the feature
    assert len(table.data) == len(by_outcome())
    assert "no model learned" in table.notes[0]


def test_many_levels_are_cut_on_paper_alone() -> None:
    site = BlockValues("b", ("site",), categories={"site": Categories(np.arange(N) % 12, tuple("abcdefghijkl"))})
    found = baseline([site], Categories(Y, ("0", "1")))
    table = made(baseline_table.table(complete({"baseline": found}), RUN))
    assert len(table.rows) == 11
    assert table.rows[-1][1] == "2 more levels, in the CSV"
    assert table.data["level"].nunique() == 12


def test_the_balance_table_names_the_event_and_several_blocks() -> None:
    outcome = BlockValues("", ("outcome",), categories={"outcome": Categories(Y, ("0", "1"))})
    other = BlockValues("lab", ("LDH",), ("LDH",), SPREAD[:, None])
    sides = Categories(np.arange(N) // 20, ("train", "internal", "external"))
    found = baseline([outcome, BLOCK, other], sides).assign(design="roles")
    run = RUN | {"designs": {"roles": {"kind": "roles"}}, "cohort": {"n_cases": N, "n_patients": 12}}
    table = made(baseline_table.balance(complete({"balance": found}), run))
    assert table.caption == "Balance of training and held-out cases: roles (predefined roles)."
    assert table.header[3:7] == ("All (n = 60)", "Train (n = 20)", "Internal (n = 20)", "External (n = 20)")
    assert table.rows[0][:4] == ("", "outcome", "1 (the event)", "30 (50.0%)")
    assert any("largest of all pairs" in note for note in table.notes)
    assert any(note.startswith("60 cases of 12 patients") for note in table.notes)


def test_univariate_of_two_and_of_three_classes() -> None:
    two = made(univariate_table.table(complete({"univariate": univariate_roc([BLOCK], Y, ["0", "1"])}), RUN))
    assert two.header[2:4] == ("AUC (95% CI)", "Higher in")
    assert len(two.rows) == 3
    assert "no basis for a selection" in two.notes[0]
    y = np.arange(N) // 4 % 3
    three = made(univariate_table.table(complete({"univariate": univariate_roc([BLOCK], y, list("abc"))}), RUN))
    assert three.header[2:5] == ("AUC of a (95% CI)", "AUC of b (95% CI)", "AUC of c (95% CI)")
    assert len(three.data) == 9


@pytest.mark.parametrize("method", ["by_kind", "spearman"])
def test_associations_one_table_per_question(method: str) -> None:
    numbers = BlockValues("HRF", tuple("ab"), tuple("ab"), np.random.default_rng(0).normal(size=(N, 2)))
    other = BLOCK if method == "by_kind" else replace(BLOCK, categories={})
    found = associations([numbers], [other], method=method)
    both = pd.concat([found.assign(question="first"), found.assign(question="second")])
    scopes = of_association(complete({"associations": both}))
    assert [(scope.title, scope.suffix) for scope in scopes] == [("first", "_first"), ("second", "_second")]
    table = made(association_table.table(scopes[1].results, RUN))
    assert table.caption == f"second: the {len(found)} pairs with the smallest p of {len(found)}."
    assert ("Test" in table.header) is (method == "by_kind")
    p = table.data["p"].to_numpy()
    assert (np.diff(p) >= 0).all()
