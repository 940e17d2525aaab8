"""Every code has something that triggers it, something near that does not, and its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.checks import CHECKS, CODES, Finding, check_cohort, finding_of
from benchmark.cohort import Block, Cohort, Dropped
from benchmark.errors import DataError
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import load_cohort
from benchmark.readers.table_error import TableError
from benchmark.reliability import Readings

PROJECT = Path(__file__).resolve().parents[1]
N = 60
CASES = pd.Index([f"C{k:02d}" for k in range(N)], name="case")
Y = np.arange(N) % 2


def table(seed: int = 0, k: int = 12) -> pd.DataFrame:
    values = np.random.default_rng(seed).lognormal(size=(N, k))
    return pd.DataFrame(values, index=CASES, columns=[f"f{j}" for j in range(k)])


def series(values: object) -> pd.Series:
    return pd.Series(values, index=CASES, dtype=object)


def cohort(*blocks: Block, **labels: object) -> Cohort:
    named = {block.name: block for block in blocks or (Block("HRF", "HRF", table()),)}
    given = {"outcome": series([str(y) for y in Y]), "classes": ("0", "1"), "patient": series(CASES), **labels}
    return Cohort(name="test", blocks=named, **given)  # type: ignore[arg-type]


def image(readings: Readings | None = None, **columns: object) -> Block:
    return Block("HRF", "HRF", table().assign(**columns), readings=readings)


def with_row(case: str, values: object) -> Block:
    changed = table()
    changed.loc[case] = values
    return Block("HRF", "HRF", changed)


def clinical(categorical: tuple[str, ...] = (), **columns: object) -> Block:
    return Block("clinical", "clinical", pd.DataFrame(columns, index=CASES), image=False, categorical=categorical)


def readings(values: np.ndarray, *, external: bool = False) -> Readings:
    subjects = CASES[: len(values)] if external else pd.Index([f"S{k}" for k in range(len(values))])
    return Readings(subjects, tuple(f"r{k}" for k in range(values.shape[2])), values, external=external)


RNG = np.random.default_rng(7)
AGE = RNG.normal(60, 8, N).round(1)
TWICE = RNG.normal(size=(N, 2, 3))
ROLE = ["train"] * 40 + ["external"] * 20

TRIGGERS: dict[str, Callable[[], Cohort]] = {
    "RB020": lambda: cohort(dropped=(Dropped("cases", "HRF", 2, "no row", ("P1", "P2")),)),
    "RB021": lambda: cohort(dropped=(Dropped("columns", "hrf.csv", 1, "the outcome", ("y",)),)),
    "RB030": lambda: cohort(image(c=1.0, d=2.0)),
    "RB031": lambda: cohort(image(copy=table()["f3"]), clinical(size=table()["f4"])),
    "RB032": lambda: cohort(image(m=np.where(np.arange(N) < 31, np.nan, table()["f0"]))),
    "RB033": lambda: cohort(image(i=np.where(np.arange(N) == 3, np.inf, table()["f0"]))),
    "RB034": lambda: cohort(image(big=table()["f0"] * 1e11)),
    "RB035": lambda: cohort(image(label=np.where(Y, 2.5, -1.0)), clinical(("word",), word=np.where(Y, "sick", "well"))),
    "RB036": lambda: cohort(image(near=np.where(np.arange(N) == 0, 110, 100 * Y + np.arange(N)))),
    "RB037": lambda: cohort(clinical(age=np.where(np.arange(N) % 11 == 0, 0, AGE))),
    "RB038": lambda: cohort(image(original_shape_MeshVolume=np.where(np.arange(N) < 5, -3.0, 1000 + AGE))),
    "RB039": lambda: cohort(image(row=np.arange(N) + 1.0, patient_id=np.arange(N) * 7.0)),
    "RB040": lambda: cohort(Block("HRF", "HRF", (table() - table().mean()) / table().std())),
    "RB050": lambda: cohort(with_row("C05", table().loc["C04"])),
    "RB051": lambda: cohort(with_row("C05", 0.0)),
    "RB060": lambda: cohort(outcome=series(["1"] * 4 + ["0"] * (N - 4))),
    "RB061": lambda: cohort(Block("HRF", "HRF", table(k=301))),
    "RB062": lambda: cohort(role=series(["train"] * 59 + ["internal"])),
    "RB063": lambda: cohort(role=series(ROLE), patient=series(["X", *CASES[1:-1], "X"])),
    "RB070": lambda: cohort(batch=series(["A"] * 55 + ["B"] * 4 + ["C"])),
    "RB071": lambda: cohort(batch=series(np.where((Y == 1) ^ (np.arange(N) < 10), "A", "B"))),
    "RB072": lambda: cohort(role=series(ROLE), batch=series(["A"] * 20 + ["B"] * 20 + ["C"] * 20)),
    "RB073": lambda: cohort(
        clinical(afp=np.where(np.arange(N) < 30, 1, 1000) * AGE), batch=series(["A", "B"] * 15 + ["C", "D"] * 15)
    ),
    "RB074": lambda: cohort(covariates=pd.DataFrame({"age": np.where(np.arange(N) < 3, np.nan, AGE)}, index=CASES)),
    "RB080": lambda: cohort(
        image(readings(np.concatenate([TWICE[:, :1], np.concatenate([TWICE[:, :1, :2], TWICE[:, 1:, 2:]], 2)], 1)))
    ),
    "RB081": lambda: cohort(image(readings(TWICE[:9]))),
    "RB082": lambda: cohort(image(readings(TWICE, external=True))),
}
MESSAGES = {
    "RB020": "HRF: 2 (first: 'P1', 'P2') cases: no row",
    "RB021": "hrf.csv: 1 (first: 'y') columns: the outcome",
    "RB030": "HRF: 2 (first: 'c', 'd') of 14 columns are constant",
    "RB031": "HRF: 1 (first: 'copy = HRF::f3') of 13 columns repeat another one",
    "RB032": "HRF: 1 (first: 'm 52 %') of 13 columns are mostly missing",
    "RB033": "HRF: infinite values in 1 (first: 'i') columns",
    "RB034": "HRF: values beyond 1e+10 in 1 (first: 'big') columns, up to 6.9e+11",
    "RB035": "HRF: 1 (first: 'label') features are the outcome in another coding",
    "RB036": "HRF: alone, 1 (first: 'near 0.994') features reach an AUC above 0.98",
    "RB037": "clinical: may stand for a missing value: 1 (first: 'age 0 (6 times)')",
    "RB038": "HRF: 5 of 60 values of original_shape_MeshVolume are negative",
    "RB039": "HRF: 2 (first: 'row', 'patient_id') columns look like a row number or an id",
    "RB040": "HRF: the columns have mean 0 and SD 1 over all cases: they were standardised before any split",
    "RB050": "HRF: the same features in 1 (first: 'C04 = C05') groups of cases; 1 of them with different outcomes",
    "RB051": "HRF: one value nearly throughout in the rows of 1 (first: 'C05') cases",
    "RB060": "cohort: class '1' has 4 patients to train on, fewer than 5 folds",
    "RB061": "cohort: 30 cases in the smallest class, but features: HRF 301",
    "RB062": "cohort: none of the 1 cases with role internal has class 0",
    "RB063": "cohort: 1 (first: 'X') patients have cases in several roles",
    "RB070": "cohort: 2 (first: 'C 1', 'B 4') of 3 batches have fewer than 10 cases",
    "RB071": "cohort: share of class '1' by batch: A 83 % of 30, B 17 % of 30 (Cramer's V 0.67)",
    "RB072": "cohort: 1 (first: 'C') batches (20 cases) have no training case: ComBat needs a policy for unseen "
    "batches",
    "RB073": "clinical: medians differ between batches as if units did: 1 (first: 'afp x1047')",
    "RB074": "cohort: the covariate 'age' is missing in 3 of 60 cases",
    "RB080": "HRF: 2 (first: 'r0', 'r1') of 3 features are identical in all readings: were they read again?",
    "RB081": "HRF: 9 subjects have repeated readings, fewer than 10",
    "RB082": "HRF: 60 (first: 'C00', 'C01', 'C02') subjects of test_retest have the name of a case",
}


def found(given: Cohort, **options: int) -> dict[str, list[Finding]]:
    findings: dict[str, list[Finding]] = {}
    for finding in check_cohort(given, **options):
        findings.setdefault(finding.code, []).append(finding)
    return findings


def test_a_plain_cohort_has_no_finding() -> None:
    assert check_cohort(cohort(image(), clinical(age=AGE))) == []


@pytest.mark.parametrize("code", TRIGGERS)
def test_trigger(code: str) -> None:
    findings = found(TRIGGERS[code]())
    assert code in findings, findings
    first = findings[code][0]
    assert f"{first.where}: {first.message}" == MESSAGES[code]
    assert str(first) == f"{code} {CODES[code].level} {MESSAGES[code]}"
    assert "\n" not in str(first)


NEAR: dict[str, Callable[[], Cohort]] = {
    "RB030": lambda: cohort(image(c=np.where(np.arange(N) == 0, 1.0, 2.0))),
    "RB031": lambda: cohort(image(copy=table()["f3"] + 1e-9, c=1.0, d=1.0)),
    "RB032": lambda: cohort(image(m=np.where(np.arange(N) < 30, np.nan, table()["f0"]))),
    "RB034": lambda: cohort(image(big=table()["f0"] * 1e8)),
    "RB035": lambda: cohort(image(label=np.where(np.arange(N) == 0, 1 - Y, Y))),
    "RB036": lambda: cohort(image(far=Y + np.log(table()["f0"]))),
    "RB037": lambda: cohort(clinical(age=AGE, stage=np.arange(N) % 5, afp=np.r_[0, np.arange(N - 1)] / 3.0)),
    "RB038": lambda: cohort(image(original_shape_MeshVolume=AGE - AGE.mean(), delta_Volume=-AGE)),
    "RB039": lambda: cohort(image(count=np.arange(N) * 3.0)),
    "RB040": lambda: cohort(Block("HRF", "HRF", np.log(table(k=50)))),
    "RB050": lambda: cohort(clinical(sex=Y * 1.0, t=np.arange(N) % 3, a=1.0 * Y, b=1.0 * Y, c=np.arange(N) % 3)),
    "RB062": lambda: cohort(role=series(ROLE)),
    "RB063": lambda: cohort(role=series(ROLE), patient=series(["X", "X", *CASES[2:]])),
    "RB070": lambda: cohort(batch=series(["A"] * 50 + ["B"] * 10)),
    "RB071": lambda: cohort(batch=series(["A"] * 30 + ["B"] * 30)),
    "RB072": lambda: cohort(role=series(ROLE), batch=series(["A", "B"] * 30)),
    "RB073": lambda: cohort(clinical(afp=AGE * ([1] * 30 + [20] * 30)), batch=series(["A"] * 30 + ["B"] * 30)),
    "RB080": lambda: cohort(image(readings(np.where(np.arange(3) == 1, 5.0, TWICE)))),
    "RB081": lambda: cohort(image(readings(TWICE[:10]))),
    "RB082": lambda: cohort(image(readings(TWICE, external=False))),
}  # fmt: skip


@pytest.mark.parametrize("code", NEAR)
def test_near_but_not(code: str) -> None:
    assert code not in found(NEAR[code]())


def test_rare_class_counts_patients_in_training() -> None:
    given = cohort(patient=series(["X"] * 54 + list(CASES[54:])))
    assert "RB060" in found(given)
    assert "RB060" not in found(given, folds=4)
    assert "RB060" in found(cohort(role=series(["external"] * 54 + ["train"] * 6)), folds=4)


def test_auc_of_each_feature_is_that_of_all_pairs() -> None:
    from benchmark.checks.features import feature_aucs

    values = np.round(RNG.normal(size=(N, 30)), 1)  # ties
    values[RNG.uniform(size=values.shape) < 0.2] = np.nan
    values[3, 0], values[4, 0], values[5, 1] = np.inf, -np.inf, np.inf
    values[Y == 1, 2] = np.nan
    expected = []
    for column in values.T:
        positive, negative = column[(Y == 1) & ~np.isnan(column)], column[(Y == 0) & ~np.isnan(column)]
        pairs = [float(a > b) + 0.5 * float(a == b) for a in positive for b in negative]
        expected.append(np.mean(pairs) if len(positive) >= 10 else np.nan)
    np.testing.assert_allclose(feature_aucs(values, Y), expected, atol=1e-12)


def test_several_classes() -> None:
    labels = np.array(["a", "b", "c"], object)[np.arange(N) % 3]
    given = cohort(
        image(same=(np.arange(N) % 3) * 2.0, other=(np.arange(N) % 4) * 1.0),
        outcome=series(labels),
        classes=("a", "b", "c"),
    )
    findings = found(given)
    assert [one.message for one in findings["RB035"]] == [
        "1 (first: 'same') features are the outcome in another coding"
    ]
    assert "RB036" not in findings


def test_outcome_with_missing_values_is_still_the_outcome() -> None:
    assert "RB035" in found(cohort(image(label=np.where(np.arange(N) < 9, np.nan, 1.0 - Y))))


def test_standardised_in_each_batch() -> None:
    batch = series(["A"] * 30 + ["B"] * 30)
    levelled = table().groupby(batch).transform(lambda one: (one - one.mean()) / one.std())
    shifted = Block("HRF", "HRF", levelled.assign(f0=levelled["f0"] + 0.0))
    assert "RB040" in found(cohort(shifted, batch=batch))
    assert "RB040" not in found(cohort(Block("HRF", "HRF", table()), batch=batch))


def test_errors_come_first() -> None:
    given = replace(TRIGGERS["RB035"](), dropped=(Dropped("columns", "t", 1, "the outcome"),))
    levels = [finding.level for finding in check_cohort(given)]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_checks_bear_any_cohort(check) -> None:
    """All missing, one case per class, categorical only, a column without a name."""
    cases = pd.Index(["A", "B"], name="case")
    empty = pd.DataFrame({"f": [np.nan, np.nan], "": [1.0, 2.0]}, index=cases)
    words = pd.DataFrame({"w": pd.Series(["x", np.nan], index=cases, dtype=object)})
    blocks = {"E": Block("E", "E", empty), "W": Block("W", "W", words, image=False, categorical=("w",))}
    own = pd.Series(["A", "B"], index=cases, dtype=object)
    role = pd.Series(["train", "external"], index=cases, dtype=object)
    outcome = pd.Series(["0", "1"], index=cases, dtype=object)
    given = Cohort("tiny", blocks, outcome, ("0", "1"), patient=own, batch=own, role=role)
    with np.errstate(all="raise"):
        assert all(finding.code in CODES for finding in check(given))


HRF = "id,f,g\nA,1,2\nB,2,3\n"
LOADING = {
    "RB001": {"hrf.csv": HRF + "C,1\n"},
    "RB002": {"hrf.csv": "id,f\n"},
    "RB003": {"hrf.csv": HRF.replace(",", "|")},
    "RB004": {"hrf.csv": HRF.replace("g", "f")},
    "RB005": {"hrf.csv": HRF + "A,1,2\n"},
    "RB006": {"hrf.csv": HRF + ",1,2\n"},
    "RB007": {"hrf.csv": HRF.replace("A", "X").replace("B", "Y")},
    "RB008": {"hrf.csv": HRF.replace("B,2,3", "B,,")},
    "RB009": {"hrf.csv": HRF.replace("3", "three")},
    "RB010": {"hrf.csv": HRF, "block": {"ordinal": {"g": [2]}}},
    "RB011": {"hrf.csv": HRF, "r.csv": "id,f\nA,1\n", "block": {"readings": "r.csv"}},
    "RB012": {"hrf.csv": HRF, "y.csv": "id,y,b\nA,1,x\nB,1,x\n"},
    "RB013": {"hrf.csv": HRF, "y.csv": "id,y,b\nA,1,x\nB,0,\n"},
    "RB014": {"hrf.csv": HRF, "block": {"drop": "*"}},
    "RB015": {"hrf.csv": "id,f,g,h\nA,1,2,5\nB,0,-3,6\n", "more": {"follow_up": {"time": "g", "event": "f"}}},
    "RB016": {"hrf.csv": HRF, "more": {"subgroups": [{"column": "b", "cut": [1]}]}},
}


@pytest.mark.parametrize("code", LOADING)
def test_loading_error_is_one_line_with_its_code(code: str, tmp_path: Path) -> None:
    given = {"y.csv": "id,y,b\nA,1,x\nB,0,x\n", **LOADING[code]}
    block = {"file": "hrf.csv", **given.pop("block", {})}  # type: ignore[dict-item]
    more = given.pop("more", {})
    for name, content in given.items():
        (tmp_path / name).write_text(str(content))
    declared = {
        "name": "n", "case": "id", "blocks": {"HRF": block}, "batch": "b",
        "outcome": {"column": "y", "positive": 1, "file": "y.csv"}, **more,  # type: ignore[dict-item]
    }  # fmt: skip
    with pytest.raises(TableError) as caught:
        load_cohort(CohortDeclaration.model_validate(declared), tmp_path)
    finding = finding_of(caught.value)
    assert (finding.code, finding.level) == (code, "error")
    assert f"{finding.where}: {finding.message}" == str(caught.value)
    assert "\n" not in str(finding)


def test_error_without_a_code() -> None:
    assert str(finding_of(DataError("two indexes"))) == "RB001 error cohort: two indexes"


def test_every_code_has_a_trigger() -> None:
    assert {*TRIGGERS, *LOADING} == set(CODES)


def test_every_code_is_documented_under_its_title() -> None:
    text = (PROJECT / "docs" / "checks.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (RB\d{3}) (.+) \((\w+)\)$", text, re.MULTILINE)
    assert headings == [(code, entry.title, entry.level) for code, entry in CODES.items()]
    sections = re.split(r"^##+ .*$", text, flags=re.MULTILINE)
    assert all("*Do:*" in section for section in sections if "*Found by*" in section)
    assert sum("*Found by*" in section for section in sections) == len(CODES)


def test_every_code_in_the_readers_is_known() -> None:
    sources = [
        path.read_text() for part in ("readers", "checks") for path in (PROJECT / "benchmark" / part).glob("*.py")
    ]
    used = set(re.findall(r'"(RB\d{3})"', "".join(sources)))
    assert used == set(CODES)
