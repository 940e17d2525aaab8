"""ComBat: harmonised tables of sva in every cell, and every estimate of neuroCombat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.steps.combat_estimates import estimate
from tests.oracles.walk import VERSIONS, findings, read
from tests.steps.test_combat_estimates import ours as harmonised_by_ours

EXCLUDED = VERSIONS | {
    "*/file": "the name of a table, every cell of which is compared",
    "neuroCombat_estimates/*/[ab]_prior/*": "the prior's shape and rate, which we never form: they are infinite where "
    "the variances are equal. gamma_star and delta_star follow from them",
}
CELLS = 1e-9


def of_table(found: np.ndarray) -> dict[str, Any]:
    return {
        "n_samples": found.shape[0],
        "n_features": found.shape[1],
        "n_not_finite": np.sum(~np.isfinite(found)),
        "mean": found.mean(),
        "sd_ddof1_all": found.std(ddof=1),
        "first_row_first5": found[0, :5],
        "last_row_last5": found[-1, -5:],
    }


def of_estimates(values: np.ndarray, batch: np.ndarray, names: list[str]) -> dict[str, Any]:
    none, each = np.empty((len(values), 0)), np.zeros(3, bool)
    found, plain = (estimate(values, batch, none, prior=prior, mean_only=each) for prior in ("parametric", "none"))
    return {
        "batches": names,
        "grand_mean": found.standard.grand_mean,
        "var_pooled": found.standard.sd**2,
        "gamma_hat": plain.gamma,
        "delta_hat": plain.delta,
        "gamma_bar": plain.gamma.mean(1),
        "t2": plain.gamma.var(1, ddof=1),
        "gamma_star": found.gamma,
        "delta_star": found.delta,
    }


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    folder = shared / "oracles" / "03_combat"
    values, meta = pd.read_csv(folder / "hosny_shifted.csv.gz").to_numpy(), pd.read_csv(folder / "hosny_meta.csv")
    names, batch = np.unique(meta["site"], return_inverse=True)
    edge = pd.read_csv(folder / "edge_60x12.csv")
    small = np.unique(edge.pop("site"), return_inverse=True)[1]
    constant = edge.to_numpy().copy()
    constant[small == 1, 2] = 7.0
    tables = {
        "shifted_param": harmonised_by_ours(values, batch, np.empty((len(values), 0))),
        "shifted_param_target_age_sex": harmonised_by_ours(
            values, batch, meta[["target", "age_sim", "sex_sim"]].to_numpy(float)
        ),
        "edge_plain": harmonised_by_ours(edge.to_numpy(), small, np.empty((60, 0))),
        "edge_constB": harmonised_by_ours(constant, small, np.empty((60, 0))),
    }
    for name, found in tables.items():
        np.testing.assert_allclose(found, pd.read_csv(folder / "out" / f"{name}.csv.gz"), rtol=0, atol=CELLS)
    assert (tables["edge_constB"][:, 2] == constant[:, 2]).all()
    ours = {
        "shifted": {name: of_table(tables[f"shifted_{name}"]) for name in ("param", "param_target_age_sex")},
        "edge": {
            "plain": of_table(tables["edge_plain"]),
            "feature3_constant_in_batch_B_set_to_7": of_table(tables["edge_constB"]),
        },
        "neuroCombat_estimates": {"shifted_param": of_estimates(values, batch, names.tolist())},
    }
    assert findings(read(folder / "expected.json"), ours, excluded=EXCLUDED) == []
