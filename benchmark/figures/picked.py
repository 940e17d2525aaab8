"""The tested cases that are drawn alone: their titles, and their features as parts of the prediction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmark.figures.style import short_name
from benchmark.tables.order import Run
from benchmark.tables.rounding import figures, number
from benchmark.tables.words import level_words

PICKED = (
    "Tested cases of one model, picked by rule: the highest, the median and the lowest predicted probability, and the "
    "largest error. Values of features are those of their tables; in brackets, of what a step has made, as they "
    "reached the classifier."
)


@dataclass(frozen=True)
class Parts:
    """``shap`` and ``labels`` of the features, the largest first, and of the others together."""

    shap: list[float]
    labels: list[str]


def cases_of(explained: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The picked cases of one model with their titles, each once, the highest probability first."""
    found = []
    explained = explained[explained["shap"].notna()]
    for case, rows in explained.groupby("case", sort=False, observed=True):
        first, picks = rows.iloc[0], list(dict.fromkeys(rows["pick"].astype(str)))
        p = number(first["probability"], digits=2)
        title = f"{' and '.join(picks)}: {case}, probability {p}, truth {first['y_true']}"
        found.append((float(first["probability"]), title[0].upper() + title[1:], rows[rows["pick"] == picks[0]]))
    return [(title, rows) for _, title, rows in sorted(found, key=lambda one: -one[0])]


def parts_of(rows: pd.DataFrame, most: int, run: Run) -> Parts:
    """The ``most`` largest features of a case, and all others as one part."""
    shown, others = rows.head(most), rows.iloc[most:]
    shap, labels = shown["shap"].tolist(), [_label(row, run) for row in shown.to_dict("records")]
    if len(others) == 1:
        return Parts(rows["shap"].tolist(), [*labels, _label(others.to_dict("records")[0], run)])
    joined = ([float(others["shap"].sum())], [f"{len(others)} others"]) if len(others) else ([], [])
    return Parts([*shap, *joined[0]], [*labels, *joined[1]])


def _label(row: Mapping[Any, Any], run: Run) -> str:
    """``age = 71.0``, ``sex = male``, ``sex not male``, ``HRF score = (0.391)``."""
    name, _, level = str(row["feature"]).partition("=")
    if pd.isna(row["original"]):
        made = short_name(f"{row['block']} {row['feature']}")
        return f"{made} = ({figures(row['value'])})"
    if level:
        return f"{short_name(name)} {'=' if row['original'] else 'not'} {level}"
    whole = float(row["original"]).is_integer()
    value = str(int(row["original"])) if whole else figures(row["original"])
    return f"{short_name(name)} = {level_words(run, str(row['block']), name, value)}"
