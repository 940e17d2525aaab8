"""`radbench check`."""

from __future__ import annotations

import typer

from benchmark.commands.arguments import ExperimentArgument
from benchmark.commands.prepared import check_tests_fit, echo_plan, echo_power
from benchmark.errors import DataError


def check(experiment: ExperimentArgument) -> None:
    """Look for mistakes in an experiment and its tables, without fitting anything."""
    from benchmark.checks import check_cohort, finding_of
    from benchmark.conduct import prepare
    from benchmark.experiment import read_experiment

    try:
        prepared = prepare(read_experiment(experiment))
    except DataError as error:  # what keeps the tables from being read or put together has a code too
        if not hasattr(error, "code"):
            raise
        typer.echo(str(finding_of(error)))
        raise typer.Exit(1) from None
    check_tests_fit(prepared)
    folds = max([design.folds for design in prepared.experiment.designs if design.kind == "kfold"], default=2)
    findings = check_cohort(prepared.cohort, folds=folds)
    for finding in findings:
        typer.echo(str(finding))
    echo_plan(prepared)
    echo_power(prepared)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    typer.echo(f"{experiment}: {errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)
