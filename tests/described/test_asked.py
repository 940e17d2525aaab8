"""What may be asked of a cohort, and what one is told who asks for something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmark.described.asked import described_of
from benchmark.described.section import DescribeSection
from benchmark.errors import ConfigError
from benchmark.recipe import FeatureSet
from tests.cohorts import small_cohort

COHORT = small_cohort()
SETS = (FeatureSet("HRF", ("HRF",)), FeatureSet("all", ("HRF", "DRF", "clinical")))


def asked(**said: Any) -> Any:
    return described_of(DescribeSection(**said), COHORT, SETS)


def test_clinical_blocks_have_a_baseline_table_unless_told() -> None:
    assert asked().baseline == ("clinical",)
    assert asked(baseline=False).told() == {}
    assert asked(baseline=[]).blocks == ()
    assert asked(baseline="DRF").baseline == ("DRF",)
    images = replace(COHORT, blocks={name: COHORT.block(name) for name in ("HRF", "DRF")})
    assert described_of(DescribeSection(), images, SETS[:1]).told() == {}


def test_wide_blocks_are_in_the_baseline_table_only_by_name() -> None:
    wide = small_cohort(n_hrf=60)
    genes = replace(wide.block("HRF"), name="genes", family="genomic", image=False)
    cohort = replace(wide, blocks={**wide.blocks, "genes": genes})
    assert described_of(DescribeSection(), cohort, SETS).baseline == ("clinical",)
    assert described_of(DescribeSection(baseline="genomic"), cohort, SETS).baseline == ("genes",)


def test_families_are_blocks() -> None:
    found = asked(univariate=["HRF"], associations=[{"of": "HRF", "with": ["DRF", "clinical"]}], projections=["pca"])
    assert found.blocks == ("clinical", "HRF", "DRF")
    assert found.associations[0].question == "HRF with DRF + clinical"
    assert found.told()["associations"][0]["with_blocks"] == ("DRF", "clinical")
    assert found.shown == SETS


WRONG: dict[str, tuple[dict[str, Any], tuple[Any, ...], str]] = {
    "a block that does not exist": (
        {"baseline": ["clinic"]},
        ("baseline",),
        "unknown block or family 'clinic'. Did you mean 'clinical'?",
    ),
    "the same in an association": (
        {"associations": [{"of": "HRF", "with": "DFR"}]},
        ("associations", 0, "with"),
        "unknown block or family 'DFR'. Did you mean 'DRF'?",
    ),
    "a block with itself": (
        {"associations": [{"of": "HRF", "with": ["DRF", "HRF"]}]},
        ("associations", 0),
        "block HRF would be compared with itself: 'with' needs other blocks",
    ),
    "text with a correlation": (
        {"associations": [{"of": "HRF", "with": "clinical", "method": "spearman"}]},
        ("associations", 0, "method"),
        r"block clinical has categorical columns 1 \(first: 'stage'\) and spearman needs numbers: leave method out",
    ),
    "numbers as groups": (
        {"associations": [{"of": "HRF", "with": "DRF", "method": "groups"}]},
        ("associations", 0, "method"),
        "column 'deep_0' of block DRF has 72 values, and method groups takes each for a group, up to 10",
    ),
    "the same question twice": (
        {"associations": [{"of": "HRF", "with": "DRF"}, {"of": "HRF", "with": "DRF", "adjust": "holm"}]},
        ("associations", 1),
        "'HRF with DRF' is asked twice",
    ),
    "nothing to compare": (
        {"associations": [{"of": [], "with": "DRF"}]},
        ("associations", 0, "of"),
        "'of' names no block",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_says_what_is_wrong_and_where(name: str) -> None:
    said, path, message = WRONG[name]
    with pytest.raises(ConfigError, match=message) as error:
        asked(**said)
    assert error.value.path == ("describe", *path)


def test_a_roc_curve_needs_numbers() -> None:
    clinical = COHORT.block("clinical")
    text = replace(clinical, table=clinical.table[["stage"]])
    cohort = replace(COHORT, blocks={**COHORT.blocks, "clinical": text})
    with pytest.raises(
        ConfigError, match=r"block clinical has only categorical columns 1 \(first: 'stage'\), and a ROC"
    ):
        described_of(DescribeSection(univariate="clinical"), cohort, SETS)
    assert described_of(DescribeSection(associations=[{"of": "HRF", "with": "clinical"}]), cohort, SETS).associations


def test_one_feature_has_no_picture() -> None:
    drf = COHORT.block("DRF")
    cohort = replace(COHORT, blocks={**COHORT.blocks, "DRF": replace(drf, table=drf.table[["deep_0"]])})
    sets = (FeatureSet("score", ("DRF",)), *SETS)
    found = described_of(DescribeSection(projections=["pca"]), cohort, sets)
    assert (found.shown, found.too_small) == (SETS, ("score",))
    assert found.notes() == ["projections: feature set 'score' has a single feature and no picture."]
    with pytest.raises(ConfigError, match="no feature set has two features or more: there is nothing to show"):
        described_of(DescribeSection(projections=["pca"]), cohort, sets[:1])
    assert described_of(DescribeSection(univariate="DRF"), cohort, sets).univariate == ("DRF",)


def test_too_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.described.asked.MOST_PAIRS", 71)
    with pytest.raises(ConfigError, match="72 pairs of features are more than the 71 that are told"):
        asked(associations=[{"of": "HRF", "with": "DRF"}])
