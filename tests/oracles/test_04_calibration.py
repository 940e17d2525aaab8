"""Calibration: recalibration line and its tests, val.prob, loess and lowess distances, Hosmer-Lemeshow, ECE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

from benchmark.metrics.brier import brier, scaled_brier
from benchmark.metrics.log_loss import log_loss
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.calibration import Estimate, calibration
from benchmark.statistics.calibration_bins import Scheme, bin_predictions, calibration_error, hosmer_lemeshow
from benchmark.statistics.calibration_tests import (
    ChiSquareTest,
    likelihood_indices,
    line_tests,
    slope_profile_interval,
    spiegelhalter,
)
from benchmark.statistics.loess import Surface, loess
from benchmark.statistics.lowess import lowess
from benchmark.statistics.smooth_calibration import calibration_indices
from tests.oracles.walk import VERSIONS, Tolerance, findings, read

CASES = {
    "df_binary_cancerpredmarker": ("df_binary.csv", "cancer", "cancerpredmarker"),
    "hosny_B_p_lr": ("hosny_external_B.csv", "y", "p_lr"),
}
LOESS: dict[str, Surface] = {"loess_default_span0.75_degree2_interpolate": "interpolate", "loess_direct": "direct"}
SCHEMES: dict[str, Scheme] = {"ece_10_equal_width": "equal width", "ece_10_quantile_type7": "equal mass"}
EXCLUDED = VERSIONS | {
    "cases/*/source": "the names of file and columns",
    "cases/*/bins_are": "a sentence: ours are the same",
    "cases/*/val_prob/D:p": "val.prob gives none",
    "cases/*/val_prob_warning": "val.prob gave none",
}
FITTED_ON = "cases/df_binary_cancerpredmarker/"
"""The model was fitted on these rows: what is left of intercept and likelihood ratios is the rounding of R's fit."""
TOLERANCES = {
    f"{FITTED_ON}recalibration_intercept_joint/*": Tolerance(absolute=1e-14),
    f"{FITTED_ON}calibration_in_the_large*": Tolerance(absolute=1e-14),
    f"{FITTED_ON}lr_tests/*/p": Tolerance(1e-6),
    f"{FITTED_ON}lr_tests/*": Tolerance(absolute=1e-12),
    f"{FITTED_ON}val_prob/Intercept": Tolerance(absolute=2e-8),
    f"{FITTED_ON}val_prob/Slope": Tolerance(2e-8),
    # R's confint interpolates the profile by a spline; the profile itself is ours
    "cases/*/slope_ci95_profile/*": Tolerance(1e-4),
    # R's 1 - pchisq has 16 decimals and no more
    "cases/*/val_prob/U:p": Tolerance(absolute=2e-15),
    "cases/*/hosmer_lemeshow_*/p_internal": Tolerance(absolute=2e-15),
}


def of_estimate(found: Estimate) -> dict[str, Any]:
    se = (found.high - found.low) / (2 * special.ndtri(0.975))
    z = found.estimate / se
    p = 2 * special.ndtr(-abs(z))
    return {"estimate": found.estimate, "se": se, "z": z, "p_vs_0": p, "ci95_wald": [found.low, found.high]}


def of_test(found: ChiSquareTest) -> dict[str, Any]:
    return {"chi2": found.chi2, "df": found.df, "p": found.p}


def of_distances(distance: np.ndarray) -> dict[str, Any]:
    q = np.quantile(distance, [0.5, 0.9])
    return {"ICI_or_Eavg": distance.mean(), "E50": q[0], "E90": q[1], "Emax": distance.max()}


def of_indices(y: np.ndarray, p: np.ndarray, smoother: Any) -> dict[str, Any]:
    found = calibration_indices(y, p, smoother=smoother)
    return {"ICI_or_Eavg": found.ici, "E50": found.e50, "E90": found.e90, "Emax": found.emax}


def of_val_prob(y: np.ndarray, p: np.ndarray) -> dict[str, Any]:
    n, found, test = len(y), likelihood_indices(y, p), spiegelhalter(y, p)
    both, line, smooth = line_tests(y, p).both, calibration(y, p), calibration_indices(y, p, smoother="lowess")
    # lrm of rms 6.5 counts pairs after binning the probabilities: steps of 1/5000
    c = roc_auc(y, np.floor(5000 * p))
    return {
        "Dxy": 2 * c - 1,
        "C (ROC)": c,
        "R2": found.r2,
        "D": found.discrimination,
        "D:Chi-sq": n * found.discrimination + 1,
        "U": found.unreliability,
        "U:Chi-sq": n * found.unreliability + 2,
        "U:p": both.p,
        "Q": found.quality,
        "Brier": brier(y, p),
        "Intercept": line.intercept.estimate,
        "Slope": line.slope.estimate,
        "Emax": smooth.emax,
        "E90": smooth.e90,
        "Eavg": smooth.ici,
        "S:z": test.z,
        "S:p": test.p,
    }


