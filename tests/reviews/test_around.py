"""What stands around the families: subgroups, sensitivity, risks of bias, small studies, pairs inside studies."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from benchmark.errors import ConfigError
from benchmark.reviews import bias, sensitivity, small_studies, subgroups, within
from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import read_registry
from benchmark.reviews.review_file import PoolingSection, SensitivitySection, SubgroupSection

REGISTRY = read_registry(Path(__file__).resolve().parents[2] / "experiments" / "reviews" / "studies.csv")
RULE = PoolingSection()


def test_subgroups_by_wildcards_cuts_and_values() -> None:
    labels = subgroups.labels(
        pd.Series(["CT of PET/CT", "FDG PET", "X-ray"]),
        SubgroupSection(column="modality", groups={"CT": ["CT*"], "PET": ["*PET*"]}),
    )
    assert labels.tolist() == ["CT", "PET", ""]
    cuts = subgroups.labels(
        pd.Series([50.0, 100.0, 299.0, 300.0, np.nan]), SubgroupSection(column="n_total", cuts=(100, 300))
    )
    assert cuts.tolist() == ["below 100", "100 to 299", "100 to 299", "300 and more", ""]
    assert subgroups.cut_labels((2021, 2022, 2025)) == ["below 2021", "2021", "2022 to 2024", "2025 and more"]
    assert subgroups.labels(pd.Series([2021.0, np.nan]), SubgroupSection(column="year")).tolist() == ["2021", ""]


def test_two_subgroups_are_compared_by_welchs_t() -> None:
    asked = SubgroupSection(
        column="modality", groups={"PET": ["FDG PET*", "NaF PET*", "PSMA* PET*", "PET/CT"], "SPECT": ["*SPECT*"]}
    )
    table = subgroups.subgroups(REGISTRY, RULE, "auc", {"PET against SPECT": asked}, level=0.95)
    assert table["group"].tolist() == ["PET", "SPECT"] and table["n"].tolist() == [6, 6]
    rows = REGISTRY.assign(which=subgroups.labels(REGISTRY["modality"], asked))
    pooled = pool(rows, RULE, "auc", by="which")
    two = [pooled.loc[pooled["group"] == name, "value"].astype(float) for name in ("PET", "SPECT")]
    assert table["p_welch"].iloc[0] == pytest.approx(stats.ttest_ind(*two, equal_var=False).pvalue)


def test_each_split_counts_on_its_own() -> None:
    table = subgroups.subgroups(REGISTRY, RULE, "auc", {"split": SubgroupSection(column="split")}, level=0.95)
    assert table["group"].tolist() == list(RULE.splits) and "train" not in set(table["group"])
    assert table["n"].sum() > pool(REGISTRY.assign(all="all"), RULE, "auc", by="all").shape[0]


def test_a_column_that_no_registry_has() -> None:
    with pytest.raises(ConfigError, match=r"no column 'modalty' in a registry. Did you mean 'modality'"):
        subgroups.check_columns({"m": SubgroupSection(column="modalty")})


def test_every_combination_is_a_rule_of_its_own() -> None:
    splits = {"all": RULE.splits, "external": ("external",)}
    grid = SensitivitySection(splits=splits, model=("best", "mean"), flagged=("leave_out", "keep"))
    table = sensitivity.rules(REGISTRY, RULE, grid, ["auc"])
    assert len(table) == 8 and table["declared"].sum() == 1
    for (name, split), model, flagged in product(splits.items(), grid.model, grid.flagged):
        rule = RULE.model_copy(update={"splits": split, "model": model, "flagged": flagged})
        row = table[
            (table["splits"] == name) & (table["model"] == model) & (table["flagged"] == flagged.replace("_", " "))
        ]
        n = pool(REGISTRY, rule, "auc")["group"].value_counts()
        assert row["n_values"].iloc[0] == n[n > 1].sum()
    verdicts = sensitivity.verdicts(table, alpha=0.05)
    assert verdicts["n_below"].tolist() == [int((table[p] < 0.05).sum()) for p in sensitivity.TESTS]
    assert sensitivity.highest(table)["n_rules"].sum() == 8


def test_a_rule_that_leaves_too_little_has_a_reason() -> None:
    grid = SensitivitySection(
        splits={"external": ("external",)}, families={"one": {"DL": ("DL",), "clinical": ("clinical",)}}
    )
    row = sensitivity.rules(REGISTRY, RULE, grid, ["auc"]).iloc[0]
    assert row["reason"].startswith("fewer than two families") and np.isnan(row["p_anova"]) and row["highest"] == ""


def test_risks_of_bias_as_the_registry_says() -> None:
    table = bias.biases(REGISTRY, fewest=100).set_index("study")
    assert table.loc[
        "osteoporosis-dental-nomogram", ["no_external", "label_defining", "rows_per_patient"]
    ].tolist() == ["no", "yes", "yes"]
    assert table.loc["wang2023-spectct", ["training_as_result", "training_reported", "small"]].tolist() == [
        "yes",
        "yes",
        "",
    ]
    assert table.loc["kesch2018-prostate", ["small", "no_external"]].tolist() == ["yes", ""]
    assert table.loc["sujit2024-habitat", "rqs"] == 0.4545 and table["rqs"].notna().sum() == 18
    effects = bias.effects(REGISTRY, table.reset_index(), RULE, "auc").set_index("risk")
    values = pool(REGISTRY.assign(all="all"), RULE, "auc", by="all").set_index("study")["value"]
    small = values[table["small"].reindex(values.index) == "yes"]
    assert effects.loc["small", "mean_yes"] == pytest.approx(small.mean()) and effects.loc["small", "n_yes"] == len(
        small
    )


def test_standard_errors_from_intervals_and_cases() -> None:
    pooled = pd.DataFrame(
        {
            "study": list("abcde"), "group": "HRF", "value": [0.8, 0.8, 0.8, 1.0, 0.9],
            "n_cases": [100, 100, np.nan, 50, 51],
            "ci_low": [0.7, np.nan, np.nan, np.nan, np.nan], "ci_high": [0.9, np.nan, np.nan, np.nan, np.nan],
        }
    )  # fmt: skip
    table = small_studies.standard_errors(pooled, "auc", level=0.95, event_share=0.5)
    assert table["source"].tolist() == ["interval", "cases", "", "", "cases"]
    assert table["se"][0] == pytest.approx((special.logit(0.9) - special.logit(0.7)) / (2 * stats.norm.ppf(0.975)))
    q1, q2 = 0.8 / 1.2, 2 * 0.64 / 1.8
    variance = (0.16 + 49 * (q1 - 0.64) + 49 * (q2 - 0.64)) / 2500
    assert table["se"][1] == pytest.approx(np.sqrt(variance) / 0.16)
    accuracy = small_studies.standard_errors(pooled, "accuracy", level=0.95, event_share=0.5)
    assert accuracy["se"][1] == pytest.approx(1 / np.sqrt(100 * 0.16))
    assert small_studies.standard_errors(pooled, "sensitivity", level=0.95, event_share=0.5)["se"].notna().sum() == 1


def test_two_tests_of_small_studies() -> None:
    errors = small_studies.standard_errors(pool(REGISTRY, RULE, "auc"), "auc", level=0.95, event_share=0.5)
    table = small_studies.asymmetry(errors, level=0.95).set_index("test")
    assert table["k"].tolist() == [35, 35] and table["left_out"].tolist() == [7, 7]
    assert table.loc["size", "coefficient"] < 0
    assert small_studies.asymmetry(errors.head(2), level=0.95).empty


def test_pairs_inside_studies_need_three() -> None:
    pooled = pd.DataFrame(
        {"study": [1, 1, 2, 2, 3], "group": ["HRF", "DRF"] * 2 + ["HRF"], "value": [0.7, 0.8, 0.6, 0.65, 0.9]}
    )
    found = within.within(pooled, level=0.95).iloc[0]
    assert (found["first"], found["n"], found["n_higher"]) == ("DRF", 2, 2)
    assert found["difference"] == pytest.approx(0.075) and np.isnan(found["p"])
    assert within.mixed(pooled, level=0.95).empty
