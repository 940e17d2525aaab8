"""Features that give the outcome away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmark.audit.finding import Finding
from benchmark.audit.giveaways import identifiers, lone_feature, missingness, outcome_copies
from benchmark.cohort import Block, Cohort
from tests.audit.conftest import SubjectOf
from tests.cohorts import small_cohort

Y = small_cohort().codes.to_numpy()
RNG = np.random.default_rng(0)


def with_column(values: object, *, block: str = "clinical") -> Cohort:
    cohort = small_cohort()
    one = cohort.blocks[block]
    table = one.table.assign(told=values)
    text = ("told",) if not pd.api.types.is_numeric_dtype(table["told"]) else ()
    changed = replace(one, table=table, categorical=(*one.categorical, *text), readings=None)
    return replace(cohort, blocks={**cohort.blocks, block: changed})


def findings(subject_of: SubjectOf, cohort: Cohort) -> dict[str, Finding]:
    subject = subject_of(cohort)
    return {
        one.code: one for check in (outcome_copies, lone_feature, missingness, identifiers) for one in check(subject)
    }


def test_honest_features(subject_of: SubjectOf) -> None:
    assert {one.verdict for one in findings(subject_of, small_cohort()).values()} == {"OK"}


@pytest.mark.parametrize(
    ("values", "code", "told"),
    [
        (1 - Y, "LA501", "told"),
        (np.where(Y == 1, "dead", "alive").astype(object), "LA501", "told"),
        (Y + RNG.normal(0, 0.15, 72), "LA502", "told"),
        # neither value ranks above the other class: only the levels tell
        (np.where(Y == 1, 2 * RNG.integers(0, 2, 72), 1), "LA502", "the levels of told alone reach an AUC of 1.000"),
        (
            np.where(Y == 1, RNG.choice(["a", "b"], 72), RNG.choice(["c", "d"], 72)).astype(object),
            "LA502",
            "levels of told",
        ),
        (
            np.where(Y == 1, np.nan, RNG.normal(size=72)),
            "LA504",
            "told is missing in 0% of one class and 100% of another",
        ),
        (np.arange(72.0), "LA505", "told"),
    ],
)
def test_column_that_tells(values: object, code: str, told: str, subject_of: SubjectOf) -> None:
    found = findings(subject_of, with_column(values))
    assert found[code].verdict == ("WARNING" if code == "LA505" else "LEAK")
    assert told in found[code].message


def test_gaps_of_some_of_a_class_are_a_warning(subject_of: SubjectOf) -> None:
    values = np.where((Y == 1) & (np.arange(72) % 6 != 1), np.nan, np.random.default_rng(3).normal(size=72))
    assert findings(subject_of, with_column(values))["LA504"].verdict == "WARNING"


def test_score_made_with_labels_stands_alone(subject_of: SubjectOf) -> None:
    cohort = small_cohort()
    score = pd.DataFrame({"score": Y + np.random.default_rng(3).normal(0, 0.7, 72)}, index=cohort.cases)
    found = findings(subject_of, replace(cohort, blocks={**cohort.blocks, "score": Block("score", "score", score)}))
    assert (found["LA503"].verdict, found["LA503"].where) == ("NOTE", "score")
    assert found["LA502"].verdict == "OK"


def test_more_classes(subject_of: SubjectOf) -> None:
    cohort = small_cohort()
    outcome = cohort.outcome.copy()
    outcome.iloc[::3] = "2"
    found = findings(subject_of, replace(cohort, outcome=outcome, classes=("0", "1", "2")))
    assert {code: found[code].verdict for code in ("LA501", "LA502", "LA503")} == {
        "LA501": "OK", "LA502": "NOT CHECKED", "LA503": "NOT CHECKED",
    }  # fmt: skip


def test_noisy_copy_of_the_outcome_is_far_above_all_others(subject_of: SubjectOf) -> None:
    copy = np.where(np.arange(72) % 14 == 3, 1 - Y, Y)
    finding = findings(subject_of, with_column(copy.astype(float)))["LA503"]
    assert (finding.verdict, finding.where) == ("WARNING", "clinical")
    assert finding.message.startswith("told has an AUC of 0.9")


def test_related_features_are_not_each_others_rivals(subject_of: SubjectOf) -> None:
    cohort = small_cohort()
    strong = Y + np.random.default_rng(3).normal(0, 0.35, 72)
    block = cohort.blocks["DRF"]
    table = block.table.assign(**{f"s{k}": strong + np.random.default_rng(k).normal(0, 0.1, 72) for k in range(4)})
    finding = findings(subject_of, replace(cohort, blocks={**cohort.blocks, "DRF": replace(block, table=table)}))[
        "LA503"
    ]
    assert finding.verdict == "WARNING"
