"""What fitted models tell of themselves, as tables at the waist: coefficients, SHAP values of tested cases, and what a
nomogram is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.arms import Model, RecipeKey
from benchmark.cohort import Cohort
from benchmark.frame import block_of, feature_of
from benchmark.plan import Plan, Unit
from benchmark.predictions import ATTRIBUTIONS, COEFFICIENTS, NOMOGRAMS, PLACE, REMARKS
from benchmark.store import Record, Store

MOST = 20
"""A nomogram of more features cannot be read."""


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
        original = np.column_stack([_original(cohort, column, model.split.test) for column in model.features])
        for number, label in enumerate(_labels(cohort)):
            parts.append(
                _place(key, model)
                | {"case": np.repeat(cases, k), "class": label, **names, "value": arrays["shap_rows"].ravel(),
                   "original": original.ravel(), "shap": arrays["shap"][:, :, number].ravel(),
                   "base": arrays["shap_base"][number], "scale": model.record.facts["scale"]}
            )  # fmt: skip
    return _table(parts, ATTRIBUTIONS)


def nomogram_rows(plan: Plan, store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ``NOMOGRAMS``, and of ``REMARKS`` for models that cannot be drawn."""
    parts, remarks = [], []
    for unit in plan.work:
        steps = store.read(unit.steps_record) if unit.drawn else None
        for choice, name in zip(unit.classifiers, unit.records, strict=True):
            record = store.read(name) if steps is not None and choice.name in plan.explain.nomogram else None
            if steps is None or record is None or record.failure or not _has_lines(record, plan):
                continue
            about = dict(zip(PLACE, (*_recipe(unit), choice.name, unit.split.repeat, unit.split.fold), strict=True))
            start, line = _line(record, plan)
            rows = _axis_rows(steps, dict(zip(steps.facts["features"], line.tolist(), strict=True)))
            refusal = _refusal(rows)
            if refusal:
                remarks.append(about | {"step": f"nomogram of {choice.name}", "remark": refusal})
            else:
                told = {"class": _predicted(plan), "n_cases": len(unit.split.train), "intercept": start}
                parts += [about | told | row for row in rows]
    return pd.DataFrame(parts, columns=NOMOGRAMS), pd.DataFrame(remarks, columns=REMARKS)


def _has_lines(record: Record, plan: Plan) -> bool:
    """Whether it has a line of two classes, or one for each of several."""
    n_classes = len(plan.cohort.classes)
    return len(record.arrays.get("intercepts", ())) == (1 if n_classes == 2 else n_classes)


def _line(record: Record, plan: Plan) -> tuple[float, np.ndarray]:
    """Intercept and coefficients of the log-odds of the positive class, or of one side of a contrast against the other:
    ``log p_a / p_b = (c_a - c_b) + (w_a - w_b) x`` where ``p_k`` is in proportion to ``exp(c_k + w_k x)``."""
    starts, lines = record.arrays["intercepts"], record.arrays["coefficients"]
    if plan.explain.sides is None or len(plan.cohort.classes) == 2:
        return float(starts[0]), lines[0]
    low, high = (plan.cohort.classes.index(label) for label in plan.explain.sides)
    return float(starts[high] - starts[low]), lines[high] - lines[low]


def _predicted(plan: Plan) -> str:
    """The class whose probability is drawn, or the one side of a contrast given either."""
    if plan.explain.sides is None or len(plan.cohort.classes) == 2:
        return plan.cohort.positive
    low, high = plan.explain.sides
    return f"{high} against {low}"


def _recipe(unit: Unit) -> tuple[str, str, str]:
    return unit.split.design, unit.feature_set.name, unit.preprocessing.name


def _axis_rows(steps: Record, weights: Mapping[str, float]) -> list[dict[str, Any]]:
    """A row per axis, and per level of one; a level adds the sum over its columns."""
    rows = []
    for axis in steps.facts["axes"]:
        beta = np.array([weights[column] for column in axis["columns"]])
        one = {name: axis[name] for name in ("block", "feature", "level", "low", "high", "unit")}
        if axis["level"]:
            rows.append(one | {"coefficient": float(beta @ axis["offset"]), "offset": 1.0, "slope": 0.0})
        else:
            rows.append(one | {"coefficient": float(beta[0]), "offset": axis["offset"][0], "slope": axis["slope"][0]})
    return rows


def _refusal(rows: list[dict[str, Any]]) -> str:
    """Why a model has no nomogram; empty if it has one."""
    ends: dict[tuple[object, object], set[float]] = {}
    for row in rows:
        ends.setdefault((row["block"], row["feature"]), set()).update(_ends(row))
    moving = [name for name, values in ends.items() if max(values) > min(values)]
    if not moving:
        return "no feature has a coefficient and varies, so there is nothing to draw"
    if len(moving) > MOST:
        return (
            f"{len(moving)} features have a coefficient, and a nomogram of more than {MOST} cannot be read: put the "
            "step score, or a selector with max_features, before the classifier"
        )
    return ""


def _ends(row: Mapping[str, Any]) -> set[float]:
    """What a level adds to the log-odds, or a line at both ends of its training rows."""
    if row["level"]:
        return {row["coefficient"]}
    return {row["coefficient"] * (row["offset"] + row["slope"] * row[end]) for end in ("low", "high")}


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


def _original(cohort: Cohort, column: str, cases: pd.Index) -> np.ndarray:
    """The values of a feature in its table, of a level 0 or 1; NaN for what a step has made."""
    block, feature = cohort.blocks.get(block_of(column)), feature_of(column)
    name, _, level = feature.partition("=")
    if block is not None and feature in block.table.columns and feature not in block.categorical:
        return block.table.loc[cases, feature].to_numpy(float)
    if block is not None and name in block.categorical:
        said = block.table.loc[cases, name]
        return (said.astype(str) == level).astype(float).where(said.notna()).to_numpy()
    return np.full(len(cases), np.nan)


def _table(parts: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)[columns]
