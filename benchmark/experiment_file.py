"""The experiment file, as its author may write it: the sections of the YAML, checked one by one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from benchmark.classifiers import ClassWeight
from benchmark.described.section import DescribeSection
from benchmark.fusions import RULES
from benchmark.readers.declaration import CohortDeclaration, OutcomeDeclaration
from benchmark.readers.imported import ImportedDeclaration
from benchmark.splits import Kind, RareClasses, Refit, SharedPatients
from benchmark.study import StudySection
from benchmark.tuning import SamplerName
from benchmark.yaml_file import Section

OWNERS: dict[str, tuple[Kind, ...]] = {
    "folds": ("kfold",),
    "repeats": ("kfold", "holdout", "shuffle_split", "bootstrap"),
    "test_size": ("holdout", "shuffle_split"),
    "shared_patients": ("roles", "leave_one_centre_out"),
    "refit": ("roles",),
}
REPEATS: dict[Kind, int] = {"shuffle_split": 10, "bootstrap": 100}


class SplitsSection(Section):
    """How cases are split; a key belongs to the kinds that ``OWNERS`` says. Repeats of ``bootstrap`` are its draws."""

    kind: Kind = "kfold"
    name: str | None = None
    folds: Annotated[int, Field(ge=2)] = 5
    repeats: Annotated[int, Field(ge=1)] = 1
    test_size: Annotated[float, Field(gt=0, lt=1)] = 0.3
    shared_patients: SharedPatients = "error"
    rare_classes: RareClasses = "error"
    refit: Refit = "train_and_tune"

    @field_validator("*")
    @classmethod
    def _belongs(cls, value: Any, info: Any) -> Any:
        kind = info.data.get("kind", "kfold")
        owners = OWNERS.get(info.field_name, (kind,))
        if kind not in owners:
            raise ValueError(f"belongs to splits of kind {' or '.join(owners)}, this kind is {kind}")
        return value

    @property
    def repeated(self) -> int:
        """``repeats``, or what the kind has by default."""
        return self.repeats if "repeats" in self.model_fields_set else REPEATS.get(self.kind, 1)


class TuningSection(Section):
    """The inner loop: candidates per classifier, folds within the training rows, and how candidates are drawn."""

    trials: Annotated[int, Field(ge=1)] = 20
    inner_folds: Annotated[int, Field(ge=2)] = 3
    sampler: SamplerName = "tpe"


def _texts(value: Any) -> Any:
    """One label or several, as text: a class may be written as a number."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


Probability = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class FixedThreshold(Section):
    """A threshold by a sensitivity or specificity reached on training rows, or a given probability."""

    sensitivity: Annotated[float, Field(gt=0, lt=1)] | None = None
    specificity: Annotated[float, Field(gt=0, lt=1)] | None = None
    value: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> FixedThreshold:
        said = [name for name in ("sensitivity", "specificity", "value") if getattr(self, name) is not None]
        if len(said) != 1:
            raise ValueError(f"should say one of sensitivity, specificity and value, not {len(said)}")
        return self


class PartialRange(Section):
    """The partial AUC over a range of specificity or of sensitivity."""

    specificity: tuple[Share, Share] | None = None
    sensitivity: tuple[Share, Share] | None = None

    @model_validator(mode="after")
    def _one_rising_range(self) -> PartialRange:
        said = [pair for pair in (self.specificity, self.sensitivity) if pair is not None]
        if len(said) != 1:
            raise ValueError(f"should say one of specificity and sensitivity, not {len(said)}")
        if not said[0][0] < said[0][1]:
            raise ValueError("should be a rising pair within 0 and 1")
        return self


class ClassContrast(Section):
    """Two sides of an outcome of several classes, as a binary question."""

    positive: Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]
    negative: Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]


