"""Even numbers within a range."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.even_steps import even_steps


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 1.0, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 0.3, 3, [0.0, 0.1, 0.2, 0.3]),
        (-12.9, 17.0, 8, [-10.0, -5.0, 0.0, 5.0, 10.0, 15.0]),
        (41.0, 83.0, 2, [50.0]),
        (0.0, 333.0, 10, [0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0]),
        (7.0, 7.0, 5, [7.0]),
    ],
)
def test_examples(low: float, high: float, most: int, expected: list[float]) -> None:
    assert even_steps(low, high, most) == expected  # to the last bit: these are the nearest doubles


def test_any_range() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        low = rng.normal() * 10 ** rng.uniform(-6, 6)
        high = low + rng.exponential() * 10 ** rng.uniform(-6, 6)
        most = int(rng.integers(2, 12))
        steps = even_steps(low, high, most)
        assert len(steps) <= most + 1
        if len(steps) > 1:
            assert np.ptp(np.diff(steps)) <= 1e-9 * max(np.abs(steps))
            assert min(steps) >= low - 1e-9 * abs(high - low)
            assert max(steps) <= high + 1e-9 * abs(high - low)
