"""Which columns of a table are features: by the wildcards of the YAML, without what extractors write beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from benchmark.errors import ConfigError, unknown
from benchmark.readers import pyradiomics, radmlbench

UNNAMED = re.compile(r"(Unnamed: \d+)?")
NO_NAME = "no name in the header"


def matching(
    patterns: Iterable[str],
    columns: Sequence[str],
    where: str,
    *,
    path: tuple[str | int, ...] = (),
) -> set[str]:
    """The columns that the patterns mean: one of that very name, else those which fit its ``*`` and ``?``.
    ``ConfigError`` at ``path`` for a pattern that fits none."""
    known = set(columns)
    found: set[str] = set()
    for number, pattern in enumerate(patterns):
        fits = {pattern} & known or {column for column in known if _wildcards(pattern).fullmatch(column)}
        if not fits:
            raise ConfigError(f"{where}: {unknown('column', pattern, columns)}", path=(*path, number))
        found |= fits
    return found


def non_features(columns: Sequence[str]) -> dict[str, str]:
    """The columns that are recognised as something else than features, with the reason."""
    unnamed = {column: NO_NAME for column in columns if UNNAMED.fullmatch(column)}
    return unnamed | pyradiomics.non_features(columns) | radmlbench.non_features(columns)


def _wildcards(pattern: str) -> re.Pattern[str]:
    """Only ``*`` and ``?`` are special: feature names do hold brackets."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
