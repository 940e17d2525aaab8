"""Times the patient bootstrap against a plain loop of ``roc_auc_score``: ``python benchmarks/bootstrap.py``.

20 models, 500 cases, 2,000 draws with the percentile interval, and with the 500 further draws that BCa needs. The loop
takes rows, calls scikit-learn once per draw and model, and is timed on 20 draws; its time per draw is the yardstick.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmark.statistics.bootstrap import bca_interval, bootstrap, outcome_strata, percentile_interval
from benchmark.statistics.weighted_auc import weighted_aucs

DRAWS, MODELS, CASES, LOOPED = 2000, 20, 500, 20


def best(work: Callable[[], object], runs: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def plain_loop(y: np.ndarray, scores: np.ndarray, draws: int) -> np.ndarray:
    """The AUCs (draws, k) as they are usually bootstrapped."""
    rng = np.random.default_rng(0)
    found = np.empty((draws, scores.shape[1]))
    for draw in range(draws):
        rows = rng.integers(len(y), size=len(y))
        found[draw] = [roc_auc_score(y[rows], scores[rows, model]) for model in range(scores.shape[1])]
    return found


def main() -> None:
    """Write seconds and ratios."""
    rng = np.random.default_rng(1)
    y = (np.arange(CASES) % 3 == 0).astype(int)
    scores = y[:, None] + rng.normal(0, 1, (CASES, 1)) + rng.normal(0, 1, (CASES, MODELS))
    patient, strata = np.arange(CASES) // 2, outcome_strata(y)
    loop = best(lambda: plain_loop(y, scores, LOOPED), 2) / LOOPED * DRAWS
    lines = [f"{DRAWS:,} draws x {MODELS} models x {CASES} cases; plain loop {loop:.1f} s (from {LOOPED} draws)"]
    for name, given in (("no ties", scores), ("ties", scores.round(1))):
        statistic = partial(weighted_aucs, y, given)
        works: dict[str, Callable[[], object]] = {
            "percentile": lambda s=statistic: percentile_interval(
                bootstrap(s, CASES, seed=0, n_draws=DRAWS, influence=False)
            ),
            "stratified, BCa": lambda s=statistic: bca_interval(
                bootstrap(s, CASES, seed=0, n_draws=DRAWS, strata=strata)
            ),
            "two cases per patient": lambda s=statistic: percentile_interval(
                bootstrap(s, CASES, seed=0, n_draws=DRAWS, patient=patient, influence=False)
            ),
        }
        for what, work in works.items():
            seconds = best(work)
            lines.append(f"{name}, {what}: {seconds:.2f} s, {loop / seconds:.0f} x as fast")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
