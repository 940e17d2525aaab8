"""In which units a fitted line can be read: from a feature as a person knows it to what the classifier saw of it.

    z = offset + slope x          to a relative residual of 1e-9 over the training rows

``x`` is the feature at the earliest stage of the preprocessing (in its table, then after each step) from which this
holds: scaling leaves the table's own units, ComBat those after it, and a principal component or a score is read as its
step made it. A feature with few values, or levels of a text, is read value by value, for which ``z`` need not follow a
line; the indicator columns of one feature are one axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from benchmark.frame import block_of, feature_of, text_features

RESIDUAL = 1e-9
FEW = 5
"""A number with at most so many values has an axis of values and not of a range."""


@dataclass(frozen=True)
class Axis:
    """One feature, or one ``level`` of it. ``columns``: what reached the classifier; ``offset`` and ``slope`` of each.
    ``low`` and ``high``: the range of the training rows in ``unit``: empty for that of the table, else the title of the
    step that gave it. A level has no range, and its slopes are 0."""

    block: str
    feature: str
    level: str
    columns: tuple[str, ...]
    offset: tuple[float, ...]
    slope: tuple[float, ...]
    low: float | None
    high: float | None
    unit: str


def axes_of(steps: Pipeline, rows: pd.DataFrame) -> list[Axis]:
    """The axes of every column that fitted ``steps`` give the classifier, over the training ``rows`` of the cohort's
    frame, changed as the steps change any other rows."""
    stages = list(_stages(steps, rows))
    columns, seen = list(steps[-1].columns_), stages[-1][1]
    axes: list[Axis] = []
    for name in text_features(rows):
        owned = [column for column in columns if column == name or column.startswith(f"{name}=")]
        axes += _levels(rows[name], seen[owned], "") if owned else []
    done = {column for axis in axes for column in axis.columns}
    return axes + [axis for column in columns if column not in done for axis in _of_number(stages, column)]


def _stages(steps: Pipeline, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows in the tables, and after each step with its title."""
    yield "", rows
    for _, step in steps.steps[:-1]:
        rows = step.transform(rows)
        yield step.title, rows


def _of_number(stages: Sequence[tuple[str, pd.DataFrame]], column: str) -> list[Axis]:
    """From the earliest stage that allows it; the last, of which z = x, always does."""
    seen, texts = stages[-1][1][[column]], text_features(stages[0][1])
    known = [(unit, frame[column].astype(float)) for unit, frame in stages
             if column in frame.columns and not (unit == "" and column in texts)]  # fmt: skip
    return next(axes for unit, values in known if (axes := _of_values(values, seen, unit)))


def _of_values(values: pd.Series, seen: pd.DataFrame, unit: str) -> list[Axis]:
    few = values[np.isfinite(values)].nunique() <= FEW
    return _levels(values, seen, unit) if few else _line(values, seen, unit)


def _line(values: pd.Series, seen: pd.DataFrame, unit: str) -> list[Axis]:
    """One axis over a range; none if what the classifier saw is no line of the values."""
    known = np.isfinite(values.to_numpy())
    x, z = values.to_numpy()[known], seen.iloc[:, 0].to_numpy(float)[known]
    dx, dz = x - x.mean(), z - z.mean()
    unity = dx / np.abs(dx).max()  # squares of what is very small vanish
    slope = float(unity @ dz / (unity @ unity) / np.abs(dx).max())
    if np.abs(dz - slope * dx).max() > RESIDUAL * np.abs(z).max():
        return []
    name = str(seen.columns[0])
    offset = float(z.mean() - slope * x.mean())
    return [Axis(block_of(name), feature_of(name), "", (name,), (offset,), (slope,), float(x.min()), float(x.max()),
                 unit)]  # fmt: skip


def _levels(values: pd.Series, seen: pd.DataFrame, unit: str) -> list[Axis]:
    """An axis per level; none if rows of one level were seen differently."""
    axes, name, columns = [], str(values.name), tuple(map(str, seen.columns))
    for level, rows in seen.groupby(values.to_numpy(), sort=True):
        array = rows.to_numpy(float)
        if (np.ptp(array, axis=0) > RESIDUAL * np.abs(array).max(axis=0)).any():
            return []
        axes.append(Axis(block_of(name), feature_of(name), _text(level), columns, tuple(array[0].tolist()),
                         (0.0,) * len(columns), None, None, unit))  # fmt: skip
    return axes


def _text(level: Any) -> str:
    """``III``, ``2``, ``0.5``."""
    return str(int(level)) if isinstance(level, float) and level.is_integer() else str(level)
