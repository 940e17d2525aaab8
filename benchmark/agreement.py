"""Whether an experiment can be run on its cohort, and which blocks its feature sets have there."""

from __future__ import annotations

from itertools import combinations

from benchmark.classifiers import CLASSIFIERS
from benchmark.cohort import Cohort
from benchmark.described.asked import described_of
from benchmark.errors import ConfigError, first_of, unknown
from benchmark.experiment import Experiment
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice, blocks_of, touched_blocks
from benchmark.steps import STEPS
from benchmark.yaml_file import Path_

MAX_FAMILIES = 4
"""``feature_sets: all`` means every combination of up to so many families."""


def feature_sets_of(experiment: Experiment, cohort: Cohort) -> tuple[FeatureSet, ...]:
    """The feature sets with their blocks. Raises ``ConfigError`` for an unknown block or family."""
    if not experiment.feature_sets:
        return _all_sets(cohort)
    sets = []
    for name, parts in experiment.feature_sets.items():
        try:
            blocks = blocks_of(parts, cohort)
        except ConfigError as error:
            raise experiment.file.locate(ConfigError(str(error), path=("feature_sets", name))) from None
        if not blocks:
            raise experiment.file.locate(ConfigError(f"feature set '{name}' is empty", path=("feature_sets", name)))
        sets.append(FeatureSet(name, blocks))
    return tuple(sets)


def check_against(experiment: Experiment, cohort: Cohort) -> None:
    """Whether the experiment can be run on the cohort. Raises ``ConfigError`` with the line of the first mistake."""
    try:
        sets = feature_sets_of(experiment, cohort)
        _check_arms(experiment, [item.name for item in sets])
        _check_reference(experiment, sets)
        described_of(experiment.describe, cohort, sets)
        _check_subgroups(cohort)
        _check_nomogram(experiment, cohort)
        for preprocessing in experiment.preprocessings:
            for number, choice in enumerate(preprocessing.steps):
                path = ("preprocessings", preprocessing.name, number, choice.name)
                _check_step(choice, cohort, path)
            _check_encoded(preprocessing, sets, cohort)
    except ConfigError as error:
        raise error if str(error).startswith(str(experiment.file.path)) else experiment.file.locate(error) from None


def _all_sets(cohort: Cohort) -> tuple[FeatureSet, ...]:
    families = cohort.families
    if len(families) > MAX_FAMILIES:
        raise ConfigError(f"{len(families)} families make too many combinations: list the feature_sets you mean")
    chosen = [names for size in range(1, len(families) + 1) for names in combinations(families, size)]
    return tuple(FeatureSet(" + ".join(names), blocks_of(names, cohort)) for names in chosen)


def _check_arms(experiment: Experiment, sets: list[str]) -> None:
    """Fusions join known feature sets, ensembles known classifiers, and no arm has the name of another."""
    classifiers = [choice.name for choice in experiment.classifiers]
    for section, arms, what, known in (
        ("fusions", experiment.fusions, "feature set", sets),
        ("ensembles", experiment.ensembles, "classifier", classifiers),
    ):
        for arm in arms:
            if arm.name in known:
                raise ConfigError(f"a {what} is called '{arm.name}' as well", path=(section, arm.name))
            for part in arm.of:
                if part not in known:
                    raise ConfigError(unknown(what, part, known), path=(section, arm.name, "of"))
    for name in experiment.imported:
        if name in sets or name in [fusion.name for fusion in experiment.fusions]:
            raise ConfigError(f"a feature set or fusion is called '{name}' as well", path=("imported", name))


def _check_reference(experiment: Experiment, sets: tuple[FeatureSet, ...]) -> None:
    reference = experiment.statistics.reference
    names = [*(item.name for item in sets), *(fusion.name for fusion in experiment.fusions), *experiment.imported]
    if reference is not None and reference not in names:
        raise ConfigError(unknown("feature set", reference, names), path=("statistics", "reference"))


