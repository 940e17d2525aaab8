"""What a review rests on: the registry, the pooling rule, and the number that stands for each study and family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, number
from benchmark.tables.table import Table, listing

OPTIONS = {
    "splits": "Splits, in order of preference",
    "take": "Which split",
    "model": "Which of several models",
    "flagged": "Doubtful or double figures",
    "ranges": "Figures printed as a range",
    "endpoints": "Endpoints",
    "families": "Families",
}

WORDS = {
    "first_split": "the first in order that the study has",
    "any_split": "any of them",
    "best": "the best",
    "mean": "their mean",
    "first": "the first that is listed",
    "leave_out": "left out",
    "keep": "kept",
    "average": "by the middle of the range",
    "low": "by its low end",
    "high": "by its high end",
}


def registry(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per source of the registry, and one of all."""
    found = results.get("registry", pd.DataFrame())
    if found.empty:
        return None
    parts = {str(name) or "not named": rows for name, rows in found.groupby("review", sort=False)}
    if len(parts) > 1:
        parts["All"] = found
    data = pd.DataFrame([{"source": name, **_counts(rows)} for name, rows in parts.items()])
    cells = tuple(
        (str(row["source"]), *(count(row[part]) for part in ("studies", "rows", "figures")), _years(row))
        for row in data.to_dict("records")
    )
    strong = frozenset({len(cells) - 1} if len(parts) > 1 else ())
    header = ("Source", "Studies", "Rows", "With a figure", "Years")
    return Table("registry", "The registry of published figures.", header, cells, (), strong, data)


def rule(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The declared rule and what further pools change in it."""
    if "registry" not in results:
        return None
    rules = {"As declared": run["pooling"], **run["pools"]}
    rows = [
        (name, OPTIONS[option], _words(told[option]))
        for name, told in rules.items()
        for option in OPTIONS
        if option in told
    ]
    return listing("rule", "The pooling rule.", ("Pool", "Choice", "What counts"), rows)


def pooled(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The number that stands for each study and family."""
    found = results.get("pooled", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            str(row["group"]), str(row["study"]), number(row["value"]), str(row["split"]), str(row["model"]),
            count(row["models"]), count(row["n_cases"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    header = ("Family", "Study", title_of(run["metric"]), "Split", "Model", "Out of", "Cases")
    return Table(
        "pooled",
        f"The number that stands for each study and family: {run['place']}.",
        header,
        rows,
        ("Out of: how many figures of that family and split the rule had to choose from.",),
        data=found,
    )


def gaps(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """Pools and metrics in which nothing can be tested."""
    found = results.get("gaps", pd.DataFrame())
    rows = [(str(name), title_of(metric), str(why)) for name, metric, why in found.itertuples(index=False)]
    return listing("gaps", "What could not be compared.", ("Pool", "Metric", "Reason"), rows)


def _counts(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "studies": rows["study_id"].nunique(),
        "rows": len(rows),
        "figures": int(rows["value"].notna().sum()),
        "first_year": rows["year"].min(),
        "last_year": rows["year"].max(),
    }


def _years(row: Mapping[Any, Any]) -> str:
    first, last = row["first_year"], row["last_year"]
    return "" if pd.isna(first) else f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        joined = (f"{name}: {', '.join(parts)}" if list(parts) != [name] else name for name, parts in value.items())
        return "; ".join(joined)
    return WORDS[value] if isinstance(value, str) else ", ".join(map(str, value))
