"""LA106, LA107: what a fitted step holds or reads beside its training rows.

A step may have been given more than the rows it is fitted on: a table in an attribute, in its class, in a closure, in a
global of its module, or a file. No perturbation of the cohort shows that, as the copy does not change with it. So
everything that a step can reach is looked through for names and numbers that only held-out cases have.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmark.audit.finding import Finding, judged, not_checked
from benchmark.audit.subject import Subject
from benchmark.cohort import Cohort
from benchmark.steps.step import HARNESS_PARAMETERS

FEWEST = 5
"""Numbers that only held-out cases have: fewer may be chance."""
DIGITS = 6
"""Only numbers of more significant digits are evidence: shorter ones are met by chance."""
FEWEST_NAMES, SHARE = 3, 0.05
"""As many names of held-out cases, and this share of them: levels and batches may be called '1' as cases are."""
MOST_OBJECTS = 20_000
LIBRARIES = frozenset(sys.stdlib_module_names) | {"numpy", "scipy", "sklearn", "pandas", "joblib", "optuna", "pyarrow",
                                                  "pydantic", "imblearn", "threadpoolctl"}  # fmt: skip


WRAPPERS: dict[type, tuple[str, ...]] = {
    partial: ("func", "args", "keywords"),
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    types.MethodType: ("__func__", "__self__"),
    property: ("fget", "fset"),
}
"""What has functions in it, and where."""


@dataclass(frozen=True, eq=False)
class Marks:
    """How held-out cases are known: their ``names``, and the ``numbers`` that no other case has. ``codes``: the outcome
    of the whole cohort."""

    names: frozenset[Any]
    numbers: np.ndarray
    codes: np.ndarray
    labels: np.ndarray


def holdings(subject: Subject) -> Iterator[Finding]:
    """LA106 and LA107, over the fits of the sampled folds."""
    steps = [(spot, fit) for spot, ran in subject.ran.items() for fit in ran.fits if fit.kind == "step"]
    if not steps:
        yield not_checked("LA106", "nothing was fitted")
        yield not_checked("LA107", "nothing was fitted")
        return
    marks = {split: marks_of(subject.cohort, split.test) for split in {spot.split for spot in subject.spots}}
    held, done = [], set()
    for spot, fit in steps:
        if (spot, fit.what) not in done:  # the first fit of a step stands for those of the inner folds
            done.add((spot, fit.what))
            found = held_rows(fit.estimator, marks[spot.split])
            held += [(str(spot), f"step {fit.what} holds {found}")] if found else []
    yield judged("LA106", "LEAK", held, f"{len(done)} steps and all that they can reach")
    read = [(str(spot), f"step {fit.what} opened {fit.files[0]}") for spot, fit in steps if fit.files]
    yield judged("LA107", "LEAK", read, f"{len(steps)} fits opened no table")


def marks_of(cohort: Cohort, test: pd.Index) -> Marks:
    """What gives held-out cases away."""
    held = cohort.cases.isin(test)
    numbers: list[np.ndarray] = []
    for block in cohort.blocks.values():
        values = block.table.select_dtypes("number").to_numpy(float)
        own = values[held][np.isfinite(values[held])]
        numbers.append(own[needs_digits(own) & ~np.isin(own, values[~held])])
    every = np.unique(np.concatenate(numbers)) if numbers else np.empty(0)
    return Marks(frozenset(test), every, cohort.codes.to_numpy(), cohort.outcome.to_numpy(str))


def needs_digits(values: np.ndarray) -> np.ndarray:
    """(n,) bool: which numbers need more than ``DIGITS`` significant digits."""
    size = np.floor(np.log10(np.abs(values), out=np.zeros(len(values)), where=values != 0))
    scaled = values * 10.0 ** (DIGITS - 1 - size)
    return np.abs(scaled - np.rint(scaled)) > 1e-6


def held_rows(step: Any, marks: Marks) -> str:
    """The first thing of held-out cases that a step can reach: where, and what; empty if there is none."""
    start = [(type(step).__name__ + "." + name, value) for name, value in _parts(step)
             if name not in HARNESS_PARAMETERS]  # fmt: skip
    queue, seen = deque([*start, (type(step).__name__, type(step))]), set[int]()
    keep_alive = []
    while queue and len(seen) < MOST_OBJECTS:
        place, value = queue.popleft()
        if id(value) in seen or isinstance(value, str | bytes | int | float | bool | types.ModuleType | None):
            continue
        seen.add(id(value))
        keep_alive.append(value)
        found = _evidence(value, marks)
        if found:
            return f"{found} in {place}"
        queue += [(f"{place}.{name}", part) for name, part in _parts(value)]
    return ""


def _evidence(value: Any, marks: Marks) -> str:
    """What of held-out cases a value has, itself and not its parts."""
    if isinstance(value, pd.DataFrame | pd.Series):
        names = list(value.index)
        columns = value.to_frame() if isinstance(value, pd.Series) else value
        names += [name for column in columns.select_dtypes(exclude="number") for name in columns[column]]
        numeric = columns.select_dtypes("number")
        if any(np.array_equal(numeric[name].to_numpy(), marks.codes) for name in numeric):
            return "the outcome of every case"
        return _names(names, marks) or _numbers(numeric.to_numpy(float), marks)
    if isinstance(value, np.ndarray):
        return _array(value, marks)
    if isinstance(value, pd.Index):
        return _names(list(value), marks)
    if isinstance(value, Mapping | set | frozenset | list | tuple):
        flat = list(value.values() if isinstance(value, Mapping) else value)
        if flat in (marks.codes.tolist(), marks.labels.tolist()):
            return "the outcome of every case"
        flat = list(value)
        numbers = [one for one in (value.values() if isinstance(value, Mapping) else flat) if isinstance(one, float)]
        return _names(flat, marks) or _numbers(np.array(numbers, float), marks)
    return ""


def _array(value: np.ndarray, marks: Marks) -> str:
    if value.dtype.kind in "OUS":
        if value.shape == marks.labels.shape and np.array_equal(value.astype(str), marks.labels):
            return "the outcome of every case"
        return _names(value.ravel().tolist(), marks)
    if value.dtype.kind not in "biuf":
        return ""
    if value.shape == marks.codes.shape and np.array_equal(value, marks.codes):
        return "the outcome of every case"
    return _numbers(value.astype(float), marks) if value.dtype.kind == "f" else ""


def _names(names: list[Any], marks: Marks) -> str:
    found = sorted({str(name) for name in names if isinstance(name, str) and name in marks.names})
    enough = max(min(FEWEST_NAMES, len(marks.names)), SHARE * len(marks.names))
    return f"{len(found)} held-out cases (first: '{found[0]}')" if found and len(found) >= enough else ""


def _numbers(values: np.ndarray, marks: Marks) -> str:
    n = int(np.isin(marks.numbers, values).sum()) if values.size >= FEWEST else 0
    return f"{n} numbers that only held-out cases have" if n >= FEWEST else ""


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """What can be reached from a value in one step, by name. The fitted rows' own names do not count."""
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray):
        return
    if isinstance(value, Mapping):
        yield from ((str(key), one) for key, one in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((str(place), one) for place, one in enumerate(value))
    elif inspect.isclass(value):
        for kind in value.__mro__:
            if not _library(kind.__module__):
                yield from vars(kind).items()
    elif isinstance(value, tuple(WRAPPERS)):
        names = next(names for kind, names in WRAPPERS.items() if isinstance(value, kind))
        yield from ((name, getattr(value, name)) for name in names)
    elif isinstance(value, types.FunctionType):
        yield from _reached_by(value)
    elif hasattr(value, "__dict__"):
        yield from vars(value).items()


def _reached_by(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    """A function's closure, defaults, attributes, and the globals that its code names."""
    if _library(function.__module__ or ""):
        return
    named = set(_names_in(function.__code__))
    yield from ((name, function.__globals__[name]) for name in sorted(named & set(function.__globals__)))
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    yield from ((name, _content(cell)) for name, cell in cells)
    yield "defaults", (function.__defaults__, function.__kwdefaults__)
    yield from vars(function).items()


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _library(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES
