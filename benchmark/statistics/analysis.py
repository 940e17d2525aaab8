"""All statistics of a run: the tables at the waist in, the tidy tables of results out. Nothing is fitted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.errors import ConfigError, DataError, unknown
from benchmark.estimates import (
    ADDED_VALUE_OF_RUN,
    ANOVA,
    BEST_SET,
    CENTRES,
    COMPARISONS,
    CONFUSION,
    CURVES,
    EQUIVALENCE,
    ESTIMATES,
    FOLD_SCORES,
    FURTHER_TESTS,
    NET_BENEFIT,
    POSTHOC,
    RECALIBRATED,
    RECALIBRATED_CURVES,
    SET_MEANS,
    SUBGROUP_ESTIMATES,
    SUBGROUP_TESTS,
    SURVIVAL,
    TRANSFER,
    TRANSFER_NEEDED,
)
from benchmark.predictions import APPARENT, CENTRE, FUSIONS
from benchmark.statistics.about_cases import AboutCases, case_tables
from benchmark.statistics.binary_estimates import binary_estimates
from benchmark.statistics.centre_analysis import centre_tables
from benchmark.statistics.class_analysis import check_class_tests, several_classes
from benchmark.statistics.class_contrast import as_contrast, check_contrast, contrast_words, contrasted
from benchmark.statistics.confusions import binary_confusion
from benchmark.statistics.correlated_clusters import correlated_clusters
from benchmark.statistics.curves import curves
from benchmark.statistics.decisions import decide
from benchmark.statistics.discrimination import Discrimination, discriminate, fold_scores
from benchmark.statistics.explained import explained
from benchmark.statistics.further_tests import check_tests
from benchmark.statistics.fusion_guard import fusion_guard
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.model_comparisons import Parts, compare_models
from benchmark.statistics.multiverse import across_choices, beside, selected_across, specified_pairs
from benchmark.statistics.net_benefits import net_benefit_rows
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.recalibrated import check_recalibration, recalibrated
from benchmark.statistics.selection_frequency import selection_frequency
from benchmark.statistics.set_contrasts import check_contrasts
from benchmark.statistics.set_differences import set_differences
from benchmark.statistics.set_means import set_means
from benchmark.statistics.settings import Settings, settings_of
from benchmark.statistics.spread import spread
from benchmark.statistics.stability import selection_stability
from benchmark.statistics.training import Trained, macro_aucs_of_models, trained_of

TABLES = {
    "estimates": ESTIMATES,
    "comparisons": COMPARISONS,
    "equivalence": EQUIVALENCE,
    "added_value": ADDED_VALUE_OF_RUN,
    "best_set": BEST_SET,
    "further_tests": FURTHER_TESTS,
    "curves": CURVES,
    "fold_scores": FOLD_SCORES,
    "set_means": SET_MEANS,
    "net_benefit": NET_BENEFIT,
    "recalibrated": RECALIBRATED,
    "recalibrated_curves": RECALIBRATED_CURVES,
    "confusion": CONFUSION,
    "anova": ANOVA,
    "posthoc": POSTHOC,
    "centres": CENTRES,
    "transfer": TRANSFER,
    "transfer_needed": TRANSFER_NEEDED,
    "survival": SURVIVAL,
    "subgroup_estimates": SUBGROUP_ESTIMATES,
    "subgroup_tests": SUBGROUP_TESTS,
}
"""The tables that are put together from parts, one or several per design and role."""


def analyse(
    run: Mapping[str, Any],
    predictions: pd.DataFrame,
    training_predictions: pd.DataFrame,
    selections: pd.DataFrame,
    failures: pd.DataFrame,
    fusions: pd.DataFrame | None = None,
    correlations: pd.DataFrame | None = None,
    *,
    explanations: Mapping[str, pd.DataFrame] | None = None,
    follow_up: pd.DataFrame | None = None,
    subgroups: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables ``estimates``, ``comparisons``, ``equivalence``, ``added_value``, ``best_set``, ``further_tests``,
    ``anova``, ``posthoc``, ``curves``, ``net_benefit``, ``recalibrated``, ``recalibrated_curves``, ``confusion``,
    ``centres``, ``transfer``, ``transfer_needed``, ``survival``, ``subgroup_estimates``, ``subgroup_tests``,
    ``fused``, ``frequencies``, ``stability``, ``fold_scores``, ``specifications``, ``multiverse``,
    ``multiverse_factors`` and those of ``explained``, with the columns of ``benchmark.estimates``.

    ``run`` is what ``run.json`` says: ``classes`` (the positive one of two last), ``statistics`` and the families of
    ``feature_sets`` are read here; the other tables are those of ``benchmark.predictions``, ``explanations``
    (coefficients, attributions, scores, nomograms) by name. A contrast of several classes adds all of a binary outcome,
    under roles of its own. Preprocessings that come from choices are in ``specifications`` and the multiverse alone
    (and counted as one in ``frequencies``), where an arm that was chosen inside stands for them in the others.
    ``DataError`` if a table breaks its promises, ``ConfigError`` for a reference that does not exist.
    """
    classes = _classes(run)
    settings = settings_of(run.get("statistics") or {}, seed=int(run.get("seed") or 0))
    pairs = specified_pairs(run, predictions)
    everything = _apart(arrange(predictions, classes, failures))[0] if pairs else []
    across = across_choices(run, everything, settings.reference)
    selected = selected_across(selections, pairs)
    fusions = pd.DataFrame(columns=FUSIONS) if fusions is None else fusions
    predictions, training_predictions, selections, failures, fusions = (
        beside(table, pairs) for table in (predictions, training_predictions, selections, failures, fusions)
    )
    every, apparent = _apart(arrange(predictions, classes, failures))
    _check_reference(settings.reference, every)
    check_contrasts(settings.contrasts, [recipe[0] for held in every for recipe in held.recipes])
    check_tests(settings.tests, run.get("designs") or {})
    told = (predictions, training_predictions, failures)
    more = {"follow_up": follow_up, "subgroups": subgroups}
    about = AboutCases(_centres(predictions), **{name: table for name, table in more.items() if table is not None})
    parts = _parts(run, every, apparent, told, about, settings)
    clusters = None if correlations is None else correlated_clusters(correlations)
    tidy = {name: _together(tables, TABLES[name]) for name, tables in parts.items()}
    return {
        **tidy,
        **across,
        "spread": spread(tidy["fold_scores"]),
        **explained(run, predictions, **(explanations or {})),
        "fused": fusion_guard(fusions, tidy["estimates"]),
        "frequencies": selection_frequency(selected),
        "stability": selection_stability(selections, _candidates(run), clusters=clusters, level=settings.level),
    }


