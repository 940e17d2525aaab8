"""From the tidy results to what a paper needs: tables and figures as files, and one page that holds them.

Nothing is fitted or estimated here, so it can be redone at any time. ``tables/`` and ``figures/`` of the folder belong to
the report: files of an earlier report that are not written again are removed.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark import figures, tables
from benchmark.exporters import EXPORTERS
from benchmark.figures.style import DOTS_PER_INCH, styled
from benchmark.tables.measures import MEASURES
from benchmark.tables.scopes import Scope, complete, of_design, of_design_and_role
from benchmark.tables.table import Table
from benchmark.tables.words import tried_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATES = Path(__file__).parent / "templates"
PICTURES = ("png", "pdf")
PAGE_DOTS_PER_INCH = 150
"""Of the pictures inside the page; the files have more."""


@dataclass(frozen=True)
class Section:
    """A section of the page: which tables and figures it shows, in order."""

    title: str
    lead: str
    shows: tuple[str, ...]


SECTIONS = {
    "performance": Section(
        "Performance",
        "How well each model predicts cases that it was not fitted on.",
        ("forest", "performance", "roc", "heatmap", "optimism"),
    ),
    "comparisons": Section(
        "Comparisons", "Which differences between models are larger than chance.", ("comparison", "pairs")
    ),
    "families": Section(
        "Families of features", "Whether feature sets differ, over all classifiers.", ("families", "families_posthoc")
    ),
    "calibration": Section(
        "Calibration", "Whether a predicted probability of 30% comes true in 30 of 100 cases.", ("calibration", "curves")
    ),
    "use": Section("Clinical use", "Whether acting on a model does more good than treating all or none.", ("decision_curve",)),
    "features": Section("Selected features", "What reached the classifiers.", ("selection", "features")),
}
"""By the anchor in the page."""
