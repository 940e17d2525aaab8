"""The plan of an experiment: every unit of work by name, before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from benchmark import classifiers
from benchmark.cohort import Cohort
from benchmark.errors import DataError
from benchmark.predictions import ALL_CASES
from benchmark.recipe import ClassifierChoice, FeatureSet, Fusion, Preprocessing, Recipe, skip_reason, steps_key
from benchmark.splits import Split, restrict, shown_splits
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
    """A split (of the cases that have all blocks of the feature set), its preprocessing and classifiers, and the names
    of their records. ``drawn``: whether its models are shown as nomograms."""

    split: Split
    feature_set: FeatureSet
    preprocessing: Preprocessing
    classifiers: tuple[ClassifierChoice, ...]
    steps_record: str
    records: tuple[str, ...]
    names: tuple[str, ...]
    drawn: bool = False


@dataclass(frozen=True)
class Explain:
    """The classifiers whose predictions are explained by ``shap`` values, against so many ``background`` cases, and
    those that are shown as a ``nomogram``: of several classes by the log-odds of the last of ``sides`` against the
    first."""

    shap: tuple[str, ...] = ()
    background: int = 50
    nomogram: tuple[str, ...] = ()
    sides: tuple[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Arms:
    """The arms that are no recipes: ``fusions`` of feature sets, ``ensembles`` of classifiers, and the probabilities of
    ``imported`` models, (n_cases, n_classes) with an index of cases."""

    fusions: tuple[Fusion, ...] = ()
    ensembles: tuple[Fusion, ...] = ()
    imported: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Everything to be done: the cohort, its splits, the units (one per split, feature set and preprocessing), what is
    left out with its reason, and the arms that are made from the fitted models. ``whole``: units of all cases, fitted
    to be shown and tested on none."""

    cohort: Cohort
    splits: tuple[Split, ...]
    units: tuple[Unit, ...]
    tuning: Tuning
    seed: int
    skipped: tuple[Mapping[str, str], ...]
    arms: Arms
    explain: Explain
    whole: tuple[Unit, ...] = ()

    @cached_property
    def work(self) -> tuple[Unit, ...]:
        """Every unit that is fitted."""
        return self.units + self.whole


def make_plan(
    cohort: Cohort,
    splits: Sequence[Split],
    feature_sets: Sequence[FeatureSet],
    preprocessings: Sequence[Preprocessing],
    choices: Sequence[ClassifierChoice],
    *,
    tuning: Tuning,
    seed: int,
    arms: Arms | None = None,
    explain: Explain | None = None,
    whole: Split | None = None,
) -> Plan:
    """The cross product, less the recipes that make no sense, and on the split ``whole`` the recipes that are shown as
    a nomogram. Nothing is fitted."""
    n_train = max(len(split.train) for split in splits)
    asked = explain or Explain()
    skipped, units, divided = [], [], [*splits, *([whole] if whole is not None else [])]
    shown = {(split.design, split.fold) for split in shown_splits(divided)} if asked.nomogram else set()
    for feature_set in feature_sets:
        content = cohort.fingerprint(feature_set.blocks)
        here = _splits_of(feature_set, divided, cohort)
        divisions = [key_of(_split_content(split)) for split in here]
        for preprocessing in preprocessings:
            reasons = {
                choice.name: skip_reason(Recipe(feature_set, preprocessing, choice), n_train) for choice in choices
            }
            kept = tuple(choice for choice in choices if reasons[choice.name] is None)
            lines = tuple(choice for choice in kept if choice.name in asked.nomogram)
            skipped += [
                {"feature_set": feature_set.name, "preprocessing": preprocessing.name, "classifier": name,
                 "reason": reason}
                for name, reason in reasons.items()
                if reason is not None
            ]  # fmt: skip
            steps = steps_key(feature_set, preprocessing, cohort)
            for split, division in zip(here, divisions, strict=True):
                fitted = lines if split.design == ALL_CASES else kept
                drawn = (split.design, split.fold) in shown and bool(lines)
                names = (cohort.name, steps, split.design, str(split.repeat), split.fold)
                base = key_of(content, names, division, seed, numeric_versions(), source_hash(), *["drawn"] * drawn)
                records = tuple(_record_name(base, choice, tuning, asked) for choice in fitted)
                units.append(Unit(split, feature_set, preprocessing, fitted, base, records, names, drawn))
    whole_units = tuple(unit for unit in units if unit.split.design == ALL_CASES and unit.drawn)
    units = [unit for unit in units if unit.split.design != ALL_CASES]
    return Plan(cohort, tuple(splits), tuple(units), tuning, seed, tuple(skipped), arms or Arms(), asked, whole_units)


def _splits_of(feature_set: FeatureSet, splits: Sequence[Split], cohort: Cohort) -> list[Split]:
    """The splits of the cases that have the blocks of a feature set; ``DataError`` if a side of one is left without
    cases or classes."""
    if not cohort.partial:
        return list(splits)
    here = [restrict(split, cohort.cases_with(feature_set.blocks)) for split in splits]
    for split in here:
        place = f"feature set '{feature_set.name}': {split.design}, repeat {split.repeat}, fold {split.fold}"
        if not len(split.test):
            raise DataError(f"{place}: no tested case has {', '.join(feature_set.blocks)}")
        for what, cases in _learning_sides(split):
            absent = [label for label in cohort.classes if not (cohort.outcome[cases] == label).any()]
            if absent:
                raise DataError(
                    f"{place}: no case of class '{absent[0]}' among the {len(cases)} {what} that have "
                    f"{', '.join(feature_set.blocks)}. Use fewer folds, or missing_cases: drop or impute"
                )
    return here


def _learning_sides(split: Split) -> list[tuple[str, pd.Index]]:
    inner = [(f"{what} cases of inner folds", side) for pair in split.inner
             for what, side in zip(("training", "validation"), pair, strict=True)]  # fmt: skip
    return [("training cases", split.train), *inner]


def _split_content(split: Split) -> list[Any]:
    inner = [[list(train), list(valid)] for train, valid in split.inner]
    return [list(split.train), list(split.test), inner]


def _record_name(base: str, choice: ClassifierChoice, tuning: Tuning, explain: Explain) -> str:
    space = repr(sorted(classifiers.space_of(choice.name, choice.params).items()))
    explained = (explain.background,) if choice.name in explain.shap else ()
    told = (choice.name, choice.params, choice.try_first, choice.class_weight, *explained)
    return key_of(base, told, tuning.trials, tuning.sampler, space)
