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
"""One row per model and measure; ``low`` and ``high`` are NaN where there is no interval. A measure of one class among
several, against the others, is named ``of_class(measure, label)``; a role may be a contrast of classes."""

COMPARISONS = [
    "design", "role", "measure", "first", "second", "difference", "low", "high", "level",
    "statistic", "df", "p", "p_adjusted", "adjustment", "question", "method",
]  # fmt: skip
"""One row per pair of models (labels of ``predictions.label_of``); difference is first minus second. ``question`` is
``reference`` or ``all pairs``: the family of tests within which p was adjusted."""

ANOVA = [
    "design", "role", "factor", "test", "effect", "statistic", "df1", "df2", "p", "p_corrected",
    "effect_size", "effect_size_name", "effect_low", "effect_high", "note",
]  # fmt: skip
"""One row per omnibus test across feature sets, and per named contrast of them; the limits are of the effect size."""

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

META = [
    "kind", "name", "estimate", "low", "high", "level", "weight", "p", "tau2", "i2", "q", "q_p", "n_cohorts", "method",
]  # fmt: skip
"""A meta-analysis: ``kind`` is ``cohort``, ``mean`` or ``prediction``; ``weight`` is the share of a cohort. p, tau2,
i2, q and its p are those of the mean, NaN in the other rows; the prediction has no row where it is undefined."""

COHORT_META = ["measure", "first", "second", *META]
"""Over cohorts: ``measure`` is ``auc`` (of the families ``first``) or ``difference`` (first minus second)."""

CENTRES = ["design", "role", *RECIPE, "measure", "reference", "n_cases", "n_events", *META]
"""Centre by centre: ``kind`` is ``cohort`` for a centre, named by ``name``; ``measure`` is ``auc``,
``calibration_slope``, ``calibration_intercept``, ``observed_expected``, or ``difference`` in AUC from the model
``reference``."""

TRANSFER = [
    "design", "role", *RECIPE, "centre", "n_recalibration", "method", "measure", "estimate", "low", "high",
    "difference", "share_better", "n_draws", "n_unfitted",
]  # fmt: skip
"""A model of other centres, recalibrated by so many cases of a centre and judged on the others by Brier score and ICI:
mean and band over draws, and the mean difference from the model left alone."""

TRANSFER_NEEDED = [
    "design", "role", *RECIPE, "centre", "n_cases", "n_events", "method", "n_needed", "n_most", "brier_none",
    "brier_recalibrated", "ici_none", "ici_recalibrated",
]  # fmt: skip
"""``n_needed``: the fewest cases of the grid from which on recalibration beats none, NaN if none does; Brier score and
ICI with the most cases, ``n_most``."""

OVER_COHORTS = [
    "question", "base", "added", "together", "auc_base", "auc_together", "difference", "low", "high", "level",
    "prediction_low", "prediction_high", "statistic", "df", "p", "p_adjusted", "adjustment", "n_cohorts", "n_higher",
    "tau2", "i2", "q_p", "p_signed_rank", "p_paired_t", "margin", "p_equivalence", "p_equivalence_adjusted",
    "p_non_inferiority", "verdict", "method",
]  # fmt: skip
"""One row per pair of families over cohorts: together minus base. ``question`` is ``fusion`` (the largest of each
cohort, whichever it is, against a family in it), ``adding`` (base is part of together), ``families`` (one family
against another) or ``other``; ``n_higher``: cohorts in which together has the higher AUC."""

COHORT_RANKS = ["ranking", "name", "mean_rank", "groups", "n_sets", "critical_difference", "level", "p"]
"""Mean ranks of families over cohorts, best first; a ``ranking`` has a row per family of it."""

RANK_TESTS = ["ranking", "test", "statistic", "df1", "df2", "p", "effect_size", "effect_size_name", "note"]
"""One row per ranking and test across its families."""

ADDED_VALUE_OF_RUN = ["design", "role", *ADDED_VALUE, "method"]
"""The same for each design and role of a run."""

EQUIVALENCE = [
    "design", "role", "first", "second", "difference", "low", "high", "level", "margin", "p_equivalence",
    "p_equivalence_adjusted", "adjustment", "low_non_inferiority", "p_non_inferiority", "verdict", "method",
]  # fmt: skip
"""One row per pair of models: two one-sided tests with their interval, of ``level`` 1 - 2 alpha, and non-inferiority of
the first with its lower limit."""

BEST_SET = ["design", "role", *RECIPE, "estimate", "difference", "low", "high", "level", "p", "may_be_best", "method"]
"""One row per model: its AUC minus the best of the others with simultaneous limits, and whether it may be the best."""

FURTHER_TESTS = [
    "design", "role", "test", "measure", "first", "second", "difference", "low", "high", "level", "statistic", "df",
    "p", "p_adjusted", "adjustment", "caution", "method",
]  # fmt: skip
"""One row per pair of models and test that was asked for by name; ``caution``: what must be said with it."""

