"""Families of features compared over several cohorts, each with its own patients: what one adds to another, on average
and in a new cohort, and how they rank.

    difference    D_i = AUC_i(together) - AUC_i(base) with the variance of cohort i, combined by random effects
    signed rank, paired t    of the D_i, every cohort counting alike: beside the meta-analysis, which weighs them
    ranks         within each cohort, 1 for the highest AUC; Friedman and Iman-Davenport, then Nemenyi
    adjusted p    over the pairs of one question

Ranks need a table without gaps. Where a cohort lacks some families there are two rankings: the families that all
cohorts have, and all families in the cohorts that have them all.

Source: tests over data sets: Demsar (2006), JMLR 7:1; meta-analysis of validations: Riley et al. (2016), BMJ
353:i3140.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from benchmark.estimates import COHORT_META, COHORT_RANKS, OVER_COHORTS, RANK_PAIRS, RANK_TESTS
from benchmark.statistics.added_value import judged
from benchmark.statistics.critical_difference import rank_table
from benchmark.statistics.friedman import friedman, nemenyi
from benchmark.statistics.paired_tests import paired_t, signed_rank
from benchmark.statistics.scored_set import ScoredSet, combined_auc, combined_difference

Parts = Mapping[str, Collection[str]]

FEWEST = 3
"""Cohorts of a ranking: with two, no order of the families can be told from chance."""

ADDING, FAMILIES, OTHER = "adding", "families", "other"


def auc_table(cohorts: Sequence[ScoredSet], models: Sequence[str]) -> pd.DataFrame:
    """The AUCs, a row per cohort and a column per model, NaN where a cohort lacks it."""
    rows = {one.name: dict(zip(one.models, one.aucs.estimate, strict=True)) for one in cohorts}
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=list(models)).astype(float)


def questions(cohorts: Sequence[ScoredSet], parts: Parts) -> list[tuple[str, str, str]]:
    """(question, base, together) of each pair of models that two cohorts have: first what is added to what, smaller
    bases first; then single families; then the rest."""
    found = []
    for one, other in combinations(parts, 2):
        if sum({one, other} <= set(cohort.models) for cohort in cohorts) < 2:
            continue
        first, second = frozenset(parts[one]), frozenset(parts[other])
        if first < second or second < first:
            found.append((ADDING, *((one, other) if first < second else (other, one))))
        elif len(first) == len(second) == 1:
            found.append((FAMILIES, other, one))
        else:
            base, together = sorted((other, one), key=lambda name: len(parts[name]))
            found.append((OTHER, base, together))
    order = {ADDING: 0, FAMILIES: 1, OTHER: 2}
    return sorted(found, key=lambda pair: (order[pair[0]], len(parts[pair[1]]), len(parts[pair[2]])))


def cohort_meta(cohorts: Sequence[ScoredSet], parts: Parts, *, level: float) -> pd.DataFrame:
    """The table ``COHORT_META``: the AUC of each model, and the difference of each pair of ``questions``."""
    tables = [
        combined_auc(cohorts, model, level=level).assign(measure="auc", first=model, second="")
        for model in parts
        if any(model in cohort.models for cohort in cohorts)
    ]
    tables += [
        combined_difference(cohorts, together, base, level=level).assign(
            measure="difference", first=together, second=base
        )
        for _, base, together in questions(cohorts, parts)
    ]
    return pd.concat(tables, ignore_index=True)[COHORT_META]


def over_cohorts(
    cohorts: Sequence[ScoredSet], parts: Parts, meta: pd.DataFrame, *, margin: float, level: float, adjustment: str
) -> pd.DataFrame:
    """The table ``OVER_COHORTS`` of the ``meta`` of the same cohorts. A pair without a mean (fewer than two cohorts
    with a variance) is not in it."""
    aucs = auc_table(cohorts, list(parts))
    means = meta[(meta["measure"] == "auc") & (meta["kind"] == "mean")].set_index("first")["estimate"]
    tables = []
    for question in (ADDING, FAMILIES, OTHER):
        rows = []
        for _, base, together in [pair for pair in questions(cohorts, parts) if pair[0] == question]:
            pair = meta[(meta["first"] == together) & (meta["second"] == base)]
            if (pair["kind"] == "mean").any():
                added = [part for part in parts[together] if part not in set(parts[base])]
                names = {"base": base, "together": together, "added": " + ".join(added) if question == ADDING else ""}
                means_of = {"auc_base": means.get(base, np.nan), "auc_together": means.get(together, np.nan)}
                rows.append(names | means_of | _pair(pair) | _beside(aucs[[together, base]].dropna(), level))
        if rows:
            tables.append(_judged(pd.DataFrame(rows).assign(question=question), margin, level, adjustment))
    return pd.concat(tables, ignore_index=True)[OVER_COHORTS] if tables else pd.DataFrame(columns=OVER_COHORTS)


def rankings(aucs: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The complete tables that can be ranked, by their names, and why others cannot."""
    shared = aucs.loc[:, aucs.notna().all()]
    whole = aucs[aucs.notna().all(axis=1)]
    if shared.shape == aucs.shape:
        candidates = {"all cohorts": aucs}
    else:
        candidates = {"families that all cohorts have": shared, "cohorts that have all families": whole}
    usable, refused = {}, []
    for name, table in candidates.items():
        if len(table) < FEWEST:
            refused.append(
                f"No ranks over {name}: {len(table)} of {len(aucs)} cohorts, expected at least {FEWEST}, because "
                "fewer cannot tell any order of the families from chance"
            )
        elif table.shape[1] < 2:
            refused.append(f"No ranks over {name}: these are {table.shape[1]}, expected at least 2")
        else:
            usable[name] = table
    return usable, refused


