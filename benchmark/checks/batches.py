"""Checks of the batch and of the covariates: what harmonisation can and cannot take out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from benchmark.checks.finding import Finding, found
from benchmark.checks.numbers import numbers
from benchmark.cohort import Cohort
from benchmark.errors import first_of

TINY = 10
STRONG = 0.2  # Cramer's V
UNITS = 50.0
SIZE = re.compile(r"_shape_|volume$|diameter$", re.IGNORECASE)


def sizes(cohort: Cohort) -> Iterator[Finding]:
    """RB070: a batch with fewer than ten cases, whose shift and scale cannot be estimated."""
    if cohort.batch is None:
        return
    counts = cohort.batch.value_counts()
    tiny = [f"{batch} {n}" for batch, n in counts[counts < TINY].sort_values().items()]
    if tiny:
        yield found("RB070", "cohort", f"{first_of(tiny)} of {len(counts)} batches have fewer than {TINY} cases")


def confounded(cohort: Cohort) -> Iterator[Finding]:
    """RB071: the share of the classes differs strongly between batches (Cramer's V of 0.2 or more and p < 0.01)."""
    if cohort.batch is None or cohort.batch.nunique() < 2:
        return
    table = pd.crosstab(cohort.batch, cohort.outcome)
    test = chi2_contingency(table, correction=False)
    v = float(np.sqrt(test.statistic / table.to_numpy().sum() / (min(table.shape) - 1)))
    if v >= STRONG and test.pvalue < 0.01:
        label = cohort.positive
        shares = [f"{batch} {100 * row[label] / row.sum():.0f} % of {row.sum()}" for batch, row in table.iterrows()]
        message = f"share of class '{label}' by batch: {', '.join(shares)} (Cramer's V {v:.2f})"
        yield found("RB071", "cohort", message)


def unseen(cohort: Cohort) -> Iterator[Finding]:
    """RB072: a batch of test cases that no training case has."""
    if cohort.batch is None or cohort.role is None:
        return
    batches = cohort.batch.groupby(cohort.role == "train").unique()
    if True not in batches.index or False not in batches.index:
        return
    new = sorted(set(batches[False]) - set(batches[True]))
    if new:
        n = int(cohort.batch.isin(new).sum())
        message = f"{first_of(new)} batches ({n} cases) have no training case: ComBat needs a policy for unseen batches"
        yield found("RB072", "cohort", message)


def units(cohort: Cohort) -> Iterator[Finding]:
    """RB073: a measured size (any clinical value) whose medians differ 50-fold between batches, as mm3 and ml would."""
    if cohort.batch is None:
        return
    counts = cohort.batch.value_counts()
    enough = cohort.batch.isin(counts.index[counts >= 5]).to_numpy()
    for part in numbers(cohort):
        sized = np.array([not part.block.image or SIZE.search(name) is not None for name in part.names]) & (
            part.low > 0
        )
        if not sized.any() or cohort.batch[enough].nunique() < 2:
            continue
        medians = pd.DataFrame(part.values[enough][:, sized]).groupby(cohort.batch[enough].to_numpy()).median()
        ratio = medians.max() / medians.min()
        names = [f"{name} x{times:.0f}" for name, times in zip(part.names[sized], ratio, strict=True) if times >= UNITS]
        if names:
            yield found("RB073", part.block.name, f"medians differ between batches as if units did: {first_of(names)}")


def covariates(cohort: Cohort) -> Iterator[Finding]:
    """RB074: a covariate that is missing in some cases."""
    for name, missing in cohort.covariates.isna().sum().items():
        if missing:
            yield found(
                "RB074", "cohort", f"the covariate '{name}' is missing in {missing} of {len(cohort.cases)} cases"
            )
