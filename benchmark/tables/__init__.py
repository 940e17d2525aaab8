"""Tables of a paper. To add one: a file with a function ``table(results, run) -> Table | None`` and one line here.

``results`` holds the tidy frames, restricted to the design and role that the menu's name says; None means that there
is nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from benchmark.tables import (
    added_value,
    best_set,
    blocks,
    calibration,
    cohort,
    comparison,
    designs,
    dropped,
    effort,
    failures,
    families,
    families_posthoc,
    feature_sets,
    features,
    further_tests,
    optimism,
    pairs,
    performance,
    preprocessings,
    skipped,
)
from benchmark.tables.table import Table

MakeTable = Callable[[Mapping[str, pd.DataFrame], Mapping[str, Any]], Table | None]

OF_EXPERIMENT: dict[str, MakeTable] = {
    "cohort": cohort.table,
    "blocks": blocks.table,
    "dropped": dropped.table,
    "feature_sets": feature_sets.table,
    "preprocessings": preprocessings.table,
    "designs": designs.table,
    "failures": failures.table,
    "skipped": skipped.table,
    "effort": effort.table,
}
"""One of each per experiment."""

OF_DESIGN: dict[str, MakeTable] = {"features": features.table}
"""One of each per design."""

OF_DESIGN_AND_ROLE: dict[str, MakeTable] = {
    "performance": performance.table,
    "optimism": optimism.table,
    "comparison": comparison.table,
    "pairs": pairs.table,
    "added_value": added_value.table,
    "best_set": best_set.table,
    "further_tests": further_tests.table,
    "families": families.table,
    "families_posthoc": families_posthoc.table,
    "calibration": calibration.table,
}
"""One of each per design and role."""
