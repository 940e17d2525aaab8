"""Groups and conditions compared: the files are copied to tests/data (anova_sources.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.assumptions import assumptions
from benchmark.statistics.critical_difference import critical_difference
from benchmark.statistics.effect_sizes import effect_sizes
from benchmark.statistics.friedman import conover, exact, friedman, nemenyi, ranks_within, siegel_castellan
from benchmark.statistics.group_pairs import games_howell, pooled_t, tukey_kramer, welch_t
from benchmark.statistics.groups import Groups, groups_of
from benchmark.statistics.kruskal_wallis import conover as conover_of_groups
from benchmark.statistics.kruskal_wallis import dunn, kruskal_wallis
from benchmark.statistics.kruskal_wallis import nemenyi as nemenyi_of_groups
from benchmark.statistics.one_way import FTest, one_way, welch
from benchmark.statistics.paired_tests import paired_t, signed_rank
from benchmark.statistics.repeated_measures import pairs_by_common_error, repeated_measures
from tests.oracles.walk import VERSIONS, Tolerance, findings, read
from tests.statistics.r_numbers import DATA, FAMILIES, PLANTS, R

RPSYCHI = "from_summary/PlantGrowth_exact/rpsychi"
LMER = "family_auc_repeated_measures/mixed_model_random_intercept_REML"
EXCLUDED = VERSIONS | {
    f"{RPSYCHI}/omega_or_eta/[12]": "limits at level 0.9 with the number of values instead of df2 + df1 + 1, see "
    "tests/statistics/test_effect_sizes.py",
}
TOLERANCES = {
    # R's qtukey stops its secant steps early
    "*/rstatix/ci95_*": Tolerance(absolute=3e-8),
    "*/rstatix/p_adj/*": Tolerance(absolute=5.1e-4),  # rounded to 3 digits there, as what follows
    f"{RPSYCHI}/*": Tolerance(absolute=5.1e-4),
    # limits by a numerical optimiser that stops at 1e-8 of its own criterion
    "*/effectsize_*/ci_*": Tolerance(1e-6),
    # normal scores by a rational approximation of another order than SciPy's
    "*/shapiro_residuals/*": Tolerance(1e-6),
    # lmer stops its search with 1e-8 of the last digits left
    f"{LMER}/*": Tolerance(1e-7),
}


def triangle(pairs: pd.DataFrame, column: str, name: str, *, scale: float = 1.0, signed: bool = True) -> dict[str, Any]:
    """R's lower triangle: rows are the second to the last name, columns the first to the last but one."""
    names = list(dict.fromkeys([*pairs["first"], *pairs["second"]]))
    found = np.full((len(names) - 1,) * 2, np.nan)
    for first, second, value in zip(pairs["first"], pairs["second"], pairs[column], strict=True):
        found[names.index(second) - 1, names.index(first)] = scale * (value if signed else abs(value))
    return {"rows": names[1:], "cols": names[:-1], name: found}


def of_f(found: FTest) -> dict[str, float]:
    return {"F": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p}


def of_plants() -> dict[str, Any]:
    y, g = PLANTS["y"], PLANTS["g"]
    groups = groups_of(y, g)
    plain, ranks = one_way(groups), kruskal_wallis(y, g)
    tests = assumptions(y, g).set_index("test")
    sums = {"SS_between": plain.ss_effect, "SS_within": plain.ss_error}
    adjusted = {name: dunn(y, g, adjustment=name.lower()) for name in ("none", "holm", "BH", "bonferroni")}
    return {
        "n": groups.total,
        "k": groups.k,
        "group_n": dict(zip(groups.names, groups.n, strict=True)),
        "group_mean": dict(zip(groups.names, groups.mean, strict=True)),
        "group_sd": dict(zip(groups.names, groups.sd, strict=True)),
        "anova": {**sums, **of_f(plain)},
        "welch": of_f(welch(groups)),
        "tukey_hsd": of_tukey(groups),
        "games_howell": of_games_howell(groups),
        "effect": of_effects(plain),
        "kruskal_wallis": {
            "H_tie_corrected": ranks.statistic,
            "df": ranks.df,
            "p": ranks.p,
            "epsilon2_rank": ranks.epsilon_squared,
            "eta2_H": ranks.eta_squared,
        },
        "dunn": {name: triangle(pairs, "p_adjusted", "p") for name, pairs in adjusted.items()},
        "dunn_z": triangle(adjusted["none"], "statistic", "statistic", signed=False),
        "kw_nemenyi_tukey_p": triangle(nemenyi_of_groups(y, g), "p_adjusted", "p"),
        "kw_conover_holm_p": triangle(conover_of_groups(y, g), "p_adjusted", "p"),
        "pairwise_t_pooled_holm_p": triangle(pooled_t(groups), "p_adjusted", "p"),
        "pairwise_t_welch_holm_p": triangle(welch_t(groups), "p_adjusted", "p"),
        "levene_mean": of_assumption(tests.loc["Levene"], "F"),
        "brown_forsythe_levene_median": of_assumption(tests.loc["Brown-Forsythe"], "F"),
        "bartlett": of_assumption(tests.loc["Bartlett"], "K2"),
        "fligner": of_assumption(tests.loc["Fligner-Killeen"], "chi2"),
        "shapiro_residuals": of_assumption(tests.loc["Shapiro-Wilk"], "W"),
    }


