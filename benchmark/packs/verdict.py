"""The verdict on a published number, and on a pack.

- ``same predictions``: the number follows from predictions that were published. It is reproduced if ours is within the
  tolerance, whatever our interval.
- ``own models``: ours comes from models that were fitted here. It is reproduced if the published number lies in our
  interval; an interval wider than the widest that is asked for says too little.
- A number that an honest analysis should not reach is not reproduced, as expected, if ours is on the expected side and
  differs: by more than the tolerance, or with the published number outside our interval.
- A claim that something is above a value is reproduced if our whole interval is, and contradicted if it is all below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.packs.addresses import Found
from benchmark.packs.pack_file import NumberSection
from benchmark.tables.rounding import number, signed
from benchmark.verdicts import AS_EXPECTED, NOT_REPRODUCED, PARTLY, REPRODUCED, UNKNOWN, VERDICTS

EDGE = 1e-12
"""A difference of exactly the tolerance is within it, whatever the last bit says."""

DIRECTION = {"same": 0, "at_least": 1, "higher": 1, "at_most": -1, "lower": -1}
"""On which side of the published number ours may be, or should be."""


@dataclass(frozen=True)
class Verdict:
    """``verdict``: one of ``benchmark.verdicts``; ``why``: in words."""

    verdict: str
    why: str


def judge(told: NumberSection, found: Found | None, *, missing: str = "") -> Verdict:
    """The verdict on one number. ``missing``: why there is no number of ours, if there is none."""
    if told.later:
        return Verdict(UNKNOWN, f"later: {told.later}")
    if found is None:
        return Verdict(UNKNOWN, missing)
    if not np.isfinite(found.value):
        return Verdict(UNKNOWN, f"ours is not defined: {found.method}")
    if told.above is not None:
        return _claim(told.above, found)
    published = float(told.published if told.published is not None else np.nan)
    return _within(told, published, found) if told.tolerance != "interval" else _covered(told, published, found)


def _claim(above: float, found: Found) -> Verdict:
    if not np.isfinite(found.low):
        return Verdict(UNKNOWN, "ours has no interval")
    if found.low > above:
        return Verdict(REPRODUCED, f"our whole interval is above {above:g}")
    if found.high < above:
        return Verdict(NOT_REPRODUCED, f"our whole interval is below {above:g}")
    return Verdict(UNKNOWN, f"our interval holds {above:g}: these cases do not tell")


def _within(told: NumberSection, published: float, found: Found) -> Verdict:
    """By the distance alone."""
    distance = found.value - published
    if abs(distance) <= float(told.tolerance) + EDGE:
        return Verdict(REPRODUCED, _so(told, "within the tolerance" if told.because else "within rounding"))
    return _apart(told, np.sign(distance), f"{signed(distance, digits=4)} from the published number")


def _covered(told: NumberSection, published: float, found: Found) -> Verdict:
    """By our interval."""
    if not np.isfinite([found.low, found.high]).all():
        return Verdict(UNKNOWN, "ours has no interval")
    if found.low <= published <= found.high:
        width = found.high - found.low
        if width > told.widest:
            return Verdict(
                UNKNOWN, f"our interval is {number(width)} wide, more than {told.widest:g}: it would cover much else"
            )
        if told.expect in ("lower", "higher"):
            return Verdict(UNKNOWN, f"should be {told.expect} ({told.reason}), but our interval covers it")
        return Verdict(REPRODUCED, _so(told, "our interval covers it"))
    side = 1 if found.low > published else -1
    return _apart(told, side, f"our interval lies {'above' if side > 0 else 'below'} it")


def _apart(told: NumberSection, side: float, words: str) -> Verdict:
    """Of a number that differs: ours is higher (``side`` 1) or lower (-1)."""
    if side != DIRECTION[told.expect]:
        return Verdict(NOT_REPRODUCED, words)
    if told.expect in ("lower", "higher"):
        return Verdict(AS_EXPECTED, f"{words}; {told.reason}")
    return Verdict(REPRODUCED, f"{words}, and {told.expect.replace('_', ' ')} so much was expected")


def _so(told: NumberSection, words: str) -> str:
    against = f", although an honest analysis should be {told.expect} ({told.reason})"
    words += f": {told.because}" if told.because else ""
    return words + (against if told.expect in ("lower", "higher") else "")


def overall(verdicts: Sequence[Verdict], names: Sequence[str]) -> Verdict:
    """The verdict on a pack: reproduced if all numbers are, partly if some are. ``why`` counts, and names the rest."""
    every = [one.verdict for one in verdicts]
    counts = {verdict: every.count(verdict) for verdict in VERDICTS}
    told = [f"{n} {verdict}{_named(verdict, every, names)}" for verdict, n in counts.items() if n]
    why = f"Of {len(every)} numbers {', '.join(told)}"
    if counts[REPRODUCED]:
        return Verdict(REPRODUCED if counts[REPRODUCED] == len(every) else PARTLY, why)
    return Verdict(next((verdict for verdict in (NOT_REPRODUCED, AS_EXPECTED) if counts[verdict]), UNKNOWN), why)


def _named(verdict: str, every: Sequence[str], names: Sequence[str]) -> str:
    """The names of the numbers that differ, two at most."""
    here = [name for name, one in zip(names, every, strict=True) if one == verdict]
    if verdict not in (NOT_REPRODUCED, AS_EXPECTED):
        return ""
    return f" ({'; '.join(here[:2])}{'; ...' if len(here) > 2 else ''})"


def contradicted(verdicts: Iterable[Verdict]) -> bool:
    """Whether a number is not reproduced that should be, or none could be judged."""
    every = [one.verdict for one in verdicts]
    return NOT_REPRODUCED in every or all(one == UNKNOWN for one in every)
