"""Covariates that a harmonization must keep, as columns of its design, and the designs that it refuses.

A numeric covariate is one column; a text covariate with L levels is L - 1 columns of 0 and 1, against its first level
in sorted order (the choice of that level changes nothing). Beside them stands one column per batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from benchmark.errors import DataError, unknown

Missing = Literal["error", "mean"]
ROWS_PER_LABEL = 5
"""So many rows per label, each label in one class, are no chance."""


@dataclass(frozen=True, eq=False)
class Coding:
    """How covariates become columns, learned from training rows by the step ``title``.

    ``levels``: per covariate its levels, None if numeric; ``owners``: (q,) the covariate behind each column;
    ``means``: (q,) of the training rows that have a value.
    """

    levels: Mapping[str, tuple[str, ...] | None]
    owners: tuple[str, ...]
    means: np.ndarray
    title: str


def learn_coding(covariates: pd.DataFrame, names: Sequence[str], *, title: str) -> Coding:
    """The coding of these covariates by training rows; ``DataError`` if one is absent or has fewer than 2 values."""
    levels: dict[str, tuple[str, ...] | None] = {}
    parts: list[np.ndarray] = []
    owners: list[str] = []
    for name in names:
        if name not in covariates.columns:
            raise DataError(f"{title}: {unknown('covariate', name, covariates.columns)}")
        column = covariates[name]
        if column.isna().all():
            raise DataError(f"{title}: covariate '{name}' has no value in {len(column)} training rows")
        if column.nunique() == 1:
            value = column.dropna().iloc[0]
            raise DataError(f"{title}: covariate '{name}' is {value} in all training rows that have it: leave it out")
        numeric = pd.api.types.is_numeric_dtype(column.dtype)
        levels[name] = None if numeric else tuple(sorted(set(column.dropna().map(str))))
        part = _columns(name, column, levels[name], title)
        parts.append(part)
        owners += [name] * part.shape[1]
    coded = np.concatenate([np.empty((len(covariates), 0)), *parts], axis=1)
    return Coding(levels, tuple(owners), np.nanmean(coded, axis=0) if owners else np.empty(0), title)


def code(coding: Coding, covariates: pd.DataFrame, missing: Missing) -> np.ndarray:
    """The columns of any rows, (n_cases, q). A missing value is an error, or takes the mean of the training rows."""
    parts = [np.empty((len(covariates), 0))]
    for name, levels in coding.levels.items():
        column = covariates[name]
        absent = column.index[column.isna()]
        if len(absent) and missing == "error":
            raise DataError(
                f"{coding.title}: covariate '{name}' is missing in {len(absent)} of {len(column)} rows (first: "
                f"'{absent[0]}'). Fill it in the table, or set missing_covariates: mean"
            )
        parts.append(_columns(name, column, levels, coding.title))
    coded = np.concatenate(parts, axis=1)
    return np.where(np.isnan(coded), coding.means, coded)


def check_design(indicators: np.ndarray, coded: np.ndarray, coding: Coding) -> None:
    """``DataError`` with the reason unless batches (n, n_batches) and covariates (n, q) can be told apart."""
    rows, columns = len(coded), indicators.shape[1] + coded.shape[1]
    if rows <= columns:
        raise DataError(
            f"{coding.title}: {rows} training rows for {columns} columns of the design ({indicators.shape[1]} batches "
            f"and {coded.shape[1]} for covariates {', '.join(coding.levels)}); more rows than columns are needed"
        )
    if not coded.shape[1] or _rank(indicators, coded) == columns:
        return
    owners = np.array(coding.owners)
    known = indicators
    for name in coding.levels:
        own = coded[:, owners == name]
        if _rank(indicators, own) < indicators.shape[1] + own.shape[1]:
            raise DataError(
                f"{coding.title}: covariate '{name}' is determined by the batch, so the two effects cannot be told "
                "apart: leave it out"
            )
        if _rank(known, own) < known.shape[1] + own.shape[1]:
            raise DataError(
                f"{coding.title}: covariate '{name}' is a linear combination of the batch and the covariates before it "
                f"({', '.join(coding.levels)}): leave it out"
            )
        known = np.hstack([known, own])


def is_outcome(column: pd.Series, outcome: np.ndarray) -> bool:
    """Whether a covariate is the outcome under other labels, or tells it: as many labels as classes, or a few labels
    with several rows each, none of which is in two classes."""
    there = column.notna().to_numpy()
    pairs = pd.DataFrame({"covariate": column.to_numpy()[there], "outcome": outcome[there]}).drop_duplicates()
    classes = pairs["outcome"].nunique()
    if classes < 2 or pairs["covariate"].duplicated().any():
        return False
    return len(pairs) == classes or len(pairs) * ROWS_PER_LABEL <= there.sum()


def refuse_outcome(covariates: pd.DataFrame, names: Sequence[str], outcome: np.ndarray, *, title: str) -> None:
    """``DataError`` if a covariate is the outcome: the outcome would then be put into the features of the training
    rows, and be needed to prepare a test row."""
    for name in names:
        if name in covariates.columns and is_outcome(covariates[name], outcome):
            raise DataError(
                f"{title}: covariate '{name}' equals the outcome in all {covariates[name].notna().sum()} training rows "
                "that have it. The outcome cannot be a covariate: no test row could be harmonised without knowing it"
            )


def _columns(name: str, column: pd.Series, levels: tuple[str, ...] | None, title: str) -> np.ndarray:
    """(n, 1) numbers, or (n, n_levels - 1) indicators; NaN where missing."""
    if levels is None:
        numbers = column.to_numpy(dtype=float, na_value=np.nan)[:, None]
        if np.isinf(numbers).any():
            first = column.index[np.isinf(numbers[:, 0])][0]
            raise DataError(f"{title}: covariate '{name}' is infinite (first: '{first}')")
        return numbers
    text = column.where(column.isna(), column.map(str))
    strange = text.notna() & ~text.isin(levels)
    if strange.any():
        raise DataError(
            f"{title}: covariate '{name}' is '{text[strange].iloc[0]}' in {strange.sum()} of {len(text)} rows (first: "
            f"'{text.index[strange][0]}'), which no training row has. Known: {', '.join(levels)}"
        )
    indicators = (text.to_numpy(object)[:, None] == np.array(levels[1:], object)).astype(float)
    indicators[text.isna().to_numpy()] = np.nan
    return indicators


def _rank(known: np.ndarray, coded: np.ndarray) -> int:
    """The rank with every column brought to length 1, so that units do not decide."""
    design = np.hstack([known, coded - coded.mean(axis=0)])
    length = np.linalg.norm(design, axis=0)
    return int(np.linalg.matrix_rank(design / np.where(length > 0, length, 1)))
