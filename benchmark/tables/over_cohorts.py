"""What a family adds to others over several cohorts: mean difference in AUC, that of a new cohort, p, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, difference, number, p_value
from benchmark.tables.table import Table
from benchmark.tables.words import ADJUSTMENTS, interval_heading, method_words, sentence

HIGHER = "Higher in: cohorts in which the difference is above 0, of those that have both models"
BESIDE = "Signed rank: every cohort counts alike; with fewer than six cohorts its p cannot fall below 0.05"
EXPECTED = "Prediction interval: where the difference of a new cohort is expected"


def adding(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per family that is added to others."""
    found = _of(results, "adding")
    if found.empty:
        return None
    names = tuple((str(row["base"]), str(row["added"])) for row in found.to_dict("records"))
    return _table("adding", "What a family adds to others, over cohorts.", ("To", "is added"), names, found)


def families(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair of models of which none holds the other: single families first."""
    return _pairs(results, "pairs", "Differences between families, over cohorts.", "families", "other")


def fusions(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per family that stands alone and in fusions that differ between the cohorts."""
    return _pairs(results, "fusions_over_cohorts", "The largest fusion of each cohort against one family.", "fusion")


def _pairs(results: Mapping[str, pd.DataFrame], name: str, caption: str, *questions: str) -> Table | None:
    found = pd.concat([_of(results, question) for question in questions], ignore_index=True)
    if found.empty:
        return None
    names = tuple((str(row["together"]), str(row["base"])) for row in found.to_dict("records"))
    return _table(name, caption, ("First", "Second"), names, found)


def _of(results: Mapping[str, pd.DataFrame], question: str) -> pd.DataFrame:
    found = results["over_cohorts"]
    return found[found["question"] == question].reset_index(drop=True)


def _table(
    name: str, caption: str, leading: tuple[str, str], names: tuple[tuple[str, str], ...], found: pd.DataFrame
) -> Table:
    level = interval_heading(found)
    headings = (*leading, "Higher in", f"Difference in AUC ({level})", "Prediction interval", "I²", "p",
                "Adjusted p", "p, signed rank", "p of equivalence", "Verdict")  # fmt: skip
    cells = (both + _cells(row) for both, row in zip(names, found.to_dict("records"), strict=True))
    return Table(name, caption, headings, tuple(cells), tuple(_notes(found)), data=found)


def _cells(row: dict[Any, Any]) -> tuple[str, ...]:
    ahead = difference(row["difference"], row["prediction_low"], row["prediction_high"])
    return (
        f"{count(row['n_higher'])}/{count(row['n_cohorts'])}",
        difference(row["difference"], row["low"], row["high"]),
        ahead.partition("(")[2].rstrip(")") or number(None),
        f"{number(100 * row['i2'], digits=0)}%",
        *(p_value(row[name]) for name in ("p", "p_adjusted", "p_signed_rank", "p_equivalence_adjusted")),
        str(row["verdict"]),
    )


def _notes(found: pd.DataFrame) -> list[str]:
    ways = [ADJUSTMENTS.get(str(way), str(way)) for way in found["adjustment"].dropna().unique()]
    margins = found["margin"].dropna().unique()
    texts = [
        *method_words(found),
        HIGHER,
        EXPECTED,
        BESIDE,
        f"p and p of equivalence adjusted over the questions of one kind: {', '.join(ways)}" if ways else "",
        f"Equivalent: the mean difference is shown to be smaller than {number(margins[0], digits=2)}; open: the "
        "cohorts are too few or too small to say"
        if len(margins)
        else "",
    ]
    return [sentence(str(text)) for text in texts if text]
