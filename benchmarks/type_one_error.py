"""Size and coverage of the tests and intervals of two feature families, by simulation: what p = 0.05 means here.

    python benchmarks/type_one_error.py                  # what docs/size-and-coverage.md shows
    python benchmarks/type_one_error.py --cohorts 50 --out /tmp/quick

Cohorts are drawn from a model whose true AUCs are known in closed form, go through nested cross-validation (and through
a held-out third), and every interval and test is asked the same question. The shares come with Wilson intervals, which
are the Monte Carlo error of the simulation itself.

The cohorts and the pipeline are in simulated_nested_cv.py, the statistics are those of radbench.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import stats
from simulated_nested_cv import FOLDS, HELD_OUT, Predicted, Scenario, simulate
from threadpoolctl import threadpool_limits

from benchmark.figures.style import COLOURS, GREY, PALE, TWO_COLUMNS, new_figure, styled
from benchmark.statistics.aucs import Aucs, compare, intervals
from benchmark.statistics.corrected_resampled import corrected_resampled_test, ratio_of_sizes
from benchmark.statistics.cross_validated_auc import cross_validated_auc, overlap_corrected_auc
from benchmark.statistics.delong import delong
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.wilson import wilson

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVEL, ALPHA = 0.95, 0.05
QUANTITIES = ("A", "B", "A - B")
SCENARIOS = (
    Scenario("no information", (0.0, 0.0)),
    Scenario("equal information", (0.7, 0.7)),
    Scenario("A better", (0.8, 0.4)),
    Scenario("many cases, few features", (0.7, 0.7), n_cases=500, n_groups=2, n_informative=2),
)


@dataclass(frozen=True, eq=False)
class Verdict:
    """``estimate`` and limits of A, B and A - B, (3,) each, NaN where the method gives none; the p of A - B = 0."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: float


@dataclass(frozen=True)
class Method:
    """``kind``: offered by radbench, proposed here, or in use but wrong; ``judge`` reads the predictions of
    ``design``."""

    name: str
    kind: str
    design: str
    judge: Callable[[Predicted], Verdict]


# the methods


def from_aucs(aucs: Aucs, scale: Literal["plain", "logit"] = "plain") -> Verdict:
    low, high = intervals(aucs, level=LEVEL, scale=scale)
    pair = compare(aucs, np.array([0]), np.array([1]), level=LEVEL)
    limits = np.append(low, pair.low), np.append(high, pair.high)
    return Verdict(np.append(aucs.estimate, pair.difference), *limits, float(pair.p[0]))


def influence_curve(data: Predicted) -> Verdict:
    return from_aucs(cross_validated_auc(data.y, data.scores, data.fold).aucs)


def _inflated(data: Predicted, factor: float) -> Verdict:
    """The influence curve with ``factor`` times the covariance of a single repeat (their mean)."""
    repeats = data.scores.shape[1]
    parts = [cross_validated_auc(data.y, data.scores[:, [r]], data.fold[:, [r]]).aucs for r in range(repeats)]
    contributions = np.concatenate([part.contributions for part in parts]) * np.sqrt(factor / repeats)
    return from_aucs(Aucs(np.mean([part.estimate for part in parts], axis=0), contributions, "inflated"))


def corrected_for_overlap(data: Predicted) -> Verdict:
    """1/R + V/(V - 1): what (1/J + n_test/n_train) var(folds) is in units of var(folds) / V."""
    return from_aucs(overlap_corrected_auc(data.y, data.scores, data.fold).aucs)


def overlap_symmetric(data: Predicted) -> Verdict:
    """2 (1 - 1/V) + 2 / (V R): exact without information if what i says of j is what j says of i."""
    return _inflated(data, 2 * (1 - 1 / FOLDS.folds) + 2 / (FOLDS.folds * FOLDS.repeats))


def repeats_averaged(data: Predicted) -> Verdict:
    return from_aucs(delong(data.y, average_over_repeats(data.scores, data.fold)))


