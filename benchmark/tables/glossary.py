"""What the statistics of the report say, in one sentence each, and what they cannot say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import MEASURES

OF_FRAMES: dict[str, dict[str, str]] = {
    "estimates": {
        "Confidence interval": "The range of values that agree with the data at the stated level; it covers chance in "
        "who was sampled, not a cohort that differs from your patients.",
    },
    "comparisons": {
        "Difference and p": "p is how often a difference this large would arise if the two models were equally good; a "
        "large p does not show that they are, and a small one does not show that the difference matters.",
        "Adjusted p": "p made larger for the number of comparisons, so that one of many is not taken for a finding.",
    },
    "anova": {
        "Tests across feature sets": "One test of whether any feature set differs. Folds share most of their training "
        "rows, so tests that take folds for independent give p values that are too small; see the notes of the table.",
        "Effect size": "How large the differences are against the spread, free of the number of cases; values of "
        "different designs cannot be compared.",
    },
    "posthoc": {
        "Pairs of feature sets": "Which feature sets differ, after a test across all; p is adjusted for their number."
    },
    "curves": {
        "ROC curve": "Sensitivity against 1 − specificity over all thresholds; it does not say which threshold to use.",
        "Calibration curve": "The observed share of events against the predicted probability; its ends rest on "
        "few cases.",
        "Net benefit": "True positives minus false positives weighed by the threshold probability's odds, per case. It "
        "supposes that the threshold says what a false positive costs; it is not a proof of use in practice.",
    },
    "frequencies": {
        "Frequency": "In which share of the fitted models a feature was selected. Correlated features stand in for one "
        "another, so a low frequency does not mean that a feature is worthless.",
    },
}
"""By the frame of results that shows them."""

OF_COMPARISON: dict[str, dict[str, str]] = {
    "cohort_meta": {
        "Random effects": "Cohorts are taken as a sample of all cohorts in which the question could be asked; the mean "
        "is that of this population, and its interval grows with how far the cohorts differ.",
        "Prediction interval": "Where the result of one more cohort is expected. It is the answer for a reader with "
        "other patients; with few cohorts it is wide, and there is none with two.",
        "I²": "The share of the spread between cohorts that is more than chance in who was sampled; it says nothing "
        "about how large that spread is (the prediction interval does).",
    },
    "over_cohorts": {
        "Difference and p": OF_FRAMES["comparisons"]["Difference and p"],
        "Adjusted p": OF_FRAMES["comparisons"]["Adjusted p"],
        "Signed rank, paired t": "Tests of the cohorts' differences that do not weigh cohorts by their size; in few "
        "cohorts they cannot find much.",
    },
    "ranks": {
        "Mean rank": "The rank of a family within a cohort, averaged over cohorts. It does not see how large a "
        "difference is: a cohort in which all are alike counts as much as any other.",
    },
}
"""The same of a comparison over cohorts."""


def glossary(results: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """From the terms that the report uses to their sentences: measures first."""
    estimates = results["estimates"]
    measured = set(estimates.loc[estimates["estimate"].notna(), "measure"])
    terms = {measure.title: measure.says for name, measure in MEASURES.items() if name in measured}
    return terms | _of_frames(OF_FRAMES, results)


def of_comparison(results: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The terms of a comparison over cohorts."""
    return {MEASURES["auc"].title: MEASURES["auc"].says} | _of_frames(OF_COMPARISON, results)


def _of_frames(sentences: Mapping[str, Mapping[str, str]], results: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    return {term: says for frame, told in sentences.items() if not results[frame].empty for term, says in told.items()}
