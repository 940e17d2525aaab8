"""The published pipeline that an experiment follows: what the paper did, what it leaves open, what to beware of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per step of the paper, open point and risk; None where no pipeline is followed."""
    study = run.get("study")
    if not study:
        return None
    rows = [
        *[("Done by the paper", str(number), step) for number, step in enumerate(study["did"], start=1)],
        *[("Before there were tables", "", work) for work in study["upstream"]],
        *[("Open in its text, taken here", what, taken) for what, taken in study["open"].items()],
        *[("Beware", "", risk) for risk in study["risks"]],
    ]
    caption = f"The published pipeline that this experiment follows ({study['code']}: {study['source']})."
    return listing("study", caption, ("Kind", "What", "How"), rows)
