"""Figures of several classes draw the very numbers that they were given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.estimates import of_class
from benchmark.figures import calibration_per_class, confusion, roc_per_class
from benchmark.figures.classes import labels_of, of_one_class
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.scopes import complete
from tests.simulated_results import simulate

CLASSES = ("POLE", "CNL", "MSI")
RESULTS, RUN = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda"], classes=CLASSES)
TWO, TWO_RUN = simulate(feature_sets=["HRF", "DRF"], classifiers=["lda"])


def test_roc_has_a_panel_per_model_and_a_line_per_class_with_its_auc() -> None:
    figure = roc_per_class.draw(complete(RESULTS), RUN)
    assert figure is not None
    assert [panel.get_title("left") for panel in figure.axes] == ["HRF", "DRF"]
    lines = [line for line in figure.axes[0].lines if not str(line.get_label()).startswith("_")]
    keys = ["feature_set", "classifier", "measure"]
    auc = RESULTS["estimates"].drop_duplicates(keys).set_index(keys)["estimate"]
    for line, label in zip(lines, CLASSES, strict=True):
        curve = RESULTS["curves"].query("feature_set == 'HRF' and classifier == @CHOSEN_INSIDE")
        np.testing.assert_array_equal(line.get_ydata(), curve[curve["curve"] == of_class("roc", label)]["y"])
        assert str(line.get_label()).startswith(f"{label}: {auc['HRF', CHOSEN_INSIDE, of_class('auc', label)]:.3f}")
    assert roc_per_class.draw(complete(TWO), TWO_RUN) is None


def test_legend_has_the_pooled_auc_where_the_mean_of_the_folds_has_no_interval() -> None:
    results = complete(RESULTS)
    estimates = results["estimates"]
    fold = estimates[estimates["measure"] == of_class("auc", "CNL")]
    pooled = fold.assign(measure=of_class("auc_pooled", "CNL"), estimate=0.712, low=0.6, high=0.8)
    estimates.loc[fold.index, ["low", "high"]] = np.nan
    results["estimates"] = pd.concat([estimates, pooled], ignore_index=True)
    figure = roc_per_class.draw(results, RUN)
    assert figure is not None
    texts = [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in figure.axes[0].get_legend().get_texts()]
    assert texts[1] == "CNL: 0.712 (0.600–0.800)*" and "*" not in texts[0]


def test_calibration_has_a_row_of_panels_per_model() -> None:
    figure = calibration_per_class.draw(complete(RESULTS), RUN)
    assert figure is not None
    titles = [panel.get_title("left") for panel in figure.axes]
    assert titles == [f"{model}\n{label}" for model in ("HRF", "DRF") for label in CLASSES]
    assert figure.axes[0].texts[0].get_text().startswith("Slope ")
    assert calibration_per_class.draw(complete(TWO), TWO_RUN) is None


def test_confusion_matrix_has_cases_shares_and_the_share_as_colour() -> None:
    for results, run, labels in ((RESULTS, RUN, CLASSES), (TWO, TWO_RUN, ("0", "1"))):
        figure = confusion.draw(complete(results), run)
        assert figure is not None
        panel = figure.axes[0]
        assert tuple(tick.get_text() for tick in panel.get_yticklabels()) == labels
        shares = np.asarray(panel.images[0].get_array())
        assert shares[0, 0] == 0.7 and shares[0, 1] == 0.1
        assert [text.get_text() for text in panel.texts[:2]] == ["40.5\n70%", "7\n10%"]


def test_classes_are_in_the_order_of_the_run() -> None:
    curves = RESULTS["curves"]
    assert labels_of(curves["curve"], {"classes": ["MSI", "POLE", "CNL"]}) == ["MSI", "POLE", "CNL"]
    assert set(of_one_class(curves, "curve", "CNL")["curve"]) == {"roc", "calibration"}
