"""Families compared inside the studies that report both, and by a mixed model."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, degrees, difference, number, p_value, statistic, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading


def within(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair of families of one study."""
    found = results["within"]
    if found.empty:
        return None
    rows = tuple(
        (
            f"{row['first']} minus {row['second']}", count(row["n"]), f"{row['n_higher']} of {row['n']}",
            difference(row["difference"], row["low"], row["high"]), p_value(row["p"]), p_value(row["p_t"]),
            p_value(row["p_sign"]), number(row["rank_biserial"], digits=2),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    return Table(
        "within",
        f"Families compared inside studies: {run['place']}.",
        (
            "Difference",
            "Studies",
            "First higher in",
            f"Mean difference in {title_of(run['metric'])} ({interval_heading(found)})",
            "Wilcoxon p",
            "Paired t p",
            "Sign p",
            "Rank-biserial",
        ),
        rows,
        (
            "Only studies that report both families, so disease and cases are mostly the same on both sides. "
            "Wilcoxon's p of five studies cannot be below 0.062, of six not below 0.031. p are not adjusted.",
            "Who reports both has mostly built the fusion: a fusion that did not help is less often published.",
        ),
        data=found,
    )


def mixed(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per family against the first."""
    found = results["mixed"]
    if found.empty:
        return None
    rows = tuple(
        (
            f"{row['first']} minus {row['second']}",
            difference(row["difference"], row["low"], row["high"]),
            p_value(row["p"]),
        )
        for row in found.to_dict("records")
    )
    whole = found.iloc[0]
    if pd.isna(whole["statistic"]):
        told = "No study has more than one of these families, so nothing can be fitted."
    else:
        told = (
            f"All families: F({degrees(whole['df1'])}, {degrees(whole['df2'])}) = {statistic(whole['statistic'])}, "
            f"p {p_value(whole['p_all'])}. {count(whole['n_values'])} numbers of {count(whole['n_studies'])} studies, "
            f"{count(whole['n_shared'])} of them with several families; {whole_percent(whole['intraclass'])} of the "
            "variance is common to the families of a study."
        )
    return Table(
        "mixed",
        f"Mixed model with the study as random effect: {run['place']}.",
        ("Difference", f"Estimate ({interval_heading(found)})", "p"),
        rows,
        (
            told,
            "Restricted maximum likelihood; it weighs what is seen inside studies and between them. With so few "
            "studies the degrees of freedom are rough, and the bias of who reports both families stays.",
        ),
        data=found,
    )