class StatisticsSection(Section):
    """``reference``: the feature set that the others are compared with. ``threshold``: how the probability becomes a
    decision. ``decision_range``: threshold probabilities of the decision curve, ``net_benefit_at`` those of its table.
    ``margin``: the difference in AUC below which two models count as equivalent. ``risk_categories``: where they begin,
    for the categorical NRI. ``contrasts``: weights of feature sets that sum to 0, by name; ``contrast``: a binary
    question within several classes, which may be ``ordinal``. ``partial_auc``: the part of the ROC curve that counts.
    ``prevalence``: in practice, where cases were sampled by outcome. ``recalibrate``: also with probabilities
    recalibrated inside the folds. ``groups``: of Hosmer and Lemeshow. ``draws``: of the bootstrap."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    reference: str | None = None
    threshold: Literal["youden"] | FixedThreshold = "youden"
    adjust: Literal["holm", "hochberg", "hommel", "bonferroni", "bh", "by"] = "holm"
    margin: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    tests: tuple[str, ...] = ()
    risk_categories: tuple[Probability, ...] = ()
    contrasts: dict[str, dict[str, float]] = Field(default_factory=dict)
    contrast: ClassContrast | None = None
    ordinal: bool = False
    partial_auc: PartialRange | None = None
    decision_range: tuple[Probability, Probability] = (0.05, 0.6)
    net_benefit_at: tuple[Probability, ...] = ()
    prevalence: Probability | None = None
    recalibrate: tuple[Literal["platt", "intercept", "isotonic"], ...] = ()
    groups: Annotated[int, Field(ge=3)] = 10
    draws: Annotated[int, Field(ge=100)] = 2000

    @field_validator("decision_range")
    @classmethod
    def _rising(cls, value: tuple[float, float]) -> tuple[float, float]:
        if not value[0] < value[1]:
            raise ValueError("should be a rising pair of threshold probabilities")
        return value


class FusionSection(Section):
    """An arm made from the models of several feature sets (``fusions``) or of several classifiers (``ensembles``)."""

    of: Annotated[tuple[str, ...], Field(min_length=1)]
    rule: Literal[*RULES] = "mean"  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _several(self) -> FusionSection:
        if len(set(self.of)) < 2:
            raise ValueError(f"should join two or more, found only '{self.of[0]}'")
        return self


Names = Annotated[tuple[str, ...], BeforeValidator(lambda told: (told,) if isinstance(told, str) else told)]


class ExplainSection(Section):
    """Which classifiers are explained by SHAP values of the tested cases (one, several or ``all``), and which linear
    ones are shown as a ``nomogram``; ``background``: training cases against which a model that is no tree and no line
    is compared."""

    shap: Names = ()
    background: Annotated[int, Field(ge=5)] = 50
    nomogram: Names = ()


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _as_sets(value: Any) -> Any:
    """``[HRF, HRF + DRF]`` as ``{HRF: [HRF], HRF + DRF: [HRF, DRF]}``; ``all`` as an empty mapping."""
    if value == "all":
        return {}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {item: [part.strip() for part in item.split("+")] for item in value}
    return value


class ExperimentFile(Section):
    """The whole file. ``outcomes``: several outcomes of one cohort, each an experiment of its own. ``study``: the
    published pipeline that it follows."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    title: str = ""
    study: StudySection | None = None
    cohort: CohortDeclaration
    outcomes: dict[str, OutcomeDeclaration] = Field(default_factory=dict)
    feature_sets: Annotated[dict[str, list[str]], BeforeValidator(_as_sets)] = Field(default_factory=dict)
    preprocessings: dict[str, list[str | dict[str, dict[str, Any] | None]]]
    classifiers: Literal["all"] | list[str | dict[str, dict[str, Any] | None]]
    class_weight: ClassWeight = "none"
    fusions: dict[str, FusionSection] = Field(default_factory=dict)
    ensembles: dict[str, FusionSection] = Field(default_factory=dict)
    imported: dict[str, ImportedDeclaration] = Field(default_factory=dict)
    splits: Annotated[list[SplitsSection], BeforeValidator(_as_list)] = Field(
        default_factory=lambda: [SplitsSection()], min_length=1
    )
    tuning: TuningSection = Field(default_factory=TuningSection)
    statistics: StatisticsSection = Field(default_factory=StatisticsSection)
    explain: ExplainSection = Field(default_factory=ExplainSection)
    describe: DescribeSection = Field(default_factory=DescribeSection)
    seed: Annotated[int, Field(ge=0)] = 0
    workers: Annotated[int, Field(ge=1)] | None = None
