"""Standard errors of published AUCs and accuracies, the funnel, and whether small studies report higher ones.

Few papers print an interval, and few abstracts the number of events. Where there is an interval, taken to be at 95
percent, the standard error of the logit is its width over 2 z. Else, from the figure A and the number n of cases,

    AUC       Hanley and McNeil's error, a declared share of the cases taken to have the event, over A (1 - A)
    accuracy  1 / sqrt(n A (1 - A))

Cases are those of the test set where the registry has them, else all of the study, which makes the error too small. A
study without either, or a figure whose cases are a part of all (sensitivity), has no place in the funnel.

Source: Hanley and McNeil (1982), Radiology 143:29; logits: Debray et al. (2017), BMJ 356:i6460.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from benchmark.statistics.power import hanley_mcneil
from benchmark.statistics.small_study import FEWEST, Asymmetry, by_size, egger

ERRORS = ["study", "group", "value", "logit", "se", "low", "high", "n_cases", "source"]
"""One row per pooled value: its logit with the standard error, limits on the scale of the AUC, and where the error is
from (``interval``, ``cases``, or empty)."""

ASYMMETRY = ["test", "k", "coefficient", "low", "high", "level", "statistic", "df", "p", "at_infinity", "left_out"]
"""One row per test; ``at_infinity``: the figure that the line gives an infinitely large study."""


def standard_errors(pooled: pd.DataFrame, metric: str, *, level: float, event_share: float) -> pd.DataFrame:
    """The table ``ERRORS`` of a pool. A figure of 0 or 1 has no logit, so no error."""
    z = float(special.ndtri((1 + level) / 2))
    table = pooled.assign(
        logit=special.logit(pooled["value"].where(pooled["value"].between(0, 1, inclusive="neither")))
    )
    told = [_error(row, metric, event_share) for row in table.to_dict("records")]
    table = table.assign(se=[se for se, _ in told], source=[source for _, source in told])
    limits = [special.expit(table["logit"] + sign * z * table["se"]) for sign in (-1, 1)]
    return table.assign(low=limits[0], high=limits[1])[ERRORS]


def asymmetry(errors: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """The table ``ASYMMETRY``: Egger's test and the regression on size; no rows of fewer than three studies."""
    known, sized = errors[errors["se"].notna()], errors[errors["n_cases"].notna() & errors["logit"].notna()]
    rows = []
    if len(known) >= FEWEST and np.ptp(known["se"]) > 0:
        rows.append((egger(known["logit"].to_numpy(), known["se"].to_numpy(), level=level), len(known)))
    if len(sized) >= FEWEST and np.ptp(sized["n_cases"]) > 0:
        rows.append((by_size(sized["logit"].to_numpy(), sized["n_cases"].to_numpy(), level=level), len(sized)))
    return pd.DataFrame([_row(found, level, len(errors) - k) for found, k in rows], columns=ASYMMETRY)


def _row(found: Asymmetry, level: float, left_out: int) -> dict[str, object]:
    names = ("k", "coefficient", "low", "high", "statistic", "df", "p")
    return {
        "test": found.method,
        **{name: getattr(found, name) for name in names},
        "level": level,
        "at_infinity": float(special.expit(found.at_infinity)),
        "left_out": left_out,
    }


def _error(row: dict[Any, Any], metric: str, event_share: float) -> tuple[float, str]:
    """The standard error of the logit, and where it is from."""
    low, high, value, n = row["ci_low"], row["ci_high"], row["value"], row["n_cases"]
    if not 0 < value < 1:
        return np.nan, ""
    if 0 < low < high < 1:
        return float((special.logit(high) - special.logit(low)) / (2 * special.ndtri(0.975))), "interval"
    events = round(n * event_share) if np.isfinite(n) else 0
    if metric == "accuracy" and n >= 1:
        return float(1 / np.sqrt(n * value * (1 - value))), "cases"
    if metric == "auc" and 1 <= events < n:
        return float(np.sqrt(hanley_mcneil(value, events, int(n) - events))) / (value * (1 - value)), "cases"
    return np.nan, ""
