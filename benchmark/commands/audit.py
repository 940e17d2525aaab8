"""`radbench audit`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.commands.arguments import ExperimentArgument, OutputOption
from benchmark.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from benchmark.audit import Budget, Finding
    from benchmark.experiment import Experiment

COLOURS = {"LEAK": "red", "WARNING": "yellow", "OK": "green"}


def audit(
    experiment: ExperimentArgument,
    output: OutputOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Every fold, feature set and classifier, and not a sample of them.")
    ] = False,
    permutations: Annotated[
        int, typer.Option("--permutations", min=0, help="Draws of each control arm; 0 leaves them out.")
    ] = 3,
    trials: Annotated[int, typer.Option("--trials", min=1, help="Hyperparameters tried per model.")] = 2,
    within_centres: Annotated[
        bool, typer.Option("--within-centres", help="Permute the outcome within centres only.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes of the control arms.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Show that nothing leaks: refit, perturb and permute an experiment, and look through its cases and tables."""
    from benchmark.audit import Budget
    from benchmark.experiment import read_experiment
    from benchmark.folder import AUDIT, write_json

    asked = read_experiment(experiment)
    budget = Budget(
        folds=None if full else Budget.folds, recipes=full, permutations=permutations, trials=trials,
        within_centres=within_centres, workers=workers,
    )  # fmt: skip
    folder = output or Path("results") / asked.name
    start = time.perf_counter()
    findings = _findings(asked, budget, folder)
    told = _described(asked, budget, findings, time.perf_counter() - start)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(told, folder / AUDIT)
    if as_json:
        _echo_json(told)
    else:
        for finding in findings:
            _echo(finding)
        counts = [sum(one.verdict == verdict for one in findings) for verdict in ("LEAK", "WARNING", "NOTE")]
        told_counts = "leaks: {}, warnings: {}, notes: {}".format(*counts)
        typer.echo(f"{experiment}: {told_counts}, in {told['seconds']:.0f} s. See {folder / AUDIT}")
    if told["verdict"] == "red":
        raise typer.Exit(1)


def _findings(asked: Experiment, budget: Budget, folder: Path) -> list[Finding]:
    from benchmark.audit import Subject
    from benchmark.audit import audit as run_audit
    from benchmark.audit.people import refused
    from benchmark.conduct import prepare

    try:
        prepared = prepare(asked)
    except DataError as error:
        if hasattr(error, "code"):  # a table that cannot be read
            raise
        return [refused(str(error))]  # splits that would have a patient on both sides are never made
    typer.echo(f"Audit of {asked.name}: {len(prepared.splits)} splits, {prepared.n_models} models", err=True)
    return run_audit(Subject(prepared, aucs, budget, folder), lambda name: typer.echo(f"  {name}", err=True))


def aucs(predictions: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """The AUC of every model with its variance, as a run estimates them; of several classes the macro AUC, without."""
    import pandas as pd

    from benchmark.predictions import FAILURES
    from benchmark.statistics.discrimination import discriminate
    from benchmark.statistics.held_out import arrange

    parts = []
    for held in arrange(predictions, list(classes), pd.DataFrame(columns=FAILURES)):
        found = discriminate(held).by_measure["auc"]
        columns = {"model": held.labels, "estimate": found.estimate, "variance": found.variance}
        parts.append(pd.DataFrame({"design": held.design, "role": held.role, **columns}))
    return pd.concat(parts, ignore_index=True)


def _described(asked: Experiment, budget: Budget, findings: Sequence[Finding], seconds: float) -> dict[str, Any]:
    from dataclasses import asdict

    from benchmark.audit import CODES

    leaks = any(finding.verdict == "LEAK" for finding in findings)
    return {
        "experiment": asked.name,
        "verdict": "red" if leaks else "green",
        "seconds": seconds,
        "budget": asdict(budget),
        "findings": [{"title": CODES[finding.code], **asdict(finding)} for finding in findings],
    }


def _echo(finding: Finding) -> None:
    code, verdict, rest = str(finding)[:6], str(finding)[6:18], str(finding)[18:]
    typer.echo(code + typer.style(verdict, fg=COLOURS.get(finding.verdict), bold=finding.verdict == "LEAK") + rest)


def _echo_json(told: dict[str, Any]) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
