"""What the parts of a fusion weigh, and the verdict on its second level."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmark.estimates import ESTIMATES, FUSED
from benchmark.predictions import FUSIONS, RECIPE
from benchmark.statistics.fusion_guard import NO_GAIN, OVERFITS, fusion_guard


def fusions(apparent: float = 0.8) -> pd.DataFrame:
    rows = [("cv", "late", "p", "lr", 1, str(fold), part, weight + 0.1 * fold, 0.78, apparent)
            for fold in (1, 2) for part, weight in (("HRF", 1.0), ("DRF", 0.2))]  # fmt: skip
    rows += [("cv", "HRF", "p", "vote", 1, "1", part, 0.5, 0.7, 0.7) for part in ("lr", "rf")]
    return pd.DataFrame(rows, columns=FUSIONS)


def estimates(late: float = 0.79) -> pd.DataFrame:
    aucs = {("HRF", "p", "lr"): 0.75, ("DRF", "p", "lr"): 0.7, ("late", "p", "lr"): late,
            ("HRF", "p", "rf"): 0.72, ("HRF", "p", "vote"): 0.76}  # fmt: skip
    rows = [
        dict(zip(RECIPE, recipe, strict=True)) | {"measure": "auc", "estimate": auc} for recipe, auc in aucs.items()
    ]
    return pd.DataFrame(rows).assign(design="cv", role="out-of-fold").reindex(columns=ESTIMATES)


def test_mean_weight_and_aucs_of_parts() -> None:
    found = fusion_guard(fusions(), estimates())
    assert list(found.columns) == FUSED
    late = found[found["feature_set"] == "late"].set_index("part")
    assert late.loc["HRF", "weight"] == pytest.approx(1.15)
    assert late["part_auc"].to_dict() == {"HRF": 0.75, "DRF": 0.7}
    assert set(late["verdict"]) == {""}
    vote = found[found["classifier"] == "vote"].set_index("part")
    assert vote["part_auc"].to_dict() == {"lr": 0.75, "rf": 0.72}


def test_verdicts() -> None:
    assert set(fusion_guard(fusions(0.9), estimates()).query("feature_set == 'late'")["verdict"]) == {OVERFITS}
    assert set(fusion_guard(fusions(), estimates(0.74)).query("feature_set == 'late'")["verdict"]) == {NO_GAIN}


def test_no_fusions_no_rows() -> None:
    assert list(fusion_guard(fusions().iloc[:0], estimates()).columns) == FUSED
