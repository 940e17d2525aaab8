"""Times ComBat against neuroCombat in one run: ``python benchmarks/combat.py [n_cases n_features]``.

Both harmonise the rows that they learn from: 3 batches, 2 covariates. ``arrays`` is the same work as ``neuroCombat()``
does; ``frame`` adds what a step of a recipe costs, from frame to frame.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from neuroCombat import neuroCombat

from benchmark.frame import BATCH, COVARIATE, column_of
from benchmark.steps.combat import ComBat
from benchmark.steps.step import Rows

RUNS = 3


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of a few runs, in seconds, and the result."""
    seconds, result = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def main(n_cases: int = 582, n_features: int = 15_680) -> None:
    """Write seconds, ratios and the largest difference."""
    rng = np.random.default_rng(0)
    covariates = pd.DataFrame({"age": rng.normal(60, 10, n_cases).round(), "sex": rng.integers(0, 2, n_cases) * 1.0})
    batch = rng.integers(0, 3, n_cases)
    effect, scale = rng.normal(size=(3, n_features)), rng.uniform(0.5, 2, (3, n_features))
    values = effect[batch] + scale[batch] * rng.normal(size=(n_cases, n_features)) + covariates[["sex"]].to_numpy()

    columns = [column_of("DRF", str(number)) for number in range(n_features)]
    cases = pd.Index([f"case{number:05d}" for number in range(n_cases)])
    labels = batch.astype(str).astype(object)
    frame = pd.DataFrame(values, index=cases, columns=columns).assign(**{BATCH: labels})
    frame = frame.assign(**{COVARIATE + name: covariates[name].to_numpy() for name in covariates})
    rows = Rows(cases, columns, None, labels, covariates.set_axis(cases))
    step = ComBat(covariates=("age", "sex"))

    def theirs() -> np.ndarray:
        with contextlib.redirect_stdout(io.StringIO()):
            table = covariates.assign(batch=batch)
            found = neuroCombat(np.ascontiguousarray(values.T), table, "batch", ["sex"], ["age"])
        return found["data"].T

    arrays, ours = best(lambda: step.apply(step.learn(values, rows, None), values, rows))
    frames, _ = best(lambda: step.fit(frame).transform(frame))
    other, expected = best(theirs)
    sys.stdout.write(
        f"ComBat, {n_cases} x {n_features}, 3 batches, 2 covariates: arrays {arrays:.3f} s, frame {frames:.3f} s; "
        f"neuroCombat {other:.3f} s; ratio {other / arrays:.1f} and {other / frames:.1f}; "
        f"largest difference {np.abs(ours - expected).max():.1e}\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
