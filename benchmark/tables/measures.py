"""What each measure is called in a paper, how it is printed, and in a sentence what it says and what it cannot say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from benchmark.tables.rounding import difference, interval, p_value


@dataclass(frozen=True)
class Measure:
    """``title``: the heading of its column. ``says``: a sentence for the notes. ``text``: (estimate, low, high) as
    printed."""

    title: str
    says: str
    text: Callable[[float, float, float], str] = interval


_TWO = partial(interval, digits=2)


def _p(p: float, low: float, high: float) -> str:
    return p_value(p)


MEASURES: dict[str, Measure] = {
    "auc": Measure(
        "AUC",
        "The probability that a random case with the event gets a higher score than one without; 0.5 is chance, 1 "
        "perfect ranking. It says nothing about whether the probabilities are right or where to put a threshold.",
    ),
    "auc_pooled": Measure(
        "Pooled AUC",
        "The AUC of all out-of-fold scores taken together. It compares scores of different fitted models, so it can "
        "lie below the mean over folds when the models are on different scales; its interval ignores that the training "
        "sets overlap and is too narrow in small cohorts.",
    ),
    "auc_logit": Measure("AUC, logit scale", "The same AUC; its interval was made on the logit scale and turned back."),
    "partial_auc": Measure(
        "Partial AUC",
        "The AUC over the part of the ROC curve that was named, corrected so that 0.5 is chance and 1 perfect. AUCs "
        "over different parts cannot be compared.",
    ),
    "pr_auc": Measure(
        "PR-AUC",
        "The area under precision against recall (average precision). Chance is the share of events, so it cannot be "
        "compared between cohorts with different shares.",
    ),
    "brier": Measure(
        "Brier score",
        "The mean squared distance between probability and outcome; smaller is better. It mixes ranking and "
        "calibration and depends on the share of events.",
    ),
    "rmse": Measure("RMSE", "The root of the Brier score, which is the mean squared error (MSE) of the probabilities."),
    "scaled_brier": Measure(
        "Scaled Brier score",
        "How much smaller the Brier score is than that of predicting the share of events for everybody: 1 is perfect, "
        "0 of no use, below 0 worse than that.",
    ),
    "threshold": Measure(
        "Threshold",
        "The probability from which a case is called positive: the mean over the fitted models where each has its own.",
    ),
    "accuracy": Measure(
        "Accuracy",
        "The share of cases classified rightly. With a rare event it is high for a model that never predicts it.",
    ),
    "sensitivity": Measure(
        "Sensitivity",
        "The share of cases with the event that are called positive, at the threshold chosen on the training rows.",
    ),
    "specificity": Measure(
        "Specificity",
        "The share of cases without the event that are called negative, at the threshold chosen on the training rows.",
    ),
    "ppv": Measure("PPV", "The share of positive calls that are right; it depends on the share of events."),
    "npv": Measure("NPV", "The share of negative calls that are right; it depends on the share of events."),
    "f1": Measure("F1", "The harmonic mean of PPV and sensitivity. It ignores the true negatives."),
    "mcc": Measure(
        "MCC",
        "The correlation between call and outcome (Matthews), from −1 to 1; 0 is chance. It uses all four cells of the "
        "table and still depends on the threshold.",
    ),
    "balanced_accuracy": Measure("Balanced accuracy", "The mean of sensitivity and specificity; 0.5 is chance."),
    "calibration_intercept": Measure(
        "Calibration intercept",
        "Below 0 the probabilities are too high on average, above 0 too low.",
        _TWO,
    ),
    "calibration_slope": Measure(
        "Calibration slope",
        "Below 1 the probabilities are too extreme (the mark of overfitting), above 1 too timid. A slope of 1 with an "
        "intercept of 0 does not exclude a bent calibration curve.",
        _TWO,
    ),
    "observed_expected": Measure("O/E", "Events observed for each that was predicted; 1 is right on average.", _TWO),
    "ici": Measure(
        "ICI",
        "The mean distance between probability and smoothed observed proportion; above 0 even for perfectly calibrated "
        "probabilities in a small cohort.",
    ),
    "e50": Measure("E50", "The median of that distance."),
    "e90": Measure("E90", "The distance that 90% of the cases do not exceed."),
    "emax": Measure("Emax", "The largest distance; it hangs on single cases."),
    "ece": Measure("ECE", "The mean distance over ten bins of equal width; it depends on the bins."),
    "spiegelhalter_z": Measure("Spiegelhalter z", "The statistic of the test below.", _TWO),
    "spiegelhalter_p": Measure(
        "Spiegelhalter p", "A test of the Brier score against what the probabilities themselves expect.", _p
    ),
    "hosmer_lemeshow_chi2": Measure("Hosmer-Lemeshow chi-square", "The statistic of the test below.", _TWO),
    "hosmer_lemeshow_p": Measure(
        "Hosmer-Lemeshow p",
        "A test in groups of the predicted probability. A large p in a small cohort shows nothing, a small one in a "
        "large cohort little.",
        _p,
    ),
    "kappa": Measure("Kappa", "The agreement of call and outcome beyond chance (Cohen); 0 is chance."),
    "lr_positive": Measure("LR+", "How much a positive call multiplies the odds of the event.", _TWO),
    "lr_negative": Measure("LR−", "How much a negative call multiplies the odds of the event.", _TWO),
    "c_harrell": Measure(
        "Harrell's C",
        "The share of usable pairs of cases in which the one with the earlier event has the higher score; 0.5 is "
        "chance. It depends on how long cases were followed, and says nothing about predicted probabilities.",
    ),
    "c_uno": Measure(
        "Uno's C",
        "The same with pairs weighted so that it does not depend on the censoring; few cases at the end weigh much.",
    ),
    "hazard_ratio": Measure(
        "Hazard ratio per SD",
        "How much the rate of the event rises with one standard deviation of the score, in Cox's model.",
        _TWO,
    ),
    "proportional_hazards_p": Measure(
        "Proportional hazards p",
        "Small where that hazard ratio changes with time: one number does not tell it then.",
        _p,
    ),
    "hazard_ratio_threshold": Measure(
        "Hazard ratio, high against low",
        "How much higher the rate of the event is above the threshold, which was chosen on other cases, than below it.",
        _TWO,
    ),
    "log_rank_p_threshold": Measure(
        "Log-rank p, threshold", "A test of the groups above and below a threshold that was chosen on other cases.", _p
    ),
    "log_rank_p_median": Measure(
        "Log-rank p, median",
        "A test of the groups below and above the median score. The split throws information away: read C first.",
        _p,
    ),
    "log_rank_p_tertiles": Measure("Log-rank p, tertiles", "The same test of three groups.", _p),
    "auc_weighted": Measure(
        "AUC weighted by prevalence",
        "The mean over the classes of the AUC of each against the others, weighted by their shares of cases: a common "
        "class decides it.",
    ),
    "hand_till": Measure(
        "Hand-Till M",
        "The mean over pairs of classes of how well they are told from each other; it does not depend on the shares of "
        "the classes, and a rare class weighs as much as a common one.",
    ),
    "hand_till_pooled": Measure(
        "Pooled Hand-Till M", "The same of all out-of-fold scores taken together, with what holds for the pooled AUC."
    ),
    "auc_weighted_pooled": Measure(
        "Pooled AUC weighted by prevalence",
        "The same of all out-of-fold scores taken together, with what holds for the pooled AUC.",
    ),
    "f1_macro": Measure("F1 (macro)", "The mean F1 of the classes; a rare class counts as much as a common one."),
    "f1_weighted": Measure("F1 (weighted)", "The mean F1 of the classes, weighted by their cases."),
    "kappa_quadratic": Measure(
        "Kappa (quadratic)",
        "The agreement beyond chance where a call two classes away is four times as wrong as one that is next to it.",
    ),
    "log_loss": Measure(
        "Log loss", "The mean of minus the log of the probability of what happened; one certain error costs much."
    ),
    "brier_multiclass": Measure(
        "Brier score, all classes",
        "The squared distance between probabilities and outcome, added over the classes (0 to 2); smaller is better.",
    ),
    "scaled_brier_multiclass": Measure(
        "Scaled Brier score",
        "How much closer the probabilities are than the shares of the classes: 1 is perfect, 0 no better than those.",
    ),
    "train_auc": Measure("Training AUC", "The AUC of the fitted model on its own training rows; never a result."),
    "optimism": Measure(
        "Optimism",
        "Training AUC minus held-out AUC: how much the model seems better on what it has seen.",
        difference,
    ),
}


def title_of(measure: str) -> str:
    """The heading of a measure; its own name if it is not in the list."""
    return MEASURES[measure].title if measure in MEASURES else measure.replace("_", " ")


def text_of(measure: str, estimate: float, low: float, high: float) -> str:
    """A measure's estimate and interval as printed."""
    return MEASURES[measure].text(estimate, low, high) if measure in MEASURES else interval(estimate, low, high)


def main_auc(estimates: pd.DataFrame) -> str:
    """``auc``, or ``auc_pooled`` where no model has an interval of the first, or no value: too few cases of a class."""
    for column in ("low", "estimate"):
        known = set(estimates.loc[estimates[column].notna(), "measure"])
        for measure in ("auc", "auc_pooled"):
            if measure in known:
                return measure
    return "auc"
