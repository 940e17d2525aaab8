"""Published figures beside those of the registry, and what can be said of them from what was printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.review.families import FEWEST, TEST_NAMES
from benchmark.tables.rounding import MISSING, count, degrees, interval, number, p_value, signed, statistic
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading


def verdicts(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per published figure."""
    found = results.get("published", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            title_of(row["metric"]),
            str(row["what"]),
            _printed(row),
            _found(row),
            count(row["n"]),
            str(row["verdict"]),
            str(row["why"]),
        )
        for row in found.to_dict("records")
    )
    return Table(
        "published",
        "The published figures beside those of this registry.",
        ("Metric", "What", "Published", f"Here ({interval_heading(found)})", "Studies", "Verdict", "Why"),
        rows,
        (
            f"Published: {run['published']['source']}.",
            "The registry is another set of studies, so a verdict is on the finding, not on the arithmetic of the "
            "review.",
            *_recomputed(results["missing"]),
        ),
        data=found,
    )


def implied(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per published p and number of studies."""
    found = results.get("implied", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            title_of(row["metric"]), _small(row["p"]), count(row["total"]),
            *(number(row[part], digits=2) for part in ("statistic", "eta_squared", "f")), number(row["spread"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    once = found.drop_duplicates("metric").to_dict("records")
    sds = ", ".join(f"{title_of(row['metric'])} {number(row['sd'])}" for row in once)
    return Table(
        "implied",
        "What the published p imply, by how many studies have the metric.",
        ("Metric", "Published p", "Studies", "F", "η²", "Cohen's f", "SD of the family means"),
        rows,
        (
            f"For {count(found['families'].iloc[0])} families. Last column: how far apart their means have to be if "
            f"the SD within families is the published one ({sds}).",
            *_recomputed(results["missing"]),
        ),
        data=found,
    )


def given(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The published table of n, mean and SD, as far as it was printed."""
    found = results.get("given", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            str(row["review"]), title_of(row["metric"]), str(row["family"]), count(row["n"]), number(row["mean"]),
            number(row["sd"]), str(row["source"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    header = ("Review", "Metric", "Family", "n", "Mean", "SD", "Source")
    return Table("given", "The published tables.", header, rows, (f"{MISSING} was not published.",), data=found)


def from_summary(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per review, metric and test."""
    found = results.get("from_summary", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(_cells(row) for row in found.to_dict("records"))
    return Table(
        "from_summary",
        "Analysis of variance from the published tables.",
        (
            "Review",
            "Metric",
            "Test",
            "F",
            "df",
            "p",
            f"η² ({interval_heading(found)})",
            "Published p",
            "Verdict",
            "Why",
        ),
        rows,
        ("F from n, mean and SD alone, SD with n − 1. A p within a tenth of the published one reproduces it.",),
        data=found,
    )


def _cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    able = isinstance(row["test"], str)
    df = f"{degrees(row['df1'])}, {degrees(row['df2'])}" if able else ""
    test = TEST_NAMES.get(row["test"], row["test"]) if able else "none"
    return (
        str(row["review"]), title_of(row["metric"]), test, statistic(row["statistic"]), df,
        p_value(row["p"]), interval(row["eta_squared"], row["low"], row["high"], digits=2), _small(row["published_p"]),
        str(row["verdict"]), str(row["why"]),
    )  # fmt: skip


def _small(p: float) -> str:
    """A published p as it was printed, however small."""
    return number(p, digits=4) if p < 0.01 else p_value(p)


def _printed(row: Mapping[Any, Any]) -> str:
    return (
        _small(row["published"])
        if row["kind"] == "p"
        else number(row["published"])
        if pd.notna(row["published"])
        else ""
    )


def _found(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["found"]):
        return ""
    if row["kind"] == "p":
        return p_value(row["found"])
    if pd.isna(row["published"]):
        return signed(row["found"])
    return interval(row["found"], row["low"], row["high"]) if row["n"] >= FEWEST else number(row["found"])


def _recomputed(missing: pd.DataFrame) -> list[str]:
    """Why the published p cannot be recomputed."""
    lacking = missing[missing["unknown_cells"] > 0]
    told = (f"{title_of(row['metric'])} {row['known']} of {row['needed']}" for row in lacking.to_dict("records"))
    needs = "Recomputing an ANOVA needs n, mean and SD of every family; known are of"
    return [f"{needs} {', '.join(told)} numbers."] if len(lacking) else []
