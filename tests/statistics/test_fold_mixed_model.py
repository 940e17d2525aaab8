"""The mixed model over folds: statsmodels, pingouin, the corrected t, and its size under the null by simulation."""

from __future__ import annotations

import warnings
from itertools import product

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.statistics.corrected_resampled import corrected_resampled_test
from benchmark.statistics.fold_mixed_model import (
    EFFECTS,
    FoldCube,
    family_pairs,
    fold_cube,
    mixed_model,
    variance_components,
)
from benchmark.statistics.repeated_measures import repeated_measures


def simulate_cube(seed: int = 0, folds: int = 12, a: int = 3, b: int = 4) -> FoldCube:
    rng = np.random.default_rng(seed)
    values = (
        0.7
        + np.linspace(0, 0.04, a)[:, None]
        + rng.normal(0, 0.05, (folds, 1, 1))
        + rng.normal(0, 0.04, (folds, a, 1))
        + rng.normal(0, 0.03, (folds, 1, b))
        + rng.normal(0, 0.02, (folds, a, b))
    )
    return FoldCube(values, tuple("ABCDE"[:a]), tuple("stuv"[:b]))


def long_of(cube: FoldCube) -> pd.DataFrame:
    rows = product(range(len(cube.values)), range(len(cube.families)), range(len(cube.classifiers)))
    return pd.DataFrame(
        [
            {"repeat": j // 4, "fold": j % 4, "feature_set": cube.families[f], "classifier": cube.classifiers[c],
             "auc": cube.values[j, f, c]}
            for j, f, c in rows
        ]
    )  # fmt: skip


