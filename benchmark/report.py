"""The report of a run: from the tidy results to what a paper needs, as files and as one page that holds them.

Nothing is fitted or estimated here, so it can be redone at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark import figures, tables
from benchmark.page import (
    DONE,
    GAPS,
    PROVENANCE,
    Section,
    Shown,
    remove_others,
    write_figures,
    write_page,
    write_tables,
)
from benchmark.tables.glossary import glossary
from benchmark.tables.methods import methods, remarks
from benchmark.tables.rounding import count
from benchmark.tables.scopes import Scope, complete, of_association, of_design, of_design_and_role, of_model
from benchmark.tables.survival import refused

ASKED, DESCRIBED, MULTIVERSE, AUDIT = "asked", "described", "multiverse", "audit"
SUBGROUPS, SURVIVAL = "subgroups", "survival"

SECTIONS = {
    ASKED: Section(
        "What was asked",
        "",
        ("tables/cohort", "tables/blocks", "tables/reliability", "tables/dropped", "tables/feature_sets"),
    ),
    DESCRIBED: Section(
        "The cohort described",
        "Who the cases are, over all of them and with their outcomes in view. No model learned from anything in this "
        "section, and nothing may be selected by it.",
        (
            "tables/baseline",
            "tables/balance",
            "figures/projection_pca",
            "figures/projection_tsne",
            "figures/projection_umap",
            "tables/univariate",
            "figures/associations",
            "tables/associations",
        ),
    ),
    DONE: Section("How it was done", "", ("tables/study", "tables/designs", "tables/preprocessings", "tables/effort")),
    "performance": Section(
        "Performance",
        "How well each model predicts cases that it was not fitted on.",
        (
            "figures/forest",
            "tables/performance",
            "tables/discrimination",
            "tables/multiclass",
            "figures/roc",
            "tables/per_class",
            "figures/roc_per_class",
            "tables/confusion",
            "figures/confusion",
            "figures/heatmap",
            "tables/decisions",
            "tables/decision_scores",
            "tables/optimism",
            "tables/spread",
            "tables/set_means",
            "tables/fusions",
        ),
    ),
    "comparisons": Section(
        "Comparisons",
        "Which differences between models are larger than chance.",
        (
            "tables/added_value",
            "tables/comparison",
            "tables/equivalence",
            "tables/best_set",
            "tables/further_tests",
            "tables/pairs",
        ),
    ),
    "families": Section(
        "Families of features",
        "Whether feature sets differ, over all classifiers.",
        ("tables/families", "tables/families_posthoc"),
    ),
    MULTIVERSE: Section(
        "Multiverse",
        "How far the results depend on choices that others could have made otherwise. The other sections show the arm "
        "whose preprocessing and classifier were chosen inside.",
        (
            "figures/specification_curve",
            "tables/multiverse",
            "tables/multiverse_factors",
            "tables/multiverse_levels",
        ),
    ),
    "centres": Section(
        "Centre by centre",
        "How well models do in each centre, and what to expect in a new one.",
        (
            "figures/centres",
            "tables/centres",
            "tables/centre_differences",
            "figures/calibration_transfer",
            "tables/calibration_transfer",
        ),
    ),
    SUBGROUPS: Section(
        "Subgroups",
        "Whether models do as well in one subgroup of the tested cases as in another.",
        ("figures/subgroups", "tables/subgroups", "tables/subgroup_tests"),
    ),
    SURVIVAL: Section(
        "Survival by predicted risk",
        "How the tested cases fared by the risk that was predicted for them, where one fitted model predicted all.",
        ("figures/kaplan_meier", "tables/survival"),
    ),
    "calibration": Section(
        "Calibration",
        "Whether a predicted probability of 30% comes true in 30 of 100 cases.",
        (
            "figures/calibration",
            "tables/calibration",
            "tables/probability_scores",
            "tables/calibration_distances",
            "figures/calibration_per_class",
            "tables/per_class_calibration",
        ),
    ),
    "use": Section(
        "Clinical use",
        "Whether acting on a model does more good than treating all or none.",
        (
            "figures/decision_curve",
            "figures/decision_curve_bands",
            "figures/interventions_avoided",
            "tables/net_benefit",
        ),
    ),
    "features": Section(
        "Selected features",
        "What reached the classifiers, and whether the same features do so again and again.",
        ("figures/stability", "tables/stability", "figures/selection", "tables/features"),
    ),
    "explanations": Section(
        "Explanations",
        "What moves the predictions of cases that a model was not fitted on.",
        (
            "figures/attributions",
            "figures/attribution_bars",
            "tables/attributions",
            "figures/attribution_shares",
            "tables/attribution_shares",
            "tables/explained_cases",
            "figures/score_waterfall",
            "tables/feature_weights",
            "figures/attribution_waterfall",
            "figures/attribution_force",
            "figures/nomogram",
            "tables/nomogram",
        ),
    ),
    GAPS: Section("Failures and skipped recipes", "", ("tables/failures", "tables/skipped")),
    AUDIT: Section(
        "Leak audit",
        "Whether anything that was tested had a part in what was fitted, as radbench audit found it.",
        ("tables/audit",),
    ),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor."""

