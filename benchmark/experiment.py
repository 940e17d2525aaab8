"""An experiment: one YAML, checked before any work, and what it says.

The sections mirror the file. What needs the cohort (which blocks a feature set has, whether there is a batch) is
checked by ``benchmark.agreement`` as soon as the cohort is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from benchmark import classifiers
from benchmark.classifiers import CLASSIFIERS, ClassWeight
from benchmark.errors import ConfigError
from benchmark.menu import check_parameters, pick
from benchmark.plan import Tuning
from benchmark.readers.declaration import CohortDeclaration
from benchmark.recipe import (
    ClassifierChoice,
    Preprocessing,
    StepChoice,
)
from benchmark.splits import Design, Kind, SharedPatients
from benchmark.steps import STEPS
from benchmark.steps.step import HARNESS_PARAMETERS
from benchmark.tuning import SamplerName
from benchmark.yaml_file import Path_, Section, YamlFile, parse, read_yaml


class SplitsSection(Section):
    """How cases are split. ``folds`` belongs to kfold, ``test_size`` to holdout, ``repeats`` to both;
    ``shared_patients`` to roles and leave_one_centre_out."""

    kind: Kind = "kfold"
    name: str | None = None
    folds: Annotated[int, Field(ge=2)] = 5
    repeats: Annotated[int, Field(ge=1)] = 1
    test_size: Annotated[float, Field(gt=0, lt=1)] = 0.3
    shared_patients: SharedPatients = "error"

    @field_validator("*")
    @classmethod
    def _belongs(cls, value: Any, info: Any) -> Any:
        kind = info.data.get("kind", "kfold")
        owners = {
            "folds": ("kfold",),
            "repeats": ("kfold", "holdout"),
            "test_size": ("holdout",),
            "shared_patients": ("roles", "leave_one_centre_out"),
        }
        if info.field_name in owners and kind not in owners[info.field_name]:
            raise ValueError(f"belongs to splits of kind {' or '.join(owners[info.field_name])}, this kind is {kind}")
        return value


class TuningSection(Section):
    """The inner loop: candidates per classifier, folds within the training rows, and how candidates are drawn."""

    trials: Annotated[int, Field(ge=1)] = 20
    inner_folds: Annotated[int, Field(ge=2)] = 3
    sampler: SamplerName = "tpe"


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


class StatisticsSection(Section):
    """``reference``: the feature set that the others are compared with. ``threshold``: how the probability becomes a
    decision. ``decision_range``: threshold probabilities of the decision curve, ``net_benefit_at`` those of its table.
    ``margin``: the difference in AUC below which two models count as equivalent. ``risk_categories``: where they begin,
    for the categorical NRI. ``contrasts``: weights of feature sets that sum to 0, by name. ``partial_auc``: the part of
    the ROC curve that counts. ``prevalence``: in practice, where cases were sampled by outcome. ``recalibrate``: also
    with probabilities recalibrated inside the folds. ``groups``: of Hosmer and Lemeshow. ``draws``: of the
    bootstrap."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    reference: str | None = None
    threshold: Literal["youden"] | FixedThreshold = "youden"
    adjust: Literal["holm", "hochberg", "hommel", "bonferroni", "bh", "by"] = "holm"
    margin: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    tests: tuple[str, ...] = ()
    risk_categories: tuple[Probability, ...] = ()
    contrasts: dict[str, dict[str, float]] = Field(default_factory=dict)
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
    """The whole file."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    title: str = ""
    cohort: CohortDeclaration
    feature_sets: Annotated[dict[str, list[str]], BeforeValidator(_as_sets)] = Field(default_factory=dict)
    preprocessings: dict[str, list[str | dict[str, dict[str, Any] | None]]]
    classifiers: Literal["all"] | list[str | dict[str, dict[str, Any] | None]]
    class_weight: ClassWeight = "none"
    splits: Annotated[list[SplitsSection], BeforeValidator(_as_list)] = Field(
        default_factory=lambda: [SplitsSection()], min_length=1
    )
    tuning: TuningSection = Field(default_factory=TuningSection)
    statistics: StatisticsSection = Field(default_factory=StatisticsSection)
    seed: Annotated[int, Field(ge=0)] = 0
    workers: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True)
class Experiment:
    """What an experiment file says, as the nouns of radbench. ``feature_sets`` maps a name to blocks or families; it is
    empty for every combination of the cohort's families."""

    name: str
    title: str
    file: YamlFile
    cohort: CohortDeclaration
    feature_sets: dict[str, tuple[str, ...]]
    preprocessings: tuple[Preprocessing, ...]
    classifiers: tuple[ClassifierChoice, ...]
    designs: tuple[Design, ...]
    tuning: Tuning
    statistics: StatisticsSection
    seed: int
    workers: int | None


