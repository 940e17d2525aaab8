"""The pooling rule: each of its choices on a registry of a few rows, against a loop that says what the rule says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import read_registry
from benchmark.reviews.review_file import PoolingSection, PoolSection

TEXT = """study_id,family,metric,value,split,endpoint_type,model,flags,n_total,n_test
one,HRF,auc,0.80,test,binary,a,,100,30
one,HRF,auc,0.84,test,binary,b,,100,30
one,HRF,auc,0.70,external,binary,a,,100,50
one,HRF,auc,0.99,train,binary,a,,100,
one,DRF,auc,0.90,,,a,,100,
one,HRF+clinical,auc,0.91,cv,binary,a,,100,30
two,HRF,auc,0.60,test,binary,low,range_end low,,
two,HRF,auc,0.70,test,binary,high,range_end high,,
two,HRF,auc,0.95,test,binary,x,do_not_pool,,
three,DRF,auc,0.75,test,survival,a,,,
three,clinical,auc,0.65,test,binary,a,,,
"""


@pytest.fixture
def registry(tmp_path: Path) -> pd.DataFrame:
    (tmp_path / "r.csv").write_text(TEXT)
    return read_registry(tmp_path / "r.csv")


def values(registry: pd.DataFrame, **asked: Any) -> dict[tuple[str, str], float]:
    found = pool(registry, PoolingSection(**asked), "auc")
    return dict(zip(zip(found["study"], found["group"], strict=True), found["value"].round(10), strict=True))


def test_the_rule_by_default(registry: pd.DataFrame) -> None:
    assert values(registry) == {
        ("one", "HRF"): 0.7,
        ("two", "HRF"): 0.65,
        ("one", "DRF"): 0.9,
        ("one", "fusion"): 0.91,
    }


@pytest.mark.parametrize(
    ("asked", "one_hrf", "two_hrf"),
    [
        ({"splits": ["test", "external"]}, 0.84, 0.65),
        ({"splits": ["test"], "model": "mean"}, 0.82, 0.65),
        ({"splits": ["test"], "model": "first"}, 0.80, 0.65),
        ({"take": "any_split"}, 0.84, 0.65),
        ({"splits": ["train", "test"]}, 0.99, 0.65),
        ({"flagged": "keep"}, 0.70, 0.95),
        ({"ranges": "low"}, 0.70, 0.60),
        ({"ranges": "high"}, 0.70, 0.70),
    ],
)
def test_each_choice(registry: pd.DataFrame, asked: dict[str, Any], one_hrf: float, two_hrf: float) -> None:
    found = values(registry, **asked)
    assert (found["one", "HRF"], found["two", "HRF"]) == (one_hrf, two_hrf)


def test_endpoints_and_families(registry: pd.DataFrame) -> None:
    assert ("three", "DRF") in values(registry, endpoints=["survival"])
    joined = values(registry, families={"image": ["HRF", "DRF"], "clinical": "clinical"})
    assert joined == {("one", "image"): 0.7, ("two", "image"): 0.65, ("three", "clinical"): 0.65}


def test_the_cases_are_those_of_the_split(registry: pd.DataFrame) -> None:
    found = pool(registry, PoolingSection(), "auc").set_index(["study", "group"])["n_cases"]
    assert found["one", "HRF"] == 50 and found["one", "fusion"] == 100 and np.isnan(found["two", "HRF"])


def test_against_a_loop(registry: pd.DataFrame) -> None:
    rule = PoolingSection(take="first_split", model="mean")
    rows = [
        row for row in registry.to_dict("records") if row["split"] in rule.splits and "do_not_pool" not in row["flags"]
    ]
    wanted = {}
    for study in ("one", "two"):
        for family, parts in rule.families.items():
            here = [row for row in rows if row["study_id"] == study and row["family"] in parts]
            first = min((rule.splits.index(row["split"]) for row in here), default=-1)
            taken = [row["value"] for row in here if rule.splits.index(row["split"]) == first]
            if taken:
                wanted[study, family] = pytest.approx(sum(taken) / len(taken))
    assert values(registry, model="mean") == wanted


def test_a_pool_changes_only_what_it_names() -> None:
    base = PoolingSection(model="mean")
    changed = PoolSection(splits=("cv",)).over(base)
    assert changed.splits == ("cv",) and changed.model == "mean" and changed.families == base.families


def test_a_family_stands_in_one_place() -> None:
    with pytest.raises(ValidationError, match="should have 'HRF' in one family alone"):
        PoolingSection(families={"a": ["HRF"], "b": ["HRF", "DRF"]})
    with pytest.raises(ValidationError, match="should name 'cv' once"):
        PoolingSection(splits=("cv", "cv"))
