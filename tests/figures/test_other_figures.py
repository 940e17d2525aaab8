"""Heat map, forest plot, selected features, and what all figures promise."""

from __future__ import annotations

import math
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from benchmark import figures
from benchmark.figures import forest, heatmap, selection, style
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.scopes import complete, of_model
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "clinical", "HRF + clinical"], classifiers=["lda", "xgboost"])
SEVERAL = simulate(feature_sets=["HRF", "clinical"], classifiers=["lda"], classes=("CNL", "MSI", "POLE"))
OF_SEVERAL = {"roc_per_class", "calibration_per_class"}
MENU = {**figures.OF_DESIGN, **figures.OF_MODEL, **figures.OF_DESIGN_AND_ROLE}


def shown_to(name: str, results: dict[str, pd.DataFrame], run: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """What a figure of the menu is given: one of a model that is shown alone has the frames of that model."""
    found = complete(results)
    return of_model(found, run)[0].results if name in figures.OF_MODEL else found


@pytest.mark.parametrize("name", MENU)
def test_nothing_to_draw_is_no_figure(name: str) -> None:
    assert MENU[name].draw(complete({}), {}) is None


@pytest.mark.parametrize("name", MENU)
def test_undefined_numbers_do_not_break_a_figure(name: str) -> None:
    results = {key: frame.copy() for key, frame in RESULTS.items()}
    for frame, columns in (
        ("estimates", ["estimate", "low", "high"]),
        ("curves", ["x", "y", "low", "high"]),
        ("confusion", ["cases", "share"]),
        ("centres", ["estimate", "low", "high"]),
        ("transfer", ["estimate", "low", "high"]),
        ("stability", ["stability", "low", "high"]),
        ("specifications", ["auc", "reference_auc"]),
        ("attributions", ["shap", "value"]),
        ("attributed", ["mean_abs", "sd"]),
        ("attribution_shares", ["share"]),
        ("explained_cases", ["shap", "output"]),
        ("case_scores", ["score"]),
        ("nomogram", ["points"]),
        ("survival", ["survival", "low", "high"]),
        ("subgroup_estimates", ["estimate", "low", "high"]),
    ):
        results[frame][columns] = math.nan
    if MENU[name].draw(shown_to(name, results, RUN), RUN) is not None:
        assert name == "selection"


@pytest.mark.parametrize("name", MENU)
def test_a_run_that_says_nothing_of_itself_is_enough(name: str) -> None:
    assert MENU[name].draw(shown_to(name, SEVERAL[0] if name in OF_SEVERAL else RESULTS, {}), {}) is not None
    assert MENU[name].caption.endswith(".")


@pytest.mark.parametrize("name", MENU)
def test_settings_of_matplotlib_are_left_as_they_were(name: str) -> None:
    before = dict(matplotlib.rcParams)
    results, run = SEVERAL if name in OF_SEVERAL else (RESULTS, RUN)
    figure = MENU[name].draw(shown_to(name, results, run), run)
    assert figure is not None
    assert dict(matplotlib.rcParams) == before
    assert style.ONE_COLUMN - 0.01 <= figure.get_figwidth() <= style.TWO_COLUMNS


@pytest.mark.parametrize("name", MENU)
@pytest.mark.parametrize("sets", [["HRF"], ["HRF", "clinical", "handcrafted + deep + clinical + pathomics"]])
def test_nothing_is_cut_off(name: str, sets: list[str]) -> None:
    classes = ("CNL", "MSI", "POLE") if name in OF_SEVERAL else ("0", "1")
    results, run = simulate(
        feature_sets=sets, classifiers=["logistic_l1", "xgboost"], preprocessings=("raw", "ComBat"), classes=classes
    )
    figure = MENU[name].draw(shown_to(name, results, run), run)
    assert figure is not None
    figure.canvas.draw()
    drawn, whole = figure.get_tightbbox(), figure.bbox_inches
    assert min(drawn.x0, drawn.y0) >= -0.01
    assert drawn.x1 <= whole.x1 + 0.01
    assert drawn.y1 <= whole.y1 + 0.01


def test_heat_map_prints_the_auc_of_every_cell() -> None:
    results = complete(RESULTS)
    estimates = results["estimates"]
    gone = (
        (estimates["feature_set"] == "clinical") & (estimates["classifier"] == "lda") & (estimates["measure"] == "auc")
    )
    estimates.loc[gone, "estimate"] = math.nan
    figure = heatmap.draw(results, RUN)
    assert figure is not None
    axes = figure.axes[0]
    auc = estimates[estimates["measure"] == "auc"].pivot(index="feature_set", columns="classifier", values="estimate")
    auc = auc.reindex(index=list(RUN["feature_sets"]), columns=[CHOSEN_INSIDE, "lda", "xgboost"])
    np.testing.assert_array_equal(np.ma.filled(axes.images[0].get_array(), np.nan), auc.to_numpy())
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["–" if np.isnan(value) else f"{value:.3f}" for value in auc.to_numpy().ravel()]
    assert [label.get_text() for label in axes.get_xticklabels()] == [CHOSEN_INSIDE, "LDA", "XGBoost"]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(RUN["feature_sets"])


def test_heat_map_leaves_out_the_chosen_preprocessing_and_is_none_for_one_number() -> None:
    two, run = simulate(feature_sets=["HRF"], preprocessings=("raw", CHOSEN_INSIDE), classifiers=["lda"])
    figure = heatmap.draw(complete(two), run)
    assert figure is not None
    assert len(figure.axes) == 2  # one map and its scale of colour
    one, run = simulate(feature_sets=["HRF"], classifiers=["lda"], chosen=False)
    assert heatmap.draw(complete(one), run) is None


def test_forest_plot_has_a_row_per_feature_set() -> None:
    figure = forest.draw(complete(RESULTS), RUN)
    assert figure is not None
    axes = figure.axes[0]
    estimates = RESULTS["estimates"]
    auc = estimates[(estimates["measure"] == "auc") & (estimates["classifier"] == CHOSEN_INSIDE)].set_index(
        "feature_set"
    )
    drawn = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"]
    for line, name in zip(drawn, RUN["feature_sets"], strict=True):
        assert list(line.get_xdata()) == [auc.loc[name, "low"], auc.loc[name, "high"]]
    assert axes.get_xlabel() == "AUC (95% CI)\nclassifier chosen inside"


def test_selection_shows_the_twenty_most_frequent_of_the_widest_feature_set() -> None:
    results, run = simulate(feature_sets=["HRF", "HRF + DRF + clinical"], classifiers=["lda"])
    figure = selection.draw(complete(results), run)
    assert figure is not None
    (axes,) = figure.axes
    top = results["frequencies"].query("feature_set == 'HRF + DRF + clinical'")["frequency"].nlargest(20)
    assert [bar.get_width() for bar in axes.patches] == top.tolist()
    blocks = dict(zip(results["frequencies"]["feature"], results["frequencies"]["block"], strict=True))
    colours = {}
    for label, bar in zip(axes.get_yticklabels(), axes.patches, strict=True):
        colours.setdefault(blocks[label.get_text()], set()).add(matplotlib.colors.to_hex(bar.get_facecolor()))
    assert all(len(found) == 1 for found in colours.values())


def test_selection_is_no_figure_where_nothing_was_selected() -> None:
    results, run = simulate(feature_sets=["HRF"], classifiers=["lda"])
    results["frequencies"][["n_selected", "frequency"]] = 25, 1.0
    assert selection.draw(complete(results), run) is None
