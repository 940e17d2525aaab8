"""Numbers of R for PlantGrowth and for AUCs of families over data sets, and how to lay them beside ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

DATA = Path(__file__).parents[1] / "data"
R: dict[str, Any] = json.loads((DATA / "anova_expected.json").read_text())
PLANTS = pd.read_csv(DATA / "anova_plant_growth.csv")
FAMILIES = pd.read_csv(DATA / "anova_family_auc.csv", index_col="dataset")


def in_order_of(pairs: pd.DataFrame, matrix: dict[str, Any], what: str = "p") -> np.ndarray:
    """R's lower triangle of a matrix of pairs, in the order of the rows of ``pairs``."""
    cell = {
        frozenset((row, column)): matrix[what][i][j]
        for i, row in enumerate(matrix["rows"])
        for j, column in enumerate(matrix["cols"])
        if matrix[what][i][j] is not None
    }
    return np.array([cell[frozenset(pair)] for pair in zip(pairs["first"], pairs["second"], strict=True)], float)
