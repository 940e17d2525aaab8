"""The specification curve: the AUC of every specification in order, and below it the choices that each one made.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4:1208, figure 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import count, whole_percent
from benchmark.tables.words import classifier_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Specification curve. Above: the AUC of every specification of a feature set, from the lowest to the highest. "
    "Grey: the middle half of the reference under the same choices, and its median; dashed: chance; diamond: the arm "
    "whose preprocessing and classifier were chosen inside. Below: the choices of the specifications above them, "
    "darker where more of them have the level; one that gathers at the right goes with higher AUCs. Specifications "
    "share their cases: their number is no sample size."
)
MOST_SETS, MOST_LEVELS = 7, 12
"""More feature sets, and factors with more levels, do not fit; the tables have them."""

MARKS = 40
"""So many specifications have a mark each; of more, neighbours share one."""

GROUND = "#F2F2F2"

HEADROOM = 0.17
"""Above the curves, for the words: a share of their range."""

LETTERS, LABEL = 72, 28
"""On a line: of the titles of all panels together, and of a row's name."""

CURVE, ROW = 1.9, 0.125
"""Heights of the curves and of a row of choices, inches."""

Rows = dict[str, list[str]]
"""The levels of each factor."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A panel per feature set, on one scale."""
    found = results["specifications"]
    found = found[found["auc"].notna()]
    if found.empty:
        return None
    sets = in_order(found["feature_set"], declared(run, "feature_sets"))[:MOST_SETS]
    told, rows = _choices(found, run)
    n_rows = sum(1 + len(levels) for levels in rows.values())
    figure = new_figure(TWO_COLUMNS, CURVE + ROW * n_rows + 0.35)
    above, below = figure.subplots(2, len(sets), squeeze=False, sharey="row", height_ratios=[CURVE, ROW * n_rows])
    summaries = {row["feature_set"]: row for row in results["multiverse"].to_dict("records")}
    for place, name in enumerate(sets):
        of_set = told[told["feature_set"] == name].sort_values("auc", kind="stable")
        _curve(above[place], of_set, COLOURS[place])
        above[place].set_title(fill(name, LETTERS // len(sets)))
        _words(above[place], summaries.get(name, {}))
        _matrix(below[place], of_set, rows, COLOURS[place])
    quartiles = found["reference_auc"].quantile([0.25, 0.5, 0.75])
    for axes in above:
        axes.axhspan(quartiles[0.25], quartiles[0.75], color=PALE, alpha=0.6, linewidth=0, zorder=0)
        axes.axhline(quartiles[0.5], color=GREY, linewidth=0.8, zorder=0.5)
    low, high = above[0].get_ylim()
    above[0].set(ylabel="AUC", ylim=(low, high + HEADROOM * (high - low)))
    _row_names(below[0], rows, run)
    return figure


def _choices(found: pd.DataFrame, run: Run) -> tuple[pd.DataFrame, Rows]:
    """The specifications with a column per factor, and the factors' levels in the experiment's order."""
    choices = run.get("choices") or {}
    factors = list(next(iter(choices.values()), {}))
    names = found["preprocessing"].astype(str)
    columns = {
        factor: names.map({name: levels[factor] for name, levels in choices.items()}).fillna("") for factor in factors
    }
    columns |= {"classifier": found["classifier"].astype(str), "seed": found["repeat"].astype(str)}
    told = pd.DataFrame({"feature_set": found["feature_set"], "auc": found["auc"].astype(float), **columns})
    orders = {name: list(dict.fromkeys(levels.get(name, "") for levels in choices.values())) for name in factors}
    orders["classifier"] = declared(run, "classifiers")
    rows = {name: in_order(column, orders.get(name, ())) for name, column in columns.items()}
    return told, {name: levels for name, levels in rows.items() if 1 < len(levels) <= MOST_LEVELS}


def _curve(axes: Axes, of_set: pd.DataFrame, colour: str) -> None:
    auc = of_set["auc"].to_numpy(float)
    axes.scatter(np.arange(len(auc)), auc, s=3.5, color=colour, linewidths=0, zorder=2)
    axes.axhline(0.5, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
    axes.set(xlim=(-0.02 * len(auc) - 0.5, 1.02 * len(auc) - 0.5), xticks=[])
    axes.locator_params(axis="y", nbins=6)
    axes.spines["bottom"].set_visible(False)


def _words(axes: Axes, about: Mapping[Any, Any]) -> None:
    """How many specifications, which share is above the reference; the arm chosen inside as a mark at its height."""
    if not about:
        return
    words = f"{count(about['n_specifications'])} specifications"
    if pd.notna(about["share_above_reference"]):
        words += f"\n{whole_percent(about['share_above_reference'])} above {about['reference']}"
    axes.text(0.03, 0.98, words, transform=axes.transAxes, ha="left", va="top", fontsize=6)
    axes.plot([axes.get_xlim()[1]], [about["chosen_inside"]], "D", markersize=4, color="black", clip_on=False, zorder=3)


def _matrix(axes: Axes, of_set: pd.DataFrame, rows: Rows, colour: str) -> None:
    """A strip per level: dark where the specifications have it."""
    n, place = len(of_set), 0
    for factor, levels in rows.items():
        place += 1
        applies = of_set[factor].nunique() > 1
        for level in levels:
            taken = (of_set[factor] == level).to_numpy() & applies
            axes.imshow(
                _strip(taken, len(levels), colour), aspect="auto", interpolation="nearest",
                extent=(-0.5, n - 0.5, place + 0.42, place - 0.42),
            )  # fmt: skip
            place += 1
        if not applies:
            middle = place - (len(levels) + 1) / 2
            axes.text((n - 1) / 2, middle, "not touched", ha="center", va="center", color=GREY, fontsize=6)
    axes.set(xlim=(-0.02 * n - 0.5, 1.02 * n - 0.5), ylim=(place - 0.4, -0.4), xticks=[])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _strip(taken: np.ndarray, n_levels: int, colour: str) -> np.ndarray:
    """Colours, (1, n_marks, 3). Where neighbours share a mark it has half its colour if as many of them have the level
    as would by chance, and all of it from twice as many on."""
    from matplotlib.colors import to_rgb

    n = len(taken)
    marks = min(n, MARKS)
    of_mark = np.arange(n) * marks // n
    share = np.bincount(of_mark, weights=taken, minlength=marks) / np.bincount(of_mark, minlength=marks)
    shade = share if marks == n else np.minimum(share * n_levels / 2, 1)
    ground, ink = np.array(to_rgb(GROUND)), np.array(to_rgb(colour))
    return (ground + shade[:, None] * (ink - ground))[None]


def _row_names(axes: Axes, rows: Rows, run: Run) -> None:
    names = []
    for factor, levels in rows.items():
        names += [factor.capitalize() if factor.islower() else factor]
        names += [_short(classifier_title(run, level)) if factor == "classifier" else _short(level) for level in levels]
    axes.set_yticks(range(len(names)), names, fontsize=6)
    place = 0
    for levels in rows.values():
        axes.get_yticklabels()[place].set_fontweight("bold")
        place += 1 + len(levels)


def _short(name: str) -> str:
    """A long name without its parameters, and never more than ``LABEL`` letters."""
    kept = name if len(name) <= LABEL else name.partition(" (")[0]
    return kept if len(kept) <= LABEL else kept[: LABEL - 1] + "…"
