"""How well the batch of a held-out case is told from its features: what a harmonization should make impossible.

The steps and the classifier are fitted on the training cases of each fold; whole patients are held out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmark import classifiers
from benchmark.harmonization.stages import Fold
from benchmark.seeds import seed_for


@dataclass(frozen=True, eq=False)
class BatchScores:
    """Scores of held-out cases for each batch: ``levels`` (n_levels,); ``fold`` and ``truth`` (n_cases,), the truth as
    numbers of levels; ``scores`` (n_cases, n_levels)."""

    variable: str
    stage: str
    classifier: str
    levels: tuple[str, ...]
    fold: np.ndarray
    truth: np.ndarray
    scores: np.ndarray


def batch_scores(folds: list[Fold], labels: pd.Series, *, classifier: str, seed: int) -> BatchScores:
    """The scores of one stage over all folds."""
    levels = tuple(sorted(set(labels)))
    parts = [_scores_of_fold(fold, labels, levels, classifier, seed) for fold in folds]
    truth = pd.Index(levels).get_indexer(pd.Index(np.concatenate([labels[fold.test.index] for fold in folds])))
    number = np.concatenate([np.full(len(fold.test), fold.number) for fold in folds])
    return BatchScores(str(labels.name), folds[0].stage, classifier, levels, number, truth, np.concatenate(parts))


def _scores_of_fold(fold: Fold, labels: pd.Series, levels: tuple[str, ...], classifier: str, seed: int) -> np.ndarray:
    drawn = seed_for(seed, "batch", labels.name, fold.stage, fold.number)
    model = make_pipeline(StandardScaler(), classifiers.build(classifier, seed=drawn))
    model.fit(fold.train.to_numpy(), labels[fold.train.index].to_numpy(str))
    scores = np.zeros((len(fold.test), len(levels)))
    scores[:, pd.Index(levels).get_indexer(pd.Index(model.classes_))] = model.predict_proba(fold.test.to_numpy())
    return scores
