"""Mean |SHAP| of the features that move the predictions of tested cases most, with its spread over fitted models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.style import COLOURS, TWO_COLUMNS, feature_names, new_figure, styled
from benchmark.tables.order import Run, declared, declared_blocks, in_order, shown_models
from benchmark.tables.words import classifier_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Mean size of the SHAP values of tested cases, one panel per feature set; the colour of a bar tells its block. "
    "Lines: one SD over the fitted models up and down, each on the cases that it tested, a model without the "
    "feature counting as 0."
)
MOST = 10
ROW = 0.18
"""Features that are drawn; height of a row, inches."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """Of the first explained classifier of the experiment, and the last class (the positive one of two)."""
    found = shown_models(results["attributed"], run)
    if not found["mean_abs"].notna().any():
        return None
    sets = in_order(found["feature_set"], declared(run, "feature_sets"))
    shown = [found[found["feature_set"] == name].head(MOST) for name in sets]
    rows, columns = -(-len(sets) // 2), min(2, len(sets))
    figure = new_figure(TWO_COLUMNS, 0.6 + rows * (0.5 + ROW * max(map(len, shown))))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    blocks = in_order(found["block"], declared_blocks(run))
    most = max(map(len, shown))
    for panel, name, part in zip(axes, sets, shown, strict=False):
        _bars(panel, part, blocks)
        panel.set_ylim(most - 0.4, -0.6)
        panel.set_title(name)
    for panel in axes[len(sets) :]:
        panel.set_axis_off()
    _legend(figure, blocks)
    first = found.iloc[0]
    title = classifier_title(run, str(first["classifier"]))
    figure.supxlabel(f"Mean |SHAP value| ({first['scale']} of {first['class']}), {title}", fontsize="small")
    return figure


def _bars(panel: Axes, part: pd.DataFrame, blocks: list[str]) -> None:
    colours = [COLOURS[blocks.index(str(block)) % len(COLOURS)] for block in part["block"]]
    size, sd = part["mean_abs"].to_numpy(float), part["sd"].fillna(0.0).to_numpy(float)
    low = np.minimum(sd, size)  # a size is not below 0
    panel.barh(range(len(part)), size, color=colours, height=0.7)
    panel.errorbar(size, range(len(part)), xerr=[low, sd], fmt="none", ecolor="black", elinewidth=0.6)
    panel.set_yticks(range(len(part)), feature_names(part), fontsize="x-small")
    panel.set_xlim(left=0)


def _legend(figure: Figure, blocks: list[str]) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(color=COLOURS[place % len(COLOURS)], label=name) for place, name in enumerate(blocks)]
    figure.legend(handles=patches, loc="outside upper right", ncols=min(6, len(patches)))
