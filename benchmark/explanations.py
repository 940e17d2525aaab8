"""What fitted models tell of themselves, as tables at the waist: coefficients, and SHAP values of tested cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmark.arms import Model, RecipeKey
from benchmark.cohort import Cohort
from benchmark.frame import block_of, feature_of
from benchmark.predictions import ATTRIBUTIONS, COEFFICIENTS, PLACE


def coefficient_rows(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    """Rows of ``COEFFICIENTS``; none of a model that does not know every class."""
    parts = []
    for key, model in _with(models, "coefficients"):
        values = model.record.arrays["coefficients"]
        labels = _labels(cohort)
        if len(values) == len(labels):
            for label, row in zip(labels, values, strict=True):
                parts.append(_place(key, model) | {"class": label, **_names(model), "value": row})
    return _table(parts, COEFFICIENTS)


def attribution_rows(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    """Rows of ``ATTRIBUTIONS``, case by case."""
    parts = []
    for key, model in _with(models, "shap"):
        arrays, cases = model.record.arrays, model.split.test.to_numpy(object)
        n_cases, k, _ = arrays["shap"].shape
        names = {name: np.tile(column, n_cases) for name, column in _names(model).items()}
        for number, label in enumerate(_labels(cohort)):
            parts.append(
                _place(key, model)
                | {"case": np.repeat(cases, k), "class": label, **names, "value": arrays["shap_rows"].ravel(),
                   "shap": arrays["shap"][:, :, number].ravel(), "base": arrays["shap_base"][number],
                   "scale": model.record.facts["scale"]}
            )  # fmt: skip
    return _table(parts, ATTRIBUTIONS)


def _with(models: Mapping[RecipeKey, list[Model]], array: str) -> list[tuple[RecipeKey, Model]]:
    return [(key, model) for key, fitted in models.items() for model in fitted if array in model.record.arrays]


def _labels(cohort: Cohort) -> tuple[str, ...]:
    """The classes that a model speaks of: the positive one of two, or all."""
    return cohort.classes[1:] if len(cohort.classes) == 2 else cohort.classes


def _place(key: RecipeKey, model: Model) -> dict[str, object]:
    return dict(zip(PLACE, (*key, model.split.repeat, model.split.fold), strict=True))


def _names(model: Model) -> dict[str, np.ndarray]:
    return {
        "block": np.array([block_of(column) for column in model.features], object),
        "feature": np.array([feature_of(column) for column in model.features], object),
    }


def _table(parts: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)[columns]
