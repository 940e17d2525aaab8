"""Risks of bias that the registry shows, study by study, and what studies with such a risk report.

Each answer is ``yes``, ``no`` or empty where the registry does not say. What is flagged by hand in the registry
(training figure given as the result, best of several candidates, a feature that defines the label, several rows per
patient) is ``yes`` or empty: that nobody noted it does not show that it is not there.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import BIASES, RQS
from benchmark.reviews.review_file import PoolingSection

ANSWERS = ("no_external", "split_unstated", "training_reported", "small", *BIASES)

BIAS = ["study", "n_cases", "rqs", *ANSWERS]
"""One row per study with a figure or a score."""

EFFECTS = ["risk", "metric", "n_yes", "n_other", "mean_yes", "mean_other", "difference"]
"""One row per metric and risk: the mean of the studies with it and of all others (one number per study, all families
that are pooled)."""


def biases(registry: pd.DataFrame, *, fewest: int) -> pd.DataFrame:
    """The table ``BIAS``: ``no_external``, no figure of an external set; ``split_unstated``, no figure whose split is
    told; ``training_reported``, a figure of the training set stands among the results; ``small``, fewer than so many
    cases."""
    told = registry[registry["value"].notna()]
    rows = [_study(str(name), part, fewest) for name, part in told.groupby("study_id", sort=False)]
    return pd.DataFrame(rows, columns=BIAS)


def _study(name: str, rows: pd.DataFrame, fewest: int) -> dict[str, object]:
    figures = rows[rows["metric"] != RQS]
    splits, n, flags = set(figures["split"]), rows["n_total"].max(), frozenset().union(*rows["flags"])
    answer = {True: "yes", False: "no"}
    return {
        "study": name,
        "n_cases": n,
        "rqs": rows.loc[rows["metric"] == RQS, "value"].max(),
        "no_external": answer["external" not in splits] if len(figures) else "",
        "split_unstated": answer[splits == {"unstated"}] if len(figures) else "",
        "training_reported": answer["train" in splits] if len(figures) else "",
        "small": answer[bool(n < fewest)] if np.isfinite(n) else "",
        **{flag: "yes" if flag in flags else "" for flag in BIASES},
    }


def effects(registry: pd.DataFrame, table: pd.DataFrame, rule: PoolingSection, metric: str) -> pd.DataFrame:
    """The table ``EFFECTS`` of a metric."""
    values = pool(registry.assign(everything="all"), rule, metric, by="everything").set_index("study")["value"]
    answers = table.set_index("study").reindex(values.index)
    rows = []
    for risk in ANSWERS:
        yes = (answers[risk] == "yes").to_numpy(bool)
        means = [float(part.mean()) if len(part) else np.nan for part in (values[yes], values[~yes])]
        rows.append((risk, metric, int(yes.sum()), int((~yes).sum()), *means, means[0] - means[1]))
    return pd.DataFrame(rows, columns=EFFECTS)
