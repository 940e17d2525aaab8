"""The multiverse: every combination of declared choices is a specification, and the spread of the AUC over them.

    specification:  feature set x preprocessing (a level of each factor) x classifier x repeat (the seed: a new division
                    of the cases)
    its AUC:        mean over the folds of that repeat

Factors that touch no block of a feature set make no specifications of their own. Specifications share their cases: they
are described, never tested as if they were independent.

Source: multiverse: Steegen et al. (2016), Perspectives on Psychological Science 11:702; specification curve: Simonsohn,
Simmons and Nelson (2020), Nature Human Behaviour 4:1208.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import MULTIVERSE, MULTIVERSE_FACTORS, SPECIFICATIONS
from benchmark.predictions import CHOSEN_INSIDE, RECIPE, label_of
from benchmark.statistics.class_discrimination import discriminate_classes
from benchmark.statistics.cross_validated_auc import cross_validated_auc
from benchmark.statistics.discrimination import fold_scores
from benchmark.statistics.grouping import number_rows
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.main_effects import main_effects

SET, CLASSIFIER, SEED = "feature set", "classifier", "seed"
"""The factors beside the declared ones."""

ALL_CHOICES = "all choices"
"""The preprocessing of features that were counted over all specifications."""

REST = "interactions and rest"
SPECIFICATION = [*RECIPE, "repeat"]

Pair = tuple[str, str]
"""Feature set and preprocessing."""


def specified_pairs(run: Mapping[str, Any], predictions: pd.DataFrame) -> frozenset[Pair]:
    """The feature sets with a preprocessing that comes from choices, where what was chosen inside stands for them: the
    multiverse shows these, all other statistics leave them out."""
    choices = run.get("choices") or {}
    pairs = predictions[RECIPE[:2]].drop_duplicates().astype(str)
    stands = set(pairs.loc[pairs["preprocessing"] == CHOSEN_INSIDE, "feature_set"])
    found = pairs[pairs["feature_set"].isin(stands) & pairs["preprocessing"].isin(choices)]
    return frozenset(found.itertuples(index=False, name=None))


def beside(table: pd.DataFrame, pairs: frozenset[Pair]) -> pd.DataFrame:
    """The rows of other feature sets and preprocessings than ``pairs``."""
    if not pairs or table.empty:
        return table
    numbers, found = number_rows(table, RECIPE[:2])
    gone = np.array([pair in pairs for pair in found])
    return table[~gone[numbers]].reset_index(drop=True)


def selected_across(selections: pd.DataFrame, pairs: frozenset[Pair]) -> pd.DataFrame:
    """The selections with all preprocessings of ``pairs`` under one name, each of their models a repeat of its own."""
    if not pairs or selections.empty:
        return selections
    numbers, found = number_rows(selections, RECIPE[:2])
    chosen = np.array([pair in pairs for pair in found])[numbers]
    repeat = selections["repeat"].astype(str)
    return selections.assign(
        preprocessing=selections["preprocessing"].astype(str).mask(chosen, ALL_CHOICES),
        repeat=repeat.mask(chosen, selections["preprocessing"].astype(str) + ", " + repeat),
    )


def across_choices(run: Mapping[str, Any], every: Sequence[HeldOut], reference: str | None) -> dict[str, pd.DataFrame]:
    """The tables ``specifications``, ``multiverse`` and ``multiverse_factors``, without rows if nothing was chosen."""
    choices = run.get("choices") or {}
    found: dict[str, list[pd.DataFrame]] = {"specifications": [], "multiverse": [], "multiverse_factors": []}
    for held in every if choices else ():
        aucs = _aucs(fold_scores(held, _fold_auc(held)))
        specified = _specifications(aucs, choices, reference)
        if len(specified):
            apart = _apart(specified, run)
            found["specifications"].append(apart[SPECIFICATIONS])
            found["multiverse"].append(_summaries(apart, aucs, reference))
            found["multiverse_factors"].append(_factors(specified, apart, run))
    columns = {"specifications": SPECIFICATIONS, "multiverse": MULTIVERSE, "multiverse_factors": MULTIVERSE_FACTORS}
    return {
        name: pd.concat(tables, ignore_index=True)[columns[name]] if tables else pd.DataFrame(columns=columns[name])
        for name, tables in found.items()
    }


def _fold_auc(held: HeldOut) -> np.ndarray:
    if not held.binary:
        return discriminate_classes(held).fold_auc
    return cross_validated_auc(held.y, held.scores[..., 0], held.fold).fold_auc


def _aucs(scores: pd.DataFrame) -> pd.DataFrame:
    """One row per model and repeat. A fold in which no model has an AUC (it lacks a class) counts for none; a model
    without the AUC of any other fold has none."""
    place = ["design", "role", "repeat"]
    told = scores[scores.groupby([*place, "fold"])["auc"].transform("count") > 0]
    folds = told.groupby(["design", "role", *SPECIFICATION], sort=False)["auc"]
    found = folds.agg(["mean", "count", "size"]).reset_index()
    found["auc"] = found["mean"].where(found["count"] == found["size"])
    return found.rename(columns={"size": "n_folds"}).drop(columns=["mean", "count"])


def _specifications(aucs: pd.DataFrame, choices: Mapping[str, Any], reference: str | None) -> pd.DataFrame:
    """The rows of ``aucs`` that are specifications, with the AUC of the reference under the same preprocessing,
    classifier and repeat (of a reference that is one model: in the same repeat)."""
    own = aucs[aucs["preprocessing"].isin(choices) & (aucs["classifier"] != CHOSEN_INSIDE)]
    labels = [label_of(*recipe) for recipe in aucs[RECIPE].itertuples(index=False, name=None)]
    of_reference = aucs[(aucs["feature_set"] == reference) | (np.array(labels, object) == reference)]
    single = len(of_reference[RECIPE].drop_duplicates()) == 1
    key = ["repeat"] if single else ["preprocessing", "classifier", "repeat"]
    against = of_reference.set_index(key)["auc"].rename("reference_auc")
    return own.join(against, on=key).reset_index(drop=True)


def _apart(specified: pd.DataFrame, run: Mapping[str, Any]) -> pd.DataFrame:
    """Of preprocessings that do the same to a feature set, the first alone."""
    choices, touching = run["choices"], run.get("choices_touching") or {}
    kept: dict[str, dict[tuple[str, ...], str]] = {}
    for name, levels in choices.items():
        for feature_set in specified["feature_set"].unique():
            told = tuple(levels[factor] for factor in touching.get(feature_set, levels))
            kept.setdefault(feature_set, {}).setdefault(told, name)
    first = {(feature_set, name) for feature_set, names in kept.items() for name in names.values()}
    pairs = specified[RECIPE[:2]].itertuples(index=False, name=None)
    return specified[[pair in first for pair in pairs]].reset_index(drop=True)


def _summaries(apart: pd.DataFrame, aucs: pd.DataFrame, reference: str | None) -> pd.DataFrame:
    inside = aucs[(aucs["preprocessing"] == CHOSEN_INSIDE) & (aucs["classifier"] == CHOSEN_INSIDE)]
    chosen = inside.groupby("feature_set")["auc"].mean()
    rows = []
    for feature_set, part in apart.groupby("feature_set", sort=False):
        defined = part[part["auc"].notna()]
        auc, both = defined["auc"], defined.dropna(subset="reference_auc")
        low, q1, median, q3, high = auc.quantile([0, 0.25, 0.5, 0.75, 1])
        others = both if feature_set != reference else both.iloc[:0]
        rows.append(
            {
                "design": part["design"].iloc[0],
                "role": part["role"].iloc[0],
                "feature_set": feature_set,
                "n_specifications": len(auc),
                "n_undefined": len(part) - len(auc),
                **{f"n_{name}s": part[name].nunique() for name in ("preprocessing", "classifier", "repeat")},
                "lowest": low, "q1": q1, "median": median, "q3": q3, "highest": high,
                "share_above_reference": float((others["auc"] > others["reference_auc"]).mean()),
                "share_above_chance": float((auc > 0.5).mean()),
                "best_minus_median": high - median,
                "chosen_inside": chosen.get(feature_set, np.nan),
                "reference": reference or "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=MULTIVERSE)


def _factors(specified: pd.DataFrame, apart: pd.DataFrame, run: Mapping[str, Any]) -> pd.DataFrame:
    """The effects within each feature set, of the factors that touch it; then (feature set empty) over all of them,
    where a factor that does not touch a feature set makes no difference in it."""
    tables = [_effects(part, run).assign(feature_set=name) for name, part in apart.groupby("feature_set", sort=False)]
    if specified["feature_set"].nunique() > 1:
        tables.append(_effects(specified, run).assign(feature_set=""))
    place = {"design": specified["design"].iloc[0], "role": specified["role"].iloc[0]}
    return pd.concat(tables, ignore_index=True).assign(**place)[MULTIVERSE_FACTORS]


def _effects(rows: pd.DataFrame, run: Mapping[str, Any]) -> pd.DataFrame:
    """One row per level of each factor that has several levels among ``rows``, and one for what no factor tells."""
    defined = rows[rows["auc"].notna()]
    told = {SET: defined["feature_set"]}
    for factor in next(iter(run["choices"].values())):
        told[factor] = defined["preprocessing"].map({name: levels[factor] for name, levels in run["choices"].items()})
    told |= {CLASSIFIER: defined["classifier"], SEED: defined["repeat"].astype(str)}
    levels = {name: pd.factorize(column) for name, column in told.items() if column.nunique() > 1}
    if not levels:
        return pd.DataFrame(columns=MULTIVERSE_FACTORS)
    values = defined["auc"].to_numpy(float)
    found = main_effects({name: codes for name, (codes, _) in levels.items()}, values)
    effects = [
        {
            "factor": name,
            "level": str(level),
            "n": int(np.sum(codes == place)),
            "mean": values[codes == place].mean(),
            "difference": found.difference[name][place],
            "share": found.share[name],
        }
        for name, (codes, names) in levels.items()
        for place, level in enumerate(names)
    ]
    rest = {"factor": REST, "level": "", "n": len(values), "share": found.rest}
    return pd.DataFrame([*effects, rest], columns=MULTIVERSE_FACTORS)
