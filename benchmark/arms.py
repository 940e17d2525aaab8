"""Arms that are made from fitted models: what the inner loop chose, ensembles of classifiers, fusions of feature sets,
and predictions made elsewhere. Nothing is fitted again.

A fusion is an arm under the name of a feature set, for every preprocessing and classifier that all of its parts have,
the arm chosen inside included; an ensemble is an arm under the name of a classifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.fusions import Fused, Part, fuse, unknown_cases
from benchmark.plan import Plan
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.recipe import Fusion
from benchmark.splits import Split, restrict
from benchmark.store import Record

SIDES = ("train", "test", "validated")

RecipeKey = tuple[str, str, str, str]
"""design, feature set, preprocessing, classifier"""


@dataclass(frozen=True)
class Model:
    """One fitted model, or what was made from several, at its place: the record's arrays are ``test`` (the tested cases
    of the split), ``inner`` (its validated cases) and ``train``. ``features``: the columns that reached the
    classifier."""

    split: Split
    record: Record
    features: tuple[str, ...] = ()


Models = dict[RecipeKey, list[Model]]


def made_arms(plan: Plan, complete: Mapping[RecipeKey, list[Model]]) -> Models:
    """Every arm that the complete recipes give, in the order: ensembles, chosen inside, fusions, imported."""
    ensembles = _ensembles(plan, complete)
    chosen = _chosen_inside(complete)
    fusions = _fusions(plan, {**complete, **ensembles, **chosen})
    return {**ensembles, **chosen, **fusions, **_imported(plan)}


def _chosen_inside(complete: Mapping[RecipeKey, list[Model]]) -> Models:
    """The arms picked by the inner loop: the classifier within each preprocessing, and, where there are several
    preprocessings, the pair. Only recipes that are complete stand for election."""
    arms: Models = {}
    by_preprocessing = _group(complete, lambda key: (*key[:3], CHOSEN_INSIDE))
    by_feature_set = _group(complete, lambda key: (*key[:2], CHOSEN_INSIDE, CHOSEN_INSIDE))
    for arm, keys in {**by_preprocessing, **by_feature_set}.items():
        candidates = len({key[2] for key in keys}) if arm[2] == CHOSEN_INSIDE else len(keys)
        if candidates > 1:
            arms[arm] = [_best(fold) for fold in zip(*(complete[key] for key in keys), strict=True)]
    return arms


def _group(keys: Iterable[RecipeKey], arm_of: Callable[[RecipeKey], RecipeKey]) -> dict[RecipeKey, list[RecipeKey]]:
    groups: dict[RecipeKey, list[RecipeKey]] = {}
    for key in keys:
        groups.setdefault(arm_of(key), []).append(key)
    return groups


def _best(candidates: tuple[Model, ...]) -> Model:
    """The first of the highest inner score; all candidates stand at one split."""
    return max(candidates, key=lambda model: model.record.facts["score"])


def _ensembles(plan: Plan, models: Mapping[RecipeKey, list[Model]]) -> Models:
    arms: Models = {}
    for ensemble in plan.arms.ensembles:
        for key in models:
            keys = [(*key[:3], classifier) for classifier in ensemble.of]
            if key[3] == ensemble.of[0] and all(part in models for part in keys):
                arms[(*key[:3], ensemble.name)] = _fused(plan, ensemble, [models[part] for part in keys])
    return arms


def _fusions(plan: Plan, models: Mapping[RecipeKey, list[Model]]) -> Models:
    arms: Models = {}
    for fusion in plan.arms.fusions:
        for key in models:
            keys = [(key[0], name, *key[2:]) for name in fusion.of]
            if key[1] == fusion.of[0] and all(part in models for part in keys):
                arms[(key[0], fusion.name, *key[2:])] = _fused(plan, fusion, [models[part] for part in keys])
    return arms


def _fused(plan: Plan, fusion: Fusion, parts: Sequence[Sequence[Model]]) -> list[Model]:
    """The fusion at every split that the parts have in common, all splits of their design."""
    whole = [split for split in plan.splits if split.design == parts[0][0].split.design]
    return [_fuse_split(plan, fusion, split, models) for split, *models in zip(whole, *parts, strict=True)]


def _fuse_split(plan: Plan, fusion: Fusion, split: Split, models: Sequence[Model]) -> Model:
    """One fused model. It knows the cases that any of its parts knows."""
    known = {case for model in models for side in SIDES for case in getattr(model.split, side)}
    here = restrict(split, pd.Index(known, dtype=object))
    folds = [np.flatnonzero(here.validated.isin(valid)) for _, valid in here.inner]
    y = plan.cohort.codes[here.validated].to_numpy()
    found = fuse(fusion.rule, [_part(model, here) for model in models], y, folds)
    return Model(here, Record({"test": found.test, "train": found.train, "inner": found.inner}, _facts(fusion, found)))


def _facts(fusion: Fusion, found: Fused) -> dict[str, object]:
    weights = dict(zip(fusion.of, found.weights.tolist(), strict=True))
    return {"score": found.score, "apparent": found.apparent, "weights": weights}


def _part(model: Model, whole: Split) -> Part:
    """The model as a part of a fusion that knows the cases of ``whole``."""
    arrays = model.record.arrays
    part = Part(arrays["inner"], arrays["train"], arrays["test"], model.record.facts["score"])
    sides = {side: (getattr(whole, side), getattr(model.split, side)) for side in SIDES}
    if all(len(here) == len(mine) for here, mine in sides.values()):
        return part
    places = {side: np.flatnonzero(here.isin(mine)) for side, (here, mine) in sides.items()}
    return unknown_cases(part, places, {side: len(here) for side, (here, _) in sides.items()})


def _imported(plan: Plan) -> Models:
    """The predictions made elsewhere, at every split of every design. They have no training side."""
    arms: Models = {}
    for name, scores in plan.arms.imported.items():
        nothing = np.empty((0, scores.shape[1]))
        for split in plan.splits:
            record = Record({"test": scores.loc[split.test].to_numpy(float), "train": nothing, "inner": nothing})
            arms.setdefault((split.design, name, "", ""), []).append(Model(split, record))
    return arms
