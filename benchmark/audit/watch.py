"""What is fitted, and on which rows, while something runs in this process.

The audit does not ask fitted objects what they saw: it stands beside every ``fit``, ``learn`` and ``select`` of every
step, and beside the ``fit`` of every classifier, and notes the rows that came in. A classifier gets numbers without
names; its rows are known again by their bytes, as the recipe's last step gave them.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import joblib
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from benchmark.classifiers import CLASSIFIERS, BalancedWeights
from benchmark.recipe import Finish
from benchmark.reliability import Readings
from benchmark.steps.step import Step

ENTRANCES = ("fit", "learn", "select")
NOT_LEARNED = {"cases_", "remarks_"}
TABLES = (
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".gz",
    ".parquet",
    ".xlsx",
    ".xlsm",
    ".npy",
    ".npz",
    ".pkl",
    ".feather",
    ".h5",
)


ENVIRONMENT = re.compile(r"site-packages|dist-packages|[.](egg|dist)-info")
"""What a library may read of itself when it is first used."""


@dataclass(frozen=True, eq=False)
class Fit:
    """One call of ``fit``. ``cases``: every row that came in, by name; ``readings``: the subjects whose repeated
    readings were used; ``unknown``: rows that no step has given (made by resampling); ``files``: tables that were
    opened meanwhile; ``state``: a hash of what was learned."""

    kind: Literal["step", "classifier"]
    what: str
    estimator: BaseEstimator
    cases: pd.Index
    readings: pd.Index
    unknown: int
    files: tuple[str, ...]
    state: str


@contextmanager
def watching() -> Iterator[list[Fit]]:
    """The fits of this process until the end of the block, in order."""
    notes = _Notes()
    with ExitStack() as stack:
        for kind in _family(Step):
            for name in ENTRANCES:
                if name in vars(kind):
                    stack.enter_context(_swapped(kind, name, notes.entrance(vars(kind)[name])))
        stack.enter_context(_swapped(Finish, "transform", notes.exit(Finish.transform)))
        stack.enter_context(_swapped(BalancedWeights, "fit", notes.classifier(BalancedWeights.fit)))
        stack.enter_context(_swapped(Readings, "of", notes.lookup(Readings.of)))
        makers = {name: replace(entry, make=notes.maker(entry.make)) for name, entry in CLASSIFIERS.items()}
        before = dict(CLASSIFIERS)
        CLASSIFIERS.update(makers)
        stack.callback(CLASSIFIERS.update, before)
        _listen(notes)
        stack.callback(_LISTENER.clear)
        yield notes.fits


@dataclass
class _Open:
    """A fit that has begun and not ended."""

    cases: list[pd.Index] = field(default_factory=list)
    readings: list[pd.Index] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Notes:
    """What has been seen so far. ``open``: the steps that are being fitted, by identity, the innermost last."""

    def __init__(self) -> None:
        self.fits: list[Fit] = []
        self.open: dict[int, _Open] = {}
        self.names: dict[bytes, set[Any]] = {}

    def entrance(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A step's function whose first argument has rows. The outermost call is the fit."""

        @functools.wraps(function)
        def watched(step: Step, X: Any, *others: Any, **named: Any) -> Any:
            first = id(step) not in self.open
            here = self.open.setdefault(id(step), _Open())
            # values of learn and select come with their Rows
            rows = next((one for one in (*others, *named.values()) if hasattr(one, "cases")), None)
            here.cases.append(X.index if isinstance(X, pd.DataFrame) else getattr(rows, "cases", pd.Index([])))
            try:
                return function(step, X, *others, **named)
            finally:
                if first:
                    self._note(step, self.open.pop(id(step)))

        return watched

    def exit(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The last step of a recipe: remember which case each row of numbers is."""

        @functools.wraps(function)
        def watched(step: Finish, X: pd.DataFrame) -> np.ndarray:
            values = function(step, X)
            for name, row in zip(X.index, values, strict=True):
                self.names.setdefault(row.tobytes(), set()).add(name)
            return values

        return watched

    def lookup(self, function: Callable[..., Readings]) -> Callable[..., Readings]:
        """The readings of some cases: what a step that is being fitted was given."""

        @functools.wraps(function)
        def watched(readings: Readings, cases: pd.Index) -> Readings:
            found = function(readings, cases)
            if self.open and not found.external:
                list(self.open.values())[-1].readings.append(found.subjects)
            return found

        return watched

    def maker(self, make: Callable[[int], BaseEstimator]) -> Callable[[int], BaseEstimator]:
        """A classifier's constructor whose estimators tell of their fits."""

        def watched(seed: int) -> BaseEstimator:
            estimator = make(seed)
            estimator.fit = self.classifier(type(estimator).fit).__get__(estimator)
            return estimator

        return watched

    def classifier(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The fit of a classifier, on numbers without names."""

        @functools.wraps(function)
        def watched(estimator: BaseEstimator, X: np.ndarray, *others: Any, **named: Any) -> Any:
            known = [self.names.get(row.tobytes(), set()) for row in np.asarray(X, float)]
            cases = pd.Index([_one(names) for names in known if names], dtype=object)
            none = pd.Index([], dtype=object)
            what = type(estimator).__name__
            self.fits.append(Fit("classifier", what, estimator, cases, none, len(X) - len(cases), (), ""))
            return function(estimator, X, *others, **named)

        return watched

    def opened(self, path: str) -> None:
        """A table was opened: by the step that is being fitted, if there is one."""
        if self.open and path.lower().endswith(TABLES) and not ENVIRONMENT.search(path):
            list(self.open.values())[-1].files.append(path)

    def _note(self, step: Step, here: _Open) -> None:
        title = getattr(step, "title", type(step).__name__)
        cases, readings = _union(here.cases), _union(here.readings)
        self.fits.append(Fit("step", title, step, cases, readings, 0, tuple(here.files), state_of(step)))


def learned(step: BaseEstimator) -> dict[str, Any]:
    """The fitted attributes of a step, by name: what it learned from rows, not which rows these were."""
    return {name: value for name, value in vars(step).items() if name.endswith("_") and name not in NOT_LEARNED}


def state_of(step: BaseEstimator) -> str:
    """A hash of everything that a step has learned."""
    return str(joblib.hash(learned(step)))


def _one(names: set[Any]) -> Any:
    """One name of rows that are equal; several are told apart by nobody."""
    return frozenset(names) if len(names) > 1 else next(iter(names))


def _union(parts: list[pd.Index]) -> pd.Index:
    return pd.Index(dict.fromkeys(name for part in parts for name in part), dtype=object)


def _family(kind: type) -> list[type]:
    """A class and all that inherit from it."""
    below: list[type] = kind.__subclasses__()
    return list(dict.fromkeys([kind, *(one for child in below for one in _family(child))]))


@contextmanager
def _swapped(owner: type, name: str, new: Callable[..., Any]) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, before)


_LISTENER: list[_Notes] = []  # of this process: Python's own audit hooks cannot be taken away again
_HOOKED: list[bool] = []


def _listen(notes: _Notes) -> None:
    """Tell ``notes`` of every file that Python opens."""
    _LISTENER[:] = [notes]
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_heard)


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and _LISTENER and isinstance(args[0], str):
        _LISTENER[0].opened(args[0])
