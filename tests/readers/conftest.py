"""A small cohort as files, and loading what a YAML says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from benchmark.cohort import Cohort
from benchmark.errors import BenchmarkError
from benchmark.readers import files
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import load_cohort

HRF = """patient_id,f1,f2
P1,1.5,10
P2,2.5,20
P3,3.5,30
P4,4.5,40
"""
CLINICAL = """patient_id,age,sex,grade,response,centre
P1,61,F,low,1,A
P2,72,M,high,0,A
P3,55,F,mid,1,B
P4,48,M,low,0,B
"""
COHORT = """
name: small
case: patient_id
blocks:
  HRF: hrf.csv
  clinical: {file: clinical.csv, categorical: sex, ordinal: {grade: [low, mid, high]}}
outcome: {column: response, positive: 1}
batch: centre
"""

Load = Callable[..., Cohort]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small cohort, and no other place to look for tables."""
    monkeypatch.delenv(files.VARIABLE, raising=False)
    monkeypatch.setattr(files, "PROJECT", tmp_path / "project")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hrf.csv").write_text(HRF)
    (tmp_path / "clinical.csv").write_text(CLINICAL)
    return tmp_path


@pytest.fixture
def load(folder: Path) -> Load:
    """Load what a YAML says, after writing some files (name to text)."""

    def loaded(text: str = COHORT, tables: dict[str, str] | None = None) -> Cohort:
        for name, content in (tables or {}).items():
            (folder / name).write_text(content)
        return load_cohort(CohortDeclaration.model_validate(yaml.safe_load(text)), folder)

    return loaded


@pytest.fixture
def refused(load: Load) -> Callable[..., BenchmarkError]:
    """The error with which a cohort is refused."""

    def error(text: str = COHORT, tables: dict[str, str] | None = None) -> BenchmarkError:
        with pytest.raises(BenchmarkError) as caught:
            load(text, tables)
        return caught.value

    return error