RANK_PAIRS = ["ranking", *(column for column in POSTHOC if column not in ("design", "role", "factor"))]
"""One row per ranking, test and pair of its families."""

CURVES = ["design", "role", *RECIPE, "curve", "x", "y", "low", "high", "method"]
"""``curve`` is ``roc`` (x = 1 - specificity, y = sensitivity), ``calibration`` (x = predicted, y = observed),
``distribution`` (x = middle of a bin of predicted probabilities, y = share of cases), ``net benefit`` or
``interventions avoided`` (per 100 cases; x = threshold probability). Treat-all and treat-none are rows whose classifier
is ``treat all`` or ``treat none``, feature set and preprocessing empty. With several classes: ``of_class`` of the first
three."""

RECALIBRATED = ["recalibration", *ESTIMATES]
"""Calibration and scores after recalibration inside the folds, by its name. Ranks across folds change too, so these
rows are no part of any comparison of AUCs."""

RECALIBRATED_CURVES = ["recalibration", *CURVES]
"""The curves of the same, treat-all and treat-none left out."""

NET_BENEFIT = [
    "design", "role", *RECIPE, "recalibration", "threshold", "quantity", "against", "estimate", "low", "high", "level",
    "prevalence", "method",
]  # fmt: skip
"""One row per model, threshold probability and quantity: ``net benefit``; its ``difference`` to what stands in
``against`` (``treat all``, ``treat none``, or the label of the reference); ``interventions avoided`` per 100 cases
against treat all. ``prevalence`` is NaN where it is that of the cases. Treat-all as in ``CURVES``."""

CONFUSION = ["design", "role", *RECIPE, "truth", "called", "cases", "share", "method"]
"""One row per model and pair of classes: how many ``cases`` of the class ``truth`` are called ``called``, each case
once (a mean over repeats where they decide differently), and their ``share`` of the class."""

SURVIVAL = [
    "design", "role", *RECIPE, "split", "group", "time", "survival", "low", "high", "n_risk", "n_events",
]  # fmt: skip
"""Kaplan-Meier curves: one row per model, ``split`` of its risk score (``median``, ``tertiles``), group and distinct
time, from a row at time 0 on; ``n_risk`` just before the time, ``survival`` from it on."""

SUBGROUP_ESTIMATES = [
    "design", "role", *RECIPE, "subgroup", "name", "measure", "estimate", "low", "high", "level", "n_cases", "n_events",
    "method",
]  # fmt: skip
"""One row per model, subgroup, level of the subgroup (``name``) and measure (``auc``, ``sensitivity``, ``specificity``,
``calibration_intercept``). Subgroup and name are empty for all cases."""

SUBGROUP_TESTS = [
    "design", "role", *RECIPE, "subgroup", "measure", "first", "second", "difference", "low", "high", "level",
    "statistic", "df", "p", "p_adjusted", "adjustment", "method",
]  # fmt: skip
"""One row per model, subgroup and measure: whether its levels differ. The difference is that of the highest level
(``first``) from the lowest (``second``), with limits where there are no others to choose these two from."""

FREQUENCIES = [
    "design", "feature_set", "preprocessing", "block", "feature", "n_selected", "n_models", "frequency",
]  # fmt: skip
"""How often a feature reached the classifier, over folds and repeats."""

FUSED = ["design", "role", *RECIPE, "part", "weight", "weight_sd", "part_auc", "auc", "inner_auc", "apparent_auc",
         "verdict"]  # fmt: skip
"""One row per fused arm and part: the mean weight over folds and its SD, the AUC of the part and of the fusion on the
same held-out cases, the AUC of the second level on inner predictions, cross-fitted and apparent, and what to think of
it."""

STABILITY = [
    "design", "feature_set", "preprocessing", "block", "n_models", "n_candidates", "mean_selected", "stability",
    "variance", "low", "high", "level", "n_clusters", "cluster_stability", "cluster_low", "cluster_high", "method",
]  # fmt: skip
"""How far the fitted models agree on the features; ``block`` is empty for all blocks together. The numbers of clusters
are NaN where no correlations of the features are known."""

FEATURE_WEIGHTS = [
    "design", "feature_set", "preprocessing", "classifier", "block", "feature", "n_models", "mean_rank", "mean_value",
    "n_positive", "n_negative", "sign_agreement",
]  # fmt: skip
"""How much a feature counts in the ``n_models`` that have it, and in which direction."""

ATTRIBUTED = [
    "design", *RECIPE, "class", "block", "feature", "mean_abs", "sd", "share", "mean", "n_cases", "n_models", "scale",
]  # fmt: skip
"""How much a feature moves the predictions of a model for a class: mean size of its SHAP values over tested cases (of
repeats averaged per case; 0 where a model does not have it), the SD of that mean over fitted models, its share of the
sum over features, and their mean."""

ATTRIBUTION_SHARES = ["design", *RECIPE, "class", "family", "block", "n_features", "size", "share"]
"""The sum of mean |SHAP| over the features of a block, and its share of all."""

