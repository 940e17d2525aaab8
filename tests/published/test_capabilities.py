"""The capability matrix, read from the files of the pipelines, against the one of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from benchmark.published.capabilities import GROUPS, matrix
from benchmark.published.catalogue import Pipeline, pick, pipelines
from benchmark.yaml_file import parse

SCOPE = {
    *(f"A{number}" for number in range(1, 17)),
    *(f"B{number}" for number in range(1, 13)),
    *(f"C{number}" for number in (5, 6, 8, 9, 11, 13, 14, 15, 17)),
}


def told_marks(path: Path) -> pd.DataFrame:
    """(n_capabilities, n_studies) of marks, from the tables of the catalogue."""
    rows, codes = {}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")] if line.startswith("| ") else []
        cells = [cell.strip() for cell in line[1:].rstrip().removesuffix("|").split("|")] if cells else []
        if cells[:1] == ["capability"]:
            codes = cells[2:]
        elif codes and cells:
            rows[cells[0]] = [cell == "x" for cell in cells[2:]]
    return pd.DataFrame.from_dict(rows, orient="index", columns=codes)


@pytest.mark.shared
def test_no_mark_of_the_catalogue_is_missing(shared: Path) -> None:
    told = told_marks(shared / "reviews" / "pipelines.md")
    assert told.shape == (106, 47)
    assert told.to_numpy().sum() == 556
    ours = matrix(pipelines()).droplevel("group")
    assert set(ours.columns) >= SCOPE
    assert list(ours.index) == list(told.index)
    missing = [
        (code, name) for code in sorted(SCOPE) for name in told.index if told.loc[name, code] > ours.loc[name, code]
    ]
    assert missing == []


def test_every_capability_has_one_rule() -> None:
    names = [name for rules in GROUPS.values() for name in rules]
    assert len(names) == len(set(names)) == 106


def changed(pipeline: Pipeline, **sections: Any) -> Pipeline:
    """The pipeline with other sections in its file."""
    file = replace(pipeline.file, data={**pipeline.file.data, **sections})
    return replace(pipeline, file=file, asked=parse(type(pipeline.asked), file))


def marks_of(pipeline: Pipeline) -> set[str]:
    marks = matrix([pipeline]).droplevel("group")[pipeline.study.code]
    return set(marks.index[marks])


@pytest.mark.parametrize(("section", "value", "gone"), [
    ("preprocessings: {p: [impute, icc]}", None, {"ComBat", "LASSO", "Pearson / Spearman correlation filter"}),
    ("classifiers: [logistic]", None, {"random forest", "XGBoost", "MLP / neural network",
                                       "three or more classifiers on one feature set"}),
    ("explain: {}", None, {"SHAP", "nomogram"}),
    ("feature_sets: [HRF]", None, {"feature-set comparison by family (single vs fused)"}),
    ("splits: {kind: kfold}", None, {"train / internal / external", "external centre or public set",
                                     "stratified split stated", "single train/test (or train/validation) split",
                                     "DeLong"}),
])  # fmt: skip
def test_a_mark_goes_with_what_it_is_read_from(section: str, value: None, gone: set[str]) -> None:
    pipeline = pick("A1", pipelines())
    fewer = changed(pipeline, **yaml.safe_load(section))
    assert gone <= marks_of(pipeline)
    assert not gone & marks_of(fewer)


def test_marks_of_choices_fusions_and_ensembles() -> None:
    known = pipelines()
    marks = marks_of(pick("A12", known))
    assert {"mutual information", "RFE", "PCA", "voting", "selector x classifier grid", "t-SNE"} <= marks
    assert "ensemble, type not stated" in marks_of(pick("A2", known))
    assert "stacking" in marks_of(pick("A3", known))
    assert "stacking" not in marks


def test_an_audit_predicts_nothing() -> None:
    marks = marks_of(pick("A9", pipelines()))
    assert {"association only (no predictor)", "Cohen's f before/after ComBat"} <= marks
    assert not {"AUC", "binary", "random forest", "SHAP"} & marks


def test_two_blocks_of_a_family_count_only_apart() -> None:
    pipeline = pick("A16", pipelines())
    name = "several regions or segmentations of one image (intra/peritumoral, SPECT-V/T)"
    assert name in marks_of(pipeline)
    assert name not in marks_of(changed(pipeline, feature_sets=["HRF", "HRF + DRF"], statistics={}))
