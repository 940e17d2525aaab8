"""The specification curve: a point per specification in order, and a strip per level of each factor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.figures import specification_curve
from benchmark.figures.specification_curve import MARKS, MOST_SETS, draw
from benchmark.figures.style import TWO_COLUMNS
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "clinical"], classifiers=["lda", "xgboost"])
CHOICES = {"many (none)": {"harmonization": "none"}, "many (ComBat)": {"harmonization": "ComBat"}}
ASKED = {**RUN, "choices": CHOICES}


def drawn(results: Any, run: Any) -> Any:
    figure = draw(complete(results), run)
    assert figure is not None
    return figure


def test_points_are_the_specifications_in_order() -> None:
    figure = drawn(RESULTS, ASKED)
    above = figure.axes[: len(figure.axes) // 2]
    assert [axes.get_title(loc="left") for axes in above] == ["HRF", "clinical"]
    told = RESULTS["specifications"]
    for axes, name in zip(above, ("HRF", "clinical"), strict=True):
        points = np.asarray(axes.collections[0].get_offsets())
        assert points[:, 1] == pytest.approx(np.sort(told.loc[told["feature_set"] == name, "auc"]))
    assert "75% above clinical" in above[0].texts[0].get_text()


def test_rows_are_the_levels_of_each_factor() -> None:
    figure = drawn(RESULTS, ASKED)
    first = figure.axes[len(figure.axes) // 2]
    names = [label.get_text() for label in first.get_yticklabels()]
    assert names == [
        "Harmonization", "none", "ComBat", "Classifier", "LDA", "XGBoost", "Seed", "0", "1",
    ]  # fmt: skip
    assert len(first.images) == 6
    strips = np.stack([image.get_array() for image in first.images])[:, 0]
    coloured = (strips != strips.max((0, 1))).any(2)
    assert (coloured[:2].sum(0) == 1).all()  # each specification has one level of each factor


def test_a_factor_that_does_not_touch_a_feature_set_has_empty_strips() -> None:
    results = {**RESULTS}
    told = results["specifications"]
    gone = (told["feature_set"] == "clinical") & (told["preprocessing"] == "many (ComBat)")
    results["specifications"] = told[~gone]
    figure = drawn(results, ASKED)
    last = figure.axes[-1]
    assert "not touched" in [text.get_text() for text in last.texts]
    assert len(np.unique(last.images[0].get_array())) == 1


def test_hundreds_of_specifications_share_marks() -> None:
    told = RESULTS["specifications"]
    many = pd.concat([told.assign(repeat=number) for number in range(60)], ignore_index=True)
    figure = drawn({**RESULTS, "specifications": many}, ASKED)
    strips = figure.axes[-1].images
    assert strips[0].get_array().shape == (1, MARKS, 3)
    names = [label.get_text() for label in figure.axes[len(figure.axes) // 2].get_yticklabels()]
    assert "Seed" not in names  # sixty levels do not fit


def test_strips_are_half_dark_where_a_level_is_as_common_as_by_chance() -> None:
    taken = np.arange(MARKS * 8) % 4 == 0
    strip = specification_curve._strip(taken, 4, "#000000")
    ground = specification_curve._strip(np.zeros(3, bool), 4, "#000000")[0, 0]
    assert strip[0] == pytest.approx(np.tile(ground / 2, (MARKS, 1)))


def test_many_feature_sets_fit_the_page() -> None:
    sets = [f"a set of {number} blocks" for number in range(12)]
    figure = drawn(simulate(feature_sets=sets, classifiers=["lda", "xgboost"])[0], {})
    assert len(figure.axes) == 2 * MOST_SETS
    assert figure.get_figwidth() == pytest.approx(TWO_COLUMNS)


def test_without_specifications_there_is_nothing_to_draw() -> None:
    assert draw(complete({}), ASKED) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Logistic regression (L2)", "Logistic regression (L2)"),
        ("Random forest (max_features=sqrt, max_depth=5)", "Random forest"),
        ("a level with a name that never ends", "a level with a name that ne…"),
    ],
)
def test_names_of_rows_leave_room_for_the_curves(name: str, short: str) -> None:
    assert specification_curve._short(name) == short
