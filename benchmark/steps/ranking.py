"""Selectors that rank the features and keep the k best."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import class_codes, standardized


class Ranker(Selector):
    """Keeps the ``k`` features of highest score; ties go to the earlier column. Subclasses give ``score``; one with
    another rule of what stays gives ``chosen``.

    The features are standardized for the ranking; a constant one is never kept. Fewer than ``k`` of them are all kept,
    with a remark.
    """

    supervised = True
    k: int | None

    @abstractmethod
    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,), higher is better, of the standardized features (n_cases, k) that vary; ``codes`` (n_cases,): 0, 1..."""

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """The features of highest score."""
        codes = class_codes(self.title, y)
        standard = standardized(self.title, values, rows)
        varies = standard.any(axis=0)
        score = np.full(values.shape[1], np.nan)
        score[varies] = self.score(np.ascontiguousarray(standard[:, varies]), rows, codes)
        return Choice(self.chosen(score, rows), score)

    def chosen(self, score: np.ndarray, rows: Rows) -> np.ndarray:
        """(k,) bool from the scores, NaN for a feature that cannot stay."""
        return best(score, capped(self.k or 1, score, rows, self.remarks_))


def best(score: np.ndarray, k: int) -> np.ndarray:
    """(n_features,) bool: the ``k`` highest scores, NaN never."""
    keep = np.zeros(len(score), bool)
    keep[np.argsort(-np.where(np.isnan(score), -np.inf, score), kind="stable")[:k]] = True
    return keep & ~np.isnan(score)


def capped(k: int, score: np.ndarray, rows: Rows, remarks: list[str]) -> int:
    """``k``, or the number of features with a score if that is less, which is remarked."""
    usable = int((~np.isnan(score)).sum())
    if k > usable:
        remarks.append(f"k = {k}, but {', '.join(rows.blocks)} had {usable} features to choose from: all were kept")
    return min(k, usable)