def of_assumption(row: pd.Series, statistic: str) -> dict[str, float]:
    return {statistic: row["statistic"], "df1": row["df1"], "df2": row["df2"], "p": row["p"]}


def of_tukey(groups: Groups) -> dict[str, Any]:
    """R's difference is second minus first."""
    found = tukey_kramer(groups)
    return {
        "comparison_is_row_name_first_minus_second": [f"{row.second}-{row.first}" for row in found.itertuples()],
        "diff": -found["difference"].to_numpy(),
        "ci95_low": -found["high"].to_numpy(),
        "ci95_high": -found["low"].to_numpy(),
        "p_adj": found["p_adjusted"].to_numpy(),
    }


def of_games_howell(groups: Groups) -> dict[str, Any]:
    found = games_howell(groups)
    return {
        "PMCMRplus_p": triangle(found, "p_adjusted", "p"),
        "PMCMRplus_q": triangle(found, "statistic", "statistic", scale=-np.sqrt(2)),
        "rstatix": {
            "group1": found["first"].tolist(),
            "group2": found["second"].tolist(),
            "estimate_group2_minus_group1": -found["difference"].to_numpy(),
            "ci95_low": -found["high"].to_numpy(),
            "ci95_high": -found["low"].to_numpy(),
            "p_adj": found["p_adjusted"].to_numpy(),
        },
    }


def of_effects(test: FTest) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for size, name in zip(
        effect_sizes(test.statistic, test.df1, test.df2), ("eta2", "omega2", "epsilon2", "cohens_f"), strict=True
    ):
        told[name] = size.estimate
        told[f"effectsize_{name}"] = {"estimate": size.estimate, "ci_low": size.low, "ci_high": size.high}
    return told


def of_families() -> dict[str, Any]:
    found = repeated_measures(FAMILIES)
    plain = found.test.plain
    omega = effect_sizes(plain.statistic, plain.df1, plain.df2)[1]
    by_adjustment = {"none": "none", "holm": "holm", "BH": "bh", "single_step_tukey": "tukey"}
    after = {name: conover(FAMILIES, adjustment=ours) for name, ours in by_adjustment.items()}
    sums = {"SS_effect": plain.ss_effect, "SS_error": plain.ss_error, "SS_subjects": found.ss_subjects}
    return {
        "n_subjects": len(FAMILIES),
        "k": FAMILIES.shape[1],
        "anova_uncorrected": {**sums, **of_f(plain)},
        "mauchly": {"W": found.mauchly_w, "p": found.mauchly_p},
        "greenhouse_geisser": {"eps": found.test.greenhouse_geisser, "p": found.test.p_greenhouse_geisser},
        "huynh_feldt": {"eps_not_cut_at_1": found.test.huynh_feldt, "p": found.test.p_huynh_feldt},
        "effect": {
            "partial_eta2": found.partial_eta_squared,
            "partial_eta2_afex": found.partial_eta_squared,
            "generalized_eta2_afex": found.generalized_eta_squared,
            "cohens_f_partial": found.cohens_f,
            # effectsize cuts it at 0
            "partial_omega2_effectsize": {
                "estimate": max(found.partial_omega_squared, 0.0),
                "ci_low": omega.low,
                "ci_high": omega.high,
            },
        },
        "mixed_model_random_intercept_REML": {
            **of_f(plain),
            "var_subject": found.variance_subjects,
            "var_residual": found.variance_residual,
            "emmeans_pairs_tukey": of_common_error(),
        },
        "friedman": of_friedman(),
        "nemenyi_p": triangle(nemenyi(FAMILIES), "p_adjusted", "p"),
        "nemenyi_q": triangle(nemenyi(FAMILIES), "statistic", "statistic", signed=False),
        "conover_p": {name: triangle(pairs, "p_adjusted", "p") for name, pairs in after.items()},
        "conover_t": triangle(after["none"], "statistic", "statistic", scale=-1),
        "exact_p_eisinga": triangle(exact(FAMILIES, adjustment="none"), "p", "p"),
        "siegel_castellan_p_none": triangle(siegel_castellan(FAMILIES, adjustment="none"), "p", "p"),
        "pairwise": of_pairs(),
    }


