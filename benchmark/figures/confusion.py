"""Confusion matrices: cases of each class by the class that they are called."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmark.figures.arms import Arm, arms_by_preprocessing, rows_of
from benchmark.figures.style import TWO_COLUMNS, panels, styled
from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import degrees, whole_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    "Confusion matrices, one model per feature set: cases, and their share of the true class (the colour). Each case "
    "counts once."
)
MOST_PANELS = 12


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """One panel per model, on one scale of colour."""
    confusion = results["confusion"]
    groups = arms_by_preprocessing(confusion.assign(y=confusion["cases"]), run)
    arms = [arm for group in groups.values() for arm in group][:MOST_PANELS]
    if not arms:
        return None
    labels = in_order(confusion["truth"], declared(run, "classes"))
    columns = min(len(arms), 4 if len(labels) < 4 else 3)
    size = TWO_COLUMNS / (4 if len(labels) < 4 else 3)
    titles = [_title(arm, round(15 * size), len(groups)) for arm in arms]
    lines = 1 + max(title.count("\n") for title in titles)
    figure, axes = panels(len(arms), most_columns=columns, size=size, height=size + 0.3 + 0.12 * lines)
    for panel, arm, title in zip(axes, arms, titles, strict=True):
        rows = rows_of(confusion, arm).set_index(["truth", "called"])
        counts, shares = (rows[name].astype(float).unstack()[labels].reindex(labels) for name in ("cases", "share"))
        _draw_matrix(panel, counts.to_numpy(), shares.to_numpy(), labels)
        panel.set_title(title)
    figure.supxlabel("Called", fontsize=7.5)
    figure.supylabel("True class", fontsize=7.5)
    return figure


def _title(arm: Arm, width: int, preprocessings: int) -> str:
    names = [arm.label, *([arm.preprocessing] if preprocessings > 1 else [])]
    return "\n".join(fill(name, width) for name in names)


def _draw_matrix(panel: Axes, counts: np.ndarray, shares: np.ndarray, labels: list[str]) -> None:
    panel.imshow(np.nan_to_num(shares), cmap="Blues", vmin=0, vmax=1)
    for (truth, called), cases in np.ndenumerate(counts):
        share = float(shares[truth, called])
        text = degrees(cases) + ("" if np.isnan(share) else f"\n{whole_percent(share)}")
        ink = "white" if share > 0.6 else "black"
        panel.text(called, truth, text, ha="center", va="center", color=ink, fontsize=6 if len(labels) < 6 else 5)
    turned = max(map(len, labels)) * len(labels) > 24
    panel.set_xticks(range(len(labels)), labels, rotation=40 if turned else 0, ha="right" if turned else "center",
                     rotation_mode="anchor")  # fmt: skip
    panel.set_yticks(range(len(labels)), labels)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
