"""Fixtures for the tests that read what is not in the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with ``data`` (real cohorts) and ``oracles`` (reference numbers), beside the project."""
    data = os.environ.get("RADBENCH_DATA")
    folder = Path(data).resolve().parent if data else PROJECT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"no folder of real cohorts: {folder} (set RADBENCH_DATA to its data folder)")
    return folder
