"""Removal of batch effects by a linear model, against limma's definition written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.frame import BATCH, COVARIATE
from benchmark.steps.limma import Limma
from tests.steps.test_combat import features, frame, only, relabelled


def remove_batch_effect(x: np.ndarray, batch: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """limma's removeBatchEffect: sum-to-zero contrasts of the batch beside the design that is kept."""
    names = np.unique(batch)
    contrasts = np.array([[float(b == n) - float(b == names[-1]) for n in names[:-1]] for b in batch])
    design = np.column_stack([np.ones(len(x)), kept])
    beta = np.linalg.lstsq(np.column_stack([design, contrasts]), x, rcond=None)[0]
    return x - contrasts @ beta[design.shape[1] :]


@pytest.mark.parametrize("covariates", [(), ("age", "sex")])
def test_limma_by_its_definition(covariates: tuple[str, ...]) -> None:
    table = frame()
    kept = {"age": table[COVARIATE + "age"], "sex": (table[COVARIATE + "sex"] == "m").astype(float)}
    expected = remove_batch_effect(
        features(table),
        table[BATCH].to_numpy(str),
        np.column_stack([np.empty((90, 0)), *(kept[c] for c in covariates)]),
    )
    found = features(Limma(covariates=covariates).fit_transform(table))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_batches_end_with_equal_means_and_their_own_spread() -> None:
    table = frame()
    found = Limma().fit_transform(table)
    means = found.groupby(table[BATCH])[list(table.columns[:12])].mean()
    np.testing.assert_allclose(means.to_numpy(), np.tile(means.iloc[0], (3, 1)), rtol=1e-9)
    before = table.groupby(BATCH)[list(table.columns[:12])].mean().mean()  # the plain mean of the batches
    np.testing.assert_allclose(means.iloc[0], before, rtol=1e-9)
    for name in "ABC":
        np.testing.assert_allclose(features(only(found, name)).std(axis=0), features(only(table, name)).std(axis=0))


def test_reference_batch_stays() -> None:
    table = frame()
    found = Limma(reference="B").fit_transform(table)
    np.testing.assert_array_equal(features(only(found, "B")), features(only(table, "B")))
    np.testing.assert_allclose(
        features(only(found, "A")).mean(axis=0), features(only(table, "B")).mean(axis=0), rtol=1e-9
    )


def test_unseen_and_small_batches() -> None:
    table = frame()
    train = only(table, "A", "B")
    with pytest.raises(DataError, match=r"limma: batch 'C' has no training row"):
        Limma().fit(train).transform(table)
    own = Limma(unseen="own_rows", covariates=("age",)).fit(train)
    moved = own.transform(only(table, "C"))
    expected = own.states_[0][0].estimates
    residual = features(moved)[:, :8] - (
        expected.level + (only(table, "C")[[COVARIATE + "age"]].to_numpy() - expected.centre) @ expected.beta
    )
    np.testing.assert_allclose(residual.mean(axis=0), 0, atol=1e-9)
    small = pd.concat([train, only(table, "C").iloc[:1]])
    with pytest.raises(DataError, match=r"limma: batch 'C' has 1 training rows, smallest_batch is 3"):
        Limma().fit(small)
    assert np.isfinite(features(Limma(small_batches="mean_only").fit_transform(small))).all()
    skipped = Limma(small_batches="skip").fit_transform(relabelled(small, C="Z"))
    np.testing.assert_array_equal(features(only(skipped, "Z")), features(only(small, "C")))


def test_a_feature_that_does_not_vary_stays() -> None:
    table = frame().assign(**{"CT-HRF::3": 4.0})
    np.testing.assert_allclose(Limma().fit_transform(table)["CT-HRF::3"], 4.0, rtol=1e-12)
