"""Every published pipeline, written beside a simulated cohort of its shape, is an experiment that could be run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmark.commands.prepared import check_tests_fit
from benchmark.conduct import prepare
from benchmark.errors import ConfigError
from benchmark.experiment import read_experiment
from benchmark.harmonization.plan import read_plan
from benchmark.published.catalogue import FOLDER, Pipeline, pick, pipelines
from benchmark.published.simulated import write_simulated
from benchmark.readers.load import load_cohort

KNOWN = pipelines()


@pytest.mark.parametrize("pipeline", KNOWN, ids=[one.study.code for one in KNOWN])
def test_can_be_run(pipeline: Pipeline, tmp_path: Path) -> None:
    path = write_simulated(pipeline, tmp_path, small=True, seed=3)
    shape = yaml.safe_load(path.read_text())["study"]["shape"]
    if pipeline.is_audit:
        plan = read_plan(path)
        cohort = load_cohort(plan.cohort, tmp_path, unlabelled=True)
        assert len(cohort.cases) == shape["cases"]
        return
    for one in read_experiment(path).by_outcome().values():
        prepared = prepare(one)
        check_tests_fit(prepared)
        assert prepared.n_models
        assert len(prepared.cohort.cases) == shape["cases"]
        assert not prepared.plan.skipped
        assert prepared.cohort.name == f"simulated like {pipeline.study.code} in small size"


def test_a_shape_that_does_not_fit_is_told_with_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "aip2020-pdac.yaml").read_text()
    (tmp_path / "aip2020-pdac.yaml").write_text(text.replace("HRF: 1411", "HFR: 1411"))
    line = text[: text.index("HRF: 1411")].count("\n") + 1
    with pytest.raises(ConfigError, match=rf"aip2020-pdac.yaml:{line}: unknown block 'HFR'. Did you mean 'HRF'"):
        write_simulated(pick("A15", pipelines(tmp_path)), tmp_path / "data", small=False, seed=1)


def test_two_files_of_one_code_and_a_file_without_a_study(tmp_path: Path) -> None:
    text = (FOLDER / "aip2020-pdac.yaml").read_text()
    for name in ("one", "other"):
        (tmp_path / f"{name}.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"other.yaml: the code A15 is that of one.yaml"):
        pipelines(tmp_path)
    (tmp_path / "other.yaml").write_text("name: other\ncohort: {name: a, case: id, blocks: {HRF: a.csv}}\n")
    with pytest.raises(ConfigError, match=r"other.yaml:1: .*study"):
        pipelines(tmp_path)
