"""The simulation of sizes and coverages: its pipeline against scikit-learn, its truth, its methods and tables."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.anova import omnibus
from benchmark.statistics.cross_validated_auc import cross_validated_auc
from benchmark.statistics.delong import delong

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
COHORTS = 4


@pytest.fixture(scope="module")
def scripts() -> tuple[ModuleType, ModuleType]:
    """The simulation and the script that judges it, imported as files beside each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        return importlib.import_module("simulated_nested_cv"), importlib.import_module("type_one_error")


@pytest.fixture(scope="module")
def results(scripts: tuple[ModuleType, ModuleType]) -> pd.DataFrame:
    return scripts[1].simulate_all(COHORTS, 3)


def family(simulation: ModuleType, *, n: int = 90, groups: int = 10, effect: float = 0.8, seed: int = 0) -> tuple:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) < 0.4 * n).astype(int)
    return simulation.draw(rng, y, rng.normal(size=(n, groups)), effect, 2), y


def test_the_pipeline_is_the_nested_search_of_scikit_learn(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation = scripts[0]
    X, y = family(simulation)
    X = X * np.geomspace(0.01, 100, X.shape[1]) + 3  # features on any scale
    cohort = simulation._cohort(y)
    splits = simulation.make_splits(cohort, simulation.FOLDS, seed=1)[:6]
    scores, _ = simulation.nested(X, y, [simulation.masks_of(cohort, split) for split in splits])
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=simulation.SHRINKAGE)
    whole = Pipeline([("scale", StandardScaler()), ("select", SelectKBest(f_classif)), ("model", model)])
    chosen = set()
    for split, score in zip(splits, scores, strict=True):
        train, test = cohort.cases.get_indexer(split.train), cohort.cases.get_indexer(split.test)
        inner = [tuple(split.train.get_indexer(side) for side in pair) for pair in split.inner]
        search = GridSearchCV(whole, {"select__k": list(simulation.SIZES)}, scoring="roc_auc", cv=inner)
        search.fit(X[train], y[train])
        chosen.add(search.best_params_["select__k"])
        assert score[test] == pytest.approx(search.predict_proba(X[test])[:, 1], rel=1e-8)
    assert len(chosen) > 1


