"""Wrong tables and wrong declarations: each with the whole message, and its place in the YAML or its code."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
import yaml
from pydantic import ValidationError

from benchmark.errors import ConfigError
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.table_error import TableError
from benchmark.yaml_file import first_mistake

HRF = "patient_id,f1,f2\nP1,1.5,10\nP2,2.5,20\nP3,3.5,30\nP4,4.5,40\n"
CLINICAL = (
    "patient_id,age,sex,grade,response,centre\nP1,61,F,low,1,A\nP2,72,M,high,0,A\nP3,55,F,mid,1,B\nP4,48,M,low,0,B\n"
)
SCANS = "patient_id,scan,f1\nP1,1,1\nP1,2,2\nP2,1,1\nP3,1,1\nP4,1,3\n"
COHORT = """
name: small
case: patient_id
blocks:
  HRF: hrf.csv
  clinical: {file: clinical.csv, drop: centre, categorical: sex, ordinal: {grade: [low, mid, high]}}
outcome: {column: response, positive: 1}
batch: centre
"""

TABLES = [
    ("RB001", "hrf.csv", HRF + "P5,1\n",
     "hrf.csv: line 6 has 2 fields, the header has 3 (separator comma; 1 such lines)."),
    ("RB001", "hrf.csv", HRF + "\nP5,1,2,3\nP6,1\n",
     "hrf.csv: line 7 has 4 fields, the header has 3 (separator comma; 2 such lines)."),
    ("RB001", "hrf.csv", HRF.replace("f1", "größe").encode("latin-1"),
     "hrf.csv: line 1 is not UTF-8 (byte 0xf6). Save the table as 'CSV UTF-8'."),
    ("RB001", "hrf.csv", b"PK\x00\x01,2\n3,4\n", "hrf.csv: not a text file: it holds zero bytes. Expected CSV or TSV."),
    ("RB001", "hrf.csv", gzip.compress(HRF.encode(), mtime=0)[:-12],
     "hrf.csv: the gzip file is damaged or cut off (Compressed file ended before the end-of-stream marker was "
     "reached)."),
    ("RB001", "hrf.csv", HRF.replace("4.5,40", '4.5,"40'),
     "hrf.csv: cannot be cut into fields: EOF inside string starting at row 4. Look at its quotes."),
    ("RB001", "hrf.csv", HRF.replace("2.5", '"' + "9" * 200_000 + '"'),
     "hrf.csv: cannot be cut into fields: field larger than field limit (131072). Look at its quotes."),
    ("RB002", "hrf.csv", " \n", "hrf.csv: the file is empty. Expected a header and one row per case."),
    ("RB002", "hrf.csv", "patient_id,f1\n", "hrf.csv: a header of 2 columns but no rows."),
    ("RB003", "hrf.csv", HRF.replace(",", "|"),
     "hrf.csv: only one column came out: 'patient_id|f1|f2' (tried: comma, semicolon, tab). Say how it is cut: "
     'separator: "|".'),
    ("RB004", "hrf.csv", HRF.replace("f2", "f1"),
     "hrf.csv: the header has 'f1' 2 times (columns 2, 3). Rename or remove one."),
    ("RB005", "hrf.csv", HRF + "P2,1,2\n",
     "hrf.csv: 1 (first: 'P2') of 4 ids come more than once (line 3 and line 6). If the rows are readings of one "
     "case: reading: <column>; if one patient owns several cases: case: [<patient>, <lesion>]."),
    ("RB006", "hrf.csv", HRF + " ,1,2\n",
     "hrf.csv: 1 of 5 rows have no id in 'patient_id' (first: line 6). Give it one, or set missing_cases: drop or "
     "impute."),
    ("RB007", "hrf.csv", HRF.replace("P", "LUNG1-00"),
     "hrf.csv: none of its 4 ids is in clinical.csv ('LUNG1-001' here, 'P1' there). Expected the same ids."),
    ("RB008", "hrf.csv", HRF.replace("P2,2.5,20\n", "").replace("P4,4.5,40", "P4,,"),
     "hrf.csv: no row for 2 (first: 'P2', 'P4') of 4 cases in HRF (1 of them: a row without any value). "
     "Set missing_cases: drop, impute or keep."),
    ("RB009", "hrf.csv", HRF.replace("3.5", "high"),
     "hrf.csv: column 'f1' holds text in 1 of 4 rows (first: 'high', line 4). Declare categorical, ordinal or "
     "missing_codes for 'f1', or drop it."),
    ("RB009", "hrf.csv", "patient_id,f1,f2\n\nP1,True,1\nP2,False,2\nP3,True,3\nP4,False,4\n",
     "hrf.csv: column 'f1' holds text in 4 of 4 rows (first: 'True', line 3). Declare categorical, ordinal or "
     "missing_codes for 'f1', or drop it."),
    ("RB009", "hrf.csv", "patient_id;f1;f2\nP1;1,5;1\nP2;2,5;2\nP3;1,5;3\nP4;1,5;4\n",
     "hrf.csv: column 'f1' holds text in 4 of 4 rows (first: '1,5', line 2). If this is a decimal comma: decimal: "
     "','."),
    ("RB010", "clinical.csv", CLINICAL.replace("mid", "Mid"),
     "clinical.csv: column 'grade' has the value 'Mid' (line 4), which is no level of ordinal. Did you mean 'mid'? "
     "Levels: low, mid, high"),
    ("RB012", "clinical.csv", CLINICAL.replace(",0,", ",1,"),
     "clinical.csv: 4 cases are left, of class '1' only. Expected two classes or more."),
    ("RB013", "clinical.csv", CLINICAL.replace("1,B", "1,"),
     "clinical.csv: no batch ('centre') for 1 (first: 'P3') of 4 cases. Fill it in, or set missing_cases: drop."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "content", "message"), TABLES)
def test_wrong_table(refused, folder, code: str, name: str, content: str | bytes, message: str) -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    error = refused(COHORT)
    assert isinstance(error, TableError)
    assert (error.code, str(error)) == (code, message)


BLOCK = ("cohort", "blocks", "HRF")
DECLARATIONS = [
    # (what of COHORT is replaced, by what, more tables, place of the key or code of the table, message)
    ("HRF: hrf.csv", "HRF: hfr.csv", {}, (*BLOCK, "file"),
     "no file 'hfr.csv'. Did you mean 'hrf.csv'? Looked in: {folder}. RADBENCH_DATA is not set."),
    ("HRF: hrf.csv", "HRF: tables/hrf.csv", {}, (*BLOCK, "file"),
     "no file 'tables/hrf.csv'. There is no folder '{folder}/tables'. Looked in: {folder}/tables. RADBENCH_DATA is "
     "not set."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, readings: [hrf2.csv]}", {}, (*BLOCK, "readings", 0),
     "no file 'hrf2.csv'. Did you mean 'hrf.csv'? Looked in: {folder}. RADBENCH_DATA is not set."),
    ("HRF: hrf.csv", "HRF: hrf.doc", {"hrf.doc": "x"}, BLOCK,
     "hrf.doc: unknown table format '.doc'. Known: .csv, .tsv, .tab, .txt, .parquet, .xlsx, .xlsm (text also .gz)"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, separator: ';'}", {}, "RB003",
     "hrf.csv: only one column came out: 'patient_id,f1,f2' (tried: ';'). Say how it is cut: separator: \"|\"."),
    ("case: patient_id", "case: PatientID", {}, ("cohort", "case"),
     "hrf.csv: unknown column 'PatientID'. Did you mean 'patient_id'? Known: patient_id, f1, f2"),
    ("categorical: sex", "categorical: [sex, grade]", {}, ("cohort", "blocks", "clinical", "ordinal", "grade"),
     "'grade' is categorical and ordinal: choose one"),
    ("categorical: sex", "categorical: Sx", {}, ("cohort", "blocks", "clinical", "categorical", 0),
     "clinical.csv: unknown column 'Sx'. Did you mean 'sex'? Known: patient_id, age, sex, grade, response, centre"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, columns: [f1, orig_*]}", {}, (*BLOCK, "columns", 1),
     "hrf.csv: unknown column 'orig_*'. Known: patient_id, f1, f2"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, drop: 'g?'}", {}, (*BLOCK, "drop", 0),
     "hrf.csv: unknown column 'g?'. Known: patient_id, f1, f2"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, missing_codes: {F1: 0}}", {}, (*BLOCK, "missing_codes", "F1"),
     "hrf.csv: unknown column 'F1'. Did you mean 'f1'? Known: patient_id, f1, f2"),
    ("file: clinical.csv,", "file: clinical.csv, columns: [age, sex, grade, response],", {},
     ("cohort", "blocks", "clinical", "columns", 3), "'response' is the outcome: it cannot be a feature"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, drop: f*}", {}, "RB014",
     "hrf.csv: no feature is left: the other columns are ids, labels or dropped."),
    ("column: response", "column: respons", {}, ("cohort", "outcome", "column"),
     "hrf.csv, clinical.csv: unknown column 'respons'. Did you mean 'response'? Known: patient_id, age, sex, grade, "
     "response, centre, f1, f2"),
    ("positive: 1", "positive: 2", {}, ("cohort", "outcome", "positive"),
     "clinical.csv, outcome 'response': no class '2'. Found: '0' (2), '1' (2)"),
    ("positive: 1", "positive: yes", {}, ("cohort", "outcome", "positive"),
     "clinical.csv, outcome 'response': no class 'True'. YAML reads an unquoted yes, no, true or false as a truth "
     "value: use quotes. Found: '0' (2), '1' (2)"),
    (", positive: 1", "", {}, ("cohort", "outcome"),
     "clinical.csv, outcome 'response': say which class is positive: '0' (2), '1' (2)"),
    ("positive: 1", "positive: 1, negative: [0, 1]", {}, ("cohort", "outcome", "negative"),
     "clinical.csv, outcome 'response': '1' is positive and negative"),
    ("positive: 1", "positive: 1, negative: none", {}, ("cohort", "outcome", "negative"),
     "clinical.csv, outcome 'response': no class 'none'. Found: '0' (2), '1' (2)"),
    ("batch: centre", "missing_cases: drop",
     {"hrf.csv": "patient_id,f1\nP1,1\nP3,2\nP9,3\n"}, "RB012",
     "clinical.csv: 2 cases are left, of class '1' only. Expected two classes or more. (1 dropped: no outcome; "
     "2 dropped: no row)"),
    ("batch: centre", "batch: {column: c, file: b.csv}", {"b.csv": "patient_id,c\n1,A\n2,B\n"}, "RB007",
     "b.csv: no case of the cohort has a value of 'c' ('P1' there, '1' here)."),
    ("batch: centre", "batch: {column: c, file: b.csv}", {"b.csv": "patient_id,c\nP1,A\nP1,B\n"}, "RB005",
     "b.csv: 1 (first: 'P1') of 1 cases have several values of 'c' ('P1': 'A', 'B'). Expected one row per case."),
    ("batch: centre", "batch: {column: centre, block: clincal}", {}, ("cohort", "batch", "block"),
     "unknown block 'clincal'. Did you mean 'clinical'? Known: HRF, clinical"),
    ("batch: centre", "batch: centre", {"hrf.csv": "patient_id,f1,centre\nP1,1,A\nP2,2,B\nP3,3,B\nP4,4,B\n"},
     ("cohort", "batch"),
     "'centre' is in hrf.csv and in clinical.csv with other values for 1 (first: 'P2') cases. Say which: file or "
     "block."),
    ("batch: centre", "role: {column: s, file: r.csv, values: {train: train, tune: internal}}",
     {"r.csv": "patient_id,s\nP1,train\nP2,test\nP3,test\nP4,tune\n"}, ("cohort", "role", "values"),
     "r.csv: 's' has the value 'test' (2 cases), which is given no role. Say it: values: {{test: train | tune | "
     "internal | external}}"),
    ("batch: centre", "role: {column: s, file: r.csv, values: {train: train, tset: external, test: external}}",
     {"r.csv": "patient_id,s\nP1,train\nP2,test\nP3,test\nP4,train\n"}, ("cohort", "role", "values", "tset"),
     "r.csv, 's': unknown value 'tset'. Did you mean 'test'? Known: test, train"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, readings: r2.csv}", {"r2.csv": HRF.replace("f2", "g2")}, "RB011",
     "r2.csv: 1 (first: 'f2') of 2 features of hrf.csv are not in it. Readings need the same features."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, readings: r2.csv}", {"r2.csv": HRF.replace("P", "X")}, "RB007",
     "reading 2 of hrf.csv: none of its 4 ids is in hrf.csv ('X1' here, 'P1' there). Expected the same ids."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: scan}", {"hrf.csv": SCANS + "P1,2,3\n"}, "RB005",
     "hrf.csv, scan 2: 1 (first: 'P1') of 1 ids come more than once (line 3 and line 7). If the rows are readings of "
     "one case: reading: <column>; if one patient owns several cases: case: [<patient>, <lesion>]."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: scan}", {"hrf.csv": SCANS + "P2,,3\n"}, "RB006",
     "hrf.csv: 1 rows have no value of 'scan' (first: line 7). Expected the reading of each row."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: scan, only: {scan: 1}}", {"hrf.csv": SCANS}, "RB011",
     "hrf.csv: 'scan' is always '1': there is only one reading."),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: {column: scan, order: [2]}}", {"hrf.csv": SCANS},
     (*BLOCK, "reading"), "hrf.csv: 'scan' has 1 (first: '1') values that are not in order"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: {column: scan, order: [1, 3]}}", {"hrf.csv": SCANS},
     (*BLOCK, "reading"), "hrf.csv, 'scan': unknown value '3'. Known: 1, 2"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, only: {scan: 3}}", {"hrf.csv": SCANS}, (*BLOCK, "only", "scan"),
     "hrf.csv, column 'scan': unknown value '3'. Known: 1, 2"),
    ("batch: centre", "only: {arm: 1}", {}, ("cohort", "only", "arm", "column"),
     "hrf.csv, clinical.csv: unknown column 'arm'. Known: patient_id, age, sex, grade, response, centre, f1, f2"),
    ("batch: centre", "patient: {column: owner, file: p.csv}\ncovariates: tumor_size",
     {"p.csv": "patient_id,owner\nP1,a\nP2,b\nP3,c\nP4,d\n"}, ("cohort", "covariates", "tumor_size", "column"),
     "hrf.csv, clinical.csv, p.csv: unknown column 'tumor_size'. Known: patient_id, owner, age, sex, grade, response, "
     "centre, f1, f2"),
    ("file: clinical.csv,", "file: owners.csv, per: patient,",
     {"owners.csv": CLINICAL.replace("P", "Z").replace("patient_id", "owner"),
      "hrf.csv": "patient_id,owner,f1\nP1,a,1\nP2,a,2\n"}, "RB007",
     "owners.csv: none of its 4 ids is a patient ('Z1' here, 'a' there)."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "tables", "place", "message"), DECLARATIONS)
def test_wrong_declaration(
    refused: Callable[..., Exception], folder, old: str, new: str, tables: dict[str, str], place: object, message: str
) -> None:
    text = COHORT.replace(old, new)
    if "per: patient" in text:
        text = text.replace("batch: centre", "patient: owner")
    error = refused(text, tables)
    assert str(error) == message.format(folder=folder)
    if isinstance(place, str):
        assert isinstance(error, TableError)
        assert error.code == place
    else:
        assert isinstance(error, ConfigError)
        assert error.path == place


def test_too_many_classes(refused) -> None:
    rows = range(30)
    tables = {
        "hrf.csv": "patient_id,f1\n" + "".join(f"Q{row:02d},1\n" for row in rows),
        "clinical.csv": "patient_id,age,tmb\n" + "".join(f"Q{row:02d},5,{row + 10}.5\n" for row in rows),
    }
    text = "name: n\ncase: patient_id\nblocks: {HRF: hrf.csv, clinical: clinical.csv}\noutcome: tmb\n"
    assert str(refused(text, tables)) == (
        "clinical.csv, outcome 'tmb': 30 values, expected a few classes: '10.5' (1), '11.5' (1), '12.5' (1), "
        "'13.5' (1), '14.5' (1), '15.5' (1), '16.5' (1), '17.5' (1), '18.5' (1), '19.5' (1), ..."
    )


SHAPES = [
    ("outcome: {column: response", "outcome: {colum: response", ("outcome", "colum"),
     "unknown key 'colum'. Did you mean 'column'? Known: sheet, separator, decimal, case, only, file, block, per, "
     "column, positive, negative, merge"),
    ("case: patient_id\n", "", (), "the key 'case' is missing"),
    ("case: patient_id", "case: 3", ("case",), "'case' should be a name or a list of names, found 3"),
    ("HRF: hrf.csv", "HRF: {family: HRF}", ("blocks", "HRF"), "the key 'file' is missing"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, separator: ', '}", ("blocks", "HRF", "separator"),
     "'separator' should be one character, or tab, found ', '"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, reading: scan, readings: a.csv}", ("blocks", "HRF"),
     "'HRF' should name its readings in one way, not by readings and reading, found {'file': 'hrf.csv', 'reading': "
     "'scan', 'readings': 'a.csv'}"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, test_retest: [a.csv]}", ("blocks", "HRF", "test_retest"),
     "'test_retest' should name two or more files, or one file and the column that tells its readings apart, found "
     "['a.csv']"),
    ("HRF: hrf.csv", "HRF: {file: hrf.csv, missing_codes: {f1: [[0]]}}", ("blocks", "HRF", "missing_codes", "f1"),
     "'f1' should be a single text or number, found [[0]]"),
    ("HRF: hrf.csv", "A+B: hrf.csv", ("blocks",),
     "'blocks' should have block names without '+', '::' and '@', not 'A+B', found {'A+B': 'hrf.csv', 'clinical': "
     "{'file': 'clinical.csv', '..."),
    ("batch: centre", "batch: {column: centre, file: a.csv, block: HRF}", ("batch",),
     "'batch' should name a file or a block, not both, found {'column': 'centre', 'file': 'a.csv', 'block': 'HRF'}"),
    ("batch: centre", "role: {column: centre, values: {A: train, B: extrnal}}", ("role", "values", "B"),
     "unknown B 'extrnal'. Did you mean 'external'? Known: train, tune, internal, external"),
    ("batch: centre", "missing_cases: ignore", ("missing_cases",),
     "unknown missing_cases 'ignore'. Known: error, drop, impute, keep"),
    ("file: clinical.csv,", "file: clinical.csv, per: patient,", (),
     "the file should declare patient, as a table has one row per patient, found {'name': 'small', 'case': "
     "'patient_id', 'blocks': {'HRF':..."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "message"), SHAPES)
def test_wrong_shape(old: str, new: str, place: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CohortDeclaration.model_validate(yaml.safe_load(COHORT.replace(old, new)))
    error = first_mistake(caught.value)
    assert (error.path, str(error)) == (place, message)
