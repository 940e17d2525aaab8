"""The rules of choice and of the early end, against the definitions with loops."""

import numpy as np
import pytest

from benchmark.steps.lasso_path import LassoPath, has_stalled, patience_of


def path(errors: np.ndarray, weights: list[float]) -> LassoPath:
    penalties = np.geomspace(1, 0.01, len(errors))
    return LassoPath(penalties, np.asarray(errors, float), np.array(weights), np.zeros((len(errors), 0)))


def stalled(means: list[float]) -> bool:
    """With a patience of 3 and a standard error of 0.1."""
    return has_stalled(np.array(means)[:, None] + np.array([-0.1, 0.1]), np.ones(2), 3)


@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0], [10.0, 11.0, 12.0]])
def test_error_and_standard_error_with_loops(weights: list[float]) -> None:
    errors = np.random.default_rng(0).random((6, 3))
    found = path(errors, weights)
    for place, row in enumerate(errors):
        mean = sum(w * e for w, e in zip(weights, row, strict=True)) / sum(weights)
        variance = sum(w * (e - mean) ** 2 for w, e in zip(weights, row, strict=True)) / sum(weights) / 2
        assert found.mean_error[place] == pytest.approx(mean)
        assert found.standard_error[place] == pytest.approx(variance**0.5)


def test_minimum_and_one_standard_error() -> None:
    means = np.array([5.0, 3.0, 1.4, 1.0, 1.0, 2.0])
    errors = means[:, None] + np.array([-0.5, 0.5])  # standard error 0.5 / sqrt(1)
    assert path(errors, [1, 1]).choose("minimum") == 3  # the larger penalty of a tie
    assert path(errors, [1, 1]).choose("one_standard_error") == 2


def test_without_a_standard_error_the_two_rules_agree() -> None:
    errors = np.repeat([[2.0], [1.0], [1.0], [3.0]], 2, axis=1)
    assert path(errors, [1, 1]).choose("minimum") == path(errors, [1, 1]).choose("one_standard_error") == 1


def test_a_flat_path_chooses_the_largest_penalty() -> None:
    assert path(np.ones((4, 2)), [1, 1]).choose("minimum") == 0
    assert path(np.ones((4, 2)), [1, 1]).choose("one_standard_error") == 0


def test_the_path_stalls_after_the_patience_and_not_before() -> None:
    assert not stalled([3, 2, 2.5, 2.5])
    assert stalled([3, 2, 2.5, 2, 2.5])  # an equal error is no improvement
    assert not stalled([3, 2, 2.5, 2.5, 1.9])


def test_the_path_does_not_stall_within_two_standard_errors_of_the_minimum() -> None:
    assert not stalled([3, 2, 2.1, 2.1, 2.19])
    assert stalled([3, 2, 2.1, 2.1, 2.21])
    assert not stalled([3, 2, 2.5, 2.5, 2.1])


@pytest.mark.parametrize(("share", "n", "expected"), [(0.25, 100, 25), (0.25, 30, 8), (1.0, 30, 30), (0.25, 2, 1)])
def test_patience_is_a_share_of_the_grid(share: float, n: int, expected: int) -> None:
    assert patience_of(share, n) == expected
