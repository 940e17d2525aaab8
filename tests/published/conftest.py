"""Tables of one's own for a published pipeline: simulated in the shape of its study, under other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmark.published.catalogue import Pipeline, pick, pipelines
from benchmark.published.small import small
from benchmark.readers.simulated_study import simulate_study, write_tables
from benchmark.study import ShapeSection

OwnTables = Callable[..., Path]


@pytest.fixture(scope="session")
def known() -> list[Pipeline]:
    return pipelines()


@pytest.fixture
def own_tables(known: list[Pipeline], tmp_path: Path) -> OwnTables:
    """Write tables and ``my.yaml`` for a study, its cohort changed by ``cohort`` (None takes a key out), and with
    other sections beside it."""

    def written(study: str, cohort: Mapping[str, Any] = {}, **more: Any) -> Path:
        pipeline = pick(study, known)
        data = small(pipeline.file.data)
        asked = pipeline.asked
        shape = ShapeSection.model_validate(data["study"]["shape"])
        tables = simulate_study(asked.cohort, getattr(asked, "outcomes", {}), {}, shape, seed=7)
        write_tables({f"my_{name}": table for name, table in tables.items()}, tmp_path)
        said = {**_renamed(data["cohort"]), "name": "mine", **cohort}
        said = {key: value for key, value in said.items() if value is not None}
        path = tmp_path / "my.yaml"
        path.write_text(yaml.safe_dump({"cohort": said, **more}, sort_keys=False))
        return path

    return written


def _renamed(said: Any) -> Any:
    """The same with every table under the name that it was written by."""
    if isinstance(said, Mapping):
        return {key: _renamed(value) for key, value in said.items()}
    if isinstance(said, list):
        return [_renamed(value) for value in said]
    return f"my_{said}" if isinstance(said, str) and said.endswith(".csv") else said
