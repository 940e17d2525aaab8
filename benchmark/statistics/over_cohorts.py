"""Families of features compared over several cohorts, each with its own patients: what one adds to another, on average
and in a new cohort, and how they rank.

    difference    D_i = AUC_i(together) - AUC_i(base) with the variance of cohort i, combined by random effects
    signed rank, paired t    of the D_i, every cohort counting alike: beside the meta-analysis, which weighs them
    fusion        the same of the model that joins most families, whichever these are in a cohort, and one of them alone
    ranks         within each cohort, 1 for the highest AUC; Friedman and Iman-Davenport, then Nemenyi
    adjusted p    over the pairs of one question

Ranks need a table without gaps. Where a cohort lacks some families there are two rankings: the families that all
cohorts have, and all families in the cohorts that have them all; if neither can be ranked, that of the cohorts with the
same families in which most AUCs stand.

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

FUSION, ADDING, FAMILIES, OTHER = "fusion", "adding", "families", "other"
LARGEST = "largest fusion"
"""The model of a cohort that joins most families, the first of several, among those that hold a family."""


def auc_table(cohorts: Sequence[ScoredSet], models: Sequence[str]) -> pd.DataFrame:
    """The AUCs, a row per cohort and a column per model, NaN where a cohort lacks it."""
    rows = {one.name: dict(zip(one.models, one.aucs.estimate, strict=True)) for one in cohorts}
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=list(models)).astype(float)


def questions(cohorts: Sequence[ScoredSet], parts: Parts) -> list[tuple[str, str, str]]:
    """(question, base, together) of each pair of models that two cohorts have: first the largest fusions, where these
    are not the same everywhere; then what is added to what, smaller bases first; then single families; then the rest.
    """
    found = [(FUSION, family, LARGEST) for family in parts if _fusions_differ(cohorts, parts, family)]
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
    order = [FUSION, ADDING, FAMILIES, OTHER]
    return sorted(found, key=lambda pair: (order.index(pair[0]), len(parts[pair[1]]), len(parts.get(pair[2], ()))))


def with_largest_fusion(cohorts: Sequence[ScoredSet], parts: Parts, family: str) -> list[ScoredSet]:
    """The cohorts that have a family alone and in a fusion, the largest such fusion under the name ``LARGEST``."""
    found = []
    for one in cohorts:
        largest = _largest(one, parts, family)
        if largest:
            names = tuple(LARGEST if model == largest else model for model in one.models)
            found.append(ScoredSet(one.name, names, one.aucs))
    return found


def _largest(cohort: ScoredSet, parts: Parts, family: str) -> str:
    """The name of the largest fusion that holds a family; empty if the cohort has none, or not the family alone."""
    holding = [model for model in cohort.models if set(parts[family]) < set(parts[model])]
    return max(holding, key=lambda model: len(parts[model])) if holding and family in cohort.models else ""


def _fusions_differ(cohorts: Sequence[ScoredSet], parts: Parts, family: str) -> bool:
    """Whether two cohorts have a single family within different largest fusions: else its pair is a plain one."""
    return len(parts[family]) == 1 and len({_largest(one, parts, family) for one in cohorts} - {""}) > 1


def _having(cohorts: Sequence[ScoredSet], parts: Parts, together: str, base: str) -> Sequence[ScoredSet]:
    return with_largest_fusion(cohorts, parts, base) if together == LARGEST else cohorts


def cohort_meta(cohorts: Sequence[ScoredSet], parts: Parts, *, level: float) -> pd.DataFrame:
    """The table ``COHORT_META``: the AUC of each model, and the difference of each pair of ``questions``."""
    tables = [
        combined_auc(cohorts, model, level=level).assign(measure="auc", first=model, second="")
        for model in parts
        if any(model in cohort.models for cohort in cohorts)
    ]
    tables += [
        combined_difference(_having(cohorts, parts, together, base), together, base, level=level).assign(
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
    means = meta[(meta["measure"] == "auc") & (meta["kind"] == "mean")].set_index("first")["estimate"]
    tables = []
    for question in (FUSION, ADDING, FAMILIES, OTHER):
        rows = []
        for _, base, together in [pair for pair in questions(cohorts, parts) if pair[0] == question]:
            pair = meta[(meta["first"] == together) & (meta["second"] == base)]
            if (pair["kind"] == "mean").any():
                added = [part for part in parts.get(together, ()) if part not in set(parts[base])]
                names = {"base": base, "together": together, "added": " + ".join(added) if question == ADDING else ""}
                means_of = {"auc_base": means.get(base, np.nan), "auc_together": means.get(together, np.nan)}
                two = auc_table(_having(cohorts, parts, together, base), [together, base]).dropna()
                rows.append(names | means_of | _pair(pair) | _beside(two, level))
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
    return usable or _fullest(aucs), refused


def _fullest(aucs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The complete part with most AUCs, of more families among equals: the families of a cohort, or that two cohorts
    share, in all cohorts that have them; none if no part can be ranked."""
    own = [frozenset(row.index[row.notna()]) for _, row in aucs.iterrows()]
    parts = {one & other: None for one in own for other in own if len(one & other) > 1}
    tables = [aucs[[model for model in aucs if model in part]].dropna() for part in parts]
    tables = [table for table in tables if len(table) >= FEWEST]
    if not tables:
        return {}
    best = max(tables, key=lambda table: (table.size, table.shape[1]))
    return {f"cohorts that have {', '.join(map(str, best))}": best}


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