def of_hosmer_lemeshow(y: np.ndarray, p: np.ndarray, groups: int) -> dict[str, Any]:
    inside, outside = (hosmer_lemeshow(y, p, groups=groups, fitted=fitted) for fitted in (True, False))
    bins = bin_predictions(y, p, n_bins=groups, scheme="equal mass")
    return {
        "g_asked": groups,
        "g_used": inside.n_bins,
        "chi2": inside.chi2,
        "df_internal_g_minus_2": inside.df,
        "p_internal": inside.p,
        "df_external_g": outside.df,
        "p_external": outside.p,
        "breaks_unique_quantile_type7": bins.breaks,
        "n_per_bin": bins.n,
        "observed_events": bins.observed,
        "expected_events": bins.expected,
    }


def of_bins(y: np.ndarray, p: np.ndarray, scheme: Scheme) -> dict[str, Any]:
    bins, error = bin_predictions(y, p, scheme=scheme), calibration_error(y, p, scheme=scheme)
    with np.errstate(invalid="ignore"):
        means = {"mean_p": bins.expected / bins.n, "mean_y": bins.observed / bins.n}
    shares = {"ECE": error.expected, "MCE": error.maximum, "ACE_unweighted": error.average}
    return {"breaks": bins.breaks, "n": bins.n, **means, **shares}


def of_case(y: np.ndarray, p: np.ndarray, grid: np.ndarray) -> dict[str, Any]:
    line, tests, normal = calibration(y, p), line_tests(y, p), spiegelhalter(y, p)
    smooth = {
        name: {
            **(of_indices(y, p, "loess") if surface == "interpolate" else of_distances(distance_direct(y, p))),
            "grid_p": grid,
            "grid_fit": loess(p, y.astype(float), grid, surface=surface),
        }
        for name, surface in LOESS.items()
    }
    return {
        "n": len(y),
        "events": y.sum(),
        "n_p_equal_0_or_1_left_out_of_logistic_parts": line.n_left_out,
        "val_prob": of_val_prob(y, p),
        "recalibration_intercept_joint": of_estimate(line.intercept),
        "recalibration_slope": of_estimate(line.slope),
        "slope_ci95_profile": np.array(slope_profile_interval(y, p)),
        "calibration_in_the_large_slope_fixed_1": of_estimate(line.in_the_large),
        "lr_tests": {
            "intercept_0_and_slope_1": of_test(tests.both),
            "intercept_0_given_slope_1": of_test(tests.intercept),
            "slope_1_given_intercept": of_test(tests.slope),
        },
        "mean_y": y.mean(),
        "mean_p": p.mean(),
        "observed_expected_ratio": line.observed_expected.estimate,
        "observed_expected_ci95_log_se_sqrt_1_minus_ybar_over_sum_y": np.array(line.observed_expected[1:]),
        "brier": brier(y, p),
        "brier_null_prevalence": brier(y, np.full(len(y), y.mean())),
        "brier_scaled_IPA": scaled_brier(y, p),
        "log_loss_over_0_lt_p_lt_1": log_loss(y, p),
        "spiegelhalter": {"z": normal.z, "p_two_sided": normal.p},
        **smooth,
        "lowess_iter0_f2_3_as_val_prob": of_indices(y, p, "lowess"),
        **{f"hosmer_lemeshow_{groups}": of_hosmer_lemeshow(y, p, groups) for groups in (10, 5)},
        **{name: of_bins(y, p, scheme) for name, scheme in SCHEMES.items()},
    }


def distance_direct(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.abs(p - loess(p, y.astype(float), p, surface="direct"))


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    folder = shared / "oracles" / "04_calibration"
    expected, curves = read(folder / "expected.json"), pd.read_csv(folder / "calibration_curves.csv.gz")
    ours = {}
    for case, (file, outcome, score) in CASES.items():
        table, curve = pd.read_csv(folder / file), curves[curves["case"] == case]
        y, p = table[outcome].to_numpy(int), table[score].to_numpy(float)
        assert sorted(zip(p, y, strict=True)) == sorted(zip(curve["p"], curve["y"], strict=True))
        at = curve["p"].to_numpy(), curve["y"].to_numpy(float)
        np.testing.assert_allclose(loess(*at, at[0]), curve["loess"], rtol=0, atol=1e-13)
        np.testing.assert_allclose(lowess(*at), curve["lowess_iter0"], rtol=0, atol=1e-13)
        ours[case] = of_case(y, p, np.array(expected["cases"][case]["loess_direct"]["grid_p"]))
    assert findings(expected, {"cases": ours}, excluded=EXCLUDED, tolerances=TOLERANCES) == []
