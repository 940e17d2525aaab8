"""A published pipeline on tables of one's own: its steps, models and statistics, with another cohort."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmark.errors import ConfigError, did_you_mean, unknown
from benchmark.published.catalogue import Pipeline
from benchmark.readers.cohort_file import CohortFile
from benchmark.readers.declaration import CohortDeclaration
from benchmark.yaml_file import parse, read_yaml

OWN = ("cohort", "outcomes", "imported", "splits", "tuning", "statistics", "describe", "explain", "seed", "workers")
"""What the owner of the tables may say; the rest is the pipeline's."""


def with_own_tables(pipeline: Pipeline, path: Path) -> dict[str, Any]:
    """What the pipeline asks for, of the cohort that a file declares.

    Raises ``ConfigError`` with file and line for a mistake in the file, and if its tables lack a block that the
    pipeline needs, a batch, a role, or repeated readings.
    """
    file = read_yaml(path)
    cohort = parse(CohortFile, file).cohort
    try:
        _check(pipeline, cohort, file.data)
    except ConfigError as error:
        raise file.locate(error) from None
    data = {key: value for key, value in pipeline.file.data.items() if key not in ("outcomes", "imported")}
    own = {key: _absolute(file.data[key], path.parent) for key in OWN if key in file.data}
    return data | own | {"title": f"{pipeline.file.data.get('title', pipeline.name)}: {cohort.name}"}


def _check(pipeline: Pipeline, cohort: CohortDeclaration, said: Mapping[str, Any]) -> None:
    code, wanted = pipeline.study.code, pipeline.asked.cohort
    families = {name: cohort.family(name) for name in (*cohort.blocks, *cohort.differences)}
    for part in _parts(pipeline, said):
        if part not in families and part not in families.values():
            have = ", ".join(f"{name} ({family})" if family != name else name for name, family in families.items())
            told = ", ".join(f"{name} ({wanted.family(name)})" for name in wanted.blocks)
            near = did_you_mean(part, [*families, *families.values()])
            message = f"{code} needs the block or family '{part}', found {have}.{near} Name yours as it does: {told}"
            raise ConfigError(message, path=("cohort", "blocks"))
    if not pipeline.is_audit and cohort.outcome is None and "outcomes" not in said:
        raise ConfigError(f"{code} predicts an outcome: declare cohort.outcome", path=("cohort",))
    for what, why in (("batch", "harmonizes over"), ("role", "splits cases by"), ("patient", "keeps together")):
        if getattr(wanted, what) is not None and getattr(cohort, what) is None and not _may_lack(what, said):
            raise ConfigError(f"{code} {why} cohort.{what}, which is not declared", path=("cohort",))
    for name in wanted.covariates:
        if name not in cohort.covariates:
            raise ConfigError(
                f"{code} harmonizes by cohort.covariates. {unknown('covariate', name, cohort.covariates)}",
                path=("cohort",),
            )
    for name, block in wanted.blocks.items():
        if block.readings and name in cohort.blocks and not _is_read_again(cohort, name):
            raise ConfigError(
                f"{code} needs repeated readings of '{name}' for its reliability filter: declare readings, reading or "
                "test_retest",
                path=("cohort", "blocks", name),
            )


def _parts(pipeline: Pipeline, said: Mapping[str, Any]) -> list[str]:
    """The blocks and families of its feature sets, and of what it describes; of an audit, and of sets that are all
    combinations, its blocks."""
    if pipeline.is_audit:
        return list(pipeline.asked.cohort.blocks)
    asked = pipeline.experiment
    parts = [part for one in asked.feature_sets.values() for part in one] or list(asked.cohort.blocks)
    described = [] if "describe" in said else [*(asked.describe.baseline or ()), *asked.describe.univariate]
    return list(dict.fromkeys([*parts, *described]))


def _may_lack(what: str, said: Mapping[str, Any]) -> bool:
    """Whether another design was asked for, which needs no roles; patients may own one case each."""
    return what == "patient" or (what == "role" and "splits" in said)


def _is_read_again(cohort: CohortDeclaration, name: str) -> bool:
    block = cohort.blocks[name]
    return bool(block.readings or block.reading or block.test_retest)


def _absolute(value: Any, folder: Path) -> Any:
    """The same with every name of a file in ``folder`` made absolute, for a file that is written elsewhere."""
    if isinstance(value, dict):
        return {key: _absolute(part, folder) for key, part in value.items()}
    if isinstance(value, list):
        return [_absolute(part, folder) for part in value]
    if isinstance(value, str) and (folder / value).is_file():
        return str((folder / value).resolve())
    return value
