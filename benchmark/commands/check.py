"""`radbench check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from benchmark.commands.arguments import ExperimentArgument
from benchmark.commands.prepared import check_tests_fit, echo_plan, echo_power
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.experiment import Experiment


def check(experiment: ExperimentArgument) -> None:
    """Look for mistakes in an experiment and its tables, without fitting anything."""
    from benchmark.experiment import read_experiment

    counts = [_check(one) for one in read_experiment(experiment).by_outcome().values()]
    errors, warnings = (sum(found) for found in zip(*counts, strict=True))
    typer.echo(f"{experiment}: {errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)


def _check(asked: Experiment) -> tuple[int, int]:
    """Tell what is found, and how many errors and warnings there are."""
    from benchmark.checks import check_cohort, finding_of
    from benchmark.conduct import prepare

    try:
        prepared = prepare(asked)
    except DataError as error:  # what keeps the tables from being read or put together has a code too
        if not hasattr(error, "code"):
            raise
        typer.echo(str(finding_of(error)))
        raise typer.Exit(1) from None
    check_tests_fit(prepared)
    folds = max([design.folds for design in asked.designs if design.kind == "kfold"], default=2)
    findings = check_cohort(prepared.cohort, folds=folds)
    for finding in findings:
        typer.echo(str(finding))
    echo_plan(prepared)
    echo_power(prepared)
    levels = [finding.level for finding in findings]
    return levels.count("error"), levels.count("warning")
