"""A pack: what its file says, checked before any work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmark.errors import ConfigError, unknown
from benchmark.packs.addresses import check_address
from benchmark.packs.pack_file import PackFile
from benchmark.yaml_file import YamlFile, parse, read_yaml

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path("experiments") / "packs"


@dataclass(frozen=True)
class Pack:
    """``name``: that of the file; ``told``: what it says."""

    name: str
    told: PackFile
    file: YamlFile

    @property
    def folder(self) -> Path:
        """Where its file lies; names of files start there."""
        return self.file.path.parent

    @property
    def experiments(self) -> Mapping[str, Path]:
        """The experiments' files by their names."""
        return {name: self.folder / path for name, path in self.told.experiments.items()}


def shelf() -> dict[str, Path]:
    """The packs of the current folder and of the project, by name."""
    folders = dict.fromkeys(place / FOLDER for place in (Path(), PROJECT))
    found = [path for folder in reversed(folders) for path in sorted(folder.glob("*.yaml"))]
    return dict(sorted({path.stem: path for path in found}.items()))


def find_pack(asked: str) -> Path:
    """A pack by its name, or by the path of a YAML. ``ConfigError`` with the nearest name if there is none."""
    if Path(asked).suffix in (".yaml", ".yml"):
        return Path(asked)
    packs = shelf()
    if asked not in packs:
        raise ConfigError(f"{unknown('pack', asked, packs)}. Or give the path of a YAML")
    return packs[asked]


def read_pack(path: Path) -> Pack:
    """The pack of a file. ``ConfigError`` with file and line for the first mistake."""
    file = read_yaml(path)
    pack = Pack(path.stem, parse(PackFile, file), file)
    sources = [*pack.told.predictions, *pack.told.experiments]
    for place, number in enumerate(pack.told.numbers):
        try:
            if number.ours is not None:
                check_address(number.ours, sources, ("numbers", place, "ours"))
        except ConfigError as error:
            raise file.locate(error) from None
    return pack
