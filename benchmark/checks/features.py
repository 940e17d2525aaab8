"""Checks of the features, all columns of a block at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from benchmark.checks.finding import Finding, found
from benchmark.checks.numbers import Numbers, numbers
from benchmark.cohort import Cohort
from benchmark.errors import first_of

MOSTLY = 0.5
LARGE = 1e10
NEARLY = 0.98  # AUC of one feature alone
FEWEST = 10  # cases per class for an AUC to say something
CODES_FOR_MISSING = (0, -1, -9, -99, -999, -9999, 99, 999, 9999, 88, 888)
VOLUME = re.compile(r"volume$", re.IGNORECASE)
CHANGE = re.compile(r"diff|delta|change|ratio", re.IGNORECASE)
IDENTIFIER = re.compile(r"(^|[\W_])(id|pid|index|patient|case|subject)(_?(id|nr|no|number))?$", re.IGNORECASE)


def constant(cohort: Cohort) -> Iterator[Finding]:
    """RB030: one value throughout."""
    constants = {part.block.name: list(part.names[part.low == part.high]) for part in numbers(cohort)}
    for block in cohort.blocks.values():
        names = constants.get(block.name, [])
        names += [name for name in block.categorical if block.table[name].nunique() == 1]
        if names:
            yield found("RB030", block.name, f"{first_of(names)} of {block.table.shape[1]} columns are constant")


def duplicates(cohort: Cohort) -> Iterator[Finding]:
    """RB031: a column with the values of an earlier one, of any block."""
    seen: dict[bytes, str] = {}
    for part in numbers(cohort):
        columns = np.ascontiguousarray(part.values.T + 0.0)  # + 0.0: -0.0 is 0.0
        again = []
        for name, column in zip(part.names[part.varying], columns[part.varying], strict=True):
            full = f"{part.block.name}::{name}"
            first = seen.setdefault(column.tobytes(), full)
            if first != full:
                again.append(f"{name} = {first}")
        if again:
            yield found("RB031", part.block.name, f"{first_of(again)} of {len(part.names)} columns repeat another one")


def mostly_missing(cohort: Cohort) -> Iterator[Finding]:
    """RB032: more missing than present, or empty."""
    for block in cohort.blocks.values():
        share = block.table.isna().mean()
        names = [f"{name} {100 * part:.0f} %" for name, part in share[share > MOSTLY].items()]
        if names:
            yield found("RB032", block.name, f"{first_of(names)} of {len(share)} columns are mostly missing")


def large(cohort: Cohort) -> Iterator[Finding]:
    """RB033: infinite; RB034: beyond 1e10, where scalers and distances lose the other features."""
    for part in numbers(cohort):
        infinite = np.isinf(part.low) | np.isinf(part.high)
        if infinite.any():
            yield found("RB033", part.block.name, f"infinite values in {first_of(part.names[infinite])} columns")
        finite = np.where(np.isinf(part.values), np.nan, part.values) if infinite.any() else part.values
        largest = np.fmax.reduce(np.abs(finite), axis=0)
        beyond = largest > LARGE
        if beyond.any():
            message = f"values beyond {LARGE:.0e} in {first_of(part.names[beyond])} columns"
            yield found("RB034", part.block.name, f"{message}, up to {np.max(largest[beyond]):.1e}")


def outcome_among(cohort: Cohort) -> Iterator[Finding]:
    """RB035: a feature is the outcome in another coding. RB036: it parts the classes nearly without error."""
    codes = cohort.codes.to_numpy()
    same: dict[str, list[str]] = {}
    for block in cohort.blocks.values():
        same[block.name] = [name for name in block.categorical if _one_to_one(block.table[name], codes)]
    for part in numbers(cohort):
        few = np.flatnonzero(part.varying & _few_values(part, len(cohort.classes)))
        equal = [int(k) for k in few if _one_to_one(pd.Series(part.values[:, k]), codes)]
        same[part.block.name] += list(part.names[equal])
        if len(cohort.classes) == 2:
            auc = feature_aucs(part.values, codes)
            auc[equal] = np.nan
            near = np.flatnonzero(np.fmax(auc, 1 - auc) > NEARLY)
            names = [f"{part.names[k]} {max(auc[k], 1 - auc[k]):.3f}" for k in near]
            if names:
                yield found("RB036", part.block.name, f"alone, {first_of(names)} features reach an AUC above {NEARLY}")
    for name, columns in same.items():
        if columns:
            yield found("RB035", name, f"{first_of(columns)} features are the outcome in another coding")


def missing_codes(cohort: Cohort) -> Iterator[Finding]:
    """RB037: in a block that is not of images, 0, -1, 99, 999 ... beyond Tukey's far-out fence of the other values."""
    for part in numbers(cohort):
        told = [] if part.block.image else [text for k in range(len(part.names)) if (text := _suspect(part, k))]
        if told:
            yield found("RB037", part.block.name, f"may stand for a missing value: {first_of(told)}")