def _parts(
    run: Mapping[str, Any],
    every: list[HeldOut],
    apparent: Mapping[str, HeldOut],
    told: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    about: AboutCases,
    settings: Settings,
) -> Parts:
    """The parts of ``TABLES``; ``told``: predictions, training predictions and failures."""
    predictions, training, failures = told
    classes = _classes(run)
    parts: Parts = {name: [] for name in TABLES}
    if len(classes) == 2:
        check_recalibration(training, settings)
        trained = trained_of(training, classes[-1], settings.rule)
        _two_classes(run, every, trained, settings, parts, apparent, about)
        parts["further_tests"].append(set_differences(every, predictions, settings))
        parts["set_means"].append(set_means(every, predictions, trained, settings))
        for name, tables in recalibrated(predictions, training, classes, failures, settings).items():
            parts[name] += tables
    else:
        _more_classes(run, every, training, settings, parts)
    if settings.class_contrast is not None:
        check_contrast(settings.class_contrast, classes)
        _contrast(run, predictions, training, failures, settings, parts)
    return parts


def _more_classes(
    run: Mapping[str, Any], every: list[HeldOut], training: pd.DataFrame, settings: Settings, parts: Parts
) -> None:
    check_class_tests(settings)
    training_aucs = macro_aucs_of_models(training, _classes(run))
    for held in every:
        several_classes(run, held, training_aucs, settings, parts)


