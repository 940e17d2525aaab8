"""A contrast of classes is the binary outcome that it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.analysis import analyse
from benchmark.statistics.class_contrast import (
    Contrast,
    as_contrast,
    check_contrast,
    contrast_of,
    contrast_words,
    contrasted,
)

CONTRAST = Contrast(("MSI", "POLE"), ("CNL",))
TABLE = pd.DataFrame(
    {
        "case": ["a", "b", "c", "d"],
        "y_true": ["MSI", "CNL", "CNH", "POLE"],
        "score_CNH": [0.2, 0.0, 0.4, 1.0],
        "score_CNL": [0.2, 0.5, 0.2, 0.0],
        "score_MSI": [0.5, 0.3, 0.2, 0.0],
        "score_POLE": [0.1, 0.2, 0.2, 0.0],
    }
)


def test_probabilities_are_renormalised_over_the_named_classes() -> None:
    found = contrasted(TABLE, CONTRAST)
    assert found.columns.tolist() == ["case", "y_true", "score_CNL", "score_MSI + POLE"]
    assert found["y_true"].tolist() == ["MSI + POLE", "CNL", "MSI + POLE"]
    assert found["score_MSI + POLE"].tolist() == pytest.approx([0.6 / 0.8, 0.5, 0.5])  # nothing for either side: 1/2
    assert (found["score_CNL"] + found["score_MSI + POLE"]).tolist() == pytest.approx([1, 1, 1])
    assert contrast_words(TABLE, CONTRAST).endswith("(1 without any probability for them taken as 1/2)")
    missing = contrasted(TABLE.assign(score_MSI=np.nan), CONTRAST)
    assert missing["score_MSI + POLE"].isna().all()


def test_results_have_a_role_of_their_own_and_say_how() -> None:
    rows = pd.DataFrame({"role": "test", "measure": ["auc", "mcc", "auc"], "estimate": [0.7, 0.2, np.nan],
                         "method": ["DeLong", "Youden", "DeLong; not estimated: one class"]})  # fmt: skip
    found = as_contrast(rows, CONTRAST, "renormalised")
    assert set(found["role"]) == {"test MSI + POLE against CNL"}
    assert found["method"].tolist() == [
        "DeLong, renormalised", "Youden", "DeLong, renormalised; not estimated: one class"
    ]  # fmt: skip


def test_the_run_of_a_contrast_is_that_of_the_binary_outcome(make_run) -> None:
    run = make_run(classes=("CNL", "CNH", "MSI"), classifiers=("lr",))
    statistics = {"draws": 100, "threshold": "youden", "contrast": {"positive": ["MSI"], "negative": ["CNL"]}}
    found = analyse(run.run | {"statistics": statistics, "positive": None}, *run.arguments()[1:])
    role = "out-of-fold MSI against CNL"
    contrast = Contrast(("MSI",), ("CNL",))
    binary = replace(
        run,
        predictions=contrasted(run.predictions, contrast),
        training_predictions=contrasted(run.training_predictions, contrast),
    )
    told = {"statistics": {"draws": 100}, "classes": ["CNL", "MSI"], "positive": "MSI"}
    alone = analyse(run.run | told, *binary.arguments()[1:])
    for name in ("estimates", "comparisons", "curves", "confusion", "added_value", "fold_scores"):
        ours = found[name][found[name]["role"] == role].reset_index(drop=True)
        columns = [column for column in ours.columns if column not in ("role", "method")]
        pd.testing.assert_frame_equal(ours[columns], alone[name][columns], check_dtype=False)
    assert {"net benefit", "roc", "calibration"} <= set(found["curves"].query("role == @role")["curve"])
    assert set(found["estimates"]["role"]) == {"out-of-fold", role}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"positive": ["MSI"]}, "expected {positive: [classes], negative: [classes]}"),
        ("MSI", "contrast 'MSI': expected"),
        ({"positive": ["MSI"], "negative": []}, "a side without a class"),
        ({"positive": ["MSI"], "negative": ["CNL", "MSI"]}, "class 'MSI' is on both sides"),
    ],
)
def test_wrong_settings(setting: object, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        contrast_of(setting)  # type: ignore[arg-type]
    assert message in str(error.value)


def test_classes_of_a_contrast_must_be_there() -> None:
    assert contrast_of(None) is None
    assert contrast_of({"positive": 1, "negative": [2, 3]}) == Contrast(("1",), ("2", "3"))
    with pytest.raises(ConfigError, match=r"unknown class of the contrast 'MSI'"):
        check_contrast(CONTRAST, ["CNL", "POLE", "MSS"])
    with pytest.raises(ConfigError, match="the outcome has two classes"):
        check_contrast(Contrast(("a",), ("b",)), ["a", "b"])
