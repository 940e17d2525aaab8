"""What an experiment may name, for ``radbench list``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args


def _steps() -> Iterable[tuple[str, str]]:
    from benchmark.steps import STEPS

    return _with_parameters(STEPS)


def _resamplers() -> Iterable[tuple[str, str]]:
    from benchmark.resamplers import RESAMPLERS

    return _with_parameters(RESAMPLERS)


def _with_parameters(menu: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The names of a menu of classes, with their titles and what the YAML may give them."""
    from benchmark.menu import parameters_of
    from benchmark.steps.step import HARNESS_PARAMETERS

    for name, kind in menu.items():
        parameters = ", ".join(parameters_of(kind, HARNESS_PARAMETERS).model_fields)
        yield name, f"{kind.title} ({parameters})" if parameters else kind.title


def _classifiers() -> Iterable[tuple[str, str]]:
    from benchmark.classifiers import CLASSIFIERS

    for name, entry in CLASSIFIERS.items():
        tuned = f" (tuned: {', '.join(entry.space)})" if entry.space else ""
        yield name, entry.title + tuned


def _splits() -> Iterable[tuple[str, str]]:
    from benchmark.splits import Kind

    words = {
        "kfold": "Repeated stratified k-fold, patients kept together (folds, repeats)",
        "holdout": "Stratified hold-out, patients kept together (test_size, repeats)",
        "shuffle_split": "Repeated stratified hold-out (test_size, repeats)",
        "leave_one_out": "Each patient tested by a model of the others",
        "bootstrap": "Draws of patients with replacement, for the .632+ AUC (repeats: the draws)",
        "roles": "Train on the role train, tune on tune, test on internal and external (cohort.role, refit)",
        "leave_one_centre_out": "Each centre tested by a model of the others (cohort.batch)",
    }
    return [(name, words[name]) for name in get_args(Kind)]


def _metrics() -> Iterable[tuple[str, str]]:
    from benchmark.metrics import METRICS

    return [(name, metric.title) for name, metric in METRICS.items()]


def _formats() -> Iterable[tuple[str, str]]:
    from benchmark.readers import FORMATS

    return [(ending, (reader.__doc__ or "").splitlines()[0]) for ending, reader in FORMATS.items()]


def _checks() -> Iterable[tuple[str, str]]:
    from benchmark.checks import CODES

    return [(code, entry.title) for code, entry in CODES.items()]


MENUS: dict[str, Callable[[], Iterable[tuple[str, str]]]] = {
    "steps": _steps,
    "resamplers": _resamplers,
    "classifiers": _classifiers,
    "splits": _splits,
    "metrics": _metrics,
    "formats": _formats,
    "checks": _checks,
}


def entries(menu: str) -> Iterable[tuple[str, str]]:
    """The names of a menu with a few words each."""
    return MENUS[menu]()
