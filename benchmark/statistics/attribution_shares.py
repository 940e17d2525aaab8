"""How much of what moves the predictions comes from each block of features, by SHAP values of tested cases.

    share_b = sum over features j of block b of size_j / sum over all features of size_j

with ``size_j`` the mean |SHAP| of the table ``ATTRIBUTED``. A share is of this model: correlated features of two blocks
share what either could give alone, so it does not say what a block adds (the AUC with and without it does).

Source: Lundberg et al. (2020), Nature Machine Intelligence 2:56 (mean |SHAP| as importance, summed over groups by
additivity).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.estimates import ATTRIBUTION_SHARES
from benchmark.predictions import RECIPE

ARM = ["design", *RECIPE, "class"]


def attribution_shares(attributed: pd.DataFrame, families: Mapping[str, str]) -> pd.DataFrame:
    """The table ``ATTRIBUTION_SHARES`` of the table ``ATTRIBUTED``; ``families`` by block. Features made from several
    blocks are those of ``HRF+DRF``."""
    if attributed.empty:
        return pd.DataFrame(columns=ATTRIBUTION_SHARES)
    by = attributed.groupby([*ARM, "block"], sort=False, observed=True)
    found = by.agg(n_features=("feature", "size"), size=("mean_abs", "sum"), share=("share", "sum")).reset_index()
    found["family"] = [_family(str(block), families) for block in found["block"]]
    return found[ATTRIBUTION_SHARES]


def _family(block: str, families: Mapping[str, str]) -> str:
    parts = [block] if block in families else block.split("+")
    return " + ".join(dict.fromkeys(families.get(part, part) for part in parts))
