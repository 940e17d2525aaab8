"""From small files to the cohort: joins, codes, labels, missing cases."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import yaml

from benchmark.cohort import Dropped
from benchmark.errors import ConfigError
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import files_of


def test_small_cohort(load) -> None:
    cohort = load()
    assert list(cohort.cases) == ["P1", "P2", "P3", "P4"]
    assert cohort.classes == ("0", "1")
    assert cohort.outcome.to_list() == ["1", "0", "1", "0"]
    assert cohort.codes.to_list() == [1, 0, 1, 0]
    assert cohort.batch is not None and cohort.batch.to_list() == ["A", "A", "B", "B"]
    assert cohort.patient.to_list() == list(cohort.cases)
    assert cohort.block("HRF").table["f2"].to_list() == [10.0, 20.0, 30.0, 40.0]
    assert cohort.block("HRF").table.dtypes.eq(np.float64).all()
    clinical = cohort.block("clinical")
    assert list(clinical.table.columns) == ["age", "sex", "grade"]
    assert clinical.categorical == ("sex",)
    assert clinical.table["sex"].dtype == object
    assert clinical.table["grade"].to_list() == [0.0, 2.0, 1.0, 0.0]
    assert cohort.block("HRF").image and not clinical.image
    assert cohort.families == {"HRF": ("HRF",), "clinical": ("clinical",)}


def test_labels_never_become_features_and_are_counted(load) -> None:
    assert load().dropped == (
        Dropped("columns", "clinical.csv", 1, "the outcome", ("response",)),
        Dropped("columns", "clinical.csv", 1, "the batch", ("centre",)),
    )


def test_order_of_rows_and_columns_of_another_table_do_not_matter(load) -> None:
    first = load()
    for order in itertools.permutations(CLINICAL_LINES[1:]):
        again = load(tables={"clinical.csv": "\n".join([CLINICAL_LINES[0], *order])})
        assert again.fingerprint(again.blocks) == first.fingerprint(first.blocks)


CLINICAL_LINES = [
    "patient_id,age,sex,grade,response,centre",
    "P1,61,F,low,1,A",
    "P2,72,M,high,0,A",
    "P3,55,F,mid,1,B",
    "P4,48,M,low,0,B",
]
SIMPLE = """
name: simple
case: patient_id
blocks: {HRF: hrf.csv}
outcome: {column: y, positive: 1, file: y.csv}
"""


def test_ids_are_text(load) -> None:
    tables = {
        "hrf.csv": "patient_id,f1\n007,1\n 010 ,2\n7,3\n10,4\n",
        "y.csv": "patient_id,y\n10,1\n7,0\n010,1\n007,0\n",
    }
    cohort = load(SIMPLE, tables)
    assert list(cohort.cases) == ["007", "010", "10", "7"]
    assert cohort.block("HRF").table["f1"].to_list() == [1.0, 2.0, 4.0, 3.0]
    assert cohort.outcome.to_list() == ["0", "1", "1", "0"]


def test_whole_numbers_with_decimals_match_whole_numbers(load) -> None:
    tables = {"hrf.csv": "patient_id,f1\n1.0,1\n2.0,2\n", "y.csv": "patient_id,y\n1,0.0\n2,1.0\n"}
    cohort = load(SIMPLE, tables)
    assert list(cohort.cases) == ["1", "2"]
    assert cohort.classes == ("0", "1")


def test_numeric_levels_are_written_without_decimals(load) -> None:
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, categorical: code}")
    tables = {"hrf.csv": "patient_id,f1,code\nA,1,2.0\nB,2,1.0\nC,1,\n", "y.csv": "patient_id,y\nA,0\nB,1\nC,1\n"}
    column = load(text, tables).block("HRF").table["code"]
    assert column.to_list()[:2] == ["2", "1"]
    assert pd.isna(column.iloc[2])


def test_missing_codes_by_column_and_by_table(load) -> None:
    text = SIMPLE.replace(
        "hrf.csv", "{file: hrf.csv, missing_codes: {age: 0, arm: x}, missing_values: [-9, unknown], categorical: arm}"
    )
    tables = {
        "hrf.csv": "patient_id,age,arm,n\nA,0,x,0\nB,61.5,y,-9\nC,-9,unknown,3\nD,0.0,z,unknown\n",
        "y.csv": "patient_id,y\nA,0\nB,1\nC,1\nD,0\n",
    }
    table = load(text, tables).block("HRF").table
    np.testing.assert_array_equal(table["age"], [np.nan, 61.5, np.nan, np.nan])
    np.testing.assert_array_equal(table["n"], [0, np.nan, 3, np.nan])
    assert table["arm"].fillna("-").to_list() == ["-", "y", "-", "z"]


def test_infinite_values_stay_unless_they_mean_missing(load) -> None:
    tables = {"hrf.csv": "patient_id,f,g,h\nA,inf,1e400,1\nB,2,-Inf,1\n", "y.csv": "patient_id,y\nA,0\nB,1\n"}
    table = load(SIMPLE, tables).block("HRF").table
    np.testing.assert_array_equal(table, [[np.inf, np.inf, 1], [2, -np.inf, 1]])
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, missing_values: [.inf, -.inf]}")
    np.testing.assert_array_equal(load(text, tables).block("HRF").table, [[np.nan, np.nan, 1], [2, np.nan, 1]])


def test_missing_code_holds_for_covariates_too(load) -> None:
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, missing_codes: {age: 0}}") + "covariates: age\n"
    tables = {"hrf.csv": "patient_id,f1,age\nA,1,0.0\nB,2,61.5\n", "y.csv": "patient_id,y\nA,0\nB,1\n"}
    cohort = load(text, tables)
    np.testing.assert_array_equal(cohort.covariates["age"], [np.nan, 61.5])
    assert cohort.covariates["age"].dtype == np.float64


def test_covariates_are_text_or_numbers(load) -> None:
    text = SIMPLE + "covariates: {sex: {column: sex}, arm: {column: arm, categorical: true}, age: {column: age}}\n"
    tables = {
        "hrf.csv": "patient_id,f1\nA,1\nB,2\n",
        "y.csv": "patient_id,y,sex,arm,age\nA,0,F,1,60\nB,1,M,2,70\n",
    }
    covariates = load(text, tables).covariates
    assert covariates["sex"].to_list() == ["F", "M"]
    assert covariates["arm"].to_list() == ["1", "2"]
    assert covariates["age"].to_list() == [60.0, 70.0]


def test_columns_by_wildcards(load) -> None:
    tables = {
        "hrf.csv": "patient_id,original_a,original_b,wavelet[1],wavelet_2,volume\nA,1,2,3,4,5\nB,2,3,4,5,6\n",
        "y.csv": "patient_id,y\nA,0\nB,1\n",
    }
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, columns: ['original_*', 'wavelet[1]', volume], drop: '*_b'}")
    assert list(load(text, tables).block("HRF").table.columns) == ["original_a", "wavelet[1]", "volume"]


def test_columns_of_extractors_are_left_out(load) -> None:
    tables = {
        "hrf.csv": "Image,Mask,patient_id,diagnostics_Versions,general_info_X,original_a,\nx.nii,m.nii,A,3.0,q,1,\n"
        "y.nii,m.nii,B,3.0,q,2,\n",
        "y.csv": "patient_id,y\nA,0\nB,1\n",
    }
    cohort = load(SIMPLE, tables)
    assert list(cohort.block("HRF").table.columns) == ["original_a"]
    assert cohort.dropped == (
        Dropped(
            "columns", "hrf.csv", 4, "written by PyRadiomics about the extraction",
            ("Image", "Mask", "diagnostics_Versions"),
        ),
        Dropped("columns", "hrf.csv", 1, "no name in the header", ("",)),
    )  # fmt: skip


def test_a_named_column_is_kept_even_if_it_looks_like_no_feature(load) -> None:
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, columns: [original_a, diagnostics_VoxelNum]}")
    tables = {
        "hrf.csv": "patient_id,diagnostics_VoxelNum,original_a\nA,100,1\nB,200,2\n",
        "y.csv": "patient_id,y\nA,0\nB,1\n",
    }
    assert list(load(text, tables).block("HRF").table.columns) == ["diagnostics_VoxelNum", "original_a"]


def test_radmlbench_table_needs_only_two_names(load) -> None:
    text = "name: r\ncase: ID\nblocks: {HRF: hrf.csv}\noutcome: Target\n"
    cohort = load(text, {"hrf.csv": "f1,f2,ID,Target\n1,2, A-1,1\n2,3, A-2,0\n"})
    assert list(cohort.cases) == ["A-1", "A-2"]
    assert cohort.classes == ("0", "1")
    assert list(cohort.block("HRF").table.columns) == ["f1", "f2"]


DRF = "patient_id,d1,d2\nP1,1,2\nP2,,\nP3,3,4\n"
TWO = """
name: two
case: patient_id
blocks: {HRF: hrf.csv, DRF: drf.csv}
outcome: {column: y, positive: 1, file: y.csv}
missing_cases: %s
"""


def test_missing_cases_drop(load) -> None:
    y = "patient_id,y\nP1,1\nP2,0\nP3,0\nP4,0\n"
    cohort = load(TWO % "drop", {"y.csv": y, "drf.csv": DRF})
    assert list(cohort.cases) == ["P1", "P3"]
    assert cohort.dropped == (Dropped("cases", "DRF", 2, "no row", ("P2", "P4")),)


def test_missing_cases_impute(load) -> None:
    y = "patient_id,y\nP1,1\nP2,0\nP3,0\nP4,0\nP9,1\nP8,\n"
    cohort = load(TWO % "impute", {"y.csv": y, "drf.csv": DRF})
    assert list(cohort.cases) == ["P1", "P2", "P3", "P4"]
    assert cohort.block("DRF").table.isna().all(axis=1).to_list() == [False, True, False, True]
    assert cohort.dropped == (
        Dropped("cases", "cohort", 1, "no row in any block", ("P9",)),
        Dropped("rows", "DRF", 2, "no row: to be imputed", ("P2", "P4")),
    )


def test_cases_without_an_outcome_are_dropped_and_counted(load) -> None:
    cohort = load(SIMPLE, {"y.csv": "patient_id,y\nP1,1\nP2,0\nP3,NA\n"})
    assert list(cohort.cases) == ["P1", "P2"]
    assert cohort.dropped == (Dropped("cases", "y.csv", 2, "no outcome", ("P3", "P4")),)


def test_other_classes_are_dropped_and_counted(load) -> None:
    text = SIMPLE.replace("positive: 1", "positive: CR, negative: [SD, PD]")
    y = "patient_id,y\nP1,CR\nP2,SD\nP3,PR\nP4,PD\n"
    cohort = load(text, {"y.csv": y})
    assert cohort.classes == ("SD or PD", "CR")
    assert cohort.outcome.to_dict() == {"P1": "CR", "P2": "SD or PD", "P4": "SD or PD"}
    assert cohort.dropped == (Dropped("cases", "y.csv", 1, "outcome PR is neither positive nor negative", ("P3",)),)


def test_more_than_two_classes_keep_their_names_with_the_positive_one_last(load) -> None:
    y = "patient_id,y\nP1,a\nP2,b\nP3,c\nP4,b\n"
    assert load(SIMPLE.replace("positive: 1", "positive: a"), {"y.csv": y}).classes == ("b", "c", "a")
    assert load(SIMPLE.replace(", positive: 1", ""), {"y.csv": y}).classes == ("a", "b", "c")


@pytest.mark.parametrize(("said", "text"), [("yes", "Yes"), ("'Yes'", "Yes"), ("true", "True"), ("1.0", "1")])
def test_positive_class_as_yaml_reads_it(load, said: str, text: str) -> None:
    y = f"patient_id,y\nP1,{text}\nP2,other\nP3,{text}\nP4,other\n"
    assert load(SIMPLE.replace("positive: 1", f"positive: {said}"), {"y.csv": y}).positive == text


def test_roles(load) -> None:
    text = SIMPLE + "role: {column: set, values: {1: train, tune: internal, test: external}}\n"
    cohort = load(text, {"y.csv": "patient_id,y,set\nP1,1,1\nP2,0,1\nP3,1,tune\nP4,0,test\n"})
    assert cohort.role is not None and cohort.role.to_list() == ["train", "train", "internal", "external"]


def test_words_that_yaml_takes_for_truth_values(load) -> None:
    text = (
        SIMPLE.replace("hrf.csv", "{file: hrf.csv, ordinal: {smoker: [no, yes]}, only: {use: [on]}}")
        + "role: {column: test, values: {no: train, yes: external}}\n"
    )
    tables = {
        "hrf.csv": "patient_id,smoker,use\nA,yes,on\nB,no,on\nC,no,off\n",
        "y.csv": "patient_id,y,test\nA,1,No\nB,0,Yes\n",
    }
    cohort = load(text, tables)
    assert cohort.block("HRF").table["smoker"].to_list() == [1.0, 0.0]
    assert cohort.role is not None and cohort.role.to_list() == ["train", "external"]


def test_only_some_rows_and_only_some_cases(load) -> None:
    text = """
