"""A copy of held-out rows is found wherever a step can reach it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.holdings import Marks, held_rows, holdings, marks_of, needs_digits
from benchmark.recipe import StepChoice
from benchmark.steps import STEPS
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Rows
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort

COHORT = small_cohort()
TEST = COHORT.cases[::4]
TABLE: list[Any] = []  # a global that a step's code may name


@pytest.fixture(scope="module")
def marks() -> Marks:
    return marks_of(COHORT, TEST)


def whole() -> pd.DataFrame:
    return COHORT.blocks["HRF"].table


@dataclass
class Box:
    content: Any


class Attribute(Standardize):
    def fit(self, X: pd.DataFrame, y: Any = None) -> Attribute:
        self.box_ = Box({"deep": [whole()]})
        return super().fit(X, y)


class OfClass(Standardize):
    values = whole().to_numpy(float)[:, :4]


class OfOutcome(Standardize):
    told = COHORT.codes.to_numpy()


class OfList(Standardize):
    told = COHORT.outcome.tolist()


class OfColumn(Standardize):
    told = pd.Series(COHORT.codes.to_numpy())


class OfGlobal(Standardize):
    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        return super().learn(values if not TABLE else TABLE[0].to_numpy(), rows, y)


def closed(table: pd.DataFrame) -> type[Standardize]:
    class OfClosure(Standardize):
        def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
            return super().learn(table.to_numpy() if values is None else values, rows, y)

    return OfClosure


def mean_of(table: pd.Series, factor: float) -> float:
    return float(table.mean() * factor)


class OfPartial(Standardize):
    helper = partial(mean_of, whole().iloc[:, 2])


def fitted(kind: type[Standardize]) -> Standardize:
    return kind().fit(COHORT.frame(["HRF"]).drop(index=TEST))


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: Attribute, "Attribute.box_.content.deep.0"),
        (lambda: OfClass, "OfClass.values"),
        (lambda: OfOutcome, "OfOutcome.told"),
        (lambda: OfList, "OfList.told"),
        (lambda: OfColumn, "OfColumn.told"),
        (lambda: OfGlobal, "OfGlobal.learn.TABLE"),
        (lambda: closed(whole()), "OfClosure.learn.table"),
        (lambda: OfPartial, "OfPartial.helper.args"),
    ],
)
def test_copy_is_found(
    make: Callable[[], type[Standardize]], where: str, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "TABLE", [whole()])
    assert where in held_rows(fitted(make()), marks)


def test_honest_steps_hold_nothing(marks: Marks) -> None:
    assert held_rows(fitted(Standardize), marks) == ""


def test_few_short_or_common_values_are_no_evidence(marks: Marks) -> None:
    class Innocent(Standardize):
        levels = ("case000", "I", "II")  # one name may be a level
        numbers = whole().loc[TEST].iloc[:4, 0].to_numpy(float)
        training = whole().drop(index=TEST).to_numpy(float)
        frequencies = np.bincount(COHORT.codes)

    assert held_rows(fitted(Innocent), marks) == ""
    assert needs_digits(np.array([0.0, 1.5, -123456.0, 1.234567, 1e-9 * np.pi])).tolist() == [
        False, False, False, True, True
    ]  # fmt: skip


class Reading(Standardize):
    path = Path("table.csv")

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        pd.read_csv(self.path)
        return super().learn(values, rows, y)


def test_step_that_reads_a_file(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf, tmp_path: Path) -> None:
    monkeypatch.setattr(Reading, "path", tmp_path / "table.csv")
    whole().to_csv(Reading.path)
    monkeypatch.setitem(STEPS, "leak", Reading)
    found = {finding.code: finding for finding in holdings(subject_of(None, StepChoice("leak")))}
    assert (found["LA106"].verdict, found["LA107"].verdict) == ("OK", "LEAK")
    assert found["LA107"].message.startswith(f"step standardize opened {tmp_path / 'table.csv'}")


def test_what_a_library_reads_of_itself_is_no_table(monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf) -> None:
    monkeypatch.setattr(Reading, "path", Path(np.__file__).parents[1] / "table-1.dist-info" / "entry_points.txt")
    monkeypatch.setattr(pd, "read_csv", lambda path: path.exists() or sys.audit("open", str(path), "r", 0))
    monkeypatch.setitem(STEPS, "leak", Reading)
    assert {one.verdict for one in holdings(subject_of(None, StepChoice("leak")))} == {"OK"}
