"""Simulated cohorts of two feature families through nested cross-validation, with the true AUC of every fitted model.

Feature j of family b, group g(j), of case i with outcome y_i:

    x_ij = sqrt(r) (f_ig + d_b y_i [g informative]) + sqrt(1 - r) u_ij,   f_ig = sqrt(c) h_ig + sqrt(1 - c) e_ibg

with h shared by the two families. A linear score w then has the AUC Phi(d_b sqrt(r) sum_(j informative) w_j / sqrt(2
w' S w)), with S the covariance of the features: no test set is needed to know how good a fitted model is.

The pipeline is fitted inside every fold: standardize, keep the k features of largest |t|, linear discriminant with
shrunk covariance; k is chosen by the AUC of inner folds. It is written for all folds at once; tests/test_type_one_error
holds it to scikit-learn's ``Pipeline`` and ``GridSearchCV``. Splits and seeds are those of radbench.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from benchmark.cohort import Block, Cohort
from benchmark.metrics.roc_auc import roc_aucs
from benchmark.seeds import seed_for
from benchmark.splits import Design, Split, make_splits

GROUP = 5
"""Features that share a factor."""
PREVALENCE = 0.4
WITHIN, BETWEEN = 0.6, 0.5
"""r: correlation within a group; c: correlation of the factors of the two families."""
SIZES = (2, 5, 10, 20)
SHRINKAGE = 0.2
FOLDS = Design("folds", "kfold", folds=5, repeats=5, inner_folds=3)
HELD_OUT = Design("held-out", "holdout", test_size=1 / 3, inner_folds=3)


@dataclass(frozen=True)
class Scenario:
    """``effects``: d of the two families, in SD of the factor of an informative group; the first ``n_informative`` of
    the ``n_groups`` groups of each family are informative."""

    name: str
    effects: tuple[float, float]
    n_cases: int = 120
    n_groups: int = 40
    n_informative: int = 4

    @property
    def null(self) -> bool:
        return self.effects[0] == self.effects[1]


@dataclass(frozen=True, eq=False)
class Predicted:
    """Of one cohort: out-of-fold probabilities ``scores`` (n_cases, n_repeats, 2) with the ``fold`` (n_cases,
    n_repeats) that held a case out, -1 for none; ``truth`` (n_models, 2), the AUCs of the fitted models."""

    y: np.ndarray
    scores: np.ndarray
    fold: np.ndarray
    truth: np.ndarray


# cohorts and the truth about them


def draw(rng: np.random.Generator, y: np.ndarray, shared: np.ndarray, effect: float, n_informative: int) -> np.ndarray:
    """(n_cases, n_features) of one family; ``shared`` (n_cases, n_groups)."""
    factor = np.sqrt(BETWEEN) * shared + np.sqrt(1 - BETWEEN) * rng.normal(size=shared.shape)
    factor[:, :n_informative] += effect * y[:, None]
    own = rng.normal(size=(len(y), shared.shape[1] * GROUP))
    return np.sqrt(WITHIN) * np.repeat(factor, GROUP, axis=1) + np.sqrt(1 - WITHIN) * own


def true_auc(weight: np.ndarray, effect: float, n_informative: int) -> np.ndarray:
    """AUC among all future cases of the linear scores ``weight`` (n_models, n_features), (n_models,)."""
    grouped = weight.reshape(len(weight), -1, GROUP).sum(2)
    distance = effect * np.sqrt(WITHIN) * grouped[:, :n_informative].sum(1)
    variance = WITHIN * (grouped**2).sum(1) + (1 - WITHIN) * (weight**2).sum(1)
    return special.ndtr(distance / np.sqrt(2 * variance))


# the pipeline, for all training sets at once


@dataclass(frozen=True, eq=False)
class Fits:
    """Of n_fits training sets: ``kept`` (n_fits, largest k) features by decreasing |t|; for each k of ``SIZES`` the
    ``weight`` (n_fits, n_sizes, largest k) of the kept features on their own scale, and ``score`` (n_fits, n_sizes,
    n_cases), the log odds of every case."""

    kept: np.ndarray
    weight: np.ndarray
    score: np.ndarray


def sizes_of(n_features: int) -> tuple[int, ...]:
    """The numbers of features to choose from."""
    return tuple(k for k in SIZES if k <= n_features)


def fit(X: np.ndarray, y: np.ndarray, train: np.ndarray) -> Fits:
    """The pipeline on each row of ``train`` (n_fits, n_cases), a mask."""
    sizes = sizes_of(X.shape[1])
    positive, negative = train * y, train * (1 - y)
    n1, n0 = positive.sum(1, keepdims=True), negative.sum(1, keepdims=True)
    n = n1 + n0
    mean1, mean0 = positive @ X / n1, negative @ X / n0
    within = train @ X**2 - n1 * mean1**2 - n0 * mean0**2
    kept = np.argsort(-((mean1 - mean0) ** 2) / within, axis=1, kind="stable")[:, : sizes[-1]]
    mean1, mean0, within = (np.take_along_axis(part, kept, 1) for part in (mean1, mean0, within))
    sd = np.sqrt(within / n + n1 * n0 / n**2 * (mean1 - mean0) ** 2)
    values = X.T[kept].transpose(0, 2, 1) / sd[:, None]  # only relative to the class means, so not centred
    mean1, mean0 = mean1 / sd, mean0 / sd
    apart = values - np.where(y[None, :, None] == 1, mean1[:, None], mean0[:, None])
    apart *= train[:, :, None]
    covariance = apart.transpose(0, 2, 1) @ apart / n[:, :, None]
    weight = np.zeros((len(train), len(sizes), sizes[-1]))
    for place, k in enumerate(sizes):
        shrunk = (1 - SHRINKAGE) * covariance[:, :k, :k]
        size = np.trace(covariance[:, :k, :k], axis1=1, axis2=2) / k
        shrunk += SHRINKAGE * size[:, None, None] * np.eye(k)
        weight[:, place, :k] = np.linalg.solve(shrunk, (mean1 - mean0)[:, :k, None])[..., 0]
    middle = np.einsum("fsk,fk->fs", weight, (mean1 + mean0) / 2)
    score = weight @ values.transpose(0, 2, 1) - middle[:, :, None] + np.log(n1 / n0)[:, :, None]
    return Fits(kept, weight / sd[:, None], score)


def nested(X: np.ndarray, y: np.ndarray, splits: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Scores (n_splits, n_cases) and weights (n_splits, n_features) of the models of ``splits``: each (1 + n_inner, 2,
    n_cases), masks of training and tested rows of the outer division first, then of the inner ones."""
    masks = np.concatenate(splits)
    fits = fit(X, y, masks[:, 0].astype(float))
    start = np.concatenate([[0], np.cumsum([len(split) for split in splits])[:-1]])
    scores, weights = np.empty((len(splits), len(y))), np.zeros((len(splits), X.shape[1]))
    for number, (outer, split) in enumerate(zip(start, splits, strict=True)):
        inner = [
            roc_aucs(y[valid], fits.score[outer + place][:, valid].T) for place, (_, valid) in enumerate(split) if place
        ]
        chosen = int(np.argmax(np.mean(inner, axis=0)))
        scores[number] = special.expit(fits.score[outer, chosen])
        weights[number, fits.kept[outer]] = fits.weight[outer, chosen]
    return scores, weights


