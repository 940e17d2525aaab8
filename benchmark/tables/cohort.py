"""Who went in: cases, patients, classes, batches, roles, cases that lack a block, and whose tables these are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, share
from benchmark.tables.table import Table, listing

POLICIES = {"error": "none, they would have stopped the run", "drop": "left out", "impute": "imputed"}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """Counts of cases, patients, classes, batches and roles."""
    about = run.get("cohort") or {}
    n_cases = about.get("n_cases")
    if n_cases is None:
        return None
    lines = [("Cases", count(n_cases)), ("Patients", count(about.get("n_patients")))]
    for label, n in (about.get("classes") or {}).items():
        event = " (the event)" if str(label) == str(run.get("positive")) else ""
        lines.append((f"Class {label}{event}", share(n, n_cases)))
    for kind, parts in (("Batch", about.get("batches")), ("Role", about.get("roles"))):
        lines += [(f"{kind} {name}", share(n, n_cases)) for name, n in (parts or {}).items()]
    lines += [(word.capitalize(), str(about[word])) for word in ("source", "licence") if about.get(word)]
    missing = about.get("missing_cases")
    notes = (f"Cases without a row in some block: {_missing_cases(missing)}.",) if missing is not None else ()
    return listing("cohort", f"The cohort {about.get('name', '')}.", ("Cohort", "Number"), lines, notes=notes)


def _missing_cases(missing: Any) -> str:
    """A number, a policy, or numbers by block, as text."""
    if isinstance(missing, str):
        return POLICIES.get(missing, missing)
    if isinstance(missing, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in missing.items()) or count(0)
    return count(missing) if isinstance(missing, int) else str(missing)
