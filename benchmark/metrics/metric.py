"""What a metric is: a number for how good the scores or the decisions of a model are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Metric:
    """One entry of the menu.

    ``needs`` says what ``function`` takes: ``scores``: ``(y, score)``, both (n_cases,), ``y`` 1 for the positive class
    and ``score`` its probability, and gives a float; ``decisions``: a ``Confusion`` (arrays of counts of one shape),
    and gives an array of that shape. ``bounds``: lowest and highest possible value. ``best``: ``high`` or ``low``.
    Where the metric is undefined (said in ``undefined_when``) the function gives NaN.
    """

    title: str
    function: Callable[..., Any]
    bounds: tuple[float, float]
    best: Literal["high", "low"]
    needs: Literal["scores", "decisions"]
    undefined_when: str
