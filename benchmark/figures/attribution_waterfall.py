"""Single tested cases, feature by feature: from what is usual to what the model says of the case."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.picked import PICKED, Parts, cases_of, parts_of
from benchmark.figures.style import GREY, LOWERS, PALE, RAISES, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run
from benchmark.tables.rounding import number, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    f"{PICKED} From the base, which is what the model says on average, each bar moves the output by the SHAP value of "
    "a feature, up to f(x)."
)
MOST = 8
ROW = 0.17
"""Features that are drawn, the rest being joined; height of a row, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """The picked cases of the one model that the results hold."""
    cases = cases_of(results["explained_cases"])
    if not cases:
        return None
    parts = [parts_of(rows, MOST, run) for _, rows in cases]
    rows, columns = -(-len(cases) // 2), min(2, len(cases))
    figure = new_figure(TWO_COLUMNS, 0.4 + rows * (0.65 + ROW * max(len(part.shap) for part in parts)))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel, (title, told), part in zip(axes, cases, parts, strict=False):
        _fall(panel, part, float(told["base"].iloc[0]))
        panel.set_title(title, fontsize=6, pad=12)
    for panel in axes[len(cases) :]:
        panel.set_axis_off()
    first = cases[0][1].iloc[0]
    figure.supxlabel(f"Model output ({first['scale']} of {first['class']})", fontsize="small")
    return figure


def _fall(panel: Axes, part: Parts, base: float) -> None:
    """The smallest part at the bottom, beside the base; the largest on top, where the output is reached."""
    shaps, labels = part.shap[::-1], part.labels[::-1]
    passed = list(accumulate(shaps, initial=base))
    width = max(passed) - min(passed) or 1.0
    for place, (shap, at, to) in enumerate(zip(shaps, passed[:-1], passed[1:], strict=True)):
        panel.barh(place, shap, left=at, height=0.62, color=RAISES if shap > 0 else LOWERS)
        panel.plot([to, to], [place, place + (1 if place + 1 < len(shaps) else 0.5)], color=GREY, linewidth=0.5)
        panel.text(max(at, to) + 0.015 * width, place, signed(shap, digits=2), va="center", fontsize=5)
    panel.axvline(base, color=PALE, linewidth=0.7, zorder=0)
    panel.set_yticks(range(len(labels)), labels, fontsize=5.5)
    panel.set(ylim=(-0.6, len(labels) - 0.4), xlim=(min(passed) - 0.05 * width, max(passed) + 0.16 * width))
    panel.locator_params(axis="x", nbins=5)
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
    above: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 5.5}
    panel.text(passed[-1], len(labels) - 0.38, f"f(x) = {number(passed[-1], digits=2)}", **above)
    if abs(passed[-1] - base) > 0.3 * width:
        panel.text(base, len(labels) - 0.38, f"base {number(base, digits=2)}", color=GREY, **above)
