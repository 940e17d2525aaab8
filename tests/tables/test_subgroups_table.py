"""The tables of subgroups, and where survival by predicted risk is refused."""

from __future__ import annotations

import pytest

from benchmark.figures import kaplan_meier
from benchmark.figures import subgroups as figure
from benchmark.tables import subgroups
from benchmark.tables import survival as survival_table
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "clinical"], classifiers=["lda"])
FOUND = complete(RESULTS)


def test_all_cases_then_the_levels_of_the_arm_chosen_inside() -> None:
    table = subgroups.table(FOUND, RUN)
    assert table is not None
    assert table.header[:5] == ("Feature set", "Subgroup", "Level", "Cases", "With the event")
    assert [row[1:4] for row in table.rows[:4]] == [
        ("All cases", "", "293"), ("stage", "I", "150"), ("stage", "II", "138"), ("stage", "III", "5"),
    ]  # fmt: skip
    assert table.strong == {0, 4} and len(table.rows) == 8
    assert set(table.rows[3][5:]) == {"–"} and "(" in table.rows[2][5]
    assert "Left out, and no part of any test: stage III (fewer than 5 cases of a class)." in table.notes
    assert not any("Warning" in note for note in table.notes)  # nothing is said of a level that has no estimates
    assert len(table.data) == len(FOUND["subgroup_estimates"])


def test_levels_against_each_other() -> None:
    table = subgroups.tests(FOUND, RUN)
    assert table is not None
    assert table.rows[0] == (
        "HRF",
        "stage",
        "AUC",
        "II",
        "I",
        "+0.050 (−0.030 to +0.130)",
        "1.40",
        "1",
        "0.240",
        "0.960",
    )
    assert any("adjusted (Holm)" in note for note in table.notes)


def test_nothing_to_tell_is_no_table_and_no_figure() -> None:
    empty = complete({})
    assert subgroups.table(empty, RUN) is None and subgroups.tests(empty, RUN) is None
    assert figure.draw(empty, RUN) is None and kaplan_meier.draw(empty, RUN) is None


def test_survival_says_what_the_risk_is() -> None:
    table = survival_table.table(FOUND, RUN)
    assert table is not None
    assert "Risk: the predicted probability of '1'. Event: died." in table.notes
    assert "Hazard ratio, high against low (95% CI)" in table.header


@pytest.mark.parametrize(("run", "expected"), [
    (RUN, "Not for 5-fold cross-validation, repeated 5 times, grouped by patient: scores of several fitted models have "
     "no common scale."),
    (RUN | {"designs": {"one": {"kind": "holdout", "folds": 1, "repeats": 1}}}, ""),
    (RUN | {"classes": ["a", "b", "c"]}, "Not estimated: of an outcome of several classes no probability is the risk."),
])  # fmt: skip
def test_where_survival_is_refused(run: dict[str, object], expected: str) -> None:
    assert survival_table.refused(run) == expected
