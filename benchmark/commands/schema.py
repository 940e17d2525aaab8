"""`radbench schema`."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON schema of an experiment file, for editors."""
    import json

    from benchmark.schema import experiment_schema

    typer.echo(json.dumps(experiment_schema(), indent=2))
