"""The page of a harmonization audit: tables and figures as files, and one page that holds them.

Nothing is estimated here: the frames are those of ``statistics.harmonization`` and of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark import figures, tables
from benchmark.page import DONE, PROVENANCE, Section, remove_others, write_figures, write_page, write_tables
from benchmark.tables.batch_prediction import CLASSIFIERS
from benchmark.tables.rounding import count
from benchmark.tables.scopes import Scope

SECTIONS = {
    "asked": Section("Batches", "", ("tables/batch_levels", "tables/batch_outcome")),
    DONE: Section("How it was done", "", ("tables/study",)),
    "effects": Section(
        "Features that differ between batches",
        "How many features tell of the batch, and by how much, before and after.",
        ("figures/batch_effects", "tables/batch_effects", "tables/batch_features"),
    ),
    "prediction": Section(
        "Telling the batch",
        "Whether a classifier finds the batch of a case that neither it nor the harmonization has seen.",
        ("figures/batch_prediction", "tables/batch_prediction"),
    ),
    "agreement": Section(
        "Agreement on the same objects",
        "Whether the batches measure the same objects alike.",
        ("figures/batch_agreement", "tables/batch_agreement"),
    ),
    "pictures": Section(
        "Pictures",
        "All features of a case as one point.",
        ("figures/batch_projection_pca", "figures/batch_projection_tsne", "figures/batch_projection_umap"),
    ),
    PROVENANCE: Section("Provenance", "", ()),
}
"""The page from top to bottom, by anchor; a section without anything to show is left out."""

GLOSSARY = {
    "Cohen's f": "The spread of the means of the batches against the spread within batches: how large a difference is, "
    "free of the number of cases. 0.10 is small, 0.25 medium, 0.40 large.",
    "Adjusted p": "p made larger for the number of features (Benjamini-Hochberg): of the features called different, at "
    "most about that share is called so by chance.",
    "Macro AUC": "How well a classifier tells one batch from all others, averaged over batches: 0.5 is chance, 1 is "
    "perfect. Of held-out cases, so that it can come down to chance only if the batch has left the features.",
    "Balanced accuracy": "The share of cases whose batch is found, averaged over batches; by chance, 1 over their "
    "number.",
    "ICC, CCC": "Agreement of the batches on the same objects; 1 is perfect. Harmonization should raise both.",
    "Cramer's V": "How strongly batch and outcome go together: 0 not at all, 1 completely.",
}


def write(folder: Path, results: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path."""
    scope = Scope("", "", dict(results))
    shown = [
        *write_tables(folder, tables.OF_HARMONIZATION, scope, about),
        *write_figures(folder, figures.OF_HARMONIZATION, scope, about),
    ]
    remove_others(folder, shown, [*tables.OF_HARMONIZATION, *figures.OF_HARMONIZATION])
    names = {one.name for one in shown}
    kept = {
        anchor: section
        for anchor, section in SECTIONS.items()
        if anchor in (DONE, PROVENANCE) or names.intersection(section.shows)
    }
    return write_page(
        folder,
        kept,
        shown,
        title=about["title"] or f"Harmonization of {about['cohort']}",
        experiment=about["experiment"],
        facts=_facts(about),
        methods=_methods(about),
        remarks=_remarks(results, about),
        glossary=GLOSSARY,
    )


def _facts(about: Mapping[str, Any]) -> dict[str, str]:
    levels = {f"levels of {name}": len(told["levels"]) for name, told in about["variables"].items()}
    facts = {"cases": about["n_cases"], "patients or objects": about["n_patients"], "features": about["n_features"],
             **levels, "methods": len(about["methods"])}  # fmt: skip
    return {words: count(number) for words, number in facts.items()}


def _methods(about: Mapping[str, Any]) -> list[str]:
    said = [f"{name}: {' → '.join(words)}." for name, words in about["methods"].items()]
    before = " → ".join(about["before"]) or "the features as they were read"
    names = " and by ".join(CLASSIFIERS[name] for name in about["classifiers"])
    return [
        f"Before: {before}.",
        *said,
        f"Held-out cases come from {about['folds']}-fold cross-validation with patients kept together and batches in "
        "proportion; everything was fitted on the training cases of each fold, and no outcome was used.",
        f"The batch was predicted from standardized features by {names}.",
    ]


def _remarks(results: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> list[str]:
    confounded = results["confounding"]
    names = confounded.loc[confounded["confounded"], "variable"] if len(confounded) else []
    warnings = [
        f"Warning: '{name}' and the outcome are confounded (see the table of outcome by batch)." for name in names
    ]
    return [
        *warnings,
        "A harmonization that leaves nothing of the batch may have taken biology with it: what differs between the "
        "patients of two centres is removed too, unless it is a covariate.",
    ]
