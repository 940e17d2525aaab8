"""The frame that travels through a recipe: one row per case, one column per feature, plus reserved columns.

A feature's column is ``block::feature``; a feature made from several blocks belongs to all of them,
``HRF+DRF::PC1``. Batch, patient and covariates travel *with the row* in columns that
begin with ``@``, so that scikit-learn's ``Pipeline``, ``clone`` and cross-validation work unchanged and nothing is
aligned by hand. The index holds the case names. The last step of every recipe removes the reserved columns.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

SEPARATOR = "::"
JOINT = "+"
BATCH = "@batch"
PATIENT = "@patient"
COVARIATE = "@covariate:"


def column_of(block: str, feature: str) -> str:
    """The column of a feature: ``HRF::original_shape_Sphericity``."""
    return f"{block}{SEPARATOR}{feature}"


def block_of(column: str) -> str:
    """The block of a feature's column."""
    return column.partition(SEPARATOR)[0]


def feature_of(column: str) -> str:
    """The feature's own name."""
    return column.partition(SEPARATOR)[2]


def owner_of(blocks: Iterable[str]) -> str:
    """The block that features made from several blocks belong to: ``HRF+DRF``."""
    return JOINT.join(blocks)


def within(column: str, blocks: set[str] | None) -> bool:
    """Whether a feature comes from these blocks and no others; None stands for all blocks."""
    return blocks is None or block_of(column) in blocks or blocks.issuperset(block_of(column).split(JOINT))


def is_reserved(column: str) -> bool:
    """Whether a column travels with the row without being a feature."""
    return column.startswith("@")


def covariates_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The covariates, under their own names."""
    columns = [column for column in frame.columns.tolist() if column.startswith(COVARIATE)]
    return frame[columns].rename(columns=lambda column: column.removeprefix(COVARIATE))


def feature_columns(frame: pd.DataFrame, blocks: Iterable[str] | None = None) -> list[str]:
    """The features' columns, of the named blocks only if there are any, in the frame's order."""
    wanted = None if blocks is None else set(blocks)
    return [column for column in frame.columns.tolist() if not is_reserved(column) and within(column, wanted)]


def numeric_features(frame: pd.DataFrame, blocks: Iterable[str] | None = None) -> list[str]:
    """The features' columns that hold numbers, in the frame's order."""
    return _features_where(frame, blocks, numeric=True)


def text_features(frame: pd.DataFrame, blocks: Iterable[str] | None = None) -> list[str]:
    """The features' columns that hold levels of a categorical variable, in the frame's order."""
    return _features_where(frame, blocks, numeric=False)


def _features_where(frame: pd.DataFrame, blocks: Iterable[str] | None, *, numeric: bool) -> list[str]:
    # asked per kind and not per column: a wide table has thousands of columns and two kinds
    kinds = frame.dtypes.to_numpy()
    is_numeric = {kind: pd.api.types.is_numeric_dtype(kind) for kind in set(kinds)}
    columns = frame.columns[[is_numeric[kind] == numeric for kind in kinds]]
    wanted = None if blocks is None else set(blocks)
    return [column for column in columns.tolist() if not is_reserved(column) and within(column, wanted)]
