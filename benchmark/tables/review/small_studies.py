"""Whether small studies report higher figures."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, degrees, difference, number, p_value, statistic, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading

NAMES = {"Egger": "Egger, on standard errors", "size": "Regression on 1/√n"}


def asymmetry(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test."""
    found = results["asymmetry"]
    if found.empty:
        return None
    rows = tuple(
        (
            NAMES[row["test"]], count(row["k"]), difference(row["coefficient"], row["low"], row["high"], digits=2),
            statistic(row["statistic"]), degrees(row["df"]), p_value(row["p"]), number(row["at_infinity"]),
            count(row["left_out"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    known = results["errors"]["source"].value_counts()
    return Table(
        "asymmetry",
        f"Small studies against large ones: {run['place']}.",
        (
            "Test",
            "Values",
            f"Coefficient ({interval_heading(found)})",
            "t",
            "df",
            "p",
            "Of a very large study",
            "Left out",
        ),
        rows,
        (
            "On the logit scale. A coefficient above 0: small studies report higher figures; below 0: lower ones.",
            f"Standard errors: {count(known.get('interval', 0))} from printed intervals, "
            f"{count(known.get('cases', 0))} from the number of cases alone, as abstracts tell no events (AUC: Hanley "
            f"and McNeil, {whole_percent(run['statistics']['event_share'])} of the cases taken to have the event). "
            "Left out: neither is known.",
            "Such an error depends on the figure itself, which alone makes a funnel lean; the regression on the "
            "number of cases does not have this fault and is the one to read. Families of one study count each, so p "
            "is too small.",
        ),
        data=found,
    )