def test_no_test_case_is_seen_in_training(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation = scripts[0]
    X, y = family(simulation)
    cohort = simulation._cohort(y)
    masks = [
        simulation.masks_of(cohort, split) for split in simulation.make_splits(cohort, simulation.HELD_OUT, seed=1)
    ]
    before, weight = simulation.nested(X, y, masks)
    tested = np.flatnonzero(masks[0][0, 1])
    other, flipped = X.copy(), y.copy()
    other[tested[1:]] += 100
    flipped[tested] = 1 - y[tested]
    after, again = simulation.nested(other, flipped, masks)
    assert again == pytest.approx(weight, rel=1e-9)
    assert after[0, tested[0]] == pytest.approx(before[0, tested[0]], rel=1e-9)


def test_the_true_auc_is_that_among_many_new_cases(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation = scripts[0]
    rng = np.random.default_rng(1)
    weight = rng.normal(0.3, 1, (2, 20))
    X, y = family(simulation, n=200_000, groups=4, effect=0.9, seed=2)
    found = [roc_auc(y, X @ one) for one in weight]
    assert simulation.true_auc(weight, 0.9, 2) == pytest.approx(found, abs=0.004)
    assert simulation.true_auc(weight, 0.0, 2).tolist() == [0.5, 0.5]


def test_families_share_what_they_should(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation = scripts[0]
    rng = np.random.default_rng(3)
    y, shared = np.zeros(100_000, int), rng.normal(size=(100_000, 2))
    A, B = (simulation.draw(rng, y, shared, 0.0, 1) for _ in range(2))
    between = np.corrcoef(np.column_stack([A, B]).T)
    assert between[0, 1] == pytest.approx(simulation.WITHIN, abs=0.01)
    assert between[0, 10] == pytest.approx(simulation.WITHIN * simulation.BETWEEN, abs=0.01)
    assert between[0, [5, 15]] == pytest.approx(0, abs=0.01)
    assert A.std() == pytest.approx(1, abs=0.01)


def test_methods_are_what_they_are_called(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation, script = scripts
    predicted = simulation.simulate(script.SCENARIOS[1], 0, 0)
    data, held = predicted["folds"], predicted["held-out"]
    assert sorted(np.bincount(held.fold[:, 0] + 1)) == [40, 80]
    assert data.truth.shape == (25, 2) and held.truth.shape == (1, 2)
    values = script.fold_values(data)
    one_way = omnibus(pd.DataFrame(values[:, :2], columns=["A", "B"]))[0]
    assert script.folds_one_way(data).p == pytest.approx(one_way["p"], rel=1e-8)
    assert script.folds_paired(data).p == pytest.approx(stats.ttest_rel(values[:, 0], values[:, 1]).pvalue)
    rows = held.fold[:, 0] == 0
    assert script.held_out(held).estimate[:2] == pytest.approx(delong(held.y[rows], held.scores[rows, 0]).estimate)
    plain = cross_validated_auc(data.y, data.scores, data.fold).aucs
    assert script.influence_curve(data).estimate[:2] == pytest.approx(plain.estimate)
    assert script.nadeau_bengio(data).estimate[:2] == pytest.approx(plain.estimate)


def test_the_factors_multiply_the_variance_of_one_repeat(scripts: tuple[ModuleType, ModuleType]) -> None:
    simulation, script = scripts
    data = simulation.simulate(script.SCENARIOS[1], 1, 0)["folds"]
    single = [
        cross_validated_auc(data.y, data.scores[:, [r]], data.fold[:, [r]]).aucs.covariance for r in range(5)
    ]  # fmt: skip
    spread = np.mean(single, axis=0)
    for judge, factor in ((script.corrected_for_overlap, 1.45), (script.overlap_symmetric, 1.68)):
        found = judge(data)
        se = np.sqrt(factor * np.array([spread[0, 0], spread[1, 1], spread[0, 0] + spread[1, 1] - 2 * spread[0, 1]]))
        assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(se, rel=1e-6)


def test_results_have_every_quantity_of_every_method(
    results: pd.DataFrame, scripts: tuple[ModuleType, ModuleType]
) -> None:
    script = scripts[1]
    assert tuple(results.columns) == script.COLUMNS
    assert set(results["scenario"]) == {scenario.name for scenario in script.SCENARIOS}
    assert (results["cohorts"] == COHORTS).all()
    assert not results.duplicated(["scenario", "method", "design", "quantity", "of"]).any()
    shares = results[results["quantity"].str.contains("coverage|size|power")]
    assert shares["value"].between(0, 1).all() and (shares["value"] * COHORTS % 1 == 0).all()
    assert ((shares["low"] <= shares["value"]) & (shares["value"] <= shares["high"])).all()
    size = results[results["quantity"] == "size"]
    assert set(size["scenario"]) == {s.name for s in script.SCENARIOS if s.null}
    assert set(size["method"]) == {method.name for method in script.METHODS} - {"the same, logit scale"}
    true = results[(results["quantity"] == "expected AUC") & (results["scenario"] == "no information")]
    assert true["value"].tolist() == [0.5, 0.5, 0.0] * 2


def test_the_seed_decides_and_the_other_cohorts_do_not_matter(scripts: tuple[ModuleType, ModuleType]) -> None:
    script = scripts[1]
    for scenario in script.SCENARIOS[::3]:
        first, again, other = (script.judged(scenario, 2, seed) for seed in (3, 3, 4))
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, again, strict=True))
        assert not np.array_equal(first[0], other[0], equal_nan=True)


def test_table_and_figure(results: pd.DataFrame, scripts: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    script = scripts[1]
    made = results.copy()
    size = made["quantity"] == "size"
    made.loc[size, ["value", "low", "high"]] = (0.2, 0.1, 0.3)
    assert set(script.in_words(made, "size", "A - B").to_numpy().ravel()) == {"20.0!"}
    made.loc[size, ["value", "low", "high"]] = (0.02, 0.01, 0.03)
    assert set(script.in_words(made, "size", "A - B").to_numpy().ravel()) == {"2.0+"}
    assert script.as_markdown(script.in_words(made, "size", "A - B")).count("\n") == 10
    script.draw_figure(results).savefig(tmp_path / "figure.png", dpi=40)
    assert (tmp_path / "figure.png").stat().st_size > 1000
