"""Whether features differ between groups of cases, the test chosen by its assumptions, all features at once.

A feature counts as normal if the test of Shapiro and Wilk rejects in no group (p >= 0.05); with a group of fewer than 3
values it does not.

    2 groups, normal        Welch's t:  (m_1 - m_0) / sqrt(s_1^2/n_1 + s_0^2/n_0);   effect: Hedges' g
    2 groups                Mann-Whitney U of the mid-ranks, normal approximation corrected for ties, continuity 1/2;
                            effect: rank-biserial correlation 2 U / (n_0 n_1) - 1
    more, normal            analysis of variance, or Welch's if the test of Brown and Forsythe rejects equal variances
                            (p < 0.05);  effect: eta squared
    more                    Kruskal-Wallis H;  effect: epsilon squared, H / (N - 1)

The second group minus the first. Cases count as independent. Where packages differ: R's ``wilcox.test`` has exact p
values for fewer than 50 values without ties, SciPy's ``mannwhitneyu`` for fewer than 8 in a group; ours are those of
both with the exact ones switched off.

Source: Welch (1938), Biometrika 29:350; Mann and Whitney (1947), Annals of Mathematical Statistics 18:50; Hedges
(1981), Journal of Educational Statistics 6:107; rank-biserial: Kerby (2014), Comprehensive Psychology 3:11; others:
``one_way``, ``kruskal_wallis``, ``batch_effects``.
"""

from __future__ import annotations

import numpy as np
from scipy import special
from scipy.stats import rankdata

from benchmark.statistics.batch_effects import batch_effects
from benchmark.statistics.groups import groups_of
from benchmark.statistics.one_way import welch
from benchmark.statistics.shapiro_wilk import shapiro_wilk

GROUP_TESTS = ["normal", "test", "statistic", "df1", "df2", "p", "effect", "effect_name"]
"""One row per feature; NaN where it does not vary or fewer than two groups have values."""

WELCH_T, MANN_WHITNEY, ANOVA, WELCH_F, KRUSKAL = "Welch t", "Mann-Whitney", "ANOVA", "Welch ANOVA", "Kruskal-Wallis"
SIGNIFICANCE = 0.05


def group_tests(values: np.ndarray, codes: np.ndarray) -> dict[str, np.ndarray]:
    """``GROUP_TESTS``, (k,) each, of ``values`` (n, k) without gaps for the group of each row, ``codes`` (n,) of any
    integers."""
    _, codes = np.unique(codes, return_inverse=True)
    normal = is_normal(values, codes)
    n_groups = int(codes.max(initial=-1)) + 1
    if n_groups < 2 or len(values) <= n_groups:
        undefined = np.full(len(normal), np.nan)
        return {**dict.fromkeys(GROUP_TESTS, undefined), "normal": normal, **_named(normal, ("", ""), ("", ""))}
    return (_two if n_groups == 2 else _more)(values, codes, normal)


