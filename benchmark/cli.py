"""The command line: every command by name. What a command does is in ``benchmark.commands``, one file each.

The commands are the only modules that know both halves; everything heavy is imported where it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from benchmark.commands.audit import audit
from benchmark.commands.check import check
from benchmark.commands.compare import compare
from benchmark.commands.harmonization import harmonization
from benchmark.commands.listing import list_entries
from benchmark.commands.published import published
from benchmark.commands.reliability import reliability
from benchmark.commands.report import report
from benchmark.commands.reproduce import reproduce
from benchmark.commands.review import review
from benchmark.commands.run import run
from benchmark.commands.schema import schema
from benchmark.commands.simulate import simulate
from benchmark.commands.stats import stats
from benchmark.errors import BenchmarkError

app = typer.Typer(
    name="radbench",
    help="Benchmark radiomics models: do handcrafted, deep or clinical features, or a fusion of them, predict the "
    "outcome best on your cohort, and is the difference real?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: dict[str, Callable[..., None]] = {
    "check": check,
    "audit": audit,
    "run": run,
    "report": report,
    "stats": stats,
    "compare": compare,
    "review": review,
    "reproduce": reproduce,
    "harmonization": harmonization,
    "reliability": reliability,
    "list": list_entries,
    "schema": schema,
    "simulate": simulate,
}

for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(published, name="published")


def main() -> None:
    """Run the command; a user's mistake is one line on standard error and exit code 2, never a traceback."""
    try:
        app()
    except BenchmarkError as error:
        typer.secho("radbench: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("radbench: interrupted", err=True)
        sys.exit(130)
