"""A small pack: two models of five folds, of which the AUCs are known by another program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

Write = Callable[..., Path]


@pytest.fixture
def folds() -> pd.DataFrame:
    """Out-of-fold probabilities of two models, long."""
    rng = np.random.default_rng(5)
    y = np.tile([0, 1], 50)
    cases = pd.DataFrame({"id": range(100), "label": y, "fold": np.arange(100) // 20})
    parts = []
    for model, signal in (("HRF", 0.6), ("fused", 1.6)):
        score = 1 / (1 + np.exp(-(signal * (y - 0.5) + rng.normal(size=100))))
        parts.append(cases.assign(model=model, prob=score))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def aucs(folds: pd.DataFrame) -> dict[tuple[str, int], float]:
    """The AUC of each model and fold, by scikit-learn."""
    return {key: roc_auc_score(rows["label"], rows["prob"]) for key, rows in folds.groupby(["model", "fold"])}  # type: ignore[misc]


@pytest.fixture
def write(tmp_path: Path, folds: pd.DataFrame, aucs: dict[tuple[str, int], float]) -> Write:
    """Writes the table and a pack of it; ``old`` is replaced by ``new`` in the YAML."""

    def written(old: str = "", new: str = "") -> Path:
        folds.to_csv(tmp_path / "folds.csv", index=False)
        mean = np.mean([auc for (model, _), auc in aucs.items() if model == "fused"])
        text = PACK.format(fold=aucs["fused", 1], mean=mean)
        assert old in text
        path = tmp_path / "small.yaml"
        path.write_text(text.replace(old, new, 1) if old else text)
        return path

    return written


PACK = """title: A small study
source: {{authors: Nobody, year: 2020, data: a drawer}}
predictions:
  published:
    file: folds.csv
    case: id
    truth: label
    model: model
    score: prob
    fold: fold
numbers:
  - name: fold 2
    published: {fold:.3f}
    ours: {{of: published, table: fold_scores, feature_set: fused, fold: 1}}
    tolerance: 0.0005
  - name: mean
    published: {mean:.3f}
    printed: table 2
    ours: {{of: published, feature_set: fused}}
    tolerance: 0.0005
differs: [nothing]
draws: 100
"""
