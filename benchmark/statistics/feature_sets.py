"""Does the feature set matter? The omnibus tests of one design and role, over folds and over patients.

The models of a feature set are averaged over the arms (preprocessing x classifier) that all feature sets have
complete, so that a feature set is never ahead because it was given another classifier. "Chosen inside" repeats one of
the others and is left out where there are others.

    folds:     one value per (repeat, fold) and feature set: ``anova``
    patients:  H0: A_1 = ... = A_s for the mean AUCs, from the joint covariance of all models: Wald

Source: joint test: DeLong et al. (1988), Biometrics 44:837, eq. 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import ANOVA, POSTHOC
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.statistics.anova import omnibus, post_hoc
from benchmark.statistics.aucs import Aucs, equality_test
from benchmark.statistics.corrected_resampled import ratio_of_sizes
from benchmark.statistics.discrimination import Discrimination, averaged
from benchmark.statistics.effect_sizes import effect_sizes
from benchmark.statistics.fold_mixed_model import FoldCube, mixed_model
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.set_contrasts import named_contrasts, pair_contrasts
from benchmark.statistics.settings import Settings

FACTOR = "feature set"
OPTIMISTIC = "folds share training rows, so p is optimistic: trust the patient-level test"
Arms = dict[tuple[str, str], dict[str, int]]
"""(preprocessing, classifier) -> feature set -> position of the model."""


def compare_feature_sets(
    held: HeldOut, found: Discrimination, settings: Settings
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of ``ANOVA`` and of ``POSTHOC``; none with a single feature set. Folds of one class are left out, and
    counted in the note."""
    if len({recipe[0] for recipe in held.recipes}) < 2:
        return [], []
    arms, names, note = _common_arms(held)
    place = {"design": held.design, "role": held.role, "factor": FACTOR}
    if not arms or len(names) < 2:
        row = dict.fromkeys(ANOVA, np.nan) | place
        return [row | {"test": "none", "effect": FACTOR, "effect_size_name": "", "note": note}], []
    averages = np.zeros((len(names), len(held.recipes)))
    for row_of, name in enumerate(names):
        averages[row_of, [models[name] for models in arms.values()]] = 1 / len(arms)
    measure, aucs = _main(found, averages)
    note_of_aucs = f"{note}{averaged(held)}; chi-square on {measure}, {aucs.method}"
    tests = [place | _joint(aucs, averages, note_of_aucs)]
    tests += [
        place | row
        for row in named_contrasts(aucs, averages, names, settings.contrasts, level=settings.level, note=note_of_aucs)
    ]
    over_patients = [place | row for row in pair_contrasts(aucs, averages, names, level=settings.level)]
    if not held.crossed:
        return tests, over_patients
    over_folds, pairs = _over_folds(held, found.fold_auc, averages, names, settings.level)
    tests += [place | row | {"note": f"{note}; {row['note']}"} for row in over_folds]
    tests += [place | row for row in _mixed(held, found.fold_auc, arms, names)]
    return [_with_limits(row, settings.level) for row in tests], over_patients + [place | row for row in pairs]