EXPLAINED_CASES = [
    "design", *RECIPE, "class", "pick", "case", "y_true", "probability", "output", "base", "scale", "block", "feature",
    "value", "original", "shap",
]  # fmt: skip
"""One row per model, picked case and feature: ``output`` is ``base`` plus the sum of ``shap``, on the ``scale``;
``value`` as it reached the classifier, ``original`` in the tables. ``pick``: ``highest``, ``median``, ``lowest``
(predicted probability of the class) or ``worst error``."""

CASE_SCORES = ["design", "feature_set", "preprocessing", "block", "name", "case", "y_true", "score", "n_models"]
"""The rad-score or deep-score of a tested case, mean over the ``n_models`` that did not train on it."""

NOMOGRAM = [
    "design", *RECIPE, "class", "n_cases", "axis", "block", "feature", "unit", "level", "value", "points",
    "probability",
]  # fmt: skip
"""The ticks of a nomogram. ``axis``: ``feature`` (a ``level``, or a ``value``, and its points), ``range`` (the ends of
the training rows), ``total`` (points and the probability at them), ``probability`` (the points at which it is reached)
and ``total range``. ``unit``: empty for that of the table, else the title of the step that gave the feature."""

SPECIFICATIONS = ["design", "role", *RECIPE, "repeat", "auc", "reference_auc", "n_folds"]
"""A multiverse: one row per feature set, preprocessing with other levels of the factors that touch it, classifier and
repeat. ``auc`` is the mean over its ``n_folds``; ``reference_auc`` that of the reference under the same choices."""

MULTIVERSE = [
    "design", "role", "feature_set", "n_specifications", "n_undefined", "n_preprocessings", "n_classifiers",
    "n_repeats", "lowest", "q1", "median", "q3", "highest", "share_above_reference", "share_above_chance",
    "best_minus_median", "chosen_inside", "reference",
]  # fmt: skip
"""One row per feature set: the spread of the AUC over specifications, and the AUC of the arm ``chosen_inside``."""

MULTIVERSE_FACTORS = ["design", "role", "feature_set", "factor", "level", "n", "mean", "difference", "share"]
"""One row per level of a factor: mean AUC, difference from the first level, and the factor's share of the variance
between specifications; a last row has the share of no factor. ``feature_set`` is empty for all together."""

BASELINE = [
    "block", "feature", "kind", "level", "group", "n_cases", "n_missing", "count", "share", "mean", "sd", "median",
    "q1", "q3", "normal", "test", "statistic", "df1", "df2", "p", "smd",
]  # fmt: skip
"""Who the cases are: one row per feature, ``level`` (of the ``kind`` category; empty of a number) and ``group`` (empty
for all cases). ``count`` and ``share`` are of the known values; the columns from ``normal`` on are of the feature."""

BALANCE = ["design", *BASELINE]
"""The same of training and held-out cases of a design with one split; the outcome is the feature without a block."""

UNIVARIATE = [
    "block", "feature", "class", "auc", "low", "high", "level", "higher_in", "n_cases", "n_class", "p_ranks",
    "p_ranks_adjusted", "p_means", "p_means_adjusted", "method",
]  # fmt: skip
"""Each feature alone, over all cases: one row per feature and class. The AUC is in the direction above 1/2, and the
feature ``higher_in`` that class; p as in ``statistics.univariate_roc``."""

ASSOCIATIONS = [
    "block", "feature", "other_block", "other_feature", "n_cases", "measure", "estimate", "test", "contrast",
    "statistic", "df1", "df2", "p", "p_adjusted", "adjustment",
]  # fmt: skip
"""One row per pair of features of two blocks; ``measure``: of the estimate, a correlation or the effect size of the
``test``; ``contrast``: of a test of two groups."""

ASSOCIATIONS_OF_RUN = ["question", *ASSOCIATIONS]
"""The same for each association that was asked for."""

FOLD_SCORES = [
    "design", "role", *RECIPE, "repeat", "fold", "auc", "sensitivity", "specificity", "accuracy", "n_cases", "n_events",
]  # fmt: skip
"""AUC of each fold's own held-out rows (of several classes the macro AUC), and of two classes the decisions at its
model's threshold; NaN in a fold without one of the classes."""

SPREAD = ["design", "role", *RECIPE, "measure", "over", "n", "mean", "sd", "lowest", "highest"]
"""How a measure of ``FOLD_SCORES`` varies ``over`` the ``n`` folds (of all repeats) or repeats."""

SET_MEANS = ["design", "sets", *RECIPE, "measure", "estimate", "low", "high", "level", "method"]
"""One row per model and measure: its mean over the held-out sets of a design, whose roles ``sets`` names."""


def of_class(measure: str, label: str) -> str:
    """``auc[MSI]``: the name of a measure or curve of one class against the others."""
    return f"{measure}[{label}]"


def split_class(name: str) -> tuple[str, str]:
    """``("auc", "MSI")`` of ``auc[MSI]``; the class is empty where the name has none."""
    measure, _, label = name.partition("[")
    return measure, label.removesuffix("]")
