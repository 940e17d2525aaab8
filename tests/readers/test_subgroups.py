"""The subgroups of the cases: where they are, in which order, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from benchmark.readers.declaration import CohortDeclaration
from tests.readers.conftest import COHORT


def test_levels_of_a_block_of_a_file_and_of_a_range(load) -> None:
    more = "{column: region, file: more.csv}, {column: age, cut: [55, 61]}, {column: n, file: more.csv}"
    text = COHORT + f"subgroups: [sex, {more}]\n"
    cohort = load(text, {"more.csv": "patient_id,region,n\nP1,lung,10\nP2,,9\nP4,breast,10\n"})
    assert list(cohort.subgroups.columns) == ["sex", "region", "age", "n"]
    assert cohort.subgroups["sex"].to_list() == ["F", "M", "F", "M"]
    assert cohort.subgroups["region"].to_list() == ["lung", "not known", "not known", "breast"]
    assert cohort.subgroups["age"].to_list() == ["61 or more", "61 or more", "55 to below 61", "below 55"]
    order = {name: column.cat.categories.to_list() for name, column in cohort.subgroups.items()}
    assert order["region"] == ["breast", "lung", "not known"]
    assert order["age"] == ["below 55", "55 to below 61", "61 or more"]
    assert order["n"] == ["9", "10", "not known"]


def test_a_subgroup_may_be_a_feature_and_is_no_part_of_a_fit(load) -> None:
    told, alone = load(COHORT + "subgroups: sex\n"), load()
    assert list(told.block("clinical").table.columns) == ["age", "sex", "grade"]
    assert told.fingerprint(told.blocks) == alone.fingerprint(alone.blocks)
    assert list(alone.subgroups.columns) == []


@pytest.mark.parametrize(("said", "names"), [
    ("sex", {"sex": "sex"}),
    (["sex", {"column": "region"}], {"sex": "sex", "region": "region"}),
    ({"column": "sex", "file": "a.csv"}, {"sex": "sex"}),
    ({"gender": "sex", "site": {"column": "region"}}, {"gender": "sex", "site": "region"}),
])  # fmt: skip
def test_ways_to_write_it(said: Any, names: dict[str, str]) -> None:
    told = CohortDeclaration.model_validate(
        {"name": "a", "case": "id", "blocks": {"HRF": "hrf.csv"}, "subgroups": said}
    )
    assert {name: one.column for name, one in told.subgroups.items()} == names


@pytest.mark.parametrize(("said", "message"), [
    (["sex", "sex"], "should name 'sex' once"),
    ([{"file": "a.csv"}], "should be columns, {column: ..., file: ...}, or {name: {column: ...}}"),
    (7, "should be columns"),
    ([{"column": "age", "cut": [65, 50]}], "should be rising numbers"),
    ([{"column": "age", "cuts": [65]}], "unknown key 'cuts'. Did you mean 'cut'?"),
])  # fmt: skip
def test_wrong_ways_to_write_it(said: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CohortDeclaration.model_validate({"name": "a", "case": "id", "blocks": {"HRF": "hrf.csv"}, "subgroups": said})
    assert message in str(caught.value)


@pytest.mark.parametrize(("said", "message"), [
    ("[{column: six}]", "unknown column 'six'. Did you mean 'sex'?"),
    ("[{column: sex, cut: [1]}]", "clinical.csv: column 'sex': 'F' of case 'P1' is no number and cannot be cut into"),
    ("[{column: region, file: mor.csv}]", "mor.csv"),
])  # fmt: skip
def test_wrong_columns(refused, said: str, message: str) -> None:
    assert message in str(refused(COHORT + f"subgroups: {said}\n"))


def test_a_number_is_no_subgroup(load, refused) -> None:
    table = "patient_id,f1,f2,weight\n" + "".join(f"P{i},{i},{i * i},{50 + i}\n" for i in range(1, 30))
    y = "patient_id,age,sex,grade,response,centre\n" + "".join(f"P{i},{i},F,low,{i % 2},A\n" for i in range(1, 30))
    tables = {"hrf.csv": table, "clinical.csv": y}
    error = refused(COHORT + "subgroups: [weight]\n", tables)
    assert str(error) == (
        "hrf.csv, column 'weight': 29 levels (first: 51, 52, 53), expected at most 20. Numbers are cut into ranges by "
        "cut: [50, 65]"
    )
    assert error.path == ("cohort", "subgroups", "weight")
