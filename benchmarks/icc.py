"""Times the ICC of all features against pingouin in one run: ``python benchmarks/icc.py [n_features]``.

pingouin takes one feature at a time, so it runs on the first 50 only and its time is scaled to all of them.
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
import pandas as pd
import pingouin

from benchmark.reliability import icc_all_forms

SUBJECTS, READINGS, COMPARED = 100, 2, 50


def main(n_features: int = 15_680) -> None:
    """Write seconds, ratio and the largest difference over the six forms."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(SUBJECTS, 1, n_features))
    values = truth + rng.uniform(0.1, 2, n_features) * rng.normal(size=(SUBJECTS, READINGS, n_features))
    start = time.perf_counter()
    ours = icc_all_forms(values)
    own = time.perf_counter() - start

    pingouin.options["round.column.CI95"] = None
    warnings.simplefilter("ignore")
    subject, rater = (part.ravel() for part in np.indices((SUBJECTS, READINGS)))
    compared = min(COMPARED, n_features)
    difference = 0.0
    start = time.perf_counter()
    for feature in range(compared):
        long = pd.DataFrame({"subject": subject, "rater": rater, "value": values[:, :, feature].ravel()})
        theirs = pingouin.intraclass_corr(long, targets="subject", raters="rater", ratings="value")
        limits = np.stack(theirs.filter(like="CI95").iloc[:, 0].to_list())
        found = ours.xs(feature, level="feature")[["estimate", "low", "high"]].to_numpy()
        difference = max(difference, float(np.abs(found - np.column_stack([theirs["ICC"], limits])).max()))
    other = (time.perf_counter() - start) * n_features / compared
    sys.stdout.write(
        f"ICC, six forms with limits, {SUBJECTS} x {READINGS} x {n_features}: {own:.3f} s; pingouin {other:.1f} s "
        f"(scaled from {compared} features); ratio {other / own:.0f}; largest difference {difference:.1e}\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
