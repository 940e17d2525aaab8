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
    associations,
    attribution_shares,
    attributions,
    audit,
    baseline,
    batch_agreement,
    batch_effects,
    batch_features,
    batch_levels,
    batch_outcome,
    batch_prediction,
    best_set,
    blocks,
    calibration,
    calibration_distances,
    calibration_transfer,
    centres,
    cohort,
    cohort_aucs,
    cohort_differences,
    cohort_sources,
    cohorts,
    comparison,
    confusion,
    decision_scores,
    decisions,
    designs,
    discrimination,
    dropped,
    effort,
    equivalence,
    explained_cases,
    failures,
    families,
    families_posthoc,
    feature_sets,
    feature_weights,
    features,
    further_tests,
    fusions,
    multiclass,
    multiverse,
    multiverse_factors,
    net_benefit,
    nomogram,
    not_compared,
    optimism,
    over_cohorts,
    pairs,
    per_class,
    per_class_calibration,
    performance,
    preprocessings,
    probability_scores,
    ranks,
    reliability,
    set_means,
    skipped,
    spread,
    stability,
    study,
    subgroups,
    survival,
    univariate,
)
from benchmark.tables.table import Table

MakeTable = Callable[[Mapping[str, pd.DataFrame], Mapping[str, Any]], Table | None]

OF_EXPERIMENT: dict[str, MakeTable] = {
    "cohort": cohort.table,
    "blocks": blocks.table,
    "reliability": reliability.table,
    "dropped": dropped.table,
    "baseline": baseline.table,
    "univariate": univariate.table,
    "feature_sets": feature_sets.table,
    "preprocessings": preprocessings.table,
    "designs": designs.table,
    "study": study.table,
    "failures": failures.table,
    "skipped": skipped.table,
    "audit": audit.table,
    "effort": effort.table,
}
"""One of each per experiment."""

OF_DESIGN: dict[str, MakeTable] = {
    "set_means": set_means.table,
    "balance": baseline.balance,
    "features": features.table,
    "stability": stability.table,
    "feature_weights": feature_weights.table,
    "attributions": attributions.table,
    "attribution_shares": attribution_shares.table,
    "explained_cases": explained_cases.table,
}
"""One of each per design."""

OF_MODEL: dict[str, MakeTable] = {"nomogram": nomogram.table}
"""One of each per model that is shown alone."""

OF_ASSOCIATION: dict[str, MakeTable] = {"associations": associations.table}
"""One of each per question that sets blocks against each other."""

OF_DESIGN_AND_ROLE: dict[str, MakeTable] = {
    "performance": performance.table,
    "discrimination": discrimination.table,
    "decisions": decisions.table,
    "decision_scores": decision_scores.table,
    "multiclass": multiclass.table,
    "per_class": per_class.table,
    "confusion": confusion.table,
    "optimism": optimism.table,
    "spread": spread.table,
    "fusions": fusions.table,
    "comparison": comparison.table,
    "pairs": pairs.table,
    "equivalence": equivalence.table,
    "added_value": added_value.table,
    "best_set": best_set.table,
    "further_tests": further_tests.table,
    "families": families.table,
    "families_posthoc": families_posthoc.table,
    "multiverse": multiverse.table,
    "multiverse_factors": multiverse_factors.shares,
    "multiverse_levels": multiverse_factors.levels,
    "calibration": calibration.table,
    "probability_scores": probability_scores.table,
    "calibration_distances": calibration_distances.table,
    "net_benefit": net_benefit.table,
    "centres": centres.table,
    "centre_differences": centres.differences,
    "calibration_transfer": calibration_transfer.table,
    "subgroups": subgroups.table,
    "subgroup_tests": subgroups.tests,
    "survival": survival.table,
    "per_class_calibration": per_class_calibration.table,
}
"""One of each per design and role."""

OF_COMPARISON: dict[str, MakeTable] = {
    "cohorts": cohorts.table,
    "cohort_sources": cohort_sources.table,
    "fusions_over_cohorts": over_cohorts.fusions,
    "adding": over_cohorts.adding,
    "pairs": over_cohorts.families,
    "cohort_aucs": cohort_aucs.table,
    "cohort_differences": cohort_differences.table,
    "not_compared": not_compared.table,
}
"""One of each per comparison of cohorts."""

OF_RANKING: dict[str, MakeTable] = {
    "ranks": ranks.ranks,
    "rank_tests": ranks.rank_tests,
    "rank_pairs": ranks.rank_pairs,
}
"""One of each per ranking over cohorts."""

OF_HARMONIZATION: dict[str, MakeTable] = {
    "study": study.table,
    "batch_levels": batch_levels.table,
    "batch_outcome": batch_outcome.table,
    "batch_effects": batch_effects.table,
    "batch_features": batch_features.table,
    "batch_prediction": batch_prediction.table,
    "batch_agreement": batch_agreement.table,
}
"""Of a harmonization audit."""
