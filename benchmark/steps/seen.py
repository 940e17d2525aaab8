"""Which cases the steps of a recipe were fitted on, as a record small enough to keep for every fit of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sklearn.pipeline import Pipeline


def fits_of(steps: Pipeline) -> list[dict[str, Any]]:
    """One row per fitted step that tells of its rows: ``step``, ``n_cases`` and ``cases``, a hash of their names."""
    return [
        {"step": name.partition(" ")[2], "n_cases": len(step.cases_), "cases": hash_of(step.cases_)}
        for name, step in steps.steps
        if hasattr(step, "cases_")
    ]


def hash_of(cases: Iterable[Any]) -> str:
    """A hash of names, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(map(str, cases))).encode()).hexdigest()[:16]
