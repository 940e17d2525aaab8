"""The results folder: where the tables at the waist lie, and how they are written and read.

A table is written under another name and renamed, so that a crash leaves the earlier one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.errors import DataError, did_you_mean

PARQUET = (
    "predictions",
    "training_predictions",
    "trials",
    "selections",
    "correlations",
    "scores",
    "coefficients",
    "attributions",
    "nomograms",
    "timings",
)
DESCRIBED = ("values", "cases", "projections")
"""Parquet too: of the cohort itself, written before anything is fitted."""

CSV = ("fusions", "fits", "policies", "remarks", "failures", "follow_up", "subgroups")
TEXTS = {"fold": str, "case": str, "subgroup": str, "level": str}
"""Columns that are names even where they look like numbers."""

RUN = "run.json"
AUDIT = "audit.json"
CACHE = ".cache"


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet or CSV by the file's ending, whole or not at all."""
    draft = path.with_name(f".{path.name}.tmp")
    if path.suffix == ".parquet":
        table.to_parquet(draft, index=False, engine="pyarrow")
    else:
        table.to_csv(draft, index=False)
    draft.replace(path)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a mapping as readable JSON, whole or not at all."""
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    draft.replace(path)


def write_waist(folder: Path, tables: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> None:
    """Write the tables at the waist and what was run."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARQUET:
        write_table(tables[name], folder / f"{name}.parquet")
    for name in CSV:
        write_table(tables[name], folder / f"{name}.csv")
    write_json(run, folder / RUN)


def read_waist(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The tables at the waist and what was run. Raises ``DataError`` if the folder does not hold a run."""
    if not folder.is_dir():
        near = sorted(entry.name for entry in folder.parent.glob("*/")) if folder.parent.is_dir() else []
        raise DataError(f"{folder}: no such folder.{did_you_mean(folder.name, near)}")
    missing = [name for name in (RUN, "predictions.parquet") if not (folder / name).exists()]
    if missing:
        raise DataError(f"{folder}: not a finished results folder, it has no {missing[0]}. Expected: the output of run")
    tables = {}
    for name in (*PARQUET, *DESCRIBED):
        path = folder / f"{name}.parquet"
        if path.exists():
            tables[name] = _read(path)
    for name in CSV:
        path = folder / f"{name}.csv"
        if path.exists():
            tables[name] = pd.read_csv(path, dtype=TEXTS, keep_default_na=False, na_values=[""])
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{folder / RUN}: not valid JSON: {error}") from None
    return tables, run


def read_audit(folder: Path) -> dict[str, Any]:
    """What ``radbench audit`` found, as ``{"audit": ...}``; empty if there was none or it is not JSON."""
    try:
        return {"audit": json.loads((folder / AUDIT).read_text(encoding="utf-8"))}
    except (OSError, ValueError):
        return {}


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, engine="pyarrow")
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as Parquet: {error}") from None
