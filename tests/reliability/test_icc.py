"""The intraclass correlations against psych, irr, pingouin and the definition in loops."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.errors import ConfigError, DataError
from benchmark.reliability import COLUMNS, FORMS, icc, icc_all_forms

DATA = Path(__file__).parents[1] / "data"
PSYCH_NAMES = dict(zip(FORMS, ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"], strict=True))
PSYCH_COLUMNS = {
    "estimate": "value",
    "F": "F",
    "df1": "df1",
    "df2": "df2",
    "p": "p",
    "low": "ci_lower",
    "high": "ci_upper",
}


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((DATA / "icc_expected.json").read_text())


def one_feature(name: str) -> np.ndarray:
    return pd.read_csv(DATA / name).iloc[:, 1:].to_numpy(float)[:, :, None]


def multirater() -> np.ndarray:
    table = pd.read_csv(DATA / "icc_multirater_40x3x15.csv.gz").sort_values(["subject", "rater"])
    return table.iloc[:, 2:].to_numpy(float).reshape(40, 3, 15)


def simulated(seed: int, shape: tuple[int, int, int]) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n, k, p = shape
    noise = rng.uniform(0.05, 3, p)
    return rng.normal(size=(n, 1, p)) + noise * rng.normal(size=shape) + 0.3 * rng.normal(size=(1, k, p))


def assert_psych(found: pd.DataFrame, reference: dict, columns: dict[str, str] = PSYCH_COLUMNS) -> None:
    for form, name in PSYCH_NAMES.items():
        for ours, theirs in columns.items():
            assert found.loc[form, ours].item() == pytest.approx(reference[name][theirs], rel=1e-10), (form, ours)


def defined_by_loops(table: np.ndarray) -> dict[str, float]:
    """The six estimates of one (n, k) table, from sums of squares written out cell by cell."""
    n, k = table.shape
    grand = sum(table[i, j] for i in range(n) for j in range(k)) / (n * k)
    rows = [sum(table[i, j] for j in range(k)) / k for i in range(n)]
    columns = [sum(table[i, j] for i in range(n)) / n for j in range(k)]
    msr = k * sum((row - grand) ** 2 for row in rows) / (n - 1)
    msc = n * sum((column - grand) ** 2 for column in columns) / (k - 1)
    msw = sum((table[i, j] - rows[i]) ** 2 for i in range(n) for j in range(k)) / (n * (k - 1))
    mse = sum((table[i, j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k)) / (
        (n - 1) * (k - 1)
    )
    return {
        "ICC(1,1)": (msr - msw) / (msr + (k - 1) * msw),
        "ICC(2,1)": (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
        "ICC(3,1)": (msr - mse) / (msr + (k - 1) * mse),
        "ICC(1,k)": (msr - msw) / msr,
        "ICC(2,k)": (msr - mse) / (msr + (msc - mse) / n),
        "ICC(3,k)": (msr - mse) / msr,
    }


def test_published_values_of_shrout_and_fleiss() -> None:
    found = icc_all_forms(one_feature("icc_shrout_fleiss_1979.csv"))["estimate"].to_numpy()
    np.testing.assert_array_equal(found.round(2), [0.17, 0.29, 0.71, 0.44, 0.62, 0.91])  # their table 4


@pytest.mark.parametrize(("case", "level"), [("shrout_fleiss_1979", 0.95), ("shrout_fleiss_1979_ci90", 0.90)])
def test_psych_on_shrout_and_fleiss(expected: dict, case: str, level: float) -> None:
    found = icc_all_forms(one_feature("icc_shrout_fleiss_1979.csv"), level=level)
    assert_psych(found, expected[case]["icc"])


def test_psych_on_forty_subjects_three_raters_fifteen_features(expected: dict) -> None:
    found = icc_all_forms(multirater())
    for number, reference in enumerate(expected["multirater"].values()):
        assert_psych(found.xs(number, level="feature"), reference["icc"])


def test_constant_offset_between_raters(expected: dict) -> None:
    found = icc_all_forms(one_feature("icc_constant_offset.csv"))
    reference = expected["constant_offset"]["icc"]
    assert_psych(
        found, reference, {"estimate": "value", "low": "ci_lower", "high": "ci_upper", "df1": "df1", "df2": "df2"}
    )
    assert_psych(
        found.loc[["ICC(1,1)"]].reindex(found.index, method="ffill"), {n: reference["ICC1"] for n in reference}
    )
    assert (found.loc[["ICC(2,1)", "ICC(3,1)"], "F"] == np.inf).all()  # psych shows 2e30: the residual is 0
    assert (found.loc[["ICC(2,1)", "ICC(3,1)"], "p"] == 0).all()


def test_missing_reading_leaves_the_subject_out_of_that_feature_only(expected: dict) -> None:
    table = one_feature("icc_shrout_fleiss_1979.csv")
    holed = np.concatenate([table, table], axis=2)
    holed[1, 2, 0] = np.nan
    found = icc_all_forms(holed)
    reference = expected["shrout_fleiss_one_missing_cell_subject2_J3"]["irr_listwise"]
    for form, name in PSYCH_NAMES.items():
        row = found.loc[(form, 0)]
        assert row["n_subjects"] == reference[name]["n"] == 5
        assert row["estimate"] == pytest.approx(reference[name]["value"], rel=1e-12)
        if form != "ICC(2,k)":  # irr has another interval there
            assert (row["low"], row["high"]) == pytest.approx(
                (reference[name]["ci_lower"], reference[name]["ci_upper"])
            )
    pd.testing.assert_frame_equal(found.xs(1, level="feature"), icc_all_forms(table).xs(0, level="feature"))


@pytest.mark.parametrize("shape", [(30, 2, 4), (12, 4, 3), (5, 3, 2)])
def test_pingouin_in_every_number(shape: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)
    values = simulated(3, shape)
    found = icc_all_forms(values)
    subject, rater = (part.ravel() for part in np.indices(shape[:2]))
    for feature in range(shape[2]):
        long = pd.DataFrame({"subject": subject, "rater": rater, "value": values[:, :, feature].ravel()})
        theirs = pingouin.intraclass_corr(long, targets="subject", raters="rater", ratings="value")
        interval = np.stack(theirs.filter(like="CI95").iloc[:, 0].to_list())
        numbers = theirs[["ICC", "F", "df1", "df2"]].to_numpy(float)
        p = theirs.filter(regex="^p").iloc[:, 0].to_numpy(float)
        ours = found.xs(feature, level="feature")
        np.testing.assert_allclose(ours[["estimate", "F", "df1", "df2"]], numbers, rtol=1e-10)
        np.testing.assert_allclose(ours["p"], p, rtol=1e-9)
        np.testing.assert_allclose(ours[["low", "high"]], interval, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(2, 4))
def test_definition_in_loops(seed: int, n: int, k: int) -> None:
    values = simulated(seed, (n, k, 3))
    found = icc_all_forms(values)["estimate"]
    for feature in range(3):
        for form, value in defined_by_loops(values[:, :, feature]).items():
            ours = found[(form, feature)]
            assert (np.isnan(ours) and value > 1) or ours == pytest.approx(value, rel=1e-8), (form, n, k)


def test_holes_equal_computing_each_feature_alone_on_its_complete_subjects() -> None:
    values = simulated(5, (20, 3, 600))  # more features than are taken at once
    values[np.random.default_rng(1).random(values.shape) < 0.02] = np.nan
    found = icc(values, form="ICC(2,1)")
    for feature in (0, 17, 511, 512, 599):
        complete = values[~np.isnan(values[:, :, feature]).any(axis=1)][:, :, [feature]]
        alone = icc(complete, form="ICC(2,1)")
        np.testing.assert_allclose(found.iloc[feature].to_numpy(float), alone.iloc[0].to_numpy(float), rtol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_agrees_with_itself_under_what_must_not_matter(form: str) -> None:
    values = simulated(7, (15, 3, 5))
    before = icc(values, form=form)
    for changed in (values[::-1], values[:, [2, 0, 1]], 1000 + 40 * values, -values):
        pd.testing.assert_frame_equal(icc(changed, form=form), before, rtol=1e-8)
    shifted = values + np.array([0, 5, -5])[:, None]
    same = np.allclose(icc(shifted, form=form)["estimate"], before["estimate"])
    assert same == form.startswith("ICC(3")  # only consistency ignores a reader's offset


@pytest.mark.parametrize("form", FORMS)
def test_limits_enclose_and_widen(form: str) -> None:
    values = simulated(8, (25, 2, 200))
    narrow, wide = icc(values, form=form, level=0.8), icc(values, form=form, level=0.99)
    assert (narrow["low"] <= narrow["estimate"]).all()
    assert (narrow["estimate"] <= narrow["high"]).all()
    assert (wide["low"] < narrow["low"]).all()
    assert (narrow["high"] < wide["high"]).all()
    assert (narrow["estimate"] < 0).any()  # not cut


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e13])
def test_what_cannot_be_computed_is_nan(scale: float) -> None:
    rng = np.random.default_rng(0)
    values = np.empty((6, 2, 5))
    values[:, :, 0] = 0.1  # everything equal
    values[:, :, 1] = [0.1, 0.3]  # no subjects to tell apart
    values[:, :, 2] = np.nan
    values[:, :, 3] = np.nan
    values[0, :, 3] = 1, 2  # one subject
    values[:, :, 4] = rng.normal(size=(6, 1))  # readings equal: perfect
    found = icc_all_forms(values * scale)["estimate"].unstack()
    assert found[[0, 2, 3]].isna().all(axis=None)
    assert found.loc[["ICC(3,1)", "ICC(3,k)", "ICC(1,k)", "ICC(2,k)"], 1].fillna(0).le(0).all()
    assert np.isnan(found.loc["ICC(3,1)", 1])
    assert (found[4] == 1).all()
    perfect = icc_all_forms(values[:, :, [4]])
    assert (perfect[["low", "high"]] == 1).all(axis=None)
    assert (perfect["p"] == 0).all()


def test_negative_total_variance_is_not_an_icc_above_one() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(10, 2, 1))
    values -= values.mean(axis=1, keepdims=True)
    values += 0.01 * rng.normal(size=(10, 1, 1))
    values -= values.mean(axis=0, keepdims=True)
    assert defined_by_loops(values[:, :, 0])["ICC(2,k)"] > 1
    found = icc(values, form="ICC(2,k)")
    assert np.isnan(found.loc[0, ["estimate", "low", "high"]].to_numpy(float)).all()


def test_fast_enough_for_deep_features() -> None:
    values = simulated(9, (100, 2, 15_680))
    start = time.perf_counter()
    icc(values)
    assert time.perf_counter() - start < 1.0  # 0.04 s alone; the machine may be busy


def test_wrong_questions() -> None:
    values = simulated(1, (5, 2, 2))
    with pytest.raises(ConfigError, match=r"unknown form of ICC 'icc\(2,1\)'. Did you mean 'ICC\(2,1\)'\?"):
        icc(values, form="icc(2,1)")
    with pytest.raises(ConfigError, match=r"level of the ICC's confidence interval is 95"):
        icc(values, level=95)
    with pytest.raises(DataError, match=r"readings of shape \(5, 1, 2\)"):
        icc(values[:, :1])
    assert list(icc(values[:, :, :0]).columns) == list(COLUMNS)
