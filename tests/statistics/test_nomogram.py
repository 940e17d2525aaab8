"""Reading a nomogram gives the probability of its model: exactly by its points, and nearly by whole ones."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from benchmark.estimates import NOMOGRAM as TICKS
from benchmark.predictions import NOMOGRAMS
from benchmark.statistics.nomogram import nomogram_of, nomogram_ticks, read

PLACE = ("cv", "HRF + clinical", "p", "logistic_l2", 0, "apparent")
AGE, SCORE, DEAD, STAGE = ("clinical", "age"), ("HRF", "score"), ("HRF", "dead"), ("clinical", "stage")
LEVELS = {"I": -0.4, "II": 0.1, "III": 1.3}
INTERCEPT = -1.2


def rows() -> pd.DataFrame:
    """Age standardized by (x - 60) / 8 with coefficient -0.7, a score of 1.5, a feature without effect, and a stage."""
    about = (*PLACE, "1", 90)
    lines = [
        (*about, *AGE, "", -0.7, INTERCEPT, -60 / 8, 1 / 8, 41.0, 83.0, ""),
        (*about, *SCORE, "", 1.5, INTERCEPT, 0.0, 1.0, -1.1, 0.9, "score"),
        (*about, *DEAD, "", 0.0, INTERCEPT, 0.0, 1.0, 0.0, 5.0, ""),
        *((*about, *STAGE, level, adds, INTERCEPT, 1.0, 0.0, math.nan, math.nan, "") for level, adds in LEVELS.items()),
    ]
    return pd.DataFrame(lines, columns=NOMOGRAMS)


def log_odds(age: float, score: float, stage: str) -> float:
    return INTERCEPT - 0.7 * (age - 60) / 8 + 1.5 * score + LEVELS[stage]


def cases(n: int = 200) -> list[tuple[float, float, str]]:
    rng = np.random.default_rng(0)
    return [(rng.uniform(41, 83), rng.uniform(-1.1, 0.9), str(rng.choice(list(LEVELS)))) for _ in range(n)]


def test_reading_is_the_model() -> None:
    nomogram = nomogram_of(rows())
    for age, score, stage in [*cases(), (20.0, 3.0, "II")]:  # the last is outside the ranges
        found = read(nomogram, {AGE: age, SCORE: score, DEAD: 3.0, STAGE: stage})
        assert found == pytest.approx(expit(log_odds(age, score, stage)), abs=1e-12)


def test_whole_points_miss_by_half_a_point_per_feature_at_most() -> None:
    nomogram = nomogram_of(rows())
    most = 3 * 0.5 * nomogram.per_point / 4  # the steepest place of the logistic curve has slope 1/4
    for age, score, stage in cases():
        values = {AGE: age, SCORE: score, STAGE: stage}
        points = [round(nomogram.points(one, values[one.block, one.name])) for one in nomogram.features if one.effect]
        assert abs(nomogram.probability(sum(points)) - expit(log_odds(age, score, stage))) <= most


def test_points_by_definition() -> None:
    """Iasonos 2008: the widest effect has 100 points, the others in proportion, each from its least favourable end."""
    effects = {AGE: 0.7 * 42 / 8, SCORE: 1.5 * 2.0, STAGE: 1.7, DEAD: 0.0}
    widest = max(effects.values())
    nomogram = nomogram_of(rows())
    assert [(one.block, one.name) for one in nomogram.features] == [AGE, SCORE, STAGE, DEAD]
    for one in nomogram.features:
        assert one.effect == pytest.approx(effects[one.block, one.name])
    age, score, stage, _ = nomogram.features
    for value in (41.0, 50.0, 83.0):
        assert nomogram.points(age, value) == pytest.approx(100 * 0.7 * (83 - value) / 8 / widest)
    assert nomogram.points(score, 0.9) == pytest.approx(100 * effects[SCORE] / widest)
    assert nomogram.points(stage, "II") == pytest.approx(100 * 0.5 / widest)
    assert nomogram.highest == pytest.approx(100 * sum(effects.values()) / widest)
    assert nomogram.probability(0.0) == pytest.approx(expit(log_odds(83.0, -1.1, "I")))
    assert nomogram.probability(nomogram.highest) == pytest.approx(expit(log_odds(41.0, 0.9, "III")))
    assert nomogram.total(nomogram.probability(77.0)) == pytest.approx(77.0)


def test_ticks_say_the_same() -> None:
    found, nomogram = nomogram_ticks(rows()), nomogram_of(rows())
    assert list(found.columns) == TICKS
    assert set(found["axis"]) == {"feature", "range", "total", "probability", "total range"}
    assert "dead" not in set(found["feature"])
    for row in found.itertuples():
        if row.axis in ("total", "probability"):
            assert row.probability == pytest.approx(nomogram.probability(row.points))
        elif row.feature:
            feature = next(one for one in nomogram.features if one.name == row.feature)
            assert row.points == pytest.approx(nomogram.points(feature, row.level or row.value))
    assert found.query("feature == 'stage'")["level"].tolist() == ["I", "II", "III"]
    ages = found.query("feature == 'age' and axis == 'feature'")["value"]
    assert ages.tolist() == [45, 50, 55, 60, 65, 70, 75, 80]
    assert found.query("axis == 'range' and feature == 'age'")["points"].sort_values().tolist() == pytest.approx(
        [0, 100]
    )
    assert found.query("axis == 'probability'")["probability"].between(0, 1, inclusive="neither").all()


def test_models_apart_and_nothing_of_none() -> None:
    two = nomogram_ticks(
        pd.concat([rows(), rows().assign(classifier="lda", coefficient=lambda all: all["coefficient"] / 2)])
    )
    ranges = two[two["axis"] == "total range"].groupby("classifier")["probability"].max()
    assert ranges["lda"] < ranges["logistic_l2"]
    assert nomogram_ticks(None).columns.tolist() == TICKS
    assert nomogram_ticks(rows().iloc[:0]).empty


def test_a_narrow_range_of_probabilities_has_ticks_of_its_own() -> None:
    found = nomogram_ticks(rows().assign(coefficient=rows()["coefficient"] / 50))
    marks = found[found["axis"] == "probability"]
    assert 3 <= len(marks) <= 7
    assert marks["points"].between(0, found.loc[found["axis"] == "total range", "points"].max()).all()
