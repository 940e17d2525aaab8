"""AUC, its variances and tests, partial AUC, points of the ROC curve, proportions, PR curves, several classes."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from benchmark.metrics.confusion import Confusion, confusion
from benchmark.metrics.pr_auc import pr_auc
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.aucs import Aucs, compare, equality_test, intervals
from benchmark.statistics.binormal_variance import binormal_variance
from benchmark.statistics.clopper_pearson import clopper_pearson
from benchmark.statistics.cross_validated_auc import cross_validated_auc
from benchmark.statistics.delong import UnpairedTest, delong, unpaired_test
from benchmark.statistics.kruskal_wallis import kruskal_wallis
from benchmark.statistics.multiclass import hand_till, macro_auc, one_vs_rest, ordered_classes_auc, pairwise_aucs
from benchmark.statistics.partial_auc import partial_auc
from benchmark.statistics.power import hanley_mcneil
from benchmark.statistics.precision_recall import davis_goadrich_auprc, integral_auprc
from benchmark.statistics.roc_coordinates import best_points, roc_coordinates
from benchmark.statistics.wilson import wilson
from benchmark.steps.univariate_tests import u_statistic
from tests.oracles.walk import VERSIONS, findings, read

MARKERS = ("wfns", "s100b", "ndka")
PARTS: dict[str, Any] = {
    "spec_1_to_0.9": ("specificity", (0.9, 1)),
    "spec_1_to_0.8": ("specificity", (0.8, 1)),
    "spec_0.9_to_0.7": ("specificity", (0.7, 0.9)),
    "sens_1_to_0.9": ("sensitivity", (0.9, 1)),
    "sens_1_to_0.8": ("sensitivity", (0.8, 1)),
}
EXCLUDED = VERSIONS | {
    "aSAH/s100b_gt_0.205/*/ci95_agresti_coull_wald_asymptotic/*": "Wald's interval of a proportion, which misses its "
    "level near 0 and 1: Wilson's and Clopper and Pearson's are ours",
    "*/ci95_diff_reported_by_pROC/*": "the same interval as ci95_diff_wald, by other rounding",
}


def of_one(y: np.ndarray, x: np.ndarray, direction: str = "<") -> dict[str, Any]:
    """``direction`` > : a low score is a case; the ranks of Mann and Whitney are of the score as it is."""
    aucs = delong(y, np.where(direction == "<", x, -x)[:, None])
    auc, n_pos, n_neg = float(aucs.estimate[0]), int(y.sum()), int((1 - y).sum())
    return {
        "n_pos": n_pos,
        "n_neg": n_neg,
        "direction": direction,
        "auc": auc,
        "var_delong": aucs.variance[0],
        "se_delong": np.sqrt(aucs.variance[0]),
        "var_obuchowski": binormal_variance(y, x),
        "var_hanley_mcneil_1982": hanley_mcneil(auc, n_pos, n_neg),
        "ci95_delong_wald_truncated_to_unit": np.ravel(intervals(aucs)),
        "ci90_delong_wald_truncated_to_unit": np.ravel(intervals(aucs, level=0.9)),
        "ci95_delong_logit": np.ravel(intervals(aucs, scale="logit")),
        "mann_whitney_U": u_statistic(stats.rankdata(x)[:, None], y)[0],
        "mann_whitney_p_normal_no_continuity": kruskal_wallis(x, y).p,  # z^2 = H for two groups
    }


def of_pair(aucs: Aucs, i: int, j: int) -> dict[str, Any]:
    test = compare(aucs, np.array([i]), np.array([j]))
    z = test.statistic[0]
    return {
        "auc1": aucs.estimate[i],
        "auc2": aucs.estimate[j],
        "diff": test.difference[0],
        "statistic": z,
        "statistic_name": "Z",
        "df": None,
        "p_two_sided": test.p[0],
        "p_greater": special.ndtr(-z),
        "p_less": special.ndtr(z),
        "var_diff": ((test.high[0] - test.low[0]) / (2 * special.ndtri(0.975))) ** 2,
        "cov": aucs.covariance[i, j],
        "ci95_diff_wald": [test.low[0], test.high[0]],
    }


def of_halves(first: Aucs, second: Aucs) -> dict[str, Any]:
    test: UnpairedTest = unpaired_test(first, second)
    d, df = test.statistic, test.df
    return {
        "auc1": first.estimate[0],
        "auc2": second.estimate[0],
        "diff": test.difference,
        "statistic": d,
        "statistic_name": "D",
        "df": df,
        "p_two_sided": test.p,
        "p_greater": special.stdtr(df, -d),
        "p_less": special.stdtr(df, d),
        "var_diff": ((test.high - test.low) / (2 * special.stdtrit(df, 0.975))) ** 2,
    }


def of_parts(y: np.ndarray, x: np.ndarray) -> dict[str, float]:
    found = {}
    for name, (focus, between) in PARTS.items():
        for corrected in (False, True):
            value = partial_auc(y, x, focus=focus, between=between, corrected=corrected)
            found[name + "_mcclish" * corrected] = value
    return found


def of_points(y: np.ndarray, x: np.ndarray) -> dict[str, Any]:
    found = roc_coordinates(y, x)
    told: dict[str, Any] = {
        "threshold": found.threshold,
        "specificity": found.specificity,
        "sensitivity": found.sensitivity,
        **{name: getattr(found.counts, name) for name in ("tn", "tp", "fn", "fp")},
    }
    every = {"roc_points_threshold_is_midpoint_between_neighbours": told}
    quality = {
        "youden": found.sensitivity + found.specificity,
        "closest.topleft": (1 - found.sensitivity) ** 2 + (1 - found.specificity) ** 2,
    }
    for criterion, key in (("youden", "youden"), ("closest_topleft", "closest.topleft")):
        best = best_points(found, criterion)
        shown = {name: told[name][best] for name in ("threshold", "specificity", "sensitivity")}
        every[f"best_{criterion}"] = {**shown, key: quality[key][best]}
    return every


def of_proportions(counts: Confusion) -> dict[str, Any]:
    tp, fp, tn, fn = (int(getattr(counts, name)) for name in ("tp", "fp", "tn", "fn"))
    shares = {
        "sensitivity": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "ppv": (tp, tp + fp),
        "npv": (tn, tn + fn),
        "accuracy": (tp + tn, tp + fp + tn + fn),
    }
    return {
        name: {
            "k": k,
            "n": n,
            "estimate": k / n,
            "ci95_clopper_pearson": np.ravel(clopper_pearson(np.array(k), np.array(n))),
            "ci95_wilson": np.ravel(wilson(np.array(k / n), np.array(n))),
        }
        for name, (k, n) in shares.items()
    }


def of_asah(table: pd.DataFrame) -> dict[str, Any]:
    y = (table["outcome"] == "Poor").to_numpy(int)
    each = {marker: table[marker].to_numpy(float) for marker in MARKERS}
    aucs = delong(y, table[list(MARKERS)].to_numpy(float))
    joint = equality_test(aucs, np.array([[1.0, -1, 0], [1, 0, -1]]))
    halves = [(table["gender"] == gender).to_numpy() for gender in ("Male", "Female")]
    turned = of_one(y, -each["s100b"], ">")
    return {
        "single": {marker: of_one(y, x) for marker, x in each.items()},
        "paired": {f"{MARKERS[i]}_{MARKERS[j]}": of_pair(aucs, i, j) for i, j in combinations(range(3), 2)},
        "covariance": {"names": list(MARKERS), "auc": aucs.estimate, "cov": aucs.covariance},
        "global_equality_test": {"chi2": joint.statistic, "df": joint.df, "p": joint.p},
        "unpaired_male_vs_female": {
            marker: of_halves(*(delong(y[rows], x[rows, None]) for rows in halves)) for marker, x in each.items()
        },
        # we never guess: pROC's automatic direction is given to us by its name
        "direction_s100b_negated": {"fixed_lt": of_one(y, -each["s100b"]), "fixed_gt": turned, "auto": turned},
        "gos6_direction_gt": of_one(y, table["gos6"].to_numpy(float), ">"),
        "partial_auc": {marker: of_parts(y, x) for marker, x in each.items()},
        "coords": {marker: of_points(y, x) for marker, x in each.items()},
        "s100b_gt_0.205": of_proportions(confusion(y, each["s100b"] > 0.205)),
        "precision_recall": {
            marker: {
                "average_precision_step_as_sklearn": pr_auc(y, x),
                "auprc_davis_goadrich": davis_goadrich_auprc(y, x),
                "auprc_integral_keilwagen": integral_auprc(y, x),
            }
            for marker, x in each.items()
        },
    }


def of_iris(table: pd.DataFrame) -> dict[str, Any]:
    y, scores = table["y"].to_numpy(), table[["c0", "c1", "c2"]].to_numpy()[:, None, :]
    pairs, ordered = pairwise_aucs(y, scores), ordered_classes_auc(y, table["x1"].to_numpy())
    return {
        "hand_till_pROC": hand_till(y, scores).estimate[0],
        "hand_till_HandTill2001": hand_till(y, scores).estimate[0],
        "pairwise_A_ij_A_ji": {f"{i}/{j}": [pairs[i, j, 0], pairs[j, i, 0]] for i, j in combinations(range(3), 2)},
        "one_vs_rest_auc": [aucs.estimate[0] for aucs in one_vs_rest(y, scores)],
        "one_vs_rest_macro": macro_auc(y, scores).estimate[0],
        "one_vs_rest_prevalence_weighted": macro_auc(y, scores, by_prevalence=True).estimate[0],
        "univariate_x1_pROC_direction_lt": ordered,
        "univariate_x1_pROC_auto_direction_per_pair": ordered,
    }


def of_folds(table: pd.DataFrame) -> dict[str, Any]:
    y, fold = table["y"].to_numpy(), (table["fold"] - 1).to_numpy()[:, None]
    found = cross_validated_auc(y, table[["p_ridge"]].to_numpy()[:, None, :], fold)
    return {
        "cvAUC": found.aucs.estimate[0],
        "se": np.sqrt(found.aucs.variance[0]),
        "ci95": np.ravel(intervals(found.aucs)),
        "ci99": np.ravel(intervals(found.aucs, level=0.99)),
        "fold_auc": found.fold_auc[0, :, 0],
        "sd_of_fold_auc_ddof1": found.fold_auc[0, :, 0].std(ddof=1),
        "pooled_auc_over_all_predictions": roc_auc(y, table["p_ridge"].to_numpy()),
    }


def of_tiny(inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"y": one["y"], "x": one["x"], **of_one(np.array(one["y"]), np.array(one["x"], float))}
        for name, one in inputs.items()
    }


@pytest.mark.shared
def test_every_number(shared: Path) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = read(folder / "expected.json")
    ours = {
        "aSAH": of_asah(pd.read_csv(folder / "aSAH.csv")),
        "tiny": of_tiny(expected["tiny"]),
        "multiclass": {"iris": of_iris(pd.read_csv(folder / "multiclass_iris.csv"))},
        "cvAUC": {"hosnyA_ridge": of_folds(pd.read_csv(folder / "hosnyA_cv10.csv"))},
    }
    assert findings(expected, ours, excluded=EXCLUDED) == []
