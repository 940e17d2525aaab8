"""The harmonization audit: what it is asked for, that held-out cases are held out, and its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmark.cli import app
from benchmark.errors import ConfigError, DataError
from benchmark.harmonization.audit import about, audit, outcome_by_batch
from benchmark.harmonization.objects import crossed
from benchmark.harmonization.plan import BEFORE, read_plan
from benchmark.harmonization.stages import HELD_OUT, folds_of, on_all_cases
from benchmark.projection import check_projections, projections
from benchmark.reliability import icc

YAML = """
name: toy
cohort:
  name: toy phantom
  case: [scan, object]
  blocks:
    HRF: {file: hrf.csv, drop: [vendor, material]}
  patient: object
  batch: scan
  covariates: [vendor, material]
preprocessings:
  ComBat: [combat: {covariates: [material]}]
  z-score: [batch_zscore]
harmonization: {batches: [batch, vendor], folds: 3, permutations: 19, projections: [pca], classifiers: [lda]}
seed: 1
"""


def phantom(folder: Path, text: str = YAML) -> Path:
    """30 objects of three materials in four scans of two vendors, without an outcome."""
    rng = np.random.default_rng(0)
    objects, scan = (part.ravel() for part in np.indices((30, 4)))
    truth = rng.normal(0, 3, (30, 5)) + 4 * (np.arange(30) % 3)[:, None]
    shift, scale = rng.normal(0, 2, (4, 5)), rng.uniform(0.7, 1.5, (4, 5))
    table = pd.DataFrame(truth[objects] * scale[scan] + shift[scan] + rng.normal(0, 0.5, (120, 5))).add_prefix("f")
    names = {"scan": np.array(list("ABCD"))[scan], "object": objects, "vendor": np.where(scan < 2, "GE", "Philips"),
             "material": np.array(["cork", "resin", "wood"])[objects % 3]}  # fmt: skip
    table.assign(**names).to_csv(folder / "hrf.csv", index=False)
    (folder / "toy.yaml").write_text(text)
    return folder / "toy.yaml"


def test_a_phantom_without_an_outcome(tmp_path: Path) -> None:
    plan = read_plan(phantom(tmp_path))
    found = audit(plan)
    assert found.blocks == ("HRF",)
    assert {name: len(labels) for name, labels in found.labels.items()} == {"batch": 120, "vendor": 120}
    assert found.objects["batch"] is not None
    assert outcome_by_batch(found) == {}
    stages = [(stage.variable, stage.stage, stage.rows) for stage in found.stages]
    assert len(stages) == len(set(stages)) == 2 * (3 + 2)
    assert {score.stage for score in found.scores} == {BEFORE, "ComBat", "z-score"}
    agreement = found.agreement.groupby("stage")["icc"].median()
    assert agreement["z-score"] > agreement[BEFORE] + 0.1
    told = about(plan, found)
    assert told["variables"]["vendor"]["levels"] == {"GE": 60, "Philips": 60}


def test_agreement_is_the_icc_of_the_reshaped_table(tmp_path: Path) -> None:
    found = audit(read_plan(phantom(tmp_path)))
    table = pd.read_csv(tmp_path / "hrf.csv").sort_values(["object", "scan"])
    expected = icc(table[[f"f{n}" for n in range(5)]].to_numpy().reshape(30, 4, 5))["estimate"]
    before = found.agreement[found.agreement["stage"] == BEFORE]
    np.testing.assert_allclose(before["icc"], expected, rtol=1e-10)


def test_held_out_cases_are_held_out(tmp_path: Path) -> None:
    plan = read_plan(phantom(tmp_path))
    found = audit(plan)
    labels = found.labels["batch"]
    folds = list(folds_of(plan.methods, found.cohort, labels, folds=3, seed=1))
    for fold in folds:
        patient = found.cohort.patient
        assert not set(patient[fold.train.index]) & set(patient[fold.test.index])
        assert set(labels[fold.train.index]) == set(labels)
    # ruined held-out values change nothing of the others
    block = found.cohort.blocks["HRF"]
    ruined = block.table.copy()
    ruined.loc[folds[0].test.index[1:]] = 1e6
    cohort = replace(found.cohort, blocks={"HRF": replace(block, table=ruined)})
    again = [one for one in folds_of(plan.methods, cohort, labels, folds=3, seed=1) if one.number == 0]
    for mine, other in zip([fold for fold in folds if fold.number == 0], again, strict=True):
        pd.testing.assert_frame_equal(mine.train, other.train)
        pd.testing.assert_frame_equal(mine.test.iloc[:1], other.test.iloc[:1])
    held_out = next(stage for stage in found.stages if stage.rows == HELD_OUT and stage.stage == "ComBat")
    whole = on_all_cases(plan.methods, found.cohort, seed=1)["ComBat"]
    assert held_out.values.index.equals(labels.index)
    assert np.abs(held_out.values - whole.loc[labels.index]).to_numpy().max() > 0


def test_objects_are_crossed_with_batches_or_not() -> None:
    objects, batch = (pd.Series(part.ravel()).astype(str) for part in np.indices((5, 3)))
    assert crossed(objects, batch)
    assert not crossed(objects, batch.iloc[1:])
    assert not crossed(pd.Series(np.arange(15)), batch)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("batches: [batch, vendor]", "batches: [batch, vendr]", r"unknown batch variable 'vendr'. Did you mean"),
        ("z-score: [batch_zscore]", "z-score: [standardize, batch_zscore]", r"have different steps before they"),
        ("z-score: [batch_zscore]", "z-score: [lasso, batch_zscore]", r"lasso looks at the outcome before"),
        ("z-score: [batch_zscore]", "before: [batch_zscore]", r"'before' is the name of the unharmonized state"),
        ("[combat: {covariates: [material]}]", "[combat: {batch: vendor, covariates: [vendor]}]", r"is a batch and a"),
        ("  batch: scan\n", "", r"needs a batch, and the cohort declares none"),
        ("classifiers: [lda]", "classifiers: [svm]", r"unknown"),
        ("folds: 3", "fold: 3", r"unknown key 'fold'. Did you mean 'folds'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in YAML
    with pytest.raises(ConfigError, match=rf"toy.yaml:\d+: .*{message}"):
        audit(read_plan(phantom(tmp_path, YAML.replace(old, new))))


def test_nothing_that_harmonizes_and_levels_that_are_too_small(tmp_path: Path) -> None:
    plain = YAML.replace(
        "  ComBat: [combat: {covariates: [material]}]\n  z-score: [batch_zscore]", "  p: [standardize]"
    )
    with pytest.raises(ConfigError, match=r"no preprocessing harmonizes: name one of combat, limma, batch_zscore"):
        read_plan(phantom(tmp_path, plain))
    strict = YAML.replace("folds: 3", "folds: 3, least: 50")
    with pytest.raises(DataError, match=r"'batch': fewer than 2 levels have 50 cases or more \('A': 30, 'B': 30"):
        audit(read_plan(phantom(tmp_path, strict)))


def test_a_cohort_alone_and_the_other_keys_of_an_experiment(tmp_path: Path) -> None:
    alone = YAML[: YAML.index("preprocessings")]
    plan = read_plan(phantom(tmp_path, alone))
    assert [(method.name, [step.name for step in method.before]) for method in plan.methods] == [("ComBat", ["impute"])]
    more = YAML + "classifiers: [logistic_l2]\nsplits: {kind: kfold}\nstatistics: {level: 0.9}\n"
    assert read_plan(phantom(tmp_path, more)).methods == read_plan(phantom(tmp_path)).methods


def test_umap_is_asked_for_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(
        ConfigError, match=r"the projection umap needs the package umap-learn: pip install 'radbench\[umap"
    ):
        check_projections(["pca", "umap"], "harmonization")
    check_projections(["pca", "tsne"], "harmonization")


def test_projections_repeat_themselves() -> None:
    values = pd.DataFrame(np.random.default_rng(0).normal(size=(40, 6)), index=[f"c{n}" for n in range(40)])
    values[5] = 1.0
    first, again = (projections({BEFORE: values}, ["pca", "tsne"], seed=2) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert first.groupby("projection").size().to_dict() == {"pca": 40, "tsne": 40}
    assert first.loc[first["projection"] == "pca", "x_share"].iloc[0] > 0.2


def test_command_writes_the_page(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["harmonization", str(phantom(tmp_path)), "--output", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.html").read_text()
    for words in (
        "Features that differ between batches",
        "Telling the batch",
        "Agreement on the same objects",
        "Pictures",
    ):
        assert words in page
    assert "Outcome by batch" not in page
    for name in ("batch_effects", "batch_features", "batch_prediction", "batch_agreement", "batch_levels"):
        assert all((tmp_path / "out" / "tables" / f"{name}{ending}").is_file() for ending in (".csv", ".md", ".tex"))
    for name in ("batch_effects", "batch_prediction", "batch_agreement", "batch_projection_pca"):
        assert all((tmp_path / "out" / "figures" / f"{name}{ending}").is_file() for ending in (".png", ".pdf"))


@pytest.mark.shared
def test_reduced_phantom_and_centres(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The committed experiments on few features: effects go, agreement rises, centres are confounded with survival."""
    monkeypatch.setenv("RADBENCH_DATA", str(shared / "data"))
    experiments = Path(__file__).parents[2] / "experiments" / "harmonization"
    centres = "HRF: {file: nsclc-ct-six-centers/hrf.csv.gz, columns: squareroot_glcm_*}"
    reduced = {
        "phantom": ("columns: original_*", "columns: original_glcm_*"),
        "six_centres": ("HRF: nsclc-ct-six-centers/hrf.csv.gz", centres),
    }
    quick = "[pca]\n  folds: 2\n  permutations: 19\n  classifiers: [lda]"
    for name, (old, new) in reduced.items():
        text = (experiments / f"{name}.yaml").read_text()
        assert old in text
        text = text.replace(old, new).replace("[pca, tsne, umap]", quick)
        (tmp_path / f"{name}.yaml").write_text(text)
        done = CliRunner().invoke(app, ["harmonization", str(tmp_path / f"{name}.yaml"), "-o", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        batches = pd.read_csv(tmp_path / name / "tables" / "batch_effects.csv").set_index(["variable", "stage", "rows"])
        before = batches.loc[("batch", "before", "all cases"), "f_median"]
        assert batches.loc[("batch", "ComBat", "held-out cases"), "f_median"] < 0.4 * before
    agreement = pd.read_csv(tmp_path / "phantom" / "tables" / "batch_agreement.csv").groupby("stage")["icc"].median()
    assert agreement["ComBat"] > agreement["before"]
    outcome = (tmp_path / "six_centres" / "tables" / "batch_outcome.md").read_text()
    assert "Warning: batch and outcome are confounded" in outcome
