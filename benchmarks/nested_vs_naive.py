"""The nested search of radbench against the plain one of scikit-learn: same splits, steps, candidates and models.

The yardstick is ``naive_nested_cv.py`` beside the real cohorts: ``RandomizedSearchCV`` over the whole pipeline, either
plain (``naive``) or with ``Pipeline(memory=...)`` (``memory``), on 293 x 984 features, 5 outer x 3 inner folds, eight
classifiers of 20 candidates. Both run here, in one go, on as many processes; the ratio of their times is printed, and
whether the predictions are equal. The naive mode takes half an hour: give it one outer fold and few candidates.

    python benchmarks/nested_vs_naive.py                                        # against memory
    python benchmarks/nested_vs_naive.py --mode naive --folds 1 --candidates 3  # against naive
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, ParameterSampler, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from benchmark import classifiers
from benchmark.cohort import Block, Cohort
from benchmark.plan import Tuning, make_plan
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing, StepChoice
from benchmark.runner import run
from benchmark.splits import Split
from benchmark.steps import STEPS
from benchmark.steps.lasso_linear import linear_lasso_path_cv
from benchmark.steps.step import Choice, Rows, Selector, Step
from benchmark.store import Store

DATA = Path(os.environ.get("RADBENCH_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data").resolve()
SETTINGS = SimpleNamespace(
    table=DATA / "radmlbench-hosny2018" / "Hosny2018A.csv.gz", target="Target", drop=["ID"], batch=None,
    pseudo_batches=3, outer=5, inner=3, features=None, lasso_alphas=30, lasso_eps=0.05, lasso_cv=5,
    lasso_max_iter=1000, jobs=2, seed=0,
)  # fmt: skip
PREFIX = "yardstick "


class YardstickPrefix(Step):
    """The yardstick's imputer, ComBat (neuroCombat's estimates) and scaler, as they are: same arithmetic, same bits."""

    title = "steps of the yardstick before LASSO"
    needs_batch = True

    def __init__(self, *, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Pipeline:
        return Pipeline(yardstick().prefix_steps(SETTINGS)[:-1]).fit(_with_batch(values, rows))

    def apply(self, state: Pipeline, values: np.ndarray, rows: Rows) -> np.ndarray:
        return state.transform(_with_batch(values, rows))


def _with_batch(values: np.ndarray, rows: Rows) -> np.ndarray:
    return np.ascontiguousarray(np.column_stack([np.asarray(rows.batch, float), values]))


class YardstickLasso(Selector):
    """The yardstick's selector: ``LassoCV`` on plain folds, filled up to five features by correlation."""

    title = "LASSO of the yardstick"
    supervised = True

    def __init__(self, *, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.blocks = blocks
        self.per_block = per_block

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        folds = list(KFold(SETTINGS.lasso_cv).split(values))
        n_alphas, eps = SETTINGS.lasso_alphas, SETTINGS.lasso_eps
        found = linear_lasso_path_cv(
            values, y, folds, n_alphas=n_alphas, eps=eps, max_iter=SETTINGS.lasso_max_iter, patience=n_alphas // 2
        )
        keep = found.coef != 0
        if keep.sum() < 5:
            strength = np.abs((values - values.mean(0)).T @ (y - np.mean(y)))
            strength[keep] = -1.0
            keep[np.argsort(-strength, kind="stable")[: 5 - keep.sum()]] = True
        return Choice(keep, np.abs(found.coef))


class ScoredSVC(SVC):
    """The yardstick scores its support vector machine by the distance from the margin."""

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        distance = self.decision_function(X)
        return np.column_stack([-distance, distance])


def yardstick():
    """The module of the yardstick."""
    sys.path.insert(0, str(DATA.parent / "baselines"))
    return importlib.import_module("naive_nested_cv")


def register(module) -> None:
    """Put the yardstick's selector and models on the menus, in this process and (as it runs on import) in workers."""
    STEPS["yardstick_prefix"], STEPS["yardstick_lasso"] = YardstickPrefix, YardstickLasso
    for name, (model, _) in module.classifiers(SETTINGS.seed).items():
        known = ScoredSVC(random_state=SETTINGS.seed) if isinstance(model, SVC) else model
        classifiers.CLASSIFIERS[PREFIX + name] = classifiers.Classifier(name, _maker(known), {})


def _maker(model):
    from sklearn.base import clone

    return lambda seed: clone(model)


def candidates_of(module, n_candidates: int) -> tuple[ClassifierChoice, ...]:
    """What ``RandomizedSearchCV`` would draw, to be tried as it is."""
    choices = []
    for name, (_, space) in module.classifiers(SETTINGS.seed).items():
        space = {f"model__{key}": value for key, value in space.items()}
        drawn = ParameterSampler(space, n_candidates, random_state=SETTINGS.seed)
        tried = tuple({key.removeprefix("model__"): value for key, value in one.items()} for one in drawn)
        choices.append(ClassifierChoice(PREFIX + name, {}, tried))
    return tuple(choices)


def cohort_of(X: np.ndarray, y: np.ndarray) -> Cohort:
    cases = pd.Index([f"{number:04d}" for number in range(len(y))])
    table = pd.DataFrame(X[:, 1:], index=cases, columns=[f"f{number}" for number in range(X.shape[1] - 1)])
    text = {name: pd.Series(column.astype(int).astype(str), index=cases) for name, column in (("y", y), ("b", X[:, 0]))}
    return Cohort("yardstick", {"HRF": Block("HRF", "HRF", table)}, text["y"], ("0", "1"), pd.Series(cases, cases),
                  batch=text["b"])  # fmt: skip


def splits_of(cohort: Cohort, outer) -> list[Split]:
    y, cases = cohort.codes.to_numpy(), cohort.cases
    splits = []
    for number, (train, test) in enumerate(outer):
        inner = StratifiedKFold(SETTINGS.inner, shuffle=True, random_state=SETTINGS.seed).split(train, y[train])
        named = tuple((cases[train[head]], cases[train[tail]]) for head, tail in inner)
        splits.append(Split("kfold", 1, str(number), cases[train], cases[test], ("out-of-fold",) * len(test), named))
    return splits


def radbench_scores(module, X, y, outer, n_candidates: int, folder: Path) -> dict[str, np.ndarray]:
    """Out-of-fold scores by classifier from a run of radbench."""
    cohort = cohort_of(X, y)
    steps = (StepChoice("yardstick_prefix"), StepChoice("yardstick_lasso"))
    plan = make_plan(
        cohort, splits_of(cohort, outer), [FeatureSet("HRF", ("HRF",))], [Preprocessing("p", steps)],
        candidates_of(module, n_candidates), tuning=Tuning(trials=n_candidates, inner_folds=SETTINGS.inner), seed=0,
    )  # fmt: skip
    run(plan, folder, workers=SETTINGS.jobs)
    store, scores = Store(folder), {}
    for unit, (_, test) in zip(plan.units, outer, strict=True):
        for choice, name in zip(unit.classifiers, unit.records, strict=True):
            record = store.read(name)
            if record is None or record.failure:
                raise SystemExit(f"{choice.name}: {record.failure if record else 'no record'}")
            column = scores.setdefault(choice.name.removeprefix(PREFIX), np.full(len(y), np.nan))
            column[test] = record.arrays["test"][:, 1]
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["memory", "naive"], default="memory")
    parser.add_argument("--folds", type=int, default=SETTINGS.outer, help="outer folds to run")
    parser.add_argument("--candidates", type=int, default=20)
    args = parser.parse_args()
    if not SETTINGS.table.exists():
        print(f"{SETTINGS.table.name} is not there: set RADBENCH_DATA")
        return
    module = yardstick()
    SETTINGS.candidates = args.candidates
    X, y = module.load(SETTINGS)
    outer = list(StratifiedKFold(SETTINGS.outer, shuffle=True, random_state=SETTINGS.seed).split(X, y))[: args.folds]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        ours = radbench_scores(module, X, y, outer, args.candidates, Path(folder) / "radbench")
        seconds = {"radbench": time.perf_counter() - start}
        start = time.perf_counter()
        memory = str(Path(folder) / "memory") if args.mode == "memory" else None
        with threadpool_limits(1):
            theirs = module.run_search(X, y, outer, module.classifiers(SETTINGS.seed), SETTINGS, memory)["scores"]
        seconds[args.mode] = time.perf_counter() - start
    gaps = {name: float(np.nanmax(np.abs(ours[name] - theirs[name]))) for name in ours}
    told = {"seconds": seconds, "ratio": seconds[args.mode] / seconds["radbench"], "largest difference": gaps,
            "equal": all(gap == 0 for gap in gaps.values())}  # fmt: skip
    print(json.dumps(told, indent=2))


if (DATA.parent / "baselines").is_dir():
    register(yardstick())

if __name__ == "__main__":
    main()
