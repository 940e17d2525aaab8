"""One measure of several independent sets of cases (cohorts, centres), combined by random effects on a fitting scale.

    t_i = g(y_i),  var t_i = v_i g'(y_i)^2,  random effects of t, and g^-1 of the mean and of all limits

    AUC                                          logit     log(y / (1 - y))
    O/E                                          log       log y
    calibration slope, intercept, differences    plain     y

Hartung and Knapp's interval is kept from being narrower than Wald's: where a few sets agree better than chance allows,
it would call models equivalent on the strength of that chance.

Between cohorts AUCs are skewed near 1 and O/E is a ratio; on these scales their spread is nearer to normal, while slope
and intercept need none.

Source: scales: Snell et al. (2018), Statistical Methods in Medical Research 27:3505; Debray et al. (2017), BMJ
356:i6460; what a meta-analysis of a model's validations answers: Riley et al. (2016), BMJ 353:i3140; not narrower than
Wald: Roever et al. (2015), BMC Medical Research Methodology 15:99.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from benchmark.estimates import META
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.meta_analysis import random_effects
from benchmark.statistics.meta_table import meta_table

Scale = Literal["plain", "logit", "log"]
Function = Callable[[np.ndarray], np.ndarray]

SCALES: dict[Scale, tuple[Function, Function, Function]] = {
    "plain": (np.asarray, np.asarray, np.ones_like),
    "logit": (special.logit, special.expit, lambda y: 1 / (y * (1 - y))),
    "log": (np.log, np.exp, lambda y: 1 / y),
}
"""g, its inverse, its derivative."""

ENDS = ["estimate", "low", "high"]


def combine(
    names: Sequence[str], estimate: np.ndarray, variance: np.ndarray, *, scale: Scale = "plain", level: float = 0.95
) -> pd.DataFrame:
    """The table ``META`` of ``estimate`` (k,) with ``variance`` (k,) on the measure's own scale. A set without a finite
    estimate, a variance above 0, or a place on the scale (an AUC of 1) keeps a row with what it has and no weight; with
    fewer than two other sets there is no mean."""
    forward, back, slope = SCALES[scale]
    y, v = np.asarray(estimate, float), np.asarray(variance, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        placed, spread = forward(y), v * slope(y) ** 2
    usable = np.isfinite(placed) & np.isfinite(spread) & (spread > 0)
    used = [name for name, keeps in zip(names, usable, strict=True) if keeps]
    if usable.sum() < 2:
        rows = _alone(used, placed[usable], spread[usable], level)
    else:
        rows = meta_table(
            random_effects(placed[usable], spread[usable], level=level, at_least_wald=True),
            used,
            placed[usable],
            spread[usable],
        )
    rows[ENDS] = back(rows[ENDS].to_numpy(float))
    rows["method"] = rows["method"] + ("" if scale == "plain" else f", {scale} scale")
    rest = [name for name, keeps in zip(names, usable, strict=True) if not keeps]
    unused = pd.DataFrame({"kind": "cohort", "name": rest, "estimate": y[~usable]}).reindex(columns=META)
    return pd.concat([rows, unused.assign(level=level)], ignore_index=True)[META] if rest else rows


def _alone(names: list[str], y: np.ndarray, v: np.ndarray, level: float) -> pd.DataFrame:
    margin = normal_quantile(level) * np.sqrt(v)
    rows = pd.DataFrame({"kind": "cohort", "name": names, "estimate": y, "low": y - margin, "high": y + margin})
    return rows.reindex(columns=META).assign(level=level, n_cohorts=len(names), method="one set, no mean")