def negative_volumes(cohort: Cohort) -> Iterator[Finding]:
    """RB038: a volume below 0, in a column that has not been centred."""
    for part in numbers(cohort):
        volumes = [k for k, name in enumerate(part.names) if VOLUME.search(name) and not CHANGE.search(name)]
        for k in volumes:
            values = part.values[:, k]
            values = values[np.isfinite(values)]
            below = int((values < 0).sum())
            if below and abs(values.mean()) > 0.1 * values.std():
                yield found(
                    "RB038", part.block.name, f"{below} of {len(values)} values of {part.names[k]} are negative"
                )


def identifiers(cohort: Cohort) -> Iterator[Finding]:
    """RB039: whole numbers, all different, that are consecutive or carry the name of an id."""
    for part in numbers(cohort):
        n = len(part.values)
        if n < FEWEST:
            continue
        whole = np.flatnonzero(np.isfinite(part.values).all(axis=0) & (part.values == np.rint(part.values)).all(axis=0))
        distinct = [k for k in whole if len(np.unique(part.values[:, k])) == n]
        names = [
            part.names[k]
            for k in distinct
            if part.high[k] - part.low[k] == n - 1 or IDENTIFIER.search(part.names[k]) is not None
        ]
        if names:
            yield found("RB039", part.block.name, f"{first_of(names)} columns look like a row number or an id")


def standardised(cohort: Cohort) -> Iterator[Finding]:
    """RB040: mean 0 and SD 1 over all cases, or within each batch: closer than a sample would be by chance."""
    for part in numbers(cohort):
        if part.varying.sum() < FEWEST or len(part.values) < FEWEST:
            continue
        values = part.values[:, part.varying]
        if is_standardised(values):
            message = "the columns have mean 0 and SD 1 over all cases: they were standardised before any split"
            yield found("RB040", part.block.name, message)
        elif cohort.batch is not None and cohort.batch.nunique() > 1:
            groups = cohort.batch.groupby(cohort.batch).indices
            if all(len(rows) >= FEWEST and is_standardised(values[rows]) for rows in groups.values()):
                message = (
                    "the columns have mean 0 and SD 1 in each batch: batch effects were taken out before any split"
                )
                yield found("RB040", part.block.name, message)


def _one_to_one(column: pd.Series, codes: np.ndarray) -> bool:
    """Whether every class has one value of its own (missing ones aside)."""
    known = column.notna().to_numpy()
    pairs = pd.DataFrame({"value": column.to_numpy()[known], "class": codes[known]}).drop_duplicates()
    n_classes = len(np.unique(codes))
    return len(pairs) == n_classes == pairs["value"].nunique() == pairs["class"].nunique()


def _few_values(part: Numbers, n: int) -> np.ndarray:
    """(n_features,) bool: ``n`` different values besides missing ones."""
    return (np.diff(np.sort(np.clip(part.values, -1e300, 1e300), axis=0), axis=0) > 0).sum(axis=0) == n - 1


def feature_aucs(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(n_features,) AUC of each feature, NaN below ``FEWEST`` cases in a class; missing values do not count."""
    known = ~np.isnan(values)
    # Missing values rank above all others, so that they leave the others' ranks alone.
    ranks = rankdata(np.where(known, np.clip(values, -1e300, 1e300), np.inf), axis=0)
    positive = known & (codes == 1)[:, None]
    n1 = positive.sum(axis=0)
    n0 = known.sum(axis=0) - n1
    with np.errstate(invalid="ignore", divide="ignore"):
        auc = (np.where(positive, ranks, 0).sum(axis=0) - n1 * (n1 + 1) / 2) / (n1 * n0)
    return np.where(np.minimum(n0, n1) >= FEWEST, auc, np.nan)


def _suspect(part: Numbers, k: int) -> str:
    """``age 0 (22 times)``, or nothing."""
    values = part.values[:, k]
    values = values[np.isfinite(values)]
    for code in CODES_FOR_MISSING:
        others = values[values != code]
        n = len(values) - len(others)
        if n == 0 or len(others) < FEWEST or len(np.unique(others)) < FEWEST:
            continue
        low, high = np.quantile(others, [0.25, 0.75])
        outer = others.min() > code or others.max() < code
        if outer and not low - 3 * (high - low) <= code <= high + 3 * (high - low):
            return f"{part.names[k]} {code} ({n} times)"
    return ""


def is_standardised(values: np.ndarray) -> bool:
    if np.isinf(values).any():
        return False
    frame = pd.DataFrame(values)
    off = np.fmax(frame.mean().abs(), (frame.std(ddof=0) - 1).abs())
    return bool(np.nanmedian(off) < 0.2 / np.sqrt(len(values)))
