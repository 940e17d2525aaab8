"""Families and classifiers compared over the folds of cross-validation by a mixed model, corrected for shared training
rows.

The AUC of family f and classifier c in fold j (of all repeats together, J of them):

    y_jfc = m + a_f + b_c + (ab)_fc + u_j + v_jf + w_jc + e_jfc

families and classifiers fixed, the fold and its interactions with either random. With every combination in every fold,
as here, REML needs no iteration: each effect is tested against its own interaction with the fold,

    F = MS_family / MS_(fold x family),   MS_classifier / MS_(fold x classifier),   MS_(f x c) / MS_residual.

These F assume that folds are independent. They are not: two folds share most of their training rows. If the deviations
of any two folds have the correlation r, E MS_effect grows by 1 + (J - 1) r and E MS_error shrinks by 1 - r, so

    F_corrected = F (1 - r) / (1 + (J - 1) r) = F / (1 + J n_test/n_train)      with r = n_test / (n_test + n_train)

on unchanged degrees of freedom: for two families the square of Nadeau and Bengio's t, whose variance of the mean is
(1/J + n_test/n_train) times that of the folds. Both degrees of freedom are then multiplied by Greenhouse and Geisser's
epsilon. Pairs of families: the t of their differences, averaged over classifiers, without sphericity.

Repeats test the same cases again, so by default they do not count as new folds: 1/J becomes 1/min(J, n/n_test), that
is J are the folds of one repeat. ``count_repeats`` gives Nadeau and Bengio's own term. Measured size at 5 percent
(three equally good families, two linear learners, 60 to 240 cases, 300 to 900 cohorts per setting): as if
independent 60 to 92 percent with 5 to 20 repeats and 14 to 22 with one; with repeats counted 3 to 16 percent; by
default 0.3 to 6 percent, so at times conservative. Patients stay the better unit.

Source: Nadeau and Bengio (2003), Machine Learning 52:239, eq. 9; Bouckaert and Frank (2004), PAKDD, LNCS 3056:3; mixed
model: Searle, Casella and McCulloch (1992), Variance Components, 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import helmert

from benchmark.errors import DataError, first_of
from benchmark.statistics.corrected_resampled import corrected_resampled_test
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.one_way import f_test
from benchmark.statistics.pair_rows import all_pairs, pair_rows
from benchmark.statistics.repeated_measures import WithinTest, corrected_p, within_test

EFFECTS = [
    "effect", "statistic", "df1", "df2", "p", "inflation", "statistic_corrected", "epsilon", "p_corrected",
    "partial_eta_squared", "undefined",
]  # fmt: skip
"""One row per effect: F and p as if folds were independent, what F is divided by, the corrected F, epsilon, and the p
of the corrected F with both degrees of freedom times epsilon. ``undefined``: why the numbers are NaN."""


@dataclass(frozen=True, eq=False)
class FoldCube:
    """``values`` (n_folds, n_families, n_classifiers), nothing missing."""

    values: np.ndarray
    families: tuple[str, ...]
    classifiers: tuple[str, ...]


@dataclass(frozen=True)
class VarianceComponents:
    """Estimates of the variance of the random terms; those of REML where none is negative."""

    fold: float
    fold_by_family: float
    fold_by_classifier: float
    residual: float


def fold_cube(
    scores: pd.DataFrame,
    *,
    family: str = "feature_set",
    classifier: str = "classifier",
    fold: Sequence[str] = ("repeat", "fold"),
    value: str = "auc",
) -> FoldCube:
    """The rows of ``FOLD_SCORES`` of one design, role and preprocessing as a cube. ``DataError`` if a combination is
    there twice, is missing in a fold, or has no value (as in a fold of one class: leave that fold out for all)."""
    keys = [*fold, family, classifier]
    twice = scores.duplicated(keys)
    if twice.any():
        raise DataError(f"scores of folds: more than one row for {_named(scores[twice], keys)}")
    families, classifiers = (tuple(dict.fromkeys(scores[column])) for column in (family, classifier))
    wide = scores.set_index(keys)[value].unstack([family, classifier])
    wide = wide.reindex(columns=pd.MultiIndex.from_product([families, classifiers]))
    gaps = [(*wide.index[row], *wide.columns[column]) for row, column in np.argwhere(wide.isna().to_numpy())]
    if gaps:
        raise DataError(f"scores of folds: no {value} for {first_of(gaps)}; every fold needs every combination")
    if len(wide) < 2 or len(families) < 2:
        raise DataError(f"scores of folds: found {len(wide)} folds x {len(families)} families, expected at least 2 x 2")
    values = wide.to_numpy(float).reshape(len(wide), len(families), len(classifiers))
    return FoldCube(values, families, classifiers)


def mixed_model(cube: FoldCube, *, ratio: float, count_repeats: bool = False) -> pd.DataFrame:
    """The table ``EFFECTS``: family, and with several classifiers also classifier and family x classifier. ``ratio`` is
    n_test / n_train; 0 for folds that are independent indeed (other cohorts)."""
    inflation = 1 + len(cube.values) * _shared(len(cube.values), ratio, count_repeats=count_repeats)
    return pd.DataFrame([_row(effect, test, inflation) for effect, test in _tests(cube).items()], columns=EFFECTS)


def variance_components(cube: FoldCube) -> VarianceComponents:
    """From the mean squares of the strata; NaN with one classifier, where the residual has none of its own."""
    _, a, b = cube.values.shape
    if b < 2:
        return VarianceComponents(np.nan, np.nan, np.nan, np.nan)
    family, classifier, both = (_mean_square(test) for test in _tests(cube).values())
    per_fold = cube.values.mean((1, 2))
    fold = a * b * float(per_fold.var(ddof=1))
    return VarianceComponents(
        (fold - family - classifier + both) / (a * b), (family - both) / b, (classifier - both) / a, both
    )


def family_pairs(
    cube: FoldCube, *, ratio: float, count_repeats: bool = False, adjustment: str = "holm", level: float = 0.95
) -> pd.DataFrame:
    """The table ``PAIRS`` of families, averaged over classifiers: t on J - 1 degrees of freedom, limits single, Cohen's
    d_z = mean / sd of the differences. ``ratio`` > 0. Without variance as ``corrected_resampled_test``."""
    means = cube.values.mean(2)
    ratio = _shared(len(means), ratio, count_repeats=count_repeats)
    i, j = all_pairs(len(cube.families))
    apart = means[:, i] - means[:, j]
    found = corrected_resampled_test(apart, ratio=ratio, level=level)
    sd = found.se / np.sqrt(1 / len(means) + ratio)
    return pair_rows(
        "corrected t",
        cube.families,
        difference=found.difference,
        low=found.low,
        high=found.high,
        statistic=found.statistic,
        df=float(found.df),
        p=found.p,
        p_adjusted=adjust(found.p, adjustment),
        effect_size=np.divide(found.difference, sd, out=np.full(len(sd), np.nan), where=sd > 0),
        effect_size_name="Cohen d_z",
    )


def _shared(folds: int, ratio: float, *, count_repeats: bool) -> float:
    """What is added to 1/J: n_test/n_train, and what makes 1/J that of one repeat."""
    if not (np.isfinite(ratio) and ratio >= 0):
        raise DataError(f"test cases per training case: found {ratio}, expected 0 or more")
    once = folds if count_repeats or ratio == 0 else min(folds, 1 + 1 / ratio)
    return ratio + 1 / once - 1 / folds


def _tests(cube: FoldCube) -> dict[str, WithinTest]:
    folds, a, b = cube.values.shape
    flat, scale = cube.values.reshape(folds, a * b), float(np.abs(cube.values).max())
    mean_a, mean_b = np.full((1, a), a**-0.5), np.full((1, b), b**-0.5)
    weights = {"family": (helmert(a), mean_b)}
    if b > 1:
        weights |= {"classifier": (mean_a, helmert(b)), "family x classifier": (helmert(a), helmert(b))}
    return {
        effect: within_test(flat @ np.kron(of_family, of_classifier).T, scale=scale)
        for effect, (of_family, of_classifier) in weights.items()
    }


def _row(effect: str, test: WithinTest, inflation: float) -> dict[str, object]:
    plain = test.plain
    corrected = f_test(plain.statistic / inflation, plain.df1, plain.df2)
    nothing = np.isnan(plain.statistic)
    return {
        "effect": effect,
        "statistic": plain.statistic,
        "df1": plain.df1,
        "df2": plain.df2,
        "p": plain.p,
        "inflation": inflation,
        "statistic_corrected": corrected.statistic,
        "epsilon": test.greenhouse_geisser,
        "p_corrected": corrected_p(corrected, test.greenhouse_geisser),
        "partial_eta_squared": np.nan if nothing else plain.ss_effect / (plain.ss_effect + plain.ss_error),
        "undefined": "the effect is the same in all folds" if nothing else "",
    }


def _mean_square(test: WithinTest) -> float:
    return test.plain.ss_error / test.plain.df2


def _named(rows: pd.DataFrame, keys: list[str]) -> str:
    return first_of(", ".join(f"{key} {value}" for key, value in row.items()) for row in rows[keys].to_dict("records"))
