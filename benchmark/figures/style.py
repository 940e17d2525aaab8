"""How figures look: sizes of a printed column, letters that stay readable there, colours that colour-blind readers tell
apart.

Figures are made with matplotlib's objects alone: no pyplot, no window, no figure kept behind. matplotlib is imported
when a figure is drawn, so that what never draws stays fast.

Source of the colours: Okabe and Ito (2008), Color Universal Design.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from textwrap import fill
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ONE_COLUMN = 3.5
"""Inches."""

TWO_COLUMNS = 7.0

DOTS_PER_INCH = 300
BELOW_AXES = 0.4
"""From the axes to a legend below them, inches: ticks and label lie between."""

LEGEND_LINE = 0.14
"""Height of a line of a legend, inches."""

LEGEND_WIDTH = 48
"""Characters of a line of a legend below one column."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito without yellow, which is too light for a line on white."""

LINES = ("solid", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
GREY = "#8C8C8C"
PALE = "#D0D0D0"
RAISES, LOWERS = "#C8403A", "#2F6FB0"
"""What raises a prediction, and what lowers it."""

NAME = 34
"""Letters of a name of a feature that has little room."""

SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 7,
    "axes.titlesize": 7.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.fontsize": 6.5,
    "legend.title_fontsize": 6.5,
    "legend.frameon": False,
    "legend.handlelength": 2.0,
    "legend.labelspacing": 0.35,
    "legend.borderaxespad": 0.0,
    "lines.linewidth": 1.2,
    "lines.solid_capstyle": "round",
    "figure.dpi": 100,
    "savefig.dpi": DOTS_PER_INCH,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
}
"""Type 42: text in the PDF stays text, as journals ask."""

P = ParamSpec("P")
T = TypeVar("T")


def styled(function: Callable[P, T]) -> Callable[P, T]:
    """Draw or save under ``SETTINGS``, and leave matplotlib's settings as they were."""

    @functools.wraps(function)
    def within(*args: P.args, **kwargs: P.kwargs) -> T:
        from matplotlib import rc_context

        settings: Any = SETTINGS
        with rc_context(settings):
            return function(*args, **kwargs)

    return within


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, that makes room for labels and legends by itself."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def panels(n: int, *, most_columns: int, size: float, height: float) -> tuple[Figure, list[Axes]]:
    """A figure of ``n`` equal panels in rows, each ``size`` x ``height`` inches, and their axes; what is left of the
    last row is empty."""
    columns = min(n, most_columns)
    rows = -(-n // columns)
    figure = new_figure(size * columns, height * rows)
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for empty in axes[n:]:
        empty.set_axis_off()
    return figure, axes[:n]


def short_name(name: str) -> str:
    """A name of a feature, the middle left out where it is too long."""
    return name if len(name) <= NAME else f"{name[:15]}…{name[-18:]}"


def feature_names(rows: pd.DataFrame) -> list[str]:
    """A name for each row of a feature, with its block where two have the same."""
    twice = rows["feature"].duplicated(keep=False)
    return [short_name(f"{row['block']} {row['feature']}" if more else str(row["feature"]))
            for more, row in zip(twice, rows.to_dict("records"), strict=True)]  # fmt: skip


def unit_axes(axes: Axes) -> None:
    """Both axes from 0 to 1 in one scale, with the diagonal in grey."""
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=0.8, zorder=0, label="_diagonal")
    axes.set(
        xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1], yticks=[0, 0.2, 0.4, 0.6, 0.8, 1]
    )
    axes.set_aspect("equal", anchor="N")


def legend_below(axes: Axes, title: str = "") -> int:
    """The legend under the axes and their label, where it hides no curve however long its names are; the number of its
    lines."""
    from matplotlib.transforms import ScaledTranslation

    under_label = axes.transAxes + ScaledTranslation(0, -BELOW_AXES, axes.figure.dpi_scale_trans)
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.0, 0.0), "bbox_transform": under_label}
    handles, labels = axes.get_legend_handles_labels()
    labels = [fill(label, LEGEND_WIDTH) for label in labels]
    title = fill(title, LEGEND_WIDTH)
    axes.legend(handles, labels, **place, title=title or None, alignment="left")
    return sum(text.count("\n") + 1 for text in (title, *labels))


def make_room(figure: Figure, lines: list[int], *, most_columns: int) -> None:
    """Make a figure of panels higher by the lines of the legends below them."""
    rows = -(-len(lines) // most_columns)
    figure.set_figheight(figure.get_figheight() + rows * LEGEND_LINE * max(lines))
