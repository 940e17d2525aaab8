"""Small made-up cohorts for the tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.cohort import Block, Cohort
from benchmark.reliability import Readings

QUICK: dict[str, dict[str, int]] = {
    "boruta": {"rounds": 10, "trees": 10},
    "sequential": {"k": 2, "folds": 2},
    "stability_selection": {"pairs": 5},
}
"""Parameters that make a slow step quick where it only matters what the step may see."""


def small_cohort(*, n_cases: int = 72, n_hrf: int = 12, seed: int = 0, rows_per_patient: int = 1) -> Cohort:
    """A cohort with two image blocks (HRF read twice), clinical variables, three batches and a covariate, and gaps."""
    rng = np.random.default_rng(seed)
    cases = pd.Index([f"case{number:03d}" for number in range(n_cases)], name="case")
    y = np.arange(n_cases) // rows_per_patient % 2
    batch = np.array(["A", "B", "C"])[np.arange(n_cases) // rows_per_patient // 2 % 3]
    hrf = rng.normal(size=(n_cases, n_hrf)) + 0.8 * y[:, None] * (np.arange(n_hrf) < 3) + (batch == "B")[:, None]
    drf = rng.normal(size=(n_cases, 6)) + 0.5 * y[:, None] * (np.arange(6) < 2)
    again = hrf + rng.normal(size=hrf.shape) * np.linspace(0.05, 1.5, n_hrf)
    clinical = pd.DataFrame(
        {
            "age": rng.normal(60, 10, n_cases),
            "stage": np.array(["I", "II", "III"], object)[rng.integers(0, 3, n_cases)],
        },
        index=cases,
    )
    names = [f"original_{number}" for number in range(n_hrf)]
    hrf_table = pd.DataFrame(hrf, index=cases, columns=names)
    hrf_table.iloc[3, 4] = np.nan
    clinical.iloc[5, 0] = np.nan
    clinical.iloc[6, 1] = np.nan
    blocks = {
        "HRF": Block("HRF", "HRF", hrf_table, readings=Readings(cases, tuple(names), np.stack([hrf, again], axis=1))),
        "DRF": Block("DRF", "DRF", pd.DataFrame(drf, index=cases, columns=[f"deep_{n}" for n in range(6)])),
        "clinical": Block("clinical", "clinical", clinical, image=False, categorical=("stage",)),
    }
    return Cohort(
        "small",
        blocks,
        pd.Series(y.astype(str), index=cases),
        ("0", "1"),
        pd.Series([f"patient{number // rows_per_patient:03d}" for number in range(n_cases)], index=cases),
        batch=pd.Series(batch, index=cases),
        role=pd.Series(np.array(["train", "train", "internal", "external"])[np.arange(n_cases) // 2 % 4], index=cases),
        covariates=pd.DataFrame({"age": rng.normal(60, 10, n_cases), "sex": rng.choice(["f", "m"], n_cases)}, cases),
    )
