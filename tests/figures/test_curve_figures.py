"""Figures of curves draw the very points that they were given."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from benchmark.figures import calibration, decision_curve, roc
from benchmark.figures.arms import arms_by_preprocessing, rows_of
from benchmark.figures.style import COLOURS
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

RESULTS, RUN = simulate(feature_sets=["HRF", "DRF", "HRF + DRF"], classifiers=["lda", "xgboost"])
TWO, TWO_RUN = simulate(feature_sets=["HRF", "DRF"], preprocessings=("raw", "combat"), classifiers=["lda", "xgboost"])


def shown(axes: Axes) -> dict[str, Line2D]:
    return {str(line.get_label()): line for line in axes.lines if not str(line.get_label()).startswith("_")}


def curve(results: dict[str, pd.DataFrame], kind: str, classifier: str, feature_set: str = "") -> pd.DataFrame:
    curves = results["curves"]
    keep = (curves["curve"] == kind) & (curves["classifier"] == classifier) & (curves["feature_set"] == feature_set)
    return curves[keep]


def test_roc_draws_the_chosen_arm_of_each_feature_set_with_its_auc() -> None:
    figure = roc.draw(complete(RESULTS), RUN)
    assert figure is not None
    (axes,) = figure.axes
    lines = list(shown(axes).values())
    assert len(lines) == 3
    for line, name in zip(lines, RUN["feature_sets"], strict=True):
        given = curve(RESULTS, "roc", CHOSEN_INSIDE, name)
        np.testing.assert_array_equal(line.get_xdata(), given["x"])
        np.testing.assert_array_equal(line.get_ydata(), given["y"])
    estimates = RESULTS["estimates"]
    auc = estimates[(estimates["measure"] == "auc") & (estimates["classifier"] == CHOSEN_INSIDE)].iloc[0]
    assert (
        " ".join(str(lines[0].get_label()).split())
        == f"HRF: {auc['estimate']:.3f} ({auc['low']:.3f}–{auc['high']:.3f})"
    )
    assert axes.get_legend().get_title().get_text() == "AUC (95% CI), classifier chosen inside"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("1 − specificity", "Sensitivity")


def test_roc_can_show_the_others_in_the_background() -> None:
    figure = roc.draw(complete(RESULTS), RUN, others=True)
    assert figure is not None
    assert sum(line.get_label() == "_other" for line in figure.axes[0].lines) == 9
    assert len(shown(figure.axes[0])) == 3


def test_one_panel_per_preprocessing() -> None:
    figure = roc.draw(complete(TWO), TWO_RUN)
    assert figure is not None
    assert [axes.get_title("left") for axes in figure.axes] == ["raw", "combat"]
    assert [len(shown(axes)) for axes in figure.axes] == [2, 2]


def test_a_chosen_preprocessing_is_the_only_panel() -> None:
    results = {name: frame.replace({"preprocessing": {"combat": CHOSEN_INSIDE}}) for name, frame in TWO.items()}
    figure = roc.draw(complete(results), TWO_RUN)
    assert figure is not None
    assert len(figure.axes) == 1
    title = figure.axes[0].get_legend().get_title().get_text()
    assert " ".join(title.split()) == "AUC (95% CI), preprocessing and classifier chosen inside"


def test_without_a_chosen_arm_the_first_classifier_of_the_experiment_is_shown() -> None:
    results, run = simulate(
        feature_sets=["HRF", "DRF", "HRF + DRF"], classifiers=["xgboost", "lda", "svm_rbf"], chosen=False
    )
    groups = arms_by_preprocessing(complete(results)["curves"], run)
    assert [arm.classifier for arm in groups["standard"]] == ["xgboost"] * 3
    few = arms_by_preprocessing(complete(results)["curves"].query("feature_set == 'HRF'"), run)
    assert [arm.label for arm in few["standard"]] == ["HRF, XGBoost", "HRF, LDA", "HRF, SVM (RBF)"]
    assert len({arm.colour for arm in few["standard"]}) == 3


def test_a_feature_set_has_one_colour_whatever_else_is_shown() -> None:
    curves = complete(RESULTS)["curves"]
    every = arms_by_preprocessing(curves, RUN)["standard"]
    assert [arm.colour for arm in every] == list(COLOURS[:3])
    many, run = simulate(feature_sets=[f"s{i}" for i in range(10)], classifiers=["lda"])
    looks = [(arm.colour, arm.line) for arm in arms_by_preprocessing(complete(many)["curves"], run)["standard"]]
    assert len(set(map(str, looks))) == 10


def test_a_model_without_a_curve_is_left_out() -> None:
    results = complete(RESULTS)
    curves = results["curves"]
    gone = (curves["feature_set"] == "DRF") & (curves["classifier"] == CHOSEN_INSIDE)
    curves.loc[gone, ["x", "y", "low", "high"]] = math.nan
    for draw in (roc.draw, calibration.draw, decision_curve.draw):
        figure = draw(results, RUN)
        assert figure is not None
        assert not any("DRF" in label and "HRF" not in label for axes in figure.axes for label in shown(axes))


def test_calibration_has_a_panel_per_model_with_band_numbers_and_distribution() -> None:
    results = complete(RESULTS)
    bins = pd.DataFrame({"x": [0.25, 0.75], "y": [0.2, 0.8], "curve": "distribution"})
    place = {"design": "kfold", "role": "out-of-fold", "preprocessing": "standard", "classifier": CHOSEN_INSIDE}
    results["curves"] = pd.concat([results["curves"], bins.assign(feature_set="HRF", **place)], ignore_index=True)
    figure = calibration.draw(results, RUN)
    assert figure is not None
    assert [axes.get_title("left") for axes in figure.axes] == list(RUN["feature_sets"])
    first, second = figure.axes[:2]
    given = curve(RESULTS, "calibration", CHOSEN_INSIDE, "HRF")
    np.testing.assert_array_equal(shown(first)["HRF"].get_ydata(), given["y"])
    band = first.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(given["high"].max())
    assert [bar.get_height() for bar in first.patches] == pytest.approx([0.25 * calibration.HEIGHT, calibration.HEIGHT])
    assert not second.patches
    assert first.texts[0].get_text().startswith("Slope ")
    diagonal = next(line for line in first.lines if line.get_label() == "_diagonal")
    np.testing.assert_array_equal(diagonal.get_xydata(), [[0, 0], [1, 1]])


def test_decision_curve_has_treat_all_and_treat_none_and_stops_below_zero() -> None:
    figure = decision_curve.draw(complete(RESULTS), RUN)
    assert figure is not None
    (axes,) = figure.axes
    lines = shown(axes)
    assert list(lines) == ["HRF", "DRF", "HRF + DRF", "Treat all", "Treat none"]
    np.testing.assert_array_equal(lines["Treat all"].get_ydata(), curve(RESULTS, "net benefit", "treat all")["y"])
    np.testing.assert_array_equal(lines["HRF"].get_ydata(), curve(RESULTS, "net benefit", CHOSEN_INSIDE, "HRF")["y"])
    assert not np.any(lines["Treat none"].get_ydata())
    low, high = axes.get_ylim()
    top = RESULTS["curves"].query("curve == 'net benefit'")["y"].max()
    assert -0.2 * top < low < 0
    assert high > top
    assert not axes.collections  # bands of three models would hide each other


def test_few_models_show_the_band_of_their_net_benefit() -> None:
    one, run = simulate(feature_sets=["HRF"], classifiers=["lda"], chosen=False)
    figure = decision_curve.draw(complete(one), run)
    assert figure is not None
    assert len(figure.axes[0].collections) == 1


def test_rows_of_an_arm_are_its_own() -> None:
    curves = complete(TWO)["curves"]
    for group in arms_by_preprocessing(curves, TWO_RUN).values():
        for arm in group:
            own = rows_of(curves, arm)[["feature_set", "preprocessing", "classifier"]].drop_duplicates()
            assert own.to_numpy().tolist() == [list(arm.recipe)]


def test_recalibrated_models_have_thin_curves_and_a_decision_curve_of_their_own() -> None:
    again = RESULTS["curves"].query("curve != 'roc' and feature_set != ''").assign(recalibration="platt")
    results = complete({**RESULTS, "recalibrated_curves": again})
    figure = calibration.draw(results, RUN)
    assert figure is not None
    assert all("Platt" in shown(panel) for panel in figure.axes)
    panels = decision_curve.draw(results, RUN)
    assert panels is not None
    assert [panel.get_title(loc="left") for panel in panels.axes] == ["not recalibrated", "recalibrated: Platt"]


def test_a_model_made_elsewhere_stands_beside_those_of_every_preprocessing() -> None:
    results, run = simulate(feature_sets=["HRF", "clinical"], classifiers=["lda", "xgboost"])
    curves = complete(results)["curves"]
    cnn = curves.query("feature_set == 'HRF' and classifier == 'lda'").assign(
        feature_set="CNN", preprocessing="", classifier=""
    )
    found = arms_by_preprocessing(pd.concat([curves, cnn], ignore_index=True), run)
    for arms in found.values():
        assert [arm.label for arm in arms] == ["HRF", "clinical", "CNN"]
    assert set(found) == set(arms_by_preprocessing(curves, run))
    alone = arms_by_preprocessing(cnn, run)
    assert [arm.label for arm in alone[""]] == ["CNN"]
