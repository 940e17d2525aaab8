"""Verdicts on published figures and published tables: what each rule says, and what cannot be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.reviews import families, published, summary
from benchmark.reviews.review_file import PublishedSection
from benchmark.statistics.groups import groups_of
from benchmark.statistics.one_way import one_way

RNG = np.random.default_rng(2)


def found(shift: float = 0.0, n: int = 12) -> published.Found:
    """Two families of ``n`` studies, the second higher by ``shift``."""
    pooled = pd.DataFrame(
        {
            "group": ["HRF"] * n + ["fusion"] * n,
            "value": np.r_[RNG.normal(0.8, 0.03, n), RNG.normal(0.8 + shift, 0.03, n)],
        }
    ).assign(n_cases=np.nan)
    omnibus = families.omnibus(pooled, level=0.95, draws=50, seed=0)
    pairs = families.pairs(pooled, level=0.95, adjustment="holm")
    groups = {"subgroup": "modality", "group": ["PET", "SPECT"], "n": [9, 8], "mean": [0.9, 0.8], "p_welch": 0.01}
    return published.Found(families.summary(pooled, level=0.95), omnibus, pairs, pd.DataFrame(groups))


def judged(here: published.Found, *figures: dict[str, Any], **asked: Any) -> pd.DataFrame:
    section = PublishedSection(source="a review", studies=100, figures=figures, **asked)
    return published.verdicts(section, {"auc": here}, level=0.95, alpha=0.05).set_index("what")


def test_a_mean_and_its_sd_by_their_intervals() -> None:
    here = found()
    mean, sd = here.summary.loc[0, ["mean", "sd"]]
    told = judged(here, {"metric": "auc", "family": "HRF", "mean": mean + 0.001, "sd": sd})
    assert (told["verdict"] == "reproduced").all()
    told = judged(here, {"metric": "auc", "family": "HRF", "mean": mean + 0.1, "sd": 3 * sd})
    assert (told["verdict"] == "not reproduced").all() and "above the interval" in told["why"].iloc[0]
    told = judged(here, {"metric": "auc", "family": "HRF", "mean": mean}, fewest=13)
    assert told.loc["mean of HRF", "verdict"] == "cannot be known" and "at least 13" in told["why"].iloc[0]


def test_limits_of_a_standard_deviation() -> None:
    low, high = published.sd_limits(0.06, 15, 0.95)
    assert low == pytest.approx(0.06 * np.sqrt(14 / stats.chi2.ppf(0.975, 14)))
    assert high == pytest.approx(0.06 * np.sqrt(14 / stats.chi2.ppf(0.025, 14)))
    assert np.isnan(published.sd_limits(0.06, 1, 0.95)).all()


def test_a_p_by_its_side_of_alpha_and_the_power() -> None:
    low = {"metric": "auc", "p": 0.001}
    assert judged(found(0.1), low)["verdict"].iloc[0] == "reproduced"
    few = judged(found(), low)
    assert few["verdict"].iloc[0] == "cannot be known" and "24 values" in few["why"].iloc[0]
    many = judged(found(n=300), low)
    assert many["verdict"].iloc[0] == "not reproduced" and "power of 100%" in many["why"].iloc[0]
    assert judged(found(0.1), {"metric": "auc", "p": 0.4})["verdict"].iloc[0] == "not reproduced"


def test_claims_of_order() -> None:
    high = {"metric": "auc", "family": "fusion", "mean": 0.9, "highest": True}
    assert judged(found(0.1), high).loc["fusion highest", "verdict"] == "reproduced"
    assert judged(found(), high).loc["fusion highest", "verdict"] == "cannot be known"
    other = {"metric": "auc", "family": "HRF", "mean": 0.9, "highest": True}
    assert judged(found(0.1), other).loc["HRF highest", "verdict"] == "not reproduced"
    pet = {"metric": "auc", "subgroup": "modality", "higher": "PET", "lower": "SPECT"}
    assert judged(found(), pet)["verdict"].iloc[0] == "reproduced"
    assert judged(found(), pet | {"higher": "SPECT", "lower": "PET"})["verdict"].iloc[0] == "not reproduced"
    assert judged(found(), pet | {"lower": "CT"})["why"].iloc[0] == "no study of CT with this figure"


def test_what_the_published_p_imply() -> None:
    figures = [{"metric": "auc", "p": 0.0027}, {"metric": "auc", "family": "fusion", "mean": 0.861, "sd": 0.088}]
    section = PublishedSection(source="a review", studies=226, figures=figures, totals=[60, 100, 150, 226])
    table = published.implied(section).set_index("total")
    assert table["statistic"].round(2).to_dict() == {60: 5.32, 100: 5.06, 150: 4.94, 226: 4.86}
    assert table["eta_squared"].round(2).tolist() == [0.22, 0.14, 0.09, 0.06]
    assert table["f"].round(2).tolist() == [0.53, 0.40, 0.32, 0.26]
    assert table.loc[226, "spread"] == pytest.approx(0.088 * table.loc[226, "f"])
    assert published.missing(section).iloc[0].tolist() == ["auc", 2, 12, 10]


def write(path: Path, *rows: str, header: str = "metric,family,n,mean,sd,p") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_complete_table_gives_the_test_of_the_values(tmp_path: Path) -> None:
    values, group = RNG.normal(0.8, 0.05, 30), np.repeat(["HRF", "DRF", "DL"], [8, 12, 10])
    groups = groups_of(values, group)
    p = one_way(groups).p
    rows = [
        f"auc,{name},{n},{m},{s},{p}"
        for name, n, m, s in zip(groups.names, groups.n, groups.mean, groups.sd, strict=True)
    ]
    tests, pairs = summary.from_summary(summary.read_summary(write(tmp_path / "s.csv", *rows)), level=0.95)
    classic = tests.set_index("test").loc["one-way"]
    assert classic["p"] == pytest.approx(stats.f_oneway(*(values[group == one] for one in groups.names)).pvalue)
    assert classic["verdict"] == "reproduced" and len(pairs) == 3
    wrong = [row.replace(str(p), str(p / 2)) for row in rows]
    tests, _ = summary.from_summary(summary.read_summary(write(tmp_path / "s.csv", *wrong)), level=0.95)
    assert tests.set_index("test").loc["one-way", "verdict"] == "not reproduced"


def test_a_table_with_gaps_says_what_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", "auc,HRF,,0.8,0.1,0.01", "auc,DRF,12,,,", "accuracy,HRF,5,0.8,0.1,")
    tests, pairs = summary.from_summary(summary.read_summary(path), level=0.95)
    assert tests["why"].tolist() == [
        "3 of 6 numbers are not published: n of HRF; mean and sd of DRF",
        "one family alone",
    ]
    assert (tests["verdict"] == "cannot be known").all() and pairs.empty


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("auc,DRF,12,86,0.1,", r"row 3 \(DRF, auc\): the mean should be a fraction"),
        ("auc,DRF,12,0.8,-0.1,", "the sd should be from 0 to 1"),
        ("auc,DRF,1,0.8,0.1,", "n should be a whole number of at least 2"),
        ("auc,DRF,9.5,0.8,0.1,", "n should be a whole number"),
        ("auc,HRF,12,0.8,0.1,", "this family stands there twice"),
        ("auc,,12,0.8,0.1,", "the family is missing"),
        ("auc,DRF,many,0.8,0.1,", "row 3: 'many' in 'n' is not a number"),
    ],
)
def test_wrong_rows_of_a_table(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        summary.read_summary(write(tmp_path / "s.csv", "auc,HRF,10,0.8,0.1,", row))