def rank_results(tables: Mapping[str, pd.DataFrame], *, level: float, adjustment: str) -> dict[str, pd.DataFrame]:
    """The tables ``ranks``, ``rank_tests`` and ``rank_pairs`` of the complete tables of AUCs of ``rankings``."""
    ranks, tests, pairs = [], [], []
    for name, table in tables.items():
        ranks.append(rank_table(table, level=level).assign(ranking=name))
        tests.append(pd.DataFrame(_omnibus(table)).assign(ranking=name))
        beside = (nemenyi(table), signed_rank(table, adjustment=adjustment), paired_t(table, adjustment=adjustment))
        pairs.append(pd.concat(beside, ignore_index=True).assign(ranking=name))
    columns = {"ranks": (ranks, COHORT_RANKS), "rank_tests": (tests, RANK_TESTS), "rank_pairs": (pairs, RANK_PAIRS)}
    return {
        name: pd.concat(found, ignore_index=True)[known] if found else pd.DataFrame(columns=known)
        for name, (found, known) in columns.items()
    }


def _pair(pair: pd.DataFrame) -> dict[str, Any]:
    """What the rows of a meta-analysis say of a pair, and Student's t of its mean."""
    told = {str(kind): rows.iloc[0].to_dict() for kind, rows in pair.groupby("kind")}
    mean, prediction = told["mean"], told.get("prediction", {})
    df = mean["n_cohorts"] - 1.0
    se = (mean["high"] - mean["low"]) / 2 / special.stdtrit(df, (1 + mean["level"]) / 2)
    names = ("low", "high", "level", "p", "n_cohorts", "tau2", "i2", "q_p", "method")
    return {name: mean[name] for name in names} | {
        "difference": mean["estimate"],
        "statistic": mean["estimate"] / se if se > 0 else np.nan,
        "se": se,
        "df": df,
        "n_higher": int((pair.loc[pair["kind"] == "cohort", "estimate"] > 0).sum()),
        "prediction_low": prediction.get("low", np.nan),
        "prediction_high": prediction.get("high", np.nan),
    }


def _beside(two: pd.DataFrame, level: float) -> dict[str, float]:
    """The unweighted tests over cohorts, of three or more."""
    if len(two) < FEWEST:
        return {"p_signed_rank": np.nan, "p_paired_t": np.nan}
    ranks, t = signed_rank(two), paired_t(two, level=level)
    return {"p_signed_rank": float(ranks["p"].iloc[0]), "p_paired_t": float(t["p"].iloc[0])}


def _judged(rows: pd.DataFrame, margin: float, level: float, adjustment: str) -> pd.DataFrame:
    error, df = rows["se"].to_numpy(float), rows["df"].to_numpy(float)
    return judged(rows, error, margin=margin, level=level, adjustment=adjustment, df=df)


def _omnibus(table: pd.DataFrame) -> list[dict[str, Any]]:
    found = friedman(table)
    f = found.iman_davenport
    note = f"{len(table)} cohorts, {table.shape[1]} models; each cohort counts alike, whatever its size"
    size = {"effect_size": found.kendalls_w, "effect_size_name": "Kendall's W", "note": note}
    return [
        {"test": "Friedman", "statistic": found.statistic, "df1": found.df, "df2": np.nan, "p": found.p} | size,
        {"test": "Iman-Davenport", "statistic": f.statistic, "df1": f.df1, "df2": f.df2, "p": f.p} | size,
    ]
