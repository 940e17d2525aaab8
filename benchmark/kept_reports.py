"""Reports of single cohorts, kept beside their comparison: what is aggregated, and nothing of a single patient.

Kept are the page with its pictures, its tables as CSV, and the forest plot of its models. A table with a row per case
or per patient is left where it is, and so are predictions and whatever else the waist holds. Links of the page to files
that are not kept are taken out.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from benchmark.errors import DataError

OF_PATIENTS = {"case", "patient"}
"""Columns of a table that has a row per case or patient."""

LINK = re.compile(r'<a href="((?:tables|figures)/[^"]+|provenance\.json)">[^<]*</a>\s*')
PAGE = "report.html"


def keep(folders: Mapping[str, Path], output: Path) -> dict[str, str]:
    """Copy what is kept of each results folder, by cohort, to a folder of its name in ``output``; the link to each page
    by cohort. What an earlier copy left there is removed. ``DataError`` for a folder without a page, and for two of one
    name, before anything is copied."""
    names = [folder.name for folder in folders.values()]
    for folder in folders.values():
        if not (folder / PAGE).is_file():
            raise DataError(f"{folder}: no {PAGE} to keep. Write it with radbench report {folder}")
        if names.count(folder.name) > 1 or folder.name in ("tables", "figures"):
            raise DataError(f"{folder}: the reports of two cohorts cannot both be kept as '{folder.name}': rename one")
    for folder in folders.values():
        _keep(folder, output / folder.name)
    return {cohort: f"{folder.name}/{PAGE}" for cohort, folder in folders.items()}


def _keep(folder: Path, target: Path) -> None:
    for part in ("tables", "figures"):
        shutil.rmtree(target / part, ignore_errors=True)
        (target / part).mkdir(parents=True)
    tables = [path for path in sorted((folder / "tables").glob("*.csv")) if not _of_patients(path)]
    for path in (*tables, *sorted((folder / "figures").glob("forest*.png"))):
        shutil.copyfile(path, target / path.relative_to(folder))
    text = (folder / PAGE).read_text(encoding="utf-8")
    text = LINK.sub(lambda link: link[0] if (target / link[1]).exists() else "", text)
    (target / PAGE).write_text(text, encoding="utf-8", newline="\n")


def _of_patients(path: Path) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        return bool(OF_PATIENTS & set(next(csv.reader(file), [])))
