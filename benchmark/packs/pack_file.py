"""The file of a pack, as its author may write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from benchmark.yaml_file import Section

Name = Annotated[str, Field(pattern=r"^[\w -]+$")]


def _several(value: Any) -> Any:
    """One text as a list of one."""
    return [value] if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    """Labels are text, however the YAML wrote them."""
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value])]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_several)]
Labels = Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]
Label = Annotated[str, BeforeValidator(_text)]


class SourceSection(Section):
    """What is reproduced and where it was published; ``licence`` of the tables."""

    authors: str
    year: int | None = None
    title: str = ""
    published_in: str = ""
    doi: str = ""
    data: str = ""
    licence: str = "not stated"


class TruthSection(Section):
    """The outcome in another file, with the same columns of cases."""

    file: str
    column: str


class PredictionsSection(Section):
    """Predictions made elsewhere, analysed as ``radbench stats`` does. ``models``: the column of probabilities of each
    model; or ``model``, one or several columns that name it, and ``score``. ``only``: the labels of the rows that
    count, by column. ``apparent``: the label in the column ``repeat`` of the models that were fitted on all cases;
    the other repeats are then draws of a bootstrap, each with the cases that it left out."""

    file: str
    case: Columns = ("case",)
    truth: str | TruthSection
    positive: Label = "1"
    models: dict[str, str] = Field(default_factory=dict)
    model: Columns = ()
    score: str | None = None
    fold: str | None = None
    repeat: str | None = None
    patient: str | None = None
    set: str | None = None
    apparent: Label | None = None
    only: dict[str, Labels] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> PredictionsSection:
        if bool(self.models) == bool(self.model and self.score):
            raise ValueError("should name either models, by the columns of their probabilities, or model and score")
        if self.apparent is not None and self.repeat is None:
            raise ValueError("should name the column repeat, in which apparent stands")
        return self

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that is read, by its name in the pack."""
        return (self.file, *([self.truth.file] if isinstance(self.truth, TruthSection) else []))


class AddressSection(Section):
    """Where a number of ours stands: ``of`` which predictions or experiment, in which ``table`` of the tidy results, in
    the row with these labels."""

    of: str
    table: str = "estimates"
    column: str | None = None
    design: Label | None = None
    role: Label | None = None
    feature_set: Label | None = None
    preprocessing: Label | None = None
    classifier: Label | None = None
    measure: Label | None = None
    repeat: Label | None = None
    fold: Label | None = None
    first: Label | None = None
    second: Label | None = None
    question: Label | None = None
    base: Label | None = None
    added: Label | None = None
    together: Label | None = None
    test: Label | None = None
    name: Label | None = None
    kind: Label | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the row by their columns."""
        said = self.model_dump(exclude={"of", "table", "column"}, exclude_none=True)
        measure = {"measure": "auc"} if self.table in ("estimates", "comparisons", "centres") else {}
        return measure | said


class NumberSection(Section):
    """A published number: its value, or the claim that something is ``above`` a value. ``printed``: where it stands.
    ``ours``: what it is compared with; ``later`` says why there is nothing yet.

    ``tolerance``: how far ours may be from it, or ``interval``: it has to lie in our interval, which may be ``widest``
    at most, or else it says too little. ``because``: why so far. ``expect``: what ours should be in an honest analysis,
    the ``same``, ``at_least`` or ``at_most`` it; or ``lower`` or ``higher`` than the published number, for the
    ``reason`` that is given."""

    name: str
    published: float | None = None
    above: float | None = None
    printed: str = ""
    ours: AddressSection | None = None
    later: str = ""
    tolerance: Annotated[float, Field(ge=0)] | Literal["interval"] = "interval"
    because: str = ""
    widest: Annotated[float, Field(gt=0)] = 0.2
    expect: Literal["same", "at_least", "at_most", "lower", "higher"] = "same"
    reason: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> NumberSection:
        if (self.published is None) == (self.above is None):
            raise ValueError("should have either a published value, or the value that it is said to be above")
        if (self.ours is None) != bool(self.later):
            raise ValueError("should say with what of ours it is compared, or why later")
        if self.expect in ("lower", "higher") and not self.reason:
            raise ValueError(f"should give the reason why an honest analysis is {self.expect}")
        if self.above is not None and (self.tolerance != "interval" or self.expect != "same"):
            raise ValueError("should have no tolerance and nothing else to expect: a claim is judged by the interval")
        return self


class PackFile(Section):
    """The whole file. ``experiments``: files of ours that are run, by name; ``differs``: what is known to be other
    than in the publication, and why; ``draws`` of the patient bootstrap of predictions, on which no AUC depends."""

    title: str
    source: SourceSection
    predictions: dict[Name, PredictionsSection] = Field(default_factory=dict)
    experiments: dict[Name, Path] = Field(default_factory=dict)
    numbers: Annotated[tuple[NumberSection, ...], Field(min_length=1)]
    differs: tuple[str, ...] = ()
    draws: Annotated[int, Field(ge=100)] = 200

    @field_validator("experiments")
    @classmethod
    def _other_names(cls, value: dict[str, Path], info: ValidationInfo) -> dict[str, Path]:
        twice = [name for name in value if name in info.data.get("predictions", {})]
        if twice:
            raise ValueError(f"should have other names than the predictions: '{twice[0]}' is in both")
        return value
