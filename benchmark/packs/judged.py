"""All numbers of a pack beside ours, with their verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError
from benchmark.packs.addresses import Found, look_up
from benchmark.packs.pack import Pack
from benchmark.packs.pack_file import NumberSection
from benchmark.packs.verdict import Verdict, judge, overall

Results = Mapping[str, Mapping[str, pd.DataFrame]]
"""The tidy results of each of a pack's predictions and experiments, by its name."""

SAME_PREDICTIONS, OWN_MODELS = "same predictions", "own models"

NUMBERS = [
    "number", "of", "kind", "published", "above", "printed", "expect", "ours", "low", "high", "level", "difference",
    "tolerance", "verdict", "why", "method",
]  # fmt: skip
"""One row per number: ``kind`` is ``SAME_PREDICTIONS`` or ``OWN_MODELS``, empty where nothing is compared yet;
``above``: of a claim, which has nothing published; ``tolerance`` as text."""


@dataclass(frozen=True, eq=False)
class Judged:
    """``numbers``: a frame with the columns ``NUMBERS``; ``verdict``: on the pack; ``verdicts``: on each number."""

    numbers: pd.DataFrame
    verdict: Verdict
    verdicts: tuple[Verdict, ...]


def found_in(pack: Pack, results: Results) -> dict[int, Found]:
    """Our number for each number of the pack, by its place, as far as there are results. ``ConfigError`` with file and
    line for an address that leads to no number, or to several."""
    found = {}
    for place, told in enumerate(pack.told.numbers):
        if told.ours is not None and told.ours.of in results:
            try:
                found[place] = look_up(told.ours, results[told.ours.of], ("numbers", place, "ours"))
            except ConfigError as error:
                raise pack.file.locate(error) from None
    return found


def judged(pack: Pack, results: Results) -> Judged:
    """The verdicts; a number whose results are not there cannot be known."""
    found = found_in(pack, results)
    missing = "own models were not run (--only-predictions)"
    verdicts = tuple(judge(told, found.get(place), missing=missing) for place, told in enumerate(pack.told.numbers))
    numbers = pd.DataFrame(list(_rows(pack, found, verdicts)), columns=NUMBERS)
    return Judged(numbers, overall(verdicts, list(numbers["number"])), verdicts)


def _rows(pack: Pack, found: Mapping[int, Found], verdicts: tuple[Verdict, ...]) -> Iterator[dict[str, Any]]:
    for place, (told, one) in enumerate(zip(pack.told.numbers, verdicts, strict=True)):
        ours = found.get(place) or Found(np.nan, np.nan, np.nan, np.nan, "")
        published = np.nan if told.published is None else told.published
        yield {
            "number": told.name, "of": told.ours.of if told.ours else "", "kind": _kind(pack, told),
            "published": published, "above": np.nan if told.above is None else told.above, "printed": told.printed,
            "expect": told.expect, "ours": ours.value, "low": ours.low, "high": ours.high, "level": ours.level,
            "difference": ours.value - published, "tolerance": str(told.tolerance), "verdict": one.verdict,
            "why": one.why, "method": ours.method,
        }  # fmt: skip


def _kind(pack: Pack, told: NumberSection) -> str:
    if told.ours is None:
        return ""
    return SAME_PREDICTIONS if told.ours.of in pack.told.predictions else OWN_MODELS
