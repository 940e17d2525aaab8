"""What ``radbench audit`` says: one verdict per code, which ``docs/audit.md`` explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmark.errors import first_of

Verdict = Literal["LEAK", "WARNING", "NOTE", "OK", "NOT CHECKED"]

CODES: dict[str, str] = {
    # What every fitted object saw.
    "LA101": "steps fitted on training cases only",
    "LA102": "steps fitted without the patients that are tested",
    "LA103": "inner fits without the cases they are validated on",
    "LA104": "classifiers fitted on training cases only",
    "LA105": "repeated readings of training cases only",
    "LA106": "no step holds rows of held-out cases",
    "LA107": "no step reads a file while it is fitted",
    "LA108": "what steps learn depends on their training rows",
    "LA109": "records of the finished run",
    # Perturbation.
    "LA201": "outcomes of held-out cases flipped",
    "LA202": "held-out rows ruined",
    "LA203": "held-out rows removed",
    "LA204": "rows of the files shuffled",
    # Control arms.
    "LA301": "permuted outcome",
    "LA302": "random features",
    # Cases and patients.
    "LA401": "no case on both sides of a split",
    "LA402": "no patient on both sides of a split",
    "LA403": "no image on both sides of a split",
    "LA404": "no look-alikes on both sides of a split",
    "LA405": "no synthetic case made from cases of another side",
    "LA406": "patients in one centre and one role",
    "LA407": "patients with one outcome",
    "LA408": "patients declared where case names tell of some",
    # Features that give the label away.
    "LA501": "no feature is the outcome",
    "LA502": "no feature nearly defines the outcome",
    "LA503": "no single feature far above all others",
    "LA504": "missing values do not tell the outcome",
    "LA505": "no row number or id among the features",
    # Tables prepared before the split.
    "LA601": "not scaled before the split",
    "LA602": "not harmonised before the split",
    "LA603": "not imputed before the split",
    "LA604": "not selected before the split",
    "LA605": "no components made before the split",
}
"""The menu of codes and what each of them promises when it is OK. A code is never given another meaning."""


@dataclass(frozen=True)
class Finding:
    """``where``: a place in the experiment; ``message``: what was found, with the first example. ``LEAK`` is red."""

    code: str
    verdict: Verdict
    where: str
    message: str

    def __str__(self) -> str:
        told = f"{self.where}: {self.message}" if self.where else self.message
        return f"{self.code} {self.verdict:<11} {CODES[self.code]}: {told}"


def ok(code: str, message: str) -> Finding:
    """Nothing was found."""
    return Finding(code, "OK", "", message)


def not_checked(code: str, reason: str) -> Finding:
    """Nothing could be looked at."""
    return Finding(code, "NOT CHECKED", "", reason)


def judged(code: str, verdict: Verdict, found: Sequence[tuple[str, str]], otherwise: str) -> Finding:
    """The first of what was ``found``, pairs of where and what, and how often; OK and ``otherwise`` if nothing was."""
    if not found:
        return ok(code, otherwise)
    where, message = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Finding(code, verdict, where, message + more)


def examples(names: Sequence[object]) -> str:
    """``3 (first: 'a', 'b', 'c')``."""
    return first_of(names)
