"""Times the correlation filters on a wide table: ``python benchmarks/correlation.py [n_features n_cases]``.

Each rule runs in a process of its own, which says its peak memory, all of Python and the table included. The last line
is the plain way, the whole matrix by NumPy.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmark.steps.cluster import Cluster
from benchmark.steps.correlation import Correlation
from benchmark.steps.step import Step

STEPS: dict[str, Step] = {
    "correlation, first": Correlation(keep="first"),
    "correlation, mean": Correlation(keep="mean"),
    "correlation, outcome": Correlation(keep="outcome"),
    "correlation, caret": Correlation(keep="caret"),
    "correlation, spearman": Correlation(method="spearman"),
    "cluster": Cluster(),
}
PLAIN = "numpy.corrcoef"


def simulated(n_features: int, n_cases: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Features in groups of ten with correlations around 0.9."""
    rng = np.random.default_rng(0)
    groups = np.repeat(rng.normal(size=(n_cases, n_features // 10 + 1)), 10, axis=1)[:, :n_features]
    values = groups + 0.33 * rng.normal(size=(n_cases, n_features))
    columns = [f"HRF::f{number}" for number in range(n_features)]
    return pd.DataFrame(values, columns=columns), rng.integers(0, 2, n_cases)


def measure(name: str, n_features: int, n_cases: int) -> None:
    """Write seconds of processor time and peak memory of one filter."""
    table, y = simulated(n_features, n_cases)
    start = time.process_time()
    if name == PLAIN:
        kept = int((~np.triu(np.abs(np.corrcoef(table.to_numpy().T)) > 0.9, k=1).any(axis=0)).sum())
    else:
        kept = STEPS[name].fit(table, y).transform(table).shape[1]
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(f"{name}: {seconds:.1f} s, peak {peak:.2f} GiB, {kept} of {n_features} kept\n")


def main(n_features: int = 15_680, n_cases: int = 400) -> None:
    """Each filter in a process of its own."""
    sys.stdout.write(f"{n_cases} x {n_features}\n")
    for name in (*STEPS, PLAIN):
        sys.stdout.flush()
        subprocess.run([sys.executable, __file__, name, str(n_features), str(n_cases)], check=True)


if __name__ == "__main__":
    with threadpool_limits(1):
        if len(sys.argv) > 1 and not sys.argv[1].isdigit():
            measure(sys.argv[1], *map(int, sys.argv[2:]))
        else:
            main(*map(int, sys.argv[1:]))
