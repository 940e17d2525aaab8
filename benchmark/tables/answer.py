"""The answer of a comparison over cohorts, in sentences made from its numbers, and what cannot be known from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.rounding import count, difference, number, p_value, signed
from benchmark.tables.words import interval_heading

FEWEST = 3
"""Cohorts of an answer: of two there is no prediction interval, and their mean has one degree of freedom."""

VERDICTS = {
    "better": "{together} predicted better than {base} alone",
    "worse": "{together} predicted worse than {base} alone",
    "equivalent": "{together} predicted as well as {base} alone, within {margin}",
    "open": "Whether {together} predicts better than {base} alone stays open",
}


def sentences(results: Mapping[str, pd.DataFrame]) -> list[str]:
    """One sentence per question about the largest fusions (about what is added to single families, if these are the
    same everywhere) with ``FEWEST`` cohorts, most cohorts first; then the questions with fewer."""
    found = results["over_cohorts"]
    asked = found[found["question"] == "fusion"]
    if asked.empty:
        asked = found[(found["question"] == "adding") & ~found["base"].str.contains(" + ", regex=False)]
    asked = asked.sort_values("n_cohorts", ascending=False, kind="stable")
    enough = asked["n_cohorts"] >= FEWEST
    told = [_sentence(row, found) for row in asked[enough].to_dict("records")]
    few = found[(found["n_cohorts"] < FEWEST) & (found["question"] != "other")].to_dict("records")
    if few:
        pairs = "; ".join(f"{row['together']} minus {row['base']} ({signed(row['difference'])})" for row in few)
        told.append(f"Cannot be known from two cohorts, whatever the mean difference says: {pairs}.")
    return told


def _sentence(row: Mapping[Any, Any], found: pd.DataFrame) -> str:
    together = "the largest fusion of each cohort" if row["question"] == "fusion" else str(row["together"])
    words = VERDICTS[str(row["verdict"])].format(
        together=together, base=row["base"], margin=number(row["margin"], digits=2)
    )
    p = p_value(row["p_adjusted"])
    ahead = difference(row["difference"], row["prediction_low"], row["prediction_high"]).partition("(")[2].rstrip(")")
    return (
        f"{words[0].upper()}{words[1:]}: mean difference in AUC {signed(row['difference'])} "
        f"({interval_heading(found)} {_range(row)}, adjusted p {p if p.startswith('<') else f'= {p}'}) over "
        f"{count(row['n_cohorts'])} cohorts, higher in {count(row['n_higher'])} of them, I² "
        f"{number(100 * row['i2'], digits=0)}%; in a new cohort {ahead} is expected."
    )


def _range(row: Mapping[Any, Any]) -> str:
    return difference(row["difference"], row["low"], row["high"]).partition("(")[2].rstrip(")")