ON_DEMAND = {
    DESCRIBED: "describe",
    MULTIVERSE: "choices",
    SUBGROUPS: "subgroups",
    SURVIVAL: "follow_up",
    AUDIT: "audit",
}
"""Sections that are on the page only where the run says so."""


def write(folder: Path, results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path.

    ``results``: the frames of ``estimates.py``, and failures, timings and trials of ``predictions.py``; any may be
    empty or missing. ``run``: the content of ``run.json``, and under ``audit`` that of ``audit.json`` if there is one.
    """
    found = complete(results)
    shown = list(_write_all(folder, found, run))
    remove_others(folder, shown, _menu_names())
    return write_page(
        folder,
        _sections(run),
        shown,
        title=run.get("title") or run.get("experiment") or "radbench",
        experiment=run.get("experiment") or "",
        facts=_facts(run),
        methods=methods(run),
        remarks=remarks(run),
        glossary=glossary(found),
    )


def _sections(run: Mapping[str, Any]) -> dict[str, Section]:
    """Those that the run asks for; survival says where it is not estimated, and why."""
    asked = {name: one for name, one in SECTIONS.items() if name not in ON_DEMAND or run.get(ON_DEMAND[name])}
    if SURVIVAL in asked:
        asked[SURVIVAL] = replace(asked[SURVIVAL], lead=f"{asked[SURVIVAL].lead} {refused(run)}".strip())
    return asked


def _write_all(folder: Path, found: dict[str, pd.DataFrame], run: Mapping[str, Any]) -> Iterator[Shown]:
    whole = Scope("", "", found)
    yield from write_tables(folder, tables.OF_EXPERIMENT, whole, run)
    yield from write_figures(folder, figures.OF_EXPERIMENT, whole, run)
    for scope in of_association(found):
        yield from write_tables(folder, tables.OF_ASSOCIATION, scope, run)
        yield from write_figures(folder, figures.OF_ASSOCIATION, scope, run)
    for scope in of_design(found, run):
        yield from write_tables(folder, tables.OF_DESIGN, scope, run)
        yield from write_figures(folder, figures.OF_DESIGN, scope, run)
    for scope in of_model(found, run):
        yield from write_tables(folder, tables.OF_MODEL, scope, run)
        yield from write_figures(folder, figures.OF_MODEL, scope, run)
    for scope in of_design_and_role(found, run):
        yield from write_tables(folder, tables.OF_DESIGN_AND_ROLE, scope, run)
        yield from write_figures(folder, figures.OF_DESIGN_AND_ROLE, scope, run)


def _menu_names() -> list[str]:
    names = ("OF_EXPERIMENT", "OF_ASSOCIATION", "OF_DESIGN", "OF_MODEL", "OF_DESIGN_AND_ROLE")
    return [name for part in (tables, figures) for menu in names for name in getattr(part, menu)]


def _facts(run: Mapping[str, Any]) -> dict[str, str]:
    """The numbers at the top of the page."""
    cohort, tried = run.get("cohort") or {}, run.get("tried") or {}
    facts = {
        "cases": cohort.get("n_cases"),
        "patients": cohort.get("n_patients"),
        "with the event": cohort.get("n_events"),
        "feature sets": len(run.get("feature_sets") or ()) or None,
        "recipes tried": tried.get("recipes"),
        "models fitted": tried.get("models"),
    }
    return {words: count(number) for words, number in facts.items() if number is not None}
