"""Which models a figure of curves shows, and how each is drawn: the same colour for a feature set in every figure.

Sixty curves say nothing. A figure shows one model per feature set, named before any result was seen: the arm whose
classifier the inner loop chose, or where there is none, the first classifier of the experiment. A model that was made
elsewhere stands beside those of every preprocessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmark.figures.style import COLOURS, LINES
from benchmark.predictions import CHOSEN_INSIDE, RECIPE
from benchmark.tables.order import Run, declared, in_order, levels
from benchmark.tables.words import classifier_title

FEW = 7
"""So many models are all shown."""


@dataclass(frozen=True)
class Arm:
    """One model in a figure."""

    feature_set: str
    preprocessing: str
    classifier: str
    label: str
    colour: str
    line: Any

    @property
    def recipe(self) -> tuple[str, str, str]:
        """What names it in the tidy tables."""
        return self.feature_set, self.preprocessing, self.classifier


def arms_by_preprocessing(frame: pd.DataFrame, run: Run) -> dict[str, list[Arm]]:
    """The shown models of curves or estimates, by preprocessing, feature sets in order; none without a number."""
    drawn = frame[frame["y" if "y" in frame.columns else "estimate"].notna() & (frame["feature_set"] != "")]
    every = drawn[RECIPE].drop_duplicates().astype(str)
    made_here = every["preprocessing"].ne("") | every["classifier"].ne("")
    recipes = every[made_here] if made_here.any() else every
    others = [] if recipes is every else every.loc[~made_here, "feature_set"].tolist()
    elsewhere: list[tuple[str, str, str]] = [(name, "", "") for name in others]
    shown = levels(recipes, "classifier", run)
    if len(recipes) > FEW or CHOSEN_INSIDE in shown:
        shown = shown[:1]
    sets = in_order(every["feature_set"], declared(run, "feature_sets"))
    found = set(recipes.itertuples(index=False, name=None))
    groups: dict[str, list[Arm]] = {}
    for preprocessing in _shown_preprocessings(recipes, run):
        wanted = [(one, preprocessing, classifier) for one in sets for classifier in shown]
        present = [recipe for recipe in wanted if recipe in found] + elsewhere
        looks = _looks(present, sets, several=len(shown) > 1)
        groups[preprocessing] = [
            Arm(*recipe, _label(run, recipe, several=len(shown) > 1), *look)
            for recipe, look in zip(present, looks, strict=True)
        ]
    return {name: arms for name, arms in groups.items() if len(arms) > len(elsewhere)}


def rows_of(frame: pd.DataFrame, arm: Arm) -> pd.DataFrame:
    """The rows of one model."""
    keys = zip(RECIPE, arm.recipe, strict=True)
    return frame[pd.concat([frame[column].astype(str) == value for column, value in keys], axis=1).all(axis=1)]


def shown_words(arms: dict[str, list[Arm]], run: Run) -> str:
    """``classifier chosen inside``: what all shown models have in common, empty if their classifiers differ."""
    classifiers = {arm.classifier for group in arms.values() for arm in group if arm.classifier}
    if classifiers == {CHOSEN_INSIDE}:
        return f"{'preprocessing and ' if set(arms) == {CHOSEN_INSIDE} else ''}classifier {CHOSEN_INSIDE}"
    return classifier_title(run, classifiers.pop()) if len(classifiers) == 1 else ""


def _shown_preprocessings(recipes: pd.DataFrame, run: Run) -> list[str]:
    names = levels(recipes, "preprocessing", run)
    return names[:1] if CHOSEN_INSIDE in names else names


def _looks(recipes: list[tuple[str, str, str]], sets: list[str], *, several: bool) -> list[tuple[str, Any]]:
    """Colour and line: by feature set, or one for each model if several of a feature set are shown."""
    places = range(len(recipes)) if several else [sets.index(recipe[0]) for recipe in recipes]
    return [(COLOURS[i % len(COLOURS)], LINES[i // len(COLOURS) % len(LINES)]) for i in places]


def _label(run: Run, recipe: tuple[str, str, str], *, several: bool) -> str:
    return f"{recipe[0]}, {classifier_title(run, recipe[2])}" if several and recipe[2] else recipe[0]
