"""Repeatability: by how much two readings of one subject differ, in units of the feature and as a share of its value.

    wSD = sqrt(MSW)            RC = 1.96 sqrt(2) wSD             (within-subject SD, repeatability coefficient)
    wCV = sqrt(mean_i(s_i^2 / m_i^2))                            (within-subject coefficient of variation)

with mean m_i and SD s_i of the readings of subject i: two readings of one subject differ by less than RC in 95 of 100
cases. Limits of wSD and RC: df MSW / chi^2 with df = N - n; those of wCV likewise, from its square, which is exact
neither for few readings nor for a large wCV. wCV needs a ratio scale: it is not defined for a feature whose readings
have both signs, or are 0 in a subject; the wSD divided by the overall mean, which others call wCV, hides that.

Source: Bland and Altman (1999), Statistical Methods in Medical Research 8:135, section 3; Quan and Shih (1996),
Biometrics 52:1195; Raunig et al. (2015), Statistical Methods in Medical Research 24:27 (QIBA), sections 4 and 5.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtri

from benchmark.reliability.mean_squares import one_way

REPEATABILITY_COLUMNS = (
    "wsd", "rc", "rc_low", "rc_high", "wcv", "wcv_low", "wcv_high", "df", "n_subjects",
)  # fmt: skip
COVERAGE = 1.96 * np.sqrt(2)
"""From the SD of a reading to the difference between two that is exceeded in 5 of 100 cases."""


def repeatability(values: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """One row of ``REPEATABILITY_COLUMNS`` per feature of ``values`` (n_subjects, most readings, n_features).

    Subjects may differ in their number of readings (missing ones are NaN); those with one reading say nothing and are
    not counted. ``wcv`` is a share, not per cent. NaN without a subject read twice.
    """
    several = (~np.isnan(values)).sum(axis=1) > 1
    values = np.where(several[:, None], values, np.nan)
    table = one_way(values)
    n = several.sum(axis=0)
    df = np.where(n > 0, table.total - n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(n == 1, _one_subject(values), table.within)
        widen = np.sqrt(df / chdtri(df, [[(1 - level) / 2], [(1 + level) / 2]]))
    wsd = np.sqrt(within)
    wcv = _wcv(values, several)
    columns = (wsd, COVERAGE * wsd, *(COVERAGE * wsd * widen), wcv, *(wcv * widen), df, n.astype(np.int64))
    return pd.DataFrame(dict(zip(REPEATABILITY_COLUMNS, columns, strict=True)))


def _one_subject(values: np.ndarray) -> np.ndarray:
    """The variance within, where there is one subject and so no table of subjects."""
    there = ~np.isnan(values)
    count = there.sum(axis=(0, 1))
    mean = np.where(there, values, 0.0).sum(axis=(0, 1)) / count
    return np.square(np.where(there, values - mean, 0.0)).sum(axis=(0, 1)) / (count - 1)


def _wcv(values: np.ndarray, several: np.ndarray) -> np.ndarray:
    there = ~np.isnan(values)
    k = np.maximum(there.sum(axis=1), 1)
    x = np.where(there, values, 0.0)
    mean = x.sum(axis=1) / k
    variance = np.square(np.where(there, x - mean[:, None], 0.0)).sum(axis=1) / np.maximum(k - 1, 1)
    one_sign = ((x > 0) | ~there).all(axis=(0, 1)) | ((x < 0) | ~there).all(axis=(0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(several, variance / np.square(mean), 0.0).sum(axis=0) / several.sum(axis=0)
    return np.where(one_sign, np.sqrt(shares), np.nan)
