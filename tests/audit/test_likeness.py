"""Images known by their features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.likeness import alike, between, look_alikes, same_images, synthetic
from benchmark.checks.numbers import numbers
from benchmark.cohort import Block, Cohort
from benchmark.conduct import prepare
from benchmark.experiment import read_experiment
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort

K = 30


def cohort_of(change: Callable[[np.ndarray], None]) -> Cohort:
    """One image block of K features after ``change`` in place."""
    cohort = small_cohort()
    values = np.random.default_rng(3).normal(size=(72, K))
    change(values)
    table = pd.DataFrame(values, index=cohort.cases, columns=[f"f{k}" for k in range(K)])
    return replace(cohort, blocks={"HRF": Block("HRF", "HRF", table)})


def noise(size: float) -> Callable[[np.ndarray], None]:
    """Case 40 is case 10 with noise."""

    def change(values: np.ndarray) -> None:
        values[40] = values[10] + size * np.random.default_rng(1).normal(size=K)

    return change


def copies(values: np.ndarray) -> None:
    for row, of in ((40, 10), (41, 10), (42, 10), (43, 11)):
        values[row] = values[of]


def jittered(values: np.ndarray) -> None:
    copies(values)
    values[40:44] += 1e-7 * np.random.default_rng(1).normal(size=(4, K))


def oversampled(values: np.ndarray) -> None:
    """Twelve cases made by SMOTE between two of their class."""
    rng = np.random.default_rng(2)
    for row in range(60, 72):
        same = np.arange(row % 2, 60, 2)
        one = rng.choice(same)
        distance = np.linalg.norm(values[same] - values[one], axis=1)
        other = rng.choice(same[np.argsort(distance)[1:6]])
        values[row] = values[one] + rng.uniform() * (values[other] - values[one])


@pytest.mark.parametrize(("change", "code"), [(copies, "LA403"), (jittered, "LA403"), (noise(0.3), "LA404")])
def test_found_on_both_sides(change: Callable[[np.ndarray], None], code: str, subject_of: SubjectOf) -> None:
    subject = subject_of(cohort_of(change))
    verdicts = {finding.code: finding.verdict for check in (same_images, look_alikes) for finding in check(subject)}
    assert verdicts == {"LA403": "OK", "LA404": "OK"} | {code: "LEAK" if code == "LA403" else "WARNING"}


def test_only_a_note_where_the_patient_is_declared(subject_of: SubjectOf) -> None:
    cohort = cohort_of(copies)
    patient = cohort.patient.copy()
    patient.iloc[[10, 40, 41, 42]], patient.iloc[[11, 43]] = "one", "two"
    finding = next(same_images(subject_of(replace(cohort, patient=patient))))
    assert finding.verdict == "NOTE"
    assert finding.message.endswith("are the same image, never on both sides")


@pytest.mark.parametrize("change", [lambda values: None, noise(2.0)])
def test_strangers_are_not_alike(change: Callable[[np.ndarray], None], subject_of: SubjectOf) -> None:
    subject = subject_of(cohort_of(change))
    for check in (same_images, look_alikes, synthetic):
        assert next(check(subject)).verdict == "OK"


def test_oversampling_before_the_split(subject_of: SubjectOf) -> None:
    finding = next(synthetic(subject_of(cohort_of(oversampled))))
    assert finding.verdict == "LEAK"
    part = next(numbers(cohort_of(oversampled)))
    found = {triple[0] for triple in between(part, small_cohort().codes.to_numpy())}
    # the ends are often among the ten nearest, and a case may be seen as an end's neighbour in turn
    assert len(found & set(range(60, 72))) >= 8


def test_ratio_is_that_of_the_distances() -> None:
    cohort = cohort_of(noise(0.3))
    part = next(numbers(cohort))
    ranks = cohort.blocks["HRF"].table.rank()
    z = ((ranks - ranks.mean()) / ranks.std(ddof=0)).to_numpy()
    distance = [sorted(np.linalg.norm(z - z[row], axis=1))[1:3] for row in (10, 40)]
    (found,) = alike(part)
    assert found[:2] == (10, 40)
    assert found[2] == pytest.approx(max(one / two for one, two in distance), rel=1e-6)


def test_wide_tails_make_nobody_the_same(subject_of: SubjectOf) -> None:
    """An outlier stretches the SD of every feature, and strangers are near each other by that measure."""

    def tails(values: np.ndarray) -> None:
        values[0] = 1e6
        values[40] = values[10] + 0.2

    assert next(same_images(subject_of(cohort_of(tails)))).verdict == "OK"


def test_too_few_features_are_not_compared(subject_of: SubjectOf) -> None:
    cohort = small_cohort()
    narrow = replace(cohort.blocks["DRF"], table=cohort.blocks["DRF"].table.iloc[:, :3])
    subject = subject_of(replace(cohort, blocks={"DRF": narrow}))
    assert {next(check(subject)).verdict for check in (same_images, look_alikes, synthetic)} == {"NOT CHECKED"}


@pytest.mark.shared
def test_shared_images_of_six_centres_are_found_without_their_hash(shared: Path, subject_of: SubjectOf) -> None:
    experiment = Path(__file__).resolve().parents[2] / "experiments" / "six_centres.yaml"
    cohort = prepare(read_experiment(experiment)).cohort
    part = next(numbers(cohort))
    pairs = [(cohort.patient.iloc[i], cohort.patient.iloc[j]) for i, j, _ in alike(part)]
    known = sum(one == other for one, other in pairs)
    # of the 23 images with two masks, those whose masks are alike; and one pair that no hash tells of
    assert (known, len(pairs)) == (8, 9)
