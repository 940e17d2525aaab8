"""Single tested cases as a balance: what raises the prediction against what lowers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.figures.picked import PICKED, Parts, cases_of, parts_of
from benchmark.figures.style import GREY, LOWERS, RAISES, TWO_COLUMNS, new_figure, styled
from benchmark.tables.order import Run
from benchmark.tables.rounding import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = (
    f"{PICKED} Features that raise the output push from the left (red), those that lower it from the right (blue), and "
    "meet at f(x); without them it would be at the base."
)
MOST = 6
STRIP = 0.95
"""Features that are drawn, the rest being joined; height of a strip, inches."""

LETTER = 0.042
"""Width of a letter of a label, inches."""

HALF = 0.5
"""Half the height of a strip; labels stand below it."""


@styled
def draw(results: Mapping[str, pd.DataFrame], run: Run) -> Figure | None:
    """A strip per picked case of the one model that the results hold, all on one scale."""
    cases = cases_of(results["explained_cases"])
    if not cases:
        return None
    figure = new_figure(TWO_COLUMNS, 0.4 + STRIP * len(cases))
    axes = figure.subplots(len(cases), 1, squeeze=False, sharex=True)[:, 0]
    parts = [parts_of(rows, MOST, run) for _, rows in cases]
    ends = [_ends(float(rows["output"].iloc[0]), part) for (_, rows), part in zip(cases, parts, strict=True)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    room = 0.04 * (high - low or 1.0)
    inch = (high - low + 2 * room) / (TWO_COLUMNS - 0.2)
    for panel, (title, rows), part in zip(axes, cases, parts, strict=True):
        base, output = (float(rows[column].iloc[0]) for column in ("base", "output"))
        _strip(panel, part, output, inch)
        panel.plot([base, base], [-HALF, HALF + 0.35], color=GREY, linewidth=0.7, linestyle=(0, (3, 2)))
        panel.text(base, HALF + 0.4, f"base {number(base, digits=2)}", color=GREY, **_above(base, output))
        panel.text(output, HALF + 0.1, f"f(x) = {number(output, digits=2)}", weight="bold", **_above(output, base))
        panel.set_title(title, fontsize=6)
        panel.set(ylim=(-2.2, HALF + 0.9), yticks=[], xlim=(low - room, high + room))
        last = panel is axes[-1]
        panel.spines["left"].set_visible(False)
        panel.spines["bottom"].set_visible(last)
        panel.tick_params(bottom=last, labelbottom=last)
    first = cases[0][1].iloc[0]
    axes[-1].set_xlabel(f"Model output ({first['scale']} of {first['class']})")
    return figure


def _above(at: float, other: float) -> dict[str, Any]:
    """Beside the line, on the side away from the other text."""
    return {"ha": "left" if at > other else "right", "va": "bottom", "fontsize": 5.5}


def _ends(output: float, part: Parts) -> tuple[float, float]:
    up = sum(shap for shap in part.shap if shap > 0)
    down = sum(shap for shap in part.shap if shap < 0)
    return output - up, output - down


def _strip(panel: Axes, part: Parts, output: float, inch: float) -> None:
    """The largest parts next to f(x). ``inch``: of output, in an inch of paper."""
    free = [-float("inf")] * 3
    found = []
    for sign, colour in ((1, RAISES), (-1, LOWERS)):
        at = output
        for shap, label in zip(part.shap, part.labels, strict=True):
            if shap * sign > 0:
                found.append((*_segment(panel, at, at - shap, colour, inch), label))
                at -= shap
    for middle, width, label in sorted(found):
        half = len(label) * LETTER * inch / 2
        line = next((line for line, end in enumerate(free) if end < middle - half), None)
        if line is not None and width > 0.03 * inch:
            free[line] = middle + half + 0.05 * inch
            panel.text(middle, -HALF - 0.12 - 0.52 * line, label, ha="center", va="top", fontsize=5.2)


def _segment(panel: Axes, near: float, far: float, colour: str, inch: float) -> tuple[float, float]:
    """A piece that points to f(x), from its near end to its far one; its middle and its width."""
    tip = min(abs(far - near), 0.05 * inch) * (1 if far > near else -1)
    outline = [(near, 0), (near + tip, HALF), (far + tip, HALF), (far, 0), (far + tip, -HALF), (near + tip, -HALF)]
    panel.fill(*zip(*outline, strict=True), color=colour, linewidth=0.6, edgecolor="white")
    return (near + far) / 2, abs(far - near)
