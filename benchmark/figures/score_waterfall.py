"""The rad-score of every tested case, from the lowest to the highest, coloured by what the case turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchmark.figures.style import COLOURS, TWO_COLUMNS, panels, styled
from benchmark.tables.order import Run, declared, in_order, levels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Scores (log-odds of a LASSO model of one block) of tested cases, sorted; a bar is a case, its colour the true "
    "class. A case has the mean over the models that did not train on it."
)
CHOSEN = (0, 1, 2, 4, 3, 5, 6)
"""Colours by class."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A panel per score: of a block in the first feature set that has it, and of more than two classes per class."""
    every = results["case_scores"]
    if not every["score"].notna().any():
        return None
    every = every[every["preprocessing"] == levels(every, "preprocessing", run)[0]]
    shown: dict[tuple[str, str], pd.DataFrame] = {}
    for name in in_order(every["feature_set"], declared(run, "feature_sets")):
        own = every[every["feature_set"] == name]
        for (block, score), rows in own.groupby(["block", "name"], sort=False, observed=True):
            shown.setdefault((str(block), str(score)), rows)
    figure, axes = panels(len(shown), most_columns=2, size=TWO_COLUMNS / min(2, len(shown)), height=2.1)
    classes = [str(label) for label in run.get("classes") or sorted(set(every["y_true"].astype(str)))]
    for panel, ((block, name), rows) in zip(axes, shown.items(), strict=True):
        _bars(panel, rows, classes)
        panel.set_title(f"{block} {_score_words(name, classes)}")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=len(classes))
    return figure


def _bars(panel: Axes, rows: pd.DataFrame, classes: list[str]) -> None:
    ranked = rows.sort_values("score", kind="stable").reset_index(drop=True)
    for number, label in enumerate(classes):
        own = ranked[ranked["y_true"].astype(str) == label]
        panel.bar(own.index, own["score"], width=1.0, color=COLOURS[CHOSEN[number % len(CHOSEN)]], label=label,
                  linewidth=0)  # fmt: skip
    panel.axhline(0, color="black", linewidth=0.6)
    panel.set(xlim=(-0.5, len(ranked) - 0.5), xticks=[], ylabel="Score", xlabel=f"{len(ranked)} cases")
    panel.spines["bottom"].set_visible(False)


def _score_words(name: str, classes: list[str]) -> str:
    """``score``, or of more classes ``score of MSI``."""
    _, _, code = name.partition(" ")
    return f"score of {classes[int(code)]} against the others" if code.isdigit() and int(code) < len(classes) else name
