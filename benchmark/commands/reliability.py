"""`radbench reliability`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from benchmark.commands.arguments import ExperimentArgument, OutputOption
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.cohort import Cohort
    from benchmark.reliability import Readings


def reliability(
    experiment: ExperimentArgument,
    output: OutputOption = None,
    form: Annotated[
        Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"],
        typer.Option(help="Form of the ICC; the one-way forms take unequal numbers of readings."),
    ] = "ICC(2,1)",
) -> None:
    """How reliable the features are over repeated readings: ICC, CCC, cosine similarity, repeatability."""
    from benchmark import figures, tables
    from benchmark.folder import write_table
    from benchmark.page import write_figures, write_tables
    from benchmark.readers.cohort_file import read_cohort
    from benchmark.reliability import count_bands, survey
    from benchmark.tables.scopes import Scope

    name, cohort = read_cohort(experiment)
    readings = _readings(cohort)
    measured = survey(readings, form=form)
    counted = count_bands(readings, measured)
    counted.insert(1, "family", [cohort.block(str(block)).family for block in counted["block"]])
    folder = output or Path("results") / "reliability" / name
    folder.mkdir(parents=True, exist_ok=True)
    write_table(measured, folder / "features.csv")
    scope = Scope("", "", {"reliability": measured})
    run = {"reliability": counted.to_dict("records")}
    shown = [
        *write_tables(folder, {"reliability": tables.OF_EXPERIMENT["reliability"]}, scope, run),
        *write_figures(folder, figures.OF_READINGS, scope, run),
    ]
    for one in shown:
        if one.table is not None:
            typer.echo((folder / f"{one.stem}.md").read_text(encoding="utf-8"))
    typer.echo(f"Written: {folder}")


def _readings(cohort: Cohort) -> dict[str, Readings]:
    found = {name: block.readings for name, block in cohort.blocks.items() if block.readings is not None}
    if not found:
        raise DataError(f"no block of the cohort {cohort.name} has repeated readings: add readings to a block")
    return found
