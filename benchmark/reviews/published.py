"""What a review printed, beside the same figure of this registry, with a verdict.

- A mean is reproduced if it lies in the interval of the registry's mean, a standard deviation if it lies in that of the
  registry's; neither is judged with too few studies.
- A p is reproduced if both lie on the same side of alpha. If only the published one is below, the registry may be too
  small: with less power than asked for, for the effect behind the published p, nothing can be said.
- A claim that one family or subgroup is above others is reproduced if the test says so, contradicted if it says the
  opposite, and else open.

The interval of a standard deviation is (n - 1) s^2 / chi^2 of normal values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from benchmark.errors import ConfigError, unknown
from benchmark.reviews.review_file import PublishedFigure, PublishedSection
from benchmark.statistics.anova_power import anova_power, implied_effect
from benchmark.tables.rounding import count, number, p_value, whole_percent
from benchmark.verdicts import NOT_REPRODUCED, REPRODUCED, UNKNOWN

VERDICTS = ["metric", "what", "kind", "published", "found", "low", "high", "level", "n", "verdict", "why"]
"""One row per figure: ``kind`` is ``number`` or ``p``; ``found`` on this registry with its interval."""

IMPLIED = ["metric", "p", "families", "total", "statistic", "eta_squared", "f", "sd", "spread"]
"""One row per published p and number of studies: the F and effect behind it; ``spread``: the SD of the family means
that it needs if the SD within families is the published ``sd``, NaN where none is published."""

MISSING = ["metric", "known", "needed", "unknown_cells"]
"""One row per metric: how many of the numbers that a recomputation needs (n, mean and SD of each family) are known."""


@dataclass(frozen=True)
class Found:
    """The tables of a metric on this registry: the ``summary`` of families, ``omnibus``, ``pairs``, ``subgroups``."""

    summary: pd.DataFrame
    omnibus: pd.DataFrame
    pairs: pd.DataFrame
    subgroups: pd.DataFrame


Told = dict[str, object]


def check_names(
    section: PublishedSection, metrics: tuple[str, ...], families: list[str], subgroups: Mapping[str, object]
) -> None:
    """``ConfigError`` for a figure of a metric, family or subgroup that the file does not compare."""
    for place, figure in enumerate(section.figures):
        known_names = {"metric": metrics, "family": families, "subgroup": subgroups}
        for kind, known in known_names.items():
            name = getattr(figure, kind)
            if name and name not in known:
                raise ConfigError(unknown(kind, name, known), path=("published", "figures", place, kind))


def verdicts(section: PublishedSection, found: Mapping[str, Found], *, level: float, alpha: float) -> pd.DataFrame:
    """The table ``VERDICTS``; ``found`` by metric."""
    rows: list[Told] = []
    for figure in section.figures:
        here = found.get(figure.metric)
        if here is None:
            rows += [{**row, "verdict": UNKNOWN, "why": "no study with this figure"} for row in _printed(figure)]
        elif figure.p is not None:
            rows.append(_of_p(figure, section, here, alpha))
        elif figure.subgroup:
            rows.append(_of_subgroup(figure, here, alpha))
        else:
            rows += _of_mean(figure, section, here, level, alpha)
    told = pd.DataFrame(rows)
    return told.assign(level=level).reindex(columns=VERDICTS)


def implied(section: PublishedSection) -> pd.DataFrame:
    """The table ``IMPLIED``, for the ``totals`` of the section or its number of studies."""
    sds = {figure.metric: figure.sd for figure in section.figures if figure.sd is not None}
    rows = []
    for figure in section.figures:
        for total in (section.totals or (section.studies,)) if figure.p is not None else ():
            effect = implied_effect(float(figure.p or np.nan), groups=section.families, total=total)
            sd = sds.get(figure.metric, np.nan)
            found = (effect.statistic, effect.eta_squared, effect.f, sd, effect.f * sd)
            rows.append((figure.metric, figure.p, section.families, total, *found))
    return pd.DataFrame(rows, columns=IMPLIED)


def missing(section: PublishedSection) -> pd.DataFrame:
    """The table ``MISSING`` of the metrics with a published p."""
    rows = []
    for metric in dict.fromkeys(figure.metric for figure in section.figures if figure.p is not None):
        of = [figure for figure in section.figures if figure.metric == metric and figure.family]
        known = sum((figure.mean is not None) + (figure.sd is not None) for figure in of)
        rows.append((metric, known, 3 * section.families, 3 * section.families - known))
    return pd.DataFrame(rows, columns=MISSING)


def _printed(figure: PublishedFigure) -> list[Told]:
    """What was printed, a row per number or claim."""
    told = {"metric": figure.metric, "kind": "number"}
    if figure.p is not None:
        return [{**told, "what": "ANOVA p across families", "kind": "p", "published": figure.p}]
    if figure.subgroup:
        return [{**told, "what": f"{figure.higher} above {figure.lower}"}]
    rows: list[Told] = [{**told, "what": f"mean of {figure.family}", "published": figure.mean}]
    if figure.sd is not None:
        rows.append({**told, "what": f"SD of {figure.family}", "published": figure.sd})
    return rows + ([{**told, "what": f"{figure.family} highest"}] if figure.highest else [])


def _of_mean(figure: PublishedFigure, section: PublishedSection, here: Found, level: float, alpha: float) -> list[Told]:
    rows = _printed(figure)
    row = here.summary[here.summary["group"] == figure.family]
    n = int(row["n"].iloc[0]) if len(row) else 0
    few = f"studies of {figure.family} with this figure: {n}, at least {section.fewest} are asked for"
    for told in rows:
        told["n"] = n
        if str(told["what"]).endswith("highest"):
            told |= _of_highest(figure.family, here, alpha)
            continue
        estimate = row["mean" if str(told["what"]).startswith("mean") else "sd"].iloc[0] if n else np.nan
        if str(told["what"]).startswith("mean"):
            ends = (row["low"].iloc[0], row["high"].iloc[0]) if n else (np.nan, np.nan)
        else:
            ends = sd_limits(estimate, n, level)
        told |= {"found": estimate, "low": ends[0], "high": ends[1]}
        told |= {"verdict": UNKNOWN, "why": few} if n < section.fewest else _inside(float(told["published"]), *ends)  # type: ignore[arg-type]
    return rows


def sd_limits(sd: float, n: int, level: float) -> tuple[float, float]:
    """Limits of a standard deviation of ``n`` normal values; NaN with fewer than two."""
    if n < 2:
        return np.nan, np.nan
    quantiles = special.chdtri(n - 1, [(1 - level) / 2, (1 + level) / 2])
    low, high = sd * np.sqrt((n - 1) / quantiles)
    return float(low), float(high)


def _inside(published: float, low: float, high: float) -> Told:
    if low <= published <= high:
        return {"verdict": REPRODUCED, "why": "the published value lies in the interval of this registry"}
    side = "below" if published < low else "above"
    return {"verdict": NOT_REPRODUCED, "why": f"the published value lies {side} the interval of this registry"}


def _of_highest(family: str, here: Found, alpha: float) -> Told:
    """Whether a family is above all others, by Tukey's pairs."""
    means = here.summary.set_index("group")["mean"]
    if family not in means.index:
        return {"verdict": UNKNOWN, "why": f"no study of {family}"}
    top = str(means.idxmax())
    turned = here.pairs.rename(columns={"first": "second", "second": "first"})
    against = pd.concat([here.pairs, turned.assign(difference=-turned["difference"])], ignore_index=True)
    against = against[against["first"] == family]
    others = len(means) - 1
    if len(against) == others and others and ((against["difference"] > 0) & (against["p_tukey"] < alpha)).all():
        return {"verdict": REPRODUCED, "why": "above every other family by Tukey's test"}
    below = against[(against["difference"] < 0) & (against["p_tukey"] < alpha)]
    if len(below):
        return {"verdict": NOT_REPRODUCED, "why": f"below {below['second'].iloc[0]} by Tukey's test"}
    order = "the highest mean here too" if top == family else f"here {top} has the highest mean"
    return {"verdict": UNKNOWN, "why": f"{order}, and Tukey's test cannot tell {family} from all others"}


