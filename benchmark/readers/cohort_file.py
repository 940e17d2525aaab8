"""A file whose ``cohort`` section alone is of interest: an experiment, an audit, or a cohort by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError
from benchmark.readers.declaration import CohortDeclaration
from benchmark.readers.load import load_cohort
from benchmark.yaml_file import Excerpt, parse, read_yaml


class CohortFile(Excerpt):
    """The cohort of a file, and the name of its study."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    cohort: CohortDeclaration


def read_cohort(path: Path) -> tuple[str, Cohort]:
    """The name of the file's study, and its cohort, with or without an outcome. Raises ``ConfigError`` with file and
    line, ``TableError`` for what is wrong in a table."""
    file = read_yaml(path)
    told = parse(CohortFile, file)
    try:
        return told.name or path.stem, load_cohort(told.cohort, path.parent, unlabelled=True)
    except ConfigError as error:
        raise file.locate(error) from None
