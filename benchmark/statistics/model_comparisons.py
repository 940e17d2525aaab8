"""All comparisons of the models of one design and role, on whichever AUC their outcome has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.statistics.discrimination import Discrimination, auc_comparisons
from benchmark.statistics.equivalence_rows import equivalence_rows
from benchmark.statistics.feature_sets import anova_table, compare_feature_sets, posthoc_table
from benchmark.statistics.further_tests import further_tests
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.model_choice import added_value_rows, best_set_rows
from benchmark.statistics.set_parts import parts_of_sets
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained

Parts = dict[str, list[pd.DataFrame]]
"""Tables by name, one or several per design and role."""


def compare_models(
    run: Mapping[str, Any],
    held: HeldOut,
    found: Discrimination,
    trained: Trained,
    settings: Settings,
    parts: Parts,
    *,
    main: Discrimination | None = None,
) -> None:
    """Adds to ``parts`` the differences of pairs in all AUCs that were ``found``, and what families add, the best
    models, the tests asked for and those across feature sets in the one that is ``main`` (the first unless said)."""
    main = main or found
    about = (run.get("designs") or {}).get(held.design) or {}
    parts["comparisons"] += auc_comparisons(held, found, settings)
    parts["equivalence"].append(equivalence_rows(held, main, settings))
    parts["added_value"].append(added_value_rows(held, main, parts_of_sets(run), settings))
    parts["best_set"].append(best_set_rows(held, main, settings))
    parts["further_tests"].append(further_tests(held, main, trained, about, settings))
    over, after = compare_feature_sets(held, main, settings)
    parts["anova"].append(anova_table(over))
    parts["posthoc"].append(posthoc_table(after))
