"""The ``cohort:`` section of an experiment, as its author may write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from benchmark.errors import unknown
from benchmark.frame import SEPARATOR
from benchmark.readers.raw import TableOptions
from benchmark.yaml_file import Section

NOT_IMAGES = ("clinical", "demographic", "laboratory", "radiologic", "semantic", "genomic", "transcriptomic")
"""Families that image steps (ComBat, ICC) leave alone unless told; any other family is taken to come from images."""

Role = Literal["train", "tune", "internal", "external"]


def _listed(value: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise ValueError("should be a name or a list of names")
    return (value,) if isinstance(value, str) else value


def _scalar(value: Any) -> Any:
    if not isinstance(value, str | int | float):
        raise ValueError("should be a single text or number")
    return value


def _scalars(value: Any) -> Any:
    return tuple(map(_scalar, value)) if isinstance(value, list | tuple) else (_scalar(value),)


_ONE = {"type": ["string", "number", "boolean"]}
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_ANY = {"anyOf": [_ONE, {"type": "array", "items": _ONE}]}
Names = Annotated[tuple[str, ...], BeforeValidator(_listed), WithJsonSchema(_TEXTS)]
Scalar = Annotated[Any, BeforeValidator(_scalar), WithJsonSchema(_ONE)]
Scalars = Annotated[tuple[Any, ...], BeforeValidator(_scalars), WithJsonSchema(_ANY)]


def _or_listed(schema: dict[str, Any]) -> None:
    """A mapping by name may be written as a list as well, or as one item of it."""
    long = {key: schema.pop(key) for key in ("type", "additionalProperties")}
    one = {"anyOf": [{"type": "string"}, long["additionalProperties"]]}
    schema["anyOf"] = [long, one, {"type": "array", "items": one}]


class Short(Section):
    """A section that may be written as one text or list, which then is its key ``short``."""

    @classmethod
    def short(cls) -> str:
        """The key that the short form gives."""
        return "column"

    @model_validator(mode="before")
    @classmethod
    def _from_short(cls, data: Any) -> Any:
        return {cls.short(): data} if isinstance(data, str | list) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Editors accept the short form as well."""
        long = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [{"$comment": f"short for {cls.short()}", **_TEXTS}, long]}


class OptionsDeclaration(Short):
    """How a file is read."""

    sheet: str | None = Field(default=None, description="Sheet of an Excel workbook; not needed if it has one.")
    separator: str | None = Field(default=None, description="Of a text table; default: by the name and the header.")
    decimal: Literal[".", ","] = Field(default=".", description="Decimal mark of a text table.")
    case: Names | None = Field(default=None, description="The id column of this table, if not that of the cohort.")
    only: dict[str, Scalars] = Field(default={}, description="Only rows with these values: {column: values}.")

    @field_validator("separator")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        value = "\t" if value in ("tab", "\\t") else value
        if value is not None and (len(value) != 1 or not value.isascii() or value in "\"'\n"):
            raise ValueError("should be one character, or tab")
        return value

    @property
    def options(self) -> TableOptions:
        """What the reader of the format needs."""
        return TableOptions(self.separator, self.decimal, self.sheet)


class ReadingDeclaration(Short):
    """The column that tells the readings of a case apart; ``order`` says which is the first (default: sorted)."""

    column: str
    order: Scalars | None = None


class RetestDeclaration(OptionsDeclaration):
    """Readings of subjects outside the cohort: one file per reading, or one file with a column ``reading``."""

    files: Names
    reading: ReadingDeclaration | None = None

    @classmethod
    def short(cls) -> str:
        """``test_retest: [scan1.csv, scan2.csv]``."""
        return "files"

    @model_validator(mode="after")
    def _several(self) -> RetestDeclaration:
        if (len(self.files) < 2) == (self.reading is None):
            raise ValueError("should name two or more files, or one file and the column that tells its readings apart")
        return self


