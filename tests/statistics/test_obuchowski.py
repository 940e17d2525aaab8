"""The clustered covariance against the paper's sums written out, DeLong, copies of cases, and simulation."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from benchmark.statistics.aucs import compare, intervals
from benchmark.statistics.cross_validated_auc import cross_validated_auc
from benchmark.statistics.delong import delong, unpaired_test
from benchmark.statistics.obuchowski import obuchowski


def lesions(seed: int = 0, patients: int = 40, k: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One to four lesions per patient, some patients with both outcomes, correlated scores, ties."""
    rng = np.random.default_rng(seed)
    patient = rng.permutation(np.repeat(np.arange(patients), rng.integers(1, 5, patients))) + 7
    y = (rng.random(len(patient)) < 0.4).astype(int)
    own = rng.normal(0, 1, patients)[patient - 7]
    scores = (y[:, None] + own[:, None] + rng.normal(0, 1, (len(y), k))).round(1)
    return y, scores, patient


def covariance_of_the_paper(y: np.ndarray, scores: np.ndarray, patient: np.ndarray, r: int, s: int) -> float:
    """S10 / m + S01 / n + (S11_rs + S11_sr) / (m n), patient by patient and pair by pair."""

    def psi(x: float, z: float) -> float:
        return 1.0 if x > z else 0.5 if x == z else 0.0

    ill, well = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    m, n = len(ill), len(well)
    auc = {t: sum(psi(scores[i, t], scores[j, t]) for i in ill for j in well) / (m * n) for t in (r, s)}
    sums = {}
    for g in np.unique(patient):
        for t in (r, s):
            mine = [i for i in ill if patient[i] == g], [j for j in well if patient[j] == g]
            v10 = sum(np.mean([psi(scores[i, t], scores[j, t]) for j in well]) for i in mine[0])
            v01 = sum(np.mean([psi(scores[i, t], scores[j, t]) for i in ill]) for j in mine[1])
            sums[g, t] = v10 - len(mine[0]) * auc[t], v01 - len(mine[1]) * auc[t]
    groups = np.unique(patient)
    n10, n01, both = len(np.unique(patient[ill])), len(np.unique(patient[well])), len(groups)
    s10 = n10 / ((n10 - 1) * m) * sum(sums[g, r][0] * sums[g, s][0] for g in groups)
    s01 = n01 / ((n01 - 1) * n) * sum(sums[g, r][1] * sums[g, s][1] for g in groups)
    s11 = both / (both - 1) * sum(sums[g, r][0] * sums[g, s][1] + sums[g, s][0] * sums[g, r][1] for g in groups)
    return s10 / m + s01 / n + s11 / (m * n)


def test_is_the_definition() -> None:
    y, scores, patient = lesions()
    found = obuchowski(y, scores, patient).covariance
    for r, s in ((0, 0), (1, 1), (0, 1), (2, 1)):
        assert found[r, s] == pytest.approx(covariance_of_the_paper(y, scores, patient, r, s), rel=1e-10)


def test_paired_test_uses_the_covariance_of_the_paper() -> None:
    y, scores, patient = lesions(1)
    var = [covariance_of_the_paper(y, scores, patient, r, s) for r, s in ((0, 0), (2, 2), (0, 2))]
    aucs = obuchowski(y, scores, patient)
    test = compare(aucs, np.array([0]), np.array([2]))
    z = (aucs.estimate[0] - aucs.estimate[2]) / np.sqrt(var[0] + var[1] - 2 * var[2])
    assert test.statistic[0] == pytest.approx(z, rel=1e-9)


def test_one_case_per_patient_is_delong() -> None:
    y, scores, _ = lesions(2)
    found, expected = obuchowski(y, scores, np.arange(len(y))[::-1]), delong(y, scores)
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-15)
    assert found.covariance == pytest.approx(expected.covariance, rel=1e-12)
    assert np.ravel(intervals(found)) == pytest.approx(np.ravel(intervals(expected)), rel=1e-12)


