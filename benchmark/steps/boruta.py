"""Boruta: keep the features that matter more to a random forest than shuffled copies of the features do.

In each round every feature gets a shadow, itself with its values shuffled over the cases; a feature scores a hit if its
importance exceeds the ``percentile`` of the shadows' importances (100: the best shadow). Features with more hits than a
coin would give are confirmed, those with fewer are rejected, the others stay tentative: binomial test at ``alpha`` per
round, corrected by Benjamini and Hochberg over features and by Bonferroni over rounds.

Source: Kursa and Rudnicki (2010), Journal of Statistical Software 36(11). The work is done by BorutaPy, which departs
from it by the two corrections above (Kursa's R package: Bonferroni over features only) and the percentile; its
importance is the mean decrease in impurity.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.ensemble import RandomForestClassifier

from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows

CONFIRMED, TENTATIVE = 0.0, -1.0


class Boruta(Ranker):
    """All features that Boruta confirms within ``rounds`` forests of ``trees`` trees of ``depth``.

    ``tentative``: what becomes of features undecided at the end; ``drop``, or ``rough_fix``: a feature stays if its
    median importance exceeds the median of the best shadow's.
    """

    title: ClassVar[str] = "boruta"

    def __init__(
        self,
        *,
        rounds: Annotated[int, Field(ge=10, le=1000)] = 50,
        trees: Annotated[int, Field(ge=10)] = 50,
        depth: Annotated[int, Field(ge=1)] = 5,
        percentile: Annotated[float, Field(gt=0, le=100)] = 100.0,
        alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05,
        tentative: Literal["drop", "rough_fix"] = "drop",
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.rounds = rounds
        self.trees = trees
        self.depth = depth
        self.percentile = percentile
        self.alpha = alpha
        self.tentative = tentative
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) ``CONFIRMED``, ``TENTATIVE`` if above the shadows at the end, less for the rest."""
        from boruta import BorutaPy  # type: ignore[import-untyped]

        found = BorutaPy(
            RandomForestClassifier(max_depth=self.depth, n_jobs=1), n_estimators=self.trees, perc=self.percentile,
            alpha=self.alpha, max_iter=self.rounds + 1, random_state=self.seed,
        ).fit(standard, codes)  # fmt: skip
        # its rank 2 is a tentative feature, or the best of the rest if there is none
        rank = found.ranking_ + (found.ranking_ > 1) * (not found.support_weak_.any())
        self.remarks_.append(
            f"{int((rank == 1).sum())} of {len(rank)} features of {', '.join(rows.blocks)} confirmed, "
            f"{int((rank == 2).sum())} tentative above the shadows"
        )
        return 1.0 - rank

    def chosen(self, score: np.ndarray, rows: Rows) -> np.ndarray:
        """What is confirmed, and the tentative ones if wanted."""
        with np.errstate(invalid="ignore"):
            return score >= (CONFIRMED if self.tentative == "drop" else TENTATIVE)