def masks_of(cohort: Cohort, split: Split) -> np.ndarray:
    """(1 + n_inner, 2, n_cases)."""
    pairs = [(split.train, split.test), *split.inner]
    return np.array([[cohort.cases.isin(side) for side in pair] for pair in pairs])


def simulate(scenario: Scenario, number: int, seed: int) -> dict[str, Predicted]:
    """Cohort ``number`` of a scenario: the predictions of each design."""
    rng = np.random.default_rng(seed_for(seed, scenario.name, number))
    y = (np.arange(scenario.n_cases) < PREVALENCE * scenario.n_cases).astype(int)
    shared = rng.normal(size=(scenario.n_cases, scenario.n_groups))
    families = [draw(rng, y, shared, effect, scenario.n_informative) for effect in scenario.effects]
    cohort = _cohort(y)
    parts = [make_splits(cohort, design, seed=seed_for(seed, scenario.name, number)) for design in (FOLDS, HELD_OUT)]
    splits = [masks_of(cohort, split) for part in parts for split in part]
    modelled = [nested(X, y, splits) for X in families]
    scores = np.stack([score for score, _ in modelled], axis=2)
    aucs = [true_auc(w, d, scenario.n_informative) for (_, w), d in zip(modelled, scenario.effects, strict=True)]
    truth = np.stack(aucs, axis=1)
    first = len(parts[0])
    tested = np.array([split[0, 1] for split in splits])
    return {
        FOLDS.name: _predicted(y, scores[:first], tested[:first], truth[:first], FOLDS.repeats),
        HELD_OUT.name: _predicted(y, scores[first:], tested[first:], truth[first:], 1),
    }


def _predicted(y: np.ndarray, scores: np.ndarray, tested: np.ndarray, truth: np.ndarray, repeats: int) -> Predicted:
    """From (n_splits, n_cases, 2), the splits of a repeat one after the other, to predictions by repeat."""
    tested = tested.reshape(repeats, -1, len(y))
    fold = np.where(tested.any(1), tested.argmax(1), -1)
    parts = np.where(tested[..., None], scores.reshape(*tested.shape, 2), 0).sum(1)
    return Predicted(y, parts.transpose(1, 0, 2), fold.T, truth)


def _cohort(y: np.ndarray) -> Cohort:
    cases = pd.Index([f"{number:03d}" for number in range(len(y))])
    table = pd.DataFrame(index=cases)
    outcome = pd.Series(y.astype(str), cases)
    return Cohort("simulated", {"A": Block("A", "A", table)}, outcome, ("0", "1"), pd.Series(cases, cases))
