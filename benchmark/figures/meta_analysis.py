"""Forest plot of a meta-analysis: each cohort, their mean, and where a new cohort is expected."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.style import COLOURS, GREY, ONE_COLUMN, TWO_COLUMNS, new_figure, styled
from benchmark.tables.measures import text_of, title_of
from benchmark.tables.rounding import EN_DASH, difference, number, p_value, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Random-effects meta-analysis. Squares: cohorts, their area is the weight; diamond: mean and its interval; bar: "
    "prediction interval of a new cohort."
)


TITLE_WIDTH = 42
"""Characters above the axes."""

RIGHT = {"auc": 0.5, "calibration_slope": 1.0, "observed_expected": 1.0}
"""Where the line stands: chance of an AUC, what is right of the others; 0 if not told."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """``results["meta"]``: rows with ``kind`` (cohort, mean, prediction), ``name``, ``estimate``, ``low``, ``high``,
    ``level``, ``weight``, and of the mean ``p``, ``tau2``, ``i2``, ``method``. A column ``measure`` names what it is,
    without one a difference in AUC; a column ``title`` what stands above."""
    meta = results.get("meta", pd.DataFrame())
    meta = meta[meta["estimate"].notna()] if len(meta) else meta
    if not len(meta):
        return None
    longest = max(len(_name(row)) for row in meta.to_dict("records"))
    figure = new_figure(min(TWO_COLUMNS, max(ONE_COLUMN, 2.5 + 0.055 * longest)), 0.8 + 0.2 * len(meta))
    axes = figure.subplots()
    forest(axes, meta, str(meta["measure"].iloc[0]) if "measure" in meta else "difference")
    if "title" in meta:
        axes.set_title(fill(str(meta["title"].iloc[0]), TITLE_WIDTH), x=0)
    return figure


def forest(axes: Axes, meta: pd.DataFrame, measure: str) -> None:
    """The rows of a meta-analysis from top to bottom, names to the left and numbers to the right."""
    rows = meta.to_dict("records")
    for place, row in enumerate(rows):
        _mark(axes, place, row)
    axes.axvline(RIGHT.get(measure, 0), color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows])
    what = "Difference in AUC" if measure == "difference" else title_of(measure)
    level = percent(float(meta["level"].iloc[0]))
    axes.set(
        ylim=(len(rows) - 0.4, -0.6), xlabel="\n".join(filter(None, [f"{what} ({level} CI)", _heterogeneity(meta)]))
    )
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    numbers = axes.secondary_yaxis("right")
    words = difference if measure == "difference" else partial(text_of, measure)
    numbers.set_yticks(range(len(rows)), [words(row["estimate"], row["low"], row["high"]) for row in rows])
    numbers.tick_params(length=0)
    numbers.spines["right"].set_visible(False)


def _name(row: Mapping[Any, Any]) -> str:
    return {"mean": "Mean", "prediction": "Prediction"}.get(row["kind"], str(row["name"]))


def _mark(axes: Axes, place: int, row: Mapping[Any, Any]) -> None:
    ends = [row["low"], row["high"]]
    if row["kind"] == "cohort":
        axes.plot(ends, [place, place], color=COLOURS[0], linewidth=1.0)
        size = 8 + 60 * (row["weight"] if row["weight"] > 0 else 0)
        axes.scatter([row["estimate"]], [place], s=size, marker="s", color=COLOURS[0], zorder=3)
    elif row["kind"] == "mean":
        corners = [row["low"], row["estimate"], row["high"], row["estimate"]]
        axes.fill(corners, [place, place - 0.28, place, place + 0.28], color=COLOURS[1])
    else:
        axes.plot(ends, [place, place], color=COLOURS[1], linewidth=2.4, solid_capstyle="butt")


def _heterogeneity(meta: pd.DataFrame) -> str:
    """``mean: p = 0.012; I² 41%, τ² 0.0012``, tau2 on the scale on which it was estimated."""
    mean = meta[meta["kind"] == "mean"]
    if mean.empty:
        return ""
    p = p_value(mean["p"].iloc[0])
    test = f"p {p}; " if p.startswith("<") else "" if p == EN_DASH else f"p = {p}; "
    i2, tau2 = float(mean["i2"].iloc[0]), number(mean["tau2"].iloc[0], digits=4)
    scale = " (logit scale)" if str(mean["method"].iloc[0]).endswith("logit scale") else ""
    return f"mean: {test}I² {number(100 * i2, digits=0)}%, τ² {tau2}{scale}"
