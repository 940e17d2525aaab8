"""The menu of resamplers: they balance the classes of the training rows, and of nothing else. To add one: a class, and
a line in ``RESAMPLERS``.

A resampler stands right before the classifier, as the last item of a preprocessing. ``resampled`` puts both into one
estimator: fitting it resamples the rows and fits the classifier on them, and predicting never resamples. So in a search
on inner folds the rows that are scored are real ones, and a synthetic row never has a prediction. The probabilities are
those of the balanced classes: recalibrate them, or read nothing but their order.

Source: the methods are imbalanced-learn's (Lemaitre, Nogueira and Aridas 2017, Journal of Machine Learning Research
18:17); each class names its own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator

from benchmark.errors import ConfigError, DataError, unknown

Ratio = Annotated[float, Field(gt=0, le=1)]
Neighbours = Annotated[int, Field(ge=1)]
Counts = dict[Any, int]
"""Rows by class code."""
HARMLESS = ("Not any neigbours belong to the majority class", "No samples will be generated")
"""How ADASYN says that the classes do not touch."""


class Resampler(BaseEstimator):
    """What every resampler is. Subclasses give ``samplers``, and the parameters they need.

    What cannot be done is not done, and ``remarks_`` says so: a fold with one case of a class is no reason to lose the
    others.
    """

    title: ClassVar[str]

    @abstractmethod
    def samplers(self, counts: Counts) -> list[Any]:
        """The samplers of imbalanced-learn, one after the other, for training rows with so many cases per class."""

    def fit_resample(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Other rows and class codes, from (n_cases, k) features and (n_cases,) codes."""
        self.remarks_: list[str] = []
        classes, sizes = np.unique(y, return_counts=True)
        for sampler in self.samplers(dict(zip(classes.tolist(), sizes.tolist(), strict=True))):
            X, y = self._resample(sampler, X, y, len(classes))
        return X, y

    def _resample(self, sampler: Any, X: np.ndarray, y: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
        try:
            rows, codes = sampler.fit_resample(X, y)
        except (ValueError, RuntimeError) as error:
            if not any(words in str(error) for words in HARMLESS):
                raise DataError(f"{self.title}: {error}") from None
            self.remarks_.append(f"{self.title}: no row to raise has a neighbour of another class: nothing was made")
            return X, y
        if len(np.unique(codes)) < n_classes:
            self.remarks_.append(f"{self.title}: no row of some class would be left: all rows stay")
            return X, y
        return rows, codes

    def raised(self, counts: Counts, ratio: float, least: int = 1) -> Counts:
        """How many rows each class is raised to, so that none has fewer than ``ratio`` times those of the largest.
        Classes that have enough are left out, and so are, with a remark, those with fewer than ``least`` rows."""
        target = round(ratio * max(counts.values()))
        few = {code: size for code, size in counts.items() if size < min(least, target)}
        for code, size in few.items():
            self.remarks_.append(
                f"{self.title}: class {code} stays at {size} training row(s): it takes {least} to make more"
            )
        return {code: target for code, size in counts.items() if size < target and code not in few}

    def near(self, neighbours: int, available: int) -> int:
        """The number of neighbours, at most as many as there are, which is remarked."""
        if available < neighbours:
            self.remarks_.append(f"{self.title}: {available} neighbours instead of {neighbours}, for want of rows")
        return min(neighbours, available)


class RandomOversample(Resampler):
    """Rows of the rarer classes, drawn with replacement, until each class has ``ratio`` times the rows of the largest.

    ``shrinkage``: each drawn row is moved by normal noise of this many bandwidths. Menardi and Torelli (2014), Data
    Mining and Knowledge Discovery 28:92.
    """

    title = "Random oversampling"

    def __init__(
        self, *, ratio: Ratio = 1.0, shrinkage: Annotated[float, Field(ge=0)] | None = None, seed: int = 0
    ) -> None:
        self.ratio = ratio
        self.shrinkage = shrinkage
        self.seed = seed

    def samplers(self, counts: Counts) -> list[Any]:
        """One."""
        from imblearn.over_sampling import RandomOverSampler  # type: ignore[import-untyped]

        wanted = self.raised(counts, self.ratio)
        made = RandomOverSampler(sampling_strategy=wanted, shrinkage=self.shrinkage, random_state=self.seed)
        return [made] if wanted else []


class Smote(Resampler):
    """New rows of the rarer classes on the lines between a row and its ``neighbours`` of the same class.

    With fewer rows of a class, fewer neighbours; a class with one row stays as it is. Chawla et al. (2002), Journal of
    Artificial Intelligence Research 16:321.
    """

    title = "SMOTE"

    def __init__(self, *, ratio: Ratio = 1.0, neighbours: Neighbours = 5, seed: int = 0) -> None:
        self.ratio = ratio
        self.neighbours = neighbours
        self.seed = seed

    def samplers(self, counts: Counts) -> list[Any]:
        """One, or none if no class can be raised."""
        wanted = self.raised(counts, self.ratio, least=2)
        if not wanted:
            return []
        return [self.synthetic(wanted, self.near(self.neighbours, min(counts[code] for code in wanted) - 1), counts)]

    def synthetic(self, wanted: Counts, neighbours: int, counts: Counts) -> Any:
        """The sampler that makes the new rows."""
        from imblearn.over_sampling import SMOTE

        return SMOTE(sampling_strategy=wanted, k_neighbors=neighbours, random_state=self.seed)


class BorderlineSmote(Smote):
    """SMOTE from the rows whose neighbours are mostly, but not all, of other classes.

    Han, Wang and Mao (2005), Advances in Intelligent Computing 3644:878 (borderline-1).
    """

    title = "Borderline SMOTE"

    def synthetic(self, wanted: Counts, neighbours: int, counts: Counts) -> Any:
        """The sampler that makes the new rows; borders are judged by 10 neighbours."""
        from imblearn.over_sampling import BorderlineSMOTE

        around = min(10, sum(counts.values()) - 1)
        return BorderlineSMOTE(
            sampling_strategy=wanted, k_neighbors=neighbours, m_neighbors=around, random_state=self.seed
        )


class Adasyn(Smote):
    """SMOTE with more new rows where a row has more neighbours of other classes.

    He, Bai, Garcia and Li (2008), IEEE International Joint Conference on Neural Networks, 1322.
    """

    title = "ADASYN"

    def synthetic(self, wanted: Counts, neighbours: int, counts: Counts) -> Any:
        """The sampler that makes the new rows."""
        from imblearn.over_sampling import ADASYN

        return ADASYN(sampling_strategy=wanted, n_neighbors=neighbours, random_state=self.seed)


class RandomUndersample(Resampler):
    """Rows of the more frequent classes left out at random, until the rarest has ``ratio`` times the rows of each."""

    title = "Random undersampling"

    def __init__(self, *, ratio: Ratio = 1.0, seed: int = 0) -> None:
        self.ratio = ratio
        self.seed = seed

    def samplers(self, counts: Counts) -> list[Any]:
        """One."""
        from imblearn.under_sampling import RandomUnderSampler  # type: ignore[import-untyped]

        most = round(min(counts.values()) / self.ratio)
        lowered = {code: most for code, size in counts.items() if size > most}
        return [RandomUnderSampler(sampling_strategy=lowered, random_state=self.seed)] if lowered else []


class TomekLinks(Resampler):
    """Rows left out that are the nearest neighbour of a row of the rarest class, and it theirs.

    Tomek (1976), IEEE Transactions on Systems, Man, and Cybernetics 6:769.
    """

    title = "Tomek links"

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed

    def samplers(self, counts: Counts) -> list[Any]:
        """One."""
        from imblearn.under_sampling import TomekLinks as Links

        return [Links()]


class EditedNearestNeighbours(Resampler):
    """Rows left out, of all classes but the rarest, one of whose ``neighbours`` is of another class.

    Wilson (1972), IEEE Transactions on Systems, Man, and Cybernetics 2:408.
    """

    title = "Edited nearest neighbours"

    def __init__(self, *, neighbours: Neighbours = 3, seed: int = 0) -> None:
        self.neighbours = neighbours
        self.seed = seed

    def samplers(self, counts: Counts) -> list[Any]:
        """One."""
        from imblearn.under_sampling import EditedNearestNeighbours as Edited

        return [Edited(n_neighbors=self.near(self.neighbours, sum(counts.values()) - 1))]


class SmoteTomek(Smote):
    """SMOTE, then both rows of each Tomek link left out.

    Batista, Prati and Monard (2004), ACM SIGKDD Explorations 6:20.
    """

    title = "SMOTE and Tomek links"

    def samplers(self, counts: Counts) -> list[Any]:
        """Two."""
        from imblearn.under_sampling import TomekLinks as Links

        return [*super().samplers(counts), Links(sampling_strategy="all")]


class SmoteEnn(Smote):
    """SMOTE, then every row left out one of whose 3 nearest neighbours is of another class.

    Batista, Prati and Monard (2004), ACM SIGKDD Explorations 6:20.
    """

    title = "SMOTE and edited nearest neighbours"

    def samplers(self, counts: Counts) -> list[Any]:
        """Two."""
        from imblearn.under_sampling import EditedNearestNeighbours as Edited

        around = min(3, sum(counts.values()) - 1)
        return [*super().samplers(counts), Edited(sampling_strategy="all", n_neighbors=around)]


RESAMPLERS: dict[str, type[Resampler]] = {
    "smote": Smote,
    "borderline_smote": BorderlineSmote,
    "adasyn": Adasyn,
    "random_oversample": RandomOversample,
    "random_undersample": RandomUndersample,
    "tomek_links": TomekLinks,
    "edited_nearest_neighbours": EditedNearestNeighbours,
    "smote_tomek": SmoteTomek,
    "smote_enn": SmoteEnn,
}


def build(name: str, *, seed: int, params: Mapping[str, Any] | None = None) -> Resampler:
    """The unfitted resampler of a menu entry with these parameters."""
    if name not in RESAMPLERS:
        raise ConfigError(unknown("resampler", name, RESAMPLERS))
    return RESAMPLERS[name](**{**(params or {}), "seed": seed})


def resampled(resampler: Resampler, classifier: BaseEstimator) -> BaseEstimator:
    """One unfitted estimator: the classifier, fitted on resampled training rows."""
    from imblearn.pipeline import Pipeline  # type: ignore[import-untyped]

    return Pipeline([("resampler", resampler), ("classifier", classifier)])
