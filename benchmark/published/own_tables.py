"""A published pipeline on tables of one's own: its steps, models and statistics, with another cohort."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmark.errors import ConfigError, unknown
from benchmark.published.catalogue import Pipeline
from benchmark.readers.cohort_file import CohortFile
from benchmark.readers.declaration import CohortDeclaration
from benchmark.yaml_file import parse, read_yaml

OWN = ("cohort", "outcomes", "imported", "splits", "tuning", "statistics", "seed", "workers")
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


def _check(pipeline: Pipeline, cohort: CohortDeclaration, said: dict[str, Any]) -> None:
    code, wanted = pipeline.study.code, pipeline.asked.cohort
    have = [*cohort.blocks, *cohort.differences]
    families = {name: cohort.family(name) for name in have}
    for part in _parts(pipeline):
        if part not in families and part not in families.values():
            told = ", ".join(f"{name} ({wanted.family(name)})" for name in wanted.blocks)
            raise ConfigError(
                f"{code} needs the block or family '{part}'. {unknown('block', part, have)}. Name your tables as the "
                f"pipeline does: {told}",
                path=("cohort", "blocks"),
            )
    for what, why in (("batch", "harmonizes over"), ("role", "splits cases by"), ("patient", "keeps together")):
        if getattr(wanted, what) is not None and getattr(cohort, what) is None and not _may_lack(what, said):
            raise ConfigError(f"{code} {why} cohort.{what}, which is not declared", path=("cohort",))
    for name, block in wanted.blocks.items():
        if block.readings and name in cohort.blocks and not _is_read_again(cohort, name):
            raise ConfigError(
                f"{code} needs repeated readings of '{name}' for its reliability filter: declare readings, reading or "
                "test_retest",
                path=("cohort", "blocks", name),
            )


def _parts(pipeline: Pipeline) -> list[str]:
    """The blocks and families of its feature sets; of an audit, and of sets that are all combinations, its blocks."""
    sets = {} if pipeline.is_audit else pipeline.experiment.feature_sets
    parts = [part for one in sets.values() for part in one] or list(pipeline.asked.cohort.blocks)
    return list(dict.fromkeys(parts))


def _may_lack(what: str, said: dict[str, Any]) -> bool:
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
