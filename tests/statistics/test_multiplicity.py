"""Adjusted p values against R's p.adjust."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.multiplicity import ADJUSTMENTS, adjust

R = json.loads((Path(__file__).parents[1] / "data" / "comparison_p_adjust.json").read_text())
METHODS = sorted(R["adjusted"])


@pytest.mark.parametrize("method", METHODS)
def test_equals_r(method: str) -> None:
    assert adjust(np.array(R["p"]), method.lower()) == pytest.approx(R["adjusted"][method], rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_missing_p_values_are_no_tests(method: str) -> None:
    p = np.array(R["p_with_one_missing"], float)
    expected = np.array(R["adjusted_missing_left_out_of_n"][method], float)
    assert adjust(p, method.lower()) == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_few_tests_and_order(method: str) -> None:
    assert adjust(np.array([]), method).tolist() == []
    assert adjust(np.array([np.nan]), method) == pytest.approx([np.nan], nan_ok=True)
    assert adjust(np.array([0.03]), method) == pytest.approx([0.03])
    p = np.random.default_rng(0).random(25) ** 3
    order = np.random.default_rng(1).permutation(25)
    adjusted = adjust(p, method)
    assert adjust(p[order], method) == pytest.approx(adjusted[order])
    assert (adjusted >= p).all() and (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()


def test_methods_are_ordered_by_their_power() -> None:
    p = np.random.default_rng(2).random(30) ** 4
    by = {method: adjust(p, method) for method in ADJUSTMENTS}
    for weaker, stronger in (("bonferroni", "holm"), ("holm", "hochberg"), ("hochberg", "hommel"), ("by", "bh")):
        assert (by[weaker] >= by[stronger] - 1e-15).all()


def test_unknown_method() -> None:
    with pytest.raises(ConfigError, match=r"unknown adjustment of p values 'holms'. Did you mean 'holm'\?"):
        adjust(np.array([0.1]), "holms")
