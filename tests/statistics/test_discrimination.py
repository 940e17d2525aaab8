"""One-vs-rest AUCs of several classes against R."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmark.metrics.roc_auc import roc_auc
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.statistics.discrimination import against_reference, discriminate
from benchmark.statistics.held_out import arrange
from benchmark.statistics.multiclass import macro_auc


@pytest.mark.shared
def test_macro_auc_equals_its_reference(shared: Path) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["multiclass"]["iris"]
    table = pd.read_csv(folder / "multiclass_iris.csv")
    y, scores = table["y"].to_numpy(), table[["c0", "c1", "c2"]].to_numpy()
    assert macro_auc(y, scores[:, None, :]).estimate == pytest.approx([expected["one_vs_rest_macro"]], rel=1e-12)
    each = [roc_auc(y == code, scores[:, code]) for code in range(3)]
    assert each == pytest.approx(expected["one_vs_rest_auc"], rel=1e-12)


def test_measures_by_role(make_run) -> None:
    for held in arrange(make_run(external=15).predictions, ["no", "yes"]):
        found = discriminate(held)
        expected = ["auc", "auc_pooled"] if held.role == "out-of-fold" else ["auc"]
        assert list(found.by_measure) == expected
        assert found.fold_auc.shape == (len(held.repeats), len(held.folds), len(held.recipes))
        if held.role != "out-of-fold":
            assert found.fold_auc[0, 0] == pytest.approx(found.by_measure["auc"].estimate, abs=1e-15)


def test_a_model_made_elsewhere_stands_against_the_honest_arm_of_the_reference(make_run) -> None:
    table = make_run(sets=("HRF", "clinical")).predictions
    first = table[table["classifier"] == table["classifier"].iloc[0]]
    chosen = first.assign(classifier=CHOSEN_INSIDE)
    cnn = first[first["feature_set"] == "HRF"].assign(feature_set="CNN", preprocessing="", classifier="")
    (held,) = arrange(pd.concat([table, chosen, cnn]), ["no", "yes"])
    pairs = {held.labels[a]: held.labels[b] for a, b in against_reference(held, "clinical")}
    preprocessing = first["preprocessing"].iloc[0]
    assert pairs["CNN"] == f"clinical | {preprocessing} | {CHOSEN_INSIDE}"
    (alone,) = arrange(pd.concat([table, cnn]), ["no", "yes"])
    assert "CNN" not in {alone.labels[a] for a, _ in against_reference(alone, "clinical")}
