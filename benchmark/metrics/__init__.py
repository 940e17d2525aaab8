"""The menu of metrics: name -> what it is. To add one: a file, and a line here; the contract test finds it."""

from __future__ import annotations

import math

from benchmark.metrics.balanced_accuracy import balanced_accuracy
from benchmark.metrics.brier import brier, rmse, scaled_brier
from benchmark.metrics.f1 import f1
from benchmark.metrics.kappa import kappa
from benchmark.metrics.likelihood_ratios import lr_negative, lr_positive
from benchmark.metrics.log_loss import log_loss
from benchmark.metrics.mcc import mcc
from benchmark.metrics.metric import Metric
from benchmark.metrics.pr_auc import pr_auc
from benchmark.metrics.proportions import accuracy, npv, ppv, sensitivity, specificity
from benchmark.metrics.roc_auc import roc_auc

METRICS: dict[str, Metric] = {
    "roc_auc": Metric("AUC", roc_auc, (0, 1), "high", "scores", "one class"),
    "pr_auc": Metric("PR-AUC", pr_auc, (0, 1), "high", "scores", "no positive case"),
    "brier": Metric("Brier score", brier, (0, 1), "low", "scores", "no case"),
    "rmse": Metric("RMSE", rmse, (0, 1), "low", "scores", "no case"),
    "scaled_brier": Metric("Scaled Brier score", scaled_brier, (-math.inf, 1), "high", "scores", "one class"),
    "log_loss": Metric("Log loss", log_loss, (0, math.inf), "low", "scores", "no case"),
    "accuracy": Metric("Accuracy", accuracy, (0, 1), "high", "decisions", "no case"),
    "balanced_accuracy": Metric("Balanced accuracy", balanced_accuracy, (0, 1), "high", "decisions", "one class"),
    "sensitivity": Metric("Sensitivity", sensitivity, (0, 1), "high", "decisions", "no positive case"),
    "specificity": Metric("Specificity", specificity, (0, 1), "high", "decisions", "no negative case"),
    "ppv": Metric("PPV", ppv, (0, 1), "high", "decisions", "no case called positive"),
    "npv": Metric("NPV", npv, (0, 1), "high", "decisions", "no case called negative"),
    "f1": Metric("F1", f1, (0, 1), "high", "decisions", "no case positive or called so"),
    "mcc": Metric("MCC", mcc, (-1, 1), "high", "decisions", "one class, or all called the same"),
    "kappa": Metric("Cohen's kappa", kappa, (-1, 1), "high", "decisions", "one class, and all called it"),
    "lr_positive": Metric("LR+", lr_positive, (0, math.inf), "high", "decisions", "one class, or none called positive"),
    "lr_negative": Metric("LR-", lr_negative, (0, math.inf), "low", "decisions", "one class, or none called negative"),
}
