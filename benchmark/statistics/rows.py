"""Rows of the tidy results, with all models of one design and role at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmark.estimates import ESTIMATES
from benchmark.predictions import RECIPE
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval


def recipe_columns(held: HeldOut) -> dict[str, list[str]]:
    """The columns that name the models, one row per model."""
    return {name: [recipe[place] for recipe in held.recipes] for place, name in enumerate(RECIPE)}


def estimate_rows(
    held: HeldOut,
    measure: str,
    found: Interval,
    *,
    level: float,
    method: str | Sequence[str],
    undefined: str | Sequence[str] = "",
    n_cases: int | None = None,
    n_events: int | None = None,
) -> pd.DataFrame:
    """One row of ``ESTIMATES`` per model. ``method`` and ``undefined``: one for all models, or one each. The method of
    a model whose estimate is NaN says why: its gap, or else ``undefined``. ``n_cases``, ``n_events``: of the held-out
    set unless given."""
    methods, reasons = _each(held, method), _each(held, undefined)
    return pd.DataFrame(
        {
            "design": held.design,
            "role": held.role,
            **recipe_columns(held),
            "measure": measure,
            "estimate": found.estimate,
            "low": found.low,
            "high": found.high,
            "level": level,
            "method": [
                f"{text}; not estimated: {gap or reason}" if missing and (gap or reason) else text
                for text, missing, gap, reason in zip(
                    methods, np.isnan(found.estimate), held.gaps, reasons, strict=True
                )
            ],
            "n_cases": len(held.cases) if n_cases is None else n_cases,
            "n_events": (held.events if n_events is None else n_events),
        }
    )[ESTIMATES]


def no_interval(estimate: np.ndarray) -> Interval:
    """The estimates without limits."""
    return Interval(estimate, np.full(len(estimate), np.nan), np.full(len(estimate), np.nan))


def _each(held: HeldOut, text: str | Sequence[str]) -> list[str]:
    return [text] * len(held.recipes) if isinstance(text, str) else list(text)
