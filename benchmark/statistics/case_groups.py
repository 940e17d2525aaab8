"""Some of the tested cases by themselves (those of a centre, of a level of a subgroup), and their AUCs and calibration.

Scores are averaged over repeats per case before anything else; patients with several cases in a group are kept
together. Scores of cross-validation are pooled: those of a group are of several fitted models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.statistics.aucs import Aucs, normal_quantile
from benchmark.statistics.calibration import Calibration, Estimate, calibration
from benchmark.statistics.combined import Scale
from benchmark.statistics.delong import delong
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.obuchowski import obuchowski
from benchmark.statistics.pooling import average_over_repeats


@dataclass(frozen=True, eq=False)
class CaseGroup:
    """The cases of one group: ``y`` (n,), ``scores`` (n, k) averaged over repeats, ``patient`` (n,) or None if nobody
    owns several of them."""

    name: str
    y: np.ndarray
    scores: np.ndarray
    patient: np.ndarray | None

    @property
    def counts(self) -> dict[str, int]:
        """Cases, and those with the event."""
        return {"n_cases": len(self.y), "n_events": int(np.sum(self.y == 1))}


def by_group(held: HeldOut, names: np.ndarray, order: Sequence[str] | None = None) -> list[CaseGroup]:
    """The groups of ``names`` (n,), in ``order``, or by their names."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    found = []
    for name in sorted(set(names), key=str) if order is None else order:
        rows = np.flatnonzero(names == name)
        patient = None if held.patient is None else held.patient[rows]
        alone = patient is None or len(np.unique(patient)) == len(patient)
        found.append(CaseGroup(str(name), held.y[rows], pooled[rows], None if alone else patient))
    return found


def aucs_of(group: CaseGroup) -> Aucs:
    """DeLong's, or Obuchowski's where a patient owns several of the cases."""
    if group.patient is None:
        return delong(group.y, group.scores)
    return obuchowski(group.y, group.scores, group.patient)


def calibrations(groups: Sequence[CaseGroup], model: int, *, level: float) -> list[Calibration]:
    """The calibration of one model, by its position, in each group."""
    return [calibration(one.y, one.scores[:, model], patient=one.patient, level=level) for one in groups]


def with_variance(
    found: Sequence[Calibration], field: str, scale: Scale, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates of one ``field`` and their variances, from intervals that are symmetric on the scale."""
    each: list[Estimate] = [getattr(one, field) for one in found]
    estimate, low, high = np.array(each, float).reshape(-1, 3).T
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.log([low, high]) if scale == "log" else np.array([low, high])
        error = (ends[1] - ends[0]) / 2 / normal_quantile(level)
    return estimate, (error * (estimate if scale == "log" else 1)) ** 2
