"""The critical-difference diagram: mean ranks over several data sets, and which are not told apart.

Names stand on both sides of an axis of mean ranks, the best (1) at the left, better half left, the rest right. A
thick line joins those whose ranks differ by less than the critical difference, which is drawn above.

Source: Demsar (2006), JMLR 7:1, figure 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import GREY, ONE_COLUMN, TWO_COLUMNS, new_figure, styled
from benchmark.tables.rounding import number, p_value, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Mean ranks over data sets, 1 is the best. A thick line joins those that Nemenyi's test does not tell apart: they "
    "lie within the critical difference (CD)."
)

ROW = 0.17
"""Height of a name, inches."""

BAR = 0.09
"""Distance of two thick lines, inches."""

TOP = 0.62
"""Of the axis with its ticks and the critical difference, inches."""

LEAD = 0.3
"""Of the line beside the axis, as long as the rank that stands on it, inches."""

LETTER = 0.055
"""Width of a letter of a name, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Figure | None:
    """``results["ranks"]``: a row per condition with ``name``, ``mean_rank``, ``groups`` (letters), ``n_sets``,
    ``critical_difference``, ``level`` and ``p``. None without at least two ranks."""
    ranks = results.get("ranks", pd.DataFrame())
    if len(ranks) < 2 or not ranks["mean_rank"].notna().all():
        return None
    ranks = ranks.sort_values("mean_rank", kind="stable", ignore_index=True)
    joined = _joined(ranks)
    k, rows = len(ranks), -(-len(ranks) // 2)
    letters = ranks["name"].astype(str).str.len()
    before, after = (LETTER * side.max() + LEAD + 0.15 for side in (letters[:rows], letters[rows:]))
    width = float(np.clip(before + after + max(1.6, 0.3 * k), ONE_COLUMN, TWO_COLUMNS))
    height = TOP + BAR * (len(joined) + 1) + ROW * rows + 0.25
    figure = new_figure(width, height)
    figure.set_layout_engine("none")  # places are told in inches
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    # inches in both directions, from the top, so that texts and lines keep their distances
    axes.set(xlim=(0, width), ylim=(height, 0))
    narrow = max(before + after + 1, width) / width
    left, right = before / narrow, width - after / narrow
    scale = (right - left) / (k - 1)
    places = left + (ranks["mean_rank"].to_numpy(float) - 1) * scale
    _axis(axes, left, right, k)
    _distance(axes, left, scale, ranks.iloc[0])
    for line, (first, last) in enumerate(joined):
        y = TOP + BAR * (line + 1)
        axes.plot([places[first] - 0.03, places[last] + 0.03], [y, y], color="black", linewidth=2.4)
    _names(axes, ranks, places, (left, right), TOP + BAR * (len(joined) + 1) + ROW / 2)
    told = f"{int(ranks['n_sets'].iloc[0])} data sets, Iman-Davenport p {_p(ranks['p'].iloc[0])}"
    axes.text(width / 2, height - 0.08, told, ha="center", va="bottom", color=GREY, fontsize=6.5)
    return figure


def _joined(ranks: pd.DataFrame) -> list[tuple[int, int]]:
    """First and last of each group of two or more."""
    letters = dict.fromkeys("".join(ranks["groups"]))
    members = [np.flatnonzero(ranks["groups"].str.contains(letter, regex=False)) for letter in letters]
    return [(int(rows[0]), int(rows[-1])) for rows in members if len(rows) > 1]


def _axis(axes: Axes, left: float, right: float, k: int) -> None:
    axes.plot([left, right], [TOP, TOP], color="black", linewidth=0.8)
    for rank, x in enumerate(np.linspace(left, right, k), start=1):
        axes.plot([x, x], [TOP - 0.06, TOP], color="black", linewidth=0.8)
        axes.text(x, TOP - 0.09, str(rank), ha="center", va="bottom")
    for x in np.linspace(left, right, 2 * k - 1)[1::2]:
        axes.plot([x, x], [TOP - 0.03, TOP], color="black", linewidth=0.6)


def _distance(axes: Axes, left: float, scale: float, row: pd.Series) -> None:
    y, length = TOP - 0.34, float(row["critical_difference"]) * scale
    text = f"CD {number(row['critical_difference'], digits=2)} ({percent(row['level'])})"
    axes.plot([left, left + length], [y, y], color="black", linewidth=1.2)
    for x in (left, left + length):
        axes.plot([x, x], [y - 0.035, y + 0.035], color="black", linewidth=1.2)
    axes.text(left, y - 0.06, text, ha="left", va="bottom")


def _names(axes: Axes, ranks: pd.DataFrame, places: np.ndarray, ends: tuple[float, float], top: float) -> None:
    """Lines from the axis down to the names: of the better half to the left, the best on top; of the rest to the right,
    the worst on top."""
    half = -(-len(ranks) // 2)
    for place, (name, x) in enumerate(zip(ranks["name"], places, strict=True)):
        better = place < half
        y = top + ROW * (place if better else len(ranks) - 1 - place)
        end, side = (ends[0] - LEAD, -1) if better else (ends[1] + LEAD, 1)
        rank = number(ranks["mean_rank"].iloc[place], digits=2)
        axes.plot([x, x, end], [TOP, y, y], color=GREY, linewidth=0.7, zorder=0)
        axes.text(end + side * 0.05, y, str(name), ha="right" if better else "left", va="center")
        axes.text(end, y - 0.01, rank, ha="left" if better else "right", va="bottom", fontsize=5.5, color=GREY)


def _p(p: float) -> str:
    text = p_value(p)
    return text if text.startswith("<") else f"= {text}"
