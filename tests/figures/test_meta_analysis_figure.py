"""The forest plot of a meta-analysis and the table that it draws."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest
from scipy import special

from benchmark.errors import DataError
from benchmark.estimates import META
from benchmark.figures import meta_analysis, style
from benchmark.statistics.meta_analysis import random_effects, random_effects_of_aucs
from benchmark.statistics.meta_table import meta_table

NAMES = ["Hosny A", "Hosny B", "A cohort with a rather long name", "Lung 4"]
Y, V = np.array([0.03, 0.01, 0.06, -0.02]), np.array([0.0004, 0.0009, 0.0006, 0.0003])
DIFFERENCES = meta_table(random_effects(Y, V), NAMES, Y, V)
AUCS = np.array([0.71, 0.77, 0.68, 0.8])
OF_AUCS = meta_table(random_effects_of_aucs(AUCS, V), NAMES, AUCS, V).assign(measure="auc")


def test_table() -> None:
    assert list(DIFFERENCES.columns) == META
    assert DIFFERENCES["kind"].tolist() == ["cohort"] * 4 + ["mean", "prediction"]
    found = random_effects(Y, V)
    assert DIFFERENCES["high"].iloc[0] == pytest.approx(0.03 + 1.959964 * 0.02, abs=1e-6)
    assert tuple(DIFFERENCES.loc[4, ["estimate", "low", "high", "p", "i2"]]) == pytest.approx(
        (found.estimate, found.low, found.high, found.p, found.i2)
    )
    assert DIFFERENCES["weight"].sum() == pytest.approx(1) and DIFFERENCES["p"].notna().sum() == 1
    wide = 1.959964 * np.sqrt(V[1]) / (0.77 * 0.23)
    assert OF_AUCS["low"].iloc[1] == pytest.approx(special.expit(special.logit(0.77) - wide), abs=1e-6)
    two = meta_table(random_effects(Y[:2], V[:2]), NAMES[:2], Y[:2], V[:2])
    assert two["kind"].tolist() == ["cohort", "cohort", "mean"]
    with pytest.raises(DataError, match="meta-analysis of 4 cohorts: 2 names"):
        meta_table(found, NAMES[:2], Y, V)


@pytest.mark.parametrize(
    ("table", "line", "label"), [(DIFFERENCES, 0, "Difference in AUC (95% CI)"), (OF_AUCS, 0.5, "AUC (95% CI)")]
)
def test_what_is_drawn(table: pd.DataFrame, line: float, label: str) -> None:
    before = dict(matplotlib.rcParams)
    figure = meta_analysis.draw({"meta": table}, {})
    assert figure is not None and dict(matplotlib.rcParams) == before
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == [*NAMES, "Mean", "Prediction"]
    assert axes.get_xlabel().startswith(label) and "I² " in axes.get_xlabel()
    assert axes.get_xlabel().endswith("(logit scale)") == (line == 0.5)
    solid = [list(each.get_xdata()) for each in axes.lines if each.get_linestyle() == "-"]
    drawn = table[table["kind"] != "mean"]
    assert solid == drawn[["low", "high"]].to_numpy().tolist()
    assert [list(each.get_xdata()) for each in axes.lines if each.get_linestyle() != "-"] == [[line, line]]
    diamond = axes.patches[0].get_xy()[:, 0]
    mean = table[table["kind"] == "mean"].iloc[0]
    assert (diamond.min(), diamond.max()) == (mean["low"], mean["high"])
    figure.canvas.draw()
    box = figure.get_tightbbox()
    assert box.x0 >= -0.01 and box.y0 >= -0.01 and box.x1 <= figure.bbox_inches.x1 + 0.01
    assert style.ONE_COLUMN - 0.01 <= figure.get_figwidth() <= style.TWO_COLUMNS


def test_nothing_to_draw_is_no_figure() -> None:
    assert meta_analysis.draw({}, {}) is None
    assert meta_analysis.draw({"meta": DIFFERENCES.assign(estimate=np.nan)}, {}) is None
    assert meta_analysis.CAPTION.endswith(".")


def test_an_undefined_mean_test_is_drawn_without_p() -> None:
    y, v = np.full(3, 0.02), V[:3]
    figure = meta_analysis.draw({"meta": meta_table(random_effects(y, v), NAMES[:3], y, v)}, {})
    assert figure is not None and "p" not in figure.axes[0].get_xlabel().split("mean: ")[1]
