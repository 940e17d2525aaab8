"""What a harmonization audit is asked for: the file, its batch variables, and the methods that are compared.

The file is an experiment, or a cohort alone. Of an experiment every preprocessing that harmonizes is a method; what it
does after the last harmonizing step is left out. Without preprocessings, ComBat after imputation is the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from benchmark.errors import ConfigError
from benchmark.experiment import preprocessings_of
from benchmark.experiment_file import ExperimentFile
from benchmark.projection import Projection
from benchmark.readers.declaration import CohortDeclaration
from benchmark.recipe import Preprocessing, StepChoice
from benchmark.steps import STEPS
from benchmark.steps.batch_labels import BATCH_OF_COHORT
from benchmark.steps.harmonizer import Harmonizer
from benchmark.study import StudySection
from benchmark.yaml_file import Section, YamlFile, parse, read_yaml

BEFORE = "before"
Classifier = Literal["logistic_l2", "lda", "random_forest", "extra_trees"]
DEFAULT_METHODS: dict[str, list[Any]] = {"ComBat": ["impute", "combat"]}


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class AuditSection(Section):
    """``batches``: the batch variables that are looked at, ``batch`` or covariates of the cohort. ``folds``: of the
    cross-validated prediction of the batch by each of ``classifiers``: a linear one finds means, a forest anything.
    ``least``: levels with fewer cases are left out."""

    batches: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)] = (BATCH_OF_COHORT,)
    folds: Annotated[int, Field(ge=2)] = 5
    least: Annotated[int, Field(ge=4)] = 10
    classifiers: Annotated[tuple[Classifier, ...], Field(min_length=1)] = ("logistic_l2", "random_forest")
    permutations: Annotated[int, Field(ge=19)] = 999
    projections: tuple[Projection, ...] = ("pca", "tsne")
    significance: Annotated[float, Field(gt=0, lt=0.5)] = 0.05


class HarmonizationFile(Section):
    """The keys of an experiment that the audit reads, and ``harmonization``, which it alone has."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    title: str = ""
    study: StudySection | None = None
    cohort: CohortDeclaration
    preprocessings: dict[str, list[str | dict[str, dict[str, Any] | None]]] = Field(default=DEFAULT_METHODS)
    harmonization: AuditSection = Field(default_factory=AuditSection)
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="before")
    @classmethod
    def _pass_over(cls, data: Any) -> Any:
        """What else an experiment says is of no concern here."""
        others = set(ExperimentFile.model_fields) - set(cls.model_fields)
        return {key: data[key] for key in data if key not in others} if isinstance(data, dict) else data


@dataclass(frozen=True)
class Method:
    """A harmonization: ``before`` are the steps that stand before its first harmonizing step, ``after`` the others up
    to its last."""

    name: str
    before: tuple[StepChoice, ...]
    after: tuple[StepChoice, ...]


@dataclass(frozen=True)
class AuditPlan:
    """What is asked for, checked as far as it can be without the cohort."""

    name: str
    title: str
    file: YamlFile
    cohort: CohortDeclaration
    methods: tuple[Method, ...]
    section: AuditSection
    seed: int
    study: StudySection | None = None


def read_plan(path: Path) -> AuditPlan:
    """Read and check the file of an audit. Raises ``ConfigError`` with file and line for the first mistake."""
    file = read_yaml(path)
    told = parse(HarmonizationFile, file)
    try:
        methods = _methods(preprocessings_of(told.preprocessings))
    except ConfigError as error:
        raise file.locate(error) from None
    name = told.name or path.stem
    return AuditPlan(name, told.title, file, told.cohort, methods, told.harmonization, told.seed, told.study)


def _methods(preprocessings: tuple[Preprocessing, ...]) -> tuple[Method, ...]:
    methods = tuple(method for one in preprocessings if (method := _method(one)) is not None)
    if not methods:
        names = ", ".join(name for name, kind in STEPS.items() if issubclass(kind, Harmonizer))
        raise ConfigError(f"no preprocessing harmonizes: name one of {names} in its steps", path=("preprocessings",))
    first = methods[0]
    for method in methods[1:]:
        if method.before != first.before:
            raise ConfigError(
                f"'{method.name}' and '{first.name}' have different steps before they harmonize: give them the same, "
                "so that there is one state before",
                path=("preprocessings", method.name),
            )
    return methods


def _method(preprocessing: Preprocessing) -> Method | None:
    steps = preprocessing.steps
    places = [place for place, step in enumerate(steps) if issubclass(STEPS[step.name], Harmonizer)]
    if not places:
        return None
    for place, step in enumerate(steps[: places[-1] + 1]):
        if STEPS[step.name].supervised:
            raise ConfigError(
                f"{step.name} looks at the outcome before the harmonization: the audit is without an outcome. Put it "
                "behind the harmonizing steps",
                path=("preprocessings", preprocessing.name, place, step.name),
            )
    if preprocessing.name == BEFORE:
        raise ConfigError(f"'{BEFORE}' is the name of the unharmonized state", path=("preprocessings", BEFORE))
    return Method(preprocessing.name, steps[: places[0]], steps[places[0] : places[-1] + 1])
