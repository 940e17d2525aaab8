"""Errors of radbench, by who can fix them.

``ConfigError`` is for the author of the YAML, ``DataError`` for the owner of a table. A message says where,
what was found, what was expected, the first example, and the nearest valid name. The command line prints the
message alone; a traceback means a defect of radbench.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


class BenchmarkError(Exception):
    """A mistake that its user can correct."""


class ConfigError(BenchmarkError):
    """The experiment file is wrong. ``path`` is the key's place in it, from the top, as in
    ``("cohort", "blocks", "HRF", "file")``; whoever has the file turns it into a line number."""

    def __init__(self, message: str, *, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


class DataError(BenchmarkError):
    """A table is wrong."""


def did_you_mean(found: object, known: Iterable[object]) -> str:
    """``" Did you mean 'x'?"`` for the nearest of the known names (or of their words), or an empty text."""
    text = str(found).casefold()
    near = max(((*_nearness(text, str(name)), str(name)) for name in known), default=(0.0, 0.0, ""))
    return f" Did you mean '{near[2]}'?" if near[0] >= 0.5 else ""


def _nearness(text: str, name: str) -> tuple[float, float]:
    """How near a text, or one of its words, is to a name or to one of its words; the length settles ties."""
    words = [word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 2]
    tried = [text, *(word for word in re.split(r"[\W_]+", text) if len(word) > 2)]
    nearest = max((_ratio(one, word) for one in tried for word in words), default=0.0)
    return max(_ratio(text, name.casefold()), 0.8 * nearest), -abs(len(name) - len(text))


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def unknown(kind: str, found: object, known: Iterable[object]) -> str:
    """``unknown classifier 'svn'. Did you mean 'svm_rbf'? Known: ...``"""
    names = list(dict.fromkeys(map(str, known)))
    listed = ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")
    return f"unknown {kind} '{found}'.{did_you_mean(found, names)} Known: {listed}"


def first_of(names: Iterable[object], total: int | None = None) -> str:
    """``3 (first: 'a', 'b', 'c')``: how many, and up to three examples."""
    found = [str(name) for name in names]
    shown = ", ".join(f"'{name}'" for name in found[:3])
    return f"{total if total is not None else len(found)} (first: {shown})"
