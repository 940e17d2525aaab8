"""How well the batch of held-out cases was told: macro AUC and balanced accuracy, with their level of chance.

Macro AUC: the mean over batches of the AUC of a batch against all others, averaged over folds. Balanced accuracy: the
mean over batches of the share of cases whose highest score is that of their batch. Chance: both again with the batches
of the held-out cases permuted within their fold; p = (1 + how many reach the found value) / (1 + permutations). The
classifier is not fitted again, as the held-out cases had no part in it.

Source: Hand and Till (2001), Machine Learning 45:171, section 3 (one against the rest); Phipson and Smyth (2010),
Statistical Applications in Genetics and Molecular Biology 9:39 (p of permutations); Good (2005), Permutation tests.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

BATCH_PREDICTION = ["macro_auc", "auc_chance", "auc_chance_high", "auc_p", "balanced_accuracy", "accuracy_chance",
                    "accuracy_chance_high", "accuracy_p", "n_cases", "n_levels"]  # fmt: skip
"""``chance`` is the mean over permutations, ``chance_high`` their 95th percentile."""

PERMUTATIONS_AT_ONCE = 64


def batch_prediction(
    truth: np.ndarray, scores: np.ndarray, fold: np.ndarray, *, permutations: int, seed: int
) -> dict[str, float]:
    """``BATCH_PREDICTION`` of ``truth`` (n_cases,) as 0 .. B - 1, ``scores`` (n_cases, B), ``fold`` (n_cases,)."""
    ranks = np.empty(scores.shape)
    for number in np.unique(fold):
        ranks[fold == number] = rankdata(scores[fold == number], axis=0)
    predicted = scores.argmax(axis=1)
    auc, accuracy = _measures(truth[None], ranks, predicted, fold)
    chances = []
    generator = np.random.default_rng(seed)
    for start in range(0, permutations, PERMUTATIONS_AT_ONCE):
        size = min(PERMUTATIONS_AT_ONCE, permutations - start)
        chances.append(_measures(_permuted(truth, fold, size, generator), ranks, predicted, fold))
    aucs, accuracies = (np.concatenate(parts) for parts in zip(*chances, strict=True))
    told = [*_against(auc[0], aucs), *_against(accuracy[0], accuracies), len(truth), scores.shape[1]]
    return dict(zip(BATCH_PREDICTION, told, strict=True))


def _against(found: float, chance: np.ndarray) -> tuple[float, float, float, float]:
    reached = int((chance >= found - 1e-12).sum())
    p = (1 + reached) / (1 + len(chance))
    return float(found), float(chance.mean()), float(np.quantile(chance, 0.95)), p


def _permuted(truth: np.ndarray, fold: np.ndarray, size: int, generator: np.random.Generator) -> np.ndarray:
    """(size, n_cases)."""
    drawn = np.tile(truth, (size, 1))
    for number in np.unique(fold):
        places = np.flatnonzero(fold == number)
        drawn[:, places] = generator.permuted(drawn[:, places], axis=1)
    return drawn


def _measures(
    truth: np.ndarray, ranks: np.ndarray, predicted: np.ndarray, fold: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Macro AUC and balanced accuracy of each row of ``truth`` (n, n_cases). A batch that a fold has no case of, or
    nothing but cases of, does not count in that fold."""
    folds, recalls = [], []
    for level in range(ranks.shape[1]):
        mine = truth == level
        recalls.append((mine & (predicted == level)).sum(axis=1) / np.maximum(mine.sum(axis=1), 1))
    for number in np.unique(fold):
        here = fold == number
        aucs = []
        for level in range(ranks.shape[1]):
            mine = truth[:, here] == level
            n = mine.sum(axis=1)
            others = here.sum() - n
            with np.errstate(divide="ignore", invalid="ignore"):
                aucs.append((mine @ ranks[here, level] - n * (n + 1) / 2) / (n * others))
        folds.append(np.nanmean(aucs, axis=0))
    return np.mean(folds, axis=0), np.mean(recalls, axis=0)
