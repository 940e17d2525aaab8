"""Published numbers beside ours, with the verdict on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import MISSING, interval, number, signed
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading

HEADER = ("Number", "Published", "Ours", "Difference", "Tolerance", "Verdict", "Why")


def numbers(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per number."""
    found = results["numbers"]
    heading = f"Ours ({interval_heading(found)})" if found["level"].notna().any() else "Ours"
    header = (*HEADER[:2], heading, *HEADER[3:])
    rows = tuple(cells(row) for row in found.to_dict("records"))
    return Table("numbers", "Published numbers beside ours.", header, rows, tuple(_notes(found)), data=found)


def cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """The texts of a row, under ``HEADER``."""
    ours = interval(row["ours"], row["low"], row["high"])
    return (
        str(row["number"]), _published(row), ours if ours != MISSING else "", _difference(row), _tolerance(row),
        str(row["verdict"]), str(row["why"]),
    )  # fmt: skip


def _published(row: Mapping[Any, Any]) -> str:
    return f"above {row['above']:g}" if pd.notna(row["above"]) else number(row["published"])


def _difference(row: Mapping[Any, Any]) -> str:
    return signed(row["difference"], digits=4) if pd.notna(row["difference"]) else ""


def _tolerance(row: Mapping[Any, Any]) -> str:
    if not row["of"]:
        return ""
    return "our interval" if row["tolerance"] == "interval" else row["tolerance"]


def _notes(found: pd.DataFrame) -> list[str]:
    """Where the numbers are printed: each place with its numbers, the commonest with all others."""
    places: dict[str, list[str]] = {}
    for row in found.to_dict("records"):
        places.setdefault(str(row["printed"]), []).append(str(row["number"]))
    common = "" if "" in places else max(places, key=lambda where: len(places[where]))
    told = [f"{'; '.join(names)}: {where}." for where, names in places.items() if where not in (common, "")]
    return told + ([f"{'All others' if told else 'Published'}: {common}."] if common else [])
