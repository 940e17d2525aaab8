"""The LASSO step: which features stay, and what it refuses."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LassoCV
from sklearn.model_selection import StratifiedKFold

from benchmark.errors import ConfigError, DataError
from benchmark.frame import PATIENT
from benchmark.steps.lasso import Lasso
from benchmark.steps.lasso_linear import linear_lasso_path_cv
from benchmark.steps.lasso_logistic import logistic_path, logistic_path_cv, null_gradient
from benchmark.steps.training_rows import folds_of


def simulated(n: int = 90, k: int = 40, seed: int = 0, signal: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.repeat(rng.normal(size=(n, k // 10 + 1)), 10, axis=1)[:, :k] + 0.7 * rng.normal(size=(n, k))
    score = X[:, 0] - X[:, 11 % k]
    y = (signal * 2 * score + rng.normal(size=n) > 0).astype(int)
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)], index=[f"c{i}" for i in range(n)]), y


@pytest.mark.parametrize("rule", ["minimum", "one_standard_error"])
def test_the_logistic_model_keeps_the_support_at_the_chosen_penalty(rule: str) -> None:
    X, y = simulated()
    step = Lasso(rule=rule, seed=3).fit(X, y)
    path = step.paths_[0]
    _, coefficients = logistic_path(X.to_numpy(), y.astype(float), path.penalties[: path.choose(rule) + 1])
    assert step.states_[0].tolist() == (coefficients[-1] != 0).tolist()
    assert {"HRF::f0", "HRF::f11"} <= set(step.transform(X).columns)
    assert step.transform(X).shape[1] < 40


def test_one_standard_error_keeps_no_more() -> None:
    X, y = simulated(signal=0.5)
    assert Lasso(rule="one_standard_error").fit(X, y).states_[0].sum() < Lasso().fit(X, y).states_[0].sum()


def test_the_linear_model_is_lassocv() -> None:
    X, y = simulated(seed=1)
    scaled = X * np.linspace(1, 2, 40) + 5
    cv = StratifiedKFold(5, shuffle=True, random_state=9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference = LassoCV(cv=cv).fit(scaled.to_numpy(), y.astype(float)).coef_ != 0
    step = Lasso(model="linear", standardize=False, seed=9).fit(scaled, y)
    assert step.states_[0].tolist() == reference.tolist()
    inside = Lasso(model="linear", seed=9)
    assert inside.fit(scaled, y).states_[0].tolist() == inside.fit(X, y).states_[0].tolist()


@pytest.mark.parametrize("model", ["logistic", "linear"])
def test_the_cap_raises_the_penalty(model: str) -> None:
    X, y = simulated(signal=0.5)
    free = Lasso(model=model).fit(X, y).states_[0].sum()
    assert free > 5
    for cap in (1, 3, 5):
        step = Lasso(model=model, max_features=cap).fit(X, y)
        keep, path = step.states_[0], step.paths_[0]
        assert 1 <= keep.sum() <= cap
        if model == "logistic":
            within = (path.coefficients != 0).sum(axis=1) <= cap
            place = max(place for place in range(path.choose("minimum")) if within[place])
            assert keep.tolist() == (path.coefficients[place] != 0).tolist()
        elif cap > 1:
            assert keep.sum() > 1


def test_without_a_relation_the_best_feature_stays_or_it_is_an_error() -> None:
    X, _ = simulated(seed=2)
    y = np.random.default_rng(7).permutation(np.repeat([0, 1], 45))
    step = Lasso(rule="one_standard_error").fit(X, y)
    assert not step.paths_[0].coefficients[step.paths_[0].choose("one_standard_error")].any()
    assert list(step.transform(X).columns) == [X.columns[null_gradient(X.to_numpy(), y.astype(float)).argmax()]]
    with pytest.raises(DataError, match="lasso: none of 40 features is left of HRF"):
        Lasso(rule="one_standard_error", when_empty="error").fit(X, y)


TABLES = [
    *(f"radmlbench-hosny2018/Hosny2018{centre}" for centre in "ABC"),
    *(f"radmlbench-worc/WORC-{name}" for name in ("Lipo", "Desmoid", "Liver", "GIST", "CRLM", "Melanoma")),
    "radmlbench-petct/Head-Neck-PET-CT",
]


@pytest.mark.shared
@pytest.mark.parametrize("table", TABLES)
def test_real_tables_give_what_the_whole_grid_gives(table: str, shared: Path) -> None:
    """Every eighth feature, for speed; ``benchmarks/lasso.py`` has whole tables."""
    read = pd.read_csv(shared / "data" / f"{table}.csv.gz").drop(columns="ID")
    y, X = read.pop("Target").to_numpy(int), read.iloc[:, ::8].add_prefix("HRF::")
    folds = list(StratifiedKFold(5, shuffle=True, random_state=1).split(X, y))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference = LassoCV(cv=folds, alphas=50, eps=0.01).fit(X.to_numpy(), y.astype(float))
    settings = {"n_lambdas": 50, "eps": 0.01, "seed": 1}
    linear = Lasso(model="linear", standardize=False, **settings).fit(X, y)
    path = linear.paths_[0]
    assert path.penalties[path.choose("minimum")] == reference.alpha_
    if reference.coef_.any():
        assert linear.states_[0].tolist() == (reference.coef_ != 0).tolist()
    early, whole = (Lasso(patience=patience, **settings).fit(X, y) for patience in (0.25, 1))
    assert early.states_[0].tolist() == whole.states_[0].tolist()
    assert early.paths_[0].choose("minimum") == whole.paths_[0].choose("minimum")
    assert early.paths_[0].n_reached <= whole.paths_[0].n_reached == 50


def test_class_codes_do_not_matter() -> None:
    X, y = simulated()
    expected = Lasso().fit(X, y).states_[0]
    assert (Lasso().fit(X, 2 * y + 1).states_[0] == expected).all()
    assert (Lasso().fit(X, y == 1).states_[0] == expected).all()


def test_the_same_seed_gives_the_same_folds_and_a_clone_the_same_features() -> None:
    X, y = simulated(signal=0.5)
    step = Lasso(seed=5)
    assert (clone(step).fit(X, y).states_[0] == step.fit(X, y).states_[0]).all()
    one, other = (folds_of("lasso", y, None, 5, seed)[0][1].tolist() for seed in (1, 2))
    assert one != other


def test_a_patient_is_never_on_both_sides() -> None:
    X, _ = simulated()
    owners = np.array([f"p{number // 3}" for number in range(90)], object)
    outcome = (np.arange(90) // 3 % 2).astype(float)
    for train, test in folds_of("lasso", outcome, owners, 5, 0):
        assert not set(owners[train]) & set(owners[test])
        assert outcome[train].min() == 0
        assert outcome[train].max() == 1
    step = Lasso().fit(X.assign(**{PATIENT: owners}), outcome.astype(int))
    expected = np.sort([len(test) for _, test in folds_of("lasso", outcome, owners, 5, 0)])
    assert np.sort(step.paths_[0].weights).tolist() == expected.tolist()


def test_fewer_folds_where_a_class_is_rare() -> None:
    X, _ = simulated()
    rare = np.zeros(90, int)
    rare[:3] = 1
    assert Lasso().fit(X, rare).paths_[0].errors.shape[1] == 3
    with pytest.raises(
        DataError, match="needs 2 cases of each class among the 90 training rows; the rarest class has 1"
    ):
        Lasso().fit(X, (np.arange(90) == 0).astype(int))
    one_patient = X.assign(**{PATIENT: ["p0"] * 45 + [f"p{number}" for number in range(45)]})
    with pytest.raises(DataError, match="needs 2 patients of each class"):
        Lasso().fit(one_patient, np.repeat([1, 0], 45))


def test_outcomes_it_refuses() -> None:
    X, _ = simulated()
    with pytest.raises(DataError, match=r"lasso: the training rows have 1 class\(es\); it needs two at least"):
        Lasso().fit(X, np.zeros(90, int))
    with pytest.raises(DataError, match="needs the outcome"):
        Lasso().fit(X)


@pytest.mark.parametrize("model", ["logistic", "linear"])
def test_of_three_classes_each_is_fitted_against_the_rest(model: str) -> None:
    X, _ = simulated(n=120, k=30)
    codes = np.digitize(X.iloc[:, 0] - X.iloc[:, 11], [-0.8, 0.8])
    step = Lasso(model=model, seed=3).fit(X, codes)
    assert len(step.paths_) == 3
    folds = folds_of("lasso", codes, None, 5, 3)
    union = np.zeros(30, bool)
    for code in range(3):
        if model == "logistic":
            path = logistic_path_cv(X.to_numpy(), (codes == code).astype(float), folds, eps=1e-4)
            union |= path.coefficients[path.choose("minimum")] != 0
        else:
            standard = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
            union |= linear_lasso_path_cv(standard, (codes == code).astype(float), folds).coef != 0
    assert step.states_[0].tolist() == union.tolist()
    assert {"HRF::f0", "HRF::f11"} <= set(step.transform(X).columns)
    assert Lasso(model=model, max_features=3).fit(X, codes).states_[0].sum() <= 3


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_it_refuses(bad: float) -> None:
    X, y = simulated()
    X.iloc[4, 3] = X.iloc[5, 6] = bad
    with pytest.raises(
        DataError, match=r"2 of 40 features have .*first: 'f3' of block 'HRF'\). Put impute before lasso"
    ):
        Lasso().fit(X, y)


def test_constant_features_are_never_kept() -> None:
    X, y = simulated(n=40, k=60)
    X.iloc[:, :10] = 0.1
    for model in ("logistic", "linear"):
        keep = Lasso(model=model).fit(X, y).states_[0]
        assert keep.any()
        assert not keep[:10].any()
        with pytest.raises(DataError, match="lasso: none of 10 features of HRF varies in the training rows"):
            Lasso(model=model).fit(X.iloc[:, :10], y)


@pytest.mark.parametrize("model", ["logistic", "linear"])
def test_few_cases_and_many_features(model: str) -> None:
    X, y = simulated(n=10, k=300, seed=4)
    assert Lasso(model=model).fit(X, y).transform(X).shape[1] >= 1


def test_one_feature() -> None:
    X, y = simulated(k=1)
    assert Lasso().fit_transform(X, y).shape[1] == 1


def test_settings_that_contradict() -> None:
    with pytest.raises(ConfigError, match="standardize: false is for model: linear"):
        Lasso(standardize=False).check()


def test_apart_for_each_block() -> None:
    X, y = simulated(signal=3)
    both = pd.concat([X, X.rename(columns=lambda name: name.replace("HRF", "DRF"))], axis=1)
    step = Lasso(per_block=True).fit(both, y)
    assert len(step.paths_) == 2
    assert (step.states_[0] == step.states_[1]).all()
    together = Lasso().fit(both, y).transform(both)
    assert not [column for column in together.columns if column.startswith("DRF")]
