"""One class against the others, as the binary outcome that every binary statistic takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.statistics.class_strata import patients_of_classes
from benchmark.statistics.held_out import HeldOut

OTHERS = "others"


def class_views(held: HeldOut) -> dict[str, HeldOut]:
    """For each class of an outcome of several the held-out predictions with that class as the positive one, by its
    label; its probability is the score."""
    return {
        label: replace(held, y=np.where(held.y == code, 1, 0), scores=held.scores[..., [code]], classes=(OTHERS, label))
        for code, label in enumerate(held.classes)
    }


def absent_words(held: HeldOut) -> str:
    """Which classes have no case, in words; empty if all have."""
    gone = [label for code, label in enumerate(held.classes) if not np.any(held.y == code)]
    return f"no case of class {', '.join(gone)}" if gone else ""


def classes_by_patients(held: HeldOut, *, at_most: int) -> list[str]:
    """The classes that are there with so few patients or fewer."""
    patient = np.arange(len(held.y)) if held.patient is None else held.patient
    found = patients_of_classes(held.y, patient)
    return [held.classes[code] for code, count in found.items() if count <= at_most]
