"""Every leaf of a file of reference numbers beside our number for it, so that none can be forgotten.

``ours`` mirrors the file: the same keys, and arrays where it has lists. A leaf that is in neither ``ours`` nor the
exclusions is a finding, and so is an exclusion that is not needed. A pattern is a path, its parts joined by ``/``, with
``*`` for anything; null is NaN, and the texts Inf and -Inf are infinite.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

VERSIONS = {"versions/*": "versions of the reference packages"}
MISSING = object()


class Tolerance(NamedTuple):
    """How far a number may be from its reference; ``zero``: how far from a reference of 0."""

    relative: float = 1e-9
    absolute: float = 0.0
    zero: float = 1e-12


def findings(
    expected: Any, ours: Any, *, excluded: Mapping[str, str], tolerances: Mapping[str, Tolerance] | None = None
) -> list[str]:
    """What is not as in the reference, one line each."""
    found, used = [], set()
    for path, value in leaves(expected):
        own, reasons = _at(ours, path), [pattern for pattern in excluded if fnmatchcase("/".join(path), pattern)]
        used.update(reasons)
        told = "/".join(path)
        if own is MISSING and not reasons:
            found.append(f"{told}: no number of ours for {value!r}")
        elif own is not MISSING and reasons:
            found.append(f"{told}: excluded, and yet there is a number of ours")
        elif own is not MISSING and not _agree(value, own, _tolerance(told, tolerances or {})):
            found.append(f"{told}: expected {value!r}, found {own!r}")
    return found + [f"exclusion of nothing: {pattern}" for pattern in excluded if pattern not in used]


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Path and value of everything that has no parts."""
    if isinstance(tree, dict | list):
        parts = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for name, part in parts:
            yield from leaves(part, (*path, str(name)))
    else:
        yield path, tree


def read(path: Path) -> Any:
    """A file of reference numbers."""
    return json.loads(path.read_text(encoding="utf-8"))


def _at(ours: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if isinstance(ours, Mapping):
            ours = ours.get(name, MISSING)
        elif isinstance(ours, list | tuple | np.ndarray) and int(name) < len(ours):
            ours = ours[int(name)]
        else:
            return MISSING
    return MISSING if isinstance(ours, Mapping | list | tuple) else ours


def _agree(expected: Any, own: Any, allowed: Tolerance) -> bool:
    if isinstance(expected, str) and expected not in ("Inf", "-Inf"):
        return bool(expected == own)
    if expected is None:
        return own is None or bool(np.isnan(own))
    if not np.isscalar(own) and np.ndim(own) > 0:
        return False
    wanted, got = float(expected), float(own)
    if np.isinf(wanted) or wanted == got:
        return wanted == got
    largest = allowed.zero if wanted == 0 else max(allowed.absolute, allowed.relative * abs(wanted))
    return abs(got - wanted) <= largest


def _tolerance(path: str, tolerances: Mapping[str, Tolerance]) -> Tolerance:
    return next((allowed for pattern, allowed in tolerances.items() if fnmatchcase(path, pattern)), Tolerance())
