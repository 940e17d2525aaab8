"""Columns that PyRadiomics writes beside its features: settings, versions, hashes and file names of the extraction."""

from __future__ import annotations

from collections.abc import Iterable

PREFIXES = ("diagnostics_", "general_info_")
FILES = ("Image", "Mask")
REASON = "written by PyRadiomics about the extraction"


def non_features(columns: Iterable[str]) -> dict[str, str]:
    """The columns that are not features, with the reason. ``general_info_`` was the prefix before version 2."""
    found = list(columns)
    extracted = [column for column in found if column.startswith(PREFIXES) or "original_" in column]
    files = FILES if extracted else ()
    return {column: REASON for column in found if column.startswith(PREFIXES) or column in files}
