"""Families in the words of a question."""

from __future__ import annotations

from benchmark.statistics.set_parts import parts_of_sets

BLOCKS = [
    {"name": "before", "family": "PET"},
    {"name": "after", "family": "PET"},
    {"name": "clinical", "family": "clinical"},
]
SETS = {
    "PET": {"blocks": ["before", "after"]},
    "both": {"blocks": ["before", "after", "clinical"]},
    "CNN": {"blocks": []},
}


def test_a_family_that_always_goes_together_has_its_name() -> None:
    run = {"cohort": {"blocks": BLOCKS}, "feature_sets": SETS}
    assert parts_of_sets(run) == {"PET": ["PET"], "both": ["PET", "clinical"], "CNN": []}


def test_blocks_keep_theirs_where_a_set_has_some_of_them() -> None:
    run = {"cohort": {"blocks": BLOCKS}, "feature_sets": SETS | {"early": {"blocks": ["before"]}}}
    assert parts_of_sets(run)["both"] == ["before", "after", "clinical"]


def test_a_run_that_says_nothing_has_no_parts() -> None:
    assert parts_of_sets({}) == {}
    assert parts_of_sets({"feature_sets": SETS})["PET"] == ["before", "after"]
