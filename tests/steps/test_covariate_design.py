"""Covariates as columns of the design, and the designs that it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.steps.covariate_design import check_design, code, learn_coding, refuse_outcome

CASES = pd.Index([f"c{number}" for number in range(8)])
COVARIATES = pd.DataFrame(
    {
        "age": [50.0, 60, 70, 80, 55, 65, 75, 45],
        "sex": ["m", "f", "f", "m", "m", "f", "m", "f"],
        "stage": ["I", "II", "III", "II", "I", "III", "II", "I"],
        "smoker": [True, False, True, True, False, False, True, False],
    },
    index=CASES,
)
BATCH = np.eye(2)[[0, 0, 0, 0, 1, 1, 1, 1]]


def test_numbers_are_one_column_and_text_is_indicators_against_the_first_level() -> None:
    coding = learn_coding(COVARIATES, ["age", "sex", "stage", "smoker"], title="ComBat")
    assert coding.owners == ("age", "sex", "stage", "stage", "smoker")
    assert coding.levels == {"age": None, "sex": ("f", "m"), "stage": ("I", "II", "III"), "smoker": None}
    coded = code(coding, COVARIATES, "error")
    np.testing.assert_array_equal(coded[:3], [[50, 1, 0, 0, 1], [60, 0, 1, 0, 0], [70, 0, 0, 1, 1]])
    np.testing.assert_allclose(coding.means, coded.mean(axis=0))
    np.testing.assert_array_equal(code(coding, COVARIATES.iloc[[2]], "error"), coded[[2]])
    assert code(learn_coding(COVARIATES, [], title="ComBat"), COVARIATES, "error").shape == (8, 0)


def test_missing_values_are_an_error_or_take_the_training_mean() -> None:
    holed = COVARIATES.copy()
    holed.loc["c2", "age"] = np.nan
    holed.loc["c5", "stage"] = None
    coding = learn_coding(holed, ["age", "stage"], title="ComBat")
    with pytest.raises(DataError, match=r"covariate 'age' is missing in 1 of 8 rows \(first: 'c2'\)"):
        code(coding, holed, "error")
    coded = code(coding, holed, "mean")
    assert coded[2, 0] == holed["age"].mean()
    np.testing.assert_allclose(coded[5, 1:], [3 / 7, 1 / 7])
    nullable = holed.assign(age=holed["age"].astype("Float64"))
    np.testing.assert_array_equal(code(coding, nullable, "mean"), coded)


def test_unknown_covariates_levels_and_values() -> None:
    with pytest.raises(DataError, match=r"unknown covariate 'Age'. Did you mean 'age'\?"):
        learn_coding(COVARIATES, ["Age"], title="ComBat")
    with pytest.raises(DataError, match=r"covariate 'age' has no value in 8 training rows"):
        learn_coding(COVARIATES.assign(age=np.nan), ["age"], title="ComBat")
    for name, value in (("age", 60.0), ("sex", "f")):
        same = COVARIATES.assign(**{name: [value] * 7 + [None]})
        with pytest.raises(DataError, match=rf"covariate '{name}' is {value} in all training rows that have it"):
            learn_coding(same, [name], title="ComBat")
    with pytest.raises(DataError, match=r"covariate 'age' is infinite \(first: 'c0'\)"):
        learn_coding(COVARIATES.replace({"age": {50.0: np.inf}}), ["age"], title="ComBat")
    coding = learn_coding(COVARIATES, ["stage"], title="ComBat")
    strange = COVARIATES.replace({"stage": {"III": "IV"}})
    with pytest.raises(DataError, match=r"'stage' is 'IV' in 2 of 8 rows \(first: 'c2'\).*Known: I, II, III"):
        code(coding, strange, "mean")


@pytest.mark.parametrize(
    ("covariates", "reason"),
    [
        ({"site": ["x"] * 4 + ["y"] * 4}, "covariate 'site' is determined by the batch"),
        ({"age": COVARIATES["age"], "field": [1.5] * 4 + [3.0] * 4}, "covariate 'field' is determined by the batch"),
        (
            {"age": COVARIATES["age"], "months": COVARIATES["age"] * 12 + BATCH[:, 1]},
            r"covariate 'months' is a linear combination of the batch and the covariates before it \(age, months\)",
        ),
        (
            {name: COVARIATES[name] for name in ("age", "sex", "stage", "smoker")} | {"dose": np.arange(8.0) ** 2},
            "8 training rows for 8 columns of the design",
        ),
    ],
)
def test_designs_that_cannot_be_estimated(covariates: dict, reason: str) -> None:
    table = pd.DataFrame(covariates, index=CASES)
    coding = learn_coding(table, list(table), title="ComBat")
    with pytest.raises(DataError, match=reason):
        check_design(BATCH, code(coding, table, "error"), coding)


def test_designs_that_can_be_estimated() -> None:
    for names in ([], ["age"], ["sex", "age"], ["stage", "age"]):
        table = COVARIATES.assign(age=COVARIATES["age"] * 1e9)  # units do not decide
        coding = learn_coding(table, names, title="ComBat")
        check_design(BATCH, code(coding, table, "error"), coding)


@pytest.mark.parametrize("disguise", [[0, 1, 1, 0], [1, 0, 0, 1], ["no", "yes", "yes", "no"], [np.nan, 7.5, 7.5, 2]])
def test_the_outcome_is_refused_under_any_label(disguise: list) -> None:
    table = pd.DataFrame({"age": [50.0, 60, 70, 80], "dead": disguise})
    outcome = np.array([0, 1, 1, 0])
    with pytest.raises(DataError, match=r"covariate 'dead' equals the outcome in all [34] training rows"):
        refuse_outcome(table, ["age", "dead"], outcome, title="ComBat")
    refuse_outcome(table, ["age"], outcome, title="ComBat")
    refuse_outcome(table, ["dead"], np.array([0, 1, 0, 0]), title="ComBat")


def test_a_covariate_of_few_levels_that_tells_the_outcome_is_refused() -> None:
    outcome = np.repeat([0, 1], 15)
    table = pd.DataFrame({"grade": np.repeat(["I", "II", "III"], 10), "case": np.arange(30)})
    table.loc[table.index[10:15], "grade"] = "I"
    with pytest.raises(DataError, match=r"limma: covariate 'grade' equals the outcome in all 30 training rows"):
        refuse_outcome(table, ["grade"], outcome, title="limma")
    refuse_outcome(table, ["case"], outcome, title="limma")  # one label per row says nothing
    refuse_outcome(table, ["grade"], np.zeros(30), title="limma")  # one class only
    refuse_outcome(table, ["absent"], outcome, title="limma")
