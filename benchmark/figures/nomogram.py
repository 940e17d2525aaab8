"""A nomogram: an axis per feature below one of points, and below them totals and probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import PALE, TWO_COLUMNS, new_figure, styled
from benchmark.predictions import RECIPE
from benchmark.tables.nomogram import value_words
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, tick
from benchmark.tables.words import model_title, words_of_features

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Nomogram. Read the points of each feature on the top axis, add them up, find the total on its axis, and read the "
    "probability right below. An axis spans the range of the cases that the model was fitted on."
)
FULL = 100.0
ROW = 0.36
"""Height of an axis with its labels, inches."""

LETTER = 0.047
"""Width of a letter of a label, inches."""

TICK = 0.09
"""Length of a tick, in rows."""

TITLE = 90
"""Letters of a line of the title."""

Mark = tuple[float, str]
"""A place on the top axis, and its label."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """Of the one model that the results hold."""
    every = results["nomogram"]
    if not every["points"].notna().any():
        return None
    features = every[every["feature"] != ""]
    axes_of = list(features.groupby(["block", "feature", "unit"], sort=False, observed=True))
    words = words_of_features((str(block), str(feature), str(unit)) for (block, feature, unit), _ in axes_of)
    names = ["Points", *words.values(), "Total points", f"Probability of {every['class'].iloc[0]}"]
    figure = new_figure(TWO_COLUMNS, 0.5 + ROW * (len(names) + 0.5))
    panel = figure.subplots()
    inch = FULL / (TWO_COLUMNS - 0.35 - 0.055 * max(map(len, names)))  # points to an inch
    _grid(panel, len(axes_of))
    _axis(panel, 0, [(10.0 * place, str(10 * place)) for place in range(11)], (0.0, FULL), inch, up=True)
    for place, (_, rows) in enumerate(axes_of, start=1):
        ticks = rows[rows["axis"] == "feature"]
        labels = [value_words(row, run) for row in ticks.to_dict("records")]
        marks = sorted(zip(ticks["points"], labels, strict=True))
        _axis(panel, place, marks, (rows["points"].min(), rows["points"].max()), inch)
    _totals(panel, every, len(axes_of) + 1, inch)
    rows_of = [*range(len(axes_of) + 1), len(axes_of) + 1.5, len(axes_of) + 2.5]
    panel.set_yticks(rows_of, names)
    panel.set(xlim=(-1, FULL + 1), ylim=(len(axes_of) + 3.0, -0.7), xticks=[])
    panel.tick_params(axis="y", length=0, pad=6)
    panel.spines[:].set_visible(False)
    model = model_title(run, *(str(every[column].iloc[0]) for column in RECIPE))
    panel.set_title(fill(f"{model}, fitted on {count(every['n_cases'].iloc[0])} cases", TITLE))
    return figure


def _totals(panel: Axes, every: pd.DataFrame, last: int, inch: float) -> None:
    """The axes of totals and of probabilities, on a scale of their own."""
    highest = every.loc[every["axis"] == "total range", "points"].max()
    for axis, place in (("total", last + 0.5), ("probability", last + 1.5)):
        rows = every[every["axis"] == axis]
        values = rows["points"] if axis == "total" else rows["probability"]
        places = rows["points"] * FULL / highest
        marks = [(at, tick(value)) for at, value in zip(places, values, strict=True)]
        ends = (0.0, FULL) if axis == "total" or places.empty else (float(places.min()), float(places.max()))
        _axis(panel, place, marks, ends, inch)


def _grid(panel: Axes, last: int) -> None:
    for place in range(11):
        panel.plot([10 * place] * 2, [0, last], color=PALE, linewidth=0.4, zorder=0)


def _axis(
    panel: Axes, row: float, marks: list[Mark], ends: tuple[float, float], inch: float, *, up: bool = False
) -> None:
    """A line with ticks; a label that would hide another stands on the other side, or nowhere. ``inch``: its points."""
    panel.plot(ends, [row, row], color="black", linewidth=0.7, solid_capstyle="butt")
    free = {True: -FULL, False: -FULL}
    for at, label in marks:
        panel.plot([at, at], [row, row - TICK if up else row + TICK], color="black", linewidth=0.6)
        half = (len(label) * LETTER / 2 + 0.02) * inch
        side = next((side for side in ((up,) if up else (False, True)) if free[side] <= at - half), None)
        if side is not None:
            free[side] = at + half
            offset = 1.6 * TICK * (1 if not side else -1 if up else -0.6)
            panel.text(at, row + offset, label, ha="center", va="bottom" if side else "top", fontsize=5.5)
