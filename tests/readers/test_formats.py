"""The table formats: what a file holds comes out the same, and a damaged one is told."""

from __future__ import annotations

import gzip
import sys

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.readers import FORMATS, read_table
from benchmark.readers.raw import TableOptions
from benchmark.readers.table_error import TableError

NOTHING = TableOptions()
TABLE = pd.DataFrame(
    {"id": ["007", "a b", "é"], "x": [1.5, np.nan, -2e300], "n": [1, 2, 3], "note": ["a,b", None, "c"]}
)


def write(path, table: pd.DataFrame = TABLE) -> None:
    name = path.name.removesuffix(".gz")
    if name.endswith(".parquet"):
        table.to_parquet(path)
    elif name.endswith((".xlsx", ".xlsm")):
        table.to_excel(path.with_suffix(".xlsx"), index=False)
        path.with_suffix(".xlsx").rename(path)
    else:
        table.to_csv(path, index=False, sep="\t" if name.endswith((".tsv", ".tab")) else ",")


@pytest.mark.parametrize("ending", [*FORMATS, ".csv.gz", ".tsv.gz"])
def test_round_trip(tmp_path, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    write(path)
    raw = read_table(path, NOTHING, frozenset({"id", "note"}))
    assert raw.columns == list(TABLE.columns)
    assert raw.frame["id"].to_list() == TABLE["id"].to_list()
    np.testing.assert_array_equal(raw.frame["x"].to_numpy(float), TABLE["x"])
    assert raw.frame["n"].to_list() == [1, 2, 3]
    assert raw.frame["note"].isna().to_list() == [False, True, False]
    assert raw.place(2) in ("line 4", "row 4", "row 3")


def test_numbers_are_read_exactly(tmp_path) -> None:
    values = np.random.default_rng(0).normal(size=2000) * 10.0 ** np.random.default_rng(1).integers(-200, 200, 2000)
    write(tmp_path / "t.csv", pd.DataFrame({"id": range(2000), "x": values}))
    np.testing.assert_array_equal(read_table(tmp_path / "t.csv", NOTHING).frame["x"], values)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_found(tmp_path, separator: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(separator.join(["id", "x", '"a, b; c"']) + "\n" + separator.join(["1", "2", "3"]) + "\n")
    assert read_table(path, NOTHING).columns == ["id", "x", "a, b; c"]


def test_a_header_longer_than_a_field_may_be(tmp_path) -> None:
    """15,680 deep features: whoever looks for another separator takes the header for one field."""
    names = [f"feature_{number:05d}" for number in range(15_680)]
    path = tmp_path / "drf.csv"
    path.write_text(",".join(["id", *names]) + "\n" + ",".join(["a", *["1.5"] * len(names)]) + "\n")
    assert read_table(path, NOTHING).frame.shape == (1, 15_681)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_and_blanks_in_the_header(tmp_path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\n" id ", x ,größe\r\n1,2,3\r\n\r\n4,5,6\r\n'.encode(encoding))
    raw = read_table(path, NOTHING)
    assert raw.columns == ["id", "x", "größe"]
    assert raw.frame.to_numpy().tolist() == [[1, 2, 3], [4, 5, 6]]
    assert raw.lines.tolist() == [3, 5]


def test_old_line_ends_and_a_gzip_without_its_name(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(b"id,x\r1,2\r3,4", mtime=0))
    assert read_table(path, NOTHING).frame.to_numpy().tolist() == [[1, 2], [3, 4]]


def test_lines_are_counted_through_quoted_line_ends(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,"a\nb"\n1,"x\ny"\n\n2,z\n')
    raw = read_table(path, NOTHING)
    assert raw.columns == ["id", "a\nb"]
    assert raw.lines.tolist() == [3, 6]


def test_a_ragged_row_is_found_beside_quotes(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,x,y\n1,"2,0",3\n2,3\n')
    with pytest.raises(TableError, match="line 3 has 2 fields, the header has 3") as caught:
        read_table(path, NOTHING)
    assert caught.value.code == "RB001"


def test_parquet_index_with_a_name_is_a_column(tmp_path) -> None:
    TABLE.set_index("id")[["x", "n"]].to_parquet(tmp_path / "t.parquet")
    raw = read_table(tmp_path / "t.parquet", NOTHING)
    assert raw.columns == ["id", "x", "n"]
    assert raw.place(0) == "row 1"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("t.parquet", "t.parquet: cannot be read as Parquet: "),
        ("t.xlsx", "t.xlsx: cannot be read as an Excel workbook: "),
    ],
)
def test_damaged_files(tmp_path, name: str, message: str) -> None:
    (tmp_path / name).write_bytes(b"no such thing")
    with pytest.raises(TableError) as caught:
        read_table(tmp_path / name, NOTHING)
    assert caught.value.code == "RB001"
    assert str(caught.value).startswith(message)


def test_empty_parquet_and_sheet(tmp_path) -> None:
    write(tmp_path / "t.parquet", TABLE.iloc[:0])
    write(tmp_path / "t.xlsx", TABLE.iloc[:0])
    write(tmp_path / "e.xlsx", pd.DataFrame())
    told = {
        "t.parquet": "t.parquet: 4 columns but no rows.",
        "t.xlsx": "t.xlsx[Sheet1]: a header of 4 columns but no rows.",
        "e.xlsx": "e.xlsx[Sheet1]: the sheet is empty. Expected a header and one row per case.",
    }
    for name, message in told.items():
        with pytest.raises(TableError) as caught:
            read_table(tmp_path / name, NOTHING)
        assert (caught.value.code, str(caught.value)) == ("RB002", message)


def test_sheets(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        TABLE.to_excel(book, sheet_name="first", index=False)
        TABLE[["id", "x"]].to_excel(book, sheet_name="second", index=False, startrow=2)
    raw = read_table(path, TableOptions(sheet="second"))
    assert raw.columns == ["id", "x"]
    assert (raw.name, raw.place(0)) == ("book.xlsx[second]", "row 4")
    with pytest.raises(ConfigError) as caught:
        read_table(path, NOTHING)
    assert str(caught.value) == "book.xlsx has 2 sheets: first, second. Say which: sheet: ..."
    with pytest.raises(ConfigError) as caught:
        read_table(path, TableOptions(sheet="Secnd"))
    assert str(caught.value) == "book.xlsx: unknown sheet 'Secnd'. Did you mean 'second'? Known: first, second"


def test_excel_without_openpyxl(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "t.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ConfigError) as caught:
        read_table(tmp_path / "t.xlsx", NOTHING)
    assert str(caught.value) == "t.xlsx: reading Excel needs openpyxl: pip install 'radbench[excel]'"


def test_cells_beside_the_header_are_a_column_without_a_name(tmp_path) -> None:
    table = pd.DataFrame([["id", "x", None], [1, 2, None], [3, 4, "see mail"]])
    table.to_excel(tmp_path / "t.xlsx", index=False, header=False)
    assert read_table(tmp_path / "t.xlsx", NOTHING).columns == ["id", "x", ""]