def is_normal(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(k,): whether the columns of ``values`` (n, k) are normal in every group."""
    p = [shapiro_wilk(values[codes == code])[1] for code in np.unique(codes)]
    return np.all(np.array(p).reshape(-1, values.shape[1]) >= SIGNIFICANCE, axis=0) & bool(len(p))


def welch_t(values: np.ndarray, codes: np.ndarray) -> dict[str, np.ndarray]:
    """``statistic``, ``df``, ``p`` and ``effect`` (Hedges' g), (k,) each, of two groups, 0 and 1; NaN for a group of
    one value and where neither varies."""
    (n0, mean0, variance0), (n1, mean1, variance1) = (_moments(values[codes == code]) for code in (0, 1))
    each0, each1, v = variance0 / n0, variance1 / n1, n0 + n1 - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(each0 + each1 > 0, (mean1 - mean0) / np.sqrt(each0 + each1), np.nan)
        df = (each0 + each1) ** 2 / (each0**2 / (n0 - 1) + each1**2 / (n1 - 1))
        pooled = np.sqrt(((n0 - 1) * variance0 + (n1 - 1) * variance1) / v)
        small = np.exp(special.gammaln(v / 2) - special.gammaln((v - 1) / 2)) / np.sqrt(v / 2)
        g = np.where(pooled > 0, small * (mean1 - mean0) / pooled, np.nan)
    return {"statistic": t, "df": df, "p": 2 * special.stdtr(df, -np.abs(t)), "effect": g}


def mann_whitney(values: np.ndarray, codes: np.ndarray) -> dict[str, np.ndarray]:
    """``statistic`` (U of group 1), ``p`` and ``effect`` (rank-biserial correlation), (k,) each, of two groups, 0 and
    1; p is NaN for a column that does not vary."""
    ranks, n, n_ones = rankdata(values, axis=0), len(codes), int(codes.sum())
    pairs = n_ones * (n - n_ones)
    u = codes @ ranks - n_ones * (n_ones + 1) / 2
    sd = np.sqrt(pairs / (n * (n - 1)) * np.square(ranks - (n + 1) / 2).sum(axis=0))
    z = np.divide(np.abs(u - pairs / 2) - 0.5, sd, out=np.full(len(u), np.nan), where=sd > 0)
    return {"statistic": u, "p": np.minimum(1, 2 * special.ndtr(-z)), "effect": 2 * u / pairs - 1}


def _two(values: np.ndarray, codes: np.ndarray, normal: np.ndarray) -> dict[str, np.ndarray]:
    t, ranks = welch_t(values, codes), mann_whitney(values, codes)
    return {
        "normal": normal,
        **{name: np.where(normal, t[name], ranks[name]) for name in ("statistic", "p", "effect")},
        "df1": np.where(normal, t["df"], np.nan),
        "df2": np.full(len(normal), np.nan),
        **_named(normal, (WELCH_T, MANN_WHITNEY), ("Hedges' g", "rank-biserial correlation")),
    }


def _more(values: np.ndarray, codes: np.ndarray, normal: np.ndarray) -> dict[str, np.ndarray]:
    found = {name: column.to_numpy(float) for name, column in batch_effects(values, codes).items()}
    df1, df2 = found["df1"], found["df2"]
    eta = found["F"] * df1 / (found["F"] * df1 + df2)
    tests = {
        "normal": normal,
        "statistic": np.where(normal, found["F"], found["H"]),
        "df1": df1,
        "df2": np.where(normal, df2, np.nan),
        "p": np.where(normal, found["p"], found["p_ranks"]),
        "effect": np.where(normal, eta, found["H"] / (len(values) - 1)),
        **_named(normal, (ANOVA, KRUSKAL), ("eta squared", "epsilon squared")),
    }
    for place in np.flatnonzero(normal & (found["p_spread"] < SIGNIFICANCE)):
        test = welch(groups_of(values[:, place], codes))
        told = {"test": WELCH_F, "statistic": test.statistic, "df2": test.df2, "p": test.p}
        for name, value in told.items():
            tests[name][place] = value
    return tests


def _named(normal: np.ndarray, tests: tuple[str, str], effects: tuple[str, str]) -> dict[str, np.ndarray]:
    """The names of the test and of its effect, of normal features and of others."""
    return {
        name: np.where(normal, *np.array(either, object))
        for name, either in (("test", tests), ("effect_name", effects))
    }


def _moments(values: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Number, mean and variance of the columns; a variance that is rounding alone is 0, that of one value NaN."""
    mean = values.mean(axis=0)
    apart = np.square(values - mean).sum(axis=0)
    rounding = len(values) * np.square(16 * np.finfo(float).eps * np.abs(values).max(axis=0))
    return len(values), mean, np.where(apart > rounding, apart, 0.0) / (len(values) - 1 if len(values) > 1 else np.nan)
