"""A recipe: feature set x preprocessing x classifier, and the one unfitted estimator that it stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline

from benchmark import classifiers, resamplers
from benchmark.classifiers import ClassWeight
from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError, first_of, unknown
from benchmark.frame import feature_columns, text_features
from benchmark.steps import STEPS
from benchmark.steps.step import Step


@dataclass(frozen=True)
class FeatureSet:
    """Blocks that go into one model together."""

    name: str
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class StepChoice:
    """One step as the YAML said. ``families``: the families or blocks it touches, None for the step's default."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    families: tuple[str, ...] | None = None
    per_block: bool | None = None

    def words(self) -> str:
        """``impute (strategy=median)``: for the report."""
        said = [f"{key}={value}" for key, value in self.params.items()]
        said += [f"on {', '.join(self.families)}"] if self.families is not None else []
        return f"{self.name} ({', '.join(said)})" if said else self.name


@dataclass(frozen=True)
class Preprocessing:
    """A named list of steps, in the order of the YAML, and the resampler of the training rows that may end it."""

    name: str
    steps: tuple[StepChoice, ...]
    resampler: StepChoice | None = None

    def words(self) -> list[str]:
        """Each item as the report tells it."""
        return [choice.words() for choice in (*self.steps, *([self.resampler] if self.resampler else []))]


@dataclass(frozen=True)
class ClassifierChoice:
    """A classifier with the parameters that the YAML fixed, and hyperparameters to try before the search begins."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    try_first: tuple[Mapping[str, Any], ...] = ()
    class_weight: ClassWeight = "none"


@dataclass(frozen=True)
class Fusion:
    """An arm made from fitted models: ``of`` names feature sets (a fusion) or classifiers (an ensemble), ``rule`` is
    one of ``benchmark.fusions.RULES``."""

    name: str
    of: tuple[str, ...]
    rule: str

    def words(self) -> str:
        """``mean of HRF, DRF``: for the report."""
        return f"{self.rule.replace('_', ' ')} of {', '.join(self.of)}"


@dataclass(frozen=True)
class Recipe:
    """One model of the comparison."""

    feature_set: FeatureSet
    preprocessing: Preprocessing
    classifier: ClassifierChoice

    @property
    def key(self) -> tuple[str, str, str]:
        """The names in the columns of ``predictions.RECIPE``."""
        return self.feature_set.name, self.preprocessing.name, self.classifier.name

    def build(self, cohort: Cohort, *, seed: int, params: Mapping[str, Any] | None = None) -> Pipeline:
        """One unfitted estimator: fit it on rows of ``cohort.frame(blocks)`` and class codes, and it predicts
        probabilities for other rows. ``params`` are hyperparameters of the classifier, beside those of the YAML."""
        steps = build_steps(self.feature_set, self.preprocessing, cohort, seed=seed)
        estimator = build_classifier(
            self.classifier, self.preprocessing, seed=seed, n_classes=len(cohort.classes), params=params or {}
        )
        return Pipeline([*steps.steps, ("classifier", estimator)])


class Finish(TransformerMixin, BaseEstimator):
    """The last step of every recipe: removes the reserved columns and gives a plain matrix, (n_cases, k) float64."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Note the features; ``DataError`` if there are none or one is text or missing."""
        self.columns_ = feature_columns(X)
        if not self.columns_:
            raise DataError("no feature is left after the preprocessing")
        self.transform(X)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        """The features' values; ``DataError`` naming the first that is not a finite number."""
        text = text_features(X)
        if text:
            raise DataError(f"categorical features reach the classifier: {first_of(text)}. Put encode in the steps")
        # column by column, as scikit-learn's selectors give it: a sum over rows then has the same last bit as there
        values = np.asfortranarray(X[self.columns_].to_numpy(float))
        bad = ~np.isfinite(values)
        if bad.any():
            columns = np.array(self.columns_)[bad.any(0)]
            raise DataError(f"missing or infinite values reach the classifier: {first_of(columns)}. Put impute first")
        return values