def _apart(every: list[HeldOut]) -> tuple[list[HeldOut], dict[str, HeldOut]]:
    """The held-out predictions, and by design those of models on their own training rows, which are no results."""
    apparent = {held.design: held for held in every if held.role == APPARENT}
    return [held for held in every if held.role != APPARENT], apparent


def _centres(predictions: pd.DataFrame) -> pd.Series | None:
    """The centre of each case, if it is known."""
    if CENTRE not in predictions.columns:
        return None
    return predictions.drop_duplicates("case").set_index("case")[CENTRE]


def _two_classes(
    run: Mapping[str, Any],
    every: list[HeldOut],
    trained: Trained,
    settings: Settings,
    parts: Parts,
    apparent: Mapping[str, HeldOut],
    about: AboutCases,
) -> None:
    for held in every:
        found = discriminate(held, apparent.get(held.design))
        _binary(held, found, trained, settings, parts)
        compare_models(run, held, found, trained, settings, parts)
        for name, table in centre_tables(run, held, settings, about.centre).items():
            parts[name].append(table)
        for name, tables in case_tables(run, held, trained, about, settings).items():
            parts[name] += tables


def _contrast(
    run: Mapping[str, Any],
    predictions: pd.DataFrame,
    training_predictions: pd.DataFrame,
    failures: pd.DataFrame,
    settings: Settings,
    parts: Parts,
) -> None:
    contrast = settings.class_contrast
    if contrast is None:
        return
    own: Parts = {name: [] for name in TABLES}
    training = contrasted(training_predictions, contrast)
    every, apparent = _apart(arrange(contrasted(predictions, contrast), contrast.classes, failures))
    trained = trained_of(training, contrast.classes[-1], settings.rule)
    _two_classes(run, every, trained, settings, own, apparent, AboutCases())
    words = contrast_words(predictions, contrast)
    for name, tables in own.items():
        parts[name] += [as_contrast(table, contrast, words) for table in tables]


def _binary(held: HeldOut, found: Discrimination, trained: Trained, settings: Settings, parts: Parts) -> None:
    parts["estimates"] += binary_estimates(held, found, trained, settings)
    parts["confusion"].append(binary_confusion(held, trained, settings))
    parts["curves"].append(curves(held, settings))
    parts["net_benefit"].append(net_benefit_rows(held, settings))
    decisions = decide(held.scores[..., 0], held.fold, thresholds_of(held, trained, settings))
    parts["fold_scores"].append(fold_scores(held, found.fold_auc, decisions))


def _candidates(run: Mapping[str, Any]) -> dict[str, int]:
    """The number of features of each block."""
    blocks = (run.get("cohort") or {}).get("blocks") or ()
    return {str(block["name"]): int(block.get("n_features") or 0) for block in blocks}


def _classes(run: Mapping[str, Any]) -> list[str]:
    classes = [str(label) for label in run["classes"]]
    positive = run.get("positive")
    if len(classes) == 2 and positive is not None and str(positive) != classes[-1]:
        raise DataError(f"run: the positive class '{positive}' is not the last of the classes {', '.join(classes)}")
    return classes


def _check_reference(reference: str | None, every: list[HeldOut]) -> None:
    known = dict.fromkeys(recipe[0] for held in every for recipe in held.recipes)
    labels = {label for held in every for label in held.labels}
    if reference is not None and every and reference not in known and reference not in labels:
        raise ConfigError(unknown("reference", reference, [*known, *sorted(labels)]), path=("statistics", "reference"))


def _together(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True)[columns] if filled else pd.DataFrame(columns=columns)
