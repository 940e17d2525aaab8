"""`radbench review`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.commands.arguments import OutputOption


def review(
    file: Annotated[Path, typer.Argument(help="The review's YAML file.", metavar="REVIEW")],
    output: OutputOption = None,
) -> None:
    """Compare published studies by the families of their features, with the pooling rule declared."""
    from threadpoolctl import threadpool_limits

    from benchmark.folder import write_json
    from benchmark.provenance import provenance
    from benchmark.reviews.report import write
    from benchmark.reviews.review import review as make

    with threadpool_limits(1):
        found = make(file)
    folder = output or Path("results") / "reviews" / found.name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(provenance(found.files, seed=found.told.seed), folder / "provenance.json")
    typer.echo(f"Report: {write(folder, found)}")
