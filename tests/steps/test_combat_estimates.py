"""The estimates of ComBat against neuroCombat and the published algorithm in loops; sva in tests/oracles."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from neuroCombat import neuroCombat

from benchmark.errors import DataError
from benchmark.steps import combat_estimates
from benchmark.steps.combat_estimates import Estimates, Prior, adjust, estimate, own_estimates
from benchmark.steps.combat_neurocombat import neurocombat_estimates, single_precision

BATCHES = 3


def simulated(n: int = 60, k: int = 25, q: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, batch and covariates that single precision holds; batches of unequal size."""
    rng = np.random.default_rng(seed)
    batch = rng.permutation(np.repeat([0, 1, 2], [n // 6, n // 3, n - n // 6 - n // 3]))
    coded = np.column_stack([rng.normal(60, 10, n).round(), rng.integers(0, 2, n)])[:, :q].astype(float)
    effect, scale = rng.normal(0.3, 1, (BATCHES, k)), rng.uniform(0.5, 2, (BATCHES, k))
    values = effect[batch] + scale[batch] * rng.normal(size=(n, k)) + coded @ rng.normal(size=(q, k)) * 0.1
    return values * rng.uniform(0.5, 50, k) + rng.normal(0, 100, k), batch, coded


def harmonised(values: np.ndarray, batch: np.ndarray, coded: np.ndarray, estimates: Estimates) -> np.ndarray:
    new = np.empty_like(values)
    for number in np.unique(batch):
        of = batch == number
        new[of] = adjust(values[of], coded[of], estimates.standard, estimates.gamma[number], estimates.delta[number])
    return new


def ours(
    values: np.ndarray,
    batch: np.ndarray,
    coded: np.ndarray,
    *,
    prior: Prior = "parametric",
    mean_only: bool = False,
    reference: int | None = None,
) -> np.ndarray:
    each = np.full(batch.max() + 1, mean_only)
    found = estimate(values, batch, coded, prior=prior, mean_only=each, reference=reference)
    return harmonised(values, batch, coded, found)


def theirs(values: np.ndarray, batch: np.ndarray, coded: np.ndarray, **options: Any) -> np.ndarray:
    names = [f"x{number}" for number in range(coded.shape[1])]
    table = pd.DataFrame(coded, columns=names).assign(batch=batch)
    with contextlib.redirect_stdout(io.StringIO()):
        return neuroCombat(np.ascontiguousarray(values.T), table, "batch", continuous_cols=names, **options)["data"].T


def by_loops(
    values: np.ndarray, batch: np.ndarray, coded: np.ndarray, prior: str, mean_only: bool, reference: int | None
) -> np.ndarray:
    """Johnson, Li and Rabinovic (2007), one feature, batch and row at a time, in the standardised data."""
    n, k = values.shape
    sizes = [int((batch == b).sum()) for b in range(BATCHES)]
    design = np.hstack([np.eye(BATCHES)[batch], coded])
    z, location, sd = np.empty((n, k)), np.empty((n, k)), np.empty(k)
    for f in range(k):
        beta = np.linalg.lstsq(design, values[:, f], rcond=None)[0]
        residual = values[:, f] - design @ beta
        if reference is None:
            alpha, counted = sum(sizes[b] / n * beta[b] for b in range(BATCHES)), residual
        else:
            alpha, counted = beta[reference], residual[batch == reference]
        sd[f] = np.sqrt(np.mean(counted**2))
        location[:, f] = alpha + coded @ beta[BATCHES:]
        z[:, f] = (values[:, f] - location[:, f]) / sd[f]
    new = values.copy()
    for b in range(BATCHES):
        if b == reference:
            continue
        rows = z[batch == b]
        gamma_hat = [rows[:, f].mean() for f in range(k)]
        delta_hat = [1.0 if mean_only else rows[:, f].var(ddof=1) for f in range(k)]
        gamma, delta = PRIORS[prior](rows, np.array(gamma_hat), np.array(delta_hat), mean_only)
        new[batch == b] = (rows - gamma) / np.sqrt(delta) * sd + location[batch == b]
    return new


def parametric_by_loops(rows: np.ndarray, g: np.ndarray, d: np.ndarray, mean_only: bool) -> tuple[Any, Any]:
    n, k = rows.shape
    g_bar, t2 = g.mean(), g.var(ddof=1)
    if mean_only:
        return [(t2 * g[f] + g_bar) / (t2 + 1) for f in range(k)], np.ones(k)
    m, s2 = d.mean(), d.var(ddof=1)
    a, b = (2 * s2 + m**2) / s2, (m * s2 + m**3) / s2
    g_old, d_old, change = g, d, 1.0
    while change > 1e-4:
        g_new = np.array([(n * t2 * g[f] + d_old[f] * g_bar) / (n * t2 + d_old[f]) for f in range(k)])
        d_new = np.array([(b + ((rows[:, f] - g_new[f]) ** 2).sum() / 2) / (n / 2 + a - 1) for f in range(k)])
        change = max(((abs(g_new - g_old)) / g_old).max(), (abs(d_new - d_old) / d_old).max())
        g_old, d_old = g_new, d_new
    return g_old, d_old


def nonparametric_by_loops(rows: np.ndarray, g: np.ndarray, d: np.ndarray, mean_only: bool) -> tuple[Any, Any]:
    k = rows.shape[1]
    gamma, delta = np.empty(k), np.empty(k)
    for f in range(k):
        others = [j for j in range(k) if j != f]
        weight = []
        for j in others:
            likelihood = 1.0
            for x in rows[:, f]:
                likelihood *= np.exp(-((x - g[j]) ** 2) / (2 * d[j])) / np.sqrt(2 * np.pi * d[j])
            weight.append(likelihood)
        gamma[f] = sum(w * g[j] for w, j in zip(weight, others, strict=True)) / sum(weight)
        delta[f] = sum(w * d[j] for w, j in zip(weight, others, strict=True)) / sum(weight)
    return gamma, np.ones(k) if mean_only else delta


PRIORS = {
    "parametric": parametric_by_loops,
    "nonparametric": nonparametric_by_loops,
    "none": lambda rows, g, d, mean_only: (g, d),
}
VARIANTS = [(prior, mean_only) for prior in PRIORS for mean_only in (False, True)]


@pytest.mark.parametrize("reference", [None, 1])
@pytest.mark.parametrize(("prior", "mean_only"), VARIANTS)
@pytest.mark.parametrize("q", [0, 2])
def test_published_algorithm_in_loops(prior: Prior, mean_only: bool, reference: int | None, q: int) -> None:
    values, batch, coded = simulated(q=q)
    expected = by_loops(values, batch, coded, prior, mean_only, reference)
    found = ours(values, batch, coded, prior=prior, mean_only=mean_only, reference=reference)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-9)
    assert np.abs(found - values).max() > 1  # something happened


@pytest.mark.parametrize(("prior", "mean_only"), VARIANTS)
@pytest.mark.parametrize("engine", ["radbench", "neurocombat"])
def test_neurocombat_output(prior: Prior, mean_only: bool, engine: str) -> None:
    values, batch, coded = simulated(n=90, k=40)
    expected = theirs(
        values, batch, coded, eb=prior != "none", parametric=prior != "nonparametric", mean_only=mean_only
    )
    if engine == "radbench":
        found = ours(values, batch, coded, prior=prior, mean_only=mean_only)
    else:
        estimates = neurocombat_estimates(values, batch, coded, prior=prior, mean_only=mean_only)
        found = harmonised(values, batch, coded, estimates)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


def test_neurocombat_output_with_a_reference_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "int", int, raising=False)  # which it still uses
    values, batch, coded = simulated()
    found = ours(values, batch, coded, reference=2)
    np.testing.assert_allclose(found, theirs(values, batch, coded, ref_batch=2), rtol=0, atol=1e-10)


def test_neurocombat_rounds_covariates_to_single_precision() -> None:
    values, batch, coded = simulated()
    coded = coded + 0.1
    estimates = neurocombat_estimates(values, batch, coded, prior="parametric", mean_only=False)
    found = harmonised(values, batch, single_precision(coded), estimates)
    np.testing.assert_allclose(found, theirs(values, batch, coded), rtol=0, atol=1e-10)


def test_without_a_prior_batches_end_with_equal_mean_and_variance() -> None:
    values, batch, _ = simulated(q=0)
    found = ours(values, batch, np.empty((len(values), 0)), prior="none")
    for statistic in (lambda x: x.mean(axis=0), lambda x: x.var(axis=0, ddof=1)):
        first, *others = [statistic(found[batch == number]) for number in range(BATCHES)]
        for other in others:
            np.testing.assert_allclose(other, first, rtol=1e-8)


@pytest.mark.parametrize("prior", PRIORS)
def test_units_batch_order_and_row_order_do_not_matter(prior: Prior) -> None:
    values, batch, coded = simulated()
    expected = ours(values, batch, coded, prior=prior)
    rng = np.random.default_rng(1)
    order = rng.permutation(len(values))
    np.testing.assert_allclose(
        ours(values[order], batch[order], coded[order], prior=prior), expected[order], rtol=1e-9, atol=1e-8
    )
    np.testing.assert_allclose(ours(values, 2 - batch, coded, prior=prior), expected, rtol=1e-9, atol=1e-8)
    scale, shift = rng.uniform(0.01, 100, values.shape[1]), rng.normal(0, 1000, values.shape[1])
    other = ours(values * scale + shift, batch, 3 * coded - 7, prior=prior)
    np.testing.assert_allclose((other - shift) / scale, expected, rtol=1e-8, atol=1e-6)


def test_a_constant_added_to_one_batch_moves_only_the_common_mean() -> None:
    values, batch, coded = simulated()
    moved = values + 5.0 * (batch == 1)[:, None]
    found = ours(moved, batch, coded, prior="none")
    np.testing.assert_allclose(found, ours(values, batch, coded, prior="none") + 5.0 * (batch == 1).mean(), atol=1e-9)


def test_a_batch_estimated_from_its_own_rows_equals_training_on_them() -> None:
    values, batch, coded = simulated()
    for prior, mean_only in VARIANTS:
        trained = estimate(values, batch, coded, prior=prior, mean_only=np.full(BATCHES, mean_only))
        for number in range(BATCHES):
            of = batch == number
            gamma, delta = own_estimates(values[of], coded[of], trained.standard, prior=prior, mean_only=mean_only)
            np.testing.assert_allclose(gamma, trained.gamma[number], rtol=1e-8, atol=1e-10)
            np.testing.assert_allclose(delta, trained.delta[number], rtol=1e-8)


def test_features_that_do_not_vary_stay_and_do_not_enter_the_priors() -> None:
    values, batch, coded = simulated()
    before = ours(values, batch, coded)
    held = values.copy()
    held[:, 3] = 0.1
    held[batch == 1, 7] = 0.1
    held[:, 11] = coded @ [2.0, 3.0] + np.array([1.0, 5.0, 9.0])[batch]  # nothing but design
    found = ours(held, batch, coded)
    stay = np.array([3, 7, 11])
    np.testing.assert_array_equal(found[:, stay], held[:, stay])
    others = np.setdiff1d(np.arange(values.shape[1]), stay)
    np.testing.assert_allclose(found[:, others], ours(values[:, others], batch, coded), rtol=1e-10, atol=1e-9)
    assert np.abs(found[:, others] - before[:, others]).max() > 1e-6


def test_neurocombat_lets_features_that_do_not_vary_within_a_batch_into_its_priors() -> None:
    values, batch, coded = simulated()
    values[batch == 1, 7] = 0.1
    engine = neurocombat_estimates(values, batch, coded, prior="parametric", mean_only=False)
    assert engine.standard.used.all()
    own = estimate(values, batch, coded, mean_only=np.zeros(3, bool))
    others = np.delete(np.arange(values.shape[1]), 7)
    assert np.abs(engine.gamma[:, others] - own.gamma).max() > 1e-6


def test_mean_only_for_one_batch_leaves_the_others_with_their_scale() -> None:
    values, batch, coded = simulated()
    full = estimate(values, batch, coded, mean_only=np.zeros(3, bool))
    flat = estimate(values, batch, coded, mean_only=np.ones(3, bool))
    mixed = estimate(values, batch, coded, mean_only=np.array([False, True, False]))
    for part in ("gamma", "delta"):
        np.testing.assert_array_equal(getattr(mixed, part)[[0, 2]], getattr(full, part)[[0, 2]])
        np.testing.assert_array_equal(getattr(mixed, part)[1], getattr(flat, part)[1])


@pytest.mark.parametrize("prior", ["parametric", "nonparametric"])
def test_identical_features_and_single_rows_have_finite_estimates(prior: Prior) -> None:
    values, batch, coded = simulated()
    twice = values[:, [0, 0]]
    assert np.isfinite(ours(twice, batch, coded, prior=prior)).all()
    single = np.array([*batch, 3])
    found = ours(np.vstack([values, values[:1]]), single, np.vstack([coded, coded[:1]]), prior=prior, mean_only=True)
    assert np.isfinite(found).all()


def test_many_rows_do_not_underflow_the_nonparametric_weights() -> None:
    values, batch, coded = simulated(n=3000, k=6)
    assert np.isfinite(ours(values, batch, coded, prior="nonparametric")).all()
    with pytest.raises(DataError, match=r"neuroCombat's estimates of 6 features in 3 batches are not finite"):
        neurocombat_estimates(values, batch, coded, prior="nonparametric", mean_only=False)


def test_nonparametric_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    values, batch, coded = simulated(k=30)
    expected = ours(values, batch, coded, prior="nonparametric")
    monkeypatch.setattr(combat_estimates, "CELLS_AT_ONCE", 7 * 30)
    monkeypatch.setattr(combat_estimates, "FEATURES_AT_ONCE", 11)
    np.testing.assert_allclose(ours(values, batch, coded, prior="nonparametric"), expected, rtol=1e-11, atol=1e-10)


def test_a_prior_needs_two_features() -> None:
    values, batch, coded = simulated(k=1)
    with pytest.raises(DataError, match=r"one feature only varies within every batch.*Set prior: none"):
        ours(values, batch, coded)
    assert np.isfinite(ours(values, batch, coded, prior="none")).all()
    constant = np.ones_like(values)
    np.testing.assert_array_equal(ours(constant, batch, coded), constant)
