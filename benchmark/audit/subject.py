"""What is audited, and how much of it: the experiment's cohort and splits, and a sample of its work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from benchmark.audit.spot import Ran, Spot, run_spot
from benchmark.classifiers import CLASSIFIERS
from benchmark.cohort import Cohort
from benchmark.conduct import Prepared
from benchmark.plan import Tuning
from benchmark.predictions import APPARENT
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, steps_key, touched_blocks
from benchmark.splits import Split, restrict

FAST = ("logistic_l2", "lda", "naive_bayes", "knn", "decision_tree", "logistic_l1", "qda")
"""Classifiers that the audit prefers, the first that the experiment has; else the first of these."""

Aucs = Callable[[pd.DataFrame, Sequence[str]], pd.DataFrame]
"""From predictions and classes to one row per design, role and model: ``design``, ``role``, ``model``, ``estimate`` and
``variance``, as the run itself would estimate them."""


@dataclass(frozen=True)
class Budget:
    """``folds``: outer splits per design that are refitted, None for all; ``recipes``: whether every feature set and
    classifier is, and not only as many as it takes to touch every block with every step; ``permutations``: of each
    control arm, 0 for none; ``trials``: hyperparameters tried per model; ``within_centres``: permute the outcome within
    centres; ``workers``: of the control arms."""

    folds: int | None = 2
    recipes: bool = False
    permutations: int = 3
    trials: int = 2
    within_centres: bool = False
    workers: int = 1


@dataclass(frozen=True, eq=False)
class Subject:
    """An experiment under audit. ``folder``: its results, None if it has not been run."""

    prepared: Prepared
    aucs: Aucs
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    @property
    def cohort(self) -> Cohort:
        """The experiment's cohort."""
        return self.prepared.cohort

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """All its splits, without those that test their own training cases and say so."""
        return tuple(split for split in self.prepared.splits if APPARENT not in split.roles)

    @property
    def tuning(self) -> Tuning:
        """The experiment's inner folds with the audit's number of trials."""
        asked = self.prepared.experiment.tuning
        return Tuning(min(self.budget.trials, asked.trials), asked.inner_folds, asked.sampler)

    @cached_property
    def choices(self) -> tuple[ClassifierChoice, ...]:
        """The classifiers that are refitted."""
        asked = self.prepared.experiment.classifiers
        if self.budget.recipes:
            return asked
        by_name = {choice.name: choice for choice in asked if choice.name in CLASSIFIERS}
        return (next((by_name[name] for name in FAST if name in by_name), ClassifierChoice(FAST[0])),)

    @cached_property
    def recipes(self) -> tuple[tuple[FeatureSet, Preprocessing], ...]:
        """Feature sets with preprocessings, each piece of work once: those that together touch every block with every
        step, or all."""
        found: dict[str, tuple[FeatureSet, Preprocessing]] = {}
        asked, sets = self.prepared.experiment.preprocessings, self.prepared.sets
        for preprocessing in asked if self.budget.recipes else _with_new_steps(asked):
            for feature_set in sets if self.budget.recipes else _covering(sets):
                found.setdefault(steps_key(feature_set, preprocessing, self.cohort), (feature_set, preprocessing))
        return tuple(found.values())

    @cached_property
    def sampled(self) -> tuple[Split, ...]:
        """The splits that are refitted: of each design as many as the budget has, evenly over its list."""
        chosen: list[Split] = []
        for design in dict.fromkeys(split.design for split in self.splits):
            of_design = [split for split in self.splits if split.design == design]
            n = min(self.budget.folds or len(of_design), len(of_design))
            chosen += [of_design[place * len(of_design) // n] for place in range(n)]
        return tuple(chosen)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Where the audit refits."""
        seed = self.prepared.experiment.seed
        return tuple(
            Spot(
                restrict(split, self.cohort.cases_with(feature_set.blocks)) if self.cohort.partial else split,
                feature_set,
                preprocessing,
                self.choices,
                self.tuning,
                seed,
            )
            for split in self.sampled
            for feature_set, preprocessing in self.recipes
        )

    @cached_property
    def ran(self) -> Mapping[Spot, Ran]:
        """What comes of each spot as the experiment is."""
        return {spot: run_spot(self.cohort, spot) for spot in self.spots}

    def steps_touching(self, preprocessing: Preprocessing, blocks: tuple[str, ...]) -> list[str]:
        """The names of the steps that touch all of these blocks."""
        every = FeatureSet("", blocks)
        return [
            choice.name
            for choice in preprocessing.steps
            if set(touched_blocks(choice, every, self.cohort)) == set(blocks)
        ]


def _with_new_steps(preprocessings: Sequence[Preprocessing]) -> list[Preprocessing]:
    """Those that have a step, with these parameters, which no earlier one has."""
    chosen: list[Preprocessing] = []
    seen: set[str] = set()
    for preprocessing in preprocessings:
        steps = {repr(choice) for choice in preprocessing.steps}
        if not steps <= seen:
            chosen.append(preprocessing)
        seen |= steps
    return chosen


def _covering(sets: Sequence[FeatureSet]) -> list[FeatureSet]:
    """The widest sets first, until every block is in one."""
    chosen: list[FeatureSet] = []
    for feature_set in sorted(sets, key=lambda one: -len(one.blocks)):
        if not set(feature_set.blocks) <= {block for one in chosen for block in one.blocks}:
            chosen.append(feature_set)
    return chosen
