"""An experiment: one YAML, checked before any work, and what it says.

The sections mirror the file. What needs the cohort (which blocks a feature set has, whether there is a batch) is
checked by ``benchmark.agreement`` as soon as the cohort is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmark import classifiers
from benchmark.choices import CHOOSE, Item, ListOfSteps, expand, with_lines
from benchmark.classifiers import CLASSIFIERS
from benchmark.described.section import DescribeSection
from benchmark.errors import ConfigError, unknown
from benchmark.experiment_file import ClassContrast, ExperimentFile, FusionSection, StatisticsSection
from benchmark.explain.coefficients import is_line
from benchmark.menu import check_parameters, pick
from benchmark.plan import Explain, Tuning
from benchmark.predictions import ALL_CASES
from benchmark.readers.declaration import CohortDeclaration, OutcomeDeclaration
from benchmark.readers.imported import ImportedDeclaration
from benchmark.recipe import ClassifierChoice, Fusion, Preprocessing, StepChoice
from benchmark.resamplers import RESAMPLERS
from benchmark.splits import Design
from benchmark.steps import STEPS
from benchmark.steps.step import HARNESS_PARAMETERS
from benchmark.study import StudySection
from benchmark.yaml_file import Path_, YamlFile, parse, read_yaml

ALL = ("all",)


@dataclass(frozen=True)
class Experiment:
    """What an experiment file says, as the nouns of radbench. ``feature_sets`` maps a name to blocks or families; it is
    empty for every combination of the cohort's families. ``choices``: the level of each factor, by the names of the
    preprocessings that a list with choice points stands for. ``outcomes``: empty, or each an experiment of its own."""

    name: str
    title: str
    file: YamlFile
    cohort: CohortDeclaration
    feature_sets: dict[str, tuple[str, ...]]
    preprocessings: tuple[Preprocessing, ...]
    choices: Mapping[str, Mapping[str, str]]
    classifiers: tuple[ClassifierChoice, ...]
    fusions: tuple[Fusion, ...]
    ensembles: tuple[Fusion, ...]
    imported: Mapping[str, ImportedDeclaration]
    designs: tuple[Design, ...]
    tuning: Tuning
    explain: Explain
    statistics: StatisticsSection
    seed: int
    workers: int | None
    outcomes: Mapping[str, OutcomeDeclaration]
    study: StudySection | None
    describe: DescribeSection

    def by_outcome(self) -> dict[str, Experiment]:
        """The experiment of each outcome by name; itself under "" if it has only one."""
        return {name: self._with_outcome(name, said) for name, said in self.outcomes.items()} or {"": self}

    def _with_outcome(self, name: str, said: OutcomeDeclaration) -> Experiment:
        cohort = self.cohort.model_copy(update={"outcome": said})
        title = f"{self.title or self.name}: {name}"
        imported = {model: one for model, one in self.imported.items() if one.outcome in (None, name)}
        return replace(self, name=f"{self.name}/{name}", title=title, cohort=cohort, imported=imported, outcomes={})


def read_experiment(path: Path) -> Experiment:
    """Read and check an experiment file. Raises ``ConfigError`` with file and line for the first mistake."""
    file = read_yaml(path)
    told = parse(ExperimentFile, file)
    try:
        _check_outcome(told)
        lists = expand(told.preprocessings)
        file = with_lines(file, lists)
        return Experiment(
            told.name or path.stem,
            told.title,
            file,
            told.cohort,
            {name: tuple(parts) for name, parts in told.feature_sets.items()},
            preprocessings_of(told.preprocessings),
            {one.name: one.levels for one in lists if one.levels},
            _classifiers(told),
            _arms(told.fusions),
            _arms(told.ensembles),
            told.imported,
            _designs(told),
            Tuning(told.tuning.trials, told.tuning.inner_folds, told.tuning.sampler),
            _explain(told),
            told.statistics,
            told.seed,
            told.workers,
            told.outcomes,
            told.study,
            told.describe,
        )
    except ConfigError as error:
        raise file.locate(error) from None


def _explain(told: ExperimentFile) -> Explain:
    names = [choice.name for choice in _classifiers(told)]
    for key, asked in (("shap", told.explain.shap), ("nomogram", told.explain.nomogram)):
        for name in asked if asked != ALL else ():
            pick("classifier", dict.fromkeys(names), name, path=("explain", key))
    shap = names if told.explain.shap == ALL else told.explain.shap
    drawn = _nomogram(told, names) if told.explain.nomogram else ()
    return Explain(tuple(shap), told.explain.background, drawn, _sides(told.statistics.contrast))


def _sides(told: ClassContrast | None) -> tuple[str, str] | None:
    """The classes of a contrast of one against one, the positive last."""
    if told is None or len(told.positive) > 1 or len(told.negative) > 1:
        return None
    return told.negative[0], told.positive[0]


def _nomogram(told: ExperimentFile, names: Sequence[str]) -> tuple[str, ...]:
    """The classifiers that are shown as a nomogram: their log-odds are a line of the features, of one preprocessing."""
    path = ("explain", "nomogram")
    lines = [name for name in names if is_line(name)]
    asked = lines if told.explain.nomogram == ALL else told.explain.nomogram
    strange = [name for name in asked if name not in lines]
    if strange or not asked:
        found = f"those of {strange[0]} are not" if strange else "no classifier of the experiment is such a model"
        known = ", ".join(name for name in CLASSIFIERS if is_line(name))
        message = f"a nomogram adds up points: the log-odds must be a sum over features, and {found}. Known: {known}"
        raise ConfigError(message, path=path)
    if any(one.levels for one in expand(told.preprocessings)):
        message = "a nomogram is of one preprocessing, and here are choices of several: draw it without choose"
        raise ConfigError(message, path=path)
    return tuple(asked)


def _check_outcome(told: ExperimentFile) -> None:
    if told.cohort.outcome is None and not told.outcomes:
        raise ConfigError("no outcome: declare cohort.outcome, or several by name under outcomes", path=("cohort",))
    if told.cohort.outcome is not None and told.outcomes:
        raise ConfigError("outcomes has several outcomes: leave cohort.outcome out", path=("outcomes",))
    for name, model in told.imported.items():
        if model.outcome is not None and model.outcome not in told.outcomes:
            message = unknown("outcome", model.outcome, told.outcomes)
            raise ConfigError(message, path=("imported", name, "outcome"))


def _arms(told: Mapping[str, FusionSection]) -> tuple[Fusion, ...]:
    return tuple(Fusion(name, section.of, section.rule) for name, section in told.items())


def preprocessings_of(told: Mapping[str, Sequence[Item]]) -> tuple[Preprocessing, ...]:
    """The lists of steps of a file, and every combination of their choices. Raises ``ConfigError`` with the key's place
    for the first mistake."""
    if not told:
        raise ConfigError("preprocessings is empty: name at least one list of steps", path=("preprocessings",))
    return tuple(_preprocessing(one) for one in expand(told))


def _preprocessing(told: ListOfSteps) -> Preprocessing:
    """A list of steps, the last of which may be a resampler."""
    name, items, places = told.name, told.items, told.places
    if not items or _named(items[-1], "step", places[-1])[0] not in RESAMPLERS:
        return Preprocessing(name, tuple(map(_step, items, places)))
    return Preprocessing(name, tuple(map(_step, items[:-1], places)), _resampler(items[-1], places[-1]))


def _resampler(item: Item, path: Path_) -> StepChoice:
    name, given = _named(item, "resampler", path)
    params = check_parameters(RESAMPLERS[name], given, leave_out=HARNESS_PARAMETERS, path=(*path, name))
    return StepChoice(name, params)


def _step(item: Item, path: Path_) -> StepChoice:
    name, given = _named(item, "step", path)
    if name in RESAMPLERS:
        message = f"{name} must be the last item: steps after it would learn from rows that are not there"
        raise ConfigError(message, path=(*path, name))
    if name not in STEPS:
        raise ConfigError(unknown("step", name, [*STEPS, CHOOSE]), path=(*path, name))
    kind = STEPS[name]
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
            part.repeated,
            part.test_size,
            told.tuning.inner_folds,
            part.shared_patients,
            part.rare_classes,
            part.refit,
        )
        for part in told.splits
    ]
    names = [design.name for design in designs]
    for place, name in enumerate(names):
        if name == ALL_CASES:
            raise ConfigError(f"'{name}' is a name for models of all cases: take another", path=("splits", place))
        if name in names[:place]:
            raise ConfigError(f"two splits are called '{name}': give one a name", path=("splits", place))
    return tuple(designs)
