"""The plan of an experiment: every unit of work by name, before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmark import classifiers
from benchmark.cohort import Cohort
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, Recipe, skip_reason, steps_key
from benchmark.splits import Split
from benchmark.store import key_of, numeric_versions, source_hash
from benchmark.tuning import SamplerName


@dataclass(frozen=True)
class Tuning:
    """``trials`` candidates per classifier and outer training set, on ``inner_folds`` folds, drawn by ``sampler``."""

    trials: int = 20
    inner_folds: int = 3
    sampler: SamplerName = "tpe"


@dataclass(frozen=True)
class Unit:
    """A split with its feature set, preprocessing and classifiers, and the names of their records."""

    split: Split
    feature_set: FeatureSet
    preprocessing: Preprocessing
    classifiers: tuple[ClassifierChoice, ...]
    steps_record: str
    records: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Everything to be done: the cohort, the units (one per split, feature set and preprocessing), and what is left out
    with its reason."""

    cohort: Cohort
    units: tuple[Unit, ...]
    tuning: Tuning
    seed: int
    skipped: tuple[Mapping[str, str], ...]


def make_plan(
    cohort: Cohort,
    splits: Sequence[Split],
    feature_sets: Sequence[FeatureSet],
    preprocessings: Sequence[Preprocessing],
    choices: Sequence[ClassifierChoice],
    *,
    tuning: Tuning,
    seed: int,
) -> Plan:
    """The cross product, less the recipes that make no sense. Nothing is fitted."""
    n_train = max(len(split.train) for split in splits)
    divisions = [key_of(_split_content(split)) for split in splits]
    skipped, units = [], []
    for feature_set in feature_sets:
        content = cohort.fingerprint(feature_set.blocks)
        for preprocessing in preprocessings:
            reasons = {
                choice.name: skip_reason(Recipe(feature_set, preprocessing, choice), n_train) for choice in choices
            }
            kept = tuple(choice for choice in choices if reasons[choice.name] is None)
            skipped += [
                {"feature_set": feature_set.name, "preprocessing": preprocessing.name, "classifier": name,
                 "reason": reason}
                for name, reason in reasons.items()
                if reason is not None
            ]  # fmt: skip
            steps = steps_key(feature_set, preprocessing, cohort)
            for split, division in zip(splits, divisions, strict=True):
                names = (cohort.name, steps, split.design, str(split.repeat), split.fold)
                base = key_of(content, names, division, seed, numeric_versions(), source_hash())
                records = tuple(_record_name(base, choice, tuning) for choice in kept)
                units.append(Unit(split, feature_set, preprocessing, kept, base, records, names))
    return Plan(cohort, tuple(units), tuning, seed, tuple(skipped))


def _split_content(split: Split) -> list[Any]:
    inner = [[list(train), list(valid)] for train, valid in split.inner]
    return [list(split.train), list(split.test), inner]


def _record_name(base: str, choice: ClassifierChoice, tuning: Tuning) -> str:
    space = repr(sorted(classifiers.space_of(choice.name, choice.params).items()))
    told = (choice.name, choice.params, choice.try_first, choice.class_weight)
    return key_of(base, told, tuning.trials, tuning.sampler, space)
