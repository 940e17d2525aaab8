"""Versions of Python and of installed packages."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterable


def versions(names: Iterable[str]) -> dict[str, str]:
    """Python's version and those of the named distributions; one that is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