class BlockDeclaration(OptionsDeclaration):
    """One table of features."""

    file: str
    family: str | None = Field(default=None, description="HRF, DRF, clinical, or any name; default: the block's.")
    image: bool | None = Field(default=None, description="Whether ComBat and ICC touch it. Default: by family.")
    columns: Names | None = Field(default=None, description="Only these features; * and ? are wildcards.")
    drop: Names = Field(default=(), description="Not these features; * and ? are wildcards.")
    categorical: Names = Field(default=(), description="Features whose values are names of levels; wildcards allowed.")
    ordinal: dict[str, Scalars] = Field(default={}, description="Features with ordered levels, lowest first.")
    missing_values: Scalars = Field(default=(), description="Values that mean missing anywhere in the table.")
    missing_codes: dict[str, Scalars] = Field(default={}, description="Values that mean missing, by column.")
    readings: Names = Field(default=(), description="Files with further readings of the same features.")
    reading: ReadingDeclaration | None = Field(default=None, description="Column that tells the rows of a case apart.")
    test_retest: RetestDeclaration | None = Field(default=None, description="Readings of other subjects.")
    per: Literal["case", "patient"] = Field(default="case", description="Whether a row is of a case or of a patient.")

    @classmethod
    def short(cls) -> str:
        """``HRF: hrf.csv``."""
        return "file"

    @model_validator(mode="after")
    def _one_way_to_read(self) -> BlockDeclaration:
        ways = [way for way in ("readings", "reading", "test_retest") if getattr(self, way)]
        if len(ways) > 1:
            raise ValueError(f"should name its readings in one way, not by {' and '.join(ways)}")
        return self


class DifferenceDeclaration(Section):
    """A block made from two others: the change of each feature that both have, the later block first."""

    of: Annotated[tuple[str, ...], BeforeValidator(_listed), WithJsonSchema(_TEXTS), Field(min_length=2, max_length=2)]
    relative: bool = Field(default=False, description="The change as a share of the size of the earlier value.")
    family: str | None = Field(default=None, description="Default: the block's name.")


class PlacedDeclaration(OptionsDeclaration):
    """What is said of each case; from a file, a block's table, or whichever table has it."""

    file: str | None = None
    block: str | None = None
    per: Literal["case", "patient"] = Field(default="case", description="Whether a row is of a case or of a patient.")

    @model_validator(mode="after")
    def _one_place(self) -> PlacedDeclaration:
        if self.file and self.block:
            raise ValueError("should name a file or a block, not both")
        return self


class LabelDeclaration(PlacedDeclaration):
    """A column that says something of each case."""

    column: str


class OutcomeDeclaration(LabelDeclaration):
    """The outcome: ``positive`` is the class whose probability is predicted; cases of classes that are neither positive
    nor ``negative`` are left out and counted. ``merge``: classes that become one, by its name, before anything else."""

    positive: Scalar | None = None
    negative: Scalars | None = None
    merge: dict[str, Scalars] = Field(default={}, description="Classes that become one: {responder: [CR, PR]}.")


class CovariateDeclaration(LabelDeclaration):
    """A covariate; numbers unless it holds text or is ``categorical``."""

    categorical: bool = False


