"""The published pipelines of ``experiments/published``: one file each, an experiment or a harmonization audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmark.errors import ConfigError, unknown
from benchmark.experiment_file import ExperimentFile
from benchmark.harmonization.plan import HarmonizationFile
from benchmark.readers.files import PROJECT
from benchmark.study import StudySection
from benchmark.yaml_file import Excerpt, YamlFile, parse, read_yaml

FOLDER = Path("experiments") / "published"


class StudyFile(Excerpt):
    """What any published file must have."""

    study: StudySection


@dataclass(frozen=True)
class Pipeline:
    """A published pipeline: what its file asks for, and of which study."""

    file: YamlFile
    study: StudySection
    asked: ExperimentFile | HarmonizationFile

    @property
    def name(self) -> str:
        """The name of the study, which is that of its file."""
        return self.file.path.stem

    @property
    def is_audit(self) -> bool:
        """Whether it harmonizes and predicts nothing."""
        return isinstance(self.asked, HarmonizationFile)

    @property
    def experiment(self) -> ExperimentFile:
        """What it asks for; ``ConfigError`` of an audit."""
        if isinstance(self.asked, ExperimentFile):
            return self.asked
        raise ConfigError(f"{self.name} is a harmonization audit: it predicts nothing")


def pipelines(folder: Path | None = None) -> list[Pipeline]:
    """All of them, by their code in the catalogue. Raises ``ConfigError`` if there is no folder of them, for the first
    mistake in a file, and for a code that two files have."""
    found = [_read(path) for path in sorted((folder or _folder()).glob("*.yaml"))]
    found.sort(key=lambda one: (one.study.code[0], int(one.study.code[1:])))
    for one, other in pairwise(found):
        if one.study.code == other.study.code:
            raise ConfigError(f"{other.file.path}: the code {one.study.code} is that of {one.file.path.name}")
    return found


def pick(name: str, known: Sequence[Pipeline]) -> Pipeline:
    """The pipeline of a code or a name; ``ConfigError`` with the nearest one."""
    for one in known:
        if name.casefold() in (one.study.code.casefold(), one.name.casefold()):
            return one
    raise ConfigError(unknown("study", name, [text for one in known for text in (one.name, one.study.code)]))


def _folder() -> Path:
    for place in (Path.cwd(), PROJECT):
        if (place / FOLDER).is_dir():
            return place / FOLDER
    raise ConfigError(f"no folder {FOLDER}: published pipelines are read from the project's folder")


def _read(path: Path) -> Pipeline:
    file = read_yaml(path)
    study = parse(StudyFile, file).study
    if "harmonization" in file.data:
        return Pipeline(file, study, parse(HarmonizationFile, file))
    return Pipeline(file, study, parse(ExperimentFile, file))
