"""The file of a review, as its author may write it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from benchmark.yaml_file import Section

Split = Literal["external", "test", "internal", "cv", "train", "unstated"]
Endpoint = Literal["binary", "multiclass", "survival", "association", "segmentation", "unstated"]
Unit = Annotated[float, Field(ge=0, le=1)]

FAMILIES = {
    "HRF": ("HRF",),
    "DRF": ("DRF",),
    "DL": ("DL",),
    "fusion": ("HRF+DRF", "HRF+clinical", "DRF+clinical", "HRF+DRF+clinical"),
}


def _joined(value: Any) -> Any:
    """``HRF: HRF`` as ``HRF: [HRF]``, and ``DRF + HRF`` without spaces."""
    if not isinstance(value, dict):
        return value
    lists = {name: [part] if isinstance(part, str) else part for name, part in value.items()}
    return {
        name: [str(one).replace(" ", "") for one in part] if isinstance(part, list | tuple) else part
        for name, part in lists.items()
    }


Families = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_joined)]


class PoolingSection(Section):
    """How the rows of the registry become one number per study and family. ``splits``: which count, the preferred
    first. ``take``: from the first split that a study has, or from any of them. ``model``: the best of several models,
    their mean, or the first that is listed. ``flagged``: rows that the registry calls doubtful or double. ``ranges``:
    of a figure that is printed as a range. ``endpoints``: what kind of task counts as classification. ``families``: the
    families that are compared and what of the registry is joined to each; what is not named is left out."""

    splits: Annotated[tuple[Split, ...], Field(min_length=1)] = ("external", "test", "internal", "cv", "unstated")
    take: Literal["first_split", "any_split"] = "first_split"
    model: Literal["best", "mean", "first"] = "best"
    flagged: Literal["leave_out", "keep"] = "leave_out"
    ranges: Literal["average", "low", "high"] = "average"
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)] = ("binary", "multiclass", "unstated")
    families: Families = Field(default=FAMILIES, min_length=2)

    @field_validator("splits", "endpoints")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = [one for one in value if value.count(one) > 1]
        if twice:
            raise ValueError(f"should name '{twice[0]}' once")
        return value

    @field_validator("families")
    @classmethod
    def _one_place(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        every = [one for parts in value.values() for one in parts]
        twice = [one for one in every if every.count(one) > 1]
        if twice:
            raise ValueError(f"should have '{twice[0]}' in one family alone")
        return value


class PoolSection(Section):
    """A further pool: what is different from ``pooling``."""

    splits: tuple[Split, ...] | None = None
    take: Literal["first_split", "any_split"] | None = None
    model: Literal["best", "mean", "first"] | None = None
    flagged: Literal["leave_out", "keep"] | None = None
    ranges: Literal["average", "low", "high"] | None = None
    endpoints: tuple[Endpoint, ...] | None = None
    families: Families | None = None

    def over(self, rule: PoolingSection) -> PoolingSection:
        """The rule with what is different."""
        changed = {name: getattr(self, name) for name in self.model_fields_set}
        return PoolingSection.model_validate(rule.model_dump() | changed)


class SensitivitySection(Section):
    """The pooling rules that are tried: all combinations of these; what is not named stays as in ``pooling``.
    ``splits`` and ``families`` by a name of their own."""

    splits: dict[str, tuple[Split, ...]] = Field(default_factory=dict)
    take: tuple[Literal["first_split", "any_split"], ...] = ()
    model: tuple[Literal["best", "mean", "first"], ...] = ()
    flagged: tuple[Literal["leave_out", "keep"], ...] = ()
    ranges: tuple[Literal["average", "low", "high"], ...] = ()
    endpoints: dict[str, tuple[Endpoint, ...]] = Field(default_factory=dict)
    families: dict[str, Families] = Field(default_factory=dict)


class SubgroupSection(Section):
    """Studies by a column of the registry: by its values, by the first of the wildcards in ``groups`` that fits
    (others are left out), or by numbers below each of ``cuts``."""

    column: str
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    cuts: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> SubgroupSection:
        if self.groups and self.cuts:
            raise ValueError("should have either groups or cuts, not both")
        if list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("should have rising cuts")
        return self


class BiasSection(Section):
    """``fewest``: a study of fewer cases is called small."""

    fewest: Annotated[int, Field(ge=2)] = 100


class PublishedFigure(Section):
    """One published figure: ``mean`` (with its ``sd``) of a ``family``, ``highest`` if it is said to be that; or the
    ``p`` of an analysis of variance across families; or that in a subgroup ``higher`` is above ``lower``."""

    metric: str
    family: str = ""
    mean: Unit | None = None
    sd: Annotated[float, Field(ge=0, le=1)] | None = None
    highest: bool = False
    p: Annotated[float, Field(gt=0, lt=1)] | None = None
    subgroup: str = ""
    higher: str = ""
    lower: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> PublishedFigure:
        kinds = [self.mean is not None, self.p is not None, bool(self.subgroup)]
        if sum(kinds) != 1:
            raise ValueError("should be one of: a mean of a family, a p, or a subgroup with higher and lower")
        if (self.mean is not None) != bool(self.family) or bool(self.subgroup) != bool(self.higher and self.lower):
            raise ValueError("should name the family of its mean, or higher and lower of its subgroup")
        return self


class PublishedSection(Section):
    """What a review printed: its ``source``, so many ``studies`` in so many ``families``. ``totals``: sizes for which
    the effects behind its p are worked out, as it is often not said how many studies have a metric. ``fewest``: with
    fewer studies a figure is not judged; ``power``: with less power a missing difference is no answer."""

    source: str
    studies: Annotated[int, Field(ge=2)]
    families: Annotated[int, Field(ge=2)] = 4
    figures: Annotated[tuple[PublishedFigure, ...], Field(min_length=1)]
    totals: tuple[int, ...] = ()
    fewest: Annotated[int, Field(ge=2)] = 5
    power: Annotated[float, Field(gt=0, lt=1)] = 0.8

    @field_validator("totals")
    @classmethod
    def _enough(cls, value: tuple[int, ...], info: Any) -> tuple[int, ...]:
        least = info.data.get("families", 4) + 1
        if any(total < least for total in value):
            raise ValueError(f"should be numbers of studies, at least {least} for so many families")
        return value


class StatisticsSection(Section):
    """``level`` of the intervals, ``adjust`` of Dunn's p, ``alpha`` below which a p counts as a difference,
    ``event_share``: of cases with the event where the registry does not say, for the standard error of an AUC."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    adjust: Literal["holm", "hochberg", "hommel", "bonferroni", "bh", "by"] = "holm"
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    event_share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    draws: Annotated[int, Field(ge=100)] = 2000


class ReviewFile(Section):
    """The whole file: ``studies``, a registry, and ``summary``, a table of n, mean and SD, or one of them."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    title: str = ""
    studies: Path | None = None
    summary: Path | None = None
    metrics: Annotated[tuple[str, ...], Field(min_length=1)] = ("auc", "accuracy")
    pooling: PoolingSection = Field(default_factory=PoolingSection)
    pools: dict[str, PoolSection] = Field(default_factory=dict)
    subgroups: dict[str, SubgroupSection] = Field(default_factory=dict)
    sensitivity: SensitivitySection = Field(default_factory=SensitivitySection)
    bias: BiasSection = Field(default_factory=BiasSection)
    published: PublishedSection | None = None
    statistics: StatisticsSection = Field(default_factory=StatisticsSection)
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _something_to_read(self) -> ReviewFile:
        if self.studies is None and self.summary is None:
            raise ValueError("should name a registry under studies, or a table of n, mean and SD under summary")
        return self
