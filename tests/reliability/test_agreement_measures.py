"""Cosine similarity, repeatability, bands and the survey of readings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.reliability import BANDS, Readings, band, cosine, count_bands, icc, repeatability, survey
from benchmark.reliability.bands import NOT_COMPUTABLE
from benchmark.reliability.survey import BAND_COUNTS, SURVEY

WRIGHT = np.array(
    [[494, 490], [395, 397], [516, 512], [434, 401], [476, 470], [557, 611], [413, 415], [442, 431], [650, 638],
     [433, 429], [417, 420], [656, 633], [267, 275], [478, 492], [178, 165], [423, 372], [427, 421.0]]
)  # fmt: skip
"""Peak flow, twice by the Wright meter: Bland and Altman (1986), Lancet 327:307."""


def test_cosine_by_definition() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(1, 1, size=(8, 3, 2))
    for feature in range(2):
        x = values[:, :, feature]
        length = np.sqrt((x**2).sum(axis=0))
        pairs = [x[:, i] @ x[:, j] / (length[i] * length[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
        assert cosine(values)[feature] == pytest.approx(np.mean(pairs), rel=1e-12)
    np.testing.assert_allclose(cosine(values * 1e200), cosine(values))


def test_cosine_does_not_see_scale_and_is_undefined_at_zero() -> None:
    one = np.arange(1.0, 6)[:, None, None]
    assert cosine(np.concatenate([one, 2 * one], axis=1))[0] == pytest.approx(1, abs=1e-15)
    assert np.isnan(cosine(np.concatenate([one, 0 * one], axis=1)))[0]
    holes = np.concatenate([one, one], axis=1)
    holes[0, 1] = np.nan
    assert cosine(holes)[0] == pytest.approx(1, abs=1e-15)
    with pytest.raises(DataError, match=r"cosine similarity: readings of shape \(5, 1, 1\)"):
        cosine(one)


def test_repeatability_of_peak_flow() -> None:
    """Bland and Altman (1999) give a within-subject SD of 15.3 l/min."""
    found = repeatability(WRIGHT[:, :, None]).iloc[0]
    assert found["wsd"] == pytest.approx(15.3, abs=0.05)
    assert found["rc"] == pytest.approx(2.77 * 15.3, rel=2e-3)
    assert found[["df", "n_subjects"]].tolist() == [17, 17]
    shares = [(a - b) ** 2 / 2 / ((a + b) / 2) ** 2 for a, b in WRIGHT]
    assert found["wcv"] == pytest.approx(np.sqrt(np.mean(shares)), rel=1e-12)
    assert found["rc_low"] < found["rc"] < found["rc_high"]


def test_limits_of_the_repeatability_coefficient_cover() -> None:
    rng = np.random.default_rng(1)
    values = 10 + rng.normal(size=(10, 1, 2000)) + 0.3 * rng.normal(size=(10, 3, 2000))
    values[:4, 2] = np.nan
    found = repeatability(values)
    truth = 1.96 * np.sqrt(2) * 0.3
    assert ((found["rc_low"] < truth) & (truth < found["rc_high"])).mean() == pytest.approx(0.95, abs=0.015)
    assert (found["df"] == 16).all()


def test_repeatability_where_it_is_not_defined() -> None:
    both_signs = np.array([[1.0, 2.0], [-1.0, 0.5]])[:, :, None]
    found = repeatability(both_signs).iloc[0]
    assert np.isnan(found["wcv"]) and found["wsd"] > 0
    once = np.array([[1.0, np.nan], [3.0, np.nan]])[:, :, None]
    assert repeatability(once).iloc[0][["wsd", "rc", "wcv"]].isna().all()
    negative = -np.abs(WRIGHT[:, :, None])
    assert repeatability(negative)["wcv"][0] == pytest.approx(repeatability(-negative)["wcv"][0])
    lonely = np.array([[1.0, 3.0], [9.0, np.nan]])[:, :, None]
    assert repeatability(lonely)["wsd"][0] == pytest.approx(np.sqrt(2))
    assert repeatability(np.ones((4, 2, 1)))["wcv"][0] == 0


def test_bands_of_koo_and_li() -> None:
    values = np.array([-0.3, 0.499, 0.5, 0.749, 0.75, 0.9, 0.901, 1, np.nan])
    expected = ["poor", "poor", "moderate", "moderate", "good", "good", "excellent", "excellent", NOT_COMPUTABLE]
    assert band(values).tolist() == expected


def two_blocks() -> dict[str, Readings]:
    rng = np.random.default_rng(9)
    cases = pd.Index([f"c{number}" for number in range(30)])
    hrf = 5 + rng.normal(size=(30, 1, 4)) + np.array([0.05, 0.4, 1, 3]) * rng.normal(size=(30, 2, 4))
    hrf[:, :, 3] = 2.0
    drf = rng.normal(size=(30, 1, 2)) + 0.1 * rng.normal(size=(30, 3, 2))
    drf[:10, 2] = np.nan
    return {"HRF": Readings(cases, tuple("abcd"), hrf), "DRF": Readings(cases, ("x", "y"), drf, external=True)}


def test_survey_has_every_feature_and_counts_add_up() -> None:
    readings = two_blocks()
    found = survey(readings, form="ICC(1,1)")
    assert list(found.columns) == SURVEY
    assert found["feature"].tolist() == [*"abcd", "x", "y"]
    np.testing.assert_allclose(found["icc"][:4], icc(readings["HRF"].values, form="ICC(1,1)")["estimate"])
    assert found["n_readings"].tolist() == pytest.approx([2] * 4 + [(80 - 220 / 80) / 29] * 2)
    counts = count_bands(readings, found)
    assert list(counts.columns) == BAND_COUNTS
    assert (counts[[*BANDS, NOT_COMPUTABLE]].sum(axis=1) == counts["n_features"]).all()
    assert counts["not computable"].tolist() == [1, 0]
    assert counts["n_readings"].tolist() == [60, 80]
    assert counts["external"].tolist() == [False, True]
    by_limit = counts[[f"{name} (lower limit)" for name in BANDS]].sum(axis=1) + counts[NOT_COMPUTABLE]
    assert (by_limit == counts["n_features"]).all()


def test_survey_by_a_two_way_form_needs_all_readings() -> None:
    found = survey(two_blocks())
    assert found["n_subjects"].tolist() == [30] * 4 + [20] * 2
    assert survey({}).empty


def test_a_feature_or_a_reader_without_any_value_is_not_computable() -> None:
    readings = two_blocks()["HRF"]
    values = readings.values.copy()
    values[:, :, 0] = np.nan
    values[:, 1, 1] = np.nan
    empty = {"HRF": Readings(readings.subjects, readings.features, values)}
    for form in ("ICC(1,1)", "ICC(2,1)"):
        with np.errstate(all="raise", under="ignore"):
            found = survey(empty, form=form)
        assert found["band"].tolist()[:2] == [NOT_COMPUTABLE] * 2
        assert found.loc[:1, ["icc", "ccc", "cosine", "wsd", "wcv"]].isna().all(axis=None)
        assert found.loc[2, ["icc", "ccc", "cosine", "wsd", "wcv"]].notna().all()
