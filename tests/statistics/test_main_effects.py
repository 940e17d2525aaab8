"""Main effects: sums of squares by definition in a balanced design, those of statsmodels in one that is not."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from benchmark.statistics.main_effects import main_effects


def balanced(seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    codes = np.array(list(product(range(2), range(4), range(3))))
    rng = np.random.default_rng(seed)
    values = 0.6 + 0.02 * codes[:, 0] + 0.01 * codes[:, 1] ** 2 + rng.normal(0, 0.02, len(codes))
    return {"a": codes[:, 0], "b": codes[:, 1], "c": codes[:, 2]}, values


def test_balanced_by_definition() -> None:
    codes, values = balanced()
    found = main_effects(codes, values)
    total = sum((value - values.mean()) ** 2 for value in values)
    for name, code in codes.items():
        means = [values[code == level].mean() for level in range(code.max() + 1)]
        between = sum((means[level] - values.mean()) ** 2 for level in code)
        assert found.share[name] == pytest.approx(between / total)
        assert found.difference[name] == pytest.approx(np.array(means) - means[0])
    assert sum(found.share.values()) + found.rest == pytest.approx(1)


def test_unbalanced_is_type_two() -> None:
    codes, values = balanced(1)
    kept = np.random.default_rng(2).permutation(len(values))[:17]
    codes, values = {name: code[kept] for name, code in codes.items()}, values[kept]
    model = ols("y ~ C(a) + C(b) + C(c)", pd.DataFrame({**codes, "y": values})).fit()
    sums = anova_lm(model, typ=2)["sum_sq"]
    total = np.sum((values - values.mean()) ** 2)
    found = main_effects(codes, values)
    for name in codes:
        assert found.share[name] == pytest.approx(sums[f"C({name})"] / total)
        wanted = [0, *(model.params[f"C({name})[T.{level}]"] for level in range(1, codes[name].max() + 1))]
        assert found.difference[name] == pytest.approx(wanted)
    assert found.rest == pytest.approx(sums["Residual"] / total)


def test_equal_values_have_no_shares() -> None:
    found = main_effects({"a": np.array([0, 1, 0, 1])}, np.full(4, 0.7))
    assert np.isnan(found.share["a"])
    assert np.isnan(found.rest)
    assert found.difference["a"] == pytest.approx([0, 0])


def test_factors_that_cannot_be_told_apart_have_no_differences() -> None:
    same = np.array([0, 1, 0, 1])
    found = main_effects({"a": same, "b": same}, np.array([0.5, 0.6, 0.52, 0.61]))
    assert found.share["a"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(found.difference["b"][1])
