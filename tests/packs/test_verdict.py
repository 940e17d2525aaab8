"""The verdict on a number at the edges of each rule, and on a pack."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.packs.addresses import Found
from benchmark.packs.pack_file import NumberSection
from benchmark.packs.verdict import Verdict, contradicted, judge, overall
from benchmark.verdicts import AS_EXPECTED, NOT_REPRODUCED, PARTLY, REPRODUCED, UNKNOWN

WHY = "a score was made with the labels"


def said(**told: Any) -> NumberSection:
    return NumberSection.model_validate({"name": "auc", "ours": {"of": "folds"}} | told)


def ours(value: float, low: float = np.nan, high: float = np.nan) -> Found:
    return Found(value, low, high, 0.95, "DeLong")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.70, REPRODUCED), (0.705, REPRODUCED), (0.695, REPRODUCED), (0.7051, NOT_REPRODUCED), (0.69, NOT_REPRODUCED)],
)
def test_a_tolerance_holds_its_own_edges(value: float, verdict: str) -> None:
    assert judge(said(published=0.70, tolerance=0.005), ours(value)).verdict == verdict


def test_no_tolerance_at_all_means_the_same_bits() -> None:
    assert judge(said(published=0.1 + 0.2, tolerance=0), ours(0.3)).verdict == REPRODUCED
    assert judge(said(published=0.3, tolerance=0), ours(0.3 + 1e-9)).verdict == NOT_REPRODUCED


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.65, 0.75, REPRODUCED),
        (0.70, 0.80, REPRODUCED),
        (0.60, 0.70, REPRODUCED),
        (0.60, 0.69, NOT_REPRODUCED),
        (0.71, 0.80, NOT_REPRODUCED),
        (0.55, 0.80, UNKNOWN),
        (np.nan, np.nan, UNKNOWN),
    ],
)
def test_an_interval_covers_or_says_too_little(low: float, high: float, verdict: str) -> None:
    assert judge(said(published=0.70), ours(0.7, low, high)).verdict == verdict


def test_a_wide_interval_that_leaves_the_number_out_is_a_verdict() -> None:
    assert judge(said(published=0.95), ours(0.7, 0.5, 0.9)).verdict == NOT_REPRODUCED
    assert judge(said(published=0.7, widest=0.5), ours(0.7, 0.5, 0.9)).verdict == REPRODUCED


@pytest.mark.parametrize(
    ("expect", "low", "high", "verdict"),
    [
        ("lower", 0.60, 0.69, AS_EXPECTED),
        ("lower", 0.65, 0.75, UNKNOWN),
        ("lower", 0.71, 0.80, NOT_REPRODUCED),
        ("higher", 0.71, 0.80, AS_EXPECTED),
        ("higher", 0.60, 0.69, NOT_REPRODUCED),
        ("at_least", 0.71, 0.80, REPRODUCED),
        ("at_least", 0.60, 0.69, NOT_REPRODUCED),
        ("at_most", 0.60, 0.69, REPRODUCED),
        ("at_most", 0.71, 0.80, NOT_REPRODUCED),
    ],
)
def test_what_an_honest_analysis_should_give(expect: str, low: float, high: float, verdict: str) -> None:
    found = judge(said(published=0.70, expect=expect, reason=WHY), ours((low + high) / 2, low, high))
    assert found.verdict == verdict
    assert (WHY in found.why) == (verdict in (AS_EXPECTED, UNKNOWN))


def test_expected_to_be_lower_by_a_distance() -> None:
    told = said(published=0.858, tolerance=0.005, expect="lower", reason=WHY)
    assert judge(told, ours(0.80)) == Verdict(AS_EXPECTED, f"−0.0580 from the published number; {WHY}")
    assert judge(told, ours(0.90)).verdict == NOT_REPRODUCED
    reached = judge(told, ours(0.857))
    assert reached.verdict == REPRODUCED and "although an honest analysis should be lower" in reached.why


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.01, 0.1, REPRODUCED), (-0.1, -0.01, NOT_REPRODUCED), (-0.1, 0.1, UNKNOWN), (np.nan, np.nan, UNKNOWN)],
)
def test_a_claim_by_the_whole_interval(low: float, high: float, verdict: str) -> None:
    assert judge(said(above=0), ours(0.05, low, high)).verdict == verdict


def test_nothing_to_compare_with() -> None:
    later = NumberSection(name="c", published=0.6, later="no survival models yet")
    assert judge(later, None) == Verdict(UNKNOWN, "later: no survival models yet")
    assert judge(said(published=0.6), None, missing="not run") == Verdict(UNKNOWN, "not run")
    undefined = judge(said(published=0.6, tolerance=0.1), ours(np.nan))
    assert undefined.verdict == UNKNOWN and "not defined" in undefined.why


@pytest.mark.parametrize(
    ("verdicts", "of_pack", "against"),
    [
        ([REPRODUCED, REPRODUCED], REPRODUCED, False),
        ([REPRODUCED, UNKNOWN], PARTLY, False),
        ([REPRODUCED, AS_EXPECTED], PARTLY, False),
        ([REPRODUCED, NOT_REPRODUCED], PARTLY, True),
        ([NOT_REPRODUCED, AS_EXPECTED], NOT_REPRODUCED, True),
        ([AS_EXPECTED, UNKNOWN], AS_EXPECTED, False),
        ([UNKNOWN, UNKNOWN], UNKNOWN, True),
    ],
)
def test_the_verdict_on_a_pack(verdicts: list[str], of_pack: str, against: bool) -> None:
    every = [Verdict(one, "") for one in verdicts]
    assert overall(every, ["first", "second"]).verdict == of_pack
    assert contradicted(every) == against


def test_why_counts_and_names_what_differs() -> None:
    every = [Verdict(one, "") for one in (REPRODUCED, NOT_REPRODUCED, AS_EXPECTED, AS_EXPECTED, AS_EXPECTED)]
    assert overall(every, list("abcde")).why == (
        "Of 5 numbers 1 reproduced, 1 not reproduced (b), 3 not reproduced, as expected (c; d; ...)"
    )
