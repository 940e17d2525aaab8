"""Finished work on disk: one atomic file per piece of work, named by the hash of everything that it depends on.

A file is written under another name and then renamed, so a crash leaves either the whole file or none. A rerun asks for
the names it needs and does only what is missing; nothing is ever overwritten by something else.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.versions import versions

PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "xgboost", "xgboost-cpu", "lightgbm", "catboost", "optuna",
            "neuroCombat", "imbalanced-learn", "boruta")  # fmt: skip
"""Distributions whose version a fitted number depends on."""

SOURCES = ("classifiers", "cohort.py", "explain", "frame.py", "recipe.py", "reliability", "resamplers.py",
           "runner.py", "seeds.py", "steps", "tuning.py", "metrics/roc_auc.py")  # fmt: skip
"""Files of this package that a fitted number depends on."""


@dataclass(frozen=True)
class Record:
    """A finished piece of work: arrays by name, and facts that JSON can hold. ``failure`` is empty if it went well."""

    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""


class Store:
    """The folder of finished work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """The file of a key."""
        return self.folder / f"{key}.npz"

    def has(self, key: str) -> bool:
        """Whether this work is finished."""
        return self.path(key).exists()

    def write(self, key: str, record: Record, *, compress: bool = True) -> None:
        """Keep a record, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        facts = json.dumps({"facts": record.facts, "failure": record.failure}, sort_keys=True)
        save = np.savez_compressed if compress else np.savez
        draft = self.folder / f".{key}.{uuid.uuid4().hex}.tmp"
        try:
            with draft.open("wb") as file:
                arrays: dict[str, Any] = {**record.arrays, "_facts": np.frombuffer(facts.encode(), np.uint8)}
                save(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path(key))
        finally:
            draft.unlink(missing_ok=True)

    def read(self, key: str) -> Record | None:
        """The record of a key, or None. A file that cannot be read is removed, so that its work is done again."""
        try:
            with np.load(self.path(key), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files if name != "_facts"}
                told = json.loads(file["_facts"].tobytes().decode())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            self.forget(key)
            return None
        return Record(arrays, told["facts"], told["failure"])

    def forget(self, key: str) -> None:
        """Remove a record, so that its work is done again."""
        self.path(key).unlink(missing_ok=True)


def key_of(*parts: object) -> str:
    """The name of a piece of work: a hash of all that it depends on."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@cache
def numeric_versions() -> dict[str, str]:
    """Python and the packages that fitted numbers depend on."""
    return versions(PACKAGES)


@cache
def source_hash() -> str:
    """A hash of the code above the waist that makes numbers."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for name in SOURCES:
        path = package / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(package).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
