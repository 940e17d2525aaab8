"""Logarithm of the features whose training rows are skewed.

Formula: a feature whose skewness ``g1 = m3 / m2^1.5`` (``m_r = sum((x - mean)^r) / n``) exceeds the limit becomes
``log(1 + x - m)``, where ``m`` is its smallest training value (``shifted``); or, with ``signed``, ``sign(x) log(1 +
|x|)`` if ``|g1|`` exceeds the limit. Source: Box and Cox (1964), Journal of the Royal Statistical Society B 26:211
(logarithm with a shift); John and Draper (1980), Applied Statistics 29:190 (signed). Which skewness is too much is a
rule of thumb: 1 is common.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from benchmark.steps.moments import moments
from benchmark.steps.quantiles import quantiles
from benchmark.steps.step import Rows, Step


class Shift(NamedTuple):
    """Which features change, (k,) bool, and what is subtracted before, (k,)."""

    changed: np.ndarray
    shift: np.ndarray


class Log(Step):
    """Take the logarithm of skewed features; how many there are is remarked.

    A held-out value ``x`` below the shift ``m`` becomes ``-log(1 + m - x)``: the curve goes on as its own mirror image,
    so order is kept and every finite value has a logarithm. Values far below 1 hardly change under ``log(1 + x)``:
    standardize features in small units first. NaN and infinite values are left out, and stay; a constant feature has no
    skewness.
    """

    title: ClassVar[str] = "logarithm"

    def __init__(
        self,
        *,
        form: Literal["shifted", "signed"] = "shifted",
        min_skewness: Annotated[float, Field(ge=0)] = 1.0,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.form = form
        self.min_skewness = min_skewness
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Shift:
        """The skewed features and their smallest values."""
        found = skewness(values)
        with np.errstate(invalid="ignore"):
            changed = (found if self.form == "shifted" else np.abs(found)) > self.min_skewness
        self.remarks_.append(
            f"{changed.sum()} of {len(changed)} features of {', '.join(rows.blocks)} have a skewness above "
            f"{self.min_skewness:g} and were taken to logarithms"
        )
        low = quantiles(values, (0.0,))[0] if self.form == "shifted" else np.zeros(len(changed))
        return Shift(changed, low)

    def apply(self, state: Shift, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Values with logarithms instead of the skewed features."""
        apart = values[:, state.changed] - state.shift[state.changed]
        new = values.copy()
        new[:, state.changed] = np.where(np.isfinite(apart), np.sign(apart) * np.log1p(np.abs(apart)), apart)
        return new


def skewness(values: np.ndarray) -> np.ndarray:
    """(k,) skewness of the columns of ``values`` (n_cases, k); NaN and infinite values are left out; NaN for a constant
    column. The moments have divisor n, as in R's e1071 (type 1) and SciPy; SPSS and pandas correct for small
    samples."""
    mean, sd = moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        standard = np.where(np.isfinite(values), (values - mean) / np.where(sd > 0, sd, np.nan), 0.0)
        return (standard**3).sum(axis=0) / np.isfinite(values).sum(axis=0)
