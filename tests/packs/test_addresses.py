"""From an address to a number: what is found, and what is said of an address that leads nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.estimates import ESTIMATES, FOLD_SCORES
from benchmark.packs.addresses import check_address, look_up
from benchmark.packs.pack_file import AddressSection

PATH = ("numbers", 0, "ours")


@pytest.fixture
def results() -> dict[str, pd.DataFrame]:
    estimates = pd.DataFrame(
        {
            "feature_set": ["HRF", "HRF", "fused", "fused"],
            "measure": ["auc", "brier"] * 2,
            "estimate": [0.7, 0.2, 0.8, 0.18],
            "low": [0.6, 0.1, 0.7, 0.1],
            "high": [0.8, 0.3, 0.9, 0.3],
            "level": 0.95,
            "method": "DeLong",
            "n_cases": 90,
            "role": "test",
        }
    ).reindex(columns=ESTIMATES)
    folds = pd.DataFrame({"feature_set": "HRF", "fold": ["0", "1"], "auc": [0.61, 0.62]}).reindex(columns=FOLD_SCORES)
    return {"estimates": estimates, "fold_scores": folds}


def address(**told: Any) -> AddressSection:
    return AddressSection.model_validate({"of": "folds"} | told)


def test_a_number_with_its_interval_and_the_auc_unless_another_measure_is_named(results: Any) -> None:
    found = look_up(address(feature_set="fused"), results, PATH)
    assert (found.value, found.low, found.high, found.level, found.method) == (0.8, 0.7, 0.9, 0.95, "DeLong")
    assert look_up(address(feature_set="fused", measure="brier"), results, PATH).value == 0.18


def test_a_fold_is_a_label_whatever_the_yaml_wrote(results: Any) -> None:
    found = look_up(address(table="fold_scores", fold=1), results, PATH)
    assert found.value == 0.62 and np.isnan([found.low, found.high]).all()


def test_another_column_of_the_row_has_no_interval(results: Any) -> None:
    found = look_up(address(feature_set="HRF", column="low"), results, PATH)
    assert found.value == 0.6 and np.isnan(found.low)


@pytest.mark.parametrize(
    ("told", "says", "key"),
    [
        ({"feature_set": "fusd"}, r"unknown feature_set 'fusd'. Did you mean 'fused'", "feature_set"),
        ({"feature_set": "HRF", "measure": "acu"}, r"unknown measure 'acu'. Did you mean 'auc'", "measure"),
        ({"feature_set": "HRF", "role": "tset"}, r"unknown role 'tset'. Did you mean 'test'", "role"),
        ({}, r"2 rows of the table estimates .* Say too which of feature_set: HRF, fused", None),
    ],
)
def test_an_address_that_leads_to_no_row_or_to_several(results: Any, told: Any, says: str, key: str | None) -> None:
    with pytest.raises(ConfigError, match=says) as raised:
        look_up(address(**told), results, PATH)
    assert raised.value.path == ((*PATH, key) if key else PATH)


def test_a_table_without_rows(results: Any) -> None:
    results["fold_scores"] = results["fold_scores"].iloc[:0]
    with pytest.raises(ConfigError, match="the table fold_scores of 'folds' has no rows"):
        look_up(address(table="fold_scores"), results, PATH)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"of": "fold"}, r"unknown predictions or experiment 'fold'. Did you mean 'folds'"),
        ({"table": "estimate"}, r"unknown table 'estimate'. Did you mean 'estimates'"),
        ({"fold": "1"}, r"unknown column of the table estimates 'fold'"),
        ({"column": "hihg"}, r"unknown column 'hihg'. Did you mean 'high'"),
    ],
)
def test_what_can_be_told_before_any_work(told: Any, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        check_address(address(**told), ["folds", "own"], PATH)


def test_a_pair_either_way_round_and_under_any_question() -> None:
    pairs = pd.DataFrame(
        {
            "first": ["CNN", "HRF"],
            "second": ["HRF", "CNN"],
            "question": ["reference", "all pairs"],
            "measure": "auc",
            "difference": [0.1, -0.1],
            "low": [-0.05, -0.25],
            "high": [0.25, 0.05],
            "level": 0.95,
        }
    )
    for first, second, sign in (("CNN", "HRF", 1), ("HRF", "CNN", -1)):
        found = look_up(address(table="comparisons", first=first, second=second), {"comparisons": pairs}, PATH)
        assert found.value == sign * 0.1 and {found.low, found.high} == {sign * -0.05, sign * 0.25}
