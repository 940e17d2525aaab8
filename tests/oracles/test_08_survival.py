"""Survival of R's veteran data: concordance, Cox's model, log-rank, Kaplan-Meier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.survival.concordance import concordance, count_pairs
from benchmark.statistics.survival.cox import Ties, cox, hazard_ratios
from benchmark.statistics.survival.kaplan_meier import (
    at_times,
    kaplan_meier,
    median,
    numbers_at_risk,
    restricted_mean,
    survival_interval,
)
from benchmark.statistics.survival.log_rank import log_rank
from benchmark.statistics.survival.proportional_hazards import proportional_hazards
from tests.oracles.walk import VERSIONS, findings, read

TERMS = ["karno", "diagtime", "age", "prior", "trt"]
EXCLUDED = VERSIONS | {
    "concordance_veteran_lp/uno_survC1_Est.Cval_tau": "another estimate of the censoring and strict times, see the "
    "docstring of concordance.py",
    "concordance_veteran_lp/uno_survAUC_UnoC_tau": "another package's estimate, off in the second decimal",
}


def of_scores(time: np.ndarray, event: np.ndarray, score: np.ndarray, tau: float) -> dict[str, Any]:
    x = score[:, None]
    whole, counts = concordance(time, event, x), count_pairs(time, event, score)
    uno, early = (concordance(time, event, x, weighting="uno", tau=end).estimate[0] for end in (np.inf, tau))
    return {
        "harrell": {
            "C": whole.estimate[0],
            "se": np.sqrt(whole.variance[0]),
            "counts": {
                "concordant": counts.concordant,
                "discordant": counts.discordant,
                "tied.x": counts.tied_score,
                "tied.y": counts.tied_time,
                "tied.xy": counts.tied_both,
            },
        },
        "harrell_ymax_tau": concordance(time, event, x, tau=tau).estimate[0],
        "uno_survival_n_over_G2_all_times": uno,
        "uno_survival_n_over_G2_ymax_tau": early,
        "tau": tau,
    }


def of_cox(time: np.ndarray, event: np.ndarray, X: np.ndarray, ties: Ties) -> dict[str, Any]:
    fit = cox(time, event, X, ties=ties)
    within, (each, together) = hazard_ratios(fit), proportional_hazards(time, event, X, fit, ties=ties)
    tests = {"lr": fit.likelihood_ratio, "wald": fit.wald, "score": fit.score}
    zph = [*each, together]
    return {
        "ties": ties,
        "n": len(time),
        "events": event.sum(),
        "terms": TERMS,
        "coef": fit.coefficients,
        "se": fit.se,
        "z": fit.statistic,
        "p": fit.p,
        "hr_ci95_low": within.low,
        "hr_ci95_high": within.high,
        "vcov": fit.covariance,
        "loglik_null": fit.null_log_likelihood,
        "loglik": fit.log_likelihood,
        **{name: {"chi2": test.statistic, "df": test.df, "p": test.p} for name, test in tests.items()},
        "AIC": fit.aic,
        "zph_km": {
            "term": [*TERMS, "GLOBAL"],
            "chisq": np.array([test.statistic for test in zph]),
            "df": np.array([test.df for test in zph]),
            "p": np.array([test.p for test in zph]),
        },
    }


def of_groups(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> dict[str, Any]:
    found = log_rank(time, event, group)
    told = {"n": found.n, "observed": found.observed, "expected": found.expected}
    return {"chi2": found.chi2, "df": found.df, "p": found.p, **told}


def of_curve(time: np.ndarray, event: np.ndarray, times: np.ndarray) -> dict[str, Any]:
    curve = kaplan_meier(time, event)
    told: dict[str, Any] = {
        "times": times,
        "surv": at_times(curve, curve.survival, times),
        "se": at_times(curve, curve.se, times),
        "n_risk": numbers_at_risk(curve, times),
        "median": median(curve),
        "rmean_restricted_to_largest_time": restricted_mean(curve, time.max()),
    }
    for scale, name in (("log-log", "loglog"), ("log", "log")):
        within = survival_interval(curve, scale=scale)  # type: ignore[arg-type]
        told[f"ci95_{name}_low"] = at_times(curve, within.low, times)
        told[f"ci95_{name}_high"] = at_times(curve, within.high, times)
    return told


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    folder = shared / "oracles" / "08_survival"
    expected, scores = read(folder / "expected.json"), pd.read_csv(folder / "veteran_risk.csv")
    table = pd.read_csv(folder / "veteran.csv")
    time, event = table["time"].to_numpy(float), table["status"].to_numpy(int)
    X = table[TERMS].to_numpy(float)
    told = scores["time"].to_numpy(float), scores["event"].to_numpy(int), scores["lp"].to_numpy()
    ours = {
        "concordance_veteran_lp": of_scores(*told, expected["concordance_veteran_lp"]["tau"]),
        "cox_veteran": {ties: of_cox(time, event, X, ties) for ties in ("efron", "breslow")},
        "logrank": {f"veteran_{name}": of_groups(time, event, table[name].to_numpy()) for name in ("trt", "celltype")},
        "km": {"veteran": of_curve(time, event, np.array(expected["km"]["veteran"]["times"], float))},
    }
    assert findings(expected, ours, excluded=EXCLUDED) == []
