"""Where a table named in the YAML is looked for."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from benchmark.errors import ConfigError

VARIABLE = "RADBENCH_DATA"
PROJECT = Path(__file__).resolve().parents[2]


def find_file(name: str, folder: Path, *, path: tuple[str | int, ...] = ()) -> Path:
    """The file, absolute or in the first place of ``places`` that has it. ``ConfigError`` at ``path`` (the key's place
    in the YAML) says where it was looked for, and the nearest name there."""
    wanted = Path(name).expanduser()
    tried = [wanted] if wanted.is_absolute() else [place / wanted for place in places(folder)]
    for candidate in tried:
        if candidate.is_file():
            return candidate
    looked = ", ".join(str(candidate.parent) for candidate in tried)
    said = "" if wanted.is_absolute() or os.environ.get(VARIABLE) else f" {VARIABLE} is not set."
    raise ConfigError(f"no file '{name}'.{_nearest(tried)} Looked in: {looked}.{said}", path=path)


def places(folder: Path) -> list[Path]:
    """The folder of the YAML, ``RADBENCH_DATA``, and ``../shared/data`` beside the project or the current folder."""
    said = os.environ.get(VARIABLE)
    shared = [beside.parent / "shared" / "data" for beside in (PROJECT, Path.cwd())]
    found = [folder, *([Path(said).expanduser()] if said else []), *(place for place in shared if place.is_dir())]
    return list(dict.fromkeys(found))


def _nearest(tried: list[Path]) -> str:
    folders = dict.fromkeys(candidate.parent for candidate in tried if candidate.parent.is_dir())
    names = [entry.name for folder in folders for entry in sorted(folder.iterdir())]
    near = difflib.get_close_matches(tried[0].name, names, n=1, cutoff=0.6)
    if near:
        return f" Did you mean '{near[0]}'?"
    return "" if folders else f" There is no folder '{tried[0].parent}'."
