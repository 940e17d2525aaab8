"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ExperimentArgument = Annotated[Path, typer.Argument(help="The experiment's YAML file.", metavar="EXPERIMENT")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Results folder. Default: results/NAME.", metavar="FOLDER")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Worker processes. Default: the machine's cores.")
]
