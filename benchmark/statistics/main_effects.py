"""Main effects of several factors on one value: the share of the variance of each factor, and the difference of each of
its levels from its first.

    y = m + a_f1 + b_f2 + ... + e,   by least squares, no interactions
    share of factor j:   (RSS without j - RSS) / TSS      (type II; eta squared in a balanced design)
    rest:                RSS / TSS                         (interactions, and what no factor tells)

In a balanced design shares and rest add up to 1, and the difference of a level is that of its marginal mean.

Source: eta squared: Cohen (1973), Educational and Psychological Measurement 33:107; type II sums of squares:
Langsrud (2003), Statistics and Computing 13:163.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class MainEffects:
    """``share``: of the variance, by factor; ``difference``: (n_levels,) by factor, the first 0; ``rest``: the share of
    none."""

    share: Mapping[str, float]
    difference: Mapping[str, np.ndarray]
    rest: float


def main_effects(codes: Mapping[str, np.ndarray], values: np.ndarray) -> MainEffects:
    """The effects on ``values`` (n,) of factors given by ``codes`` (n,) from 0 up, every code in use. Shares are NaN if
    all values are equal, differences if the factors cannot be told apart."""
    columns = {name: _dummies(code) for name, code in codes.items()}
    whole = np.ptp(values) > 0
    total = float(np.sum((values - values.mean()) ** 2)) if whole else np.nan
    residual, weights, rank = _fit(list(columns.values()), values)
    estimable = rank == 1 + sum(part.shape[1] for part in columns.values())
    share, difference, start = {}, {}, 1
    for name, part in columns.items():
        without = _fit([other for key, other in columns.items() if key != name], values)[0]
        share[name] = (without - residual) / total
        here = weights[start : start + part.shape[1]]
        difference[name] = np.r_[0.0, here if estimable else np.full(len(here), np.nan)]
        start += part.shape[1]
    return MainEffects(share, difference, residual / total)


def _dummies(code: np.ndarray) -> np.ndarray:
    """(n, n_levels - 1): 1 where the level is that of the column, the first level has none."""
    return (code[:, None] == np.arange(1, code.max() + 1)).astype(float)


def _fit(parts: list[np.ndarray], values: np.ndarray) -> tuple[float, np.ndarray, int]:
    """Residual sum of squares, weights (the constant first) and rank."""
    matrix = np.column_stack([np.ones(len(values)), *parts])
    weights, _, rank, _ = np.linalg.lstsq(matrix, values, rcond=None)
    return float(np.sum((values - matrix @ weights) ** 2)), weights, int(rank)
