"""Real tables: what their authors' notes say of them is what is read and found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from benchmark.checks import check_cohort
from benchmark.cohort import Cohort, Dropped
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import load_cohort
from benchmark.readers.table_error import TableError
from benchmark.reliability import icc

pytestmark = pytest.mark.shared


@pytest.fixture
def load(shared: Path):
    def loaded(text: str) -> Cohort:
        return load_cohort(CohortDeclaration.model_validate(yaml.safe_load(text)), shared / "data")

    return loaded


def codes(cohort: Cohort, code: str) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in check_cohort(cohort) if finding.code == code]


def test_two_readers(load, shared: Path) -> None:
    cohort = load("""
name: DPHCC
case: patient_id
blocks:
  HRF: {file: dphcc-two-readers/hrf_reader1.csv.gz, readings: dphcc-two-readers/hrf_reader2.csv.gz}
  clinical: dphcc-two-readers/clinical.csv.gz
  radiologic: dphcc-two-readers/radiologic.csv.gz
outcome: {column: label, file: dphcc-two-readers/labels.csv.gz, positive: 1}
""")
    block = cohort.block("HRF")
    assert cohort.outcome.value_counts().to_dict() == {"0": 139, "1": 119}
    assert block.table.shape == (258, 1067)
    assert "AFP (ng/ml)" in cohort.block("clinical").table
    assert [name for name, one in cohort.blocks.items() if one.image] == ["HRF"]
    readings = block.readings
    assert readings is not None
    np.testing.assert_array_equal(readings.values[:, 0], block.table)
    assert np.isnan(readings.values).sum(axis=(0, 2)).tolist() == [18, 85]
    complete = ~np.isnan(readings.values).any(axis=(0, 1))
    kept = {
        name for name, value, whole in zip(block.table, icc(readings.values)["estimate"], complete, strict=True)
        if whole and value > 0.9
    }  # fmt: skip
    published = pd.read_csv(shared / "data/dphcc-two-readers/hrf_reader1_icc_selected_702.csv.gz", nrows=0)
    assert kept == set(published.columns[1:])
    assert codes(cohort, "RB031")[0].startswith("HRF: 39 ")


LUNG1 = """
name: LUNG1
case: patient_id
blocks:
  HRF: nsclc-lung1-hrf-drf-clinical/hrf_tumour_206.csv.gz
  DRF: nsclc-lung1-hrf-drf-clinical/drf_swin_t.csv.gz
  clinical:
    file: nsclc-lung1-hrf-drf-clinical/clinical.csv.gz
    drop: [Survival.time, deadstatus.*]
    categorical: Histology
    missing_codes: {age: 0, Histology: 0}
outcome: {column: surv2yr, positive: 1, file: nsclc-lung1-hrf-drf-clinical/cnn_signature_206.csv.gz}
"""


def test_lung1_case_without_features_is_told(load) -> None:
    with pytest.raises(TableError) as caught:
        load(LUNG1)
    assert str(caught.value) == (
        "hrf_tumour_206.csv.gz: no row for 1 (first: 'LUNG1-286') of 206 cases in HRF (1 of them: a row without any "
        "value). Set missing_cases: drop, impute or keep."
    )


def test_lung1_dropped_or_imputed(load) -> None:
    dropped = load(LUNG1 + "missing_cases: drop\n")
    assert len(dropped.cases) == 205
    assert dropped.dropped == (
        Dropped("cases", "cnn_signature_206.csv.gz", 216, "no outcome", ("LUNG1-001", "LUNG1-013", "LUNG1-016")),
        Dropped("cases", "HRF", 1, "no row", ("LUNG1-286",)),
    )
    imputed = load(LUNG1 + "missing_cases: impute\n")
    assert len(imputed.cases) == 206
    assert imputed.block("HRF").table.loc["LUNG1-286"].isna().all()
    clinical = imputed.block("clinical").table
    assert clinical["age"].min() > 30
    assert set(clinical["Histology"].dropna()) == {"1", "2", "3"}
    assert list(clinical.columns) == [
        "age", "clinical.T.Stage", "Clinical.N.Stage", "Clinical.M.Stage", "Overall.Stage", "Histology", "gender",
    ]  # fmt: skip


def test_lung1_contour_shell(load) -> None:
    cohort = load("""
name: shell
case: patient_id
blocks:
  HRF: nsclc-lung1-hrf-drf-clinical/hrf_contour_shell.csv.gz
  clinical: {file: nsclc-lung1-hrf-drf-clinical/clinical.csv.gz, drop: Survival.time}
outcome: {column: deadstatus.event, positive: 1}
missing_cases: drop
""")
    assert codes(cohort, "RB038") == ["HRF: 51 of 421 values of original_shape_MeshVolume are negative"]
    assert codes(cohort, "RB037") == ["clinical: may stand for a missing value: 1 (first: 'age 0 (22 times)')"]
    assert codes(cohort, "RB031")[0].startswith("HRF: 36 ")


def test_six_centres(load) -> None:
    cohort = load("""
