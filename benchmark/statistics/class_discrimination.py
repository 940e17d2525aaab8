"""The AUCs of several classes, of all models of one design and role, with the covariance that fits the design.

held-out set       auc, hand_till                 macro one-vs-rest and Hand-Till
leave-one-out,     the same                       of the scores averaged over repeats (draws) per case
bootstrap
cross-validation   the same                       mean of the folds, influence curve, corrected for the overlap
                   auc_pooled, hand_till_pooled   of the scores averaged over repeats per case, corrected likewise

A fold without a class leaves the mean of the folds undefined, a fold with one case of a class leaves it without a
variance; the models are then compared by the pooled AUC (``main_measure``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.statistics.aucs import Aucs
from benchmark.statistics.class_view import absent_words
from benchmark.statistics.cross_validated_auc import METHOD, CrossValidated
from benchmark.statistics.discrimination import Discrimination, discriminate
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.multiclass import (
    HAND_TILL,
    INFLUENCE,
    MACRO,
    WEIGHTED,
    Part,
    hand_till_parts,
    macro_parts,
    mean_auc,
)
from benchmark.statistics.multiclass_folds import mean_over_folds, pooled_mean
from benchmark.statistics.pooling import average_over_repeats

POOLED = "_pooled"
FOLDS = f", mean of the folds, {METHOD}"
"""What the method says of cross-validation beside the name of the AUC."""


def by_folds(held: HeldOut) -> bool:
    """Whether there are folds of which each has AUCs: not of one patient each."""
    return held.crossed and not held.one_by_one


def discriminate_classes(held: HeldOut) -> Discrimination:
    """The macro AUC and Hand-Till's M; ``fold_auc`` is the macro AUC of the folds."""
    n_classes = len(held.classes)
    macro, pairs = macro_parts(held.y, n_classes), hand_till_parts(held.y, n_classes)
    folds = _over_folds(held, macro, MACRO)
    if not by_folds(held):
        return Discrimination({"auc": _one_set(held, macro, MACRO), "hand_till": _one_set(held, pairs, HAND_TILL)},
                              folds.fold_auc)  # fmt: skip
    by_measure = {
        "auc": folds.aucs,
        f"auc{POOLED}": _pooled(held, macro, MACRO),
        "hand_till": _over_folds(held, pairs, HAND_TILL).aucs,
        f"hand_till{POOLED}": _pooled(held, pairs, HAND_TILL),
    }
    return Discrimination(by_measure, folds.fold_auc)


def discriminate_class(held: HeldOut, code: int, view: HeldOut) -> Discrimination:
    """The AUC of one class against the others, its ``view`` as a binary outcome: the mean of the folds as for all
    classes, the rest as for two."""
    found = discriminate(view)
    if not by_folds(held):
        return found
    alone = [Part(np.arange(len(held.y)), code, 1.0)]
    aucs = mean_over_folds(alone, held.y, held.scores, held.fold, METHOD, patient=held.patient).aucs
    return replace(found, by_measure=found.by_measure | {"auc": aucs})


def weighted_over_folds(held: HeldOut) -> Aucs:
    """The one-vs-rest AUC weighted by prevalence, mean of the folds."""
    parts = macro_parts(held.y, len(held.classes), by_prevalence=True)
    return _over_folds(held, parts, WEIGHTED).aucs


def main_measure(found: Discrimination) -> Discrimination:
    """The same with the AUC by which models are compared as ``auc``: the pooled one where the mean of the folds has no
    value or no variance for any model."""
    aucs = found.by_measure["auc"]
    if np.isnan(aucs.estimate + aucs.variance).all():
        aucs = found.by_measure.get(f"auc{POOLED}", aucs)
    return replace(found, by_measure={"auc": aucs})


def why_undefined(held: HeldOut, measure: str) -> str:
    """The reason why an AUC of complete scores is NaN."""
    absent = absent_words(held)
    if absent or not by_folds(held) or measure.endswith(POOLED):
        return absent
    n_classes = len(held.classes)
    lacking = [held.folds[f] for r, f in held.places if len(np.unique(held.y[held.fold[:, r] == f])) < n_classes]
    return (
        f"folds without one of the classes: {len(lacking)} of {len(held.places)} (first: {lacking[0]})"
        if lacking
        else ""
    )


def _one_set(held: HeldOut, parts: list[Part], name: str) -> Aucs:
    pooled = average_over_repeats(held.scores, held.fold)
    return mean_auc(parts, held.y, pooled, name + INFLUENCE, patient=held.patient)


def _over_folds(held: HeldOut, parts: list[Part], name: str) -> CrossValidated:
    return mean_over_folds(parts, held.y, held.scores, held.fold, name + FOLDS, patient=held.patient)


def _pooled(held: HeldOut, parts: list[Part], name: str) -> Aucs:
    return pooled_mean(parts, held.y, held.scores, held.fold, name + INFLUENCE, patient=held.patient)