def of_common_error() -> dict[str, Any]:
    pairs = pairs_by_common_error(FAMILIES)
    return {
        "contrast": [f"{row.first} - {row.second}" for row in pairs.itertuples()],
        "estimate": pairs["difference"].to_numpy(),
        "se": (pairs["difference"] / pairs["statistic"]).to_numpy(),
        "df": pairs["df"].to_numpy(),
        "p": pairs["p_adjusted"].to_numpy(),
    }


def of_friedman() -> dict[str, Any]:
    found = friedman(FAMILIES)
    f = of_f(found.iman_davenport)
    n, k = FAMILIES.shape
    return {
        "chi2_tie_corrected": found.statistic,
        "df": found.df,
        "p": found.p,
        "kendalls_W": found.kendalls_w,
        "iman_davenport_from_tie_corrected_chi2": f,
        "iman_davenport_scmamp": f,
        "mean_ranks_1_is_highest_value": ranks_within(FAMILIES).mean().to_dict(),
        "nemenyi_critical_difference_alpha_0.05": critical_difference(n, k, df=k * (n - 1)),  # scmamp's df
    }


def of_pairs() -> dict[str, Any]:
    found, t = signed_rank(FAMILIES), paired_t(FAMILIES)
    normal = {on: signed_rank(FAMILIES, method="normal", continuity=on)["p"].to_numpy() for on in (True, False)}
    return {
        "pair_first": found["first"].tolist(),
        "pair_second": found["second"].tolist(),
        "wilcoxon_V": found["statistic"].to_numpy(),
        "wilcoxon_p_normal_continuity": normal[True],
        "wilcoxon_p_normal_no_continuity": normal[False],
        "wilcoxon_p_R_default_exact_when_no_ties_and_n_lt_50": found["p"].to_numpy(),
        "wilcoxon_default_holm": found["p_adjusted"].to_numpy(),
        "wilcoxon_default_BH": signed_rank(FAMILIES, adjustment="bh")["p_adjusted"].to_numpy(),
        "paired_t_p": t["p"].to_numpy(),
        "paired_t_holm": t["p_adjusted"].to_numpy(),
    }


def of_summary(given: dict[str, Any]) -> dict[str, Any]:
    groups = Groups(("ctrl", "trt1", "trt2"), given["n"], given["mean"], given["sd"])
    plain = one_way(groups)
    effects = of_effects(plain)
    return {
        **{name: given[name] for name in ("n", "mean", "sd")},
        "SS_between": plain.ss_effect,
        "SS_within": plain.ss_error,
        **of_f(plain),
        "rpsychi": {"F": plain.statistic, "SS_between": plain.ss_effect, "omega_or_eta": [effects["eta2"]]},
        "welch": of_f(welch(groups)),
        "pair_i_1based": [1, 1, 2],
        "pair_j_1based": [2, 3, 3],
        "tukey_kramer_p": tukey_kramer(groups)["p_adjusted"].to_numpy(),
        "games_howell_p": games_howell(groups)["p_adjusted"].to_numpy(),
        **{name: effects[name] for name in ("eta2", "omega2", "cohens_f")},
    }


def test_every_number() -> None:
    ours = {
        "PlantGrowth": of_plants(),
        "family_auc_repeated_measures": of_families(),
        "from_summary": {"PlantGrowth_exact": of_summary(R["from_summary"]["PlantGrowth_exact"])},
    }
    assert findings(R, ours, excluded=EXCLUDED, tolerances=TOLERANCES) == []


@pytest.mark.shared
def test_the_copies_are_the_files(shared: Path) -> None:
    folder = shared / "oracles" / "06_anova"
    assert read(folder / "expected.json") == R
    for name, copy in {"PlantGrowth": "plant_growth", "family_auc_wide": "family_auc"}.items():
        assert (folder / f"{name}.csv").read_bytes() == (DATA / f"anova_{copy}.csv").read_bytes()
