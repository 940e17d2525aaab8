"""What the leak audit found, code by code, if there was one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per code."""
    told = run.get("audit") or {}
    findings = list(told.get("findings") or ())
    rows = [
        (one["code"], one["title"], one["verdict"], ": ".join(filter(None, (one["where"], one["message"]))))
        for one in findings
    ]
    verdicts = [one["verdict"] for one in findings]
    caption = f"Leak audit: {_several(verdicts, 'LEAK')}, {_several(verdicts, 'WARNING')}."
    notes = ("The codes are explained in docs/audit.md of radbench.", *_budget(told))
    made = listing("audit", caption, ("Code", "What it promises", "Verdict", "Found"), rows, notes=notes)
    loud = frozenset(place for place, verdict in enumerate(verdicts) if verdict in ("LEAK", "WARNING"))
    return None if made is None else replace(made, strong=loud)


def _several(verdicts: Sequence[str], verdict: str) -> str:
    n = verdicts.count(verdict)
    return f"{count(n) if n else 'no'} {verdict.lower()}{'' if n == 1 else 's'}"


def _budget(told: Mapping[str, object]) -> tuple[str, ...]:
    budget = told.get("budget")
    if not isinstance(budget, Mapping):
        return ()
    folds = "every fold" if budget.get("folds") is None else f"{budget['folds']} folds of each design"
    recipes = "every recipe" if budget.get("recipes") else "as many recipes as touch each block with each step"
    return (f"Refitted: {folds}, {recipes}; {budget.get('permutations')} draws of each control arm.",)
