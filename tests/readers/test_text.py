"""Names and labels as text."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from benchmark.readers.text import as_text, same_text, text_of


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["007", " 7 ", "a"], ["007", "7", "a"]),
        ([1.0, 2.0, np.nan], ["1", "2", None]),
        (["1.0", "10.00", "3"], ["1", "10", "3"]),
        (["1.0", "1.1", "2.0"], ["1.0", "1.1", "2.0"]),  # lesion 0 and 1 of patient 1, perhaps
        ([1, "x", None], ["1", "x", None]),
        ([1.0, "2b", 1.5, np.inf], ["1", "2b", "1.5", "inf"]),  # cells of a spreadsheet
        ([True, False], ["True", "False"]),
        (["NA", "", "None", "nan"], [None, None, "None", None]),
        ([date(2020, 1, 2), datetime(2020, 1, 2)], ["2020-01-02", "2020-01-02"]),
        ([], []),
        ([np.nan], [None]),
    ],
)
def test_as_text(values: list[object], expected: list[str | None]) -> None:
    text = as_text(pd.Series(values, dtype=object))
    assert text.dtype == object
    assert [None if pd.isna(value) else value for value in text] == expected


def test_dtypes_of_pandas() -> None:
    assert as_text(pd.Series([1, None], dtype="Int64")).to_list()[0] == "1"
    assert as_text(pd.Series(["a"], dtype="category")).to_list() == ["a"]
    assert as_text(pd.Series([1.0, 2.5])).to_list() == ["1", "2.5"]
    assert as_text(pd.Series(["a", None], dtype="string")).isna().to_list() == [False, True]


@pytest.mark.parametrize(
    ("value", "present", "expected"),
    [
        (1, ["0", "1"], "1"),
        (1.0, ["0", "1"], "1"),
        ("yes", ["Yes", "No"], None),
        (True, ["Yes", "No"], "Yes"),
        (False, ["Yes", "No"], "No"),
        (True, ["True", "yes"], "True"),
        (True, ["yes", "YES"], None),
        (True, ["1", "0"], None),
        ("x ", ["x"], None),
    ],
)
def test_same_text(value: object, present: list[str], expected: str | None) -> None:
    if value == "x ":
        expected = "x"  # blanks around a text never count
    assert same_text(value, present) == expected


def test_text_of() -> None:
    assert [text_of(value) for value in (1, 1.0, 1.5, "1.0", True)] == ["1", "1", "1.5", "1.0", "True"]
