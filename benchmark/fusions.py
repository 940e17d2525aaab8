"""Fusions: from the predictions of several fitted models of one split to those of one, nothing fitted again.

The models (parts) may differ in their features (late and stacked fusion of feature sets) or in their classifier
(voting, stacking of classifiers). Whatever a rule learns, weights or a second-level model, it learns from the parts'
inner predictions: those of training rows by an inner fold that left them out. Its own inner predictions are made in
the same way, each inner fold by what the other folds say, so that thresholds and recalibration stay honest.

    mean             p = mean_m p_m                                  over the parts that know the case
    weighted         p = sum_m w_m p_m / sum_m w_m,  w_m = max(AUC_m - 1/2, 0) of the inner folds
    calibrated_mean  mean of the parts after logistic recalibration of each (Platt 1999)
    stacked          logistic regression of the outcome on the parts' logits (Wolpert 1992), ridge penalty C = 1
    hard_vote        share of the parts whose most probable class it is

A part that does not know a case (a block that was not measured) has a row of NaN. The mean rules go over the others;
for ``stacked`` such a part says the class frequencies of the training rows.

Source: Wolpert (1992), Neural Networks 5:241; Breiman (1996), Machine Learning 24:49; Platt (1999), Advances in Large
Margin Classifiers; Kittler et al. (1998), IEEE Transactions on Pattern Analysis and Machine Intelligence 20:226.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from benchmark.tuning import mean_auc

SMALLEST = 1e-6
"""Probabilities are kept this far from 0 and 1 before their logit is taken."""


@dataclass(frozen=True)
class Part:
    """The predictions of one model of a split: ``inner`` (n_validated, n_classes), ``train`` (n_train, n_classes) and
    ``test`` (n_test, n_classes); a row of NaN for a case that it does not know. ``score``: its mean inner AUC."""

    inner: np.ndarray
    train: np.ndarray
    test: np.ndarray
    score: float


@dataclass(frozen=True)
class Fused(Part):
    """What a fusion predicts. ``weights`` (n_parts,): the share of each part, or its coefficient in ``stacked``.
    ``apparent``: the AUC of what was learned on the very inner predictions it was learned from; above ``score`` by as
    much as the second level overfits."""

    weights: np.ndarray
    apparent: float


Combine = Callable[[np.ndarray], np.ndarray]
"""Predictions of the parts, (n_parts, n, n_classes), as those of one, (n, n_classes)."""


def fuse(rule: str, parts: Sequence[Part], y: np.ndarray, folds: Sequence[np.ndarray]) -> Fused:
    """The fusion of ``parts`` by a rule of ``RULES``. ``y`` (n_validated,) class codes; ``folds``: positions
    among them of the validation rows of each inner fold."""
    learn = RULES[rule]
    stacks = {side: np.stack([getattr(part, side) for part in parts]) for side in ("inner", "train", "test")}
    scores = np.array([part.score for part in parts])
    known = np.isfinite(stacks["inner"]).all(2).any(0)
    combine, weights = learn(stacks["inner"][:, known], y[known], scores)
    inner = np.full(stacks["inner"].shape[1:], np.nan)
    for fit, valid in _divisions(known, y, folds):
        inner[valid] = learn(stacks["inner"][:, fit], y[fit], scores)[0](stacks["inner"][:, valid])
    return Fused(
        inner=inner,
        train=combine(stacks["train"]),
        test=combine(stacks["test"]),
        score=mean_auc(y[known], inner[known]),
        weights=weights,
        apparent=mean_auc(y[known], combine(stacks["inner"][:, known])),
    )


def unknown_cases(part: Part, places: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> Part:
    """A part that knows only some cases, with rows of NaN for the others: ``places`` its rows among the ``sizes`` of
    ``train``, ``test`` and ``validated``."""

    def spread(values: np.ndarray, side: str) -> np.ndarray:
        full = np.full((sizes[side], values.shape[1]), np.nan)
        full[places[side]] = values
        return full

    return replace(
        part,
        inner=spread(part.inner, "validated"),
        train=spread(part.train, "train"),
        test=spread(part.test, "test"),
    )


def _divisions(known: np.ndarray, y: np.ndarray, folds: Sequence[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """(fit, valid) positions: the inner folds; if there is only one (a tuning set), five folds of its rows."""
    if len(folds) > 1:
        return [(np.setdiff1d(np.flatnonzero(known), fold), fold[known[fold]]) for fold in folds]
    rows = np.flatnonzero(known)
    k = min(5, int(np.bincount(y[rows]).min()))
    return [(rows[fit], rows[valid]) for fit, valid in StratifiedKFold(k).split(rows, y[rows])]


def _mean(stack: np.ndarray, y: np.ndarray, scores: np.ndarray) -> tuple[Combine, np.ndarray]:
    return _averaged(np.ones(len(stack)))


def _weighted(stack: np.ndarray, y: np.ndarray, scores: np.ndarray) -> tuple[Combine, np.ndarray]:
    above = np.maximum(scores - 0.5, 0)
    return _averaged(above if above.any() else np.ones(len(stack)))


def _averaged(weights: np.ndarray) -> tuple[Combine, np.ndarray]:
    def combine(stack: np.ndarray) -> np.ndarray:
        known = np.isfinite(stack)
        share = np.where(known, weights[:, None, None], 0.0)
        share = np.where(share.any(axis=0), share, known)  # only parts without weight know the case: they count alike
        with np.errstate(invalid="ignore"):
            return np.clip(np.nansum(stack * share, axis=0) / share.sum(axis=0), 0, 1)

    return combine, weights / weights.sum()


def _calibrated_mean(stack: np.ndarray, y: np.ndarray, scores: np.ndarray) -> tuple[Combine, np.ndarray]:
    lines = [_logistic(part[known := np.isfinite(part).all(1)], y[known]) for part in stack]
    combine, weights = _averaged(np.ones(len(stack)))

    def calibrated(parts: np.ndarray) -> np.ndarray:
        found = np.full_like(parts, np.nan)
        for number, (part, line) in enumerate(zip(parts, lines, strict=True)):
            known = np.isfinite(part).all(1)
            if known.any():
                found[number, known] = line(part[known])
        return combine(found)

    return calibrated, weights


def _stacked(stack: np.ndarray, y: np.ndarray, scores: np.ndarray) -> tuple[Combine, np.ndarray]:
    n_classes = stack.shape[2]
    frequency = np.bincount(y, minlength=n_classes) / len(y)

    def features(parts: np.ndarray) -> np.ndarray:
        return np.hstack([_logits(np.where(np.isfinite(part), part, frequency)) for part in parts])

    model = LogisticRegression(C=1.0, max_iter=5000).fit(features(stack), y)
    size = np.abs(model.coef_).mean(0).reshape(len(stack), -1).mean(1) if n_classes > 2 else model.coef_[0]

    def combine(parts: np.ndarray) -> np.ndarray:
        found = np.zeros((parts.shape[1], n_classes))
        found[:, model.classes_] = model.predict_proba(features(parts))
        return np.where(np.isfinite(parts).all(2).any(0)[:, None], found, np.nan)

    return combine, np.asarray(size, float)


def _hard_vote(stack: np.ndarray, y: np.ndarray, scores: np.ndarray) -> tuple[Combine, np.ndarray]:
    mean, weights = _averaged(np.ones(len(stack)))

    def combine(parts: np.ndarray) -> np.ndarray:
        known = np.isfinite(parts).all(2)
        votes = np.eye(parts.shape[2])[np.argmax(np.where(np.isfinite(parts), parts, -1.0), axis=2)]
        return mean(np.where(known[:, :, None], votes, np.nan))

    return combine, weights


def _logits(p: np.ndarray) -> np.ndarray:
    """The logit of the positive class, (n, 1); with more classes the logarithms of all, (n, n_classes)."""
    p = np.clip(p, SMALLEST, 1 - SMALLEST)
    return np.log(p[:, 1:] / p[:, :1]) if p.shape[1] == 2 else np.log(p)


def _logistic(p: np.ndarray, y: np.ndarray) -> Combine:
    """Logistic recalibration of the probabilities ``p`` (n, n_classes); none where all cases are of one class."""
    if len(np.unique(y)) < 2:
        return lambda other: other
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=5000).fit(_logits(p), y)

    def recalibrate(other: np.ndarray) -> np.ndarray:
        found = np.zeros_like(other)
        found[:, model.classes_] = model.predict_proba(_logits(other))
        return found

    return recalibrate


RULES: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[Combine, np.ndarray]]] = {
    "mean": _mean,
    "weighted": _weighted,
    "calibrated_mean": _calibrated_mean,
    "stacked": _stacked,
    "hard_vote": _hard_vote,
}
"""Name -> what learns from the parts' inner predictions (n_parts, n, n_classes), the outcome and the inner AUCs, and
gives how predictions are combined and the weight of each part."""
