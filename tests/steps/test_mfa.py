"""Multiple factor analysis."""

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.steps.mfa import Mfa
from benchmark.steps.pca import Pca

WINES = pd.DataFrame(
    [
        [1, 6, 7, 2, 5, 7, 6, 3, 6, 7],
        [5, 3, 2, 4, 4, 4, 2, 4, 4, 3],
        [6, 1, 1, 5, 2, 1, 1, 7, 1, 1],
        [7, 1, 2, 7, 2, 1, 2, 2, 2, 2],
        [2, 5, 4, 3, 5, 6, 5, 2, 6, 6],
        [3, 4, 4, 3, 5, 4, 5, 1, 7, 5],
    ],
    columns=[f"E{expert}::{number}" for expert, size in ((1, 3), (2, 4), (3, 3)) for number in range(size)],
    dtype=float,
)
"""Six wines as three experts judge them: Abdi and Valentin (2007), Encyclopedia of Measurement and Statistics, 657."""


def test_the_published_example() -> None:
    found = Mfa(components=2).fit_transform(WINES).to_numpy()
    expected = np.array(
        [
            [-2.172155, -0.508596], [0.557017, -0.197408], [2.317663, -0.830259],
            [1.832557, 0.905046], [-1.403787, 0.054977], [-1.131296, 0.576241],
        ]
    )  # fmt: skip
    np.testing.assert_allclose(found * np.sign(found[0]), expected * np.sign(expected[0]), atol=2e-6)


def test_by_definition() -> None:
    step = Mfa(components=3).fit(WINES)
    parts = []
    for block in ("E1", "E2", "E3"):
        values = WINES.filter(like=f"{block}::").to_numpy()
        standard = (values - values.mean(0)) / values.std(0)
        first = np.sqrt(np.linalg.eigvalsh(standard.T @ standard / 6)[-1])
        assert step.first_[0][block] == pytest.approx(first)
        parts.append(standard / first)
    joint = np.hstack(parts)
    variances = np.sort(np.linalg.eigvalsh(joint @ joint.T / 6))[::-1][:3]
    np.testing.assert_allclose(step.transform(WINES).var(ddof=0), variances, rtol=1e-10)
    assert variances[0] < 3


def test_repeating_a_block_s_features_changes_nothing() -> None:
    wide = WINES.copy()
    for copy in range(5):
        wide = wide.assign(**{f"E1::copy{copy}_{number}": WINES[f"E1::{number}"] for number in range(3)})
    narrow = Mfa(components=2).fit_transform(WINES)
    np.testing.assert_allclose(Mfa(components=2).fit_transform(wide), narrow, atol=1e-10)
    assert (
        np.abs(Pca(components=2).fit_transform(wide).to_numpy() - Pca(components=2).fit_transform(WINES)).max().max()
        > 0.1
    )


def test_names_and_refusals() -> None:
    assert list(Mfa(components=2).fit_transform(WINES).columns) == ["E1+E2+E3::MFA1", "E1+E2+E3::MFA2"]
    with pytest.raises(DataError, match="multiple factor analysis: none of 10 features of E1, E2, E3 varies"):
        Mfa().fit(WINES * 0)
