"""loess against R's cars, loops, and what must hold; more of R in tests/oracles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from benchmark.statistics import loess as module
from benchmark.statistics.loess import Surface, loess, loess_error, loess_weights

CARS = json.loads((Path(__file__).parents[1] / "data" / "loess_cars.json").read_text())
SURFACES: tuple[Surface, ...] = get_args(Surface)


def simulated(seed: int = 0, n: int = 80, digits: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.beta(1, 3, n).round(digits)
    return x, (rng.random(n) < x).astype(float)


@pytest.mark.parametrize("surface", SURFACES)
def test_fit_and_weights_equal_r_with_many_ties(surface: Surface) -> None:
    speed, dist, at = np.array(CARS["speed"], float), np.array(CARS["dist"], float), np.arange(5, 31.0)
    expected = CARS[surface]
    assert loess(speed, dist, at, surface=surface) == pytest.approx(
        np.array(expected["fit"], float), abs=6e-7, nan_ok=True
    )
    weights = loess_weights(speed, at, surface=surface)
    error = expected["residual_scale"] * np.sqrt((weights**2).sum(1))
    assert error == pytest.approx(np.array(expected["se"], float), rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("span", [0.3, 0.75, 1.0])
def test_direct_fit_equals_a_loop(span: float) -> None:
    x, y = simulated(1, digits=2)
    at = np.linspace(0.01, 0.8, 9)
    for place, found in zip(at, loess(x, y, at, span=span, surface="direct"), strict=True):
        distance = np.abs(x - place)
        h = np.sort(distance)[int(span * len(x)) - 1]
        weight = np.array([(1 - (d / h) ** 3) ** 3 if d < h else 0.0 for d in distance])
        assert found == pytest.approx(np.polyval(np.polyfit(x - place, y, 2, w=np.sqrt(weight)), 0), abs=1e-9)


def test_interpolation_passes_through_the_direct_fit_at_the_vertices() -> None:
    x, y = simulated(2)
    vertices = module.vertices_of(x, 0.75)
    ranked = np.sort(x)
    margin = 0.005 * (ranked[-1] - ranked[0])
    assert vertices[[0, -1]] == pytest.approx([ranked[0] - margin, ranked[-1] + margin])
    assert set(vertices[1:-1]) <= set(x)
    inside = np.histogram(x, vertices)[0]
    assert inside.max() <= 12 + 1 and len(vertices) == 9  # 80 cases are cut three times, to 10 a cell
    direct = loess(x, y, vertices, surface="direct")
    assert loess(x, y, vertices) == pytest.approx(direct, abs=1e-12)
    for place, value in zip(vertices[1:-1], direct[1:-1], strict=True):
        distance = np.abs(x - place)
        weight = np.clip(1 - (distance / np.sort(distance)[59]) ** 3, 0, None) ** 3
        slope = np.polyfit(x - place, y, 2, w=np.sqrt(weight))[1]  # of the local parabola, not of the direct curve
        for step in (-1e-6, 1e-6):
            assert (loess(x, y, np.array([place + step]))[0] - value) / step == pytest.approx(slope, abs=1e-3)


@pytest.mark.parametrize("surface", SURFACES)
def test_linear_in_y_and_exact_for_parabolas(surface: Surface) -> None:
    x, y = simulated(3, digits=2)
    at = np.linspace(x.min(), x.max(), 21)
    weights = loess_weights(x, at, surface=surface)
    assert weights @ y == pytest.approx(loess(x, y, at, surface=surface), abs=1e-12)
    assert weights.sum(1) == pytest.approx(np.ones(21))
    parabola = 1 - 3 * x + 5 * x**2
    assert loess(x, parabola, at, surface=surface) == pytest.approx(1 - 3 * at + 5 * at**2, abs=1e-9)


def test_scale_and_order_change_nothing() -> None:
    x, y = simulated(4, digits=2)
    at = np.linspace(x.min(), x.max(), 7)
    order = np.random.default_rng(0).permutation(len(x))
    base = loess(x, y, at)
    assert loess(x[order], y[order], at) == pytest.approx(base, abs=1e-12)
    assert loess(3 * x - 1, y, 3 * at - 1) == pytest.approx(base, abs=1e-9)


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = simulated(5)
    whole = loess(x, y, x, surface="direct")
    monkeypatch.setattr(module, "AT_ONCE", 1000)
    assert loess(x, y, x, surface="direct") == pytest.approx(whole, abs=1e-14)


def test_error_is_the_sandwich_and_counts_copies_once() -> None:
    x, y = simulated(6)
    at = np.array([0.1, 0.3])
    residual = y - loess(x, y, x)
    loop = [np.sqrt(sum((w * e) ** 2 for w, e in zip(row, residual, strict=True))) for row in loess_weights(x, at)]
    found = loess_error(x, y, at)
    assert found == pytest.approx(loop)
    pairs = np.arange(len(x)) // 2
    by_pair = np.array([[(row * residual)[pairs == g].sum() for g in range(40)] for row in loess_weights(x, at)])
    assert loess_error(x, y, at, patient=pairs) == pytest.approx(np.sqrt((by_pair**2).sum(1)))


def test_undefined_is_nan() -> None:
    x, y = simulated(7)
    with_gap = x.copy()
    with_gap[3] = np.nan
    for fit in (
        loess(with_gap, y, x),
        loess(x, with_gap, x),
        loess(x[:3], y[:3], x),
        loess(np.full(20, 0.3), y[:20], np.array([0.3]), surface="direct"),
        loess_weights(with_gap, x),
        loess_weights(x[:3], x),
        loess(np.r_[np.full(40, 0.3), 0.1, 0.5], np.r_[y[:40], 1, 0], np.array([0.3])),
    ):
        assert np.isnan(fit).all()
    assert np.isnan(loess(x, y, np.array([x.max() + 0.1]))).all()


@pytest.mark.parametrize("n", [4, 5, 6, 7, 8])
def test_few_cases_and_few_distinct_places_work(n: int) -> None:
    x = np.arange(n) / 10.0
    assert loess(x, x**2, x) == pytest.approx(x**2, abs=1e-9)
    three = np.repeat([0.2, 0.5, 0.8], 10)
    y = (np.arange(30) % 3 == 0).astype(float)
    fit = loess(three, y, np.array([0.2, 0.5, 0.8]))
    assert fit[1] == pytest.approx(y[10:20].mean())