def held_out(data: Predicted, scale: Literal["plain", "logit"] = "plain") -> Verdict:
    rows = data.fold[:, 0] == 0
    return from_aucs(delong(data.y[rows], data.scores[rows, 0]), scale)


def held_out_logit(data: Predicted) -> Verdict:
    """The limits of A and B; those of the difference and the test are the same as on the plain scale."""
    found, single = held_out(data, "logit"), np.array([1, 1, np.nan])
    return Verdict(found.estimate, found.low * single, found.high * single, np.nan)


def repeats_as_patients(data: Predicted) -> Verdict:
    return from_aucs(delong(np.repeat(data.y, data.scores.shape[1]), data.scores.reshape(-1, 2)))


def fold_values(data: Predicted) -> np.ndarray:
    """(n_repeats x n_folds, 3): AUC of A, of B and their difference in each fold."""
    auc = cross_validated_auc(data.y, data.scores, data.fold).fold_auc.reshape(-1, 2)
    return np.column_stack([auc, auc[:, 0] - auc[:, 1]])


def nadeau_bengio(data: Predicted) -> Verdict:
    tested = np.bincount(data.fold.ravel()) / data.fold.shape[1]
    ratio = ratio_of_sizes(tested, len(data.y) - tested)
    found = corrected_resampled_test(fold_values(data), ratio=ratio, level=LEVEL)
    return Verdict(found.difference, found.low, found.high, float(found.p[2]))


def folds_paired(data: Predicted) -> Verdict:
    values = fold_values(data)
    found = stats.ttest_1samp(values, 0)
    low, high = found.confidence_interval(LEVEL)
    return Verdict(values.mean(0), low, high, float(found.pvalue[2]))


def folds_one_way(data: Predicted) -> Verdict:
    """With two families the F test is the unpaired t test, whose interval of the difference it is."""
    values = fold_values(data)
    found = stats.ttest_ind(values[:, 0], values[:, 1])
    limits, nothing = found.confidence_interval(LEVEL), [np.nan, np.nan]
    p = float(stats.f_oneway(values[:, 0], values[:, 1]).pvalue)
    return Verdict(values.mean(0), np.array([*nothing, limits.low]), np.array([*nothing, limits.high]), p)


OFFERED, PROPOSED, WRONG = "offered", "proposed", "wrong"
METHODS = (
    Method("influence curve, corrected for overlap", OFFERED, FOLDS.name, corrected_for_overlap),
    Method("Nadeau-Bengio on the folds", OFFERED, FOLDS.name, nadeau_bengio),
    Method("DeLong on averaged scores", OFFERED, FOLDS.name, repeats_averaged),
    Method("DeLong on a held-out third", OFFERED, HELD_OUT.name, held_out),
    Method("the same, logit scale", OFFERED, HELD_OUT.name, held_out_logit),
    Method("influence curve x (2(V-1)/V + 2/VR)", PROPOSED, FOLDS.name, overlap_symmetric),
    Method("influence curve, repeats averaged", WRONG, FOLDS.name, influence_curve),
    Method("DeLong, repeats as patients", WRONG, FOLDS.name, repeats_as_patients),
    Method("one-way ANOVA of the folds", WRONG, FOLDS.name, folds_one_way),
    Method("paired t test of the folds", WRONG, FOLDS.name, folds_paired),
)


