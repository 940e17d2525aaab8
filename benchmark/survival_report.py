"""The report of risk scores with follow-up: its tables, its figure, and its page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.figures import Drawing, kaplan_meier
from benchmark.page import DONE, Section, Shown, remove_others, write_figures, write_page, write_tables
from benchmark.tables import MakeTable, cohort, comparison, pairs, survival
from benchmark.tables.glossary import glossary
from benchmark.tables.methods import methods, remarks
from benchmark.tables.rounding import count
from benchmark.tables.scopes import Scope, complete, of_design_and_role

TABLES: dict[str, MakeTable] = {"survival": survival.table, "comparison": comparison.table, "pairs": pairs.table}
FIGURES = {"kaplan_meier": Drawing(kaplan_meier.draw, kaplan_meier.CAPTION)}
"""One of each per held-out set."""

SECTIONS = {
    "asked": Section("Cases", "", ("tables/cohort",)),
    DONE: Section("How it was done", "", ()),
    "survival": Section(
        "Survival",
        "How well each model's score orders the cases by the time of their event.",
        ("tables/survival", "figures/kaplan_meier"),
    ),
    "comparisons": Section(
        "Comparisons",
        "Which differences between models are larger than chance.",
        ("tables/comparison", "tables/pairs"),
    ),
}


def write(folder: Path, results: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Path:
    """Write all tables, figures and ``report.html`` into ``folder``, and return the page's path. ``results``: the
    frames ``estimates``, ``comparisons`` and ``survival``."""
    found = complete(results)
    shown: list[Shown] = list(write_tables(folder, {"cohort": cohort.table}, Scope("", "", found), run))
    for scope in of_design_and_role(found, run):
        shown += write_tables(folder, TABLES, scope, run)
        shown += write_figures(folder, FIGURES, scope, run)
    remove_others(folder, shown, ["cohort", *TABLES, *FIGURES])
    about = run["cohort"]
    facts = {"cases": about["n_cases"], "patients": about["n_patients"], "with the event": about["n_events"]}
    return write_page(
        folder,
        SECTIONS,
        shown,
        title=run["title"],
        experiment=run["experiment"],
        facts={words: count(n) for words, n in facts.items()},
        methods=methods(run),
        remarks=remarks(run),
        glossary=glossary(found),
    )
