"""How the models of several cohorts were made, in sentences: what all have in common, and where a cohort differs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.rounding import count
from benchmark.tables.words import design_words

Protocol = Mapping[str, Any]

TOUCHED = re.compile(r",? ?\bon [^()]*(?=\))")
"""Which families a step touches: each cohort has its own."""


def sentences(protocols: Mapping[str, Protocol]) -> list[str]:
    """One sentence per part of the protocol. Cohorts whose predictions came from elsewhere have none of their own."""
    known = {name: told for name, told in protocols.items() if told}
    if not known:
        return []
    elsewhere = [name for name in protocols if name not in known]
    made = "One protocol in every cohort" if not elsewhere else "Of every cohort whose models were fitted by radbench"
    return [
        _agreed(made, {name: design_words({"designs": {"": told["design"]}}, "") for name, told in known.items()}),
        *_steps({name: _lists(told) for name, told in known.items()}),
        _agreed("Classifiers", {name: _classifiers(told) for name, told in known.items()}),
        _agreed("Hyperparameters", {name: _tuning(told) for name, told in known.items()}),
        _agreed("Seeds", {name: str(told.get("seed")) for name, told in known.items()}),
        *([f"Predictions made elsewhere: {', '.join(elsewhere)}."] if elsewhere else []),
    ]


def _agreed(what: str, said: Mapping[str, str]) -> str:
    """What all say; else who says what."""
    if len(set(said.values())) == 1:
        return f"{what}: {next(iter(said.values()))}."
    return f"{what} differ: {'; '.join(f'{name}: {words}' for name, words in said.items())}."


def _lists(told: Protocol) -> dict[str, list[str]]:
    return {
        name: [TOUCHED.sub("", step).replace(" ()", "") for step in steps]
        for name, steps in told["preprocessings"].items()
    }


def _steps(said: Mapping[str, Mapping[str, Sequence[str]]]) -> list[str]:
    """A sentence per preprocessing that all cohorts have: the steps of all, in order, and what some have besides."""
    first = next(iter(said.values()))
    names = [name for name in first if all(name in lists for lists in said.values())]
    if any(set(lists) != set(names) for lists in said.values()):
        return [_agreed("Preprocessings", {cohort: ", ".join(lists) for cohort, lists in said.items()})]
    told = []
    for name in names:
        shared = [step for step in first[name] if all(step in lists[name] for lists in said.values())]
        besides = {cohort: [step for step in lists[name] if step not in shared] for cohort, lists in said.items()}
        more = [f"{cohort} has {', '.join(steps)} besides" for cohort, steps in besides.items() if steps]
        told.append(f"Preprocessing, fitted on training rows of each fold: {', '.join([*shared])}"
                    f"{'; ' if more else ''}{'; '.join(more)}.")  # fmt: skip
    return told


def _classifiers(told: Protocol) -> str:
    weight = told.get("class_weight", "none")
    titles = [str(title) for name, title in told["classifiers"].items() if name != CHOSEN_INSIDE]
    return ", ".join(titles) + ("" if weight == "none" else f", class weights {weight}")


def _tuning(told: Protocol) -> str:
    tuning = told.get("tuning") or {}
    trials, folds = (count(tuning.get(name)) for name in ("trials", "inner_folds"))
    return f"{trials} candidates per classifier in {folds} inner folds of the training rows"