name: six centres
case: patient_id
blocks: {HRF: nsclc-ct-six-centers/hrf.csv.gz}
outcome: {column: surv2yr, positive: 1, file: nsclc-ct-six-centers/outcome_and_batch.csv.gz}
batch: center
patient: image_hash
role: {column: paper_role, values: {train: train, tune: internal, test: external}}
missing_cases: drop
""")
    assert cohort.dropped == (Dropped("cases", "HRF", 3, "no row", ("HARV-151", "HARV-241", "MAAS-174")),)
    assert cohort.role is not None
    assert cohort.role.value_counts().to_dict() == {"train": 474, "external": 307, "internal": 192}
    assert cohort.batch is not None and cohort.batch.nunique() == 6
    assert codes(cohort, "RB063")[0].startswith("cohort: 23 ")
    assert codes(cohort, "RB034")[0].startswith("HRF: values beyond 1e+10 in 16 ")
    assert codes(cohort, "RB031")[0].startswith("HRF: 86 ")
    assert codes(cohort, "RB032") == [
        "HRF: 2 (first: 'exponential_glcm_Correlation 91 %', 'exponential_ngtdm_Contrast 88 %') of 1004 columns are "
        "mostly missing"
    ]
    assert "HarvardRT 54 % of 291" in codes(cohort, "RB071")[0]


def test_radmlbench(load) -> None:
    cohort = load("name: lipo\ncase: ID\nblocks: {HRF: radmlbench-worc/WORC-Lipo.csv.gz}\noutcome: Target\n")
    assert cohort.block("HRF").table.shape == (114, 1015)
    assert cohort.positive == "1"
    assert codes(cohort, "RB040")
    hosny = "name: b\ncase: ID\nblocks: {HRF: radmlbench-hosny2018/Hosny2018B.csv.gz}\noutcome: Target\n"
    with pytest.raises(TableError, match="1 of 207 rows have no id in 'ID' \\(first: line 190\\)"):
        load(hosny)
    cohort = load(hosny + "missing_cases: drop\n")
    assert cohort.cases[0] == "LUNG1-002"
    assert len(cohort.cases) == 206


def test_test_retest_of_the_prostate(load, tmp_path: Path, shared: Path) -> None:
    table = shared / "data/qin-prostate-test-retest/t2w_norm_2d_bin15.csv.gz"
    subjects = sorted(pd.read_csv(table, usecols=["subject_id"])["subject_id"].unique())
    pd.DataFrame({"subject_id": subjects, "y": [k % 2 for k in range(len(subjects))]}).to_csv(
        tmp_path / "y.csv", index=False
    )
    cohort = load(f"""
name: prostate
case: subject_id
blocks:
  HRF:
    file: {table}
    reading: timepoint
    only: {{segmentedStructure: WholeGland}}
    drop: [canonicalType]
outcome: {{column: y, positive: 1, file: {tmp_path / "y.csv"}}}
""")
    block = cohort.block("HRF")
    assert block.readings is not None
    assert block.readings.values.shape == (15, 2, 1019)
    np.testing.assert_array_equal(block.readings.values[:, 0], block.table)
    left_out = [one for one in cohort.dropped if one.what == "columns"]
    assert [(one.count, one.reason) for one in left_out] == [(3, "written by PyRadiomics about the extraction")]


ENDOMETRIAL = """
name: endometrial
case: patient_id
blocks:
  HRF: endometrial-ct-scanner-multiclass/hrf_cerr.csv.gz
  clinical:
    file: endometrial-ct-scanner-multiclass/clinical_outcome.csv.gz
    drop: [TMB, Exclude]
    categorical: [Histology, Stage]
    ordinal: {FIGO: [Well-differentiated, Moderately-differentiated, Poorly-differentiated]}
outcome: {column: MolecularSubtype}
batch: CT_Make
"""


def test_several_classes(load) -> None:
    cohort = load(ENDOMETRIAL)
    assert cohort.classes == ("1", "2", "3", "4")
    assert cohort.outcome.value_counts().to_dict() == {"4": 77, "2": 44, "3": 30, "1": 6}
    assert codes(cohort, "RB070") == [
        "cohort: 2 (first: 'Philips 3', 'Toshiba 4') of 4 batches have fewer than 10 cases"
    ]
    assert codes(cohort, "RB030") == ["HRF: 2 (first: 'DCP', 'diff-DCP') of 200 columns are constant"]


def test_two_of_several_classes(load) -> None:
    text = ENDOMETRIAL.replace("{column: MolecularSubtype}", "{column: MolecularSubtype, positive: 2, negative: 4}")
    cohort = load(text)
    assert cohort.classes == ("4", "2")
    assert len(cohort.cases) == 121
    assert [one.reason for one in cohort.dropped if one.what == "cases"] == [
        "outcome 1, 3 is neither positive nor negative"
    ]


def test_blocks_that_miss_cases(load) -> None:
    folder = "nsclc-io-pet-multimodal"
    cohort = load(f"""
name: io
case: patient_id
blocks:
  PET: {{file: {folder}/pet_radiomics.csv.gz}}
  pathomics: {{file: {folder}/pathomics.csv.gz, image: false}}
  transcriptomic: {{file: {folder}/transcriptomics.csv.gz, categorical: Biopsy site}}
outcome: {{column: Vital status, positive: dead, file: {folder}/outcomes.csv.gz}}
missing_cases: impute
""")
    assert {name: int(block.table.notna().any(axis=1).sum()) for name, block in cohort.blocks.items()} == {
        "PET": 199, "pathomics": 231, "transcriptomic": 133,
    }  # fmt: skip  # of those whose vital status is known
    assert [one.reason for one in cohort.dropped if one.what == "cases"] == ["no outcome", "no row in any block"]
    assert not cohort.block("transcriptomic").image