name: x
case: patient_id
blocks: {HRF: {file: hrf.csv, only: {structure: tumour}}}
outcome: {column: y, positive: 1, file: y.csv}
only: {arm: [1, 2]}
exclude: {image: ["007"]}
"""
    tables = {
        "hrf.csv": "patient_id,structure,f\nA,tumour,1\nA,normal,9\nB,tumour,2\nC,tumour,3\nD,tumour,4\n",
        "y.csv": "patient_id,y,arm,image\nA,1,1,001\nB,0,2,\nC,1,3,007\nD,1,2,007\n",
    }
    cohort = load(text, tables)
    assert cohort.block("HRF").table["f"].to_dict() == {"A": 1.0, "B": 2.0}
    assert cohort.dropped == (
        Dropped("rows", "hrf.csv", 1, "only structure: tumour"),
        Dropped("cases", "cohort", 1, "only arm: 1, 2", ("C",)),
        Dropped("cases", "cohort", 1, "exclude image: 007", ("D",)),
    )


def test_a_case_may_be_named_by_two_columns_and_owned_by_a_patient(load) -> None:
    text = """
name: lesions
case: [patient, lesion]
blocks:
  HRF: hrf.csv
  clinical: {file: clinical.csv, per: patient}
patient: patient
outcome: {column: y, positive: 1, file: y.csv, per: patient}
"""
    tables = {
        "hrf.csv": "patient,lesion,f\nA,1,1\nA,2,2\nB,1,3\nC,1,4\n",
        "clinical.csv": "patient,age\nC,50\nB,60\nA,70\n",
        "y.csv": "patient,y\nA,1\nB,0\nC,0\n",
    }
    cohort = load(text, tables)
    assert list(cohort.cases) == ["A/1", "A/2", "B/1", "C/1"]
    assert cohort.patient.to_list() == ["A", "A", "B", "C"]
    assert cohort.grouped
    assert cohort.block("clinical").table["age"].to_list() == [70.0, 70.0, 60.0, 50.0]
    assert cohort.outcome.to_list() == ["1", "1", "0", "0"]


def test_a_label_in_two_tables_that_agree_is_taken_from_both(load) -> None:
    text = SIMPLE + "batch: centre\n"
    text = text.replace("{HRF: hrf.csv}", "{HRF: hrf.csv, DRF: drf.csv}") + "missing_cases: impute\n"
    tables = {
        "hrf.csv": "patient_id,f,centre\nA,1,X\nB,2,Y\n",
        "drf.csv": "patient_id,d,centre\nB,1,Y\nC,2,Z\n",
        "y.csv": "patient_id,y\nA,1\nB,0\nC,1\n",
    }
    cohort = load(text, tables)
    assert cohort.batch is not None and cohort.batch.to_list() == ["X", "Y", "Z"]


def test_block_with_its_own_case_column_separator_and_decimals(load) -> None:
    text = SIMPLE.replace("hrf.csv", "{file: hrf.txt, case: PID, separator: '|', decimal: ','}")
    cohort = load(text, {"hrf.txt": "PID|f1\nA|1,5\nB|2,5\n", "y.csv": "patient_id,y\nA,1\nB,0\n"})
    assert cohort.block("HRF").table["f1"].to_list() == [1.5, 2.5]


def test_rows_without_an_id_are_counted_where_missing_cases_are_allowed(load) -> None:
    text = SIMPLE + "missing_cases: drop\n"
    cohort = load(text, {"hrf.csv": "patient_id,f1\nA,1\n,2\nB,3\n,\n", "y.csv": "patient_id,y\nA,1\nB,0\n"})
    assert cohort.dropped == (Dropped("rows", "hrf.csv", 1, "no id", ("line 3",)),)


def test_files_of_a_declaration(folder) -> None:
    text = """
