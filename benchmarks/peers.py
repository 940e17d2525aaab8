"""Times DeLong and the decision curve against what others use: ``python benchmarks/peers.py``.

DeLong's covariance of 20 models against the pairs written out, O(n^2), at a size where that ends, and one pair of
models against MLstatkit; the decision curve of 20 models at 99 thresholds against a loop over thresholds, and against
dcurves. MLstatkit and dcurves are timed if they can be imported, and the numbers must be equal; they are no part of
this project's environment (``pip install MLstatkit dcurves radbench`` in another one).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
import pandas as pd

from benchmark.statistics.aucs import compare
from benchmark.statistics.decision_curve import net_benefit, percent_thresholds
from benchmark.statistics.delong import delong

MODELS, CASES, MORE, MANY = 20, 2_000, 20_000, 100_000


def best(work: Callable[[], object], runs: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def simulated(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes (n,) and probabilities (n, MODELS) with ties."""
    rng = np.random.default_rng(1)
    y = (np.arange(n) % 3 == 0).astype(int)
    logit = y[:, None] + rng.normal(0, 1, (n, 1)) + rng.normal(0, 1, (n, MODELS))
    return y, (1 / (1 + np.exp(-logit))).round(4)


def delong_by_pairs(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The covariance (k, k) from all pairs of a positive and a negative case."""
    positive, negative = scores[y == 1], scores[y == 0]
    wins = [(p[:, None] > n) + 0.5 * (p[:, None] == n) for p, n in zip(positive.T, negative.T, strict=True)]
    v10, v01 = (np.array([each.mean(axis) for each in wins]) for axis in (1, 0))
    return np.cov(v10) / v10.shape[1] + np.cov(v01) / v01.shape[1]


def benefit_by_loop(y: np.ndarray, scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Net benefit (n_thresholds, k), a threshold and a model at a time."""
    n, found = len(y), np.empty((len(thresholds), scores.shape[1]))
    for row, threshold in enumerate(thresholds):
        for model, score in enumerate(scores.T):
            called = score >= threshold
            true, false = np.sum(called & (y == 1)), np.sum(called & (y == 0))
            found[row, model] = true / n - false / n * threshold / (1 - threshold)
    return found


def of_delong() -> Iterator[str]:
    """Lines on DeLong."""
    y, scores = simulated(CASES)
    np.testing.assert_allclose(delong(y, scores).covariance, delong_by_pairs(y, scores), rtol=1e-9)
    ours, naive = best(lambda: delong(y, scores).covariance), best(lambda: delong_by_pairs(y, scores))
    yield f"DeLong, {MODELS} x {CASES:,}: {1000 * ours:.1f} ms, all pairs {1000 * naive:.0f} ms, {naive / ours:.0f} x"
    y, scores = simulated(MANY)
    ours = best(lambda: delong(y, scores).covariance)
    sorting = best(lambda: [np.argsort(np.ascontiguousarray(score)) for score in scores.T])
    yield f"DeLong, {MODELS} x {MANY:,}: {1000 * ours:.0f} ms, {ours / sorting:.1f} x argsort of the columns"
    if find_spec("MLstatkit"):
        yield _mlstatkit(y, scores[:, :2])


def _mlstatkit(y: np.ndarray, pair: np.ndarray) -> str:
    from MLstatkit import Delong_test

    def ours() -> float:
        return float(compare(delong(y, pair), np.array([0]), np.array([1])).statistic[0])

    def theirs() -> float:
        return float(Delong_test(y, pair[:, 0], pair[:, 1], return_ci=False, return_auc=False)[0])

    np.testing.assert_allclose(abs(theirs()), abs(ours()), rtol=1e-6)
    a, b = best(ours), best(theirs)
    return f"DeLong test of a pair, {len(y):,} cases: {1000 * a:.0f} ms, MLstatkit {1000 * b:.0f} ms, {b / a:.1f} x"


def of_decision_curve() -> Iterator[str]:
    """Lines on the decision curve."""
    y, scores = simulated(MORE)
    thresholds = percent_thresholds(0.01, 0.99)
    ours = net_benefit(y, scores, thresholds).estimate
    np.testing.assert_allclose(ours, benefit_by_loop(y, scores, thresholds), rtol=0, atol=1e-12)
    a, b = (best(lambda work=work: work(y, scores, thresholds)) for work in (net_benefit, benefit_by_loop))
    told = f"{1000 * a:.0f} ms, loop without limits {1000 * b:.0f} ms, {b / a:.1f} x"
    yield f"Decision curve with limits, {MODELS} x {MORE:,} x {len(thresholds)}: {told}"
    if find_spec("dcurves"):
        yield _dcurves(y, scores, thresholds, a)


def _dcurves(y: np.ndarray, scores: np.ndarray, thresholds: np.ndarray, ours: float) -> str:
    from dcurves import dca

    names = [f"m{number}" for number in range(MODELS)]
    table = pd.DataFrame(scores, columns=names).assign(outcome=y)

    def theirs() -> pd.DataFrame:
        return dca(data=table, outcome="outcome", modelnames=names, thresholds=thresholds)

    found = theirs().pivot(index="threshold", columns="model", values="net_benefit")[names]
    expected = net_benefit(y, scores, thresholds).estimate
    apart = np.abs(found.loc[thresholds].to_numpy() - expected).max()
    seconds = best(theirs, 1)
    return f"The same without limits by dcurves: {1000 * seconds:.0f} ms, {seconds / ours:.0f} x (apart: {apart:.0e})"


def main() -> None:
    """Write seconds and ratios."""
    sys.stdout.write("\n".join([*of_delong(), *of_decision_curve()]) + "\n")


if __name__ == "__main__":
    main()
