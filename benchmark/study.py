"""The ``study:`` section of an experiment that follows a published pipeline: what the paper did, what its text leaves
open and what was taken instead, which risks it carries, and the shape of its cohort.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from benchmark.yaml_file import Section

Count = Annotated[int, Field(ge=1)]


def _by_label(value: Any) -> Any:
    """Labels of classes as text: they may be written as numbers."""
    return {str(key): count for key, count in value.items()} if isinstance(value, dict) else value


def _in_words(value: Any) -> Any:
    """A choice as text: it may be a number alone."""
    if not isinstance(value, dict):
        return value
    return {str(key): str(said) if isinstance(said, int | float) else said for key, said in value.items()}


Counts = Annotated[dict[str, Count], BeforeValidator(_by_label)]


class ShapeSection(Section):
    """The size of a cohort, as the paper tells it: cases (rows), and whose they are.

    ``classes``: cases of each class, by column of an outcome. ``features``: how many columns a block has, or its
    columns by name, with the range of a number or the list of its levels. ``rereads``: cases that are read twice.
    ``levels``: further columns of labels. ``informative``: features of each block that depend on the outcome, by
    Cohen's d of ``effect``. ``missing``: share of missing values in named columns.
    """

    cases: Annotated[int, Field(ge=10)]
    patients: Annotated[int, Field(ge=5)] | None = None
    outcome_per: Literal["case", "patient"] = "case"
    centres: Counts = Field(default_factory=dict)
    roles: Counts = Field(default_factory=dict)
    classes: dict[str, Counts] = Field(default_factory=dict)
    features: dict[str, Count | dict[str, list[float] | list[str]]]
    levels: dict[str, list[str]] = Field(default_factory=dict)
    rereads: Annotated[int, Field(ge=0)] = 30
    informative: Count = 8
    effect: Annotated[float, Field(ge=0, le=3)] = 0.6
    missing: Annotated[float, Field(ge=0, lt=0.5)] = 0.0

    @model_validator(mode="after")
    def _adds_up(self) -> ShapeSection:
        told = {
            "centres": self.centres,
            "roles": self.roles,
            **{f"classes.{name}": of for name, of in self.classes.items()},
        }
        for what, counts in told.items():
            if counts and sum(counts.values()) != self.cases:
                raise ValueError(f"should have {what} that sum to its {self.cases} cases, not {sum(counts.values())}")
        if self.patients is not None and self.patients > self.cases:
            raise ValueError(f"should have no more patients than cases, not {self.patients} of {self.cases}")
        if self.patients is not None and len(self.centres) > self.patients:
            raise ValueError(f"should have a patient for each of {len(self.centres)} centres, not {self.patients}")
        return self


class StudySection(Section):
    """``code``: of the catalogue. ``did``: the steps of the paper, one after the other. ``open``: what its text leaves
    out, and what is taken here. ``risks``: what a reader should know before he trusts its figures. ``upstream``: work
    on images that was done before there were tables. ``outcome_from``: what kind of measurement the outcome is."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d+$")]
    source: str
    did: Annotated[tuple[str, ...], Field(min_length=1)]
    open: Annotated[dict[str, str], BeforeValidator(_in_words)] = Field(default_factory=dict)
    risks: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    outcome_from: Literal["clinic", "omics"] = "clinic"
    shape: ShapeSection
