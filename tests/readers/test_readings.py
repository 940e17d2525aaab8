"""Repeated readings: further files, long tables, and test-retest of other subjects."""

from __future__ import annotations

import numpy as np

from benchmark.cohort import Dropped

HEAD = "name: r\ncase: id\noutcome: {column: y, positive: 1, file: y.csv}\n"
Y = "id,y\nA,1\nB,0\nC,1\nD,0\n"
FIRST = "id,f,g,site\nA,1,10,x\nB,2,20,y\nC,3,30,x\nD,4,40,y\n"
nan = np.nan


def test_second_reader_of_some_cases(load) -> None:
    text = HEAD + "blocks: {HRF: {file: a.csv, readings: b.csv, categorical: site}}\n"
    second = "note,g,id,f,site\nz,11,C,33,x\nz,21,A,,x\nz,1,Z,1,x\n"
    cohort = load(text, {"y.csv": Y, "a.csv": FIRST, "b.csv": second})
    readings = cohort.block("HRF").readings
    assert readings is not None and not readings.external
    assert list(readings.subjects) == ["A", "C"]
    assert readings.features == ("f", "g")
    np.testing.assert_array_equal(readings.values, [[[1, 10], [nan, 21]], [[3, 30], [33, 11]]])
    assert cohort.dropped == (Dropped("columns", "b.csv", 1, "no column of the first reading", ("note",)),)


def test_missing_codes_hold_in_every_reading(load) -> None:
    text = HEAD + "blocks: {HRF: {file: a.csv, readings: b.csv, missing_values: -1, drop: site}}\n"
    cohort = load(text, {"y.csv": Y, "a.csv": FIRST.replace("3,30", "-1,30"), "b.csv": "id,f,g\nA,5,-1\nC,6,7\n"})
    readings = cohort.block("HRF").readings
    assert readings is not None
    np.testing.assert_array_equal(readings.values, [[[1, 10], [5, nan]], [[nan, 30], [6, 7]]])


def test_three_readings(load) -> None:
    text = HEAD + "blocks: {HRF: {file: a.csv, readings: [b.csv, c.csv], drop: site}}\n"
    tables = {"y.csv": Y, "a.csv": FIRST, "b.csv": "id,f,g\nA,5,6\n", "c.csv": "id,f,g\nB,7,8\n"}
    readings = load(text, tables).block("HRF").readings
    assert readings is not None
    assert list(readings.subjects) == ["A", "B"]
    np.testing.assert_array_equal(
        readings.values, [[[1, 10], [5, 6], [nan, nan]], [[2, 20], [nan, nan], [7, 8]]]
    )  # fmt: skip


LONG = "id,scan,f,g\nB,10,9,9\nA,2,1,2\nA,10,3,4\nB,2,5,6\nC,2,7,8\nD,2,0,0\n"


def test_long_table_first_reading_is_the_table(load) -> None:
    cohort = load(HEAD + "blocks: {HRF: {file: a.csv, reading: scan}}\n", {"y.csv": Y, "a.csv": LONG})
    block = cohort.block("HRF")
    assert list(block.table.columns) == ["f", "g"]
    assert block.table["f"].to_list() == [1, 5, 7, 0]  # scan 2 comes before scan 10
    assert block.readings is not None
    assert list(block.readings.subjects) == ["A", "B"]
    np.testing.assert_array_equal(block.readings.values, [[[1, 2], [3, 4]], [[5, 6], [9, 9]]])


def test_long_table_in_a_given_order(load) -> None:
    text = HEAD + "blocks: {HRF: {file: a.csv, reading: {column: scan, order: [10, 2]}}}\nmissing_cases: drop\n"
    cohort = load(text, {"y.csv": Y, "a.csv": LONG})
    assert cohort.block("HRF").table["f"].to_dict() == {"A": 3.0, "B": 9.0}
    assert cohort.dropped == (Dropped("cases", "HRF", 2, "no row", ("C", "D")),)


def test_separate_test_retest_study(load) -> None:
    text = HEAD + "blocks: {HRF: {file: a.csv, drop: site, test_retest: [s1.csv, s2.csv]}}\n"
    tables = {
        "y.csv": Y,
        "a.csv": FIRST,
        "s1.csv": "id,g,f\nT1,1,2\nT2,3,4\nT3,0,0\n",
        "s2.csv": "id,f,g\nT2,5,6\nT1,7,8\n",
    }
    readings = load(text, tables).block("HRF").readings
    assert readings is not None and readings.external
    assert list(readings.subjects) == ["T1", "T2"]
    np.testing.assert_array_equal(readings.values, [[[2, 1], [7, 8]], [[4, 3], [5, 6]]])


def test_separate_study_as_a_long_table_with_its_own_names(load) -> None:
    retest = "{files: s.csv, case: subject, reading: scan, only: {roi: T}}"
    text = HEAD + f"blocks: {{HRF: {{file: a.csv, drop: site, test_retest: {retest}}}}}\n"
    scans = "subject,scan,roi,f,g,extra\n1,1,T,1,2,q\n1,2,T,3,4,q\n1,2,N,9,9,q\n2,1,T,5,6,q\n2,2,T,7,8,q\n"
    readings = load(text, {"y.csv": Y, "a.csv": FIRST, "s.csv": scans}).block("HRF").readings
    assert readings is not None and readings.external
    np.testing.assert_array_equal(readings.values, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
