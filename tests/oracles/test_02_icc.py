"""Intraclass correlations: mean squares, estimates, F, p, limits. tests/data (icc_sources.md) holds the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.reliability.icc import FORMS, icc_all_forms
from benchmark.reliability.mean_squares import mean_squares
from tests.oracles.walk import VERSIONS, findings, read

DATA = Path(__file__).parents[1] / "data"
NAMES = dict(zip(FORMS, ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"), strict=True))
COLUMNS = {"estimate": "value", "F": "F", "df1": "df1", "df2": "df2", "p": "p", "low": "ci_lower", "high": "ci_upper"}
BY_ROUNDING = "2e30 of psych is a division by the rounding of a residual of 0: ours, and irr's, is infinite"
EXCLUDED = VERSIONS | {
    "note": "a sentence",
    "*/ICC2*/irr/df2": "irr has Satterthwaite's degrees of freedom for the F of this form; ours are psych's",
    "*/ICC2*/irr/p": "the p of these degrees of freedom",
    "*/irr_listwise/ICC2*/p": "the same",
    "*/ICC2k/irr/ci_*": "irr's other interval of this form; ours is psych's, from the limits of ICC2",
    "*/irr_listwise/ICC2k/ci_*": "the same",
    "*/psych_lmer_TRUE/*": "a mixed model that fills the missing cell in; we leave the subject out, as irr does",
    **{f"constant_offset/icc/ICC{form}/{name}": BY_ROUNDING for form in ("2", "3", "2k", "3k") for name in "Fp"},
    "constant_offset/icc/ICC3/irr/ci_*": "irr gives no limits of an ICC of 1 with no residual; ours are 1, as psych's",
}


def of_feature(values: np.ndarray, feature: int = 0, level: float = 0.95) -> dict[str, Any]:
    found, squares = icc_all_forms(values, level=level).xs(feature, level="feature"), mean_squares(values)
    told: dict[str, Any] = {}
    for form, name in NAMES.items():
        numbers = {theirs: found.loc[form, ours] for ours, theirs in COLUMNS.items()}
        told[name] = {**numbers, "irr": numbers}
    return {
        "n_subjects": squares.n[feature],
        "n_raters": squares.k,
        "mean_squares": {
            "MSR_between_subjects": squares.between[feature],
            "MSW_within_subjects": squares.within[feature],
            "MSC_between_raters": squares.readings[feature],
            "MSE_residual": squares.error[feature],
        },
        "icc": told,
    }


def without_ambiguity(told: dict[str, Any]) -> dict[str, Any]:
    """irr alone has the numbers that it defines otherwise, and psych those that are rounding of 0."""
    for name, form in told["icc"].items():
        left_out = {"ICC2": {"df2", "p"}, "ICC2k": {"df2", "p", "ci_lower", "ci_upper"}}.get(name, set())
        form["irr"] = {key: value for key, value in form["irr"].items() if key not in left_out}
    return told


def of_listwise(values: np.ndarray) -> dict[str, Any]:
    found = icc_all_forms(values).xs(0, level="feature")
    names = {"n_subjects": "n", **{ours: COLUMNS[ours] for ours in ("estimate", "low", "high", "p")}}
    left_out = {"ICC2": {"p"}, "ICC2k": {"p", "ci_lower", "ci_upper"}}
    return {
        name: {
            theirs: found.loc[form, ours] for ours, theirs in names.items() if theirs not in left_out.get(name, set())
        }
        for form, name in NAMES.items()
    }


def of_offset(values: np.ndarray) -> dict[str, Any]:
    told = without_ambiguity(of_feature(values))
    for name in ("ICC2", "ICC3", "ICC2k", "ICC3k"):
        del told["icc"][name]["F"], told["icc"][name]["p"]
    for limit in ("ci_lower", "ci_upper"):
        del told["icc"]["ICC3"]["irr"][limit]
    return told


def one_feature(name: str) -> np.ndarray:
    return pd.read_csv(DATA / name).iloc[:, 1:].to_numpy(float)[:, :, None]


def test_every_number() -> None:
    published, long = one_feature("icc_shrout_fleiss_1979.csv"), pd.read_csv(DATA / "icc_multirater_40x3x15.csv.gz")
    holed = published.copy()
    holed[1, 2, 0] = np.nan
    many = long.sort_values(["subject", "rater"]).iloc[:, 2:].to_numpy(float).reshape(40, 3, 15)
    ours = {
        "shrout_fleiss_1979": without_ambiguity(of_feature(published)),
        "shrout_fleiss_1979_ci90": without_ambiguity(of_feature(published, level=0.9)),
        "constant_offset": of_offset(one_feature("icc_constant_offset.csv")),
        "shrout_fleiss_one_missing_cell_subject2_J3": {"irr_listwise": of_listwise(holed)},
        "multirater": {
            name: without_ambiguity(of_feature(many, feature)) for feature, name in enumerate(long.columns[2:])
        },
    }
    assert findings(read(DATA / "icc_expected.json"), ours, excluded=EXCLUDED) == []


@pytest.mark.shared
def test_the_copies_are_the_files(shared: Path) -> None:
    for name in ("expected.json", "shrout_fleiss_1979.csv", "constant_offset.csv", "multirater_40x3x15.csv.gz"):
        assert (DATA / f"icc_{name}").read_bytes() == (shared / "oracles" / "02_icc" / name).read_bytes()
