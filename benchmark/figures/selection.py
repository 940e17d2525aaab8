"""How often features were selected, the most frequent first, coloured by block."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import COLOURS, TWO_COLUMNS, new_figure, styled
from benchmark.tables.features import rank
from benchmark.tables.order import Run, in_order, levels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Share of the fitted models of a design in which a feature was selected, in the feature set that unites most "
    "blocks: the 20 most frequent."
)
MOST = 20
TITLE_WIDTH = 34
"""Characters above the bars."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per preprocessing that selects."""
    from matplotlib.patches import Patch

    shown = _shown(results["frequencies"], run)
    if shown.empty:
        return None
    preprocessings = levels(shown, "preprocessing", run)
    sizes = [min(MOST, int((shown["preprocessing"] == name).sum())) for name in preprocessings]
    longest = int(shown["feature"].str.len().max())
    figure = new_figure(min(TWO_COLUMNS, 2.8 + 0.055 * longest), 0.2 + sum(0.7 + 0.145 * size for size in sizes))
    axes = figure.subplots(len(preprocessings), 1, squeeze=False, height_ratios=[size + 3 for size in sizes])[:, 0]
    blocks = in_order(shown["block"], [str(block["name"]) for block in (run.get("cohort") or {}).get("blocks") or ()])
    colour = {block: COLOURS[i % len(COLOURS)] for i, block in enumerate(blocks)}
    for panel, preprocessing in zip(axes, preprocessings, strict=True):
        top = shown[shown["preprocessing"] == preprocessing].head(MOST)
        panel.barh(range(len(top)), top["frequency"], color=[colour[block] for block in top["block"]], height=0.75)
        panel.set_yticks(range(len(top)), top["feature"])
        panel.set(ylim=(len(top) - 0.4, -0.6), xlim=(0, 1.01), xlabel="Share of models")
        panel.tick_params(axis="y", length=0)
        names = [str(top["feature_set"].iloc[0]), *([preprocessing] if len(preprocessings) > 1 else [])]
        panel.set_title(fill(", ".join(names), TITLE_WIDTH))
    handles = [Patch(color=colour[block], label=block) for block in blocks]
    figure.legend(handles=handles, loc="outside lower right", ncols=min(5, len(handles)))
    return figure


def _shown(frequencies: pd.DataFrame, run: Run) -> pd.DataFrame:
    """The ranked rows of the widest feature set that something was selected from."""
    ranked = rank(frequencies.astype({"preprocessing": str, "block": str}), run)
    selects = ranked.groupby(["feature_set", "preprocessing"], observed=True)["frequency"].transform("min") < 1
    ranked = ranked[selects]
    if ranked.empty:
        return ranked
    n_blocks = ranked.groupby("feature_set", observed=True, sort=False)["block"].nunique()
    return ranked[ranked["feature_set"] == n_blocks.idxmax()]
