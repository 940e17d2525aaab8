"""Several outcomes of one cohort: each an experiment of its own, with a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmark import cli
from benchmark.conduct import prepare
from benchmark.errors import ConfigError
from benchmark.experiment import read_experiment
from benchmark.readers.simulated import simulate, write


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    path = write(simulate(n_cases=80, n_centres=2, n_hrf=8, n_drf=4, seed=1), tmp_path)
    study = pd.read_csv(tmp_path / "study.csv")
    study["stage"] = [["I", "II", "III"][number % 3] for number in range(len(study))]
    study.to_csv(tmp_path / "study.csv", index=False)
    head = path.read_text().partition("feature_sets:")[0]
    head = head.replace("  outcome: {file: study.csv, column: outcome, positive: 1}\n", "")
    path.write_text(
        head
        + "outcomes:\n  event: {file: study.csv, column: outcome, positive: 1}\n"
        + "  stage: {file: study.csv, column: stage}\n"
        + "feature_sets: [HRF, DRF]\npreprocessings: {raw: [impute, standardize]}\nclassifiers: [naive_bayes]\n"
        + "splits: {kind: kfold, folds: 3}\ntuning: {trials: 2, inner_folds: 2}\nseed: 1\n"
    )
    return path


def test_each_outcome_is_an_experiment(experiment: Path) -> None:
    parts = read_experiment(experiment).by_outcome()
    assert {name: part.name for name, part in parts.items()} == {"event": "simulated/event", "stage": "simulated/stage"}
    assert parts["stage"].title.endswith(": stage")
    assert parts["event"].by_outcome() == {"": parts["event"]}


def test_an_imported_model_is_of_every_outcome_or_of_the_one_it_names(experiment: Path) -> None:
    text = experiment.read_text()
    models = "imported:\n  network: {file: a.csv, score: p, outcome: event}\n  readers: {file: b.csv, score: p}\n"
    experiment.write_text(text + models)
    parts = read_experiment(experiment).by_outcome()
    assert {name: list(part.imported) for name, part in parts.items()} == {
        "event": ["network", "readers"],
        "stage": ["readers"],
    }
    experiment.write_text(text + models.replace("outcome: event", "outcome: events"))
    line = text.count("\n") + 2
    with pytest.raises(ConfigError, match=rf":{line}: unknown outcome 'events'\. Did you mean 'event'\? Known: ev"):
        read_experiment(experiment)


@pytest.mark.parametrize(("classifiers", "contrast", "message"), [
    ("[logistic_l2]", "", "the outcome has 3 classes: name one of them on either side of statistics.contrast"),
    ("[logistic_l2]", "{positive: [II, III], negative: I}", "name one of them on either side of statistics.contrast"),
    ("[logistic_l2]", "{positive: IV, negative: I}", "unknown class 'IV'. Did you mean 'I"),
    ("[logistic_l1]", "{positive: II, negative: I}", "logistic_l1 has a model of each class against the rest"),
    ("[logistic_l2]", "{positive: II, negative: I}", ""),
])  # fmt: skip
def test_a_nomogram_of_several_classes_is_of_one_against_one(
    experiment: Path, classifiers: str, contrast: str, message: str
) -> None:
    text = experiment.read_text().replace("classifiers: [naive_bayes]", f"classifiers: {classifiers}")
    text += f"explain: {{nomogram: all}}\nstatistics: {{{'contrast: ' + contrast if contrast else ''}}}\n"
    experiment.write_text(text)
    stage = read_experiment(experiment).by_outcome()["stage"]
    if not message:
        assert prepare(stage).plan.explain.sides == ("I", "II")
        return
    with pytest.raises(ConfigError) as caught:
        prepare(stage)
    assert message in str(caught.value)


def test_each_outcome_has_a_report(experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "results"
    monkeypatch.setattr("sys.argv", ["radbench", "run", str(experiment), "--output", str(out), "--workers", "1"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    assert sorted(path.name for path in out.iterdir()) == ["event", "stage"]
    assert {(out / name / "report.html").exists() for name in ("event", "stage")} == {True}
    stage = pd.read_parquet(out / "stage" / "predictions.parquet")
    assert {"score_I", "score_II", "score_III"} <= set(stage.columns)
