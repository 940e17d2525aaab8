"""A named binary question within an outcome of several classes, such as MSI against copy-number low.

Only cases of the named classes are asked about. The probability of the positive side is renormalised over both sides,
repeat by repeat, before anything is averaged:

    p_i = sum over the positive classes of p_ic / sum over all named classes of p_ic

It is the probability of the positive side given that the case belongs to one of the two, by the model that was trained
on all classes. A case of which the model gives nothing to either side has p_i = 1/2; how many these are is told.
The contrast then is a binary outcome, and all that is estimated of one is estimated of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, unknown
from benchmark.predictions import score_column

PATH = ("statistics", "contrast")
EXPECTED = "expected {positive: [classes], negative: [classes]}"


@dataclass(frozen=True)
class Contrast:
    """The classes of the ``positive`` side against those of the ``negative`` one."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]

    @property
    def classes(self) -> tuple[str, str]:
        """Both sides as the classes of a binary outcome, the positive last: ``MSI + POLE``."""
        return " + ".join(self.negative), " + ".join(self.positive)

    @property
    def title(self) -> str:
        """``MSI against CNL``."""
        negative, positive = self.classes
        return f"{positive} against {negative}"


def contrast_of(setting: Mapping[str, Any] | None) -> Contrast | None:
    """The contrast of ``{"positive": ["MSI"], "negative": ["CNL"]}``; None if there is none."""
    if setting is None:
        return None
    if not isinstance(setting, Mapping) or set(setting) != {"positive", "negative"}:
        raise ConfigError(f"contrast {setting!r}: {EXPECTED}", path=PATH)
    positive, negative = (_labels(setting[side]) for side in ("positive", "negative"))
    both = [label for label in positive if label in negative]
    if both or not positive or not negative:
        found = f"class '{both[0]}' is on both sides" if both else "a side without a class"
        raise ConfigError(f"contrast: {found}; {EXPECTED}", path=PATH)
    return Contrast(positive, negative)


def check_contrast(contrast: Contrast, classes: Sequence[str]) -> None:
    """``ConfigError`` for a class that the outcome does not have, or an outcome of two classes."""
    for label in (*contrast.positive, *contrast.negative):
        if label not in classes:
            raise ConfigError(unknown("class of the contrast", label, classes), path=PATH)
    if len(classes) == 2:
        raise ConfigError("contrast: the outcome has two classes: it is a contrast already", path=PATH)


def contrasted(table: pd.DataFrame, contrast: Contrast) -> pd.DataFrame:
    """The rows of ``predictions`` (held-out or training) that belong to the contrast, with the columns of a binary
    outcome."""
    sides = dict(zip(contrast.classes, (contrast.negative, contrast.positive), strict=True))
    side_of = {label: side for side, labels in sides.items() for label in labels}
    rows = table[table["y_true"].astype(str).isin(side_of)]
    given = {side: rows[[score_column(label) for label in labels]].sum(axis=1, skipna=False)
             for side, labels in sides.items()}  # fmt: skip
    negative, positive = given.values()
    whole = negative + positive
    share = (positive / whole.where(whole != 0)).where(whole != 0, 0.5)
    base = rows.drop(columns=[name for name in rows.columns if name.startswith(score_column(""))])
    named = {"y_true": rows["y_true"].astype(str).map(side_of)}
    scores = dict(zip(map(score_column, sides), (1 - share, share), strict=True))
    return base.assign(**named, **scores).reset_index(drop=True)


def without_probability(predictions: pd.DataFrame, contrast: Contrast) -> int:
    """How many predictions of cases of the contrast give nothing to either side."""
    labels = [*contrast.positive, *contrast.negative]
    rows = predictions[predictions["y_true"].astype(str).isin(labels)]
    return int(np.sum(rows[[score_column(label) for label in labels]].sum(axis=1).to_numpy(float) == 0))


def contrast_words(predictions: pd.DataFrame, contrast: Contrast) -> str:
    """What a method says of the contrast."""
    n = without_probability(predictions, contrast)
    return "probabilities renormalised over the classes of the contrast" + (
        f" ({n} without any probability for them taken as 1/2)" if n else ""
    )


def as_contrast(table: pd.DataFrame, contrast: Contrast, words: str) -> pd.DataFrame:
    """Results of the contrast under its own role, ``out-of-fold MSI against CNL``, with the ``words`` after the method
    of the AUC."""
    found = table.assign(role=[f"{role} {contrast.title}" for role in table["role"]])
    if "measure" not in found.columns or "estimate" not in found.columns:
        return found
    said = [
        _with(str(method), words) if measure == "auc" else method
        for measure, method in zip(found["measure"], found["method"], strict=True)
    ]
    return found.assign(method=said)


def _with(method: str, words: str) -> str:
    """The words after what was done, before the reason why there is no number."""
    done, apart, reason = method.partition("; not estimated: ")
    return f"{done}, {words}{apart}{reason}"


def _labels(found: Any) -> tuple[str, ...]:
    return tuple(map(str, [found] if isinstance(found, str | int | float) else found))