def _over_folds(
    held: HeldOut, fold_auc: np.ndarray, averages: np.ndarray, names: list[str], level: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    folds = np.array([fold_auc[place] for place in held.places])  # (n_places, k)
    both = ~np.isnan(folds).all(1)
    if both.sum() < 2:
        return [], []
    used = averages.any(0)
    table = pd.DataFrame(folds[both][:, used] @ averages[:, used].T, columns=names)
    which = "of one class" if held.binary else "without one of the classes"
    left_out = f"; folds {which} left out: {int((~both).sum())}" if not both.all() else ""
    tests = []
    for row in omnibus(table):
        undefined = row.pop("undefined")
        note = f"{len(table)} folds{left_out}; {OPTIMISTIC}" + (f"; undefined: {undefined}" if undefined else "")
        note += "; corrected p: Greenhouse-Geisser" if pd.notna(row.get("p_corrected")) else ""
        tests.append(row | {"effect": FACTOR, "note": note})
    return tests, post_hoc(table, level=level)


def _mixed(
    held: HeldOut, fold_auc: np.ndarray, arms: Mapping[Any, Mapping[str, int]], names: list[str]
) -> list[dict[str, Any]]:
    """Family, classifier (with its preprocessing) and their interaction, the folds random and their overlap counted."""
    folds = np.array([fold_auc[place] for place in held.places])  # (n_places, k)
    values = np.stack([folds[:, [models[name] for name in names]] for models in arms.values()], axis=2)
    values = values[~np.isnan(values).any((1, 2))]
    if len(values) < 2:
        return []
    sizes = np.array([np.sum(held.fold[:, r] == f) for r, f in held.places])
    cube = FoldCube(values, tuple(names), tuple(str(arm) for arm in arms))
    found = mixed_model(cube, ratio=ratio_of_sizes(sizes, len(held.y) - sizes))
    note = (
        f"{len(values)} folds as random effect; corrected p: for the overlap of the training rows, repeats not counted"
    )
    return [
        {
            "test": "mixed model",
            "effect": row["effect"],
            "statistic": row["statistic"],
            "df1": row["df1"],
            "df2": row["df2"],
            "p": row["p"],
            "p_corrected": row["p_corrected"],
            "effect_size": row["partial_eta_squared"],
            "effect_size_name": "partial eta squared",
            "note": note + (f"; undefined: {row['undefined']}" if row["undefined"] else ""),
        }
        for row in found.to_dict("records")
    ]


def anova_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as the table ``ANOVA``."""
    return pd.DataFrame(rows, columns=ANOVA)


def posthoc_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as the table ``POSTHOC``."""
    return pd.DataFrame(rows, columns=POSTHOC)


def _common_arms(held: HeldOut) -> tuple[Arms, list[str], str]:
    """The arms that all compared feature sets have complete, these feature sets, and what to say of it."""
    inside = [CHOSEN_INSIDE in recipe[1:] for recipe in held.recipes]
    arms: Arms = {}
    for position, (feature_set, preprocessing, classifier) in enumerate(held.recipes):
        if not held.gaps[position] and (all(inside) or not inside[position]):
            arms.setdefault((preprocessing, classifier), {})[feature_set] = position
    every = list(dict.fromkeys(recipe[0] for recipe in held.recipes))
    names = [name for name in every if any(name in models for models in arms.values())]
    common = {arm: models for arm, models in arms.items() if len(models) == len(names)}
    arms_words = f", mean of {len(common)} of {len(arms)} classifiers x preprocessings" if len(arms) > 1 else ""
    note = f"{len(names)} feature sets{arms_words}"
    gone = [name for name in every if name not in names]
    return common, names, note + (f"; left out, no complete model: {', '.join(gone)}" if gone else "")


def _main(found: Discrimination, averages: np.ndarray) -> tuple[str, Aucs]:
    """The AUCs on which feature sets are compared: with a fold of one class the mean of folds is undefined, and the
    pooled scores are what is left."""
    used = averages.any(0)
    measure = next((name for name, each in found.by_measure.items() if not np.isnan(each.estimate[used]).any()), "auc")
    return measure, found.by_measure[measure]


def _joint(aucs: Aucs, averages: np.ndarray, note: str) -> dict[str, Any]:
    used = averages.any(0)
    kept = Aucs(aucs.estimate[used], aucs.contributions[:, used], aucs.method)
    test = equality_test(kept, (averages[1:] - averages[0])[:, used])
    return {
        "test": "joint Wald over patients",
        "effect": FACTOR,
        "statistic": test.statistic,
        "df1": float(test.df),
        "df2": np.nan,
        "p": test.p,
        "p_corrected": np.nan,
        "effect_size": np.nan,
        "effect_size_name": "",
        "note": note,
    }


def _with_limits(row: dict[str, Any], level: float) -> dict[str, Any]:
    """The row with the limits of its effect size, where that is the (partial) eta squared of its F."""
    if "eta squared" not in str(row.get("effect_size_name")) or pd.isna(row["statistic"]):
        return row
    eta = effect_sizes(row["statistic"], row["df1"], row["df2"], level=level)[0]
    if not np.isclose(eta.estimate, row["effect_size"]):
        return row
    return row | {"effect_low": eta.low, "effect_high": eta.high}