def read_experiment(path: Path) -> Experiment:
    """Read and check an experiment file. Raises ``ConfigError`` with file and line for the first mistake."""
    file = read_yaml(path)
    told = parse(ExperimentFile, file)
    try:
        return Experiment(
            told.name or path.stem,
            told.title,
            file,
            told.cohort,
            {name: tuple(parts) for name, parts in told.feature_sets.items()},
            _preprocessings(told),
            _classifiers(told),
            _designs(told),
            Tuning(told.tuning.trials, told.tuning.inner_folds, told.tuning.sampler),
            told.statistics,
            told.seed,
            told.workers,
        )
    except ConfigError as error:
        raise file.locate(error) from None


def _preprocessings(told: ExperimentFile) -> tuple[Preprocessing, ...]:
    if not told.preprocessings:
        raise ConfigError("preprocessings is empty: name at least one list of steps", path=("preprocessings",))
    return tuple(
        Preprocessing(name, tuple(_step(item, ("preprocessings", name, place)) for place, item in enumerate(items)))
        for name, items in told.preprocessings.items()
    )


def _step(item: str | dict[str, dict[str, Any] | None], path: Path_) -> StepChoice:
    name, given = _named(item, "step", path)
    kind = pick("step", STEPS, name, path=(*path, name))
    families, per_block = given.pop("families", None), given.pop("per_block", None)
    if isinstance(families, str):
        families = [families]
    if families is not None and not (isinstance(families, list) and all(isinstance(part, str) for part in families)):
        raise ConfigError(f"families should be a list of names, found {families!r}", path=(*path, name, "families"))
    if per_block is not None and not isinstance(per_block, bool):
        raise ConfigError(f"per_block should be true or false, found {per_block!r}", path=(*path, name, "per_block"))
    params = check_parameters(kind, given, leave_out=HARNESS_PARAMETERS, path=(*path, name))
    try:
        kind(**params).check()
    except ConfigError as error:
        raise ConfigError(str(error), path=(*path, name)) from None
    return StepChoice(name, params, None if families is None else tuple(families), per_block)


def _classifiers(told: ExperimentFile) -> tuple[ClassifierChoice, ...]:
    items: Iterable[Any] = CLASSIFIERS if told.classifiers == "all" else told.classifiers
    choices = []
    for place, item in enumerate(items):
        path = ("classifiers", place)
        name, params = _named(item, "classifier", path)
        pick("classifier", CLASSIFIERS, name, path=(*path, name))
        candidates = params.pop("try_first", [])
        if not (isinstance(candidates, list) and all(isinstance(candidate, dict) for candidate in candidates)):
            message = f"try_first should be a list of hyperparameters, found {candidates!r}"
            raise ConfigError(message, path=(*path, name, "try_first"))
        for given in (params, *candidates):
            _check_classifier(name, given, (*path, name))
        choices.append(ClassifierChoice(name, params, tuple(candidates), told.class_weight))
    names = [choice.name for choice in choices]
    if not names:
        raise ConfigError("classifiers is empty: name at least one", path=("classifiers",))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ConfigError(f"classifier '{twice}' is named twice", path=("classifiers",))
    return tuple(choices)


def _check_classifier(name: str, params: dict[str, Any], path: Path_) -> None:
    try:
        classifiers.build(name, seed=0, params=params)
    except ConfigError as error:
        raise ConfigError(str(error), path=(*path, *error.path)) from None
    except ValueError as error:
        raise ConfigError(f"{name}: {error}", path=path) from None


def _named(item: str | dict[str, Any], what: str, path: Path_) -> tuple[str, dict[str, Any]]:
    """``lasso`` or ``lasso: {rule: minimum}`` as name and parameters."""
    if isinstance(item, str):
        return item, {}
    if len(item) != 1:
        raise ConfigError(f"one {what} per item, found {len(item)}: {', '.join(item)}. Put each behind its own dash",
                          path=path)  # fmt: skip
    name, given = next(iter(item.items()))
    return name, dict(given or {})


def _designs(told: ExperimentFile) -> tuple[Design, ...]:
    designs = [
        Design(
            part.name or part.kind,
            part.kind,
            part.folds,
            part.repeats,
            part.test_size,
            told.tuning.inner_folds,
            part.shared_patients,
        )
        for part in told.splits
    ]
    names = [design.name for design in designs]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ConfigError(f"two splits are called '{name}': give one a name", path=("splits", place))
    return tuple(designs)
