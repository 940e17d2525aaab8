"""Even numbers within a range: multiples of 1, 2 or 5 times a power of ten, as a ruler has them."""

from __future__ import annotations

import math

MULTIPLES = (1, 2, 5)
SLACK = 1e-9


def even_steps(low: float, high: float, most: int) -> list[float]:
    """The multiples of the smallest such step that fits at most ``most`` times between ``low`` and ``high``; one value
    if both are the same."""
    if not high > low:
        return [low]
    exponent = math.floor(math.log10((high - low) / most)) - 1
    while True:
        for multiple in MULTIPLES:
            step = multiple * 10.0**exponent
            if (high - low) / step <= most + SLACK:
                first, last = math.ceil(low / step - SLACK), math.floor(high / step + SLACK)
                return [_exact(place * multiple, exponent) for place in range(first, last + 1)]
        exponent += 1


def _exact(count: int, exponent: int) -> float:
    """``count`` times a power of ten, the double nearest to the decimal number."""
    return float(count * 10**exponent) if exponent >= 0 else count / 10.0**-exponent
