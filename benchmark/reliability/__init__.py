"""Repeated readings of features, and how well they agree. Each measure takes all features at once, as an array
(n_subjects, n_readings, n_features)."""

from __future__ import annotations

from benchmark.reliability.bands import BANDS, band
from benchmark.reliability.ccc import ccc
from benchmark.reliability.cosine import cosine
from benchmark.reliability.icc import COLUMNS, FORMS, ONE_WAY_FORMS, icc, icc_all_forms, icc_unequal
from benchmark.reliability.readings import Readings
from benchmark.reliability.repeatability import repeatability
from benchmark.reliability.survey import count_bands, survey

__all__ = [
    "BANDS", "COLUMNS", "FORMS", "ONE_WAY_FORMS", "Readings", "band", "ccc", "cosine", "count_bands", "icc",
    "icc_all_forms", "icc_unequal", "repeatability", "survey",
]  # fmt: skip
