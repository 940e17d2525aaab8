"""ReliefF by the definition with loops."""

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.relieff import ReliefF, relieff_weights


def simulated(n: int = 40, k: int = 8, classes: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(classes)
    codes = np.concatenate([np.arange(classes), rng.integers(0, classes, n - classes)])
    return rng.normal(size=(n, k)) + 1.5 * codes[:, None] * (np.arange(k) < 2), codes


def by_loops(X: np.ndarray, y: np.ndarray, neighbours: int, owners: np.ndarray) -> list[float]:
    n, k = X.shape
    width = [X[:, f].max() - X[:, f].min() for f in range(k)]
    apart = [[[abs(X[i, f] - X[j, f]) / width[f] for f in range(k)] for j in range(n)] for i in range(n)]
    share = {code: np.mean(y == code) for code in set(y)}
    weights = [0.0] * k
    for i in range(n):
        for code in share:
            others = [j for j in range(n) if y[j] == code and owners[j] != owners[i]]
            near = sorted(others, key=lambda j: sum(apart[i][j]))[:neighbours]
            factor = -1 if code == y[i] else share[code] / (1 - share[y[i]])
            for f in range(k):
                if near:
                    weights[f] += factor * sum(apart[i][j][f] for j in near) / len(near) / n
    return weights


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("neighbours", [1, 5, 100])
def test_equal_to_the_definition_with_loops(neighbours: int, classes: int) -> None:
    X, y = simulated(classes=classes)
    expected = by_loops(X, y, neighbours, np.arange(40))
    np.testing.assert_allclose(relieff_weights(X, y, neighbours), expected, rtol=0, atol=1e-12)
    owners = np.arange(40) // 2
    expected = by_loops(X, y, neighbours, owners)
    np.testing.assert_allclose(relieff_weights(X, y, neighbours, owners), expected, rtol=0, atol=1e-12)


def test_rows_of_one_patient_are_not_neighbours() -> None:
    X, y = simulated()
    frame = pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(8)])
    step = ReliefF(k=2).fit(frame, y)
    assert np.flatnonzero(step.states_[0]).tolist() == [0, 1]
    twice = pd.concat([frame, frame], ignore_index=True)
    owners = np.tile([f"p{number}" for number in range(40)], 2)
    again = ReliefF(k=2, neighbours=20).fit(twice.assign(**{PATIENT: owners}), np.tile(y, 2))
    assert np.flatnonzero(again.states_[0]).tolist() == [0, 1]
    np.testing.assert_allclose(
        relieff_weights(np.tile(X, (2, 1)), np.tile(y, 2), 20, owners), relieff_weights(X, y, 10), atol=1e-12
    )


def test_a_class_of_one_or_two_cases_constants_and_what_it_refuses() -> None:
    X, y = simulated()
    frame = pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(8)])
    frame.iloc[:, 5] = 0.3
    for rare in (1, 2):
        assert ReliefF(k=3).fit(frame, (np.arange(40) < rare).astype(int)).states_[0].sum() == 3
    step = ReliefF(k=9).fit(frame, y)
    assert np.flatnonzero(~step.states_[0]).tolist() == [5]
    assert step.remarks_ == ["k = 9, but HRF had 7 features to choose from: all were kept"]
    with pytest.raises(DataError, match="relieff: it needs the outcome"):
        ReliefF().fit(frame)
    frame.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before relieff"):
        ReliefF().fit(frame, y)
