"""The AUC of every family in every cohort, and their means, at one glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.clipped import NOTE, interval, limits
from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.rounding import count
from benchmark.tables.words import interval_heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = f"AUC of each family in each cohort, and means over cohorts (their number). The line at 0.5 is chance. {NOTE}"
MARKERS = "osD^vP*X"
ROW = 0.125
"""Height of a line, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """A line per cohort and model, the means last; a colour and a mark per model. The name of a cohort with one model
    stands on its line, of others above their lines."""
    found = results["cohort_meta"]
    found = found[(found["measure"] == "auc") & (found["kind"] != "prediction") & found["estimate"].notna()]
    if found.empty:
        return None
    looks = {
        model: {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)]}
        for number, model in enumerate(dict.fromkeys(found["first"]))
    }
    lines = _lines(found)
    figure = new_figure(TWO_COLUMNS, 0.6 + ROW * len(lines))
    axes = figure.subplots()
    ends = limits(found, 0.5, estimate="estimate", ends=("low", "high"))
    for place, (_, _, row) in enumerate(lines):
        if row is not None:
            look = looks[row["first"]]
            interval(axes, place, row["low"], row["high"], ends, color=look["color"], linewidth=0.9)
            axes.plot([row["estimate"]], [place], look["marker"], color=look["color"], markersize=3.4)
    _dress(axes, lines)
    axes.set(xlim=ends, xlabel=f"AUC ({interval_heading(found)})")
    return figure


def _lines(found: pd.DataFrame) -> list[tuple[str, bool, dict[Any, Any] | None]]:
    """From top to bottom: the words of a line, whether it begins a group, and its row, if it has one."""
    lines: list[tuple[str, bool, dict[Any, Any] | None]] = []
    groups = [(str(name), part) for name, part in found[found["kind"] == "cohort"].groupby("name", sort=False)]
    for name, part in [*groups, ("Mean", found[found["kind"] == "mean"])]:
        rows = part.to_dict("records")
        if len(rows) == 1:
            lines.append((f"{name}: {_model(rows[0])}", True, rows[0]))
        elif rows:
            lines += [(name, True, None), *((_model(row), False, row) for row in rows)]
    return lines


def _model(row: Mapping[Any, Any]) -> str:
    return f"{row['first']} ({count(row['n_cohorts'])})" if row["kind"] == "mean" else str(row["first"])


def _dress(axes: Axes, lines: list[tuple[str, bool, dict[Any, Any] | None]]) -> None:
    axes.set_yticks(range(len(lines)), [words for words, _, _ in lines])
    for place, (label, (_, begins, _)) in enumerate(zip(axes.get_yticklabels(), lines, strict=True)):
        label.set_fontweight("bold" if begins else "normal")
        if begins and place:
            axes.axhline(place - 0.5, color=PALE, linewidth=0.5)
    axes.axvline(0.5, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, pad=5)
    axes.spines["left"].set_visible(False)
