"""A published pipeline on a simulated cohort of its study's shape: the tables, and the experiment beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmark.errors import ConfigError
from benchmark.published.catalogue import Pipeline
from benchmark.published.small import small as at_small_size
from benchmark.readers.simulated_study import simulate_study, write_tables
from benchmark.study import ShapeSection

EXPERIMENT = "experiment.yaml"


def write_simulated(pipeline: Pipeline, folder: Path, *, small: bool, seed: int) -> Path:
    """Write the tables and the experiment into ``folder``, and return the experiment's path."""
    data = at_small_size(pipeline.file.data) if small else dict(pipeline.file.data)
    size = " in small size" if small else ""
    data["cohort"] = {**data["cohort"], "name": f"simulated like {pipeline.study.code}{size}"}
    asked = pipeline.asked
    try:
        tables = simulate_study(
            asked.cohort,
            getattr(asked, "outcomes", {}),
            getattr(asked, "imported", {}),
            ShapeSection.model_validate(data["study"]["shape"]),
            seed=seed,
        )
    except ConfigError as error:
        raise pipeline.file.locate(error) from None
    write_tables(tables, folder)
    return write_experiment(data, folder / EXPERIMENT)


def write_experiment(data: Mapping[str, Any], path: Path) -> Path:
    """Write what an experiment says as YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
    return path
