"""What has been run of the published pipelines, and what of it failed."""

from __future__ import annotations

from pathlib import Path

from benchmark.folder import write_json
from benchmark.published.catalogue import Pipeline, pick, pipelines
from benchmark.published.ran import failures, ran


def pipeline() -> Pipeline:
    return pick("A1", pipelines())


def test_the_cohort_of_a_run_is_told(tmp_path: Path) -> None:
    place = tmp_path / pipeline().name
    assert ran(pipeline(), tmp_path) == ""
    place.mkdir()
    assert ran(pipeline(), tmp_path) == "not finished"
    (place / "report.html").write_text("page")
    assert ran(pipeline(), tmp_path) == "audited"
    write_json({"cohort": {"name": "ours"}}, place / "run.json")
    assert ran(pipeline(), tmp_path) == "ours"


def test_failed_models_are_counted_once_for_all_outcomes(tmp_path: Path) -> None:
    assert failures(tmp_path) == ""
    for outcome, rows in (("histology", "kfold,a\n"), ("relapse", 'kfold,"b, c"\nkfold,d\n'), ("tables", "kfold,e\n")):
        (tmp_path / outcome).mkdir()
        (tmp_path / outcome / "failures.csv").write_text("design,reason\n" + rows)
    assert failures(tmp_path) == "3 models failed, the first because of: a"
