"""ComBat as a step: leak-free, with declared policies, and clear about what it refuses."""

from __future__ import annotations

import contextlib
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from neuroCombat import neuroCombat
from sklearn.base import clone

from benchmark.errors import ConfigError, DataError
from benchmark.frame import BATCH, COVARIATE, feature_columns
from benchmark.steps.combat import ComBat

N, K = 90, 12


def frame(n: int = N, seed: int = 0) -> pd.DataFrame:
    """Two image blocks, three batches A, B, C, covariates age and sex."""
    rng = np.random.default_rng(seed)
    batch = np.repeat(["A", "B", "C"], [n // 2, n // 3, n - n // 2 - n // 3])
    age, sex = rng.normal(60, 10, n).round(), rng.integers(0, 2, n)
    values = rng.normal(size=(n, K)) * rng.uniform(0.5, 3, K) + 0.05 * age[:, None] * rng.normal(size=K)
    for name in "BC":
        values[batch == name] = values[batch == name] * rng.uniform(0.5, 2, K) + rng.normal(1, 1, K)
    columns = [f"CT-HRF::{number}" for number in range(8)] + [f"CT-DRF::{number}" for number in range(4)]
    table = pd.DataFrame(values, index=[f"case{number:03d}" for number in range(n)], columns=columns)
    reserved = {BATCH: batch.astype(object), COVARIATE + "age": age, COVARIATE + "sex": np.where(sex, "m", "f")}
    return table.assign(**reserved).sample(frac=1, random_state=seed)


def features(table: pd.DataFrame) -> np.ndarray:
    return table[feature_columns(table)].to_numpy(float)


def relabelled(table: pd.DataFrame, **names: str) -> pd.DataFrame:
    return table.assign(**{BATCH: table[BATCH].replace(names)})


def only(table: pd.DataFrame, *batches: str) -> pd.DataFrame:
    return table[table[BATCH].isin(batches)]


def test_neurocombat_output_through_the_whole_step() -> None:
    table = frame()
    covariates = pd.DataFrame({name: table[COVARIATE + name] for name in ("age", "sex")}).assign(batch=table[BATCH])
    for engine in ("radbench", "neurocombat"):
        step = ComBat(covariates=("age", "sex"), engine=engine)
        found = step.fit_transform(table)
        for block in ("CT-HRF", "CT-DRF"):  # one prior per block
            columns = feature_columns(table, [block])
            with contextlib.redirect_stdout(io.StringIO()):
                theirs = neuroCombat(table[columns].to_numpy(float).T, covariates, "batch", ["sex"], ["age"])["data"].T
            np.testing.assert_allclose(found[columns].to_numpy(), theirs, rtol=0, atol=1e-10)
        pd.testing.assert_frame_equal(
            found.drop(columns=feature_columns(table)), table.drop(columns=feature_columns(table))
        )
    together = ComBat(covariates=("age", "sex"), per_block=False).fit_transform(table)
    assert np.abs(features(together) - features(found)).max() > 1e-4


@pytest.mark.parametrize("engine", ["radbench", "neurocombat"])
def test_a_row_never_depends_on_the_rows_beside_it(engine: Any) -> None:
    table = frame()
    train, test = table.iloc[:60], table.iloc[60:]
    step = ComBat(covariates=("age",), engine=engine).fit(train)
    expected = features(step.transform(test))
    alone = np.vstack([features(step.transform(test.iloc[[row]])) for row in range(len(test))])
    np.testing.assert_allclose(alone, expected, rtol=1e-12)
    ruined = test.copy()
    ruined.iloc[1:, :K] = 1e9
    np.testing.assert_array_equal(features(step.transform(ruined))[0], expected[0])
    np.testing.assert_allclose(features(step.transform(train)), features(clone(step).fit_transform(train)))
    np.testing.assert_array_equal(features(pickle.loads(pickle.dumps(step)).transform(test)), expected)


def test_the_outcome_changes_nothing_and_row_order_neither() -> None:
    table = frame()
    outcome = np.random.default_rng(1).integers(0, 2, N)
    expected = features(ComBat().fit(table, outcome).transform(table))
    np.testing.assert_array_equal(features(ComBat().fit(table, 1 - outcome).transform(table)), expected)
    turned = ComBat().fit(table[::-1]).transform(table)
    np.testing.assert_allclose(features(turned), expected, rtol=1e-10, atol=1e-10)


def test_new_rows_keep_the_effect_of_their_own_covariates() -> None:
    table = frame()
    step = ComBat(covariates=("age", "sex")).fit(table)
    row = table.iloc[[0]]
    older = row.assign(**{COVARIATE + "age": row[COVARIATE + "age"] + 20})
    assert np.abs(features(step.transform(older)) - features(step.transform(row))).max() > 0.01
    with pytest.raises(DataError, match=r"covariate 'sex' is 'x' in 1 of 1 rows \(first: 'case"):
        step.transform(row.assign(**{COVARIATE + "sex": "x"}))


def test_missing_covariates() -> None:
    table = frame()
    holed = table.copy()
    holed.iloc[0, holed.columns.get_loc(COVARIATE + "age")] = np.nan
    with pytest.raises(DataError, match=r"covariate 'age' is missing in 1 of 90 rows"):
        ComBat(covariates=("age",)).fit(holed)
    step = ComBat(covariates=("age",), missing_covariates="mean").fit(table)
    mean = table.assign(**{COVARIATE + "age": table[COVARIATE + "age"].mean()})
    np.testing.assert_allclose(features(step.transform(holed))[0], features(step.transform(mean))[0])


def test_reference_batch_stays_and_the_others_come_to_it() -> None:
    table = frame()
    found = ComBat(reference="A", prior="none", per_block=False).fit_transform(table)
    pd.testing.assert_frame_equal(only(found, "A"), only(table, "A"))
    means = found[feature_columns(table)].groupby(table[BATCH]).mean()
    np.testing.assert_allclose(means.loc["B"], means.loc["A"], rtol=1e-8)
    with pytest.raises(DataError, match=r"reference batch 'a' has no training row. Did you mean 'A'\?"):
        ComBat(reference="a").fit(table)


def test_unseen_batch_is_an_error_by_default() -> None:
    table = relabelled(frame(), C="Z")
    step = ComBat().fit(only(table, "A", "B"))
    with pytest.raises(
        DataError,
        match=r"ComBat: batch 'Z' has no training row, but 15 of 90 rows to transform \(first: 'case\d+'\). "
        r"Training batches: A, B. Set unseen: skip, reference or own_rows",
    ):
        step.transform(table)


@pytest.mark.parametrize(("unseen", "reference"), [("skip", None), ("reference", "A")])
def test_unseen_batch_left_as_it_is(unseen: Any, reference: str | None) -> None:
    table = frame()
    step = ComBat(unseen=unseen, reference=reference, covariates=("age",)).fit(only(table, "A", "B"))
    found = step.transform(table)
    pd.testing.assert_frame_equal(only(found, "C"), only(table, "C"))
    assert np.abs(features(only(found, "B")) - features(only(table, "B"))).max() > 0.1
    assert (step.policies(only(table, "C")) == f"unseen: {unseen}").all()


@pytest.mark.parametrize("prior", ["parametric", "nonparametric", "none"])
def test_unseen_batch_by_its_own_rows(prior: Any) -> None:
    table = frame()
    step = ComBat(unseen="own_rows", prior=prior, covariates=("age", "sex")).fit(table)
    expected = features(step.transform(only(table, "B")))
    # the rows of a training batch under a new name are harmonised as under the old one
    unseen = relabelled(only(table, "B"), B="Z")
    np.testing.assert_allclose(features(step.transform(unseen)), expected, rtol=1e-8, atol=1e-8)
    # transductive, as documented: other rows of the batch matter, rows of other batches do not
    assert np.abs(features(step.transform(unseen.iloc[:-5])) - expected[:-5]).max() > 1e-3
    beside = pd.concat([unseen, only(table, "A")])
    np.testing.assert_allclose(features(step.transform(beside))[: len(unseen)], expected, rtol=1e-8, atol=1e-8)


def test_unseen_batch_by_own_rows_that_are_few_or_constant() -> None:
    table = frame()
    train, few = only(table, "A", "B"), only(table, "C").iloc[:2]
    with pytest.raises(DataError, match=r"unseen batch 'C' has 2 rows to transform .* needs smallest_batch = 3"):
        ComBat(unseen="own_rows").fit(train).transform(few)
    flat = ComBat(unseen="own_rows", small_batches="mean_only").fit(train)
    assert (flat.policies(few) == "unseen: own_rows, small: mean_only").all()
    change = features(flat.transform(few)) - features(few)
    np.testing.assert_allclose(change[0], change[1], atol=1e-12)  # location only
    assert np.abs(change).max() > 0.1
    assert np.isfinite(features(flat.transform(few.iloc[:1]))).all()
    skipped = ComBat(unseen="own_rows", small_batches="skip").fit(train)
    pd.testing.assert_frame_equal(skipped.transform(few), few)
    constant = only(table, "C").assign(**{"CT-HRF::3": 4.0})
    np.testing.assert_array_equal(flat.transform(constant)["CT-HRF::3"], 4.0)


def test_small_training_batches() -> None:
    table = frame()
    small = pd.concat([only(table, "A", "B"), only(table, "C").iloc[:2]])
    with pytest.raises(DataError, match=r"batch 'C' has 2 training rows, smallest_batch is 3. Set small_batches"):
        ComBat().fit(small)
    assert ComBat(smallest_batch=2).fit(small).policies(small).eq("harmonised").all()
    skipped = ComBat(small_batches="skip").fit(small)
    np.testing.assert_array_equal(
        features(skipped.transform(table)),
        features(ComBat(unseen="skip").fit(only(table, "A", "B")).transform(table)),
    )
    assert skipped.policies(only(table, "C")).eq("small: skip").all()
    flat = ComBat(small_batches="mean_only").fit(small)
    change = features(flat.transform(only(small, "C"))) - features(only(small, "C"))
    np.testing.assert_allclose(change[0], change[1], atol=1e-12)
    one = pd.concat([only(table, "A", "B"), only(table, "C").iloc[:1]])
    assert np.isfinite(features(clone(flat).fit_transform(one))).all()
    with pytest.raises(DataError, match=r"batch 'C' has 2 training rows"):
        ComBat(small_batches="skip", reference="C").fit(small)


def test_counts_of_rows_by_policy() -> None:
    table = relabelled(frame(), C="Z")
    train = pd.concat([only(table, "A", "B"), relabelled(only(table, "Z").iloc[:2], Z="S")])
    step = ComBat(reference="A", unseen="skip", small_batches="mean_only").fit(train)
    everything = pd.concat([train, only(table, "Z").iloc[2:]])
    expected = pd.DataFrame(
        {
            "batch": ["A", "B", "S", "Z"],
            "policy": ["reference", "harmonised", "small: mean_only", "unseen: skip"],
            "rows": [45, 30, 2, 13],
        }
    )
    pd.testing.assert_frame_equal(step.policy_counts(everything), expected, check_dtype=False)
    assert list(step.policies(everything).index) == list(everything.index)
    untouched = ComBat(blocks=("PET-HRF",)).fit(table)
    assert untouched.policies(table).eq("no feature").all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_missing_values_must_be_imputed_before(value: float) -> None:
    table = frame()
    step = ComBat().fit(table)
    table.iloc[4, 2] = value
    message = rf"feature '2' of case '{table.index[4]}' is {value}; 1 values of 1 features.*Impute before ComBat"
    with pytest.raises(DataError, match=message):
        ComBat().fit(table)
    with pytest.raises(DataError, match=message):
        step.transform(table)


def test_refuses_rows_without_a_batch_or_with_one_only() -> None:
    table = frame()
    with pytest.raises(DataError, match=r"the rows have no batch. Name the column"):
        ComBat().fit(table.drop(columns=BATCH))
    with pytest.raises(DataError, match=r"1 \(first: 'case\d+'\) of 90 rows have no batch"):
        ComBat().fit(table.assign(**{BATCH: [None, *table[BATCH][1:]]}))
    with pytest.raises(DataError, match=r"needs at least 2 batches to compare; training rows by batch: 'A': 45"):
        ComBat().fit(only(table, "A"))


def test_refuses_the_outcome_and_the_batch_as_covariates() -> None:
    table = frame()
    outcome = np.random.default_rng(1).integers(0, 2, N)
    table[COVARIATE + "dead"] = np.where(outcome, "yes", "no")
    table[COVARIATE + "scanner"] = table[BATCH].map({"A": 1.5, "B": 3.0, "C": 1.5})
    with pytest.raises(DataError, match=r"covariate 'dead' equals the outcome in all 90 training rows"):
        ComBat(covariates=("age", "dead")).fit(table, outcome)
    ComBat(covariates=("age",)).fit(table, outcome)
    with pytest.raises(DataError, match=r"covariate 'scanner' is determined by the batch"):
        ComBat(covariates=("age", "scanner")).fit(table, outcome)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"unseen": "reference"}, r"unseen: reference needs the reference batch"),
        ({"engine": "neurocombat", "reference": "A"}, r"neuroCombat's reference batch fails on current NumPy"),
        ({"engine": "neurocombat", "small_batches": "mean_only"}, r"neuroCombat has no small_batches: mean_only"),
    ],
)
def test_parameters_that_contradict_each_other(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ComBat(**parameters).fit(frame())


@pytest.mark.shared
def test_six_centres_lose_their_batch_effect(shared: Path) -> None:
    folder = shared / "oracles" / "03_combat"
    values = pd.read_csv(folder / "hosny_shifted.csv.gz").add_prefix("HRF::")
    site = pd.read_csv(folder / "hosny_meta.csv")["site"]
    table = values.set_axis([f"c{number:03d}" for number in values.index]).assign(**{BATCH: site.to_numpy(object)})
    train, test = table.iloc[::2], table.iloc[1::2]
    found = ComBat().fit(train).transform(test)

    def explained(rows: pd.DataFrame) -> float:
        x = rows[values.columns]
        means = x.groupby(rows[BATCH]).transform("mean")
        return float((means.var() / x.var()).mean())

    assert explained(test) > 0.15
    assert explained(found) < 0.02