name: n
case: id
blocks:
  HRF: {file: hrf.csv, readings: [b.csv]}
  DRF: {file: hrf.csv, test_retest: [s1.csv, s2.csv]}
outcome: {column: y, file: y.csv}
"""
    for name in ("b.csv", "s1.csv", "s2.csv", "y.csv"):
        (folder / name).write_text("x")
    declared = CohortDeclaration.model_validate(yaml.safe_load(text))
    names = ["hrf.csv", "b.csv", "s1.csv", "s2.csv", "y.csv"]
    assert files_of(declared, folder) == {name: folder / name for name in names}


@pytest.mark.parametrize("ending", [".tsv.gz", ".parquet", ".xlsx"])
def test_the_format_does_not_matter(load, folder, ending: str) -> None:
    tables = {
        "hrf.csv": pd.DataFrame({"patient_id": [3, 1, 2], "f": [0.1, np.nan, -2e-7], "arm": [1, 2, 2], "n": [1, 2, 3]}),
        "y.csv": pd.DataFrame({"patient_id": [1, 2, 3], "y": [1.0, 0.0, np.nan], "b": ["x", "y", "z"]}),
    }
    text = SIMPLE.replace("hrf.csv", "{file: hrf.csv, categorical: arm, missing_values: 3}") + "batch: b\n"
    prints = []
    for name in (".csv", ending):
        for file, table in tables.items():
            path = folder / file.replace(".csv", name)
            if name == ".parquet":
                table.to_parquet(path)
            elif name == ".xlsx":
                table.to_excel(path, index=False)
            else:
                table.to_csv(path, index=False, sep="\t" if "tsv" in name else ",")
        cohort = load(text.replace(".csv", name))
        assert list(cohort.cases) == ["1", "2"]
        prints.append((cohort.fingerprint(cohort.blocks), [one.reason for one in cohort.dropped]))
    assert prints[0] == prints[1]


def test_merged_classes(load) -> None:
    response = {"P1": "CR", "P2": "PD", "P3": "PR", "P4": "SD"}
    rows = "".join(f"{case},{value}\n" for case, value in response.items())
    text = COHORT_WITH_OUTCOME.format(
        "{file: outcome.csv, column: r, merge: {good: [CR, PR], bad: [SD, PD]}, positive: good}"
    )
    cohort = load(text, {"outcome.csv": "patient_id,r\n" + rows})
    assert cohort.classes == ("bad", "good")
    assert cohort.outcome.to_list() == ["good", "bad", "good", "bad"]
    wrong = COHORT_WITH_OUTCOME.format("{file: outcome.csv, column: r, merge: {good: [CR, PR], bad: [CR]}}")
    with pytest.raises(ConfigError, match="class 'CR' is merged into 'good' and into 'bad'"):
        load(wrong)


COHORT_WITH_OUTCOME = """
name: small
case: patient_id
blocks: {{HRF: hrf.csv}}
outcome: {}
"""


def test_differences_of_two_blocks(load) -> None:
    text = (
        SIMPLE_PAIR
        + "differences: {change: {of: [after, before], family: delta}, share: {of: [after, before], relative: true}}\n"
    )
    tables = {"before.csv": "patient_id,f1,g\nP1,2,0\nP2,4,1\nP3,0,1\nP4,-1,1\n",
              "after.csv": "patient_id,f1,h\nP1,3,0\nP2,2,1\nP3,1,1\nP4,1,1\n"}  # fmt: skip
    cohort = load(text, tables)
    assert cohort.block("change").table.to_dict("list") == {"f1": [1.0, -2.0, 1.0, 2.0]}
    assert cohort.block("change").family == "delta"
    np.testing.assert_array_equal(cohort.block("share").table["f1"], [0.5, -0.5, np.nan, 2.0])
    with pytest.raises(ConfigError, match="blocks after and before have no numeric feature in common"):
        load(text, tables | {"after.csv": "patient_id,h\nP1,3\nP2,2\nP3,1\nP4,1\n"})


SIMPLE_PAIR = """
name: pair
case: patient_id
blocks: {before: before.csv, after: after.csv}
outcome: {file: clinical.csv, column: response, positive: 1}
"""


def test_kept_cases_lack_a_block(load) -> None:
    drf = "patient_id,d1\nP1,1\nP2,\nP4,3\n"
    text = SIMPLE_PAIR.replace("{before: before.csv, after: after.csv}", "{HRF: hrf.csv, DRF: drf.csv}")
    cohort = load(text + "missing_cases: keep\n", {"drf.csv": drf})
    assert cohort.partial
    assert list(cohort.cases) == ["P1", "P2", "P3", "P4"]
    assert list(cohort.cases_with(["DRF"])) == ["P1", "P4"]
    assert list(cohort.cases_with(["HRF"])) == list(cohort.cases)
    assert Dropped("rows", "DRF", 2, "no row: left out of models with this block", ("P2", "P3")) in cohort.dropped