def _check_nomogram(experiment: Experiment, cohort: Cohort) -> None:
    """One probability, so two classes, or a contrast of one class against one: its log-odds are a sum over features
    where a model has a line for each class; those of several classes together are not."""
    asked, path = experiment.explain, ("explain", "nomogram")
    if not asked.nomogram or len(cohort.classes) == 2:
        return
    if asked.sides is None:
        raise ConfigError(
            f"a nomogram shows one probability, and the outcome has {len(cohort.classes)} classes: name one of them on "
            "either side of statistics.contrast, or fit a model of two sides, by positive and negative of the outcome",
            path=path,
        )
    for label in asked.sides:
        if label not in cohort.classes:
            raise ConfigError(unknown("class", label, cohort.classes), path=("statistics", "contrast"))
    apart = next((name for name in asked.nomogram if CLASSIFIERS[name].two_classes), None)
    if apart is not None:
        raise ConfigError(
            f"{apart} has a model of each class against the rest, whose log-odds do not add up", path=path
        )


def _check_subgroups(cohort: Cohort) -> None:
    """A subgroup has levels to tell apart."""
    for name, column in cohort.subgroups.items():
        if column.nunique() < 2:
            raise ConfigError(
                f"subgroup '{name}': every case has the level '{column.iloc[0]}'. Expected two levels or more",
                path=("cohort", "subgroups", str(name)),
            )


def _check_step(choice: StepChoice, cohort: Cohort, path: Path_) -> None:
    kind = STEPS[choice.name]
    if choice.families is not None:
        try:
            blocks = blocks_of(choice.families, cohort)
        except ConfigError as error:
            raise ConfigError(str(error), path=(*path, "families")) from None
    else:
        blocks = touched_blocks(choice, FeatureSet("", tuple(cohort.blocks)), cohort)
    if kind.needs_readings:
        without = [name for name in blocks if cohort.block(name).readings is None]
        if without or not blocks:
            where = f"block {without[0]} has none" if without else "no image block has any"
            raise ConfigError(
                f"{choice.name} needs repeated readings and {where}: add readings to the block", path=path
            )
    for name in choice.params.get("covariates", ()):
        if name not in cohort.covariates.columns:
            known = list(cohort.covariates.columns)
            hint = unknown("covariate", name, known) if known else f"unknown covariate '{name}': add cohort.covariates"
            raise ConfigError(hint, path=(*path, "covariates"))
    try:
        kind(**choice.params).check_cohort(cohort)
    except ConfigError as error:
        raise ConfigError(str(error), path=path) from None


def _check_encoded(preprocessing: Preprocessing, sets: tuple[FeatureSet, ...], cohort: Cohort) -> None:
    """Text must be encoded, and missing values imputed, before a classifier sees them."""
    path = ("preprocessings", preprocessing.name)
    for item in sets:
        encoded = _touched_by("encode", preprocessing, item, cohort)
        imputed = _touched_by("impute", preprocessing, item, cohort)
        for name in item.blocks:
            block = cohort.block(name)
            if block.categorical and name not in encoded:
                raise ConfigError(
                    f"block {name} has categorical columns {first_of(block.categorical)} and preprocessing "
                    f"'{preprocessing.name}' has no step that encodes them: add encode", path=path
                )  # fmt: skip
            missing = int(block.table.isna().to_numpy().sum())
            if missing and name not in imputed:
                raise ConfigError(
                    f"block {name} has {missing} missing values and preprocessing '{preprocessing.name}' has no step "
                    "that imputes them: add impute", path=path
                )  # fmt: skip


def _touched_by(step: str, preprocessing: Preprocessing, item: FeatureSet, cohort: Cohort) -> set[str]:
    choices = [choice for choice in preprocessing.steps if choice.name == step]
    return {name for choice in choices for name in touched_blocks(choice, item, cohort)}