def judged(scenario: Scenario, number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Verdicts (n_methods, 10): estimate, low, high (3 each), p; and the mean AUC of the fitted models of each design
    (2, 3)."""
    with threadpool_limits(1):
        predicted = simulate(scenario, number, seed)
        verdicts = [method.judge(predicted[method.design]) for method in METHODS]
    truth = np.array([predicted[design.name].truth.mean(0) for design in (FOLDS, HELD_OUT)])
    told = [np.concatenate([v.estimate, v.low, v.high, [v.p]]) for v in verdicts]
    return np.array(told), np.column_stack([truth, truth[:, 0] - truth[:, 1]])


# what the cohorts say together


def results_of(scenario: Scenario, verdicts: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Tidy results from (n_cohorts, n_methods, 10) and (n_cohorts, 2, 3)."""
    expected = truth.mean(0)
    if scenario.null:  # known without simulation: the families are exchangeable
        expected[:, :2], expected[:, 2] = expected[:, :2].mean(1, keepdims=True), 0.0
    rows = []
    for place, design in enumerate((FOLDS, HELD_OUT)):
        for of, values, one in zip(QUANTITIES, truth[:, place].T, expected[place], strict=True):
            rows.append(_row("expected AUC", of, one, _error(values), np.nan, "", design.name, "truth"))
            rows.append(
                _row("SD of the fitted models' AUC", of, values.std(), np.nan, np.nan, "", design.name, "truth")
            )
    for place, method in enumerate(METHODS):
        which = 0 if method.design == FOLDS.name else 1
        for row in _rows(verdicts[:, place], truth[:, which], expected[which], null=scenario.null):
            rows.append(row | {"method": method.name, "kind": method.kind, "design": method.design})
    return pd.DataFrame(rows).assign(scenario=scenario.name, cohorts=len(truth))[list(COLUMNS)]


COLUMNS = ("scenario", "cohorts", "kind", "method", "design", "quantity", "of", "value", "low", "high", "nominal")


def _rows(verdict: np.ndarray, truth: np.ndarray, expected: np.ndarray, *, null: bool) -> list[dict[str, object]]:
    """Of one method, from (n_cohorts, 10)."""
    estimate, low, high, p = verdict[:, :3], verdict[:, 3:6], verdict[:, 6:9], verdict[:, 9]
    rows = []
    for place, of in enumerate(QUANTITIES):
        if np.isnan(low[:, place]).all():
            continue
        limits, width = (low[:, place], high[:, place]), high[:, place] - low[:, place]
        for name, value in (("expected", expected[place]), ("fitted models'", truth[:, place])):
            inside = (limits[0] <= value) & (value <= limits[1])
            rows.append(_share(f"coverage of the {name} AUC", of, inside, LEVEL))
        bias = estimate[:, place] - expected[place]
        rows.append(_row("bias", of, bias.mean(), _error(bias), 0.0))
        rows.append(_row("mean width", of, width.mean(), _error(width), np.nan))
    if not np.isnan(p).all():
        rows.append(_share("size" if null else "power", QUANTITIES[2], p < ALPHA, ALPHA if null else np.nan))
    return rows


def _share(quantity: str, of: str, happened: np.ndarray, nominal: float) -> dict[str, object]:
    share = happened.mean()
    low, high = wilson(np.array([share]), np.array([len(happened)]))
    return _row(quantity, of, share, np.nan, nominal) | {"low": low[0], "high": high[0]}


def _row(
    quantity: str,
    of: str,
    value: float,
    error: float,
    nominal: float,
    method: str = "",
    design: str = "",
    kind: str = "",
) -> dict[str, object]:
    return {"kind": kind, "method": method, "design": design, "quantity": quantity, "of": of, "value": value,
            "low": value - 1.96 * error, "high": value + 1.96 * error, "nominal": nominal}  # fmt: skip


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan


def simulate_all(cohorts: int, seed: int, *, workers: int = 1) -> pd.DataFrame:
    """The results of all scenarios; the number of workers changes nothing in them."""
    tables = []
    with ProcessPoolExecutor(workers) if workers > 1 else nullcontext() as pool:
        for scenario in SCENARIOS:
            work = partial(judged, scenario, seed=seed)
            found = list(pool.map(work, range(cohorts), chunksize=10) if pool else map(work, range(cohorts)))
            tables.append(results_of(scenario, *map(np.array, zip(*found, strict=True))))
    return pd.concat(tables, ignore_index=True)


# table and figure


def in_words(results: pd.DataFrame, quantity: str, of: str) -> pd.DataFrame:
    """Methods x scenarios in percent; ! where the nominal value lies outside the Monte Carlo error on the side that
    misleads, + where it is outside on the safe side."""
    rows = results[(results["quantity"] == quantity) & (results["of"] == of)]
    safe = -1 if quantity == "size" else 1
    off = np.where(rows["low"] > rows["nominal"], 1, np.where(rows["high"] < rows["nominal"], -1, 0)) * safe
    marks = pd.Series(np.select([off > 0, off < 0], ["+", "!"], ""), rows.index)
    cells = (100 * rows["value"]).map("{:.1f}".format) + marks
    wide = rows.assign(cell=cells).pivot(index="method", columns="scenario", values="cell")
    return wide.reindex(
        index=[m.name for m in METHODS if m.name in wide.index],
        columns=[s.name for s in SCENARIOS if s.name in wide.columns],
    )


def as_markdown(table: pd.DataFrame) -> str:
    lines = [["method", *table.columns], ["---"] * (len(table.columns) + 1), *([i, *r] for i, r in table.T.items())]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


@styled
def draw_figure(results: pd.DataFrame) -> Figure:
    """Size, coverage of the AUC of A, coverage of the difference: one row per method, one colour per scenario."""
    shown = (
        ("size", "A - B", "A - B = 0 rejected, %", "Size of the test"),
        ("coverage of the expected AUC", "A", "Coverage, %", "Interval of the AUC of A"),
        ("coverage of the expected AUC", "A - B", "Coverage, %", "Interval of A - B"),
    )
    figure = new_figure(TWO_COLUMNS, 3.9)
    panels = figure.subplots(1, 3, sharey=True)
    middle = (len(SCENARIOS) - 1) / 2
    for axes, (quantity, of, label, title) in zip(panels, shown, strict=True):
        for number, scenario in enumerate(SCENARIOS):
            rows = results[(results["quantity"] == quantity) & (results["of"] == of)]
            rows = rows[rows["scenario"] == scenario.name].set_index("method").reindex([m.name for m in METHODS])
            if rows["value"].isna().all():
                continue
            place = np.arange(len(METHODS)) + 0.18 * (number - middle)
            colour = COLOURS[number]
            axes.hlines(place, 100 * rows["low"], 100 * rows["high"], color=colour, linewidth=1)
            axes.plot(100 * rows["value"], place, "o", color=colour, markersize=2.5, label=scenario.name)
        axes.axvline(100 * (ALPHA if quantity == "size" else LEVEL), color=GREY, linewidth=0.8, zorder=0)
        for line in (4.5, 5.5):
            axes.axhline(line, color=PALE, linewidth=0.6, zorder=0)
        axes.set(xlabel=label, title=title)
    for kind, first, last in ((OFFERED, 0, 4), (PROPOSED, 5, 5), (WRONG, 6, 9)):
        where, beside = (1.02, (first + last) / 2), panels[2].get_yaxis_transform()
        panels[2].annotate(kind, where, xycoords=beside, rotation=270, ha="left", va="center", fontsize=6.5)
    panels[0].set_yticks(range(len(METHODS)), [method.name for method in METHODS])
    panels[0].invert_yaxis()
    handles, labels = panels[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(SCENARIOS))
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cohorts", type=int, default=1000, help="per scenario")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "docs" / "figures")
    args = parser.parse_args()
    start = time.perf_counter()
    results = simulate_all(args.cohorts, args.seed, workers=args.workers)
    args.out.mkdir(parents=True, exist_ok=True)
    results.to_csv(args.out / "size_and_coverage.csv", index=False)
    draw_figure(results).savefig(args.out / "size_and_coverage.png", dpi=200)
    for quantity, of in (("size", "A - B"), ("power", "A - B"), *product(COVERAGES, ("A", "B", "A - B"))):
        print(f"\n{quantity}, {of}\n\n{as_markdown(in_words(results, quantity, of))}")
    print(f"\n{args.cohorts} cohorts per scenario, seed {args.seed}: {time.perf_counter() - start:.0f} s")


COVERAGES = ("coverage of the expected AUC", "coverage of the fitted models' AUC")

if __name__ == "__main__":
    main()
