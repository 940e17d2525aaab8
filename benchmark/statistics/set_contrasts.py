"""Contrasts of feature sets over patients: the named ones of the experiment, and all pairs.

A feature set stands for the mean AUC over its models (``feature_sets``). A contrast weighs feature sets, "fusion minus
the mean of its parts", with weights that sum to 0; its variance comes from the joint covariance of all models, so it
fits the design as that does.

    single        Z = C / se(C),  chi2 = Z^2 with df 1
    simultaneous  p of the largest |Z| of all contrasts together
    joint         of all named contrasts: Wald, as in ``contrasts``

Source: as ``contrasts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.contrasts import Contrasts, all_pairs, contrast_tests, contrasts_of, joint_test

Row = dict[str, Any]
Named = Mapping[str, Mapping[str, float]]

OVER_PATIENTS = "Wald over patients"
DIFFERENCE = "difference in AUC"


def check_contrasts(named: Named, feature_sets: Iterable[str]) -> None:
    """``ConfigError`` for a contrast of an unknown feature set, or of weights that do not sum to 0."""
    try:
        contrasts_of(list(dict.fromkeys(feature_sets)), named)
    except ConfigError as error:
        raise ConfigError(str(error), path=("statistics", "contrasts")) from None


def named_contrasts(
    aucs: Aucs, averages: np.ndarray, sets: Sequence[str], named: Named, *, level: float, note: str
) -> list[Row]:
    """Rows of ``ANOVA``, one per contrast and, of several, one of all together. ``averages`` (s, k): the weights of the
    k models in the means of the ``sets`` (s). A contrast of a feature set that was left out is NaN, with a note."""
    known = {name: weights for name, weights in named.items() if set(weights) <= set(sets)}
    rows = [_left_out(name, note) for name in named if name not in known]
    if not known:
        return rows
    contrasts = _over_models(contrasts_of(sets, known), averages)
    tests = contrast_tests(aucs, contrasts, level=level)
    for test in tests.to_dict("records"):
        told = "limits of this contrast alone; corrected p: simultaneous over the contrasts that were named"
        rows.append(
            _row(test["contrast"], test["statistic"] ** 2, 1, test["p"], f"{note}; {told}")
            | {"p_corrected": test["p_simultaneous"], "effect_size": test["estimate"], "effect_size_name": DIFFERENCE,
               "effect_low": test["low"], "effect_high": test["high"]}
        )  # fmt: skip
    if len(known) > 1:
        joint = joint_test(aucs, contrasts)
        rows.append(_row("all named contrasts", joint.statistic, joint.df, joint.p, note))
    return rows


def pair_contrasts(aucs: Aucs, averages: np.ndarray, sets: Sequence[str], *, level: float) -> list[Row]:
    """Rows of ``POSTHOC``, first minus second of each pair of ``sets``: limits and adjusted p simultaneous."""
    tests = contrast_tests(aucs, _over_models(all_pairs(sets), averages), level=level)
    return [
        {
            "test": OVER_PATIENTS,
            "first": first,
            "second": second,
            "difference": test["estimate"],
            "low": test["low_simultaneous"],
            "high": test["high_simultaneous"],
            "statistic": test["statistic"],
            "df": np.nan,
            "p": test["p"],
            "p_adjusted": test["p_simultaneous"],
            "effect_size": np.nan,
            "effect_size_name": "",
        }
        for (first, second), test in zip(combinations(sets, 2), tests.to_dict("records"), strict=True)
    ]


def _over_models(contrasts: Contrasts, averages: np.ndarray) -> Contrasts:
    return Contrasts(contrasts.names, contrasts.matrix @ averages)


def _row(effect: str, statistic: float, df: float, p: float, note: str) -> Row:
    return {
        "test": OVER_PATIENTS,
        "effect": effect,
        "statistic": statistic,
        "df1": float(df),
        "df2": np.nan,
        "p": p,
        "p_corrected": np.nan,
        "effect_size": np.nan,
        "effect_size_name": "",
        "note": note,
    }


def _left_out(name: str, note: str) -> Row:
    return _row(name, np.nan, np.nan, np.nan, f"{note}; contrast '{name}': a feature set has no complete model")
