"""z-scores within each batch: equal to scikit-learn's per batch, and what happens to few or unknown rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from benchmark.errors import DataError
from benchmark.frame import BATCH
from benchmark.steps.batch_zscore import BatchZScore
from benchmark.steps.standardize import Standardize
from tests.steps.test_combat import features, frame, only, relabelled


def test_after_standardizing_it_is_the_z_score_of_each_batch() -> None:
    table = frame()
    found = Standardize().fit_transform(BatchZScore().fit_transform(table))
    for name in "ABC":
        expected = StandardScaler().fit_transform(features(only(table, name)))
        np.testing.assert_allclose(features(only(found, name)), expected, rtol=1e-9, atol=1e-9)


def test_common_mean_and_pooled_standard_deviation() -> None:
    table = frame()
    found, before = BatchZScore().fit_transform(table), features(table)
    within = np.sqrt(sum(len(only(table, b)) * features(only(table, b)).var(axis=0) for b in "ABC") / len(table))
    for name in "ABC":
        np.testing.assert_allclose(features(only(found, name)).mean(axis=0), before.mean(axis=0), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(features(only(found, name)).std(axis=0), within, rtol=1e-9)


def test_held_out_rows_take_the_training_mean_and_sd_of_their_batch() -> None:
    table = frame()
    train, test = table.iloc[:60], table.iloc[60:]
    step = BatchZScore().fit(train)
    state = step.states_[0][0].estimates
    row = test.iloc[[0]]
    mine = only(train, row[BATCH].iloc[0])
    x = features(mine)[:, :8]
    z = (features(row)[:, :8] - x.mean(axis=0)) / x.std(axis=0)
    np.testing.assert_allclose(features(step.transform(row))[:, :8], state.to_mean + z * state.to_sd, rtol=1e-9)


def test_reference_batch_stays_and_the_others_come_to_it() -> None:
    table = frame()
    found = BatchZScore(reference="A").fit_transform(table)
    np.testing.assert_array_equal(features(only(found, "A")), features(only(table, "A")))
    np.testing.assert_allclose(
        features(only(found, "C")).std(axis=0), features(only(table, "A")).std(axis=0), rtol=1e-9
    )


def test_a_feature_constant_in_one_batch_is_only_shifted_there() -> None:
    table = frame()
    table.loc[table[BATCH] == "B", "CT-HRF::3"] = 7.0
    found = BatchZScore().fit_transform(table)
    assert only(found, "B")["CT-HRF::3"].to_numpy() == pytest.approx(table["CT-HRF::3"].mean())
    constant = BatchZScore().fit_transform(table.assign(**{"CT-HRF::3": 7.0}))
    np.testing.assert_allclose(constant["CT-HRF::3"], 7.0, rtol=1e-12)


def test_unseen_and_small_batches() -> None:
    table = frame()
    train = only(table, "A", "B")
    with pytest.raises(DataError, match=r"z-score per batch: batch 'C' has no training row, but 15 of 90 rows"):
        BatchZScore().fit(train).transform(table)
    own = BatchZScore(unseen="own_rows").fit(train)
    expected = BatchZScore().fit(pd.concat([train, relabelled(only(table, "B"), B="Z")]))
    moved = own.transform(relabelled(only(table, "B"), B="Z"))
    np.testing.assert_allclose(features(moved), features(own.transform(only(table, "B"))), rtol=1e-9, atol=1e-9)
    assert expected.policies(table.iloc[:0]).empty
    few = only(table, "C").iloc[:2]
    flat = BatchZScore(small_batches="mean_only").fit(pd.concat([train, few]))
    change = features(flat.transform(few)) - features(few)
    np.testing.assert_allclose(change[0], change[1], atol=1e-12)
    with pytest.raises(DataError, match=r"batch 'C' has 2 training rows, smallest_batch is 3"):
        BatchZScore().fit(pd.concat([train, few]))
