"""The parts of a report: the whole experiment, each design, each design and role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from benchmark.estimates import (
    ADDED_VALUE_OF_RUN,
    ANOVA,
    ASSOCIATIONS_OF_RUN,
    ATTRIBUTED,
    ATTRIBUTION_SHARES,
    BALANCE,
    BASELINE,
    BEST_SET,
    CASE_SCORES,
    CENTRES,
    COMPARISONS,
    CONFUSION,
    CURVES,
    EQUIVALENCE,
    ESTIMATES,
    EXPLAINED_CASES,
    FEATURE_WEIGHTS,
    FOLD_SCORES,
    FREQUENCIES,
    FURTHER_TESTS,
    FUSED,
    MULTIVERSE,
    MULTIVERSE_FACTORS,
    NET_BENEFIT,
    NOMOGRAM,
    POSTHOC,
    RECALIBRATED,
    RECALIBRATED_CURVES,
    SET_MEANS,
    SPECIFICATIONS,
    SPREAD,
    STABILITY,
    SUBGROUP_ESTIMATES,
    SUBGROUP_TESTS,
    SURVIVAL,
    TRANSFER,
    TRANSFER_NEEDED,
    UNIVARIATE,
)
from benchmark.predictions import ATTRIBUTIONS, FAILURES, PROJECTIONS, RECIPE, TIMINGS, TRIALS
from benchmark.tables.order import ROLES, Run, declared, in_order, shown_models, sort_recipes
from benchmark.tables.words import model_title, place_words

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
    "spread": SPREAD,
    "set_means": SET_MEANS,
    "specifications": SPECIFICATIONS,
    "multiverse": MULTIVERSE,
    "multiverse_factors": MULTIVERSE_FACTORS,
    "stability": STABILITY,
    "feature_weights": FEATURE_WEIGHTS,
    "centres": CENTRES,
    "transfer": TRANSFER,
    "transfer_needed": TRANSFER_NEEDED,
    "survival": SURVIVAL,
    "subgroup_estimates": SUBGROUP_ESTIMATES,
    "subgroup_tests": SUBGROUP_TESTS,
    "attributed": ATTRIBUTED,
    "attributions": ATTRIBUTIONS,
    "attribution_shares": ATTRIBUTION_SHARES,
    "explained_cases": EXPLAINED_CASES,
    "case_scores": CASE_SCORES,
    "nomogram": NOMOGRAM,
    "baseline": BASELINE,
    "balance": BALANCE,
    "univariate": UNIVARIATE,
    "associations": ASSOCIATIONS_OF_RUN,
    "projections": [*PROJECTIONS, "y_true", "centre"],
    "failures": FAILURES,
    "timings": TIMINGS,
    "trials": TRIALS,
}
"""The frames that tables and figures read."""


OF_MODEL = ("nomogram", "explained_cases")


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


def of_model(results: Mapping[str, pd.DataFrame], run: Run) -> list[Scope]:
    """One scope per model that is drawn alone: those with a nomogram, and those whose cases are explained. It holds the
    frames ``OF_MODEL``."""
    frames = {name: results[name] for name in OF_MODEL}
    cases = shown_models(frames["explained_cases"], run)
    told = pd.concat([frames["nomogram"], cases])[["design", *RECIPE]].drop_duplicates()
    found = []
    for design in in_order(told["design"], declared(run, "designs")):
        for row in sort_recipes(told[told["design"] == design], run).to_dict("records"):
            recipe = [str(row[column]) for column in RECIPE]
            here = {**frames, "explained_cases": cases}
            for column, value in row.items():
                here = _rows(here, **{str(column): str(value)})
            suffix = "".join(f"_{slug(name)}" for name in (design, *recipe))
            found.append(Scope(f"{design}: {model_title(run, *recipe)}", suffix, here))
    return found


def of_design_and_role(results: Mapping[str, pd.DataFrame], run: Run) -> list[Scope]:
    """One scope per design and role that has estimates."""
    found = []
    for design in of_design(results, run):
        for role in in_order(design.results["estimates"]["role"], ROLES):
            title, suffix = place_words(run, design.title, role), f"{design.suffix}_{slug(role)}"
            found.append(Scope(title, suffix, _rows(design.results, role=role)))
    return found


def of_association(results: Mapping[str, pd.DataFrame]) -> list[Scope]:
    """One scope per question that sets blocks against each other."""
    names = in_order(results["associations"]["question"], ())
    return [Scope(name, f"_{slug(name)}", _rows(results, question=name)) for name in names]


def slug(name: str) -> str:
    """A name as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "unnamed"


def _rows(results: Mapping[str, pd.DataFrame], **wanted: str) -> dict[str, pd.DataFrame]:
    ((column, value),) = wanted.items()
    return {
        name: frame[frame[column] == value].reset_index(drop=True) if column in frame.columns else frame
        for name, frame in results.items()
    }
