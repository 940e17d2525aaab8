"""`radbench simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    folder: Annotated[Path, typer.Argument(help="Where the tables and the experiment go.", metavar="FOLDER")],
    like: Annotated[
        str | None, typer.Option(help="Of the shape of a published study, by its code or name.", metavar="STUDY")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="With --like: fewer cases, features and trials.")] = False,
    cases: Annotated[int, typer.Option(min=40, help="Cases.")] = 240,
    centres: Annotated[int, typer.Option(min=1, help="Centres, each with its own scanner.")] = 3,
    hrf: Annotated[int, typer.Option(min=4, help="Handcrafted features.")] = 120,
    drf: Annotated[int, typer.Option(min=4, help="Deep features.")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the cohort.")] = 1,
) -> None:
    """Make a multi-centre cohort of known truth (HRF, DRF, clinical, two readers) and an experiment on it, or one of
    the shape of a published study and its pipeline."""
    from benchmark.readers.simulated import simulate as make
    from benchmark.readers.simulated import write

    if like is None:
        path = write(make(n_cases=cases, n_centres=centres, n_hrf=hrf, n_drf=drf, seed=seed), folder)
    else:
        from benchmark.published.catalogue import pick, pipelines
        from benchmark.published.simulated import write_simulated

        path = write_simulated(pick(like, pipelines()), folder, small=small, seed=seed)
    typer.echo(f"Experiment: {path}")
