"""LA501 to LA505: features that give the outcome away by themselves, with what `radbench check` knows of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from benchmark.audit.finding import Finding, Verdict, judged, not_checked, ok
from benchmark.audit.subject import Subject
from benchmark.checks import features
from benchmark.checks.numbers import numbers
from benchmark.cohort import Cohort
from benchmark.metrics.roc_auc import roc_auc

LEVELS = 10
"""A column of at most so many values is looked at level by level."""
LONE = 0.05
"""By how much the AUC of a feature that is a block of its own is above that of every other feature."""
HIGH, ABOVE = 0.85, 0.1
"""The AUC of any feature, and by how much it is above that of every other that it does not correlate with."""
RELATED = 0.7
FEWEST_OTHERS = 10
TELLING, DEFINING = 0.5, 0.9
"""Difference between the classes in the share of missing values."""


def outcome_copies(subject: Subject) -> Iterator[Finding]:
    """LA501 and LA502: RB035 and RB036 of the checks, and columns whose levels nearly define the class."""
    told = list(features.outcome_among(subject.cohort))
    copies = [(one.where, one.message) for one in told if one.code == "RB035"]
    nearly = [(one.where, one.message) for one in told if one.code == "RB036"]
    n = sum(block.table.shape[1] for block in subject.cohort.blocks.values())
    yield judged("LA501", "LEAK", copies, f"{n} features")
    if len(subject.cohort.classes) == 2:
        nearly += [] if nearly or copies else list(_defining_levels(subject.cohort))
        yield judged("LA502", "LEAK", nearly, f"none of {n} features alone has an AUC above {features.NEARLY}")
    else:
        yield not_checked("LA502", "the outcome has more than two classes")


def lone_feature(subject: Subject) -> Iterator[Finding]:
    """LA503: a feature that is better than all others, as a score made with the labels or a noisy copy of them is."""
    cohort = subject.cohort
    if len(cohort.classes) != 2:
        yield not_checked("LA503", "the outcome has more than two classes")
        return
    names, blocks, values, auc = _all_features(cohort)
    if len(auc) <= FEWEST_OTHERS:
        yield not_checked("LA503", f"no more than {FEWEST_OTHERS} features")
        return
    first = int(np.argmax(auc))
    related = np.abs(_rank_correlations(values, first)) >= RELATED
    others = auc[~related]
    alone = blocks.count(blocks[first]) == 1
    next_best = others.max() if len(others) else auc.max()
    message = f"{names[first]} has an AUC of {auc[first]:.3f} alone, the best of {len(others)} others {next_best:.3f}"
    question = f"{message}: was it made with these labels?"
    if auc[first] > HIGH and auc[first] > next_best + ABOVE:
        yield Finding("LA503", "WARNING", blocks[first], question)
    elif alone and auc[first] > np.delete(auc, first).max() + LONE:
        yield Finding("LA503", "NOTE", blocks[first], question)
    else:
        yield ok("LA503", f"the best of {len(auc)} features has an AUC of {auc[first]:.3f}")


def missingness(subject: Subject) -> Iterator[Finding]:
    """LA504: a column that is missing in one class and not in the other."""
    cohort = subject.cohort
    found: list[tuple[float, str, str]] = []
    for block in cohort.blocks.values():
        gaps = block.table.isna()
        gaps = gaps.loc[:, gaps.any()]
        share = gaps.groupby(cohort.outcome).mean()
        apart = share.max() - share.min()
        found += [
            (float(value), block.name, f"{name} is missing in {100 * share[name].min():.0f}% of one class and "
             f"{100 * share[name].max():.0f}% of another")
            for name, value in apart[apart > TELLING].items()
        ]  # fmt: skip
    found.sort(reverse=True)
    verdict: Verdict = "LEAK" if found and found[0][0] >= DEFINING else "WARNING"
    told = [(where, message) for _, where, message in found]
    yield judged("LA504", verdict, told, "missing values are spread over the classes")


def identifiers(subject: Subject) -> Iterator[Finding]:
    """LA505: RB039 of the checks."""
    told = [(one.where, one.message) for one in features.identifiers(subject.cohort)]
    yield judged("LA505", "WARNING", told, "none")


def _all_features(cohort: Cohort) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
    """Names, blocks, values (n_cases, k) and AUCs (k,), at least 0.5, of the numeric features that have one."""
    parts = list(numbers(cohort))
    values = np.hstack([part.values for part in parts] or [np.empty((len(cohort.cases), 0))])
    auc = features.feature_aucs(values, cohort.codes.to_numpy())
    known = np.flatnonzero(np.isfinite(auc))
    names = [str(name) for part in parts for name in part.names]
    blocks = [part.block.name for part in parts for _ in part.names]
    auc = np.fmax(auc, 1 - auc)[known]
    return [names[k] for k in known], [blocks[k] for k in known], values[:, known], auc


def _rank_correlations(values: np.ndarray, first: int) -> np.ndarray:
    """(k,) of each feature with the ``first``, over ranks, missing values in the middle."""
    ranks = rankdata(np.where(np.isnan(values), np.nanmedian(values, axis=0), values), axis=0)
    centred = ranks - ranks.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    return centred.T @ centred[:, first] / np.maximum(size * size[first], 1e-300)


def _defining_levels(cohort: Cohort) -> Iterator[tuple[str, str]]:
    """Columns of few values of which each has nearly one class: AUC of the share of events among the other cases of
    the same level."""
    codes = cohort.codes
    if codes.value_counts().min() < features.FEWEST:
        return
    for block in cohort.blocks.values():
        few = block.table.columns[block.table.nunique() <= LEVELS]
        for name in few:
            column = block.table[name].astype(object).where(block.table[name].notna(), "missing")
            auc = roc_auc(codes.to_numpy(), _share_of_others(codes, column))
            if auc > features.NEARLY:
                yield block.name, f"the levels of {name} alone reach an AUC of {auc:.3f}"


def _share_of_others(codes: pd.Series, column: pd.Series) -> np.ndarray:
    """(n_cases,) share of events among the other cases of the same level; the prevalence if there is none."""
    group = codes.groupby(column)
    size, events = group.transform("size"), group.transform("sum")
    alone = size == 1
    share = (events - codes) / (size - 1).where(~alone, 1)
    return share.where(~alone, codes.mean()).to_numpy()
