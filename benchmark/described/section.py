"""The ``describe:`` section of an experiment, as its author may write it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from benchmark.projection import Projection
from benchmark.yaml_file import Section

NAMES: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _names(value: Any) -> Any:
    if value is False:
        return ()
    if not isinstance(value, str | list | tuple):
        raise ValueError("should be a block, a family, or a list of them")
    return (value,) if isinstance(value, str) else value


Names = Annotated[
    tuple[str, ...], BeforeValidator(_names), WithJsonSchema({"anyOf": [{"type": "string"}, NAMES, {"const": False}]})
]


class AssociationSection(Section):
    """Every feature ``of`` some blocks or families against every one of others. ``method``: between numbers; ``groups``
    takes each value of the others for a group, ``by_kind`` is Spearman's rho between numbers and compares groups
    where there are categories. ``adjust``: of p, over all pairs."""

    of: Names
    others: Annotated[Names, Field(alias="with")]
    method: Literal["by_kind", "spearman", "pearson", "kendall", "groups"] = "by_kind"
    adjust: Literal["bh", "by", "holm", "hochberg", "hommel", "bonferroni", "none"] = "bh"


class DescribeSection(Section):
    """``baseline``: blocks or families of the baseline table; unless said, all blocks of no image family with at most
    50 features. ``univariate``: whose features are told alone. ``projections``: pictures of the feature sets."""

    baseline: Names | None = None
    univariate: Names = ()
    associations: tuple[AssociationSection, ...] = ()
    projections: tuple[Projection, ...] = ()
