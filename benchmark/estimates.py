"""The tidy results of the statistics: column lists shared by statistics, tables and figures. Never rounded."""

from __future__ import annotations

from benchmark.predictions import RECIPE

ESTIMATES = [
    "design",
    "role",
    *RECIPE,
    "measure",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "n_cases",
    "n_events",
]
"""One row per model and measure; ``low`` and ``high`` are NaN where there is no interval."""

COMPARISONS = [
    "design", "role", "measure", "first", "second", "difference", "low", "high", "level",
    "statistic", "df", "p", "p_adjusted", "adjustment", "question", "method",
]  # fmt: skip
"""One row per pair of models (labels of ``predictions.label_of``); difference is first minus second. ``question`` is
``reference`` or ``all pairs``: the family of tests within which p was adjusted."""

ANOVA = [
    "design", "role", "factor", "test", "effect", "statistic", "df1", "df2", "p", "p_corrected",
    "effect_size", "effect_size_name", "note",
]  # fmt: skip
"""One row per omnibus test across feature sets."""

POSTHOC = [
    "design", "role", "factor", "test", "first", "second", "difference", "low", "high", "statistic", "df", "p",
    "p_adjusted", "effect_size", "effect_size_name",
]  # fmt: skip
"""One row per pair of feature sets after an omnibus test."""

ADDED_VALUE = [
    "base", "added", "together", "preprocessing", "classifier", "auc_base", "auc_together", "difference", "low", "high",
    "level", "statistic", "df", "p", "p_adjusted", "adjustment", "margin", "p_equivalence", "p_equivalence_adjusted",
    "p_non_inferiority", "verdict",
]  # fmt: skip
"""One row per question: the feature set ``base``, what is ``added`` to it (families or blocks, joined by +), the
feature set that has both, and of which models. The difference is together minus base."""

ADDED_VALUE_OF_RUN = ["design", "role", *ADDED_VALUE, "method"]
"""The same for each design and role of a run."""

BEST_SET = ["design", "role", *RECIPE, "estimate", "difference", "low", "high", "level", "p", "may_be_best", "method"]
"""One row per model: its AUC minus the best of the others with simultaneous limits, and whether it may be the best."""

FURTHER_TESTS = [
    "design", "role", "test", "measure", "first", "second", "difference", "low", "high", "level", "statistic", "df",
    "p", "p_adjusted", "adjustment", "caution", "method",
]  # fmt: skip
"""One row per pair of models and test that was asked for by name; ``caution``: what must be said with it."""

CURVES = ["design", "role", *RECIPE, "curve", "x", "y", "low", "high", "method"]
"""``curve`` is ``roc`` (x = 1 - specificity, y = sensitivity), ``calibration`` (x = predicted, y = observed),
``distribution`` (x = middle of a bin of predicted probabilities, y = share of cases) or ``net benefit`` (x = threshold
probability). Treat-all and treat-none are rows whose classifier is ``treat all`` or ``treat none``, feature set and
preprocessing empty."""

FREQUENCIES = [
    "design", "feature_set", "preprocessing", "block", "feature", "n_selected", "n_models", "frequency",
]  # fmt: skip
"""How often a feature reached the classifier, over folds and repeats."""

FOLD_SCORES = ["design", "role", *RECIPE, "repeat", "fold", "auc", "n_cases", "n_events"]
"""AUC of each fold's own held-out rows; NaN in a fold of one class."""