class SubgroupDeclaration(LabelDeclaration):
    """What parts the tested cases into levels: a column's text, or its numbers cut into ranges."""

    cut: Annotated[tuple[float, ...], Field(min_length=1)] | None = Field(
        default=None, description="Where the ranges of a number begin: [50, 65] is below 50, 50 to 65, 65 or more."
    )

    @field_validator("cut")
    @classmethod
    def _rising(cls, cut: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if cut is not None and list(cut) != sorted(set(cut)):
            raise ValueError("should be rising numbers")
        return cut


class FollowUpDeclaration(PlacedDeclaration):
    """How long a case was followed, and whether that ended with the event: ``event`` is 1, or ``event_label``, for an
    event, anything else for a case that was censored. ``risk``: the class of the outcome whose probability is the
    risk."""

    time: str = Field(description="Column of the time to the event or to the end of observation.")
    event: str = Field(description="Column that says whether the event happened at that time.")
    event_label: Scalar | None = Field(default=None, description="The value that means the event; default: 1.")
    risk: Scalar | None = Field(default=None, description="Class that is the risk; default: the positive one.")

    @classmethod
    def short(cls) -> str:
        """``follow_up: months`` lacks the event, and is told so."""
        return "time"

    @model_validator(mode="after")
    def _two_columns(self) -> FollowUpDeclaration:
        if self.time == self.event:
            raise ValueError("should name two columns, the time and the event")
        return self

    def label(self, part: Literal["time", "event"]) -> LabelDeclaration:
        """One of both columns, where it is."""
        place = {name: getattr(self, name) for name in PlacedDeclaration.model_fields}
        return LabelDeclaration(column=getattr(self, part), **place)


class RoleDeclaration(LabelDeclaration):
    """Who is for training and who for testing: ``values`` translates the column's values."""

    values: dict[str, Role] | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _text_keys(cls, value: Any) -> Any:
        return {str(key): role for key, role in value.items()} if isinstance(value, Mapping) else value


class CohortDeclaration(Section):
    """The cases of the study: their tables, outcome, and what travels with each row."""

    name: str
    case: Names = Field(description="The id column of every table, or several that name a case together.")
    blocks: dict[str, BlockDeclaration] = Field(min_length=1)
    differences: dict[str, DifferenceDeclaration] = Field(
        default={}, description="Blocks of changes between two blocks: {change: {of: [after, before]}}."
    )
    outcome: OutcomeDeclaration | None = Field(default=None, description="What is predicted.")
    patient: LabelDeclaration | None = Field(default=None, description="Who owns the case, if a patient owns several.")
    batch: LabelDeclaration | None = Field(default=None, description="Scanner, centre or protocol, for ComBat.")
    role: RoleDeclaration | None = None
    covariates: dict[str, CovariateDeclaration] = Field(
        default={}, description="What ComBat must keep: names of columns, or {name: {column: ...}}."
    )
    follow_up: FollowUpDeclaration | None = Field(
        default=None, description="Time to an event, to report survival by predicted risk; no model learns from it."
    )
    subgroups: dict[str, SubgroupDeclaration] = Field(
        default={},
        description="Results by subgroup: columns, {column: ..., file: ...}, or {name: {column: ...}}.",
        json_schema_extra=_or_listed,
    )
    only: dict[str, Scalars] = Field(default={}, description="Only cases with these values: {column: values}.")
    exclude: dict[str, Scalars] = Field(default={}, description="No cases with these values: {column: values}.")
    missing_cases: Literal["error", "drop", "impute", "keep"] = Field(
        default="error",
        description="What to do with a case that has no row in some block; keep: models of the others use it.",
    )
    source: str = Field(default="", description="Where the tables come from; printed in reports and comparisons.")
    licence: str = Field(default="", description="On which terms the tables may be used; printed likewise.")

    @field_validator("covariates", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping) else {name: {"column": name} for name in _listed(value)}

    @field_validator("subgroups", mode="before")
    @classmethod
    def _by_column(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and not isinstance(value.get("column"), str):
            return value
        items = value if isinstance(value, list | tuple) else [value]
        names = [item.get("column") if isinstance(item, Mapping) else item for item in items]
        for name in names:
            if not isinstance(name, str):
                raise ValueError("should be columns, {column: ..., file: ...}, or {name: {column: ...}}")
            if names.count(name) > 1:
                raise ValueError(f"should name '{name}' once")
        return dict(zip(names, items, strict=True))

    @field_validator("blocks", "differences")
    @classmethod
    def _plain_names(cls, blocks: dict[str, Any]) -> dict[str, Any]:
        for name in blocks:
            if not name or SEPARATOR in name or "+" in name or name.startswith("@"):
                raise ValueError(f"should have block names without '+', '{SEPARATOR}' and '@', not '{name}'")
        return blocks

    @model_validator(mode="after")
    def _patient_is_said(self) -> CohortDeclaration:
        if self.patient is None:
            labels = [self.outcome, self.batch, self.role, *self.covariates.values(), self.follow_up]
            labels += self.subgroups.values()
            if any(said.per == "patient" for said in (*self.blocks.values(), *labels) if said is not None):
                raise ValueError("should declare patient, as a table has one row per patient")
        return self

    @model_validator(mode="after")
    def _differences_of_blocks(self) -> CohortDeclaration:
        for name, said in self.differences.items():
            if name in self.blocks:
                raise ValueError(f"should not have a block and a difference of one name, '{name}'")
            for block in said.of:
                if block not in self.blocks:
                    raise ValueError(f"should make '{name}' of known blocks: {unknown('block', block, self.blocks)}")
        return self

    def family(self, block: str) -> str:
        """A block's family: as declared, or the block's name."""
        said = self.blocks[block] if block in self.blocks else self.differences[block]
        return said.family or block

    def image(self, block: str) -> bool:
        """Whether image steps touch a block by default."""
        if block in self.differences:
            return all(self.image(part) for part in self.differences[block].of)
        said = self.blocks[block].image
        return self.family(block).casefold() not in NOT_IMAGES if said is None else said
