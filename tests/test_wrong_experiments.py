# ruff: noqa: E501  (messages are told whole)
"""Wrong experiments and tables: one line that helps, exit code 2, no traceback, and earlier results stay."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from benchmark import cli
from benchmark.experiment_file import ExperimentFile
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.simulated import simulate, write
from benchmark.splits import Kind
from benchmark.steps import STEPS

Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a right experiment."""
    folder = tmp_path_factory.mktemp("right")
    write(simulate(n_cases=80, n_centres=3, n_hrf=12, n_drf=6, seed=1), folder)
    return folder


def yaml(old: str, new: str) -> Edit:
    """Another text in the experiment."""

    def edit(folder: Path) -> None:
        path = folder / "experiment.yaml"
        text = path.read_text()
        assert old in text, f"{old!r} is not in the experiment"
        path.write_text(text.replace(old, new, 1))

    return edit


def table(name: str, change: Callable[[list[list[str]]], list[list[str]]]) -> Edit:
    """Other cells in a table: the rows as lists of text, the header first."""

    def edit(folder: Path) -> None:
        path = folder / name
        rows = [line.split(",") for line in path.read_text().splitlines()]
        path.write_text("\n".join(",".join(row) for row in change(rows)) + "\n")

    return edit


def cell(row: int, column: int, value: str) -> Callable[[list[list[str]]], list[list[str]]]:
    def change(rows: list[list[str]]) -> list[list[str]]:
        rows[row][column] = value
        return rows

    return change


def column(number: int, value: Callable[[int, str], str]) -> Callable[[list[list[str]]], list[list[str]]]:
    def change(rows: list[list[str]]) -> list[list[str]]:
        for place, row in enumerate(rows[1:]):
            row[number] = value(place, row[number])
        return rows

    return change