def test_equals_reml_of_statsmodels() -> None:
    from statsmodels.formula.api import mixedlm

    cube = simulate_cube()
    long = long_of(cube)
    long["place"] = long["repeat"] * 10 + long["fold"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = mixedlm(
            "auc ~ C(feature_set, Sum) * C(classifier, Sum)",
            long,
            groups="place",
            re_formula="1",
            vc_formula={"family": "0 + C(feature_set)", "classifier": "0 + C(classifier)"},
        ).fit(reml=True)
    names = list(fitted.fe_params.index)
    found = mixed_model(cube, ratio=0).set_index("effect")
    picks = {
        "family": [n for n in names if "feature_set" in n and ":" not in n],
        "classifier": [n for n in names if "classifier" in n and ":" not in n],
        "family x classifier": [n for n in names if ":" in n],
    }
    for effect, chosen in picks.items():
        value = fitted.fe_params[chosen].to_numpy()
        covariance = fitted.cov_params().loc[chosen, chosen].to_numpy()
        wald = value @ np.linalg.solve(covariance, value) / len(chosen)
        assert found.loc[effect, "statistic"] == pytest.approx(wald, rel=2e-3)
        assert found.loc[effect, "df1"] == len(chosen)
    ours = variance_components(cube)
    theirs = dict(zip(fitted.model.exog_vc.names, fitted.vcomp, strict=True))
    assert ours.fold_by_family == pytest.approx(theirs["family"], rel=5e-3)
    assert ours.fold_by_classifier == pytest.approx(theirs["classifier"], rel=5e-3)
    assert ours.residual == pytest.approx(fitted.scale, rel=5e-3)
    assert ours.fold == pytest.approx(float(fitted.cov_re.iloc[0, 0]), rel=5e-3)


def test_equals_pingouin() -> None:
    import pingouin

    cube = simulate_cube(1)
    long = long_of(cube)
    long["place"] = long["repeat"] * 10 + long["fold"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = pingouin.rm_anova(data=long, dv="auc", within=["feature_set", "classifier"], subject="place")
    found = mixed_model(cube, ratio=0)
    assert found["statistic"].to_numpy() == pytest.approx(expected["F"].to_numpy(), rel=1e-9)
    assert found["p"].to_numpy() == pytest.approx(expected["p_unc"].to_numpy(), rel=1e-9)
    assert found["epsilon"].to_numpy()[:2] == pytest.approx(expected["eps"].to_numpy()[:2], rel=1e-9)
    assert found["p_corrected"].to_numpy()[:2] == pytest.approx(expected["p_GG_corr"].to_numpy()[:2], rel=1e-9)


def test_one_classifier_is_repeated_measures() -> None:
    cube = simulate_cube(2, b=1)
    found = mixed_model(cube, ratio=0)
    expected = repeated_measures(pd.DataFrame(cube.values[:, :, 0]))
    assert found["effect"].tolist() == ["family"]
    assert found["p_corrected"][0] == pytest.approx(expected.test.p_greenhouse_geisser, rel=1e-10)
    assert found["partial_eta_squared"][0] == pytest.approx(expected.partial_eta_squared, rel=1e-10)
    assert np.isnan(variance_components(cube).residual)


def test_two_families_are_the_corrected_t() -> None:
    cube = simulate_cube(3, a=2)
    found = mixed_model(cube, ratio=0.25, count_repeats=True).iloc[0]
    d = (cube.values[:, 0] - cube.values[:, 1]).mean(1)
    t = d.mean() / np.sqrt((1 / 12 + 0.25) * d.var(ddof=1))
    assert found["statistic_corrected"] == pytest.approx(t**2)
    assert found["p_corrected"] == pytest.approx(corrected_resampled_test(d, ratio=0.25).p[0])
    pair = family_pairs(cube, ratio=0.25, count_repeats=True).iloc[0]
    assert (pair["statistic"], pair["difference"], pair["df"]) == pytest.approx((t, d.mean(), 11))
    assert pair["effect_size"] == pytest.approx(d.mean() / d.std(ddof=1))


def test_repeats_are_not_new_folds() -> None:
    """The same folds once more: F of the folds doubles (nearly), the corrected one stays."""
    cube = simulate_cube(6, folds=5)
    twice = FoldCube(np.concatenate([cube.values, cube.values]), cube.families, cube.classifiers)
    one, two = (mixed_model(each, ratio=0.25).iloc[0] for each in (cube, twice))
    assert one["inflation"] == pytest.approx(1 + 5 * 0.25)
    assert two["inflation"] == pytest.approx(10 * (1 / 5 + 0.25))
    assert two["statistic_corrected"] == pytest.approx(one["statistic_corrected"] * 9 / 8)  # 10 - 1 for 2 (5 - 1)
    d = (twice.values[:, 0] - twice.values[:, 1]).mean(1)
    pair = family_pairs(twice, ratio=0.25).iloc[0]
    assert pair["statistic"] == pytest.approx(d.mean() / np.sqrt((1 / 5 + 0.25) * d.var(ddof=1)))
    assert pair["effect_size"] == pytest.approx(d.mean() / d.std(ddof=1))
    counted = mixed_model(twice, ratio=0.25, count_repeats=True).iloc[0]
    assert counted["inflation"] == pytest.approx(1 + 10 * 0.25)
    assert mixed_model(twice, ratio=0).iloc[0]["inflation"] == 1


def test_size_where_folds_have_the_correlation_of_the_rule() -> None:
    """Deviations of families in 10 folds of 10-fold cross-validation, correlated by n_test / (n_test + n_train)."""
    rng, draws, folds, ratio = np.random.default_rng(7), 2000, 10, 1 / 9
    r = ratio / (1 + ratio)
    shared, own = rng.normal(size=(draws, 1, 3, 2)), rng.normal(size=(draws, folds, 3, 2))
    every = np.sqrt(r) * shared + np.sqrt(1 - r) * own
    tables = [mixed_model(FoldCube(values, tuple("abc"), tuple("st")), ratio=ratio) for values in every]
    for effect in (0, 2):
        corrected = np.mean([table["p_corrected"][effect] < 0.05 for table in tables])
        plain = np.mean([table["p"][effect] < 0.05 for table in tables])
        assert abs(corrected - 0.05) < 0.016  # Greenhouse-Geisser costs a little; Monte Carlo error 0.005
        assert plain > 0.15


def test_size_in_real_cross_validation() -> None:
    """Three equally good families of features, two learners, 5 x 5 folds of 60 cases: no family is better. Monte Carlo
    error of the sizes 0.013, 0.02 and 0.025."""
    found = np.concatenate([cross_validate(seed) for seed in range(4)])
    once, counted, plain = np.mean(found < 0.05, axis=0)
    assert 0.02 < once < 0.09
    assert once + 0.03 < counted < 0.2
    assert plain > 0.6


def test_size_in_one_repeat() -> None:
    found = np.concatenate([cross_validate(seed, repeats=1) for seed in range(4)])
    once, counted, plain = np.mean(found < 0.05, axis=0)
    assert once == counted
    assert 0.01 < once < 0.08
    assert plain > 0.12


def cross_validate(seed: int, *, cohorts: int = 75, n: int = 60, width: int = 12, repeats: int = 5) -> np.ndarray:
    """The p of family in cohorts of their own, (cohorts, 3): corrected, with repeats counted, and plain."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    x = rng.normal(size=(3, cohorts, n, width)) + 0.35 * y[:, None] * (np.arange(width) < 4)
    aucs = []
    for _ in range(repeats):
        fold = np.empty(n, int)
        for label in (0, 1):
            fold[y == label] = rng.permutation(np.arange(n // 2) % 5)
        aucs += [np.stack([fit_and_test(each, y, fold == f) for each in x]) for f in range(5)]
    rows = []
    for values in np.array(aucs).transpose(2, 0, 1, 3):  # folds, families, learners of each cohort
        cube = FoldCube(values, tuple("abc"), ("mean", "lda"))
        once, counted = (mixed_model(cube, ratio=0.25, count_repeats=flag).iloc[0] for flag in (False, True))
        rows.append((once["p_corrected"], counted["p_corrected"], once["p"]))
    return np.array(rows)


def fit_and_test(x: np.ndarray, y: np.ndarray, test: np.ndarray) -> np.ndarray:
    """AUCs (cohorts, 2) of the difference of the means as direction, raw and by Fisher's rule."""
    train = x[:, ~test]
    one, zero = train[:, y[~test] == 1], train[:, y[~test] == 0]
    apart = one.mean(1) - zero.mean(1)
    left = np.concatenate([one - one.mean(1, keepdims=True), zero - zero.mean(1, keepdims=True)], axis=1)
    spread = np.einsum("dni,dnj->dij", left, left) / left.shape[1]
    fisher = np.linalg.solve(spread, apart[..., None])[..., 0]
    score = np.einsum("dni,dik->dnk", x[:, test], np.stack([apart, fisher], axis=-1))
    return (score[:, y[test] == 1][:, :, None] > score[:, y[test] == 0][:, None]).mean((1, 2))


def test_cube_of_rows_in_any_order() -> None:
    cube = simulate_cube(4)
    long = long_of(cube)
    shuffled = pd.concat([long.iloc[:12], long.iloc[12:].sample(frac=1, random_state=0)])
    found = fold_cube(shuffled)
    assert (found.families, found.classifiers) == (cube.families, cube.classifiers)
    assert np.array_equal(found.values, cube.values)
    assert list(mixed_model(found, ratio=0.3).columns) == EFFECTS


def test_wrong_rows() -> None:
    long = long_of(simulate_cube(5))
    with pytest.raises(DataError, match=r"more than one row for 1 .*feature_set A, classifier s"):
        fold_cube(pd.concat([long, long.iloc[[0]]]))
    with pytest.raises(DataError, match=r"no auc for 1 .*'B', 's'"):
        fold_cube(long.drop(index=4))
    with pytest.raises(DataError, match="no auc for 2"):
        fold_cube(long.assign(auc=long["auc"].where(long.index > 1)))
    with pytest.raises(DataError, match="12 folds x 1 families"):
        fold_cube(long[long["feature_set"] == "A"])
    with pytest.raises(DataError, match="found -1, expected 0 or more"):
        mixed_model(simulate_cube(), ratio=-1)


def test_no_variance_is_undefined(recwarn: pytest.WarningsRecorder) -> None:
    same = FoldCube(
        np.full((6, 3, 2), 0.7) + np.random.default_rng(0).normal(size=(6, 1, 1)), tuple("abc"), tuple("st")
    )
    found = mixed_model(same, ratio=0.25)
    assert found[["statistic", "p", "p_corrected", "partial_eta_squared"]].isna().all(axis=None)
    assert (found["undefined"] != "").all()
    assert not recwarn.list
