"""The shared nested search gives the numbers of the plain one, bit for bit, whatever the order and the workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import optuna
import pytest
from threadpoolctl import threadpool_limits

from benchmark.classifiers import space_of
from benchmark.cohort import Cohort
from benchmark.plan import Plan, Tuning, make_plan
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, Recipe, StepChoice
from benchmark.runner import run
from benchmark.seeds import seed_for
from benchmark.splits import Design, Split, make_splits
from benchmark.store import Store
from benchmark.tuning import mean_auc
from benchmark.waist import collect
from tests.cohorts import small_cohort

STEPS = (
    StepChoice("impute"),
    StepChoice("encode"),
    StepChoice("combat", {"covariates": ("age",)}),
    StepChoice("standardize"),
    StepChoice("icc", {"threshold": 0.5}),
    StepChoice("lasso", {"folds": 3}),
)
CLASSIFIERS = (ClassifierChoice("logistic_l2"), ClassifierChoice("svm_rbf"), ClassifierChoice("lightgbm"))
TUNING = Tuning(trials=4, inner_folds=2)


def plan_of(cohort: Cohort, choices: tuple[ClassifierChoice, ...] = CLASSIFIERS, seed: int = 7) -> Plan:
    splits = make_splits(cohort, Design("kfold", "kfold", folds=2, inner_folds=2), seed=seed)
    sets = [FeatureSet("HRF", ("HRF",)), FeatureSet("all", ("HRF", "DRF", "clinical"))]
    return make_plan(cohort, splits, sets, [Preprocessing("p", STEPS)], choices, tuning=TUNING, seed=seed)


def naive_scores(cohort: Cohort, recipe: Recipe, split: Split, plan: Plan, names: tuple[str, ...]) -> np.ndarray:
    """The definition: for each trial and inner fold, the whole recipe is fitted on the inner training rows."""
    frame = cohort.frame(recipe.feature_set.blocks, covariates=cohort.covariates.columns)
    y = cohort.codes
    seed, steps_seed = seed_for(plan.seed, *names, recipe.classifier.name), seed_for(plan.seed, *names)

    def fit(cases, params):
        pipeline = recipe.build(cohort, seed=seed, params=params)
        for name, step in pipeline.steps[:-1]:
            if "seed" in step.get_params(deep=False):
                pipeline.set_params(**{f"{name}__seed": steps_seed})
        return pipeline.fit(frame.loc[cases], y[cases].to_numpy())

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=10)
    )
    scores = []
    for _ in range(plan.tuning.trials):
        trial = study.ask(space_of(recipe.classifier.name, {}))
        folds = [
            mean_auc(y[valid].to_numpy(), fit(train, trial.params).predict_proba(frame.loc[valid]))
            for train, valid in split.inner
        ]
        scores.append((float(np.mean(folds)), trial.params))
        study.tell(trial, scores[-1][0])
    best = max(scores, key=lambda pair: pair[0])[1]
    return fit(split.train, best).predict_proba(frame.loc[split.test])


@pytest.mark.filterwarnings("ignore")
def test_equals_the_naive_nested_search_bit_for_bit(tmp_path: Path) -> None:
    plan = plan_of(small_cohort())
    run(plan, tmp_path, workers=1)
    store = Store(tmp_path)
    for unit in plan.units:
        for choice, name in zip(unit.classifiers, unit.records, strict=True):
            recipe = Recipe(unit.feature_set, unit.preprocessing, choice)
            with threadpool_limits(1):
                expected = naive_scores(plan.cohort, recipe, unit.split, plan, unit.names)
            record = store.read(name)
            assert record is not None and record.failure == ""
            np.testing.assert_array_equal(record.arrays["test"], expected)


def test_one_worker_and_two_give_identical_predictions(tmp_path: Path) -> None:
    plan = plan_of(small_cohort())
    run(plan, tmp_path / "one", workers=1)
    run(plan, tmp_path / "two", workers=2)
    one, two = (collect(plan, Store(tmp_path / name)).predictions for name in ("one", "two"))
    one.to_parquet(tmp_path / "one.parquet")
    two.to_parquet(tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_adding_a_classifier_changes_no_other_number(tmp_path: Path) -> None:
    few, more = plan_of(small_cohort(), CLASSIFIERS[:1]), plan_of(small_cohort(), CLASSIFIERS[::-1])
    run(few, tmp_path / "few", workers=1)
    run(more, tmp_path / "more", workers=1)
    for one, other in zip(few.units, more.units, strict=True):
        assert one.records[0] == other.records[-1]
        mine, theirs = Store(tmp_path / "few").read(one.records[0]), Store(tmp_path / "more").read(one.records[0])
        assert mine is not None and theirs is not None
        np.testing.assert_array_equal(mine.arrays["test"], theirs.arrays["test"])


def test_a_rerun_does_only_what_is_missing(tmp_path: Path) -> None:
    plan = plan_of(small_cohort())
    run(plan, tmp_path, workers=1)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    lost = plan.units[1].records[0]
    Store(tmp_path).forget(lost)
    run(plan, tmp_path, workers=1)
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    changed = {name for name, stamp in after.items() if before.get(name) != stamp}
    assert changed == {f"{lost}.npz", f"{plan.units[1].steps_record}.npz"}
    assert before.keys() == after.keys()


def test_chosen_inside_follows_the_highest_inner_score(tmp_path: Path) -> None:
    plan = plan_of(small_cohort())
    run(plan, tmp_path, workers=1)
    waist = collect(plan, Store(tmp_path))
    trials = waist.trials.query("feature_set == 'HRF' and fold == '1'")
    best = trials.loc[trials["chosen"]].sort_values("score", ascending=False, kind="stable").iloc[0]["classifier"]
    rows = waist.predictions.query("feature_set == 'HRF' and fold == '1'").set_index("case")
    chosen = rows[rows["classifier"] == "chosen inside"]
    np.testing.assert_array_equal(chosen["score_1"], rows[rows["classifier"] == best]["score_1"])
