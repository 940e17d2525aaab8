"""The parts of a report: the whole experiment, each design, each design and role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from benchmark.estimates import (
    ADDED_VALUE_OF_RUN,
    ANOVA,
    ATTRIBUTED,
    BEST_SET,
    CENTRES,
    COMPARISONS,
    CONFUSION,
    CURVES,
    EQUIVALENCE,
    ESTIMATES,
    FEATURE_WEIGHTS,
    FOLD_SCORES,
    FREQUENCIES,
    FURTHER_TESTS,
    FUSED,
    MULTIVERSE,
    MULTIVERSE_FACTORS,
    NET_BENEFIT,
    POSTHOC,
    RECALIBRATED,
    RECALIBRATED_CURVES,
    SPECIFICATIONS,
    STABILITY,
    TRANSFER,
    TRANSFER_NEEDED,
)
from benchmark.predictions import ATTRIBUTIONS, FAILURES, RECIPE, TIMINGS, TRIALS
from benchmark.tables.order import ROLES, Run, in_order
from benchmark.tables.words import place_words

COLUMNS = {
    "estimates": ESTIMATES,
    "comparisons": COMPARISONS,
    "equivalence": EQUIVALENCE,
    "added_value": ADDED_VALUE_OF_RUN,
    "best_set": BEST_SET,
    "further_tests": FURTHER_TESTS,
    "anova": ANOVA,
    "posthoc": POSTHOC,
    "curves": CURVES,
    "net_benefit": NET_BENEFIT,
    "recalibrated": RECALIBRATED,
    "recalibrated_curves": RECALIBRATED_CURVES,
    "confusion": CONFUSION,
    "fused": FUSED,
    "frequencies": FREQUENCIES,
    "fold_scores": FOLD_SCORES,
    "specifications": SPECIFICATIONS,
    "multiverse": MULTIVERSE,
    "multiverse_factors": MULTIVERSE_FACTORS,
    "stability": STABILITY,
    "feature_weights": FEATURE_WEIGHTS,
    "centres": CENTRES,
    "transfer": TRANSFER,
    "transfer_needed": TRANSFER_NEEDED,
    "attributed": ATTRIBUTED,
    "attributions": ATTRIBUTIONS,
    "failures": FAILURES,
    "timings": TIMINGS,
    "trials": TRIALS,
}
"""The frames that tables and figures read."""


@dataclass(frozen=True, eq=False)
class Scope:
    """``title``: in words; ``suffix``: of file names; ``results``: the rows of this part alone."""

    title: str
    suffix: str
    results: dict[str, pd.DataFrame]


def complete(results: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All frames with all their columns: a frame that is not there is empty, a name that is not there is ``""``."""
    found = {}
    for name, columns in COLUMNS.items():
        frame = results.get(name)
        frame = pd.DataFrame(columns=columns) if frame is None else frame
        frame = frame.reindex(columns=[*columns, *frame.columns.difference(columns, sort=False)])
        names = [column for column in ("design", "role", *RECIPE) if column in columns]
        found[name] = frame.assign(**{column: frame[column].astype(object).fillna("").astype(str) for column in names})
    return found


def of_design(results: Mapping[str, pd.DataFrame], run: Run) -> list[Scope]:
    """One scope per design, in the experiment's order."""
    names = [*results["estimates"]["design"], *results["frequencies"]["design"]]
    return [
        Scope(name, f"_{slug(name)}", _rows(results, design=name))
        for name in in_order(names, [str(name) for name in run.get("designs") or ()])
    ]


def of_design_and_role(results: Mapping[str, pd.DataFrame], run: Run) -> list[Scope]:
    """One scope per design and role that has estimates."""
    found = []
    for design in of_design(results, run):
        for role in in_order(design.results["estimates"]["role"], ROLES):
            title, suffix = place_words(run, design.title, role), f"{design.suffix}_{slug(role)}"
            found.append(Scope(title, suffix, _rows(design.results, role=role)))
    return found


def slug(name: str) -> str:
    """A name as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "unnamed"


def _rows(results: Mapping[str, pd.DataFrame], **wanted: str) -> dict[str, pd.DataFrame]:
    ((column, value),) = wanted.items()
    return {
        name: frame[frame[column] == value].reset_index(drop=True) if column in frame.columns else frame
        for name, frame in results.items()
    }
