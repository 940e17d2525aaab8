"""How many cases of a new centre recalibration needs: calibration error against the cases that recalibrate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.style import COLOURS, GREY, TWO_COLUMNS, panels, styled
from benchmark.tables.order import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Calibration error (ICI) in a centre on cases that did not recalibrate, against the number of its cases that did. "
    "Lines: means over random draws; bands: 80% of the draws. One model, named above."
)
LOOKS = {
    "none": (GREY, "left alone"),
    "intercept": (COLOURS[0], "intercept"),
    "slope and intercept": (COLOURS[1], "slope and intercept"),
    "closed test": (COLOURS[2], "closed test"),
}
BANDS = ("none", "slope and intercept")
"""Three bands on one another say nothing."""

SIZE = TWO_COLUMNS / 3


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A panel per centre, of the feature set that unites most families (its first model)."""
    found = results["transfer"]
    found = found[found["measure"] == "ici"]
    arm = _widest(found, run)
    if arm is None:
        return None
    rows = rows_of(found, arm)
    centres = list(dict.fromkeys(rows["centre"]))
    figure, axes = panels(len(centres), most_columns=3, size=SIZE, height=SIZE * 0.85)
    most = float(rows["high"].max())
    for panel, centre in zip(axes, centres, strict=True):
        _lines(panel, rows[rows["centre"] == centre])
        panel.set(xscale="log", ylim=(0, 1.05 * most))
        panel.set_title(str(centre))
        sizes = sorted(rows.loc[rows["centre"] == centre, "n_recalibration"].unique())
        panel.set_xticks(sizes, [f"{size:g}" for size in sizes])
        panel.minorticks_off()
    figure.supxlabel("Cases of the centre that recalibrate", fontsize=7.5)
    figure.supylabel("ICI", fontsize=7.5)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=len(LOOKS), title=arm.label, alignment="left")
    return figure


def _widest(found: pd.DataFrame, run: Run) -> Arm | None:
    arms = [arm for group in arms_by_preprocessing(found, run).values() for arm in group]
    sets = run.get("feature_sets") or {}
    families = {arm: len((sets.get(arm.feature_set) or {}).get("families") or ()) for arm in arms}
    return max(arms, key=lambda arm: families[arm], default=None)


def _lines(axes: Axes, rows: pd.DataFrame) -> None:
    for method, (colour, label) in LOOKS.items():
        part = rows[rows["method"] == method].sort_values("n_recalibration")
        axes.plot(part["n_recalibration"], part["estimate"], "o-", color=colour, markersize=2.5, label=label)
        if method in BANDS:
            axes.fill_between(part["n_recalibration"], part["low"], part["high"], color=colour, alpha=0.15, linewidth=0)