def test_unpaired_test_counts_patients() -> None:
    (y, scores, patient), (other_y, other, _) = lesions(9, k=1), lesions(10, k=1)
    thrice, whole = np.repeat(np.arange(len(y)), 3), delong(other_y, other)
    once = unpaired_test(obuchowski(y, scores, patient), whole)
    assert unpaired_test(obuchowski(y[thrice], scores[thrice], patient[thrice]), whole).df == pytest.approx(once.df)
    alone = obuchowski(y, scores, np.arange(len(y)))
    assert astuple(unpaired_test(alone, whole)) == pytest.approx(astuple(unpaired_test(delong(y, scores), whole)))


def test_copies_of_every_case_add_nothing() -> None:
    y, scores, patient = lesions(3)
    thrice = np.repeat(np.arange(len(y)), 3)
    once, again = obuchowski(y, scores, patient), obuchowski(y[thrice], scores[thrice], patient[thrice])
    assert again.estimate == pytest.approx(once.estimate, abs=1e-14)
    assert again.covariance == pytest.approx(once.covariance, rel=1e-11)
    assert delong(y[thrice], scores[thrice]).variance[0] < 0.5 * once.variance[0]


def test_order_of_cases_and_names_of_patients_do_not_matter() -> None:
    y, scores, patient = lesions(4)
    order = np.random.default_rng(0).permutation(len(y))
    moved = obuchowski(y[order], scores[order], 1000 - patient[order])
    assert moved.covariance == pytest.approx(obuchowski(y, scores, patient).covariance, rel=1e-12)


def test_many_patients_agree_with_the_clustered_influence_curve() -> None:
    y, scores, patient = lesions(5, patients=2000)
    one_fold = np.zeros((len(y), 1), int)
    exact = obuchowski(y, scores, patient)
    curve = cross_validated_auc(y, scores[:, None, :], one_fold, patient=patient).aucs
    assert exact.covariance == pytest.approx(curve.covariance, rel=3e-3)


def test_covariance_has_no_negative_root_with_few_patients() -> None:
    for seed in range(30):
        y, scores, patient = lesions(seed, patients=4, k=5)
        if 0 < y.sum() < len(y) and len(np.unique(patient[y == 1])) > 1 and len(np.unique(patient[y == 0])) > 1:
            assert np.linalg.eigvalsh(obuchowski(y, scores, patient).covariance).min() > -1e-12


def test_undefined() -> None:
    y, scores, patient = lesions(6)
    assert np.isnan(obuchowski(np.ones_like(y), scores, patient).estimate).all()
    assert np.isnan(obuchowski(np.zeros_like(y), scores, patient).covariance).all()
    owner = np.where(y == 1, 0, patient)
    aucs = obuchowski(y, scores, owner)
    assert not np.isnan(aucs.estimate).any() and np.isnan(aucs.variance).all()
    scores[3, 1] = np.nan
    assert np.isnan(obuchowski(y, scores, patient).variance).tolist() == [False, True, False]


def test_perfect_and_constant_scores_have_no_variance() -> None:
    y, _, patient = lesions(7)
    aucs = obuchowski(y, np.column_stack([y, np.full(len(y), 0.5)]).astype(float), patient)
    assert aucs.estimate.tolist() == [1, 0.5]
    assert aucs.variance.tolist() == [0, 0]
    assert np.isnan(compare(aucs, np.array([0]), np.array([1])).p[0])
    twins = obuchowski(y, np.column_stack([np.arange(len(y))] * 2).astype(float), patient)
    assert compare(twins, np.array([0]), np.array([1])).p[0] == 1


def test_intervals_cover_where_delong_is_too_short() -> None:
    rng, hits = np.random.default_rng(8), np.zeros(2)
    runs, patients, each = 300, 40, 4
    patient = np.repeat(np.arange(patients), each)
    y = np.repeat(np.arange(patients) % 2, each)
    truth = 0.6914624612740131  # P(N(1, 2) > N(0, 2)) = Phi(1 / 2)
    for _ in range(runs):
        score = y + np.repeat(rng.normal(0, 1.2, patients), each) + rng.normal(0, np.sqrt(2 - 1.2**2), len(y))
        for place, aucs in enumerate((obuchowski(y, score[:, None], patient), delong(y, score[:, None]))):
            low, high = intervals(aucs)
            hits[place] += low[0] <= truth <= high[0]
    assert 0.90 < hits[0] / runs < 0.98
    assert hits[1] / runs < 0.85
