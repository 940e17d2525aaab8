"""`radbench list`."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmark.errors import ConfigError, unknown


def list_entries(
    menu: Annotated[str | None, typer.Argument(help="steps, resamplers, classifiers, splits ...")] = None,
) -> None:
    """List what an experiment may name."""
    from benchmark.catalogue import MENUS, entries

    if menu is not None and menu not in MENUS:
        raise ConfigError(unknown("menu", menu, MENUS))
    for name in MENUS if menu is None else [menu]:
        typer.secho(name, bold=True)
        for entry, words in entries(name):
            typer.echo(f"  {entry:<26} {words}")
