"""Times everything below the waist on a simulated run, and DeLong against sorting: ``python benchmarks/analysis.py``.

The run has 60 recipes (6 feature sets x 2 preprocessings x 5 classifiers), 5 repeats x 5 folds and 500 cases. DeLong
has 20 models and 100,000 cases; its yardstick is ``np.argsort`` of each column of scores, which no O(n log n) way
avoids.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.analysis import analyse
from benchmark.statistics.delong import delong

REPEATS, FOLDS, N = 5, 5, 500
RECIPES = [(f"set{a}", f"steps{b}", f"classifier{c}") for a in range(6) for b in range(2) for c in range(5)]
NAMES = ["design", "feature_set", "preprocessing", "classifier", "repeat", "fold"]


def best(work: Callable[[], Any], runs: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def simulated_run(seed: int = 0) -> tuple[dict, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """``run`` and the four tables of the waist, as they are read from Parquet."""
    rng = np.random.default_rng(seed)
    y = (np.arange(N) % 3 == 0).astype(int)
    names = np.array([f"case{number:04d}" for number in range(N)])
    common = rng.normal(0, 1, N)
    held, trained, kept = [], [], []
    for repeat in range(REPEATS):
        fold = rng.permutation(N) % FOLDS
        for recipe in RECIPES:
            score = 1 / (1 + np.exp(-(y + common + rng.normal(0, 1, N)))).round(4)
            for f in range(FOLDS):
                place = dict(zip(NAMES, ("cv", *recipe, repeat, f), strict=True))
                test, train = fold == f, fold != f
                held.append(_rows(place, {"role": "out-of-fold"}, names[test], y[test], score[test]))
                trained.append(_rows(place, {"side": "inner"}, names[train], y[train], score[train]))
                trained.append(_rows(place, {"side": "train"}, names[train], y[train], (score[train] + y[train]) / 2))
                if recipe[2] == "classifier0":
                    features = [f"f{number}" for number in rng.choice(100, 12, replace=False)]
                    unit = {name: place[name] for name in NAMES if name != "classifier"}
                    kept.append(pd.DataFrame({**unit, "block": "CT", "feature": features}))
    run = {"classes": ["0", "1"], "positive": "1", "statistics": {"level": 0.95, "reference": "set0"}}
    failures = pd.DataFrame(columns=[*NAMES, "reason"])
    tables = [pd.concat(parts, ignore_index=True) for parts in (held, trained, kept)]
    return run, tables[0], tables[1], tables[2], failures


def _rows(place: dict, side: dict, names: np.ndarray, y: np.ndarray, score: np.ndarray) -> pd.DataFrame:
    outcome = {"case": names, "patient": names, "y_true": y.astype(str), "score_0": 1 - score, "score_1": score}
    return pd.DataFrame({**place, **side, **outcome})


def main() -> None:
    """Write seconds and ratios."""
    tables = simulated_run()
    rows = f"{len(tables[1]):,} + {len(tables[2]):,} rows"
    start = time.perf_counter()
    found = analyse(*tables)
    first = time.perf_counter() - start
    again = best(lambda: analyse(*tables), 2)
    sizes = ", ".join(f"{name} {len(table):,}" for name, table in found.items())
    lines = [f"analyse, {rows}: {first:.2f} s with imports, {again:.2f} s again ({sizes})"]
    rng = np.random.default_rng(1)
    y, scores = np.arange(100_000) % 2, rng.random((100_000, 20))
    sorting = best(lambda: [np.argsort(np.ascontiguousarray(scores[:, k])) for k in range(20)])
    for name, given in (("no ties", scores), ("ties", scores.round(3))):
        seconds = best(lambda given=given: delong(y, given).covariance)
        lines.append(f"DeLong, 20 x 100,000, {name}: {1000 * seconds:.0f} ms, {seconds / sorting:.1f} x argsort")
    small = rng.random(100)
    seconds = best(lambda: [roc_auc(y[:100], small) for _ in range(1000)]) / 1000
    lines.append(f"roc_auc, n = 100: {1e6 * seconds:.1f} us")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
