"""The only place that rounds: every rule with its edge cases."""

from __future__ import annotations

import math

import pytest

from benchmark.tables import rounding

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.74249, 3, "0.742"),
        (0.7425001, 3, "0.743"),
        (1.0, 3, "1.000"),
        (0, 3, "0.000"),
        (-0.0, 3, "0.000"),
        (-0.0004, 3, "0.000"),
        (-0.0006, 3, "−0.001"),
        (-12.345, 2, "−12.35"),
        (0.125, 2, "0.12"),
        (999.4999, 2, "999.50"),
        (1234.5, 3, "1,234"),
        (-1234567.0, 3, "−1,234,567"),
        (12345678.0, 3, "1.2e7"),
        (NAN, 3, "–"),
        (None, 3, "–"),
        (INF, 3, "∞"),
        (-INF, 3, "−∞"),
    ],
)
def test_number(value: float | None, digits: int, text: str) -> None:
    assert rounding.number(value, digits=digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0124, "+0.012"),
        (-0.0124, "−0.012"),
        (0.0004, "0.000"),
        (-0.0004, "0.000"),
        (INF, "+∞"),
        (NAN, "–"),
        (None, "–"),
    ],
)
def test_signed(value: float | None, text: str) -> None:
    assert rounding.signed(value) == text


@pytest.mark.parametrize(
    ("ends", "digits", "text"),
    [
        ((0.742, 0.681, 0.803), 3, "0.742 (0.681–0.803)"),
        ((0.74249, 0.6805, 0.8035), 2, "0.74 (0.68–0.80)"),
        ((0.1, -0.05, 0.25), 2, "0.10 (−0.05 to 0.25)"),
        ((-0.3, -0.5, -0.1), 2, "−0.30 (−0.50 to −0.10)"),
        ((0.5, -0.0001, 1.0), 3, "0.500 (0.000–1.000)"),
        ((0.742, NAN, NAN), 3, "0.742"),
        ((0.742, 0.6, NAN), 3, "0.742"),
        ((NAN, 0.6, 0.7), 3, "–"),
        ((None, None, None), 3, "–"),
        ((1.31, -INF, INF), 2, "1.31 (−∞ to ∞)"),
    ],
)
def test_interval_has_the_decimals_of_its_estimate(ends: tuple[float, float, float], digits: int, text: str) -> None:
    assert rounding.interval(*ends, digits=digits) == text


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0.0121, -0.0104, 0.0344), "+0.012 (−0.010 to +0.034)"),
        ((-0.05, -0.09, -0.01), "−0.050 (−0.090 to −0.010)"),
        ((0.0, -0.01, 0.01), "0.000 (−0.010 to +0.010)"),
        ((0.05, NAN, NAN), "+0.050"),
        ((NAN, NAN, NAN), "–"),
    ],
)
def test_difference_has_signs(ends: tuple[float, float, float], text: str) -> None:
    assert rounding.difference(*ends) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "<0.001"),
        (0.00099999, "<0.001"),
        (0.001, "0.001"),
        (0.0014999, "0.001"),
        (0.0344, "0.034"),
        (0.9996, "1.000"),
        (1.0, "1.000"),
        (NAN, "–"),
        (None, "–"),
    ],
)
def test_p_value(p: float | None, text: str) -> None:
    assert rounding.p_value(p) == text


def test_minus_is_not_a_hyphen_anywhere() -> None:
    texts = [
        rounding.number(-1.5),
        rounding.signed(-1.5),
        rounding.interval(-1, -2, -0.5),
        rounding.difference(-1, -2, -0.5),
        rounding.statistic(-3.456),
        rounding.count(-1500),
    ]
    assert all("-" not in text and "−" in text for text in texts)
    assert rounding.statistic(-3.456) == "−3.46"
    assert rounding.count(-1500) == "−1,500"


@pytest.mark.parametrize(("df", "text"), [(6.0, "6"), (71.34, "71.3"), (4, "4"), (NAN, "–"), (INF, "∞"), (None, "–")])
def test_degrees(df: float | None, text: str) -> None:
    assert rounding.degrees(df) == text


def test_counts_and_shares() -> None:
    assert rounding.count(1770) == "1,770"
    assert rounding.count(None) == "–"
    assert rounding.count(NAN) == "–"
    assert rounding.share(43, 293) == "43 (14.7%)"
    assert rounding.share(3, 0) == "3"
    assert rounding.share(None, 10) == "–"
    assert rounding.percent(0.95) == "95%"
    assert rounding.percent(0.975) == "97.5%"


@pytest.mark.parametrize(
    ("value", "text"), [(0.42, "0.4 s"), (35.4, "35 s"), (119, "119 s"), (720, "12 min"), (12240, "3.4 h"), (NAN, "–")]
)
def test_seconds(value: float, text: str) -> None:
    assert rounding.seconds(value) == text


@pytest.mark.parametrize(
    ("spread", "digits"),
    [(9.9, 1), (1.9, 2), (2, 1), (20, 0), (250, 0), (0.004, 4), (1e-12, 6), (0, 1), (NAN, 1), (None, 1)],
)
def test_decimals_follow_the_spread(spread: float | None, digits: int) -> None:
    assert rounding.decimals(spread) == digits


def test_means_and_medians_with_their_spread() -> None:
    assert rounding.mean_sd(63.44, 9.81) == "63.4 ± 9.8"
    assert rounding.mean_sd(-0.512, 0.1249, digits=2) == "−0.51 ± 0.12"
    assert rounding.mean_sd(63.44, NAN) == "63.4"
    assert rounding.mean_sd(NAN, NAN) == "–"
    assert rounding.quartiles(61, 54, 70.52) == "61.0 [54.0–70.5]"
    assert rounding.quartiles(1408, 131, 8709, digits=0) == "1,408 [131–8,709]"
    assert rounding.quartiles(0.1, -0.2, 0.3) == "0.1 [−0.2 to 0.3]"
    assert rounding.quartiles(NAN, NAN, NAN) == "–"
