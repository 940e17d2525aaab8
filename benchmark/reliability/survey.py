"""A survey of the readings: every measure of every feature, and how many features of each block are how reliable.

It uses all readings that there are, of every case: it describes the measurement and must not choose features of a
model, which the filters inside the folds do from training patients alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmark.reliability.bands import BANDS, NOT_COMPUTABLE, band
from benchmark.reliability.ccc import ccc
from benchmark.reliability.cosine import cosine
from benchmark.reliability.icc import ONE_WAY_FORMS, icc, icc_unequal
from benchmark.reliability.readings import Readings
from benchmark.reliability.repeatability import repeatability

SURVEY = [
    "block", "feature", "n_subjects", "n_readings", "form", "level", "icc", "icc_low", "icc_high", "F", "df1", "df2",
    "p", "ccc", "ccc_low", "ccc_high", "cosine", "wsd", "rc", "wcv", "band", "band_low",
]  # fmt: skip
"""One row per feature: ``n_subjects`` of the ICC, ``n_readings`` per subject (k0 if unequal), ``band`` by the estimate
of the ICC, ``band_low`` by its lower limit."""

BAND_COUNTS = [
    "block", "external", "form", "level", "n_subjects", "n_readings", "n_features", *BANDS, NOT_COMPUTABLE,
    *(f"{name} (lower limit)" for name in BANDS), "median",
]  # fmt: skip
"""One row per block: how many features are in each band; ``n_subjects`` read at least twice, ``n_readings`` in all."""


def survey(readings: Mapping[str, Readings], *, form: str = "ICC(2,1)", level: float = 0.95) -> pd.DataFrame:
    """``SURVEY`` of the blocks that have readings. A one-way form uses every reading of every subject, also if subjects
    differ in number; the other measures use subjects with all readings (wSD, RC, wCV: with two or more)."""
    parts = [_of_block(name, one, form, level) for name, one in readings.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SURVEY)


def count_bands(readings: Mapping[str, Readings], measured: pd.DataFrame) -> pd.DataFrame:
    """``BAND_COUNTS`` of the blocks in a survey."""
    rows = []
    for name, of_block in measured.groupby("block", sort=False):
        one = readings[str(name)]
        by_estimate, by_limit = of_block["band"].value_counts(), of_block["band_low"].value_counts()
        told = {"block": name, "external": one.external, "form": of_block["form"].iloc[0],
                "level": of_block["level"].iloc[0], "n_subjects": len(one.subjects),
                "n_readings": int((~np.isnan(one.values)).any(axis=2).sum()), "n_features": len(of_block)}  # fmt: skip
        counts = {word: int(by_estimate.get(word, 0)) for word in (*BANDS, NOT_COMPUTABLE)}
        limits = {f"{word} (lower limit)": int(by_limit.get(word, 0)) for word in BANDS}
        rows.append(told | counts | limits | {"median": of_block["icc"].median()})
    return pd.DataFrame(rows, columns=BAND_COUNTS)


def _of_block(name: str, readings: Readings, form: str, level: float) -> pd.DataFrame:
    values = readings.values
    one_way = form in ONE_WAY_FORMS
    found = icc_unequal(values, form=form, level=level) if one_way else icc(values, form=form, level=level)
    concordance, spread = ccc(values, level=level), repeatability(values, level=level)
    return pd.DataFrame(
        {
            "block": name,
            "feature": list(readings.features),
            "n_subjects": found["n_subjects"],
            "n_readings": found["k0"] if one_way else float(values.shape[1]),
            "form": form,
            "level": level,
            "icc": found["estimate"],
            "icc_low": found["low"],
            "icc_high": found["high"],
            **{column: found[column] for column in ("F", "df1", "df2", "p")},
            "ccc": concordance["estimate"],
            "ccc_low": concordance["low"],
            "ccc_high": concordance["high"],
            "cosine": cosine(values),
            **{column: spread[column] for column in ("wsd", "rc", "wcv")},
            "band": band(found["estimate"].to_numpy()),
            "band_low": band(found["low"].to_numpy()),
        },
        columns=SURVEY,
    )