WRONG: dict[str, tuple[Edit, str]] = {
    "unknown key": (
        yaml("classifiers:", "clasifiers:"),
        "experiment.yaml:24: unknown key 'clasifiers'. Did you mean 'classifiers'? "
        f"Known: {', '.join(ExperimentFile.model_fields)}",
    ),
    "unknown key in a section": (
        yaml("trials: 5", "trails: 5"),
        "experiment.yaml:28: unknown key 'trails'. Did you mean 'trials'? Known: trials, inner_folds, sampler",
    ),
    "unknown key of the cohort": (
        yaml("  case: patient_id", "  cases: patient_id"),
        "experiment.yaml:6: unknown key 'cases'. Did you mean 'case'? "
        f"Known: {', '.join(CohortDeclaration.model_fields)}",
    ),
    "unknown key of a block": (
        yaml("readings: hrf_reader2.csv", "reader: hrf_reader2.csv"),
        "experiment.yaml:8: unknown key 'reader'. Did you mean 'reading'? Known: sheet, separator, decimal, case, only, file, family, image, columns, drop, categorical, ordinal, missing_values, missing_codes, readings, reading, test_retest, per",
    ),
    "missing key": (
        yaml("  name: simulated\n  case", "  case"),
        "experiment.yaml:4: the key 'name' is missing",
    ),
    "no classifiers": (
        yaml("classifiers: [logistic_l2, naive_bayes, lightgbm]\n", ""),
        "experiment.yaml:2: the key 'classifiers' is missing",
    ),
    "key twice": (
        yaml("seed: 1", "seed: 1\nseed: 2"),
        "experiment.yaml:31: the key 'seed' is already on line 30",
    ),
    "not YAML": (
        yaml("classifiers: [logistic_l2", "classifiers: [logistic_l2: ["),
        "experiment.yaml:24: not valid YAML: expected the node content, but found ','",
    ),
    "tab as indent": (
        yaml("  name: simulated\n  case", "\tname: simulated\n  case"),
        "experiment.yaml:5: not valid YAML: found character '\\t' that cannot start any token",
    ),
    "a list instead of a mapping": (
        lambda folder: (folder / "experiment.yaml").write_text("- a\n- b\n") and None,
        "experiment.yaml:1: expected a mapping of keys, found a list",
    ),
    "empty file": (
        lambda folder: (folder / "experiment.yaml").write_text("") and None,
        "experiment.yaml:1: expected a mapping of keys, found nothing",
    ),
    "no such experiment": (
        lambda folder: (folder / "experiment.yaml").rename(folder / "experiments.yaml") and None,
        "experiment.yaml: no such file. unknown file 'experiment.yaml'. Did you mean 'experiments.yaml'? Known: experiments.yaml",
    ),
    "number as text": (
        yaml("folds: 5", "folds: five"),
        "experiment.yaml:26: 'folds' should be a valid integer, unable to parse string as an integer, found 'five'",
    ),
    "number out of range": (
        yaml("inner_folds: 3", "inner_folds: 1"),
        "experiment.yaml:28: 'inner_folds' should be greater than or equal to 2, found 1",
    ),
    "negative seed": (
        yaml("seed: 1", "seed: -1"),
        "experiment.yaml:30: 'seed' should be greater than or equal to 0, found -1",
    ),
    "unknown kind of splits": (
        yaml("kind: kfold", "kind: k-fold"),
        f"experiment.yaml:26: unknown kind 'k-fold'. Did you mean 'kfold'? Known: {', '.join(get_args(Kind))}",
    ),
    "folds of a hold-out": (
        yaml("kind: kfold, folds: 5, repeats: 2", "kind: holdout, folds: 5"),
        "experiment.yaml:26: 'folds' belongs to splits of kind kfold, this kind is holdout, found 5",
    ),
    "two splits of one name": (
        yaml("{kind: roles, name: external centre}", "{kind: kfold}"),
        "experiment.yaml:27: two splits are called 'kfold': give one a name",
    ),
    "unknown sampler": (
        yaml("inner_folds: 3}", "inner_folds: 3, sampler: tpa}"),
        "experiment.yaml:28: unknown sampler 'tpa'. Did you mean 'tpe'? Known: tpe, random",
    ),
    "unknown classifier": (
        yaml("naive_bayes", "svn"),
        "experiment.yaml:24: unknown classifier 'svn'. Did you mean 'svm_rbf'? Known: logistic, logistic_l2, logistic_l1, logistic_elastic_net, lda, qda, naive_bayes, knn, svm_linear, svm_rbf, svm_poly, gaussian_process, decision_tree, rules, bagging, random_forest, extra_trees, adaboost, gradient_boosting, hist_gradient_boosting, mlp, xgboost, lightgbm, catboost",
    ),
    "classifier twice": (
        yaml("naive_bayes", "logistic_l2"),
        "experiment.yaml:24: classifier 'logistic_l2' is named twice",
    ),
    "unknown parameter of a classifier": (
        yaml("naive_bayes", "svm_rbf: {gama: 1}"),
        "experiment.yaml:24: unknown parameter of svm_rbf 'gama'. Did you mean 'gamma'? Known: C, break_ties, cache_size, class_weight, coef0, decision_function_shape, degree, gamma, kernel, max_iter, probability, random_state, shrinking, tol, verbose",
    ),
    "two classifiers in one item": (
        yaml("[logistic_l2, naive_bayes, lightgbm]", "[{logistic_l2: {}, knn: {}}]"),
        "experiment.yaml:24: one classifier per item, found 2: logistic_l2, knn. Put each behind its own dash",
    ),
    "unknown step": (
        yaml("encode, icc,", "encode, icc_filter,"),
        f"experiment.yaml:16: unknown step 'icc_filter'. Did you mean 'icc'? Known: {', '.join([*STEPS, 'choose'])}",
    ),
    "unknown parameter of a step": (
        yaml("lasso: {max_features: 15", "lasso: {max_feature: 15"),
        "experiment.yaml:16: unknown key 'max_feature'. Did you mean 'max_features'? Known: model, folds, rule, max_features, n_lambdas, eps, patience, max_iter, standardize, when_empty",
    ),
    "wrong type of a step's parameter": (
        yaml("lasso: {max_features: 15", "lasso: {max_features: many"),
        "experiment.yaml:16: 'max_features' should be a valid integer, unable to parse string as an integer, found 'many'",
    ),
    "step's parameter out of range": (
        yaml("lasso: {max_features: 15", "lasso: {eps: 2"),
        "experiment.yaml:16: 'eps' should be less than 1, found 2",
    ),
    "unknown choice of a step": (
        yaml("lasso: {max_features: 15", "lasso: {rule: one_se"),
        "experiment.yaml:16: unknown rule 'one_se'. Did you mean 'one_standard_error'? Known: minimum, one_standard_error",
    ),
    "unknown family of a step": (
        yaml("families: [HRF, DRF]", "families: [HRF, DFR]"),
        "experiment.yaml:16: unknown block or family 'DFR'. Did you mean 'DRF'? Known: HRF, DRF, clinical",
    ),
    "contradicting parameters": (
        yaml("combat: {unseen: own_rows}", "combat: {unseen: reference}"),
        "experiment.yaml:20: ComBat: unseen: reference needs the reference batch. Add reference: <name of a batch>",
    ),
    "unknown covariate": (
        yaml("combat: {unseen: own_rows}", "combat: {covariates: [age]}"),
        "experiment.yaml:20: unknown covariate 'age': add cohort.covariates",
    ),
    "follow-up without its event": (
        yaml("  role: role\n", "  role: role\n  follow_up: {time: age}\n"),
        "experiment.yaml:14: the key 'event' is missing",
    ),
    "unknown key of a follow-up": (
        yaml("  role: role\n", "  role: role\n  follow_up: {time: age, evnt: outcome}\n"),
        "experiment.yaml:14: unknown key 'evnt'. Did you mean 'event'? Known: sheet, separator, decimal, case, only, file, block, per, time, event, event_label, risk",
    ),
    "unknown column of a follow-up": (
        yaml("  role: role\n", "  role: role\n  follow_up: {time: ages, event: outcome, block: clinical}\n"),
        "experiment.yaml:14: clinical.csv: unknown column 'ages'. Did you mean 'age'? Known: patient_id, age, sex, stage",
    ),
    "event by its labels": (
        yaml("  role: role\n", "  role: role\n  follow_up: {time: age, event: sex}\n"),
        "experiment.yaml:14: clinical.csv, column 'sex': 'male' of case 'SIM-01', expected 1 (event) or 0 (censored). Found: female, male. Say which value means the event: event_label",
    ),
    "no class is the risk": (
        yaml("  role: role\n", "  role: role\n  follow_up: {time: age, event: outcome, risk: died}\n"),
        "experiment.yaml:14: unknown class of the outcome 'died'. Known: 0, 1",
    ),
    "unknown column of a subgroup": (
        yaml("  role: role\n", "  role: role\n  subgroups:\n    - sex\n    - {column: site, file: study.csv}\n"),
        "experiment.yaml:14: study.csv: unknown column 'site'. Known: patient_id, outcome, centre, role",
    ),
    "subgroup of one level": (
        yaml("  role: role\n", "  role: role\n  subgroups: sex\n  only: {sex: female}\n"),
        "experiment.yaml:14: subgroup 'sex': every case has the level 'female'. Expected two levels or more",
    ),
    "unknown block in a feature set": (
        yaml("HRF + DRF,", "HRF + DFR,"),
        "experiment.yaml:14: unknown block or family 'DFR'. Did you mean 'DRF'? Known: HRF, DRF, clinical",
    ),
    "unknown reference": (
        yaml("reference: clinical", "reference: clincal"),
        "experiment.yaml:29: unknown feature set 'clincal'. Did you mean 'clinical'? Known: HRF, DRF, clinical, HRF + DRF, HRF + DRF + clinical",
    ),
    "text without encode": (
        yaml("[impute, encode, icc", "[impute, icc"),
        "experiment.yaml:16: block clinical has categorical columns 1 (first: 'sex') and preprocessing 'raw' has no step that encodes them: add encode",
    ),
    "gaps without impute": (
        yaml("raw: [impute, encode", "raw: [encode"),
        "experiment.yaml:16: block clinical has 3 missing values and preprocessing 'raw' has no step that imputes them: add impute",
    ),
    "combat without a batch": (
        yaml("  batch: centre\n", ""),
        "experiment.yaml:19: ComBat: needs a batch, and the cohort declares none: add cohort.batch",
    ),
    "icc without readings": (
        yaml(", readings: hrf_reader2.csv", ""),
        "experiment.yaml:16: icc needs repeated readings and no image block has any: add readings to the block",
    ),
    "roles without a role": (
        yaml("  role: role\n", ""),
        "experiment.yaml:26: splits of kind 'roles' need cohort.role (train, internal, external): none is declared",
    ),
    "fewer cases than folds": (
        yaml("folds: 5", "folds: 60"),
        "experiment.yaml:26: folds of kfold: class '0' has 48 cases, fewer than the 60 folds. Set rare_classes: allow, "
        "fewer folds, or merge classes",
    ),
    "missing table": (
        yaml("DRF: drf.csv", "DRF: dfr.csv"),
        "experiment.yaml:9: no file 'dfr.csv'. Did you mean 'drf.csv'? Looked in: HERE. RADBENCH_DATA is not set.",
    ),
    "unknown id column": (
        yaml("case: patient_id", "case: patient"),
        "experiment.yaml:6: hrf.csv: unknown column 'patient'. Did you mean 'patient_id'? Known: patient_id, original_shape_F001, original_firstorder_F002, original_glcm_F003, original_glrlm_F004, original_glszm_F005, original_gldm_F006, original_ngtdm_F007, original_shape_F008, original_firstorder_F009, original_glcm_F010, original_glrlm_F011, original_glszm_F012",
    ),
    "unknown outcome column": (
        yaml("column: outcome", "column: outcomes"),
        "experiment.yaml:11: study.csv: unknown column 'outcomes'. Did you mean 'outcome'? Known: patient_id, outcome, centre, role",
    ),
    "unknown positive class": (
        yaml("positive: 1", "positive: 2"),
        "experiment.yaml:11: study.csv, outcome 'outcome': no class '2'. Found: '0' (48), '1' (32)",
    ),
    "no positive class": (
        yaml(", positive: 1", ""),
        "experiment.yaml:11: study.csv, outcome 'outcome': say which class is positive: '0' (48), '1' (32)",
    ),
    "unknown categorical column": (
        yaml("categorical: sex", "categorical: gender"),
        "experiment.yaml:10: clinical.csv: unknown column 'gender'. Known: patient_id, age, sex, stage",
    ),
    "unlisted ordinal level": (
        yaml("[I, II, III, IV]", "[I, II, III]"),
        "clinical.csv: column 'stage' has the value 'IV' (line 7), which is no level of ordinal. Did you mean 'I'? Levels: I, II, III",
    ),
    "unknown role": (
        table("study.csv", cell(1, 3, "training")),
        "experiment.yaml:13: study.csv: 'role' has the value 'training' (1 cases), which is given no role. Say it: values: {training: train | tune | internal | external}",
    ),
    "text in a feature column": (
        table("drf.csv", cell(3, 2, "n/d")),
        "drf.csv: column 'deep_001' holds text in 1 of 80 rows (first: 'n/d', line 4). Declare categorical, ordinal or missing_codes for 'deep_001', or drop it.",
    ),
    "duplicate id": (
        table("drf.csv", lambda rows: [*rows, rows[1]]),
        "drf.csv: 1 (first: 'SIM-01') of 80 ids come more than once (line 2 and line 82). If the rows are readings of one case: reading: <column>; if one patient owns several cases: case: [<patient>, <lesion>].",
    ),
    "ids that match nowhere": (
        table("drf.csv", column(0, lambda place, _: f"X{place}")),
        "drf.csv: none of its 80 ids is in study.csv ('X0' here, 'SIM-01' there). Expected the same ids.",
    ),
    "case without a row": (
        table("drf.csv", lambda rows: rows[:-2]),
        "drf.csv: no row for 2 (first: 'SIM-79', 'SIM-80') of 80 cases in DRF. Set missing_cases: drop, impute or keep.",
    ),
    "wrong separator": (
        lambda folder: (folder / "drf.csv").write_text((folder / "drf.csv").read_text().replace(",", "|")) and None,
        "drf.csv: only one column came out: 'patient_id|deep_000|deep_001|deep_002|deep_003|deep_004|d...' (tried: comma, semicolon, tab). Say how it is cut: separator: \"|\".",
    ),
    "empty table": (
        lambda folder: (folder / "drf.csv").write_text("") and None,
        "drf.csv: the file is empty. Expected a header and one row per case.",
    ),
    "header only": (
        table("drf.csv", lambda rows: rows[:1]),
        "drf.csv: a header of 7 columns but no rows.",
    ),
    "ragged row": (
        table("drf.csv", lambda rows: [*rows[:4], rows[4][:-2], *rows[5:]]),
        "drf.csv: line 5 has 5 fields, the header has 7 (separator comma; 1 such lines).",
    ),
    "one class only": (
        table("study.csv", column(1, lambda *_: "1")),
        "study.csv: 80 cases are left, of class '1' only. Expected two classes or more.",
    ),
    "another reader's columns": (
        table("hrf_reader2.csv", cell(0, 1, "other")),
        "hrf_reader2.csv: 1 (first: 'original_shape_F001') of 12 features of hrf.csv are not in it. Readings need the same features.",
    ),
    "fusion of one feature set": (
        yaml("seed: 1", "seed: 1\nfusions: {late: {of: [HRF], rule: mean}}"),
        "experiment.yaml:31: 'late' should join two or more, found only 'HRF', found {'of': ['HRF'], 'rule': 'mean'}",
    ),
    "fusion of an unknown feature set": (
        yaml("seed: 1", "seed: 1\nfusions: {late: {of: [HRF, DFR], rule: mean}}"),
        "experiment.yaml:31: unknown feature set 'DFR'. Did you mean 'DRF'? Known: HRF, DRF, clinical, HRF + DRF, HRF + DRF + clinical",
    ),
    "fusion called like a feature set": (
        yaml("seed: 1", "seed: 1\nfusions: {HRF: {of: [DRF, clinical]}}"),
        "experiment.yaml:31: a feature set is called 'HRF' as well",
    ),
    "unknown rule of a fusion": (
        yaml("seed: 1", "seed: 1\nfusions: {late: {of: [HRF, DRF], rule: avarage}}"),
        "experiment.yaml:31: unknown rule 'avarage'. Known: mean, weighted, calibrated_mean, stacked, hard_vote",
    ),
    "ensemble of an unknown classifier": (
        yaml("seed: 1", "seed: 1\nensembles: {vote: {of: [logistic_l2, xgbost]}}"),
        "experiment.yaml:31: unknown classifier 'xgbost'. Known: logistic_l2, naive_bayes, lightgbm",
    ),
    "imported without a column": (
        yaml("seed: 1", "seed: 1\nimported: {CNN: {file: study.csv}}"),
        "experiment.yaml:31: 'CNN' should name its column of probabilities: score for two classes, scores for more, found {'file': 'study.csv'}",
    ),
    "imported that is no probability": (
        yaml("seed: 1", "seed: 1\nimported: {CNN: {file: drf.csv, score: deep_001}}"),
        "drf.csv: imported 'CNN': probabilities outside [0, 1] for 80 (first: 'SIM-01', 'SIM-02', 'SIM-03') of 80 cases",
    ),
    "no outcome": (
        yaml("  outcome: {file: study.csv, column: outcome, positive: 1}\n", ""),
        "experiment.yaml:4: no outcome: declare cohort.outcome, or several by name under outcomes",
    ),
    "one outcome and several": (
        yaml("seed: 1", "seed: 1\noutcomes: {other: {file: study.csv, column: outcome, positive: 1}}"),
        "experiment.yaml:31: outcomes has several outcomes: leave cohort.outcome out",
    ),
    "class with one case": (
        table("study.csv", cell(1, 1, "2")),
        "experiment.yaml:26: folds of kfold: class '2' has 1 cases, fewer than the 5 folds. Merge it with another class (outcome: merge)",
    ),
    "refit of a kfold": (
        yaml("kind: kfold, folds: 5, repeats: 2", "kind: kfold, refit: train"),
        "experiment.yaml:26: 'refit' belongs to splits of kind roles, this kind is kfold, found 'train'",
    ),
    "resampler in the middle": (
        yaml("encode, icc,", "encode, smote, icc,"),
        "experiment.yaml:16: smote must be the last item: steps after it would learn from rows that are not there",
    ),
    "training without a class": (
        table(
            "study.csv", lambda rows: [rows[0], *([*row[:3], "external"] if row[1] == "1" else row for row in rows[1:])]
        ),
        "experiment.yaml:27: external centre, fold 1: 0 training cases of class '1', fewer than the 3 inner folds",
    ),
}


def message(folder: Path, capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    """Exit code and what the command says on standard error, with the folder's name left out."""
    sys.argv = ["radbench", *command]
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().err.strip()
    code = stop.value.code
    said = said.replace(f"{folder}/", "").replace(str(folder), "HERE").removeprefix("radbench: ")
    # where the real cohorts lie, if they do, depends on the machine
    return (code if isinstance(code, int) else 0), re.sub(r", \S*shared/data", "", said)


@pytest.mark.parametrize("name", WRONG)
def test_says_what_is_wrong(
    name: str, right: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.delenv("RADBENCH_DATA", raising=False)
    folder = tmp_path / "wrong"
    shutil.copytree(right, folder)
    results = tmp_path / "results"
    results.mkdir()
    (results / "predictions.parquet").write_text("earlier work")
    edit, expected = WRONG[name]
    edit(folder)
    code, said = message(folder, capsys, "run", str(folder / "experiment.yaml"), "--output", str(results))
    assert said == expected
    assert code == 2
    assert [path.name for path in results.iterdir()] == ["predictions.parquet"]
    assert (results / "predictions.parquet").read_text() == "earlier work"
