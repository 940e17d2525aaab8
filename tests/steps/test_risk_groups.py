"""Groups of cases."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans

from benchmark.errors import DataError
from benchmark.steps.risk_groups import METHODS, RiskGroups

TRUE = np.repeat([0, 1, 2], [10, 30, 20])
RNG = np.random.default_rng(0)
CENTRES = np.array([[0.0, 0.0, 0.0], [6.0, 0.0, 1.0], [0.0, 7.0, -1.0]])


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values * [1.0, 100.0, 0.01], columns=["HRF::a", "HRF::b", "HRF::c"])


TRAIN = frame(CENTRES[TRUE] + RNG.normal(size=(60, 3)))
NAMES = ["HRF::group 1", "HRF::group 2", "HRF::group 3"]


@pytest.mark.parametrize("method", METHODS)
def test_finds_groups_the_largest_first(method: str) -> None:
    step = RiskGroups(method=method).fit(TRAIN)
    out = step.transform(TRAIN)
    assert list(out.columns) == [*NAMES, *TRAIN.columns]
    member = out[NAMES].to_numpy().argmax(axis=1)
    assert (out[NAMES].sum(axis=1) == 1).all()
    assert (member == np.array([2, 0, 1])[TRUE]).mean() > 0.95
    new = step.transform(frame(CENTRES))[NAMES].to_numpy().argmax(axis=1)
    assert new.tolist() == [2, 0, 1]


def test_kmeans_is_that_of_scikit_learn() -> None:
    standard = ((TRAIN - TRAIN.mean()) / TRAIN.std(ddof=0)).to_numpy()
    reference = KMeans(3, n_init=10, random_state=4).fit(standard)
    found = RiskGroups(gives="distances", keep=False, seed=4).fit_transform(TRAIN).to_numpy()
    expected = np.sort(reference.transform(standard), axis=1)
    np.testing.assert_allclose(np.sort(found, axis=1), expected, rtol=1e-6)
    assert (found.argmin(axis=1)[:, None] == found.argmin(axis=1)).tolist() == (
        reference.labels_[:, None] == reference.labels_
    ).tolist()


def test_hierarchical_centres_are_the_means_of_ward_s_groups() -> None:
    standard = ((TRAIN - TRAIN.mean()) / TRAIN.std(ddof=0)).to_numpy()
    labels = fcluster(linkage(standard, "ward"), 3, "maxclust")
    expected = sorted(standard[labels == label].mean(axis=0).tolist() for label in (1, 2, 3))
    found = sorted(RiskGroups(method="hierarchical").fit(TRAIN).states_[0].centres.tolist())
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_names_of_distances() -> None:
    out = RiskGroups(groups=2, gives="distances", keep=False).fit_transform(TRAIN)
    assert list(out.columns) == ["HRF::distance to group 1", "HRF::distance to group 2"]


@pytest.mark.parametrize("method", METHODS)
def test_fewer_different_rows_than_groups(method: str) -> None:
    rows = frame(np.array([[0.0, 0, 0], [5, 5, 5]] * 4))
    step = RiskGroups(method=method, groups=4).fit(rows)
    assert step.remarks_ == ["HRF: 2 groups instead of 4, one per row"]
    assert step.transform(rows).shape == (8, 5)


def test_what_it_refuses() -> None:
    with pytest.raises(DataError, match="risk groups: the 60 training rows of HRF are all equal"):
        RiskGroups().fit(TRAIN * 0)
    with pytest.raises(DataError, match="risk groups: 1 of 3 features have missing"):
        RiskGroups().fit(TRAIN.assign(**{"HRF::a": np.nan}))