def build_steps(feature_set: FeatureSet, preprocessing: Preprocessing, cohort: Cohort, *, seed: int) -> Pipeline:
    """The unfitted steps before the classifier, ending in ``Finish``. Steps that touch no block of the set are out."""
    steps: list[tuple[str, BaseEstimator]] = []
    for number, choice in enumerate(preprocessing.steps, start=1):
        blocks = touched_blocks(choice, feature_set, cohort)
        if blocks:
            steps.append((f"{number} {choice.name}", _step(choice, blocks, cohort, seed)))
    return Pipeline([*steps, ("finish", Finish())])


def build_classifier(
    choice: ClassifierChoice,
    preprocessing: Preprocessing,
    *,
    seed: int,
    n_classes: int,
    params: Mapping[str, Any],
) -> BaseEstimator:
    """The unfitted classifier with the YAML's parameters, these hyperparameters, its class weights, and the resampler
    of its training rows."""
    estimator = classifiers.build(choice.name, seed=seed, params={**params, **choice.params})
    if choice.class_weight == "balanced":
        estimator = classifiers.balanced(choice.name, estimator, n_classes)
    estimator = classifiers.of_classes(choice.name, estimator, n_classes)
    if preprocessing.resampler is None:
        return estimator
    return resamplers.resampled(
        resamplers.build(preprocessing.resampler.name, seed=seed, params=preprocessing.resampler.params), estimator
    )


def touched_blocks(choice: StepChoice, feature_set: FeatureSet, cohort: Cohort) -> tuple[str, ...]:
    """The blocks of the set that a step touches: those of the families (or blocks) named, else the step's default."""
    step = STEPS[choice.name]
    if choice.families is None:
        return tuple(name for name in feature_set.blocks if _by_default(step, cohort, name))
    wanted = set(blocks_of(choice.families, cohort))
    return tuple(name for name in feature_set.blocks if name in wanted)


def blocks_of(names: tuple[str, ...], cohort: Cohort) -> tuple[str, ...]:
    """The blocks behind names of blocks or families, in order, each once."""
    families = cohort.families
    found: dict[str, None] = {}
    for name in names:
        if name in cohort.blocks:
            found[name] = None
        elif name in families:
            found.update(dict.fromkeys(families[name]))
        else:
            raise ConfigError(unknown("block or family", name, [*cohort.blocks, *families]))
    return tuple(found)


def steps_key(feature_set: FeatureSet, preprocessing: Preprocessing, cohort: Cohort) -> str:
    """What the steps and the resampler really do on these blocks, as text: two preprocessings that differ only in steps
    which touch none of the blocks are one piece of work."""
    told = []
    for choice in preprocessing.steps:
        blocks = touched_blocks(choice, feature_set, cohort)
        if blocks:
            told.append([choice.name, dict(choice.params), blocks, choice.per_block])
    if preprocessing.resampler is not None:
        told.append([preprocessing.resampler.name, dict(preprocessing.resampler.params)])
    return json.dumps([feature_set.blocks, told], sort_keys=True, default=str)


def skip_reason(recipe: Recipe, n_train: int) -> str | None:
    """Why a recipe makes no sense, or None."""
    entry = classifiers.CLASSIFIERS[recipe.classifier.name]
    if recipe.classifier.class_weight == "balanced" and entry.weighting is None:
        return f"{entry.title} takes no class weights"
    if entry.max_cases is not None and n_train > entry.max_cases:
        return f"{entry.title} is offered up to {entry.max_cases} training cases, here are {n_train}"
    return None


def _by_default(step: type[Step], cohort: Cohort, name: str) -> bool:
    block = cohort.block(name)
    if step.needs_readings and block.readings is None:
        return False
    return block.image or not step.image_only


def _step(choice: StepChoice, blocks: tuple[str, ...], cohort: Cohort, seed: int) -> Step:
    kind = STEPS[choice.name]
    step = kind(**choice.params)
    step.set_params(blocks=blocks, per_block=kind.per_block_default if choice.per_block is None else choice.per_block)
    known = step.get_params(deep=False)
    if "seed" in known:
        step.set_params(seed=seed)
    if kind.needs_readings:
        step.set_params(readings={name: cohort.block(name).readings for name in blocks})
    return step
