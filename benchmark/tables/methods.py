"""How it was done, in sentences for a methods section; only what the run says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.order import Run
from benchmark.tables.rounding import percent
from benchmark.tables.words import ADJUSTMENTS, sentence, tried_words

INSIDE = (
    "Every step that learns from rows (imputation, scaling, harmonization, selection, tuning, thresholds) was fitted "
    "on the training rows of its fold alone."
)
ELSEWHERE = (
    "The predictions were made elsewhere: whether a model had seen the cases that are scored here, and how many models "
    "were tried, cannot be known from them."
)
CHOSEN = (
    f"The arm '{CHOSEN_INSIDE}' takes, in each training set, the classifier (and the preprocessing, where it is "
    "chosen too) with the best inner AUC: it answers how well one does who tries all and keeps the best."
)
SAMPLERS = {"tpe": "a tree-structured Parzen estimator", "random": "random search", "grid": "grid search"}


def methods(run: Run) -> list[str]:
    """Design-independent sentences, in the order of the work."""
    chosen = CHOSEN_INSIDE in (run.get("classifiers") or {})
    sentences = [
        ELSEWHERE if run.get("imported") else INSIDE,
        _tuning(run.get("tuning") or {}),
        CHOSEN if chosen else "",
        _weights(run.get("class_weight")),
        _statistics(run.get("statistics") or {}),
        tried_words(run, chosen=chosen),
        f"All random numbers come from the seed {run['seed']}." if run.get("seed") is not None else "",
    ]
    return [one for one in sentences if one]


def remarks(run: Run) -> list[str]:
    """What a reader must know besides: defaults used where nothing was said, steps that left blocks untouched, work
    that is unfinished."""
    defaults = [f"Default: {_words(one)}" for one in run.get("defaults") or ()]
    notes = [_words(one) for one in run.get("notes") or ()]
    unfinished = run.get("unfinished")
    missing = [f"Unfinished: {_words(unfinished)}"] if unfinished else []
    return [sentence(one) for one in (*notes, *defaults, *missing)]


def _tuning(tuning: Mapping[str, Any]) -> str:
    if not tuning.get("trials"):
        return ""
    sampler = str(tuning.get("sampler", ""))
    drawn = f" drawn by {SAMPLERS.get(sampler.lower(), sampler)}," if sampler else ""
    inner = f" over {tuning['inner_folds']} inner folds" if tuning.get("inner_folds") else ""
    return (
        f"Hyperparameters: {tuning['trials']} candidates per classifier and training set,{drawn} judged by their mean "
        f"AUC{inner}."
    )


def _statistics(asked: Mapping[str, Any]) -> str:
    """``Statistics: intervals at 95%; threshold: Youden's index on the training rows; p adjusted by Holm.``"""
    said = []
    for key, value in asked.items():
        if value is None or value in ([], (), {}, ""):
            continue
        if key == "level":
            said.append(f"intervals at {percent(float(value))}")
        elif key == "threshold" and value == "youden":
            said.append("threshold: Youden's index on the training rows")
        elif key == "adjust":
            said.append(f"p adjusted by {ADJUSTMENTS.get(str(value), value)}")
        elif key == "contrast":
            sides = f"{_words(value['positive'])} against {_words(value['negative'])}"
            said.append(f"contrast of classes: {sides}, probabilities renormalised over both sides")
        else:
            said.append(f"{key.replace('_', ' ')}: {_words(value)}")
    return f"Statistics: {'; '.join(said)}." if said else ""


def _weights(weight: Any) -> str:
    if weight is None:
        return ""
    return "Classes were not weighted." if weight == "none" else f"Classes were weighted: {weight}."


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(one)}" for key, one in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_words(one) for one in value)
    return str(value)