def _of_p(figure: PublishedFigure, section: PublishedSection, here: Found, alpha: float) -> Told:
    (told,) = _printed(figure)
    classic = here.omnibus[here.omnibus["test"] == "one-way"] if len(here.omnibus) else here.omnibus
    published = float(figure.p or np.nan)
    if classic.empty:
        return told | {"verdict": UNKNOWN, "why": "fewer than two families with two studies"}
    p, groups = float(classic["p"].iloc[0]), int(classic["df1"].iloc[0]) + 1
    total = int(classic["df2"].iloc[0]) + groups
    told |= {"found": p, "n": total}
    if (p < alpha) == (published < alpha):
        return told | {"verdict": REPRODUCED, "why": f"both on the same side of {alpha:g}"}
    if published > alpha:
        return told | {"verdict": NOT_REPRODUCED, "why": "a difference here, none published"}
    effect = implied_effect(published, groups=section.families, total=section.studies).f
    power = anova_power(effect, groups=groups, total=total, alpha=alpha)
    if power < section.power:
        why = (
            f"no difference found here, but {total} values would show an effect of that size "
            f"(f = {number(effect, digits=2)}, if all {section.studies} studies have the metric) in "
            f"{whole_percent(power)} of such registries"
        )
        return told | {"verdict": UNKNOWN, "why": why}
    return told | {"verdict": NOT_REPRODUCED, "why": f"no difference here, with a power of {whole_percent(power)}"}


def _of_subgroup(figure: PublishedFigure, here: Found, alpha: float) -> Told:
    (told,) = _printed(figure)
    rows = here.subgroups[here.subgroups["subgroup"] == figure.subgroup].set_index("group")
    two = [figure.higher, figure.lower]
    absent = [name for name in two if name not in rows.index]
    if absent:
        return told | {"verdict": UNKNOWN, "why": f"no study of {absent[0]} with this figure"}
    mean, n = ([float(rows[part].to_dict()[name]) for name in two] for part in ("mean", "n"))
    above, p = mean[0] - mean[1], float(rows["p_welch"].iloc[0]) if len(rows) == 2 else np.nan
    told |= {"found": above, "n": int(sum(n))}
    means = " and ".join(f"{one} {number(m)} (n = {count(k)})" for one, m, k in zip(two, mean, n, strict=True))
    verdict = UNKNOWN if not p < alpha else REPRODUCED if above > 0 else NOT_REPRODUCED
    shown = f"Welch p {p_value(p)}" if np.isfinite(p) else "no test of the two alone"
    return told | {"verdict": verdict, "why": f"{means}, {shown}"}
