"""Which published pipelines have been run, and on which cohort."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from benchmark.published.catalogue import Pipeline

RESULTS = Path("results") / "published"
PAGE, FAILED = "report.html", "failures.csv"


def ran(pipeline: Pipeline, folder: Path = RESULTS) -> str:
    """The cohort of its latest run in ``folder``, "" if there is none, or that it did not come to an end."""
    place = folder / pipeline.name
    if not place.is_dir():
        return ""
    done = sorted(place.rglob(PAGE))
    if not done:
        return "not finished"
    try:
        return str(json.loads((done[0].parent / "run.json").read_text(encoding="utf-8"))["cohort"]["name"])
    except (OSError, ValueError, KeyError):
        return "audited"


def failures(folder: Path) -> str:
    """How many models of a run could not be fitted, and the reason of the first; "" if there is none."""
    rows = []
    for path in sorted(path for path in folder.rglob(FAILED) if path.parent.name != "tables"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return f"{len(rows)} models failed, the first because of: {rows[0]['reason']}" if rows else ""
