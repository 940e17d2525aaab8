"""The registry: what it reads, and every mistake in it told with its row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.errors import DataError
from benchmark.reviews.registry import read_registry

HEADER = "study_id,family,metric,value,split,endpoint_type,model,flags,notes\n"
ROWS = ["one,HRF,auc,0.80,test,binary,a,,", "one,DRF,auc,0.82,test,binary,b,,", "two,HRF,auc,0.70,,,c,,"]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "studies.csv"
        path.write_text(header + "\n".join(rows) + "\n")
        return path

    return written


def test_reads_numbers_and_marks_what_is_not_stated(write: Write) -> None:
    found = read_registry(write(*ROWS))
    assert found["value"].tolist() == [0.8, 0.82, 0.7]
    assert found["split"].tolist() == ["test", "test", "unstated"]
    assert found["endpoint_type"].tolist() == ["binary", "binary", "unstated"]
    assert np.isnan(found["n_total"]).all() and found["row"].tolist() == [2, 3, 4]


def test_flags_and_models_may_stand_in_the_notes(write: Write) -> None:
    found = read_registry(write("one,HRF + DRF,auc,0.8,test,,,,model=fused; flag=do_not_pool; said twice"))
    assert found["model"][0] == "fused" and found["flags"][0] == {"do_not_pool"} and found["family"][0] == "HRF+DRF"


def test_families_of_the_file_are_known(write: Write) -> None:
    path = write("one,delta-HRF,auc,0.8,test,,,,")
    assert read_registry(path, families=["delta-HRF"])["family"][0] == "delta-HRF"
    with pytest.raises(DataError, match="unknown family 'delta-HRF'"):
        read_registry(path)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",HRF,auc,0.8,test,,,,", r"row 5 \(HRF, auc\): the study_id is missing"),
        ("three,HFR,auc,0.8,test,,,,", "unknown family 'HFR'. Did you mean 'HRF'"),
        ("three,HRF,auc,86.2,test,,,,", "found 86.2, expected a fraction from 0 to 1"),
        ("three,HRF,auc,-0.1,test,,,,", "found -0.1, expected a fraction"),
        ("three,HRF,auc,high,test,,,,", "row 5: 'high' in 'value' is not a number"),
        ("three,HRF,auc,0.8,extrenal,,,,", "unknown split 'extrenal'. Did you mean 'external'"),
        ("three,HRF,auc,0.8,test,binray,,,", "unknown endpoint_type 'binray'. Did you mean 'binary'"),
        ("three,HRF,auc,0.8,test,,,do_not_pol,", "unknown flag 'do_not_pol'. Did you mean 'do_not_pool'"),
        ("three,HRF,auc,0.8,test,,,range_end low; range_end high,", "contradicting flags: 'range_end low' and"),
        ("three,HRF,auc,0.8,test,,,range_end low,", "a range has 1 low and 0 high ends"),
        ("three,HRF,,0.8,test,,,,", "a value without a metric"),
        ("one,HRF,auc,0.85,test,binary,a,,", "rows 2 .first: '2', '5'. are one model of one on one split"),
    ],
)
def test_a_wrong_row_is_told(write: Write, row: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_registry(write(*ROWS, row))


def test_ranges_that_contradict_themselves(write: Write) -> None:
    ends = "three,HRF,auc,{},test,,,{},"
    with pytest.raises(DataError, match="the low end of the range is above its high end"):
        read_registry(write(ends.format(0.9, "range_end low"), ends.format(0.8, "range_end high")))
    with pytest.raises(DataError, match="'do_not_pool' at one end of the range and not at the other"):
        read_registry(write(ends.format(0.7, "range_end low; do_not_pool"), ends.format(0.8, "range_end high")))


def test_coefficients_and_counts_are_no_fractions(write: Write) -> None:
    rows = ("one,HRF,spearman_r,-0.4,,,,,", "one,HRF,genes_count,41,,,,,", "one,HRF,likelihood_ratio,1.35,,,,,")
    assert read_registry(write(*rows))["value"].tolist() == [-0.4, 41, 1.35]


def test_what_is_no_registry(write: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no column 'family'. Did you mean 'familly'"):
        read_registry(write("one,HRF,auc,0.8", header="study_id,familly,metric,value\n"))
    with pytest.raises(DataError, match="no rows below the header"):
        read_registry(write())
    with pytest.raises(DataError, match=r"no such file. Did you mean 'studies.csv'"):
        read_registry(tmp_path / "studeis.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="cannot be read as CSV"):
        read_registry(tmp_path / "empty.csv")
