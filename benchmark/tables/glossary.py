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


def glossary(results: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """From the terms that the report uses to their sentences: measures first."""
    estimates = results["estimates"]
    measured = set(estimates.loc[estimates["estimate"].notna(), "measure"])
    terms = {measure.title: measure.says for name, measure in MEASURES.items() if name in measured}
    for frame, sentences in OF_FRAMES.items():
        if not results[frame].empty:
            terms |= sentences
    return terms
