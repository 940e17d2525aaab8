"""How well models do in each level of a subgroup of the tested cases, and whether the levels differ.

    measure                    in a level                                   do levels differ?
    AUC                        DeLong (Obuchowski), logit scale             Cochran's Q of logit AUC
    sensitivity, specificity   Wilson, decisions of each fold's threshold   Pearson's chi-square
    calibration in the large   logistic recalibration, Wald                 Cochran's Q

Out-of-fold scores are pooled and repeats averaged per case, in the levels as over all cases (whose ``name`` is empty),
so that both can be compared. A level with fewer than ``FEWEST`` cases of a class is told and left out. p values are
adjusted over all subgroups and measures of a model: who looks into many subgroups finds a difference somewhere. A large
p does not show that a model is fair: a level of few cases hides much.

Source: performance by subgroup: Collins et al. (2024), BMJ 385:e078378 (TRIPOD+AI); one test of all levels
instead of a test in each: Wang et al. (2007), New England Journal of Medicine 357:2189.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.estimates import SUBGROUP_ESTIMATES, SUBGROUP_TESTS
from benchmark.predictions import RECIPE
from benchmark.statistics.aucs import JointTest, intervals
from benchmark.statistics.calibration import Estimate
from benchmark.statistics.case_groups import CaseGroup, aucs_of, by_group, calibrations, with_variance
from benchmark.statistics.decisions import proportion
from benchmark.statistics.discrimination import averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.heterogeneity import difference_of, q_test, share_test
from benchmark.statistics.interval import Interval
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.wilson import wilson

SHARES = ("sensitivity", "specificity")
MEASURES = ("auc", *SHARES, "calibration_intercept")
FEWEST = 5
"""So many cases of each class a level needs."""

EXPECTED = 5
"""With fewer expected cases the chi-square distribution is a rough guide."""

UNDEFINED = "an AUC of 0 or 1, no threshold, or constant or separated scores"


@dataclass(frozen=True, eq=False)
class Measured:
    """One measure of all models in one group: ``found`` (k,), and what a test of groups weighs it by, (k,): the
    variance on the scale of the test, or the number of cases of a share."""

    found: Interval
    weight: np.ndarray
    method: str


@dataclass(frozen=True, eq=False)
class Level:
    """Some cases with the measures of all models; without measures if they are too few. All cases have no name."""

    group: CaseGroup
    measures: Mapping[str, Measured]


def subgroup_tables(
    held: HeldOut,
    levels: Mapping[str, np.ndarray],
    order: Mapping[str, Sequence[str]],
    decisions: np.ndarray,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """The tables ``SUBGROUP_ESTIMATES`` and ``SUBGROUP_TESTS``. ``levels``: by subgroup the level of each case, (n,);
    ``order``: by subgroup its levels; ``decisions`` (n, n_repeats, k) as ``decide`` gives them."""
    everybody = _levels(held, np.full(len(held.cases), "", object), [""], decisions, settings)
    estimates, tests = [_rows(held, everybody[0], measure, settings).assign(subgroup="") for measure in MEASURES], []
    for subgroup, names in levels.items():
        present = [name for name in dict.fromkeys([*order[subgroup], *names]) if name in set(names)]
        found = _levels(held, names, present, decisions, settings)
        rows = [_rows(held, level, measure, settings) for level in found for measure in MEASURES]
        estimates += [table.assign(subgroup=subgroup) for table in rows]
        tests += [row | {"subgroup": subgroup} for row in _tests(held, found, _caution(held, names), settings)]
    return {
        "subgroup_estimates": pd.concat(estimates, ignore_index=True)[SUBGROUP_ESTIMATES],
        "subgroup_tests": _adjusted(pd.DataFrame(tests, columns=SUBGROUP_TESTS), settings),
    }


def _levels(
    held: HeldOut, names: np.ndarray, order: Sequence[str], decisions: np.ndarray, settings: Settings
) -> list[Level]:
    found = []
    for group in by_group(held, names, order):
        rows = names == group.name
        n_events = group.counts["n_events"]
        enough = min(n_events, len(group.y) - n_events) >= FEWEST
        measures = _measures(held, group, decisions[rows], held.fold[rows], settings) if enough else {}
        found.append(Level(group, measures))
    return found


def _measures(
    held: HeldOut, group: CaseGroup, decisions: np.ndarray, fold: np.ndarray, settings: Settings
) -> dict[str, Measured]:
    more = averaged(held)
    aucs = aucs_of(group)
    with np.errstate(divide="ignore", invalid="ignore"):
        on_logit = aucs.variance / (aucs.estimate * (1 - aucs.estimate)) ** 2
    auc = Interval(aucs.estimate, *intervals(aucs, level=settings.level, scale="logit"))
    found = {"auc": Measured(auc, on_logit, f"{aucs.method}, logit scale{more}")}
    for name in SHARES:
        share, n = proportion(name, group.y, decisions, fold, patient=group.patient)
        limits = Interval(share, *wilson(share, n, level=settings.level))
        found[name] = Measured(limits, n, f"Wilson, {settings.rule.title}{more}")
    each = [calibrations([group], model, level=settings.level)[0] for model in range(len(held.recipes))]
    variance = with_variance(each, "in_the_large", "plain", settings.level)[1]
    large = Interval(*np.array([one.in_the_large for one in each]).T)
    return found | {"calibration_intercept": Measured(large, variance, f"logistic recalibration, Wald{more}")}


def _rows(held: HeldOut, level: Level, measure: str, settings: Settings) -> pd.DataFrame:
    """Rows of ``ESTIMATES`` with the ``name`` of the level."""
    told = level.measures.get(measure)
    found = no_interval(np.full(len(held.recipes), np.nan)) if told is None else told.found
    return estimate_rows(
        held,
        measure,
        found,
        level=settings.level,
        method="" if told is None else told.method,
        undefined=f"fewer than {FEWEST} cases of a class" if told is None else UNDEFINED,
        **level.group.counts,
    ).assign(name=level.group.name)


def _tests(held: HeldOut, levels: Sequence[Level], caution: str, settings: Settings) -> list[dict[str, object]]:
    """One row per model and measure; none where fewer than two levels have enough cases."""
    enough = [level for level in levels if level.measures]
    if len(enough) < 2:
        return []
    place = {"design": held.design, "role": held.role, "level": settings.level}
    return [
        {**place, **dict(zip(RECIPE, recipe, strict=True)), "measure": measure}
        | _test(enough, measure, model)
        | {"method": _method(enough, measure, model) + caution}
        for model, recipe in enumerate(held.recipes)
        for measure in MEASURES
    ]


def _test(levels: Sequence[Level], measure: str, model: int) -> dict[str, object]:
    """The test of the levels, and the highest minus the lowest: with limits if there are no others."""
    found = {level.group.name: _of_model(level.measures[measure], model) for level in levels}
    known = {name: one for name, one in found.items() if not np.isnan(one.estimate)}
    test = _joint(levels, measure, model)
    told: dict[str, object] = {"statistic": test.statistic, "df": test.df, "p": test.p}
    if len(known) < 2:
        return told
    first = max(known, key=lambda name: known[name].estimate)
    second = min((name for name in known if name != first), key=lambda name: known[name].estimate)
    apart = difference_of(known[first], known[second])
    limits = {"low": apart.low, "high": apart.high} if len(known) == 2 else {}
    return told | {"first": first, "second": second, "difference": apart.estimate} | limits


def _of_model(measured: Measured, model: int) -> Estimate:
    found = measured.found
    return Estimate(float(found.estimate[model]), float(found.low[model]), float(found.high[model]))


def _joint(levels: Sequence[Level], measure: str, model: int) -> JointTest:
    estimate, weight = _numbers(levels, measure, model)
    if measure in SHARES:
        return share_test(estimate, weight)
    if measure == "auc":
        with np.errstate(divide="ignore"):
            estimate = np.log(estimate / (1 - estimate))
    return q_test(estimate, weight)


def _numbers(levels: Sequence[Level], measure: str, model: int) -> tuple[np.ndarray, np.ndarray]:
    each = [level.measures[measure] for level in levels]
    return np.array([one.found.estimate[model] for one in each]), np.array([one.weight[model] for one in each])


def _method(levels: Sequence[Level], measure: str, model: int) -> str:
    if measure not in SHARES:
        return "Cochran's Q" + (", logit scale" if measure == "auc" else "")
    share, n = _numbers(levels, measure, model)
    common = np.sum(share * n) / n.sum()
    few = np.min(n) * min(common, 1 - common) < EXPECTED
    return "Pearson's chi-square" + (f", fewer than {EXPECTED} expected cases in a level" if few else "")


def _caution(held: HeldOut, names: np.ndarray) -> str:
    """What the tests suppose and these cases do not keep."""
    if held.patient is None or (pd.Series(names).groupby(held.patient).nunique() == 1).all():
        return ""
    return ", patients with cases in several levels taken for independent"


def _adjusted(tests: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """With p adjusted over the subgroups and measures of each model."""
    adjusted = np.full(len(tests), np.nan)
    for rows in tests.groupby(RECIPE, sort=False).indices.values():
        adjusted[rows] = adjust(tests["p"].to_numpy(float)[rows], settings.adjustment)
    return tests.assign(p_adjusted=adjusted, adjustment=settings.adjustment)[SUBGROUP_TESTS]
