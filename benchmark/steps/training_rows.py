"""What a selector asks of its training rows: finite values, an outcome, and folds that keep patients together.

``step`` is the name of the asking step, for the messages.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from benchmark.errors import DataError
from benchmark.frame import block_of, feature_of
from benchmark.steps.lasso_path import Folds
from benchmark.steps.moments import moments
from benchmark.steps.step import Rows


def require_finite(step: str, values: np.ndarray, rows: Rows) -> None:
    """``DataError`` naming the first of the features ``values`` (n_cases, k) that has a gap."""
    bad = ~np.isfinite(values).all(axis=0)
    if bad.any():
        column = rows.features[int(np.argmax(bad))]
        raise DataError(
            f"{step}: {int(bad.sum())} of {len(bad)} features have missing or infinite values "
            f"(first: '{feature_of(column)}' of block '{block_of(column)}'). Put impute before {step}."
        )


def standardized(step: str, values: np.ndarray, rows: Rows) -> np.ndarray:
    """(n_cases, k) with mean 0 and SD 1, constant features 0; ``DataError`` for gaps, or if nothing varies."""
    require_finite(step, values, rows)
    mean, sd = moments(values)
    if not (sd > 0).any():
        raise DataError(f"{step}: none of {len(sd)} features of {', '.join(rows.blocks)} varies in the training rows")
    return (values - mean) / np.where(sd > 0, sd, np.inf)


def class_codes(step: str, y: np.ndarray | None) -> np.ndarray:
    """(n_cases,) class codes 0, 1, ...; ``DataError`` unless the training rows have two classes at least."""
    if y is None:
        raise DataError(f"{step}: it needs the outcome of the training rows, and there is none")
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise DataError(f"{step}: the training rows have {len(classes)} class(es); it needs two at least")
    return codes


def repeated_owners(patient: np.ndarray | None) -> np.ndarray | None:
    """(n_cases,) the patient of each row where some own several rows, else None."""
    return patient if patient is not None and pd.Series(patient).duplicated().any() else None


def folds_of(step: str, outcome: np.ndarray, patient: np.ndarray | None, n_folds: int, seed: int) -> Folds:
    """Stratified, shuffled folds of class codes, whole patients where some own several rows.

    At most as many as the rarest class has cases (patients where some own several cases), at least 2.
    """
    owners = repeated_owners(patient)
    units = np.arange(len(outcome)) if owners is None else owners
    rarest = min(len(set(units[outcome == code])) for code in np.unique(outcome))
    if rarest < 2:
        raise DataError(
            f"{step}: it needs 2 {'cases' if owners is None else 'patients'} of each class among the "
            f"{len(outcome)} training rows; the rarest class has {rarest}"
        )
    kind = StratifiedKFold if owners is None else StratifiedGroupKFold
    splitter = kind(min(n_folds, rarest), shuffle=True, random_state=seed)
    folds = list(splitter.split(np.zeros(len(outcome)), outcome, owners))
    n_classes = len(np.unique(outcome))
    if any(len(np.unique(outcome[train])) < n_classes for train, _ in folds):
        raise DataError(
            f"{step}: in {len(folds)} folds by patient, the training rows of one lack a class, because few "
            f"patients own all its cases. Set folds to another number than {len(folds)}."
        )
    return folds


def scored_folds(step: str, outcome: np.ndarray, patient: np.ndarray | None, n_folds: int, seed: int) -> Folds:
    """Those of ``folds_of`` whose test rows have two classes at least, so that an AUC exists."""
    folds = folds_of(step, outcome, patient, n_folds, seed)
    scored = [(train, test) for train, test in folds if len(np.unique(outcome[test])) > 1]
    if not scored:
        raise DataError(
            f"{step}: each of {len(folds)} folds by patient has the test rows of a single class, so that no AUC can be "
            f"computed. Set folds to another number than {len(folds)}."
        )
    return scored
