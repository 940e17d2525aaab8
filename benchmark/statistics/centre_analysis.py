"""The tables of a design whose held-out cases come from several centres; empty for all other designs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.estimates import CENTRES, TRANSFER, TRANSFER_NEEDED
from benchmark.predictions import CHOSEN_INSIDE
from benchmark.statistics.calibration_transfer import transfer
from benchmark.statistics.case_groups import by_group
from benchmark.statistics.centres import centre_of_cases, centre_rows
from benchmark.statistics.held_out import HeldOut, Recipe
from benchmark.statistics.settings import Settings


def centre_tables(
    run: Mapping[str, Any], held: HeldOut, settings: Settings, told: pd.Series | None = None
) -> dict[str, pd.DataFrame]:
    """The tables ``centres``, ``transfer`` and ``transfer_needed`` of one design and role; ``told``: the centre of each
    case, by its name, where a fold is not a centre. Recalibration is tried for two models: of the reference, and of the
    feature set that unites most blocks, each chosen inside if there is such an arm."""
    about = (run.get("designs") or {}).get(held.design) or {}
    centre = centre_of_cases(held, about, told)
    if centre is None:
        columns = {"centres": CENTRES, "transfer": TRANSFER, "transfer_needed": TRANSFER_NEEDED}
        return {name: pd.DataFrame(columns=known) for name, known in columns.items()}
    centres = by_group(held, centre)
    every, enough = transfer(centres, _taken(run, held.recipes, settings.reference), seed=settings.seed)
    place = {"design": held.design, "role": held.role}
    return {
        "centres": centre_rows(held, centres, settings),
        "transfer": every.assign(**place),
        "transfer_needed": enough.assign(**place),
    }


def _taken(run: Mapping[str, Any], recipes: tuple[Recipe, ...], reference: str | None) -> dict[int, Recipe]:
    """The models that are taken to another centre, by their place."""
    best: dict[str, int] = {}
    for place, recipe in enumerate(recipes):
        held = best.setdefault(recipe[0], place)
        if recipe[1:].count(CHOSEN_INSIDE) > recipes[held][1:].count(CHOSEN_INSIDE):
            best[recipe[0]] = place
    sets = run.get("feature_sets") or {}
    widest = max(best, key=lambda name: len((sets.get(name) or {}).get("blocks") or ()))
    wanted = [name for name in best if name in (widest, reference)]
    return {best[name]: recipes[best[name]] for name in wanted}
